"""What a drag or nudge takes along: nodes, folded groups, regions with all that lies in them, and notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine import edits
from engine.edits.regions import Carried
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Pos
from gui.canvas.model.asides import Box
from gui.document.selection import AsideKey


@dataclass(frozen=True)
class Load:
    """What goes along, each thing once."""

    things: Carried
    nodes: tuple[str, ...]  # in the order of the graph, those in folded groups too

    def positions(self, graph: Graph, way: Pos) -> dict[str, Pos]:
        """Where its nodes are when all have gone a way."""
        places = ((id, graph.nodes[id].pos) for id in self.nodes)
        return {id: (x + way[0], y + way[1]) for id, (x, y) in places}

    def boxes(self, resting: Mapping[AsideKey, Box], way: Pos) -> dict[AsideKey, Box]:
        """Where its regions and notes are then; `resting`: where they were."""
        dx, dy = way
        known = {key: resting[key] for key in self.asides() if key in resting}
        return {key: (left + dx, top + dy, right + dx, bottom + dy)
                for key, (left, top, right, bottom) in known.items()}  # fmt: skip

    def asides(self) -> list[AsideKey]:
        """Its regions and notes."""
        return [*(("region", id) for id in self.things.regions), *(("note", id) for id in self.things.notes)]

    def move(self, graph: Graph, way: Pos) -> Change:
        """The edit that moves all of it."""
        if not (self.things.groups or self.things.regions or self.things.notes):
            return edits.move_nodes(graph, self.positions(graph, way))
        return edits.move_all(graph, way, self.things)


def load_of(graph: Graph, nodes: Iterable[str], asides: Iterable[AsideKey]) -> Load:
    """These nodes, regions and notes, with what the regions carry. Nodes that a folded group hides go as its card."""
    keys = list(asides)
    regions = [id for kind, id in keys if kind == "region" and id in graph.regions]
    found = [edits.carried_by(graph, id) for id in regions]
    chosen = dict.fromkeys([*nodes, *(id for each in found for id in each.nodes)])
    cards = dict.fromkeys(card for id in chosen if (card := graph.grouping.shown_as(id)) is not None)
    notes = [id for kind, id in keys if kind == "note" and id in graph.notes]
    things = Carried(
        tuple(id for id in chosen if graph.grouping.shown_as(id) is None),
        tuple(dict.fromkeys([*cards, *(id for each in found for id in each.groups)])),
        tuple(dict.fromkeys([*regions, *(id for each in found for id in each.regions)])),
        tuple(dict.fromkeys([*notes, *(id for each in found for id in each.notes)])),
    )  # fmt: skip
    taken = set(things.nodes).union(*(graph.grouping.within(id) for id in things.groups))
    return Load(things, tuple(id for id in graph.nodes if id in taken))
