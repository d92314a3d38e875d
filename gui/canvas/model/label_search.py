"""Looks for a place for each of the two labels of one edge: beside its curve, on it, or farther off with a leader.

A label never lies on a card, on another label, on a foreign curve or on a foreign leader. A leader goes across none of
them if it can be; where an edge runs between others it may go straight across one or two of these.
Boxes are rows of left, top, right, bottom, straight pieces of lines rows of from x, y, to x, y; lengths are pixels of
the scene, those on screen are multiplied by `pixel`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gui.canvas.model.geometry import Array, directions, inside, parameters, places
from gui.canvas.model.piecework import Pieces

GAP = 5.0  # between a label and its curve, on screen
CARD_CLEAR, LABEL_CLEAR, LINE_CLEAR = 2.0, 1.5, 1.0  # between a label and what is not its own, on screen
SIDE_COST, MIDDLE_COST, NEAR_COST = 12.0, 20.0, 9.0
MOST_CROSSED, LEAST_TURN = 2, 0.4  # curves that a leader goes across; the sine of the least angle
CROSSED_COST = 60.0  # of each of them: so much longer a leader is that goes across none
OUTSIDE = 46.0  # so far beyond the whole picture a label may stand: who sees all of it sees it whole, or not at all
NEAR_RIM, RIM_COST = 26.0, 61.0  # so far it may stand at no cost: in a small window one sees no more
MOST_COVERED = 0.4  # of a curve, by a label on it
LEADER_CLEAR = 1.5  # between a leader and what it goes past, on screen
_TS = np.array([0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86, 0.08, 0.92])
_SIDES = np.array([1.0, -1.0])
_NOWHERE, FAR_OFF = (np.inf, -1), np.full(4, np.inf)
_AT_A_TIME = 48  # places far off that are looked at together, the cheapest first


class _Net(NamedTuple):
    """Places far off: round which points of a curve, in how many directions, how far away on screen."""

    ts: Array
    ways: Array  # unit vectors (k, 2)
    away: Array


def _net(ts: list[float], ways: int, away: list[float]) -> _Net:
    angle = np.arange(ways) * 2 * np.pi / ways
    return _Net(np.array(ts), np.stack([np.cos(angle), np.sin(angle)], axis=1), np.array(away))


_COARSE = _net([0.5, 0.38, 0.62, 0.26, 0.74, 0.14, 0.86], 8, [8, 14, 22, 32, 46])
_FINE = _net([0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9], 24, [8, 13, 19, 26, 35, 46, 60, 80, 105])
FARTHEST = float(_FINE.away[-1])

Size = tuple[float, float]
Whole = tuple[float, float, float, float]
EVERYWHERE: Whole = (-np.inf, -np.inf, np.inf, np.inf)
Place = tuple[float, float]  # a centre
Flags = NDArray[np.bool_]


class LabelSpot(NamedTuple):
    """Where one label stands: its middle, and the point of its curve to which a line leads, if one does."""

    centre: Place
    anchor: Place | None
    on_curve: bool = False  # its edge is interrupted there


class Found(NamedTuple):
    """A label's spot, its box (4,), and the line from its curve to the box (4,): infinitely far if none leads there."""

    spot: LabelSpot
    box: Array
    leader: Array


class About(NamedTuple):
    """What there is about an edge: cards, labels of others, pieces of foreign curves, foreign leaders: (n, 4) each."""

    cards: Array
    labels: Array
    lines: Array
    leaders: Array


