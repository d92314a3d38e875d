"""A way through gates for one edge, and the lanes in which several run that go round the same corner."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gui.canvas.model.corridors import Gate
from gui.canvas.model.geometry import Array
from gui.canvas.model.strings import Knot, smooth, taut

LANE = 12.0  # between two edges
Corner = tuple[float, float, bool]  # x, y, and whether the way goes over it


@dataclass(frozen=True)
class Passage:
    """A way that has been found for an edge: from and to where, and the gates between; in a mirror if it runs back."""

    start: Knot
    end: Knot
    gates: tuple[Gate, ...]
    mirrored: bool
    turn: float
    ends: tuple[Knot, Knot]  # its ports, where it begins and ends in turns

    def corners(self) -> Iterable[tuple[int, Corner]]:
        """The gates whose sides the way touches, and what it touches there."""
        at = {x: row for row, (x, _, _) in enumerate(self.gates)}
        for x, y in taut(self.start, self.gates, self.end)[1:-1]:
            row = at[x]
            yield row, (x, y, y == self.gates[row][2])

    def shifted(self, shifts: Mapping[int, float]) -> "Passage":
        """The same with some gates narrower: by so much at the bottom, or where it is negative at the top."""
        gates = list(self.gates)
        for row, shift in shifts.items():
            x, low, high = gates[row]
            gates[row] = (x, low - min(shift, 0.0), high - max(shift, 0.0))
        return replace(self, gates=tuple(gates))

    def route(self) -> Array:
        """The curve of it: (m, 4, 2)."""
        line = smooth(taut(self.start, self.gates, self.end), self.gates)
        if not self.mirrored:
            return line
        line = line * np.array([-1.0, 1.0])
        (x0, y0), (x1, y1) = self.ends
        first, last = (line[0, 0, 0], y0), (line[-1, 3, 0], y1)
        pieces = [_turn(first, line[0, 0], self.turn), line, _turn(line[-1, 3], last, -self.turn)]
        if first[0] > x0:
            pieces.insert(0, _level((x0, y0), first))
        if last[0] < x1:
            pieces.append(_level(last, (x1, y1)))
        return np.concatenate(pieces)


def _turn(one: Sequence[float], two: Sequence[float], reach: float) -> Array:
    """From one place to another above or below it, out to the right, or to the left where `reach` is negative."""
    out = one[0] + reach
    return np.array([[one, (out, one[1]), (out, two[1]), two]])


def _level(one: Knot, two: Knot) -> Array:
    """A straight line."""
    return np.linspace(one, two, 4)[None]


class Lanes:
    """Who goes round which corner. The edge that has less far to go runs nearer to it, so that none cross there."""

    def __init__(self) -> None:
        self.ways: dict[int, Passage] = {}
        self._corners: dict[int, dict[int, Corner]] = {}  # of each row, by gate
        self._users: dict[Corner, set[int]] = {}
        self._ranks: dict[Corner, dict[int, int]] = {}  # of those who use a corner together, from within

    def put(self, found: Mapping[int, Passage | None]) -> set[int]:
        """Rows have other ways, or none any more. Gives all rows whose routes are others now."""
        touched: set[Corner] = set()
        for row, way in found.items():
            for corner in self._corners.pop(row, {}).values():
                self._users[corner].discard(row)
                touched.add(corner)
            self.ways.pop(row, None)
            if way is not None:
                self.ways[row] = way
                self._corners[row] = dict(way.corners())
                for corner in self._corners[row].values():
                    self._users.setdefault(corner, set()).add(row)
                    touched.add(corner)
        for corner in touched:
            users = self._users[corner]
            order = sorted(users, key=lambda row: self._order(row, corner[2])) if len(users) > 1 else ()
            self._ranks[corner] = {row: rank for rank, row in enumerate(order)}
        return {row for row, way in found.items() if way}.union(*(self._users[corner] for corner in touched))

    def in_lane(self, row: int) -> Passage | None:
        """The way of a row in its lanes; None if it has every corner to itself, or is the first at all of them."""
        shifts = {gate: self._shift(row, gate, corner) for gate, corner in self._corners[row].items()}
        return self.ways[row].shifted(shifts) if any(shifts.values()) else None

    def _shift(self, row: int, gate: int, corner: Corner) -> float:
        """How far from a corner a row passes it: positive where the way goes over it."""
        ranks = self._ranks[corner]
        if row not in ranks:
            return 0.0
        _, low, high = self.ways[row].gates[gate]
        return ranks[row] * min(LANE, (high - low) / len(ranks)) * (1 if corner[2] else -1)

    def _order(self, row: int, over: bool) -> tuple[float, float, int]:
        (x0, y0), (x1, y1) = self.ways[row].ends
        return (abs(x1 - x0), -y0 - y1 if over else y0 + y1, row)
