"""The target as a function of one leaf, to be drawn.

Symbols: L the target's value; x the leaf's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.graph.graph import Graph
from engine.passes.plan import Task
from engine.passes.run import Slots
from engine.passes.trace import Trace

MOST_NODES = 500  # above this 41 points, or a check, are no longer quick
POINTS = 41
LARGEST = float(np.finfo(np.float64).max)


class LeafCurve:
    """L as a function of one scalar leaf, everything else held. Computes only what lies between the two."""

    def __init__(self, graph: Graph, trace: Trace, leaf: str) -> None:
        plan = trace.plan
        assert plan.target is not None
        between = graph.topology.descendants(leaf) & (graph.topology.ancestors(plan.target) | {plan.target})
        self._tasks = [task for task in plan.order if isinstance(task, Task) and task.node in between]
        self._slots: Slots = [None] * plan.size
        for step in trace.steps[: trace.backward_start]:
            self._slots[plan.slots[step.node, step.output]] = step.value  # type: ignore[union-attr]
        self._leaf, self._target = plan.slots[leaf, 0], plan.slots[plan.target, 0]

    def __call__(self, x: float) -> float:
        """L where the leaf holds x."""
        slots = self._slots
        slots[self._leaf] = np.float64(x)
        with np.errstate(all="ignore"):
            for task in self._tasks:
                slots[task.slot] = task.kernel.forward(*(slots[i] for i in task.inputs))
        result = slots[self._target]
        assert result is not None
        return float(result)

    def curve(self, x: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """41 points of L around x."""
        reach = max(2.0, abs(x))
        xs = np.linspace(max(x - reach, -LARGEST), min(x + reach, LARGEST), POINTS)
        return xs, np.array([self(float(at)) for at in xs])


def can_check(graph: Graph, trace: Trace, id: str) -> bool:
    """Whether a leaf's gradient can be held against finite differences at once."""
    node, target = graph.nodes[id], trace.plan.target
    if target is None or not node.op.holds_value or id in trace.plan.detached or len(graph.nodes) > MOST_NODES:
        return False
    return trace.value(target) is not None and trace.gradient(id) is not None


def can_draw(trace: Trace, id: str) -> bool:
    """Whether L against a leaf that can be checked is a curve: both are numbers."""
    value, goal = trace.value(id), trace.value(trace.plan.target or "")
    return value is not None and goal is not None and not value.ndim and not goal.ndim and bool(np.isfinite(value))
