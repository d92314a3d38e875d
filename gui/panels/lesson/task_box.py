"""The task of a step: what is to be done, where it is answered if that is not on the canvas, and what is said to it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from engine.teach.hints import LEVELS
from engine.teach.lessons.lesson import LessonTask
from gui.document.asking import Asking
from gui.document.lesson_walk import LessonWalk
from gui.widgets.boxes import STRETCH, column, row
from gui.widgets.buttons import PushButton
from gui.widgets.fields import TextLine
from gui.widgets.labels import label, mark

YOUR_TURN, WELL_DONE = "Your turn", "Done"
ON_CANVAS = "Type your answer on the canvas, and press Enter. What follows is hidden until then."
LETTERS = "ABCDEFGHIJ"


class NumberLine(TextLine):
    """Enter answers; Esc gives the keys back to the canvas."""

    entered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("a number or a sum, then ↵")
        self.setAccessibleName("Answer")
        self.textEdited.connect(lambda: mark(self, "invalid", False))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(self.text())
        else:
            super().keyPressEvent(event)


class TaskBox(QWidget):
    """Says the task, and takes the answer."""

    def __init__(self, walk: LessonWalk, asking: Asking) -> None:
        super().__init__()
        self._walk, self._asking = walk, asking
        self._shown: LessonTask | None = None
        self._is_new = False  # the task has not been shown yet
        self._right: str | None = None  # what was typed, if that was right
        self.heading, self.words = label(YOUR_TURN, "task"), label("", "lesson", wraps=True)
        self.note = label("", "soft", wraps=True)
        self.line = NumberLine()
        self.answer, self.check = PushButton("Answer"), PushButton("Check")
        self.hint, self.show_it, self.again = PushButton("Hint"), PushButton("Show me"), PushButton("Ask me again")
        self.verdict, self.reply = label("", "title", wraps=True), label("", "why", wraps=True)
        self.hints = label("", "why", wraps=True)
        self.options: list[PushButton] = []
        self._lay_out()
        self.line.entered.connect(self._enter)
        self.answer.clicked.connect(lambda: walk.answer(self.line.text()))
        self.check.clicked.connect(walk.check)
        self.hint.clicked.connect(self._hint)
        self.show_it.clicked.connect(asking.show)
        self.again.clicked.connect(walk.ask_again)
        for button in (self.hint, self.show_it, self.again):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the caret in the answer

    def _lay_out(self) -> None:
        self._box = QFrame()
        self._box.setProperty("role", "task")
        self._choices = QWidget()
        self._choice_column: QVBoxLayout = column(self._choices, 8)
        inside = (
            self.heading, self.words, self._choices, self.note, row(None, 8, (self.line, 1), self.answer),
            row(None, 8, self.check, self.hint, self.show_it, self.again, STRETCH),
        )  # fmt: skip
        column(self._box, 10, *inside, margins=(14, 12, 14, 12))
        column(self, 10, self._box, self.verdict, self.reply, self.hints)

    def _enter(self, typed: str) -> None:
        """Enter answers; once it is right, it goes on."""
        if self._walk.is_done and typed == self._right:
            self._walk.go_on()
            return
        self._walk.answer(typed)
        self._right = typed if self._walk.reply is not None and self._walk.reply.is_right else None

    def _hint(self) -> None:
        if self._walk.predicts and self._asking.phase == "asked":
            self._asking.give_hint()
        else:
            self._walk.give_hint()

    # --- what is shown

    def refresh(self) -> None:
        step = self._walk.step
        task = step.task if step is not None else None
        self.setVisible(task is not None)
        if task is None:
            self._shown = None
            return
        if task is not self._shown:
            self._shown = task
            self.line.clear()
            self._show_options(task)
            self._is_new = task.kind == "answer"
        self._say(task)
        self._show_buttons(task)
        self._show_reply(task)
        if self._is_new and self.line.isVisible():
            self.line.setFocus()  # whoever has read the question types
            self._is_new = False

    def _say(self, task: LessonTask) -> None:
        walk, asking = self._walk, self._asking
        asks = walk.predicts and asking.is_on and asking.alone
        said = walk.words(task.words) or (asking.text if asks else "")
        self.words.setText(said)
        self.words.setVisible(bool(said))
        self.heading.setText(WELL_DONE if walk.is_done else YOUR_TURN)
        is_open = asks and asking.phase == "asked"
        _show(self.note, "\n".join([*asking.given, ON_CANVAS]) if is_open else "")
        for number, button in enumerate(self.options):
            button.setAccessibleName(f"{LETTERS[number]}: {walk.words(task.options[number].words)}")
            self._option_words[number].setText(walk.words(task.options[number].words))

    def _show_options(self, task: LessonTask) -> None:
        while (item := self._choice_column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.options, self._option_words = [], []
        for number in range(len(task.options[: len(LETTERS)])):
            button, words = PushButton(LETTERS[number]), label("", "lesson", wraps=True)
            button.setFixedWidth(36)
            button.clicked.connect(lambda checked=False, number=number: self._walk.choose(number))
            line = QWidget()
            row(line, 10, (button, 0, Qt.AlignmentFlag.AlignTop), (words, 1))
            self._choice_column.addWidget(line)
            self.options.append(button)
            self._option_words.append(words)
        self._choices.setVisible(bool(self.options))

    def _show_buttons(self, task: LessonTask) -> None:
        walk, asking, done = self._walk, self._asking, self._walk.is_done
        asked = walk.predicts and asking.alone and asking.phase == "asked"
        left = LEVELS - asking.hints
        self.hint.setText(f"Hint ({left} left)" if asked else "Hint")
        self.hint.setEnabled(not asked or left > 0)
        for part, shown in (
            (self.line, task.kind == "answer"), (self.answer, task.kind == "answer"),
            (self.check, task.kind in ("set", "build") and not done),
            (self.hint, asked or (task.hint is not None and not done and not walk.hinted and task.kind != "predict")),
            (self.show_it, asked), (self.again, walk.predicts and not asking.is_on and not done),
        ):  # fmt: skip
            part.setVisible(shown)

    def _show_reply(self, task: LessonTask) -> None:
        walk, asking = self._walk, self._asking
        is_ours = walk.predicts and asking.alone and asking.is_on
        hinted = walk.hinted or (is_ours and asking.hints > 0)
        hints = [walk.words(task.hint)] if task.hint is not None and hinted and not walk.is_done else []
        if walk.predicts:
            verdict = next(iter(asking.reply), "") if is_ours else ""
            reasons = walk.prediction_words() if is_ours else []
            hints += asking.hint_texts if is_ours and not walk.is_done else []
            if not is_ours and walk.is_done and task.right is not None:
                reasons = [walk.words(task.right)]
            wrong = asking.phase == "asked"
        else:
            verdict, *reasons = [walk.unread] if walk.unread else (walk.reply.sentences if walk.reply else ()) or [""]
            wrong = walk.reply is not None and not walk.reply.is_right
        if task.kind in ("set",) and wrong and not reasons:
            verdict, reasons = "", [verdict]
        _show(self.hints, "\n\n".join(hints))
        _show(self.verdict, verdict)
        _show(self.reply, "\n\n".join(reasons))
        mark(self.reply, "wrong", wrong)
        mark(self.line, "invalid", bool(walk.unread) or wrong)

    def said(self) -> str:
        """What there is to hear."""
        parts = (self.verdict, self.reply) if not self.verdict.isHidden() else (self.words,)
        return " ".join(part.text() for part in parts if not part.isHidden())


def _show(what: QLabel, text: str) -> None:
    what.setText(text)
    what.setVisible(bool(text))
