"""The health of the flow: how large the gradient is by depth, and where it is cut off on its way.

Depth counts edges from the target, along the longest path: the target is at 0, what feeds it directly at 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.truth.problem import Problem
from engine.values.values import Value, number_text

SATURATED = 0.01  # a slope below this part of the steepest one
VANISHED, EXPLODED = 1e-4, 1e4  # the gradient at one end against the other
DEEP = 3  # how far back it must be for that to be the fault of the depth
TELLING = 16  # a gate that is closed for fewer samples may well open for the next
MOST_SINGLY = 3  # single closed gates are named one by one up to so many


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
    if not gradient.ndim:
        size = abs(float(gradient))
        return size, size
    with np.errstate(all="ignore"):
        sizes = np.abs(gradient)
        return float(np.sum(sizes)), float(np.max(sizes, initial=0.0))


def flow(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """A gradient that vanishes or explodes on its long way back."""
    rows = gradient_by_depth(trace)
    at_loss = bool(rows) and len(rows) > 1 and graph.nodes[rows[0].node].op.group == "loss"
    rows = rows[1:] if at_loss else rows  # a small error is no fault of the network's
    if len(rows) <= DEEP or not all(isfinite(row.total) for row in rows):
        return
    first, last = rows[0], [row for row in rows if row.total > 0 or row is rows[0]][-1]
    peak = max(rows, key=lambda row: row.largest)
    if last.total < VANISHED * first.total and last.depth - first.depth >= DEEP:
        sentence = f"The gradient vanishes: {_way(graph, first, last, first.total, last.total)}."
        remedy = "Use ReLU instead of sigmoids, start with larger weights (He, Xavier), or use fewer layers."
        yield Problem("vanishing", "warning", sentence, (last.node, first.node), remedy)
    if first.largest > 0 and peak.largest > EXPLODED * first.largest and peak.depth - first.depth >= DEEP:
        sentence = f"The gradient explodes: {_way(graph, first, peak, first.largest, peak.largest)}."
        remedy = "Start with smaller weights (He, Xavier), or clip the gradient during training."
        yield Problem("exploding", "warning", sentence, (peak.node, first.node), remedy)


def _way(graph: Graph, first: Depth, last: Depth, before: float, after: float) -> str:
    start, end = graph.nodes[first.node].name, graph.nodes[last.node].name
    steps = last.depth - first.depth
    return f"from {number_text(before, 3)} at {start} to {number_text(after, 3)} at {end}, {steps} steps back"


def saturated(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """Sigmoids and tanhs so far out that hardly any gradient passes."""
    for id, node in graph.nodes.items():
        if not node.op.steepest or (local := _local(trace, id)) is None:
            continue
        limit = SATURATED * node.op.steepest
        if not local.ndim and abs(float(local)) >= limit:
            continue
        flat = np.abs(local) < limit
        count, size = int(np.sum(flat)), flat.size
        if 2 * count < max(size, 2):
            continue
        where = "" if size == 1 else f" in {count} of {size} elements"
        slope = number_text(float(np.max(np.abs(local)[flat])), 3)
        sentence = f"{node.name} is saturated{where}: its slope is {slope} or less, so hardly any gradient passes."
        remedy = "Bring its input closer to 0: smaller weights, scaled data, or another activation."
        yield Problem("saturated", "note" if size == 1 else "warning", sentence, (id,), remedy)


def closed_gates(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """ReLUs that let nothing through: over a whole batch they are dead, a single closed gate is only noted."""
    single = []
    for id, node in graph.nodes.items():
        if not node.op.gate or (local := _local(trace, id)) is None:
            continue
        if local.ndim:
            yield from _dead_units(graph, id, local)
        elif local == 0:
            single.append(id)
    remedy = "That is what a gate is for; with another input it may open."
    if len(single) > MOST_SINGLY:
        sentence = f"{len(single)} ReLU gates are closed: no gradient passes through them."
        yield Problem("closed gate", "note", sentence, tuple(single), remedy)
        return
    for id in single:
        sentence = f"{graph.nodes[id].name} is closed: its input is not above 0, so no gradient passes."
        yield Problem("closed gate", "note", sentence, (id,), remedy)


def _dead_units(graph: Graph, id: str, local: Any) -> Iterator[Problem]:
    """The units of a ReLU that are closed for every sample of the batch, its first axis."""
    dead = np.all(local == 0, axis=0)
    name, samples = graph.nodes[id].name, local.shape[0]
    if not dead.any() or samples < 2:
        return
    remedy = "Start its bias above 0, lower the learning rate, or use a leaky ReLU."
    if local.ndim == 1:
        sentence = f"{name} is dead: its gate is closed in all {samples} elements, so no gradient passes."
    else:
        count = int(dead.sum())
        said = "is dead: it is" if count == 1 else "are dead: they are"
        learns = "it learns" if count == 1 else "they learn"
        closed = f"closed for all {samples} samples of the batch, so {learns} nothing"
        sentence = f"{name}: {count} of {dead.size} units {said} {closed}."
    yield Problem("dead", "warning" if samples >= TELLING else "note", sentence, (id,), remedy)


def _local(trace: Trace, id: str) -> Any:
    """The local derivative of a node with one input, where a gradient passed."""
    step = trace.contribution((id, 0))
    return None if step is None or step.local is None else np.asarray(step.local)
