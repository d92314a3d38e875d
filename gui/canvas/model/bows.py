"""Long edges that pass nodes instead of running under them: each bends as little as it takes. Pure NumPy, no Qt.

Symbols: P0 … P3 the control points of a cubic; d how far down P1 is moved, e how far P2: its middle goes down by
3(d + e)/8.
Boxes are rows of left, top, right, bottom in scene pixels.
"""

import numpy as np
from numpy.typing import NDArray

from engine.layout.layout import NODE_WIDTH
from gui.canvas.model.geometry import Array, inside, points

CLEAR = 8.0  # between a curve and the nodes that it passes
MOST_EDGES = 400  # of more none is bent: they are looked at with every move of the mouse
_MARGIN = np.array([-CLEAR, -CLEAR, CLEAR, CLEAR])
_FARTHEST, _STEP = 192.0, 24.0  # of d and e
_WAYS = np.arange(-_FARTHEST, _FARTHEST + 1, _STEP)
_BENDS = np.array(sorted(((d, e) for d in _WAYS for e in _WAYS), key=lambda bend: (np.hypot(*bend), -bend[0])))
_SHARES = (np.array([1.0, 1.0]), np.array([0.25, 1.0]), np.array([1.0, 0.25]))  # of the way to P1, and to P2
_T = np.linspace(0, 1, 33)


def long_rows(shapes: Array) -> NDArray[np.intp]:
    """Which curves (n, 4, 2) there is room for a node under; none where there are too many curves."""
    is_long = shapes[:, 3, 0] - shapes[:, 0, 0] > NODE_WIDTH
    return np.flatnonzero(is_long & (len(shapes) <= MOST_EDGES))


def regions(shapes: Array) -> Array:
    """The boxes (n, 4) in which nodes matter to long curves (n, 4, 2), however these are bent."""
    ends = shapes[:, [0, 3]]
    grown = CLEAR + np.array([0, 0.75 * _FARTHEST])
    return np.concatenate([ends.min(axis=1) - grown, ends.max(axis=1) + grown], axis=1)


def bowed(shape: Array, nodes: Array) -> Array:
    """A cubic (4, 2), bent clear of the nodes (m, 4) between its ends; where that cannot be, of as many as can be."""
    near = nodes[inside(nodes, *regions(shape[None])[0])]
    x, y = shape[[0, 3]].T
    near = near[~inside(near[:, None], x, y, x, y).any(axis=1)]  # but where it ends
    if not len(near):
        return shape
    near = np.concatenate([near + _MARGIN, near])  # to touch one is better than to run under it
    best, fewest = shape, int(_passed(shape[None], near).sum())
    for share in _SHARES if fewest else ():
        tries = _bent(shape, share)
        counts = _passed(tries, near).sum(axis=1)
        if counts.min() < fewest:
            best, fewest = tries[counts.argmin()], int(counts.min())
        if not fewest:
            break
    return best


def _bent(shape: Array, share: Array) -> Array:
    """A cubic in every bend, the least first; P1 and P2 come nearer to its ends, to their shares of the way."""
    tries = np.repeat(shape[None], len(_BENDS), axis=0)
    tries[:, 1:3, 0] = shape[[0, 3], 0] + share * (shape[1:3, 0] - shape[[0, 3], 0])
    tries[:, 1:3, 1] += _BENDS
    return tries


def _passed(shapes: Array, nodes: Array) -> NDArray[np.bool_]:
    """Which of the nodes (m, 4) curves (n, 4, 2) run under: (n, m)."""
    x, y = np.moveaxis(points(shapes, _T)[:, :, None], -1, 0)
    left, top, right, bottom = nodes.T
    return np.asarray(((x > left) & (x < right) & (y > top) & (y < bottom)).any(axis=1))
