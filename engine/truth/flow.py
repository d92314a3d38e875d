"""The health of the flow: how large the gradient is by depth, and which factors make it vanish or explode on its way.

Depth counts edges from the target, along the longest path: the target is at 0, what feeds it directly at 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite, sqrt

import numpy as np

from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.truth.evidence import Evidence
from engine.truth.factors import Factor, Kind, largest_size, most_to_blame, sum_of_sizes, way_back
from engine.truth.magnitudes import advice_on, fan_in_of, feeds, series, shape_of
from engine.truth.problem import Problem
from engine.values.values import Value, number_text

VANISHED, EXPLODED = 1e-4, 1e4  # the gradient at one end against the other
REPEATED, TENFOLD = 3, 10.0  # so often a weight is met on the way back, and so much the gradient grows by it
DEEP = 3  # how far back it must be for that to be the fault of the depth
FLAT = 0.2  # slopes below this part of the steepest one: the activation is saturated, not merely long


@dataclass(frozen=True)
class Depth:
    """The nodes at one depth: `total` is the largest Σ|gradient| among them, `largest` the largest |element|."""

    depth: int
    ids: tuple[str, ...]
    total: float
    largest: float
    node: str  # the one with the largest total


def gradient_by_depth(trace: Trace) -> list[Depth]:
    """|gradient| from the target (depth 0) back to the last leaf; empty without a backward pass."""
    if trace.plan.target is None or trace.plan.target not in trace.arrivals:
        return []
    depth_of = {trace.plan.target: 0}
    for task in trace.plan.backward:
        for back in task.back_edges:
            below = depth_of.get(task.node, 0) + 1
            depth_of[back.edge.source] = max(depth_of.get(back.edge.source, 0), below)
    rows: dict[int, list[str]] = {}
    for id, depth in depth_of.items():
        rows.setdefault(depth, []).append(id)
    return [_row(trace, depth, ids) for depth, ids in sorted(rows.items())]


def _row(trace: Trace, depth: int, ids: list[str]) -> Depth:
    sizes = {id: _size(trace.gradient(id)) for id in ids}
    node = max(sizes, key=lambda id: sizes[id][0])
    return Depth(depth, tuple(ids), sizes[node][0], max(largest for _, largest in sizes.values()), node)


def _size(gradient: Value | None) -> tuple[float, float]:
    """Σ|g| and the largest |g|."""
    if gradient is None:
        return 0.0, 0.0
    total = sum_of_sizes(gradient)
    return total, largest_size(gradient) if gradient.ndim else total


# --- what is wrong with it


def flow(evidence: Evidence) -> Iterator[Problem]:
    """A gradient that vanishes or explodes on its long way back, and the factors that make it do so."""
    graph = evidence.graph
    rows = gradient_by_depth(evidence.trace)
    at_loss = bool(rows) and len(rows) > 1 and graph.nodes[rows[0].node].op.group == "loss"
    rows = rows[1:] if at_loss else rows  # a small error is no fault of the network's
    if len(rows) <= DEEP or not all(isfinite(row.total) for row in rows):
        return
    first, last = rows[0], [row for row in rows if row.total > 0 or row is rows[0]][-1]
    if last.total < VANISHED * first.total and last.depth - first.depth >= DEEP:
        yield _vanishing(evidence, rows, first, _simplest(evidence, last))
    peak = max(rows, key=lambda row: row.largest)
    if first.largest > 0 and peak.largest > EXPLODED * first.largest and peak.depth - first.depth >= DEEP:
        yield _exploding(evidence, rows, first, peak)


@dataclass(frozen=True)
class Regrowth:
    """A weight through which the gradient comes back several times: by how much each time it grows on average."""

    by: str
    times: int
    growth: float


def repeated(evidence: Evidence) -> Regrowth | None:
    """The weight that is met most often on the longest way back, if the gradient grows tenfold by it in all."""
    rows = gradient_by_depth(evidence.trace)
    if len(rows) <= DEEP or not all(isfinite(row.total) for row in rows):
        return None
    factors = way_back(evidence, rows[0].node, rows[-1].node, largest_size, _depths(rows))
    sizes: dict[str, list[float]] = {}
    for factor in factors:
        if factor.kind == "weights":
            sizes.setdefault(factor.by, []).append(factor.size)
    by = max(sizes, key=lambda id: len(sizes[id]), default=None)
    if by is None or len(sizes[by]) < REPEATED or np.prod(sizes[by]) < TENFOLD:
        return None
    return Regrowth(by, len(sizes[by]), _geometric(sizes[by]))


def _depths(rows: list[Depth]) -> dict[str, int]:
    return {id: row.depth for row in rows for id in row.ids}


def _simplest(evidence: Evidence, row: Depth) -> Depth:
    """The row by the node that is used least often, so that what is named is a way, and not the factor on it."""
    graph, trace = evidence.graph, evidence.trace
    reached = [id for id in row.ids if _size(trace.gradient(id))[0] > 0] or [row.node]
    node = min(reached, key=lambda id: (len(graph.out_of(id)), -_size(trace.gradient(id))[0]))
    return replace(row, node=node, total=_size(trace.gradient(node))[0])


def _vanishing(evidence: Evidence, rows: list[Depth], first: Depth, last: Depth) -> Problem:
    graph = evidence.graph
    factors = way_back(evidence, first.node, last.node, sum_of_sizes, _depths(rows))
    kind, blamed = most_to_blame(factors, shrinks=True)
    because, remedy = _SHRINKING[kind](evidence, blamed)
    sentence = f"The gradient vanishes: {_way(graph, first, last, first.total, last.total)}. {because}"
    return Problem("vanishing", "warning", sentence, _ids(last, first, blamed), remedy)


def _exploding(evidence: Evidence, rows: list[Depth], first: Depth, peak: Depth) -> Problem:
    graph = evidence.graph
    node = max(peak.ids, key=lambda id: _size(evidence.trace.gradient(id))[1])
    factors = way_back(evidence, first.node, node, largest_size, _depths(rows))
    kind, blamed = most_to_blame(factors, shrinks=False)
    grown = [factor for factor in blamed if factor.size > 1] or blamed
    because, remedy = _growing(evidence, kind, grown)
    sentence = f"The gradient explodes: {_way(graph, first, peak, first.largest, peak.largest)}. {because}"
    return Problem("exploding", "warning", sentence, _ids(peak, first, grown), remedy)


def _ids(end: Depth, start: Depth, blamed: list[Factor]) -> tuple[str, ...]:
    """What is lit: both ends, and what is to blame."""
    return tuple(dict.fromkeys((end.node, start.node, *(factor.by for factor in blamed))))


def _way(graph: Graph, first: Depth, last: Depth, before: float, after: float) -> str:
    start, end = graph.nodes[first.node].name, graph.nodes[last.node].name
    steps = last.depth - first.depth
    return f"from {number_text(before, 3)} at {start} to {number_text(after, 3)} at {end}, {steps} steps back"


# --- why it shrinks


def _small_slopes(evidence: Evidence, factors: list[Factor]) -> tuple[str, str]:
    graph = evidence.graph
    names = series(graph, [factor.by for factor in factors][::-1])
    mean = number_text(float(np.mean([factor.slope for factor in factors])), 2)
    slopes = f"the slope of {names} is {mean}" if len(factors) == 1 else f"the slopes of {names} are {mean} on average"
    worst = min(factors, key=lambda factor: factor.slope / graph.nodes[factor.by].op.steepest)
    if worst.slope < FLAT * graph.nodes[worst.by].op.steepest:
        fed = feeds(graph, evidence.trace, worst.by)
        why, remedy = advice_on(graph, fed[:1]) if fed else ("", "Bring its input closer to 0.")
        return f"{slopes[0].upper()}{slopes[1:]}: {graph.nodes[worst.by].name} is saturated, because {why}.", remedy
    op = graph.nodes[worst.by].op
    most = number_text(op.steepest, 3)
    others = "tanh or ReLU" if op.name == "sigmoid" else "ReLU"
    remedy = f"Use {others} in place of the {op.title.lower()}s between the layers, or fewer layers."
    return f"{slopes[0].upper()}{slopes[1:]}: a {op.title.lower()} lets at most {most} of it through.", remedy


def _closed(evidence: Evidence, factors: list[Factor]) -> tuple[str, str]:
    names = series(evidence.graph, [factor.by for factor in factors][::-1])
    share = number_text(100 * float(np.mean([factor.slope for factor in factors])), 2)
    because = f"Of the gates of {names}, only {share} % are open."
    return because, "Start with biases at 0 or above and weights on both sides of 0, or use a leaky ReLU."


def _small_weights(evidence: Evidence, factors: list[Factor]) -> tuple[str, str]:
    graph, names = evidence.graph, [factor.by for factor in factors][::-1]
    mean = number_text(_geometric([factor.size for factor in factors]), 2)
    because = f"{_weights(graph, names)} small: {_each(names)} passes on {mean} of the gradient{_average(names)}."
    shape = shape_of(graph, names[0])
    if not shape:
        return because, "Start with larger weights: near 1, each passes on what it gets."
    n = fan_in_of(graph, names[0], shape)
    good = number_text(sqrt(2 / n), 2)
    return because, f"Start with larger weights: for {n} inputs, numbers of about {good} (√(2/{n}), after He)."


def _weights(graph: Graph, ids: list[str]) -> str:
    """`The weight w is`, `The weights in W1 are`, `The weights W1 … W4 are`."""
    if len(set(ids)) > 1:
        return f"The weights {series(graph, ids)} are"
    name = graph.nodes[ids[0]].name
    return f"The weights in {name} are" if shape_of(graph, ids[0]) else f"The weight {name} is"


def _each(ids: list[str]) -> str:
    return "each" if len(set(ids)) > 1 else "each time, it" if len(ids) > 1 else "it"


def _average(ids: list[str]) -> str:
    return " on average" if len(set(ids)) > 1 else ""


def _small_factors(evidence: Evidence, factors: list[Factor]) -> tuple[str, str]:
    names = series(evidence.graph, [factor.by for factor in factors][::-1])
    mean = number_text(_geometric([factor.size for factor in factors]), 2)
    return _multiplied(names, mean, len(factors)), f"Bring {names} nearer to 1."


def _multiplied(names: str, mean: str, times: int) -> str:
    """`It is multiplied by k 3 times` could be read as k3."""
    if times == 1:
        return f"It is multiplied by {names}: by {mean}."
    return f"It is multiplied {times} times by {names}, by {mean} on average."


def _small_others(evidence: Evidence, factors: list[Factor]) -> tuple[str, str]:
    graph, worst = evidence.graph, min(factors, key=lambda factor: factor.size)
    name = graph.nodes[worst.node].name
    because = f"The smallest factor is that of {name}: {number_text(worst.size, 2)}."
    return because, f"Bring the inputs of {name} to where it is steeper, or scale its output up."


_SHRINKING = {
    "slopes": _small_slopes,
    "gates": _closed,
    "weights": _small_weights,
    "factors": _small_factors,
    "other": _small_others,
}


# --- why it grows


def _growing(evidence: Evidence, kind: Kind, factors: list[Factor]) -> tuple[str, str]:
    graph, names = evidence.graph, series(evidence.graph, [factor.by for factor in factors][::-1])
    mean = number_text(_geometric([factor.size for factor in factors]), 3)
    if kind == "weights":
        shape = shape_of(graph, factors[0].by)
        ids = [factor.by for factor in factors][::-1]
        because = f"{_weights(graph, ids)} large: {_each(ids)} multiplies the gradient by {mean}{_average(ids)}."
        if not shape:
            return because, "Start with smaller weights, near 1, or clip the gradient during training."
        n = fan_in_of(graph, factors[0].by, shape)
        good = number_text(sqrt(2 / n), 2)
        return because, f"Start with smaller weights: for {n} inputs, numbers of about {good} (√(2/{n}), after He)."
    if kind == "factors":
        return _multiplied(names, mean, len(factors)), f"Bring {names} nearer to 1."
    worst = max(factors, key=lambda factor: factor.size)
    node = graph.nodes[worst.node]
    because = f"The largest factor is that of {node.name} ({node.op.title}): {number_text(worst.size, 3)}."
    return because, f"Bring the inputs of {node.name} to where it is less steep, or scale them down."


def _geometric(sizes: list[float]) -> float:
    return float(np.exp(np.mean(np.log(np.maximum(sizes, 1e-300)))))
