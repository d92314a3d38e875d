"""What the performances of the keys share: how a row of the list gets one, and hands to use it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.main_window import MainWindow
from tests.gui.window_tools import ALT, LEFT, NONE, Key, press

Row = tuple[str, str]  # the keys, and what they do, as the list says
Press = Callable[[], None]
DOES: dict[Row, Callable[[MainWindow, Press], None]] = {}


def does(keys: str, words: str):
    """What is decorated performs this row: it is given the window, and presses the keys when it calls its second."""

    def take(perform):
        assert (keys, words) not in DOES, f"performed twice: {keys}, {words}"
        DOES[keys, words] = perform
        return perform

    return take


def edit_y(w: MainWindow) -> Graph:
    """An edit by hand; the graph as it was before."""
    before = w.bridge.now.graph
    w.selection.select(["y"])
    press(w, Key.Key_Right, ALT)
    return before


def spot(w: MainWindow, id: str) -> QPoint:
    return w.canvas.mapFromScene(w.canvas.scene().node_items[id].name_rect().center())


def turn(w: MainWindow, keys=NONE, pixels: QPoint = QPoint(), at: QPoint = QPoint(100, 100)) -> None:  # noqa: B008
    event = QWheelEvent(QPointF(at), QPointF(w.canvas.viewport().mapToGlobal(at)), pixels, QPoint(0, 120),
                        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(w.canvas.viewport(), event)


def drag(w: MainWindow, start: QPoint, end: QPoint, keys=NONE) -> None:
    viewport = w.canvas.viewport()
    QTest.mousePress(viewport, LEFT, keys, start)
    for part in (0.25, 0.5, 0.75, 1.0):
        QTest.mouseMove(viewport, start + (end - start) * part)
    QTest.mouseRelease(viewport, LEFT, keys, end)


def draw(w: MainWindow, *spots: tuple[int, int]) -> None:
    """With the pen of who presents: press at the first place of the canvas, and let go at the last."""
    QTest.mousePress(w.presenter.pen, LEFT, NONE, QPoint(*spots[0]))
    for spot in spots[1:]:
        QTest.mouseMove(w.presenter.pen, QPoint(*spot))
    QTest.mouseRelease(w.presenter.pen, LEFT, NONE, QPoint(*spots[-1]))


def gates() -> Graph:
    return Graph.of(
        [Node("x", "input", as_value(2)), Node("s", "sigmoid", pos=(240, 0))], [Edge("x", "s", 0)], target="s"
    )
