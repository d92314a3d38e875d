"""Panels that are opened while something is presented: they are read from the last row, and leave no trace."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from engine.teach.lessons.shelf import find_shelved
from gui.document import settings
from gui.look.text_size import text_size
from gui.main_window import MainWindow
from gui.panels.trace.table import TraceTable
from tests.gui.look.test_text_size import cut_off, dressed
from tests.gui.shell.test_presentation import begin
from tests.gui.window_tools import Key, lay_out, press

__all__ = ["dressed"]  # a fixture
BELOW = ("trace", "paths", "slopes", "training", "what_if")
BESIDE = ("inspector", "problems", "lesson", "palette")
LEAST = 0.024  # of the height: the smallest letters, those of captions
USUAL = 0.03  # of it: all others


def type_of(part: QWidget) -> int:
    return part.fontInfo().pixelSize()


def opened(window: MainWindow, name: str) -> QWidget:
    """Open a panel, and have it."""
    before = [each for side in window.panels.by_side for each in side if each.isVisible()]
    window.panels.show_panel(name)
    lay_out(window)
    (found,) = (each for side in window.panels.by_side for each in side if each.isVisible() and each not in before)
    return found


def told(panel: QWidget) -> list[QLabel]:
    return [each for each in panel.findChildren(QLabel) if each.isVisible() and each.text().strip()]


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_what_is_opened_on_the_stage_is_in_large_type_and_has_room(dressed, qtbot, width, height) -> None:
    window = dressed
    begin(window, qtbot, width, height)
    for name in (*BELOW, *BESIDE):
        panel = opened(window, name)
        texts = told(panel)
        assert all(type_of(each) >= LEAST * height for each in texts), [
            (name, each.text(), type_of(each)) for each in texts
        ]
        assert not texts or max(map(type_of, texts)) >= USUAL * height, name
        inside = panel.rect().translated(panel.mapTo(window, panel.rect().topLeft()))
        assert window.rect().contains(inside), name
        assert cut_off(panel) == [], name
        if name in BELOW:
            assert panel.height() > 0.4 * height and window.canvas.height() >= 0.25 * height, name
            assert [each for each in BELOW if window.panels.is_open(each)] == [name], "one at a time"
        else:
            assert 0 < panel.width() <= 0.46 * width and window.canvas.width() > 0.3 * width, name
        window.panels.show_panel(name, False)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900), (1920, 1080)])
def test_a_trace_is_read_to_its_last_column(dressed, qtbot, width, height) -> None:
    window = dressed
    begin(window, qtbot, width, height)
    table = opened(window, "trace").findChild(TraceTable)
    assert table.isVisible() and not table.horizontalScrollBar().maximum()
    assert table.viewport().height() >= 4 * table.rowHeight(0)


def test_the_board_of_a_lesson_keeps_its_height_beside_a_panel(dressed, qtbot) -> None:
    window = dressed
    assert window.show_lesson(find_shelved("slope").path)
    begin(window, qtbot, 1280, 720)
    lay_out(window)
    panel = opened(window, "trace")
    assert window.board.height() >= window.board.minimumSizeHint().height()
    assert window.canvas.height() >= 60 and panel.height() >= 180


def test_everything_is_as_it_was_when_the_stage_is_left(dressed, qtbot) -> None:
    window = dressed
    window.resize(1280, 800)
    lay_out(window)
    parts = [window.canvas, window.timeline, *(each for side in window.panels.by_side for each in side)]
    before = [(each.isVisible(), each.size()) for each in parts]
    least = {each: each.minimumSize() for each in window.findChildren(QLabel)}
    begin(window, qtbot, 1280, 720)
    for name in (*BELOW, *BESIDE):
        window.panels.show_panel(name)
    lay_out(window)
    press(window, Key.Key_Escape)
    window.setWindowState(window.windowState() & ~window.windowState().WindowFullScreen)
    window.resize(1280, 800)
    lay_out(window)
    assert not window.presenting and text_size.percent == 100
    labels = set(window.findChildren(QLabel)) & least.keys()
    larger = {each: each.minimumSize() - least[each] for each in labels}
    grown = [each.text() for each in labels if larger[each].width() > 2 or larger[each].height() > 2]
    assert labels and not grown, "it was measured in large letters"
    now = [(each.isVisible(), each.size()) for each in parts]
    assert [seen for seen, _ in now] == [seen for seen, _ in before]
    for (seen, was), (_, size) in zip(before, now, strict=True):
        assert not seen or (abs(was.width() - size.width()) <= 2 and abs(was.height() - size.height()) <= 2)


def test_the_size_that_was_chosen_stays_and_can_be_changed_on_the_stage(dressed, qtbot) -> None:
    window: MainWindow = dressed
    begin(window, qtbot, 1280, 720)
    large = text_size.percent
    window.preferences.change_text_size(1)
    assert text_size.chosen == 115 and text_size.percent > large
    window.preferences.change_text_size(-1)
    assert text_size.percent == large
    press(window, Key.Key_Escape)
    assert text_size.percent == 100 and settings.get("text_size") == 100


def test_the_speakers_notes_are_read_from_near(dressed, qtbot) -> None:
    window = dressed
    begin(window, qtbot, 1280, 720)
    press(window, Key.Key_N)
    lay_out(window)
    notes = window.presenter.notes
    assert notes is not None and type_of(notes.place) == 13 and type_of(notes.notes) == 20
    press(window, Key.Key_N)
