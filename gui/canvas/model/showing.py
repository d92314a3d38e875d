"""What of the open document the canvas shows: its groups folded, or the inside of one. Everything asks here what a node
of the document is seen as, and what a shown one stands for."""

from collections.abc import Iterable

from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.layout.group_cards import MARK
from engine.layout.shown import Shown, shown_of


class Showing:
    """Follows the document; `within` is the group that is looked into."""

    def __init__(self, graph: Graph) -> None:
        self.within: str | None = None
        self.last = shown_of(graph)

    def of(self, graph: Graph) -> Shown:
        """What is shown of the document."""
        last = self.last
        if last.real is not graph or last.cover.within != self.within:
            if self.within not in graph.groups:
                self.within = None
            self.last = last = shown_of(graph, self.within, last)
        return last

    def look_into(self, group: str | None) -> None:
        """Show the contents of a group alone; None: the whole document."""
        self.within = group


def nodes_of(shown: Shown, ids: Iterable[str]) -> frozenset[str]:
    """All nodes of the document that some shown ones stand for."""
    return frozenset(node for id in ids for node in shown.members(id))


def edges_of(shown: Shown, keys: Iterable[EdgeKey]) -> frozenset[EdgeKey]:
    """All edges of the document that some shown ones stand for."""
    real = shown.real.edges
    return frozenset(head for key in keys for head in shown.cover.heads(key) if head in real)


def seen_nodes(shown: Shown, ids: frozenset[str]) -> frozenset[str]:
    """What some nodes of the document are seen as; a card where all of its nodes are among them."""
    if shown.cover.is_plain or not ids:
        return ids
    plain = frozenset(id for id in ids if id in shown.graph.nodes)
    cards = {card for id in ids if (card := shown.cover.seen_as.get(id, "")).startswith(MARK)}
    return plain | {card for card in cards if (members := shown.members(card)) and members <= ids}


def seen_edges(shown: Shown, keys: frozenset[EdgeKey]) -> frozenset[EdgeKey]:
    """The shown edges that stand for some of the document, and for no others."""
    if shown.cover.is_plain or not keys:
        return keys
    found = {key for each in keys if (key := shown.cover.shown_key(each)) is not None}
    return frozenset(key for key in found if key in shown.graph.edges and edges_of(shown, [key]) <= keys)
