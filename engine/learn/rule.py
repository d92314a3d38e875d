"""What one step of an optimiser was made of: its rule for one parameter, line by line, with the numbers that it had.

The step itself is made in `engine.learn.optimisers`; here nothing is computed that moves a parameter. Symbols: w the
parameter, g its gradient, η the learning rate, λ the weight decay, v the velocity, or with Adam the running mean of g²,
m the running mean of g, t the step.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.learn.config import TrainingConfig
from engine.learn.optimisers import BETA1, BETA2, EPSILON, MOMENTUM
from engine.passes.trace import RuleLine
from engine.values.values import Value

OWN, GRADIENT = "@", "∂"  # in a name: that of the node that is spoken of; its gradient

Kept = Mapping[str, Value]  # what the optimiser keeps for one parameter, by sign


@dataclass(frozen=True)
class Turn:
    """One parameter in one step: its numbers, and what the optimiser kept for it before and after."""

    config: TrainingConfig
    gradient: Value
    before: Value
    after: Value
    shortening: float  # by what the gradient was multiplied, that of all parameters being too long; 1: it was not
    had: Kept
    has: Kept
    step: int  # counted from 1

    def lines(self) -> tuple[RuleLine, ...]:
        """The whole rule; the last line is the new value."""
        g: tuple[str, Value] = (GRADIENT, self.gradient)
        first: tuple[RuleLine, ...] = ()
        if self.shortening != 1:
            shortened = self.gradient * self.shortening
            first = (RuleLine("g", "c * g", {"c": ("c", _number(self.shortening)), "g": g}, shortened),)
            g = ("g", shortened)
        return (*first, *_RULES.get(self.config.optimizer, _moved)(self, g))

    def new_value(self, source: str, parts: dict[str, tuple[str, Value]]) -> RuleLine:
        """w or what the decay of weights leaves of it, less what the rule takes off."""
        parts = {"w": (OWN, self.before), "r": ("η", _number(self.config.lr)), **parts}
        left = "w"
        if self.config.weight_decay:
            left, parts["l"] = "(1 - r * l) * w", ("λ", _number(self.config.weight_decay))
        return RuleLine(f"new {OWN}", f"{left} - {source}", parts, self.after)


def _moved(turn: Turn, g: tuple[str, Value]) -> tuple[RuleLine, ...]:
    """Of an optimiser whose rule is not told here: by how much it has moved."""
    parts: dict[str, tuple[str, Value]] = {"w": (OWN, turn.before), "d": ("Δ", turn.after - turn.before)}
    return (RuleLine(f"new {OWN}", "w + d", parts, turn.after),)


def _sgd(turn: Turn, g: tuple[str, Value]) -> tuple[RuleLine, ...]:
    return (turn.new_value("r * g", {"g": g}),)


def _momentum(turn: Turn, g: tuple[str, Value]) -> tuple[RuleLine, ...]:
    velocity = RuleLine("new v", f"{MOMENTUM} * v + g", {"v": ("v", turn.had["v"]), "g": g}, turn.has["v"])
    return velocity, turn.new_value("r * v", {"v": ("new v", turn.has["v"])})


def _adam(turn: Turn, g: tuple[str, Value]) -> tuple[RuleLine, ...]:
    mean, square = turn.has["m"], turn.has["v"]
    left1, left2 = _number(1 - BETA1**turn.step), _number(1 - BETA2**turn.step)
    even, wide = mean / left1, square / left2
    parts = {"m": ("corrected m", even), "v": ("corrected v", wide), "e": ("ε", _number(EPSILON))}
    return (
        RuleLine("new m", f"{BETA1} * m + (1 - {BETA1}) * g", {"m": ("m", turn.had["m"]), "g": g}, mean),
        RuleLine("new v", f"{BETA2} * v + (1 - {BETA2}) * g ** 2", {"v": ("v", turn.had["v"]), "g": g}, square),
        RuleLine("corrected m", f"m / (1 - {BETA1} ** {turn.step})", {"m": ("new m", mean)}, even),
        RuleLine("corrected v", f"v / (1 - {BETA2} ** {turn.step})", {"v": ("new v", square)}, wide),
        turn.new_value("r * m / (sqrt(v) + e)", parts),
    )


_RULES: dict[str, Callable[[Turn, tuple[str, Value]], tuple[RuleLine, ...]]] = {
    "sgd": _sgd, "momentum": _momentum, "adam": _adam
}  # fmt: skip


def _number(number: float) -> Value:
    return np.float64(number)
