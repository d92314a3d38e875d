"""Softmax and cross-entropy by hand: a 2-2-3 network with sigmoid hidden units, x = (1, 0.5), class 1."""

import numpy as np
import pytest

from engine.passes.run import run
from engine.truth.differences import gradcheck
from engine.truth.jacobian import jacobian
from tests.building import graph_of

P = (0.417135813, 0.256049895, 0.326814292)
LOSS = 0.874343420
DZ = (-0.582864187, 0.256049895, 0.326814292)
DW_OUT = ((-0.334821971, -0.376329938), (0.147085946, 0.165320230), (0.187736024, 0.211009708))
DW_HIDDEN = ((-0.041015904, -0.020507952), (-0.038386064, -0.019193032))

LEAVES = [
    ("x", "input", [1.0, 0.5]),
    ("w_hid", "parameter", [[0.1, 0.2], [0.3, 0.4]]),
    ("b_hid", "parameter", [0.1, 0.1]),
    ("w_out", "parameter", [[0.5, 0.6], [0.1, 0.2], [0.3, 0.4]]),
    ("b_out", "parameter", [0.2, 0.2, 0.2]),
]
HIDDEN = [("h", "linear", ["x", "w_hid", "b_hid"]), ("a", "sigmoid", ["h"]), ("z", "linear", ["a", "w_out", "b_out"])]


def fused(target):
    return graph_of(*LEAVES, *HIDDEN, ("t", "constant", target), ("L", "cross_entropy", ["z", "t"]), target="L")


def spelled_out():
    """Softmax, logarithm and the sum over classes as nodes of their own."""
    rows = [("p", "softmax", ["z"]), ("l", "log", ["p"]), ("t", "constant", [1.0, 0, 0]), ("s", "dot", ["t", "l"])]
    return graph_of(*LEAVES, *HIDDEN, *rows, ("L", "neg", ["s"]), target="L")


def batched():
    """The same sample as a batch of one, its class as an id."""
    leaves = [("x", "input", [[1.0, 0.5]]), *LEAVES[1:]]
    return graph_of(*leaves, *HIDDEN, ("t", "constant", [0]), ("L", "cross_entropy", ["z", "t"]), target="L")


GRAPHS = {"one-hot": fused([1.0, 0, 0]), "class id": fused(0), "spelled out": spelled_out(), "batch of one": batched()}


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_the_printed_numbers(graph):
    trace = run(graph)
    close = {"abs": 5e-10, "rel": 0}
    assert float(trace.value("L")) == pytest.approx(LOSS, **close)
    np.testing.assert_allclose(np.ravel(trace.gradient("z")), DZ, atol=5e-10, rtol=0)
    np.testing.assert_allclose(trace.gradient("w_out"), DW_OUT, atol=5e-10, rtol=0)
    np.testing.assert_allclose(trace.gradient("w_hid"), DW_HIDDEN, atol=5e-10, rtol=0)
    np.testing.assert_allclose(trace.gradient("b_out"), DZ, atol=5e-10, rtol=0)
    assert gradcheck(graph).ok


def test_the_probabilities_and_that_the_slope_is_p_minus_y():
    trace = run(spelled_out())
    np.testing.assert_allclose(trace.value("p"), P, atol=5e-10, rtol=0)
    row = jacobian(run(fused([1.0, 0, 0])), "L", "z")
    assert row.structure == "p − t"
    np.testing.assert_allclose(row.matrix, np.array(P) - [1, 0, 0], atol=5e-10, rtol=0)
