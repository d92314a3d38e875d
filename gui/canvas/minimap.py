"""The whole graph, small, in a corner: a click or drag there moves the view."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from engine.show.now import Now
from gui.canvas.desk import Desk
from gui.canvas.paint import style
from gui.look.theme import theme

SIZE = QSize(160, 104)
LEAST = QSize(400, 260)  # of the canvas
PADDING = 10.0
CORNER = 12


class Minimap(QWidget):
    """Its own widget, so that it costs the canvas nothing."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.camera.view)
        self._desk, self._camera = desk, desk.camera
        self.setFixedSize(SIZE)
        self.setAccessibleName("Overview of the graph")
        self.setToolTip("Overview: click or drag to go there")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._camera.view.installEventFilter(self)
        self._camera.looked.connect(self.update)
        desk.bridge.told.connect(self._on_told)
        self._place()

    def _on_told(self, now: Now) -> None:
        """A changed graph is drawn again."""
        if now.change:
            self._place()
            self.update()

    def _place(self) -> None:
        """In the corner; not over an empty graph, nor where it would cover most of what it is an overview of."""
        room = self._camera.view.size()
        roomy = room.width() >= LEAST.width() and room.height() >= LEAST.height()
        self.setVisible(roomy and bool(self._desk.graph.nodes))
        self.move(room.width() - self.width() - CORNER, room.height() - self.height() - CORNER)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def shown_scene(self) -> QRectF:
        """The part of the scene that it shows: all nodes, and what the view sees of them."""
        extent = self._desk.scene.extent()
        return QRectF() if extent is None else extent.adjusted(-40, -40, 40, 40)

    def _scale(self, shown: QRectF) -> float:
        wide, high = self.width() - 2 * PADDING, self.height() - 2 * PADDING
        return min(wide / max(shown.width(), 1), high / max(shown.height(), 1))

    def _offset(self, shown: QRectF, scale: float) -> QPointF:
        middle = QPointF(self.width() / 2, self.height() / 2)
        return middle - shown.center() * scale

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, shown = theme(), self.shown_scene()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(style.pen(colors.line, 1))
        painter.setBrush(style.brush(colors.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if not shown.isEmpty():
            self._paint_nodes(painter, shown)
        painter.end()

    def _paint_nodes(self, painter: QPainter, shown: QRectF) -> None:
        colors, scale = theme(), self._scale(shown)
        offset = self._offset(shown, scale)
        boxes = self._desk.scene.stage.node_boxes * scale + np.tile((offset.x(), offset.y()), 2)
        rects = [QRectF(x, y, max(r - x, 2.5), max(b - y, 2)) for x, y, r, b in boxes.tolist()]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.brush(colors.edge, 0.55))
        painter.drawRects(rects)
        window = self._camera.visible_scene()
        frame = QRectF(window.topLeft() * scale + offset, window.size() * scale)
        frame &= QRectF(self.rect()).adjusted(3, 3, -3, -3)
        if not frame.isEmpty():
            painter.setPen(style.pen(colors.focus, 1.5))
            painter.setBrush(style.brush(colors.focus, 0.08))
            painter.drawRoundedRect(frame, 3, 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _go(self, event: QMouseEvent) -> None:
        shown = self.shown_scene()
        if not shown.isEmpty():
            scale = self._scale(shown)
            place = (event.position() - self._offset(shown, scale)) / scale
            self._camera.look_at(self._camera.zoom, place, animated=False)
        event.accept()
