"""Arithmetic, element by element.

Symbols: a, b, x the inputs; y the output; g = ∂L/∂y the upstream gradient.
"""

from functools import partial

import numpy as np

from engine.ops.declare import op
from engine.ops.op import Spoken, Trouble

arithmetic = partial(op, group="arithmetic")


arithmetic(
    "add", "+", "a b ...", "a + b",
    local=("1",),
    tooltip="a + b + …: passes the whole gradient on to each input.",
    latex="{a} + {b}",
    gradient="Adding passes the gradient on: increase {source} by 1 and {node} increases by 1, so {source} receives all of {g}.",
    responsibility="Adding passes the responsibility on: {source} is exactly as responsible as {node}.",
)  # fmt: skip
arithmetic(
    "sub", "−", "a b", "a - b",
    local=("1", "-1"),
    title="Subtract",
    tooltip="a − b: passes the gradient on to a, and with its sign flipped to b.",
    latex="{a} - {b}",
    gradient=(
        "{source} is what we subtract from: increase it by 1 and {node} increases by 1, so it receives all of {g}.",
        "{source} is subtracted: increase it by 1 and {node} decreases by 1, so it receives {g} with its sign flipped.",
    ),
    responsibility=(
        "{source} is exactly as responsible as {node}.",
        "{source} is as responsible as {node}, but in the opposite direction: it is subtracted.",
    ),
    aliases=("subtract",),
    spelled_out="a + (-b)",
)  # fmt: skip
arithmetic(
    "mul", "×", "a b", "a * b",
    local=("b", "a"),
    title="Multiply",
    tooltip="a · b: each side's gradient is scaled by the value of the other side.",
    latex=r"{a} \cdot {b}",
    gradient=Spoken("Multiplying scales by the other side: increase {source} by 1 and {node} changes by {other}.",
                    "Multiplying scales by the other side, element by element: whatever {source} was multiplied by also multiplies its gradient."),
    responsibility=Spoken("{source} is {other} times as responsible as {node}, because the other side multiplies it by {other}.",
                          "Each element of {source} is multiplied by an element of the other side, so it is that many times as responsible as {node}."),
    aliases=("multiply", "times"),
)  # fmt: skip
arithmetic(
    "div", "÷", "a b", "a / b",
    local=("1 / b", "-a / (b * b)"),
    title="Divide",
    tooltip="a / b: a's gradient is divided by b; b's is scaled by −a/b².",
    latex=r"\frac{{{a}}}{{{b}}}",
    gradient=(
        Spoken("{source} is divided by {b}: increase it by 1 and {node} changes by 1/{b} = {local}.",
               "{source} is divided, so each element's gradient is divided by the same divisor."),
        Spoken("{source} is the divisor: for a small change in it, {node} changes −a/b² = {local} times as much.",
               "{source} is the divisor: element by element, the upstream gradient is multiplied by −a/b²."),
    ),
    responsibility=(
        Spoken("{source} is {local} times as responsible as {node}, because it is divided by {b}.",
               "Element by element, {source} is 1/b times as responsible as {node}, because it is divided by b."),
        Spoken("{source} is the divisor: it is −a/b² = {local} times as responsible as {node}.",
               "{source} is the divisor: element by element, it is −a/b² times as responsible as {node}."),
    ),
    trouble=Trouble("b == 0", "it divides by zero", "Keep the divisor away from 0.", (1.0, 0.0)),
    domain=(0.5, 3.0),
    aliases=("divide", "truediv", "true_divide"),
    spelled_out="a * b ** -1",
)  # fmt: skip
arithmetic(
    "neg", "−x", "x", "-x",
    local=("-1",),
    title="Negate",
    tooltip="−x: flips the sign of the value and of the gradient.",
    latex="-{x}",
    gradient="Negating flips the sign: increase {source} by 1 and {node} decreases by 1.",
    responsibility="{source} is as responsible as {node}, in the opposite direction.",
    aliases=("negative",),
    spelled_out="-1 * x",
)  # fmt: skip
arithmetic(
    "pow", "xⁿ", "a b", "power(a, b)",
    # The two special cases: x⁰ is flat everywhere, and 0ᵇ stays 0 however b > 0 moves.
    local=("where(b == 0, 0.0, b * power(a, b - 1))", "where((a == 0) & (b >= 0), 0.0, y * log(a))"),
    title="Power",
    tooltip="a raised to the power of b.",
    latex="{{{a}}}^{{{b}}}",
    gradient=(
        Spoken("The power rule: bring the exponent {b} down in front and lower the power by one: {local}.",
               "The power rule, element by element: bring the exponent down in front and lower the power by one: b·aᵇ⁻¹."),
        Spoken("As the exponent moves, {node} changes at the rate of its own value times the logarithm of the base: {local}.",
               "As the exponent moves, {node} changes at the rate of its own value times the logarithm of the base, y·ln a, element by element."),
    ),
    responsibility=(
        Spoken("By the power rule, {source} is {local} times as responsible as {node}.",
               "By the power rule, {source} is b·aᵇ⁻¹ times as responsible as {node}, element by element."),
        Spoken("{source} is the exponent: it is y·ln a = {local} times as responsible as {node}.",
               "{source} is the exponent: it is y·ln a times as responsible as {node}, element by element."),
    ),
    trouble=Trouble(
        "((a == 0) & (b < 0)) | ((a < 0) & (b != 1.0 * (b // 1)))",
        "zero has no negative power, and a negative number has no fractional one",
        "Keep the base above 0, or make the exponent a whole number.",
        (-2.0, 0.5),
    ),
    domain=(0.5, 2.0),
    aliases=("power",),
)  # fmt: skip
arithmetic(
    "square", "x²", "x", "square(x)",
    local=("2 * x",),
    tooltip="x²: the local derivative is 2x.",
    latex="{{{x}}}^2",
    gradient=Spoken("The slope of x² at {x} is 2·{x}: {local}.",
                    "Element by element, the upstream gradient is multiplied by 2x."),
    slope="2·{x}",
    spelled_out="x * x",
)  # fmt: skip


