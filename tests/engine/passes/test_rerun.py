"""A run after another is the whole run to the last bit, and does no more than what is reached."""

import math
import random

import numpy as np
import pytest

from engine.edits.nodes import set_value
from engine.graph.graph import Graph
from engine.passes.leaves import LeafValues, leaf_values
from engine.passes.plan import Plan, make_plan
from engine.passes.rerun import trace_again
from engine.passes.run import trace_of
from engine.passes.trace import Trace
from engine.session import Session
from engine.show.readable import readable
from engine.text.read import parse
from tests.bench.drawn import chain_recipe, random_recipe

ODD = (0.0, -0.0, 1.0, -1.0, 1e300, 1e-300, math.nan, math.inf, -math.inf)


def bits(trace: Trace) -> list[object]:
    """All that its steps hold, bit by bit."""
    return [[_bits(held) for held in step] for step in trace.steps]


def _bits(held: object) -> object:
    if isinstance(held, tuple):
        return [_bits(each) for each in held]
    return (held.shape, held.tobytes()) if isinstance(held, np.generic | np.ndarray) else repr(held)


@pytest.mark.parametrize("seed", range(12))
def test_it_is_the_whole_run_to_the_last_bit_whatever_the_leaves_come_to_hold(seed: int) -> None:
    rng = random.Random(seed)
    graph = random_recipe(rng.choice([8, 40, 200]), rng.choice([None, 5]), seed).graph()
    plan = make_plan(graph)
    last = trace_of(plan, leaf_values(graph))
    readable(last)
    leaves = [id for id, node in graph.nodes.items() if node.op.is_leaf]
    for _ in range(12):
        for id in rng.sample(leaves, rng.choice([1, 1, 2])):
            graph = graph.apply(set_value(graph, id, rng.choice([*ODD, rng.uniform(-2, 2), 1 - 0.3 - 0.7])))
        again, whole = trace_again(plan, leaf_values(graph), 1.0, last), trace_of(plan, leaf_values(graph))
        assert bits(again) == bits(whole)
        assert bits(readable(again, last)) == bits(readable(whole))
        assert again.suspects == whole.suspects
        last = again


def test_only_what_is_reached_runs_anew() -> None:
    graph = parse("a = 2; b = 3; c = 4; f = a * b + exp(c)")
    plan = make_plan(graph)
    last = trace_of(plan, leaf_values(graph))
    graph = graph.apply(set_value(graph, "c", 5.0))
    again = trace_again(plan, leaf_values(graph), 1.0, last)
    assert again.anew is not None
    told = {step.edge.key if hasattr(step, "edge") else step.node for step in (again.steps[at] for at in again.anew)}
    assert "c" in told and "f" in told and not told & {"a", "b"}
    assert sum(one is not other for one, other in zip(again.steps, last.steps, strict=True)) == len(again.anew)


def test_a_number_that_stops_moving_reaches_nothing_behind_it() -> None:
    graph = parse("x = -3; w = 2; f = w * relu(x)")
    plan = make_plan(graph)
    last = trace_of(plan, leaf_values(graph))
    graph = graph.apply(set_value(graph, "x", -2.0))
    again = trace_again(plan, leaf_values(graph), 1.0, last)
    assert [again.steps[at].node for at in again.anew or () if hasattr(again.steps[at], "node")] == [
        "x", next(id for id, node in graph.nodes.items() if node.op_name == "relu"),
    ]  # fmt: skip


def _whole(plan: Plan, values: LeafValues, seed: float, last: Trace) -> bool:
    return trace_again(plan, values, seed, last).anew is None


def test_arrays_another_seed_and_a_run_that_failed_are_run_from_the_start() -> None:
    graph = parse("x = np.array([1, 2, 3]); f = sum(2 * x)")
    plan = make_plan(graph)
    last = trace_of(plan, leaf_values(graph))
    assert _whole(plan, leaf_values(graph.apply(set_value(graph, "x", [1.0, 2.0]))), 1.0, last)
    assert _whole(plan, leaf_values(graph), 10.0, last)
    assert _whole(make_plan(graph), leaf_values(graph), 1.0, last)
    failed = graph = parse("x = np.array([1, 2, 3]); y = np.array([1, 2]); f = sum(x * y)")
    plan = make_plan(failed)
    last = trace_of(plan, leaf_values(failed))
    assert last.failures
    mended = graph.apply(set_value(graph, "y", [1.0, 2.0, 3.0]))
    again = trace_again(plan, leaf_values(mended), 1.0, last)
    assert again.anew is None and not again.failures


