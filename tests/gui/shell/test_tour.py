"""The tour of a newcomer, with real mouse and keys: each step waits for the thing itself, and none is in the way."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView

from engine.files import disk
from gui.document import settings
from gui.shell.closing import take_down
from gui.shell.tour import DONE, NEW_HERE, STEPS
from tests.gui.canvas_tools import port_spot
from tests.gui.tabs_tools import graph, names, open_tabs
from tests.gui.window_tools import CTRL, LEFT, Key, drop_on_canvas, lay_out, press, type_value, wire


@pytest.fixture
def tabs(qapp):
    made = open_tabs()
    QTest.qWaitForWindowActive(made)
    yield made
    made.closing.end()
    take_down(made)


def said(tabs) -> str:
    bar = tabs.current.tour.bar
    return bar.sentence.text() if bar.isVisible() else ""


def at(tabs, number: int) -> bool:
    return said(tabs) == STEPS[number - 1].words and tabs.current.tour.bar.number.text() == f"{number} of {len(STEPS)}"


def click(button) -> None:
    QTest.mouseClick(button, LEFT, pos=QPoint(10, 10))
    QApplication.processEvents()


def test_a_newcomer_takes_the_tour_from_the_first_start_to_a_saved_file(tabs, tmp_path, qtbot):
    assert said(tabs) == NEW_HERE and tabs.current.canvas.hasFocus(), "it is offered, and nothing waits for an answer"
    click(tabs.current.tour.bar.begin)
    page = tabs.current
    assert at(tabs, 1) and set(graph(tabs).nodes) == {"x", "y"} and page.canvas.hasFocus()
    drop_on_canvas(page, "mul", 360, 60)
    page.canvas.camera.fit_all(animated=False)
    assert at(tabs, 2)
    wire(page, "x", "mul", 0)
    assert at(tabs, 2), "one of two"
    wire(page, "y", "mul", 1)
    assert at(tabs, 3)
    page.canvas.setFocus()
    press(tabs, Key.Key_Home)
    assert at(tabs, 3), "looking at the pass changes no value"
    type_value(page, "x", "-4")
    assert at(tabs, 4)
    page.canvas.setFocus()
    press(tabs, Key.Key_Space)
    assert at(tabs, 4), "it is playing"
    qtbot.waitUntil(lambda: at(tabs, 5), timeout=60_000)
    frame = page.bridge.now.frame
    x, y = -4.0, 3.0
    assert np.allclose([frame.value("mul"), frame.gradient("x"), frame.gradient("y")], [x * y, y, x])
    page.files.ask.save_path = tmp_path / "first.gradloom"
    press(tabs, Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: said(tabs) == DONE)
    assert disk.load(tmp_path / "first.gradloom") == graph(tabs)
    click(page.tour.bar.end)
    assert said(tabs) == "" and page.canvas.hasFocus()


def test_it_is_offered_once_in_a_life(tabs):
    click(tabs.current.tour.bar.end)
    assert said(tabs) == ""
    again = open_tabs()
    try:
        assert said(again) == "" and settings.get("tour_offered")
    finally:
        again.closing.end()
        take_down(again)


def test_help_begins_it_again_on_a_tab_of_its_own_and_steps_can_be_skipped(tabs):
    tabs.current.tour.stop()
    drop_on_canvas(tabs.current, "input", 0, 0)
    work = graph(tabs)
    tabs.current.action_set.by_id["tour"].trigger()
    assert len(names(tabs)) == 2 and at(tabs, 1)
    for number in range(2, len(STEPS) + 1):
        click(tabs.current.tour.bar.skip)
        assert at(tabs, number)
    click(tabs.current.tour.bar.skip)
    assert said(tabs) == "" and tabs.pages[0].bridge.now.graph == work


def test_what_comes_connected_needs_no_connecting(tabs):
    """Typed, an op is connected to what is selected."""
    click(tabs.current.tour.bar.begin)
    page = tabs.current
    page.selection.select(["x"])
    for sign in "relu":
        QTest.keyClick(QApplication.focusWidget(), sign)
    press(tabs, Key.Key_Return)
    assert at(tabs, 3) and graph(tabs).edges


def test_it_ends_at_any_time_and_never_stands_in_the_way(tabs, tmp_path):
    tabs.current.action_set.by_id["tour"].trigger()
    assert not tabs.current.files.is_modified, "who leaves at once is asked nothing"
    drop_on_canvas(tabs.current, "relu", 360, 60)
    press(tabs, Key.Key_Z, CTRL)
    assert at(tabs, 2), "what was done is done"
    press(tabs, Key.Key_N, CTRL)
    assert said(tabs) == "" and len(tabs.pages) == 2, "another document is nobody's tour"
    press(tabs, Key.Key_Tab, CTRL)
    assert at(tabs, 2)
    click(tabs.current.tour.bar.end)
    assert said(tabs) == "" and tabs.current.tour.step is None


def ringed(tabs) -> QPoint:
    """The middle of what has a ring round it, on the screen."""
    ring = tabs.current.tour.ring
    assert ring.isVisible()
    return ring.mapToGlobal(ring.rect().center())


def near(one: QPoint, other: QPoint, by: int = 12) -> bool:
    return (one - other).manhattanLength() <= by


def test_a_ring_goes_along_with_what_is_spoken_of(tabs, qtbot):
    click(tabs.current.tour.bar.begin)
    page, canvas = tabs.current, tabs.current.canvas
    lay_out(page)

    def where(id: str) -> QPoint:
        return canvas.viewport().mapToGlobal(port_spot(canvas, id, "out"))

    rows = page.ops.findChild(QListView).viewport()
    qtbot.waitUntil(lambda: rows.rect().contains(rows.mapFromGlobal(ringed(tabs))))
    drop_on_canvas(page, "mul", 360, 60)
    assert at(tabs, 2)
    qtbot.waitUntil(lambda: near(ringed(tabs), where("x")))
    canvas.camera.pan(40, 25)
    qtbot.waitUntil(lambda: near(ringed(tabs), where("x")))
    wire(page, "x", "mul", 0)
    qtbot.waitUntil(lambda: near(ringed(tabs), where("y")))
    wire(page, "y", "mul", 1)
    assert at(tabs, 3)
    type_value(page, "x", "-4")
    assert at(tabs, 4)
    play = page.timeline.play_button
    qtbot.waitUntil(lambda: near(ringed(tabs), play.mapToGlobal(play.rect().center())))
    click(page.tour.bar.end)
    assert page.tour.ring.isHidden()


def test_an_audience_is_not_asked_whether_it_is_new_here(tabs):
    assert said(tabs) == NEW_HERE
    tabs.current.toggle_presentation(screen=False)
    assert said(tabs) == ""
    tabs.current.toggle_presentation(screen=False)
    assert said(tabs) == "", "nor who has come back from it"
