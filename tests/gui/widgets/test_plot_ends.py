"""Names at the ends of curves and numbers along an axis stand apart, in their order, and within the plot."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.passes.run import run
from engine.text.read import parse
from engine.truth.along import Along, Knob
from gui.look.measure import width
from gui.look.theme import CAPTION
from gui.panels.slopes.figures import slope_figure
from gui.widgets.plot_axes import near_text, ticked
from gui.widgets.plot_ends import apart
from gui.widgets.plot_ticks import standing


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_names_are_a_gap_apart_in_their_order_and_inside(heights: list[float]) -> None:
    placed = apart(heights, 13.0, 0.0, 100.0)
    assert all(b - a >= 13.0 - 1e-9 for a, b in pairwise(sorted(placed)))
    assert min(placed) >= -1e-9 and max(placed) <= 100.0 + 1e-9
    pairs = [(i, j) for i in range(len(heights)) for j in range(len(heights)) if heights[i] < heights[j]]
    assert all(placed[i] < placed[j] for i, j in pairs)


def test_names_that_are_apart_stay_where_they_are() -> None:
    assert apart([10.0, 50.0, 30.0], 13.0, 0.0, 100.0) == [10.0, 50.0, 30.0]


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (0, 2e300),
        (-2e300, 0),
        (1e-300, 2e-300),
        (1e9 - 1e-3, 1e9 + 1e-3),
        (-1e-12, 1e-12),
        (5.0, 5.0),
        (-1.7e308, 1.7e308),
    ],
)
@pytest.mark.parametrize("wide", [180, 500])
def test_the_numbers_along_an_axis_stand_whole_and_none_over_another(qapp, low: float, high: float, wide: int) -> None:
    axis = ticked(low, high)
    ticks = [(wide * float(axis.spot(at)) if low < high else 0.0, said) for at, said in axis.ticks]
    stands = standing(ticks, CAPTION, 0.0, float(wide))
    assert stands and len({said for _, _, said in stands}) == len(stands)
    assert all(left >= 0 and right <= wide and right - left >= width(said, CAPTION) for left, right, said in stands)
    assert all(one[1] < other[0] for one, other in pairwise(stands))


def test_a_place_is_read_with_as_many_digits_as_its_axis_has_in_common() -> None:
    assert near_text(1e9 + 2e-4, 1e9 - 1e-3, 1e9 + 1e-3) == "1000000000.0002"
    assert near_text(0.123456, 0.0, 1.0) == "0.123" and near_text(2e300, 0.0, 4e300) == "2e300"
    assert near_text(1.0, 1.0, 1.0) == "1" and near_text(0.0, 0.0, 0.0) == "0"


@pytest.mark.parametrize("scale", [1e-300, 1e-12, 1.0, 1e300, 1.6e308])
def test_a_curve_fills_its_plot_at_any_scale(scale: float) -> None:
    graph = parse("x = 0.5; f = x * 1")
    xs = np.linspace(-1, 1, 21)
    along = Along(graph, run(graph), [Knob("x")])
    figure = slope_figure("f over x", ((xs, xs * scale), 0.5, 0.5 * scale, along), "")
    assert np.isfinite([figure.y.low, figure.y.high]).all()
    assert figure.y.spot(-0.9 * scale) < 0.2 and figure.y.spot(0.9 * scale) > 0.8
