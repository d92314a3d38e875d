"""A lesson in the open document: which step one is at, what was answered, and how the canvas is as the step wants it.

The document is the lesson's own: each step loads its graph. Whoever opens another one leaves the lesson by that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import FileError, GradloomError, TextError
from engine.graph.graph import Graph
from engine.session import Session
from engine.show.now import Now
from engine.teach.lessons.lesson import Lesson, LessonMistake, LessonPassage, LessonStep, LessonTask
from engine.teach.lessons.places import place_of, question_of
from engine.teach.lessons.proof import proved
from engine.teach.lessons.reading import load_lesson
from engine.teach.lessons.reckoning import Reckoning
from engine.teach.lessons.said import said
from engine.teach.lessons.shelf import SHELF
from engine.teach.lessons.tasks import (
    LessonReply,
    reply_to_choice,
    reply_to_graph,
    reply_to_number,
    right_words,
    solved,
    told_number,
    told_once,
    wrong_words,
)
from gui.document.asking import Asking
from gui.document.lesson_progress import found_again, keep_progress
from gui.document.stamp import disk_stamp

LOOKS_AGAIN = 500  # milliseconds: whether the file of a lesson was written anew


class WalkedDocument(Protocol):
    """What is walked through."""

    session: Session


class LessonWalk(QObject):
    """Holds the lesson and the place in it; the panel beside the canvas listens."""

    changed = Signal()  # what the panel says
    entered = Signal()  # another step, or none: the window makes room for it
    asked_for = Signal(object)  # the Path of a lesson that somebody wants to open

    def __init__(self, of: WalkedDocument, load: Callable[[Graph], None], asking: Asking, parent: QObject) -> None:
        super().__init__(parent)
        self._of, self._load, self._asking = of, load, asking
        self.lesson: Lesson | None = None
        self.mistakes: tuple[LessonMistake, ...] = ()  # in the text of the lesson
        self.at = 0
        self.done: set[int] = set()  # steps whose task is done
        self.reply: LessonReply | None = None
        self.unread = ""  # why what was typed cannot be read
        self.hinted = False
        self.is_away = False  # the graph is not the one of the step
        self.resumed = False  # it goes on where somebody was in it before
        self._kept: object = None  # what was remembered last
        self._own: set[int] | None = None  # what was done before it was presented
        self._begun = Graph()  # the graph of the step, as it was loaded
        self._stop: float | None = None  # where it stops to play
        self._is_ours = False
        self._reckoning: Reckoning | None = None
        self._stamp: object = None
        self._watch = QTimer(self, interval=LOOKS_AGAIN)
        self._watch.timeout.connect(self._look_at_file)
        asking.changed.connect(self._on_asked)
        asking.passed.connect(self.go_on)
        self.changed.connect(self._keep)

    # --- a lesson

    @property
    def step(self) -> LessonStep | None:
        return self.lesson.steps[self.at] if self.lesson is not None else None

    def begin(self, path: Path) -> None:
        """Walk through the lesson in a file, from where one was in it. Raises FileError, TextError with a line."""
        lesson = self._read(path)
        self._asking.leave()  # the question of another lesson may be open
        kept = found_again(lesson)
        goes_on = kept is not None and kept.has_begun and not kept.is_finished
        self.done, self.at, self.lesson = set(kept.done) if kept is not None and goes_on else set(), 0, lesson
        self.resumed = kept is not None and goes_on and kept.at > 0
        self.go(kept.at if kept is not None and goes_on else 0)
        if not path.is_relative_to(SHELF):
            self._watch.start()

    def _read(self, path: Path) -> Lesson:
        self._stamp = disk_stamp(path)
        found = load_lesson(path)
        mistakes = () if path.is_relative_to(SHELF) else proved(found)
        if found.lesson is None:
            first = found.mistakes[0]
            raise TextError(f"“{path.name}” is no lesson yet: {first.sentence}", where=f"line {first.line}")
        self.mistakes = mistakes
        return found.lesson

    def start_over(self) -> None:
        """From the first step, with nothing done."""
        self.done = set()
        self.go(0)

    def present(self, presented: bool) -> None:
        """What is answered while it is presented nobody has done: it is asked again afterwards."""
        if presented and self.lesson is not None and self._own is None:
            self._own = set(self.done)
        elif not presented and self._own is not None:
            self.done, self._own = self._own, None
            self.changed.emit()

    def _keep(self) -> None:
        """Remember where one is; not where a lesson is shown to others."""
        if self._own is not None:
            return
        now = (self.lesson, self.at, frozenset(self.done))
        if self.lesson is not None and now != self._kept:
            self._kept = now
            keep_progress(self.lesson, self.at, self.done)

    def leave(self) -> None:
        """The document stays as it is; nothing more is said of it."""
        self._asking.leave()
        self._end()

    def _end(self) -> None:
        self.lesson, self.mistakes, self.reply, self._own = None, (), None, None
        self._watch.stop()
        self.entered.emit()
        self.changed.emit()

    def come(self) -> None:
        """The document comes to the front again."""
        if self.lesson is not None:
            self.entered.emit()
            self.changed.emit()

    def _look_at_file(self) -> None:
        """Its author has written on: the same step is shown as it is now."""
        lesson = self.lesson
        if lesson is None or lesson.path is None or (stamp := disk_stamp(lesson.path)) in (self._stamp, None):
            return
        self._stamp = stamp
        try:
            self.lesson = self._read(lesson.path)
        except (FileError, TextError) as error:
            line = error.where.removeprefix("line ")
            self.mistakes = (LessonMistake(int(line) if line.isdecimal() else 1, error.sentence),)
            self.changed.emit()
            return
        self.go(min(self.at, len(self.lesson.steps) - 1))

    # --- a step

    def go(self, at: int) -> None:
        """To a step: its graph stands on the canvas, its pass is where the step wants it, its question is asked."""
        self._asking.leave()
        if self.lesson is None:
            return
        before, self.at = self.at, min(max(at, 0), len(self.lesson.steps) - 1)
        self.resumed = self.resumed and before in (0, self.at)
        step = self.lesson.steps[self.at]
        passes_on = before in self.done or (self.lesson.steps[before].keeps and not self.is_away)
        goes_on = step.keeps and before == self.at - 1 and passes_on
        self.reply, self.unread, self.hinted = None, "", False
        graph = replace(step.graph, facts={**step.graph.facts, "title": self.lesson.title})
        self._ours(lambda: self._put(self._of.session.now.graph if goes_on else graph, step))
        self.entered.emit()
        self.ask_again()
        self.changed.emit()

    def go_on(self) -> None:
        """To the next step, if there is one."""
        if self.lesson is not None and self.at + 1 < len(self.lesson.steps):
            self.go(self.at + 1)

    def restore(self) -> None:
        """Back to the step: its graph, its place, its question."""
        self.go(self.at)

    def _put(self, graph: Graph, step: LessonStep) -> None:
        session = self._of.session
        if session.now.graph is not graph and (session.now.graph != graph or session.document.modified):
            self._load(graph)
        self._begun, self.is_away = session.now.graph, False
        self._stop = self.place(step.sight.to) if step.sight.to else None
        session.player.seek(self.place(step.sight.at))

    def place(self, words: str) -> float:
        """Where in the pass a lesson's words for it are; the end where they name nothing."""
        try:
            return float(place_of(self.reckoning, words))
        except TextError:
            return float(len(self._of.session.whole))

    def _ours(self, do: Callable[[], None]) -> None:
        self._is_ours = True
        try:
            do()
        finally:
            self._is_ours = False

    @property
    def reckoning(self) -> Reckoning:
        """Computes what the text says, of the graph on the canvas."""
        graph = self._of.session.now.graph
        if self._reckoning is None or self._reckoning.graph is not graph:
            self._reckoning = Reckoning(graph)
        return self._reckoning

    def words(self, passage: LessonPassage) -> str:
        """A piece of the text with its numbers of now; of a graph that lacks them those of the step."""
        return said(passage, self.reckoning, Reckoning(self._begun) if self.is_away else None)

    # --- what is answered

    @property
    def predicts(self) -> bool:
        """Whether the question of this step is typed on the canvas."""
        step = self.step
        return step is not None and step.task is not None and step.task.kind == "predict"

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do at this step."""
        step = self.step
        return step is None or step.task is None or self.at in self.done

    def ask_again(self) -> None:
        """Open the question of this step, if it has one about the pass and that is not answered."""
        if not self.predicts or self.at in self.done or self.step is None or self.step.task is None:
            return
        session = self._of.session
        try:
            question = question_of(self.reckoning, self.step.task, session.whole)
        except (TextError, IndexError, TypeError):
            return  # the graph is another one: the panel offers the way back
        self._ours(lambda: self._asking.ask_alone(question))

    def answer(self, typed: str) -> None:
        """A number that was typed in the panel."""
        step = self.step
        if step is None or step.task is None or step.task.kind != "answer":
            return
        try:
            self.reply, self.unread = reply_to_number(step.task, typed, self._sound_reckoning(step)), ""
        except (GradloomError, ValueError) as error:
            self.reply, self.unread = None, str(error)
        self._take_reply()

    def _sound_reckoning(self, step: LessonStep) -> Reckoning:
        """Of the graph on the canvas; of the step's own where that one does not have the answer any more."""
        assert step.task is not None
        try:
            self.reckoning.number(step.task.goal)
        except TextError:
            return Reckoning(self._begun)
        return self.reckoning

    def choose(self, option: int) -> None:
        """One of several answers."""
        step = self.step
        if step is not None and step.task is not None and step.task.kind == "choose":
            self.reply, self.unread = reply_to_choice(step.task, option, self.reckoning), ""
            self._take_reply()

    def check(self) -> None:
        """Look at the graph, and say what is still wrong with it."""
        step = self.step
        if step is not None and step.task is not None and step.task.kind in ("set", "build"):
            self.reply = reply_to_graph(step.task, self._begun, self._of.session.now.graph)
            self._take_reply()

    def give_hint(self) -> None:
        self.hinted = True
        self.changed.emit()

    def _take_reply(self) -> None:
        if self.reply is not None and self.reply.is_right:
            self.done.add(self.at)
        self.changed.emit()

    # --- what is told

    def reveal(self) -> None:
        """Do the task of this step as it should be done, before everybody's eyes; no score is kept of that."""
        task = self.step.task if self.step is not None else None
        if task is None or self.is_done:
            return
        if task.kind == "predict" and self._asking.phase == "asked":
            self._asking.show(counts=False)
        elif task.kind == "choose":
            self.choose(next(at for at, option in enumerate(task.options) if option.is_right))
        elif task.kind == "play":
            self._of.session.player.seek(self.place(task.goal))
        else:
            self._tell_solution(task)

    def _tell_solution(self, task: LessonTask) -> None:
        """Type the number, or put the graph in place of which the task is done."""
        self.unread, self.done = "", self.done | {self.at}
        try:
            if task.kind == "answer":
                self.reply = told_number(task, Reckoning(self._begun))
            elif task.kind in ("set", "build"):
                graph = task.built if task.built is not None else solved(task, self._begun)
                named = replace(graph, facts={**graph.facts, "title": self._begun.title})
                self._ours(lambda: self._load(named))
                self.reply = reply_to_graph(task, self._begun, named)
        except GradloomError as error:  # the lesson is being written: what is wrong in it stands above its text
            self.reply = LessonReply(False, (str(error),))
        self.changed.emit()

    def told_words(self) -> list[str]:
        """What is said to the answer, the verdict first; of a prediction not what the pass says of that step."""
        asking = self._asking
        if self.predicts:
            task = self.step.task if self.step is not None else None
            if task is None or asking.question is None or not (asking.alone and asking.phase == "told"):
                return []
            words = right_words(task, self.reckoning) or asking.reply[1:]
            return list(told_once(asking.reply[0], asking.question.right.text, words))
        if self.unread:
            return [self.unread]
        return list(self.reply.sentences) if self.reply is not None else []

    def prediction_words(self) -> list[str]:
        """What is said to the prediction, below the verdict."""
        step, asking = self.step, self._asking
        question, judgement = asking.question, asking.judgement
        if step is None or step.task is None or question is None or not asking.alone:
            return []
        if asking.phase == "told":
            return [*right_words(step.task, self.reckoning), *asking.reply[1:2]]
        if judgement is None or judgement.closeness != "off":
            return asking.reply[1:]
        return wrong_words(step.task, question, judgement, self.reckoning)

    def _on_asked(self) -> None:
        if self.lesson is None:
            return
        if self._asking.alone and self._asking.phase == "told":
            self.done.add(self.at)
        if not self._is_ours or self._asking.phase != "off":
            self.changed.emit()

    # --- what happens

    def hear(self, now: Now) -> None:
        """Something has happened on the canvas."""
        step = self.step
        if step is None or self._is_ours:
            return
        if now.loaded:
            self._end()
            return
        self._stop_playing(now)
        if now.change and not self._asking.is_on:
            self.is_away = now.graph != self._begun
            self._follow_graph(step)
        elif step.task is not None and step.task.kind == "play":
            self._follow_pass(now, step.task.goal)

    def _stop_playing(self, now: Now) -> None:
        player = self._of.session.player
        if self._stop is not None and now.playing and now.frame.position >= self._stop:
            stop, self._stop = self._stop, None
            player.seek(stop)

    def _follow_graph(self, step: LessonStep) -> None:
        """The task may be done by that; what was said of another graph is said no more, and of one that is being built
        nothing, as long as it is not right."""
        self.reply, self.unread = None, ""
        if step.task is not None and step.task.kind in ("set", "build"):
            found = reply_to_graph(step.task, self._begun, self._of.session.now.graph)
            if found.is_right or (step.task.kind == "set" and self.at not in self.done):
                self.reply = found
            if found.is_right:
                self.done.add(self.at)
        self.changed.emit()

    def _follow_pass(self, now: Now, goal: str) -> None:
        if self.at in self.done or now.playing or now.frame.position < self.place(goal):
            return
        self.done.add(self.at)
        right = self.step.task.right if self.step is not None and self.step.task is not None else None
        self.reply = LessonReply(True, ("Done.", *([self.words(right)] if right is not None else [])))
        self.changed.emit()
