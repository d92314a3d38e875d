"""One way for one edge past the cards round it: onwards through the gaps, or turning back at two places.

Boxes are rows of left, top, right, bottom in scene pixels; a shape is the straight curve (4, 2) of an edge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from gui.canvas.model.corridors import EVERYWHERE, Aim, Card, Gap, corridor, gaps_between
from gui.canvas.model.geometry import Array
from gui.canvas.model.lanes import Passage
from gui.canvas.model.obstacles import Obstacles, beside, hidden
from gui.canvas.model.strings import Knot

LEVEL = 24.0  # an edge whose end is less far right of its start turns back
FAR = 20_000.0  # a longer edge goes over or under everything: to look for gaps would take too long
_TURN = 0.75  # how far a turn reaches out, as a share of its handles
_DETOUR = 200.0  # how far beyond its ends an edge may turn


@dataclass(frozen=True)
class Attempt:
    """How to look for a way: how clear of cards, how far above and below the ends, past how thin gaps, with what turns.

    All are pixels.
    """

    clear: float
    reach: float
    least: float
    turn: float
    past_all: bool = False  # all cards are as one


ATTEMPTS = (Attempt(12, 130, 16, 64), Attempt(12, 1e9, 16, 64), Attempt(5, 600, 4, 32), Attempt(1.5, 1e9, 0, 8))
PAST_ALL = (Attempt(12, 1e9, 16, 64, past_all=True),)


def at_ports(shape: Array, cards: Obstacles, own: Array, ahead: float) -> Array:
    """The foreign cards (k, 4) that lie on the ends of a curve, or less than so far ahead of them."""
    (x0, y0), (x1, y1) = shape[0].tolist(), shape[3].tolist()
    near = np.concatenate([cards.between(x0, x0 + ahead, y0, y0), cards.between(x1 - ahead, x1, y1, y1)])
    return near[~(near[:, None] == own).all(axis=2).any(axis=1)]


def knot(place: Array) -> Knot:
    """A place as x, y."""
    x, y = place.tolist()
    return x, y


class WaySearch:
    """One attempt to find a way for a curve (4, 2). Only cards in `area` count, but not `through`."""

    def __init__(
        self, shape: Array, cards: Obstacles, own: Array, attempt: Attempt, turns: bool, through: Array
    ) -> None:
        self._start, self._end, self._attempt, self._turns = knot(shape[0]), knot(shape[3]), attempt, turns
        (x0, y0), (x1, y1) = self._start, self._end
        side = _DETOUR + attempt.clear + attempt.turn if turns else 0.0
        up = attempt.clear + attempt.reach
        self.area = (min(x0, x1) - side, min(y0, y1) - up, max(x0, x1) + side, max(y0, y1) + up)
        boxes = cards.between(*self.area[::2], *self.area[1::2])
        if len(through):
            boxes = boxes[~(boxes[:, None] == through).all(axis=2).any(axis=1)]
        self._source, self._dest = ((boxes == box).all(axis=1) for box in own)
        self._all = boxes
        self._counts = np.ones(len(boxes), bool) if self._turns else beside(shape, boxes, up)

    @property
    def count(self) -> int:
        """Of how many cards it keeps clear."""
        return int(self._counts.sum())

    def way(self) -> Passage | None:
        """The way, if there is one clear of all cards."""
        if self._turns:
            return next((way for first, last in self._turning_places() if (way := self._back(first, last))), None)
        way = self._onwards()
        if way is None or self._attempt.reach > FAR:
            return way
        others = self._all[~self._counts & ~self._source & ~self._dest]  # not looked at: far from the straight curve
        return None if hidden(way.route(), others) else way

    def _onwards(self) -> Passage | None:
        """From left to right."""
        (x0, y0), (x1, y1) = self._start, self._end
        cards = self._grown(self._counts & ~self._source & ~self._dest)
        aim = Aim((x0, x1), (y0, (y0, y0)), (y1, (y1, y1)), self._attempt.reach)
        found = corridor(aim, cards, self._attempt.least)
        if found is None:
            return None
        return Passage(self._start, self._end, tuple(found[1]), False, 0.0, (self._start, self._end))

    def _turning_places(self) -> Iterator[tuple[float, float]]:
        """Where a way that runs back may turn: at its ends, else beside cards that stand there."""
        x0, x1, clear = self._start[0], self._end[0], self._attempt.clear
        middle = (x0 + x1) / 2
        first, last = max(x0, middle + LEVEL / 2), min(x1, middle - LEVEL / 2)
        rights, lefts = self._all[:, 2] + clear, self._all[:, 0] - clear
        firsts = [first, *np.unique(rights[(rights > first) & (rights < first + _DETOUR)]).tolist()[:2]]
        lasts = [last, *np.unique(lefts[(lefts < last) & (lefts > last - _DETOUR)]).tolist()[:-3:-1]]
        return product(firsts, lasts)

    def _back(self, first: float, last: float) -> Passage | None:
        """From right to left, turning at two x: in a mirror it runs from left to right."""
        (x0, y0), (x1, y1) = self._start, self._end
        clear = self._attempt.clear
        out = self._attempt.turn * _TURN + clear
        start = _level(self._grown(~self._source), (x0 + clear, first), (first, first + out), y0)
        end = _level(self._grown(~self._dest), (last, x1 - clear), (last - out, last), y1)
        if start is None or end is None:
            return None
        cards = [(-right, top, -left, bottom) for left, top, right, bottom in self._grown(self._counts)]
        aim = Aim((-first, -last), (y0, start), (y1, end), self._attempt.reach)
        found = corridor(aim, cards, self._attempt.least)
        if found is None:
            return None
        ends = (-first, found[0]), (-last, found[2])
        return Passage(*ends, tuple(found[1]), True, self._attempt.turn, (self._start, self._end))

    def _grown(self, which: NDArray[np.bool_]) -> list[Card]:
        """Some of the cards, with what is to be kept clear round them."""
        grown = self._all[which] + np.array([-1, -1, 1, 1]) * self._attempt.clear
        if self._attempt.past_all and len(grown):
            grown = np.concatenate([grown[:, :2].min(axis=0), grown[:, 2:].max(axis=0)])[None]
        return [(left, top, right, bottom) for left, top, right, bottom in grown.tolist()]


def _level(cards: Sequence[Card], straight: Gap, turn: Gap, y: float) -> Gap | None:
    """How far up and down a turn at y may reach between two x, with a straight way to it; None if there is no room."""
    if any(card[0] < straight[1] and card[2] > straight[0] and card[1] < y < card[3] for card in cards):
        return None
    outside = max(turn[0], straight[0]) if turn[0] >= straight[1] else turn[0]
    inside = min(turn[1], straight[1]) if turn[1] <= straight[0] else turn[1]
    here = [card for card in cards if card[0] < inside and card[2] > outside]
    return next((gap for gap in gaps_between(here, EVERYWHERE) if gap[0] <= y <= gap[1]), None)
