"""Activations: the bends between the layers. Each acts element by element.

Symbols: x the input; y the output; g = ∂L/∂y the upstream gradient; σ the logistic function.
"""

from functools import partial

import numpy as np

from engine.op import op

activation = partial(op, group="activation")


def _gate_words(local: object, word: str) -> str:
    """What a gate does: all passes, nothing passes, or for a tensor how many of its gates are open."""
    open_gates = np.asarray(local) > 0
    if open_gates.ndim:
        return f"{int(open_gates.sum())} of {open_gates.size} gates are open; where one is closed, no {word} passes."
    return f"The gate is open: all of the {word} passes." if open_gates else f"The gate is closed: none of the {word} passes."


def _relu_words(x: object, local: object, word: str) -> str:
    at_kink = np.ndim(x) == 0 and float(x) == 0  # type: ignore[arg-type]
    kink = " At exactly 0 ReLU has no slope; by convention the gate is closed." if at_kink else ""
    return _gate_words(local, word) + kink


activation(
    "relu", "ReLU", "x", "maximum(x, 0)",
    local=("where(x > 0, 1.0, 0.0)",),
    title="ReLU",
    tooltip="max(0, x): a gate. Open for x above 0, closed below.",
    latex=r"\max(0, {x})",
    gradient=lambda x, local, **_: _relu_words(x, local, "gradient"),
    responsibility=lambda x, local, **_: _relu_words(x, local, "responsibility"),
    gate=True,
    aliases=("ReLU",),
)  # fmt: skip
activation(
    "sigmoid", "σ", "x", "1 / (1 + exp(-x))",
    local=("y * (1 - y)",),
    title="Sigmoid",
    tooltip="1/(1 + e⁻ˣ): squashes any number into 0 … 1. Its slope y(1 − y) is never above ¼.",
    latex=r"\sigma({x})",
    gradient="The slope of the sigmoid is y(1 − y) = {y} × (1 − {y}) = {local}.",
    responsibility="{source} is y(1 − y) = {local} times as responsible as {node} is: never more than a quarter.",
    aliases=("Sigmoid",),
)  # fmt: skip
activation(
    "tanh", "tanh", "x", "tanh(x)",
    local=("1 - y * y",),
    title="Tanh",
    tooltip="The hyperbolic tangent: squashes any number into −1 … 1. Its slope is 1 − y².",
    latex=r"\tanh {x}",
    gradient="The slope of tanh is 1 − y² = 1 − {y}² = {local}.",
    responsibility="{source} is 1 − y² = {local} times as responsible as {node} is.",
    aliases=("Tanh",),
)  # fmt: skip
