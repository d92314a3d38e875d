"""Values as they are typed: a number, a list, or an initialiser, which makes an array of a shape.

An initialiser is written as a call: `zeros(3, 4)`, `normal(2, 3, seed=1)`, `xavier(16, 4)`. The same text gives the
same numbers every time: where no seed is given, it is 0.

Symbols: shape (out, in) as linear's W; fan-in and fan-out are its last and its first length.
"""

from __future__ import annotations  # as the random numbers of NumPy are imported where some are asked for

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.values.values import MINUS, Shape, Value, as_value

Array = NDArray[np.float64]
MOST_ELEMENTS = 10_000_000

_QUOTED = re.compile(r'"(nan|-?inf)"')
_CALL = re.compile(r"\s*([A-Za-z_]+)\s*\(([^()]*)\)\s*\Z")


def _normal(rng: np.random.Generator, shape: Shape, mean: float = 0.0, std: float = 1.0) -> Array:
    return rng.normal(mean, std, shape)


def _uniform(rng: np.random.Generator, shape: Shape, low: float = -1.0, high: float = 1.0) -> Array:
    return rng.uniform(low, high, shape)


def _xavier(rng: np.random.Generator, shape: Shape) -> Array:
    """Uniform within ±√(6/(fan-in + fan-out)): Glorot and Bengio (2010), for tanh and sigmoid."""
    limit = math.sqrt(6.0 / (shape[-1] + shape[0]))
    return rng.uniform(-limit, limit, shape)


def _he(rng: np.random.Generator, shape: Shape) -> Array:
    """Normal with the deviation √(2/fan-in): He, Zhang, Ren and Sun (2015), for ReLU."""
    return rng.normal(0.0, math.sqrt(2.0 / shape[-1]), shape)


@dataclass(frozen=True)
class Initialiser:
    """A way to make the first numbers of a leaf. `purpose` is when to use it, in two or three words."""

    title: str
    help: str
    make: Callable[..., Array]
    options: tuple[str, ...] = ()
    random: bool = True
    purpose: str = ""


INITIALISERS: Mapping[str, Initialiser] = {
    "zeros": Initialiser("Zeros", "A good start for biases", lambda rng, shape: np.zeros(shape), random=False),
    "ones": Initialiser("Ones", "Every element 1", lambda rng, shape: np.ones(shape), random=False),
    "normal": Initialiser("Normal", "Normally distributed: mean 0, standard deviation 1", _normal, ("mean", "std")),
    "uniform": Initialiser("Uniform", "Evenly distributed between −1 and 1", _uniform, ("low", "high")),
    "xavier": Initialiser(
        "Xavier",
        "Uniform within √(6 / (inputs + outputs)): a good start before tanh and sigmoid",
        _xavier,
        purpose="before tanh, sigmoid",
    ),
    "he": Initialiser(
        "He", "Normal with standard deviation √(2 / inputs): a good start before ReLU", _he, purpose="before ReLU"
    ),
}


class BeyondFloats(ValueError):
    """A number that is written in digits, and that a float cannot hold."""


def initialise(name: str, shape: Shape, seed: float | None = None, **options: float) -> Array:
    """An array of `shape`, made as `name` says. Raises ValueError with a sentence."""
    if name not in INITIALISERS:
        raise ValueError(f"There is no initialiser “{name}”; choose one of {', '.join(INITIALISERS)}.")
    if not shape or any(type(n) is not int or n < 1 for n in shape):
        raise ValueError(f"{name} needs a shape of whole numbers above 0, as in {name}(3, 4).")
    if math.prod(shape) > MOST_ELEMENTS:
        raise ValueError(f"{name}{shape} would have more than {MOST_ELEMENTS:,} elements.")
    known = INITIALISERS[name]
    if seed is not None and not known.random:
        raise ValueError(f"{name} is not random: it takes no seed.")
    if seed is not None and (seed < 0 or seed % 1):
        raise ValueError("A seed must be a whole number, 0 or above.")
    unknown = [option for option in options if option not in known.options]
    if unknown:
        listed = ", ".join((*known.options, "seed")) if known.random else "none"
        raise ValueError(f"{name} has no option “{unknown[0]}”; its options: {listed}.")
    for option, number in options.items():
        if not math.isfinite(number):
            raise ValueError(f"{name}: {option}={number:g} is not a finite number.")
    if options.get("std", 0) < 0 or options.get("low", -1.0) > options.get("high", 1.0):
        raise ValueError(f"{name}: the standard deviation must not be negative, and low must not be above high.")
    return known.make(np.random.default_rng(int(seed or 0)), shape, **options)


