"""The cards in the way of edges: which straight curves meet one, and which cards stand between two places.

Pure NumPy, no Qt. Boxes are rows of left, top, right, bottom in scene pixels; a straight curve is one cubic that rises
or falls from a start at the left to an end at the right.
Symbols: f(t), g(t) how far right and how far down the curve is at t, as shares of its width and height.
"""

import numpy as np
from numpy.typing import NDArray

from engine.layout.layout import NODE_WIDTH
from gui.canvas.model.geometry import LEAST_REACH, REACH, Array, points

TOUCH = 4.0  # a curve this near to a card meets it
_MOST_PAIRS = 2_000_000  # looked at in one go
_T = np.linspace(0, 1, 257)
_ACROSS = 3 * REACH * _T * (1 - _T) ** 2 + 3 * (1 - REACH) * _T**2 * (1 - _T) + _T**3  # f
_DOWN = _T**2 * (3 - 2 * _T)  # g
_DOTS = np.linspace(0, 1, 65)

Rows = NDArray[np.intp]


class Obstacles:
    """All cards (n, 4), in order of their left sides."""

    def __init__(self, boxes: Array) -> None:
        self.boxes = boxes[np.argsort(boxes[:, 0], kind="stable")]

    def between(self, left: float, right: float, top: float, bottom: float) -> Array:
        """The cards that come into a rectangle, those that begin farthest left first."""
        first, last = np.searchsorted(self.boxes[:, 0], (left - NODE_WIDTH, right))
        some = self.boxes[first:last]
        return some[(some[:, 2] > left) & (some[:, 3] > top) & (some[:, 1] < bottom)]

    def covers(self, place: tuple[float, float]) -> bool:
        """Whether a place is under a card, not only at its side."""
        x, y = place
        return len(self.between(x, x, y, y)) > 0

    def met(self, shapes: Array, own: Array) -> NDArray[np.bool_]:
        """Which curves (k, 4, 2) meet a card that is not one of their own two, the boxes own (k, 2, 4)."""
        result = np.zeros(len(shapes), bool)
        first = np.searchsorted(self.boxes[:, 0], shapes[:, :, 0].min(axis=1) - NODE_WIDTH, side="right")
        last = np.maximum(np.searchsorted(self.boxes[:, 0], shapes[:, :, 0].max(axis=1)), first)
        rows = np.flatnonzero(last > first)
        ends = np.cumsum((last - first)[rows])
        full = np.arange(_MOST_PAIRS, ends[-1] if len(ends) else 0, _MOST_PAIRS)
        for chunk in np.split(rows, np.searchsorted(ends, full)):
            if len(chunk):
                result[chunk] = self._met(shapes[chunk], own[chunk], first[chunk], last[chunk])
        return result

    def _met(self, shapes: Array, own: Array, first: Rows, last: Rows) -> NDArray[np.bool_]:
        """The same; for each curve the cards from `first` to before `last` are looked at."""
        counts = last - first
        curve = np.repeat(np.arange(len(shapes)), counts)
        card = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts - first, counts)
        low, high = shapes[:, :, 1].min(axis=1) - TOUCH, shapes[:, :, 1].max(axis=1) + TOUCH
        near = (self.boxes[card, 3] > low[curve]) & (self.boxes[card, 1] < high[curve])
        curve, card = curve[near], card[near]
        boxes = self.boxes[card]
        foreign = ~(boxes[:, None] == own[curve]).all(axis=2).any(axis=1)
        curve, boxes = curve[foreign], boxes[foreign]
        hit, plain = np.zeros(len(shapes), bool), is_plain(shapes)[curve]
        hit[curve[plain][passed(shapes[curve[plain]], boxes[plain], TOUCH)]] = True
        hit[curve[~plain][_touched(shapes[curve[~plain]], boxes[~plain], TOUCH)]] = True
        return hit


def is_plain(shapes: Array) -> NDArray[np.bool_]:
    """Which curves only run to the right: f is the same for all of them."""
    return np.asarray((shapes[:, 3, 0] - shapes[:, 0, 0]) * REACH >= LEAST_REACH)


def passed(shapes: Array, boxes: Array, near: float | Array) -> NDArray[np.bool_]:
    """Which plain curves (k, 4, 2) pass the card (k, 4) beside them so near, above or below: exactly, as they only
    rise or only fall."""
    start, way = shapes[:, 0], shapes[:, 3] - shapes[:, 0]
    sides = (np.stack([boxes[:, 0], boxes[:, 2]]) - start[:, 0]) / way[:, 0]
    y = start[:, 1] + way[:, 1] * np.interp(np.interp(sides, _ACROSS, _T), _T, _DOWN)
    there = (boxes[:, 0] < shapes[:, 3, 0]) & (boxes[:, 2] > start[:, 0])
    return np.asarray(there & (y.max(axis=0) > boxes[:, 1] - near) & (y.min(axis=0) < boxes[:, 3] + near))


def beside(straight: Array, boxes: Array, near: float | Array) -> NDArray[np.bool_]:
    """Which cards (k, 4) are so near to straight curves (k, 4, 2), above or below, in their middles."""
    start, end = straight[..., 0, :], straight[..., 3, :]
    t = ((boxes[..., 0] + boxes[..., 2]) / 2 - start[..., 0]) / (end[..., 0] - start[..., 0])
    t = np.clip(t, 0, 1)
    y = start[..., 1] + (end[..., 1] - start[..., 1]) * t * t * (3 - 2 * t)
    return np.asarray((boxes[..., 3] > y - near) & (boxes[..., 1] < y + near))


def hidden(route: Array, boxes: Array) -> bool:
    """Whether a route (m, 4, 2) runs under any of the cards (k, 4)."""
    low, high = route.min(axis=1)[:, None], route.max(axis=1)[:, None]
    curve, card = np.nonzero(((boxes[:, 2:] > low) & (boxes[:, :2] < high)).all(axis=2))
    return bool(len(curve)) and bool(_touched(route[curve], boxes[card], 0.5).any())


def _touched(shapes: Array, boxes: Array, near: float) -> NDArray[np.bool_]:
    """Which curves (k, 4, 2) of any kind pass the card (k, 4) beside them so near: short piece by short piece."""
    dots = points(shapes, _DOTS)
    low, high = np.minimum(dots[:, 1:], dots[:, :-1]), np.maximum(dots[:, 1:], dots[:, :-1])
    grown = np.array([0.0, near])
    met = np.logical_and(high > boxes[:, None, :2] - grown, low < boxes[:, None, 2:] + grown)
    return np.asarray(met.all(axis=2).any(axis=1))
