"""Activations: the bends between the layers. Each acts element by element.

Symbols: x the input; y the output; g = ∂L/∂y the upstream gradient; σ the logistic function; Φ and φ the normal
distribution and its density.
"""

from functools import partial
from typing import Any

import numpy as np

from engine.ops.declare import op
from engine.ops.setting import Setting
from engine.ops.speech import Spoken
from engine.values.values import counted

activation = partial(op, group="activation")


def _gate_words(local: Any, word: str) -> str:
    """What a gate does: all passes, nothing passes, or for a tensor how many of its gates are open."""
    open_gates = np.asarray(local) > 0
    if open_gates.ndim:
        count, size = int(open_gates.sum()), open_gates.size
        if count in (0, size) and size > 1:
            return f"All {size} gates are " + (
                f"open: all of the {word} passes." if count else f"closed: no {word} passes."
            )
        verb = "is open and lets" if count == 1 else "are open and let"
        return f"{count} of {counted(size, 'gate')} {verb} all of the {word} through; no {word} passes where one is closed."
    if open_gates:
        return f"The gate is open: all of the {word} passes through."
    return f"The gate is closed: none of the {word} passes through."


activation(
    "relu", "ReLU", "x", "maximum(x, 0)",
    local=("where(x <= 0, 0.0, 1.0)",),
    title="ReLU",
    tooltip="max(0, x): a gate, open where x is above 0 and closed elsewhere.",
    latex=r"\max(0, {x})",
    does="is {x} if that is above 0, else 0",
    convention="At exactly 0 a ReLU has no slope: by convention its gate counts as closed.",
    gradient=lambda local, **_: _gate_words(local, "gradient"),
    responsibility=lambda local, **_: _gate_words(local, "responsibility"),
    gate=True,
    kink="x",
    spelled_out="max(x, 0)",
)  # fmt: skip


def _leaky(x: Any, settings: dict[str, Any], word: str) -> str:
    """What a leaky gate does to a gradient, on the side on which its input is."""
    below = f"the {word} is multiplied by {{settings[slope]}}" if settings["slope"] else f"no {word} passes"
    if settings["slope"] == 1:
        return f"The slope is 1 on both sides of 0: all of the {word} passes."
    if np.ndim(x):
        return f"Where {{source}} is above 0, all of the {word} passes; elsewhere {below}."
    return (
        f"{{source}} is above 0, so all of the {word} passes."
        if x > 0
        else f"{{source}} is not above 0, where {below}."
    )


activation(
    "leaky_relu", "LReL", "x", "maximum(x, 0) + slope * minimum(x, 0)",
    local=("where(x > 0, 1.0, slope)",),
    settings=(Setting("slope", 0.01, "Slope below 0"),),
    title="Leaky ReLU",
    tooltip="x above 0; below, x times a slope, 0.01 unless you set it: a gate that never quite closes.",
    latex=r"\mathrm{{LeakyReLU}}({x})",
    does=lambda settings, **_: {0: "is {x} if that is above 0, else 0", 1: "is {x} as it is"}.get(
        settings["slope"], "is {x} if that is above 0, else {settings[slope]} times it"
    ),
    convention=lambda settings, **_: "" if settings["slope"] == 1 else (
        "At exactly 0 a leaky ReLU has a corner: by convention its slope is that below 0, {settings[slope]}."
    ),
    gradient=lambda x, settings, **_: _leaky(x, settings, "gradient"),
    responsibility=lambda x, settings, **_: _leaky(x, settings, "responsibility"),
    aliases=("LeakyReLU",),
    kink="x",
    spelled_out=lambda slope: f"max(x, 0) + {slope!r} * min(x, 0)",
)  # fmt: skip


def _scaled(settings: dict[str, Any], rule: str, alone: str) -> str:
    """α times a rule: without a factor of 1, and nothing but 0 where that is the factor."""
    return {0: "0", 1: alone}.get(settings["alpha"], "{settings[alpha]}·" + rule)


def _side(x: Any, tensor: str, above: str, below: str) -> str:
    """What is said on either side of a corner at 0."""
    return tensor if np.ndim(x) else above if x > 0 else below


