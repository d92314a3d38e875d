"""A scripted learner: knows what is right at a step, and makes each classic mistake that can be made there."""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.teach.answer import Answer
from engine.teach.diagnosis import wrong_answers
from engine.teach.lessons.lesson import LessonStep
from engine.teach.lessons.places import question_of
from engine.teach.lessons.reckoning import Reckoning
from engine.teach.lessons.tasks import LessonReply, reply_to_choice, reply_to_graph, reply_to_number, solved
from engine.teach.question import Question


def typed(answer: Answer) -> str:
    """An answer as one types it."""
    if answer.number is not None:
        return repr(float(f"{answer.number:.6g}"))
    if answer.sign is not None:
        return {1: "+", -1: "-", 0: "0"}[answer.sign]
    if answer.shape is not None:
        return f"({', '.join(map(str, answer.shape))})"
    return " ".join(sorted(answer.names or ())) or "none"


def answers_right(step: LessonStep) -> LessonReply:
    """What the lesson says to who does what it asks, where that is not the pass."""
    task, reckoning = step.task, Reckoning(step.graph)
    assert task is not None
    if task.kind == "answer":
        return reply_to_number(task, repr(float(reckoning.number(task.goal))), reckoning)
    if task.kind == "choose":
        right = next(at for at, option in enumerate(task.options) if option.is_right)
        return reply_to_choice(task, right, reckoning)
    after = solved(task, step.graph) if task.kind == "set" else task.built
    assert after is not None
    return reply_to_graph(task, step.graph, after)


def question_at(step: LessonStep) -> Question:
    assert step.task is not None
    return question_of(Reckoning(step.graph), step.task)


def mistaken(question: Question) -> Iterator[tuple[str, str]]:
    """Each classic mistake that does harm here, with what one types who makes it."""
    for name, answer, _ in wrong_answers(question):
        if answer.number is None or math.isfinite(answer.number):
            yield name, typed(answer)
