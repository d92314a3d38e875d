"""Alt-drag of a leaf's number: nothing is changed, but every node on the way says what it would hold then, and the
target how far it really goes beside what its gradient promised."""

from PySide6.QtCore import QPoint, Qt

from engine.show.names import Names
from engine.show.push import push_of
from engine.truth.along import Along, Knob, can_turn
from engine.values.steps import Stepping, pace_of
from engine.values.values import exact_text
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State
from gui.widgets.once_a_frame import OnceAFrame
from gui.widgets.sideways import SidewaysWay

HINT = "Only looked at: when you let go, nothing has changed."
NO_PUSH = "No target depends on this number: choose one to see what a push would do."


class Pushing(State):
    """Shift pushes finely, Ctrl coarsely; both together stand for Alt. It ends with the release and leaves nothing."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, desk: Desk, first: Hand, id: str, number: float) -> None:
        super().__init__(desk)
        now, knob = desk.bridge.real.now, Knob(id)
        self._way, self._first = SidewaysWay(self._on_desktop(first)), number
        self._hold = Stepping.of(number)
        self._names = Names(now.graph, now.trace)
        self._along = Along(now.graph, now.trace, [knob]) if can_turn(now.trace, knob) else None
        self._frames = OnceAFrame(desk, self._show)
        self._said = ""

    @property
    def sentence(self) -> str:
        """What is said beside the cursor."""
        return self._said

    def move(self, hand: Hand) -> State:
        pace = "plain" if hand.shift and hand.control else pace_of(hand.shift, hand.control)
        self._hold = self._hold.moved(self._way.to(self._on_desktop(hand)), pace)
        self._frames.soon()
        return self

    def _on_desktop(self, hand: Hand) -> QPoint:
        return self.desk.camera.view.viewport().mapToGlobal(hand.spot)

    def _show(self) -> bool:
        """Let everybody say what would be."""
        h, along = self._hold.value - self._first, self._along
        push = push_of(along, h, self._names) if along is not None and h else None
        self.desk.bridge.real.lens.show(self, push)
        self._said = NO_PUSH if along is None else f"h = {exact_text(round(h, 12))}"
        self.desk.tell(" · ".join((*push.verdict, HINT)) if push else self._said)
        return True

    def release(self, hand: Hand) -> None:
        self.cancel()

    def cancel(self) -> None:
        self._frames.stop()
        self.desk.bridge.real.lens.show(self, None)
