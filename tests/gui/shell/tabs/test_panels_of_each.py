"""What puts panels away beside one document (a question, a presentation, little room) does so there alone."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from engine.files import disk
from engine.teach.lessons.shelf import find_shelved
from gui.shell.closing import take_down
from tests.gui.graphs import product
from tests.gui.keys.keys_tools import gates
from tests.gui.tabs_tools import click_tab, open_tabs
from tests.gui.window_tools import Key, press

USUAL = ("palette", "inspector", "timeline")


@pytest.fixture
def opened(qapp, tmp_path):
    """Opens windows as the program does; all are gone at the end."""
    disk.save(product(), tmp_path / "a.gradloom")
    disk.save(gates(), tmp_path / "b.gradloom")
    made = []

    def open_them(*files):
        made.append(open_tabs(*files))
        return made[-1]

    yield open_them
    for tabs in made:
        tabs.closing.end()
        take_down(tabs)


def seen(tabs) -> set[str]:
    """The panels of every document that stand beside the one in front."""
    QApplication.processEvents()
    return {name for name in (*USUAL, "predict") if tabs.current.panels.is_open(name)}


def test_a_question_about_one_document_leaves_the_panels_of_the_next_alone(opened, tmp_path):
    tabs = opened(tmp_path / "a.gradloom")
    wide = tabs.current.inspector.width()
    press(tabs.current, Key.Key_F4)
    assert seen(tabs) == {"timeline", "predict"}
    tabs.open(tmp_path / "b.gradloom")
    assert seen(tabs) == set(USUAL) and tabs.current.inspector.width() == wide
    click_tab(tabs, 0)
    assert seen(tabs) == {"timeline", "predict"}, "what would tell the answer does not come out with a change of tab"
    press(tabs.current, Key.Key_F4)
    assert seen(tabs) == set(USUAL)


@pytest.mark.parametrize("front", [0, 1])
def test_a_question_that_is_open_at_the_end_is_no_layout_of_the_next_start(opened, tmp_path, front):
    tabs = opened(tmp_path / "a.gradloom")
    wide = tabs.current.inspector.width()
    press(tabs.current, Key.Key_F4)
    tabs.open(tmp_path / "b.gradloom")
    click_tab(tabs, front)
    assert tabs.close()
    after = opened()
    assert seen(after) == set(USUAL) and after.current.inspector.width() == wide


def test_what_is_put_away_beside_the_next_document_stays_away_after_the_question(opened, tmp_path):
    tabs = opened(tmp_path / "a.gradloom")
    press(tabs.current, Key.Key_F4)
    tabs.open(tmp_path / "b.gradloom")
    tabs.current.panels.toggle("palette")
    click_tab(tabs, 0)
    press(tabs.current, Key.Key_F4)
    assert seen(tabs) == {"inspector", "timeline"}


def test_who_presents_a_question_finds_the_panels_of_the_next_document_after_it(opened, tmp_path):
    tabs = opened(tmp_path / "a.gradloom", tmp_path / "b.gradloom")
    click_tab(tabs, 0)
    press(tabs.current, Key.Key_F4)
    press(tabs.current, Key.Key_F11)
    tabs.go(1)
    assert seen(tabs) == {"timeline"}
    press(tabs.current, Key.Key_Escape)
    assert seen(tabs) == set(USUAL)
    tabs.go(1)
    assert seen(tabs) == {"timeline", "predict"}


def test_a_question_in_a_lesson_leaves_the_panels_of_the_next_document_alone(opened, tmp_path):
    tabs = opened(tmp_path / "a.gradloom")
    tabs.show_lesson(find_shelved("paths").path)
    QApplication.processEvents()
    tabs.current.bridge.lesson.go(2)
    assert tabs.current.bridge.asking.is_on and not seen(tabs) & {"palette", "inspector"}
    tabs.open(tmp_path / "b.gradloom")
    assert seen(tabs) == set(USUAL)
    tabs.go(-1)
    assert not seen(tabs) & {"palette", "inspector"}
    tabs.current.bridge.lesson.go(0)
    assert not seen(tabs) & {"palette", "inspector"}


@pytest.mark.parametrize("key", [Key.Key_F4, Key.Key_F11])
def test_what_has_given_way_comes_back_with_the_room_also_after_a_question_or_a_presentation(opened, tmp_path, key):
    tabs = opened(tmp_path / "a.gradloom")
    tabs.resize(800, 700)
    assert seen(tabs) == {"palette", "timeline"}
    press(tabs.current, key)
    press(tabs.current, key)
    tabs.showNormal()
    tabs.resize(800, 700)
    assert seen(tabs) == {"palette", "timeline"}
    tabs.resize(1280, 800)
    assert seen(tabs) == set(USUAL)


def test_what_has_given_way_stays_away_when_another_document_comes_to_the_front(opened, tmp_path):
    tabs = opened(tmp_path / "a.gradloom", tmp_path / "b.gradloom")
    tabs.resize(800, 700)
    assert seen(tabs) == {"palette", "timeline"}
    for at in (0, 1):
        click_tab(tabs, at)
        assert seen(tabs) == {"palette", "timeline"}
    tabs.resize(1280, 800)
    assert seen(tabs) == set(USUAL)
