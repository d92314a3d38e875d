"""Copies: duplicates and pasted nodes keep the edges that came into them from outside, or not."""

from __future__ import annotations

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from tests.engine.edits.test_edits import edits_done, sources, xyz


def sum_of_four() -> Graph:
    nodes = [Node(id, "input", as_value(1)) for id in "abcd"]
    return Graph.of([*nodes, Node("s", "add"), Node("r", "relu")], [Edge(id, "s", i) for i, id in enumerate("abcd")])


def test_a_duplicate_is_fed_by_what_feeds_the_original():
    graph = edits_done(xyz(), lambda g: edits.duplicate(g, ["q"], (24, 24)))
    assert sources(graph, "q2") == [("x", 0), ("y", 1)] and sources(graph, "f") == [("q", 0), ("z", 1)]
    graph = edits_done(xyz(), lambda g: edits.duplicate(g, ["q"], (24, 24), connected=False))
    assert sources(graph, "q2") == []


def test_edges_among_the_copies_are_between_the_copies():
    graph = edits_done(xyz(), lambda g: edits.duplicate(g, ["q", "f"], (24, 24)))
    assert sources(graph, "f2") == [("q2", 0), ("z", 1)] and sources(graph, "q2") == [("x", 0), ("y", 1)]
    assert graph.target == xyz().target


def test_between_the_edges_of_a_sum_each_comes_back_into_its_place():
    graph = edits_done(sum_of_four(), lambda g: edits.duplicate(g, ["s", "b", "d"], (24, 24)))
    assert sources(graph, "s2") == [("a", 0), ("b2", 1), ("c", 2), ("d2", 3)]
    fragment, incoming = (
        edits.cut_out(sum_of_four(), ["s", "b", "d"]),
        edits.incoming_edges(sum_of_four(), ["s", "b", "d"]),
    )
    without_a = edits_done(sum_of_four(), lambda g: edits.delete(g, ["a"]))
    graph = edits_done(without_a, lambda g: edits.paste(g, fragment, (0, 0), incoming=incoming))
    assert sources(graph, "s2") == [("b2", 0), ("c", 1), ("d2", 2)]


def test_wires_that_lead_nowhere_are_left_out():
    graph, fragment = xyz(), edits.cut_out(xyz(), ["f"])
    hostile = [Edge("nobody", "f", 0), Edge("x", "nobody", 0), Edge("x", "f", -1), Edge("x", "f", 2**70)]
    hostile += [Edge("x", "f", 0, 7), Edge("x", "f", 1, -1), Edge("f", "f", 0)]
    after = edits_done(graph, lambda g: edits.paste(g, fragment, (0, 0), incoming=hostile))
    assert sources(after, "f2") == []
    relu = Graph.of([Node("k", "relu"), Node("v", "input", as_value(1))])
    incoming = [Edge("x", "k", 0), Edge("y", "k", 0), Edge("x", "k", 1), Edge("x", "v", 0)]
    assert sources(edits_done(graph, lambda g: edits.paste(g, relu, (0, 0), incoming=incoming)), "k") == [("x", 0)]
