"""A tensor as a small grid of levels, to be coloured: pooled where it has more cells than can be seen."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from math import ceil, isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.values.extremes import extremes
from engine.values.values import Shape, Value

FULL = 127  # the level of the largest magnitude; −FULL of the same below 0
ABSENT = -128  # the level of nan
KEPT = 256
WIDE = 64  # elements of a row from which on it is long

Grid = NDArray[np.float64]


class Heat(NamedTuple):
    """Rows of levels from −127 to 127, of the largest magnitude on the scale; two that are equal look the same.

    `high`: of how many rows each slice of a batch is, 0 where there is one. `pooled`: how many rows and columns of the
    tensor are one cell.
    """

    rows: int
    columns: int
    levels: bytes
    high: int = 0
    pooled: tuple[int, int] = (1, 1)

    @property
    def is_pooled(self) -> bool:
        return self.pooled != (1, 1)

    def grid(self) -> NDArray[np.int8]:
        """The levels, row by row."""
        return np.frombuffer(self.levels, np.int8).reshape(self.rows, self.columns)


def flat_grid(value: Value) -> Grid:
    """A tensor as rows and columns: a vector is a row, the matrices of a batch stand below each other."""
    array = np.asarray(value)
    return array.reshape(-1, array.shape[-1]) if array.ndim > 1 else array.reshape(1, -1)


def slice_height(shape: Shape) -> int:
    """How many rows each matrix of a batch has; 0: it is no batch of matrices."""
    return shape[-2] if len(shape) > 2 else 0


def scale_of(*values: Value) -> float:
    """The largest finite magnitude in some tensors; 1 where there is none."""
    return max(map(_largest, values), default=0.0) or 1.0


def _largest(value: Value) -> float:
    if not value.size:
        return 0.0
    size = max(map(abs, extremes(value)))
    return size if isfinite(size) else float(np.max(np.abs(value), where=np.isfinite(value), initial=0.0))


def heat_of(value: Value, most_rows: int, most_columns: int, scale: float | None = None) -> Heat:
    """The levels of a tensor in no more rows and columns than these: of those that become one the largest counts."""
    grid, high = flat_grid(value), slice_height(np.shape(value))
    down, across = ceil(grid.shape[0] / most_rows) or 1, ceil(grid.shape[1] / most_columns) or 1
    shown = pooled(grid, down, across)
    levels = levels_of(shown, scale_of(value) if scale is None else scale)
    return Heat(shown.shape[0], shown.shape[1], levels.tobytes(), high if down == 1 else 0, (down, across))


def pooled(grid: Grid, down: int, across: int) -> Grid:
    """Blocks of cells as one: that of the largest magnitude, with its sign."""
    if (down, across) == (1, 1) or not grid.size:
        return grid
    if grid.flags.f_contiguous and not grid.flags.c_contiguous:  # as it lies in memory
        return pooled(grid.T, across, down).T
    high, low = (_of_blocks(best, grid, down, across) for best in (np.maximum, np.minimum))
    return np.where(-low > high, low, high)


def _of_blocks(best: np.ufunc, grid: Grid, down: int, across: int) -> Grid:
    """The largest, or the smallest, of each block. Where rows are long, strips of rows side by side are quicker."""
    (rows, wide), columns = grid.shape, np.arange(0, grid.shape[1], across)
    if wide < WIDE:
        return best.reduceat(best.reduceat(grid, range(0, rows, down), axis=0), columns, axis=1)
    found, whole = np.empty((ceil(rows / down), wide)), rows // down
    best.reduce(grid[: whole * down].reshape(whole, down, wide), axis=1, out=found[:whole])
    if whole < len(found):
        best.reduce(grid[whole * down :], axis=0, out=found[whole])
    return best.reduceat(found, columns, axis=1)


def levels_of(grid: Grid, scale: float) -> NDArray[np.int8]:
    """−127 … 127; what is not 0 is not level 0 either, so that its sign is seen; ∞ is the largest."""
    with np.errstate(all="ignore"):
        levels = np.abs(grid) / scale
        np.ceil(np.minimum(levels, 1.0) * FULL, out=levels)
        np.copysign(levels, grid, out=levels)
        levels[np.isnan(grid)] = ABSENT
        return levels.astype(np.int8)


_kept: OrderedDict[tuple[int, int, int], tuple[weakref.ref[NDArray[np.float64]], Heat]] = OrderedDict()


def kept_heat(value: Value, most_rows: int, most_columns: int) -> Heat:
    """The same, found once for each array: the numbers of a trace do not change."""
    if not isinstance(value, np.ndarray):
        return heat_of(value, most_rows, most_columns)
    key = (id(value), most_rows, most_columns)
    found = _kept.get(key)
    if found is not None and found[0]() is value:
        return found[1]
    heat = heat_of(value, most_rows, most_columns)
    _kept[key] = (weakref.ref(value), heat)
    if len(_kept) > KEPT:
        _kept.popitem(last=False)
    return heat
