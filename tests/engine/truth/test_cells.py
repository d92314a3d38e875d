"""Cells written out: over all ops, broadcasts too, what is written adds up to what NumPy has computed."""

import numpy as np
import pytest

from engine.ops.kernel import bind
from engine.ops.op import OPS
from engine.passes.run import run
from engine.passes.trace import ContributionStep
from engine.truth.cells import contribution_cell, gradient_cell, value_cell
from engine.truth.jacobian import jacobian
from tests.building import graph_of
from tests.engine.broadcasts import broadcast_graphs
from tests.engine.probing import accepted_inputs, usual
from tests.engine.truth.test_jacobian import placed

COMPUTED = [op for op in OPS.values() if not op.is_leaf]
RNG = np.random.default_rng(3)


def held(trace, factor):
    """What the trace holds where a factor is said to stand."""
    arrays = {
        "value": lambda: trace.value(factor.node),
        "gradient": lambda: trace.gradient(factor.node),
        "contribution": lambda: trace.contribution((factor.node, factor.port)).contribution,
        "seed": lambda: trace.gradient(factor.node),
    }
    return np.asarray(arrays[factor.kind]())[factor.cell]


def written_cells(trace, most=12):
    """Some cells of all that travelled, of all values and of all gradients."""
    for step in trace.steps:
        if isinstance(step, ContributionStep):
            key, shape = step.edge.key, step.contribution.shape
            yield from (contribution_cell(trace, key, cell) for cell in list(np.ndindex(shape))[:most])
    for node in trace.arrivals:
        yield from (gradient_cell(trace, node, cell) for cell in list(np.ndindex(trace.gradient(node).shape))[:most])


def assert_true(trace, written):
    assert written is not None and written.agrees, written
    for factor in written.factors:
        if factor.kind in ("value", "gradient", "contribution"):
            np.testing.assert_array_equal(held(trace, factor), factor.number)
    for product in written.products:
        np.testing.assert_allclose(np.prod([f.number for f in product.factors]), product.number, rtol=1e-12)


@pytest.mark.parametrize("op", COMPUTED, ids=lambda op: op.name)
def test_what_is_written_adds_up_to_what_was_computed(op):
    for inputs in accepted_inputs(op, most=12):
        trace = run(placed(op.name, inputs))
        for written in written_cells(trace):
            assert_true(trace, written)
            whose = np.asarray(trace.gradient(written.node)) if written.kind == "gradient" else None
            if whose is not None:
                np.testing.assert_allclose(written.total, whose[written.cell], rtol=1e-12, atol=1e-15)
        slopes = [jacobian(trace, "n", port).matrix for port in range(len(inputs))]
        for port, x in enumerate(inputs):
            cell = tuple(length - 1 for length in x.shape)
            written = contribution_cell(trace, ("n", port), cell)
            terms = np.ravel(np.asarray(trace.gradient("n"))) * np.ravel(slopes[port][(..., *cell)])
            np.testing.assert_allclose(written.total, terms.sum(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("op", COMPUTED, ids=lambda op: op.name)
def test_a_value_is_the_sum_that_is_written_or_what_the_op_makes_of_the_cells_named(op):
    for inputs in accepted_inputs(op, most=8):
        trace = run(placed(op.name, inputs))
        for cell in list(np.ndindex(trace.value("n").shape))[:8]:
            written = value_cell(trace, "n", cell)
            assert all(held(trace, factor) == factor.number for factor in written.factors if factor.kind == "value")
            if written.products:
                assert_true(trace, written)
            elif op.elementwise:
                numbers = [factor.number for factor in written.fed_by]
                made = bind(op, len(inputs), tuple(usual(op, len(inputs)).items())).forward(*map(np.float64, numbers))
                np.testing.assert_allclose(made, written.recorded)
        if op.combines == "product" and op.name != "einsum":
            assert value_cell(trace, "n", (0,) * trace.value("n").ndim).products


@pytest.mark.parametrize("graph", [pytest.param(g, id=name) for name, g in broadcast_graphs()])
def test_over_broadcasts_the_copies_are_added(graph):
    trace = run(graph)
    for written in written_cells(trace, most=4):
        assert_true(trace, written)


def layer():
    x, w, b = RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3)), RNG.normal(size=2)
    rows = [("x", "input", x), ("w", "parameter", w), ("b", "parameter", b), ("z", "linear", ["x", "w", "b"])]
    return run(graph_of(*rows, ("h", "relu", ["z"]), ("L", "sum", ["h"]), target="L"))


