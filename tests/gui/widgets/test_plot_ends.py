"""Names at the ends of curves stand apart, in the order of the curves, and within the plot."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gui.widgets.plot_ends import apart


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_names_are_a_gap_apart_in_their_order_and_inside(heights: list[float]) -> None:
    placed = apart(heights, 13.0, 0.0, 100.0)
    assert all(b - a >= 13.0 - 1e-9 for a, b in pairwise(sorted(placed)))
    assert min(placed) >= -1e-9 and max(placed) <= 100.0 + 1e-9
    pairs = [(i, j) for i in range(len(heights)) for j in range(len(heights)) if heights[i] < heights[j]]
    assert all(placed[i] < placed[j] for i, j in pairs)


def test_names_that_are_apart_stay_where_they_are() -> None:
    assert apart([10.0, 50.0, 30.0], 13.0, 0.0, 100.0) == [10.0, 50.0, 30.0]
