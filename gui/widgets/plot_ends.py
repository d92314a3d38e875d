"""Names of curves at their right ends, apart from each other: where there are too many for a legend in one line."""

from __future__ import annotations

from collections.abc import Sequence

MOST_IN_LEGEND = 3


def apart(heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Heights as near to these as may be, in the same order, at least a gap from each other, between two ends."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    placed: list[float] = []
    for at in order:
        placed.append(max(heights[at], placed[-1] + gap if placed else low))
    floor = high
    for number in reversed(range(len(placed))):
        placed[number] = min(placed[number], floor)
        floor = placed[number] - gap
    found = dict(zip(order, placed, strict=True))
    return [found[at] for at in range(len(heights))]
