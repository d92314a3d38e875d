"""What hinders a graph that is complete from learning: each finder judges by the passes over the whole training set."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.truth.baseline import compared
from engine.truth.blocked import blocked, same_units
from engine.truth.evidence import Evidence, gather
from engine.truth.flow import flow
from engine.truth.gates import closed_gates
from engine.truth.goals import constant_targets, scales, unreachable_targets
from engine.truth.numbers import non_finite
from engine.truth.problem import Problem
from engine.truth.saturation import saturated

Finder = Callable[[Evidence], Iterator[Problem]]

# Of what flows back: where a model has learnt, flat activations and closed gates are how it does it.
HINDRANCES: list[Finder] = [flow, saturated, same_units]
FINDERS: list[Finder] = [closed_gates, blocked, scales, unreachable_targets, constant_targets]


def diagnose(graph: Graph, trace: Trace) -> Iterator[Problem]:
    """What is odd about the numbers and gradients of a graph over the rows that it learns from."""
    yield from findings(gather(graph, trace))


def findings(evidence: Evidence) -> list[Problem]:
    """The same for evidence that is at hand."""
    with np.errstate(all="ignore"):  # numbers may be of any size: their squares and quotients leave what a float holds
        return list(_found(evidence))


def _found(evidence: Evidence) -> Iterator[Problem]:
    if evidence.trace.first_non_finite is not None:
        if evidence.shown.first_non_finite is None:  # it is in a row that the canvas does not show
            yield from non_finite(evidence.graph, evidence.trace)
        return  # that is what must be mended first
    pair = compared(evidence.graph, evidence.trace)
    learnt = pair is not None and pair.learnt
    for finder in FINDERS if learnt else [*HINDRANCES, *FINDERS]:
        for problem in finder(evidence):
            yield replace(problem, severity="note") if learnt and finder is closed_gates else problem
