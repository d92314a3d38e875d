"""Values that are filled, not typed: zeros, ones, normal, uniform, and the starts that networks learn well from.

A filling is written as a call: `zeros(3, 4)`, `normal(2, 3, seed=1)`, `xavier(16, 4)`. The same text gives the same
numbers every time: where no seed is said, it is 0.

Symbols: shape (out, in) as linear's W; fan-in and fan-out are its last and its first length.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Shape = tuple[int, ...]
Filled = Any  # a float64 array; values.py, which stands on this file, says what a value is
MOST_ELEMENTS = 10_000_000

_CALL = re.compile(r"\s*([A-Za-z_]+)\s*\(([^()]*)\)\s*\Z")


def _normal(rng: np.random.Generator, shape: Shape, mean: float = 0.0, std: float = 1.0) -> Filled:
    return rng.normal(mean, std, shape)


def _uniform(rng: np.random.Generator, shape: Shape, low: float = -1.0, high: float = 1.0) -> Filled:
    return rng.uniform(low, high, shape)


def _xavier(rng: np.random.Generator, shape: Shape) -> Filled:
    """Uniform within ±√(6/(fan-in + fan-out)): Glorot and Bengio (2010), for tanh and sigmoid."""
    limit = math.sqrt(6.0 / (shape[-1] + shape[0]))
    return rng.uniform(-limit, limit, shape)


def _he(rng: np.random.Generator, shape: Shape) -> Filled:
    """Normal with the deviation √(2/fan-in): He, Zhang, Ren and Sun (2015), for ReLU."""
    return rng.normal(0.0, math.sqrt(2.0 / shape[-1]), shape)


FILLINGS: Mapping[str, Callable[..., Filled]] = {
    "zeros": lambda rng, shape: np.zeros(shape),
    "ones": lambda rng, shape: np.ones(shape),
    "normal": _normal,
    "uniform": _uniform,
    "xavier": _xavier,
    "he": _he,
}
_OPTIONS: Mapping[str, tuple[str, ...]] = {"normal": ("mean", "std"), "uniform": ("low", "high")}
_RANDOM = ("normal", "uniform", "xavier", "he")


def fill(name: str, shape: Shape, seed: int = 0, **options: float) -> Filled:
    """An array of `shape` filled as `name` says. Raises ValueError with a sentence."""
    if name not in FILLINGS:
        raise ValueError(f"There is no filling “{name}”; there are {', '.join(FILLINGS)}.")
    if not shape or any(n < 1 for n in shape):
        raise ValueError(f"{name} needs a shape of whole numbers above 0, like {name}(3, 4).")
    if math.prod(shape) > MOST_ELEMENTS:
        raise ValueError(f"{name}{shape} would have more than {MOST_ELEMENTS:,} elements.")
    unknown = [option for option in options if option not in _OPTIONS.get(name, ())]
    if unknown:
        known = ", ".join((*_OPTIONS.get(name, ()), "seed")) if name in _RANDOM else "none"
        raise ValueError(f"{name} does not know “{unknown[0]}”; its options: {known}.")
    if options.get("std", 0) < 0 or options.get("low", -1.0) > options.get("high", 1.0):
        raise ValueError(f"{name}: the deviation must not be negative, nor low above high.")
    return FILLINGS[name](np.random.default_rng(seed), shape, **options)


def read_filling(text: str) -> Filled | None:
    """What a text like `normal(2, 3, seed=1)` fills; None if it is no call. Raises ValueError with a sentence."""
    call = _CALL.match(text)
    if call is None:
        return None
    name, inside = call.group(1).lower(), call.group(2)
    lengths, options = [], {}
    for word in filter(None, (part.strip() for part in inside.split(","))):
        key, equals, number = (part.strip() for part in word.partition("="))
        if equals:
            options[key] = _number(number, name)
        elif key.isascii() and key.isdigit() and len(key) < 10:
            lengths.append(int(key))
        else:
            raise ValueError(f"{name}: “{key[:20]}” is not a length; write it like {name}(3, 4).")
    seed = options.pop("seed", 0.0)
    if "seed" in inside and name not in _RANDOM:
        raise ValueError(f"{name} has nothing random: it takes no seed.")
    if seed < 0 or seed != int(seed):
        raise ValueError("A seed is a whole number from 0 up.")
    return fill(name, tuple(lengths), int(seed), **options)


def _number(text: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name}: “{text[:20]}” is not a number.")
    return number
