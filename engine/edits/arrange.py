"""The edit that gives nodes a tidy place."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.edits.checks import replaced
from engine.edits.through import through
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.layout.open_groups import arrange_open
from engine.layout.shown import shown_of


def arrange_nodes(
    graph: Graph, ids: Iterable[str] | None = None, aspect: float | None = None, within: str | None = None
) -> Change:
    """Lay out the graph, or some nodes of it; the top left corner of what is moved stays.

    What is seen is laid out: a folded group as its card, with all that is in it, an open one as a block of its own;
    `within`: a group that is looked into.
    `aspect` is how many times as wide as it is high the window is, if it is to fit one.
    """
    chosen = list(graph.nodes if ids is None else dict.fromkeys(id for id in ids if id in graph.nodes))
    shown = shown_of(graph, within)
    if shown.cover.is_plain:
        return _laid_out(graph, chosen, aspect, within)
    seen = shown.ids_of(chosen)
    change = through(lambda graph: _laid_out(graph, [id for id in graph.nodes if id in seen], aspect, within), within)(
        graph
    )
    return replace(change, text="Arrange") if change else NOTHING


def _laid_out(graph: Graph, chosen: Sequence[str], aspect: float | None, within: str | None) -> Change:
    if not chosen:
        return NOTHING
    places = arrange_open(_induced(graph, chosen), graph.grouping, aspect, within)
    left = min(graph.nodes[id].pos[0] for id in chosen) - min(pos[0] for pos in places.values())
    top = min(graph.nodes[id].pos[1] for id in chosen) - min(pos[1] for pos in places.values())
    moved = {id: replace(graph.nodes[id], pos=(places[id][0] + left, places[id][1] + top)) for id in chosen}
    return replaced(graph, moved, "Arrange")


def _induced(graph: Graph, ids: Sequence[str]) -> Graph:
    wanted = set(ids)
    if len(wanted) == len(graph.nodes):
        return graph
    edges = {key: edge for key, edge in graph.edges.items() if edge.source in wanted and edge.dest in wanted}
    facts = {"target": graph.target} if graph.target in wanted else {}
    return Graph({id: node for id, node in graph.nodes.items() if id in wanted}, edges, facts)
