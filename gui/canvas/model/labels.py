"""Where the numbers beside the edges stand, level by level: kept until something near them moves.

Each label stands clear of every card, every other label and every curve (`label_search`). Where there is no place for
it, it is not shown at this zoom. Room is kept for a number from the beginning, so that nothing jumps when it appears.
Boxes are rows of left, top, right, bottom, leaders rows of from x, y, to x, y; lengths are pixels of the scene, those
on screen are multiplied by `pixel`.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.graph.records import EdgeKey
from gui.canvas.model.geometry import Array, inside
from gui.canvas.model.label_search import (
    FARTHEST,
    GAP,
    About,
    Found,
    LabelSearch,
    LabelSpot,
    Size,
    crossed_boxes,
    crossing_boxes,
    touching,
)
from gui.canvas.model.routes import Routes

MOST_LEVELS = 8  # are kept


class Placed(NamedTuple):
    """The labels of an edge at a level: value and contribution, None where there is no room; infinitely far then."""

    spots: tuple[LabelSpot | None, LabelSpot | None]
    boxes: Array  # (2, 4)
    leaders: Array  # (2, 4); infinitely far where there is none


class Wish(NamedTuple):
    """What an edge wants to show: the sizes of value and contribution; on which side of it."""

    sizes: tuple[Size, Size]
    sides: tuple[float, float] = (-1.0, 1.0)  # −1 above, 1 below


class Labels:
    """The places of all labels, found when first asked for and kept until something near them moves."""

    def __init__(self) -> None:
        self._levels: dict[int, dict[EdgeKey, Placed]] = {}

    def forget(self, keys: Iterable[EdgeKey] | None = None) -> None:
        """The edges have moved; None: all of them."""
        if keys is None:
            self._levels.clear()
            return
        keys = list(keys)
        for placed in self._levels.values():
            for key in keys:
                placed.pop(key, None)

    def forget_under(self, cards: Array, lines: Array) -> None:
        """Something has come to stand elsewhere: cards (n, 4), and straight pieces of curves (m, 4)."""
        for placed in self._levels.values():
            keys = list(placed)
            if keys:
                boxes = np.array([placed[key].boxes for key in keys]).reshape(-1, 4)
                leaders = np.array([placed[key].leaders for key in keys]).reshape(-1, 4)
                hit = touching(boxes, cards, 0.0) | crossed_boxes(boxes, lines) | crossing_boxes(leaders, cards)
                for row in np.flatnonzero(hit.reshape(-1, 2).any(axis=1)):
                    del placed[keys[row]]

    def touching(self, level: int, boxes: Array) -> list[EdgeKey]:
        """The edges of whose labels at a level any comes into some boxes (n, 4)."""
        placed = self._levels.get(level)
        if not placed:
            return []
        every = np.array([each.boxes for each in placed.values()]).reshape(-1, 4)
        hit = touching(every, boxes, 0.0).reshape(-1, 2).any(axis=1)
        keys = list(placed)
        return [keys[row] for row in np.flatnonzero(hit)]

    def get(self, key: EdgeKey, level: int) -> Placed | None:
        """An edge's labels at a level, if they have been placed."""
        return self._levels.get(level, {}).get(key)

    def all_of(self, keys: Iterable[EdgeKey], level: int) -> list[Placed | None]:
        """The labels of each of some edges at a level, as far as they have been placed."""
        placed = self._levels.get(level, {})
        return [placed.get(key) for key in keys]

    def place(
        self,
        level: int,
        wanted: Mapping[EdgeKey, Wish],
        rows: Mapping[EdgeKey, int],
        routes: Routes,
        cards: Array,
        pixel: float,
    ) -> None:
        """Place the labels of edges at a level. `rows` say whose route is whose; `cards` are boxes (m, 4)."""
        placed = self._levels.pop(level, {})
        self._levels[level] = placed  # the last that was asked for
        for old in list(self._levels)[:-MOST_LEVELS]:
            del self._levels[old]
        count, rest = len(placed), len(wanted)  # those still to come are infinitely far
        boxes, leaders = (
            _room([each.boxes for each in placed.values()], rest),
            _room([each.leaders for each in placed.values()], rest),
        )
        for place, (key, wish) in enumerate(wanted.items(), count):
            route = routes[rows[key]]
            area = _area(route, wish, pixel)
            about = About(
                cards[inside(cards, *area)],
                boxes[inside(boxes, *area)],
                _lines(*routes.about(*area), rows[key], area),
                leaders[inside(_spans(leaders), *area)],
            )
            placed[key] = _placed(*LabelSearch(route, about, pixel).both(wish.sizes, wish.sides))
            boxes[place], leaders[place] = placed[key].boxes, placed[key].leaders


def _room(taken: list[Array], more: int) -> Array:
    """What has been placed, two of each edge, with room for more: (n, 2, 4)."""
    result = np.full((len(taken) + more, 2, 4), np.inf)
    result[: len(taken)] = np.reshape(taken, (-1, 2, 4))
    return result


def _placed(value: Found | None, contribution: Found | None) -> Placed:
    nowhere = np.full(4, np.inf)
    both = (value, contribution)
    return Placed(
        (value and value.spot, contribution and contribution.spot),
        np.array([nowhere if each is None else each.box for each in both]),
        np.array([nowhere if each is None else each.leader for each in both]),
    )


def _spans(lines: Array) -> Array:
    """The boxes of straight pieces (…, 4)."""
    one, other = lines[..., :2], lines[..., 2:]
    return np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=-1)


def _area(route: Array, wish: Wish, pixel: float) -> tuple[float, float, float, float]:
    """Where an edge's labels may come to stand."""
    value, contribution = wish.sizes
    reach = max(*value, *contribution) + (FARTHEST + 2 * GAP) * pixel
    return (*(route.min(axis=(0, 1)) - reach), *(route.max(axis=(0, 1)) + reach))


def _lines(chains: Array, owners: NDArray[np.intp], own: int, area: tuple[float, float, float, float]) -> Array:
    """The foreign pieces of curves that come into an area: (n, 4)."""
    chains = chains[owners != own]
    every = np.concatenate([chains[:, :-1], chains[:, 1:]], axis=-1).reshape(-1, 4)
    return every[inside(_spans(every), *area)]


def outgrows(sizes: tuple[Size, Size], places: tuple[Size, Size]) -> bool:
    """Whether a label is wider than it was when it was given its place; one that is narrower stays where it is."""
    return any(size[0] > place[0] for size, place in zip(sizes, places, strict=True))
