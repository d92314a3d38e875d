"""The whole graph, small, in a corner: a click or drag there moves the view."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap, QTransform
from PySide6.QtWidgets import QWidget

from engine.show.now import Now
from gui.canvas.desk import Desk
from gui.canvas.paint import style
from gui.look.theme import theme

SIZE = QSize(160, 104)
LEAST = QSize(400, 260)  # of the canvas
PADDING = 10.0
AROUND = 40.0  # in the scene, round the graph
CORNER = 12


class Minimap(QWidget):
    """Its own widget, so that it costs the canvas nothing."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.camera.view)
        self._desk, self._camera = desk, desk.camera
        self._picture = QPixmap()  # of the nodes
        self._drawn: object = None  # what it shows
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

    def _from_scene(self) -> QTransform | None:
        """Where each place of the scene is here; None over an empty graph."""
        extent = self._desk.scene.extent()
        if extent is None:
            return None
        wide, high = self.width() - 2 * PADDING, self.height() - 2 * PADDING
        scale = min(wide / (extent.width() + 2 * AROUND), high / (extent.height() + 2 * AROUND))
        offset = QRectF(self.rect()).center() - extent.center() * scale
        return QTransform(scale, 0, 0, scale, offset.x(), offset.y())

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter, from_scene = theme(), QPainter(self), self._from_scene()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(style.pen(colors.line, 1))
        painter.setBrush(style.brush(colors.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if from_scene is not None:
            self._paint_nodes(painter, from_scene)
        painter.end()

    def _paint_nodes(self, painter: QPainter, at: QTransform) -> None:
        colors = theme()
        painter.drawPixmap(0, 0, self._cards(at))
        frame = at.mapRect(self._camera.visible_scene()) & QRectF(self.rect()).adjusted(3, 3, -3, -3)
        if not frame.isEmpty():
            painter.setPen(style.pen(colors.focus, 1.5))
            painter.setBrush(style.brush(colors.focus, 0.08))
            painter.drawRoundedRect(frame, 3, 3)

    def _cards(self, at: QTransform) -> QPixmap:
        """A picture of all nodes, kept until one stands elsewhere: this is shown at every move of the view."""
        boxes, ratio = self._desk.scene.stage.node_boxes, self.devicePixelRatioF()
        drawn = (boxes.tobytes(), at, theme().edge, ratio)
        if drawn != self._drawn:
            self._drawn = drawn
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            places = boxes * at.m11() + np.tile((at.dx(), at.dy()), 2)
            with QPainter(self._picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(style.brush(theme().edge, 0.55))
                painter.drawRects([QRectF(x, y, max(r - x, 2.5), max(b - y, 2)) for x, y, r, b in places.tolist()])
        return self._picture

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _go(self, event: QMouseEvent) -> None:
        from_scene = self._from_scene()
        if from_scene is not None:
            place = from_scene.inverted()[0].map(event.position())
            self._camera.look_at(self._camera.zoom, place, animated=False)
        event.accept()
