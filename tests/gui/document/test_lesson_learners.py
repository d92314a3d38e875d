"""Every step of every lesson, walked through in the open document by a learner who answers right, after each classic
mistake and each wrong answer that there is to make.
"""

from __future__ import annotations

import pytest

from engine.edits.join import join
from engine.edits.nodes import set_value
from engine.teach.lessons.lesson import LessonTask
from engine.teach.lessons.said import UNKNOWN
from engine.teach.lessons.shelf import ShelvedLesson, shelved
from engine.teach.lessons.tasks import solved
from engine.text.read import parse
from gui.document.bridge import Bridge
from gui.document.lesson_progress import progress_of
from tests.engine.teach.lessons.learner import mistaken, typed


@pytest.fixture
def bridge(qapp):
    made = Bridge()
    yield made
    made.lesson.leave()


@pytest.mark.parametrize("lesson", shelved(), ids=lambda each: each.name)
def test_a_learner_makes_every_mistake_and_then_gets_it_right(bridge: Bridge, lesson: ShelvedLesson) -> None:
    walk = bridge.lesson
    walk.begin(lesson.path)
    count = len(walk.lesson.steps)
    for at in range(count):
        assert walk.at == at and not walk.is_done and not walk.hinted
        assert all(UNKNOWN not in walk.words(passage) for passage in walk.step.body)
        LEARNERS[walk.step.task.kind](bridge, walk.step.task)
        assert walk.is_done, walk.step.title
        if at + 1 < count:
            walk.go(at + 1)
    assert walk.done == set(range(count)) and progress_of(lesson.path).is_finished


def predicts(bridge: Bridge, task: LessonTask) -> None:
    walk, asking = bridge.lesson, bridge.asking
    question = asking.question
    assert asking.alone and asking.phase == "asked"
    assert len(bridge.now.trace) <= question.step and bridge.now.trace.is_part  # what is asked is hidden
    for name, text in mistaken(question):
        asking.answer(text)
        told = walk.prediction_words()
        assert name in {each.name for each in asking.judgement.candidates} and told and not walk.is_done
        own = dict(task.when).get(name)
        assert own is None or any(walk.words(own) in each for each in told)
    asking.answer(typed(question.right))
    assert asking.phase == "told" and walk.prediction_words()


def answers(bridge: Bridge, task: LessonTask) -> None:
    walk = bridge.lesson
    for wrong, passage in task.when:
        walk.answer(repr(float(walk.reckoning.number(wrong))))
        assert not walk.reply.is_right and walk.reply.sentences[1] == walk.words(passage)
    walk.answer("what?")
    assert walk.unread and not walk.is_done
    walk.answer(repr(float(walk.reckoning.number(task.goal))))


def chooses(bridge: Bridge, task: LessonTask) -> None:
    order = sorted(range(len(task.options)), key=lambda number: task.options[number].is_right)
    for number in order:
        assert not bridge.lesson.is_done
        bridge.lesson.choose(number)
        assert bridge.lesson.reply.is_right is task.options[number].is_right


def sets(bridge: Bridge, task: LessonTask) -> None:
    walk = bridge.lesson
    walk.check()
    assert not walk.is_done
    wanted = solved(task, bridge.now.graph)
    for leaf in task.leaves:
        bridge.edit(lambda graph, leaf=leaf: set_value(graph, leaf, wanted.nodes[leaf].value))
    assert walk.reply.is_right and not any(UNKNOWN in each for each in walk.reply.sentences)


def plays(bridge: Bridge, task: LessonTask) -> None:
    bridge.player.step_forward()
    assert not bridge.lesson.is_done
    bridge.player.go_to_end()


def builds(bridge: Bridge, task: LessonTask) -> None:
    walk = bridge.lesson
    walk.check()
    assert walk.reply.sentences[0] == "Not yet." and len(walk.reply.sentences) > 1
    bridge.edit(lambda graph: join(graph, parse("a * x + x"), (300.0, 0.0)))


LEARNERS = {"predict": predicts, "answer": answers, "choose": chooses, "set": sets, "play": plays, "build": builds}
