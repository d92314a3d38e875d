"""The way of nodes to the places that an edit has given them: a short glide, which any other act cuts short.

Where groups are folded or opened, what was in a card comes out of it, and a card out of the middle of what it holds.
"""

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QVariantAnimation

from engine.graph.change import Change
from engine.show.now import Now
from gui.canvas.desk import Desk
from gui.canvas.model.gathered import Gathered
from gui.canvas.model.stage import Shape
from gui.document import motion
from gui.look.guard import guarded_filter

GLIDE_MS, FOLD_MS = 220, 180
MOST_NODES = 1000  # more take too long to be drawn again and again
_HANDS = (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.DragEnter, QEvent.Type.ShortcutOverride)


class Glide(QObject):
    """The graph has been changed already; only what is seen is still on its way, with all its numbers."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._left: Shape | None = None  # what was where before the last edit
        self._folding: Gathered | None = None  # what stood where before groups were folded or opened
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
        if moves and self._left and self._is_wanted:
            self._go(self._left, GLIDE_MS)

    @property
    def _is_wanted(self) -> bool:
        return self._desk.camera.view.isVisible() and not motion.is_reduced()

    def _go(self, shape: Shape, milliseconds: int) -> None:
        self._desk.scene.drift_from(shape)
        self.running = True
        self._motion.setDuration(milliseconds)
        self._motion.start()

    def follow_folding(self, now: Now) -> None:
        """Groups may have been folded or opened, undone and redone too: all is shown where it is by now."""
        before, self._folding = self._folding, None
        stage = self._desk.scene.stage
        if before is None or len(stage.ids) > MOST_NODES or not self._is_wanted:
            return
        if not before.boxes.keys() ^ stage.ids:
            return
        self._go(before.shape_of(stage, self._desk.scene.shown), FOLD_MS)

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
            stage = self._desk.scene.stage
            self._left = stage.shape() if moves else None
            folds = now.change is not None and "groups" in now.change.facts and len(stage.ids) <= MOST_NODES
            self._folding = Gathered(stage, self._desk.scene.shown) if folds else None

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS:
            self.end()
        return False
