"""Arithmetic, element by element.

Symbols: a, b, x the inputs; y the output; g = ∂L/∂y the upstream gradient.
"""

from functools import partial
from typing import Any

import numpy as np

from engine.ops.declare import op
from engine.ops.op import Trouble
from engine.ops.speech import Said, Spoken

arithmetic = partial(op, group="arithmetic")


arithmetic(
    "add", "+", "a b ...", "a + b",
    combines="sum",
    local=("1",),
    tooltip="a + b + …: passes the whole gradient on to each input.",
    latex="{a} + {b}",
    does="adds {inputs}",
    gradient=Spoken("Adding passes the gradient on: {increase} and {node} increases by 1, so the {g} that reached {node} goes on to {source} unchanged.",
                    "Adding passes the gradient on: what reached an element of {node} goes on, unchanged, to the {element} of {source} that was added into it."),
    responsibility=Spoken("Adding passes the responsibility on: {responsible}.",
                          "Adding passes the responsibility on: an element of {node} hands on all of its responsibility to the {element} of {source} that was added into it."),
)  # fmt: skip
arithmetic(
    "sub", "−", "a b", "a - b",
    combines="sum",
    local=("1", "-1"),
    title="Subtract",
    tooltip="a − b: passes the gradient on to a, and with its sign flipped to b.",
    latex="{a} - {b}",
    does="subtracts {b} from {a}",
    gradient=(
        Spoken("{source} stands before the minus sign: {increase} and {node} increases by 1, so the {g} that reached {node} goes on to {source} unchanged.",
               "{source} stands before the minus sign, so what reached an element of {node} goes on, unchanged, to the {element} of {source} in its place."),
        Spoken("{source} stands behind the minus sign: {increase} and {node} decreases by 1, so the {g} that reached {node} goes on to {source} with its sign flipped.",
               "{source} stands behind the minus sign, so what reached an element of {node} goes on, with its sign flipped, to the {element} of {source} in its place."),
    ),
    responsibility=(
        Spoken("{Responsible}: it stands before the minus sign.",
               "{source} stands before the minus sign, so an element of {node} hands on all of its responsibility to the {element} of {source} in its place."),
        Spoken("{Responsible}: it stands behind the minus sign.",
               "{source} stands behind the minus sign, so an element of {node} hands its responsibility on, with its sign flipped, to the {element} of {source} in its place."),
    ),
    aliases=("subtract",),
    spelled_out="a + (-b)",
)  # fmt: skip
arithmetic(
    "mul", "×", "a b", "a * b",
    combines="product",
    local=("b", "a"),
    title="Multiply",
    tooltip="a · b: each side's gradient is scaled by the value of the other side.",
    latex=r"{a} \cdot {b}",
    does="multiplies {a} by {b}",
    gradient=Spoken("Multiplying scales by the other side: {increase} and {node} {moves}.",
                    "Multiplying scales by the other side: element by element, what reached {node} is multiplied by {other.name}."),
    responsibility=Spoken("Multiplying scales by the other side, which is {other}: {responsible}.",
                          "Multiplying scales by the other side: every element of {node} hands its responsibility on to {source}, multiplied by the element of {other.name} there."),
    aliases=("multiply", "times"),
)  # fmt: skip
arithmetic(
    "div", "÷", "a b", "a / b",
    local=("1 / b", "-a / b / b"),
    title="Divide",
    tooltip="a / b: a's gradient is divided by b; b's is scaled by −a/b².",
    latex=r"\frac{{{a}}}{{{b}}}",
    roles="dividend, divisor",
    does="divides {a} by {b}",
    slope=("1/{b}", "−{a}/{b}²"),
    gradient=(
        Spoken("{source} is divided by {b}: {increase} and {node} {moves}.",
               "{source} is divided: element by element, what reached {node} is divided by {b.name} as well."),
        Spoken("{source} is the divisor: the slope along this edge is minus the other side over the divisor squared, {slope}.",
               "{source} is the divisor: element by element, what reached {node} is multiplied by {slope}."),
    ),
    responsibility=(
        Spoken("{Responsible}: it is divided by {b}.",
               "{source} is divided: every element of {node} hands its responsibility on to it, divided by the element of {b.name} there."),
        Spoken("{Responsible}: it is the divisor, and the slope is {slope}.",
               "{source} is the divisor: every element of {node} hands its responsibility on to it, multiplied by {slope}."),
    ),
    trouble=Trouble("b == 0", "it divides by zero", "Keep the divisor away from 0.", (1.0, 0.0)),
    domain=(0.5, 3.0),
    aliases=("divide", "truediv", "true_divide"),
    spelled_out="a * b ** -1",
)  # fmt: skip
arithmetic(
    "neg", "−x", "x", "-x",
    combines="sum",
    local=("-1",),
    title="Negate",
    tooltip="−x: flips the sign of the value and of the gradient.",
    latex="-{x}",
    does="is {x} with its sign flipped",
    gradient=Spoken("Negating flips the sign: {increase} and {node} decreases by 1.",
                    "Negating flips the sign: each {element} of {source} gets what reached {node} there, with its sign flipped."),
    responsibility=Spoken("Negating flips the sign: {responsible}.",
                          "Negating flips the sign: every element of {node} hands its responsibility on to {source}, with its sign flipped."),
    aliases=("negative",),
    spelled_out="-1 * x",
)  # fmt: skip


