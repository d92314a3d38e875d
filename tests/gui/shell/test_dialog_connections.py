"""No dialog connects to a method of Qt itself: PySide loses a block each time, and dialogs open over and over."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

import gui.shell

SHELL = Path(gui.shell.__path__[0])
FILES = sorted([SHELL / "command_palette.py", *SHELL.glob("dialogs/*.py")])


def connected_to_qt(text: str) -> list[str]:
    """The methods of Qt's to which classes of a program connect: of their own, or of a button of theirs."""
    found = []
    for made in [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.ClassDef)]:
        own = {each.name for each in made.body if isinstance(each, ast.FunctionDef)}
        for call in [each for each in ast.walk(made) if isinstance(each, ast.Call)]:
            if isinstance(call.func, ast.Attribute) and call.func.attr == "connect":
                found += [name for name in map(_bound, call.args) if name and name.rpartition(".")[2] not in own]
    return found


def _bound(slot: ast.expr) -> str:
    """`self.reject` or `self.button.click`, if a slot is such a method of Qt's; else nothing."""
    text = ast.unparse(slot)
    return text if text.startswith("self.") and hasattr((QDialog, QPushButton)[text.count(".") > 1], slot.attr) else ""


def test_such_a_connection_is_seen():
    text = "class A(QDialog):\n def f(self):\n  self.b.clicked.connect({})\n def accept(self): pass\n"
    for slot, seen in (("self.reject", True), ("self.accept", False), ("self.b.click", True), ("lambda: 0", False)):
        assert connected_to_qt(text.format(slot)) == ([slot] if seen else [])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_dialog_connects_to_a_method_of_qt(path):
    assert connected_to_qt(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("id", ["shortcuts", "about", "expression", "export_picture", "commands"])
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_dialog_that_was_closed_is_gone(window, id):
    def close() -> None:
        QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape)

    QTimer.singleShot(0, window, close)
    window.action_set.by_id[id].trigger()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not [dialog for dialog in window.findChildren(QDialog) if dialog.parent() is window]
