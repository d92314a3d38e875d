"""Middle-drag and Space-drag: the canvas follows the hand."""

from __future__ import annotations

from PySide6.QtCore import Qt

from gui.canvas.gestures.gesture import Gesture, Hand


class Pan(Gesture):
    """Moves the view, makes no edit."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def move(self, hand: Hand) -> None:
        way = hand.spot - self.hand.spot
        self.hand = hand
        self.view.pan(way.x(), way.y())
