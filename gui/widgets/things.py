"""What assistive technology is told of something that is painted: what it is called, holds, and lets one do."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleActionInterface

PRESS = QAccessibleActionInterface.pressAction()
FOCUS = QAccessibleActionInterface.setFocusAction()
MENU = QAccessibleActionInterface.showMenuAction()


@dataclass(frozen=True)
class Deed:
    """One thing that can be done; `name` is one of Qt's words where Qt has one, else our own."""

    name: str
    words: str
    do: Callable[[], object]
    key: str = ""


@dataclass(frozen=True)
class Amount:
    """A number; with `put` it may be set. An end that is None is not known."""

    number: float | None
    put: Callable[[float], object] | None = None
    low: float | None = None
    high: float | None = None
    step: float | None = None


class Thing:
    """One such thing; `key` tells it from the others of the same whole. All is asked for when it is wanted: it is true
    at that moment."""

    role = QAccessible.Role.ListItem
    key: Hashable = None

    @property
    def is_there(self) -> bool:
        return True

    def name(self) -> str:
        return ""

    def value(self) -> str:
        """What it holds, as it stands on screen."""
        return ""

    def description(self) -> str:
        return ""

    def box(self) -> QRect:
        """Where it is on the whole screen."""
        return QRect()

    def deeds(self) -> Sequence[Deed]:
        return ()

    def amount(self) -> Amount | None:
        return None

    def put_text(self, text: str) -> None:
        """Somebody sets what it holds, as text."""

    def mark(self, state: QAccessible.State) -> None:
        """Say of its state what is true of it."""

    # --- what it is made of

    def keys(self) -> Sequence[Hashable]:
        """Of its parts, in their order."""
        return ()

    def part(self, key: Hashable) -> "Thing":
        raise KeyError(key)

    def at(self, spot: QPoint) -> Hashable | None:
        """The key of the part at a spot of the screen."""
        return next((key for key in self.keys() if self.part(key).box().contains(spot)), None)

    def focused(self) -> Hashable | None:
        """The key of the part at which the keys are."""
        return None
