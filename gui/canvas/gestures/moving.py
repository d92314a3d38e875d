"""Drag of nodes: they follow the hand on the grid. A single free node that is let go over an edge is put into it."""

from PySide6.QtCore import Qt

from engine import edits
from engine.graph.records import EdgeKey, Pos
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State
from gui.canvas.hits import edge_at
from gui.canvas.model.geometry import snapped

SPLICE_REACH = 18.0


class Moving(State):
    """The node under the hand, and all that are selected with it."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, desk: Desk, first: Hand, id: str, before: tuple[frozenset[str], frozenset[EdgeKey]]) -> None:
        super().__init__(desk)
        self._first, self._id, self._before = first, id, before
        self._onto: EdgeKey | None = None

    def move(self, hand: Hand) -> State:
        if self._id not in self.desk.selection.nodes:
            self.desk.selection.toggle([self._id])
        self.desk.scene.preview(self._positions(hand))
        self._onto = self._edge_below()
        self.lit_edges = frozenset({self._onto} if self._onto else ())
        self.desk.tell(f"Put {self.desk.graph.nodes[self._id].name} into the edge" if self._onto else "")
        return self

    def release(self, hand: Hand) -> None:
        positions, onto, id = self._positions(hand), self._onto, self._id
        if onto is None:
            self.desk.bridge.edit(lambda graph: edits.move_nodes(graph, positions))
        else:
            self.desk.bridge.edit(lambda graph: edits.move_onto(graph, onto, id, positions[id]))
        self.desk.scene.preview({})

    def cancel(self) -> None:
        self.desk.scene.preview({})
        self.desk.select_again(*self._before)

    def _positions(self, hand: Hand) -> dict[str, Pos]:
        """All move by the same way: that which brings the node under the hand onto the grid."""
        nodes, way = self.desk.graph.nodes, hand.at - self._first.at
        x, y = nodes[self._id].pos
        to_x, to_y = snapped(x + way.x(), y + way.y())
        moved = (nodes[id] for id in self.desk.selection.nodes)
        return {node.id: (node.pos[0] + to_x - x, node.pos[1] + to_y - y) for node in moved}

    def _edge_below(self) -> EdgeKey | None:
        id, graph = self._id, self.desk.graph
        free = not graph.into(id) and not graph.out_of(id) and graph.nodes[id].op.ports
        if not free or len(self.desk.selection.nodes) > 1:
            return None
        return edge_at(self.desk.scene, self.desk.scene.nodes_rect([id]).center(), SPLICE_REACH).edge
