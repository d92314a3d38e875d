"""Looking around: zoom at the cursor, pan, fit, and the grid of dots. Knows nothing of graphs."""

from __future__ import annotations

from math import log

from PySide6.QtCore import QEasingCurve, QEvent, QPoint, QPointF, QRect, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QNativeGestureEvent, QPainter, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QFrame, QGestureEvent, QGraphicsScene, QGraphicsView, QPinchGesture, QWidget

from gui.canvas.paint import style
from gui.document import settings
from gui.look.theme import theme

LEAST_ZOOM, MOST_ZOOM, MOST_FIT = 0.05, 4.0, 1.5
ZOOM_STEP = 1.25
WHEEL_ZOOM = 1.0015  # a factor a unit of the wheel: a notch is 120 units
WHEEL_PAN = 0.5  # pixels a unit of the wheel
DOT_SPACING = 24.0
FIT_MARGIN = 48
GLIDE_MS = 220


class Navigation(QGraphicsView):
    """A view that scrolls without scroll bars over a canvas without end."""

    def __init__(self, scene: QGraphicsScene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.shows_all = False  # the whole graph was asked for, and nobody has looked elsewhere since
        self._grid: tuple[tuple[float, int, int], QPolygonF] | None = None
        self._glide = QVariantAnimation(self)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.setDuration(GLIDE_MS)
        self._glide.valueChanged.connect(self._glide_on)
        self._glide_ends = (1.0, QPointF(), 1.0, QPointF())

    # --- where we are

    @property
    def zoom(self) -> float:
        return self.transform().m11()

    def centre(self) -> QPointF:
        """The place of the scene in the middle of the view."""
        return self.mapToScene(self.viewport().rect().center())

    def visible_scene(self) -> QRectF:
        """The part of the scene that is seen."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    @property
    def gliding(self) -> bool:
        """Whether the view is on its way to another place."""
        return self._glide.state() == QVariantAnimation.State.Running

    # --- going elsewhere

    def zoom_at(self, factor: float, spot: QPoint) -> None:
        """Zoom by a factor; what is under `spot` (viewport) stays there."""
        self.shows_all = False
        self._glide.stop()
        self._set_zoom(self.zoom * factor, spot)

    def _set_zoom(self, zoom: float, spot: QPoint) -> None:
        zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        fixed = self.mapToScene(spot)
        self.setTransform(self.transform().fromScale(zoom, zoom))
        off = self.mapFromScene(fixed) - spot
        self._scroll(off.x(), off.y())

    def zoom_in(self) -> None:
        self.zoom_at(ZOOM_STEP, self.viewport().rect().center())

    def zoom_out(self) -> None:
        self.zoom_at(1 / ZOOM_STEP, self.viewport().rect().center())

    def zoom_to_100(self) -> None:
        """Show everything at its real size, the middle staying where it is."""
        self.look_at(1.0, self.centre())

    def pan(self, dx: float, dy: float) -> None:
        """Move what is seen by pixels: positive goes right and down."""
        self.shows_all = False
        self._glide.stop()
        self._scroll(-round(dx), -round(dy))

    def _scroll(self, dx: int, dy: int) -> None:
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + dx)
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() + dy)

    def fit(self, rect: QRectF, animated: bool = True) -> None:
        """Show a rectangle of the scene whole, with a margin, never larger than 150 %."""
        room = self.viewport().size()
        margin = min(FIT_MARGIN, 0.09 * min(room.width(), room.height()))  # in a small window the graph comes first
        wide = max(room.width() - 2 * margin, 50) / max(rect.width(), 1)
        high = max(room.height() - 2 * margin, 50) / max(rect.height(), 1)
        self.look_at(min(wide, high, MOST_FIT), rect.center(), animated)

    def look_at(self, zoom: float, centre: QPointF, animated: bool = True) -> None:
        """Go to a place: gently, unless motion is off."""
        self.shows_all = False
        self._glide.stop()
        zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        if abs(zoom - self.zoom) < 1e-6 and (centre - self.centre()).manhattanLength() * zoom < 3:
            return  # there already
        if not animated or not self.isVisible() or settings.get("reduced_motion"):
            self._jump(zoom, centre)
            return
        self._glide_ends = (self.zoom, self.centre(), zoom, centre)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.start()

    def _jump(self, zoom: float, centre: QPointF) -> None:
        self.setTransform(self.transform().fromScale(zoom, zoom))
        self.centerOn(centre)

    def _glide_on(self, t: float) -> None:
        zoom, centre, goal, end = self._glide_ends
        share = t if abs(goal - zoom) < 1e-9 else log(1 + t * (goal / zoom - 1)) / log(goal / zoom)
        between = zoom * (goal / zoom) ** share
        self._jump(between, centre + (end - centre) * t)

    # --- wheel and fingers

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, units = event.pixelDelta(), event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = units.y() or units.x() or pixels.y()
            self.zoom_at(WHEEL_ZOOM**turned, event.position().toPoint())
        else:
            dx, dy = (pixels.x(), pixels.y()) if not pixels.isNull() else (units.x() * WHEEL_PAN, units.y() * WHEEL_PAN)
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not dx:
                dx, dy = dy, 0
            self.pan(dx, dy)
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_at(1 + event.value(), event.position().toPoint())
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                self.zoom_at(pinch.scaleFactor(), self.viewport().mapFromGlobal(pinch.centerPoint().toPoint()))
                return True
        return super().viewportEvent(event)

    # --- the grid

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """A sheet with dots, all in one call; from far away every second, fourth … dot."""
        colors, zoom = theme(), self.zoom
        painter.fillRect(rect, style.color(colors.canvas))
        spacing = DOT_SPACING
        while spacing * zoom < 14:
            spacing *= 2
        rect = QRectF(rect)
        left, top = rect.left() // spacing * spacing, rect.top() // spacing * spacing
        columns, rows = int(rect.width() / spacing) + 2, int(rect.height() / spacing) + 2
        painter.setPen(style.dot_pen(colors.dot, 2 / zoom))
        painter.translate(left, top)
        painter.drawPoints(self._dots(spacing, columns, rows))
        painter.translate(-left, -top)

    def _dots(self, spacing: float, columns: int, rows: int) -> QPolygonF:
        """A block of dots, kept as long as the view is as large and as near."""
        if self._grid is None or not self._covers(spacing, columns, rows):
            across = [i * spacing for i in range(columns)]
            block = QPolygonF([QPointF(x, j * spacing) for j in range(rows) for x in across])
            self._grid = ((spacing, columns, rows), block)
        return self._grid[1]

    def _covers(self, spacing: float, columns: int, rows: int) -> bool:
        assert self._grid is not None
        return self._grid[0] == (spacing, columns, rows)
