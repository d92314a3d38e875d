"""Numbers: what a value is, its shape, broadcasting undone, and how numbers are written for people and for files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.filling import read_filling

# Every value is float64: a 0-d result of NumPy is a np.float64, everything else an array.
Value = NDArray[np.float64] | np.float64
Shape = tuple[int, ...]

MOST_AXES = 32  # NumPy broadcasts no more
MINUS = "\N{MINUS SIGN}"


def as_value(data: Any) -> Value:
    """A number, nested lists or an array as float64. Raises ValueError for ragged lists, text and too many axes."""
    given = np.asarray(data)
    if given.dtype.kind not in "biuf":
        raise ValueError("not numbers")
    if given.ndim > MOST_AXES:
        raise ValueError(f"a value has {MOST_AXES} axes at the most")
    value = given.astype(np.float64)
    value.setflags(write=False)
    return value if value.ndim else np.float64(value)


def is_finite(value: Value) -> bool:
    """Whether there is neither nan nor ∞ in a value."""
    return bool(np.isfinite(value).all()) if value.ndim else math.isfinite(value)


def shape_text(shape: Shape) -> str:
    """A shape as NumPy writes it: `()`, `(3,)`, `(2, 3)`."""
    return str(tuple(int(n) for n in shape))


def summed_axes(from_shape: Shape, to_shape: Shape) -> tuple[int, ...]:
    """The axes of `from_shape` along which `to_shape` was repeated by broadcasting."""
    from_shape = np.broadcast_shapes(from_shape, to_shape)  # a local derivative may be smaller than its input
    new = len(from_shape) - len(to_shape)
    stretched = (new + i for i, n in enumerate(to_shape) if n == 1 and from_shape[new + i] != 1)
    return (*range(new), *stretched)


def broadcast_misfit(shapes: Sequence[Shape]) -> str:
    """Why these shapes cannot be broadcast together, counting axes from the last; empty if they can."""
    for back in range(1, max(map(len, shapes), default=0) + 1):
        lengths = [shape[-back] if len(shape) >= back else 1 for shape in shapes]
        if len(set(lengths) - {1}) > 1:
            place = {1: "last", 2: "second last", 3: "third last"}.get(back, f"{back}th last")
            said = " and ".join(str(shape[-back]) if len(shape) >= back else "missing" for shape in shapes)
            return f"{' and '.join(map(shape_text, shapes))}: the {place} axis is {said}, and neither is 1"
    return ""


def unbroadcast(value: Value, shape: Shape) -> Value:
    """Sum `value` back to `shape`: what was copied by broadcasting collects the gradients of its copies."""
    if value.shape == shape:
        return value
    value = np.broadcast_to(value, np.broadcast_shapes(value.shape, shape))
    axes = summed_axes(value.shape, shape)
    result: Value = np.sum(value, axis=axes).reshape(shape)
    return result if shape else np.float64(result)


def number_text(number: float, digits: int = 4) -> str:
    """A number for the eye: `digits` significant digits, a real minus sign, no trailing zeros: −0.2, 1.23e−05."""
    number = float(number)
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "∞" if number > 0 else f"{MINUS}∞"
    if number == 0:
        return "0"
    text = f"{number:.{digits}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS)


def exact_text(number: float) -> str:
    """All digits of a number, with a real minus sign: it reads back to the same bits."""
    number = float(number)
    if not math.isfinite(number):
        return number_text(number)
    text = repr(number)
    return (text[:-2] if text.endswith(".0") else text).replace("-", MINUS)


def value_text(value: Value, digits: int = 4, most: int = 4) -> str:
    """A value for the eye: a number, a short vector in brackets, or for more than `most` elements its shape."""
    value = np.asarray(value)
    if value.ndim == 0:
        return number_text(float(value), digits)
    if value.ndim == 1 and value.size <= most:
        return "[" + ", ".join(number_text(v, digits) for v in value) + "]"
    return "×".join(str(n) for n in value.shape) + ("-vector" if value.ndim == 1 else "")


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
            f"“{_short(text)}” is not a number, nor a list of numbers like 1 2 3 or [[1, 2], [3, 4]]."
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
