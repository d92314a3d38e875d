"""The scene: id → item. It applies a Change and a Frame; nothing else mutates items."""

from collections.abc import Callable, Collection, Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey, Pos
from engine.show.frame import Frame
from engine.show.wording import Wording
from gui.canvas.edge_layer import EdgeLayer
from gui.canvas.model.stage import SEED_ROOM, Stage
from gui.canvas.node_item import NodeItem
from gui.canvas.paint.edge import edge_extent
from gui.canvas.paint.node import PLAIN, Marks

WORLD = QRectF(-200_000, -200_000, 400_000, 400_000)  # as long as no node is beyond it
ROUND_FAR = 20_000.0  # of more sheet round a node beyond
MOST_PIECES = 300  # where more edges look different, it is quicker to paint everything again


class GraphScene(QGraphicsScene):
    """The items of a graph. `dirtied` is called with every scene rectangle that looks different from now on."""

    def __init__(self, graph: Graph, frame: Frame) -> None:
        super().__init__()
        self._sheet = WORLD
        self.setSceneRect(WORLD)
        self.stage = Stage(graph, frame)
        self.node_items: dict[str, NodeItem] = {}
        self._marked: Mapping[str, Marks] = {}
        self.edge_layer = EdgeLayer(self.stage)
        self.dirtied: Callable[[QRectF], None] = lambda rect: None
        self.addItem(self.edge_layer)
        self._sync_items(graph.nodes)

    # --- where it is

    def nodes_rect(self, ids: Iterable[str]) -> QRectF:
        """The rectangle round the cards of nodes."""
        rect = QRectF()
        for id in ids:
            if id in self.node_items:
                rect |= self.node_items[id].card()
        return rect

    def room_of(self, ids: Collection[str]) -> QRectF:
        """The same, with the seed beside the target."""
        rect, target = self.nodes_rect(ids), self.stage.graph.target
        return rect | self.nodes_rect([target]).adjusted(0, 0, SEED_ROOM, 0) if target and target in ids else rect

    def extent(self) -> QRectF | None:
        """The rectangle round everything that rests; None if there is nothing."""
        extent = self.stage.extent()
        return None if extent is None else QRectF(QPointF(*extent[:2]), QPointF(*extent[2:]))

    # --- the graph and its numbers

    def apply(self, change: Change, graph: Graph, frame: Frame) -> None:
        """Show the graph after a change."""
        if change.only_places:
            self._move_nodes(change, graph, frame)
            return
        self.stage.take(graph, frame, change)
        self._sync_items(change.nodes)
        others = {*(dest for dest, _ in change.edges), *change.facts.get("target", ())} - change.nodes.keys()
        for id in others & self.node_items.keys():
            self.node_items[id].reshape()
        self._all_dirty()

    def _move_nodes(self, change: Change, graph: Graph, frame: Frame) -> None:
        """Nodes stand elsewhere, and say what they said. Where the hand has put them they are shown already."""
        moved = [id for id in change.nodes if self.stage.pos(id) != graph.nodes[id].pos]
        self._move(moved, lambda: self.stage.take(graph, frame, change))

    def show_frame(self, frame: Frame, wording: Wording) -> None:
        """Show another position of the same run."""
        different = self.stage.show(frame, wording)
        if different is None:
            self._all_dirty()
            return
        ids, keys = different
        for id in ids:
            self.node_items[id].update()
            self._node_dirty(id)
        self._edges_dirty(keys)

    def preview(self, positions: Mapping[str, Pos]) -> None:
        """Show nodes elsewhere than the graph says, as long as a gesture lasts; an empty mapping ends it."""
        moved = {*positions, *self.stage.previewed}  # those that go back leave a place as well
        self._move(moved, lambda: self.stage.preview(positions))

    def _move(self, ids: Collection[str], move: Callable[[], object]) -> None:
        """Nodes go elsewhere: where their edges were looks different, and where they come to be."""
        keys = self.stage.edges_about(ids)
        self._edges_dirty(keys)
        move()
        self._edges_dirty(keys | self.stage.edges_about(ids))
        self._place_items(ids)

    def _sync_items(self, ids: Iterable[str]) -> None:
        """Nodes have come, gone, or are others than they were."""
        for id in ids:
            there, item = id in self.stage.graph.nodes, self.node_items.get(id)
            if item is None and there:
                item = self.node_items[id] = NodeItem(self.stage, id)
                item.setPos(*self.stage.pos(id))  # before the scene has to follow it
                self.addItem(item)
            elif item is not None and there:
                item.reshape()
            elif item is not None:
                self.removeItem(self.node_items.pop(id))
        self._place_items(self.node_items.keys() & ids)

    def _place_items(self, ids: Iterable[str]) -> None:
        for id in ids:
            item, (x, y) = self.node_items[id], self.stage.pos(id)
            if (item.x(), item.y()) != (x, y):
                self._node_dirty(id)
                item.setPos(x, y)
                self._node_dirty(id)
            if not self._sheet.contains(x, y):
                self._stretch_to(x, y)

    def _stretch_to(self, x: float, y: float) -> None:
        """Every node can be gone to, however far it is."""
        self._sheet = self._sheet.united(QRectF(x, y, 0, 0).adjusted(-ROUND_FAR, -ROUND_FAR, ROUND_FAR, ROUND_FAR))
        self.setSceneRect(self._sheet)

    # --- what the user's hand adds

    def mark_nodes(self, marks: Mapping[str, Marks]) -> None:
        """Show these marks, and none at all other nodes: only those are touched that have one, or had."""
        for id in self._marked.keys() | marks.keys():
            item = self.node_items.get(id)
            if item is not None and item.mark(marks.get(id, PLAIN)):
                self._node_dirty(id)
        self._marked = marks

    def mark_edges(self, selected: frozenset[EdgeKey], hovered: EdgeKey | None, hidden: EdgeKey | None) -> None:
        """Show edges as selected, under the mouse, or not at all."""
        layer = self.edge_layer
        others = (layer.hovered, layer.hidden, hovered, hidden)
        if (layer.selected, layer.hovered, layer.hidden) != (selected, hovered, hidden):
            different = (layer.selected ^ selected) | {key for key in others if key is not None}
            layer.selected, layer.hovered, layer.hidden = selected, hovered, hidden
            self._edges_dirty(different)

    # --- what must be painted again

    def repaint(self) -> None:
        """Everything looks different: another theme."""
        self._all_dirty()

    def _all_dirty(self) -> None:
        self.edge_layer.update()  # it is everywhere, and so is what it has painted again
        self.dirtied(self._sheet)

    def _edges_dirty(self, keys: Collection[EdgeKey]) -> None:
        if len(keys) > MOST_PIECES:
            self._all_dirty()
            return
        for key in keys:
            if key in self.stage.edges:
                rect = edge_extent(self.stage, key)
                self.edge_layer.update(rect)
                self.dirtied(rect)

    def _node_dirty(self, id: str) -> None:
        item = self.node_items.get(id)
        if item is not None:
            self.dirtied(item.boundingRect().translated(item.pos()))
