"""The edge cases on which others differ, each with our rule: see the table in the design's notes."""

import sys

import numpy as np
import pytest

from engine.ops.op import OPS
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import run, trace_of
from engine.passes.trace import ContributionStep
from engine.show.explain import explain
from engine.truth.differences import gradcheck
from engine.truth.unfinished import find_problems
from tests.building import chain, graph_of, xyz


def unary(op, x, **settings):
    return graph_of(("x", "input", x), ("y", op, ["x"]), target="y", settings={"y": settings})


def binary(op, a, b):
    return graph_of(("a", "input", a), ("b", "input", b), ("y", op, ["a", "b"]), target="y")


def found(graph, kind):
    return [p for p in find_problems(graph, run(graph)) if p.kind == kind]


def test_relu_has_slope_0_at_0_and_says_that_it_is_a_convention():
    graph = unary("relu", 0.0)
    trace = run(graph)
    assert float(trace.gradient("x")) == 0
    said = explain(graph, trace, trace.steps[-1])
    assert "convention" in said.why
    np.testing.assert_array_equal(run(unary("relu", [-1.0, 0.0, -0.0, 1.0])).gradient("x"), [0, 0, 0, 1])


def test_a_quotient_s_slope_is_not_lost_on_the_way_to_it():
    """b · b would be ∞, or 0, where a / b² is a number."""
    for size in (1e300, 1e-200):
        assert float(run(binary("div", size, size)).gradient("b")) == pytest.approx(-1 / size)


def test_relu_of_nan_stays_nan():
    assert np.isnan(run(unary("relu", np.nan)).value("y"))
    [problem] = found(unary("relu", np.nan), "non-finite")
    assert problem.ids == ("x",)


@pytest.mark.parametrize("op", [op.name for op in OPS.values() if op.elementwise and op.group != "compare"])
def test_nan_never_disappears_in_an_elementwise_op(op):
    for port in range(len(OPS[op].ports)):
        inputs = [np.nan if i == port else 0.5 for i in range(len(OPS[op].ports))]
        leaves = [(f"a{i}", "input", x) for i, x in enumerate(inputs)]
        trace = run(graph_of(*leaves, ("y", op, [id for id, _, _ in leaves]), target="y"))
        assert np.isnan(trace.value("y"))


def test_nan_compares_as_in_numpy():
    """It is neither above nor below nor equal to anything; as a condition it is not 0."""
    for op in ("greater", "greater_equal", "less", "less_equal", "equal", "not_equal"):
        for a, b in ((np.nan, 0.5), (0.5, np.nan), (np.nan, np.nan)):
            rows = [("a", "input", a), ("b", "input", b), ("y", op, ["a", "b"])]
            assert run(graph_of(*rows, target="y")).value("y") == (op == "not_equal")
    rows = [("c", "input", np.nan), ("a", "input", 2), ("b", "input", np.nan), ("y", "where", ["c", "a", "b"])]
    trace = run(graph_of(*rows, target="y"))
    assert trace.value("y") == 2, "what was not chosen is not seen"
    assert [float(trace.gradient(id)) for id in "cab"] == [0, 1, 0]


def test_a_sigmoid_far_below_is_0_with_slope_0():
    trace = run(unary("sigmoid", -1000.0))
    assert float(trace.value("y")) == 0 and float(trace.gradient("x")) == 0
    trace = run(unary("sigmoid", 1000.0))
    assert float(trace.value("y")) == 1 and float(trace.gradient("x")) == 0
    for op, slope in [("softplus", 0.0), ("tanh", 0.0), ("elu", 0.0), ("gelu", 0.0)]:
        far = run(unary(op, -1000.0))
        assert np.isfinite(far.value("y")) and float(far.gradient("x")) == slope
    assert float(run(unary("softplus", 1000.0)).value("y")) == 1000


LOGITS = [[1000.0, 0, -1000.0]] * 3
ONE_HOT = np.eye(3)


