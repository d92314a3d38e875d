"""Where all stood before groups were folded or opened, told of what is shown since: what came out of a card begins in
its middle, and a card in the middle of what it holds. Pure NumPy, no Qt."""

import numpy as np

from engine.layout.shown import Shown
from gui.canvas.model.geometry import Array
from gui.canvas.model.routes import Routes
from gui.canvas.model.stage import Shape, Stage
from gui.canvas.model.straight import straight


class Gathered:
    """The cards of a stage, and whom each stands for, as they were."""

    def __init__(self, stage: Stage, shown: Shown) -> None:
        self.boxes: dict[str, Array] = dict(zip(stage.ids, stage.node_boxes.copy(), strict=True))
        self._shown = shown

    def shape_of(self, stage: Stage, shown: Shown) -> Shape:
        """Where what is shown now begins, with straight edges between."""
        starts = [self._start(id, box, shown) for id, box in zip(stage.ids, stage.node_boxes, strict=True)]
        boxes = np.array(starts).reshape(-1, 4)  # all may have been deleted
        rows = {id: row for row, id in enumerate(stage.ids)}
        edges = list(stage.graph.edges.values())
        routes = Routes(straight(stage.graph, edges, boxes, rows) + 0.0, np.arange(len(edges)))
        return boxes, routes, stage.shape()[2]

    def _start(self, id: str, box: Array, shown: Shown) -> Array:
        """The box of a card when it begins; it is as large as it will be."""
        size = box[2:] - box[:2]
        if id in self.boxes:
            corner = self.boxes[id][:2]
            return np.concatenate([corner, corner + size])
        seen = [self.boxes[each] for each in self._shown.ids_of(shown.members(id)) if each in self.boxes]
        if not seen:
            return box
        about = np.array(seen)
        middle = (about[:, :2].min(axis=0) + about[:, 2:].max(axis=0)) / 2
        return np.concatenate([middle - size / 2, middle + size / 2])
