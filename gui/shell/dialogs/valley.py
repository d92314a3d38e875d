"""The error of a central difference against its step size: a valley between two slopes, round-off and truncation."""

from collections.abc import Sequence

import numpy as np

from engine.truth.differences import SweepPoint
from engine.values.values import number_text
from gui.widgets.plot import Curve, Figure, Mark
from gui.widgets.plot_axes import decades

STEPS = decades(-13, 0, (-12, -8, -4, 0))
ERRORS = decades(-16, 1, (0, -4, -8, -12, -16))
LEAST, MOST = 1e-16, 10.0  # errors beyond these are drawn at them
FOOT = ("◂ round-off: h too small", "step size h", "truncation: h too large ▸")


def valley(title: str, points: Sequence[SweepPoint]) -> Figure:
    """Its floor is marked: the step size at which the difference is most exact."""
    finite = [point for point in points if np.isfinite(point.error)]
    if not finite:
        return Figure(title, STEPS, ERRORS, foot=FOOT)
    best = min(finite, key=lambda point: point.error)
    sizes = np.array([point.h for point in finite])
    errors = np.clip([point.error for point in finite], LEAST, MOST)
    said = f"smallest error {number_text(best.error, 2)} at h = {number_text(best.h, 2)}"
    mark = Mark(best.h, float(np.clip(best.error, LEAST, MOST)))
    return Figure(title, STEPS, ERRORS, (Curve("", "soft", sizes, errors, dotted=True),), FOOT, said, mark)
