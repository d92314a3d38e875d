"""Where the cards of folded groups stand among the nodes that are seen.

stand-in   a graph that has one node for each card, with a port for each thing that crosses the group
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node, Pos
from engine.layout.layout import arrange, node_height


class ShownPlaces(NamedTuple):
    """Places of the nodes and of the folded groups that are seen: top left corners."""

    nodes: dict[str, Pos]
    groups: dict[str, Pos]


def card_height(graph: Graph, group: str) -> int:
    """The height of the card of a folded group."""
    crossing = graph.crossing(group)
    return node_height(max(len(crossing.inputs), len(crossing.outputs)))


def arrange_cards(graph: Graph, ids: Iterable[str], aspect: float | None = None) -> ShownPlaces:
    """A place for each of some nodes and for each card that hides one; the top left corner of all of it stays."""
    graph_shown, cards = _stand_in(graph, set(ids))
    if not graph_shown.nodes:
        return ShownPlaces({}, {})
    places = arrange(graph_shown, aspect)
    left = min(node.pos[0] for node in graph_shown.nodes.values()) - min(x for x, _ in places.values())
    top = min(node.pos[1] for node in graph_shown.nodes.values()) - min(y for _, y in places.values())
    moved = {id: (x + left, y + top) for id, (x, y) in places.items()}
    nodes = {id: pos for id, pos in moved.items() if id not in cards}
    return ShownPlaces(nodes, {cards[id]: pos for id, pos in moved.items() if id in cards})


def _stand_in(graph: Graph, wanted: set[str]) -> tuple[Graph, dict[str, str]]:
    """The graph of what is seen of some nodes, and the group that each node in it which is a card stands for."""
    shown = {id: graph.grouping.shown_as(id) for id in graph.nodes if id in wanted}
    cards = {f"{group} card": group for group in dict.fromkeys(shown.values()) if group is not None}
    name = {id: id if group is None else f"{group} card" for id, group in shown.items()}
    nodes = [node for id, node in graph.nodes.items() if shown.get(id, "") is None]
    nodes += [Node(id, "group", pos=graph.groups[group].pos) for id, group in cards.items()]
    ports = {id: {feed: at for at, feed in enumerate(graph.crossing(group).inputs)} for id, group in cards.items()}
    edges: dict[tuple[str, int], Edge] = {}
    for edge in graph.ordered_edges():
        source, dest = name.get(edge.source), name.get(edge.dest)
        if source is None or dest is None or source == dest:
            continue
        port = ports[dest][edge.source, edge.output] if dest in cards else edge.port
        edges[dest, port] = Edge(source, dest, port, edge.output if source not in cards else 0)
    target = graph.target and name.get(graph.target)
    order = {id: at for at, id in enumerate(graph.nodes)}
    first = {id: min(order[node] for node in graph.grouping.within(group)) for id, group in cards.items()}
    nodes.sort(key=lambda node: first.get(node.id, order.get(node.id, 0)))
    return Graph.of([replace(node) for node in nodes], edges.values(), target=target), cards
