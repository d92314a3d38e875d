"""A node that comes into an edge makes room for itself: what lies to the right moves on, and only if it must."""

from __future__ import annotations

import pytest

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from tests.engine.edits.test_edits import edits_done


def row(gap: float) -> Graph:
    """x → a → b, with so much room between a and b; far below another node, as far right as b."""
    places = {"x": 0.0, "a": 240.0, "b": 380.0 + gap, "c": 380.0 + gap}
    nodes = [Node(id, "relu" if id != "x" else "input", as_value(1) if id == "x" else None) for id in places]
    placed = [Node(n.id, n.op_name, n.value, pos=(places[n.id], 400.0 * (n.id == "c"))) for n in nodes]
    return Graph.of(placed, [Edge("x", "a", 0), Edge("a", "b", 0)])


def xs(graph: Graph) -> dict[str, float]:
    return {id: node.pos[0] for id, node in graph.nodes.items()}


def test_what_lies_right_of_it_moves_on_as_far_as_it_must() -> None:
    graph = edits_done(row(100), lambda g: edits.insert_node(g, ("b", 0), "tanh", (360, 0)))
    assert xs(graph) == {"x": 0, "a": 240, "tanh": 440, "b": 640, "c": 640}


def test_where_there_is_room_nothing_moves() -> None:
    graph = edits_done(row(400), lambda g: edits.insert_node(g, ("b", 0), "tanh", (480, 0)))
    assert xs(graph) == {"x": 0, "a": 240, "tanh": 480, "b": 780, "c": 780}


def test_a_node_that_was_there_makes_room_as_well_in_one_change() -> None:
    free = edits_done(row(100), lambda g: edits.add_node(g, "tanh", (0, 800)))
    graph = edits_done(free, lambda g: edits.move_onto(g, ("b", 0), "tanh", (380, 0)))
    assert xs(graph)["b"] == 640 and graph.edges[("b", 0)].source == "tanh"


@pytest.mark.parametrize("far", [1e308, -1e308, float("inf"), float("nan"), 1e8])
def test_far_away_nothing_is_moved_beyond_the_sheet(far: float) -> None:
    graph = edits_done(row(100), lambda g: edits.move_nodes(g, {"b": (far, 0)}))
    assert all(abs(node.pos[0]) <= 1e8 for node in edits.make_room(graph, "x", "a", "b").nodes.values() if node)


def test_where_the_edge_runs_back_nothing_moves() -> None:
    back = edits_done(row(100), lambda g: edits.move_nodes(g, {"b": (0.0, 200.0)}))
    graph = edits_done(back, lambda g: edits.insert_node(g, ("b", 0), "tanh", (100, 100)))
    assert xs(graph) == {"x": 0, "a": 240, "tanh": 100, "b": 0, "c": 480}
