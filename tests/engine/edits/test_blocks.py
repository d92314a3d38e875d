"""Neurons and layers by name: on what is selected, with names of their own, and too many are refused."""

from __future__ import annotations

import pytest

from engine.edits.blocks import MOST_NODES, MOST_UNITS, block_refusal, made_block
from engine.edits.offers import find_offers
from engine.edits.quick import Around, NewText, ends_of
from engine.graph.graph import Graph
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.text.read import parse
from tests.building import graph_of


def added(graph: Graph, text: str, around: Around) -> tuple[Graph, tuple[str, ...]]:
    made = next(row.made for row in find_offers(graph, text, around).rows if row.key.startswith("block"))
    assert isinstance(made, NewText)
    change = made.change(graph, (0.0, 0.0))
    after = graph.apply(change)
    assert after.apply(change.inverse) == graph
    return after, ends_of(graph, made)


def test_a_layer_and_a_neuron_behind_it_are_a_net() -> None:
    graph = graph_of(("x", "input", 0.7), ("y", "input", -0.4))
    graph, hidden = added(graph, "layer 3", Around(("x", "y")))
    assert hidden == ("h1", "h2", "h3") and len(graph.nodes) == 2 + 3 * 7
    graph, (end,) = added(graph, "neuron", Around(hidden))
    assert graph.target == end and {edge.source for edge in graph.edges.values()} >= {"x", "y", *hidden}
    trace = trace_of(make_plan(graph), leaf_values(graph))
    gradients = [float(trace.gradient(id)) for id, node in graph.nodes.items() if node.op_name == "parameter"]
    assert len(gradients) == 3 * 3 + 4 and all(gradients), "all of it learns"
    assert len(set(gradients)) == len(gradients), "and no two neurons begin as equals"


def test_a_neuron_takes_what_is_selected_and_else_two_new_inputs() -> None:
    after, (end,) = added(parse("x = 1"), "neuron", Around(("x",)))
    assert {"w1", "b", "z", "h"} <= after.nodes.keys() and end == "h"
    alone, _ = added(Graph(), "neuron", Around())
    assert {"x1", "x2"} <= alone.nodes.keys() and alone.target == "h"


def test_names_that_are_taken_keep_their_nodes() -> None:
    graph = graph_of(("x", "input", 1), ("w1", "parameter", 7), ("b", "parameter", 9), ("h", "tanh", ["x"]))
    after, (end,) = added(graph, "neuron", Around(("x",)))
    assert after.nodes["w1"].value == 7 and after.nodes["b"].value == 9 and end == "h2"


def test_nothing_of_a_block_covers_another_node_of_it() -> None:
    whole = made_block(parse("x = 1; y = 2"), (("x", 0), ("y", 0)), 3, False).expression
    places = [node.pos for id, node in whole.nodes.items() if id not in "xy"]
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("units", [MOST_UNITS + 1, 999])
def test_too_many_are_refused(units: int) -> None:
    graph = parse("x = 1; y = 2")
    rows = find_offers(graph, f"layer {units}", Around(("x", "y"))).rows
    (offer,) = [row for row in rows if row.key.startswith("block")]
    assert offer.refusal == block_refusal(graph, (("x", 0), ("y", 0)), units)
    assert str(MOST_NODES) in offer.refusal


def test_a_dataset_has_no_one_value_for_a_neuron() -> None:
    graph = graph_of(("data", "dataset", None))
    said = block_refusal(graph, (("data", 0),), 1)
    assert "several outputs" in said and "x1 = data.features[:, 0]" in said and "linear(data.features, W, b)" in said


def test_a_neuron_may_feed_a_port() -> None:
    graph = graph_of(("x", "input", 1), ("a", "add", ["x"]))
    after, (end,) = added(graph, "neuron", Around(port=("a", 1)))
    assert after.edges["a", 1].source == end