def _base(flat: str, rule: Spoken) -> Said:
    """What is said of the base of a power: to the power of 0 it is flat, also where the rule would ask for 0⁻¹."""
    return lambda b, **facts: flat if not np.ndim(facts["y"]) and b == 0 else rule(b=b, **facts)


def _exponent(stays: str, jumps: str, rule: Spoken) -> Said:
    """What is said of an exponent: 0 stays 0 however it moves, and there is no ln 0 to speak of."""
    return lambda a, b, **facts: (
        rule(a=a, b=b, **facts)
        if np.ndim(facts["y"]) or a
        else f"Zero to any power above 0 stays 0: {stays}."
        if b > 0
        else f"Zero to the power of 0 counts as 1, but to any power above it is 0: there is no slope, and by convention it counts as 0{jumps}."
    )


arithmetic(
    "pow", "xⁿ", "a b", "power(a, b)",
    # The two special cases: x⁰ is flat everywhere, and 0ᵇ stays 0 however b > 0 moves.
    local=("where(b == 0, 0.0, b * power(a, b - 1))", "where((a == 0) & (b >= 0), 0.0, y * log(a))"),
    title="Power",
    tooltip="a raised to the power of b.",
    latex="{{{a}}}^{{{b}}}",
    roles="base, exponent",
    does="raises {a} to the power of {b}",
    slope=("{b}·{a}^({b} − 1)", "{y}·ln {a}"),
    gradient=(
        _base("Anything to the power of 0 is 1: a change of {source} changes nothing along this edge.",
              Spoken("The power rule: the exponent comes down in front and is lowered by 1: {slope}.",
                     "The power rule: the exponent comes down in front and is lowered by 1. Element by element, what reached {node} is multiplied by {slope}.")),
        _exponent("a change of {source} changes nothing along this edge", "",
                  Spoken("{source} is the exponent: the slope along this edge is the power times the logarithm of the base, {slope}.",
                         "{source} is the exponent: element by element, what reached {node} is multiplied by {slope}.")),
    ),
    responsibility=(
        _base("Anything to the power of 0 is 1: {responsible}.",
              Spoken("{Responsible}: by the power rule, the slope is {slope}.",
                     "The power rule: every element of {node} hands its responsibility on to {source}, multiplied by {slope}.")),
        _exponent("{responsible}", ", so {responsible}",
                  Spoken("{Responsible}: it is the exponent, and the slope is {slope}.",
                         "{source} is the exponent: every element of {node} hands its responsibility on to it, multiplied by {slope}.")),
    ),
    trouble=(
        Trouble("(a == 0) & (b < 0)", "zero has no negative power", "Keep the base away from 0.", (0.0, -1.0)),
        Trouble("(a < 0) & (b != 1.0 * (b // 1))", "a negative number has no fractional power",
                "Keep the base above 0, or make the exponent a whole number.", (-2.0, 0.5)),
    ),
    domain=(0.5, 2.0),
    aliases=("power",),
)  # fmt: skip
arithmetic(
    "square", "x²", "x", "square(x)",
    local=("2 * x",),
    tooltip="x²: the local derivative is 2x.",
    latex="{{{x}}}^2",
    does="multiplies {x} by itself",
    slope="2·{x}",
    gradient=Spoken("The slope of a square is twice its input: {slope}.",
                    "The slope of a square is twice its input: element by element, what reached {node} is multiplied by {slope}."),
    spelled_out="x * x",
)  # fmt: skip


def _winner_words(local: Any, word: str, which: str) -> str:
    """Who gets the gradient of a max or a min: the winner gets all, the loser nothing; in a tie each gets half."""
    if np.ndim(local):
        wins, places = int((np.asarray(local) == 1).sum()), np.size(local)
        if wins == places:
            return f"{{source}} is the {which} side everywhere, so all of the {word} goes back to it."
        if not wins:
            return f"{{source}} is nowhere the {which} side, which would get all of the {word}."
        return f"{{source}} is the {which} side in {wins} of {places} places: all of the {word} goes back to it there."
    if local == 1:
        return f"{{source}} is the {which} side, so all of the {word} goes back to it."
    if local == 0:
        return f"{{source}} is not the {which} side, so none of the {word} goes back along this edge."
    return "Both sides are {y}: a tie."


