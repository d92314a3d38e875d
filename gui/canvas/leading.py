"""Between two events edges are led past nodes for which there was no time at once: first those that are in sight."""

from collections.abc import Callable, Collection

import numpy as np
from PySide6.QtCore import QRectF, QTimer
from PySide6.QtWidgets import QGraphicsScene

from engine.graph.records import EdgeKey
from gui.canvas.edge_layer import EVERYWHERE, EdgeLayer
from gui.canvas.model.geometry import inside
from gui.canvas.model.stage import Stage
from gui.canvas.node_layer import NodeLayer
from gui.canvas.paint.nodes import sides
from gui.look.guard import guarded

A_SLICE = 0.004  # seconds of a frame
PAUSE_MS = 50  # after a frame that shows something else, and while the hand moves something
MOST_RECTS = 200  # where more looks different, all that is seen is painted again


class Leading:
    """Leads a slice at a time while somebody looks. `bettered` is told in which rectangles they look different."""

    def __init__(
        self,
        scene: QGraphicsScene,
        stage: Stage,
        edge_layer: EdgeLayer,
        node_layer: NodeLayer,
        bettered: Callable[[list[QRectF]], object],
    ) -> None:
        self._scene, self._stage, self._bettered = scene, stage, bettered
        self._edge_layer, self._node_layer = edge_layer, node_layer
        self._timer = QTimer(scene, singleShot=True)
        self._timer.timeout.connect(self._lead)
        self._rects: list[QRectF] = []  # where routes are others than in the picture
        self._freed: set[str] = set()  # the nodes about which there is other room than in the picture
        self.is_leading = False

    def wake(self) -> None:
        """Lead what waits, while somebody looks."""
        if (
            self._stage.is_waiting
            and not self._timer.isActive()
            and any(view.isVisible() for view in self._scene.views())
        ):
            self._timer.start(0)

    def pause(self) -> None:
        """Something else has just been shown: not in the next frames."""
        if self._timer.isActive() and self._timer.interval() == 0:
            self._timer.start(PAUSE_MS)

    def rest(self) -> None:
        """Nobody looks any more, or all is on its way elsewhere."""
        self._timer.stop()
        self._show()

    def bend(self, keys: Collection[EdgeKey]) -> None:
        """So many edges lie elsewhere than before, or are about to."""
        if len(self._rects) <= MOST_RECTS:
            seen = self._seen()
            self._rects += [rect for rect in self._edge_layer.extents(keys) if rect.intersects(seen)]

    @guarded
    def _lead(self) -> None:
        if self._edge_layer.is_stirred():
            self._timer.start(PAUSE_MS)
            return
        self.is_leading = True
        more_to_see = self._stage.lead_more(A_SLICE, sides(self._seen()))
        self.is_leading = False
        self.bend(self._stage.bent)
        self._freed.update(self._stage.freed)
        if not more_to_see:
            self._show()
        self.wake()

    def _seen(self) -> QRectF:
        """The part of the scene that somebody sees."""
        rect = QRectF()
        for view in self._scene.views():
            if view.isVisible():
                rect |= view.mapToScene(view.viewport().rect()).boundingRect()
        return rect

    def _show(self) -> None:
        rects, self._rects = [*self._rects, *self._plates()], []
        if rects:
            self._bettered(rects if len(rects) <= MOST_RECTS else [EVERYWHERE])

    def _plates(self) -> list[QRectF]:
        """Where plates in sight are, and were, that have other room now: an edge has come or gone beside them."""
        freed, self._freed = self._freed, set()
        if not (freed and self._node_layer.has_plates):
            return []
        seen, boxes = self._seen(), self._stage.boxes_of(freed)
        rows = np.flatnonzero(inside(boxes, *sides(seen)))
        ids = [id for id in freed if id in self._stage.graph.nodes]
        return [EVERYWHERE] if len(rows) > MOST_RECTS else self._node_layer.extents([ids[row] for row in rows.tolist()])
