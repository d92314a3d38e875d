"""Jacobians on demand, and the total derivative: what every path from a leaf to the target adds to its gradient.

Symbols: x an input of a node; y its output; J = ∂y/∂x its Jacobian, of shape (*y.shape, *x.shape); g = ∂L/∂y the
upstream gradient. The contribution is g · J, summed over the axes of y: backward rules compute only this product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.errors import RunError
from engine.graph.records import Edge
from engine.passes.plan import Task
from engine.passes.run import send
from engine.passes.trace import ContributionStep, SeedStep, Trace
from engine.values.values import Shape, Value, shape_text

MOST_ENTRIES = 4_000_000
MOST_PATHS = 64


@dataclass(frozen=True)
class Jacobian:
    """∂y/∂x of one node and port at the values of a trace. `matrix` has the shape (*y.shape, *x.shape).

    `structure` names what it looks like, `sentence` says why. `upstream` and `contribution` are what the trace
    recorded; None where no gradient passed.
    """

    node: str
    port: int
    source: str
    matrix: NDArray[np.float64]
    y_shape: Shape
    x_shape: Shape
    structure: str
    sentence: str
    upstream: Value | None
    contribution: Value | None

    @property
    def flat(self) -> NDArray[np.float64]:
        """The Jacobian as a matrix: a row for each element of y, a column for each of x."""
        return self.matrix.reshape(int(np.prod(self.y_shape)), int(np.prod(self.x_shape)))

    @property
    def product(self) -> Value | None:
        """upstream · J, in the shape of x."""
        if self.upstream is None:
            return None
        with np.errstate(all="ignore"):
            product: Value = (np.ravel(self.upstream) @ self.flat).reshape(self.x_shape)[()]
        return product

    @property
    def agrees(self) -> bool | None:
        """Whether upstream · J is the contribution that was recorded, to round-off; None where there is none."""
        if self.product is None or self.contribution is None:
            return None
        size = float(np.max(np.abs(self.flat), initial=0.0) * np.max(np.abs(self.upstream), initial=0.0))  # type: ignore[arg-type]
        scale = size if np.isfinite(size) else 0.0
        return bool(np.allclose(self.product, self.contribution, rtol=1e-9, atol=1e-12 * scale, equal_nan=True))


def jacobian(trace: Trace, node: str, port: int | str) -> Jacobian:
    """The full Jacobian of a node with respect to an input; `port` by number, by its name (`a`), or by its source's id.

    Raises RunError if there is no such node or port, if it was not computed, or if it would be too large.
    """
    task = _task(trace, node)
    at, source = _port(task, trace, port)
    inputs, y = trace.inputs(node), trace.value(node)
    if y is None:
        raise RunError(f"{node} could not be computed, so it has no Jacobian.", (node,))
    x = inputs[at]
    if y.size * x.size > MOST_ENTRIES:
        shape = shape_text((*y.shape, *x.shape))
        raise RunError(
            f"The Jacobian of {node} would have the shape {shape}: more than {MOST_ENTRIES:,} entries.", (node,)
        )
    matrix = _rows(task, inputs, at, y).reshape(y.shape + x.shape)
    structure, sentence = _structure(task, at, matrix, y.shape, x.shape, source)
    step = trace.contribution((node, at))
    upstream, contribution = (None, None) if step is None else (step.upstream, step.contribution)
    return Jacobian(node, at, source, matrix, y.shape, x.shape, structure, sentence, upstream, contribution)


def _rows(task: Task, inputs: tuple[Value, ...], port: int, y: Value) -> NDArray[np.float64]:
    """One row for each element of y: the contribution of an upstream gradient that is 1 there and 0 elsewhere."""
    rows = np.zeros((int(y.size), int(inputs[port].size)))
    for i in range(int(y.size)):
        unit = np.zeros(y.shape)
        unit.flat[i] = 1.0
        with np.errstate(all="ignore"):
            rows[i] = np.ravel(send(task.kernel.vjps[port], inputs, port, y, unit[()])[1])
    return rows


def _structure(task: Task, port: int, matrix: NDArray[np.float64], y: Shape, x: Shape, source: str) -> tuple[str, str]:
    """What a Jacobian looks like, as the op says or as it is seen, and one sentence why."""
    declared = task.op.jacobian
    if declared:
        name, sentence = declared[min(port, len(declared) - 1)]
        sentence = sentence.format(source=source)
        batched = bool(y) and bool(x) and _block_diagonal(matrix, y, x) and name not in ("permutation", "identity")
        return name, sentence + (" Each sample has a block of its own; the rest is 0." if batched else "")
    if not y and not x:
        return "number", "One input and one output: the Jacobian is the local derivative itself."
    if task.op.elementwise and y == x:
        return "diagonal", "Element by element: each output depends on the input in its own place, and on no other."
    if task.op.elementwise:
        return "copies", "The input was repeated by broadcasting: each of its elements reaches all its copies."
    if not y:
        return "row", "There is one output, so the Jacobian is a single row: the gradient itself."
    return "dense", "Every output may depend on every input."


def _block_diagonal(matrix: NDArray[np.float64], y: Shape, x: Shape) -> bool:
    """Whether samples, along leading axes of equal length, do not touch each other."""
    if y[0] != x[0] or y[0] < 2 or len(y) + len(x) < 3:
        return False
    blocks = np.moveaxis(matrix, len(y), 1)
    apart = ~np.eye(y[0], dtype=bool)
    return not np.any(blocks[apart])


def _task(trace: Trace, node: str) -> Task:
    task = _tasks(trace).get(node)
    if task is None:
        raise RunError(trace.plan.unready.get(node, f"“{node}” is not a node with inputs."), (node,))
    return task


def _tasks(trace: Trace) -> dict[str, Task]:
    return {task.node: task for task in trace.plan.order if isinstance(task, Task)}


def _port(task: Task, trace: Trace, port: int | str) -> tuple[int, str]:
    """A port by its number, its name or the id of what feeds it; and that id."""
    by_slot = {slot: id for (id, _), slot in trace.plan.slots.items()}
    sources = [by_slot[slot] for slot in task.inputs]
    names = [task.op.port_name(i) for i in range(len(sources))]
    for known in (names, sources, [str(i) for i in range(len(sources))]):
        if str(port) in known:
            at = known.index(str(port))
            return at, sources[at]
    choices = ", ".join(f"{name} (from {source})" for name, source in zip(names, sources, strict=True))
    raise RunError(f"{task.node} has no port “{port}”; its ports are {choices}.", (task.node,))


# --- the total derivative


@dataclass(frozen=True)
class Term:
    """One term of the sum that makes a gradient: what arrived along `edge`; no edge: the seed."""

    edge: Edge | None
    upstream: Value | None
    local: Value | None
    contribution: Value


def terms(trace: Trace, node: str) -> list[Term]:
    """What a node's gradient is the sum of, in the order in which it arrived."""
    found = []
    for at in trace.arrivals.get(node, []):
        step = trace.steps[at]
        if isinstance(step, ContributionStep):
            found.append(Term(step.edge, step.upstream, step.local, step.contribution))
        elif isinstance(step, SeedStep):
            found.append(Term(None, None, None, step.gradient))
    return found


