"""Guides: where a card that is dragged lines up with others, or where gaps are equal. Pure NumPy.

box, others   a card and all that rest: left, top, right, bottom; rows of those
reach         how far, in scene pixels, a guide draws the card to itself
axis          0: across, the card moves by dx; 1: down, by dy
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from gui.canvas.model.geometry import Array, inside

SAME = 0.5  # pixels: what is nearer stands on one line


class Guide(NamedTuple):
    """A line to be drawn, in the scene. `gap`: it measures one of several equal gaps."""

    x0: float
    y0: float
    x1: float
    y1: float
    gap: bool = False


class Pull(NamedTuple):
    """How much farther a card goes along one axis, and the guides that say why."""

    by: float
    guides: tuple[Guide, ...]


def pulled(box: Array, others: Array, view: Array, reach: float, levels: Iterable[float] = ()) -> tuple[Pull, Pull]:
    """What draws a card: edges and middles of those in view, and equal gaps. One for each axis; none: by 0.

    `levels`: how far down it would have to go for each of its edges to run straight.
    """
    near = others[inside(others, *view)]
    across = _line(box, near, 0, reach) or _gap(box, near, 0, reach)
    down = _straight(levels, reach) or _line(box, near, 1, reach) or _gap(box, near, 1, reach)
    nothing = Pull(0.0, ())
    return across or nothing, down or nothing


def _straight(levels: Iterable[float], reach: float) -> Pull | None:
    """An edge that runs straight needs no guide: it is seen."""
    nearest = min(levels, key=abs, default=np.inf)
    return Pull(nearest, ()) if abs(nearest) <= reach else None


def _line(box: Array, others: Array, axis: int, reach: float) -> Pull | None:
    """Left edges on one line, middles, right edges; or tops, middles, bottoms."""
    if not len(others):
        return None
    mine, theirs = _lines(box[None], axis)[0], _lines(others, axis)
    away = theirs - mine
    by = float(away.flat[int(np.abs(away).argmin())])
    if abs(by) > reach:
        return None
    on = np.abs(away - by) < SAME
    column = int(on.any(axis=0).argmax())
    return Pull(by, (_drawn(box, others[on[:, column]], axis, float(mine[column] + by)),))


def _lines(boxes: Array, axis: int) -> Array:
    """The two edges of boxes along an axis, and their middles between them: (n, 3)."""
    low, high = boxes[:, axis], boxes[:, axis + 2]
    return np.stack([low, (low + high) / 2, high], axis=1)


def _drawn(box: Array, others: Array, axis: int, at: float) -> Guide:
    """The line at a place of one axis, as long as the boxes on it reach along the other."""
    along = 1 - axis
    first = float(min(box[along], others[:, along].min()))
    last = float(max(box[along + 2], others[:, along + 2].max()))
    return Guide(at, first, at, last) if axis == 0 else Guide(first, at, last, at)


def _gap(box: Array, others: Array, axis: int, reach: float) -> Pull | None:
    """Between two others in the middle, or behind or before two as far from the nearer as they from each other."""
    along = 1 - axis
    beside = others[(others[:, along] < box[along + 2]) & (others[:, along + 2] > box[along])]
    low, high, size = box[axis], box[axis + 2], box[axis + 2] - box[axis]
    middle = (low + high) / 2
    before = beside[(beside[:, axis] + beside[:, axis + 2]) / 2 < middle]
    behind = beside[(beside[:, axis] + beside[:, axis + 2]) / 2 >= middle]
    before = before[np.argsort(-before[:, axis + 2])][:2]
    behind = behind[np.argsort(behind[:, axis])][:2]
    places = []  # where it would begin, and the gaps that are equal then
    if len(before) and len(behind):
        start = (before[0, axis + 2] + behind[0, axis] - size) / 2
        places.append((start, ((before[0, axis + 2], start), (start + size, behind[0, axis]))))
    if len(before) == 2:
        gap = before[0, axis] - before[1, axis + 2]
        start = before[0, axis + 2] + gap
        places.append((start, ((before[1, axis + 2], before[0, axis]), (before[0, axis + 2], start))))
    if len(behind) == 2:
        gap = behind[1, axis] - behind[0, axis + 2]
        start = behind[0, axis] - gap - size
        places.append((start, ((start + size, behind[0, axis]), (behind[0, axis + 2], behind[1, axis]))))
    fitting = [(start, gaps) for start, gaps in places if abs(start - low) <= reach and all(a < b for a, b in gaps)]
    if not fitting:
        return None
    start, gaps = min(fitting, key=lambda place: abs(place[0] - low))
    at = float(box[along] + box[along + 2]) / 2
    return Pull(float(start - low), tuple(_measure(axis, float(a), float(b), at) for a, b in gaps))


def _measure(axis: int, first: float, last: float, at: float) -> Guide:
    return Guide(first, at, last, at, True) if axis == 0 else Guide(at, first, at, last, True)
