"""The edit that gives nodes a tidy place."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.edits.checks import replaced
from engine.edits.groups import move_groups
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.layout.cards import arrange_cards
from engine.layout.layout import arrange


def arrange_nodes(graph: Graph, ids: Iterable[str] | None = None, aspect: float | None = None) -> Change:
    """Lay out the graph, or some nodes of it; the top left corner of what is moved stays.

    `aspect` is how many times as wide as it is high the window is, if it is to fit one.
    """
    chosen = list(graph.nodes if ids is None else dict.fromkeys(id for id in ids if id in graph.nodes))
    if not chosen:
        return NOTHING
    if any(group.folded for group in graph.groups.values()):
        return _cards_arranged(graph, chosen, aspect)
    places = arrange(_induced(graph, chosen), aspect)
    left = min(graph.nodes[id].pos[0] for id in chosen) - min(pos[0] for pos in places.values())
    top = min(graph.nodes[id].pos[1] for id in chosen) - min(pos[1] for pos in places.values())
    moved = {id: replace(graph.nodes[id], pos=(places[id][0] + left, places[id][1] + top)) for id in chosen}
    return replaced(graph, moved, "Arrange")


def _cards_arranged(graph: Graph, ids: Sequence[str], aspect: float | None) -> Change:
    """What is seen laid out: nodes, and cards with all that they hide."""
    shown = arrange_cards(graph, ids, aspect)
    change = move_groups(graph, shown.groups)
    moved = {id: replace(graph.nodes[id], pos=pos) for id, pos in shown.nodes.items()}
    change = change.then(replaced(graph.apply(change), moved, "Arrange"))
    return replace(change, text="Arrange") if change else NOTHING


def _induced(graph: Graph, ids: Sequence[str]) -> Graph:
    wanted = set(ids)
    if len(wanted) == len(graph.nodes):
        return graph
    edges = {key: edge for key, edge in graph.edges.items() if edge.source in wanted and edge.dest in wanted}
    facts = {"target": graph.target} if graph.target in wanted else {}
    return Graph({id: node for id, node in graph.nodes.items() if id in wanted}, edges, facts)
