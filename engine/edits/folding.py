"""Edits that fold groups and open them where they stand: what is about makes room, and closes it again.

What stands wholly to the right of the card moves on by as much as there is more to its left, and so on each side;
folding moves it back by as much. So what is opened and folded again stands where it stood.
"""

from collections.abc import Iterable
from dataclasses import replace

from engine.edits.arrange import arrange_nodes
from engine.edits.ground import FoldingGround
from engine.edits.groups import fold_groups, unfold_groups
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.layout.group_cards import card_id
from engine.layout.layout import NODE_WIDTH, node_height
from engine.layout.shown import shown_of

MUCH_LARGER = 1.5


def open_in_place(graph: Graph, ids: Iterable[str]) -> Change:
    """Open folded groups: what is in each comes to stand about where its card was, and what is about makes room."""
    wanted = list(dict.fromkeys(ids))
    flags = unfold_groups(graph, wanted)
    ground = FoldingGround(graph, graph.apply(flags))
    chosen = [id for id in wanted if graph.groups[id].folded]
    for id in chosen:
        card = ground.box(id)
        ground.unfold(id)
        if ground.is_seen(id):
            ground.make_way(id, card, opens=True)
    return ground.change(f"Open {_called(graph, wanted)}") if chosen else flags


def open_all(graph: Graph, ids: Iterable[str], aspect: float, within: str | None = None) -> Change:
    """Open folded groups where they stand; or, where all would be seen much smaller so, arranged for a room that is
    `aspect` times as wide as it is high. `within`: a group that is looked into."""
    opened = open_in_place(graph, ids)
    after = graph.apply(opened)
    if not opened or after.regions or after.notes:
        return opened
    tidy = arrange_nodes(after, aspect=aspect, within=within)
    if _largeness(after.apply(tidy), aspect) < MUCH_LARGER * _largeness(after, aspect):
        return opened
    return replace(opened.then(tidy), text=opened.text)


def _largeness(graph: Graph, aspect: float) -> float:
    """How large a graph is seen where all of it is."""
    shown = shown_of(graph).graph
    xs, ys = zip(*(node.pos for node in shown.nodes.values()), strict=True)
    high = max(node.pos[1] + node_height(shown.port_count(id)) for id, node in shown.nodes.items()) - min(ys)
    return float(min(aspect / (max(xs) - min(xs) + NODE_WIDTH), 1 / high))


def fold_in_place(graph: Graph, ids: Iterable[str]) -> Change:
    """Fold groups: the card comes to stand in the middle of what it holds, and what is about closes up."""
    wanted = list(dict.fromkeys(ids))
    flags = fold_groups(graph, wanted)
    ground = FoldingGround(graph, graph.apply(flags))
    chosen = [id for id in wanted if not graph.groups[id].folded]
    for id in chosen:
        group = ground.box(id)
        ground.fold(id)
        if ground.is_seen(id):
            closed = ground.copy()
            closed.make_way(id, group, opens=False)
            new = closed.overlaps() - ground.overlaps()
            if all(card_id(id) in pair for pair in new):  # or what closes up would hide what does not
                ground = closed
    return ground.change(f"Fold {_called(graph, wanted)}") if chosen else flags


def _called(graph: Graph, ids: Iterable[str]) -> str:
    names = [graph.groups[id].name for id in ids if id in graph.groups]
    return names[0] if len(names) == 1 else f"{len(names)} groups"
