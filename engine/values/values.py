"""Numbers: what a value is, its shape, broadcasting undone, and how numbers are written for people and for files."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Every value is float64: a 0-d result of NumPy is a np.float64, everything else an array.
Value = NDArray[np.float64] | np.float64
Shape = tuple[int, ...]

MOST_AXES = 32  # NumPy broadcasts no more
MINUS = "\N{MINUS SIGN}"
MOST_FIGURES = 7  # of a whole number that is written out where a field is narrow


def as_value(data: Any) -> Value:
    """A number, nested lists or an array as float64. Raises ValueError for ragged lists, text and too many axes.

    There is one nan: a file keeps neither its sign nor its other bits, and a value is what a file makes of it.
    """
    given = np.asarray(data)
    if given.dtype.kind not in "biuf":
        raise ValueError("not numbers")
    if given.ndim > MOST_AXES:
        raise ValueError(f"a value can have at most {MOST_AXES} axes")
    value = given.astype(np.float64)
    absent = np.isnan(value)
    if absent.any():
        value[absent] = np.nan
    value.setflags(write=False)
    return value if value.ndim else np.float64(value)


def same_bits(one: Value, other: Value) -> bool:
    """Whether two values are the same to the last bit: −0 is not 0, and nan is nan."""
    if one.shape != other.shape:
        return False
    if not one.ndim:
        return one.tobytes() == other.tobytes()
    return bool(np.array_equal(one.view(np.int64), other.view(np.int64)))


def is_finite(value: Value) -> bool:
    """Whether there is neither nan nor ∞ in a value."""
    return bool(np.isfinite(value).all()) if value.ndim else math.isfinite(value)


def counted(count: int, word: str) -> str:
    """`1 node`, `2 nodes`, `12 000 nodes`."""
    return f"{thousands(count)} {word if count == 1 else word + 's'}"


def thousands(count: int) -> str:
    """A whole number in groups of three digits, with a narrow space that no line breaks at."""
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def shape_text(shape: Shape) -> str:
    """A shape as NumPy writes it: `()`, `(3,)`, `(2, 3)`."""
    return str(tuple(int(n) for n in shape))


def undoing(from_shape: Shape, to_shape: Shape) -> tuple[Shape, tuple[int, ...]]:
    """How broadcasting is undone, wherever it is: stretch to this shape first, then sum along these axes.

    A local derivative may be smaller than its input, where the other inputs do not say how often it counts: the slope
    −z of a loss by its targets t stands for every row of t, so it is stretched before it is summed.
    """
    full = np.broadcast_shapes(from_shape, to_shape)
    new = len(full) - len(to_shape)
    stretched = (new + i for i, n in enumerate(to_shape) if n == 1 and full[new + i] != 1)
    return full, (*range(new), *stretched)


def summed_axes(from_shape: Shape, to_shape: Shape) -> tuple[int, ...]:
    """The axes along which `to_shape` was repeated by broadcasting it with `from_shape`."""
    return undoing(from_shape, to_shape)[1]


def broadcast_misfit(shapes: Sequence[Shape]) -> str:
    """Why these shapes cannot be broadcast together, counting axes from the last; empty if they can."""
    for back in range(1, max(map(len, shapes), default=0) + 1):
        lengths = [shape[-back] if len(shape) >= back else 1 for shape in shapes]
        if len(set(lengths) - {1}) > 1:
            place = {1: "last", 2: "second-to-last", 3: "third-to-last"}.get(back, f"{back}th-to-last")
            said = " and ".join(str(shape[-back]) if len(shape) >= back else "missing" for shape in shapes)
            return f"{' and '.join(map(shape_text, shapes))}: the {place} axis has lengths {said}, and neither is 1"
    return ""


def unbroadcast(value: Value, shape: Shape) -> Value:
    """Sum `value` back to `shape`: what was copied by broadcasting collects the gradients of its copies."""
    if value.shape == shape:
        return value
    full, axes = undoing(value.shape, shape)
    result: Value = np.sum(np.broadcast_to(value, full), axis=axes).reshape(shape)
    return result if shape else np.float64(result)


def number_text(number: float, digits: int = 4) -> str:
    """A number for the eye: `digits` significant digits, a real minus sign, no trailing zeros: −0.2, 1.23e−5.

    A whole number that would be no shorter with an exponent has none: 100, not 1e2.
    """
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
        is_same, power = float(text) == number, int(exponent)
        text = f"{mantissa}e{power}"
        whole = f"{number:.0f}" if is_same and 0 < power < len(text) else ""
        text = whole if 0 < len(whole) <= len(text) else text
    return text.replace("-", MINUS)


def told_apart(before: float, after: float, digits: int = 4) -> tuple[str, str]:
    """Two numbers for the eye; where they differ, with as many more digits as it takes to see it: 0.29601, 0.29604."""
    for more in (digits, *range(digits + 1, 17)):
        texts = number_text(before, more), number_text(after, more)
        if texts[0] != texts[1] or before == after:
            return texts
    exact = exact_text(before), exact_text(after)
    return exact if exact[0] != exact[1] else (number_text(before, digits), number_text(after, digits))


def change_text(before: Value, after: Value, digits: int = 4) -> str:
    """`0.9 → 1.05`, or `stays 0.9`; of a tensor, by how much an element changes at most."""
    if np.ndim(before) or np.ndim(after):
        with np.errstate(all="ignore"):
            apart = np.abs(np.asarray(after) - np.asarray(before))
        most = float(np.max(apart, initial=0.0))
        return f"changes by {number_text(most, 3)} at most" if most else "stays as it is"
    old, new = told_apart(float(before), float(after), digits)
    return f"stays {new}" if old == new else f"{old} → {new}"


def exact_text(number: float) -> str:
    """All digits of a number, with a real minus sign: it reads back to the same bits."""
    number = float(number)
    if not math.isfinite(number):
        return number_text(number)
    text = repr(number)
    return (text[:-2] if text.endswith(".0") else text).replace("-", MINUS)


def portable_text(number: float) -> str:
    """All digits as other programs read them: with a plain “-”, and inf for ∞."""
    return exact_text(number).replace(MINUS, "-").replace("∞", "inf")


def brief_text(number: float) -> str:
    """All digits too, and it reads back to the same bits; but a large number that ends in many zeros has an exponent:
    10000000000 is 1e10, 250000 stays."""
    text = exact_text(number)
    figures = text.removeprefix(MINUS)
    if len(figures) <= MOST_FIGURES or not figures.isdecimal():
        return text
    first, others = figures[0], figures[1:].rstrip("0")
    short = f"{first}{'.' * bool(others)}{others}e{len(figures) - 1}"
    return text.removesuffix(figures) + min(figures, short, key=len)


def bracketed(text: str) -> str:
    """A number or a factor in parentheses if it begins with a sign: 2 · (−3)."""
    return f"({text})" if text.startswith(("-", MINUS)) else text


def value_text(value: Value, digits: int = 4, most: int = 4) -> str:
    """A value for the eye: a number, a short vector in brackets, or for more than `most` elements its shape."""
    value = np.asarray(value)
    if value.ndim == 0:
        return number_text(float(value), digits)
    if value.ndim == 1 and value.size <= most:
        return "[" + ", ".join(number_text(v, digits) for v in value) + "]"
    return "×".join(str(n) for n in value.shape) + ("-vector" if value.ndim == 1 else "")
