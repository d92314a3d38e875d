"""The same graph with other numbers in its leaves, chosen so that both passes come out well: short to write, none 0.

Nothing is searched for long: so many tries, from a seed, and the best of them. The shapes stay.
"""

from __future__ import annotations

import math

import numpy as np

from engine.edits.nodes import set_value
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.passes.trace import ContributionStep, ForwardStep, Trace
from engine.values.values import Value, as_value

TRIES, MOST_STEPS = 200, 40_000  # tries for a small graph; steps that are computed in all of them
WHOLE = tuple(n for n in range(-5, 7) if n)
LONG = 12  # digits that a number counts for that does not end
MOST_CELLS = 200  # of an array


def other_numbers(graph: Graph, seed: int = 0) -> Change | None:
    """The change that puts other numbers into the inputs and parameters; None where there is nothing to change."""
    leaves = [node for node in graph.nodes.values() if _may_change(node)]
    plan = make_plan(graph)
    if not leaves or plan.target is None:
        return None
    rng, before = np.random.default_rng(seed), leaf_values(graph)
    best: tuple[float, dict[str, Value]] | None = None
    for _ in range(max(min(TRIES, MOST_STEPS // max(2 * len(plan.order), 1)), 5)):
        chosen = {node.id: _drawn(rng, node) for node in leaves}
        if all(np.array_equal(chosen[node.id], np.asarray(node.value)) for node in leaves):
            continue
        trace = trace_of(plan, {**before, **chosen}, graph.seed)
        cost = _cost(trace) if trace.plan.target is not None else math.inf
        if best is None or cost < best[0]:
            best = cost, chosen
    return None if best is None or math.isinf(best[0]) else _put(graph, best[1])


def _may_change(node: Node) -> bool:
    """Data and parameters; a constant belongs to the formula, and so does a large array."""
    is_small = node.value is not None and 0 < node.value.size <= MOST_CELLS
    return node.op.holds_value and not node.op.constant and is_small


def _drawn(rng: np.random.Generator, node: Node) -> Value:
    """Whole numbers; where it held a share between 0 and 1, a tenth."""
    assert node.value is not None
    held = np.asarray(node.value)
    if np.all((held >= 0) & (held <= 1)) and np.any(held % 1):
        return as_value(np.round(rng.integers(1, 10, held.shape) / 10, 1))
    return as_value(rng.choice(WHOLE, held.shape))


def _put(graph: Graph, chosen: dict[str, Value]) -> Change:
    """One change of many edits."""
    whole = NOTHING
    for id, value in chosen.items():
        whole = whole.then(set_value(graph, id, value))
    return whole


def _cost(trace: Trace) -> float:
    """How many digits there are to write, and how many numbers say nothing; ∞ where one is not finite."""
    total = 0.0
    for step in trace.steps:
        if not isinstance(step, ForwardStep | ContributionStep):
            continue
        numbers = [step.value] if isinstance(step, ForwardStep) else [step.contribution, step.total]
        for number in np.concatenate([np.ravel(each) for each in numbers]).tolist():
            if not math.isfinite(number):
                return math.inf
            total += digits_of(number) + 3.0 * (number == 0)
    return total


def digits_of(number: float) -> int:
    """How many significant digits a number has; many where it has no end."""
    text = f"{abs(number):.10g}"
    if "e" in text:
        return LONG
    digits = len(text.replace(".", "").strip("0"))
    return LONG if digits > 5 else max(digits, 1)