@pytest.mark.parametrize("targets", [ONE_HOT, [0, 1, 2]], ids=["one-hot", "class ids"])
def test_cross_entropy_is_stable_at_1000_0_and_minus_1000(targets):
    graph = graph_of(
        ("z", "parameter", LOGITS), ("t", "constant", targets), ("L", "cross_entropy", ["z", "t"]), target="L"
    )
    trace = run(graph)
    assert float(trace.value("L")) == pytest.approx((0 + 1000 + 2000) / 3)
    p = np.array([[1.0, 0, 0]] * 3)
    np.testing.assert_array_equal(trace.gradient("z"), (p - ONE_HOT) / 3)


def test_the_pieces_of_it_are_stable_too():
    soft, log_soft = run(unary("softmax", LOGITS[0])), run(unary("log_softmax", LOGITS[0]))
    np.testing.assert_array_equal(soft.value("y"), [1, 0, 0])
    np.testing.assert_array_equal(log_soft.value("y"), [0, -1000, -2000])
    assert np.isfinite(soft.gradient("x")).all() and np.isfinite(log_soft.gradient("x")).all()
    for z, t, loss in [(1000.0, 1.0, 0.0), (-1000.0, 1.0, 1000.0), (1000.0, 0.0, 1000.0)]:
        trace = run(binary("bce_with_logits", z, t))
        assert float(trace.value("y")) == loss
        assert float(trace.gradient("a")) == (1.0 if z > 0 else 0.0) - t


def test_softmax_before_log_and_before_cross_entropy_warns():
    after = {"log": [], "cross_entropy": ["t"]}
    for op, other in after.items():
        rows = [
            ("z", "parameter", [1.0, 2]),
            ("t", "constant", [0.0, 1]),
            ("p", "softmax", ["z"]),
            ("L", op, ["p", *other]),
        ]
        graph = graph_of(*rows, target="L")
        assert [p.severity for p in find_problems(graph, run(graph)) if p.ids == ("p", "L")] == ["warning"]


@pytest.mark.parametrize(
    ("op", "inputs", "value"),
    [
        ("log", [0.0], -np.inf),
        ("log", [-1.0], np.nan),
        ("div", [1.0, 0.0], np.inf),
        ("div", [0.0, 0.0], np.nan),
        ("pow", [0.0, -1.0], np.inf),
        ("pow", [-2.0, 0.5], np.nan),
        ("sqrt", [-1.0], np.nan),
        ("exp", [1000.0], np.inf),
        ("bce", [0.0, 1.0], np.inf),
    ],
)
def test_ieee_results_never_an_exception_and_a_problem_naming_the_first_node(op, inputs, value):
    leaves = [(f"a{i}", "input", x) for i, x in enumerate(inputs)]
    rows = [*leaves, ("n", op, [id for id, _, _ in leaves]), ("m", "square", ["n"]), ("f", "neg", ["m"])]
    graph = graph_of(*rows, target="f")
    np.testing.assert_equal(float(run(graph).value("n")), value)
    [problem] = found(graph, "non-finite")
    assert problem.ids == ("n",)
    assert any(trouble.sentence in problem.sentence for trouble in OPS[op].troubles)


def test_a_constant_exponent_gets_no_gradient_so_none_is_nan():
    graph = graph_of(("x", "input", -2.0), ("c", "constant", 3.0), ("y", "pow", ["x", "c"]), target="y")
    trace = run(graph)
    assert float(trace.gradient("x")) == 12
    assert trace.gradient("c") is None and trace.contribution(("y", 1)) is None
    assert gradcheck(graph).ok


def test_powers_at_their_corners():
    for a, b, slope in [(0.0, 2.0, 0.0), (0.0, 1.0, 1.0), (0.0, 0.0, 0.0), (3.0, 0.0, 0.0), (-3.0, 2.0, -6.0)]:
        graph = graph_of(("x", "input", a), ("c", "constant", b), ("y", "pow", ["x", "c"]), target="y")
        assert float(run(graph).gradient("x")) == slope


@pytest.mark.parametrize("op", ["max", "min"])
def test_a_tie_is_split_evenly(op):
    trace = run(binary(op, 2.0, 2.0))
    assert (float(trace.gradient("a")), float(trace.gradient("b"))) == (0.5, 0.5)
    trace = run(binary(op, [1.0, 2, 3], [2.0, 2, 2]))
    np.testing.assert_array_equal(trace.gradient("a") + trace.gradient("b"), [1, 1, 1])
    assert trace.gradient("a")[1] == 0.5


