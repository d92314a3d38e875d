"""Where there is room for what comes in: pure arithmetic on rectangles (left, top, right, bottom)."""

import math
from collections.abc import Iterable, Sequence
from itertools import count

from engine.graph.records import Pos
from engine.layout.layout import GRID
from gui.canvas.model.geometry import snapped

STEP_X, STEP_Y = 60.0, 28.0  # how a free place is looked for
CLEAR_X, CLEAR_Y = 80.0, 24.0  # room for an edge between two columns, and between two rows

Box = Sequence[float]


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


def free_place(centre: Pos, size: tuple[float, float], standing: Sequence[Box], beside: bool) -> Pos:
    """The nearest place to `centre` where a box is clear of all others: rings of places, from the inside out.

    `beside`: to the right of what is there, as values flow, rather than below it.
    """
    wide, high = size
    for radius in count():
        for dx, dy in _ring(radius, beside):
            x, y = snapped(centre[0] - wide / 2 + dx * STEP_X, centre[1] - high / 2 + dy * STEP_Y)
            left, top, right, bottom = x - CLEAR_X, y - CLEAR_Y, x + wide + CLEAR_X, y + high + CLEAR_Y
            if not any(box[0] < right and left < box[2] and box[1] < bottom and top < box[3] for box in standing):
                return (x, y)
    raise AssertionError("the canvas has no end")


def _ring(radius: int, beside: bool) -> list[tuple[int, int]]:
    """The places of a square ring, those nearest to its middle first; of equals the one to the right, or below."""
    around = range(-radius, radius + 1)
    places = [(dx, dy) for dx in around for dy in around if max(abs(dx), abs(dy)) == radius]
    if beside:
        return sorted(places, key=lambda place: (place[0] ** 2 + place[1] ** 2, -place[0], -place[1]))
    return sorted(places, key=lambda place: (place[0] ** 2 + place[1] ** 2, abs(place[0]), -place[1]))