@dataclass(frozen=True)
class Path:
    """One way from a node to the target, edge by edge, and what comes back along it alone."""

    edges: tuple[Edge, ...]
    contribution: Value

    @property
    def nodes(self) -> tuple[str, ...]:
        return (self.edges[0].source, *(edge.dest for edge in self.edges))


@dataclass(frozen=True)
class Paths:
    """The paths from a node to the target, at most so many; `count` says how many there are."""

    found: tuple[Path, ...]
    count: int

    @cached_property
    def complete(self) -> bool:
        return len(self.found) == self.count

    @property
    def total(self) -> Value:
        """The sum over the paths found: the gradient, if they are complete."""
        total: Value = sum((path.contribution for path in self.found), start=np.float64(0.0))
        return total


def paths(trace: Trace, node: str, most: int = MOST_PATHS) -> Paths:
    """The total derivative: a gradient as the sum over all paths, each a product of local derivatives."""
    onwards: dict[str, list[Edge]] = {}
    for step in trace.steps:
        if isinstance(step, ContributionStep):
            onwards.setdefault(step.edge.source, []).append(step.edge)
    walks = _walks(node, trace.plan.target, onwards)
    tasks = _tasks(trace)
    found = tuple(Path(edges, _along(trace, tasks, edges)) for edges, _ in zip(walks, range(most), strict=False))
    return Paths(found, _count(node, trace.plan.target, onwards))


def _walks(start: str, goal: str | None, onwards: dict[str, list[Edge]]) -> Iterator[tuple[Edge, ...]]:
    """Every walk along edges from start to goal, depth first."""
    stack: list[tuple[Edge, ...]] = [(edge,) for edge in reversed(onwards.get(start, []))]
    while stack:
        walk = stack.pop()
        if walk[-1].dest == goal:
            yield walk
        else:
            stack += [(*walk, edge) for edge in reversed(onwards.get(walk[-1].dest, []))]


def _count(start: str, goal: str | None, onwards: dict[str, list[Edge]]) -> int:
    """How many walks there are, without walking them: each node's count is the sum of its successors'."""
    counts: dict[str | None, int] = {goal: 1}
    todo = [start] if start != goal else []
    while todo:
        node = todo[-1]
        waiting = [edge.dest for edge in onwards.get(node, []) if edge.dest not in counts]
        if node in counts or not waiting:
            counts[node] = counts.get(node, sum(counts[edge.dest] for edge in onwards.get(node, [])))
            todo.pop()
        todo += waiting
    return counts[start] if start != goal else 0


def _along(trace: Trace, tasks: dict[str, Task], edges: tuple[Edge, ...]) -> Value:
    """The seed brought back along one path alone."""
    seed = trace.steps[trace.arrivals[edges[-1].dest][0]]
    assert isinstance(seed, SeedStep)
    gradient = seed.gradient
    with np.errstate(all="ignore"):
        for edge in reversed(edges):
            vjp = tasks[edge.dest].kernel.vjps[edge.port]
            gradient = send(vjp, trace.inputs(edge.dest), edge.port, trace.value(edge.dest), gradient)[1]
    return gradient
