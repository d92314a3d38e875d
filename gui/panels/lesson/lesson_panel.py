"""The lesson beside the canvas: where one is in it, the text, the task, and the ways on, back and out."""

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from engine.errors import TextError
from engine.show.now import Now
from engine.teach.lessons.places import lit
from engine.teach.lessons.shelf import shelved
from gui.document.bridge import Bridge
from gui.document.lesson_progress import progress_of
from gui.document.selection import Selection
from gui.look.text_size import scaled
from gui.panels.lesson.lesson_text import LessonText
from gui.panels.lesson.step_dots import StepDots
from gui.panels.lesson.task_box import TaskBox
from gui.widgets.accessible import announce
from gui.widgets.boxes import STRETCH, column, row, scrolling
from gui.widgets.buttons import PushButton
from gui.widgets.labels import label, main_button

WIDTH, NEXT = 400, 124  # pixels: of the panel; of its main button, so that it stays where it is
MOST_MISTAKES = 3  # of the text, that are shown to its author
INTRO = "Each lesson takes a few minutes, on a tab of its own: what you have open stays as it is."
WELCOME = "You stopped here last time."


class LessonPanel(QWidget):
    """Stands where the palette is while there is a lesson."""

    def __init__(self, bridge: Bridge, selection: Selection) -> None:
        super().__init__()
        self._walk, self._selection, self._bridge = bridge.lesson, selection, bridge
        self._said = ""
        self._shown: object = None
        self._has_told = False  # something was said since the step was entered, whose beginning is seen until then
        self.setAccessibleName("Lesson")
        self.title, self.place = label("", "faint", wraps=True), label("", "faint")
        self.faults = label("", "refusal", wraps=True)
        self.welcome, self.start_over = label(WELCOME, "soft", wraps=True), PushButton("From the beginning")
        self.heading, self.text = label("", "heading", wraps=True), LessonText()
        self.task = TaskBox(bridge.lesson, bridge.asking)
        self.dots = StepDots(self._walk.go)
        self.back, self.next = PushButton("Back"), main_button("Next")
        self.next.setMinimumWidth(scaled(NEXT))
        self.restore, self.leave = PushButton("Back to the step"), PushButton("Leave the lesson")
        self.restore.setToolTip("The graph of this step, as it was")
        self.shelf = QWidget()
        self.openers: list[PushButton] = []
        self.states: list[QLabel] = []  # how far each lesson has come
        self._fill_shelf()
        self._lay_out()
        self._connect()
        self._refresh()

    def _fill_shelf(self) -> None:
        parts: list[QWidget] = [label("Lessons", "heading"), label(INTRO, "soft", wraps=True)]
        for lesson in shelved():
            button = PushButton("Begin")
            button.clicked.connect(partial(self._walk.asked_for.emit, lesson.path))
            self.openers.append(button)
            line, state = QWidget(), label("", "faint")
            row(line, 8, (label(lesson.numbered, "title", wraps=True), 1), (button, 0, Qt.AlignmentFlag.AlignTop))
            parts += [line, state, label(f"{lesson.minutes} minutes. {lesson.about}", "soft", wraps=True)]
            self.states.append(state)
        column(self.shelf, 10, *parts)

    def _show_states(self) -> None:
        """What each lesson's button does: begin, go on where one was, or do it once more."""
        for lesson, button, state in zip(shelved(), self.openers, self.states, strict=True):
            progress = progress_of(lesson.path)
            words = progress.words if progress is not None else ""
            does = "Begin" if not words else "Again" if progress is not None and progress.is_finished else "Go on"
            button.setText(does)
            button.setAccessibleName(f"{does}: {lesson.title}{f', {words}' if words else ''}")
            state.setText(f"{words[0].upper()}{words[1:]}" if words else "")
            state.setVisible(bool(words))

    def _lay_out(self) -> None:
        self._head = QWidget()
        column(self._head, 4, row(None, 8, (self.title, 1), self.place))
        self._body = QWidget()
        self._welcome = QWidget()
        row(self._welcome, 8, (self.welcome, 1), self.start_over)
        column(self._body, 14, self.faults, self._welcome, self.heading, self.text, self.task)
        inside = column(None, 12, self._head, self._body, self.shelf, STRETCH, margins=(18, 14, 18, 14))
        self._area: QScrollArea = scrolling(inside)
        self._foot = QWidget()
        column(
            self._foot, 8, self.dots, row(None, 8, self.back, self.next, STRETCH, self.restore, self.leave),
            margins=(18, 8, 18, 12),
        )  # fmt: skip
        column(self, 0, (self._area, 1), self._foot)

    def _connect(self) -> None:
        walk = self._walk
        self.back.clicked.connect(lambda: walk.go(walk.at - 1))
        self.next.clicked.connect(self._go_on)
        self.restore.clicked.connect(walk.restore)
        self.leave.clicked.connect(walk.leave)
        self.start_over.clicked.connect(walk.start_over)
        walk.changed.connect(self._refresh)
        self._area.verticalScrollBar().rangeChanged.connect(self._show_reply)  # the room is found after the words
        self._bridge.told.connect(self._on_told)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 400)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _on_told(self, now: Now) -> None:
        if now.wording_changed:
            self._refresh()

    def _go_on(self) -> None:
        lesson = self._walk.lesson
        if lesson is None or self._walk.at + 1 < len(lesson.steps):
            self._walk.go(self._walk.at + 1)
        elif (after := self._next_lesson()) is not None:
            self._walk.asked_for.emit(after)
        else:
            self._walk.leave()

    def _next_lesson(self) -> object:
        """The path of the lesson behind this one on the shelf."""
        lesson = self._walk.lesson
        paths = [each.path for each in shelved()]
        if lesson is None or lesson.path not in paths[:-1]:
            return None
        return paths[paths.index(lesson.path) + 1]

    # --- what is shown

    def _refresh(self) -> None:
        walk = self._walk
        lesson, step = walk.lesson, walk.step
        for part in (self._head, self._body, self._foot):
            part.setVisible(lesson is not None)
        self.shelf.setVisible(lesson is None)
        if lesson is None or step is None:
            self._said, self._shown = "", None
            self._show_states()
            return
        self._welcome.setVisible(walk.resumed)
        self.title.setText(lesson.title)
        self.place.setText(f"{walk.at + 1} of {len(lesson.steps)}")
        self.heading.setText(step.title)
        self.text.show_passages(step.body, walk.words)
        self.task.refresh()
        self._show_faults()
        self.dots.show_place(walk.at, len(lesson.steps), walk.done)
        self._show_ways(walk.at + 1 == len(lesson.steps))
        self._light()
        if self._shown is not step:
            self._shown, self._has_told = step, False
            self._area.verticalScrollBar().setValue(0)
        else:
            self._has_told = True
            QTimer.singleShot(0, self, self._show_reply)
        self._tell_aloud(step.title)

    def _show_reply(self) -> None:
        """What is said to the answer is read without scrolling; of what is longer than the panel the beginning."""
        for part in (self.task.hints, self.task.reply, self.task.verdict):
            if self._has_told and not part.isHidden():
                self._area.ensureWidgetVisible(part, 0, 8)

    def _show_ways(self, is_last: bool) -> None:
        walk = self._walk
        self.back.setEnabled(walk.at > 0)
        self.next.setText(("Next lesson" if self._next_lesson() else "Finish") if is_last else
                          "Next" if walk.is_done else "Skip")  # fmt: skip
        self.restore.setVisible(walk.is_away)
        self.leave.setVisible(not walk.is_away)

    def _show_faults(self) -> None:
        """To who writes the lesson: what is wrong in it."""
        found = self._walk.mistakes
        more = [f"And {len(found) - MOST_MISTAKES} more: gradloom lesson check names all."] if len(found) > 3 else []
        self.faults.setText("\n".join([*(f"Line {each.line}: {each.sentence}" for each in found[:3]), *more]))
        self.faults.setVisible(bool(found))

    def _light(self) -> None:
        """What the step speaks of lights up on the canvas."""
        walk = self._walk
        if walk.step is None:
            return
        try:
            nodes, edges = lit(walk.reckoning, walk.step.sight)
        except TextError:
            nodes, edges = frozenset(), frozenset()
        self._selection.point_at(nodes, edges)

    def _tell_aloud(self, title: str) -> None:
        """To those who do not see it: the step, its text, and what is said to the answer."""
        task = self.task.said() if not self.task.isHidden() else ""
        said = f"{title}. {' '.join(self.text.texts())} {task}" if not self._said.startswith(title) else task
        if said and f"{title}{said}" != self._said and self.isVisible():
            self._said = f"{title}{said}"
            announce(self, said)
