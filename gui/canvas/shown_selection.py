"""The selection as the canvas shows it: a folded group is selected where all of its nodes are."""

from collections.abc import Callable, Iterable

from engine.graph.change import Change
from engine.graph.records import EdgeKey
from engine.layout.shown import Shown
from gui.canvas.model.showing import edges_of, nodes_of, seen_edges, seen_nodes
from gui.document.selection import AsideKey, Chosen, Selection


class ShownSelection:
    """What is asked of it and told to it are nodes and edges as they are shown; `real` knows those of the document."""

    def __init__(self, real: Selection, shown: Callable[[], Shown]) -> None:
        self.real, self._shown = real, shown
        self.changed, self.reveal_requested, self.pointed = real.changed, real.reveal_requested, real.pointed
        self._asked: tuple[object, ...] = ()
        self._found: tuple[frozenset[str], frozenset[EdgeKey]] = (frozenset(), frozenset())

    @property
    def _both(self) -> tuple[frozenset[str], frozenset[EdgeKey]]:
        real = self.real
        if not (real.nodes or real.edges):
            return real.nodes, real.edges
        shown = self._shown()
        asked = (shown, real.nodes, real.edges)
        if len(self._asked) < len(asked) or any(a is not b for a, b in zip(self._asked, asked, strict=True)):
            self._asked = asked
            self._found = seen_nodes(shown, real.nodes), seen_edges(shown, real.edges)
        return self._found

    @property
    def nodes(self) -> frozenset[str]:
        return self._both[0]

    @property
    def edges(self) -> frozenset[EdgeKey]:
        return self._both[1]

    @property
    def pointed_nodes(self) -> frozenset[str]:
        """What a panel points at, as far as it is shown: a card for what is in it."""
        shown, ids = self._shown(), self.real.pointed_nodes
        return ids if shown.cover.is_plain else frozenset(shown.cover.seen_as.get(id, id) for id in ids)

    @property
    def pointed_edges(self) -> frozenset[EdgeKey]:
        shown, keys = self._shown(), self.real.pointed_edges
        if shown.cover.is_plain:
            return keys
        return frozenset(key for each in keys if (key := shown.cover.shown_key(each)) is not None)

    @property
    def asides(self) -> frozenset[AsideKey]:
        return self.real.asides

    @property
    def chosen(self) -> Chosen:
        """All that is selected."""
        return *self._both, self.real.asides

    @property
    def turns(self) -> list[frozenset[str]]:
        """The selected nodes in the order in which they were."""
        return [turn for each in self.real.turns if (turn := seen_nodes(self._shown(), each))]

    def gather(self, before: Iterable[str]) -> None:
        """What has come to these since came by one gesture."""
        self.real.gather(nodes_of(self._shown(), before))

    def select(self, nodes: Iterable[str] = (), edges: Iterable[EdgeKey] = (), asides: Iterable[AsideKey] = ()) -> None:
        """Select exactly these."""
        shown = self._shown()
        if shown.cover.is_plain:
            self.real.select(nodes, edges, asides)
        else:
            self.real.select(nodes_of(shown, nodes), edges_of(shown, edges), asides)

    def toggle(self, nodes: Iterable[str] = (), edges: Iterable[EdgeKey] = (), asides: Iterable[AsideKey] = ()) -> None:
        """Add these to the selection, or take them out of it."""
        self.select(self.nodes ^ frozenset(nodes), self.edges ^ frozenset(edges), self.asides ^ frozenset(asides))

    def select_new(self, change: Change | None) -> None:
        """Select the nodes that an edit has added; if it was refused, the selection stays."""
        self.real.select_new(change)

    def reveal(self, ids: Iterable[str]) -> None:
        """Bring nodes into view and select them."""
        self.real.reveal(nodes_of(self._shown(), ids))
