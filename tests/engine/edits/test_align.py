"""Nodes in a line with one another, and at equal distances."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import edits
from engine.errors import EditRefused
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.layout.layout import NODE_WIDTH, node_height
from tests.engine.random_graphs import graphs, places

LINES = ("left", "right", "top", "bottom", "centres", "middles")


def sides(graph: Graph, id: str) -> dict[str, float]:
    """Where a card's sides and middles are."""
    (x, y), high = graph.nodes[id].pos, node_height(graph.port_count(id))
    return {
        "left": x, "right": x + NODE_WIDTH, "centres": x + NODE_WIDTH / 2,
        "top": y, "bottom": y + high, "middles": y + high / 2,
    }  # fmt: skip


@st.composite
def scattered(draw: st.DrawFn) -> Graph:
    """A random graph with at least three nodes, at places in reach of one another."""
    graph = draw(graphs().filter(lambda graph: len(graph.nodes) >= 3))
    near = st.tuples(*[st.integers(-800, 800).map(float)] * 2)
    return replace(graph, nodes={id: replace(node, pos=draw(near)) for id, node in graph.nodes.items()})


@given(scattered(), st.sampled_from(LINES))
def test_all_stand_on_the_line_and_nowhere_else_than_before_along_it(graph: Graph, line: str) -> None:
    after = graph.apply(edits.align_nodes(graph, graph.nodes, line))
    assert len({round(sides(after, id)[line], 1) for id in graph.nodes}) == 1
    along = 1 if line in ("left", "right", "centres") else 0
    assert all(after.nodes[id].pos[along] == node.pos[along] for id, node in graph.nodes.items())
    outermost = {"left": min, "right": max, "top": min, "bottom": max}.get(line)
    if outermost:
        there = {sides(after, id)[line] for id in graph.nodes}
        assert there == {outermost(sides(graph, id)[line] for id in graph.nodes)}


@given(scattered(), st.sampled_from(["horizontally", "vertically"]))
def test_all_gaps_are_equal_and_the_outermost_stay(graph: Graph, way: str) -> None:
    after = graph.apply(edits.distribute_nodes(graph, graph.nodes, way))
    axis, first, last = (0, "left", "right") if way == "horizontally" else (1, "top", "bottom")
    row = sorted(graph.nodes, key=lambda id: (graph.nodes[id].pos[axis], graph.nodes[id].pos[1 - axis]))
    gaps = [sides(after, after_id)[first] - sides(after, id)[last] for id, after_id in pairwise(row)]
    assert max(gaps) - min(gaps) < 0.05
    assert all(after.nodes[id] == graph.nodes[id] for id in (row[0], row[-1]))
    assert all(after.nodes[id].pos[1 - axis] == node.pos[1 - axis] for id, node in graph.nodes.items())


@given(scattered(), st.sampled_from(LINES), places)
def test_aligning_what_is_aligned_changes_nothing(graph: Graph, line: str, place: tuple[float, float]) -> None:
    after = graph.apply(edits.align_nodes(graph, graph.nodes, line))
    again = after.apply(edits.align_nodes(after, after.nodes, line))
    far = max(abs(again.nodes[id].pos[k] - after.nodes[id].pos[k]) for id in again.nodes for k in (0, 1))
    assert far < 0.02


def test_too_few_are_refused_in_words_and_undo_says_what_it_was() -> None:
    graph = Graph.of([Node("a", "input", pos=(0, 0)), Node("b", "input", pos=(7, 90)), Node("c", "mul", pos=(30, 400))])
    for make, fewest in ((edits.align_nodes, "two"), (edits.distribute_nodes, "three")):
        with pytest.raises(EditRefused, match=f"Select {fewest} or more nodes"):
            make(graph, ["a"], "left")
    with pytest.raises(EditRefused, match="There is no node"):
        edits.align_nodes(graph, ["a", "gone"], "left")
    assert edits.align_nodes(graph, ["a", "b"], "left").text == "Align 2 nodes"
    assert edits.distribute_nodes(graph, graph.nodes, "vertically").text == "Distribute 3 nodes"
