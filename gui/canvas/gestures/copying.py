"""Alt-drag of nodes: ghosts follow the hand, and a release puts copies there, fed by what feeds the originals."""

from collections.abc import Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from engine import edits
from engine.graph.records import Edge
from engine.values.values import counted
from gui.canvas.gestures.carrying import Carrying
from gui.canvas.gestures.state import Hand, State
from gui.canvas.model.geometry import RADIUS, curve
from gui.canvas.paint import style
from gui.canvas.paint.edge import paint_loose_curve
from gui.canvas.paint.node import paint_node
from gui.look.theme import Theme

FAINT = 0.7
MOST_DRAWN = 60  # of more nodes only the outlines are drawn, and none of their edges


class Copying(Carrying):
    """With Shift nothing outside feeds the copies. Without Alt the nodes themselves move."""

    cursor = Qt.CursorShape.DragCopyCursor
    overlay = True
    leaves = False

    _alone = False

    def move(self, hand: Hand) -> State:
        if not hand.alt:
            return self._turned().move(hand)
        self._alone = hand.shift
        self._follow(hand)
        self.desk.tell(self._told())
        return self

    def _told(self) -> str:
        what = self.desk.graph.nodes[self._id].name if len(self._ids) == 1 else counted(len(self._ids), "node")
        if self._alone:
            return f"Let go to copy {what}, with no edges from outside."
        if any(self._outside()):
            return f"Let go to copy {what}, fed by the same nodes. With Shift: with no edges from outside."
        return f"Let go to copy {what}."

    def _outside(self) -> Iterator[Edge]:
        """The edges that a copy would share its sources with."""
        chosen = set(self._ids)
        return (e for id in self._ids for e in self.desk.graph.into(id) if e.source not in chosen)

    def release(self, hand: Hand) -> None:
        last = self.move(hand)
        if last is not self:
            last.release(hand)
            return
        ids, way, connected = self._load.nodes, self._way, not self._alone
        if way == (0, 0):
            return
        size = len(ids) + len(self.desk.scene.stage.edges_at(self._ids))
        steps, take = self.desk.bridge.real.steps, self.desk.take_new
        steps.edit("Copying the nodes", lambda graph: edits.duplicate(graph, ids, way, connected), size, take)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        stage, zoom, (dx, dy) = self.desk.scene.stage, self.desk.camera.zoom, self._way
        if len(self._ids) > MOST_DRAWN:
            painter.setPen(style.pen(theme.focus, 1 / zoom))
            painter.setBrush(style.brush(theme.focus, 0.1))
            for left, top, right, bottom in stage.boxes_of(self._ids).tolist():
                painter.drawRoundedRect(QRectF(left + dx, top + dy, right - left, bottom - top), RADIUS, RADIUS)
        else:
            self._paint_edges(painter, theme)
            for id in self._ids:
                x, y = stage.pos(id)
                with style.placed(painter, x + dx, y + dy):
                    painter.setOpacity(FAINT)
                    paint_node(painter, stage.nodes[id], theme, zoom)
        super().paint(painter, theme)

    def _paint_edges(self, painter: QPainter, theme: Theme) -> None:
        stage, (dx, dy), chosen = self.desk.scene.stage, self._way, set(self._ids)
        for edge in (edge for id in self._ids for edge in self.desk.graph.into(id)):
            inner = edge.source in chosen
            if inner or not self._alone:
                (x0, y0), (x1, y1) = stage.start(edge), stage.end(edge)
                start = (x0 + dx, y0 + dy) if inner else (x0, y0)
                paint_loose_curve(painter, curve(start, (x1 + dx, y1 + dy)), theme, False)
