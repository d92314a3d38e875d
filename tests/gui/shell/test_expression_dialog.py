"""New from expression: a program is typed, understood while it is typed, and becomes a graph."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPoint, QTimer, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from engine.export import EXPORTS
from engine.graph.graph import Graph
from gui.main_window import MainWindow
from gui.shell.dialogs.expression import ExpressionDialog
from tests.gui.graphs import product
from tests.gui.window_tools import CTRL, LEFT, Key, copy, give, one_undo_step, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a screen that is none, of menus
TEXTS = [target for target in EXPORTS.values() if not target.binary]


def in_dialog(window: MainWindow, do: Callable[[ExpressionDialog], None]) -> None:
    """Open the dialog by its key, and do something in it that ends it."""

    def act() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ExpressionDialog)
        try:
            do(dialog)
        finally:
            if dialog.isVisible():
                dialog.reject()

    QTimer.singleShot(0, window, act)
    press(window, Key.Key_E, CTRL)


def test_several_lines_and_ctrl_enter(window):
    def type_it(dialog: ExpressionDialog) -> None:
        QTest.keyClicks(dialog.text, "q = x + y")
        QTest.keyClick(dialog.text, Key.Key_Return)
        QTest.keyClicks(dialog.text, "f = q * 3")
        assert dialog.message.text() == "5 nodes, inputs x, y; the target f is 6."
        QTest.keyClick(dialog.text, Key.Key_Return, CTRL)
        assert not dialog.isVisible()

    in_dialog(window, type_it)
    assert float(window.bridge.now.trace.value("f")) == 6 and "x and y" in window.status.sentence.text()
    one_undo_step(window, Graph())


def test_a_mistake_is_named_underlined_and_creates_nothing(product_window):
    def type_it(dialog: ExpressionDialog) -> None:
        QTest.keyClicks(dialog.text, "f = x * sigmiod(y)")
        assert dialog.message.text() == "line 1, column 9: there is no operation “sigmiod”; did you mean “sigmoid”?"
        (mark,) = dialog.text.extraSelections()
        assert mark.cursor.selectedText() == "sigmiod"
        QTest.keyClick(dialog.text, Key.Key_Return, CTRL)
        assert dialog.isVisible() and not dialog.create_button.isEnabled()
        QTest.keyClick(dialog, Key.Key_Escape)

    in_dialog(product_window, type_it)
    assert product_window.bridge.now.graph == product()


def test_examples_are_one_click_and_all_of_them_run(window):
    from gui.shell.dialogs.expression import EXAMPLES

    said: list[str] = []

    def click_them(dialog: ExpressionDialog) -> None:
        for title, text in EXAMPLES.items():
            (button,) = [b for b in dialog.findChildren(QPushButton) if b.text() == title]
            QTest.mouseClick(button, LEFT)
            assert dialog.text.toPlainText() == text and dialog.create_button.isEnabled()
            said.append(dialog.message.text())

    in_dialog(window, click_them)
    assert len(said) == len(EXAMPLES) and all("; the target" in sentence for sentence in said)
    assert not window.bridge.now.graph.nodes


def test_a_flood_of_text_stays_out_of_the_field(window):
    def paste_it(dialog: ExpressionDialog) -> None:
        QTest.keyClicks(dialog.text, "x")
        QTest.keyClick(dialog.text, Key.Key_V, CTRL)
        assert dialog.text.toPlainText() == "x" and "too long" in dialog.message.text()

    copy("x+" * 5_000_000 + "x")
    in_dialog(window, paste_it)


def test_a_link_from_elsewhere_is_no_text(window):
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/x")])
    assert not give(window.canvas.viewport(), data, QPoint(200, 200))
    assert not window.messages.isVisible()
