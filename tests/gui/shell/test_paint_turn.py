"""A large graph is painted in an event of its own: what waits comes between an edit and its picture."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Node
from gui.canvas import node_layer as node_layers
from gui.canvas.model import stage as stages
from gui.canvas.paint import prepared as prepared_looks
from gui.shell import paint_turn
from gui.shell.paint_turn import LARGE


class Watch(QObject):
    """From the first request to paint on: `painted` when the canvas is, `answered` when what waited has its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.order: list[str] = []
        self._asked = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.UpdateRequest and not self._asked:
            self._asked = True
            QTimer.singleShot(0, lambda: self.order.append("answered"))
        elif event.type() == QEvent.Type.Paint:
            self.order.append("painted")
        return False


@pytest.mark.parametrize(("count", "first"), [(LARGE, "answered"), (3, "painted")])
def test_what_waits_comes_before_the_picture_of_a_large_graph(qtbot, window, count: int, first: str) -> None:
    nodes = [Node(f"x{i}", "parameter", np.array(1.0), pos=(0, i * 120)) for i in range(count)]
    window.bridge.load(Graph.of(nodes, []))
    window.show()
    qtbot.waitExposed(window)
    for _ in range(10):  # what is still to be painted of the window that has come
        QApplication.processEvents()
    watch = Watch()
    window.installEventFilter(watch)
    window.canvas.viewport().installEventFilter(watch)
    window.bridge.edit(lambda graph: edits.set_value(graph, "x0", np.array(2.0)))
    qtbot.waitUntil(lambda: {"painted", "answered"} <= set(watch.order))
    assert watch.order[0] == first
    assert window.canvas.scene().node_items["x0"].picture.value == "2"


def test_a_new_graph_is_looked_at_in_turns_and_then_painted_from_what_was_found(qtbot, window, monkeypatch) -> None:
    nodes = [Node(f"x{i}", "parameter", np.array(1.0), pos=(i // 50 * 200, i % 50 * 120)) for i in range(2 * LARGE)]
    window.show()
    qtbot.waitExposed(window)
    order: list[str] = []
    make = stages.look_of
    monkeypatch.setattr(stages, "look_of", lambda *rest: order.append("looked") or make(*rest))
    monkeypatch.setattr(node_layers, "paint_far", lambda *rest: order.append("painted"))
    turns: list[None] = []
    monkeypatch.setattr(prepared_looks, "A_PIECE", 10)
    monkeypatch.setattr(paint_turn, "A_TURN", 0.0)  # a piece a turn
    monkeypatch.setattr(paint_turn, "MOST_TURNS", 10**6)
    window.bridge.load(Graph.of(nodes, []))
    beat = QTimer(window, interval=0)
    beat.timeout.connect(lambda: turns.append(None))
    beat.start()
    qtbot.waitUntil(lambda: "painted" in order)
    assert order.index("painted") >= len(nodes), "all was found before"
    assert len(turns) >= len(nodes) / 10 / 2, "and whatever waited had its turn meanwhile"
