"""L over two knobs on a grid of places: coarse at first, then finer, in slices that a window can spare. No Qt.

Symbols: L the target, or seed · target; a, b the two knobs, across and up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from contourpy import contour_generator

from engine.truth.along import Along, Numbers

FINENESS = (13, 25, 49)  # places along each side: one is drawn while the next is computed
LEVELS = 9  # lines of equal height, about


@dataclass(frozen=True)
class Ends:
    """The part of the plane that is seen."""

    left: float
    right: float
    low: float
    high: float

    def zoomed(self, a: float, b: float, factor: float) -> Ends:
        """The part that is `factor` times as wide and high, in which (a, b) stays where it is."""
        return Ends(
            a + (self.left - a) * factor,
            a + (self.right - a) * factor,
            b + (self.low - b) * factor,
            b + (self.high - b) * factor,
        )

    def holds(self, a: float, b: float) -> bool:
        return self.left <= a <= self.right and self.low <= b <= self.high


@dataclass(frozen=True, eq=False)
class Landscape:
    """Heights, a row from low to high for each b; nan where L is not finite."""

    ends: Ends
    heights: Numbers

    @property
    def across(self) -> Numbers:
        return np.linspace(self.ends.left, self.ends.right, self.heights.shape[1])

    @property
    def up(self) -> Numbers:
        return np.linspace(self.ends.low, self.ends.high, self.heights.shape[0])

    def shades(self) -> Numbers:
        """Each height's rank from 0, the lowest, to 1: steep walls do not flatten the ground between them."""
        flat = np.ravel(self.heights)
        finite = np.isfinite(flat)
        known = np.unique(flat[finite])
        ranks = np.searchsorted(known, flat) / max(len(known) - 1, 1)
        return np.reshape(np.where(finite, ranks, np.nan), self.heights.shape)

    def lines(self) -> list[tuple[float, list[Numbers]]]:
        """Lines of equal height, each a level and its pieces: points (a, b), a row each."""
        finite = self.heights[np.isfinite(self.heights)]
        if finite.size < 4 or finite.min() == finite.max():
            return []
        levels = np.unique(np.quantile(finite, np.linspace(0, 1, LEVELS + 2)[1:-1]))
        trace = contour_generator(self.across, self.up, np.ma.masked_invalid(self.heights))
        return [(float(level), [np.asarray(piece) for piece in trace.lines(level)]) for level in levels]


def landscapes(along: Along, ends: Ends) -> Iterator[Landscape | None]:
    """One landscape after the other, each finer; None after each row, for whoever must do other things meanwhile."""
    for places in FINENESS:
        across, up = np.linspace(ends.left, ends.right, places), np.linspace(ends.low, ends.high, places)
        rows: list[Numbers] = []
        for b in up:
            rows.append(np.asarray(along.over(across, np.full(places, b)), np.float64))
            yield None
        heights = np.array(rows)
        yield Landscape(ends, np.where(np.isfinite(heights), heights, np.nan))
