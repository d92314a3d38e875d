"""By which factors a gradient shrinks or grows on its way back, and what each of them is: a slope, a weight, a gate.

Symbols: g the gradient at a node, c the contribution along an edge behind it; |·| the sum of sizes of all elements, or
the size of the largest; a factor is |c| / |g|.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import log10
from typing import Any, Literal

import numpy as np

from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep, Trace
from engine.truth.evidence import Evidence

Kind = Literal["slopes", "gates", "weights", "factors", "other"]
Size = Callable[[Any], float]
_NOTHING = 1e-300  # in the place of 0 under a logarithm


def sum_of_sizes(value: Any) -> float:
    """Σ|element|."""
    if not value.ndim:
        return abs(float(value))
    with np.errstate(all="ignore"):
        return float(np.sum(np.abs(value)))


def largest_size(value: Any) -> float:
    """The largest |element|."""
    if not value.ndim:
        return abs(float(value))
    with np.errstate(all="ignore"):
        return float(np.max(np.abs(value), initial=0.0))


@dataclass(frozen=True)
class Factor:
    """What one edge multiplies a gradient by: `by` is the node to name, an activation or a leaf with weights."""

    kind: Kind
    node: str
    by: str
    size: float
    slope: float  # the mean local derivative, where there is one

    @property
    def weight(self) -> float:
        """log₁₀ of the factor: how much of the whole it explains."""
        return log10(max(self.size, _NOTHING))


def way_back(evidence: Evidence, start: str, end: str, size: Size, depths: Mapping[str, int]) -> list[Factor]:
    """The factors from `start`, near the target, back to `end`, in that order: the longest way by the depths of the
    nodes, and where there are several, the one by which most arrives."""
    graph, trace = evidence.graph, evidence.trace
    found: list[Factor] = []
    at = end
    while at != start:
        sent = [trace.contribution(edge.key) for edge in graph.out_of(at)]
        steps = [step for step in sent if step is not None]
        if not steps:
            break
        below = depths.get(at, 0) - 1
        step = max(steps, key=lambda step: (depths.get(step.edge.dest) == below, size(step.contribution)))
        found.append(factor_of(graph, trace, step, size))
        at = step.edge.dest
    return found[::-1]


def factor_of(graph: Graph, trace: Trace, step: ContributionStep, size: Size) -> Factor:
    """What one edge multiplied a gradient by, and what it is."""
    node = graph.nodes[step.edge.dest]
    before = size(step.upstream)
    factor = size(step.contribution) / before if before else 0.0
    slope = factor if step.local is None else sum_of_sizes(step.local) / max(1, step.local.size)
    if node.op.steepest:
        return Factor("slopes", node.id, node.id, factor, slope)
    if node.op.gate:
        return Factor("gates", node.id, node.id, factor, slope)
    others = [edge.source for edge in graph.into(node.id) if edge.port != step.edge.port and edge.port < 2]
    if node.op.combines == "product" and others:
        kind: Kind = "weights" if graph.nodes[others[0]].op_name == "parameter" else "factors"
        return Factor(kind, node.id, others[0], factor, slope)
    return Factor("other", node.id, node.id, factor, slope)


def most_to_blame(factors: Iterable[Factor], *, shrinks: bool) -> tuple[Kind, list[Factor]]:
    """The kind of factor that shrinks the gradient most, or enlarges it most, and all of that kind."""
    kinds: dict[Kind, list[Factor]] = {}
    for factor in factors:
        kinds.setdefault(factor.kind, []).append(factor)
    sign = 1.0 if shrinks else -1.0
    kind = min(kinds, key=lambda kind: sign * sum(factor.weight for factor in kinds[kind]))
    return kind, kinds[kind]
