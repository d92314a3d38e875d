"""The ground on which groups open and fold one after another: where all is, found once, and quickly moved.

Group in group, from within: beside the group, nodes, cards and open groups move as wholes; then about the group that
holds it they move by as much as that has grown, and so on outwards. So no frame is torn apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import replace
from itertools import pairwise

import numpy as np

from engine.edits.checks import checked_pos
from engine.edits.room import asides_elsewhere, note_box, region_box
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.grouping import Region
from engine.graph.members import groups_diff
from engine.graph.records import Pos
from engine.layout.group_cards import card_height, card_id
from engine.layout.layout import NODE_HEIGHT, NODE_WIDTH, card_place, node_height
from engine.layout.making_way import STILL, Growth, Unit, around, closing, opening, overlap, shift
from engine.layout.sheet import Box
from engine.layout.shown import shown_of

FRAME = 36.0  # round what is in an open group, for its frame and title
MOST_LOOKED_AT = 1000  # cards: of more each is not compared with each


class FoldingGround:
    """Where the nodes and the cards of a graph are, which groups are folded, and where regions and notes are.

    `later` is the same graph with the groups folded or open that will be: how high a card is depends on its ports.
    """

    def __init__(self, graph: Graph, later: Graph) -> None:
        self._graph, self._grouping = graph, graph.grouping
        self._nodes = {id: node.pos for id, node in graph.nodes.items()}
        self._cards = {id: group.pos for id, group in graph.groups.items()}
        self._folded = {id for id, group in graph.groups.items() if group.folded}
        self._high = {id: high for each in (later, graph) for id, high in _heights(each)}
        self._boxes: dict[str, Box] = {}  # of open groups, as far as they were asked for
        self._asides = NOTHING

    def copy(self) -> FoldingGround:
        """The same, which stays as it is."""
        found = copy(self)
        found._nodes, found._cards, found._boxes = dict(self._nodes), dict(self._cards), dict(self._boxes)
        found._folded = set(self._folded)
        return found

    def change(self, text: str) -> Change:
        """What growths the graph into what is here."""
        moved = {id: (node, replace(node, pos=checked_pos(self._nodes[id]))) for id, node in self._graph.nodes.items()
                 if node.pos != self._nodes[id]}  # fmt: skip
        groups = (replace(group, folded=id in self._folded, pos=checked_pos(self._cards[id]))
                  for id, group in self._graph.groups.items())  # fmt: skip
        return replace(self._asides.then(Change(moved, facts=groups_diff(self._graph, groups))), text=text)

    # --- where it is

    def is_seen(self, group: str) -> bool:
        """Whether a group is in no folded one."""
        return self._folded.isdisjoint(self._grouping.chain_of(group)[:-1])

    def box(self, group: str) -> Box:
        """The box of a group's card, or of what is in an open one, with its frame."""
        if group in self._folded:
            card = card_id(group)
            return _card(self._cards[group], self._high.get(card) or card_height(self._graph, group))
        if group not in self._boxes:
            self._boxes[group] = _framed(unit.box for unit in self._units(group))
        return self._boxes[group]

    def overlaps(self) -> set[tuple[str, str]]:
        """The pairs of nodes and cards that are seen and have ground in common."""
        seen = [unit for group in self._open() for unit in self._units(group, "", alone=True)]
        if not 0 < len(seen) <= MOST_LOOKED_AT:
            return set()
        boxes = np.array([unit.box for unit in seen])
        starts, ends = np.maximum(boxes[:, None, :2], boxes[:, :2]), np.minimum(boxes[:, None, 2:], boxes[:, 2:])
        pairs = np.argwhere((starts < ends).all(axis=2))
        return {(seen[one].ids[0], seen[other].ids[0]) for one, other in pairs if one < other}

    def _open(self) -> Iterator[str | None]:
        yield None
        yield from (id for id in self._grouping.groups if id not in self._folded and self.is_seen(id))

    def _units(self, group: str | None, without: str = "", alone: bool = False) -> Iterator[Unit]:
        """What stands directly in an open group, or in none; `alone`: but for open groups."""
        grouping = self._grouping
        nodes = grouping.groups[group].nodes if group is not None else self._graph.nodes.keys() - grouping.home
        for id in nodes:
            yield Unit(_card(self._nodes[id], self._high.get(id, NODE_HEIGHT)), (id,))
        for child in grouping.children.get(group, ()):
            if child != without and not (alone and child not in self._folded):
                yield Unit(self.box(child), (card_id(child),))

    # --- what is done

    def unfold(self, group: str) -> None:
        """What is in it comes to stand where its card was: a file may have them apart, and so may edits within it."""
        card, middle = self._cards[group], card_place(self._nodes[id] for id in self._grouping.within(group))
        self._move(card_id(group), (card[0] - middle[0], card[1] - middle[1]))
        self._folded.discard(group)
        self._forget(group)

    def fold(self, group: str) -> None:
        """Its card comes to stand in the middle of what is in it."""
        self._cards[group] = card_place(self._nodes[id] for id in self._grouping.within(group))
        self._folded.add(group)
        self._forget(group)

    def make_way(self, group: str, before: Box, opens: bool) -> None:
        """Let what stands about a group move, whose box was another before it was opened, or folded."""
        after, growths = self.box(group), list[Growth]()
        for here, parent in pairwise((*reversed(self._grouping.chain_of(group)), None)):
            units = list(self._units(parent, here or ""))
            growing = Growth(before, after) if opens else Growth(after, before)
            shifts = opening(growing, units) if opens else closing(growing, units)
            growths.append(growing)
            for unit, by in zip(units, shifts, strict=True):
                self._move(unit.ids[0], by)
            before = _framed([before, *(unit.box for unit in units)])
            after = _framed([after, *(unit.moved(by).box for unit, by in zip(units, shifts, strict=True))])
        self._forget(group)
        if self._graph.regions or self._graph.notes:
            there = self._graph.apply(self._asides)
            self._asides = self._asides.then(_asides_moved(there, growths, opens))

    def _move(self, id: str, by: Pos) -> None:
        """Move a node, or a group with all that is in it."""
        if by == STILL:
            return
        if id in self._nodes:
            self._nodes[id] = checked_pos(_plus(self._nodes[id], by))
            return
        group = id.removeprefix(card_id(""))
        for node in self._grouping.within(group):
            self._nodes[node] = checked_pos(_plus(self._nodes[node], by))
        for inner in self._grouping.subgroups(group):
            self._cards[inner] = checked_pos(_plus(self._cards[inner], by))
            self._boxes.pop(inner, None)

    def _forget(self, group: str) -> None:
        """The boxes that hold a group are others."""
        for each in self._grouping.chain_of(group):
            self._boxes.pop(each, None)


