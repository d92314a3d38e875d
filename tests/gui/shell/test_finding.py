"""What the list of actions finds by a word, and that it is done."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from gui.main_window import MainWindow
from gui.shell.command_palette import CommandPalette
from tests.gui.window_tools import CTRL, Key, in_dialog, press


def find(window: MainWindow, words: str) -> None:
    def look(dialog: CommandPalette) -> None:
        field = dialog.findChild(QLineEdit)
        QTest.keyClicks(field, words)
        QTest.keyClick(field, Key.Key_Return)

    in_dialog(window, CommandPalette, look, lambda: press(window, Key.Key_K, CTRL))


def test_seed_finds_the_seed_and_lets_it_be_typed(product_window) -> None:
    find(product_window, "seed")
    assert product_window.selection.nodes == {"f"}
    QTest.keyClicks(QApplication.focusWidget(), "10")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert product_window.bridge.now.graph.seed == 10


def test_an_action_is_found_by_what_is_said_of_it(product_window) -> None:
    position = product_window.bridge.player.position
    find(product_window, "before the first value")
    assert position > 0 and product_window.bridge.player.position == 0
