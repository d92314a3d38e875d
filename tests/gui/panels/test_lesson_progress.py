"""How far a lesson has come is remembered: the next window goes on there, and offers to start over."""

from __future__ import annotations

import json

from PySide6.QtTest import QTest

from engine.teach.lessons.reading import load_lesson
from engine.teach.lessons.shelf import find_shelved
from gui.document import folders
from gui.document.lesson_progress import keep_progress, progress_of, unfinished
from gui.panels.lesson.lesson_panel import LessonPanel
from tests.gui.window_tools import LEFT, NONE, Key, close, lay_out, open_window

PATHS = find_shelved("paths").path


def panel_of(window) -> LessonPanel:
    return window.findChild(LessonPanel)


def click(window, button) -> None:
    assert button.isVisible(), button.text()
    QTest.mouseClick(button, LEFT, NONE, button.rect().center())
    lay_out(window)


def answered(window) -> LessonPanel:
    """The lesson on paths, its first step answered right, and gone on to the second."""
    window.resize(1400, 900)
    assert window.doors.show_lesson(PATHS)
    lay_out(window)
    panel = panel_of(window)
    QTest.keyClicks(panel.task.line, "5")
    QTest.keyClick(panel.task.line, Key.Key_Return)
    lay_out(window)
    click(window, panel.next)
    return panel


def test_the_next_window_goes_on_where_one_was_and_offers_to_start_over(qtbot) -> None:
    first = open_window(qtbot)
    panel = answered(first)
    assert panel.heading.text() == "Along a path we multiply" and not panel.start_over.isVisible()
    close(first)
    window = open_window(qtbot)
    window.resize(1400, 900)
    lay_out(window)
    offer = window.canvas.hint.going_on
    assert offer.text() == "Go on with lesson 4 · When a value is used twice, step 2 of 7"
    click(window, offer)
    panel = panel_of(window)
    assert panel.heading.text() == "Along a path we multiply" and panel.welcome.text() == "You stopped here last time."
    assert window.bridge.lesson.done == {0} and window.bridge.asking.is_on
    click(window, panel.start_over)
    assert panel.heading.text() == "Two ways out of x" and not panel.start_over.isVisible()
    assert window.bridge.lesson.done == set() and unfinished() is None
    close(window)


def test_the_list_says_how_far_each_has_come(window) -> None:
    panel = answered(window)
    click(window, panel.leave)
    button, state = panel.openers[3], panel.states[3]
    assert (button.text(), state.text()) == ("Go on", "Step 2 of 7") and state.isVisible()
    assert (panel.openers[0].text(), panel.states[0].isVisible()) == ("Begin", False)
    click(window, button)
    assert panel.place.text() == "2 of 7" and panel.start_over.isVisible()
    window.bridge.lesson.leave()
    lesson = load_lesson(PATHS).lesson
    keep_progress(lesson, len(lesson.steps) - 1, set(range(len(lesson.steps))))
    window.bridge.lesson.leave()
    lay_out(window)
    assert (button.text(), state.text()) == ("Again", "✓ done")
    menu = window.action_set.filled["Lessons"][0]
    menu.aboutToShow.emit()
    titles = [action.text() for action in menu.actions()]
    assert titles[3] == "4 · When a value is used twice   ✓ done" and titles[4] == "5 · A neuron, worked by hand"
    click(window, button)
    assert panel.place.text() == "1 of 7" and not panel.start_over.isVisible()
    window.bridge.lesson.leave()


def test_what_is_done_is_found_again_by_its_title_when_the_author_puts_in_a_step(window, tmp_path) -> None:
    step = (
        "## {}\n\n```graph\nx = 3\ny = x * x\n```\n\ny is {{=y}}.\n\n```task\nsay: y?\nanswer: y\nright: Yes.\n```\n\n"
    )
    head, path = "---\ntitle: Mine\n---\n\n", tmp_path / "mine.md"
    path.write_text(head + step.format("One") + step.format("Two"), "utf-8")
    keep_progress(load_lesson(path).lesson, 1, {0})
    path.write_text(head + step.format("New") + step.format("One") + step.format("Two"), "utf-8")
    assert window.doors.show_lesson(path)
    lay_out(window)
    assert panel_of(window).heading.text() == "Two" and window.bridge.lesson.done == {1}
    window.bridge.lesson.leave()


def test_a_file_of_progress_that_is_nonsense_is_none(window) -> None:
    place = folders.state_folder() / "lessons.json"
    for text in ("[1, 2", "[]", '{"paths": 3}', json.dumps({"paths": {"at": 4, "number": "x"}}), "\udc80"):
        place.write_text(text, "utf-8", errors="surrogateescape")
        assert progress_of(PATHS) is None and unfinished() is None
        assert window.doors.show_lesson(PATHS) and window.bridge.lesson.at == 0
        window.bridge.lesson.leave()


def test_a_lesson_stands_beside_all_that_is_below_the_canvas(window) -> None:
    window.resize(1400, 900)
    assert window.doors.show_lesson(find_shelved("slope").path)
    window.bridge.lesson.go(4)
    lay_out(window)
    panel = panel_of(window)
    slopes, lesson = window.panels.by_side[2][-1], panel.mapTo(window, panel.rect().bottomRight())
    assert window.panels.is_open("slopes")
    for below in (part for part in window.panels.by_side[2] if part.isVisible()):
        assert below.mapTo(window, below.rect().topLeft()).x() > lesson.x()
        assert below.mapTo(window, below.rect().bottomLeft()).y() <= lesson.y()
    assert slopes.isVisible() or window.timeline.isVisible()
    window.bridge.lesson.leave()
