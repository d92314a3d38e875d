"""Drag from port to port, either way: makes an edge, or moves the end of one, or removes it. With Alt an edge that ends
there already is not replaced: the two change places.

Before the release it shows which ports would accept, and says why one would not.
"""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from engine import edits
from engine.edits.edges import Verdict
from engine.edits.quick import Around
from engine.errors import EditRefused
from engine.graph.records import Edge
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State
from gui.canvas.hits import Hit, items_near, nearest_port
from gui.canvas.model.geometry import curve
from gui.canvas.node_item import NodeItem
from gui.canvas.paint.edge import paint_loose_curve
from gui.canvas.paint.node import Marks
from gui.look.theme import Theme

SNAP = 24.0  # pixels on screen within which a port draws the end to itself
Offer = tuple[Edge | None, Verdict]  # the edge that a release would make, and whether it may; None: no edge


class Connecting(State):
    """One end is fixed at a port, the other is in the hand. `moved` is the edge whose end it is, if it was one's."""

    pulls = True
    cursor = Qt.CursorShape.CrossCursor
    overlay = True
    sentence = ""

    def __init__(self, desk: Desk, hand: Hand, hit: Hit, moved: Edge | None) -> None:
        super().__init__(desk)
        self._at = hand.at
        self._forward = moved is not None or hit.kind == "output"
        self._id, self._port = (moved.source, moved.output) if moved else (hit.id, hit.port)
        self._moved, self.hidden_edge = moved, moved.key if moved else None
        self._edge: Edge | None = None  # what a release would make, and whether it may
        self._verdict, self._exchanges = Verdict(True), False
        topology = desk.graph.topology
        self._loops = {self._id} | (topology.ancestors(self._id) if self._forward else topology.descendants(self._id))
        self._marks = {id: self._mark(id) for id in desk.graph.nodes}

    # --- while it lasts

    def move(self, hand: Hand) -> State:
        self._at, self._exchanges = hand.at, hand.alt and self._forward
        self._edge, self._verdict = self._offered()
        self.refused, self.sentence = not self._verdict.allowed, self._verdict.sentence
        self.desk.tell(self._told())
        return self

    def marks(self) -> dict[str, Marks]:
        return self._marks

    def _mark(self, id: str) -> Marks:
        here = id in self.desk.selection.nodes
        if id in self._loops:
            return Marks(selected=here, dimmed=id != self._id)
        if self._forward:
            ports = frozenset(range(self.desk.graph.port_count(id)))
            return Marks(selected=here, lit_ports=ports, dimmed=not ports)
        return Marks(selected=here, lit_outputs=frozenset(range(self.desk.graph.output_count(id))))

    def paint(self, painter: QPainter, theme: Theme) -> None:
        stage, at = self.desk.scene.stage, (self._at.x(), self._at.y())
        if self._edge is not None:
            start, end = stage.start(self._edge), stage.end(self._edge)
        elif self._forward:
            start, end = stage.output_place(self._id, self._port), at
        else:
            start, end = at, stage.input_place(self._id, self._port)
        paint_loose_curve(painter, curve(start, end), theme, self.refused)
        if self._exchanges and self._edge is not None and not self.refused:
            self._paint_displaced(painter, theme, self._edge)

    def _paint_displaced(self, painter: QPainter, theme: Theme, edge: Edge) -> None:
        """Where the edge goes that changes places with the one in the hand."""
        ends, stage = (edge.source, edge.dest, edge.port, edge.output), self.desk.scene.stage
        swap = edits.find_exchange(self.desk.graph, *ends, self.hidden_edge)
        if swap is not None:
            paint_loose_curve(painter, curve(stage.start(swap.displaced), stage.input_place(*swap.home)), theme, False)

    # --- the end of it

    def release(self, hand: Hand) -> None:
        self.move(hand)
        edge, moved, edit = self._edge, self._moved, self.desk.bridge.edit
        if self.refused:  # the bubble is gone: the reason stays in the status bar
            self.desk.bridge.refused.emit(EditRefused(self.sentence, self._verdict.ids))
        elif edge is None and moved is not None:
            edit(lambda graph: edits.disconnect(graph, moved.key))
        elif edge is not None and edge != moved:
            ends = (edge.source, edge.dest, edge.port, edge.output)
            if self._exchanges and self._displaced(edge):
                edit(lambda graph: edits.exchange(graph, *ends, moved.key if moved else None))
            else:
                edit(lambda graph: edits.reconnect(graph, moved.key, *ends) if moved else edits.connect(graph, *ends))
        elif edge is None and not self.desk.hit(hand.at).on_node:  # what is to stand at the other end?
            here = (self._id, self._port)
            self.desk.quick_add(hand.spot, Around(source=here) if self._forward else Around(port=here))

    # --- what a release here would do

    def _offered(self) -> Offer:
        at, reach = self._at, SNAP / self.desk.camera.zoom
        items = list(items_near(self.desk.scene, at, reach))
        port = nearest_port(items, at, reach, "input" if self._forward else "output")
        if port is not None:
            return self._judged(port.id, port.port)
        body = next((item for item in items if item.card().contains(at)), None)
        return self._on_body(body, at) if body is not None and body.id != self._id else (None, Verdict(True))

    def _on_body(self, item: NodeItem, at: QPointF) -> Offer:
        """On a node's body the first free port is meant; where none is free, the nearest."""
        if not self._forward:
            return self._judged(item.id, 0)
        ports = range(self.desk.graph.port_count(item.id))
        if not ports:
            name = self.desk.graph.nodes[item.id].name
            return None, Verdict(False, f"{name} has no inputs: it holds a value.", (item.id,))
        taken = {e.port for e in self.desk.graph.into(item.id) if e.key != self.hidden_edge}
        free = [port for port in ports if port not in taken]
        place = self.desk.scene.stage.input_place
        return self._judged(item.id, free[0] if free else min(ports, key=lambda p: abs(place(item.id, p)[1] - at.y())))

    def _judged(self, id: str, port: int) -> Offer:
        """`id`, `port`: an input port if the source is fixed, else an output."""
        edge = Edge(self._id, id, port, self._port) if self._forward else Edge(id, self._id, self._port, port)
        ends = (edge.source, edge.dest, edge.port, edge.output)
        judge = edits.judge_exchange if self._exchanges else edits.judge
        return edge, judge(self.desk.graph, *ends, self.hidden_edge)

    def _displaced(self, edge: Edge) -> bool:
        """Whether another edge ends where this one would."""
        present = self.desk.graph.edges.get(edge.key)
        return present is not None and present.key != self.hidden_edge and present != edge

    def _told(self) -> str:
        """In the status bar: what stands beside the hand, or else what can be done."""
        if not self.sentence:
            return self._hint()
        replaces = self._edge is not None and self._forward and not self._exchanges and self._displaced(self._edge)
        return f"{self.sentence} With Alt the two change places." if replaces and not self.refused else self.sentence

    def _hint(self) -> str:
        nodes, edge = self.desk.graph.nodes, self._edge
        if edge is not None:
            port = nodes[edge.dest].op.port_name(edge.port)
            return f"Connect {nodes[edge.source].name} to port {port} of {nodes[edge.dest].name}."
        if self._moved is not None:
            return "Let go here to remove the edge, or drop its end on another port."
        where = "an input port" if self._forward else "an output port"
        return f"Drop the end on {where}, or let go to add something here."
