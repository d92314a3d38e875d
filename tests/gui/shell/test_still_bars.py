"""Nothing in a bar moves because of what it tells: a button stays under the mouse that is about to press it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from engine import edits
from gui.main_window import MainWindow
from gui.shell.closing import take_down
from gui.shell.status_bar import StatusBar
from gui.shell.top_bar import EDITED, ActionButton
from gui.widgets.labels import ElidedLabel, PlainLabel
from tests.gui.tabs_tools import open_tabs, read
from tests.gui.window_tools import lay_out


def places(window: MainWindow) -> dict[str, tuple[int, int]]:
    """Where each button of the top bar stands, and how wide it is."""
    buttons = window.top_bar.findChildren(ActionButton)
    return {each.action_id: (each.mapTo(window, each.rect().topLeft()).x(), each.width()) for each in buttons}


@pytest.mark.parametrize("wide", [1900, 1280, 900, 620])
def test_no_button_moves_when_a_document_is_edited_saved_or_has_another_name(window, tmp_path, wide: int) -> None:
    window.resize(wide, 700)
    lay_out(window)
    before = places(window)
    window.bridge.edit(lambda graph: edits.add_node(graph, "add", (0, 0)))
    lay_out(window)
    assert window.bridge.document.modified and places(window) == before
    window.files.ask.save_path = tmp_path / "a name that is longer than what there is room for beside it.gradloom"
    assert window.files.save()
    lay_out(window)
    assert not window.isWindowModified() and places(window) == before


def test_a_short_name_after_a_long_one_has_edited_beside_it(window) -> None:
    title = window.top_bar.findChild(ElidedLabel)
    lay_out(window)
    window.top_bar.show_title("a name that is longer than what there is room for beside it", True)
    lay_out(window)
    window.top_bar.show_title("net", True)
    lay_out(window)
    assert title.width() <= title.fontMetrics().horizontalAdvance("net") + 2
    assert EDITED in [label.text() for label in window.top_bar.findChildren(PlainLabel) if label.isVisible()]


def test_counts_in_the_status_bar_keep_their_places(qtbot) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(900, 26)
    bar.show()
    bar.show_nodes(9)
    bar.show_zoom(0.99)
    QApplication.processEvents()
    before = [each.geometry() for each in (bar.nodes, bar.zoom)]
    bar.show_nodes(1234)
    bar.show_zoom(1.0)
    bar.show_problems(12)
    QApplication.processEvents()
    assert [each.geometry() for each in (bar.nodes, bar.zoom)] == before


def test_no_tab_moves_when_a_document_is_edited(qtbot) -> None:
    tabs = open_tabs()
    try:
        tabs.new()
        tabs.current.bridge.edit(lambda graph: edits.add_node(graph, "add", (0, 0)))
        tabs.new()
        QApplication.processEvents()
        strip = tabs.band.strip
        assert read(tabs) == ["Untitled*", "Untitled 2"]
        before = [strip.tabRect(at) for at in range(2)]
        tabs.current.bridge.edit(lambda graph: edits.add_node(graph, "mul", (0, 0)))
        QApplication.processEvents()
        assert read(tabs) == ["Untitled*", "Untitled 2*"] and [strip.tabRect(at) for at in range(2)] == before
        assert tabs.windowTitle() == "Untitled 2[*] — Gradloom"
    finally:
        tabs.closing.end()
        take_down(tabs)
