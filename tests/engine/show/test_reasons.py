"""The reasons of whole graphs: fan-out, several ways, seeds, names with anything in them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.graph.graph import Graph
from engine.passes.leaves import leaf_values
from engine.passes.plan import Task, make_plan
from engine.passes.run import run, trace_of
from engine.passes.trace import ContributionStep, Trace
from engine.show.explain import explain
from engine.show.reasons import why, why_computed
from engine.show.wording import WORDINGS
from tests.building import Row, graph_of
from tests.engine.random_graphs import graphs


def reasons(graph: Graph, wording: str = "gradient") -> list[str]:
    trace = run(graph)
    return [why(graph, trace, step, wording) for step in trace.contributions]


def test_x_times_x_is_told_along_each_of_its_edges() -> None:
    graph = graph_of(("x", "input", 3.0), ("y", "mul", ["x", "x"]), target="y")
    for told in reasons(graph):
        assert "increase x by 1 along this edge only and y increases by 3" in told
    for told in reasons(graph, "responsibility"):
        assert "along this edge, x is 3 times as responsible as y" in told and "gradient" not in told


def test_which_of_several_contributions_it_is_stands_once_beside_its_number() -> None:
    graph = graph_of(("x", "input", 3.0), ("y", "mul", ["x", "x"]), target="y")
    trace = run(graph)
    for step, which in zip(trace.contributions, ("(1 of 2, more to come)", "(2 of 2)"), strict=True):
        said = explain(graph, trace, step)
        assert which in said.caption and which in said.numbers
        assert "contribution" not in said.why and "more" not in said.why


def test_a_way_that_is_not_the_only_one_through_a_node_is_told_as_an_edge() -> None:
    """Of x·x·x all goes through y, 12, and 4 of it along the edge from x to y."""
    graph = graph_of(("x", "input", 2.0), ("p", "mul", ["x", "x"]), ("y", "mul", ["p", "x"]), target="y")
    told = reasons(graph, "responsibility")
    assert any("along this edge, x is 4 times as responsible as y" in text for text in told)
    assert not any("through y" in text for text in told)


def test_responsibility_is_told_path_by_path() -> None:
    """Both paths together are 25 times, not 5 and then 20 times, as responsible."""
    rows: list[Row] = [("x", "input", 2.0), ("p", "mul", ["x", "five"]), ("q", "mul", ["x", "four"])]
    leaves: list[Row] = [("five", "constant", 5.0), ("four", "constant", 4.0), ("k", "constant", 5.0)]
    graph = graph_of(*leaves, *rows, ("r", "mul", ["q", "k"]), ("f", "add", ["p", "r"]), target="f")
    told = reasons(graph, "responsibility")
    assert any("through p, x is 5 times as responsible as p itself" in text for text in told)
    assert any("through q, x is 4 times as responsible as q itself" in text for text in told)
    assert float(run(graph).gradient("x")) == 25


def test_an_op_s_letters_are_not_those_of_the_graph() -> None:
    """`y` is the input here, and `a` the divisor."""
    graph = graph_of(("y", "input", [0.5, 1.0]), ("s", "sigmoid", ["y"]), target="s")
    assert "s·(1 − s)" in reasons(graph)[0] and "y·" not in reasons(graph)[0]
    graph = graph_of(("b", "input", [6.0, 1.0]), ("a", "input", [2.0, 4.0]), ("f", "div", ["b", "a"]), target="f")
    assert "−b/a²" in reasons(graph)[1]
    trace = run(graph)
    assert why_computed(graph, trace, trace.forward_steps[-1]) == "f divides b by a."


def test_the_logarithm_of_a_negative_number_has_no_slope() -> None:
    graph = graph_of(("x", "input", -1.0), ("y", "log", ["x"]), target="y")
    for wording in WORDINGS:
        [told] = reasons(graph, wording)
        assert told == "y is nan here, so it has no slope: the −1 that goes back is only what the rule gives."


def told_of(op: str, value: Any, **settings: Any) -> str:
    """All that is said of an op of one input, which is the target."""
    graph = graph_of(("x", "input", value), ("y", op, ["x"]), target="y", settings={"y": settings})
    trace = run(graph)
    return " ".join([why_computed(graph, trace, trace.forward_steps[-1]), *reasons(graph)])


def test_what_stays_as_it_is_is_not_told_to_change() -> None:
    matrix = [[1.0, 2.0], [3.0, 4.0]]
    same = [("transpose", [1.0, 2.0], {}), ("transpose", matrix, {"axes": (0, 1)}), ("squeeze", matrix, {}),
            ("swapaxes", matrix, {"axis1": 0, "axis2": -2}), ("flatten", matrix, {"start": 1})]  # fmt: skip
    for op, value, chosen in same:
        assert "y is x as it is" in told_of(op, value, **chosen), op
    assert "y is x transposed." in told_of("transpose", matrix)
    assert "the last axis and axis 0 swapped" in told_of("swapaxes", matrix, axis1=-1, axis2=0)


def test_picks_say_what_is_picked_twice_and_what_is_left_out() -> None:
    twice, out = "picked several times, these add up", "What was not picked gets nothing"
    for at, repeats, leaves in (
        ("[0, 0]", True, True),
        ("0", False, True),
        ("::-1", False, False),
        ("[0, 1, 1]", True, False),
    ):
        said = told_of("index", [1.0, 2.0], at=at)
        assert (twice in said, out in said) == (repeats, leaves), at


def test_a_softmax_of_one_score_has_nobody_to_compete_with() -> None:
    assert "always 1: nothing goes back" in told_of("softmax", [[1.0], [2.0]])
    assert "compete" in told_of("softmax", [[1.0], [2.0]], axis=0)


def test_an_einsum_of_one_input_speaks_of_no_other_factors() -> None:
    assert "factors" not in told_of("einsum", [[1.0, 2.0]], subscripts="ij->i")
    assert "axes as the subscripts say" in told_of("einsum", [[1.0, 2.0]], subscripts="ij->ji")


def test_saturation_is_shown_with_as_many_digits_as_it_takes() -> None:
    graph = graph_of(("x", "input", 10.0), ("y", "tanh", ["x"]), target="y")
    [told] = reasons(graph)
    shown = re.search(r"1 − ([\d.]+)² ≈ ([\d.e−]+)\.", told)
    assert shown, told
    left, right = (float(number.replace("−", "-")) for number in shown.groups())
    np.testing.assert_allclose(1 - left * left, right, rtol=0.01)


@st.composite
def linear_graphs(draw: st.DrawFn) -> Graph:
    """Sums, differences, products and quotients of a few numbers, each used again and again."""
    rows: list[Row] = [(name, "parameter", draw(st.integers(-4, 4).map(float))) for name in "xyz"]
    for i in range(draw(st.integers(1, 5))):
        op = draw(st.sampled_from(["add", "sub", "mul", "neg", "div", "square"]))
        ports = 1 if op in ("neg", "square") else 2
        rows.append((f"n{i}", op, [draw(st.sampled_from([row[0] for row in rows])) for _ in range(ports)]))
    return graph_of(*rows, target=rows[-1][0], seed=draw(st.sampled_from([-3.0, 1.0, 10.0])))


def moved(trace: Trace, step: ContributionStep, everywhere: bool) -> float:
    """What the end of an edge does when its source grows by 1: along the edge alone, or wherever it is used."""
    by_slot = {slot: id for (id, _), slot in trace.plan.slots.items()}
    values = {id: trace.value(id) for id in by_slot.values()}
    if everywhere:
        values[step.edge.source] = values[step.edge.source] + 1
    for task in trace.plan.order:
        if not isinstance(task, Task) or task.node == step.edge.source:
            continue
        inputs = [values[by_slot[slot]] for slot in task.inputs]
        if task.node == step.edge.dest:
            inputs[step.edge.port] = trace.value(step.edge.source) + 1
        if everywhere or task.node == step.edge.dest:
            with np.errstate(all="ignore"):
                values[task.node] = task.kernel.forward(*inputs)
    return float(values[step.edge.dest] - trace.value(step.edge.dest))


@settings(max_examples=60, deadline=None)
@given(linear_graphs())
def test_increase_it_by_1_and_see(graph: Graph) -> None:
    trace = run(graph)
    assume(trace.first_non_finite is None)
    for step in trace.contributions:
        told = why(graph, trace, step, "gradient")
        source, node = step.edge.source, step.edge.dest
        found = re.search(rf"ncrease {source} by 1( along this edge only)? and {node} (\w+)(?: by ([\d.e−]+))?", told)
        if found:
            size = float((found[3] or "0").rstrip(".,").replace("−", "-")) * (-1 if found[2] == "decreases" else 1)
            assert np.isclose(moved(trace, step, everywhere=not found[1]), size, rtol=1e-3), told


@settings(max_examples=40, deadline=None)
@given(linear_graphs())
def test_of_several_contributions_each_says_which_it_is(graph: Graph) -> None:
    trace = run(graph)
    for node, arrived in trace.arrivals.items():
        told = [explain(graph, trace, trace.steps[i]).caption for i in arrived if i != trace.backward_start]
        for at, text in enumerate(told, start=1):
            which = f"({at} of {len(told)}" + (", more to come)" if at < len(told) else ")")
            assert (which in text) == (len(told) > 1), (node, text)
            assert ("Together:" in text) == (at == len(told) > 1), (node, text)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_every_step_of_any_graph_has_a_reason_in_both_wordings(graph: Graph) -> None:
    trace = trace_of(make_plan(graph), leaf_values(graph), graph.seed)
    for step in trace.steps:
        for wording in WORDINGS:
            told = explain(graph, trace, step, wording).why
            assert told.endswith(".") and "None" not in told.replace("None of the", ""), told
