"""What a drag or nudge takes along: nodes, folded groups, regions with all that lies in them, and notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine import edits
from engine.edits.regions import Carried
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Pos
from engine.layout.shown import Shown
from gui.canvas.model.aside_boxes import Box
from gui.document.selection import AsideKey


@dataclass(frozen=True)
class Load:
    """What goes along, each thing once."""

    things: Carried
    nodes: tuple[str, ...]  # in the order of the graph, those in folded groups too
    seen: tuple[str, ...]  # what these are seen as

    def positions(self, shown: Graph, way: Pos) -> dict[str, Pos]:
        """Where what is seen of it is when all has gone a way."""
        return _moved(shown, self.seen, way)

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
        """The edit of the document that moves all of it."""
        if not (self.things.groups or self.things.regions or self.things.notes):
            return edits.move_nodes(graph, _moved(graph, self.nodes, way))
        return edits.move_all(graph, way, self.things)


def _moved(graph: Graph, ids: Iterable[str], way: Pos) -> dict[str, Pos]:
    places = ((id, graph.nodes[id].pos) for id in ids)
    return {id: (x + way[0], y + way[1]) for id, (x, y) in places}


def load_of(shown: Shown, nodes: Iterable[str], asides: Iterable[AsideKey]) -> Load:
    """These nodes of the document, regions and notes, with what the regions carry. What is seen as a card goes with
    all that is in it."""
    graph, keys = shown.real, list(asides)
    regions = [id for kind, id in keys if kind == "region" and id in graph.regions]
    found = [edits.carried_by(graph, id) for id in regions]
    chosen = dict.fromkeys([*nodes, *(id for each in found for id in each.nodes)])
    cards = dict.fromkeys(card for id in chosen if (card := shown.card_group(id)))
    notes = [id for kind, id in keys if kind == "note" and id in graph.notes]
    things = Carried(
        tuple(id for id in chosen if shown.cover.place_of(id) == id),
        tuple(dict.fromkeys([*cards, *(id for each in found for id in each.groups)])),
        tuple(dict.fromkeys([*regions, *(id for each in found for id in each.regions)])),
        tuple(dict.fromkeys([*notes, *(id for each in found for id in each.notes)])),
    )  # fmt: skip
    taken = set(things.nodes).union(*(graph.grouping.within(id) for id in things.groups))
    seen = shown.ids_of(taken)
    return Load(
        things, tuple(id for id in graph.nodes if id in taken), tuple(id for id in shown.graph.nodes if id in seen)
    )
