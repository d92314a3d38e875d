"""Middle-drag and Space-drag: the canvas follows the hand."""

from PySide6.QtCore import Qt

from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State


class Panning(State):
    """Moves the view, makes no edit."""

    cursor = Qt.CursorShape.ClosedHandCursor
    scrolls_along = False  # it is what scrolls

    def __init__(self, desk: Desk, hand: Hand) -> None:
        super().__init__(desk)
        self._spot = hand.spot

    def move(self, hand: Hand) -> State:
        way, self._spot = hand.spot - self._spot, hand.spot
        self.desk.camera.pan(way.x(), way.y())
        return self
