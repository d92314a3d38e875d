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


def multiplied(graph, trace, node):
    """Every path by hand: the product of its local derivatives."""
    found = []

    def walk(id, product, way):
        if id == graph.target:
            found.append((abs(product), product, way))
        for edge in graph.out_of(id):
            step = trace.contribution(edge.key)
            if step is not None:
                walk(edge.dest, product * float(step.local), (*way, edge))

    walk(node, 1.0, ())
    return sorted(found, key=lambda row: -row[0])


@given(st.integers(0, 10_000), st.integers(1, 30))
def test_of_many_paths_the_largest_are_found_and_the_others_are_summed(seed, most):
    rng = np.random.default_rng(seed)
    rows = [("a", "input", rng.normal()), ("b", "input", rng.normal())]
    for i in range(8):
        names = [id for id, _, _ in rows][-4:]
        op = str(rng.choice(["add", "mul", "sub", "tanh", "relu"]))
        rows.append((f"n{i}", op, [str(rng.choice(names)) for _ in OPS[op].ports]))
    graph = graph_of(*rows, target="n7")
    trace = run(graph)
    for leaf in ("a", "b"):
        listed, found = multiplied(graph, trace, leaf), paths(trace, leaf, most)
        assert found.count == len(listed) and len(found.found) == min(most, len(listed))
        sizes = [abs(float(path.contribution)) for path in found.found]
        np.testing.assert_allclose(sizes, [size for size, _, _ in listed[:most]], rtol=1e-9)
        assert sizes == sorted(sizes, reverse=True)
        rest = sum(product for _, product, _ in listed) - sum(float(p.contribution) for p in found.found)
        np.testing.assert_allclose(float(found.rest), rest, atol=1e-9 * max([1.0, *(s for s, _, _ in listed)]))


def test_what_the_others_add_does_not_cancel():
    """One path of 10¹⁶ beside many of 1: of the difference of two sums nothing would be left of these."""
    rows = [("x", "input", 1.0), ("big", "constant", 1e16), ("one", "mul", ["x", "big"])]
    rows += [("n0", "add", ["x", "x"]), ("n1", "add", ["n0", "n0"]), ("f", "add", ["one", "n1"])]
    found = paths(run(graph_of(*rows, target="f")), "x", most=1)
    assert float(found.found[0].contribution) == 1e16 and found.count == 5 and float(found.rest) == 4


def test_of_a_ladder_the_others_are_counted_and_summed():
    found = paths(run(ladder(40)), "x", most=20)
    assert len(found.found) == 20 and float(found.rest) == 2**40 - 20
    assert float(found.total) == 2**40
