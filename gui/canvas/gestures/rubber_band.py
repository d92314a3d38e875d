"""Drag over the empty canvas: select what the rectangle touches. A click there, or on an edge, is a selection too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from engine.graph.records import EdgeKey
from gui.canvas.gestures.gesture import Gesture, Hand
from gui.canvas.node_item import NodeItem
from gui.canvas.paint import style
from gui.look.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.commands import Commands


class RubberBand(Gesture):
    """With Shift it adds to what is selected."""

    overlay = True

    def __init__(self, view: Commands, hand: Hand, edge: EdgeKey | None = None) -> None:
        super().__init__(view, hand)
        self._edge = edge
        self._before = (view.selection.nodes, view.selection.edges)

    @property
    def rect(self) -> QRectF:
        return QRectF(self.first.at, self.hand.at).normalized()

    def drag(self, hand: Hand) -> None:
        rect = self.rect
        items = self.view.scene().items(rect)
        inside = {item.id for item in items if isinstance(item, NodeItem) and item.card().intersects(rect)}
        nodes, edges = self._before if self.first.shift else (frozenset(), frozenset())
        self.view.selection.select(inside | nodes, edges)

    def release(self, hand: Hand) -> None:
        if self.dragging:
            return
        chosen = [self._edge] if self._edge else []
        if hand.shift:
            self.view.selection.toggle(edges=chosen)
        else:
            self.view.selection.select(edges=chosen)

    def cancel(self) -> None:
        self.view.selection.select(*self._before)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        if self.dragging:
            painter.setPen(style.pen(theme.focus, 1 / self.view.zoom))
            painter.setBrush(style.brush(theme.focus, 0.1))
            painter.drawRect(self.rect)
