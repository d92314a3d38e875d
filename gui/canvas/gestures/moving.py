"""Drag of nodes: they go where the hand goes. A single free node that is let go over an edge is put into it."""

from functools import cached_property

from engine import edits
from engine.graph.records import EdgeKey, Pos
from gui.canvas.gestures.carrying import Carrying
from gui.canvas.gestures.state import Hand, State
from gui.canvas.hits import edge_at
from gui.canvas.leaving import Leaving, regrouped
from gui.canvas.model.aside_boxes import Box
from gui.document.selection import AsideKey

SPLICE_REACH = 18.0
HINT = "Alt makes copies instead, Ctrl lets no guide draw, Esc puts everything back."


class Moving(Carrying):
    """With Alt copies of them are made instead."""

    _onto: EdgeKey | None = None
    _seen: Hand | None = None  # where it was followed to last

    def move(self, hand: Hand) -> State:
        if hand.alt:
            self._put_back()
            return self._turned().move(hand)
        self._seen = hand
        self._follow(hand)
        positions = self._positions()
        self._leaving.follow(positions)
        self.desk.scene.asides.left_out = self._leaving.left_out
        self.desk.scene.preview(positions)
        if self._boxes:
            self.desk.scene.preview_asides(self._load.boxes(self._boxes, self._way))
        self._onto = self._edge_below()
        if self._onto is not None:
            self.desk.scene.preview(self._with_room(self._onto))
        self.lit_edges = frozenset({self._onto} if self._onto else ())
        self.lit_aside = self._leaving.goal
        self.desk.tell(self._told(self._onto) if self._onto else self._leaving.sentence or HINT)
        return self

    def _told(self, key: EdgeKey) -> str:
        graph = self.desk.graph
        edge = graph.edges[key]
        ends = f"{graph.nodes[edge.source].name} and {graph.nodes[edge.dest].name}"
        return f"Let go to put {graph.nodes[self._id].name} between {ends}."

    def release(self, hand: Hand) -> None:
        last = self if hand == self._seen else self.move(hand)
        if last is not self:
            last.release(hand)
            return
        positions, onto, id = self._positions(), self._onto, self._id
        load, way, homes = self._load, self._way, self._leaving.homes
        if onto is None:
            self.desk.edit_document(lambda graph: regrouped(load.move(graph, way), graph, homes))
        else:
            self.desk.bridge.edit(lambda graph: edits.move_onto(graph, onto, id, positions[id]))
        self._put_back()

    def cancel(self) -> None:
        self._put_back()
        super().cancel()

    def _put_back(self) -> None:
        """What the graph says is shown."""
        if self._boxes:
            self.desk.scene.preview_asides({})
        self.desk.scene.asides.left_out = frozenset()
        self.desk.scene.preview({})

    @cached_property
    def _leaving(self) -> Leaving:
        """Which groups the nodes leave and enter on their way."""
        loose = self._load.nodes if self.desk.showing.within is None else ()
        return Leaving(self.desk.document, self.desk.scene.asides, self.desk.scene.stage, loose)

    @cached_property
    def _boxes(self) -> dict[AsideKey, Box]:
        """Where the regions and notes that go along were."""
        shown = self.desk.scene.asides.shown
        return {key: shown[key].box for key in self._load.asides() if key in shown}

    def _positions(self) -> dict[str, Pos]:
        return self._load.positions(self.desk.graph, self._way)

    def _with_room(self, onto: EdgeKey) -> dict[str, Pos]:
        """Where all come to stand that make room for it."""
        positions, id = self._positions(), self._id
        return positions | edits.moved_by(edits.move_onto(self.desk.graph, onto, id, positions[id]))

    def _edge_below(self) -> EdgeKey | None:
        id, graph = self._id, self.desk.graph
        free = not graph.into(id) and not graph.out_of(id) and graph.nodes[id].op.ports
        if not free or len(self._ids) > 1:
            return None
        return edge_at(self.desk.scene, self.desk.scene.nodes_rect([id]).center(), SPLICE_REACH).edge
