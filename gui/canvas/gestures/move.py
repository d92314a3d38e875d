"""Drag of nodes: they follow the hand on the grid. A click selects; a click on a leaf's number edits it.

A single free node that is let go over an edge is put into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey, Pos
from gui.canvas.gestures.gesture import Gesture, Hand
from gui.canvas.hits import Hit, edge_at
from gui.canvas.model.geometry import snapped

if TYPE_CHECKING:
    from gui.canvas.commands import Commands

SPLICE_REACH = 18.0


class Move(Gesture):
    """The node under the hand and all that are selected with it."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, view: Commands, hand: Hand, hit: Hit) -> None:
        super().__init__(view, hand)
        self.hit = hit
        self._selected = (view.selection.nodes, view.selection.edges)
        self._onto: EdgeKey | None = None
        if hit.id not in view.selection.nodes and not hand.shift:
            view.selection.select([hit.id])

    def drag(self, hand: Hand) -> None:
        if self.hit.id not in self.view.selection.nodes:
            self.view.selection.toggle([self.hit.id])
        self.view.scene().preview(self._positions(hand))
        self._onto = self._edge_below()
        text = f"Put {self._graph.nodes[self.hit.id].name} into the edge" if self._onto else ""
        self.view.tell(text)

    def release(self, hand: Hand) -> None:
        if not self.dragging:
            self._click(hand)
            return
        positions, onto, id = self._positions(hand), self._onto, self.hit.id

        def make(graph: Graph) -> Change:
            moved = edits.move_nodes(graph, positions)
            return moved.then(edits.splice(graph.apply(moved), onto, id)) if onto else moved

        self.view.bridge.edit(make)
        self.view.scene().preview({})

    def _click(self, hand: Hand) -> None:
        if hand.shift:
            self.view.selection.toggle([self.hit.id])
            return
        self.view.selection.select([self.hit.id])
        if self.hit.kind == "value":
            self.view.edit_value(self.hit.id)

    def cancel(self) -> None:
        self.view.scene().preview({})
        self.view.selection.select(*self._selected)

    @property
    def lit_edge(self) -> EdgeKey | None:
        return self._onto

    @property
    def _graph(self) -> Graph:
        return self.view.bridge.graph

    def _positions(self, hand: Hand) -> dict[str, Pos]:
        """All move by the same way: that which brings the node under the hand onto the grid."""
        way = hand.at - self.first.at
        x, y = self._graph.nodes[self.hit.id].pos
        to_x, to_y = snapped(x + way.x(), y + way.y())
        moved = (self._graph.nodes[id] for id in self.view.selection.nodes)
        return {node.id: (node.pos[0] + to_x - x, node.pos[1] + to_y - y) for node in moved}

    def _edge_below(self) -> EdgeKey | None:
        id, graph = self.hit.id, self._graph
        free = not graph.into(id) and not graph.out_of(id) and graph.nodes[id].op.ports
        if not free or len(self.view.selection.nodes) > 1:
            return None
        centre = self.view.scene().node_items[id].card().center()
        return edge_at(self.view.scene(), centre, SPLICE_REACH).edge
