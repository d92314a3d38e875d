"""How large text is beside the canvas: a share of its usual size, from which all heights that hold text follow.

The canvas is not enlarged with it: there one zooms. What lies over it on screen is. While something is presented, it is
a share of the window's height, for those who sit in the last row.
"""

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from gui.look.theme import BODY

SIZES = (80, 90, 100, 115, 130, 150, 175, 200)  # percent
USUAL = 100
STAGE_TYPE = 0.0316  # of the height of what is presented: usual text there, so that the last row can read it
MOST_ON_STAGE = 115  # percent, by which that grows with what was chosen: of more, nothing would fit


class TextSize(QObject):
    """Which size is in force. `changed` is emitted after a switch: who has laid out text does it again."""

    grown = Signal()  # letters have their new size first
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chosen = USUAL  # by who reads
        self._stage = 0.0  # percent; 0: nothing is presented
        self.percent = USUAL

    def choose(self, percent: float) -> None:
        """The nearest size that there is."""
        self.chosen = min(SIZES, key=lambda size: abs(size - percent))
        self._put_in_force()

    def present(self, high: int) -> None:
        """Something is presented in so many pixels of height; 0: no longer."""
        self._stage = STAGE_TYPE * high / BODY * USUAL
        self._put_in_force()

    def _put_in_force(self) -> None:
        wanted = max(self.chosen, round(self._stage * min(self.chosen, MOST_ON_STAGE) / USUAL))
        if wanted != self.percent:
            self.percent = wanted
            self.grown.emit()
            self.changed.emit()


text_size = TextSize()


def scaled(pixels: float) -> int:
    """A length that holds text, or the size of a type, as large as text is now."""
    return round(pixels * text_size.percent / USUAL)


def keep_scaled(widget: QWidget, lay_out: Callable[[], object]) -> None:
    """Lay out a widget now, and again whenever text gets another size, as long as it is there."""

    def again() -> None:
        if isValid(widget):
            lay_out()

    def leave() -> None:
        if isValid(text_size):
            with suppress(RuntimeError):
                text_size.changed.disconnect(again)

    lay_out()
    text_size.changed.connect(again)
    widget.destroyed.connect(leave)
