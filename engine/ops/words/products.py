"""What the words of op texts compute as products of arrays: NumPy's dot and einsum, and their ways back.

Symbols: a, b, xs the inputs; g the upstream gradient; k the axis that is summed over; n its length.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.ops.words.arrays import Misfit
from engine.values.values import Shape, Value, counted, shape_text


def flat(x: Value) -> Value:
    """All elements in a row."""
    return np.ravel(x)


def contract_left(g: Value, a: Value, b: Value) -> Value:
    """The contribution of y = dot(a, b) to a; a number scales."""
    if not a.ndim or not b.ndim:
        return g * b
    rows = np.reshape(_summed_last(b), (-1, a.shape[-1]))
    return np.reshape(np.matmul(np.reshape(g, (-1, len(rows))), rows), a.shape)


def contract_right(g: Value, a: Value, b: Value) -> Value:
    """The contribution of y = dot(a, b) to b; a number scales."""
    if not a.ndim or not b.ndim:
        return g * a
    turned = _summed_last(b)
    left = np.reshape(a, (-1, a.shape[-1]))
    found = np.reshape(np.matmul(np.transpose(np.reshape(g, (len(left), -1))), left), turned.shape)
    return np.moveaxis(found, -1, -2) if b.ndim > 1 else found


def _summed_last(b: Value) -> Value:
    """`b` with the axis that dot sums over as its last."""
    return np.moveaxis(np.asarray(b), -2, -1) if b.ndim > 1 else b


def einsum(subscripts: str, xs: tuple[Value, ...]) -> Value:
    """Σ of products over the letters that are not in the result."""
    axis_lengths(subscripts, [x.shape for x in xs])
    result: Value = np.einsum(subscripts, *xs)
    return np.asarray(result)[()]


def einsum_back(g: Value, subscripts: str, xs: tuple[Value, ...], i: int) -> Value:
    """The contribution to input i: the einsum of g and all the others, to the letters of that input."""
    given, result = subscripts.split("->")
    parts = given.split(",")
    lengths = axis_lengths(subscripts, [x.shape for x in xs])
    others = [(part, x) for j, (part, x) in enumerate(zip(parts, xs, strict=True)) if j != i]
    known = result + "".join(part for part, _ in others)
    kept = "".join(letter for letter in parts[i] if letter in known)
    sources = ",".join([result, *(part for part, _ in others)])
    found = np.einsum(f"{sources}->{kept}", g, *(x for _, x in others))
    alone = tuple(k for k, letter in enumerate(parts[i]) if letter not in known)  # summed over by itself
    return np.broadcast_to(np.expand_dims(found, alone), [lengths[letter] for letter in parts[i]])[()]


def axis_lengths(subscripts: str, shapes: Sequence[Shape]) -> dict[str, int]:
    """The length of each letter's axis. Raises Misfit where the inputs do not agree."""
    parts = subscripts.partition("->")[0].split(",")
    said = f"“{subscripts}” of {' and '.join(map(shape_text, shapes))}"
    if len(parts) != len(shapes):
        raise Misfit(f"{said}: it speaks of {counted(len(parts), 'input')}, but there {_are(len(shapes))}")
    lengths: dict[str, int] = {}
    for part, shape in zip(parts, shapes, strict=True):
        if len(part) != len(shape):
            axes = f"{len(shape) or 'no'} {'axis' if len(shape) == 1 else 'axes'}"
            raise Misfit(f"{said}: “{part}” has {counted(len(part), 'letter')}, but {shape_text(shape)} has {axes}")
        for letter, n in zip(part, shape, strict=True):
            if lengths.setdefault(letter, n) != n:
                raise Misfit(f"{said}: the axis “{letter}” has the lengths {lengths[letter]} and {n}")
    return lengths


def _are(count: int) -> str:
    return "is one" if count == 1 else f"are {count}"


def dot(a: Any, b: Any) -> Value:
    """NumPy's dot: of vectors Σ ab, of matrices their product; a number scales."""
    result: Value = np.dot(a, b)
    return np.asarray(result)[()]
