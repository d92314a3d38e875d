"""How large text is beside the canvas: a share of its usual size, from which all heights that hold text follow.

The canvas is not enlarged with it: there one zooms. What lies over it on screen is.
"""

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

SIZES = (80, 90, 100, 115, 130, 150, 175, 200)  # percent
USUAL = 100


class TextSize(QObject):
    """Which size is in force. `changed` is emitted after a switch: who has laid out text does it again."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.percent = USUAL

    def choose(self, percent: float) -> None:
        """The nearest size that there is."""
        nearest = min(SIZES, key=lambda size: abs(size - percent))
        if nearest != self.percent:
            self.percent = nearest
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