@pytest.mark.parametrize(("op", "gradient"), [("mul", 6.0), ("add", 2.0), ("sub", 0.0), ("max", 1.0)])
def test_a_value_used_twice_by_one_node_has_two_edges_and_two_contributions(op, gradient):
    trace = run(graph_of(("x", "input", 3.0), ("y", op, ["x", "x"]), target="y"))
    steps = [s for s in trace.steps if isinstance(s, ContributionStep)]
    assert [s.edge.key for s in steps] == [("y", 0), ("y", 1)]
    assert float(trace.gradient("x")) == gradient


def test_backward_twice_gives_the_same_gradients():
    graph = xyz()
    plan = make_plan(graph)
    first, second = (trace_of(plan, leaf_values(graph)) for _ in range(2))
    assert [first.gradient(id) for id in "xyz"] == [second.gradient(id) for id in "xyz"] == [-4, -4, 3]


def test_fan_out_is_added_in_port_order_the_same_to_the_last_bit():
    """0.1 + 0.2 + 0.3 is not 0.3 + 0.2 + 0.1: so the order must be one and the same."""
    rows = [("x", "input", 1.0), *((f"c{i}", "constant", v) for i, v in enumerate([0.1, 0.2, 0.3, 1e16, -1e16]))]
    rows += [(f"m{i}", "mul", ["x", f"c{i}"]) for i in range(5)]
    graph = graph_of(*rows, ("s", "add", [f"m{i}" for i in range(5)]), target="s")
    runs = {float(run(graph).gradient("x")).hex() for _ in range(5)}
    assert len(runs) == 1
    sources = [s.edge.dest for s in run(graph).steps if isinstance(s, ContributionStep) and s.edge.source == "x"]
    assert sorted(sources) == [f"m{i}" for i in range(5)]


def test_a_leaf_that_does_not_reach_the_target_has_gradient_0_and_is_labelled():
    graph = graph_of(("x", "input", [1.0, 2]), ("lost", "input", [3.0, 4]), ("y", "exp", ["x"]), target="y")
    trace = run(graph)
    np.testing.assert_array_equal(trace.gradient("lost"), [0, 0])
    assert trace.detached("lost") and found(graph, "detached")[0].ids == ("lost",)


def test_n_against_n_by_1_in_a_loss_is_a_problem():
    assert found(binary("mse", np.ones(3), np.ones((3, 1))), "loss shapes")[0].ids == ("y",)


@pytest.mark.parametrize("op", ["neg", "sigmoid"])
def test_a_chain_of_10000_runs_at_the_default_recursion_limit(op):
    assert sys.getrecursionlimit() <= 1000 or "pydevd" in sys.modules or sys.getrecursionlimit() <= 3000
    trace = run(chain(10_000, op))
    assert len(trace.steps) == 10_001 + 1 + 10_000
    assert np.isfinite(trace.gradient("x"))


def test_class_ids_get_no_gradient_but_soft_targets_do():
    rows = [("z", "parameter", [[0.1, 0.7], [1.0, -1.0]]), ("t", "input", [1, 0]), ("L", "cross_entropy", ["z", "t"])]
    np.testing.assert_array_equal(run(graph_of(*rows, target="L")).gradient("t"), [0, 0])
    soft = graph_of(rows[0], ("t", "input", [[0.2, 0.9], [0.5, 0.1]]), rows[2], target="L")
    assert gradcheck(soft).ok  # rows that do not sum to 1, too


def test_concat_makes_a_vector_of_numbers():
    rows = [("a", "input", 1.0), ("b", "input", 2.0), ("c", "input", [3.0, 4.0]), ("v", "concat", ["a", "b", "c"])]
    trace = run(graph_of(*rows, ("L", "dot", ["v", "v"]), target="L"))
    np.testing.assert_array_equal(trace.value("v"), [1, 2, 3, 4])
    assert [float(trace.gradient("a")), float(trace.gradient("b"))] == [2, 4]
    np.testing.assert_array_equal(trace.gradient("c"), [6, 8])


def test_a_vector_target_is_seeded_with_ones():
    trace = run(unary("square", [1.0, 2.0]))
    np.testing.assert_array_equal(trace.gradient("y"), [1, 1])
    np.testing.assert_array_equal(trace.gradient("x"), [2, 4])
