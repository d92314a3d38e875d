"""The two passes: what is computed, in which order, and what never happens."""

import sys

import numpy as np
import pytest

from engine.errors import PlanError, RunError
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import run, trace_of
from engine.passes.trace import ContributionStep, ForwardStep, SeedStep
from engine.values.memory import MEMORY
from tests.building import chain, graph_of, xyz


def gradients(trace, *ids):
    return [float(trace.gradient(id)) for id in ids]


def contributions(trace):
    return [(s.edge.dest, s.edge.source, float(s.contribution)) for s in trace.steps if isinstance(s, ContributionStep)]


def test_the_steps_of_cs231ns_example_in_order():
    trace = run(xyz())
    assert [type(step) for step in trace.steps] == [ForwardStep] * 5 + [SeedStep] + [ContributionStep] * 4
    assert contributions(trace) == [("f", "q", -4), ("f", "z", 3), ("q", "x", -4), ("q", "y", -4)]
    assert gradients(trace, "x", "y", "z", "q", "f") == [-4, -4, 3, -4, 1]
    assert float(trace.value("f")) == -12


def test_x_times_x_has_two_edges_and_two_contributions():
    trace = run(graph_of(("x", "input", 3), ("y", "mul", ["x", "x"]), target="y"))
    assert contributions(trace) == [("y", "x", 3), ("y", "x", 3)]
    first, second = trace.steps[-2:]
    assert (first.before, float(first.total)) == (None, 3)
    assert (float(second.before), float(second.total)) == (3, 6)


def test_contributions_arrive_in_port_order_and_add_up():
    graph = graph_of(
        ("x", "input", 5),
        ("a", "mul", ["x", "two"]),
        ("two", "constant", 2),
        ("b", "mul", ["x", "three"]),
        ("three", "constant", 3),
        ("s", "add", ["a", "b"]),
        target="s",
        seed=5,
    )
    trace = run(graph)
    to_x = [step for step in trace.steps if isinstance(step, ContributionStep) and step.edge.source == "x"]
    assert sorted(float(step.contribution) for step in to_x) == [10, 15]
    assert float(trace.gradient("x")) == 25
    assert trace.gradient("two") is None and trace.contribution(("a", 1)) is None


def test_a_run_is_the_same_to_the_last_bit_every_time():
    first, second = run(xyz()), run(xyz())
    assert contributions(first) == contributions(second)
    plan = make_plan(xyz())
    again = [trace_of(plan, leaf_values(xyz())) for _ in range(2)]
    assert gradients(again[0], "x", "z") == gradients(again[1], "x", "z") == [-4, 3], "backward twice adds nothing"


def test_a_chain_of_ten_thousand_at_the_default_recursion_limit():
    assert sys.getrecursionlimit() <= 1000 or "pytest" in sys.modules
    trace = run(chain(10_000))
    assert gradients(trace, "x") == [1.0]
    assert len(trace) == 10_001 + 1 + 10_000


def test_constants_get_no_gradient_nor_what_hangs_on_them_alone():
    graph = graph_of(
        ("a", "constant", 2), ("b", "constant", 3), ("c", "mul", ["a", "b"]), ("x", "input", 4),
        ("y", "mul", ["c", "x"]), target="y",
    )  # fmt: skip
    trace = run(graph)
    assert [trace.gradient(id) for id in "abc"] == [None] * 3
    assert float(trace.gradient("x")) == 6


def test_a_leaf_that_does_not_reach_the_target_has_0_and_says_so():
    trace = run(xyz(), target="q")
    assert float(trace.gradient("z")) == 0 and trace.detached("z")
    assert trace.gradient("f") is None
    assert gradients(trace, "x", "q") == [1, 1]


def test_a_target_may_be_a_leaf():
    trace = run(xyz(), target="x")
    assert float(trace.gradient("x")) == 1 and float(trace.gradient("y")) == 0


def test_without_a_target_there_is_no_backward_pass():
    trace = run(graph_of(("x", "input", 2), ("y", "square", ["x"])))
    assert trace.backward_start == len(trace) == 2
    assert trace.gradient("x") is None


def test_the_seed_scales_everything():
    graph = graph_of(("x", "input", 3), ("y", "input", 5), ("p", "mul", ["x", "y"]), target="p", seed=10)
    assert gradients(run(graph), "x", "y") == [50, 30]


