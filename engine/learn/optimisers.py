"""How parameters move against their gradient; each optimiser says its title, its help and its PyTorch spelling.

Symbols: θ the parameters, one vector; g = ∂L/∂θ; η the learning rate; λ the weight decay; v, m running means; t the
step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Update = Callable[[Vector, Vector], None]  # changes θ, in place, given g
Make = Callable[[int, float], Update]  # given how many parameters there are, and the learning rate

MOMENTUM = 0.9
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Optimiser:
    """One way to learn: what the form and the help call it, how it moves θ, and the same in PyTorch."""

    title: str
    help: str
    torch: str  # an expression in which {rate} stands for the learning rate
    make: Make
    stable: float | None = None  # it holds on a parabola of curvature λ up to η = stable/λ; None: its steps are bounded


OPTIMISERS: dict[str, Optimiser] = {}


def optimiser(name: str, title: str, help: str, torch: str, stable: float | None = None) -> Callable[[Make], Make]:
    """Declare the decorated function as an optimiser: the form, `gradloom train` and the PyTorch export find it."""

    def declare(make: Make) -> Make:
        OPTIMISERS[name] = Optimiser(title, help, torch, make, stable)
        return make

    return declare


@optimiser("sgd", "SGD", "a step straight downhill", "torch.optim.SGD(model.parameters(), lr={rate})", 2.0)
def _sgd(size: int, rate: float) -> Update:
    """θ ← θ − η g."""

    def update(theta: Vector, gradient: Vector) -> None:
        theta -= rate * gradient

    return update


@optimiser(
    "momentum", "Momentum", "like a ball, it keeps most of its speed from step to step",
    "torch.optim.SGD(model.parameters(), lr={rate}, momentum=0.9)", 2 * (1 + MOMENTUM),
)  # fmt: skip
def _momentum(size: int, rate: float) -> Update:
    """v ← 0.9 v + g; θ ← θ − η v (Polyak 1964, in the form that PyTorch has)."""
    velocity = np.zeros(size)

    def update(theta: Vector, gradient: Vector) -> None:
        np.multiply(velocity, MOMENTUM, out=velocity)
        np.add(velocity, gradient, out=velocity)
        theta -= rate * velocity

    return update


@optimiser(
    "adam", "Adam", "a step size of its own for each parameter", "torch.optim.Adam(model.parameters(), lr={rate})"
)
def _adam(size: int, rate: float) -> Update:
    """m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η m̂ / (√v̂ + ε) (Kingma and Ba 2015)."""
    mean, square = np.zeros(size), np.zeros(size)
    decay1, decay2 = 1.0, 1.0  # β₁ᵗ, β₂ᵗ

    def update(theta: Vector, gradient: Vector) -> None:
        nonlocal decay1, decay2
        decay1, decay2 = decay1 * BETA1, decay2 * BETA2
        np.add(BETA1 * mean, (1 - BETA1) * gradient, out=mean)
        np.add(BETA2 * square, (1 - BETA2) * (gradient * gradient), out=square)
        theta -= rate / (1 - decay1) * mean / (np.sqrt(square / (1 - decay2)) + EPSILON)

    return update


def make_update(name: str, size: int, rate: float, weight_decay: float = 0.0, clip: float = 0.0) -> Update:
    """The update of an optimiser for `size` parameters, its memory empty.

    `clip` is the largest norm that a gradient may have, longer ones are shortened (Pascanu, Mikolov and Bengio 2013);
    0: no limit. Weight decay θ ← (1 − ηλ) θ goes beside the gradient, not into it (Loshchilov and Hutter 2019).
    """
    update = OPTIMISERS[name].make(size, rate)

    def clipped_and_decayed(theta: Vector, gradient: Vector) -> None:
        if clip:
            gradient = gradient * min(1.0, clip / (norm(gradient) or clip))
        if weight_decay:
            theta *= 1 - rate * weight_decay
        update(theta, gradient)

    return clipped_and_decayed if clip or weight_decay else update


def norm(vector: Vector | Any) -> float:
    """The Euclidean length."""
    return float(np.sqrt(np.dot(vector, vector)))
