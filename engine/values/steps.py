"""Stepping a number by hand: how far one pixel, key or notch of the wheel moves it, so that it stays short to read.

A step is a power of ten, about a hundredth of what the number is when one takes hold of it, and 0.01 of 0. A number
that is moved comes to lie on the decimal grid of its steps: 0.3, not 0.30000000000000004. Back at its place it is what
it was, to the last bit. Symbols: a part is a hundredth of a step, counted in whole numbers; 10^exponent is the step.
"""

import math
import sys
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

Pace = Literal["fine", "plain", "coarse"]
PARTS: dict[Pace, int] = {"fine": 10, "plain": 100, "coarse": 1000}  # of a step
WHOLE_PIXELS = 5  # so many move a whole number by one, where its step is 1
LARGEST = sys.float_info.max


@dataclass(frozen=True)
class Bounds:
    """Where a number may lie; `whole`: it is counted."""

    low: float = -LARGEST
    high: float = LARGEST
    whole: bool = False

    def kept(self, number: float) -> float:
        """The nearest number that may be."""
        return min(max(number, self.low), self.high)


FREE = Bounds()


def can_step(number: float) -> bool:
    """Whether there is a next number: not of nan and ∞."""
    return math.isfinite(number)


def exponent_of(number: float, whole: bool = False) -> int:
    """The step of a finite number, as a power of ten: −3 for 0.2, −2 for 0 and for 1, 0 for 100."""
    size = round(math.log10(abs(number))) - 2 if number else -2
    return max(size, 0) if whole else size


def on_grid(count: int, exponent: int) -> float:
    """count · 10^exponent as the float that is written so; the largest one where no float reaches it."""
    return FREE.kept(float(f"{count}e{exponent}"))


def counted_in(number: float, exponent: int) -> int:
    """How many times 10^exponent a finite number is, rounded."""
    return int(Decimal(number).scaleb(-exponent).to_integral_value(ROUND_HALF_EVEN))


@dataclass(frozen=True)
class Stepping:
    """A finite number in the hand. `moved` and `stepped` give what it is next; `value` is what it is."""

    start: float
    bounds: Bounds = FREE
    parts: int = 0  # how far it has been moved
    fine: bool = False  # it has been moved by less than a step: it may lie between
    exponent: int = field(default=0)

    @classmethod
    def of(cls, number: float, bounds: Bounds = FREE) -> "Stepping":
        """Take hold of a number. Raises ValueError of one that is not finite."""
        if not can_step(number):
            raise ValueError("only a finite number can be stepped")
        return cls(number, bounds, exponent=exponent_of(number, bounds.whole))

    @property
    def value(self) -> float:
        """A finite number within the bounds; what it was at first, where it has not been moved."""
        if not self.parts:
            return self.start
        exponent = self.exponent - 1 if self.fine and not (self.bounds.whole and self.exponent == 0) else self.exponent
        away = abs(self.parts) // 10 ** (2 + exponent - self.exponent) * (1 if self.parts > 0 else -1)  # towards 0
        if not away:
            return self.start
        return self.bounds.kept(on_grid(counted_in(self.start, exponent) + away, exponent))

    def moved(self, pixels: int, pace: Pace = "plain") -> "Stepping":
        """Dragged by so many pixels more. What was dragged beyond a bound is dragged back before it moves again."""
        slow = WHOLE_PIXELS if self.bounds.whole and self.exponent == 0 else 1
        return self._on(pixels * PARTS[pace] // slow, pace)

    def stepped(self, steps: int, pace: Pace = "plain") -> "Stepping":
        """Moved by keys or by the wheel: a whole number by 1 at least. From a bound it goes back at once."""
        least = PARTS["plain"] if self.bounds.whole and self.exponent == 0 else 0
        after = self._on(steps * max(PARTS[pace], least), pace)
        at_bound = after.value in (self.bounds.low, self.bounds.high)
        return replace(after, start=after.value, parts=0) if at_bound else after

    def _on(self, parts: int, pace: Pace) -> "Stepping":
        return replace(self, parts=self.parts + parts, fine=self.fine or (pace == "fine" and bool(parts)))


def pace_of(shift: bool, ctrl: bool) -> Pace:
    """Shift: fine. Ctrl: coarse."""
    return "fine" if shift else "coarse" if ctrl else "plain"


# --- along a slider


def slid(low: float, high: float, share: float, pace: Pace = "plain") -> float:
    """The number at a share (0 … 1) of the way from low to high, on a grid of some hundred steps; the ends exactly.

    Fine: the grid is ten times as fine, coarse: as wide.
    """
    if share <= 0 or not high > low:
        return low
    if share >= 1:
        return high
    half = high / 2 - low / 2
    if not half:  # so near to each other that nothing lies between
        return low
    exponent = math.floor(math.log10(half)) - 2 + {"fine": -1, "plain": 0, "coarse": 1}[pace]
    there = low * (1 - share) + high * share
    return Bounds(low, high).kept(on_grid(counted_in(there, exponent), exponent))


def share_of(low: float, high: float, number: float) -> float:
    """How far along the way from low to high a number lies, 0 to 1: one beyond an end at that end."""
    if not high > low or number <= low:
        return 0.0
    return 1.0 if number >= high else (number / 2 - low / 2) / (high / 2 - low / 2)


def usual_range(number: float) -> tuple[float, float]:
    """A range for a slider round a number: from −1 to 1 where there is room, else to about twice its size."""
    if not can_step(number) or abs(number) <= 0.5:
        return -1.0, 1.0
    size = on_grid(1, math.ceil(math.log10(abs(number))))
    reach = next(part for part in (size / 5, size / 2, size, LARGEST) if part >= abs(number) or part == LARGEST)
    reach = min(2 * reach, LARGEST)
    return -reach, reach