class LabelSearch:
    """For the labels of one edge among what is about it."""

    def __init__(
        self, route: Array, about: About, pixel: float, whole: Whole = EVERYWHERE, sheet: Whole | None = None
    ) -> None:
        self._about, self._pixel = about, pixel
        self._seen, self._seen_well = (grown(np.array([whole]), by * pixel)[0] for by in (OUTSIDE, NEAR_RIM))
        if sheet is not None:  # what is beyond that is cut off
            self._seen = self._seen_well = np.array(sheet)
        self._labels, self._leaders, self._lines = about.labels, about.leaders, about.lines
        self._route = route
        u = parameters(route, _TS)
        self._anchors, way = places(route, u), directions(route, u)
        normal = np.stack([-way[:, 1], way[:, 0]], axis=1)  # points down where the curve runs to the right
        self._normal = normal * np.where(normal[:, 1] < 0, -1.0, 1.0)[:, None]
        own = places(route, parameters(route, np.linspace(0, 1, 24 * len(route) + 1)))
        self._own = np.concatenate([own[:-1], own[1:]], axis=1)

    def both(self, sizes: tuple[Size, Size], sides: tuple[float, float]) -> Pieces[tuple[Found | None, Found | None]]:
        """Places for the value and the contribution; if only one of them has one, then for the contribution:

        the value is said by the card that it comes from, the contribution by nobody.
        """
        value = yield from self._one(sizes[0], sides[0], None)
        contribution = yield from self._one(sizes[1], sides[1], value)
        if contribution is None and value is not None and sizes[1][0]:
            contribution = yield from self._one(sizes[1], sides[1], None)
            if contribution is not None:
                value = yield from self._one(sizes[0], sides[0], contribution)
        return value, contribution

    def widened(
        self, spots: tuple[LabelSpot | None, LabelSpot | None], boxes: Array, sizes: tuple[Size, Size]
    ) -> tuple[Found | None, Found | None] | None:
        """The same places for labels of other sizes; None: one of them has no room there. What has no place gets none.

        `boxes`: what they take now (2, 4). That takes a tenth of the time of a search.
        """
        found: list[Found | None] = []
        for spot, box, size in zip(spots, boxes, sizes, strict=True):
            self._stand_beside(found[0] if found else None)
            wider = None if spot is None else self._wider(spot, box, np.array(size) / 2)
            if spot is not None and wider is None:
                return None
            found.append(wider)
        return found[0], found[1]

    def _wider(self, spot: LabelSpot, box: Array, half: Array) -> Found | None:
        """A label where it stands: its middle, its left or its right side stays."""
        more = half[0] - (box[2] - box[0]) / 2
        shifts = [[0.0, 0.0]] if spot.anchor or spot.on_curve else [[0.0, 0.0], [more, 0.0], [-more, 0.0]]
        centres = np.array(spot.centre) + shifts
        boxes = np.concatenate([centres - half, centres + half], axis=1)
        clear = self._is_clear(boxes, self._labels)
        if spot.on_curve:
            clear &= ~crossed_boxes(grown(boxes, LINE_CLEAR * self._pixel), self._lines)
            clear &= self._covered(boxes[0]) < MOST_COVERED
        else:
            clear &= self._is_off_lines(boxes)
        if not clear.any():
            return None
        row = int(clear.argmax())
        leader = led(np.array([spot.anchor]), centres, half)[0] if spot.anchor else FAR_OFF
        return Found(spot._replace(centre=_place(centres[row])), boxes[row], leader)

    def _stand_beside(self, other: Found | None) -> None:
        """The other label of the edge is in the way as those of others are."""
        self._labels, self._leaders = self._about.labels, self._about.leaders
        if other is not None:
            self._labels = np.concatenate([self._labels, other.box[None]])
            self._leaders = np.concatenate([self._leaders, other.leader[None]])
        self._lines = np.concatenate([self._about.lines, self._leaders])

    def _one(self, size: Size, side: float, other: Found | None) -> Pieces[Found | None]:
        """The cheapest place for a label: beside its curve if there is one, else farther off."""
        if not size[0]:
            return None
        self._stand_beside(other)
        half, labels = np.array(size) / 2, self._labels
        found = self._beside(half, side, labels) or self._on_curve(half, labels)
        yield
        if found is not None:
            return found
        price, found = yield from self._far(half, side, labels, _COARSE)
        if price > CROSSED_COST:
            finer = yield from self._far(half, side, labels, _FINE)
            price, found = min((price, found), finer, key=lambda each: each[0])
        return found

    def _on_curve(self, half: Array, labels: Array) -> Found | None:
        """Where the curve runs up or down and others are near: on it, if most of it is still seen."""
        dots = self._anchors
        boxes = np.concatenate([dots - half, dots + half], axis=1)
        rows = np.flatnonzero(self._is_clear(boxes, labels))
        rows = rows[~crossed_boxes(grown(boxes[rows], LINE_CLEAR * self._pixel), self._lines)]
        for row in rows[np.abs(_TS[rows] - 0.5).argsort(kind="stable")]:
            if crossed_boxes(boxes[row : row + 1], self._own).any() and self._covered(boxes[row]) < MOST_COVERED:
                return Found(LabelSpot(_place(dots[row]), None, True), boxes[row], FAR_OFF)
        return None

    def _covered(self, box: Array) -> float:
        """Which share of the curve is in a box."""
        middles = (self._own[:, :2] + self._own[:, 2:]) / 2
        return float(((middles > box[:2]) & (middles < box[2:])).all(axis=1).mean())

    def _beside(self, half: Array, side: float, labels: Array) -> Found | None:
        sides = np.repeat(_SIDES * side, len(_TS))
        normal = np.tile(self._normal, (2, 1)) * sides[:, None]
        away = (np.abs(normal) * half).sum(axis=1) + GAP * self._pixel
        centres = np.tile(self._anchors, (2, 1)) + normal * away[:, None]
        boxes = np.concatenate([centres - half, centres + half], axis=1)
        rows = np.flatnonzero(self._is_clear(boxes, labels))
        rows = rows[self._is_off_lines(boxes[rows])]
        if not len(rows):
            return None
        cost = np.abs(np.tile(_TS, 2) - 0.5)[rows] * MIDDLE_COST + (sides[rows] != side) * SIDE_COST
        cost += NEAR_COST * crossed_boxes(grown(boxes[rows], GAP * self._pixel), self._lines)
        best = int(rows[cost.argmin()])
        return Found(LabelSpot(_place(centres[best]), None), boxes[best], FAR_OFF)

    def _far(self, half: Array, side: float, labels: Array, net: _Net) -> Pieces[tuple[float, Found | None]]:
        """Where a line leads to it: the cheapest of many places round many points of the curve, and what it costs."""
        anchors, centres, cost = self._places_about(half, side, net)
        boxes = np.concatenate([centres - half, centres + half], axis=1)
        rows = np.flatnonzero(self._is_clear(boxes, labels))
        cost[rows] += RIM_COST * ~within(boxes[rows], self._seen_well)
        rows = rows[cost[rows].argsort(kind="stable")]
        best, leader = _NOWHERE, FAR_OFF
        yield
        for some in np.split(rows, range(_AT_A_TIME, len(rows), _AT_A_TIME)):
            if len(some) and cost[some[0]] >= best[0]:
                break
            some = some[self._is_off_lines(boxes[some])]
            leaders = led(anchors[some], centres[some], half)
            price = cost[some] + self._crossing_cost(leaders, labels)
            if len(some) and price.min() < best[0]:
                place = int(price.argmin())
                best, leader = (float(price[place]), int(some[place])), leaders[place]
            yield
        least, row = best
        if row < 0:
            return least, None
        return least, Found(LabelSpot(_place(centres[row]), _place(anchors[row])), boxes[row], leader)

    def _places_about(self, half: Array, side: float, net: _Net) -> tuple[Array, Array, Array]:
        """Points of the curve, the middles of places for a label led there from them, and what each costs."""
        pixel = self._pixel
        dots = places(self._route, parameters(self._route, net.ts))
        near = np.concatenate([dots - LEADER_CLEAR * pixel, dots + LEADER_CLEAR * pixel], axis=1)
        alone = ~crossed_boxes(near, self._lines)  # else nobody could tell which curve it leads to
        dots, ts, way = dots[alone], net.ts[alone], net.ways
        with np.errstate(divide="ignore"):
            rim = (half / np.abs(way)).min(axis=1)
        reach = (rim + net.away[:, None] * pixel)[..., None] * way  # (lengths, ways, 2)
        centres = dots[:, None, None] + reach
        cost = net.away[:, None] + np.abs(ts - 0.5)[:, None, None] * MIDDLE_COST
        cost = cost + SIDE_COST * 0.5 * (way[:, 1] * side < -0.1)
        anchors = np.broadcast_to(dots[:, None, None], centres.shape)
        return anchors.reshape(-1, 2), centres.reshape(-1, 2), cost.reshape(-1)

    def _is_clear(self, boxes: Array, labels: Array) -> Flags:
        """Which boxes lie on no card and no label, and in the picture."""
        clear = within(boxes, self._seen)
        clear[clear] = ~touching(boxes[clear], self._about.cards, CARD_CLEAR * self._pixel)
        clear[clear] = ~touching(boxes[clear], labels, LABEL_CLEAR * self._pixel)
        return clear

    def _is_off_lines(self, boxes: Array) -> Flags:
        off = ~crossed_boxes(boxes, self._own)
        if off.any():
            off[off] = ~crossed_boxes(grown(boxes[off], LINE_CLEAR * self._pixel), self._lines)
        return off

    def _crossing_cost(self, leaders: Array, labels: Array) -> Array:
        """What it costs that leaders go across foreign curves; infinitely much across many of them, or at a flat angle,

        or across a card, a label or another leader.
        """
        cost = np.full(len(leaders), np.inf)
        solid = grown(np.concatenate([self._about.cards, labels]), LEADER_CLEAR * self._pixel)
        rows = np.flatnonzero(~crossing_boxes(leaders, solid))
        rows = rows[~crossing(leaders[rows], self._leaders).any(axis=1)]
        if not len(rows):
            return cost
        across = crossing(leaders[rows], self._about.lines)
        count = across.sum(axis=1)
        some = (count > 0) & (count <= MOST_CROSSED)
        some[some] = ~(across[some] & is_flat(leaders[rows[some]], self._about.lines)).any(axis=1)
        cost[rows[count == 0]] = 0.0
        cost[rows[some]] = CROSSED_COST * count[some]
        return cost


