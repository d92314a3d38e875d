"""What the words of op texts compute along axes: sums and their kin, how they are undone, and what becomes of ties.

An `axis` is an int, a tuple of them, or "all". `keep` keeps the axes, with length 1. A number is its own sum. Where an
axis does not exist, `Misfit` says so.

Symbols: x the input; g the upstream gradient; y what x was reduced to.
"""

import math
from typing import Any

import numpy as np

from engine.ops.words.arrays import Misfit
from engine.values.values import Shape, Value, shape_text

Axis = int | str | tuple[int, ...]

_total: Any = np.add.reduce
_largest: Any = np.maximum.reduce
_smallest: Any = np.minimum.reduce
_product: Any = np.multiply.reduce


def checked(axis: Any, shape: Shape) -> int:
    """The number of an axis, counted from 0."""
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        raise Misfit(f"there is no axis {axis} in the shape {shape_text(shape)}")
    return axis % len(shape)


def along(axis: Axis, shape: Shape) -> tuple[int, ...] | None:
    """The axes of a shape as NumPy wants them; None for all."""
    if axis == "all":
        return None
    found = tuple(checked(number, shape) for number in (axis if isinstance(axis, tuple) else (axis,)))
    if len(set(found)) < len(found):
        raise Misfit(f"the axes {axis} of the shape {shape_text(shape)} are not all different")
    return found


def _reduced(reduce: Any, x: Value, axis: Axis, keep: bool) -> Value:
    if not x.ndim:
        return x
    result: Value = reduce(x, axis=along(axis, x.shape), keepdims=keep)
    return result


def sum_(x: Value, axis: Axis = "all", keep: bool = False) -> Value:
    """The sum along an axis, which is dropped, or kept with length 1. A number is its own sum."""
    return _reduced(_total, x, axis, keep)


def mean(x: Value, axis: Axis = "all", keep: bool = False) -> Value:
    return sum_(x, axis, keep) / length(x, axis) if x.ndim else x


def amax(x: Value, axis: Axis = "all", keep: bool = False) -> Value:
    return _reduced(_largest, x, axis, keep)


def amin(x: Value, axis: Axis = "all", keep: bool = False) -> Value:
    return _reduced(_smallest, x, axis, keep)


def prod(x: Value, axis: Axis = "all", keep: bool = False) -> Value:
    return _reduced(_product, x, axis, keep)


def var(x: Value, axis: Axis = "all", keep: bool = False, ddof: int = 0) -> Value:
    """The mean squared distance from the mean; `ddof` is taken off the count that the sum is divided by."""
    return sum_(np.square(x - mean(x, axis, True)), axis, keep) / freedom(x, axis, ddof)


def std(x: Value, axis: Axis = "all", keep: bool = False, ddof: int = 0) -> Value:
    result: Value = np.sqrt(var(x, axis, keep, ddof))
    return result


def norm(x: Value, axis: Axis = "all", keep: bool = False) -> Value:
    """√Σ x²."""
    if not x.ndim:
        return np.abs(x)
    result: Value = np.sqrt(sum_(x * x, axis, keep))
    return result


def logsumexp(x: Value, axis: Axis = "all", keep: bool = False) -> Value:
    """ln Σ eˣ; shifted by the largest, where that is finite, so that nothing overflows."""
    if not x.ndim:
        return x
    largest = amax(x, axis, True)
    shift = np.where(np.isfinite(largest), largest, 0.0)
    result: Value = np.log(sum_(np.exp(x - shift), axis, keep)) + np.reshape(shift, np.shape(sum_(shift, axis, keep)))
    return result


def freedom(x: Value, axis: Axis = "all", ddof: int = 0) -> float:
    """How many numbers a variance is shared out among: as many as there are, less ddof."""
    count = length(x, axis)
    if count <= ddof:
        numbers = "one number" if count == 1 else f"{count:g} numbers"
        raise Misfit(f"the spread of {numbers} with {ddof} taken off the count would be divided by {count - ddof:g}")
    return count - ddof