def test_values_can_be_given_and_are_checked():
    assert float(run(xyz(), values={"x": 1, "y": 1}).value("f")) == -8
    with pytest.raises(PlanError, match="no leaf “q”"):
        run(xyz(), values={"q": 1})
    with pytest.raises(PlanError, match="x: A value must be a number"):
        run(xyz(), values={"x": [[1], [2, 3]]})
    with pytest.raises(PlanError, match="no node “nobody”"):
        run(xyz(), target="nobody")


def test_an_unfinished_graph_runs_as_far_as_it_is_complete():
    graph = graph_of(("x", "input", 2), ("y", "square", ["x"]), ("z", "add", ["y"]), ("n", "neg", ["z"]), target="n")
    plan = make_plan(graph)
    assert plan.unready == {"z": "z is not finished: nothing is connected to its port b.", "n": "n is waiting for z."}
    trace = trace_of(plan, leaf_values(graph))
    assert float(trace.value("y")) == 4 and trace.value("z") is None
    with pytest.raises(PlanError, match="nothing is connected to its port b"):
        run(graph)
    with pytest.raises(PlanError, match="x has no value"):
        run(graph_of(("x", "input", None), ("y", "square", ["x"]), target="y"))


def test_shapes_that_do_not_fit_are_named_and_the_rest_is_computed():
    graph = graph_of(
        ("a", "input", [1, 2]), ("b", "input", [1, 2, 3]), ("s", "add", ["a", "b"]), ("n", "neg", ["s"]),
        ("m", "neg", ["a"]), target="n",
    )  # fmt: skip
    trace = trace_of(make_plan(graph), leaf_values(graph))
    assert "(2,)" in trace.failures["s"] and "(3,)" in trace.failures["s"]
    assert trace.value("m") is not None and trace.value("n") is None and trace.gradient("a") is None
    with pytest.raises(RunError, match=r"\(2,\) and \(3,\)"):
        run(graph)


def test_broadcasting_backwards_is_a_sum_and_the_trace_says_over_which_axes():
    graph = graph_of(
        ("a", "input", [[1, 2, 3], [4, 5, 6]]), ("b", "input", [10, 20, 30]), ("c", "input", [[2], [3]]),
        ("k", "input", 2), ("s", "add", ["a", "b"]), ("t", "mul", ["s", "c"]), ("u", "mul", ["t", "k"]), target="u",
    )  # fmt: skip
    trace = run(graph)
    assert trace.contribution(("s", 1)).axes == (0,)
    assert trace.contribution(("t", 1)).axes == (1,)
    assert trace.contribution(("u", 1)).axes == (0, 1)
    np.testing.assert_array_equal(trace.gradient("b"), [10, 10, 10])
    np.testing.assert_array_equal(trace.gradient("c"), [[2 * 66], [2 * 75]])
    assert float(trace.gradient("k")) == 2 * 66 + 3 * 75


def test_ieee_results_and_never_an_exception_or_a_warning():
    rows = {"log": [("x", "input", 0)], "log_neg": [("x", "input", -1)]}
    assert float(run(graph_of(*rows["log"], ("y", "log", ["x"]), target="y")).value("y")) == -np.inf
    assert np.isnan(run(graph_of(*rows["log_neg"], ("y", "log", ["x"]), target="y")).value("y"))
    div = graph_of(("a", "input", 1), ("b", "input", 0), ("y", "div", ["a", "b"]), target="y")
    assert float(run(div).value("y")) == np.inf
    assert run(div).first_non_finite == "y"


def test_a_defect_of_a_rule_is_no_misfit_but_comes_out(monkeypatch):
    def broken(*_):
        raise TypeError("a rule was called as it cannot be")

    monkeypatch.setattr("engine.passes.run.computed", broken)
    with pytest.raises(TypeError, match="a rule was called"):
        run(xyz())


def test_what_the_machine_has_no_memory_for_is_told_as_what_is_over_the_limit_is():
    tall, wide = np.zeros((3_000_000, 1)), np.zeros((1, 3_000_000))
    with MEMORY.allowed(2**60), pytest.raises(RunError, match=r"s: this machine has no memory left for it \(Add\)"):
        run(graph_of(("a", "input", tall), ("b", "input", wide), ("s", "add", ["a", "b"]), target="s"))
