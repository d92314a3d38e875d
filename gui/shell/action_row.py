"""An action as a list shows it, and how well it fits what was typed."""

from dataclasses import dataclass

from PySide6.QtGui import QAction

from gui.look.as_is import as_read


def match(wanted: str, text: str) -> int | None:
    """How well a text fits what was typed, 0 the best; None: not at all. Letters may be left out between.

    Best is the beginning of the text, then the beginning of a word, then any part, then letters here and there.
    """
    wanted, text = " ".join(wanted.lower().split()), text.lower()
    if text.startswith(wanted):
        return 0
    if wanted in text:
        return 1 if f" {wanted}" in text else 2
    score, at = 3, -1
    for letter in wanted.replace(" ", ""):
        found = text.find(letter, at + 1)
        if found < 0:
            return None
        begins_word = found == 0 or not text[found - 1].isalnum()
        score += 0 if found == at + 1 or begins_word else 1
        at = found
    return score


@dataclass(frozen=True)
class ActionRow:
    """One action as it is listed: the menu it stands in, its keys, what it does."""

    menu: str
    keys: str
    meaning: str
    action: QAction

    @property
    def text(self) -> str:
        return as_read(self.action.text())

    def score(self, wanted: str) -> tuple[bool, int] | None:
        """Where it stands among those found, the least first: what can be used before what cannot."""
        scores = [match(wanted, self.text), match(wanted, f"{self.menu}: {self.text}")]
        best = min((score for score in scores if score is not None), default=None)
        return None if best is None else (not self.action.isEnabled(), best if wanted else 0)
