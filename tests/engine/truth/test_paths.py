"""The total derivative: a gradient is the sum over all paths, which are counted even where nobody could walk them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.ops.op import OPS
from engine.passes.run import run
from engine.truth.paths import paths
from tests.building import chain, graph_of


def test_at_a_fan_out_each_paths_term_is_listed_and_their_sum_is_the_gradient():
    graph = graph_of(("x", "input", 3.0), ("y", "mul", ["x", "x"]), ("z", "mul", ["y", "x"]), target="z")
    trace = run(graph)
    listed = [trace.steps[at] for at in trace.arrivals["x"]]
    assert [(step.edge.dest, step.edge.port, float(step.contribution)) for step in listed] == [
        ("z", 1, 9),
        ("y", 0, 9),
        ("y", 1, 9),
    ]
    assert sum(float(step.contribution) for step in listed) == float(trace.gradient("x")) == 27
    found = paths(trace, "x")
    assert found.count == 3
    assert [p.nodes for p in found.found] == [("x", "z"), ("x", "y", "z"), ("x", "y", "z")]
    assert [float(p.contribution) for p in found.found] == [9, 9, 9]
    assert not paths(trace, "z").found and paths(trace, "z").count == 0


def ladder(rungs):
    """x doubled again and again by adding it to itself: 2ⁿ paths."""
    rows = [("x", "input", 1.0)] + [(f"n{i}", "add", [f"n{i - 1}" if i else "x"] * 2) for i in range(rungs)]
    return graph_of(*rows, target=f"n{rungs - 1}")


def test_paths_are_counted_without_being_walked_when_there_are_too_many():
    found = paths(run(ladder(60)), "x")
    assert found.count == 2**60 and len(found.found) == 64
    assert paths(run(ladder(4)), "x").total == 16
    assert paths(run(chain(10_000)), "x").count == 1


@given(st.integers(0, 10_000))
def test_the_gradient_is_the_sum_over_all_paths(seed):
    rng = np.random.default_rng(seed)
    rows = [("a", "input", rng.normal(size=2)), ("b", "input", rng.normal())]
    for i in range(6):
        names = [id for id, _, _ in rows]
        op = str(rng.choice(["add", "mul", "sub", "tanh", "sin", "sigmoid"]))
        rows.append((f"n{i}", op, [str(rng.choice(names)) for _ in OPS[op].ports]))
    trace = run(graph_of(*rows, target="n5"))
    for leaf in ("a", "b"):
        found = paths(trace, leaf, most=5000)
        assert found.count == len(found.found)
        np.testing.assert_allclose(found.total, trace.gradient(leaf), rtol=1e-9, atol=1e-12)
