"""From numbers to places on a plot: an axis, linear or logarithmic, and the round numbers that stand beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log10, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.values.values import number_text

Numbers = NDArray[np.float64]
TICKS = 4  # about as many lines across
ALL_DIGITS = 16
LADDER = 0.7  # decades from which on even steps would crowd at the top
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def short_text(number: float) -> str:
    return number_text(number, 3)


def near_text(number: float, low: float, high: float) -> str:
    """A number between two others, with as many digits as it takes to see a hundredth of the way."""
    largest, apart = max(abs(low), abs(high)), abs(high / 2 - low / 2)
    if not apart or not largest:
        return short_text(number)
    return number_text(number, min(max(3, ceil(log10(largest / 2) - log10(apart)) + 3), ALL_DIGITS))


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`, both in decades where it is logarithmic; `ticks` are places on it, and what they say."""

    low: float
    high: float
    log: bool = False
    ticks: tuple[tuple[float, str], ...] = ()

    def place(self, numbers: Numbers) -> Numbers:
        """Where numbers are, from 0 at the low end to 1; what is infinite is nowhere, nor is what is not above 0 on a
        logarithmic axis."""
        with np.errstate(all="ignore"):
            at = np.where(numbers > 0, np.log10(numbers), np.nan) if self.log else numbers
            at = np.where(np.isfinite(at), at, np.nan)
            placed: Numbers = self.part(at)
            return placed

    def spot(self, number: float) -> float:
        """Where one number is."""
        at = (log10(number) if number > 0 else nan) if self.log else number
        width = self.high / 2 - self.low / 2
        return min(max((at / 2 - self.low / 2) / width, -9.0), 9.0) if width else float(self.part(np.float64(at)))

    def part(self, at: Any) -> Any:
        """How far along the axis; halves, because the difference of the largest two floats is infinite."""
        return np.clip((at / 2 - self.low / 2) / (self.high / 2 - self.low / 2), -9.0, 9.0)


def decades(first: int, last: int, ticks: tuple[int, ...]) -> Axis:
    """A logarithmic axis from one power of ten to another."""
    said = {n: f"10{str(n).translate(_RAISED)}" if n else "1" for n in ticks}
    return Axis(first, last, True, tuple((float(n), text) for n, text in said.items()))


def ticked(low: float, high: float, log: bool = False, text: Callable[[float], str] = short_text) -> Axis:
    """An axis with round numbers: powers of ten on a logarithmic one, if there are two of them."""
    powers = list(range(ceil(low), floor(high) + 1)) if log else []
    if len(powers) >= 2:
        places = [float(power) for power in powers[:: ceil(len(powers) / (TICKS + 1))]]
    elif log:
        numbers = _ladder(low, high) if high - low >= LADDER else _round_numbers(10**low, 10**high)
        places = [log10(number) for number in numbers if number > 0]
    else:
        places = _round_numbers(low, high)
    return Axis(
        low, high, log, tuple(zip(places, _told_apart([10**at if log else at for at in places], text), strict=True))
    )


def _told_apart(numbers: list[float], text: Callable[[float], str]) -> list[str]:
    """What stands at each of some numbers: with as many digits as none says the same as another."""
    said = [text(number) for number in numbers]
    digits = 3
    while len(set(said)) < len(said) and digits < ALL_DIGITS:
        digits += 1
        said = [number_text(number, digits) for number in numbers]
    return said


def _ladder(low: float, high: float) -> list[float]:
    """1, 2 and 5 times the powers of ten between two, in decades: about evenly far from each other."""
    rungs = (times * 10.0**power for power in range(floor(low), ceil(high) + 1) for times in (1, 2, 5))
    return [rung for rung in rungs if low <= log10(rung) <= high]


def _round_numbers(low: float, high: float) -> list[float]:
    """About four of 1, 2 or 5 times a power of ten, evenly between low and high."""
    rough = high / TICKS - low / TICKS
    if not rough > 0:
        return [low]
    power = 10.0 ** floor(log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough * 0.999)
    return [step * number + 0.0 for number in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]
