"""Whether folding groups makes a circle between their cards: a group through which one cannot go in one go.

Each edge leads from one thing to another where the two lie side by side: nodes, and folded groups for what is in them.
Of these arcs none may lead round: then every folded graph has an order, whichever of its cards are opened.
"""

from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from engine.graph.graph import Graph
from engine.graph.grouping import Grouping


class Circle(NamedTuple):
    """Things in a ring, the first one again at the end: their names, the groups among them, and the other nodes."""

    names: tuple[str, ...]
    groups: tuple[str, ...]
    nodes: tuple[str, ...]

    @property
    def text(self) -> str:
        names = self.names if len(self.names) <= 7 else (*self.names[:3], "…", *self.names[-3:])
        return " → ".join(names)


def folding_circle(graph: Graph, grouping: Grouping | None = None) -> Circle | None:
    """A circle between the folded cards of a graph without loops, if there is one; `grouping`: with other groups."""
    groups = grouping or graph.grouping
    if not any(group.folded for group in groups.groups.values()):
        return None
    feeds: dict[tuple[bool, str], set[tuple[bool, str]]] = {}
    places = {id: (*((True, group) for group in groups.folded_chain(id)), (False, id)) for id in graph.nodes}
    for edge in graph.edges.values():
        for source, dest in zip(places[edge.source], places[edge.dest], strict=False):
            if source != dest:
                feeds.setdefault(dest, set()).add(source)
                break
    try:
        TopologicalSorter(feeds).prepare()
    except CycleError as error:
        ring = error.args[1]  # each feeds the one after it
        start = next((at for at, (card, _) in enumerate(ring) if card), 0)
        return _told(graph, groups, [*ring[start:-1], *ring[:start], ring[start]])
    return None


def _told(graph: Graph, groups: Grouping, ring: list[tuple[bool, str]]) -> Circle:
    names = [groups.groups[id].name if card else graph.nodes[id].name for card, id in ring]
    cards = dict.fromkeys(id for card, id in ring if card)
    nodes = dict.fromkeys(id for card, id in ring if not card)
    return Circle(tuple(names), tuple(cards), tuple(nodes))
