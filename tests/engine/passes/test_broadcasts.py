"""One derivative: the compiled function, the stepper and finite differences agree for every op, port and broadcast."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graph.graph import Graph
from engine.ops.op import OPS, Op
from engine.passes.compile import Compiled
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import run, trace_of
from engine.text.read import parse
from engine.truth.differences import gradcheck
from tests.building import Row, graph_of
from tests.engine.broadcasts import behind_sums, patterns

EACH = pytest.mark.parametrize("op", [op for op in OPS.values() if not op.is_leaf], ids=lambda op: op.name)


def differences(graph: Graph) -> dict[str, str]:
    """The nodes whose gradients differ between stepper and compiled function, in shape or in any bit on NumPy."""
    plan, held = make_plan(graph), leaf_values(graph)
    trace, function = trace_of(plan, held, graph.seed), Compiled(plan, seed=graph.seed)
    arguments = function.arguments(held)
    with np.errstate(all="ignore"):
        _, gradients, _ = function.program(arguments, floats=False).call(arguments)
    found = {}
    for node, gradient in zip(function.wanted, gradients, strict=True):
        expected = trace.gradient(node)
        assert expected is not None
        if np.shape(gradient) != expected.shape or not np.array_equal(gradient, expected, equal_nan=True):
            found[node] = f"{gradient}, not {expected}"
    return found


@EACH
def test_the_compiled_function_is_the_stepper_for_every_broadcast(op: Op) -> None:
    found = {}
    for shapes in patterns(op):
        for weighed in (False, True):
            if wrong := differences(behind_sums(op, shapes, weighed)):
                found[shapes, weighed] = wrong
    assert not found


@EACH
def test_both_are_the_finite_differences(op: Op) -> None:
    for shapes in patterns(op):
        report = gradcheck(behind_sums(op, shapes), most=2)
        assert report.ok and not report.count("undefined"), (shapes, report)


LOSSES = [op for op in OPS.values() if op.group == "loss" and op.name != "cross_entropy"]


@pytest.mark.parametrize("op", LOSSES, ids=lambda op: op.name)
def test_a_dataset_may_be_either_side_of_a_loss_that_broadcasts(op: Op) -> None:
    """Rows come as one axis more than the parameters have, and more of them in training than while stepping."""
    rows: list[Row] = [("w", "parameter", [0.3, 0.6]), ("b", "parameter", [[0.1]]), ("d", "dataset", None)]
    rows += [("x", "sigmoid", ["d"]), ("s", "add", ["x", "b"]), ("t", "sigmoid", ["s"])]
    for inputs in (["w", "t"], ["t", "w"]):
        graph = graph_of(*rows, ("L", op.name, inputs), target="L", settings={"d": {"name": "moons"}})
        assert not differences(graph)
        assert gradcheck(graph).ok


def test_a_bias_that_makes_targets_moves_as_far_as_its_gradient_says() -> None:
    """The slope −z of a loss by its targets stands for every row of them: b gets them all, in training, too."""
    text = "t = a + b; f = bce_with_logits(z, t)"
    values = {"z": [[1.5, -0.5, 2.0]], "a": [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], "b": [[0.7, 0.8, 0.9]]}
    trace = run(parse(text), values=values)
    function = Compiled(trace.plan, wanted=["b", "a", "z"])
    gradients = function({name: np.array(value) for name, value in values.items()}).gradients
    np.testing.assert_allclose(gradients["b"], -np.array(values["z"]) / 3, rtol=1e-15)
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(gradient, trace.gradient(name))
