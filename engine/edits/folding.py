"""Edits that fold groups and open them where they stand: what is about makes room, and closes it again.

What stands wholly to the right of the card moves on by as much as the opened group is wider there, and so on each side;
folding moves it back by as much. So what is opened and folded again stands where it stood.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from engine.edits.groups import fold_groups, middle_of, move_groups, unfold_groups
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
from engine.layout.shown import shown_of

MOST_LOOKED_AT = 1000  # cards: of more each is not compared with each
FRAME = 36.0  # round the nodes of an open group, for its frame and title


def open_in_place(graph: Graph, ids: Iterable[str]) -> Change:
    """Open folded groups: what is in each comes to stand about where its card was, and what is about makes room."""
    change = NOTHING
    for id in dict.fromkeys(ids):
        here = graph.apply(change)
        if id in here.groups and here.groups[id].folded:
            card = _card_box(here, id)
            change = change.then(_under_card(here, id))
            change = change.then(unfold_groups(graph.apply(change), [id]))
            opened = graph.apply(change)
            change = change.then(_make_way(opened, id, card, _group_box(opened, id)))
    return replace(change, text=f"Open {_called(graph, ids)}") if change else unfold_groups(graph, ids)


def fold_in_place(graph: Graph, ids: Iterable[str]) -> Change:
    """Fold groups: the card comes to stand in the middle of what it holds, and what is about closes up."""
    change = NOTHING
    for id in dict.fromkeys(ids):
        here = graph.apply(change)
        if id in here.groups and not here.groups[id].folded:
            group = _group_box(here, id)
            change = change.then(fold_groups(here, [id]))
            folded = graph.apply(change)
            closing = _make_way(folded, id, group, _card_box(folded, id))
            if not _overlaps(folded.apply(closing)) - _overlaps(folded):  # or what closes up would hide what does not
                change = change.then(closing)
    return replace(change, text=f"Fold {_called(graph, ids)}") if change else fold_groups(graph, ids)


# --- room


def _under_card(graph: Graph, id: str) -> Change:
    """Bring what is in a folded group to where its card is: a file may have them apart, and so may edits within it."""
    card, middle = graph.groups[id].pos, middle_of(graph, id)
    by = (card[0] - middle[0], card[1] - middle[1])
    return move_groups(graph, {id: (card[0] + by[0], card[1] + by[1])}) if by != (0.0, 0.0) else NOTHING


def _make_way(graph: Graph, id: str, before: Box, after: Box) -> Change:
    """Let what stands about a group move by as much as its box has grown on that side, or shrunk."""
    shown = shown_of(graph)
    own = {card_id(id)} | graph.grouping.within(id) | {card_id(each) for each in graph.grouping.subgroups(id)}
    others = {each: _box(shown.graph, each) for each in shown.graph.nodes if each not in own}
    places = {each: pos for each, box in others.items() if (pos := _aside(box, before, after)) != (box[0], box[1])}
    change = through(lambda shown: move_nodes(shown, places))(graph) if places else NOTHING
    return change.then(_let_asides_give_way(graph.apply(change), before, after))


def _let_asides_give_way(graph: Graph, before: Box, after: Box) -> Change:
    """Regions and notes about a group move too; a region that it is in grows with it on each side."""

    def box_of(region: Region) -> Box:
        box = region_box(region)
        if _encloses(box, before):
            left, top, right, bottom = (side + to - at for side, at, to in zip(box, before, after, strict=True))
        else:
            left, top = _aside(box, before, after)
            right, bottom = left + region.size[0], top + region.size[1]
        return left, top, right, bottom

    return asides_elsewhere(graph, box_of, lambda note: _aside(note_box(note), before, after))


def _overlaps(graph: Graph) -> set[tuple[str, str]]:
    """The pairs of cards that have ground in common."""
    shown = shown_of(graph).graph
    ids = list(shown.nodes)
    if len(ids) > MOST_LOOKED_AT:
        return set()
    boxes = np.array([_box(shown, id) for id in ids])
    starts, ends = np.maximum(boxes[:, None, :2], boxes[:, :2]), np.minimum(boxes[:, None, 2:], boxes[:, 2:])
    pairs = np.argwhere((starts < ends).all(axis=2))
    return {(ids[one], ids[other]) for one, other in pairs if one < other}


def _encloses(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def _aside(box: Box, before: Box, after: Box) -> Pos:
    """Where a card goes when a box beside it becomes another."""
    left, top, right, bottom = box
    if left >= before[2]:
        return left + after[2] - before[2], top
    if right <= before[0]:
        return left + after[0] - before[0], top
    if top >= before[3]:
        return left, top + after[3] - before[3]
    if bottom <= before[1]:
        return left, top + after[1] - before[1]
    return left, top


def _box(shown: Graph, id: str) -> Box:
    x, y = shown.nodes[id].pos
    return x, y, x + NODE_WIDTH, y + node_height(shown.port_count(id))


def _card_box(graph: Graph, id: str) -> Box:
    """The card of a folded group; of one that is in a folded one, as it would be."""
    shown = shown_of(graph)
    return _box(shown.graph, card_id(id)) if card_id(id) in shown.graph.nodes else (0.0, 0.0, 0.0, 0.0)


def _group_box(graph: Graph, id: str) -> Box:
    """The box round what is shown of an open group, with room for its frame."""
    shown = shown_of(graph)
    boxes = [_box(shown.graph, each) for each in shown.ids_of(graph.grouping.within(id))]
    left, top, right, bottom = zip(*boxes, strict=True)
    return min(left) - FRAME, min(top) - FRAME, max(right) + FRAME, max(bottom) + FRAME


def _called(graph: Graph, ids: Iterable[str]) -> str:
    names = [graph.groups[id].name for id in dict.fromkeys(ids) if id in graph.groups]
    return names[0] if len(names) == 1 else f"{len(names)} groups"
