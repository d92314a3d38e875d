"""Straight-line code with less to do gives the same numbers, and what it drops makes no difference."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.learn.lines import fewer
from engine.passes.templates import FLOATS

MOVED = {"w": 0.7, "v": -1.3, "huge": 1e300}
FIXED = {"one": 1.0, "zero": 0.0, "four": 4.0, "third": 3.0}
SEED = 2.5


@st.composite
def programs(draw: st.DrawFn) -> list[str]:
    """Lines that use what stands before them, give names again, and have zeros, ones and choices among their parts."""
    lines: list[str] = []
    names = [*MOVED, *FIXED, "seed", "1.0", "0.0", "2.0", "0.5"]
    for _ in range(draw(st.integers(1, 25))):
        part = st.sampled_from(names)
        a, b, c = draw(part), draw(part), draw(part)
        sign, other = draw(st.sampled_from("+-*")), draw(st.sampled_from("+-*"))
        text = draw(st.sampled_from([
            f"{a} {sign} {b}", f"({a} {sign} {b}) {other} {c}", f"{a} {sign} (2.0 * {b})", f"{a} / four",
            f"tanh({a} {sign} {b})", f"-{a}", a, f"{a} if {b} > {c} else {b} {sign} {c}", f"{a} * zero {sign} {b}",
        ]))  # fmt: skip
        name = f"g{draw(st.integers(0, 6))}"
        lines.append(f"{name} = {text}")
        names = [name, *(other for other in names if other != name)]
    return lines


def numbers_of(lines: list[str], ends: list[str]) -> list[float]:
    scope: dict[str, Any] = {**FLOATS, **FIXED, **MOVED, "seed": SEED}
    exec("\n".join(lines), scope)
    return [float(eval(end, scope)) for end in ends]


@given(programs())
def test_it_is_the_same_with_less_to_do(lines: list[str]) -> None:
    wanted = sorted({line.split(" = ")[0] for line in lines})
    expected = numbers_of(lines, wanted)
    less = fewer(lines, FIXED, list(MOVED), wanted)
    found = numbers_of([*less.outside, *less.inside], less.ends)
    if all(map(math.isfinite, expected)):
        assert found == pytest.approx(expected, rel=1e-15, abs=0)
    else:  # whoever runs it gives up, and has to see that
        assert not all(map(math.isfinite, found))
    assert operations(less.inside) <= operations(lines)
    assert not set(less.ends) & set(MOVED)


def operations(lines: list[str]) -> int:
    """Copies do not count."""
    return sum(
        line.split(" = ", 1)[1].strip("+").count(sign)
        for line in lines
        for sign in (" + ", " - ", " * ", " / ", "tanh")
    )


def test_what_is_said_twice_is_done_once_and_what_stays_the_same_outside() -> None:
    lines = ["a = w * v", "b = seed / four", "c = a + b", "a = w * v", "d = a - b"]
    less = fewer(lines, FIXED, list(MOVED), ["c", "d"])
    assert less.outside == ["t1 = seed * 0.25"]
    assert less.inside == ["t0 = w * v", "t2 = t0 + t1", "t3 = t0 - t1"]


def test_what_is_known_is_computed_here() -> None:
    less = fewer(["a = seed / four", "b = a * (2.0 * w)", "c = one / zero"], {**FIXED, "seed": SEED}, ["w"], ["b", "c"])
    assert (less.outside, less.inside) == (["t2 = one / zero"], ["t1 = 1.25 * w"])


def test_it_tells_the_power_of_two_that_most_is_multiplied_with() -> None:
    """A gradient that begins with it begins with 1 from another seed, to the bit as long but for that power."""
    lines = ["a = seed / four", "b = a * (2.0 * w)", "c = a * (2.0 * v)", "d = 0.1 * w", "e = 0.1 * v", "f = 0.1 * b"]
    wanted = ["b", "c", "d", "e", "f"]
    less = fewer(lines, {**FIXED, "seed": 1.0}, list(MOVED), wanted)
    assert less.factor == 0.5
    assert fewer(lines, {**FIXED, "seed": 2.0}, list(MOVED), wanted).factor == 1.0
    assert fewer(["d = 0.1 * w", "e = 0.1 * v"], FIXED, list(MOVED), ["d", "e"]).factor == 1.0


def test_nothing_times_what_may_be_infinite_stays() -> None:
    """0 · ∞ is not 0: it is dropped only where infinity would be seen in what is wanted."""
    lines = ["big = exp(w)", "a = big * zero + v"]
    assert any("zero" in line for line in fewer(lines, FIXED, list(MOVED), ["a"]).inside)
    assert not any("zero" in line for line in fewer([*lines, "b = big - w"], FIXED, list(MOVED), ["a", "b"]).inside)
    assert fewer(["a = w * zero + v * v"], FIXED, list(MOVED), ["a"]).inside == ["t0 = v * v"]


def test_a_gradient_that_is_a_parameter_is_copied_before_that_moves() -> None:
    less = fewer(["a = w", "b = v"], FIXED, list(MOVED), ["a", "b"])
    assert less.inside == [f"{less.ends[0]} = +w", f"{less.ends[1]} = +v"]


def test_long_sums_nest_no_deeper_than_python_reads() -> None:
    lines = ["s0 = w", *(f"s{i} = s{i - 1} + w * v * {i}.0" for i in range(1, 400))]
    less = fewer(lines, FIXED, list(MOVED), ["s399"])
    assert numbers_of([*less.outside, *less.inside], less.ends) == pytest.approx(numbers_of(lines, ["s399"]), rel=1e-15)
