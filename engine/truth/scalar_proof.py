"""Whether a graph and the scalars that it was written out as agree: every value, and the gradient of every leaf."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.edits.scalars import Scalars
from engine.graph.graph import Graph
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.passes.trace import Trace


@dataclass(frozen=True)
class Agreement:
    """How many numbers were compared, how many of them are gradients, and by how much they differ at most."""

    compared: int
    gradients: int
    apart: float  # relative; of numbers smaller than 1 absolute


def agreement(graph: Graph, scalars: Scalars) -> Agreement:
    """Run both and compare, element by element. What neither pass reaches is not compared."""
    tensors, written = _traced(graph), _traced(scalars.graph)
    apart, compared, gradients = [0.0], 0, 0
    for (id, output, at), scalar in scalars.places.items():
        if id not in graph.nodes or (value := tensors.value(id, output)) is None:
            continue
        apart.append(_apart(float(np.asarray(value)[at]), float(np.asarray(written.value(scalar)))))
        compared += 1
        gradient = tensors.gradient(id) if graph.nodes[id].op.holds_value else None
        if gradient is not None:
            found = written.gradient(scalar)
            apart.append(_apart(float(np.asarray(gradient)[at]), 0.0 if found is None else float(found)))
            gradients += 1
    return Agreement(compared + gradients, gradients, max(apart))


def _traced(graph: Graph) -> Trace:
    return trace_of(make_plan(graph), leaf_values(graph), graph.seed)


def _apart(one: float, other: float) -> float:
    if one == other or (np.isnan(one) and np.isnan(other)):
        return 0.0
    return abs(one - other) / max(1.0, abs(one))
