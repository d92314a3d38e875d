"""The text of a step: paragraphs, items, code, and typeset formulas, below each other."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.teach.lessons.lesson import LessonPassage
from gui.look.formula_text import plain
from gui.look.math_view import MathView
from gui.widgets.boxes import column
from gui.widgets.labels import label

TYPE, LEAST = 19, 28  # pixels of an em of a formula; of its height at least
GAP = 10
ROLES = {"paragraph": "lesson", "item": "lesson", "code": "lesson-code", "formula": ""}


class LessonText(QWidget):
    """Shows the pieces of a step; where only numbers are others, the labels stay."""

    def __init__(self) -> None:
        super().__init__()
        self._passages: tuple[LessonPassage, ...] = ()
        self._parts: list[QWidget] = []
        self._box: QVBoxLayout = column(self, GAP)

    def show_passages(self, passages: Sequence[LessonPassage], words: Callable[[LessonPassage], str]) -> None:
        """Show these; `words` puts the numbers in."""
        if tuple(passages) != self._passages:
            self._passages = tuple(passages)
            for part in self._parts:
                self._box.removeWidget(part)
                part.hide()
                part.deleteLater()
            self._parts = [self._made(passage) for passage in passages]
            for part in self._parts:
                self._box.addWidget(part)
        for passage, part in zip(self._passages, self._parts, strict=True):
            _fill(part, passage, words(passage))

    def _made(self, passage: LessonPassage) -> QWidget:
        if passage.kind == "formula":
            return MathView(TYPE, LEAST)
        return label("", ROLES[passage.kind], wraps=True)

    def texts(self) -> list[str]:
        """What is read there."""
        return [part.text() if isinstance(part, QLabel) else part.accessibleName() for part in self._parts]


def _fill(part: QWidget, passage: LessonPassage, text: str) -> None:
    if isinstance(part, MathView):
        sides = tuple(side.strip() for side in text.split(" = "))
        if part.formulas() != (" = ".join(sides),):
            part.show_equations([sides], " = ".join(map(plain, sides)))
    elif isinstance(part, QLabel):
        shown = f"•  {text}" if passage.kind == "item" else text
        if part.text() != shown:
            part.setText(shown)
