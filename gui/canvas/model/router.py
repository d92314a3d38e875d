"""Leads every edge past the nodes that are not its own: straight where the way is free, else through gaps between them.

What is found depends on nothing but where nodes stand and which edges there are, so that after any number of moves the
canvas shows what it would anew. Boxes are rows of left, top, right, bottom in scene pixels.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from engine.graph.records import Edge, EdgeKey
from gui.canvas.model.corridors import EVERYWHERE, Aim, Card, Gap, corridor, gaps_between
from gui.canvas.model.geometry import Array, inside
from gui.canvas.model.lanes import Lanes, Passage
from gui.canvas.model.obstacles import TOUCH, Obstacles, beside, hidden, is_plain, passed
from gui.canvas.model.strings import Knot, smooth

Rows = NDArray[np.intp]
LEVEL = 24.0  # an edge whose end is less far right of its start turns back
CLOSE = 100.0  # an edge to which nodes matter that are farther off is no straight one
SPREAD = 24.0  # between the middles of edges from one node to one other
MOST_BLOCKED = 1500  # of the edges: where more have something in their way, none is led round it
MOST_CARDS = 200  # that a way may wind between: where there are more, it goes over or under all of them
AT_ONCE, A_SLICE = 600.0, 500.0  # what ways may cost in one go, and between two events
AT_PORT = 48.0  # a card less far ahead of a port may leave no way out
LEAST_COST = 10  # of a way, and 1 for each card that it keeps clear of
_TURN = 0.75  # how far a turn reaches out, as a share of its handles
_DETOUR = 200.0  # how far beyond its ends an edge may turn
_FAR = 20_000.0  # a longer edge goes over or under everything: to look for gaps would take too long


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


_ATTEMPTS = (Attempt(12, 130, 16, 64), Attempt(12, 1e9, 16, 64), Attempt(5, 600, 4, 32), Attempt(1.5, 1e9, 0, 8))
_PAST_ALL = (Attempt(12, 1e9, 16, 64, past_all=True),)


class Router:
    """The routes of edges by row. `own` (n, 2) are the rows of their nodes' boxes, `spread` the places of edges among
    those from the same node to the same other, from −1 for the upper of two to 1 for the lower."""

    def __init__(self, own: Rows, spread: Mapping[int, float]) -> None:
        self._own, self._spread = own, spread
        self._regions = np.empty((len(own), 4))  # where cards matter to each
        self._near = np.empty(len(own))  # to those that run to the right also only so near to their straight curves
        self._lanes = Lanes()
        self._no_lane: set[int] = set()  # whose lane has a card in it: it may be gone with any move
        self._blocked = np.zeros(len(own), bool)  # which have something in their straight way
        self._is_crowded = False
        self._through: dict[int, Array] = {}  # of those that go over them: the cards at their ports
        self.over: set[int] = set()  # who may run over a card that is not its own, for there is no other way
        self._waiting: list[int] = []  # the blocked ones that are still straight
        self._cost = 0.0  # of the ways found in this go

    def grow(self, own: Rows, spread: Mapping[int, float]) -> list[int]:
        """There are more edges: `own` of these only, `spread` of all. Gives the rows of the old ones that stand
        otherwise among those from the same node to the same other."""
        before, self._spread = self._spread, spread
        count = len(self._own)
        self._own = np.concatenate([self._own, own])
        self._regions = np.concatenate([self._regions, np.full((len(own), 4), np.inf)])  # nowhere yet
        self._near = np.concatenate([self._near, np.zeros(len(own))])
        self._blocked = np.concatenate([self._blocked, np.zeros(len(own), bool)])
        return [row for row in spread.keys() | before.keys() if row < count and spread.get(row) != before.get(row)]

    def about(self, places: Array, straight: Array) -> Rows:
        """The rows of the edges to which it may matter whether a node is at one of some places (k, 4), beside those
        whose routes are there. `straight` (n, 4, 2) are as in `lead`."""
        wanted = np.zeros(len(self._regions), bool)
        wanted[list(self._no_lane)] = True
        for box in places:
            rows = np.flatnonzero(inside(self._regions, *box))
            shapes, near = straight[rows], self._near[rows]
            plain = is_plain(shapes)
            free = plain & (near < CLOSE)
            wanted[rows[~plain]] = True
            wanted[rows[free][passed(shapes[free], box[None], near[free])]] = True
            led = plain & ~free
            wanted[rows[led][beside(shapes[led], box, near[led])]] = True
        return np.flatnonzero(wanted)

    def begin(self, straight: Array, boxes: Array) -> dict[int, Array]:
        """Find the ways of all edges: of those that are not straight the routes. Parameters are as in `lead`."""
        cards = Obstacles(boxes)
        rows = self._look(np.arange(len(straight)), straight, cards, boxes)
        routes = self._side_by_side(rows[~self._blocked[rows]], straight, cards, boxes)
        found = self._ways(self._to_be_led(rows), straight, cards, boxes, AT_ONCE)
        return routes | self._put(found, cards, boxes)

    def lead(self, rows: Rows, straight: Array, boxes: Array) -> dict[int, Array]:
        """Find the ways of some rows anew: all whose routes are others now, with these. `straight` (n, 4, 2) are the
        curves of all edges as if nothing stood in their way, `boxes` all cards."""
        cards = Obstacles(boxes)
        rows = self._look(rows, straight, cards, boxes)
        routes = {row: shape[None] for row, shape in zip(rows.tolist(), straight[rows], strict=True)}
        routes |= self._side_by_side(rows[~self._blocked[rows]], straight, cards, boxes)
        self._no_lane.difference_update(routes)
        waiting = [row for row in self._waiting if row not in routes]
        found = self._ways(self._to_be_led(rows), straight, cards, boxes, AT_ONCE)
        self._waiting += waiting
        return routes | self._put({**dict.fromkeys(routes), **found}, cards, boxes)

    def _look(self, rows: Rows, straight: Array, cards: Obstacles, boxes: Array) -> Rows:
        """What stands in the straight way of some rows? Gives them, with all others that this changes."""
        self.over.difference_update(rows.tolist())
        turning = straight[rows, 3, 0] - straight[rows, 0, 0] < LEVEL
        self._blocked[rows[turning]] = True
        onward = rows[~turning]
        self._blocked[onward] = cards.met(straight[onward], boxes[self._own[onward]])
        rows = self._with_those_let_through(rows)
        shapes = straight[rows]
        self._regions[rows] = np.concatenate([shapes.min(axis=1) - TOUCH, shapes.max(axis=1) + TOUCH], axis=1)
        self._near[rows] = TOUCH
        return rows

    def _to_be_led(self, rows: Rows) -> list[int]:
        """Those of some rows that are to go round something."""
        led: list[int] = [] if self._is_crowded else rows[self._blocked[rows]].tolist()
        return led

    def lead_more(self, straight: Array, boxes: Array, cost: float) -> dict[int, Array]:
        """Find the ways of some of those that wait, as in `lead`, or of all where they may cost so much."""
        cards = Obstacles(boxes)
        return self._put(self._ways(self._waiting, straight, cards, boxes, cost), cards, boxes)

    @property
    def is_waiting(self) -> bool:
        """Whether there are edges that are straight only for want of time."""
        return bool(self._waiting)

    def _with_those_let_through(self, rows: Rows) -> Rows:
        """Where there are too many edges in all that something stands in the way of, each is as straight as if nothing
        did: among so many no eye could follow it anyway. With these rows go all others that this changes."""
        is_crowded = bool(self._blocked.sum() > MOST_BLOCKED)
        if is_crowded == self._is_crowded:
            return rows
        self._is_crowded = is_crowded
        return np.union1d(rows, np.flatnonzero(self._blocked))

    def _ways(
        self, rows: Sequence[int], straight: Array, cards: Obstacles, boxes: Array, cost: float
    ) -> dict[int, Passage | None]:
        """The ways of some rows, the shortest edges first; where that has cost too much, the others wait."""
        order = sorted(rows, key=lambda row: (float(np.abs(straight[row, 3] - straight[row, 0]).sum()), row))
        found: dict[int, Passage | None] = {}
        self._cost = 0.0
        for row in order:
            if self._cost >= cost:
                break
            found[row] = self._found(row, straight[row], cards, boxes[self._own[row]])
        self._waiting = order[len(found) :]
        return found

    def _put(self, found: Mapping[int, Passage | None], cards: Obstacles, boxes: Array) -> dict[int, Array]:
        """The routes of all that are led otherwise by these ways."""
        return {row: self._drawn(row, cards, boxes[self._own[row]]) for row in self._lanes.put(found)}

    def _drawn(self, row: int, cards: Obstacles, own: Array) -> Array:
        """The curve of a way, in its lane if no card is there."""
        lane = self._lanes.in_lane(row)
        self._no_lane.discard(row)
        if lane is not None:
            route = lane.route()
            (left, top), (right, bottom) = route.min(axis=(0, 1)), route.max(axis=(0, 1))
            near = cards.between(left, right, top, bottom)
            let = np.concatenate([own, self._through.get(row, own)])
            if not hidden(route, near[~(near[:, None] == let).all(axis=2).any(axis=1)]):
                return route
            self._no_lane.add(row)
        return self._lanes.ways[row].route()

    def _side_by_side(self, rows: Rows, straight: Array, cards: Obstacles, boxes: Array) -> dict[int, Array]:
        """Edges from one node to one other keep apart in their middles, where there is room."""
        routes = {}
        for row in (row for row in rows.tolist() if row in self._spread):
            start, end = straight[row, 0], straight[row, 3]
            x, y = ((start + end) / 2).tolist()
            knots = [_knot(start), (x, y + self._spread[row] * SPREAD / 2), _knot(end)]
            routes[row], away = smooth(knots, ()), abs(self._spread[row]) * SPREAD
            self._regions[row] += np.array([0, -away, 0, away])
            self._near[row] += away
        if not routes:
            return {}
        owners = np.repeat(list(routes), [len(route) for route in routes.values()])
        met = cards.met(np.concatenate(list(routes.values())), boxes[self._own[owners]])
        no_room = set(owners[met].tolist())
        return {row: route for row, route in routes.items() if row not in no_room}

    def _found(self, row: int, shape: Array, cards: Obstacles, own: Array) -> Passage | None:
        """A way for one edge, as roomy as there is: past all cards, or all but those at its ports."""
        self._through.pop(row, None)
        before = -1
        for ahead in (0.0, AT_PORT):
            through = _at_ports(shape, cards, own, ahead)
            if len(through) == before:
                continue
            before = len(through)
            if before:
                self._through[row] = through
                self._near[row] = _FAR  # whatever uncovers it
                self._reach(row, (*(shape.min(axis=0) - AT_PORT), *(shape.max(axis=0) + AT_PORT)))
            way = self._past(row, shape, cards, own, through)
            if way is not None:
                break
        if way is None or before:
            self.over.add(row)
        return way

    def _past(self, row: int, shape: Array, cards: Obstacles, own: Array, through: Array) -> Passage | None:
        """A way past all cards but some."""
        wide = float(shape[3, 0] - shape[0, 0])
        attempts = _PAST_ALL if abs(wide) > _FAR else _ATTEMPTS
        for turns in (True,) if wide < LEVEL else (False, True):
            for attempt in attempts:
                search = _WaySearch(shape, cards, own, attempt, turns, through)
                self._cost += LEAST_COST + search.count
                if search.count > MOST_CARDS and not attempt.past_all:
                    search = _WaySearch(shape, cards, own, replace(attempt, past_all=True), turns, through)
                self._reach(row, search.area)
                self._near[row] = max(self._near[row], CLOSE, attempt.reach + attempt.clear)
                way = search.way()
                if way is not None:
                    return way
        return None

    def _reach(self, row: int, area: Sequence[float]) -> None:
        """What stands in an area matters to a row."""
        region = self._regions[row]
        region[:2] = np.minimum(region[:2], area[:2])
        region[2:] = np.maximum(region[2:], area[2:])


def _at_ports(shape: Array, cards: Obstacles, own: Array, ahead: float) -> Array:
    """The foreign cards (k, 4) that lie on the ends of a curve, or less than so far ahead of them."""
    (x0, y0), (x1, y1) = shape[0].tolist(), shape[3].tolist()
    near = np.concatenate([cards.between(x0, x0 + ahead, y0, y0), cards.between(x1 - ahead, x1, y1, y1)])
    return near[~(near[:, None] == own).all(axis=2).any(axis=1)]


def _knot(place: Array) -> Knot:
    x, y = place.tolist()
    return x, y


class _WaySearch:
    """One attempt to find a way for a curve (4, 2). Only cards in `area` count, but not `through`."""

    def __init__(
        self, shape: Array, cards: Obstacles, own: Array, attempt: Attempt, turns: bool, through: Array
    ) -> None:
        self._start, self._end, self._attempt, self._turns = _knot(shape[0]), _knot(shape[3]), attempt, turns
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
        if way is None or self._attempt.reach > _FAR:
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


def spread(edges: Iterable[Edge], rows: Mapping[EdgeKey, int]) -> dict[int, float]:
    """Where edges from one node to one other stand among each other, from the highest to the lowest: of two −1, 1."""
    groups: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        groups.setdefault((edge.source, edge.dest), []).append(edge)
    return {
        rows[edge.key]: float(2 * place - len(group) + 1)
        for group in groups.values()
        if len(group) > 1
        for place, edge in enumerate(sorted(group, key=lambda edge: (edge.port, edge.output)))
    }
