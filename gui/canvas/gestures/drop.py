"""An op dragged out of the palette: a ghost shows where it will be; over an edge it is put into it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from engine import edits
from engine.graph.records import EdgeKey, Pos
from engine.layout.layout import NODE_WIDTH, node_height
from engine.ops.op import get_op
from gui.canvas.gestures.gesture import Gesture, Hand
from gui.canvas.hits import edge_at
from gui.canvas.model.geometry import snapped
from gui.canvas.model.texts import NodePicture, node_picture
from gui.canvas.paint.node import paint_node
from gui.look.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.commands import Commands

SPLICE_REACH = 22.0


class Drop(Gesture):
    """Lasts from when the drag enters until it leaves or is let go."""

    overlay = True

    def __init__(self, view: Commands, hand: Hand, op: str) -> None:
        super().__init__(view, hand)
        self.op = op
        self.dragging = True
        self._picture = _ghost(view, op)
        self._onto: EdgeKey | None = None
        self.drag(hand)

    def drag(self, hand: Hand) -> None:
        reach = SPLICE_REACH / self.view.zoom
        fits = bool(get_op(self.op).ports)
        self._onto = edge_at(self.view.scene(), hand.at, reach).edge if fits else None
        title = get_op(self.op).title
        self.view.tell(self._splice_text() if self._onto else f"Let go to put {title} here.")

    def release(self, hand: Hand) -> None:
        self.hand = hand
        self.drag(hand)
        op, pos, onto = self.op, self._pos(), self._onto
        change = self.view.bridge.edit(
            lambda g: edits.insert_node(g, onto, op, pos) if onto else edits.add_node(g, op, pos)
        )
        if change is not None:
            self.view.selection.select(id for id, (before, _) in change.nodes.items() if before is None)

    @property
    def lit_edge(self) -> EdgeKey | None:
        return self._onto

    def paint(self, painter: QPainter, theme: Theme) -> None:
        painter.save()
        painter.setOpacity(0.7)
        painter.translate(QPointF(*self._pos()))
        paint_node(painter, self._picture, theme, self.view.zoom)
        painter.restore()

    def _pos(self) -> Pos:
        high = node_height(self._picture.ports)
        return snapped(self.hand.at.x() - NODE_WIDTH / 2, self.hand.at.y() - high / 2)

    def _splice_text(self) -> str:
        assert self._onto is not None
        graph = self.view.bridge.graph
        edge = graph.edges[self._onto]
        return f"Put {get_op(self.op).title} between {graph.nodes[edge.source].name} and {graph.nodes[edge.dest].name}."


def _ghost(view: Commands, op: str) -> NodePicture:
    """How the new node would look."""
    graph = view.bridge.graph
    change = edits.add_node(graph, op, (0, 0))
    picture = node_picture(graph.apply(change), view.bridge.frame, next(iter(change.nodes)))
    value = "1" if picture.op.holds_value else "…"
    return replace(picture, value=value, value_tone="value", unfinished=False, gradient="…", open_ports=frozenset())
