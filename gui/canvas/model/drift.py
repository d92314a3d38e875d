"""The way of all cards and routes of a graph from one arrangement to another. Pure NumPy, no Qt.

Everything goes in straight lines, the control points of curves too: what leaves level stays so, and ends stay at ports.
"""

import numpy as np

from gui.canvas.model.geometry import cuts
from gui.canvas.model.routes import Routes, Rows
from gui.canvas.model.stage import Shape, Stage


class Drift:
    """Between two shapes of the same graph on a stage."""

    def __init__(self, stage: Stage, before: Shape) -> None:
        self._stage = stage
        self._before, self._after = before, stage.shape()
        counts = np.maximum(before[1].counts(), self._after[1].counts())
        self._routes = _in_pieces(before[1], counts), _in_pieces(self._after[1], counts)

    def show(self, share: float) -> None:
        """Show what is where when so much of the way is gone, from 0 to 1; plates are as large as they were."""
        one, other = self._before[0], self._after[0]
        boxes = one + (other - one) * share
        places = {id: (x, y) for id, (x, y) in zip(self._stage.ids, boxes[:, :2].tolist(), strict=True)}
        self._stage.show_shape((boxes, self._routes[0].towards(self._routes[1], share), self._before[2]), places)

    def end(self) -> None:
        """All are there."""
        self._stage.show_shape(self._after, {})


def _in_pieces(routes: Routes, counts: Rows) -> Routes:
    """The same routes, of so many pieces each: none has more yet, and each piece is cut into about equally many."""
    have = routes.counts()[routes.owners]  # of each piece
    first = np.searchsorted(routes.owners, routes.owners)
    place = np.arange(len(routes.owners)) - first
    parts = counts[routes.owners] // have + (place < counts[routes.owners] % have)
    piece = np.repeat(np.arange(len(parts)), parts)
    part = np.arange(len(piece)) - np.searchsorted(piece, piece)
    return Routes(cuts(routes.pieces[piece], part / parts[piece], (part + 1) / parts[piece]), routes.owners[piece])