def _winner_words(local: object, word: str, which: str) -> str:
    """Who gets the gradient of a max or a min: the winner gets all, the loser nothing; in a tie each gets half."""
    if np.ndim(local):  # type: ignore[arg-type]
        return f"Element by element, the {which} one gets the {word}; a tie is split evenly."
    shares = {
        1.0: f"It was the {which} one, so it gets all of the {word}.",
        0.0: f"It was not the {which} one: moving it a little changes nothing.",
    }
    return shares.get(float(local), f"Both sides are equal: by convention each gets half of the {word}.")  # type: ignore[arg-type]


arithmetic(
    "max", "max", "a b", "maximum(a, b)",
    local=("1.0 * (a > b) + 0.5 * (a == b)", "1.0 * (b > a) + 0.5 * (a == b)"),
    title="Maximum",
    tooltip="The larger of a and b: the gradient goes to the winner alone; a tie is split evenly.",
    latex=r"\max({a}, {b})",
    gradient=lambda local, **_: _winner_words(local, "gradient", "larger"),
    responsibility=lambda local, **_: _winner_words(local, "responsibility", "larger"),
    aliases=("maximum",),
    kink="a - b",
)  # fmt: skip
arithmetic(
    "min", "min", "a b", "minimum(a, b)",
    local=("1.0 * (a < b) + 0.5 * (a == b)", "1.0 * (b < a) + 0.5 * (a == b)"),
    title="Minimum",
    tooltip="The smaller of a and b: the gradient goes to the winner alone; a tie is split evenly.",
    latex=r"\min({a}, {b})",
    gradient=lambda local, **_: _winner_words(local, "gradient", "smaller"),
    responsibility=lambda local, **_: _winner_words(local, "responsibility", "smaller"),
    aliases=("minimum",),
    kink="a - b",
    spelled_out="-max(-a, -b)",
)  # fmt: skip
