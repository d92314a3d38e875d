"""A lesson to be read without the program: each step with its numbers in the text, the place of its pass, and its
task."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import ExportError
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.passes.trace import Trace
from engine.teach.answer import Answer
from engine.teach.lessons.lesson import Kind, Lesson, LessonPassage, LessonStep, LessonTask
from engine.teach.lessons.places import lit, place_of, question_of
from engine.teach.lessons.proof import first_mistake
from engine.teach.lessons.reading import ReadLesson
from engine.teach.lessons.reckoning import Reckoning
from engine.teach.lessons.said import said
from engine.teach.lessons.tasks import right_words, solved
from engine.teach.question import Question
from engine.text.write import unparse

PANELS = {
    "slopes": "Slopes", "paths": "Paths", "trace": "Trace", "inspector": "the inspector", "what_if": "What if",
    "training": "Training",
}  # fmt: skip


@dataclass(frozen=True)
class ArticleOption:
    """One of several answers, and what is said to it."""

    words: str
    reply: tuple[str, ...]
    is_right: bool


@dataclass(frozen=True)
class ArticleTask:
    """What is asked, and what follows from each answer.

    `right`: what is to be typed; of a task that is not answered by that, how it can be done. `goal`: the comparison
    that a task sets, or where a pass is to be played to. `asked`: the task with its sums not computed.
    """

    kind: str
    words: str
    right: Answer | str
    told: tuple[str, ...]  # when it is done
    hint: str = ""
    given: tuple[str, ...] = ()
    options: tuple[ArticleOption, ...] = ()
    goal: str = ""
    asked: LessonTask | None = None
    worked: str = ""  # of a prediction: how the number comes about, last in `told`


@dataclass(frozen=True)
class ArticleStep:
    """One step as it is read."""

    title: str
    pieces: tuple[tuple[Kind, str], ...]
    body: tuple[LessonPassage, ...]  # the same with its sums not computed
    graph: Graph
    trace: Trace
    position: int
    nodes: frozenset[str]  # what lights up
    edges: frozenset[EdgeKey]
    opens: str  # the panel that the program opens beside it
    beside: str  # what stands on the edges: nothing that gives an answer away
    task: ArticleTask | None


def article_of(found: ReadLesson) -> tuple[Lesson, tuple[ArticleStep, ...]]:
    """All steps of a lesson that is sound. Raises ExportError with the line of its first mistake."""
    lesson = found.lesson
    wrong = first_mistake(found)
    if wrong is not None or lesson is None:
        raise ExportError(f"The lesson has a mistake in {wrong}." if wrong else "There is no lesson in this file.")
    return lesson, tuple(_step(step) for step in lesson.steps)


def _step(step: LessonStep) -> ArticleStep:
    reckoning = Reckoning(step.graph)
    nodes, edges = lit(reckoning, step.sight)
    question = question_of(reckoning, step.task) if step.task is not None and step.task.kind == "predict" else None
    position = question.step if question is not None else place_of(reckoning, step.sight.at)
    return ArticleStep(
        step.title,
        tuple((passage.kind, said(passage, reckoning)) for passage in step.body),
        step.body,
        step.graph,
        reckoning.trace,
        position,
        nodes,
        edges,
        PANELS.get(step.sight.open, ""),
        "both" if question is not None or step.sight.edges == "tangents" else step.sight.edges,
        None if step.task is None else _task(step.task, step.graph, reckoning, question),
    )


def _task(task: LessonTask, graph: Graph, reckoning: Reckoning, question: Question | None) -> ArticleTask:
    words = said(task.words, reckoning)
    hint = said(task.hint, reckoning) if task.hint is not None else ""
    told = tuple(right_words(task, reckoning))
    if question is not None:
        worked = question.worked()[0]
        words = words or question.text()
        return ArticleTask(task.kind, words, question.right, (*told, worked), hint, asked=task, worked=worked)
    if task.kind == "answer":
        asked = Answer(number=float(reckoning.number(task.goal)))
        return ArticleTask(task.kind, words, asked, told, hint, asked=task)
    if task.kind == "choose":
        options = tuple(
            ArticleOption(
                said(each.words, reckoning),
                (*((said(each.reply, reckoning),) if each.reply else ()), *(told if each.is_right else ())),
                each.is_right,
            )
            for each in task.options
        )
        right = next(each.words for each in options if each.is_right)
        return ArticleTask(task.kind, words, right, told, hint, options=options, asked=task)
    return _to_do(task, graph, words, hint)


def _to_do(task: LessonTask, graph: Graph, words: str, hint: str) -> ArticleTask:
    """A task that is done on the canvas: with how it can be done."""
    right, after, goal = "", graph, task.goal if task.kind == "play" else ""
    if task.kind == "set":
        after = solved(task, graph)
        right = task.solution.replace(";", ",") if not task.solution.startswith("train") else "Train it in Gradloom."
        goal = task.goal
    elif task.kind == "build" and task.built is not None:
        after = task.built
        right = unparse(after).strip()
    told = tuple(right_words(task, Reckoning(after)))
    return ArticleTask(task.kind, words, right, told, hint, goal=goal, asked=task)
