"""The selection: it belongs to the view, not to the graph, so it is never saved or undone."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from engine.graph.change import Change
from engine.graph.records import EdgeKey
from engine.show.now import Now
from gui.document.bridge import Bridge


class Selection(QObject):
    """The selection, and requests to show a place. It is made before the views, and so follows the document first:
    a view that is told of a change finds here what is selected since.
    """

    changed = Signal()  # somebody selected something else: not where the document took it away
    reveal_requested = Signal(object)  # a tuple of node ids to bring into view and flash

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        bridge.told.connect(self._follow)
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

    def select_new(self, change: Change | None) -> None:
        """Select the nodes that an edit has added; if it was refused, the selection stays."""
        if change is not None:
            self.select(id for id, (before, _) in change.nodes.items() if before is None)

    def reveal(self, ids: Iterable[str]) -> None:
        """Bring nodes into view and select them: what a click on a problem does."""
        wanted = tuple(ids)
        if wanted:
            self.select(wanted)
            self.reveal_requested.emit(wanted)

    def _follow(self, now: Now) -> None:
        """Forget what a change took away; a renamed node stays selected. In another document nothing is selected."""
        change = now.change
        gone = {id for id, (_, after) in change.nodes.items() if after is None}
        came = [id for id, (before, _) in change.nodes.items() if before is None]
        nodes = self.nodes - gone
        if len(gone) == len(came) == 1 and gone & self.nodes:
            nodes |= {came[0]}
        cut = {key for key, (_, after) in change.edges.items() if after is None}
        self.nodes, self.edges = (frozenset(), frozenset()) if now.loaded else (nodes, self.edges - cut)
