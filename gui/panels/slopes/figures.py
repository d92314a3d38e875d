"""The figure of the slope plot: the curve, the point on it with its tangent, and both numbers in words."""

from __future__ import annotations

import numpy as np

from engine.truth.along import Along, Numbers
from engine.values.values import number_text
from gui.widgets.plot import Curve, Figure, Mark
from gui.widgets.plot_axes import Axis, ticked

LARGEST = float(np.finfo(np.float64).max)
Drawn = tuple[tuple[Numbers, Numbers], float, float, Along]  # the curve, x, L there, and what it was computed by


def slope_figure(title: str, drawn: Drawn | None, hint: str) -> Figure:
    """A figure of the curve; without one, of why there is none."""
    if drawn is None:
        return Figure(title, Axis(0.0, 1.0), Axis(0.0, 1.0), hint=hint)
    (xs, ys), x, y, along = drawn
    if not np.isfinite(y):
        return Figure(title, Axis(0.0, 1.0), Axis(0.0, 1.0), hint="There is no finite value here.")
    sides, slope = along.kink, along.slopes[0]
    said = f"tangent {number_text(slope)}"
    if sides:
        said = f"a kink: slope {number_text(sides[0], 3)} on its left, {number_text(sides[1], 3)} on its right"
    across = ticked(float(xs[0]), float(xs[-1]))
    up = ticked(*_heights(ys, y))
    mark = Mark(x, y, None if sides else slope)
    return Figure(title, across, up, (Curve("", "text", xs, ys),), ("", "", ""), said, mark)


def _heights(ys: Numbers, y: float) -> tuple[float, float]:
    """From the lowest to the highest that is seen, without the wildest tenth, and a little room."""
    finite = ys[np.isfinite(ys)]
    low, high = (float(end) for end in np.percentile(finite, [2, 98], method="nearest")) if finite.size else (y, y)
    low, high = min(low, y), max(high, y)
    slack = max(0.16 * (high / 2 - low / 2), 1e-9 * abs(y)) or 1.0  # halves: the difference may be infinite
    return max(low - slack, -LARGEST), min(high + slack, LARGEST)
