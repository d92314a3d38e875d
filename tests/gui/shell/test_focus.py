"""Where the keys are: they reach every part of the window, are seen, get out of each, and are never lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine import edits
from engine.files.examples import find_example
from engine.text.read import parse
from gui.canvas.quick_add import QuickField
from gui.document.errors import Notice
from gui.look.style import sheet_of
from gui.look.theme import DARK, LIGHT
from gui.main_window import MainWindow
from gui.widgets.buttons import PushButton
from gui.widgets.fields import Line
from gui.widgets.segmented import Segmented
from tests.gui.window_tools import CTRL, NONE, SHIFT, Key, lay_out, press

PANELS = {"palette": (0, 1), "inspector": (1, 0), "training": (2, -2), "timeline": (2, -1)}  # side of the canvas, place


def focus() -> QWidget:
    there = QApplication.focusWidget()
    assert there is not None
    return there


def button(window: MainWindow, text: str) -> PushButton:
    return next(each for each in window.findChildren(PushButton) if each.text() == text and each.isVisible())


@pytest.fixture
def busy(window: MainWindow) -> MainWindow:
    """A window with all panels open, a parameter selected, and a message."""
    window.resize(1440, 900)
    window.files.open_example(find_example("train-xor").path)
    window.panels.show_panel("training")
    window.selection.select(["W1"])
    window.tell(Notice("Something was left out.", "details"))
    QApplication.processEvents()
    window.canvas.setFocus()
    return window


def stops(window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier = NONE, most: int = 90) -> list[QWidget]:
    """Where a key leads, until it comes back to the canvas."""
    found = [focus()]
    for _ in range(most):
        press(window, key, held)
        found.append(focus())
        if focus() is window.canvas:
            return found
    raise AssertionError("a trap")


@pytest.mark.parametrize(("key", "held"), [(Key.Key_F6, NONE), (Key.Key_F6, SHIFT)])
def test_f6_goes_round_everything_that_takes_keys_and_comes_back(busy: MainWindow, key: Qt.Key, held) -> None:
    found = stops(busy, key, held)
    by_side = [panel for side in busy.panels.by_side for panel in side if panel.isVisible()]
    parts = [*by_side, busy.top_bar, busy.status, busy.messages]
    assert all(any(part.isAncestorOf(stop) for stop in found) for part in parts)
    assert len(found) == len(parts) + 2 and all(stop.isVisible() and stop.isEnabled() for stop in found)


def test_f6_and_shift_f6_are_each_the_way_back_of_the_other(busy: MainWindow) -> None:
    forward = stops(busy, Key.Key_F6)
    assert stops(busy, Key.Key_F6, SHIFT) == forward[::-1]


def test_a_pane_is_come_back_to_where_one_was(busy: MainWindow) -> None:
    press(busy, Key.Key_F6)
    press(busy, Key.Key_Tab)
    press(busy, Key.Key_Tab)
    there = focus()
    press(busy, Key.Key_F6)
    press(busy, Key.Key_F6, SHIFT)
    assert focus() is there


def test_shift_tab_leads_out_of_the_canvas_and_through_the_window_back_to_it(busy: MainWindow) -> None:
    found = stops(busy, Key.Key_Tab, SHIFT)
    assert len(set(found)) == len(found) - 1 > 20, "nothing twice but the canvas"
    assert all(stop.isVisible() and stop.isEnabled() for stop in found)


def look(widget: QWidget) -> QImage:
    QApplication.processEvents()
    return widget.grab().toImage()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda look: look.name)
def test_what_has_the_keys_is_seen_to_have_them(busy: MainWindow, theme) -> None:
    app = QApplication.instance()
    before = app.styleSheet()
    app.setStyleSheet(sheet_of(theme))
    try:
        for stop in stops(busy, Key.Key_Tab, SHIFT)[:-1]:
            other = busy.canvas if stop is not busy.canvas else busy.top_bar
            other.setFocus(Qt.FocusReason.OtherFocusReason)
            without = look(stop)
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            assert look(stop) != without, (type(stop).__name__, stop.accessibleName())
    finally:
        app.setStyleSheet(before)


# --- what goes


def test_after_stop_the_keys_are_at_start_and_not_at_whatever_stands_next(busy: MainWindow, qtbot: QtBot) -> None:
    start, stop = button(busy, "Start"), button(busy, "Stop")
    start.setFocus()
    press(busy, Key.Key_Space)
    qtbot.waitUntil(stop.isEnabled)
    stop.setFocus(Qt.FocusReason.TabFocusReason)
    press(busy, Key.Key_Space)
    qtbot.waitUntil(lambda: not stop.isEnabled())
    qtbot.waitUntil(start.hasFocus)


def test_a_button_that_is_used_up_gives_the_keys_to_its_neighbour(busy: MainWindow, qtbot: QtBot) -> None:
    busy.selection.select(["b2"])
    press(busy, Key.Key_Delete)
    undo = next(each for each in busy.top_bar.findChildren(QWidget) if each.objectName() == "button-undo")
    redo = next(each for each in busy.top_bar.findChildren(QWidget) if each.objectName() == "button-redo")
    undo.setFocus(Qt.FocusReason.TabFocusReason)
    press(busy, Key.Key_Space)
    assert not undo.isEnabled()
    qtbot.waitUntil(redo.hasFocus)


def test_a_message_that_is_closed_gives_the_keys_to_the_canvas(busy: MainWindow, qtbot: QtBot) -> None:
    press(busy, Key.Key_F6, SHIFT)
    assert busy.messages.isAncestorOf(focus())
    busy.messages.close_button.setFocus(Qt.FocusReason.TabFocusReason)
    press(busy, Key.Key_Space)
    qtbot.waitUntil(busy.canvas.hasFocus)


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_that_is_closed_gives_the_keys_to_the_canvas(busy: MainWindow, qtbot: QtBot, name: str) -> None:
    side, at = PANELS[name]
    panel = busy.panels.by_side[side][at]
    while not panel.isAncestorOf(focus()):
        press(busy, Key.Key_F6)
    busy.panels.toggle(name)
    assert not panel.isVisible()
    qtbot.waitUntil(busy.canvas.hasFocus)
    busy.panels.toggle(name)  # the layout is remembered: the next window finds it as it was


def test_the_keys_are_the_canvas_again_when_a_field_and_all_beside_it_go_away(window: MainWindow) -> None:
    window.resize(1440, 900)
    window.bridge.load(parse("x = 3; y = 5; z = x * y"))
    window.selection.select(["x"])
    lay_out(window)
    fields = window.inspector.findChildren(Line)
    QTest.mouseClick(next(each for each in fields if each.accessibleName() == "Value"), Qt.MouseButton.LeftButton)
    kind = next(each for each in window.inspector.findChildren(Segmented) if each.accessibleName() == "Kind of leaf")
    QTest.mouseClick(kind, Qt.MouseButton.LeftButton, pos=kind.rect().center())
    assert window.bridge.now.graph.nodes["x"].op_name == "parameter" and focus() is kind
    press(window, Key.Key_A, CTRL)
    lay_out(window)
    assert len(window.selection.nodes) == 3 and focus() is window.canvas
    press(window, Key.Key_Delete)
    assert not window.bridge.now.graph.nodes


@pytest.mark.parametrize("more", [NONE, SHIFT])
def test_in_quick_add_undo_is_about_what_is_typed_and_never_about_the_document_behind(window, more):
    window.bridge.load(parse("f = x * y"))
    for value in (2.0, 3.0, 4.0):
        window.bridge.edit(lambda graph, value=value: edits.set_value(graph, "x", value))
    window.bridge.undo()
    before = window.bridge.now.graph
    window.canvas.setFocus()
    for sign in "re":
        QTest.keyClick(focus(), sign)
    field = focus()
    assert isinstance(field, QuickField) and field.text() == "re"
    for _ in range(4):
        press(window, Key.Key_Z, CTRL | more)
        QApplication.processEvents()
    assert window.bridge.now.graph is before and focus() is field
