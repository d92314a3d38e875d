"""Leads every edge past the nodes that are not its own: straight where the way is free, else through gaps between them.

What is found depends on nothing but where nodes stand and which edges there are, so that after any number of moves the
canvas shows what it would anew. Boxes are rows of left, top, right, bottom in scene pixels.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from engine.graph.records import Edge, EdgeKey
from gui.canvas.model.geometry import Array, inside
from gui.canvas.model.lanes import Lanes, Passage
from gui.canvas.model.obstacles import TOUCH, Obstacles, beside, hidden, is_plain, passed
from gui.canvas.model.strings import smooth
from gui.canvas.model.way_search import ATTEMPTS, FAR, LEVEL, PAST_ALL, WaySearch, at_ports, knot

Rows = NDArray[np.intp]
CLOSE = 100.0  # an edge to which nodes matter that are farther off is no straight one
SPREAD = 24.0  # between the middles of edges from one node to one other
MANY_BLOCKED = 1500  # edges: where more have something in their way, no way is looked for at once
MOST_CARDS = 200  # that a way may wind between: where there are more, it goes over or under all of them
AT_ONCE = 600.0  # what ways may cost in one go
AT_PORT = 48.0  # a card less far ahead of a port may leave no way out
MOST_DRAWN = 100  # edges that stay on their ways, and are drawn in other lanes in one go
LEAST_COST = 10  # of a way, and 1 for each card that it keeps clear of


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
        self._through: dict[int, Array] = {}  # of those that go over them: the cards at their ports
        self.over: set[int] = set()  # who may run over a card that is not its own, for there is no other way
        self._waiting: list[int] = []  # the blocked ones that are to be led yet
        self._unsure: set[int] = set()  # those of them that may be straight again
        self._seen: Sequence[float] | None = None  # in what part they are led first; None: that is to be found out
        self._in_sight = 0  # how many of those that wait, the first, may be seen there
        self._undrawn: set[int] = set()  # who has another lane now, and is to be drawn there yet
        self._led = np.full((len(own), 4), np.nan)  # between which ends they were led last
        self._cards = Obstacles(np.empty((0, 4)))
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
        self._led = np.concatenate([self._led, np.full((len(own), 4), np.nan)])
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
        self._cards = Obstacles(boxes)
        self._look(rows := np.arange(len(straight)), straight, boxes)
        routes = self._side_by_side(rows[~self._blocked[rows]], straight, boxes)
        self._waiting = rows[self._blocked[rows]].tolist()
        return routes | self._put(self._ways_at_once(straight, boxes), straight, boxes)

    def lead(self, rows: Rows, straight: Array, boxes: Array) -> dict[int, Array]:
        """Find the ways of some rows anew: all whose routes are others now, with these. `straight` (n, 4, 2) are the
        curves of all edges as if nothing stood in their way, `boxes` all cards. Who must wait stays as it was, but for
        those that begin or end elsewhere."""
        self._cards = Obstacles(boxes)
        stay = self._blocked[rows] & (self._led[rows] == _ends(straight[rows])).all(axis=1)
        others = rows[~stay]
        self._look(others, straight, boxes)
        routes = {row: shape[None] for row, shape in zip(others.tolist(), straight[others], strict=True)}
        routes |= self._side_by_side(others[~self._blocked[others]], straight, boxes)
        self._no_lane.difference_update(routes)
        self.over.difference_update(routes)
        anew, first = set(rows.tolist()), others[self._blocked[others]].tolist()
        self._waiting = [*first, *rows[stay].tolist(), *(row for row in self._waiting if row not in anew)]
        self._unsure = (self._unsure | anew).difference(routes)
        self._undrawn |= self._lanes.put(dict.fromkeys(routes))
        return routes | self._put(self._ways_at_once(straight, boxes, len(first)), straight, boxes)

    def lead_more(self, straight: Array, boxes: Array, seconds: float, seen: Sequence[float]) -> dict[int, Array]:
        """Find the ways of some of those that wait for so long, as in `lead`: first of what comes into a rectangle."""
        until = perf_counter() + seconds
        self._sort(straight, seen)
        found = self._ways(straight, boxes, lambda: perf_counter() >= until)
        self._in_sight -= len(found)
        routes = self._put(found, straight, boxes)
        while self._undrawn and not self._waiting and perf_counter() < until:
            row = self._undrawn.pop()
            routes[row] = self._drawn(row, boxes)
        return routes

    def _look(self, rows: Rows, straight: Array, boxes: Array) -> None:
        """What stands in the straight way of some rows?"""
        shapes = straight[rows]
        onward = shapes[:, 3, 0] - shapes[:, 0, 0] >= LEVEL
        self._blocked[rows[~onward]] = True
        self._blocked[rows[onward]] = self._cards.met(shapes[onward], boxes[self._own[rows[onward]]])
        self._regions[rows] = np.concatenate([shapes.min(axis=1) - TOUCH, shapes.max(axis=1) + TOUCH], axis=1)
        self._near[rows] = TOUCH
        self._led[rows] = np.where(self._blocked[rows, None], _ends(shapes), np.nan)

    @property
    def is_seen_waiting(self) -> bool:
        """Whether some of them may be seen in the rectangle that was looked at last, or all are about to be done."""
        return self._in_sight > 0 or bool(self._undrawn and not self._waiting)

    @property
    def is_waiting(self) -> bool:
        """Whether there are edges that are led otherwise only for want of time."""
        return bool(self._waiting or self._undrawn)

    def _ways_at_once(self, straight: Array, boxes: Array, first: int = 0) -> dict[int, Passage | None]:
        """The ways that are found in one go: the first rows' before all others', each time the shortest edges first."""
        few = bool(self._blocked.sum() <= MANY_BLOCKED)
        most = AT_ONCE if few else AT_ONCE / 4 if first else 0.0
        self._cost, self._seen = 0.0, None
        self._waiting = [*_by_length(self._waiting[:first], straight), *_by_length(self._waiting[first:], straight)]
        return self._ways(straight, boxes, lambda: self._cost >= most)

    def _sort(self, straight: Array, seen: Sequence[float]) -> None:
        """Those first that may be seen in a rectangle, each time the shortest edges first."""
        if seen != self._seen:
            self._seen = seen
            shapes = straight[self._waiting]
            are_seen = inside(np.concatenate([shapes.min(axis=1), shapes.max(axis=1)], axis=1), *seen)
            rows = np.array(self._waiting, int)
            self._waiting = [*_by_length(rows[are_seen], straight), *_by_length(rows[~are_seen], straight)]
            self._in_sight = int(are_seen.sum())

    def _ways(self, straight: Array, boxes: Array, is_over: Callable[[], bool]) -> dict[int, Passage | None]:
        """The ways of those that wait, until it is over."""
        found: dict[int, Passage | None] = {}
        for row in self._waiting:
            if is_over():
                break
            if row in self._unsure:
                self._look(np.array([row]), straight, boxes)
            found[row] = self._found(row, straight[row], boxes[self._own[row]]) if self._blocked[row] else None
        self._unsure.difference_update(found)
        del self._waiting[: len(found)]
        return found

    def _put(self, found: Mapping[int, Passage | None], straight: Array, boxes: Array) -> dict[int, Array]:
        """The routes of all that are led otherwise by these ways: straight where there is none. While others wait,
        whose lanes may move them again, only these are drawn, and where there are many others."""
        self._undrawn |= self._lanes.put(found)
        self._undrawn.intersection_update(self._lanes.ways)
        are_many = len(self._undrawn) > len(found) + MOST_DRAWN
        now = self._undrawn & found.keys() if self._waiting or are_many else self._undrawn
        self._undrawn = self._undrawn - now
        routes = {row: straight[row][None] for row, way in found.items() if way is None}
        free = np.array([row for row in routes if not self._blocked[row]], int)
        self.over.difference_update(free.tolist())
        return routes | self._side_by_side(free, straight, boxes) | {row: self._drawn(row, boxes) for row in now}

    def _drawn(self, row: int, boxes: Array) -> Array:
        """The curve of a way, in its lane if no card is there."""
        lane, own = self._lanes.in_lane(row), boxes[self._own[row]]
        self._no_lane.discard(row)
        if lane is not None:
            route = lane.route()
            (left, top), (right, bottom) = route.min(axis=(0, 1)), route.max(axis=(0, 1))
            near = self._cards.between(left, right, top, bottom)
            let = np.concatenate([own, self._through.get(row, own)])
            if not hidden(route, near[~(near[:, None] == let).all(axis=2).any(axis=1)]):
                return route
            self._no_lane.add(row)
        return self._lanes.ways[row].route()

    def _side_by_side(self, rows: Rows, straight: Array, boxes: Array) -> dict[int, Array]:
        """Edges from one node to one other keep apart in their middles, where there is room."""
        routes = {}
        for row in (row for row in rows.tolist() if row in self._spread):
            start, end = straight[row, 0], straight[row, 3]
            x, y = ((start + end) / 2).tolist()
            knots = [knot(start), (x, y + self._spread[row] * SPREAD / 2), knot(end)]
            routes[row], away = smooth(knots, ()), abs(self._spread[row]) * SPREAD
            self._regions[row] += np.array([0, -away, 0, away])
            self._near[row] += away
        if not routes:
            return {}
        owners = np.repeat(list(routes), [len(route) for route in routes.values()])
        met = self._cards.met(np.concatenate(list(routes.values())), boxes[self._own[owners]])
        no_room = set(owners[met].tolist())
        return {row: route for row, route in routes.items() if row not in no_room}

    def _found(self, row: int, shape: Array, own: Array) -> Passage | None:
        """A way for one edge, as roomy as there is: past all cards, or all but those at its ports."""
        self._through.pop(row, None)
        self.over.discard(row)
        before = -1
        for ahead in (0.0, AT_PORT):
            through = at_ports(shape, self._cards, own, ahead)
            if len(through) == before:
                continue
            before = len(through)
            if before:
                self._through[row] = through
                self._near[row] = FAR  # whatever uncovers it
                self._reach(row, (*(shape.min(axis=0) - AT_PORT), *(shape.max(axis=0) + AT_PORT)))
            way = self._past(row, shape, own, through)
            if way is not None:
                break
        if way is None or before:
            self.over.add(row)
        return way

    def _past(self, row: int, shape: Array, own: Array, through: Array) -> Passage | None:
        """A way past all cards but some."""
        wide = float(shape[3, 0] - shape[0, 0])
        attempts = PAST_ALL if abs(wide) > FAR else ATTEMPTS
        for turns in (True,) if wide < LEVEL else (False, True):
            for attempt in attempts:
                search = WaySearch(shape, self._cards, own, attempt, turns, through)
                self._cost += LEAST_COST + search.count
                if search.count > MOST_CARDS and not attempt.past_all:
                    search = WaySearch(shape, self._cards, own, replace(attempt, past_all=True), turns, through)
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


def _ends(shapes: Array) -> Array:
    """Where curves (k, 4, 2) begin and end: (k, 4)."""
    return np.concatenate([shapes[:, 0], shapes[:, 3]], axis=1)


def _by_length(rows: Sequence[int] | Rows, straight: Array) -> list[int]:
    """Some rows, the shortest curves first."""
    rows = np.array(rows, int)
    length = np.abs(straight[rows, 3] - straight[rows, 0]).sum(axis=1)
    result: list[int] = rows[np.lexsort((rows, length))].tolist()
    return result


def _each_from_its_own(edges: Sequence[Edge]) -> bool:
    """Whether many edges lie beside each other by themselves, as those between the cards of two layers do."""
    return len(edges) > 2 and len({edge.output for edge in edges}) == len(edges)


def spread(edges: Iterable[Edge], rows: Mapping[EdgeKey, int]) -> dict[int, float]:
    """Where edges from one node to one other stand among each other, from the highest to the lowest: of two −1, 1."""
    groups: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        groups.setdefault((edge.source, edge.dest), []).append(edge)
    return {
        rows[edge.key]: float(2 * place - len(group) + 1)
        for group in groups.values()
        if len(group) > 1 and not _each_from_its_own(group)
        for place, edge in enumerate(sorted(group, key=lambda edge: (edge.port, edge.output)))
    }
