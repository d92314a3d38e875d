"""The search for what to add: typed, double-clicked, or asked by an edge that was dropped."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from tests.gui.canvas_tools import port_spot
from tests.gui.keys.keys_tools import Press, does, drag
from tests.gui.window_tools import LEFT, NONE, SHIFT, Key, press


@does("Any letter, digit or sign", "Search for what to add: an operation, a number, w = 0.2, sigmoid(w*x + b)")
def _(w: MainWindow, key: Press) -> None:
    press(w, Key.Key_7)
    press(w, Key.Key_Return)
    assert w.bridge.now.graph.nodes["c"].value == 7


@does("Enter in the search", "Add it, connected to what is selected; with Shift without edges")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x"])
    for held in (NONE, SHIFT):
        QTest.keyClicks(w.canvas, "t")
        QTest.keyClicks(QApplication.focusWidget(), "anh")
        press(w, Key.Key_Return, held)
        w.selection.select(["x"])
    graph = w.bridge.now.graph
    assert [edge.source for edge in graph.into("tanh")] == ["x"] and not graph.into("tanh2")


@does("Double click on the canvas", "Search for what to add there")
def _(w: MainWindow, key: Press) -> None:
    corner = QPoint(30, 30)
    QTest.mouseDClick(w.canvas.viewport(), LEFT, NONE, corner)
    QTest.mouseRelease(w.canvas.viewport(), LEFT, NONE, corner)
    press(w, Key.Key_7)
    press(w, Key.Key_Return)
    assert (w.canvas.mapFromScene(QPointF(*w.bridge.now.graph.nodes["c"].pos)) - corner).manhattanLength() < 200


@does("Drop an edge on the canvas", "Search for what is to stand at its other end")
def _(w: MainWindow, key: Press) -> None:
    start = port_spot(w.canvas, "f", "out")
    drag(w, start, start + QPoint(60, 120))
    QTest.keyClicks(QApplication.focusWidget(), "relu")
    press(w, Key.Key_Return)
    assert w.bridge.now.graph.edges["relu", 0].source == "f"
