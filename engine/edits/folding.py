"""Edits that fold groups and open them where they stand: what is about makes room, and closes it again.

What stands wholly to the right of the card moves on by as much as there is more to its left, and so on each side;
folding moves it back by as much. So what is opened and folded again stands where it stood.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from engine.edits.groups import fold_groups, middle_of, move_groups, unfold_groups
from engine.edits.making_way import card_box, group_box, make_way
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.layout.group_cards import card_id
from engine.layout.shown import shown_of

MOST_LOOKED_AT = 1000  # cards: of more each is not compared with each


def open_in_place(graph: Graph, ids: Iterable[str]) -> Change:
    """Open folded groups: what is in each comes to stand about where its card was, and what is about makes room."""
    change = NOTHING
    for id in dict.fromkeys(ids):
        here = graph.apply(change)
        if id in here.groups and here.groups[id].folded:
            card = group_box(shown_of(here), id) if here.grouping.is_seen(id) else None
            change = change.then(_under_card(here, id))
            change = change.then(unfold_groups(graph.apply(change), [id]))
            if card is not None:
                change = change.then(make_way(graph.apply(change), id, card, opens=True))
    return replace(change, text=f"Open {_called(graph, ids)}") if change else unfold_groups(graph, ids)


def fold_in_place(graph: Graph, ids: Iterable[str]) -> Change:
    """Fold groups: the card comes to stand in the middle of what it holds, and what is about closes up."""
    change = NOTHING
    for id in dict.fromkeys(ids):
        here = graph.apply(change)
        if id in here.groups and not here.groups[id].folded:
            group = group_box(shown_of(here), id) if here.grouping.is_seen(id) else None
            change = change.then(fold_groups(here, [id]))
            if group is None:
                continue
            folded = graph.apply(change)
            closing = make_way(folded, id, group, opens=False)
            new = _overlaps(folded.apply(closing)) - _overlaps(folded)
            if all(card_id(id) in pair for pair in new):  # or what closes up would hide what does not
                change = change.then(closing)
    return replace(change, text=f"Fold {_called(graph, ids)}") if change else fold_groups(graph, ids)


# --- room


def _under_card(graph: Graph, id: str) -> Change:
    """Bring what is in a folded group to where its card is: a file may have them apart, and so may edits within it."""
    card, middle = graph.groups[id].pos, middle_of(graph, id)
    by = (card[0] - middle[0], card[1] - middle[1])
    return move_groups(graph, {id: (card[0] + by[0], card[1] + by[1])}) if by != (0.0, 0.0) else NOTHING


def _overlaps(graph: Graph) -> set[tuple[str, str]]:
    """The pairs of cards that have ground in common."""
    shown = shown_of(graph)
    ids = list(shown.graph.nodes)
    if len(ids) > MOST_LOOKED_AT:
        return set()
    boxes = np.array([card_box(shown, id) for id in ids])
    starts, ends = np.maximum(boxes[:, None, :2], boxes[:, :2]), np.minimum(boxes[:, None, 2:], boxes[:, 2:])
    pairs = np.argwhere((starts < ends).all(axis=2))
    return {(ids[one], ids[other]) for one, other in pairs if one < other}


def _called(graph: Graph, ids: Iterable[str]) -> str:
    names = [graph.groups[id].name for id in dict.fromkeys(ids) if id in graph.groups]
    return names[0] if len(names) == 1 else f"{len(names)} groups"
