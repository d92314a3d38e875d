"""An op dragged out of the palette: a ghost shows where it will be; over an edge it is put into it, over a node it
takes that node's place."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtGui import QPainter

from engine import edits
from engine.errors import EditRefused
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Edge, EdgeKey, Pos
from engine.layout.layout import NODE_WIDTH, node_height
from engine.ops.op import get_op
from engine.values.values import counted
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State
from gui.canvas.hits import edge_at, node_at
from gui.canvas.model.geometry import snapped
from gui.canvas.model.texts import NodePicture, node_picture
from gui.canvas.paint import style
from gui.canvas.paint.node import Marks, paint_node
from gui.look.theme import Theme

SPLICE_REACH = 22.0
FOLDED = "{name} is a folded group, which no operation can take the place of. Drop beside it, or open it first."


class Dropping(State):
    """Lasts from when the drag enters until it leaves or is let go."""

    overlay = True
    outlasts_changes = True

    def __init__(self, desk: Desk, hand: Hand, op: str) -> None:
        super().__init__(desk)
        self._op = get_op(op)
        self._new = self._picture = _ghost(desk, op)
        self._pos: Pos = (0.0, 0.0)
        self._card: str | None = None  # a folded group below
        self.move(hand)

    def move(self, hand: Hand) -> State:
        self.desk.scene.preview({})  # an edge is where it was before room was made
        below = node_at(self.desk.scene, hand.at)
        self._card = below if below in self.desk.shown.cover.cards else None
        self._node = below if self._card is None else None
        if self._node is not None:
            self._onto, self._pos = None, self.desk.scene.stage.pos(self._node)
            after = self.desk.graph.apply(edits.replace_node(self.desk.graph, self._node, self._op.name))
            made = edits.id_as(self.desk.graph, self._node, self._op.name)
            self._picture = replace(self._new, name=after.nodes[made].name, ports=after.port_count(made))
        else:
            self._picture, high = self._new, node_height(self._new.ports)
            self._pos = snapped(hand.at.x() - NODE_WIDTH / 2, hand.at.y() - high / 2)
            reach = SPLICE_REACH / self.desk.camera.zoom
            may = self._op.ports and self._card is None
            self._onto = edge_at(self.desk.scene, hand.at, reach).edge if may else None
        if self._onto is not None:
            self._show_room(self._onto)
        self.lit_edges = frozenset({self._onto} if self._onto else self._kept())
        self.desk.tell(self._told())
        return self

    def _show_room(self, onto: EdgeKey) -> None:
        """What lies to the right gives way before the release already."""
        change = edits.insert_node(self.desk.graph, onto, self._op.name, self._pos)
        new = next(after for before, after in change.nodes.values() if before is None and after is not None)
        self._pos = new.pos
        self.desk.scene.preview(edits.moved_by(change))

    def cancel(self) -> None:
        self.desk.scene.preview({})

    def marks(self) -> dict[str, Marks]:
        return {self._node: Marks(selected=True)} if self._node is not None else {}

    def release(self, hand: Hand) -> None:
        self.move(hand)
        if self._card is not None:
            self.desk.bridge.refuse(EditRefused(self._told()))
            return
        op, pos, onto, node = self._op.name, self._pos, self._onto, self._node

        def make(graph: Graph) -> Change:
            if node is not None:
                return edits.replace_node(graph, node, op)
            return edits.insert_node(graph, onto, op, pos) if onto else edits.add_node(graph, op, pos)

        made = edits.id_as(self.desk.graph, node, op) if node is not None else None
        change = self.desk.bridge.edit(make)
        self.desk.scene.preview({})
        if made is None:
            self.desk.take_new(change)
        elif change is not None:
            self.desk.selection.select([made])

    def paint(self, painter: QPainter, theme: Theme) -> None:
        with style.placed(painter, *self._pos):
            painter.setOpacity(0.7 if self._node is None else 1.0)  # no name is read through another
            paint_node(painter, self._picture, theme, self.desk.camera.zoom)

    # --- over a node

    def _lost(self) -> list[Edge]:
        return edits.lost_edges(self.desk.graph, self._node, self._op.name) if self._node is not None else []

    def _kept(self) -> set[EdgeKey]:
        """The edges of the node below that stay."""
        if self._node is None:
            return set()
        return {edge.key for edge in self.desk.scene.stage.edges_at([self._node]).values()} - {
            edge.key for edge in self._lost()
        }

    # --- what is said

    def _told(self) -> str:
        if self._card is not None:
            return FOLDED.format(name=self.desk.graph.nodes[self._card].name)
        if self._node is not None:
            return self._replace_text(self.desk.graph.nodes[self._node].name)
        return self._splice_text(self._onto) if self._onto else f"Let go to put {self._op.title} here."

    def _replace_text(self, name: str) -> str:
        assert self._node is not None
        if self.desk.graph.nodes[self._node].op_name == self._op.name:
            return f"{name} computes {self._op.title} already."
        lost, made = self._lost(), f"Let go to make {name} {self._op.title}"
        return f"{made}: {_going(self.desk.graph, self._node, lost)}" if lost else f"{made}. Its edges stay."

    def _splice_text(self, key: EdgeKey) -> str:
        graph = self.desk.graph
        edge = graph.edges[key]
        return f"Put {self._op.title} between {graph.nodes[edge.source].name} and {graph.nodes[edge.dest].name}."


def _going(graph: Graph, id: str, lost: Sequence[Edge]) -> str:
    """Which edges go, as there is no port for them."""
    if len(lost) > 3:
        return f"{counted(len(lost), 'edge')} go, for it has too few ports."
    ends = [
        f"from {graph.nodes[edge.source].name}" if edge.dest == id else f"to {graph.nodes[edge.dest].name}"
        for edge in lost
    ]
    edges = "the edge" if len(ends) == 1 else "the edges"
    return f"{edges} {' and '.join(ends)} {'goes' if len(ends) == 1 else 'go'}, for it has no port there."


def _ghost(desk: Desk, op: str) -> NodePicture:
    """How the new node would look."""
    change = edits.add_node(desk.graph, op, (0, 0))
    picture = node_picture(desk.graph.apply(change), desk.now.frame, next(iter(change.nodes)))
    value = "1" if picture.op.holds_value else "…"
    return replace(picture, value=value, value_tone="value", unfinished=False, gradient="…", open_ports=frozenset())