activation(
    "elu", "ELU", "x", "maximum(x, 0) + alpha * expm1(minimum(x, 0))",
    local=("where(x > 0, 1.0, alpha * exp(minimum(x, 0)))",),
    settings=(Setting("alpha", 1.0, "Depth α below 0"),),
    title="ELU",
    tooltip="x above 0, α(eˣ − 1) below: a gate that closes softly.",
    latex=r"\mathrm{{ELU}}({x})",
    does=lambda settings, **_: "is {x} if that is above 0, else " + _scaled(settings, "(e^{x} − 1)", "e^{x} − 1"),
    slope=lambda settings, **_: _scaled(settings, "e^{x}", "e^{x}"),
    convention=lambda settings, **_: "" if settings["alpha"] == 1 else (
        "At exactly 0 this ELU has a corner: by convention its slope is that below 0, {settings[alpha]}."
    ),
    gradient=lambda x, **_: _side(
        x,
        "Where {source} is above 0, all of the gradient passes; elsewhere it is multiplied by {slope}.",
        "{source} is above 0, so all of the gradient passes.",
        "{source} is not above 0, where the slope of ELU is {slope}.",
    ),
    responsibility=lambda x, **_: _side(
        x,
        "Where {source} is above 0, all of the responsibility passes; elsewhere it is multiplied by {slope}.",
        "{source} is above 0, so all of the responsibility passes.",
        "{Responsible}: it is not above 0, where the slope of ELU is {slope}.",
    ),
    kink="x",
    spelled_out=lambda alpha: f"max(x, 0) + {alpha!r} * (exp(min(x, 0)) - 1)",
)  # fmt: skip
activation(
    "gelu", "GELU", "x", "0.5 * x * (1 + erf(x * 0.7071067811865476))",
    # Φ(x) + x φ(x); 0.7071… = 1/√2 and 0.3989… = 1/√(2π).
    local=("0.5 * (1 + erf(x * 0.7071067811865476)) + x * exp(-0.5 * x * x) * 0.3989422804014327",),
    title="GELU",
    tooltip="x·Φ(x), exactly: x times the probability that a standard normal number lies below it.",
    latex=r"{x}\,\Phi({x})",
    does="is {x} times the probability Φ that a standard normal number lies below it",
    slope="Φ({x}) + {x}·φ({x})",
    gradient=Spoken("GELU has the slope {slope} here; Φ is the standard normal distribution, and φ its density.",
                    "Element by element, what reached {node} is multiplied by the slope of GELU, {slope}: near 1 far above 0, near 0 far below."),
)  # fmt: skip
activation(
    "softplus", "S+", "x", "softplus(x)",
    local=("1 / (1 + exp(-x))",),
    tooltip="ln(1 + eˣ): a ReLU with its corner rounded off. Its slope is σ(x).",
    latex=r"\ln(1 + e^{{{x}}})",
    does="is a ReLU of {x} with its corner rounded off, ln(1 + e^{x})",
    slope="σ({x})",
    gradient=Spoken("The slope of softplus is the sigmoid of its input: {slope}.",
                    "The slope of softplus is the sigmoid of its input: element by element, what reached {node} is multiplied by {slope}, a gate that opens gradually."),
    spelled_out="log(1 + exp(x))",
)  # fmt: skip
activation(
    "sigmoid", "σ", "x", "1 / (1 + exp(-x))",
    local=("y * (1 - y)",),
    tooltip="1/(1 + e⁻ˣ): squashes any number to between 0 and 1. Its slope y(1 − y) is never above ¼.",
    latex=r"\sigma({x})",
    does="squashes {x} to between 0 and 1",
    slope="{y}·(1 − {y})",
    gradient=Spoken("The slope of a sigmoid is its output times 1 minus its output, never more than a quarter: {slope}.",
                    "The slope of a sigmoid is its output times 1 minus its output, never more than a quarter: element by element, what reached {node} is multiplied by {slope}."),
    aliases=("logistic",),
    steepest=0.25,
    spelled_out="1 / (1 + exp(-x))",
)  # fmt: skip
activation(
    "tanh", "tanh", "x", "tanh(x)",
    local=("1 - y * y",),
    tooltip="The hyperbolic tangent: squashes any number to between −1 and 1. Its slope is 1 − y².",
    latex=r"\tanh {x}",
    does="squashes {x} to between −1 and 1",
    slope="1 − {y}²",
    gradient=Spoken("The slope of tanh is 1 minus the square of its output: {slope}.",
                    "The slope of tanh is 1 minus the square of its output: element by element, what reached {node} is multiplied by {slope}."),
    steepest=1.0,
    spelled_out="u = exp(x); v = exp(-x); (u - v) / (u + v)",
)  # fmt: skip
activation(
    "silu", "SiLU", "x", "x / (1 + exp(-x))",
    local=("(1 + x * (1 - 1 / (1 + exp(-x)))) / (1 + exp(-x))",),
    title="SiLU (swish)",
    tooltip="x·σ(x): x times its own sigmoid; a ReLU with its corner rounded off.",
    latex=r"{x}\,\sigma({x})",
    does="is {x} times its own sigmoid",
    slope="σ({x})·(1 + {x}·(1 − σ({x})))",
    gradient=Spoken("The slope of SiLU comes from both of its factors, the input and its sigmoid: {slope}.",
                    "The slope of SiLU comes from both of its factors, the input and its sigmoid: element by element, what reached {node} is multiplied by {slope}."),
    aliases=("swish",),
    spelled_out="x * sigmoid(x)",
)  # fmt: skip