def places(written):
    return [[(factor.kind, factor.node, factor.cell) for factor in product.factors] for product in written.products]


def test_a_weight_is_a_column_of_the_gradient_times_a_column_of_the_input():
    written = contribution_cell(layer(), ("z", 1), (1, 2))
    assert places(written) == [[("gradient", "z", (n, 1)), ("value", "x", (n, 2))] for n in range(4)]


def test_an_input_is_a_row_of_the_gradient_times_a_column_of_the_weights_and_a_bias_is_copied():
    trace = layer()
    assert places(contribution_cell(trace, ("z", 0), (3, 1))) == [
        [("gradient", "z", (3, i)), ("value", "w", (i, 1))] for i in range(2)
    ]
    assert places(contribution_cell(trace, ("z", 2), (1,))) == [[("gradient", "z", (n, 1))] for n in range(4)]


def test_a_neuron_is_a_row_times_a_row_plus_its_bias():
    pairs = [[("value", "x", (2, k)), ("value", "w", (1, k))] for k in range(3)]
    assert places(value_cell(layer(), "z", (2, 1))) == [*pairs, [("value", "b", (1,))]]


def test_a_softmax_asks_its_own_row_and_a_transpose_moves():
    s = run(graph_of(("s", "input", RNG.normal(size=(3, 4))), ("p", "softmax", ["s"]), ("q", "square", ["p"]),
                     ("L", "sum", ["q"]), target="L"))  # fmt: skip
    kinds = places(contribution_cell(s, ("p", 0), (1, 2)))
    assert kinds == [[("gradient", "p", (1, j)), ("local", "p", (1, j))] for j in range(4)]
    t = run(graph_of(("s", "input", RNG.normal(size=(3, 4))), ("t", "transpose", ["s"]), ("q", "square", ["t"]),
                     ("L", "sum", ["q"]), target="L"))  # fmt: skip
    assert places(contribution_cell(t, ("t", 0), (1, 2))) == [[("gradient", "t", (2, 1))]]


def test_the_winner_takes_what_reached_the_largest():
    x = np.array([[1.0, 5.0, 2.0], [7.0, 0.0, 3.0]])
    trace = run(graph_of(("x", "input", x), ("m", "amax", ["x"]), ("L", "sum", ["m"]), target="L",
                         settings={"m": {"axis": 1}}))  # fmt: skip
    assert len(contribution_cell(trace, ("m", 0), (0, 1)).products) == 1
    assert contribution_cell(trace, ("m", 0), (0, 0)).products == ()
    assert [factor.cell for factor in value_cell(trace, "m", (1,)).fed_by] == [(1, 0)]


def test_a_gradient_so_far_is_what_has_arrived():
    trace = run(graph_of(("x", "input", [1.0, 2.0]), ("y", "mul", ["x", "x"]), ("L", "sum", ["y"]), target="L"))
    first = trace.arrivals["x"][0]
    assert gradient_cell(trace, "x", (1,), done=first) is None
    assert gradient_cell(trace, "x", (1,), done=first + 1).total == 2.0
    assert gradient_cell(trace, "x", (1,)).total == 4.0


def test_a_leaf_is_made_of_nothing():
    assert value_cell(layer(), "x", (0, 0)) is None and contribution_cell(layer(), ("L", 9), ()) is None


def test_what_is_only_added_has_no_slope_to_be_written_whatever_else_is_added():
    x, w, b = RNG.normal(size=(8, 4)) * 1e3, RNG.normal(size=(5, 4)), RNG.normal(size=5)
    rows = [("x", "input", x), ("w", "parameter", w), ("b", "parameter", b), ("z", "linear", ["x", "w", "b"])]
    trace = run(graph_of(*rows, ("s", "square", ["z"]), ("L", "sum", ["s"]), target="L"))
    for cell in range(5):
        written = contribution_cell(trace, ("z", 2), (cell,))
        assert places(written) == [[("gradient", "z", (row, cell))] for row in range(8)]
        np.testing.assert_allclose(written.total, trace.gradient("z")[:, cell].sum())
