"""Drag over the empty canvas: select what the rectangle touches."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State
from gui.canvas.paint import style
from gui.canvas.paint.nodes import sides
from gui.document.selection import Chosen
from gui.look.theme import Theme


class RubberBand(State):
    """With Shift it adds to what is selected."""

    pulls = True
    overlay = True

    def __init__(self, desk: Desk, first: Hand, before: Chosen) -> None:
        super().__init__(desk)
        self._first, self._before = first, before
        self._rect = QRectF()

    def move(self, hand: Hand) -> State:
        self._rect = rect = QRectF(self._first.at, hand.at).normalized()
        inside = self.desk.scene.nodes_in(rect)
        asides = self.desk.scene.asides.touched(sides(rect))
        nodes, edges, others = self._before if self._first.shift else (frozenset(), frozenset(), frozenset())
        self.desk.selection.select(inside | nodes, edges, others.union(asides))
        return self

    def release(self, hand: Hand) -> None:
        self.desk.selection.gather(self._before[0] if self._first.shift else ())

    def cancel(self) -> None:
        self.desk.select_again(*self._before)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        painter.setPen(style.pen(theme.focus, 1 / self.desk.camera.zoom))
        painter.setBrush(style.brush(theme.focus, 0.1))
        painter.drawRect(self._rect)
