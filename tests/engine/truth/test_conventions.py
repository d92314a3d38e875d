"""Every row of the table of conventions is what both executors compute, and what the words of the table say."""

from __future__ import annotations

import numpy as np
import pytest

from engine.ops.op import OPS
from engine.passes.compile import Compiled
from engine.passes.run import holding, run
from engine.text.read import parse
from engine.truth.conventions import CONVENTIONS, Convention

EACH = pytest.mark.parametrize("row", CONVENTIONS, ids=lambda row: f"{row.program} at {dict(row.leaves)}")


def held(row: Convention):
    graph = parse(row.program)
    return holding(graph, {name: value for name, value in row.leaves.items() if name in graph.nodes})


@EACH
def test_the_stepper_keeps_to_it(row: Convention) -> None:
    graph = held(row)
    trace = run(graph)
    np.testing.assert_array_equal(trace.value(graph.target), row.value)
    for name, slope in row.gradients.items():
        np.testing.assert_array_equal(trace.gradient(name), slope)


@EACH
def test_the_compiled_function_keeps_to_it_on_floats_and_on_arrays(row: Convention) -> None:
    graph = held(row)
    plan = run(graph).plan
    for wrap in (np.float64, lambda x: np.asarray(x, dtype=float)[None]):
        values = {id: wrap(node.value) for id, node in graph.nodes.items() if node.value is not None}
        result = Compiled(plan, wanted=list(row.gradients))(values)
        np.testing.assert_array_equal(np.sum(result.value), row.value)
        for name, slope in row.gradients.items():
            found = np.ravel(result.gradients[name])
            np.testing.assert_array_equal(found if np.ndim(slope) else found[0], slope)


@EACH
def test_it_is_said_in_sentences(row: Convention) -> None:
    assert row.said.endswith(".") and row.torch
    assert not row.reason or row.reason.endswith(".")


def test_every_op_with_a_corner_has_a_row() -> None:
    said = " ".join(row.program for row in CONVENTIONS)
    for op in OPS.values():
        if op.kink:
            assert any(f"{name}(" in said for name in (op.name, *op.aliases)), f"{op.name}: what is its slope there?"