def read_initialiser(text: str) -> Array | None:
    """The array that a text like `normal(2, 3, seed=1)` makes; None if it is not a call. Raises ValueError."""
    call = _CALL.match(text)
    if call is None:
        return None
    name, inside = call.group(1).lower(), call.group(2)
    lengths, options = [], {}
    for word in filter(None, (part.strip() for part in inside.split(","))):
        key, equals, number = (part.strip() for part in word.partition("="))
        if equals:
            options[key] = _option(name, number)
        elif key.isascii() and key.isdigit() and len(key) < 10:
            lengths.append(int(key))
        else:
            raise ValueError(f"{name}: “{key[:20]}” is not a length; write it as in {name}(3, 4).")
    return initialise(name, tuple(lengths), **options)


def _option(name: str, text: str) -> float:
    try:
        return parse_number(text)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def parse_value(text: str) -> Value:
    """Read what a person types into a value field: `3`, `−0.5`, `1 2 3`, `1, 2`, `[[1, 2], [3, 4]]`, `1/3`, `2e-3`.

    Non-finite numbers may stand in quotes, as in a file. Or an initialiser: `zeros(3, 4)`, `normal(2, 3, seed=1)`.
    Raises ValueError with a sentence.
    """
    plain = _QUOTED.sub(r"\1", text.strip().replace(MINUS, "-").replace("∞", "inf"))
    if not plain:
        raise ValueError("Type a number, or several separated by spaces.")
    if (made := read_initialiser(plain)) is not None:
        return as_value(made)
    try:
        value = as_value(_read_lists(plain) if plain[0] in "[(" else _read_row(plain))
    except BeyondFloats:
        raise
    except (ValueError, RecursionError, SyntaxError, TypeError):
        raise ValueError(
            f"“{_short(text)}” is neither a number nor a list of numbers such as 1 2 3 or [[1, 2], [3, 4]]."
        ) from None
    if value.size == 0:
        raise ValueError("An empty list is not a value.")
    return value


def parse_number(text: str) -> float:
    """Read one number as `parse_value` does. Raises ValueError with a sentence."""
    try:
        value = parse_value(text)
    except BeyondFloats:
        raise
    except ValueError:
        raise ValueError(f"“{_short(text.strip())}” is not a number.") from None
    if value.ndim:
        raise ValueError(f"“{_short(text.strip())}” is not a single number.")
    return float(value)


def parse_block(text: str) -> Array:
    """Read rows of numbers as a spreadsheet copies them: an array of (rows, columns).

    Between the numbers of a row stand tabs, or else semicolons, commas or spaces; nested lists are read too. Raises
    ValueError with a sentence.
    """
    if text.lstrip()[:1] == "[":
        value = parse_value(text)
        if value.ndim > 2:
            raise ValueError(f"{value.ndim} dimensions are too many: a grid has rows and columns.")
        return np.atleast_2d(value)
    lines = text.strip("\r\n").splitlines()
    if not text.strip():
        raise ValueError("There is no text on the clipboard.")
    sign = next((sign for sign in "\t;," if sign in text), None)
    rows = [[cell.strip() for cell in line.split(sign)] for line in lines]
    if len({len(row) for row in rows}) > 1:
        raise ValueError("Not all rows have as many numbers.")
    if not all(cell for row in rows for cell in row):
        raise ValueError("An empty cell is not a number.")
    return np.array([[parse_number(cell) for cell in row] for row in rows], dtype=np.float64)


def parse_index(text: str) -> tuple[int, ...]:
    """Which element of an array: whole numbers from 0 on, `1, 0`. Raises ValueError with a sentence."""
    words = text.replace("[", " ").replace("]", " ").replace(",", " ").split()
    if not words or not all(word.isascii() and word.isdigit() and len(word) < 10 for word in words):
        raise ValueError("type whole numbers from 0 on, such as 1, 0")
    return tuple(map(int, words))


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
    number = _read_float(above) / _read_float(below) if slash and _read_float(below) else _read_float(word)
    if math.isinf(number) and any(sign.isdigit() for sign in word):
        raise BeyondFloats(f"“{_short(word)}” is too large: numbers end at about 1.8e308. For infinity, type inf.")
    return number


def _read_float(word: str) -> float:
    if word.lstrip("-") in ("pi", "π"):
        return -math.pi if word.startswith("-") else math.pi
    return float(word)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "…"
