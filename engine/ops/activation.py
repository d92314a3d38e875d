"""Activations: the bends between the layers. Each acts element by element.

Symbols: x the input; y the output; g = ∂L/∂y the upstream gradient; σ the logistic function; Φ and φ the normal
distribution and its density.
"""

from functools import partial

import numpy as np

from engine.ops.declare import op
from engine.ops.op import Setting, Spoken

activation = partial(op, group="activation")


def _gate_words(local: object, word: str) -> str:
    """What a gate does: all passes, nothing passes, or for a tensor how many of its gates are open."""
    open_gates = np.asarray(local) > 0
    if open_gates.ndim:
        count = int(open_gates.sum())
        return f"{count} of {open_gates.size} gates are open; where one is closed, no {word} passes through."
    if open_gates:
        return f"The gate is open: all of the {word} passes through."
    return f"The gate is closed: none of the {word} passes through."


def _relu_words(x: object, local: object, word: str) -> str:
    at_kink = np.ndim(x) == 0 and float(x) == 0  # type: ignore[arg-type]
    kink = " At exactly 0 ReLU has no slope; by convention the gate counts as closed." if at_kink else ""
    return _gate_words(local, word) + kink


activation(
    "relu", "ReLU", "x", "maximum(x, 0)",
    local=("1.0 * (x > 0)",),
    title="ReLU",
    tooltip="max(0, x): a gate. Open for x above 0, closed below.",
    latex=r"\max(0, {x})",
    gradient=lambda x, local, **_: _relu_words(x, local, "gradient"),
    responsibility=lambda x, local, **_: _relu_words(x, local, "responsibility"),
    gate=True,
    kink="x",
    spelled_out="max(x, 0)",
)  # fmt: skip
activation(
    "leaky_relu", "LReL", "x", "maximum(x, 0) + slope * minimum(x, 0)",
    local=("where(x > 0, 1.0, slope)",),
    settings=(Setting("slope", 0.01, "Slope below 0"),),
    title="Leaky ReLU",
    tooltip="x above 0, a small slope times x below: a gate that never quite closes.",
    latex=r"\mathrm{{LeakyReLU}}({x})",
    gradient=Spoken("A leaky gate multiplies the gradient by {local}: all of it passes above 0, a small part of it below.",
                    "A leaky gate: where {source} is above 0, all of the gradient passes; elsewhere, a small part of it."),
    responsibility=Spoken("{source} is {local} times as responsible as {node}: the gate is leaky, so it is never off the hook.",
                          "Where {source} is above 0, it is exactly as responsible as {node}; elsewhere, only a small part as much."),
    aliases=("LeakyReLU",),
    kink="x",
    spelled_out=lambda slope: f"max(x, 0) + {slope!r} * min(x, 0)",
)  # fmt: skip
activation(
    "elu", "ELU", "x", "maximum(x, 0) + alpha * expm1(minimum(x, 0))",
    local=("where(x > 0, 1.0, alpha * exp(minimum(x, 0)))",),
    settings=(Setting("alpha", 1.0, "Depth α below 0"),),
    title="ELU",
    tooltip="x above 0, α(eˣ − 1) below: a gate that closes softly.",
    latex=r"\mathrm{{ELU}}({x})",
    gradient=Spoken("The slope of ELU is 1 above 0 and αe^x below: at {x} it is {local}.",
                    "Where {source} is above 0, all of the gradient passes; below 0, αe^x times as much: the further down, the less."),
    responsibility=Spoken("{source} is {local} times as responsible as {node}: 1 above 0, αe^x below.",
                          "Where {source} is above 0, it is exactly as responsible as {node}; below 0, αe^x times as much."),
    kink="x",
    spelled_out=lambda alpha: f"max(x, 0) + {alpha!r} * (exp(min(x, 0)) - 1)",
)  # fmt: skip
activation(
    "gelu", "GELU", "x", "0.5 * x * (1 + erf(x * 0.7071067811865476))",
    # Φ(x) + x φ(x); 0.7071… = 1/√2 and 0.3989… = 1/√(2π).
    local=("0.5 * (1 + erf(x * 0.7071067811865476)) + x * exp(-0.5 * x * x) * 0.3989422804014327",),
    title="GELU",
    tooltip="x·Φ(x), exactly: x weighted by the probability that a normally distributed number lies below it.",
    latex=r"{x}\,\Phi({x})",
    gradient=Spoken("The slope of x·Φ(x) is Φ(x) + x·φ(x): at {x} it is {local}.",
                    "The slope of x·Φ(x) is Φ(x) + x·φ(x), element by element: near 1 far above 0, near 0 far below."),
    slope="Φ(x) + x·φ(x)",
)  # fmt: skip
activation(
    "softplus", "S+", "x", "softplus(x)",
    local=("1 / (1 + exp(-x))",),
    tooltip="ln(1 + eˣ): a ReLU with its corner rounded off. Its slope is σ(x).",
    latex=r"\ln(1 + e^{{{x}}})",
    gradient=Spoken("The slope of softplus is σ(x): at {x} it is {local}.",
                    "The slope of softplus is σ(x), element by element: a gate that opens gradually."),
    slope="σ({x})",
    spelled_out="log(1 + exp(x))",
)  # fmt: skip
activation(
    "sigmoid", "σ", "x", "1 / (1 + exp(-x))",
    local=("y * (1 - y)",),
    tooltip="1/(1 + e⁻ˣ): squashes any number to between 0 and 1. Its slope y(1 − y) is never above ¼.",
    latex=r"\sigma({x})",
    gradient=Spoken("The slope of the sigmoid is y(1 − y) = {y} × (1 − {y}) = {local}.",
                    "The slope of the sigmoid is y(1 − y), element by element: never more than a quarter gets through."),
    responsibility=Spoken("{source} is y(1 − y) = {local} times as responsible as {node}: never more than a quarter.",
                          "Each element of {source} is y(1 − y) times as responsible as the matching element of {node}: never more than a quarter."),
    aliases=("logistic",),
    steepest=0.25,
    spelled_out="1 / (1 + exp(-x))",
)  # fmt: skip
activation(
    "tanh", "tanh", "x", "tanh(x)",
    local=("1 - y * y",),
    tooltip="The hyperbolic tangent: squashes any number to between −1 and 1. Its slope is 1 − y².",
    latex=r"\tanh {x}",
    gradient=Spoken("The slope of tanh is 1 − y² = 1 − {y}² = {local}.",
                    "The slope of tanh is 1 − y², element by element: 1 at 0, and smaller the further away."),
    slope="1 − y²",
    steepest=1.0,
    spelled_out="u = exp(x); v = exp(-x); (u - v) / (u + v)",
)  # fmt: skip
