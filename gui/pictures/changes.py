"""What each picture of a film changes, and for how long it stays: only that need be written."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (height, width) or (height, width, channels)
Shot = tuple[Pixels, int]  # a picture, and for how many frames it stays


class Piece(NamedTuple):
    """The part of a picture in which something has changed: there `mask` is True."""

    left: int
    top: int
    pixels: Pixels
    mask: NDArray[np.bool_]
    frames: int
    duration: int


def pieces(shots: Iterable[Shot], fps: int, units: int, even: bool = False) -> Iterator[Piece]:
    """The first picture whole, of the others the smallest box round what has changed, one pixel where nothing has.

    Durations are in whole `units` of a second, whose rounding never adds up; `even`: boxes begin at even places.
    """
    before, frames = None, 0
    for after, count in shots:
        mask = _changed(before, after)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        top, bottom = (int(rows[0]), int(rows[-1])) if len(rows) else (0, 0)
        left, right = (int(columns[0]), int(columns[-1])) if len(rows) else (0, 0)
        if even:
            left, top = left - left % 2, top - top % 2
        box = slice(top, bottom + 1), slice(left, right + 1)
        begin, frames, before = frames, frames + count, after
        yield Piece(left, top, after[box], mask[box], count, round(units * frames / fps) - round(units * begin / fps))


def _changed(before: Pixels | None, after: Pixels) -> NDArray[np.bool_]:
    if before is None:
        return np.ones(after.shape[:2], dtype=bool)
    differs: NDArray[np.bool_] = before != after
    return np.asarray(differs.any(axis=2)) if differs.ndim == 3 else differs
