"""A graph written out as scalars computes the same numbers and the same gradients, element by element."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from engine.edits.nodes import set_label
from engine.edits.scalars import MOST_SCALARS, as_scalars
from engine.errors import EditRefused
from engine.files.disk import load
from engine.files.examples import Example, examples, find_example
from engine.graph.graph import Graph
from engine.ops.op import OPS
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.passes.trace import Trace
from engine.text.read import parse
from engine.truth.scalar_proof import agreement
from engine.values.values import Shape, as_value, shape_text
from tests.building import graph_of

W, X, B = "W = [[0.5, -1, 0.25], [2, 0.75, -0.5]]", "x = [1, -2, 3]", "b = [0.1, -0.2]"
MOVED = "a = [[1, 2, 3], [4, 5, 6]]; c = concat(a.T[0], a[1, ::2]); d = reshape(a, 3, 2)"
REDUCED = "a = [[1, -2, 3], [4, 0.5, -6]]; p = prod(mean(a, axis=1)); s = std(a, axis=1)"
TWO_ROWS = "X = [[1, 2, 3], [-1, 0.5, 2]]"
CONV = "w = randn(1, 1, 2, 2); x = randn(1, 1, 4, 4); L = sum(conv2d(x, w))"
PROGRAMS = {
    "a product": f"{W}; {X}; y = matmul(W, x); L = sum(tanh(y))",
    "a layer and its loss": f"{W}; {TWO_ROWS}; {B}; z = linear(X, W, b); L = mse(sigmoid(z), X @ W.T)",
    "a row through a layer": f"{W}; {X}; {B}; t = [1, 0]; L = mse(sigmoid(linear(x, W, b)), t)",
    "classes": f"{W}; {TWO_ROWS}; {B}; t = [0, 1]; L = cross_entropy(linear(X, W, b), t)",
    "broadcast": "a = [[1], [2]]; b = [3, 4, 5]; c = a * b + 1; L = mean(c * c)",
    "batches": "a = [[[1, 2]], [[3, 4]]]; b = [[1, -1, 2], [0.5, 3, 1]]; y = a @ b; L = (y * y).sum()",
    "moved": f"{MOVED}; L = c.sum() * (d[1] * d[2]).sum()",
    "reduced": f"{REDUCED}; L = amax(a, axis=0).sum() + p + var(a) + s.sum()",
    "a tensor for a target": "a = [1, 2, 3]; y = a * a",
    "softmax": "z = [1, 2, -1]; p = softmax(z); L = -log(p[0])",
    "outer": "a = [1, 2]; b = [3, -1, 2]; o = outer(a, b); L = (o * o).sum() + dot(b, b)",
    "rows of a table": "w = [[1, 2], [3, 4], [5, -6]]; t = [2, 0, 2]; e = embedding(t, w); L = (e * e).sum()",
    "nobody looks ahead": "s = [[1, 2], [3, 4]]; p = softmax(causal_mask(s)); L = (p * p).sum()",
    "dropped": "x = [1, 2, 3, 4, 5]; d = dropout(x); L = (d * d).sum()",
    "reused": "w = 2; x = [1, 2]; y = w * x; L = (y * x).sum() + w",
}


def program(name: str) -> Graph:
    """Its lists are arrays."""
    return parse(re.sub(r"= (\[.*?\])(?=;)", r"= np.array(\1)", PROGRAMS[name]))


def traced(graph: Graph) -> Trace:
    return trace_of(make_plan(graph), leaf_values(graph), graph.seed)


def test_the_program_compares_them_too() -> None:
    graph = program("a layer and its loss")
    scalars = as_scalars(graph)
    found = agreement(graph, scalars)
    assert found.gradients == 6 + 6 + 2 and found.compared > 2 * found.gradients and found.apart < 1e-14
    leaf = scalars.graph.nodes[scalars.places["W", 0, (0, 1)]]
    planted = {**scalars.graph.nodes, leaf.id: replace(leaf, value=as_value(-1.5))}
    wrong = replace(scalars, graph=replace(scalars.graph, nodes=planted))
    assert agreement(graph, wrong).apart >= 0.5


def check(graph: Graph) -> int:
    """Every element of every leaf, and of every node that stays, against its scalar. Gives how many scalars."""
    made = as_scalars(graph)
    tensors, scalars = traced(graph), traced(made.graph)
    assert all(np.ndim(scalars.value(id)) == 0 for id in made.graph.nodes)
    compared = 0
    for (id, output, at), scalar in made.places.items():
        if id not in graph.nodes:
            continue
        value = tensors.value(id, output) if output else tensors.value(id)
        np.testing.assert_allclose(scalars.value(scalar), np.asarray(value)[at], rtol=1e-12, atol=1e-13)
        gradient, found = tensors.gradient(id), scalars.gradient(scalar)
        if gradient is not None and not output and graph.nodes[id].op.holds_value:
            np.testing.assert_allclose(
                0.0 if found is None else found, np.asarray(gradient)[at], rtol=1e-10, atol=1e-12
            )
            compared += 1
    assert compared
    return len(made.graph.nodes)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_numbers_and_gradients(name: str) -> None:
    check(program(name))


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_examples_too_or_one_sentence_why_not(example: Example) -> None:
    graph = load(example.path)
    try:
        check(graph)
    except EditRefused as refusal:
        assert any(why in str(refusal) for why in ("more than", "no scalar form", "a scalar already"))


def test_a_layer_becomes_neurons_and_folds_into_cards() -> None:
    graph = as_scalars(program("a row through a layer")).graph
    titles = [group.title for group in graph.groups.values()]
    assert titles and all(group.folded for group in graph.groups.values())
    assert any("neuron" in title.casefold() for title in titles), titles


def test_names_say_which_element() -> None:
    graph = as_scalars(program("a product")).graph
    assert {"W₀₁", "x₂", "y₁", "W₁₂x₂"} <= {node.name for node in graph.nodes.values()}


def test_too_many_is_refused_before_they_are_made() -> None:
    with pytest.raises(EditRefused, match=f"more than {MOST_SCALARS:,} nodes"):
        as_scalars(parse("a = randn(300, 300); L = sum(a @ a)"))


@pytest.mark.parametrize(
    ("text", "why"), [("", "empty"), ("a = input(); L = a * 2", "no value"), (CONV, "no scalar form")]
)  # fmt: skip
def test_what_cannot_be_written_out_says_why(text: str, why: str) -> None:
    with pytest.raises(EditRefused, match=why):
        as_scalars(parse(text) if text else Graph())


def test_what_has_no_scalar_form_is_known() -> None:
    """A new tensor operation is written out, or stands here."""
    known = {"einsum", "conv2d", "max_pool2d", "avg_pool2d"}
    from engine.edits import scalars

    without = {
        name
        for name, op in OPS.items()
        if not (op.elementwise or op.spelled_out or op.holds_value or op.supply or name == "one_hot")
        and name not in scalars._RULES
    }
    assert without == known


@pytest.mark.parametrize(
    ("op", "a", "b"),
    [("mul", (2,), (3,)), ("concat", (), (1, 3)), ("matmul", (2,), (1, 3)), ("cross_entropy", (1, 3), (2,))],
)
def test_shapes_that_do_not_fit_are_refused_and_named(op: str, a: Shape, b: Shape) -> None:
    graph = graph_of(("a", "input", np.ones(a)), ("b", "input", np.ones(b)), ("m", op, ["a", "b"]))
    with pytest.raises(EditRefused, match=r"^m\w* cannot be written out: .*\d") as refused:
        as_scalars(graph)
    assert shape_text(b) in str(refused.value)


def test_features_and_targets_have_short_names_that_tell_them_apart():
    graph = load(find_example("train-xor").path)
    names = [node.name for node in as_scalars(graph).graph.nodes.values()]
    assert {"x₀₀", "x₃₁", "t₀₀", "t₃₀", "W1₀₀x₀₀"} <= set(names) and len(names) == len(set(names))
    taken = as_scalars(graph.apply(set_label(graph, "b1", "x"))).graph
    names = [node.name for node in taken.nodes.values()]
    assert {"data.features₀₀", "t₀₀", "x₀"} <= set(names) and len(names) == len(set(names))
