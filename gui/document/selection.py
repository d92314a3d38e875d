"""What belongs to the looking, not to the graph: the selection. Never saved in it, never undone."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from engine.graph.change import Change
from engine.graph.records import EdgeKey


class Selection(QObject):
    """The selection, and requests to show a place."""

    changed = Signal()
    reveal_requested = Signal(object)  # a tuple of node ids to bring into view and flash

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes: frozenset[str] = frozenset()
        self.edges: frozenset[EdgeKey] = frozenset()

    def select(self, nodes: Iterable[str] = (), edges: Iterable[EdgeKey] = ()) -> None:
        """Select exactly these."""
        chosen = (frozenset(nodes), frozenset(edges))
        if chosen != (self.nodes, self.edges):
            self.nodes, self.edges = chosen
            self.changed.emit()

    def toggle(self, nodes: Iterable[str] = (), edges: Iterable[EdgeKey] = ()) -> None:
        """Add these to the selection, or take them out of it (Shift-click)."""
        self.select(self.nodes ^ frozenset(nodes), self.edges ^ frozenset(edges))

    def reveal(self, ids: Iterable[str]) -> None:
        """Bring nodes into view and select them: what a click on a problem does."""
        wanted = tuple(ids)
        if wanted:
            self.select(wanted)
            self.reveal_requested.emit(wanted)

    def follow(self, change: Change) -> None:
        """Forget what a change took away; a renamed node stays selected."""
        gone = {id for id, (_, after) in change.nodes.items() if after is None}
        came = [id for id, (before, _) in change.nodes.items() if before is None]
        nodes = self.nodes - gone
        if len(gone) == len(came) == 1 and gone & self.nodes:
            nodes |= {came[0]}
        cut = {key for key, (_, after) in change.edges.items() if after is None}
        self.select(nodes, self.edges - cut)
