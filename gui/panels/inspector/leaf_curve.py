"""What is differentiated as a function of one leaf, drawn with its tangent, and where that is possible."""

import numpy as np

from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.truth.along import LARGEST, Knob, Numbers, can_turn
from engine.values.values import number_text
from gui.widgets.plot import Curve, Figure, Mark
from gui.widgets.plot_axes import Axis

MOST_NODES = 500  # above this 41 points, or a check, are no longer quick
POINTS = 41


def can_check(graph: Graph, trace: Trace, id: str) -> bool:
    """Whether a leaf's gradient can be held against finite differences at once."""
    node, target = graph.nodes[id], trace.plan.target
    if target is None or not node.op.holds_value or id in trace.plan.detached or len(graph.nodes) > MOST_NODES:
        return False
    return trace.value(target) is not None and trace.gradient(id) is not None


def can_draw(trace: Trace, id: str) -> bool:
    """Whether L against a leaf that can be checked is a curve: the leaf is a number."""
    return can_turn(trace, Knob(id))


def with_tangent(title: str, xs: Numbers, ys: Numbers, mark: Mark) -> Figure:
    """The figure of a curve, a point on it, and the tangent there."""
    if not np.isfinite(mark.y):
        return waiting(title, "There is no finite value here.")
    ends, slope = (float(xs[0]), float(xs[-1])), "a kink" if mark.slope is None else _slope_text(mark.slope)
    foot = (number_text(ends[0], 3), number_text(mark.x, 3), number_text(ends[1], 3))
    return Figure(title, Axis(*ends), Axis(*_heights(ys, mark.y)), (Curve("", "soft", xs, ys),), foot, slope, mark)


def waiting(title: str, hint: str) -> Figure:
    """What stands there until the curve is known."""
    return Figure(title, Axis(0.0, 1.0), Axis(0.0, 1.0), hint=hint)


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
