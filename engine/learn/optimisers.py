"""How parameters move against their gradient; each optimiser says its title, its help and its PyTorch spelling.

Symbols: θ the parameters, one vector; g = ∂L/∂θ; η the learning rate; λ the weight decay; v, m running means; t the
step. What one step was made of, parameter by parameter, is told in `engine.learn.rule`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Update = Callable[[Vector, Vector], None]  # changes θ, in place, given g


@dataclass
class RunningMeans:
    """What an optimiser keeps from step to step: running vectors as long as θ, and numbers, each by its sign.

    `of`: the parameters that θ is made of. What is kept of others says nothing about these.
    """

    vectors: dict[str, Vector] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)
    of: tuple[str, ...] = ()

    def vector(self, sign: str, size: int) -> Vector:
        """The running vector of that sign; at first 0."""
        return self.vectors.setdefault(sign, np.zeros(size))

    def copy(self) -> "RunningMeans":
        """The same, to be kept while this one goes on."""
        return RunningMeans({sign: v.copy() for sign, v in self.vectors.items()}, dict(self.numbers), self.of)


Make = Callable[
    [int, float, RunningMeans], Update
]  # given how many parameters there are, the learning rate, and what it keeps

MOMENTUM = 0.9
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Moves:
    """The same, to the bit, as statements over plain floats: `once` a step, and `each` for a parameter {t} with its
    gradient {g}. `vectors` and `numbers` are the signs of what it keeps; they are called {s0}, {s1} … and n0, n1 …
    `by_rate_alone`: twice the gradient at half the rate is the same."""

    each: str
    once: str = ""
    vectors: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    by_rate_alone: bool = False


@dataclass(frozen=True)
class Optimiser:
    """One way to learn: what the form and the help call it, how it moves θ, and the same in PyTorch."""

    title: str
    help: str
    torch: str  # an expression in which {rate} stands for the learning rate
    make: Make
    stable: float | None = None  # it holds on a parabola of curvature λ up to η = stable/λ; None: its steps are bounded
    moves: Moves | None = None  # how it is written for a training of few numbers; None: it is not


OPTIMISERS: dict[str, Optimiser] = {}


def optimiser(
    name: str, title: str, help: str, torch: str, stable: float | None = None, moves: Moves | None = None
) -> Callable[[Make], Make]:
    """Declare the decorated function as an optimiser: the form, `gradloom train` and the PyTorch export find it."""

    def declare(make: Make) -> Make:
        OPTIMISERS[name] = Optimiser(title, help, torch, make, stable, moves)
        return make

    return declare


@optimiser(
    "sgd", "SGD", "a step straight downhill", "torch.optim.SGD(model.parameters(), lr={rate})", 2.0,
    Moves("{t} -= rate * {g}", by_rate_alone=True),
)  # fmt: skip
def _sgd(size: int, rate: float, means: RunningMeans) -> Update:
    """θ ← θ − η g."""
    step = np.empty(size)

    def update(theta: Vector, gradient: Vector) -> None:
        np.multiply(gradient, rate, out=step)
        np.subtract(theta, step, out=theta)

    return update


@optimiser(
    "momentum", "Momentum", "like a ball, it keeps most of its speed from step to step",
    "torch.optim.SGD(model.parameters(), lr={rate}, momentum=0.9)", 2 * (1 + MOMENTUM),
    Moves(f"{{s0}} = {{s0}} * {MOMENTUM} + {{g}}; {{t}} -= rate * {{s0}}", vectors=("v",)),
)  # fmt: skip
def _momentum(size: int, rate: float, means: RunningMeans) -> Update:
    """v ← 0.9 v + g; θ ← θ − η v (Polyak 1964, in the form that PyTorch has)."""
    velocity = means.vector("v", size)

    def update(theta: Vector, gradient: Vector) -> None:
        np.multiply(velocity, MOMENTUM, out=velocity)
        np.add(velocity, gradient, out=velocity)
        theta -= rate * velocity

    return update


_ADAM = Moves(
    f"{{s0}} = {BETA1} * {{s0}} + {1 - BETA1} * {{g}}; {{s1}} = {BETA2} * {{s1}} + {1 - BETA2} * ({{g}} * {{g}}); "
    f"{{t}} -= large * {{s0}} / (sqrt({{s1}} / rest) + {EPSILON})",
    f"n0 *= {BETA1}; n1 *= {BETA2}; large = rate / (1 - n0); rest = 1 - n1",
    ("m", "v"), ("β₁ᵗ", "β₂ᵗ"),
)  # fmt: skip


@optimiser(
    "adam", "Adam", "a step size of its own for each parameter", "torch.optim.Adam(model.parameters(), lr={rate})",
    moves=_ADAM,
)  # fmt: skip
def _adam(size: int, rate: float, means: RunningMeans) -> Update:
    """m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η m̂ / (√v̂ + ε) (Kingma and Ba 2015)."""
    mean, square = means.vector("m", size), means.vector("v", size)
    decay1, decay2 = means.numbers.get("β₁ᵗ", 1.0), means.numbers.get("β₂ᵗ", 1.0)

    def update(theta: Vector, gradient: Vector) -> None:
        nonlocal decay1, decay2
        decay1, decay2 = decay1 * BETA1, decay2 * BETA2
        means.numbers |= {"β₁ᵗ": decay1, "β₂ᵗ": decay2}
        np.add(BETA1 * mean, (1 - BETA1) * gradient, out=mean)
        np.add(BETA2 * square, (1 - BETA2) * (gradient * gradient), out=square)
        theta -= rate / (1 - decay1) * mean / (np.sqrt(square / (1 - decay2)) + EPSILON)

    return update


def make_update(
    name: str, size: int, rate: float, weight_decay: float = 0.0, clip: float = 0.0, means: RunningMeans | None = None
) -> Update:
    """The update of an optimiser for `size` parameters; it goes on from its running `means`, at first 0.

    `clip` is the largest norm that a gradient may have, longer ones are shortened (Pascanu, Mikolov and Bengio 2013);
    0: no limit. Weight decay θ ← (1 − ηλ) θ goes beside the gradient, not into it (Loshchilov and Hutter 2019).
    """
    update = OPTIMISERS[name].make(size, rate, RunningMeans() if means is None else means)

    def clipped_and_decayed(theta: Vector, gradient: Vector) -> None:
        if clip:
            gradient = gradient * shortening(gradient, clip)
        if weight_decay:
            theta *= 1 - rate * weight_decay
        update(theta, gradient)

    return clipped_and_decayed if clip or weight_decay else update


def shortening(gradient: Vector, clip: float) -> float:
    """By what a gradient is multiplied so that it is no longer than `clip`: 1 where it is short enough."""
    return min(1.0, clip / (norm(gradient) or clip))


def norm(vector: Vector | Any) -> float:
    """The Euclidean length."""
    return float(np.sqrt(np.dot(vector, vector)))
