"""Keys and the wheel as steps of a number: ↑ and ↓, notches of the wheel, Shift for fine and Ctrl for coarse."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent

from engine.values.steps import Pace, pace_of

NOTCH = 120  # Qt's units
_WAYS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_OTHERS = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def held_pace(held: Qt.KeyboardModifier) -> Pace:
    """How fast a number moves with these keys held."""
    keys = Qt.KeyboardModifier
    return pace_of(bool(held & keys.ShiftModifier), bool(held & keys.ControlModifier))


def key_way(event: QKeyEvent) -> int:
    """1 for ↑, −1 for ↓, 0 for any other key."""
    return 0 if event.modifiers() & _OTHERS else _WAYS.get(Qt.Key(event.key()), 0)


class Notches:
    """Whole notches of a wheel; what a touchpad gives less of is kept until there is one."""

    def __init__(self) -> None:
        self._rest = 0

    def take(self, event: QWheelEvent) -> int:
        """How many notches have been turned, up being more. With Alt, Qt turns them sideways."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned * self._rest < 0:
            self._rest = 0
        notches, self._rest = divmod(abs(self._rest + turned), NOTCH)
        sign = 1 if turned > 0 else -1
        self._rest *= sign
        return notches * sign
