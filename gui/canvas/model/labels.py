"""Where the numbers beside the edges stand, level by level: kept until something near them moves.

Each label stands clear of every card, every other label and every curve (`label_search`). Where there is no place for
it, it is not shown at this zoom. Room is kept for a number from the beginning, so that nothing jumps when it appears.
Boxes are rows of left, top, right, bottom, leaders rows of from x, y, to x, y; lengths are pixels of the scene, those
on screen are multiplied by `pixel`.
"""

from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.graph.records import EdgeKey
from gui.canvas.model.geometry import Array, inside
from gui.canvas.model.label_search import (
    FAR_OFF,
    FARTHEST,
    GAP,
    LABEL_CLEAR,
    About,
    Found,
    LabelSearch,
    LabelSpot,
    Size,
    crossed_boxes,
    crossing,
    crossing_boxes,
    reached,
    spans,
    touching,
)
from gui.canvas.model.routes import Routes

MOST_LEVELS = 8  # are kept
MOST_PUSHED = 3  # edges whose labels make room for those of another


class Placed(NamedTuple):
    """The labels of an edge at a level: value and contribution, None where there is no room; infinitely far then."""

    spots: tuple[LabelSpot | None, LabelSpot | None]
    boxes: Array  # (2, 4)
    leaders: Array  # (2, 4); infinitely far where there is none


_NONE = np.empty((0, 4))
NOWHERE = Placed((None, None), np.full((2, 4), np.inf), np.full((2, 4), np.inf))


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
                hit = reached(boxes, leaders, cards, lines)
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
        keys: Iterable[EdgeKey],
        wish: Callable[[EdgeKey], Wish],
        rows: Mapping[EdgeKey, int],
        routes: Routes,
        cards: Array,
        pixel: float,
    ) -> dict[EdgeKey, Placed]:
        """Place the labels of edges at a level. `rows` say whose route is whose; `cards` are boxes (m, 4).

        Gives where those labels stood that have made room for others.
        """
        placed = self._levels.pop(level, {})
        self._levels[level] = placed  # the last that was asked for
        for old in list(self._levels)[:-MOST_LEVELS]:
            del self._levels[old]
        keys = list(keys)
        table = _LabelTable(placed, keys, Ground(rows, routes, cards, pixel), wish)
        for key in keys:
            table.place(key)
        return table.left

    def widen(
        self, level: int, keys: Iterable[EdgeKey], wish: Callable[[EdgeKey], Wish], ground: "Ground", seconds: float
    ) -> list[EdgeKey]:
        """Let labels of a level take more room where they stand, as many as there is time for.

        Gives the edges of those for which there is room; on other levels they have no places any more.
        """
        placed, begun = self._levels.get(level, {}), perf_counter()
        table, wider = _LabelTable(placed, [], ground, wish), list[EdgeKey]()
        for key in (key for key in keys if key in placed):
            if perf_counter() - begun > seconds:
                break
            if table.widen(key):
                wider.append(key)
        for other in self._levels.values():
            for key in wider if other is not placed else ():
                other.pop(key, None)
        return wider


class Ground(NamedTuple):
    """What labels are placed on: whose route is whose, cards (m, 4), and how large a pixel of the screen is."""

    rows: Mapping[EdgeKey, int]
    routes: Routes
    cards: Array
    pixel: float


