"""The step of a lesson for those who look at it from far away: its title, formulas and question in large letters; then
the answer. The text is for who reads alone: whoever presents the lesson says it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from engine.teach.lessons.lesson import LessonPassage, LessonTask
from gui.document.bridge import Bridge
from gui.look.formula_text import plain
from gui.look.math_view import MathView, in_one_line
from gui.look.theme import BODY, font, themes
from gui.widgets.boxes import column, row
from gui.widgets.fitted_text import FittedText
from gui.widgets.labels import label

TITLE, TYPE, SMALLER = 0.045, 0.04, (1.0, 0.85, 0.72)  # of the window's height; of the type, where there is much to say
LINE, GAP = 1.25, 2  # of the type: how high a line is; pixels between two options
LINES = 2.6  # so many lines of type a question or an answer has room for, before it becomes smaller
LETTERS = "ABCDEFGHIJ"


class LessonBoard(QWidget):
    """Stands above the canvas while a lesson is presented; of one step it is always equally high."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._walk, self._asking = bridge.lesson, bridge.asking
        self._presented = False
        self.setAccessibleName("Lesson")
        self.setAutoFillBackground(True)
        self.title, self.said = FittedText(24, bold=True), FittedText(24)
        self.place = label("", "faint")
        self.formula = MathView(BODY, 0)
        self.options: list[FittedText] = []
        self._choices = QWidget()
        self._choice_column = column(self._choices, GAP)
        head = row(None, 16, (self.title, 1), self.place)
        column(self, 4, head, self.formula, self.said, self._choices, margins=(16, 8, 16, 8))
        self._walk.changed.connect(self._refresh)
        themes.changed.connect(self.update)
        self.hide()

    def present(self, presented: bool) -> None:
        """Stand there as long as there is a lesson; or not at all."""
        self._presented = presented
        self._refresh()

    def fit_presentation(self) -> None:
        """The window that is presented has another size."""
        if self._presented:
            self._refresh()

    # --- what is shown

    def _refresh(self) -> None:
        step, lesson = self._walk.step, self._walk.lesson
        self.setVisible(self._presented and step is not None)
        if not self._presented or step is None or lesson is None:
            return
        high = self.window().height()
        size = max(round(TYPE * high), BODY)
        self._write_head(step.title, f"{self._walk.at + 1} / {len(lesson.steps)}", max(round(TITLE * high), BODY))
        self._write_formulas(step.body, size)
        self._write_said(step.task, size)
        self._write_options(step.task, size)

    def _write_head(self, title: str, place: str, size: int) -> None:
        self.title.set_type((size, round(size * SMALLER[-1])), round(size * LINE))
        self.title.show_text(title)
        self.place.setFont(font(round(size * SMALLER[-1])))
        self.place.setText(place)

    def _write_formulas(self, body: Sequence[LessonPassage], size: int) -> None:
        """All of the step in one line, for height is dear."""
        texts = [self._walk.words(passage) for passage in body if passage.kind == "formula"]
        self.formula.setVisible(bool(texts))
        if texts:
            sides = in_one_line([tuple(side.strip() for side in text.split(" = ")) for text in texts])
            self.formula.set_type(size, 0)
            self.formula.show_equations([sides], "; ".join(map(plain, texts)))

    def _write_said(self, task: LessonTask | None, size: int) -> None:
        """The question; when it is answered, the answer."""
        self.said.setVisible(task is not None)
        if task is None:
            return
        told = self._walk.told_words()
        asked = self._walk.words(task.words) or (self._asking.text if self._asking.alone else "")
        freed = len(task.options) - len(self._option_texts(task))  # what is not to be chosen any more makes room
        room = round(size * LINES) + freed * (round(size * LINE) + GAP)
        self.said.set_type(tuple(round(size * part) for part in SMALLER), room)
        self.said.show_text(" ".join(told) if told else asked, of=task)

    def _write_options(self, task: LessonTask | None, size: int) -> None:
        """What there is to choose from; of what was chosen only that remains."""
        texts = self._option_texts(task) if task is not None else []
        while len(self.options) < len(texts):
            self.options.append(FittedText(24))
            self._choice_column.addWidget(self.options[-1])
        for number, option in enumerate(self.options):
            option.setVisible(number < len(texts))
            if number < len(texts):
                option.set_type(tuple(round(size * part) for part in SMALLER), round(size * LINE))
                option.show_text(texts[number], of=task)
        self._choices.setVisible(bool(texts))

    def _option_texts(self, task: LessonTask) -> list[str]:
        texts = [f"{LETTERS[at]}   {self._walk.words(option.words)}"
                 for at, option in enumerate(task.options[: len(LETTERS)])]  # fmt: skip
        if self._walk.is_done and self._walk.told_words():
            return [text for text, option in zip(texts, task.options, strict=False) if option.is_right]
        return texts

    def texts(self) -> list[str]:
        """What is read there, line by line."""
        parts = (self.title, self.said, *self.options)
        return [part.text() for part in parts if not part.isHidden()]
