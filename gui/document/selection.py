"""The selection: it belongs to the view, not to the graph, so it is never saved or undone."""

from collections.abc import Callable, Container, Iterable
from typing import Literal

from PySide6.QtCore import QObject, Signal

from engine.graph.change import Change
from engine.graph.records import EdgeKey
from engine.show.now import Now
from gui.document.bridge import Bridge

AsideKey = tuple[Literal["region", "note", "group"], str]  # what stands beside nodes and edges: its kind and its id
Chosen = tuple[frozenset[str], frozenset[EdgeKey], frozenset[AsideKey]]  # nodes, edges, regions and notes


class Selection(QObject):
    """The selection, and requests to show a place. It is made before the views, and so follows the document first:
    a view that is told of a change finds here what is selected since.

    For each point of the history it remembers what was selected there last.
    """

    changed = Signal()  # somebody selected something else: not where the document took it away
    reveal_requested = Signal(object)  # a tuple of node ids to bring into view and flash
    aside_revealed = Signal(object)  # the key of a region or note to bring into view
    pointed = Signal()  # a panel points at other nodes and edges, or at none

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = bridge.document
        self._at: dict[int, Chosen] = {}  # by how many steps can be undone there
        self._travels, self._depth = False, self._document.depth
        bridge.told.connect(self._follow)
        self.nodes: frozenset[str] = frozenset()
        self.edges: frozenset[EdgeKey] = frozenset()
        self.asides: frozenset[AsideKey] = frozenset()  # regions and notes
        self._turns: list[frozenset[str]] = []
        self.pointed_nodes: frozenset[str] = frozenset()  # what a panel speaks of where the mouse is
        self.pointed_edges: frozenset[EdgeKey] = frozenset()

    @property
    def chosen(self) -> Chosen:
        """All that is selected."""
        return self.nodes, self.edges, self.asides

    @property
    def turns(self) -> list[frozenset[str]]:
        """The selected nodes in the order in which they were: those together that came by one gesture."""
        known = [turn & self.nodes for turn in self._turns]
        rest = self.nodes.difference(*known)
        return [turn for turn in (*known, rest) if turn]

    def gather(self, before: Iterable[str]) -> None:
        """What has come to these since came by one gesture, however often it was told."""
        old = frozenset(before)
        self._turns = [*(turn & old for turn in self._turns), self.nodes - old]

    def select(self, nodes: Iterable[str] = (), edges: Iterable[EdgeKey] = (), asides: Iterable[AsideKey] = ()) -> None:
        """Select exactly these; what is no longer there when a click has ended is not selected."""
        chosen = self._there((frozenset(nodes), frozenset(edges), frozenset(asides)))
        if chosen != self.chosen:
            self._turns = [*(left for turn in self._turns if (left := turn & chosen[0])), chosen[0] - self.nodes]
            self.nodes, self.edges, self.asides = chosen
            self.changed.emit()

    def _there(self, chosen: Chosen) -> Chosen:
        """Those of them that there are."""
        graph, (nodes, edges, asides) = self._document.graph, chosen
        tables: dict[str, Container[str]] = {"region": graph.regions, "note": graph.notes}
        return (
            frozenset(id for id in nodes if id in graph.nodes),
            frozenset(key for key in edges if key in graph.edges),
            frozenset(key for key in asides if key[1] in tables.get(key[0], ())),
        )

    def travel(self, step: Callable[[], Change]) -> Change:
        """Undo or redo by `step`, and select what was selected when the document was last as it is then."""
        before = self._at[self._document.depth] = self.chosen
        self._travels = True
        try:
            change = step()
        finally:
            self._travels = False
        if self.chosen != before:
            self.changed.emit()
        return change

    def toggle(self, nodes: Iterable[str] = (), edges: Iterable[EdgeKey] = (), asides: Iterable[AsideKey] = ()) -> None:
        """Add these to the selection, or take them out of it (Shift-click)."""
        self.select(self.nodes ^ frozenset(nodes), self.edges ^ frozenset(edges), self.asides ^ frozenset(asides))

    def select_new(self, change: Change | None) -> None:
        """Select the nodes, regions and notes that an edit has added; if it was refused, the selection stays."""
        if change is not None:
            asides = [*_added(change, "region"), *_added(change, "note")]
            self.select((id for id, (before, _) in change.nodes.items() if before is None), (), asides)

    def reveal(self, ids: Iterable[str]) -> None:
        """Bring nodes into view and select them: what a click on a problem does."""
        wanted = tuple(ids)
        if wanted:
            self.select(wanted)
            self.reveal_requested.emit(wanted)

    def reveal_aside(self, key: AsideKey) -> None:
        """Bring a region or a note into view and select it."""
        self.select(asides=[key])
        self.aside_revealed.emit(key)

    def point_at(self, nodes: Iterable[str] = (), edges: Iterable[EdgeKey] = ()) -> None:
        """Light up what a panel speaks of where the mouse is; nothing: no longer. It is not selected by that."""
        meant = frozenset(nodes), frozenset(edges)
        if meant != (self.pointed_nodes, self.pointed_edges):
            self.pointed_nodes, self.pointed_edges = meant
            self.pointed.emit()

    def _follow(self, now: Now) -> None:
        if now.loaded or (now.change and now.change.moves_topology):
            self.pointed_nodes, self.pointed_edges = frozenset(), frozenset()
        if now.loaded:
            self.nodes, self.edges, self.asides = frozenset(), frozenset(), frozenset()
            self._at.clear()
            self._depth = 0
        elif now.change:
            before, self._depth = self._depth, self._document.depth
            if self._travels:
                self.nodes, self.edges, self.asides = self._there(self._at.get(self._depth, self.chosen))
                return
            if self._depth > before:  # a step of its own, not one more of a gesture
                self._at[before] = self.chosen
            self._forget_lost(now.change)

    def _forget_lost(self, change: Change) -> None:
        """Forget what a change took away; a renamed node stays selected."""
        gone = {id for id, (_, after) in change.nodes.items() if after is None}
        came = [id for id, (before, _) in change.nodes.items() if before is None]
        nodes = self.nodes - gone
        if len(gone) == len(came) == 1 and gone & self.nodes:
            nodes |= {came[0]}
            self._turns = [turn | {came[0]} if turn & gone else turn for turn in self._turns]
        self.nodes, self.edges, self.asides = self._there((nodes, self.edges, self.asides))


def _added(change: Change, kind: Literal["region", "note"]) -> list[AsideKey]:
    """The regions, or the notes, that a change adds."""
    before, after = change.facts.get(f"{kind}s", ((), ()))
    had = {each.id for each in before or ()}
    return [(kind, each.id) for each in after or () if each.id not in had]