def led(anchors: Array, centres: Array, half: Array) -> Array:
    """Lines from points to the rims of boxes about `centres`: (n, 4)."""
    way = anchors - centres
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.minimum(np.nanmin(half / np.abs(way), axis=1), 1.0) if len(way) else np.empty(0)
    return np.concatenate([anchors, centres + way * share[:, None]], axis=1)


def within(boxes: Array, whole: Array) -> Flags:
    """Which boxes are wholly in another."""
    return np.asarray(((boxes[:, :2] >= whole[:2]) & (boxes[:, 2:] <= whole[2:])).all(axis=1))


def _place(point: Array) -> Place:
    return float(point[0]), float(point[1])


def grown(boxes: Array, by: float) -> Array:
    return boxes + np.array([-by, -by, by, by])


def touching(boxes: Array, others: Array, clear: float) -> Flags:
    """Which boxes overlap any of the others, or are nearer to it than `clear`."""
    a, b = boxes[:, None], others[None]
    hit = (
        (a[..., 0] < b[..., 2] + clear)
        & (a[..., 2] > b[..., 0] - clear)
        & (a[..., 1] < b[..., 3] + clear)
        & (a[..., 3] > b[..., 1] - clear)
    )
    return np.asarray(hit.any(axis=1), bool)


def spans(lines: Array) -> Array:
    """The boxes of straight pieces (…, 4)."""
    one, other = lines[..., :2], lines[..., 2:]
    return np.concatenate([np.minimum(one, other), np.maximum(one, other)], axis=-1)


