"""The same push by keys: the arrow keys narrow it, turn it round and choose another element; nothing is changed."""

from collections.abc import Sequence
from math import floor, log10

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from engine.show.names import Names
from engine.show.push import push_of
from engine.truth.along import Along, Knob
from engine.values.values import number_text
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import State

Key = Qt.Key
FEWEST, MOST = 2.0**-20, 2.0**20  # of the first h
HOW = "← halves h, → doubles it, − turns it round"
ELEMENT, END = ", ↑ and ↓ take another element", ". Esc ends it; nothing has changed."
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Nudging(State):
    """Of an array one element is pushed: at first that with the largest gradient."""

    by_keys = True

    def __init__(self, desk: Desk, knobs: Sequence[Knob], at: int) -> None:
        super().__init__(desk)
        self._knobs, self._at, self._share = knobs, at, 1.0
        self._way = 1.0
        self._take(at)

    def _take(self, at: int) -> None:
        now = self.desk.bridge.real.now
        self._at, self._along = at, Along(now.graph, now.trace, [self._knobs[at]])
        self._first = first_step(self._along.at[0])

    def show(self) -> None:
        """Let everybody say what would be."""
        now, h = self.desk.bridge.real.now, self._way * self._share * self._first
        push = push_of(self._along, h, Names(now.graph, now.trace))
        self.desk.bridge.real.lens.show(self, push)
        self.desk.tell(f"h = {number_text(h, 6)}: {HOW}{ELEMENT if len(self._knobs) > 1 else ''}{END}")

    def keeps(self, event: QKeyEvent) -> bool:
        wanted = (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Minus)
        return not event.modifiers() & _COMMANDS and Key(event.key()) in wanted

    def key(self, event: QKeyEvent) -> bool:
        if not self.keeps(event):
            return False
        key = Key(event.key())
        if key in (Key.Key_Left, Key.Key_Right):
            self._share = min(max(self._share * (0.5 if key == Key.Key_Left else 2.0), FEWEST), MOST)
        elif key == Key.Key_Minus:
            self._way = -self._way
        else:
            self._take((self._at + (-1 if key == Key.Key_Up else 1)) % len(self._knobs))
        self.show()
        return True

    def cancel(self) -> None:
        self.desk.bridge.real.lens.show(self, None)


def first_step(number: float) -> float:
    """A push that can be seen, as one would choose it: 0.1 of what is about 1."""
    size = 10.0 ** floor(log10(abs(number))) if number else 1.0
    return float(f"{max(size, 1.0) / 10 if abs(number) >= 0.1 or not number else size:g}")
