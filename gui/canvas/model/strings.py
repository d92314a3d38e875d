"""From gates to a curve: a string pulled tight through them, then a smooth line that keeps to them. Pure NumPy, no Qt.

The line is a cubic in x between each two knots (Hermite's form), its slopes those of Fritsch and Carlson (1980):
between two knots it only rises or only falls, so that it swings round no corner more than the string does.
A gate is x, low, high: between these the line passes x.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence

import numpy as np

from gui.canvas.model.corridors import Gate
from gui.canvas.model.geometry import REACH, Array

Knot = tuple[float, float]
_NEAR = 1e-6  # pixels
_T = np.linspace(0, 1, 129)
_ACROSS = 3 * REACH * _T * (1 - _T) ** 2 + 3 * (1 - REACH) * _T**2 * (1 - _T) + _T**3  # how far right a level piece is


def taut(start: Knot, gates: Sequence[Gate], end: Knot) -> list[Knot]:
    """The shortest line from start to end through the gates: its corners, the two ends among them."""
    way = [*gates, (end[0], end[1], end[1])]
    knots, apex, first = [start], start, 0
    while True:
        corner = _corner(apex, way, first)
        if corner is None:
            return [*knots, end]
        row, y = corner
        apex, first = (way[row][0], y), row + 1
        knots.append(apex)


def _corner(apex: Knot, way: Sequence[Gate], first: int) -> tuple[int, float] | None:
    """Where the line from a corner must turn next: the gate's row and its y; None if it reaches the end."""
    up, down = float("inf"), -float("inf")  # slopes of the steepest lines that pass all gates so far
    up_row = down_row = first
    for row in range(first, len(way)):
        x, low, high = way[row]
        wide = x - apex[0]
        above, below = (low - apex[1]) / wide, (high - apex[1]) / wide
        if above > up:
            return up_row, way[up_row][2]
        if below < down:
            return down_row, way[down_row][1]
        if below <= up:
            up, up_row = below, row
        if above >= down:
            down, down_row = above, row
    return None


def smooth(knots: Sequence[Knot], gates: Sequence[Gate]) -> Array:
    """A smooth line through the knots that passes all gates and is level at both ends: cubics (m, 4, 2)."""
    knots = list(knots)
    for _ in range(len(gates) + 1):
        slopes = _slopes(knots)
        missed = _missed(knots, slopes, gates)
        if not missed:
            break
        for knot in missed:
            insort(knots, knot)
    return _cubics(np.array(knots), np.array(_slopes(knots)))


def _missed(knots: Sequence[Knot], slopes: Sequence[float], gates: Sequence[Gate]) -> list[Knot]:
    """In each piece, where the line misses a gate by most, and the y at which it would pass it."""
    worst: dict[int, tuple[float, Knot]] = {}
    xs = [x for x, _ in knots]
    for x, low, high in gates:
        after = bisect_left(xs, x)
        if xs[after] == x:
            continue
        y = _height(knots[after - 1], knots[after], slopes[after - 1], slopes[after], x)
        passed = min(max(y, low), high)
        if abs(passed - y) > max(_NEAR, worst.get(after, (0.0,))[0]):
            worst[after] = (abs(passed - y), (x, passed))
    return [knot for _, knot in worst.values()]


def _height(one: Knot, two: Knot, slope: float, other: float, x: float) -> float:
    """The y of a piece at x."""
    wide = two[0] - one[0]
    t = (x - one[0]) / wide
    if slope == other == 0:
        t = float(np.interp(t, _ACROSS, _T))
    s = 1 - t
    return one[1] * s * s * (1 + 2 * t) + two[1] * t * t * (1 + 2 * s) + wide * t * s * (slope * s - other * t)


def _slopes(knots: Sequence[Knot]) -> list[float]:
    """Level at the ends and wherever the line turns back, else between the slopes of the string on both sides."""
    result = [0.0]
    for (x0, y0), (x1, y1), (x2, y2) in zip(knots, knots[1:], knots[2:], strict=False):
        before, after = (y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)
        if before * after <= 0:
            result.append(0.0)
        else:
            one, two = 2 * (x2 - x1) + x1 - x0, x2 - x1 + 2 * (x1 - x0)
            result.append((one + two) / (one / before + two / after))
    return [*result, 0.0]


def _cubics(knots: Array, slopes: Array) -> Array:
    """Hermite's form as cubics; where a piece is level at both ends it takes its time there, as a free edge does."""
    level = (slopes[:-1] == 0) & (slopes[1:] == 0)
    handle = np.diff(knots[:, 0]) * np.where(level, REACH, 1 / 3)
    first, last = knots[:-1], knots[1:]
    leave = first + np.stack([handle, handle * slopes[:-1]], axis=1)
    arrive = last - np.stack([handle, handle * slopes[1:]], axis=1)
    return np.stack([first, leave, arrive, last], axis=1)
