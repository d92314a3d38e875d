"""Arithmetic, element by element.

Symbols: a, b, x the inputs; y the output; g = ∂L/∂y the upstream gradient.
"""

from functools import partial

from engine.op import Trouble, op

arithmetic = partial(op, group="arithmetic")

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
)  # fmt: skip
arithmetic(
    "mul", "×", "a b", "a * b",
    local=("b", "a"),
    title="Multiply",
    tooltip="a · b: each side's gradient is scaled by the value of the other side.",
    latex=r"{a} \cdot {b}",
    gradient="Multiplying scales by the other side: one more in {source} is {other} more in {node}.",
    responsibility="{source} is {other} times as responsible as {node} is, because the other side multiplies it by {other}.",
    aliases=("multiply", "times"),
)  # fmt: skip
arithmetic(
    "div", "÷", "a b", "a / b",
    local=("1 / b", "-a / (b * b)"),
    title="Divide",
    tooltip="a / b: a's gradient is divided by b; b's is scaled by −a/b².",
    latex=r"\frac{{{a}}}{{{b}}}",
    gradient=(
        "{source} is divided by {b}: one more in it is 1/{b} = {local} more in {node}.",
        "{source} divides: a little more of it changes {node} by −a/b² = {local} times as much.",
    ),
    responsibility=(
        "{source} is {local} times as responsible as {node} is, because it is divided by {b}.",
        "{source} divides, so it is responsible in the other direction: −a/b² = {local} times as much as {node}.",
    ),
    trouble=Trouble("b == 0", "it divides by zero", "Keep the divisor away from 0.", (1.0, 0.0)),
    domain=(0.5, 3.0),
    aliases=("divide", "truediv"),
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
)  # fmt: skip
arithmetic(
    "pow", "xⁿ", "a b", "a ** b",
    # The two special cases: x⁰ is flat everywhere, and 0ᵇ stays 0 however b > 0 moves.
    local=("where(b == 0, 0.0, b * a ** (b - 1))", "where((a == 0) & (b >= 0), 0.0, y * log(a))"),
    title="Power",
    tooltip="a to the power of b.",
    latex="{{{a}}}^{{{b}}}",
    gradient=(
        "The power rule: the exponent {b} comes down in front, and the power falls by one: {local}.",
        "Moving the exponent changes {node} by its value times the logarithm of the base: {local}.",
    ),
    responsibility=(
        "By the power rule {source} is {local} times as responsible as {node} is.",
        "{source} is the exponent: it is y·ln a = {local} times as responsible as {node} is.",
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
arithmetic(
    "square", "x²", "x", "square(x)",
    local=("2 * x",),
    title="Square",
    tooltip="x²: the local derivative is 2x.",
    latex="{{{x}}}^2",
    gradient="The slope of x² at {x} is 2·{x} = {local}.",
    responsibility="At {x} the square moves 2·{x} = {local} times as fast as {source}: so much more responsible is it.",
)  # fmt: skip
arithmetic(
    "exp", "eˣ", "x", "exp(x)",
    local=("y",),
    title="Exponential",
    tooltip="e to the power of x: its own derivative.",
    latex="e^{{{x}}}",
    gradient="e^x is its own slope: the local derivative is the value {y} itself.",
    responsibility="{source} is {y} times as responsible as {node} is: e^x grows as fast as it is large.",
    trouble=Trouble(
        "x > 709.78", "e to such a power is larger than any 64-bit float", "Keep its input below about 700.", (1000.0,)
    ),
)  # fmt: skip
arithmetic(
    "log", "ln", "x", "log(x)",
    local=("1 / x",),
    title="Logarithm",
    tooltip="The natural logarithm; its slope is 1/x. Only for x above 0.",
    latex=r"\ln {x}",
    gradient="The slope of ln x at {x} is 1/{x} = {local}.",
    responsibility="{source} is 1/{x} = {local} times as responsible as {node} is.",
    trouble=Trouble("x <= 0", "the logarithm only exists above zero", "Keep its input above 0, with a softplus or a small constant.", (0.0,)),
    domain=(0.2, 3.0),
    aliases=("ln",),
)  # fmt: skip
arithmetic(
    "max", "max", "a b", "maximum(a, b)",
    local=("where(a > b, 1.0, where(a == b, 0.5, 0.0))", "where(b > a, 1.0, where(a == b, 0.5, 0.0))"),
    title="Maximum",
    tooltip="The larger of a and b: the gradient goes to the winner alone; a tie is split evenly.",
    latex=r"\max({a}, {b})",
    gradient=lambda local, **_: _winner_words(local, "gradient", "larger"),
    responsibility=lambda local, **_: _winner_words(local, "responsibility", "larger"),
    aliases=("maximum",),
)  # fmt: skip


def _winner_words(local: object, word: str, which: str) -> str:
    """Who gets the gradient of a max or a min: the winner all, the loser nothing, in a tie half each."""
    shares = {1.0: f"It was the {which} one, so all of the {word} is its.", 0.0: f"It was not the {which} one: moving it a little changes nothing."}
    even = f"Both sides are equal: by convention each gets half of the {word}."
    import numpy as np

    return shares.get(float(local), even) if np.ndim(local) == 0 else f"Element by element the {which} one gets the {word}; a tie is split evenly."
