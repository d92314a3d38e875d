"""How far things go that stand about a box when that grows, and how far they close up again when it shrinks.

What stands aside goes aside as far as the column of the box widens, so of several that are opened in one column each
widens it only by what the ones before have not; what stands over and under it goes by as much as the box grows there.
Boxes are left, top, right, bottom in scene pixels.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import NamedTuple

import numpy as np

from engine.graph.records import Pos
from engine.layout.sheet import Box

MOST_TRIED = 4  # ways in which things may have come to stand where they do
STILL: Pos = (0.0, 0.0)
SLACK = 36.0  # so far two may stand in one another and are still beside each other: frames do


class Unit(NamedTuple):
    """What moves as a whole: a node, a card, an open group, or several that stand in one another."""

    box: Box
    ids: tuple[str, ...]

    def moved(self, by: Pos) -> Unit:
        left, top, right, bottom = self.box
        return Unit((left + by[0], top + by[1], right + by[0], bottom + by[1]), self.ids)


class Growth(NamedTuple):
    """A box that grows from the one to the other, or shrinks back.

    On which side of it something is, the small one says: so it is the same before and after.
    """

    small: Box
    large: Box

    @property
    def by(self) -> Box:
        """How far each side goes."""
        left, top, right, bottom = (to - at for at, to in zip(self.small, self.large, strict=True))
        return left, top, right, bottom


def _wholes(units: Iterable[Unit]) -> list[Unit]:
    """Those that stand in one another, as one: what is no member may stand within the frame of a group."""
    found: list[Unit] = []
    for unit in units:
        while met := [other for other in found if _stands_in(unit.box, other.box) or _stands_in(other.box, unit.box)]:
            found = [other for other in found if other not in met]
            unit = _joined([unit, *met])
        found.append(unit)
    return found


def _joined(units: list[Unit]) -> Unit:
    return Unit(around(unit.box for unit in units), tuple(id for unit in units for id in unit.ids))


def _stands_in(one: Box, other: Box) -> bool:
    """Whether the middle of a box is within another."""
    x, y = (one[0] + one[2]) / 2, (one[1] + one[3]) / 2
    return other[0] < x < other[2] and other[1] < y < other[3]


def around(boxes: Iterable[Box]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


# --- who moves, and how far


def opening(growing: Growth, units: list[Unit]) -> list[Pos]:
    """How far each moves when the box grows. What would come to stand in one another moves together."""
    wholes = _wholes(units)
    while True:
        shifts = _shifts(growing, wholes)
        moved = [whole.moved(by) for whole, by in zip(wholes, shifts, strict=True)]
        met = _wholes(moved)
        if len(met) == len(wholes):
            by_id = {id: by for whole, by in zip(wholes, shifts, strict=True) for id in whole.ids}
            return [by_id[unit.ids[0]] for unit in units]
        known = {id: whole for whole in wholes for id in whole.ids}
        wholes = [_joined(list({known[id].ids: known[id] for id in unit.ids}.values())) for unit in met]


def _shifts(growing: Growth, wholes: list[Unit]) -> list[Pos]:
    """No farther aside than the column widens, unless that is too little."""
    narrow = [shift(whole.box, growing.small, _in_column(growing, wholes)) for whole in wholes]
    moved = (whole.moved(by).box for whole, by in zip(wholes, narrow, strict=True))
    if any(overlap(box, growing.large) for box in moved):
        return [shift(whole.box, growing.small, growing.by) for whole in wholes]
    return narrow


def closing(growing: Growth, units: list[Unit]) -> list[Pos]:
    """How far each moves when the box shrinks: back to where it would come from if the box grew again."""
    for growth in (_in_column(growing, units), growing.by):
        shifts = [shift(unit.box, growing.small, growth) for unit in units]
        for _ in range(MOST_TRIED):
            again = opening(growing, [unit.moved((-x, -y)) for unit, (x, y) in zip(units, shifts, strict=True)])
            if np.allclose(again, shifts):
                return [(-x, -y) for x, y in shifts]
            shifts = again
    return [STILL] * len(units)


def _in_column(growing: Growth, units: list[Unit]) -> Box:
    """By how much its column grows on each side: what stands over it and under it may be wider."""
    column = [unit.box for unit in units if _side(unit.box, growing.small) not in ("left", "right")]
    left, right = min((box[0] for box in column), default=inf), max((box[2] for box in column), default=-inf)
    small, large = ((min(box[0], left), box[1], max(box[2], right), box[3]) for box in (growing.small, growing.large))
    return Growth(small, large).by


def _side(box: Box, small: Box) -> str:
    """On which side of a box something is, aside before over and under; where it reaches into it a little, on the side
    where it does so least. Empty: it stands in it."""
    left, top, right, bottom = box
    gaps = {"right": left - small[2], "left": small[0] - right, "under": top - small[3], "over": small[1] - bottom}
    clear = [side for side, gap in gaps.items() if gap >= 0]
    nearest = max(gaps, key=gaps.__getitem__)
    return clear[0] if clear else nearest if gaps[nearest] >= -SLACK else ""


def shift(box: Box, small: Box, growth: Box) -> Pos:
    """How far something beside a box goes when that grows by so much on each side."""
    left, over, right, under = growth
    return {"left": (left, 0.0), "right": (right, 0.0), "over": (0.0, over), "under": (0.0, under)}.get(
        _side(box, small), STILL
    )


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
