"""Beside the target stands what its gradient begins with: no number of an edge lies over that."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from engine import edits
from engine.graph.graph import Graph
from gui.canvas.paint.labels import labels_of, seed_boxes
from gui.canvas.paint.nodes import sides
from tests.building import graph_of
from tests.gui.canvas_tools import Hands


def chain(target: str) -> Graph:
    """x → s → u in a row, with a long number on the way."""
    graph = graph_of(("x", "input", -1.2345e13), ("s", "square", ["x"]), ("u", "neg", ["s"]), target=target)
    return graph.apply(edits.move_nodes(graph, {"x": (0.0, 0.0), "s": (260.0, 0.0), "u": (520.0, 0.0)}))


def _hidden(hands: Hands) -> list[str]:
    """The texts of edges that lie over the seed."""
    QApplication.processEvents()
    hands.view.grab()  # what has not been painted yet
    stage, zoom = hands.view.scene().stage, hands.view.camera.zoom
    ((left, top, right, bottom),) = seed_boxes(stage, zoom).tolist()
    shown = [label for key in stage.keys for label in labels_of(stage, key, zoom)]
    assert shown
    boxes = {label.text: sides(label.box()) for label in shown}
    return [
        text for text, box in boxes.items() if box[0] < right and box[2] > left and box[1] < bottom and box[3] > top
    ]


@pytest.mark.parametrize("zoom", [0.5, 0.7, 1.0, 1.5])
def test_a_number_on_an_edge_of_the_target_stands_beside_the_seed(qtbot, zoom: float) -> None:
    hands = Hands(qtbot, chain("s"), (1500, 400))
    hands.view.camera.look_at(zoom, hands.view.scene().nodes_rect(["s"]).center(), animated=False)
    assert _hidden(hands) == []


def test_it_makes_room_when_the_target_and_the_seed_change(qtbot) -> None:
    hands = Hands(qtbot, chain("u"), (1500, 400))
    hands.bridge.edit(lambda graph: edits.set_target(graph, "s"))
    assert _hidden(hands) == []
    hands.bridge.edit(lambda graph: edits.set_seed(graph, -123456.0))
    assert _hidden(hands) == []
    hands.bridge.undo()
    assert _hidden(hands) == []
    assert np.float64(hands.graph.seed) == 1
