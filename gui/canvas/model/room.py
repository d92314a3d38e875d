"""How much room there is about each card, for the plate that it becomes when it is seen from afar. Pure NumPy, no Qt.

A plate may grow to the middle of the gap between its card and the next, so that no two of them meet whatever the
other says; and it may not cover a foreign edge. Boxes are rows of left, top, right, bottom in scene pixels.
"""

from copy import copy

import numpy as np

from gui.canvas.model.geometry import Array, inside

FARTHEST_X, FARTHEST_Y = 260.0, 130.0  # out of its card a plate never grows farther
CLEAR = 6.0  # between a plate and a foreign edge
SLACK = 6.0  # between two plates
A_HAIR = 0.01  # so that a plate goes into the room of one of its size, however its sides are rounded
REACH = np.array([-FARTHEST_X, -FARTHEST_Y, FARTHEST_X, FARTHEST_Y])
MOST_SIZES = 200  # of plates that one room remembers
_FINE = 8.0  # pixels between the points that stand for a line


class Room:
    """What bounds one plate: how far it may grow to the left, up, right and down, and dots that it may not cover."""

    def __init__(self, card: Array, sides: Array, dots: Array) -> None:
        self.wide, self.high = float(card[2] - card[0]), float(card[3] - card[1])
        self.left, self.top, self.right, self.bottom = sides.tolist()
        self.widest = self.wide + self.left + self.right
        self._x, self._y = (dots - card[:2]).T
        self._places: dict[tuple[float, float], tuple[float, float] | None] = {}

    def place(self, wide: float, high: float) -> tuple[float, float] | None:
        """The top left corner of a plate of a size, from that of the card; None: there is no room for it.

        It holds its card, and is about the middle of it if it can be. Found once a size: numbers that move are as wide
        again and again.
        """
        size = wide, high
        if size not in self._places:
            if len(self._places) >= MOST_SIZES:
                self._places.clear()
            self._places[size] = self._place(wide, high)
        return self._places[size]

    def _place(self, wide: float, high: float) -> tuple[float, float] | None:
        across, down = max(wide - self.wide, 0.0), max(high - self.high, 0.0)
        for top in _shares(down, self.top, self.bottom):
            for left in _shares(across, self.left, self.right):
                if self._is_free(-left, -top, self.wide + across - left, self.high + down - top):
                    return -left, -top
        return None

    def within(self, left: float, top: float, right: float, bottom: float) -> "Room":
        """The room in a plate about the card, measured from its top left corner, and no more."""
        result = self._copied()
        result.left, result.top = min(self.left, A_HAIR - left), min(self.top, A_HAIR - top)
        result.right = min(self.right, right - self.wide + A_HAIR)
        result.bottom = min(self.bottom, bottom - self.high + A_HAIR)
        result.widest = result.wide + result.left + result.right
        return result

    def fenced(self, card: Array, frame: Array | None, fixed: Array) -> "Room":
        """The room of a card (4,) within a frame (4,), that goes up to boxes (n, 4) which do not grow."""
        sides = np.array([self.left, self.top, self.right, self.bottom])
        if frame is not None:
            sides = np.minimum(sides, np.maximum((card - frame) * [1, 1, -1, -1], 0))
        near = fixed[inside(fixed, *(card + REACH))]
        gaps = _gaps(card, near)
        if len(near):
            np.minimum.at(sides, gaps.argmax(axis=1), np.maximum(gaps.max(axis=1) - A_HAIR, 0))
        result = self._copied()
        result.left, result.top, result.right, result.bottom = sides.tolist()
        result.widest = result.wide + result.left + result.right
        return result

    def over_edges(self) -> "Room":
        """The room between the cards alone."""
        result = self._copied()
        result._x, result._y = np.empty(0), np.empty(0)
        return result

    def _copied(self) -> "Room":
        result = copy(self)
        result._places = {}
        return result

    def _is_free(self, left: float, top: float, right: float, bottom: float) -> bool:
        if not len(self._x) or (right - left <= self.wide and bottom - top <= self.high):
            return True
        x, y = self._x, self._y
        return not bool(((x > left) & (x < right) & (y > top) & (y < bottom)).any())


def _shares(more: float, before: float, after: float) -> list[float]:
    """How much of what a plate is larger by may stand before its card: the half first, then the least and the most."""
    if more > before + after:
        return []
    least, most = max(more - after, 0.0), min(more, before)
    middle = min(max(more / 2, least), most)
    return [middle, *(share for share in (least, most) if abs(share - middle) > 1)]


def room(card: Array, cards: Array, chains: Array) -> Room:
    """The room about a card (4,), between the other cards (n, 4) and foreign edges, as chains of points (m, k, 2)."""
    near = cards[inside(cards, *(card + 2 * REACH))]
    return Room(card, _sides(card, near[(near != card).any(axis=1)]), _dots(card, chains))


def _sides(card: Array, others: Array) -> Array:
    """Half of the least gap on each side: of a card beside it and above it, the gap that is wider."""
    gaps = _gaps(card, others)
    sides = np.array([FARTHEST_X, FARTHEST_Y, FARTHEST_X, FARTHEST_Y])
    if len(others):
        halves = np.maximum(gaps.max(axis=1) - SLACK, 0) / 2
        np.minimum.at(sides, gaps.argmax(axis=1), halves)
    return sides


def _gaps(card: Array, others: Array) -> Array:
    """How far others (n, 4) are to the left of a card, over it, right of it and under it: (n, 4)."""
    return np.stack(
        [card[0] - others[:, 2], card[1] - others[:, 3], others[:, 0] - card[2], others[:, 1] - card[3]], axis=1
    )


def _dots(card: Array, chains: Array) -> Array:
    """Points along the lines that come near to a card, with what must be clear about them; not what is under it."""
    if not len(chains):
        return np.empty((0, 2))
    start, way = chains[:, :-1].reshape(-1, 2), np.diff(chains, axis=1).reshape(-1, 2)
    start, way = _clipped(start, way, card + REACH)
    if not len(start):
        return np.empty((0, 2))
    steps = int(np.ceil(np.abs(way).max() / _FINE)) + 1
    dots = (start[:, None] + np.linspace(0, 1, steps)[:, None] * way[:, None]).reshape(-1, 2)
    left, top, right, bottom = card
    under = (dots[:, 0] > left) & (dots[:, 0] < right) & (dots[:, 1] > top) & (dots[:, 1] < bottom)
    dots = dots[~under]
    middle = [(left + right) / 2, (top + bottom) / 2]
    outside = np.stack([(dots[:, 0] < left) | (dots[:, 0] > right), (dots[:, 1] < top) | (dots[:, 1] > bottom)], axis=1)
    nearer: Array = dots - np.sign(dots - middle) * CLEAR * outside
    return nearer


def _clipped(start: Array, way: Array, box: Array) -> tuple[Array, Array]:
    """The parts of lines, (n, 2) where they start and (n, 2) how they go on, that are in a box.

    By Liang and Barsky, “A new concept and method for line clipping”, 1984.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (box[:2] - start) / way, (box[2:] - start) / way
    level = way == 0
    within = ~level | ((start >= box[:2]) & (start <= box[2:]))
    enters = np.where(level, 0.0, np.minimum(one, other)).max(axis=1).clip(0)[:, None]
    leaves = np.where(level, 1.0, np.maximum(one, other)).min(axis=1).clip(None, 1)[:, None]
    inside_it = within.all(axis=1) & (enters < leaves)[:, 0]
    return (start + enters * way)[inside_it], ((leaves - enters) * way)[inside_it]
