"""A way through gates for one edge, and the lanes in which several run that go round the same corner."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from gui.canvas.model.corridors import Gate
from gui.canvas.model.geometry import Array
from gui.canvas.model.strings import Knot, smooth, taut

LANE = 12.0  # between two edges
THIN = 2 * LANE  # a gate that is no higher has lanes of its own
TURNS = (-1, -2)  # where a way turns back first and last, in place of a gate


class Corner(NamedTuple):
    """What ways share: a corner that they go over or under, a thin gap, or a place where they turn back."""

    kind: Literal["over", "under", "gap", "turn"]
    x: float
    y: float
    low: float = 0.0  # of a gap, the lower side; of a turn, where it is in front of: −1 above, 1 below its port


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
        """The gates whose sides the way touches, and what it touches there; thin gaps, and where it turns back."""
        sign = -1.0 if self.mirrored else 1.0
        thin = {row for row, (_, low, high) in enumerate(self.gates) if 0 < high - low <= THIN}
        for row in thin:
            x, low, high = self.gates[row]
            yield row, Corner("gap", sign * x, low, high)
        at = {x: row for row, (x, _, _) in enumerate(self.gates)}
        for x, y in taut(self.start, self.gates, self.end)[1:-1]:
            if (row := at[x]) not in thin:
                yield row, Corner("over" if y == self.gates[row][2] else "under", sign * x, y)
        if self.mirrored:
            for row, (x, y), (_, port) in zip(TURNS, (self.start, self.end), self.ends, strict=True):
                yield row, Corner("turn", -x, y, 1.0 if y > port else -1.0)

    def shifted(self, shifts: Mapping[int, float]) -> "Passage":
        """The same with some gates narrower: by so much at the bottom, or where it is negative at the top; thin ones so
        that it goes through so far below their tops. Where it turns back, so much lower."""
        gates = list(self.gates)
        for row, shift in shifts.items():
            if row in TURNS:
                continue
            x, low, high = gates[row]
            thin = 0 < high - low <= THIN
            gates[row] = (x, low + shift, low + shift) if thin else (x, low - min(shift, 0.0), high - max(shift, 0.0))
        (x0, y0), (x1, y1) = self.start, self.end
        start, end = (x0, y0 + shifts.get(TURNS[0], 0.0)), (x1, y1 + shifts.get(TURNS[1], 0.0))
        return replace(self, gates=tuple(gates), start=start, end=end)

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
            order = sorted(users, key=lambda row: self._order(row, corner)) if len(users) > 1 else ()
            self._ranks[corner] = {row: rank for rank, row in enumerate(order)}
        return {row for row, way in found.items() if way}.union(*(self._users[corner] for corner in touched))

    def in_lane(self, row: int) -> Passage | None:
        """The way of a row in its lanes; None if it has every corner to itself, or is the first at all of them."""
        shared = {gate: corner for gate, corner in self._corners[row].items() if row in self._ranks[corner]}
        shifts = {gate: self._shift(row, gate, corner) for gate, corner in shared.items()}
        moved = {gate: shift for gate, shift in shifts.items() if shift or shared[gate].kind == "gap"}
        return self.ways[row].shifted(moved) if moved else None

    def _shift(self, row: int, gate: int, corner: Corner) -> float:
        """How far from a corner a row passes it: positive where the way goes over it."""
        ranks = self._ranks[corner]
        if corner.kind == "turn":
            return ranks[row] * LANE * corner.low
        _, low, high = self.ways[row].gates[gate]
        if corner.kind == "gap":
            return ranks[row] * (high - low) / (len(ranks) - 1)
        return ranks[row] * min(LANE, (high - low) / len(ranks)) * (1 if corner.kind == "over" else -1)

    def _order(self, row: int, corner: Corner) -> tuple[float, float, int]:
        """Who comes first: at a corner, or a turn, the one that runs within; in a gap, the one above."""
        (x0, y0), (x1, y1) = self.ways[row].ends
        if corner.kind == "gap":
            return (y0 + y1, x0 + x1, row)
        if corner.kind == "turn":
            port = min(((x0, y0), (x1, y1)), key=lambda end: abs(end[0] - corner.x))[1]
            return (abs(port - corner.y), abs(x1 - x0), row)
        return (abs(x1 - x0), -y0 - y1 if corner.kind == "over" else y0 + y1, row)
