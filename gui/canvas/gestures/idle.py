"""At rest: the mouse lights up what it passes over, and a press begins something."""

from dataclasses import dataclass

from PySide6.QtCore import Qt

from gui.canvas.desk import Desk
from gui.canvas.gestures.asides import SIZES
from gui.canvas.gestures.panning import Panning
from gui.canvas.gestures.pointing import Pointing
from gui.canvas.gestures.scrubbing import can_scrub
from gui.canvas.gestures.sliding import Sliding
from gui.canvas.gestures.state import Hand, State
from gui.canvas.paint.node import Marks

_CURSORS = {
    "value": Qt.CursorShape.IBeamCursor,
    "slider": Qt.CursorShape.SizeHorCursor,
    "input": Qt.CursorShape.CrossCursor,
    "output": Qt.CursorShape.CrossCursor,
    "edge": Qt.CursorShape.PointingHandCursor,
    "fold": Qt.CursorShape.PointingHandCursor,
    "title": Qt.CursorShape.OpenHandCursor,
    "rim": Qt.CursorShape.SizeAllCursor,
}


@dataclass
class SpaceKey:
    """Space alone plays; held while dragging it pans. So it is known only at the release which one was meant.

    X repeats a key that is held by letting it go and pressing it in the same moment, which Qt does not always see.
    """

    down: bool = False
    used: bool = False
    let_go: int = 0  # when, in Qt's milliseconds; 0: unknown

    def press(self, moment: int) -> None:
        repeated = moment != 0 and moment == self.let_go
        self.down, self.used = True, repeated

    def take(self) -> bool:
        """A drag begins: gives whether Space is held, which is then used up."""
        self.used = self.used or self.down
        return self.down

    def release(self, moment: int) -> bool:
        """Gives whether it was pressed alone."""
        alone = self.down and not self.used
        self.forget()
        self.let_go = moment
        return alone

    def forget(self) -> None:
        self.down = self.used = False


class Idle(State):
    """Nothing has begun."""

    busy = False

    def __init__(self, desk: Desk, space: SpaceKey) -> None:
        super().__init__(desk)
        self._space = space

    def press(self, hand: Hand, button: Qt.MouseButton) -> State:
        left = button == Qt.MouseButton.LeftButton
        if button == Qt.MouseButton.MiddleButton or (left and self._space.take()):
            return Panning(self.desk, hand)
        if not left:
            return self
        hit = self.desk.hit(hand.at)
        return Sliding(self.desk, hand, hit.id) if hit.kind == "slider" else Pointing(self.desk, hand, hit)

    def move(self, hand: Hand) -> State:
        self.desk.hover = self.desk.hit(hand.at)
        return self

    def marks(self) -> dict[str, Marks]:
        id = self.desk.hover.id
        return {id: Marks(selected=id in self.desk.selection.nodes, hovered=True)} if id else {}

    @property
    def cursor(self) -> Qt.CursorShape:
        if self._space.down:
            return Qt.CursorShape.OpenHandCursor
        hover = self.desk.hover
        if hover.kind == "value" and can_scrub(self.desk.graph.nodes[hover.id]):
            return Qt.CursorShape.SizeHorCursor
        if hover.kind == "size":
            return SIZES[hover.sides]
        return _CURSORS.get(hover.kind, Qt.CursorShape.ArrowCursor)
