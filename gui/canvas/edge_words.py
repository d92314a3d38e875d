"""Which leaf moves where tangents are on the edges: the one that is selected; and what is said of it."""

from PySide6.QtCore import QObject

from engine.graph.graph import Graph
from engine.show.beside import OnEdges
from engine.show.modes import brief_modes
from engine.show.now import Now
from gui.canvas.desk import Desk

HOW = "▸ is how fast each node follows {leaf}; click another leaf."
ALL = "▸ is how fast each node follows all elements of {leaf} together; click another leaf."
NO_LEAF = "Forward mode needs a leaf that holds a value: add an input or a parameter."


class EdgeWords(QObject):
    """A click on a leaf is enough."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk, self._lens = desk, desk.bridge.real.lens
        desk.bridge.told.connect(self._on_told)
        desk.selection.changed.connect(self._on_selection)

    def show_tangents(self) -> None:
        """Let a leaf move, and say how fast all others follow."""
        graph = self._desk.document
        self._move(self._picked() or _first_leaf(graph))

    def _move(self, leaf: str) -> None:
        self._lens.put_on_edges(OnEdges("tangents", leaf))
        self._desk.tell(self._sentence(leaf))

    def _sentence(self, leaf: str) -> str:
        now = self._desk.bridge.now
        if not leaf:
            return NO_LEAF
        node = now.graph.nodes[leaf]
        how = (ALL if node.value is not None and node.value.ndim else HOW).format(leaf=node.name)
        has_target = now.trace.plan.target is not None
        return f"{how} {brief_modes(now.graph, now.trace, leaf)}".rstrip() if has_target else how

    def _picked(self) -> str:
        """The one leaf that is selected."""
        graph, nodes = self._desk.document, self._desk.picked
        leaves = [id for id in nodes if id in graph.nodes and graph.nodes[id].op.holds_value]
        return leaves[0] if len(nodes) == len(leaves) == 1 else ""

    def _on_selection(self) -> None:
        chosen = self._lens.on_edges
        if chosen.shown == "tangents" and (leaf := self._picked()) and leaf != chosen.leaf:
            self._move(leaf)

    def _on_told(self, now: Now) -> None:
        """The leaf may be gone."""
        chosen = self._lens.on_edges
        if chosen.shown == "tangents" and chosen.leaf not in now.graph.nodes:
            self._lens.put_on_edges(OnEdges("tangents", _first_leaf(now.graph)))


def _first_leaf(graph: Graph) -> str:
    """A leaf to begin with: a parameter, if there is one, that the target depends on."""
    target = graph.target
    near = graph.topology.ancestors(target) if target in graph.nodes and target else set(graph.nodes)
    leaves = [id for id in graph.order if graph.nodes[id].op.holds_value]
    ranked = sorted(leaves, key=lambda id: (id not in near, graph.nodes[id].op_name != "parameter"))
    return ranked[0] if ranked else ""