def _heights(graph: Graph) -> Iterable[tuple[str, float]]:
    shown = shown_of(graph).graph
    return ((id, node_height(shown.port_count(id))) for id in shown.nodes)


def _card(pos: Pos, high: float) -> Box:
    return pos[0], pos[1], pos[0] + NODE_WIDTH, pos[1] + high


def _framed(boxes: Iterable[Box]) -> Box:
    left, top, right, bottom = around(boxes)
    return left - FRAME, top - FRAME, right + FRAME, bottom + FRAME


def _plus(pos: Pos, by: Pos) -> Pos:
    return pos[0] + by[0], pos[1] + by[1]


# --- regions and notes


def _asides_moved(graph: Graph, growths: list[Growth], opens: bool) -> Change:
    """Regions and notes move with what they stand beside; a region that a group is in grows with it on each side."""
    sign = 1 if opens else -1

    def corner(box: Box) -> Pos:
        growing = _turn_for(box, growths)
        x, y = shift(box, growing.small, growing.by)
        return box[0] + sign * x, box[1] + sign * y

    def box_of(region: Region) -> Box:
        box = region_box(region)
        growing = _turn_for(box, growths)
        if _encloses(box, growing.small if opens else growing.large):
            left, top, right, bottom = (at + sign * by for at, by in zip(box, growing.by, strict=True))
            return left, top, right, bottom
        left, top = corner(box)
        return left, top, left + region.size[0], top + region.size[1]

    return asides_elsewhere(graph, box_of, lambda note: corner(note_box(note)))


def _turn_for(box: Box, growths: list[Growth]) -> Growth:
    """The outermost of the boxes that something stands beside or around; else the innermost."""
    beside = [growing for growing in growths if _encloses(box, growing.small) or not overlap(box, growing.small)]
    return (beside or growths[:1])[-1]


def _encloses(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]
