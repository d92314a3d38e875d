"""Where the numbers beside the edges stand: clear of every card, every other label and every curve.

Each label tries places along its curve on both sides, then farther off, with a line that leads to its edge, then the
same with fewer digits; the cheapest is taken. Where there is none it is not shown at this zoom. Room is kept for a
number from the beginning, so that nothing jumps when it appears. Boxes are rows of left, top, right, bottom; lengths
are pixels of the scene, those on screen are divided by the zoom: `pixel`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.graph.records import EdgeKey
from gui.canvas.model.geometry import Array, directions, inside, parameters, places
from gui.canvas.model.routes import Routes

GAP = 5.0  # between a label and its curve, on screen
CARD_CLEAR, LABEL_CLEAR, LINE_CLEAR = 5.0, 3.0, 1.5  # between a label and what is not its own, on screen
_TS = np.array([0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86, 0.08, 0.92])
_SIDES = np.array([1.0, -1.0])
SIDE_COST, FAR_COST, NEAR_COST = 12.0, 20.0, 9.0
LIFTS = (0.5, 1.1, 1.8, 2.6, 3.5, 4.5)  # heights of a label, away from its curve, where there is no room beside it
LED = 0.9  # lifted farther than this a label has a leader
MOST_LEVELS = 8  # are kept
_LEADER = np.linspace(0.08, 1.0, 5)[:, None, None]  # where its pieces begin and end

Size = tuple[float, float]
Place = tuple[float, float]  # a centre
Flags = NDArray[np.bool_]


class LabelSpot(NamedTuple):
    """Where one label stands: its middle, and the point of its curve to which a line leads, if one does."""

    centre: Place
    anchor: Place | None


class Placed(NamedTuple):
    """The labels of an edge at a level: value and contribution, None where there is no room; how far they are cut."""

    spots: tuple[LabelSpot | None, LabelSpot | None]
    cut: int
    boxes: Array  # (2, 4); infinitely far where there is none


class Wish(NamedTuple):
    """What an edge wants to show: the sizes of value and contribution, the longest first; on which side of it."""

    sizes: Sequence[tuple[Size, Size]]
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

    def forget_under(self, cards: Array, lines: tuple[Array, Array]) -> None:
        """Something has come to stand elsewhere: cards (n, 4), and lines from points (m, 2) to others."""
        for placed in self._levels.values():
            keys = list(placed)
            if keys:
                boxes = np.array([placed[key].boxes for key in keys])
                hit = _touching(boxes.reshape(-1, 4), cards, 0.0) | _crossed(boxes.reshape(-1, 4), *lines)
                for row in np.flatnonzero(hit.reshape(-1, 2).any(axis=1)):
                    del placed[keys[row]]

    def touching(self, level: int, boxes: Array) -> list[EdgeKey]:
        """The edges of whose labels at a level any comes into some boxes (n, 4)."""
        placed = self._levels.get(level)
        if not placed:
            return []
        every = np.array([each.boxes for each in placed.values()]).reshape(-1, 4)
        hit = _touching(every, boxes, 0.0).reshape(-1, 2).any(axis=1)
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
        taken = [each.boxes for each in placed.values()]
        labels = np.full((len(taken) + len(wanted), 2, 4), np.inf)  # those still to come are infinitely far
        labels[: len(taken)] = np.reshape(taken, (-1, 2, 4))
        for place, (key, wish) in enumerate(wanted.items(), len(taken)):
            route = routes[rows[key]]
            area = _area(route, wish, pixel)
            near = labels[inside(labels, *area)]
            lines = _lines(*routes.about(*area), rows[key], area)
            search = _LabelSearch(route, cards[inside(cards, *area)], near, lines, pixel)
            placed[key] = search.best(wish)
            labels[place] = placed[key].boxes


def _area(route: Array, wish: Wish, pixel: float) -> tuple[float, float, float, float]:
    """Where an edge's labels may come to stand."""
    value, contribution = wish.sizes[0]
    reach = max(*value, *contribution) + (LIFTS[-1] + 1) * max(value[1], contribution[1]) + 2 * GAP * pixel
    return (*(route.min(axis=(0, 1)) - reach), *(route.max(axis=(0, 1)) + reach))


