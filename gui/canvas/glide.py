"""The way of nodes to the places that an edit has given them: a short glide, which any other act cuts short."""

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QVariantAnimation

from engine.graph.change import Change
from engine.graph.records import Pos
from engine.show.now import Now
from gui.canvas.desk import Desk
from gui.document import settings

GLIDE_MS = 220
MOST_NODES = 1000  # more take too long to be drawn again and again
_HANDS = (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.DragEnter, QEvent.Type.ShortcutOverride)


class Glide(QObject):
    """The graph has been changed already; only what is seen is still on its way, with all its numbers."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._ways: dict[str, tuple[Pos, Pos]] = {}
        self._motion = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=GLIDE_MS)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self._move)
        self._motion.finished.connect(self.end)
        desk.bridge.told.connect(self._on_told)
        view = desk.camera.view
        view.installEventFilter(self)
        view.viewport().installEventFilter(self)

    @property
    def running(self) -> bool:
        return bool(self._ways)

    def begin(self, change: Change) -> None:
        """Let the nodes go from where they were before a change to where they are; at once where motion is off."""
        self.end()
        moved = {before.id: (before.pos, after.pos) for before, after in change.altered if before.pos != after.pos}
        seen = self._desk.camera.view.isVisible() and not settings.get("reduced_motion")
        if seen and moved and len(self._desk.graph.nodes) <= MOST_NODES:
            self._ways = moved
            self._motion.start()

    def end(self) -> None:
        """They are there."""
        if self._ways:
            self._ways = {}
            self._motion.stop()
            self._desk.scene.settle()

    def _move(self, share: float) -> None:
        if self._ways:
            self._desk.scene.drift(
                {
                    id: (x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)
                    for id, ((x0, y0), (x1, y1)) in self._ways.items()
                }
            )

    def _on_told(self, now: Now) -> None:
        if now.change or now.loaded:
            self.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS:
            self.end()
        return False
