"""How drawings fit a window: long ones go on in another line, gaps widen where there is room, parts stand in shelves.

A drawing is the box of each of its nodes: left, top, right, bottom in pixels, with all boxes on a grid.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate, pairwise
from math import ceil, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Box = tuple[float, float, float, float]


class Spacing(NamedTuple):
    """How far apart columns begin, and how much of that is free, in pixels; what share of it a long line may keep."""

    pitch: float
    gap: float
    least: float


Drawing = Mapping[str, Box]
Array = NDArray[np.float64]

_SHORTEST = 3  # columns of a line
_WORTH = 1.05  # times as large all must be seen, or a drawing stays one line
_MOST_WIDTHS, _MOST_STEPS = 12, 3000  # of a line that are tried; columns looked at for them
_LINE_GAP, _LANE, _MOST_LANES = 60.0, 8.0, 15  # free between lines, and more for each edge that runs back
_RUN = 16.0  # what an edge that runs back costs the eye, in pixels of height
_NARROWEST = 140.0  # columns are at least so far apart
_TRIED, _MANY = 12, 200  # places for a short line, and nodes above it: below so many it stands at the left
_OUT_OF_LINE = 0.1  # of the way that a line is farther right, it must come up higher
_TURN = 80.0  # so that an edge may turn back between two cards
_WIDEST, _HIGHEST = 1.5, 1.4  # how much wider gaps may be, across and down
_FILLED = 0.92  # of the window, with wider gaps: edges want to go round all of it
_READABLE = 1100.0  # pixels: what is no wider is read at its real size in most windows
_NARROW = 0.75  # of a gap between columns that is left where edges run back between lines
_SEED = 56.0  # pixels that the seed takes beside the target
_GRID = 4
_MOST_TRIED = 40  # widths of a shelf


def fitted(
    drawing: Drawing, edges: Collection[tuple[str, str]], aspect: float, spacing: Spacing, target: str | None
) -> dict[str, Box]:
    """A drawing in a window that is `aspect` times as wide as it is high: as lines one below another, if it is seen
    larger so, cut where few edges go across; with narrower gaps between columns if it is long, with wider ones if it is
    not. The seed stands beside the target.

    Of some widths that a line could have, that with which everything is seen largest; an edge that is cut counts as if
    it made the drawing higher, for it has to run back. So wrap Rüegg and von Hanxleden (2018).
    """
    columns = _Cuttable(drawing, edges)
    seed = np.array([(0.0, 0.0, _SEED * (id == target), 0.0) for id in columns.ids])
    best = _tightened(columns.boxes, aspect, spacing, spacing.least)
    most = _WORTH * _zoom(best + seed, aspect)
    if _size(columns.boxes)[0] > _READABLE:
        for starts in {columns.cut(wide): None for wide in columns.widths(aspect)}:
            lines = _tightened(_folded(columns, starts), aspect, spacing, _NARROW)
            wide, high = _size(lines + seed)
            zoom = min(aspect / wide, 1 / (high + columns.running_back(starts)))
            if zoom > most:
                best, most = lines, zoom
    return _drawing(columns.ids, _stretched(best, aspect, spacing))


def _folded(columns: "_Cuttable", starts: Sequence[int]) -> Array:
    """Lines that begin with some columns, one below another: a short one as far right as it gets up higher."""
    spans = list(pairwise([*starts, len(columns)]))
    room = max(columns.size(first, last)[0] for first, last in spans)
    result = _at(columns.between(*spans[0]), 0.0, 0.0)
    for first, last in spans[1:]:
        line, gap = _at(columns.between(first, last), 0.0, 0.0), columns.gap(first)
        spare = room - columns.size(first, last)[0]
        lefts = {_up(spare * part / _TRIED) for part in range(_TRIED + 1)} if len(result) < _MANY else {0.0}
        tops = {left: _up(_clear(_at(line, left, 0.0), result, gap)) for left in lefts}
        left = min(lefts, key=lambda left: (tops[left] + left * _OUT_OF_LINE, left))
        result = np.concatenate([result, _at(line, left, tops[left])])
    return result


def _clear(line: Array, above: Array, gap: float) -> float:
    """How far down a line must go to be clear of what is above it."""
    if len(above) >= _MANY:
        return float(above[:, 3].max() + gap)
    meets = (line[:, None, 0] < above[:, 2] + _TURN) & (line[:, None, 2] > above[:, 0] - _TURN)
    return float(np.where(meets, above[:, 3] + gap - line[:, None, 1], 0.0).max())


class _Cuttable:
    """The columns of a drawing, left to right: a leaf goes with the first of the nodes that it feeds."""

    def __init__(self, drawing: Drawing, edges: Collection[tuple[str, str]]) -> None:
        lefts = _lefts(drawing, edges)
        place = {left: i for i, left in enumerate(sorted(set(lefts.values())))}
        column = {id: place[left] for id, left in lefts.items()}
        self.ids = sorted(drawing, key=column.__getitem__)
        self.boxes = np.array([drawing[id] for id in self.ids])  # column by column
        self._begin = np.searchsorted([column[id] for id in self.ids], np.arange(len(place) + 1))
        self._low = np.minimum.reduceat(self.boxes[:, :2], self._begin[:-1])
        self._high = np.maximum.reduceat(self.boxes[:, 2:], self._begin[:-1])
        self._across = np.zeros(len(place) + 1)  # how many edges go over each cut
        for source, dest in edges:
            self._across[column[source] + 1 : column[dest] + 1] += 1

    def __len__(self) -> int:
        return len(self._low)

    def between(self, first: int, last: int) -> Array:
        """The boxes of what stands in some columns."""
        return self.boxes[self._begin[first] : self._begin[last]]

    def size(self, first: int, last: int) -> tuple[float, float]:
        """How wide and high some columns are."""
        wide, high = (self._high[first:last].max(axis=0) - self._low[first:last].min(axis=0)).tolist()
        return wide, high

    def gap(self, cut: int) -> float:
        """What is free between two lines, so that the edges that run back have room."""
        return _up(_LINE_GAP + _LANE * min(float(self._across[cut]), _MOST_LANES))

    def widths(self, aspect: float) -> list[float]:
        """How wide a line may be: about as wide as a window that holds all lines, or somewhat more or less."""
        wide, high = self.size(0, len(self))
        likely = max(sqrt(wide / (aspect * high)), 1.0)
        tries = min(max(_MOST_STEPS // len(self), 2), _MOST_WIDTHS)
        narrowest = max(self.size(i, i + 1)[0] for i in range(len(self)))
        return [max(float(wide / count), narrowest) for count in np.linspace(max(likely / 2, 1.1), 2 * likely, tries)]

    def running_back(self, starts: Sequence[int]) -> float:
        """What the edges cost that run back to some columns with which lines begin."""
        return _RUN * float(self._across[list(starts)].sum())

    def cut(self, wide: float) -> tuple[int, ...]:
        """The first columns of lines that are no wider, and in all as low as there is."""
        lowest, start = np.zeros(len(self) + 1), np.zeros(len(self) + 1, int)
        before = _LINE_GAP + (_LANE + _RUN) * self._across
        before[0] = 0.0
        for last in range(1, len(self) + 1):
            first = max(0, last - int(wide // _NARROWEST) - 1)
            low = np.minimum.accumulate(self._low[first:last][::-1])[::-1]
            size = np.maximum.accumulate(self._high[first:last][::-1])[::-1] - low
            high = np.where(size[:, 0] <= wide, size[:, 1] + lowest[first:last] + before[first:last], np.inf)
            high[max(last - _SHORTEST + 1 - first, 0) :] = np.inf
            start[last] = first + int(high.argmin())
            lowest[last] = high.min()
        starts = [int(start[-1]) if np.isfinite(lowest[-1]) else 0]
        while starts[0]:
            starts.insert(0, int(start[starts[0]]))
        return tuple(starts)


def _lefts(drawing: Drawing, edges: Collection[tuple[str, str]]) -> dict[str, float]:
    """The column with which each node goes: its own, but a leaf goes with the first of the nodes that it feeds."""
    lefts = {id: box[0] for id, box in drawing.items()}
    computed = {dest for _, dest in edges}
    fed: dict[str, float] = {}
    for source, dest in edges:
        if source not in computed:
            fed[source] = min(fed.get(source, lefts[dest]), lefts[dest])
    return lefts | fed


def _tightened(boxes: Array, aspect: float, spacing: Spacing, share: float) -> Array:
    """The same with narrower gaps between columns where it is longer than the window: until it fits, or can be read,
    but so much of them is left."""
    wide, high = _size(boxes)
    least = 1 + (share - 1) * spacing.gap / spacing.pitch
    return _spread(boxes, min(max(aspect * high / wide, _READABLE / wide, least), 1.0), 1.0)


def _stretched(boxes: Array, aspect: float, spacing: Spacing) -> Array:
    """The same with wider gaps between columns where the window is wider, or between rows where it is higher."""
    wide, high = _size(boxes)
    share = aspect / (wide / high)
    across = 1 + (min(max(_FILLED * share, 1.0), _WIDEST) - 1) * spacing.gap / spacing.pitch
    return _spread(boxes, across, min(max(_FILLED / share, 1.0), _HIGHEST))


def _spread(boxes: Array, across: float, down: float) -> Array:
    """So many times as far apart: their left sides across, their middles down."""
    size = boxes[:, 2:] - boxes[:, :2]
    middle = (boxes[:, 1] + boxes[:, 3]) / 2 * down - size[:, 1] / 2
    corners = np.stack([boxes[:, 0] * across, middle], axis=1)
    corners = (corners + _GRID / 2) // _GRID * _GRID
    return np.concatenate([corners, corners + size], axis=1)


def shelved(drawings: Sequence[Drawing], aspect: float | None, gap: float) -> dict[str, Box]:
    """All drawings, in their order, from left to right and from top to bottom; without an aspect one a shelf.

    Of all widths that a shelf could have, that with which everything is seen largest.
    """
    ids = [id for drawing in drawings for id in drawing]
    boxes = [np.array(list(drawing.values())) for drawing in drawings]
    if aspect is None:
        return _drawing(ids, _on_shelves(boxes, 0.0, gap))
    reaches = accumulate(_up(_size(one)[0] + gap) for one in boxes[:_MOST_TRIED])
    tries = (_on_shelves(boxes, reach, gap) for reach in reaches)
    return _drawing(ids, max(tries, key=lambda shelves: _zoom(shelves, aspect)))


def _on_shelves(drawings: Sequence[Array], width: float, gap: float) -> Array:
    result = []
    left = top = below = 0.0
    for boxes in drawings:
        wide, high = _size(boxes)
        if left and left + wide > width:
            left, top = 0.0, below
        result.append(_at(boxes, left, top))
        left, below = _up(left + wide + gap), max(below, _up(top + high + gap))
    return np.concatenate(result)


def _zoom(boxes: Array, aspect: float) -> float:
    """How large boxes are seen in a window that is 1 high."""
    wide, high = _size(boxes)
    return min(aspect / wide, 1 / high)


def _size(boxes: Array) -> tuple[float, float]:
    wide, high = (boxes[:, 2:].max(axis=0) - boxes[:, :2].min(axis=0)).tolist()
    return wide, high


def _at(boxes: Array, left: float, top: float) -> Array:
    """The same boxes, with the corner of them all somewhere else."""
    return np.asarray(boxes + np.tile(np.array([left, top]) - boxes[:, :2].min(axis=0), 2))


def _drawing(ids: Sequence[str], boxes: Array) -> dict[str, Box]:
    return {id: (left, top, right, bottom) for id, (left, top, right, bottom) in zip(ids, boxes.tolist(), strict=True)}


def _up(length: float) -> float:
    return float(ceil(length / _GRID) * _GRID)