def _lines(
    chains: Array, owners: NDArray[np.intp], own: int, area: tuple[float, float, float, float]
) -> tuple[Array, Array]:
    """The foreign pieces of lines that come into an area: from (n, 2), to (n, 2)."""
    chains = chains[owners != own]
    start, end = chains[:, :-1].reshape(-1, 2), chains[:, 1:].reshape(-1, 2)
    near = inside(np.concatenate([np.minimum(start, end), np.maximum(start, end)], axis=1), *area)
    return start[near], end[near]


class _LabelSearch:
    """For the labels of one edge among what is about it."""

    def __init__(self, route: Array, cards: Array, labels: Array, lines: tuple[Array, Array], pixel: float) -> None:
        self._cards, self._labels, self._lines, self._pixel = cards, labels, lines, pixel
        u = parameters(route, _TS)
        self._anchors, way = places(route, u), directions(route, u)
        normal = np.stack([-way[:, 1], way[:, 0]], axis=1)  # points down where the curve runs to the right
        self._normal = normal * np.where(normal[:, 1] < 0, -1.0, 1.0)[:, None]
        own = places(route, parameters(route, np.linspace(0, 1, 24 * len(route) + 1)))
        self._own = own[:-1], own[1:]

    def best(self, wish: Wish) -> Placed:
        """Both labels in the longest form in which both have a place; else as many of them as have one."""
        found = self._both(wish, 0, (0, 1))
        for cut in range(1, len(wish.sizes)):
            if found.missing(wish) == 0:
                break
            found = min(found, self._both(wish, cut, (0, 1)), key=lambda each: each.missing(wish))
        if found.missing(wish) and found.spots[1] is None:
            last = len(wish.sizes) - 1  # the value is said by the card it comes from, the contribution by nobody
            found = min(found, self._both(wish, last, (1, 0)), key=lambda each: each.missing(wish))
        return found.as_placed()

    def _both(self, wish: Wish, cut: int, order: tuple[int, int]) -> "_LabelsFound":
        boxes = np.full((2, 4), np.inf)
        spots: list[LabelSpot | None] = [None, None]
        for i in order:
            size = wish.sizes[cut][i]
            found = self._one(size, wish.sides[i], boxes) if size[0] else None
            if found is not None:
                spots[i], boxes[i] = found
        return _LabelsFound((spots[0], spots[1]), cut, boxes)

    def _one(self, size: Size, side: float, taken: Array) -> tuple[LabelSpot, Array] | None:
        """The cheapest place for a label: beside its curve if there is one, else farther off."""
        for lift in (0.0, *LIFTS):
            found = self._at(np.array(size) / 2, side, lift * size[1], taken)
            if found is not None:
                return found
        return None

    def _at(self, half: Array, side: float, lift: float, taken: Array) -> tuple[LabelSpot, Array] | None:
        sides = np.repeat(_SIDES * side, len(_TS))
        anchors, normal = np.tile(self._anchors, (2, 1)), np.tile(self._normal, (2, 1)) * sides[:, None]
        away = (np.abs(normal) * half).sum(axis=1) + GAP * self._pixel + lift
        centres = anchors + normal * away[:, None]
        boxes = np.concatenate([centres - half, centres + half], axis=1)
        free = self._is_free(boxes, taken)
        if lift and free.any():
            free[free] &= self._can_be_led(anchors[free], centres[free], taken)
        if not free.any():
            return None
        rows = np.flatnonzero(free)
        cost = np.abs(np.tile(_TS, 2) - 0.5) * FAR_COST + (sides != side) * SIDE_COST
        cost[rows] += NEAR_COST * _crossed(_grown(boxes[rows], GAP * self._pixel), *self._lines)
        best = int(rows[cost[rows].argmin()])
        anchor = _place(anchors[best]) if lift > LED * half[1] else None
        return LabelSpot(_place(centres[best]), anchor), boxes[best]

    def _is_free(self, boxes: Array, taken: Array) -> Flags:
        pixel = self._pixel
        free = ~_touching(boxes, self._cards, CARD_CLEAR * pixel)
        free &= ~_touching(boxes, np.concatenate([self._labels, taken]), LABEL_CLEAR * pixel)
        if free.any():
            free[free] = ~_crossed(boxes[free], *self._own)
        if free.any():
            free[free] = ~_crossed(_grown(boxes[free], LINE_CLEAR * pixel), *self._lines)
        return free

    def _can_be_led(self, anchors: Array, centres: Array, taken: Array) -> Flags:
        """Whether lines from places of the curve to labels go behind no card and label, and along no other curve."""
        dots = anchors + (centres - anchors) * _LEADER
        one, other = dots[:-1].reshape(-1, 2), dots[1:].reshape(-1, 2)
        pieces = np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=1)
        hit = _touching(pieces, np.concatenate([self._cards, self._labels, taken]), self._pixel)
        hit |= _crossed(_grown(np.tile((one + other) / 2, 2), 2 * self._pixel), *self._lines)
        return np.asarray(~hit.reshape(len(_LEADER) - 1, -1).any(axis=0), dtype=np.bool_)


