"""Arithmetic, element by element.

Symbols: a, b, x the inputs; y the output; g = ∂L/∂y the upstream gradient.
"""

from functools import partial

import numpy as np

from engine.ops.op import Spoken, Trouble, op

arithmetic = partial(op, group="arithmetic")


def _scaled(how: str, local: str) -> tuple[Spoken, Spoken]:
    """What is said of a slope, in both wordings: `how` it comes about, and its formula in a tensor."""
    gradient = Spoken(f"{how}: {{local}}.", f"Element by element: the upstream gradient times {local}.")
    responsibility = Spoken(
        f"{how}: {{source}} is {{local}} times as responsible as {{node}} is.",
        f"Element by element {{source}} is {local} times as responsible as {{node}} is.",
    )
    return gradient, responsibility


arithmetic(
    "add", "+", "a b ...", "a + b",
    local=("1",),
    title="Add",
    tooltip="a + b + …: adding passes the gradient on, whole, to each side.",
    latex="{a} + {b}",
    gradient="Adding passes the gradient on: one more in {source} is one more in {node}, so {source} receives all of {g}.",
    responsibility="Adding passes the responsibility on: {source} is exactly as responsible as {node} is.",
)  # fmt: skip
arithmetic(
    "sub", "−", "a b", "a - b",
    local=("1", "-1"),
    title="Subtract",
    tooltip="a − b: passes the gradient on to a, and with its sign flipped to b.",
    latex="{a} - {b}",
    gradient=(
        "{source} is what is subtracted from: one more in it is one more in {node}, so it receives all of {g}.",
        "{source} is subtracted: one more in it is one less in {node}, so it receives {g} with its sign flipped.",
    ),
    responsibility=(
        "{source} is exactly as responsible as {node} is.",
        "{source} is as responsible as {node} is, but in the other direction: it is subtracted.",
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
    gradient=Spoken(
        "Multiplying scales by the other side: one more in {source} is {other} more in {node}.",
        "Multiplying scales by the other side, element by element: what {source} was multiplied by multiplies its gradient.",
    ),
    responsibility=Spoken(
        "{source} is {other} times as responsible as {node} is, because the other side multiplies it by {other}.",
        "Each element of {source} is as many times as responsible as the element of the other side that multiplies it.",
    ),
    aliases=("multiply", "times"),
)  # fmt: skip
arithmetic(
    "div", "÷", "a b", "a / b",
    local=("1 / b", "-a / (b * b)"),
    title="Divide",
    tooltip="a / b: a's gradient is divided by b; b's is scaled by −a/b².",
    latex=r"\frac{{{a}}}{{{b}}}",
    gradient=(
        Spoken("{source} is divided by {b}: one more in it is 1/{b} = {local} more in {node}.",
               "{source} is divided, so each element's gradient is divided by the same divisor."),
        Spoken("{source} divides: a little more of it changes {node} by −a/b² = {local} times as much.",
               "{source} divides: element by element the upstream gradient is multiplied by −a/b²."),
    ),
    responsibility=(
        Spoken("{source} is {local} times as responsible as {node} is, because it is divided by {b}.",
               "Element by element {source} is 1/b times as responsible as {node} is, because b divides it."),
        Spoken("{source} divides, so it is responsible in the other direction: −a/b² = {local} times as much as {node}.",
               "{source} divides, so it is responsible in the other direction: −a/b² times as much as {node}."),
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
    gradient="Negating flips the sign: one more in {source} is one less in {node}.",
    responsibility="{source} is as responsible as {node} is, in the other direction.",
    aliases=("negative",),
    spelled_out="-1 * x",
)  # fmt: skip
arithmetic(
    "pow", "xⁿ", "a b", "power(a, b)",
    # The two special cases: x⁰ is flat everywhere, and 0ᵇ stays 0 however b > 0 moves.
    local=("where(b == 0, 0.0, b * power(a, b - 1))", "where((a == 0) & (b >= 0), 0.0, y * log(a))"),
    title="Power",
    tooltip="a to the power of b.",
    latex="{{{a}}}^{{{b}}}",
    gradient=(
        Spoken("The power rule: the exponent {b} comes down in front, and the power falls by one: {local}.",
               "The power rule, element by element: the exponent comes down in front, and the power falls by one: b·aᵇ⁻¹."),
        Spoken("Moving the exponent changes {node} by its value times the logarithm of the base: {local}.",
               "Moving the exponent changes {node} by its value times the logarithm of the base, y·ln a, element by element."),
    ),
    responsibility=(
        Spoken("By the power rule {source} is {local} times as responsible as {node} is.",
               "By the power rule {source} is b·aᵇ⁻¹ times as responsible as {node} is, element by element."),
        Spoken("{source} is the exponent: it is y·ln a = {local} times as responsible as {node} is.",
               "{source} is the exponent: it is y·ln a times as responsible as {node} is, element by element."),
    ),
    trouble=Trouble(
        "((a == 0) & (b < 0)) | ((a < 0) & (b != 1.0 * (b // 1)))",
        "zero has no negative power, and a negative number no broken one",
        "Keep the base above 0, or the exponent a whole number.",
        (-2.0, 0.5),
    ),
    domain=(0.5, 2.0),
    aliases=("power",),
)  # fmt: skip
_square_gradient, _square_responsibility = _scaled("The slope of x² at {x} is 2·{x}", "2x")
arithmetic(
    "square", "x²", "x", "square(x)",
    local=("2 * x",),
    title="Square",
    tooltip="x²: the local derivative is 2x.",
    latex="{{{x}}}^2",
    gradient=_square_gradient,
    responsibility=_square_responsibility,
    spelled_out="x * x",
)  # fmt: skip


def _winner_words(local: object, word: str, which: str) -> str:
    """Who gets the gradient of a max or a min: the winner all, the loser nothing, in a tie half each."""
    if np.ndim(local):  # type: ignore[arg-type]
        return f"Element by element the {which} one gets the {word}; a tie is split evenly."
    shares = {
        1.0: f"It was the {which} one, so all of the {word} is its.",
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
