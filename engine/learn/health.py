"""How alive the layers of a model are: which share of units is dead, which of slopes flat, over the rows of training.

A unit of a gate is dead if it is closed for every row; a slope of a sigmoid or tanh is flat below `SATURATED` of the
steepest. Both are judged on inputs and outputs that a pass gives anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.graph.graph import Graph
from engine.ops.kernel import Kernel, bind
from engine.truth.saturation import SATURATED

Watched = tuple[str, int]  # a node and its output


@dataclass(frozen=True)
class Health:
    """Of one layer, between 0 and 1: `dead` units of a gate, or `flat` slopes; None for what it has not."""

    dead: float | None
    flat: float | None


class HealthCheck:
    """The activations on the way to a target, and what must be watched to judge them."""

    def __init__(self, graph: Graph, target: str) -> None:
        on_the_way = graph.topology.ancestors(target)
        self._kernels: dict[str, Kernel] = {}
        self._steepest: dict[str, float] = {}
        self.watched: list[Watched] = []
        for id in graph.order:
            node, edges = graph.nodes[id], graph.into(id)
            if id not in on_the_way or len(edges) != 1 or not (node.op.gate or node.op.steepest):
                continue
            kernel = bind(node.op, 1, node.settings)
            if kernel.vjps[0].call is None or not kernel.vjps[0].is_local:
                continue
            self._kernels[id], self._steepest[id] = kernel, 0.0 if node.op.gate else float(node.op.steepest or 0.0)
            self.watched += [(edges[0].source, edges[0].output), (id, 0)]

    def of(self, watched: Sequence[Any]) -> dict[str, Health]:
        """Layer by layer, from the values of what is `watched`."""
        pairs = zip(watched[::2], watched[1::2], strict=True)
        return {
            id: self._judged(id, np.asarray(x), np.asarray(y)) for id, (x, y) in zip(self._kernels, pairs, strict=True)
        }

    def _judged(self, id: str, x: Any, y: Any) -> Health:
        call = self._kernels[id].vjps[0].call
        assert call is not None
        slopes = np.asarray(call(x, y))
        if not self._steepest[id]:
            closed = slopes == 0
            return Health(float(np.mean(np.all(closed, axis=0) if closed.ndim > 1 else closed)), None)
        return Health(None, float(np.mean(np.abs(slopes) < SATURATED * self._steepest[id])))
