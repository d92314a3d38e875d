"""Values that are filled, not typed: zeros, ones, normal, uniform, and the starts that networks learn well from.

A filling is written as a call: `zeros(3, 4)`, `normal(2, 3, seed=1)`, `xavier(16, 4)`. The same text gives the same
numbers every time: where no seed is said, it is 0.

Symbols: shape (out, in) as linear's W; fan-in and fan-out are its last and its first length.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.values.values import MINUS, Shape, Value, as_value

Filled = NDArray[np.float64]
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
        raise ValueError(f"There is no initialiser “{name}”; choose one of {', '.join(FILLINGS)}.")
    if not shape or any(n < 1 for n in shape):
        raise ValueError(f"{name} needs a shape of whole numbers above 0, as in {name}(3, 4).")
    if math.prod(shape) > MOST_ELEMENTS:
        raise ValueError(f"{name}{shape} would have more than {MOST_ELEMENTS:,} elements.")
    unknown = [option for option in options if option not in _OPTIONS.get(name, ())]
    if unknown:
        known = ", ".join((*_OPTIONS.get(name, ()), "seed")) if name in _RANDOM else "none"
        raise ValueError(f"{name} has no option “{unknown[0]}”; its options: {known}.")
    if options.get("std", 0) < 0 or options.get("low", -1.0) > options.get("high", 1.0):
        raise ValueError(f"{name}: the standard deviation must not be negative, and low must not be above high.")
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
            raise ValueError(f"{name}: “{key[:20]}” is not a length; write it as in {name}(3, 4).")
    seed = options.pop("seed", 0.0)
    if "seed" in inside and name not in _RANDOM:
        raise ValueError(f"{name} is not random: it takes no seed.")
    if seed < 0 or seed != int(seed):
        raise ValueError("A seed must be a whole number, 0 or above.")
    return fill(name, tuple(lengths), int(seed), **options)


def _number(text: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{name}: “{text[:20]}” is not a number.")
    return number


def parse_value(text: str) -> Value:
    """Read what a person types into a value field: `3`, `−0.5`, `1 2 3`, `1, 2`, `[[1, 2], [3, 4]]`, `1/3`, `2e-3`.

    Or how it is to be filled: `zeros(3, 4)`, `normal(2, 3, seed=1)` (see `engine.filling`). Raises ValueError with a
    sentence.
    """
    plain = text.strip().replace(MINUS, "-").replace("∞", "inf")
    if not plain:
        raise ValueError("Type a number, or several separated by spaces.")
    if (filled := read_filling(plain)) is not None:
        return as_value(filled)
    try:
        value = as_value(_read_lists(plain) if plain[0] in "[(" else _read_row(plain))
    except (ValueError, RecursionError, SyntaxError, TypeError):
        raise ValueError(
            f"“{_short(text)}” is neither a number nor a list of numbers such as 1 2 3 or [[1, 2], [3, 4]]."
        ) from None
    if value.size == 0:
        raise ValueError("An empty list is not a value.")
    return value


def _read_row(text: str) -> float | list[float]:
    words = text.replace(",", " ").replace(";", " ").split()
    numbers = [_read_number(word) for word in words]
    return numbers[0] if len(numbers) == 1 and "," not in text else numbers


def _read_lists(text: str) -> Any:
    """Nested lists; commas may be left out inside the innermost brackets."""
    tokens = iter(
        text.replace("(", "[").replace(")", "]").replace("[", " [ ").replace("]", " ] ").replace(",", " ").split()
    )
    if next(tokens) != "[":
        raise ValueError
    result = _read_list(tokens)
    if next(tokens, None) is not None:
        raise ValueError
    return result


def _read_list(tokens: Iterator[str], depth: int = 0) -> list[Any]:
    if depth > 30:
        raise ValueError
    items: list[Any] = []
    for token in tokens:
        if token == "]":
            return items
        items.append(_read_list(tokens, depth + 1) if token == "[" else _read_number(token))
    raise ValueError


def _read_number(word: str) -> float:
    above, slash, below = word.partition("/")
    return float(above) / float(below) if slash and float(below) else float(word)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "…"
