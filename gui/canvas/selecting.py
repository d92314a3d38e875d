"""Selecting by who feeds whom: the streams, the paths between nodes, all of an op, everything else."""

from collections.abc import Collection

from engine.errors import EditRefused
from engine.graph import streams
from gui.canvas.desk import Desk
from gui.canvas.shown_selection import ShownSelection


class Selecting:
    """Selects nodes together with the edges between them; nothing here edits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def _selection(self) -> ShownSelection:
        return self._desk.selection

    def all(self) -> None:
        """Everything."""
        self._selection.select(self._desk.graph.nodes, self._desk.graph.edges)

    def invert(self) -> None:
        """The nodes that are not selected; where edges alone are, the other edges."""
        graph, nodes, edges = self._desk.graph, self._selection.nodes, self._selection.edges
        if edges and not nodes:
            self._selection.select(edges=graph.edges.keys() - edges)
        else:
            self._select(graph.nodes.keys() - nodes)

    def upstream(self) -> None:
        """All that feeds what is selected, and that too."""
        self._select(streams.upstream(self._desk.graph, self._chosen(0)))

    def downstream(self) -> None:
        """All that is fed by what is selected, and that too."""
        self._select(streams.downstream(self._desk.graph, self._chosen(1)))

    def path(self) -> None:
        """All that stands on a path between the nodes that are selected; if there is none, it is said."""
        graph, ends = self._desk.graph, self._selection.nodes
        found = streams.between(graph, ends)
        if streams.edges_within(graph, found):
            self._select(found)
        else:
            names = " and ".join(graph.nodes[id].name for id in graph.nodes if id in ends)
            said = f"from one to the other: {names}" if len(ends) == 2 else "between these nodes"
            self._desk.bridge.refused.emit(EditRefused(f"No path leads {said}.", tuple(ends)))

    def same_op(self) -> None:
        """All nodes that compute the same."""
        self._select(streams.of_same_op(self._desk.graph, self._selection.nodes))

    def _chosen(self, end: int) -> set[str]:
        """The nodes that are selected, and of edges where they begin (0) or end (1)."""
        edges = (self._desk.graph.edges[key] for key in self._selection.edges)
        return {*self._selection.nodes, *((edge.source, edge.dest)[end] for edge in edges)}

    def _select(self, nodes: Collection[str]) -> None:
        self._selection.select(nodes, streams.edges_within(self._desk.graph, nodes))
