"""Proves a lesson: every graph runs, every number in its text computes, every task can be done, and every mistake that
is spoken of can be made. What is not so is told with its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from engine.errors import GradloomError, TextError
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.teach.answer import Answer, closeness
from engine.teach.diagnosis import possible_mistakes
from engine.teach.lessons.lesson import LessonMistake, LessonPassage, LessonStep, LessonTask
from engine.teach.lessons.places import lit, place_of, question_of
from engine.teach.lessons.reading import ReadLesson
from engine.teach.lessons.reckoning import Reckoning, same_sum
from engine.teach.lessons.said import sums_in, wrong_in
from engine.teach.lessons.tasks import reply_to_graph, solved
from engine.teach.mistakes import MISTAKES


def proved(found: ReadLesson) -> tuple[LessonMistake, ...]:
    """All that is wrong with a lesson that was read, by its lines."""
    mistakes = list(found.mistakes)
    if found.lesson is not None:
        for step in found.lesson.steps:
            mistakes += _Proof(step).mistakes
    return tuple(sorted(dict.fromkeys(mistakes), key=lambda each: each.line))


def first_mistake(found: ReadLesson) -> LessonMistake | None:
    """The first thing that is wrong with a lesson; None: it is sound."""
    return next(iter(proved(found)), None)


class _Proof:
    """Of one step."""

    def __init__(self, step: LessonStep) -> None:
        self.mistakes: list[LessonMistake] = []
        self._step, self._reckoning = step, Reckoning(step.graph)
        if not self._runs(step):
            return
        for passage in (*step.body, *step.notes):
            self._text(passage)
        self._sight()
        if step.task is not None:
            self._words(step.task)
            _PROOFS[step.task.kind](self, step.task)

    def _say(self, line: int, sentence: str) -> None:
        self.mistakes.append(LessonMistake(line, sentence))

    @contextmanager
    def _told(self, line: int) -> Iterator[None]:
        try:
            yield
        except TextError as error:
            self._say(line, error.sentence)

    def _runs(self, step: LessonStep) -> bool:
        """Whether the graph can be run; one to build on may be unfinished."""
        if not step.graph.nodes or (step.task is not None and step.task.kind == "build"):
            return True
        try:
            run(step.graph)
        except GradloomError as error:
            self._say(step.graph_line, f"the graph cannot be run: {error.sentence}")
            return False
        return True

    def _text(self, passage: LessonPassage, reckoning: Reckoning | None = None) -> None:
        for sentence in wrong_in(passage, reckoning or self._reckoning):
            self._say(passage.line, sentence)

    def _sight(self) -> None:
        sight = self._step.sight
        if not self._step.graph.nodes:
            return
        with self._told(sight.line):
            for words in filter(None, (sight.at, sight.to)):
                if self._step.task is None or self._step.task.kind != "build" or words != "end":
                    place_of(self._reckoning, words)
            lit(self._reckoning, sight)
            for name in sight.select:
                if name not in self._step.graph.nodes:
                    raise TextError(f"there is no node “{name}” in this graph")

    def _words(self, task: LessonTask) -> None:
        passages = [task.words, task.hint, *(passage for _, passage in task.when)]
        passages += [part for option in task.options for part in (option.words, option.reply)]
        if task.kind not in ("set", "build"):
            passages.append(task.right)
        for passage in filter(None, passages):
            self._text(passage)

    # --- by the kind of task

    def _predict(self, task: LessonTask) -> None:
        with self._told(task.line):
            question = question_of(self._reckoning, task)
            known = possible_mistakes(question)
            for name, passage in task.when:
                if name not in MISTAKES:
                    self._say(passage.line, f"there is no mistake “{name}”; there are {', '.join(MISTAKES)}")
                elif name not in known:
                    can = ", ".join(sorted(known)) or "none"
                    self._say(passage.line, f"the mistake “{name}” does no harm here; those that do: {can}")
            self._gives_away(task)

    def _gives_away(self, task: LessonTask) -> None:
        """What is asked must not stand in the text beside it."""
        for passage in (*self._step.body, task.words):
            for text in sums_in(passage):
                if same_sum(text.partition(";")[0], task.goal):
                    self._say(passage.line, f"the text says {text.strip()}, which the task asks for")

    def _answer(self, task: LessonTask) -> None:
        with self._told(task.line):
            right = _one_number(self._reckoning, task.goal)
            for wrong, passage in task.when:
                with self._told(passage.line):
                    if closeness(_one_number(self._reckoning, wrong), right) == "right":
                        self._say(passage.line, f"the wrong answer {wrong} is right here")

    def _choose(self, task: LessonTask) -> None:
        if len(task.options) < 2:
            self._say(task.line, "there is nothing to choose: write two answers or more")

    def _set(self, task: LessonTask) -> None:
        graph = self._step.graph
        with self._told(task.line):
            if not task.solution:
                raise TextError("say how it can be done: solution: x = 2")
            if self._reckoning.holds(task.goal):
                raise TextError("the goal is reached before anything is done")
            for condition, passage in task.when:
                with self._told(passage.line):
                    self._reckoning.holds(condition)
            for name in task.leaves:
                if name not in graph.nodes:
                    raise TextError(f"there is no node “{name}” in this graph")
            after = solved(task, graph)
            reply = reply_to_graph(task, graph, after)
            if not reply.is_right:
                raise TextError(f"the solution {task.solution} does not do it: {' '.join(reply.sentences) or 'no'}")
            if task.right is not None:
                self._text(task.right, Reckoning(after))

    def _play(self, task: LessonTask) -> None:
        with self._told(task.line):
            goal = place_of(self._reckoning, task.goal)
            if place_of(self._reckoning, self._step.sight.at) >= goal:
                raise TextError("the pass is there before anything is played: let the step begin earlier (at: start)")

    def _build(self, task: LessonTask) -> None:
        built = task.built or Graph()
        with self._told(task.line):
            try:
                run(built)
            except GradloomError as error:
                raise TextError(f"what is to be built cannot be run: {error.sentence}") from None
            if reply_to_graph(task, self._step.graph, self._step.graph).is_right:
                raise TextError("what is to be built is there already")
            if task.right is not None:
                self._text(task.right, Reckoning(built))


_PROOFS: dict[str, Callable[[_Proof, LessonTask], None]] = {
    "predict": _Proof._predict, "answer": _Proof._answer, "choose": _Proof._choose, "set": _Proof._set,
    "play": _Proof._play, "build": _Proof._build,
}  # fmt: skip


def _one_number(reckoning: Reckoning, text: str) -> Answer:
    found = reckoning.number(text)
    if np.ndim(found) or isinstance(found, str | bool):
        raise TextError(f"“{text.strip()}” is not one number")
    return Answer(number=float(found))
