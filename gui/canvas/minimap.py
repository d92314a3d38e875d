"""The whole graph, small, in a corner, as long as not all of it is seen: a click or drag there moves the view.

It takes nothing from the canvas: what it does not use itself goes on to the canvas below it, and it stands where it
covers the fewest nodes, faint unless the mouse is on it.
"""

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QTransform
from PySide6.QtWidgets import QWidget

from engine.show.now import Now
from gui.canvas.desk import Desk
from gui.canvas.model.geometry import Array, inside
from gui.canvas.paint import style
from gui.canvas.paint.asides import rect_of
from gui.look.guard import guarded, guarded_filter
from gui.look.theme import theme

SIZE = QSize(160, 104)
LEAST = QSize(480, 330)  # of the canvas: in a lower one it would hide a third of what it is an overview of
PADDING = 10.0
AROUND = 40.0  # in the scene, round the graph
CORNER = 12
FAINT = 0.45  # how much of it is seen while the mouse is elsewhere
CORNERS = ((1, 1), (0, 1), (1, 0), (0, 0))  # the first is best
REST_MS = 250  # after so long without a move of the view it looks for the best corner


class Minimap(QWidget):
    """Its own widget, so that it costs the canvas nothing."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.camera.view.viewport())
        self._desk, self._camera = desk, desk.camera
        self._corner = (1, 1)  # of the canvas: 0 is left or top
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._step_aside)
        self._held = QPointF()  # from where the frame was taken hold of to its middle, in the scene
        self._nodes, self._picture = QPixmap(), QPixmap()  # of the nodes, and of all of it
        self._drawn: object = None  # how the one shows them
        self._places = np.empty((0, 4))  # and where
        self._shown: object = None  # what the other shows
        self.setFixedSize(SIZE)
        self.setAccessibleName("Overview of the graph")
        self.setToolTip("Overview: click or drag to go there")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._camera.view.installEventFilter(self)
        self._camera.looked.connect(self._on_looked)
        desk.bridge.told.connect(self._on_told)
        self._place()

    def _on_told(self, now: Now) -> None:
        """A changed graph is drawn again; numbers are not seen here."""
        if now.loaded or (now.change and not now.change.only_values):
            self._on_looked()

    def _on_looked(self) -> None:
        """Another part is seen, or of another graph."""
        self._place()
        if not self.isHidden():
            self.update()
            self._rest.start()

    def _place(self) -> None:
        """In its corner; not where all is seen, nor where it would cover most of what it is an overview of."""
        room = self._camera.view.viewport().size()
        roomy = room.width() >= LEAST.width() and room.height() >= LEAST.height()
        everything = self._around()
        self.setVisible(roomy and not everything.isNull() and not self._camera.visible_scene().contains(everything))
        self.move(self._spot(self._corner))  # scrolling takes it along

    def _around(self) -> QRectF:
        """The rectangle round all cards, regions and notes."""
        boxes, beside = self._desk.scene.stage.node_boxes, self._desk.scene.asides.extent()
        cards = rect_of((*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))) if len(boxes) else QRectF()
        return cards if beside is None else cards | rect_of(beside)

    def _spot(self, corner: tuple[int, int]) -> QPoint:
        """Where its top left is if it stands in a corner."""
        room = self._camera.view.viewport().size()
        far = QPoint(room.width() - self.width() - CORNER, room.height() - self.height() - CORNER)
        return QPoint(far.x() if corner[0] else CORNER, far.y() if corner[1] else CORNER)

    def _covered(self, corner: tuple[int, int]) -> int:
        """How many nodes it hides there."""
        view = self._camera.view
        return len(self._desk.scene.nodes_in(view.mapToScene(QRect(self._spot(corner), self.size())).boundingRect()))

    def _step_aside(self) -> None:
        """Go to a corner where less is hidden; not from under the mouse."""
        if self.isHidden() or self.underMouse():
            return
        best = min(CORNERS, key=self._covered)
        if self._covered(best) < self._covered(self._corner):
            self._corner = best
            self._place()

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
            self._rest.start()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        self._rest.start()

    def _from_scene(self) -> QTransform | None:
        """Where each place of the scene is here; None over an empty graph."""
        extent = self._desk.scene.extent()
        if extent is None:
            return None
        wide, high = self.width() - 2 * PADDING, self.height() - 2 * PADDING
        scale = min(wide / (extent.width() + 2 * AROUND), high / (extent.height() + 2 * AROUND))
        offset = QRectF(self.rect()).center() - extent.center() * scale
        return QTransform(scale, 0, 0, scale, offset.x(), offset.y())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setOpacity(1.0 if self.underMouse() else FAINT)
            painter.drawPixmap(0, 0, self.picture())

    def picture(self) -> QPixmap:
        """All of it as a picture, kept while the view rests: it is shown with every frame of a pass."""
        at, colors = self._from_scene(), theme()
        frame = self._frame(at)
        cards = self._cards(at) if at is not None else QPixmap()
        shown = (cards.cacheKey(), frame.getRect(), colors.panel, colors.line, colors.focus, self.devicePixelRatioF())
        if shown != self._shown:
            self._shown = shown
            self._picture = self._blank()
            with QPainter(self._picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(style.pen(colors.line, 1))
                painter.setBrush(style.brush(colors.panel))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
                painter.drawPixmap(0, 0, cards)
                if not frame.isEmpty():
                    painter.setPen(style.pen(colors.focus, 1.5))
                    painter.setBrush(style.brush(colors.focus, 0.08))
                    painter.drawRoundedRect(frame, 3, 3)
        return self._picture

    def _frame(self, at: QTransform | None) -> QRectF:
        """Round what is seen, here; empty where nothing of the graph is."""
        return at.mapRect(self._camera.visible_scene()) & QRectF(self.rect()).adjusted(3, 3, -3, -3) if at else QRectF()

    def _blank(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        return picture

    def _cards(self, at: QTransform) -> QPixmap:
        """A picture of all nodes, kept until one stands elsewhere: this is shown at every move of the view."""
        boxes, drawn = self._desk.scene.stage.node_boxes, (at, theme().edge, self.devicePixelRatioF())
        places = boxes * at.m11() + np.tile((at.dx(), at.dy()), 2)
        if drawn != self._drawn or places.shape != self._places.shape:
            self._nodes = self._blank()
            _paint_cards(self._nodes, places)
        elif len(moved := np.flatnonzero((places != self._places).any(axis=1))):
            self._move_cards(np.concatenate([self._places[moved], places[moved]]), places)
        self._drawn, self._places = drawn, places
        return self._nodes

    def _move_cards(self, dirty: Array, places: Array) -> None:
        """Draw anew what is in some boxes (n, 4): while one of many nodes is dragged that is little of the picture."""
        around = QRectF(QPointF(*dirty[:, :2].min(axis=0)), QPointF(*dirty[:, 2:].max(axis=0)))
        area = around.adjusted(-3, -3, 3, 3).toAlignedRect()
        near = places[inside(places, area.left() - 3, area.top() - 3, area.right() + 4, area.bottom() + 4)]
        self._nodes = self._nodes.copy()  # another picture: by its key is seen that it is to be shown
        _paint_cards(self._nodes, near, area)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the frame brings it there; one on it takes hold of it where it is."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        at = self._from_scene()
        seen = self._camera.visible_scene()
        place = at.inverted()[0].map(event.position()) if at else QPointF()
        self._held = seen.center() - place if at and seen.contains(place) else QPointF()
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(event.button() == Qt.MouseButton.LeftButton)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def _go(self, event: QMouseEvent) -> None:
        at = self._from_scene()
        if at is not None:
            place = at.inverted()[0].map(event.position()) + self._held
            self._camera.look_at(self._camera.zoom, place, animated=False)
        event.accept()


def _paint_cards(picture: QPixmap, places: Array, area: QRect | None = None) -> None:
    """Draw cards (n, 4) in an area, in place of what is there; None: on a picture of none."""
    with QPainter(picture) as painter:
        if area is not None:
            painter.setClipRect(area)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(area, Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.brush(theme().edge, 0.55))
        painter.drawRects(card_rects(places))


def card_rects(places: Array) -> list[QRectF]:
    """What stands for each card, none of it too small to be seen."""
    return [QRectF(x, y, max(r - x, 2.5), max(b - y, 2)) for x, y, r, b in places.tolist()]
