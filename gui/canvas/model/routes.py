"""The routes of all edges, piece by piece in one array, and what is asked of them all at once. Pure NumPy, no Qt.

A route is a chain of cubics (m, 4, 2): see `geometry`. Most have one piece. Boxes are rows of left, top, right, bottom.
"""

from collections.abc import Mapping, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from engine.graph.records import Pos
from gui.canvas.model.geometry import Array, bounds, chains, crossed, inside, passing

Rows = NDArray[np.intp]


class Routes:
    """By row, the place of an edge among all.

    `pieces` (k, 4, 2) are the cubics of all routes, those of a row one after the other; `owners` (k,) says whose each
    is; `boxes` (n, 4) hold whole routes.
    """

    def __init__(self, pieces: Array, owners: Rows) -> None:
        self.pieces, self.owners = pieces, owners
        self._piece_boxes = bounds(pieces)
        self._chains = chains(pieces)
        count = int(owners[-1]) + 1 if len(owners) else 0
        self._first = np.searchsorted(owners, np.arange(count + 1))
        self.boxes: Array = np.empty((count, 4))
        self._hold(np.arange(count))

    @classmethod
    def of(cls, routes: Sequence[Array]) -> "Routes":
        """Each row's route, one or more cubics (m, 4, 2)."""
        pieces = np.concatenate([np.empty((0, 4, 2)), *routes])
        return cls(pieces, np.repeat(np.arange(len(routes)), [len(route) for route in routes]))

    def __len__(self) -> int:
        return len(self._first) - 1

    def __getitem__(self, row: int) -> Array:
        """A route: (m, 4, 2)."""
        return self.pieces[self._first[row] : self._first[row + 1]]

    def counts(self) -> Rows:
        """Of how many pieces each route is: (n,)."""
        return np.diff(self._first)

    def copy(self) -> "Routes":
        """The same, which stays as it is."""
        return self.towards(self, 0.0)

    def towards(self, other: "Routes", share: float) -> "Routes":
        """Routes between these and others of as many pieces each; the boxes hold them, but may be larger."""
        result = copy(self)
        result.pieces = self.pieces + (other.pieces - self.pieces) * share
        result._piece_boxes = self._piece_boxes + (other._piece_boxes - self._piece_boxes) * share
        result._chains = self._chains + (other._chains - self._chains) * share
        result.boxes = self.boxes + (other.boxes - self.boxes) * share
        return result

    def put(self, routes: Mapping[int, Array]) -> None:
        """Lead some rows another way."""
        if not routes:
            return
        rows = np.array(sorted(routes))
        pieces = np.concatenate([routes[row] for row in rows.tolist()])
        counts = np.diff(self._first)
        before, after = counts[rows], np.array([len(routes[row]) for row in rows.tolist()])
        if (before != after).any():
            counts[rows] = after
            self._make_room(counts, rows)
        changed = self._of_rows(rows)
        self.pieces[changed] = pieces
        self._piece_boxes[changed] = bounds(pieces)
        self._chains[changed] = chains(pieces)
        self._hold(rows)

    def add(self, pieces: Array) -> None:
        """More rows, of one piece each: (k, 4, 2)."""
        count = len(self)
        rows = np.arange(count, count + len(pieces))
        self._first = np.concatenate([self._first, len(self.pieces) + 1 + np.arange(len(pieces))])
        self.pieces, self.owners = np.concatenate([self.pieces, pieces]), np.concatenate([self.owners, rows])
        self._piece_boxes = np.concatenate([self._piece_boxes, bounds(pieces)])
        self._chains = np.concatenate([self._chains, chains(pieces)])
        self.boxes = np.concatenate([self.boxes, self._piece_boxes[len(self.pieces) - len(pieces) :]])

    def near(self, left: float, top: float, right: float, bottom: float) -> Rows:
        """The rows of the routes that come into a rectangle, in order."""
        some = np.flatnonzero(inside(self._piece_boxes, left, top, right, bottom))
        some = some[passing(self._chains[some], left, top, right, bottom)]
        owners = self.owners[some]
        return owners[np.diff(owners, prepend=-1) > 0]

    def about(self, left: float, top: float, right: float, bottom: float) -> tuple[Array, Rows]:
        """The pieces whose boxes come into a rectangle, as points along them (k, 17, 2), and the row of each."""
        some = np.flatnonzero(inside(self._piece_boxes, left, top, right, bottom))
        return self._chains[some], self.owners[some]

    def crossed(self, start: Pos, end: Pos) -> Rows:
        """The rows of the routes that a straight line from one place to another goes across, in order."""
        sides = (*np.minimum(start, end), *np.maximum(start, end))
        some = np.flatnonzero(inside(self._piece_boxes, *sides))
        owners = self.owners[some[crossed(self._chains[some], start, end)]]
        return owners[np.diff(owners, prepend=-1) > 0]

    def _of_rows(self, rows: Rows) -> Rows:
        """The indices of the pieces of these rows, which rise."""
        wanted = np.zeros(len(self), bool)
        wanted[rows] = True
        return np.flatnonzero(wanted[self.owners])

    def _make_room(self, counts: Rows, rows: Rows) -> None:
        """So many pieces for each row; those of `rows` are still to be filled in."""
        stay = np.ones(len(counts), bool)
        stay[rows] = False
        owners = np.repeat(np.arange(len(counts)), counts)
        kept, to = stay[self.owners], stay[owners]
        self.pieces = _moved(self.pieces, kept, to)
        self._piece_boxes = _moved(self._piece_boxes, kept, to)
        self._chains = _moved(self._chains, kept, to)
        self.owners = owners
        self._first = np.searchsorted(owners, np.arange(len(counts) + 1))

    def _hold(self, rows: Rows) -> None:
        """Draw the boxes round the routes of these rows, which rise."""
        some = self._of_rows(rows)
        if len(some):
            starts = np.searchsorted(self.owners[some], rows)
            low = np.minimum.reduceat(self._piece_boxes[some, :2], starts)
            high = np.maximum.reduceat(self._piece_boxes[some, 2:], starts)
            self.boxes[rows] = np.concatenate([low, high], axis=1)


def each_once(rows: Sequence[Rows], count: int) -> Rows:
    """Each of some rows out of `count`, in order and once. `np.unique` would import all of NumPy's masked arrays."""
    found = np.zeros(count, bool)
    found[np.concatenate(rows)] = True
    return np.flatnonzero(found)


def _moved(pieces: Array, kept: NDArray[np.bool_], to: NDArray[np.bool_]) -> Array:
    """An array with room for other pieces: those that are kept stand where `to` is."""
    result = np.empty((len(to), *pieces.shape[1:]))
    result[to] = pieces[kept]
    return result
