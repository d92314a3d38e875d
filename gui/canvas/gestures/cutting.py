"""Ctrl-drag over the canvas: a knife. The edges that its line goes across are lit, and a release deletes them."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from engine import edits
from engine.values.values import counted
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State
from gui.canvas.hits import edges_crossing
from gui.canvas.paint import style
from gui.look.theme import Theme


class Cutting(State):
    """The line goes straight from where the button went down to the hand."""

    pulls = True
    cursor = Qt.CursorShape.CrossCursor
    overlay = True

    def __init__(self, desk: Desk, first: Hand) -> None:
        super().__init__(desk)
        self._first = self._at = first.at

    def move(self, hand: Hand) -> State:
        self._at = hand.at
        self.lit_edges = frozenset(edges_crossing(self.desk.scene, self._first, self._at))
        self.desk.tell(self._told())
        return self

    def _told(self) -> str:
        if not self.lit_edges:
            return "Drag across the edges that you want to delete."
        if len(self.lit_edges) > 1:
            return f"Let go to delete {counted(len(self.lit_edges), 'edge')}."
        graph = self.desk.graph
        (edge,) = (graph.edges[key] for key in self.lit_edges)
        return f"Let go to delete the edge from {graph.nodes[edge.source].name} to {graph.nodes[edge.dest].name}."

    def release(self, hand: Hand) -> None:
        self.move(hand)
        cut = [key for key in self.desk.graph.edges if key in self.lit_edges]
        if cut:
            self.desk.bridge.steps.edit("Deleting the edges", lambda graph: edits.delete(graph, (), cut), len(cut))

    def paint(self, painter: QPainter, theme: Theme) -> None:
        thin = 1 / self.desk.camera.zoom
        painter.setPen(style.pen(theme.warn, 2 * thin, True))
        painter.drawLine(self._first, QPointF(self._at))
