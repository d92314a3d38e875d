"""Every key in the list that F1 shows does what it says there: found in the list itself, pressed on the window."""

from __future__ import annotations

import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QGridLayout, QLabel, QLineEdit

from gui.canvas.keyboard import KEYS
from gui.main_window import MainWindow
from gui.shell.actions import ACTIONS
from gui.shell.actions.action import rows_of
from gui.shell.actions.present import MENU as PRESENTATION
from tests.gui import keys as sections
from tests.gui.document.answers import Answers
from tests.gui.graphs import product
from tests.gui.keys.keys_tools import DOES, Press, Row
from tests.gui.window_tools import ALT, CTRL, SHIFT, Key, in_dialog, press

FILES = (name for _, name, _ in pkgutil.iter_modules(sections.__path__, f"{sections.__name__}."))
SECTIONS = [name for name in FILES if not name.endswith(("_keys", "_tools"))]
pytest.register_assert_rewrite(*SECTIONS)  # no tests by their names, yet they assert
for name in SECTIONS:
    import_module(name)  # it fills DOES

ARROWS = (Key.Key_Left, Key.Key_Up, Key.Key_Right, Key.Key_Down)


def listed(window: MainWindow) -> list[Row]:
    """The rows of the list, as F1 shows it."""
    rows: list[Row] = []

    def read(dialog: QDialog) -> None:
        grid = dialog.findChild(QGridLayout)
        for row in range(grid.rowCount()):
            keys, words = (grid.itemAtPosition(row, column) for column in (0, 1))
            if keys and words and keys.widget() is not words.widget():
                assert isinstance(keys.widget(), QLabel) and isinstance(words.widget(), QLabel)
                rows.append((keys.widget().text(), words.widget().text()))

    in_dialog(window, QDialog, read, lambda: press(window, Key.Key_F1))
    return rows


def presses(window: MainWindow, keys: str) -> list[Press]:
    """Each way of pressing what a row says: “Del or Backspace”, “Alt+arrow keys”."""
    parts = keys.split(" or ") if " or " in keys else keys.split(", ")
    if keys.endswith("+arrow keys"):
        held = {"Alt": ALT, "Ctrl": CTRL, "Ctrl+Shift": CTRL | SHIFT}[keys.removesuffix("+arrow keys")]
        return [lambda arrow=arrow: press(window, arrow, held) for arrow in ARROWS]
    made = []
    for part in parts:
        sequence = QKeySequence(part.replace("→", "Right").replace("←", "Left"))
        if sequence.count() == 1 and sequence[0].key() != Key.Key_unknown:
            key, held = sequence[0].key(), sequence[0].keyboardModifiers()
            made.append(lambda key=key, held=held: press(window, key, held))
    return made or [lambda: None]  # the mouse


def test_every_row_of_the_list_has_its_performance(window: MainWindow) -> None:
    rows = listed(window)
    assert len(rows) > 50 and set(rows) == set(DOES)


def test_every_key_does_what_the_list_says(window: MainWindow, tmp_path) -> None:
    window.home = tmp_path
    for keys, words in listed(window):
        for pressed in presses(window, keys):
            window.files.ask = Answers()
            window.files.ask.unsaved = "discard"
            window.files.new()
            window.bridge.load(product())
            window.files.ask = Answers()
            window.canvas.camera.fit_all(animated=False)
            window.canvas.setFocus()
            try:
                DOES[keys, words](window, pressed)
            except Exception as wrong:
                raise AssertionError(f"{keys}: {words}") from wrong


def test_the_keys_that_the_readme_names_are_in_the_list() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8").partition("## A ten-minute tour")[0]
    named = set(re.findall(r"\b(?:(?:Ctrl|Shift|Alt)\+)+(?:F\d+|[A-Z0-9](?![a-z]))|\bF\d+\b", readme))
    listed = {key for action in ACTIONS.values() for key in action.keys} | {row.title for row in KEYS}
    assert len(named) > 8 and named <= listed
    words = {f"{held} with an arrow key": f"{held}+arrow keys" for held in ("Alt", "Ctrl", "Ctrl+Shift")}
    assert all(said in readme.replace("*", "") and row in listed for said, row in words.items())


def test_no_sign_that_can_be_typed_is_a_shortcut() -> None:
    """They begin to search for what is to be added. Space, which begins no name, plays; and some are keys of who
    presents, as long as that lasts."""
    on_stage = {action.id for _, action in rows_of([PRESENTATION])}
    plain = {action.id for action in ACTIONS.values() for key in action.keys if len(key) == 1}
    assert plain <= on_stage and any("Space" in action.keys for action in ACTIONS.values())


def test_the_letters_of_who_presents_are_typed_as_long_as_nothing_is_presented(window: MainWindow) -> None:
    window.bridge.load(product())
    for action in (action for _, action in rows_of([PRESENTATION])):
        for key in (key for key in action.keys if len(key) == 1):
            window.canvas.setFocus()
            QTest.keyClicks(window.canvas, key.lower())
            field = QApplication.focusWidget()
            assert isinstance(field, QLineEdit) and field.text() == key.lower(), action.id
            press(window, Key.Key_Escape)
