"""What the tests of training in the editor share: how it is opened, begun, and how time passes there."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from engine.files import disk
from engine.graph.graph import Graph
from gui.main_window import MainWindow
from tests.gui.window_tools import CTRL, LEFT, NONE, Key

TICK = 0.05  # seconds


def open_example(window: MainWindow, name: str) -> None:
    window.open_example(name)
    key(window, Key.Key_R, CTRL)
    QApplication.processEvents()


def opened(window: MainWindow, graph: Graph, tmp_path) -> MainWindow:
    path = tmp_path / "graph.gradloom"
    disk.save(graph, path)
    window.files.open(path)
    key(window, Key.Key_R, CTRL)
    QApplication.processEvents()
    return window


# --- hands and eyes


def key(window: MainWindow, which: Qt.Key, modifiers=NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, which, modifiers)


def press(window: MainWindow, text: str) -> None:
    button = next(b for b in window.training.findChildren(QPushButton) if b.text() == text and b.isVisible())
    assert button.isEnabled()
    QTest.mouseClick(button, LEFT)


def can_press(window: MainWindow, text: str) -> bool:
    return any(b.text() == text and b.isEnabled() for b in window.training.findChildren(QPushButton))


def field(window: MainWindow, name: str) -> QLineEdit:
    return next(line for line in window.training.findChildren(QLineEdit) if line.accessibleName() == name)


def type_in(window: MainWindow, name: str, text: str) -> None:
    line = field(window, name)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Key.Key_Return)


def begin(window: MainWindow) -> None:
    """Press Start, and from then on let time pass by hand."""
    press(window, "Start")
    hold_clock(window)


def hold_clock(window: MainWindow) -> None:
    for timer in window.training.run.findChildren(QTimer):
        timer.stop()


def pass_time(window: MainWindow, seconds: float) -> None:
    for _ in range(round(seconds / TICK)):
        window.training.run.tick(TICK)


def said(window: MainWindow) -> str:
    return window.training.sentence.text()


def parameters(window: MainWindow) -> dict[str, bytes]:
    nodes = window.bridge.now.graph.nodes.values()
    return {node.id: node.value.tobytes() for node in nodes if node.op_name == "parameter"}


def last_loss(window: MainWindow) -> float:
    return float(window.training.loss.reading().split("training ")[1].split(",")[0])
