"""An action as a list shows it, and how well it fits what was typed."""

from dataclasses import dataclass

from PySide6.QtGui import QAction, QIcon

from engine.ops.matching import LOOSE, OTHER_NAME, best, rank
from gui.look.as_is import as_read

LEAST_LOOSE = 2  # letters: “sf” finds Step forward


@dataclass(frozen=True)
class ActionRow:
    """One action as it is listed: the menu it stands in, its keys, what it does."""

    menu: str
    keys: str
    meaning: str
    action: QAction
    why_not: str = ""  # what is missing where it cannot be used

    @property
    def text(self) -> str:
        return as_read(self.action.text())

    @property
    def group(self) -> str:
        """What is on or off is a setting."""
        return "Settings" if self.action.isCheckable() else "Actions"

    @property
    def tooltip(self) -> str:
        return self.action.toolTip() if self.usable or not self.why_not else self.why_not

    @property
    def usable(self) -> bool:
        return self.action.isEnabled()

    @property
    def icon(self) -> QIcon:
        return self.action.icon()

    def do(self) -> None:
        self.action.trigger()

    def score(self, wanted: str) -> tuple[bool, int] | None:
        """Where it stands among those found, the least first: what can be used before what cannot.

        Its name counts before what is said of it.
        """
        found = best(wanted, (self.text, f"{self.menu}: {self.text}"), LEAST_LOOSE)
        if found is None and (said := rank(wanted, self.meaning)) is not None and said < LOOSE:
            found = OTHER_NAME
        return None if found is None else (not self.action.isEnabled(), found if wanted.strip() else 0)
