"""Every lesson is presented to its end with two keys: each question is answered as its author says."""

from __future__ import annotations

import pytest

from engine.teach.lessons.shelf import shelved
from engine.teach.lessons.tasks import right_words, told_once
from gui.document import scores
from gui.document.bridge import Bridge
from gui.document.lesson_show import LessonShow

MOST = 400  # presses


def begun(path) -> tuple[Bridge, LessonShow]:
    bridge = Bridge()
    bridge.player.reduced_motion = True
    bridge.lesson.begin(path)
    return bridge, LessonShow(bridge)


@pytest.mark.parametrize("name", [each.name for each in shelved()])
def test_a_lesson_goes_to_its_end(qapp, name, monkeypatch) -> None:
    monkeypatch.setattr(scores, "keep", lambda *_, **__: pytest.fail("nobody was asked"))
    path = next(each.path for each in shelved() if each.name == name)
    bridge, show = begun(path)
    walk, did = bridge.lesson, []
    while show.next != "end" and len(did) < MOST:
        did.append(show.next)
        if did[-1] == "page":
            assert walk.is_done
        show.go_on()
        if did[-1] == "answer":
            assert walk.is_done and any(walk.told_words()), (walk.at, walk.step.title)
            assert walk.reply is None or walk.reply.is_right, walk.told_words()
    assert walk.lesson is not None and walk.at == len(walk.lesson.steps) - 1 and walk.is_done
    assert did.count("page") == len(walk.lesson.steps) - 1
    assert walk.done >= {at for at, step in enumerate(walk.lesson.steps) if step.task is not None}


def test_back_goes_through_what_was_played_and_then_to_the_page_before(qapp) -> None:
    bridge, show = begun(next(each.path for each in shelved() if each.name == "chain"))
    walk, player = bridge.lesson, bridge.player
    while not (walk.at == 2 and show.next == "page"):
        show.go_on()
    places = []
    while walk.at == 2:
        places.append(player.position)
        show.go_back()
    first, last = bridge.now.trace.backward_start, len(bridge.now.trace)
    assert places == [float(at) for at in range(last, first - 1, -1)] and walk.at == 1 and walk.is_done
    assert show.next == "page", "what was answered is not asked again"


def test_without_a_lesson_it_goes_through_the_pass(qapp) -> None:
    from tests.gui.graphs import product

    bridge = Bridge()
    bridge.player.reduced_motion = True
    bridge.load(product())
    bridge.player.seek(0)
    show, steps = LessonShow(bridge), 0
    while show.next == "pass":
        show.go_on()
        steps += 1
    assert steps == bridge.player.position == len(bridge.now.trace) and show.next == "end"
    show.go_back()
    assert bridge.player.position == steps - 1


def test_a_number_is_told_once(qapp) -> None:
    bridge, show = begun(next(each.path for each in shelved() if each.name == "paths"))
    show.go_on()
    assert bridge.lesson.told_words() == ["It is 5.", *right_words(bridge.lesson.step.task, bridge.lesson.reckoning)]
    show.go_on()
    show.go_on()
    verdict, words = bridge.lesson.told_words()
    assert verdict == "It is 2." and not words.startswith("2")
    assert right_words(bridge.lesson.step.task, bridge.lesson.reckoning)[0].endswith(words)
    assert told_once("It is 0.", "0", ["0, and so on."]) == ("0, and so on.",)
    assert told_once("It is 0.", "0", []) == ("It is 0.",)


@pytest.mark.parametrize("name", [each.name for each in shelved()])
def test_page_up_takes_back_what_page_down_did(qapp, name) -> None:
    bridge, show = begun(next(each.path for each in shelved() if each.name == name))

    def stand() -> tuple[object, ...]:
        return bridge.lesson.at, bridge.player.settled, show.next

    stands = [stand()]
    while show.next != "end":
        show.go_on()
        stands.append(stand())
    while stands:
        assert stand() == stands.pop()
        show.go_back()
    assert bridge.lesson.at == 0
