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


def beside(graph: Graph) -> Graph:
    """A region round a, one round b, a note beside each, and a region round both."""
    for x, title in ((240, "round a"), (600, "round b")):
        graph = graph.apply(edits.make_region(graph, (x - 20, -40), (180, 160), title))
        graph = graph.apply(edits.make_note(graph, title, (x, -200)))
    return graph.apply(edits.make_region(graph, (200, -80), (700, 240), "both"))


def boxes(graph: Graph) -> dict[str, tuple[float, float]]:
    """Where each region begins, and how wide it is; where each note stands."""
    found = {region.title: (region.pos[0], region.size[0]) for region in graph.regions.values()}
    return found | {f"note {note.text}": (note.pos[0], 0.0) for note in graph.notes.values()}


def test_regions_and_notes_move_on_with_what_they_stand_beside() -> None:
    before = beside(row(220))
    after = edits_done(before, lambda g: edits.insert_node(g, ("b", 0), "tanh", (440, 0)))
    moved = xs(after)["b"] - xs(before)["b"]
    assert moved > 0
    was, now = boxes(before), boxes(after)
    assert now["round a"] == was["round a"] and now["note round a"] == was["note round a"]
    assert now["round b"] == (580 + moved, 180) and now["note round b"] == (600 + moved, 0)
    assert now["both"] == (200, 700 + moved)


def test_taken_apart_and_put_together_again_all_stands_where_it_stood() -> None:
    graph = beside(row(220))
    graph = graph.apply(edits.replace_node(graph, "a", "sigmoid"))
    (id,) = [id for id, node in graph.nodes.items() if node.op_name == "sigmoid"]
    apart = edits_done(graph, lambda g: edits.expand(g, id))
    wider = xs(apart)["b"] - xs(graph)["b"]
    assert wider > 0 and boxes(apart)["round b"][0] == 580 + wider and boxes(apart)["both"][1] == 700 + wider
    assert boxes(apart)["round a"] == (220, 180 + wider), "what was in it still is"
    parts = [id, *(apart.nodes.keys() - graph.nodes.keys())]
    together = edits_done(apart, lambda g: edits.fuse(g, parts))
    assert boxes(together) == boxes(graph) and xs(together) == xs(graph)


def test_what_opens_in_its_place_lets_regions_and_notes_give_way_and_closes_up_again() -> None:
    graph = beside(row(220))
    graph = graph.apply(edits.make_group(graph, ["x", "a"], (), "G"))
    graph = graph.apply(edits.fold_in_place(graph, list(graph.groups)))
    folded = boxes(graph)
    opened = edits_done(graph, lambda g: edits.open_in_place(g, list(g.groups)))
    moved = xs(opened)["b"] - xs(graph)["b"]
    assert moved > 0 and boxes(opened)["round b"][0] == folded["round b"][0] + moved
    again = edits_done(opened, lambda g: edits.fold_in_place(g, list(g.groups)))
    assert boxes(again) == folded
