"""What the shell can ask the canvas for by name: add, rename, delete, nudge, copy, paste, go there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QCursor

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Pos
from engine.layout.layout import GRID, NODE_WIDTH, node_height
from gui.canvas.camera import Navigation
from gui.canvas.editor import ValueEditor
from gui.canvas.gestures.gesture import Gesture
from gui.canvas.hits import ports_of
from gui.canvas.model.free_space import clear_shift
from gui.canvas.model.geometry import snapped
from gui.canvas.scene import GraphScene
from gui.document.bridge import Bridge
from gui.document.selection import Selection

STEP_X, STEP_Y = 60.0, 28.0  # how a free place is looked for
CLEAR_X, CLEAR_Y = 80.0, 24.0  # room for an edge between two columns, and between two rows
PASTE_OFFSET = 24.0


class Commands(Navigation):
    """Everything here acts on the selection or on named nodes, and makes at most one edit."""

    status_told = Signal(str)  # a sentence for the status bar; empty: nothing more to say
    _told = ""
    bridge: Bridge
    selection: Selection
    editor: ValueEditor
    graph_scene: GraphScene
    gesture: Gesture | None

    def scene(self) -> GraphScene:
        return self.graph_scene

    def tell(self, text: str) -> None:
        """Say something in the status bar; the same twice is said once."""
        if text != self._told:
            self._told = text
            self.status_told.emit(text)

    # --- looking

    def nodes_rect(self, ids: Iterable[str]) -> QRectF:
        """The rectangle round the cards of nodes."""
        rect = QRectF()
        for id in ids:
            if id in self.graph_scene.node_items:
                rect |= self.graph_scene.node_items[id].card()
        return rect

    def fit_all(self, animated: bool = True) -> None:
        """Show the whole graph with a margin, never above 150 %."""
        extent = self.graph_scene.stage.extent()
        if extent is None:
            self.look_at(1.0, QPointF(), animated)
        else:
            self.fit(QRectF(QPointF(extent[0], extent[1]), QPointF(extent[2], extent[3])), animated)
        self.shows_all = extent is not None

    def center_on_nodes(self, ids: Iterable[str]) -> None:
        """Bring nodes into the middle, zooming out only if they would not fit."""
        rect = self.nodes_rect(ids)
        if rect.isEmpty():
            return
        seen = self.visible_scene()
        if rect.width() > seen.width() * 0.9 or rect.height() > seen.height() * 0.9:
            self.fit(rect)
        else:
            self.look_at(max(self.zoom, 0.35), rect.center())

    def show_effect(self, change: Change) -> None:
        """After an undo or redo: select what came back, and go where the change is if none of it is seen."""
        if came := [id for id, (before, _) in change.nodes.items() if before is None]:
            self.selection.select(came)
        touched = [id for id in {*change.nodes, *(id for id, _ in change.edges)} if id in self.bridge.graph.nodes]
        if touched and not self._sees_any(touched):
            self.center_on_nodes(touched)
        elif change and not self._sees_any(self.bridge.graph.nodes):
            self.fit_all()

    def _sees_any(self, ids: Iterable[str]) -> bool:
        seen = self.visible_scene()
        return any(seen.intersects(self.graph_scene.node_items[id].card()) for id in ids)

    def port_position(self, id: str, port: int | str) -> QPoint:
        """Where a port is in the viewport: an input by its number, the output as "out" (or "out1" …)."""
        item = self.graph_scene.node_items[id]
        wanted = ("output", int(port[3:] or 0)) if isinstance(port, str) else ("input", port)
        return next(self.mapFromScene(at) for kind, number, at in ports_of(item) if (kind, number) == wanted)

    def value_rect(self, id: str) -> QRectF:
        """Where a node's value stands in the viewport."""
        rect = self.graph_scene.node_items[id].value_rect()
        return QRectF(self.mapFromScene(rect).boundingRect())

    # --- adding

    def add_op(self, op_name: str) -> None:
        """Put an op in the middle of what is seen, on a free place, and select it."""
        probe = edits.add_node(self.bridge.graph, op_name, (0, 0))
        after = self.bridge.graph.apply(probe)
        (id,) = probe.nodes
        high, beside = node_height(after.port_count(id)), not after.nodes[id].op.is_leaf
        pos = self._free_place(self.centre(), high, beside)
        self._select_new(self.bridge.edit(lambda graph: edits.add_node(graph, op_name, pos)))

    def _free_place(self, centre: QPointF, high: float, beside: bool) -> Pos:
        """The nearest place to `centre` where a card is clear of all others: rings of places, from the inside out.

        `beside`: rather to the right of what is there, as values flow, than below it.
        """
        items = self.graph_scene.node_items.values()
        cards = [item.card().adjusted(-CLEAR_X, -CLEAR_Y, CLEAR_X, CLEAR_Y) for item in items]
        for ring in count():
            for dx, dy in _ring(ring, beside):
                x, y = snapped(centre.x() - NODE_WIDTH / 2 + dx * STEP_X, centre.y() - high / 2 + dy * STEP_Y)
                if not any(card.intersects(QRectF(x, y, NODE_WIDTH, high)) for card in cards):
                    return (x, y)
        raise AssertionError("the canvas has no end")

    def _select_new(self, change: Change | None) -> None:
        if change is not None:
            self.selection.select(id for id, (before, _) in change.nodes.items() if before is None)
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- the selection

    def select_all(self) -> None:
        self.selection.select(self.bridge.graph.nodes, self.bridge.graph.edges)

    def delete_selected(self) -> None:
        """Take away what is selected, nodes and edges, in one step."""
        nodes, edges = self.selection.nodes, self.selection.edges
        if nodes or edges:
            ordered = [id for id in self.bridge.graph.nodes if id in nodes]
            self.bridge.edit(lambda graph: edits.delete(graph, ordered, edges))

    def nudge(self, dx: float, dy: float) -> None:
        """Move what is selected by pixels of the scene; nudges in a row are one undo step."""
        nodes = [self.bridge.graph.nodes[id] for id in self.selection.nodes]
        if nodes:
            places = {node.id: (node.pos[0] + dx, node.pos[1] + dy) for node in nodes}
            self.bridge.edit(lambda graph: edits.move_nodes(graph, places), gesture="nudge")

    def rename_selected(self) -> None:
        """Type another name for the one node that is selected."""
        if len(self.selection.nodes) == 1:
            self.rename(next(iter(self.selection.nodes)))
        elif self.bridge.graph.nodes:
            self.tell("Select one node to rename it.")

    def rename(self, id: str) -> None:
        """Type another name for a node, in its place."""
        if id in self.bridge.graph.nodes:
            self._bring_in(id)
            self.editor.open(id, "name")

    def edit_value(self, id: str) -> None:
        """Type another value for a leaf, in its place."""
        node = self.bridge.graph.nodes.get(id)
        if node is None or not node.op.holds_value:
            return
        self.selection.select([id])
        self._bring_in(id)
        self.editor.open(id, "value")

    def _bring_in(self, id: str) -> None:
        """What is being typed must be seen, and not too small."""
        if self.zoom < 0.6 or not self.visible_scene().contains(self.graph_scene.node_items[id].card()):
            self.look_at(max(self.zoom, 1.0), self.graph_scene.node_items[id].card().center(), animated=False)

    # --- copies

    def selected_part(self) -> Graph:
        """The selected nodes and the edges between them."""
        return edits.cut_out(self.bridge.graph, self.selection.nodes)

    def copy_text(self) -> str:
        """The selected part as the text of a document; empty if nothing is selected."""
        from engine.files import codec

        return codec.encode(self.selected_part()) if self.selection.nodes else ""

    def paste(self, fragment: Graph, at: QPointF | None = None, text: str = "Paste") -> bool:
        """Put a fragment with its middle `at` a place, and select it; False: there was nothing to paste.

        Without a place it comes where the mouse is, or into the middle if the mouse is elsewhere; above or below what
        stands there.
        """
        if not fragment.nodes:
            return False
        boxes = [(*node.pos, node_height(fragment.port_count(id))) for id, node in fragment.nodes.items()]
        left, top = min(x for x, _, _ in boxes), min(y for _, y, _ in boxes)
        right, bottom = max(x for x, _, _ in boxes) + NODE_WIDTH, max(y + high for _, y, high in boxes)
        at = self._cursor_place() if at is None else at
        dx, dy = snapped(at.x() - (left + right) / 2, at.y() - (top + bottom) / 2)
        cards = [item.card() for item in self.graph_scene.node_items.values()]
        standing = [(card.left(), card.top(), card.right(), card.bottom()) for card in cards]
        dy += clear_shift((left + dx, top + dy, right + dx, bottom + dy), standing, PASTE_OFFSET)
        change = self.bridge.edit(lambda graph: edits.paste(graph, fragment, (dx, dy), text))
        self._select_new(change)
        return change is not None

    def put_in(self, fragment: Graph, at: QPointF | None, text: str) -> bool:
        """Paste, and go where the nodes came in if they are not seen."""
        was_empty = not self.bridge.graph.nodes
        if not self.paste(fragment, at, text):
            return False
        if was_empty:
            self.fit_all(animated=False)
        elif not self.visible_scene().contains(self.nodes_rect(self.selection.nodes)):
            self.center_on_nodes(self.selection.nodes)
        return True

    def duplicate_selected(self) -> None:
        """A copy of what is selected, beside it."""
        part = self.selected_part() if self.selection.nodes else Graph()
        if part.nodes:
            offset = self._off_others(part, (PASTE_OFFSET, PASTE_OFFSET))
            self._select_new(self.bridge.edit(lambda graph: edits.paste(graph, part, offset, "Duplicate")))

    def _cursor_place(self) -> QPointF:
        spot = self.viewport().mapFromGlobal(QCursor.pos())
        inside = self.viewport().rect().contains(spot) and self.underMouse()
        return self.mapToScene(spot) if inside else self.centre()

    def _off_others(self, fragment: Graph, offset: Pos) -> Pos:
        """The offset, moved on until no pasted node covers another one exactly."""
        taken = {node.pos for node in self.bridge.graph.nodes.values()}
        while any((n.pos[0] + offset[0], n.pos[1] + offset[1]) in taken for n in fragment.nodes.values()):
            offset = (offset[0] + GRID * 6, offset[1] + GRID * 6)
        return offset


def _ring(radius: int, beside: bool) -> list[tuple[int, int]]:
    """The places of a square ring, those nearest to its middle first; of equals the one to the right, or below."""
    around = range(-radius, radius + 1)
    places = [(dx, dy) for dx in around for dy in around if max(abs(dx), abs(dy)) == radius]
    if beside:
        return sorted(places, key=lambda place: (place[0] ** 2 + place[1] ** 2, -place[0], -place[1]))
    return sorted(places, key=lambda place: (place[0] ** 2 + place[1] ** 2, abs(place[0]), -place[1]))
