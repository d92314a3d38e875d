"""A lesson has a tab of its own: what was open stays as it was, and each tab has its panels."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from engine.edits.nodes import set_value
from engine.teach.lessons.shelf import find_shelved
from tests.gui.graphs import product
from tests.gui.tabs_tools import click_tab, names


def test_a_lesson_leaves_what_was_open_alone(tabs) -> None:
    home = tabs.current
    home.bridge.load(product())
    home.bridge.edit(lambda graph: set_value(graph, "x", 7.0))
    kept = home.bridge.document.graph
    assert tabs.show_lesson(find_shelved("paths").path)
    QApplication.processEvents()
    lesson = tabs.current
    assert lesson is not home and names(tabs)[1] == "When a value is used twice"
    assert lesson.panels.is_open("lesson") and not lesson.panels.is_open("palette")
    click_tab(tabs, 0)
    assert home.bridge.document.graph is kept and home.bridge.document.undo_text is not None
    assert home.panels.is_open("palette") and home.panels.is_open("inspector") and not home.panels.is_open("lesson")
    click_tab(tabs, 1)
    assert tabs.current is lesson and lesson.panels.is_open("lesson") and not lesson.panels.is_open("inspector")
    assert lesson.bridge.lesson.lesson is not None and lesson.bridge.lesson.at == 0


def test_what_is_no_lesson_leaves_no_tab_behind(tabs, tmp_path) -> None:
    tabs.current.bridge.load(product())
    (tmp_path / "bad.md").write_text("nothing", "utf-8")
    assert not tabs.show_lesson(tmp_path / "bad.md")
    QApplication.processEvents()
    assert len(tabs.pages) == 1 and "“bad.md” is no lesson yet" in tabs.current.messages.sentence.text()
    assert not tabs.show_lesson(tmp_path / "none.md") and len(tabs.pages) == 1


def test_the_next_lesson_takes_the_tab_of_the_one_before(tabs) -> None:
    tabs.current.bridge.load(product())
    assert tabs.show_lesson(find_shelved("paths").path)
    QApplication.processEvents()
    page = tabs.current
    page.bridge.lesson.go(2)
    assert page.bridge.asking.is_on
    assert tabs.show_lesson(find_shelved("neuron").path)
    QApplication.processEvents()
    assert tabs.current is page and len(tabs.pages) == 2 and names(tabs)[1] == "A neuron, worked by hand"
    assert page.bridge.lesson.at == 0
    assert not tabs.show_lesson(find_shelved("paths").path.with_name("none.md"))
    assert page.bridge.lesson.lesson is not None and page.bridge.lesson.lesson.title == "A neuron, worked by hand"
