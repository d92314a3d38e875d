"""Follows the pass: while it plays, the view goes where the current edge is, if that is not seen whole."""

from PySide6.QtCore import QRectF

from engine.passes.trace import ContributionStep, step_node
from engine.show.frame import Frame
from gui.canvas.desk import Desk
from gui.canvas.tools import Tools
from gui.document import settings

MARGIN = 0.06  # the share of the view that is kept free round what is followed


class Follower:
    """Switched on and off by the user; the choice is kept."""

    def __init__(self, desk: Desk, tools: Tools) -> None:
        self._desk, self._tools = desk, tools
        self.on: bool = settings.get("follow_pass")

    def toggle(self) -> None:
        self.on = not self.on
        settings.put("follow_pass", self.on)

    def follow(self, frame: Frame) -> None:
        """The player has moved: gently bring the place of the current step into view; at once where motion is off."""
        camera, playing = self._desk.camera, self._desk.bridge.player.playing
        if not self.on or not playing or camera.shows_all or camera.gliding or self._tools.state.busy:
            return
        place, seen = self._place(frame), camera.visible_scene()
        dx, dy = seen.width() * MARGIN, seen.height() * MARGIN
        if not place.isEmpty() and not seen.adjusted(dx, dy, -dx, -dy).contains(place):
            camera.look_at(camera.zoom, place.center())

    def _place(self, frame: Frame) -> QRectF:
        """The two nodes of the current edge, or the current node; of an edge too long to be seen whole, its source."""
        step = frame.step
        if step is None:
            return QRectF()
        ends = [step.edge.source, step.edge.dest] if isinstance(step, ContributionStep) else [step_node(step)]
        scene, room = self._desk.scene, self._desk.camera.visible_scene().size() * (1 - 2 * MARGIN)
        whole = scene.nodes_rect(ends)
        fits = whole.width() <= room.width() and whole.height() <= room.height()
        return whole if fits else scene.nodes_rect(ends[:1])
