"""What is differentiated as a function of one leaf, drawn with its tangent.

Symbols: L the target, or seed · target, of a tensor the sum of its elements; x the value of the leaf; h a step.
"""

import numpy as np

from engine.graph.graph import Graph
from engine.passes.plan import Task
from engine.passes.run import Slots
from engine.passes.trace import ForwardStep, Trace
from engine.truth.differences import STEP
from engine.values.values import number_text
from gui.widgets.plot import Curve, Figure, Mark
from gui.widgets.plot_axes import Axis, Numbers

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
            if isinstance(step, ForwardStep):
                self._slots[plan.slots[step.node, step.output]] = step.value
        self._leaf, self._target = plan.slots[leaf, 0], plan.slots[plan.target, 0]
        self._seed = graph.seed
        value = trace.value(leaf)
        assert value is not None
        self.at = float(value)

    def __call__(self, x: float) -> float:
        """L where the leaf holds x."""
        slots = self._slots
        slots[self._leaf] = np.float64(x)
        with np.errstate(all="ignore"):
            for task in self._tasks:
                slots[task.slot] = task.kernel.forward(*(slots[i] for i in task.inputs))
            result = slots[self._target]
            assert result is not None
            return float(self._seed * np.sum(result))

    def around(self) -> tuple[Numbers, Numbers]:
        """41 points of L around where the leaf is."""
        x = self.at
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
    """Whether L against a leaf that can be checked is a curve: the leaf is a number."""
    value = trace.value(id)
    return value is not None and not value.ndim and bool(np.isfinite(value))


def kinked(curve: LeafCurve) -> tuple[float, float]:
    """The slopes on both sides of a kink that is nearer than h: measured from h to 2h away."""
    x, h = curve.at, STEP * max(1.0, abs(curve.at))
    left = (curve(x - h) - curve(x - 2 * h)) / h
    return left, (curve(x + 2 * h) - curve(x + h)) / h


def with_tangent(title: str, xs: Numbers, ys: Numbers, mark: Mark) -> Figure:
    """The figure of a curve, a point on it, and the tangent there."""
    if not np.isfinite(mark.y):
        return Figure(title, Axis(0.0, 1.0), Axis(0.0, 1.0), hint="There is no finite value here.")
    ends, slope = (float(xs[0]), float(xs[-1])), "a kink" if mark.slope is None else _slope_text(mark.slope)
    foot = (number_text(ends[0], 3), number_text(mark.x, 3), number_text(ends[1], 3))
    return Figure(title, Axis(*ends), Axis(*_heights(ys, mark.y)), (Curve("", "soft", xs, ys),), foot, slope, mark)


def _slope_text(slope: float) -> str:
    return "no slope" if np.isnan(slope) else f"slope {number_text(slope)}"


def _heights(ys: Numbers, value: float) -> tuple[float, float]:
    """The heights to show: of the curve without its wildest tenth, and of the point."""
    finite = ys[np.isfinite(ys)]
    ends = np.percentile(finite, [5, 95], method="nearest") if finite.size else (0.0, 1.0)
    low, high = (float(end) for end in ends)
    slack = max(0.12 * high - 0.12 * low, 1.2e-10 * max(1.0, abs(value)))
    low, high = max(min(low, value) - slack, -LARGEST), min(max(high, value) + slack, LARGEST)
    return (low, high) if high > low else (low - 1, high + 1)
