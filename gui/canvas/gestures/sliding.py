"""Drag of a leaf's slider: the knob follows the hand, and all that follows from its number is shown at every frame."""

from PySide6.QtGui import QPainter

from engine.graph.sliders import slider_of
from engine.values.steps import Pace, pace_of, share_of, slid
from gui.canvas.desk import Desk
from gui.canvas.gestures.scrubbing import Scrubbing
from gui.canvas.gestures.state import Hand, State
from gui.canvas.paint.slider import FIRST, LENGTH, knob_place, knob_size, paint_ends, paint_old_place
from gui.look.theme import Theme

FINE = 0.1  # of the way of the hand


class Sliding(Scrubbing):
    """A press beside the knob brings it there. Shift moves it finely, Ctrl on a coarser grid."""

    def __init__(self, desk: Desk, first: Hand, id: str) -> None:
        before = desk.selection.chosen
        ends = slider_of(desk.graph, id)
        assert ends is not None
        if not first.shift:
            desk.selection.select([id])
        super().__init__(desk, first, id, before)
        item = desk.scene.node_items[id]
        place = first.at.x() - item.pos().x()
        on_knob = abs(place - knob_place(item.picture).x()) <= knob_size(desk.camera.zoom) + 2
        self._ends, self._at = ends, first.at.x()
        self._pace: Pace = pace_of(first.shift, first.control)
        self._share = share_of(*ends, self._first) if on_knob else (place - FIRST) / LENGTH
        self._moved = not on_knob
        self._frames.soon()

    def move(self, hand: Hand) -> State:
        way, self._at = hand.at.x() - self._at, hand.at.x()
        self._pace = pace_of(hand.shift, hand.control)
        self._share += way / LENGTH * (FINE if self._pace == "fine" else 1)
        self._moved = self._moved or way != 0
        self._frames.soon()
        return self

    def wanted(self) -> float:
        return slid(*self._ends, self._share, self._pace) if self._moved else self._first

    def paint(self, painter: QPainter, theme: Theme) -> None:
        super().paint(painter, theme)
        card, zoom = self.desk.scene.node_items[self._id].card(), self.desk.camera.zoom
        paint_ends(painter, card, self._ends, theme, zoom)
        if self._shown != self._first:
            paint_old_place(painter, card, share_of(*self._ends, self._first), theme, zoom)
