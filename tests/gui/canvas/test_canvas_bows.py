"""Long edges are seen: they pass the nodes between their ends."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from engine.graph.graph import Graph
from engine.layout.layout import laid_out
from engine.passes.run import run
from engine.show.frame import frame_at
from gui.canvas.model.bows import MOST_EDGES
from gui.canvas.model.stage import Stage
from tests.building import graph_of
from tests.gui.canvas_tools import Hands


def cube() -> Graph:
    return laid_out(graph_of(("x", "input", 2), ("p", "mul", ["x", "x"]), ("f", "mul", ["p", "x"]), target="f"))


def crowded() -> Graph:
    """g = (2y + b) y: between y and g stand two rows of nodes."""
    return laid_out(
        graph_of(
            ("y", "input", 3), ("c", "constant", 2), ("a", "mul", ["y", "c"]), ("b", "input", 4),
            ("L", "add", ["a", "b"]), ("g", "mul", ["L", "y"]), target="g",
        )
    )  # fmt: skip


def hidden_by(stage: Stage) -> list[tuple[str, str]]:
    """Which nodes hide a part of which edges that are not theirs."""
    found = []
    for key, edge in stage.graph.edges.items():
        x, y = stage.along(key, np.linspace(0, 1, 200)).T
        for id in stage.graph.nodes.keys() - {edge.source, edge.dest}:
            left, top, right, bottom = stage.box(id)
            if ((x > left) & (x < right) & (y > top) & (y < bottom)).any():
                found.append((edge.source, id))
    return found


@pytest.mark.parametrize("graph", [cube(), crowded()])
def test_no_edge_runs_under_a_node(graph: Graph) -> None:
    stage = Stage(graph, frame_at(run(graph), 0))
    assert not hidden_by(stage)


def test_an_edge_gives_way_to_a_node_that_is_dragged_onto_it_and_comes_back(qtbot: QtBot) -> None:
    desk = Hands(qtbot, cube())
    stage = desk.view.scene().stage
    bent, start = stage.route(("f", 1)).copy(), desk.body("p")
    desk.drag(start, start - QPoint(0, 200))
    free = stage.route(("f", 1)).copy()
    assert free[0, 1, 1] == free[0, 0, 1] and free[0, 2, 1] == free[0, 3, 1]  # with nothing in its way it leaves level
    desk.drag(desk.body("p"), start)
    assert not hidden_by(stage)
    assert np.array_equal(stage.route(("f", 1)), bent)


def test_in_a_huge_graph_no_edge_is_bent() -> None:
    rows = [(f"n{i}", "neg", [f"n{i - 1}"]) for i in range(1, MOST_EDGES)]
    graph = laid_out(graph_of(("n0", "input", 2), *rows, ("f", "mul", [rows[-1][0], "n0"]), target="f"))
    stage = Stage(graph, frame_at(run(graph), 0))
    shape = stage.route(("f", 1))
    assert shape[0, 1, 1] == shape[0, 0, 1]
