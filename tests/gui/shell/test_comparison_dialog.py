"""The dialog that says what differs on disk, and the questions about a file that is open elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from gui.shell.dialogs.comparison import MOST, ComparisonDialog
from gui.shell.dialogs.questions import FileQuestions

MARKUP = "<b>a</b> & <img src=/etc/passwd>"


@pytest.fixture
def parent(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def shown(qtbot, parent, theirs, mine=(), saving=False) -> ComparisonDialog:
    dialog = ComparisonDialog(parent, "net.gradloom", theirs, mine, saving)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.mark.parametrize(
    ("press", "answer"),
    [
        (lambda d: QTest.mouseClick(d.keep_button, Qt.MouseButton.LeftButton), "keep"),
        (lambda d: QTest.mouseClick(d.reload_button, Qt.MouseButton.LeftButton), "reload"),
        (lambda d: QTest.mouseClick(d.later_button, Qt.MouseButton.LeftButton), "later"),
        (lambda d: QTest.keyClick(d, Qt.Key.Key_Escape), "later"),
        (lambda d: QTest.keyClick(d, Qt.Key.Key_Return), "later"),
        (lambda d: d.close(), "later"),
    ],
)
@pytest.mark.parametrize("saving", [False, True])
def test_only_a_button_decides(qtbot, parent, press, answer, saving):
    dialog = shown(qtbot, parent, ["x: value −2 → 3."], saving=saving)
    press(dialog)
    assert dialog.answer == answer and not dialog.isVisible()


@pytest.mark.parametrize(("tabs", "answer"), [(0, "later"), (1, "keep"), (2, "reload")])
def test_enter_presses_the_button_that_tab_has_reached(qtbot, parent, tabs, answer):
    dialog = shown(qtbot, parent, ["x: value −2 → 3."])
    dialog.activateWindow()
    qtbot.wait_until(dialog.later_button.hasFocus)
    for _ in range(tabs):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.answer == answer and not dialog.isVisible()


def test_both_lists_are_read_letter_for_letter(qtbot, parent):
    dialog = shown(qtbot, parent, [MARKUP], ["y: value 5 → 7."])
    text = dialog.list.toPlainText()
    assert text == f"On disk:\n•  {MARKUP}\n\nHere, not saved yet:\n•  y: value 5 → 7."


def test_many_differences_scroll_and_the_rest_is_counted(qtbot, parent):
    dialog = shown(qtbot, parent, [f"n{i} was removed." for i in range(3 * MOST)])
    assert dialog.list.verticalScrollBar().maximum() > 0 and dialog.height() < 600
    assert dialog.list.toPlainText().endswith("… and 1\N{NARROW NO-BREAK SPACE}000 more differences")


@pytest.mark.parametrize(
    ("words", "answer"), [("Open a copy", "copy"), ("Open it anyway", "anyway"), ("Cancel", "cancel")]
)
def test_a_document_that_is_open_elsewhere(parent, words, answer):
    said: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        said.append(box.informativeText())
        [button] = [button for button in box.buttons() if button.text() == words]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, press)
    assert FileQuestions(parent).open_elsewhere("net.gradloom", "another window on this computer") == answer
    assert "another window on this computer" in said[0]


def test_replacing_what_another_window_has_open_says_so(parent):
    said: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        said.append(box.informativeText())
        QTest.keyClick(box, Qt.Key.Key_Return)

    QTimer.singleShot(0, press)
    assert not FileQuestions(parent).may_overwrite(Path("/a/net.gradloom"), "another window")
    assert "net.gradloom is open in another window" in said[0]
