"""An op dragged out of the palette: a ghost shows where it will be; over an edge it is put into it."""

from dataclasses import replace

from PySide6.QtGui import QPainter

from engine import edits
from engine.graph.records import EdgeKey, Pos
from engine.layout.layout import NODE_WIDTH, node_height
from engine.ops.op import get_op
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State
from gui.canvas.hits import edge_at
from gui.canvas.model.geometry import snapped
from gui.canvas.model.texts import NodePicture, node_picture
from gui.canvas.paint import style
from gui.canvas.paint.node import paint_node
from gui.look.theme import Theme

SPLICE_REACH = 22.0


class Dropping(State):
    """Lasts from when the drag enters until it leaves or is let go."""

    overlay = True
    outlasts_changes = True

    def __init__(self, desk: Desk, hand: Hand, op: str) -> None:
        super().__init__(desk)
        self._op = get_op(op)
        self._picture = _ghost(desk, op)
        self.move(hand)

    def move(self, hand: Hand) -> State:
        high = node_height(self._picture.ports)
        self._pos: Pos = snapped(hand.at.x() - NODE_WIDTH / 2, hand.at.y() - high / 2)
        reach = SPLICE_REACH / self.desk.camera.zoom
        self._onto = edge_at(self.desk.scene, hand.at, reach).edge if self._op.ports else None
        self.lit_edges = frozenset({self._onto} if self._onto else ())
        self.desk.tell(self._splice_text(self._onto) if self._onto else f"Let go to put {self._op.title} here.")
        return self

    def release(self, hand: Hand) -> None:
        self.move(hand)
        op, pos, onto = self._op.name, self._pos, self._onto
        self.desk.selection.select_new(
            self.desk.bridge.edit(lambda g: edits.insert_node(g, onto, op, pos) if onto else edits.add_node(g, op, pos))
        )

    def paint(self, painter: QPainter, theme: Theme) -> None:
        with style.placed(painter, *self._pos):
            painter.setOpacity(0.7)
            paint_node(painter, self._picture, theme, self.desk.camera.zoom)

    def _splice_text(self, key: EdgeKey) -> str:
        graph = self.desk.graph
        edge = graph.edges[key]
        return f"Put {self._op.title} between {graph.nodes[edge.source].name} and {graph.nodes[edge.dest].name}."


def _ghost(desk: Desk, op: str) -> NodePicture:
    """How the new node would look."""
    change = edits.add_node(desk.graph, op, (0, 0))
    picture = node_picture(desk.graph.apply(change), desk.now.frame, next(iter(change.nodes)))
    value = "1" if picture.op.holds_value else "…"
    return replace(picture, value=value, value_tone="value", unfinished=False, gradient="…", open_ports=frozenset())
