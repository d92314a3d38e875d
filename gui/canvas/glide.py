"""The way of nodes to the places that an edit has given them: a short glide, which any other act cuts short."""

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QVariantAnimation

from engine.graph.change import Change
from engine.show.now import Now
from gui.canvas.desk import Desk
from gui.canvas.model.stage import Shape
from gui.document import motion
from gui.widgets.guard import guarded_filter

GLIDE_MS = 220
MOST_NODES = 1000  # more take too long to be drawn again and again
_HANDS = (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.DragEnter, QEvent.Type.ShortcutOverride)


class Glide(QObject):
    """The graph has been changed already; only what is seen is still on its way, with all its numbers."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._left: Shape | None = None  # what was where before the last edit
        self.running = False
        self._motion = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=GLIDE_MS)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self._move)
        self._motion.finished.connect(self.end)
        desk.bridge.told.connect(self._on_told)
        view = desk.camera.view
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    def begin(self, change: Change) -> None:
        """Let the nodes go from where they were before a change to where they are; at once where motion is off."""
        self.end()
        moves = any(before.pos != after.pos for before, after in change.altered)
        seen = self._desk.camera.view.isVisible() and not motion.is_reduced()
        if seen and moves and self._left:
            self._desk.scene.drift_from(self._left)
            self.running = True
            self._motion.start()

    def end(self) -> None:
        """They are there."""
        if self.running:
            self.running = False
            self._motion.stop()
            self._desk.scene.settle()

    def _move(self, share: float) -> None:
        if self.running:
            self._desk.scene.drift(share)

    def _on_told(self, now: Now) -> None:
        """Nothing is shown of an edit yet: what it moves may be about to glide."""
        if now.change or now.loaded:
            self.end()
            moves = now.change is not None and now.change.only_places and len(now.graph.nodes) <= MOST_NODES
            self._left = self._desk.scene.stage.shape() if moves else None

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS:
            self.end()
        return False
