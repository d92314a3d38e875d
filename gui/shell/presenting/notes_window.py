"""The speaker's notes: what to say now, what the next key does, and how long one has spoken. Not for the audience."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QScreen
from PySide6.QtWidgets import QLabel, QWidget

from engine.errors import TextError
from engine.show.now import Now
from engine.teach.lessons.lesson import LessonPassage, LessonStep
from engine.values.values import number_text
from gui.document.bridge import Bridge
from gui.document.lesson_show import LessonShow
from gui.look.style import keep_as_chosen
from gui.look.text_size import USUAL, text_size
from gui.shell.room import bring_inside, room_on
from gui.widgets.boxes import STRETCH, column, row, scrolling
from gui.widgets.labels import label

TICK = 500  # milliseconds
SIZE = QSize(560, 520)
NO_NOTES = "There are no notes for this step."
LETTERS = "ABCDEFGHIJ"


class NotesWindow(QWidget):
    """A window beside that of the document; keys that present work in it too."""

    closed = Signal()

    def __init__(self, window: QWidget, bridge: Bridge, show: LessonShow, seconds: Callable[[], float]) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the keys stay where the picture is
        self.setAutoFillBackground(True)
        keep_as_chosen(self)  # it is read from near
        self.setWindowTitle("Speaker’s notes — Gradloom")
        self._over, self._bridge, self._show, self._seconds = window, bridge, show, seconds
        self.clock, self.place = label("", "clock"), label("", "soft", wraps=True)
        self.heading, self.notes = label("", "heading", wraps=True), label("", "notes", wraps=True)
        self.answer, self.text = label("", "why", wraps=True), label("", "soft", wraps=True)
        self.next = label("", "title", wraps=True)
        self._lay_out()
        self._tick = QTimer(self, interval=TICK)
        self._tick.timeout.connect(self._tell_time)
        bridge.told.connect(self._on_told)
        bridge.lesson.changed.connect(self.refresh)
        self.refresh()
        self._tick.start()

    def _lay_out(self) -> None:
        head = row(None, 16, self.clock, (self.place, 1))
        inside = (head, self.heading, self.notes, self.answer, self.text, STRETCH)
        below = column(None, 4, label("Next", "caption"), self.next, margins=(24, 8, 24, 16))
        column(self, 0, (scrolling(column(None, 14, *inside, margins=(24, 16, 24, 8))), 1), below)

    def stand_on(self, screen: QScreen) -> None:
        """Fill a screen that the audience does not see."""
        self.setWindowFlags(Qt.WindowType.Window)
        self.setScreen(screen)
        self.setGeometry(room_on(screen))
        self.showMaximized()

    def stand_beside(self) -> None:
        """Over a corner of the one screen that there is."""
        room = room_on(self._over.screen())
        size = (SIZE * (text_size.chosen / USUAL)).boundedTo(room.size() * 0.8)
        self.setGeometry(room.right() - size.width(), room.top(), size.width(), size.height())
        bring_inside(self)
        self.setWindowFlag(Qt.WindowType.Dialog)  # which stays above its window, where that fills the screen too
        self.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._tick.stop()
        self.closed.emit()

    # --- what is told

    def _on_told(self, now: Now) -> None:
        if now.step_changed or now.content_changed or now.wording_changed or now.position_changed:
            self.refresh()

    def _tell_time(self) -> None:
        passed = int(self._seconds())
        hours, minutes, seconds = passed // 3600, passed // 60 % 60, passed % 60
        self.clock.setText(f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}")

    def refresh(self) -> None:
        """Everything is as it is now."""
        self._tell_time()
        step = self._bridge.lesson.step
        if step is None:
            self._tell_pass()
        else:
            self._tell_lesson(step)

    def _tell_pass(self) -> None:
        """Without a lesson: what the pass does, and why."""
        now = self._bridge.now
        said, steps = now.explanation, len(now.telling.steps)
        _put(self.place, f"{now.graph.title or 'Computational graph'} · step {(now.told.index or 0) + 1} of {steps}"
             if said else now.graph.title)  # fmt: skip
        _put(self.heading, f"{said.heading}." if said else "Before the first step")
        _put(self.notes, said.why if said else "")
        _put(self.answer, "")
        _put(self.text, said.caption if said and said.caption != said.why else "")
        nexts = {"pass": "The next step of the pass.", "answer": "The answer."}
        _put(self.next, nexts.get(self._show.next, "This is the end of the pass."))

    def _tell_lesson(self, step: LessonStep) -> None:
        walk = self._bridge.lesson
        assert walk.lesson is not None
        _put(self.place, f"{walk.lesson.title} · step {walk.at + 1} of {len(walk.lesson.steps)}")
        _put(self.heading, step.title)
        _put(self.notes, self._told(step.notes) or NO_NOTES)
        _put(self.answer, self._answer(step))
        asked = [step.task.words] if step.task is not None and step.task.words.text else []
        _put(self.text, self._told([*(each for each in step.body if each.kind in ("paragraph", "item")), *asked]))
        _put(self.next, self._what_is_next(step))

    def _told(self, passages: Sequence[LessonPassage]) -> str:
        words = self._bridge.lesson.words
        return "\n\n".join(f"•  {words(each)}" if each.kind == "item" else words(each) for each in passages)

    def _answer(self, step: LessonStep) -> str:
        """Whoever asks knows the answer."""
        task, walk, asking = step.task, self._bridge.lesson, self._bridge.asking
        if task is None or walk.is_done:
            return ""
        if task.kind == "choose":
            at = next(at for at, option in enumerate(task.options) if option.is_right)
            return f"The answer is {LETTERS[at]}: {walk.words(task.options[at].words)}"
        if task.kind == "predict" and asking.phase == "asked" and asking.question is not None:
            return f"The answer is {asking.question.right.text}."
        if task.kind == "answer":
            try:
                return f"The answer is {number_text(float(walk.reckoning.number(task.goal)))}."
            except (TextError, ValueError, TypeError):
                return ""
        return f"It is done with {task.solution}." if task.kind == "set" else ""

    def _what_is_next(self, step: LessonStep) -> str:
        walk, kind = self._bridge.lesson, self._show.next
        if kind == "pass":
            return "The next step of the pass."
        if kind == "answer":
            return "The answer."
        if kind == "end" or walk.lesson is None:
            return "This is the end of the lesson."
        return f"Step {walk.at + 2}: {walk.lesson.steps[walk.at + 1].title}"


def _put(what: QLabel, text: str) -> None:
    what.setText(text)
    what.setVisible(bool(text))
