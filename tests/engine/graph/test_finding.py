"""Neurons, layers, losses, softmax classifiers and residual steps are found as they are drawn, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from engine import edits
from engine.edits import find_groups, make_group
from engine.errors import EditRefused
from engine.graph.circles import folding_circle
from engine.graph.finding.found import Finding
from engine.graph.finding.parts import find_parts
from engine.graph.graph import Graph
from engine.graph.sound import flaw_of
from engine.passes.run import run
from engine.session import Session
from engine.text.read import parse
from tests.engine.random_graphs import graphs
from tests.networks import network, scalar_network


def titles(found: list[Finding]) -> list[str]:
    return [each.title for each in found]


def inner(found: Finding) -> list[str]:
    return titles(list(found.parts))


# --- networks of numbers


@pytest.mark.parametrize("chained", [False, True])
@pytest.mark.parametrize("activation", ["", "tanh", "relu"])
def test_a_net_of_numbers_is_three_layers_and_a_loss(activation, chained):
    graph = scalar_network((2, 8, 8, 1), activation, chained)
    found = find_parts(graph)
    assert titles(found) == ["Layer 1", "Layer 2", "Layer 3", "Squared error"]
    assert [len(layer.parts) for layer in found] == [8, 8, 1, 0]
    assert inner(found[0])[:2] == (["Neuron h1_0", "Neuron h1_1"] if activation else ["Neuron z1_0", "Neuron z1_1"])
    outside = set(graph.nodes).difference(*(each.within for each in found))
    assert outside == {"x0", "x1", "t"}
    assert sum(len(each.within) for each in found) + 3 == len(graph.nodes)


def test_the_nets_of_the_figures_have_as_many_nodes_as_they_are_said_to():
    assert len(scalar_network((2, 8, 8, 1), loss=False).nodes) == 212
    assert len(scalar_network((16, 32, 32, 16, 1), loss=False).nodes) == 4306


def test_a_large_net_is_looked_through_whole():
    found = find_parts(scalar_network((16, 32, 32, 16, 1), loss=False))
    assert [len(layer.parts) for layer in found] == [32, 32, 16, 1]


def test_finding_groups_is_one_step_that_moves_no_number_and_leaves_a_figure():
    graph = scalar_network((2, 8, 8, 1), "tanh")
    session = Session(graph)
    session.edit(find_groups)
    after = session.document.graph
    assert not graph.change_to(after).moves_numbers and session.document.undo_text == "Find 21 groups"
    assert run(after).steps == run(graph).steps
    seen = {after.grouping.shown_as(id) or id for id in after.nodes}
    assert {after.groups[id].title for id in seen if id in after.groups} == {
        "Layer 1", "Layer 2", "Layer 3", "Squared error",
    }  # fmt: skip
    assert seen - after.groups.keys() == {"x0", "x1", "t"}
    layers = [group for group in after.groups.values() if group.parent is None]
    assert sorted(layers, key=lambda group: group.pos[0]) == layers
    assert max(group.pos[1] for group in layers) - min(group.pos[1] for group in layers) < 400
    session.undo()
    assert session.document.graph == graph


def test_a_neuron_behind_its_card_stands_in_columns_round_it():
    after = scalar_network((2, 2, 1)).apply(find_groups(scalar_network((2, 2, 1))))
    neuron = next(group for group in after.groups.values() if group.title == "Neuron z1_0")
    columns = [["w1_0_0", "w1_0_1", "b1_0"], ["m1_0_0", "m1_0_1"], ["z1_0"]]
    lefts = [{after.nodes[id].pos[0] for id in column} for column in columns]
    assert [len(left) for left in lefts] == [1, 1, 1] and max(lefts[0]) < max(lefts[1]) < max(lefts[2])
    middle = np.mean([after.nodes[id].pos[1] for id in columns[0]])
    assert abs(middle - neuron.pos[1]) < 40


def test_groups_are_found_in_a_group_that_one_looks_into():
    graph = scalar_network((2, 3, 1))
    whole = graph.apply(make_group(graph, [id for id in graph.nodes if id not in ("x0", "x1", "t")], title="Net"))
    with pytest.raises(EditRefused, match="were found"):
        find_groups(whole)
    after = whole.apply(find_groups(whole, "g1"))
    assert {group.title for group in after.groups.values() if group.parent == "g1"} == {
        "Layer 1", "Layer 2", "Squared error",
    }  # fmt: skip
    with pytest.raises(EditRefused, match="were found"):
        find_groups(after, "g1")


# --- one at a time


NEURONS = [
    ("y = tanh(w1 * x1 + w2 * x2 + b)", ["Neuron y"], 8),
    ("n = x1 * w1 + b; y = relu(n)", ["Neuron y"], 5),
    ("y = b + w2 * x2 + w1 * x1", ["Neuron y"], 7),
    ("y = w1 * x1 + w2 * x2", ["Neuron y"], 5),
]


def text(program: str, **kinds: str) -> Graph:
    """A program whose weights and biases are parameters."""
    leaves = [f"{name} = parameter(0.5)" for name in ("w1", "w2", "b") if name in program]
    return parse("\n".join([*leaves, *program.split("; ")]))


@pytest.mark.parametrize(("program", "found", "count"), NEURONS)
def test_a_lone_neuron_is_a_neuron(program, found, count):
    (neuron,) = find_parts(text(program))
    assert titles([neuron]) == found and neuron.kind == "neuron" and len(neuron.within) == count


def test_a_neuron_of_plain_inputs_is_known_by_the_names_of_its_weights():
    (neuron,) = find_parts(parse("y = sigmoid(w0 * x0 + w1 * x1 + w2)"))
    assert {"w0", "w1", "y"} <= neuron.within and "x0" not in neuron.within
    assert find_parts(parse("f = a * b + c * d")) == []


def test_neurons_that_share_their_weights_are_found_and_leave_them_outside():
    graph = text("y1 = tanh(w1 * x1 + w2 * x2 + b); y2 = tanh(w1 * x2 + w2 * x3 + b); L = y1 * y2")
    (layer,) = find_parts(graph)
    assert layer.kind == "layer" and inner(layer) == ["Neuron y1", "Neuron y2"]
    assert layer.within.isdisjoint({"w1", "w2", "b", "x1", "x2", "x3", "L"})
    after = graph.apply(find_groups(graph))
    assert flaw_of(after) is None and len(after.groups) == 3


def test_neurons_that_share_their_weights_step_by_step_are_each_their_own():
    graph = text("h1 = tanh(w1 * x1 + w2 * h0 + b); h2 = tanh(w1 * x2 + w2 * h1 + b); h3 = tanh(w1 * x3 + w2 * h2 + b)")
    assert titles(find_parts(graph)) == ["Neuron h1", "Neuron h2", "Neuron h3"]


NOT = [
    "q = x + y; f = q * z",
    "y = w1 * x1",
    "s = w1 * x1; y = s + b; z = s * 2",
    "y = w1 * x1 + w1 * x2",
    "y = w1 * x1 + x2 + x3",
    "y = tanh(x1 + x2)",
]


@pytest.mark.parametrize("program", NOT)
def test_what_is_no_neuron_is_none(program):
    assert [each for each in find_parts(text(program)) if each.kind in ("neuron", "layer")] == []


LOSSES = [
    ("L = (y - t) ** 2", "Squared error"),
    ("d = y - t; L = d * d", "Squared error"),
    ("L = mean(square(y - t))", "Mean squared error"),
    ("L = (square(y1 - t1) + square(y2 - t2)) / 2", "Mean squared error"),
    ("L = 0.5 * ((y1 - t1) ** 2 + (y2 - t2) ** 2)", "Mean squared error"),
    ("L = (y - t) ** 2 / 2", "Squared error"),
    ("L = 2 * ((y1 - t1) ** 2 + (y2 - t2) ** 2)", "Sum of squared errors"),
    ("L = sum(square(y - t))", "Sum of squared errors"),
    ("L = (y1 - t1) ** 2 + (y2 - t2) ** 2 + (y3 - t3) ** 2", "Sum of squared errors"),
    ("L = mean(abs(y - t))", "Mean absolute error"),
    ("L = -log(p)", "Cross-entropy"),
    ("L = -(t * log(p) + (1 - t) * log(1 - p))", "Binary cross-entropy"),
    ("L = mean(-(t * log(p) + (1 - t) * log(1 - p)))", "Binary cross-entropy"),
    ("L = -(t1 * log(p1) + t2 * log(p2))", "Cross-entropy"),
    ("L = -t * log(p) - (1 - t) * log(1 - p)", "Binary cross-entropy"),
    ("L = -(t * log(p)) - (1 - t) * log(1 - p)", "Binary cross-entropy"),
    ("L = -t * log(p) + -(1 - t) * log(1 - p)", "Binary cross-entropy"),
    ("L = 0 - (t * log(p) + (1 - t) * log(1 - p))", "Binary cross-entropy"),
    ("L = -(t * log(p + 1e-7) + (1 - t) * log(1 - p + 1e-7))", "Binary cross-entropy"),
    ("L = -1 * (t * log(p) + (-t + 1) * log(-p + 1))", "Binary cross-entropy"),
    ("L = mean(-t * log(p) - (1 - t) * log(1 - p))", "Binary cross-entropy"),
]


@pytest.mark.parametrize(("program", "title"), LOSSES)
def test_a_loss_of_parts_is_found(program, title):
    graph = parse(program)
    (loss,) = find_parts(graph)
    assert (loss.kind, loss.title) == ("loss", title)
    inputs = {id for id, node in graph.nodes.items() if node.op_name == "input"}
    assert loss.within == graph.nodes.keys() - inputs
    assert flaw_of(graph.apply(find_groups(graph))) is None


@pytest.mark.parametrize(
    "program",
    [
        "L = log(p)",
        "L = x ** 3",
        "L = (y - t) ** 2 * y",
        "L = t * log(p) - u * log(q)",
        "d = y - t; e = d * d; L = e + d",
        "L = x - y",
    ],
)
def test_what_is_no_loss_is_none(program):
    assert find_parts(parse(program)) == []


# --- what is made of layers


def softmax_net(loss: str = "") -> Graph:
    lines = [f"z{i} = parameter({i}) * x1 + parameter(0.3) * x2 + parameter(0.1)" for i in (1, 2, 3)]
    lines += [f"e{i} = exp(z{i})" for i in (1, 2, 3)] + ["s = e1 + e2 + e3"]
    return parse("\n".join([*lines, *(f"p{i} = e{i} / s" for i in (1, 2, 3)), *([loss] if loss else [])]))


def test_a_layer_and_the_softmax_that_it_feeds_are_a_classifier():
    found = find_parts(softmax_net("L = -log(p2)"))
    assert titles(found) == ["Softmax classifier", "Cross-entropy"]
    assert inner(found[0]) == ["Layer 1", "Softmax"] and len(found[0].parts[0].parts) == 3
    assert found[0].parts[1].within >= {"e1", "e2", "e3", "s", "p1", "p2", "p3"}


def test_a_softmax_that_others_look_into_is_none():
    assert titles(find_parts(parse("e1 = exp(a); e2 = exp(b); s = e1 + e2; p = e1 / s; q = e2 / s; f = p * q"))) == [
        "Softmax"
    ]
    assert find_parts(parse("e1 = exp(a); e2 = exp(b); s = e1 + e2; p = e1 / s; q = e2 / s; f = p * q * e1")) == []


def test_layers_of_tensors_are_found():
    found = find_parts(network((2, 16, 16, 1), "relu", loss="mse", last="sigmoid"))
    assert titles(found) == ["Layer 1", "Layer 2", "Layer 3"]
    assert found[0].within == {"W1", "b1", "z1", "h1"} and found[2].within == {"W3", "b3", "z3", "y"}
    parted = parse("W = parameter([[1.0, 2.0]]); b = parameter([0.5, 0.5]); z = x @ W + b; y = softmax(z)")
    (whole,) = find_parts(parted)
    assert whole.title == "Softmax classifier" and whole.within == {"W", "b", "z", "y", "matmul"}


def test_residual_steps_are_found_round_layers():
    lines = [f"h{i} = tanh(parameter(1) * x1 + parameter({i}) * x2 + parameter(0.1))" for i in (1, 2)]
    lines += ["r1 = h1 + x1", "r2 = h2 + x2"]
    lines += [f"k{i} = tanh(parameter(1) * r1 + parameter({i}) * r2 + parameter(0.1))" for i in (1, 2)]
    lines += [f"m{i} = tanh(parameter(1) * k1 + parameter({i}) * k2 + parameter(0.1))" for i in (1, 2)]
    lines += ["s1 = r1 + m1", "s2 = r2 + m2", "L = (s1 - t) ** 2 + (s2 - t) ** 2"]
    found = find_parts(parse("\n".join(lines)))
    assert titles(found) == ["Residual step 1", "Residual step 2", "Sum of squared errors"]
    assert inner(found[0]) == ["Layer 1"] and inner(found[1]) == ["Layer 2", "Layer 3"]
    assert {"r1", "r2"} <= found[0].within
    tensor = parse("W = parameter([[1.0, 0.0], [0.0, 1.0]]); h = tanh(x @ W); y = x + h")
    assert titles(find_parts(tensor)) == ["Residual step"]


def test_a_layer_that_is_read_in_the_middle_is_in_no_residual_step():
    lines = [f"h{i} = tanh(parameter(1) * x1 + parameter({i}) * x2 + parameter(0.1))" for i in (1, 2)]
    lines += ["r1 = h1 + x1", "r2 = h2 + x2", "f = r1 * r2 * h1"]
    assert titles(find_parts(parse("\n".join(lines)))) == ["Layer 1"]


# --- whatever the graph is


@settings(max_examples=60)
@given(graphs())
def test_in_any_graph_what_is_found_can_be_folded(graph):
    plain = Graph(graph.nodes, graph.edges, {k: v for k, v in graph.facts.items() if k != "groups"})
    try:
        change = find_groups(plain)
    except EditRefused:
        return
    after = plain.apply(change)
    assert flaw_of(after) is None and folding_circle(after) is None
    assert after.apply(change.inverse) == plain and not change.moves_numbers


@pytest.mark.parametrize("name", ["neuron", "tanh-neuron", "train-xor", "iris", "cs231n-sigmoid"])
def test_in_the_examples_groups_are_found(name):
    from tests.networks import shipped

    graph = shipped(name)
    after = graph.apply(find_groups(graph))
    assert flaw_of(after) is None and after.groups
    whole = after.apply(edits.ungroup(after, list(after.groups)))
    assert not whole.groups


UNFINISHED = (
    "L = (a - b)**2",
    "L = -log(p) * t - (1 - t) * log(1 - p)",
    "L = mean(abs(a - b)) / 2",
    "s = exp(a) + exp(b); p = exp(a) / s; L = -log(p)",
    "h = relu(w * x + b); y = relu(h * v + c) + h",
    "L = -(log(p) * -log(p))",
)


@pytest.mark.parametrize("text", [*UNFINISHED, *(program for program, *_ in (*LOSSES, *NEURONS))])
def test_where_an_edge_is_missing_nothing_is_found_of_what_it_made_and_nothing_breaks(text):
    graph = parse(text)
    for first in graph.edges:
        for second in graph.edges:
            less = graph.apply(edits.delete(graph, (), dict.fromkeys([first, second])))
            for found in find_parts(less):
                assert found.within <= set(less.nodes)
