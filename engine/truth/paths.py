"""The total derivative: what every path from a node to the target adds to its gradient.

Symbols: x a node; L the target's value; p a path from x to L. ∂L/∂x = Σ_p Π ∂y/∂x over the edges of p, times the seed.

Where there are more paths than anybody wants to see, the largest are found without walking the others (Eppstein,
“Finding the k shortest paths”, 1998): best(n) is the largest product from n to L, and what a path loses at an edge is
how far it falls behind the best from there. What it has lost never shrinks, so paths are finished largest first; what
has been begun by then and not finished stands for all the others, which are summed without being listed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import inf, isfinite, log10
from typing import NamedTuple

import numpy as np

from engine.graph.records import Edge
from engine.passes.plan import Task
from engine.passes.run import send
from engine.passes.trace import ContributionStep, SeedStep, Trace
from engine.truth.factors import largest_size
from engine.values.values import Value

MOST_PATHS = 64
NONE: Value = np.float64(0.0)
_NOTHING, _ENDLESS = -1e6, 1e6  # log₁₀ of 0, and of what is no finite number


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
    """The paths from a node to the target, the largest first, at most so many; `count` says how many there are, and
    `rest` what all that are not among them add together."""

    found: tuple[Path, ...]
    count: int
    rest: Value = NONE

    @property
    def total(self) -> Value:
        """The sum over all paths: the gradient."""
        with np.errstate(all="ignore"):
            total: Value = sum((path.contribution for path in self.found), start=np.float64(0.0)) + self.rest
        return total


def paths(trace: Trace, node: str, most: int = MOST_PATHS) -> Paths:
    """A gradient as the sum over all paths, each a product of local derivatives."""
    target = trace.plan.target
    number = count_paths(trace)[node]
    if target is None or node == target or not number:
        return Paths((), 0)
    search = _Search(trace, node, target)
    walked = search.largest(most)
    tasks = {task.node: task for task in trace.plan.backward}
    found = [Path(path, _along(trace, tasks, path)) for path in walked]
    found.sort(key=lambda path: (-_rank(path.contribution), len(path.edges)))
    rest = search.rest(trace, found) if number > len(found) else NONE
    return Paths(tuple(found), number, rest)


def count_paths(trace: Trace) -> Counter[str | None]:
    """How many paths lead from each node to the target: one addition an edge, however many there are."""
    counts: Counter[str | None] = Counter({trace.plan.target: 1})
    for step in trace.contributions:  # as the gradient went: last first
        counts[step.edge.source] += counts[step.edge.dest]
    return counts


def _rank(contribution: Value) -> float:
    size = largest_size(contribution)
    return inf if size != size else size


class _Way(NamedTuple):
    """The edges of a path so far, linked backwards: those that begin alike share their beginning."""

    edge: Edge
    before: "_Way | None"


class _SoFar(NamedTuple):
    """A path that has come as far as `at`. What it has lost comes first: the next is the least; of equals the one that
    has come farthest."""

    lost: float
    left: int
    number: int
    at: str
    product: float
    way: _Way | None


class _Search:
    """The largest paths from a node to the target."""

    def __init__(self, trace: Trace, node: str, target: str) -> None:
        self.target = target
        self.node = node
        self._ways = _between(trace.contributions, node)
        self._best = {target: 0.0}
        for step in trace.contributions:
            size = _log_size(step) + self._best[step.edge.dest]
            self._best[step.edge.source] = max(self._best.get(step.edge.source, -inf), size)
        self._numbers = count()
        self._begun: list[_SoFar] = [_SoFar(0.0, 0, 0, node, 1.0, None)]

    def largest(self, most: int) -> list[tuple[Edge, ...]]:
        found: list[tuple[Edge, ...]] = []
        while self._begun and len(found) < most:
            path = heappop(self._begun)
            if path.at == self.target:
                found.append(_walked(path))
                continue
            for step in self._ways.get(path.at, ()):
                heappush(self._begun, self._longer(path, step))
        return found

    def _longer(self, path: _SoFar, step: ContributionStep) -> _SoFar:
        lost = self._best[path.at] - (_log_size(step) + self._best[step.edge.dest])
        slope = float(step.local) if step.local is not None and step.local.ndim == 0 else np.nan
        way = _Way(step.edge, path.way)
        return _SoFar(path.lost + lost, path.left - 1, next(self._numbers), step.edge.dest, path.product * slope, way)

    def rest(self, trace: Trace, found: Sequence[Path]) -> Value:
        """What the paths that are not among those found add: of single numbers summed over those that were begun, so
        that nothing cancels; of arrays what is missing of the gradient."""
        gradients = [(path, trace.gradient(path.at)) for path in self._begun]
        if all(g is not None and g.ndim == 0 and isfinite(path.product * float(g)) for path, g in gradients):
            return np.float64(sum(path.product * float(g) for path, g in gradients if g is not None))
        whole = trace.gradient(self.node)
        assert whole is not None
        with np.errstate(all="ignore"):
            rest: Value = whole - sum((path.contribution for path in found), start=np.float64(0.0))
        return rest


def _walked(path: _SoFar) -> tuple[Edge, ...]:
    edges: list[Edge] = []
    way = path.way
    while way is not None:
        edges.append(way.edge)
        way = way.before
    return tuple(reversed(edges))


def _between(steps: Sequence[ContributionStep], node: str) -> Mapping[str, list[ContributionStep]]:
    """The edges between a node and the target, by their sources."""
    reached, ways = {node}, dict[str, list[ContributionStep]]()
    for step in reversed(steps):
        if step.edge.source in reached:
            reached.add(step.edge.dest)
            ways.setdefault(step.edge.source, []).append(step)
    return ways


def _log_size(step: ContributionStep) -> float:
    """log₁₀ of what an edge multiplies by; of arrays by the largest elements."""
    size = local_size(step)
    return (log10(size) if size else _NOTHING) if isfinite(size) else _ENDLESS


def local_size(step: ContributionStep) -> float:
    """What an edge multiplies a gradient by: of a single number the local derivative, of arrays |c| / |g|."""
    if step.local is not None and step.local.ndim == 0:
        return abs(float(step.local))
    before = largest_size(step.upstream)
    if before:
        return largest_size(step.contribution) / before
    return 0.0 if step.local is None else largest_size(step.local)


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
