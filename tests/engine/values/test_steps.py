"""Stepping a number: short decimals, the way back to the last bit, the sign of the way, bounds; never nan or ∞."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values.steps import (
    FREE,
    Bounds,
    Pace,
    Stepping,
    can_step,
    exponent_of,
    pace_of,
    share_of,
    slid,
    usual_range,
)

numbers = st.floats(allow_nan=False, allow_infinity=False)
usual = st.floats(min_value=-1e12, max_value=1e12)
paces = st.sampled_from(("fine", "plain", "coarse"))
ways = st.lists(st.tuples(st.integers(-3000, 3000), paces), max_size=8)


def bits(number: float) -> bytes:
    return struct.pack("<d", number)


@pytest.mark.parametrize(
    ("start", "pixels", "pace", "after"),
    [
        (0.2, 100, "plain", 0.3), (0.1, 200, "plain", 0.3), (0.0, 1, "plain", 0.01), (0.0, -30, "plain", -0.3),
        (-2.0, 1, "plain", -1.99), (5.0, 3, "plain", 5.3), (5.0, 3, "fine", 5.03), (5.0, 3, "coarse", 8.0),
        (100.0, -7, "plain", 93.0), (1e-9, 10, "plain", 1.1e-9), (0.30000000000000004, 1, "plain", 0.301),
        (1.2345678, 1, "plain", 1.24), (1.2345678, -1, "plain", 1.22), (-0.0, 5, "plain", 0.05),
    ],
)  # fmt: skip
def test_a_number_moves_on_a_short_grid(start: float, pixels: int, pace: Pace, after: float) -> None:
    assert Stepping.of(start).moved(pixels, pace).value == after


@given(numbers, ways)
def test_it_is_always_a_finite_number_and_never_minus_zero(start: float, way: list[tuple[int, Pace]]) -> None:
    held = Stepping.of(start)
    for pixels, pace in way:
        held = held.moved(pixels, pace)
        assert math.isfinite(held.value)
        assert bits(held.value) == bits(start) or bits(held.value) != bits(-0.0)


@given(numbers, ways)
def test_the_way_back_leads_to_the_same_bits(start: float, way: list[tuple[int, Pace]]) -> None:
    held = Stepping.of(start)
    for pixels, pace in (*way, *((-pixels, pace) for pixels, pace in way)):
        held = held.moved(pixels, pace)
    assert bits(held.value) == bits(start)


@given(usual, st.integers(1, 2000), paces)
def test_it_goes_the_way_that_it_is_dragged(start: float, pixels: int, pace: Pace) -> None:
    assert Stepping.of(start).moved(pixels, pace).value > start > Stepping.of(start).moved(-pixels, pace).value


@given(usual, st.integers(-400, 400), st.integers(1, 50), paces)
def test_farther_is_never_less(start: float, pixels: int, more: int, pace: Pace) -> None:
    held = Stepping.of(start).moved(pixels, pace)
    assert held.moved(more, pace).value >= held.value


@given(st.floats(min_value=-1e6, max_value=1e6), st.integers(-500, 500).filter(bool), paces)
def test_what_has_moved_is_short_to_read(start: float, pixels: int, pace: Pace) -> None:
    held = Stepping.of(start).moved(pixels, pace)
    digits = repr(held.value).lstrip("-").split("e")[0].replace(".", "").strip("0")
    assert len(digits) <= 7, held.value


@given(st.floats(min_value=1e-300, max_value=1e300))
def test_a_step_is_about_a_hundredth(number: float) -> None:
    assert 0.003 < 10.0 ** exponent_of(number) / number < 0.032
    assert exponent_of(number) == exponent_of(-number) and exponent_of(0.0) == exponent_of(-0.0) == -2


@given(st.integers(-1000, 1000), st.integers(-50, 50), st.integers(0, 100), ways)
def test_a_bounded_whole_number_stays_one(start: int, low: int, room: int, way: list[tuple[int, Pace]]) -> None:
    bounds = Bounds(low, low + room, whole=True)
    held = Stepping.of(float(bounds.kept(start)), bounds)
    for pixels, pace in way:
        held = held.moved(pixels, pace)
        assert held.value == int(held.value) and low <= held.value <= low + room


@given(st.integers(1, 5), paces)
def test_a_key_moves_a_whole_number_by_one_at_least(times: int, pace: Pace) -> None:
    assert Stepping.of(3.0, Bounds(whole=True)).stepped(times, pace).value >= 3 + times


def test_keys_turn_round_at_a_bound_at_once_and_a_drag_comes_back_the_same_way() -> None:
    held = Stepping.of(0.02, Bounds(low=0.0))
    for _ in range(400):
        held = held.stepped(-1)
    assert held.value == 0 and held.stepped(1).value > 0
    dragged = Stepping.of(0.02, Bounds(low=0.0)).moved(-1000)
    assert dragged.value == 0 and dragged.moved(500).value == 0 and dragged.moved(1000).value == 0.02


def test_shift_in_the_middle_of_a_drag_makes_no_leap() -> None:
    held = Stepping.of(2.0).moved(10)
    assert [held.moved(n, "fine").value for n in (0, 1, 9, 10)] == [2.1, 2.101, 2.109, 2.11]
    assert held.moved(1, "fine").moved(1, "coarse").value == 2.201


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_nan_and_infinity_have_no_next_number(number: float) -> None:
    assert not can_step(number)
    with pytest.raises(ValueError):
        Stepping.of(number)


def test_the_largest_number_stays_finite() -> None:
    assert Stepping.of(FREE.high).moved(5, "coarse").value == FREE.high
    assert Stepping.of(FREE.low).stepped(-9, "coarse").value == FREE.low


def test_shift_is_fine_and_ctrl_is_coarse() -> None:
    assert [pace_of(*keys) for keys in ((False, False), (True, False), (False, True), (True, True))] == [
        "plain", "fine", "coarse", "fine",
    ]  # fmt: skip


# --- sliders


@given(numbers, numbers, st.floats(min_value=-1, max_value=2))
def test_a_slider_gives_finite_numbers_between_its_ends(one: float, other: float, share: float) -> None:
    low, high = min(one, other), max(one, other)
    number = slid(low, high, share)
    assert low <= number <= high and math.isfinite(number)
    assert slid(low, high, 0) == low and (slid(low, high, 1) == high or low == high)


@given(st.floats(min_value=-1e6, max_value=1e6), st.floats(min_value=1e-3, max_value=1e6), st.floats(0, 1))
def test_what_a_slider_gives_lies_where_it_was_put(low: float, room: float, share: float) -> None:
    high = low + room
    assert share_of(low, high, slid(low, high, share)) == pytest.approx(share, abs=0.011)


def test_beyond_its_ends_a_number_lies_at_the_end() -> None:
    assert (share_of(-1, 1, -3), share_of(-1, 1, 3), share_of(-1, 1, 0)) == (0, 1, 0.5)


@given(numbers)
def test_the_usual_range_holds_the_number(number: float) -> None:
    low, high = usual_range(number)
    assert low < high and low <= number <= high and math.isfinite(low) and math.isfinite(high)


def test_the_usual_range_is_round() -> None:
    assert [usual_range(number) for number in (0.2, -2, 3, 5, 70)] == [
        (-1, 1),
        (-4, 4),
        (-10, 10),
        (-10, 10),
        (-200, 200),
    ]
