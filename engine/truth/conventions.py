"""The choices where mathematics leaves one: the value and the slope at corners, ties, ends and meeting points.

A row is a program in Gradloom's own notation at one place, what it gives there, and the same in PyTorch's words. We
choose as PyTorch does, so that what is learned here holds there; where not, the row says why. Tests hold every row
against both executors, and against PyTorch (and JAX, where `jax` is given) wherever these are installed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, nan
from typing import Any


@dataclass(frozen=True)
class Convention:
    """At `leaves`, `program` has this `value` and these `gradients`, by leaf; `said` is why, in a sentence.

    `torch` and `jax` are the same program in expressions over the leaves' names, nothing where there is no such thing.
    `reason`: why we differ from PyTorch; empty where we do not.
    """

    program: str
    leaves: Mapping[str, Any]
    value: float
    gradients: Mapping[str, Any]
    said: str
    torch: str
    jax: str = ""
    reason: str = ""


def _at(place: float | list[float], program: str, value: float, slope: Any, said: str, *same: str) -> Convention:
    """A row about a function of one leaf, x."""
    return Convention(program, {"x": place}, value, {"x": slope}, said, *same)


def _between(
    places: tuple[float, float], program: str, value: float, slopes: tuple[float, float], said: str, *same: str
) -> Convention:
    """A row about a function of two leaves, a and b."""
    leaves = dict(zip("ab", places, strict=True))
    return Convention(program, leaves, value, dict(zip("ab", slopes, strict=True)), said, *same)


_CORNERS = (
    _at(0.0, "relu(x)", 0.0, 0.0, "At 0 the gate is closed.", "F.relu(x)", "jax.nn.relu(x)"),
    _at(-0.0, "relu(x)", 0.0, 0.0, "−0 is 0.", "F.relu(x)", "jax.nn.relu(x)"),
    _at(0.0, "leaky_relu(x)", 0.0, 0.01, "At 0 the slope is that of below.", "F.leaky_relu(x)"),
    _at(0.0, "elu(x, alpha=2.0)", 0.0, 2.0, "At 0 the slope is that of below: α.", "F.elu(x, alpha=2.0)"),
    _at(0.0, "abs(x)", 0.0, 0.0, "At 0 the slope is between −1 and 1: 0.", "torch.abs(x)"),
    _between((1.0, 1.0), "max(a, b)", 1.0, (0.5, 0.5), "A tie is split evenly.",
             "torch.maximum(a, b)", "jnp.maximum(a, b)"),
    _between((1.0, 1.0), "min(a, b)", 1.0, (0.5, 0.5), "A tie is split evenly.",
             "torch.minimum(a, b)", "jnp.minimum(a, b)"),
    _between((3.0, 3.0), "mae(a, b)", 0.0, (0.0, 0.0), "Where output and target meet, neither pushes.",
             "F.l1_loss(a, b)"),
    _between((0.5, 2.0), "hinge(a, b)", 0.0, (0.0, 0.0), "Exactly at the margin there is no loss, and no slope.",
             "F.relu(1 - a * b)", "jax.nn.relu(1 - a * b)"),
)  # fmt: skip

_TIED = "A tie is split evenly."
_REDUCED = (
    _at([2.0, 1.0, 2.0], "amax(x)", 2.0, [0.5, 0.0, 0.5], _TIED, "torch.amax(x)", "jnp.max(x)"),
    _at([2.0, 1.0, 1.0], "amin(x)", 1.0, [0.0, 0.5, 0.5], _TIED, "torch.amin(x)", "jnp.min(x)"),
    _at([0.0, 0.0], "norm(x)", 0.0, [0.0, 0.0], "A length of 0 points nowhere.", "torch.linalg.vector_norm(x)"),
    _at([2.0, 2.0], "std(x)", 0.0, [0.0, 0.0], "Without any spread no element is off the mean.",
        "torch.std(x, correction=0)"),
    _at([0.0, 3.0, 2.0], "prod(x)", 0.0, [6.0, 0.0, 0.0], "Beside a single 0 only that one moves the product.",
        "torch.prod(x)", "jnp.prod(x)"),
    _at([0.0, 3.0, 0.0], "prod(x)", 0.0, [0.0, 0.0, 0.0], "Beside two zeros nothing moves the product.",
        "torch.prod(x)", "jnp.prod(x)"),
)  # fmt: skip

_JUMPS = "A comparison jumps: its slope is 0, at the jump, too."
_STEPS = (
    _between((1.0, 1.0), "greater(a, b)", 0.0, (0.0, 0.0), _JUMPS,
             "(a > b) + 0 * a * b"),
    _between((1.0, 1.0), "greater_equal(a, b)", 1.0, (0.0, 0.0), _JUMPS,
             "(a >= b) + 0 * a * b"),
    _between((1.0, 1.0), "less(a, b)", 0.0, (0.0, 0.0), _JUMPS,
             "(a < b) + 0 * a * b"),
    _between((1.0, 1.0), "less_equal(a, b)", 1.0, (0.0, 0.0), _JUMPS,
             "(a <= b) + 0 * a * b"),
    _between((1.0, 1.0), "equal(a, b)", 1.0, (0.0, 0.0), _JUMPS,
             "(a == b) + 0 * a * b"),
    _between((1.0, 1.0), "not_equal(a, b)", 0.0, (0.0, 0.0), _JUMPS,
             "(a != b) + 0 * a * b"),
    _between((2.0, 3.0), "where(greater(a, 2), a, b)", 3.0, (0.0, 1.0), "What is not picked gets nothing.",
             "torch.where(a > 2, a, b)", "jnp.where(a > 2, a, b)"),
    _at(0.0, "sign(x)", 0.0, 0.0, "A step: its slope is 0, at the step, too.", "torch.sign(x)", "jnp.sign(x)"),
    _between((4.0, 2.0), "mod(a, b)", 0.0, (1.0, -2.0), "Where it jumps, the rule is kept.",
             "torch.remainder(a, b)"),
    _between((4.0, 2.0), "floor_div(a, b)", 2.0, (0.0, 0.0), "A step: its slope is 0, at the step, too.",
             "torch.floor((a / b).detach()) + 0 * a * b"),
    _at([-1.0, 0.5, 1.0, 2.0], "sum(clip(x, -1.0, 1.0))", 1.5, [1.0, 1.0, 1.0, 0.0],
        "At its bounds the gate is open.", "torch.clip(x, -1.0, 1.0).sum()"),
    _at(0.0, "where(x, x * 3, x * 2)", 0.0, 2.0, "0 is not true: the other side is taken, with all of the gradient.",
        "torch.where(x != 0, x * 3, x * 2)"),
)  # fmt: skip

_ENDS = (
    _at(0.0, "sqrt(x)", 0.0, inf, "The root is vertical at 0.", "torch.sqrt(x)", "jnp.sqrt(x)"),
    _at(-1.0, "sqrt(x)", nan, nan, "There is no root of a negative number, and no slope.",
        "torch.sqrt(x)", "jnp.sqrt(x)"),
    _at(0.0, "log(x)", -inf, inf, "The logarithm is vertical at 0.", "torch.log(x)", "jnp.log(x)"),
    _at(-1.0, "log(x)", nan, -1.0, "There is no logarithm, but 1/x is still a number.", "torch.log(x)", "jnp.log(x)"),
    _between((1.0, 0.0), "a / b", inf, (inf, -inf), "Dividing by 0 is infinite, as IEEE 754 has it.",
             "a / b", "a / b"),
    _between((0.0, 0.0), "a / b", nan, (inf, nan), "0/0 is not a number; 1/0 is infinite.", "a / b", "a / b"),
    _between((0.0, 0.0), "a ** b", 1.0, (0.0, 0.0), "x⁰ is 1 everywhere, so it is flat; 0ᵇ counts as flat, too.",
             "a ** b"),
    _between((0.0, 0.5), "a ** b", 0.0, (inf, 0.0), "0ᵇ stays 0 however b > 0 moves.", "a ** b", "a ** b"),
    _between((0.0, -1.0), "a ** b", inf, (-inf, -inf), "0 has no negative power: infinite.", "a ** b"),
    _between((-0.0, -1.0), "a ** b", -inf, (-inf, inf), "An odd power keeps the sign, that of −0, too.",
             "a ** b"),
    _between((-2.0, 2.0), "a ** b", 4.0, (-4.0, nan), "A negative base has no power just beside a whole one.",
             "a ** b", "a ** b"),
    _at(-1000.0, "sigmoid(x)", 0.0, 0.0, "Far out it is flat.", "torch.sigmoid(x)", "jax.nn.sigmoid(x)"),
    _at(-1000.0, "silu(x)", -0.0, -0.0, "Far below it is flat.", "F.silu(x)", "jax.nn.silu(x)"),
    _at(-1000.0, "softplus(x)", 0.0, 0.0, "Far below it is flat.", "F.softplus(x)", "jax.nn.softplus(x)"),
)  # fmt: skip

_GATE = "A gate that is closed lets nothing through, not even ∞."
_MEETINGS = (
    _at(-1.0, "sqrt(relu(x))", 0.0, 0.0, _GATE, "torch.sqrt(F.relu(x))", "jnp.sqrt(jax.nn.relu(x))"),
    _at(0.0, "sqrt(relu(x))", 0.0, 0.0, _GATE, "torch.sqrt(F.relu(x))", "jnp.sqrt(jax.nn.relu(x))"),
    _at(-1.0, "sqrt(max(x, 0))", 0.0, 0.0, _GATE, "torch.sqrt(torch.maximum(x, torch.zeros_like(x)))"),
    _at(0.0, "sqrt(max(x, 0))", 0.0, inf, "In a tie half of ∞ gets through.",
        "torch.sqrt(torch.maximum(x, torch.zeros_like(x)))", "jnp.sqrt(jnp.maximum(x, 0))"),
    _at(0.0, "log(relu(x))", -inf, 0.0, _GATE, "torch.log(F.relu(x))", "jnp.log(jax.nn.relu(x))"),
    _at(2.0, "sqrt(x ** 0 - 1)", 0.0, 0.0, "x⁰ is flat, whatever comes back to it.", "torch.sqrt(x ** 0 - 1)"),
    _at(0.0, "sqrt(abs(x))", 0.0, nan, "0 · ∞: |x| multiplies by its sign.", "torch.sqrt(torch.abs(x))"),
    _at(0.0, "sqrt(x * x)", 0.0, nan, "0 · ∞: a product has no gate.", "torch.sqrt(x * x)", "jnp.sqrt(x * x)"),
    _at(0.0, "x * log(x)", nan, nan, "0 · log 0 written out is 0 · −∞.", "x * torch.log(x)", "x * jnp.log(x)"),
    _at(nan, "relu(x)", nan, 1.0, "What is not a number stays visible, and so does its gradient.", "F.relu(x)"),
    _between((nan, 1.0), "max(a, b)", nan, (1.0, 1.0), "What cannot be compared closes neither side.",
             "torch.maximum(a, b)"),
)  # fmt: skip

_LOSS = "F.binary_cross_entropy(a, b)"
_CLIPPED = "PyTorch stops logarithms at −100 and divides by at least 1e−12; we show what is true."
_LOSSES = (
    _between((0.0, 0.0), "bce(a, b)", 0.0, (1.0, inf), "In the loss 0 · log 0 is 0; the slope is that of −ln(1 − p).",
             _LOSS, "", _CLIPPED),
    _between((1.0, 1.0), "bce(a, b)", 0.0, (-1.0, -inf), "In the loss 0 · log 0 is 0; the slope is that of −ln p.",
             _LOSS, "", _CLIPPED),
    _between((0.0, 1.0), "bce(a, b)", inf, (-inf, inf), "What was ruled out has happened: infinitely surprising.",
             _LOSS, "", _CLIPPED),
    _between((1.0, 0.0), "bce(a, b)", inf, (inf, -inf), "What was ruled out has happened: infinitely surprising.",
             _LOSS, "", _CLIPPED),
    _between((-1000.0, 1.0), "bce_with_logits(a, b)", 1000.0, (-1.0, 1000.0), "Far logits lose no digit.",
             "F.binary_cross_entropy_with_logits(a, b)"),
)  # fmt: skip

CONVENTIONS: tuple[Convention, ...] = (*_CORNERS, *_STEPS, *_REDUCED, *_ENDS, *_MEETINGS, *_LOSSES)
