"""Where the canvas is looked at from: zoom, pan, fit, and the glide from one place to another."""

from collections.abc import Collection, Iterable
from math import log

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QPointF, QRectF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QNativeGestureEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QGraphicsView, QPinchGesture

from gui.canvas.scene import GraphScene
from gui.document import motion

LEAST_ZOOM, MOST_ZOOM, MOST_FIT = 0.05, 4.0, 1.5
LEAST_SHOWN = 0.35  # what is gone to can be read
ZOOM_STEP = 1.25
WHEEL_ZOOM = 1.0015  # a factor a unit of the wheel: a notch is 120 units
WHEEL_PAN = 0.5  # pixels a unit of the wheel
FIT_MARGIN, PLATE_MARGIN = 48, 8  # round all cards, and at least round what these become when they are seen from afar
GLIDE_MS = 220


class Camera(QObject):
    """Moves a view over the scene of a graph. Nobody else scrolls or scales it."""

    zoomed = Signal(float)
    looked = Signal()  # another part of the canvas is seen

    def __init__(self, view: QGraphicsView, scene: GraphScene) -> None:
        super().__init__(view)
        self.view, self._scene = view, scene
        self.most_fit = MOST_FIT
        self._shows_all = False
        self._glide = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=GLIDE_MS)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._glide_on)
        self._glide_ends = (1.0, QPointF(), 1.0, QPointF())

    # --- where we are

    @property
    def zoom(self) -> float:
        return self.view.transform().m11()

    def centre(self) -> QPointF:
        """The place of the scene in the middle of the view."""
        return self.view.mapToScene(self.view.viewport().rect().center())

    def visible_scene(self) -> QRectF:
        """The part of the scene that is seen."""
        return self.view.mapToScene(self.view.viewport().rect()).boundingRect()

    @property
    def gliding(self) -> bool:
        """Whether the view is on its way to another place."""
        return self._glide.state() == QVariantAnimation.State.Running

    def sees_any(self, ids: Iterable[str]) -> bool:
        return not self._scene.nodes_in(self.visible_scene()).isdisjoint(ids)

    @property
    def shows_all(self) -> bool:
        """Whether the whole graph was asked for, and nobody has looked elsewhere since."""
        return self._shows_all

    def _look_elsewhere(self) -> None:
        self._glide.stop()
        if self._shows_all:
            self._shows_all = False
            self._scene.show_whole()

    @property
    def sees_all(self) -> bool:
        """Whether the whole graph is seen, or is soon to be: it was asked for, or it happens to be."""
        extent = self._scene.extent()
        return self.shows_all or extent is None or self.visible_scene().contains(extent)

    # --- zooming and panning

    def zoom_at(self, factor: float, spot: QPoint) -> None:
        """Zoom by a factor; what is under `spot` (viewport) stays there."""
        self._look_elsewhere()
        fixed = self.view.mapToScene(spot)
        self._scale_to(self._within(self.zoom * factor))
        off = self.view.mapFromScene(fixed) - spot
        self._scroll(off.x(), off.y())

    def _within(self, zoom: float) -> float:
        """The nearest zoom that there is: far enough away to see the whole graph, however large it is."""
        if zoom < LEAST_ZOOM:
            extent = self._scene.extent()
            zoom = max(zoom, min(LEAST_ZOOM, self._whole_zoom(extent) if extent is not None else LEAST_ZOOM))
        return min(zoom, MOST_ZOOM)

    def _whole_zoom(self, rect: QRectF) -> float:
        """The zoom at which a rectangle of the scene is seen whole, with a margin."""
        wide, high = self._room()
        return min(wide / max(rect.width(), 1), high / max(rect.height(), 1))

    def _room(self) -> tuple[float, float]:
        """How wide and how high what is shown whole may be, in pixels of the view."""
        room = self.view.viewport().size()
        margin = min(FIT_MARGIN, 0.09 * min(room.width(), room.height()))  # in a small window the graph comes first
        return max(room.width() - 2 * margin, 50), max(room.height() - 2 * margin, 50)

    def aspect(self) -> float:
        """How many times as wide as it is high the room is in which a graph is shown whole."""
        wide, high = self._room()
        return wide / high

    def zoom_in(self) -> None:
        self.zoom_at(ZOOM_STEP, self.view.viewport().rect().center())

    def zoom_out(self) -> None:
        self.zoom_at(1 / ZOOM_STEP, self.view.viewport().rect().center())

    def zoom_to_100(self) -> None:
        """Show everything at its real size, the middle staying where it is."""
        self.look_at(1.0, self.centre())

    def pan(self, dx: float, dy: float) -> None:
        """Move what is seen by pixels: positive goes right and down."""
        self._look_elsewhere()
        self._scroll(-round(dx), -round(dy))

    def _scale_to(self, zoom: float) -> None:
        before = self.zoom
        self.view.setTransform(QTransform.fromScale(zoom, zoom))
        if self.zoom != before:
            self.looked.emit()
            self.zoomed.emit(self.zoom)

    def _scroll(self, dx: int, dy: int) -> None:
        across, down = self.view.horizontalScrollBar(), self.view.verticalScrollBar()
        across.setValue(across.value() + dx)
        down.setValue(down.value() + dy)

    # --- going to a place

    def look_at(self, zoom: float, centre: QPointF, animated: bool = True) -> None:
        """Go to a place: gently, unless motion is off."""
        self._look_elsewhere()
        self._go(zoom, centre, animated)

    def _go(self, zoom: float, centre: QPointF, animated: bool) -> None:
        self._glide.stop()
        zoom = self._within(zoom)
        if abs(zoom - self.zoom) < 1e-6 and (centre - self.centre()).manhattanLength() * zoom < 3:
            return  # there already
        if not animated or not self.view.isVisible() or motion.is_reduced():
            self._jump(zoom, centre)
            return
        self._glide_ends = (self.zoom, self.centre(), zoom, centre)
        self._glide.start()

    def _jump(self, zoom: float, centre: QPointF) -> None:
        self._scale_to(zoom)
        self.view.centerOn(centre)

    def _glide_on(self, t: float) -> None:
        zoom, centre, goal, end = self._glide_ends
        share = t if abs(goal - zoom) < 1e-9 else log(1 + t * (goal / zoom - 1)) / log(goal / zoom)
        self._jump(zoom * (goal / zoom) ** share, centre + (end - centre) * t)

    def rest(self) -> None:
        """Stay here: what the view was on its way to is not what is wanted any more."""
        self._glide.stop()

    def fit(self, rect: QRectF, animated: bool = True) -> None:
        """Show a rectangle of the scene whole, with a margin, never larger than `most_fit`."""
        self.look_at(min(self._whole_zoom(rect), self.most_fit), rect.center(), animated)

    def fit_all(self, animated: bool = True) -> None:
        """Show the whole graph."""
        with self._scene.arrived():
            extent = self._scene.extent()
            zoom = min(self._whole_zoom(extent), self.most_fit) if extent is not None else 1.0
            drawn = self._scene.extent_at(zoom)
        if drawn is None:
            self.look_at(1.0, QPointF(), animated)
            return
        window = self.view.viewport().size()
        wide, high = (max(side - 2 * PLATE_MARGIN, 50) for side in window.toTuple())
        zoom = min(zoom, wide / drawn.width(), high / drawn.height())
        self._shows_all = True
        seen = QRectF(QPointF(), window.toSizeF() / zoom)
        seen.moveCenter(drawn.center())
        self._scene.show_whole(zoom, seen)
        self._go(zoom, drawn.center(), animated)

    def keep_all_shown(self) -> None:
        """The view has another size: what was shown whole is shown whole again."""
        if self.shows_all:
            self.fit_all(animated=False)

    def center_on_nodes(self, ids: Collection[str]) -> None:
        """Bring nodes into the middle, zooming out only if they would not fit."""
        rect = self._room_of(ids)
        if not rect.isEmpty():
            self.center_on(rect)

    def center_on(self, rect: QRectF) -> None:
        """Bring a rectangle of the scene into the middle, zooming out only if it would not fit."""
        seen = self.visible_scene()
        if rect.width() > seen.width() * 0.9 or rect.height() > seen.height() * 0.9:
            self.fit(rect)
        else:
            self.look_at(max(self.zoom, LEAST_SHOWN), rect.center())

    def show_nodes(self, ids: Collection[str]) -> None:
        """Go to nodes unless they are seen whole."""
        if not self.visible_scene().contains(self._whole_of(ids)):
            self.center_on_nodes(ids)

    def go_on_to(self, ids: Collection[str], saw_all: bool) -> None:
        """Go to nodes that are new unless they are seen whole: all is seen again if it was."""
        if self.shows_all or (saw_all and not self.sees_all):
            self.fit_all()
        else:
            self.show_nodes(ids)

    def _room_of(self, ids: Collection[str]) -> QRectF:
        with self._scene.arrived():
            return self._scene.room_of(ids)

    def _whole_of(self, ids: Collection[str]) -> QRectF:
        with self._scene.arrived():
            return self._scene.whole_of(ids)

    def make_room(self, ids: Collection[str]) -> None:
        """Show whole what is new: all again if all was seen, else gently and no farther than need be."""
        rect = self._whole_of(ids)
        if rect.isEmpty() or self.visible_scene().contains(rect):
            return
        seen = self.visible_scene()
        if self.shows_all:
            self.fit_all()
        elif rect.width() > seen.width() or rect.height() > seen.height():
            self.fit(rect)
        else:
            self._shift_to(rect, animated=True)

    def bring_in(self, id: str) -> None:
        """Show a node in which something is to be typed: at once, no farther than need be, at the zoom of now."""
        self.bring_in_rect(self._whole_of([id]))

    def bring_in_rect(self, rect: QRectF) -> None:
        """The same for a rectangle of the scene."""
        if not self.visible_scene().contains(rect):
            self._shift_to(rect, animated=False)

    def _shift_to(self, rect: QRectF, animated: bool) -> None:
        seen = self.visible_scene()
        dx = _way_in(rect.left(), rect.right(), seen.left(), seen.right())
        dy = _way_in(rect.top(), rect.bottom(), seen.top(), seen.bottom())
        self.look_at(self.zoom, seen.center() + QPointF(dx, dy), animated)

    # --- wheel and fingers

    def turn(self, event: QWheelEvent) -> None:
        """The wheel, or two fingers: with Ctrl zoom, else pan."""
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

    def pinch(self, event: QEvent) -> bool:
        """Zoom where the fingers are. Gives whether the event was a pinch."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_at(1 + event.value(), event.position().toPoint())
            return True
        pinch = event.gesture(Qt.GestureType.PinchGesture) if isinstance(event, QGestureEvent) else None
        if not isinstance(pinch, QPinchGesture):
            return False
        self.zoom_at(pinch.scaleFactor(), self.view.viewport().mapFromGlobal(pinch.centerPoint().toPoint()))
        return True


def _way_in(start: float, end: float, first: float, last: float) -> float:
    """How far a view from `first` to `last` moves to show what lies from `start` to `end`; of too much, its middle."""
    if end - start > last - first:
        return (start + end - first - last) / 2
    return min(start - first, 0.0) or max(end - last, 0.0)
