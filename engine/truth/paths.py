"""The total derivative: what every path from a node to the target adds to its gradient.

Symbols: x a node; L the target's value; p a path from x to L. ∂L/∂x = Σ_p Π ∂y/∂x over the edges of p, times the seed.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from engine.graph.records import Edge
from engine.graph.topology import Topology
from engine.passes.plan import Task
from engine.passes.run import send
from engine.passes.trace import SeedStep, Trace
from engine.values.values import Value

MOST_PATHS = 64


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

    @property
    def total(self) -> Value:
        """The sum over the paths found: the gradient, if that is all of them."""
        total: Value = sum((path.contribution for path in self.found), start=np.float64(0.0))
        return total


def paths(trace: Trace, node: str, most: int = MOST_PATHS) -> Paths:
    """A gradient as the sum over all paths, each a product of local derivatives."""
    target = trace.plan.target
    edges = [step.edge for step in trace.contributions]
    count = _count(edges, target)[node]
    if target is None or node == target or not count:
        return Paths((), 0)
    tasks = {task.node: task for task in trace.plan.backward}
    walked = Topology((), edges).paths(node, target, most)
    return Paths(tuple(Path(path, _along(trace, tasks, path)) for path in walked), count)


def _count(edges: list[Edge], target: str | None) -> Counter[str | None]:
    """How many paths lead from each node to the target. The edges come as the gradient went: last first."""
    counts: Counter[str | None] = Counter({target: 1})
    for edge in edges:
        counts[edge.source] += counts[edge.dest]
    return counts


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
