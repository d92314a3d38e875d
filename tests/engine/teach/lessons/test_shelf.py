"""Every lesson that comes with the program, step by step: by a learner who answers right, and by one who does not."""

from __future__ import annotations

import contextlib

import pytest

from engine.edits.nodes import delete
from engine.errors import TextError
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.teach.diagnosis import judge
from engine.teach.lessons.lesson import LessonStep
from engine.teach.lessons.places import lit, place_of, question_of
from engine.teach.lessons.proof import proved
from engine.teach.lessons.reading import load_lesson
from engine.teach.lessons.reckoning import Reckoning
from engine.teach.lessons.said import UNKNOWN, said
from engine.teach.lessons.shelf import SHELF, ShelvedLesson, shelved
from engine.teach.lessons.tasks import reply_to_choice, reply_to_graph, reply_to_number, wrong_words
from tests.engine.teach.lessons.learner import answers_right, mistaken, question_at, typed

LESSONS = shelved()
STEPS = [
    pytest.param(step, id=f"{lesson.name}-{at}")
    for lesson in LESSONS
    for at, step in enumerate(load_lesson(lesson.path).lesson.steps, 1)  # type: ignore[union-attr]  # proved below
]


def of_kind(*kinds: str) -> list:
    return [param for param in STEPS if param.values[0].task is not None and param.values[0].task.kind in kinds]


def test_they_stand_in_a_row() -> None:
    assert [each.order for each in LESSONS] == list(range(1, len(LESSONS) + 1)) and len(LESSONS) >= 4
    assert all(each.title and each.about and 3 <= each.minutes <= 12 for each in LESSONS)
    assert {path.stem for path in SHELF.glob("*.md")} == {each.name for each in LESSONS} | {"WRITING"}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda each: each.name)
def test_nothing_is_wrong_with_it(lesson: ShelvedLesson) -> None:
    found = load_lesson(lesson.path)
    assert proved(found) == ()
    assert found.lesson is not None and sum(step.task is not None for step in found.lesson.steps) >= 4


@pytest.mark.parametrize("step", STEPS)
def test_each_step_has_its_graph_its_numbers_and_its_place(step: LessonStep) -> None:
    reckoning = Reckoning(step.graph)
    if step.task is None or step.task.kind != "build":
        assert run(step.graph).plan.target is not None
        assert 0 <= place_of(reckoning, step.sight.at) <= len(reckoning.trace)
        lit(reckoning, step.sight)
    texts = [said(passage, reckoning) for passage in step.body]
    assert texts and not any(UNKNOWN in text or "{=" in text for text in texts)


@pytest.mark.parametrize("step", STEPS)
def test_of_a_graph_that_lost_a_node_all_is_told_in_sentences(step: LessonStep) -> None:
    """The canvas is the learner's: whatever was deleted there, a step says so or leaves its number out."""
    for lost in [*step.graph.nodes, None]:
        left = Graph() if lost is None else step.graph.apply(delete(step.graph, [lost]))
        reckoning = Reckoning(left)
        for ask in (lit, lambda reckoning, sight: place_of(reckoning, sight.at)):
            with contextlib.suppress(TextError):
                ask(reckoning, step.sight)
        for passage in step.body:
            assert said(passage, reckoning)
        if step.task is not None and step.task.kind in ("set", "build"):
            assert not reply_to_graph(step.task, step.graph, left).is_right
        if step.task is not None and step.task.kind == "predict":
            with contextlib.suppress(TextError):
                question_of(reckoning, step.task)


@pytest.mark.parametrize("step", of_kind("answer", "choose", "set", "build"))
def test_who_does_it_right_is_told_so(step: LessonStep) -> None:
    reply = answers_right(step)
    assert reply.is_right and len(reply.sentences) > 1 and not any(UNKNOWN in each for each in reply.sentences)


@pytest.mark.parametrize("step", of_kind("predict"))
def test_who_predicts_right_is_told_so_and_who_makes_a_classic_mistake_hears_its_name(step: LessonStep) -> None:
    question, reckoning = question_at(step), Reckoning(step.graph)
    assert judge(question, typed(question.right)).is_right
    named = set()
    for name, text in mistaken(question):
        judgement = judge(question, text)
        assert name in {each.name for each in judgement.candidates}, (name, text)
        told = wrong_words(step.task, question, judgement, reckoning)
        assert told and not any(UNKNOWN in each for each in told)
        named.add(name)
    assert {name for name, _ in step.task.when} <= named


@pytest.mark.parametrize("step", of_kind("answer"))
def test_each_wrong_number_that_a_lesson_knows_gets_its_sentence(step: LessonStep) -> None:
    task, reckoning = step.task, Reckoning(step.graph)
    for wrong, passage in task.when:
        reply = reply_to_number(task, repr(float(reckoning.number(wrong))), reckoning)
        assert not reply.is_right and reply.sentences[1] == said(passage, reckoning)
    assert not reply_to_number(task, "123456.5", reckoning).is_right


@pytest.mark.parametrize("step", of_kind("choose"))
def test_each_wrong_choice_is_answered(step: LessonStep) -> None:
    for at, option in enumerate(step.task.options):
        reply = reply_to_choice(step.task, at, Reckoning(step.graph))
        assert reply.is_right is option.is_right and len(reply.sentences) > 1


@pytest.mark.parametrize("step", of_kind("set", "build"))
def test_what_is_not_done_yet_is_not_praised(step: LessonStep) -> None:
    assert not reply_to_graph(step.task, step.graph, step.graph).is_right
