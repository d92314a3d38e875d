"""What differs between two pictures of a film: only that need be written."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Box = tuple[int, int, int, int]  # left, top, right, bottom, in pixels


def changed(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which pixels differ, of two pictures (height, width) or (height, width, channels)."""
    differs: NDArray[np.bool_] = before != after
    result: NDArray[np.bool_] = np.asarray(differs.any(axis=2)) if differs.ndim == 3 else differs
    return result


def box_of(mask: NDArray[np.bool_], even: bool = False) -> Box:
    """The smallest box round the True ones, one pixel where there are none; `even`: it begins at even places."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return (0, 0, 1, 1)
    left, top = int(columns[0]), int(rows[0])
    if even:
        left, top = left - left % 2, top - top % 2
    return left, top, int(columns[-1]) + 1, int(rows[-1]) + 1
