"""The cards in the way of edges: which straight curves meet one, and which cards stand between two places.

Pure NumPy, no Qt. Boxes are rows of left, top, right, bottom in scene pixels; a straight curve is one cubic that rises
or falls from a start at the left to an end at the right.
Symbols: f(t), g(t) how far right and how far down the curve is at t, as shares of its width and height.
"""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.layout.layout import NODE_WIDTH
from gui.canvas.model.geometry import LEAST_REACH, REACH, Array, points

TOUCH = 4.0  # a curve this near to a card meets it
_MOST_PAIRS = 2_000_000  # looked at in one go
_WINDOW = 16  # columns
_FEW = 3  # one more than an edge has ends
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
        if not len(self.boxes):
            return result
        lefts, rights, _, _ = self._columns
        first = np.searchsorted(np.maximum.accumulate(rights), shapes[:, :, 0].min(axis=1))
        last = np.maximum(np.searchsorted(lefts, shapes[:, :, 0].max(axis=1)), first)
        wide = _WINDOW
        while len(rows := np.flatnonzero((first < last) & ~result)):  # most that meet any do so near their starts
            some = np.minimum(first + wide, last)
            for chunk in _chunks(rows, some - first):
                curve, column = _pairs(chunk, first[chunk], some[chunk])
                self._meet_in(curve, column, shapes, own, result)
            first, wide = some, 4 * wide
        return result

    def _meet_in(self, curve: Rows, column: Rows, shapes: Array, own: Array, result: NDArray[np.bool_]) -> None:
        """Say in `result` of each of some curves whether it meets a card in the column beside it, as in `met`."""
        lefts, rights, tops, order = self._columns
        low, high = _heights(shapes[curve], lefts[column], rights[column])
        place = column * self._stride - self._top
        begin = np.searchsorted(tops, place + np.maximum(low - self._deepest, self._top - 1))
        end = np.searchsorted(tops, place + np.minimum(high, self._top + self._stride / 2), side="right")
        few = np.minimum(begin + _FEW, end)
        for here, there in ((begin, few), (few, end)):  # most that meet any are found out by a few
            for some in _chunks(np.flatnonzero((there > here) & ~result[curve]), there - here):
                pair, card = _pairs(some, here[some], there[some])
                of = curve[pair]
                result[of[_meet(shapes[of], own[of], self.boxes[order[card]])]] = True

    @cached_property
    def _columns(self) -> tuple[Array, Array, Array, Rows]:
        """Between which x the cards of each column are, that is about as wide as a card. Then of the cards, column by
        column and each from the highest to the lowest: where they begin on one long scale, and their rows."""
        _, start, column = np.unique(np.floor(self.boxes[:, 0] / NODE_WIDTH), return_index=True, return_inverse=True)
        tops = column * self._stride + self.boxes[:, 1] - self._top
        order = np.argsort(tops, kind="stable")
        return self.boxes[start, 0], np.maximum.reduceat(self.boxes[:, 2], start), tops[order], order

    @cached_property
    def _top(self) -> float:
        return float(self.boxes[:, 1].min())

    @cached_property
    def _deepest(self) -> float:
        """How high the highest card is, and more than the scale may be off."""
        return float((self.boxes[:, 3] - self.boxes[:, 1]).max()) + 1 + len(self.boxes) * self._stride * 1e-15

    @cached_property
    def _stride(self) -> float:
        """How long the scale is for each column: twice what it needs."""
        return 2 * float(self.boxes[:, 1].max() - self._top) + 16


def _chunks(rows: Rows, counts: Rows) -> Iterator[Rows]:
    """Some rows in portions: each row has so many pairs, all of one portion not too many."""
    ends = np.cumsum(counts[rows])
    full = np.arange(_MOST_PAIRS, ends[-1] if len(ends) else 0, _MOST_PAIRS)
    return (chunk for chunk in np.split(rows, np.searchsorted(ends, full)) if len(chunk))


