"""The target as a function of one leaf: samples for the plot, and the central difference that checks its gradient.

Symbols: L the target's value; x the leaf's; h the step of the difference, 6·10⁻⁶·max(1, |x|), near the cube root of
the rounding error, which is where central differences are most exact (Press et al., Numerical Recipes, 5.7).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.graph import Graph
from engine.plan import Leaf, Task
from engine.run import Held
from engine.trace import Trace
from engine.values import number_text

MOST_TASKS = 500  # above this a curve of 41 points is no longer quick
POINTS = 41


class Probe:
    """L as a function of one scalar leaf, everything else held. Computes only what lies between the two."""

    def __init__(self, graph: Graph, trace: Trace, leaf: str) -> None:
        plan = trace.plan
        assert plan.target is not None
        between = graph.topology.descendants(leaf) & (graph.topology.ancestors(plan.target) | {plan.target})
        self._tasks = [task for task in plan.order if isinstance(task, Task) and task.node in between]
        self._slots: Held = [None] * plan.size
        for step in trace.steps[: trace.backward_start]:
            self._slots[plan.slots[step.node, step.output]] = step.value  # type: ignore[union-attr]
        self._leaf, self._target = plan.slots[leaf, 0], plan.slots[plan.target, 0]
        self.too_large = len(self._tasks) > MOST_TASKS

    def __call__(self, x: float) -> float:
        """L where the leaf holds x."""
        slots = self._slots
        slots[self._leaf] = np.float64(x)
        with np.errstate(all="ignore"):
            for task in self._tasks:
                slots[task.slot] = task.kernel.forward(*(slots[i] for i in task.inputs))
        result = slots[self._target]
        return float(np.asarray(result).sum())

    def curve(self, x: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """41 points of L around x."""
        reach = max(2.0, abs(x))
        xs = np.linspace(x - reach, x + reach, POINTS)
        return xs, np.array([self(float(at)) for at in xs])


def can_probe(graph: Graph, trace: Trace, id: str) -> bool:
    """Whether L against this leaf can be drawn: a finite scalar that reaches a target that is a number."""
    node, target = graph.nodes[id], trace.plan.target
    if target is None or not node.kind.is_leaf or node.kind.constant or id in trace.plan.detached:
        return False
    value, goal = trace.value(id), trace.value(target)
    if value is None or goal is None or value.ndim or goal.ndim:
        return False
    return bool(np.isfinite(value) and any(isinstance(s, Leaf) and s.node == id for s in trace.plan.order))


@dataclass(frozen=True)
class Check:
    """A gradient held against its central difference. `kinked`: the slopes from both sides differ."""

    difference: float
    agrees: bool
    kinked: bool = False

    @property
    def text(self) -> str:
        """−4.000000 ✓"""
        if self.kinked:
            return f"{number_text(self.difference)}, at a kink"
        shown = f"{self.difference:.6f}" if 1e-3 <= abs(self.difference) < 1e6 else number_text(self.difference, 7)
        return f"{shown.replace('-', '−')} {'✓' if self.agrees else '✗'}"


def check(probe: Probe, x: float, gradient: float, seed: float = 1.0) -> Check:
    """Hold `gradient` = seed · dL/dx against (L(x+h) − L(x−h)) / 2h: they agree to 10⁻⁶, relatively."""
    h = 6e-6 * max(1.0, abs(x))
    above, here, below = probe(x + h), probe(x), probe(x - h)
    difference = seed * (above - below) / (2 * h)
    scale = max(1.0, abs(gradient), abs(difference))
    right, left = seed * (above - here) / h, seed * (here - below) / h
    agrees = bool(abs(difference - gradient) <= 1e-6 * scale)
    kinked = not agrees and bool(abs(right - left) > 1e-3 * scale) and bool(np.isfinite(right - left))
    return Check(difference, agrees, kinked)
