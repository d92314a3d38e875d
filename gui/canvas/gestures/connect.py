"""Drag from port to port, either way: makes an edge, or moves the end of one, or removes it.

Before the release it shows which ports would accept, and says why one would not.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from engine import edits
from engine.edits.edges import Verdict
from engine.errors import EditRefused
from engine.graph.graph import Graph
from engine.graph.records import Edge, Pos
from gui.canvas.gestures.gesture import Gesture, Hand
from gui.canvas.hits import Hit, items_near, ports_of
from gui.canvas.model.geometry import curve
from gui.canvas.node_item import NodeItem
from gui.canvas.paint.edge import paint_loose_curve
from gui.canvas.paint.node import Marks
from gui.look.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.commands import Commands

SNAP = 24.0  # pixels on screen within which a port draws the end to itself


@dataclass(frozen=True)
class Offer:
    """The edge that a release would make, and whether it may. `edge` is None where a node has no port for it."""

    edge: Edge | None
    verdict: Verdict


class Connect(Gesture):
    """One end is fixed at a port, the other is in the hand. `moved` is the edge whose end it is, if it was one's."""

    cursor = Qt.CursorShape.CrossCursor
    overlay = True

    def __init__(self, view: Commands, hand: Hand, hit: Hit, moved: Edge | None = None) -> None:
        super().__init__(view, hand)
        self.forward = moved is not None or hit.kind == "output"
        self.id, self.port = (moved.source, moved.output) if moved else (hit.id, hit.port)
        self.moved = moved
        self.offer: Offer | None = None
        self._marks: dict[str, Marks] = {}  # the same as long as it lasts
        topology = view.bridge.graph.topology
        self._loops = {self.id} | (topology.ancestors(self.id) if self.forward else topology.descendants(self.id))

    # --- while it lasts

    def drag(self, hand: Hand) -> None:
        self.offer = self._offer(hand.at)
        self.refused = self.offer is not None and not self.offer.verdict.allowed
        self.sentence = self.offer.verdict.sentence if self.offer else ""
        self.view.tell(self.sentence or self._hint())

    def marks(self) -> dict[str, Marks]:
        if not self.dragging:
            return {}
        if not self._marks:
            self._marks = {id: self._mark(item) for id, item in self.view.scene().node_items.items()}
        return self._marks

    def _mark(self, item: NodeItem) -> Marks:
        here = item.id in self.view.selection.nodes
        if item.id in self._loops:
            return Marks(selected=here, dimmed=item.id != self.id)
        if self.forward:
            ports = frozenset(range(item.picture.ports))
            return Marks(selected=here, lit_ports=ports, dimmed=not ports)
        return Marks(selected=here, lit_output=True)

    @property
    def hidden_edge(self) -> tuple[str, int] | None:
        return self.moved.key if self.moved and self.dragging else None

    def paint(self, painter: QPainter, theme: Theme) -> None:
        if not self.dragging:
            return
        fixed, loose = self._fixed_place(), self._loose_place()
        shape = curve(fixed, loose) if self.forward else curve(loose, fixed)
        paint_loose_curve(painter, shape, theme, self.offer.verdict.allowed if self.offer else None)

    # --- the end of it

    def release(self, hand: Hand) -> None:
        if not self.dragging:
            self._click(hand)
            return
        self.drag(hand)
        offer = self.offer
        if offer is None:
            self._drop_on_nothing()
        elif offer.verdict.allowed and offer.edge is not None:
            self._join(offer.edge)
        elif not offer.verdict.allowed:  # the bubble is gone: the reason stays in the status bar
            self.view.bridge.refused.emit(EditRefused(offer.verdict.sentence, offer.verdict.ids))

    def _click(self, hand: Hand) -> None:
        """A click on a port selects the edge that ends there, or else the node."""
        if self.moved is not None:
            self.view.selection.select(edges=[self.moved.key])
        else:
            self.view.selection.select([self.id])

    def _drop_on_nothing(self) -> None:
        moved = self.moved
        if moved is not None:
            self.view.bridge.edit(lambda graph: edits.disconnect(graph, moved.key))

    def _join(self, edge: Edge) -> None:
        moved = self.moved
        if moved is None:
            self.view.bridge.edit(lambda g: edits.connect(g, edge.source, edge.dest, edge.port, edge.output))
        elif edge != moved:
            self.view.bridge.edit(
                lambda g: edits.reconnect(g, moved.key, edge.source, edge.dest, edge.port, edge.output)
            )

    # --- what a release here would do

    @property
    def _graph(self) -> Graph:
        return self.view.bridge.graph

    def _offer(self, at: QPointF) -> Offer | None:
        reach = SNAP / self.view.zoom
        items = list(items_near(self.view.scene(), at, reach))
        found = self._nearest_port(items, at, reach)
        if found is not None:
            return self._judged(*found)
        body = next((item for item in items if item.card().contains(at)), None)
        return self._on_body(body, at) if body is not None else None

    def _nearest_port(self, items: list[NodeItem], at: QPointF, reach: float) -> tuple[str, int] | None:
        wanted = "input" if self.forward else "output"
        near = [
            (hypot(place.x() - at.x(), place.y() - at.y()), item.id, port)
            for item in items
            for kind, port, place in ports_of(item)
            if kind == wanted
        ]
        away, id, port = min(near, default=(reach + 1, "", 0))
        return (id, port) if away <= reach else None

    def _on_body(self, item: NodeItem, at: QPointF) -> Offer | None:
        """On a node's body the first free port is meant; where none is free, the nearest."""
        if item.id == self.id:
            return None
        if not self.forward:
            return self._judged(item.id, 0)
        ports = range(self._graph.port_count(item.id))
        if not ports:
            name = self._graph.nodes[item.id].name
            return Offer(None, Verdict(False, f"{name} has no inputs: it holds a value.", (item.id,)))
        taken = {e.port for e in self._graph.into(item.id) if self.moved is None or e.key != self.moved.key}
        free = [port for port in ports if port not in taken]
        port = free[0] if free else min(ports, key=lambda p: abs(self._stage.input_place(item.id, p)[1] - at.y()))
        return self._judged(item.id, port)

    def _judged(self, id: str, port: int) -> Offer:
        """`id`, `port`: an input port if the source is fixed, else an output."""
        edge = Edge(self.id, id, port, self.port) if self.forward else Edge(id, self.id, self.port, port)
        moving = self.moved.key if self.moved else None
        return Offer(edge, edits.judge(self._graph, edge.source, edge.dest, edge.port, edge.output, moving))

    def _hint(self) -> str:
        if self.offer is not None and self.offer.edge is not None:
            nodes, edge = self._graph.nodes, self.offer.edge
            port = nodes[edge.dest].op.port_name(edge.port)
            return f"Connect {nodes[edge.source].name} to {port} of {nodes[edge.dest].name}."
        if self.moved is not None:
            return "Let go here to remove the edge, or drop its end on another port."
        return "Drop the end on an input port." if self.forward else "Drop the end on an output port."

    # --- places

    @property
    def _stage(self):  # type: ignore[no-untyped-def]
        return self.view.scene().stage

    def _fixed_place(self) -> Pos:
        place = self._stage.output_place if self.forward else self._stage.input_place
        return place(self.id, self.port)

    def _loose_place(self) -> Pos:
        if self.offer is None or self.offer.edge is None:
            return (self.hand.at.x(), self.hand.at.y())
        edge = self.offer.edge
        return self._stage.end(edge) if self.forward else self._stage.start(edge)
