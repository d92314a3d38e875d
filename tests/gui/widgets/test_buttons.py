"""Enter presses the button that has the focus, in every panel and dialog, as Space does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QLineEdit, QRadioButton, QWidget

from gui.shell.dialogs.check import CheckDialog
from gui.shell.dialogs.expression import EXAMPLES, ExpressionDialog
from gui.widgets.buttons import PushButton, ToolButton
from gui.widgets.round_button import RoundButton
from tests.gui.window_tools import CTRL, Key, in_dialog, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # dialogs, offscreen

GUI = Path(__file__).parents[3] / "gui"


def button(within: QWidget, words: str) -> QAbstractButton:
    found = within.findChildren(QAbstractButton)
    return next(b for b in found if words in (b.text(), b.accessibleName()) and b.isVisible())


def press_enter(pressed: QAbstractButton, key: Qt.Key = Key.Key_Return) -> None:
    pressed.window().activateWindow()
    pressed.setFocus(Qt.FocusReason.TabFocusReason)
    assert pressed.window().focusWidget() is pressed
    QTest.keyClick(pressed, key)


def test_a_button_under_try_shows_its_example_and_creates_nothing(window) -> None:
    def look(dialog: ExpressionDialog) -> None:
        press_enter(button(dialog, "A neuron"))
        assert dialog.text.toPlainText() == EXAMPLES["A neuron"] and dialog.isVisible()
        press_enter(button(dialog, "Cancel"))
        assert not dialog.isVisible() and not window.bridge.now.graph.nodes

    in_dialog(window, ExpressionDialog, look, lambda: press(window, Key.Key_E, CTRL))


def test_the_buttons_of_the_check_are_pressed(product_window, qtbot) -> None:
    press(product_window, Key.Key_F9)
    dialog = product_window.findChild(CheckDialog)
    qtbot.wait_until(lambda: dialog.table.rowCount() == 3)
    press_enter(dialog.close_button, Key.Key_Enter)
    assert not dialog.isVisible()


@pytest.mark.parametrize("words", ["One step back", "Make this the target"])
def test_the_buttons_of_the_window_are_pressed(product_window, words: str) -> None:
    window = product_window
    window.selection.select(["q"])
    QApplication.processEvents()
    before = window.bridge.player.position, window.bridge.now.graph.target
    press_enter(button(window, words))
    assert (window.bridge.player.position, window.bridge.now.graph.target) != before


def test_every_button_is_one_of_ours(product_window) -> None:
    boxes = (QCheckBox, QRadioButton)  # to tick: Enter is the dialog's
    found = product_window.findChildren(QAbstractButton)
    made = [b for b in found if not (b.objectName().startswith("qt_") or isinstance(b.parent(), QLineEdit))]
    assert len(made) > 20
    assert [b for b in made if not isinstance(b, (PushButton, ToolButton, RoundButton, *boxes))] == []
    own = [p for p in GUI.rglob("*.py") if re.search(r"\bQ(Push|Tool)Button\(", p.read_text("utf-8"))]
    assert own == []
