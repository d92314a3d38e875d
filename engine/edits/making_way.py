"""What stands about a group makes way when its box becomes another, and closes up again when it shrinks.

Group in group, from within: beside the group, cards and open groups move as wholes; then about the group that holds it
they move by as much as that has grown, and so on outwards. So no frame is torn apart, and of several that are opened in
one column each widens it only by what the ones before have not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import inf
from typing import NamedTuple

import numpy as np

from engine.edits.nodes import move_nodes
from engine.edits.room import asides_elsewhere, note_box, region_box
from engine.edits.through import through
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.grouping import Region
from engine.graph.records import Pos
from engine.layout.group_cards import card_id
from engine.layout.layout import NODE_WIDTH, node_height
from engine.layout.sheet import Box
from engine.layout.shown import Shown, shown_of

FRAME = 36.0  # round what is in an open group, for its frame and title
MOST_TRIED = 4  # ways in which things may have come to stand where they do
STILL: Pos = (0.0, 0.0)
SLACK = 36.0  # so far two may stand in one another and are still beside each other: frames do


class Unit(NamedTuple):
    """What moves as a whole: a card, a node, or an open group; `ids` is what is seen of it."""

    box: Box
    ids: tuple[str, ...]

    def moved(self, by: Pos) -> Unit:
        left, top, right, bottom = self.box
        return Unit((left + by[0], top + by[1], right + by[0], bottom + by[1]), self.ids)


class Turn(NamedTuple):
    """A box that grows from the one to the other, or shrinks back. On which side of it something is, the small one says:
    so it is the same before and after."""

    small: Box
    large: Box

    @property
    def growth(self) -> Box:
        """How far each side goes."""
        left, top, right, bottom = (to - at for at, to in zip(self.small, self.large, strict=True))
        return left, top, right, bottom


def make_way(graph: Graph, id: str, before: Box, opens: bool) -> Change:
    """Let what stands about a group move, whose box was another before it was opened, or folded."""
    shown, places, turns = shown_of(graph), dict[str, Pos](), list[Turn]()
    after = group_box(shown, id)
    for here, parent in pairwise((*reversed(graph.grouping.chain_of(id)), None)):
        units = list(_units(shown, parent, here or ""))
        turn = Turn(before, after) if opens else Turn(after, before)
        shifts = _opening(turn, units) if opens else _closing(turn, units)
        turns.append(turn)
        for unit, by in zip(units, shifts, strict=True):
            places |= {each: _plus(shown.graph.nodes[each].pos, by) for each in unit.ids if by != STILL}
        before = _framed([before, *(unit.box for unit in units)])
        after = _framed([after, *(unit.moved(by).box for unit, by in zip(units, shifts, strict=True))])
    change = through(lambda shown: move_nodes(shown, places))(graph) if places else NOTHING
    return change.then(_let_asides_give_way(graph.apply(change), turns, opens))


def group_box(shown: Shown, id: str) -> Box:
    """The box of a group that is seen: of its card, or round what is shown in it, with room for its frame."""
    if card_id(id) in shown.graph.nodes:
        return card_box(shown, card_id(id))
    return _framed([unit.box for unit in _units(shown, id)])


def card_box(shown: Shown, id: str) -> Box:
    """The box of a node or a card that is seen."""
    x, y = shown.graph.nodes[id].pos
    return x, y, x + NODE_WIDTH, y + node_height(shown.graph.port_count(id))


def _units(shown: Shown, group: str | None, without: str = "") -> Iterator[Unit]:
    """What stands directly in an open group, or in none."""
    grouping = shown.real.grouping
    children = [child for child in grouping.children.get(group, ()) if child != without]
    nodes = shown.real.nodes.keys() - grouping.home if group is None else grouping.groups[group].nodes
    folded = [card_id(child) for child in children if card_id(child) in shown.graph.nodes]
    yield from (Unit(card_box(shown, id), (id,)) for id in (*nodes, *folded))
    for child in children:
        if card_id(child) not in shown.graph.nodes:
            ids = tuple(shown.ids_of(grouping.within(child)))
            yield Unit(group_box(shown, child), ids)


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
    return Unit(_around(unit.box for unit in units), tuple(id for unit in units for id in unit.ids))


def _stands_in(one: Box, other: Box) -> bool:
    """Whether the middle of a box is within another."""
    x, y = (one[0] + one[2]) / 2, (one[1] + one[3]) / 2
    return other[0] < x < other[2] and other[1] < y < other[3]


def _around(boxes: Iterable[Box]) -> Box:
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _framed(boxes: Iterable[Box]) -> Box:
    left, top, right, bottom = _around(boxes)
    return left - FRAME, top - FRAME, right + FRAME, bottom + FRAME


# --- who moves, and how far


def _opening(turn: Turn, units: list[Unit]) -> list[Pos]:
    """How far each moves when the box grows. What would come to stand in one another moves together."""
    wholes = _wholes(units)
    while True:
        shifts = _shifts(turn, wholes)
        moved = [whole.moved(by) for whole, by in zip(wholes, shifts, strict=True)]
        met = _wholes(moved)
        if len(met) == len(wholes):
            by_id = {id: by for whole, by in zip(wholes, shifts, strict=True) for id in whole.ids}
            return [by_id[unit.ids[0]] for unit in units]
        known = {id: whole for whole in wholes for id in whole.ids}
        wholes = [_joined(list({known[id].ids: known[id] for id in unit.ids}.values())) for unit in met]


def _shifts(turn: Turn, wholes: list[Unit]) -> list[Pos]:
    """No farther aside than the column widens, unless that is too little."""
    narrow = [_shift(whole.box, turn.small, _in_column(turn, wholes)) for whole in wholes]
    moved = (whole.moved(by).box for whole, by in zip(wholes, narrow, strict=True))
    if any(_overlap(box, turn.large) for box in moved):
        return [_shift(whole.box, turn.small, turn.growth) for whole in wholes]
    return narrow


def _closing(turn: Turn, units: list[Unit]) -> list[Pos]:
    """How far each moves when the box shrinks: back to where it would come from if the box grew again."""
    for growth in (_in_column(turn, units), turn.growth):
        shifts = [_shift(unit.box, turn.small, growth) for unit in units]
        for _ in range(MOST_TRIED):
            again = _opening(turn, [unit.moved((-x, -y)) for unit, (x, y) in zip(units, shifts, strict=True)])
            if np.allclose(again, shifts):
                return [(-x, -y) for x, y in shifts]
            shifts = again
    return [STILL] * len(units)


def _in_column(turn: Turn, units: list[Unit]) -> Box:
    """By how much its column grows on each side: what stands over it and under it may be wider."""
    column = [unit.box for unit in units if _side(unit.box, turn.small) not in ("left", "right")]
    left, right = min((box[0] for box in column), default=inf), max((box[2] for box in column), default=-inf)
    small, large = ((min(box[0], left), box[1], max(box[2], right), box[3]) for box in (turn.small, turn.large))
    return Turn(small, large).growth


def _side(box: Box, small: Box) -> str:
    """On which side of a box something is; empty: it stands in it."""
    left, top, right, bottom = box
    if left >= small[2] - SLACK:
        return "right"
    if right <= small[0] + SLACK:
        return "left"
    if top >= small[3] - SLACK:
        return "under"
    return "over" if bottom <= small[1] + SLACK else ""


def _shift(box: Box, small: Box, growth: Box) -> Pos:
    """How far something beside a box goes when that grows by so much on each side."""
    left, over, right, under = growth
    return {"left": (left, 0.0), "right": (right, 0.0), "over": (0.0, over), "under": (0.0, under)}.get(
        _side(box, small), STILL
    )


def _plus(pos: Pos, by: Pos) -> Pos:
    return pos[0] + by[0], pos[1] + by[1]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _encloses(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


# --- regions and notes


def _let_asides_give_way(graph: Graph, turns: list[Turn], opens: bool) -> Change:
    """Regions and notes move with what they stand beside; a region that a group is in grows with it on each side."""
    sign = 1 if opens else -1

    def corner(box: Box) -> Pos:
        turn = _turn_for(box, turns)
        x, y = _shift(box, turn.small, turn.growth)
        return box[0] + sign * x, box[1] + sign * y

    def box_of(region: Region) -> Box:
        box = region_box(region)
        turn = _turn_for(box, turns)
        if _encloses(box, turn.small if opens else turn.large):
            left, top, right, bottom = (at + sign * by for at, by in zip(box, turn.growth, strict=True))
            return left, top, right, bottom
        left, top = corner(box)
        return left, top, left + region.size[0], top + region.size[1]

    return asides_elsewhere(graph, box_of, lambda note: corner(note_box(note)))


def _turn_for(box: Box, turns: list[Turn]) -> Turn:
    """The outermost of the boxes that something stands beside or around; else the innermost."""
    beside = [turn for turn in turns if _encloses(box, turn.small) or not _overlap(box, turn.small)]
    return (beside or turns[:1])[-1]