def test_a_number_among_arrays_is_as_in_a_whole_run() -> None:
    graph = parse("x = np.array([1, 2, 3]); w = 2; b = 1; f = sum(w * x + b)")
    plan = make_plan(graph)
    last = trace_of(plan, leaf_values(graph))
    for value in (3.0, [3.0, 4.0, 5.0], 2.0, 7.0):
        graph = graph.apply(set_value(graph, "w", value))
        again = trace_again(plan, leaf_values(graph), 1.0, last)
        assert bits(again) == bits(trace_of(plan, leaf_values(graph)))
        last = again


def test_a_leaf_that_reaches_nearly_everything_is_left_to_whole_runs() -> None:
    graph = chain_recipe(30).graph()
    plan = make_plan(graph)
    last = trace_of(plan, leaf_values(graph))
    found = []
    for value in (0.5, 0.6, 0.7):
        graph = graph.apply(set_value(graph, "n0", value))
        last = trace_again(plan, leaf_values(graph), 1.0, last)
        found.append(last.anew is None)
    assert found == [False, True, True]


def test_a_session_follows_a_slider_and_undo_with_the_numbers_of_a_fresh_one() -> None:
    session = Session(random_recipe(60, 5).graph())
    for value in np.linspace(-2, 2, 9):
        session.edit(lambda graph, value=value: set_value(graph, "n1", value), gesture="slider")
        assert bits(session.now.trace) == bits(Session(session.now.graph).now.trace)
    session.undo()
    assert bits(session.now.trace) == bits(Session(session.now.graph).now.trace)


def test_a_run_says_what_is_other_only_of_the_run_that_it_followed() -> None:
    graph = parse("a = 2; b = 3; c = 1; d = 0; f = exp(a) + exp(b) + exp(c) + exp(d)")
    plan = make_plan(graph)
    first = trace_of(plan, leaf_values(graph))
    second = trace_again(plan, leaf_values(graph.apply(set_value(graph, "a", 5.0))), 1.0, first)
    third = trace_again(plan, leaf_values(graph.apply(set_value(graph, "b", 7.0))), 1.0, second)
    assert second.anew_since(first) and third.anew_since(second)
    assert third.anew_since(first) is None and first.anew_since(second) is None


def test_a_target_of_several_elements_is_followed_too() -> None:
    graph = parse("x = np.array([1.0, 2.0]); w = 2; f = w * x")
    plan = make_plan(graph)
    last = trace_of(plan, leaf_values(graph))
    graph = graph.apply(set_value(graph, "w", 5.0))
    assert bits(trace_again(plan, leaf_values(graph), 1.0, last)) == bits(trace_of(plan, leaf_values(graph)))


@pytest.mark.parametrize("held", [[1.0], [[1.0, 2.0]]])
def test_an_array_that_becomes_a_number_has_another_shape(held: list[object]) -> None:
    """Of the same bytes, perhaps, and with a seed of its own."""
    for text in ("x = 1", "x = 1; y = x * 3"):
        session = Session()
        session.load(holding_x(text, held))
        session.edit(lambda graph: set_value(graph, "x", 1.0))
        trace = session.now.trace
        assert bits(trace) == bits(trace_of(trace.plan, leaf_values(session.document.graph), 1.0))


def holding_x(text: str, held: object) -> Graph:
    graph = parse(text)
    return graph.apply(set_value(graph, "x", held))


def test_a_seed_of_minus_0_is_another_than_0() -> None:
    graph = parse("x = 2; y = x * 3")
    plan, values = make_plan(graph), leaf_values(graph)
    trace = trace_again(plan, values, -0.0, trace_of(plan, values, 0.0))
    assert bits(trace) == bits(trace_of(plan, values, -0.0))
