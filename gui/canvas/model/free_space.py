"""Where there is room for what comes in: pure arithmetic on rectangles (left, top, right, bottom)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from engine.layout.layout import GRID

Box = tuple[float, float, float, float]


def clear_shift(coming: Box, standing: Iterable[Box], margin: float) -> float:
    """How far down (up: negative) a box must move, on the grid, to keep `margin` from all others; the least way."""
    left, top, right, bottom = coming
    shadows = sorted(
        (other_top - margin - bottom, other_bottom + margin - top)  # the shifts at which the two would touch
        for other_left, other_top, other_right, other_bottom in standing
        if other_left - margin < right and left < other_right + margin
    )
    up, down = 0.0, 0.0
    for start, end in shadows:  # downwards: out of each shadow, the first ones first
        if start < down < end:
            down = math.ceil(end / GRID) * GRID
    for start, end in sorted(shadows, key=lambda shadow: -shadow[1]):
        if start < up < end:
            up = math.floor(start / GRID) * GRID
    return down if down <= -up else up