def spread(g: Value, axis: Axis, *like: Value) -> Value:
    """Undo the shape of a sum: `g` repeated along `axis` to the shape that `like` have together."""
    shape = like[0].shape if len(like) == 1 else np.broadcast_shapes(*(x.shape for x in like))
    if not shape:
        return g
    if axis != "all" and g.ndim < len(shape):
        g = np.expand_dims(g, along(axis, shape) or ())
    return np.broadcast_to(g, shape)


def shares(x: Value, y: Value, axis: Axis = "all") -> Value:
    """1 where x is the largest or smallest, y, along an axis, and 0 elsewhere; a tie is split evenly."""
    if not x.ndim:
        return np.float64(1.0)
    won = x == spread(y, axis, x)
    result: Value = won / sum_(won * 1.0, axis, True)
    return result


def others(x: Value, axis: Axis = "all") -> Value:
    """For each element the product of all others along an axis: right where some of them are 0."""
    return _of_others(np.multiply, 1.0, x, axis)


def lead(x: Value, axis: Axis = "all") -> Value:
    """How far each element is above the largest of the others along an axis: 0 at a tie for the first place."""
    result: Value = x - _of_others(np.maximum, -np.inf, x, axis)
    return result


def _of_others(combine: Any, start: float, x: Value, axis: Axis) -> Value:
    """`combine` over all elements but this one: what came before it, with what comes after."""
    if not x.ndim:
        return np.float64(start)
    axes = along(axis, x.shape) or tuple(range(x.ndim))
    last = tuple(range(-len(axes), 0))
    turned = np.moveaxis(np.asarray(x), axes, last)
    flat = np.reshape(turned, (*turned.shape[: x.ndim - len(axes)], -1))
    ends = np.full((*flat.shape[:-1], 1), start)
    before = combine.accumulate(np.concatenate([ends, flat[..., :-1]], -1), -1)
    after = combine.accumulate(np.concatenate([ends, flat[..., :0:-1]], -1), -1)[..., ::-1]
    result: Value = np.moveaxis(np.reshape(combine(before, after), turned.shape), last, axes)
    return result


def length(x: Value, axis: Axis = "all") -> float:
    """How many elements a sum along `axis` adds up."""
    if axis == "all" or not x.ndim:
        return float(x.size)
    return float(math.prod(x.shape[number] for number in along(axis, x.shape) or ()))


def softmax(x: Value, axis: Axis) -> Value:
    """eˣ / Σ eˣ; shifted by the largest, so that nothing overflows."""
    if not x.ndim:
        return x * 0 + 1
    powers = np.exp(x - amax(x, axis, True))
    result: Value = powers / sum_(powers, axis, True)
    return result


def log_softmax(x: Value, axis: Axis) -> Value:
    """x − ln Σ eˣ; shifted by the largest, so that nothing overflows."""
    if not x.ndim:
        return x * 0
    shifted = x - amax(x, axis, True)
    result: Value = shifted - np.log(sum_(np.exp(shifted), axis, True))
    return result


def normalised(x: Value, eps: float) -> Value:
    """Each row (the last axis) less its mean, divided by √(variance + ε)."""
    if not x.ndim or x.shape[-1] < 2:
        raise Misfit(f"the shape {shape_text(x.shape)} has no rows of two numbers and more: one alone has no spread")
    apart = x - mean(x, -1, True)
    result: Value = apart / np.sqrt(mean(apart * apart, -1, True) + eps)
    return result


def normalised_back(g: Value, x: Value, eps: float) -> Value:
    """The contribution of y = normalised(x) to x: g less its mean and its part along y, divided by the deviation."""
    apart = x - mean(x, -1, True)
    deviation = np.sqrt(mean(apart * apart, -1, True) + eps)
    y = apart / deviation
    result: Value = (g - mean(g, -1, True) - y * mean(g * y, -1, True)) / deviation
    return result