def reached(boxes: Array, leaders: Array, cards: Array, lines: Array) -> Flags:
    """To which labels, boxes and leaders (n, 4), any of some cards (k, 4) or pieces of curves (m, 4) comes."""
    return touching(boxes, cards, 0.0) | through(boxes, lines).any(axis=1) | crossing_boxes(leaders, cards)


def crossed_boxes(boxes: Array, lines: Array) -> Flags:
    """Which boxes (n, 4) any of some straight pieces (m, 4) goes through."""
    if not len(boxes) or not len(lines):
        return np.zeros(len(boxes), bool)
    near = inside(spans(lines), *boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    return np.asarray(through(boxes, lines[near]).any(axis=1))


def crossing_boxes(lines: Array, boxes: Array) -> Flags:
    """Which straight pieces (m, 4) go through any of some boxes (n, 4)."""
    return np.asarray(through(boxes, lines).any(axis=0))


def through(boxes: Array, lines: Array) -> Flags:
    """Whether a straight piece goes through a box: (boxes, lines)."""
    x, y = lines[:, 0], lines[:, 1]
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        way = lines[:, 2:] - lines[:, :2]
        way[np.abs(way) < 1e-9] = 1e-9
        across, down = way.T
        left, right = (boxes[:, 0, None] - x) / across, (boxes[:, 2, None] - x) / across
        top, bottom = (boxes[:, 1, None] - y) / down, (boxes[:, 3, None] - y) / down
        first = np.maximum(np.minimum(left, right), np.minimum(top, bottom))  # where a line goes into a box
        last = np.minimum(np.maximum(left, right), np.maximum(top, bottom))  # and where it leaves it
        return np.asarray((first < last) & (last > 0) & (first < 1))


def crossing(lines: Array, others: Array) -> Flags:
    """Whether straight pieces (n, 4) go across others (m, 4): (n, m)."""
    a, b, c, d = lines[:, None, :2], lines[:, None, 2:], others[None, :, :2], others[None, :, 2:]
    with np.errstate(invalid="ignore"):
        return np.asarray((_turn(a, b, c) * _turn(a, b, d) <= 0) & (_turn(c, d, a) * _turn(c, d, b) <= 0))


def is_flat(lines: Array, others: Array) -> Flags:
    """Whether straight pieces (n, 4) run nearly along others (m, 4): (n, m)."""
    a, b = lines[:, 2:] - lines[:, :2], others[:, 2:] - others[:, :2]
    with np.errstate(invalid="ignore"):
        turn = np.abs(a[:, None, 0] * b[None, :, 1] - a[:, None, 1] * b[None, :, 0])
        return np.asarray(turn < LEAST_TURN * np.hypot(*a.T)[:, None] * np.hypot(*b.T)[None])


def _turn(one: Array, other: Array, point: Array) -> Array:
    """On which side of a line a point lies."""
    way, to = other - one, point - one
    return np.asarray(np.sign(way[..., 0] * to[..., 1] - way[..., 1] * to[..., 0]))
