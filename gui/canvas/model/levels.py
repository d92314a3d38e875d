"""Zoom levels: texts that keep their size on screen are placed once a level, where it is narrowest, and then moved."""

from functools import lru_cache
from math import floor, log2

STEPS = 4  # levels an octave
SMALLEST = 11  # pixels on screen: no text is smaller
LABEL_LINE = 16 / 13  # of the size of a text


@lru_cache(maxsize=256)
def level_of(zoom: float) -> int:
    """The level of a zoom: 0 from 100 % on, for there everything grows together, and less farther away."""
    return min(floor(log2(zoom) * STEPS + 1e-9), 0)


def least_zoom(level: int) -> float:
    """The zoom from which on a level is: nothing on it has more room anywhere else."""
    return float(2.0 ** (level / STEPS))


def type_at(size: int, zoom: float) -> tuple[int, float]:
    """The size that a text of `size` at 100 % is set in at a zoom, and how much that is enlarged in the scene."""
    return (size, 1.0) if size * zoom >= SMALLEST - 1e-6 else (SMALLEST, 1 / zoom)