class _LabelTable:
    """All labels of a level while more are placed. One that finds no room may push others elsewhere."""

    def __init__(
        self, placed: dict[EdgeKey, Placed], more: list[EdgeKey], ground: Ground, wish: Callable[[EdgeKey], Wish]
    ) -> None:
        self._placed, self._ground, self._wish = placed, ground, wish
        self.left: dict[EdgeKey, Placed] = {}  # where labels stood that have been pushed elsewhere
        self._keys = [*placed, *more]
        self._rows = {key: row for row, key in enumerate(self._keys)}
        self._boxes = _room([each.boxes for each in placed.values()], len(more))  # those to come are infinitely far
        self._leaders = _room([each.leaders for each in placed.values()], len(more))

    def place(self, key: EdgeKey) -> None:
        """Find places for an edge's labels, if need be where others stand that find another one."""
        wish = self._wish(key)
        found = self._search(key, wish, alone=False)
        self._put(key, found)
        missing = _missing(found, wish)
        if missing:
            self._push(key, wish, missing)

    def widen(self, key: EdgeKey) -> bool:
        """Let an edge's labels take more room where they stand. Gives whether there is."""
        before, wish = self._placed[key], self._wish(key)
        self._put(key, NOWHERE)
        found = self._about(key, wish, alone=False).widened(before.spots, before.boxes, wish.sizes)
        self._put(key, before if found is None else _as_placed(*found))
        return found is not None

    def _push(self, key: EdgeKey, wish: Wish, missing: int) -> None:
        """Stand where it would be best if there were no other labels, if then fewer are without a place."""
        best = self._search(key, wish, alone=True)
        if _missing(best, wish) >= missing:
            return
        self._put(key, NOWHERE)
        others = self._in_the_way(best)
        if not 0 < len(others) <= MOST_PUSHED:
            self._put(key, self._placed[key])
            return
        before = {other: self._placed[other] for other in (key, *others)}
        wishes = {other: self._wish(other) for other in others}
        was_missing = missing + sum(_missing(before[other], wishes[other]) for other in others)
        for other in others:
            self._put(other, NOWHERE)
        self._put(key, best)
        now = _missing(best, wish)
        for other in others:
            self._put(other, self._search(other, wishes[other], alone=False))
            now += _missing(self._placed[other], wishes[other])
        if now < was_missing:
            self.left = {other: before[other] for other in others} | self.left
            return
        for other, placed in before.items():
            self._put(other, placed)

    def _in_the_way(self, best: Placed) -> list[EdgeKey]:
        """The edges whose labels or leaders some places for labels come upon."""
        lies = self._boxes.reshape(-1, 4), self._leaders.reshape(-1, 4)
        clear = best.boxes + LABEL_CLEAR * self._ground.pixel * np.array([-1.0, -1.0, 1.0, 1.0])
        hit = touching(lies[0], clear, 0.0) | crossing_boxes(lies[1], clear)
        hit |= crossed_boxes(lies[0], best.leaders) | crossing(lies[1], best.leaders).any(axis=1)
        return [self._keys[row] for row in np.flatnonzero(hit.reshape(-1, 2).any(axis=1))]

    def _put(self, key: EdgeKey, placed: Placed) -> None:
        row = self._rows[key]
        self._boxes[row], self._leaders[row] = placed.boxes, placed.leaders
        if placed is not NOWHERE:
            self._placed[key] = placed

    def _search(self, key: EdgeKey, wish: Wish, alone: bool) -> Placed:
        """The best places for an edge's labels among all others, or as if it were the only one that has any."""
        return _as_placed(*self._about(key, wish, alone).both(wish.sizes, wish.sides))

    def _about(self, key: EdgeKey, wish: Wish, alone: bool) -> LabelSearch:
        """A search among what is about an edge."""
        ground = self._ground
        route = ground.routes[ground.rows[key]]
        area = _area(route, wish, ground.pixel)
        about = About(
            ground.cards[inside(ground.cards, *area)],
            _NONE if alone else self._boxes[inside(self._boxes, *area)],
            _lines(*ground.routes.about(*area), ground.rows[key], area),
            _NONE if alone else self._leaders[inside(spans(self._leaders), *area)],
        )
        return LabelSearch(route, about, ground.pixel)


def _missing(placed: Placed, wish: Wish) -> int:
    """How many labels of an edge have no place."""
    return sum(size[0] > 0 and spot is None for size, spot in zip(wish.sizes, placed.spots, strict=True))


def _room(taken: list[Array], more: int) -> Array:
    """What has been placed, two of each edge, with room for more: (n, 2, 4)."""
    result = np.full((len(taken) + more, 2, 4), np.inf)
    result[: len(taken)] = np.reshape(taken, (-1, 2, 4))
    return result


def _as_placed(value: Found | None, contribution: Found | None) -> Placed:
    both = (value, contribution)
    return Placed(
        (value and value.spot, contribution and contribution.spot),
        np.array([FAR_OFF if each is None else each.box for each in both]),
        np.array([FAR_OFF if each is None else each.leader for each in both]),
    )


def _area(route: Array, wish: Wish, pixel: float) -> tuple[float, float, float, float]:
    """Where an edge's labels may come to stand."""
    value, contribution = wish.sizes
    reach = max(*value, *contribution) + (FARTHEST + 2 * GAP) * pixel
    return (*(route.min(axis=(0, 1)) - reach), *(route.max(axis=(0, 1)) + reach))


def _lines(chains: Array, owners: NDArray[np.intp], own: int, area: tuple[float, float, float, float]) -> Array:
    """The foreign pieces of curves that come into an area: (n, 4)."""
    chains = chains[owners != own]
    every = np.concatenate([chains[:, :-1], chains[:, 1:]], axis=-1).reshape(-1, 4)
    return every[inside(spans(every), *area)]


def outgrows(sizes: tuple[Size, Size], places: tuple[Size, Size]) -> bool:
    """Whether a label is wider than it was when it was given its place; one that is narrower stays where it is."""
    return any(size[0] > place[0] for size, place in zip(sizes, places, strict=True))
