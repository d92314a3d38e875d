"""What is done to cards is done to what is in them: nothing is left behind, whatever goes with them."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import edits
from engine.edits.regions import Carried
from engine.edits.through import through
from engine.graph.graph import Graph
from engine.graph.sound import flaw_of
from engine.layout.shown import shown_of
from tests.attack.graphs import random_graph
from tests.boxes import boxed
from tests.building import graph_of


def without(graph: Graph, ids: list[str]) -> Graph:
    """What deleting some of what is shown leaves, as it is, and undone as it was."""
    change = through(lambda shown: edits.delete_all(shown, Carried(tuple(ids), (), (), ())))(graph)
    after = graph.apply(change)
    assert after.apply(change.inverse) == graph
    return after


def pairs(graph: Graph) -> Counter[tuple[str, str, int]]:
    return Counter((edge.source, edge.dest, edge.output) for edge in graph.edges.values())


@pytest.mark.parametrize("ids", [["x", "card"], ["card", "x"], ["x", "card", "L"], ["card"], ["x"]])
def test_a_card_goes_together_with_what_feeds_it(ids: list[str]) -> None:
    rows = [("x", "parameter", 1.0), ("z", "square", ["x"]), ("s", "add", ["z", "x"]), ("L", "square", ["s"])]
    graph = graph_of(*rows, target="L")
    graph = graph.apply(edits.make_group(graph, ["z", "s"]))
    graph = graph.apply(edits.fold_groups(graph, list(graph.groups)))
    (card,) = shown_of(graph).graph.nodes.keys() - graph.nodes.keys()
    after = without(graph, [card if id == "card" else id for id in ids])
    assert flaw_of(Graph(after.nodes, after.edges, after.facts)) is None
    assert all({edge.source, edge.dest} <= after.nodes.keys() for edge in after.edges.values())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_deleting_any_of_what_is_shown_leaves_the_rest_as_it_was(random: Random) -> None:
    graph = boxed(random_graph(random, 10), random)
    shown = shown_of(graph)
    if flaw_of(graph) is not None or not shown.graph.nodes:
        return
    chosen = random.sample(list(shown.graph.nodes), random.randint(1, len(shown.graph.nodes)))
    gone = {node for id in chosen for node in shown.members(id)}
    after = without(graph, chosen)
    assert set(after.nodes) == set(graph.nodes) - gone
    left = Counter({pair: n for pair, n in pairs(graph).items() if not {pair[0], pair[1]} & gone})
    assert pairs(after) == left
    assert flaw_of(Graph(after.nodes, after.edges, after.facts)) is None
    for id in graph.nodes:  # what the graph before it is asked, is as it was
        assert graph.into(id) == tuple(sorted((e for e in graph.edges.values() if e.dest == id), key=lambda e: e.port))
