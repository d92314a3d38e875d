"""A fault in what Qt calls is told, and Qt goes on: every filter of events is guarded."""

import ast
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

import gui
from gui.look.guard import guarded_filter
from tests.gui.canvas_tools import Hands
from tests.gui.graphs import product

GUI = Path(gui.__file__).parent


class Faulty(QObject):
    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            raise KeyError("gone")
        return False


class Told(QLabel):
    """What Qt calls next is Python as well: with an error still set that was a crash."""

    hidden = 0

    def hideEvent(self, event: QEvent) -> None:
        self.hidden += 1
        super().hideEvent(event)


def test_a_fault_in_a_filter_is_told_and_the_event_passes(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    line, label, faulty = QLineEdit(window), Told("here", window), Faulty()
    line.installEventFilter(faulty)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    line.setFocus()
    QTest.keyClicks(line, "abc")
    with qtbot.captureExceptions() as told:
        window.hide()
    assert line.text() == "abc" and label.hidden == 1
    assert [str(error) for _, error, _ in told] == ["'gone'"]


def test_every_filter_of_events_is_guarded() -> None:
    found = 0
    for path in GUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name == "eventFilter":
                found += 1
                assert [ast.unparse(each) for each in node.decorator_list] == ["guarded_filter"], path
    assert found >= 10


def test_every_paint_event_is_guarded() -> None:
    for path in GUI.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == "paintEvent":
                assert [ast.unparse(each) for each in node.decorator_list] == ["guarded"], path


def test_a_canvas_that_cannot_paint_a_step_says_so_and_goes_on(qtbot, monkeypatch) -> None:
    """The painter is ended, or Qt would crash at the next one."""
    hands = Hands(qtbot, product())
    hands.bridge.player.seek(4.5)
    hands.surface.repaint()
    with qtbot.captureExceptions() as told:
        monkeypatch.setattr("gui.canvas.overlay.paint_motion", _fail)
        hands.surface.repaint()
    assert {str(error) for _, error, _ in told} == {"'no such edge'"}
    monkeypatch.undo()
    hands.surface.repaint()


def _fail(*_: object, **__: object) -> None:
    raise KeyError("no such edge")
