"""What a drag of nodes is, whether they move or copies of them are made: they follow the hand on the grid, and guides
draw them into line with others. With Ctrl they are free."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from engine.graph.records import Pos
from gui.canvas.desk import Desk
from gui.canvas.gestures.state import Hand, State
from gui.canvas.load import load_of
from gui.canvas.model.geometry import Array, snapped
from gui.canvas.model.guides import Guide, pulled
from gui.canvas.paint import style
from gui.document.selection import Chosen
from gui.look.theme import Theme

REACH, FARTHEST = 6.0, 24.0  # how far a guide draws: pixels on screen, and at most in the scene
MOST_LEVELS = 40  # edges of a node that are looked at for running straight
TICK = 4.0  # half the end of a measured gap, in pixels on screen


class Carrying(State):
    """The node under the hand, and all that are selected with it. `other` is the gesture that Alt turns this into."""

    pulls = True
    cursor = Qt.CursorShape.ClosedHandCursor
    leaves = True  # whether the nodes leave their places, so that those do not draw them back

    def __init__(self, desk: Desk, first: Hand, id: str, before: Chosen, other: type[Carrying]) -> None:
        super().__init__(desk)
        if id not in desk.selection.nodes:
            desk.selection.toggle([id])
        self._first, self._id, self._before, self._other = first, id, before, other
        selection = desk.selection
        self._load = load_of(desk.shown, desk.picked, selection.asides if self.leaves else ())
        self._ids = list(self._load.seen)
        self._guides: tuple[Guide, ...] = ()
        self._way: Pos = (0.0, 0.0)
        self._others, self._levels = self._resting(), self._to_run_straight()

    def _turned(self) -> Carrying:
        """The same drag as the other gesture."""
        return self._other(self.desk, self._first, self._id, self._before, type(self))

    def cancel(self) -> None:
        self.desk.select_again(*self._before)

    # --- where to

    def _follow(self, hand: Hand) -> None:
        """All go the same way: that which brings the node under the hand onto the grid, or into line."""
        x, y = self.desk.graph.nodes[self._id].pos
        way = hand.at - self._first.at
        to_x, to_y = snapped(x + way.x(), y + way.y())
        dx, dy, self._guides = to_x - x, to_y - y, ()
        if not hand.control:
            here = np.array([way.x(), way.y()] * 2)
            seen = self.desk.camera.visible_scene()
            view = np.array([seen.left(), seen.top(), seen.right(), seen.bottom()])
            reach = min(REACH / self.desk.camera.zoom, FARTHEST)
            levels = [level - way.y() for level in self._levels]
            across, down = pulled(self._box + here, self._others, view, reach, levels)
            dx = way.x() + across.by if across.by or across.guides else dx
            dy = way.y() + down.by if down.by or down.guides else dy
            self._guides = _moved(across.guides, 0, dy - way.y()) + _moved(down.guides, dx - way.x(), 0)
        self._way = (round(dx, 2), round(dy, 2))

    @property
    def _box(self) -> Array:
        """The card under the hand, where it was."""
        (x, y), stage = self.desk.graph.nodes[self._id].pos, self.desk.scene.stage
        left, top, right, bottom = stage.box(self._id)
        return np.array([x, y, x + right - left, y + bottom - top])

    def _resting(self) -> Array:
        """The cards that stay where they are."""
        stage = self.desk.scene.stage
        moved = set(self._ids) if self.leaves else set()
        rows = [row for row, id in enumerate(stage.ids) if id not in moved]
        return stage.node_boxes[rows]

    def _to_run_straight(self) -> list[float]:
        """How far down the node under the hand would have to go for each of its edges to run straight."""
        if not self.leaves:
            return []
        stage, id, moved = self.desk.scene.stage, self._id, set(self._ids)
        edges = [e for e in stage.edges_at([id]).values() if (e.dest if e.source == id else e.source) not in moved]
        ways = [stage.end(edge)[1] - stage.start(edge)[1] for edge in edges[:MOST_LEVELS]]
        return [way if edge.source == id else -way for edge, way in zip(edges, ways, strict=False)]

    # --- what is seen of it

    @property
    def overlay(self) -> bool:
        """While there is no guide, only what moves is painted again."""
        return bool(self._guides)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        thin = 1 / self.desk.camera.zoom
        painter.setPen(style.pen(theme.focus, thin))
        for x0, y0, x1, y1, gap in self._guides:
            painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))
            if gap:
                tick = QPointF(0, TICK * thin) if y0 == y1 else QPointF(TICK * thin, 0)
                for end in (QPointF(x0, y0), QPointF(x1, y1)):
                    painter.drawLine(end - tick, end + tick)


def _moved(guides: tuple[Guide, ...], dx: float, dy: float) -> tuple[Guide, ...]:
    """Guides along one axis, when the card goes on along the other."""
    return tuple(
        Guide(x0 + dx * gap, y0 + dy * gap, x1 + dx * gap, y1 + dy * gap, gap) for x0, y0, x1, y1, gap in guides
    )
