"""Lessons as articles: every step of those that come with the program, its numbers, its moment, and its answers."""

from __future__ import annotations

import pytest

from engine.errors import ExportError
from engine.teach.answer import Answer, closeness, read_answer
from engine.teach.lessons.article import article_of
from engine.teach.lessons.reading import load_lesson, read_lesson
from engine.teach.lessons.said import UNKNOWN
from engine.teach.lessons.shelf import ShelvedLesson, find_shelved, shelved

QUICK = [lesson for lesson in shelved() if lesson.name != "iris"]  # which is trained for it


@pytest.mark.parametrize("lesson", QUICK, ids=lambda each: each.name)
def test_each_step_can_be_read_and_answered(lesson: ShelvedLesson) -> None:
    found = load_lesson(lesson.path)
    told, steps = article_of(found)
    assert told.title == lesson.title and len(steps) == len(told.steps)
    for step in steps:
        assert step.pieces and not any(UNKNOWN in text or "{=" in text for _, text in step.pieces)
        assert 0 <= step.position <= len(step.trace)
        task = step.task
        assert task is not None and task.words and task.told and not any(UNKNOWN in each for each in task.told)
        if isinstance(task.right, Answer):
            assert closeness(read_answer(task.right.text, _ask(task.right)), task.right) != "off"
        if task.kind == "choose":
            assert sum(option.is_right for option in task.options) == 1 and all(each.reply for each in task.options)


def _ask(right: Answer) -> str:
    return "shape" if right.shape is not None else "sign" if right.sign is not None else "number"


def test_what_is_predicted_has_not_arrived_where_the_step_begins() -> None:
    _, steps = article_of(load_lesson(find_shelved("paths").path))
    step = steps[2]
    assert step.title == "Both ways count" and step.position == len(step.trace) - 1
    x, a, b = (float(step.trace.value(name)) for name in "xab")
    assert (x, a, b) == (4, 3, 2) and step.task.right.number == a + b
    assert (
        step.task.told[0]
        == "2 + 3 = 5, exactly as far as f went when you pushed x by 1. Over paths, contributions add."
    )


def test_a_lesson_with_a_mistake_is_refused_with_its_line() -> None:
    with pytest.raises(ExportError, match="line 1: a lesson begins with a line ---"):
        article_of(read_lesson("nothing"))
