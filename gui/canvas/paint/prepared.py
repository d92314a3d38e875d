"""What painting will need of all that is seen, found piece by piece before a large graph is painted first."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QRectF

from gui.canvas.model.geometry import inside
from gui.canvas.model.stage import Stage
from gui.canvas.paint.edge import path_of, visible_edges
from gui.canvas.paint.nodes import form_of, sides
from gui.canvas.paint.plates import is_blank

A_PIECE = 8  # nodes or edges between two looks at the clock


def prepared(stage: Stage, zoom: float, rect: QRectF) -> Iterator[None]:
    """Look at each edge and each node in a rectangle, as it is painted at a zoom; what has been seen costs nothing.

    It ends when there is another graph on the stage, for then it would speak of what is no more.
    """
    graph = stage.graph
    for number, key in enumerate(visible_edges(stage, rect)):
        if number % A_PIECE == 0:
            yield
            if stage.graph is not graph:
                return
        path_of(stage, key)
        stage.lines[key]
    for number, id in enumerate([stage.ids[row] for row in np.flatnonzero(inside(stage.node_boxes, *sides(rect)))]):
        if number % A_PIECE == 0:
            yield
            if stage.graph is not graph:
                return
        if is_blank(zoom):
            stage.looks[id]
        else:
            form_of(stage, id, zoom)
