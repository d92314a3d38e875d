"""What an empty canvas says: what to do, in one line, three examples to begin with, and the lessons."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.files.examples import find_example
from gui.document.lesson_progress import unfinished
from gui.look.as_is import PlainLabel, unmarked
from gui.look.text_size import scaled
from gui.widgets.buttons import PushButton

SENTENCE = "Type what you want to add, such as x = 3 or relu, or drag an operation here."
ROOMY, WIDEST = 640, 860  # pixels of width: in a narrower canvas the lessons are in the Help menu alone
FIRST = ("neuron", "cs231n-product", "cs231n-sigmoid")  # examples


class Hint(QWidget):
    """Stands in the middle of the canvas while there is no node; lets the mouse through beside its buttons."""

    example_requested = Signal(str)
    lessons_requested = Signal()
    lesson_requested = Signal(object)  # the Path of the one that is to go on

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._lesson: Path | None = None
        column = QVBoxLayout(self)
        column.setSpacing(16)
        self._line = _line(SENTENCE, "heading")
        column.addWidget(self._line)
        column.addWidget(_line("Or start with an example:", "soft"))
        self.buttons = [self._button(name, title) for name, title in example_titles().items()]
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch()
        self.lessons = _button("Lessons")
        self.lessons.clicked.connect(lambda: self.lessons_requested.emit())
        for button in (*self.buttons, self.lessons):
            row.addWidget(button)
        row.addStretch()
        column.addLayout(row)
        self.going_on = _button("")
        self.going_on.clicked.connect(self._go_on)
        column.addWidget(self.going_on, 0, Qt.AlignmentFlag.AlignHCenter)

    def showEvent(self, event: QShowEvent) -> None:
        """Whoever was in the middle of a lesson last time can go on with it."""
        super().showEvent(event)
        self._offer_lesson()

    def _offer_lesson(self) -> None:
        found = unfinished()
        self._lesson = found[0].path if found is not None else None
        if found is not None:
            self.going_on.setText(unmarked(f"Go on with lesson {found[0].numbered}, {found[1].words}"))
        self.going_on.setVisible(found is not None)

    def _go_on(self) -> None:
        if self._lesson is not None:
            self.lesson_requested.emit(self._lesson)

    def _button(self, name: str, title: str) -> PushButton:
        button = _button(title)
        button.clicked.connect(lambda: self.example_requested.emit(name))
        return button

    def centre(self) -> None:
        """Stand in the middle of the canvas, wherever scrolling has taken it; in a narrow one the line is broken."""
        if self.isHidden():
            return
        width, height = self._canvas.width(), self._canvas.height()
        self.lessons.setVisible(width >= scaled(ROOMY))
        self._line.ensurePolished()  # in its font of the style sheet
        self._line.setWordWrap(width < self._line.fontMetrics().horizontalAdvance(SENTENCE) + 60)
        self.setFixedWidth(min(max(width - 24, 120), scaled(WIDEST)))
        self.adjustSize()
        self.move((width - self.width()) // 2, (height - self.height()) // 2)


def example_titles() -> dict[str, str]:
    """The three examples by name, with what their buttons say: their titles as far as the colon."""
    return {found.name: found.title.partition(":")[0] for found in map(find_example, FIRST) if found}


def _button(title: str) -> PushButton:
    button = PushButton(unmarked(title))
    button.setProperty("role", "example")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def _line(text: str, role: str) -> QLabel:
    line = PlainLabel(text)
    line.setProperty("role", role)
    line.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return line
