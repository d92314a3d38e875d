"""Rounding noise reads as 0, wherever it is shown; what vanished honestly does not."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from engine.graph.graph import Graph
from engine.passes.run import run
from engine.session import Session
from engine.show.equation import equations_of
from engine.show.explain import explain
from engine.show.readable import exact, readable
from tests.building import chain, graph_of


def softmax_of_a_sum() -> Graph:
    """∂f/∂x of the sum of a softmax is 0, and comes out as 2.776e−17."""
    return graph_of(
        ("x", "input", [1, 2, 3]), ("w", "parameter", [1, 1, 1]), ("z", "mul", ["x", "w"]),
        ("s", "softmax", ["z"]), ("f", "sum", ["s"]), target="f",
    )  # fmt: skip


def three_tenths() -> Graph:
    return graph_of(
        ("x", "input", 1), ("a", "constant", 0.1), ("b", "constant", 0.2), ("c", "constant", -0.3),
        ("p", "mul", ["a", "x"]), ("q", "mul", ["b", "x"]), ("r", "mul", ["c", "x"]),
        ("f", "add", ["p", "q", "r"]), target="f",
    )  # fmt: skip


def test_what_is_left_of_terms_that_cancel_reads_as_0():
    graph = three_tenths()
    trace = run(graph)
    assert 0 < abs(float(trace.gradient("x"))) < 1e-15, "else there is nothing to read"
    assert readable(trace).gradient("x") == 0
    last = equations_of(graph, trace, trace.steps[-1])[-1]
    assert last.text.endswith(" = 0") and last.latex_numbers.endswith(" = 0")
    assert last.number == trace.gradient("x") == last.sides()[0], "the numbers themselves are as they were computed"


def test_noise_is_not_sent_on():
    graph = softmax_of_a_sum()
    trace = run(graph)
    assert np.any(trace.gradient("z") != 0) and np.any(trace.gradient("w") != 0)
    read = readable(trace)
    assert not np.any(read.gradient("z")) and not np.any(read.gradient("w"))
    for step in trace.contributions[1:]:
        assert "e−1" not in explain(graph, trace, step).caption


@pytest.mark.parametrize("graph", [softmax_of_a_sum(), three_tenths()], ids=["softmax", "three tenths"])
def test_the_window_draws_what_the_sentence_says(graph):
    session = Session()
    session.load(graph)
    for step in session.now.trace.contributions:
        sizes = np.abs(np.asarray(step.contribution))
        assert not np.any((sizes > 0) & (sizes < 1e-15))


@pytest.mark.parametrize(
    "graph",
    [
        graph_of(("x", "input", 2), ("a", "constant", 1e-20), ("f", "mul", ["x", "a"]), target="f"),
        graph_of(("x", "input", -50), ("y", "sigmoid", ["x"]), target="y"),
        graph_of(("x", "input", -40), ("y", "exp", ["x"]), target="y"),
        graph_of(("x", "input", [1, 2]), ("a", "constant", [1e-19, 1]), ("f", "mul", ["x", "a"]), target="f"),
        chain(80, "sigmoid"),
    ],
    ids=["small factor", "far sigmoid", "exp", "one small element", "vanishing"],
)
def test_what_vanished_by_being_multiplied_is_no_noise(graph):
    trace = run(graph)
    read = readable(trace)
    for step, other in zip(trace.contributions, read.contributions, strict=True):
        assert np.array_equal(step.total, other.total) and np.all(step.total != 0)


def test_what_has_no_noise_is_the_same_trace_and_lets_go_of_it():
    trace = run(chain(3))
    assert readable(trace) is trace
    noisy = readable(run(three_tenths()))
    assert readable(noisy) is noisy
    kept = weakref.ref(trace)
    del trace
    gc.collect()
    assert kept() is None


@pytest.mark.parametrize("op, start", [("sigmoid", -40.0), ("mul", 1e-20)])
def test_what_is_suspect_and_found_to_be_no_noise_leaves_the_trace_the_same(op, start):
    """Else every step behind it would be read once more, at every tick of a slider."""
    arguments = ["x", "x"] if op == "mul" else ["x"]
    trace = run(graph_of(("x", "parameter", start), ("a", op, arguments), ("f", "tanh", ["a"]), target="f"))
    assert readable(trace) is trace


def test_a_trace_with_noise_and_what_is_read_of_it_go_together():
    trace = run(three_tenths())
    read = readable(trace)
    assert read is not trace and exact(read) is trace and readable(trace) is read
    kept = weakref.ref(trace), weakref.ref(read)
    del trace, read
    gc.collect()
    assert kept[0]() is None and kept[1]() is None


def test_infinities_and_nan_stay():
    graph = graph_of(("x", "input", [0, -1, 2]), ("y", "log", ["x"]), ("z", "square", ["y"]), target="z")
    trace = run(graph)
    assert np.array_equal(readable(trace).gradient("x"), trace.gradient("x"), equal_nan=True)
