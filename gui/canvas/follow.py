"""Follows the pass: while it plays, the view goes where the current edge is, if that is not seen whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from engine.passes.trace import ContributionStep, step_node
from engine.show.frame import Frame
from gui.document import settings

if TYPE_CHECKING:
    from gui.canvas.commands import Commands

MARGIN = 0.06  # the share of the view that is kept free round what is followed


class Follower:
    """Switched on and off by the user; the choice is kept."""

    def __init__(self, view: Commands) -> None:
        self._view = view
        self.on: bool = settings.get("follow_pass")

    def toggle(self) -> None:
        self.on = not self.on
        settings.put("follow_pass", self.on)

    def follow(self, frame: Frame) -> None:
        """The player has moved: gently bring the place of the current step into view; at once where motion is off."""
        view = self._view
        if not self.on or not view.bridge.player.playing or view.shows_all or view.gliding or view.gesture is not None:
            return
        place, seen = self._place(frame), view.visible_scene()
        dx, dy = seen.width() * MARGIN, seen.height() * MARGIN
        if not place.isEmpty() and not seen.adjusted(dx, dy, -dx, -dy).contains(place):
            view.look_at(view.zoom, place.center())

    def _place(self, frame: Frame) -> QRectF:
        """The two nodes of the current edge, or the current node; of an edge too long to be seen whole, its source."""
        step = frame.step
        if step is None:
            return QRectF()
        ends = [step.edge.source, step.edge.dest] if isinstance(step, ContributionStep) else [step_node(step)]
        whole, room = self._view.nodes_rect(ends), self._view.visible_scene().size() * (1 - 2 * MARGIN)
        fits = whole.width() <= room.width() and whole.height() <= room.height()
        return whole if fits else self._view.nodes_rect(ends[:1])