def _pairs(rows: Rows, first: Rows, last: Rows) -> tuple[Rows, Rows]:
    """Each of some rows with each of the numbers from its first to before its last."""
    counts = last - first
    return np.repeat(rows, counts), np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts - first, counts)


def _heights(shapes: Array, left: Array, right: Array) -> tuple[Array, Array]:
    """Between which y curves (k, 4, 2) are between two x (k,)."""
    low, high = np.empty(len(shapes)), np.empty(len(shapes))
    plain = is_plain(shapes)
    start, way = shapes[plain, 0], shapes[plain, 3] - shapes[plain, 0]
    sides = (np.stack([left[plain], right[plain]]) - start[:, 0]) / way[:, 0]
    y = start[:, 1] + way[:, 1] * _gone_down(sides)
    low[plain], high[plain] = y.min(axis=0), y.max(axis=0)
    least, most = _pieces(shapes[~plain])
    there = (most[..., 0] > left[~plain, None]) & (least[..., 0] < right[~plain, None])
    low[~plain] = np.where(there, least[..., 1], np.inf).min(axis=1)
    high[~plain] = np.where(there, most[..., 1], -np.inf).max(axis=1)
    return low - TOUCH - 1, high + TOUCH + 1


def _meet(shapes: Array, own: Array, boxes: Array) -> NDArray[np.bool_]:
    """Which curves (k, 4, 2) meet the card (k, 4) beside them, if it is not one of their own two (k, 2, 4)."""
    low, high = shapes[:, :, 1].min(axis=1) - TOUCH, shapes[:, :, 1].max(axis=1) + TOUCH
    hit = (boxes[:, 3] > low) & (boxes[:, 1] < high)
    hit[hit] = ~(boxes[hit, None] == own[hit]).all(axis=2).any(axis=1)
    plain = is_plain(shapes)
    for some, meets in ((np.flatnonzero(hit & plain), passed), (np.flatnonzero(hit & ~plain), _touched)):
        hit[some] = meets(shapes[some], boxes[some], TOUCH)
    return hit


def is_plain(shapes: Array) -> NDArray[np.bool_]:
    """Which curves only run to the right: f is the same for all of them."""
    return np.asarray((shapes[:, 3, 0] - shapes[:, 0, 0]) * REACH >= LEAST_REACH)


def passed(shapes: Array, boxes: Array, near: float | Array) -> NDArray[np.bool_]:
    """Which plain curves (k, 4, 2) pass the card (k, 4) beside them so near, above or below: exactly, as they only
    rise or only fall."""
    start, way = shapes[:, 0], shapes[:, 3] - shapes[:, 0]
    sides = (np.stack([boxes[:, 0], boxes[:, 2]]) - start[:, 0]) / way[:, 0]
    y = start[:, 1] + way[:, 1] * _gone_down(sides)
    there = (boxes[:, 0] < shapes[:, 3, 0]) & (boxes[:, 2] > start[:, 0])
    return np.asarray(there & (y.max(axis=0) > boxes[:, 1] - near) & (y.min(axis=0) < boxes[:, 3] + near))


def _gone_down(across: Array) -> Array:
    """How far down plain curves are where they are so far across."""
    return np.interp(np.interp(across, _ACROSS, _T), _T, _DOWN)


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
    low, high = _pieces(shapes)
    grown = np.array([0.0, near])
    met = np.logical_and(high > boxes[:, None, :2] - grown, low < boxes[:, None, 2:] + grown)
    return np.asarray(met.all(axis=2).any(axis=1))


def _pieces(shapes: Array) -> tuple[Array, Array]:
    """The top left and the bottom right of short pieces of curves (k, 4, 2): (k, 64, 2) each."""
    dots = points(shapes, _DOTS)
    return np.minimum(dots[:, 1:], dots[:, :-1]), np.maximum(dots[:, 1:], dots[:, :-1])