class _LabelsFound(NamedTuple):
    spots: tuple[LabelSpot | None, LabelSpot | None]
    cut: int
    boxes: Array

    def missing(self, wish: Wish) -> int:
        wanted = (size[0] > 0 for size in wish.sizes[self.cut])
        return sum(is_wanted and spot is None for is_wanted, spot in zip(wanted, self.spots, strict=True))

    def as_placed(self) -> Placed:
        return Placed(*self)


def _place(point: Array) -> Place:
    return float(point[0]), float(point[1])


def _grown(boxes: Array, by: float) -> Array:
    return boxes + np.array([-by, -by, by, by])


def _touching(boxes: Array, others: Array, clear: float) -> Flags:
    """Which boxes overlap any of the others, or are nearer to it than `clear`."""
    a, b = boxes[:, None], others[None]
    hit = (
        (a[..., 0] < b[..., 2] + clear)
        & (a[..., 2] > b[..., 0] - clear)
        & (a[..., 1] < b[..., 3] + clear)
        & (a[..., 3] > b[..., 1] - clear)
    )
    return np.asarray(hit.any(axis=1), bool)


def _crossed(boxes: Array, start: Array, end: Array) -> Flags:
    """Which boxes (n, 4) any of some straight pieces from `start` to `end`, (m, 2) each, go through."""
    if not len(start):
        return np.zeros(len(boxes), bool)
    way = end - start
    way[np.abs(way) < 1e-9] = 1e-9
    (x, y), (across, down) = start.T, way.T
    with np.errstate(invalid="ignore", over="ignore"):
        left, right = (boxes[:, 0, None] - x) / across, (boxes[:, 2, None] - x) / across
        top, bottom = (boxes[:, 1, None] - y) / down, (boxes[:, 3, None] - y) / down
        first = np.maximum(np.minimum(left, right), np.minimum(top, bottom))  # where a line goes into a box
        last = np.minimum(np.maximum(left, right), np.maximum(top, bottom))  # and where it leaves it
        return np.asarray(((first < last) & (last > 0) & (first < 1)).any(axis=1))


def outgrows(sizes: tuple[Size, Size], places: tuple[Size, Size]) -> bool:
    """Whether a label is wider than it was when it was given its place; one that is narrower stays where it is."""
    return any(size[0] > place[0] for size, place in zip(sizes, places, strict=True))