_TIE = "Where both sides are equal there is no slope: by convention each side gets half."

arithmetic(
    "max", "max", "a b", "maximum(a, b)",
    local=("where(a < b, 0.0, where(a == b, 0.5, 1.0))", "where(b < a, 0.0, where(a == b, 0.5, 1.0))"),
    title="Maximum",
    tooltip="The larger of a and b: the gradient goes to the winner alone; a tie is split evenly.",
    latex=r"\max({a}, {b})",
    does="is the larger of {a} and {b}",
    convention=_TIE,
    gradient=lambda local, **_: _winner_words(local, "gradient", "larger"),
    responsibility=lambda local, **_: _winner_words(local, "responsibility", "larger"),
    aliases=("maximum",),
    chooses=True,
    kink="a - b",
)  # fmt: skip
arithmetic(
    "min", "min", "a b", "minimum(a, b)",
    local=("where(a > b, 0.0, where(a == b, 0.5, 1.0))", "where(b > a, 0.0, where(a == b, 0.5, 1.0))"),
    title="Minimum",
    tooltip="The smaller of a and b: the gradient goes to the winner alone; a tie is split evenly.",
    latex=r"\min({a}, {b})",
    does="is the smaller of {a} and {b}",
    convention=_TIE,
    gradient=lambda local, **_: _winner_words(local, "gradient", "smaller"),
    responsibility=lambda local, **_: _winner_words(local, "responsibility", "smaller"),
    aliases=("minimum",),
    chooses=True,
    kink="a - b",
    spelled_out="-max(-a, -b)",
)  # fmt: skip
# A triangle wave of a, 0 at every whole multiple of b, where it changes its sign.
_STEPS = "abs(b) / 2 - abs(mod(a + abs(b) / 2, 2 * abs(b)) - abs(b))"


def _at_a_jump(said: str) -> Said:
    """What is said where a quotient is whole; but 0 divided by anything is 0: along the divisor nothing jumps there."""
    return lambda a, port, **_: "" if port and not np.any(a) else said


arithmetic(
    "mod", "mod", "a b", "mod(a, b)",
    local=("1", "-floor_div(a, b)"),
    title="Remainder",
    tooltip="a % b: the remainder of a divided by b, with the sign of b. It moves along with a, and jumps back where another whole b fits.",
    latex=r"{a} \bmod {b}",
    does="is the remainder of {a} divided by {b}, the quotient rounded down",
    convention=_at_a_jump("Where the quotient is whole, {node} jumps and has no slope: by convention the rule is kept there."),
    gradient=(
        Spoken("Between its jumps a remainder moves along with {source}: the slope is 1, so the {g} that reached {node} goes on to {source} unchanged.",
               "Between its jumps a remainder moves along with {source}: what reached an element of {node} goes on, unchanged, to the {element} of {source} in its place."),
        Spoken("{source} was taken off a whole number of times, the quotient rounded down; the slope is minus that number: {local}.",
               "Each {element} of {source} was taken off a whole number of times, the quotient rounded down: what reached {node} there is multiplied by minus that number."),
    ),
    responsibility=(
        Spoken("Between its jumps a remainder moves along with {source}: {responsible}.",
               "Between its jumps a remainder moves along with {source}: an element of {node} hands on all of its responsibility to the {element} of {source} in its place."),
        Spoken("{source} was taken off a whole number of times, the quotient rounded down, and the slope is minus that number: {responsible}.",
               "Each {element} of {source} was taken off a whole number of times, the quotient rounded down: the responsibility of {node} there is handed on to it, multiplied by minus that number."),
    ),
    trouble=Trouble("b == 0", "it divides by zero", "Keep the divisor away from 0.", (1.0, 0.0)),
    domain=(0.5, 3.0),
    aliases=("remainder",),
    kink=_STEPS,
    spelled_out="a - b * floor_div(a, b)",
)  # fmt: skip
arithmetic(
    "floor_div", "⌊÷⌋", "a b", "floor_div(a, b)",
    local=("0",),
    title="Floor division",
    tooltip="a // b: a divided by b and rounded down. It goes in steps: its slope is 0, so no gradient passes.",
    latex=r"\left\lfloor \frac{{{a}}}{{{b}}} \right\rfloor",
    does="is {a} divided by {b}, rounded down",
    convention=_at_a_jump("At a step itself there is no slope: by convention it is 0."),
    gradient="A rounded number moves in steps, which are flat: nothing goes back to {source} along this edge.",
    responsibility="A rounded number moves in steps, which are flat: {responsible}.",
    trouble=Trouble("b == 0", "it divides by zero", "Keep the divisor away from 0.", (1.0, 0.0)),
    domain=(0.5, 3.0),
    aliases=("floor_divide",),
    kink=_STEPS,
)  # fmt: skip
