"""Which stretches of a route run over cards that are not its own: these are seen in front of them. Pure NumPy, no Qt.

Boxes are rows of left, top, right, bottom in scene pixels; a route is a chain of cubics (m, 4, 2).
"""

import numpy as np

from gui.canvas.model.geometry import Array, cuts, points

_DOTS = 64  # pieces of a curve that are looked at
_BESIDE = 2.0  # pixels beside a card that go with it
_T = np.linspace(0, 1, _DOTS + 1)


def stretches_over(route: Array, boxes: Array) -> Array:
    """The pieces (k, 4, 2) of a route that run over some of the cards (n, 4)."""
    dots = points(route, _T)[:, :, None]
    is_over = np.asarray(((dots > boxes[:, :2] - _BESIDE) & (dots < boxes[:, 2:] + _BESIDE)).all(axis=-1).any(axis=-1))
    is_over = is_over[:, 1:] | is_over[:, :-1]  # of each short piece
    edges = np.diff(np.pad(is_over, ((0, 0), (1, 1))).astype(int), axis=1)
    (piece, first), (_, last) = np.nonzero(edges == 1), np.nonzero(edges == -1)
    return cuts(route[piece], _T[first], _T[last])
