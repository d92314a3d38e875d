"""A tensor in small: each cell is the strongest element of its block, however the tensor lies in memory."""

from __future__ import annotations

import numpy as np
import pytest

from engine.values.extremes import extremes
from engine.values.heat import heat_of, pooled, scale_of


def by_hand(grid: np.ndarray, down: int, across: int) -> np.ndarray:
    """Block by block; nan where there is one in it."""
    rows, columns = range(0, grid.shape[0], down), range(0, grid.shape[1], across)
    blocks = [[grid[r : r + down, c : c + across].ravel() for c in columns] for r in rows]
    return np.array([[_strongest(block) for block in line] for line in blocks])


def _strongest(block: np.ndarray) -> float:
    high, low = block.max(), block.min()
    return low if -low > high else high


@pytest.mark.parametrize("odd", [None, np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(
    ("shape", "down", "across"), [((7, 5), 2, 3), ((40, 130), 9, 8), ((1, 200), 1, 7), ((90, 3), 8, 1)]
)
def test_a_cell_is_the_strongest_of_its_block(shape, down, across, odd) -> None:
    grid = np.random.default_rng(0).normal(size=shape)
    if odd is not None:
        grid[0, -1] = odd
    for laid in (grid, np.asfortranarray(grid), np.repeat(grid, 2, axis=1)[:, ::2]):
        np.testing.assert_array_equal(pooled(laid, down, across), by_hand(grid, down, across))
        assert heat_of(laid, 4, 4) == heat_of(grid.copy(), 4, 4)


def test_the_scale_is_the_largest_finite_magnitude() -> None:
    assert scale_of(np.array([1.0, -3.0, 2.0])) == 3 and scale_of(np.zeros(4)) == 1 and scale_of(np.empty((0, 3))) == 1
    assert scale_of(np.array([np.inf, -2.0]), np.array([np.nan, 5.0, -np.inf])) == 5
    heat = heat_of(np.array([[np.inf] + [1.0] * 9, [-0.5] * 10]), 2, 5)
    assert heat.grid().tolist() == [[127] * 5, [-64] * 5] and heat.pooled == (1, 2)


def test_the_ends_of_a_value_are_its_own_however_many_were_asked_for() -> None:
    rng = np.random.default_rng(3)
    for _ in range(2000):  # more than are kept, in memory that is used again
        value = rng.normal(size=rng.integers(1, 9, 2))
        assert extremes(value) == extremes(value) == (value.min(), value.max())
    assert np.isnan(extremes(np.array([1.0, np.nan]))).all() and extremes(np.float64(-2)) == (-2, -2)
