"""What the words of op texts compute when only the shape changes: elements that move, are picked, joined or dropped.

A shape or place that the input does not have raises `Misfit` with a sentence.

Symbols: x, xs the input or inputs; g the upstream gradient, which takes the same way back.
"""

import re
from typing import Any

import numpy as np

from engine.ops.words.along import Axis, along, checked, length
from engine.ops.words.arrays import Misfit
from engine.values.values import MOST_AXES, Value, shape_text


def swap(x: Value) -> Value:
    """The transpose of the last two axes; a vector stays as it is."""
    return np.swapaxes(x, -1, -2) if x.ndim > 1 else x


def reshape(x: Value, shape: Any) -> Value:
    """The same elements in another shape, which may leave one length to be found: −1."""
    if len(shape) > MOST_AXES:
        raise Misfit(f"a value can have at most {MOST_AXES} axes, not {len(shape)}")
    return np.reshape(x, shape)


def like(g: Value, x: Value) -> Value:
    """`g` in the shape of `x`, which has as many elements."""
    return np.reshape(g, x.shape)


def concat(xs: tuple[Value, ...], axis: Any) -> Value:
    """One behind the other along an axis; numbers count as vectors of one."""
    if axis == "all":
        return np.concatenate([np.ravel(x) for x in xs])
    return np.concatenate([np.atleast_1d(x) for x in xs], axis=axis)


def part(g: Any, xs: tuple[Value, ...], i: int, axis: Axis) -> Value:
    """The part of `g` that belongs to input `i` of a concat."""
    lengths = [int(length(x, axis)) for x in xs]
    at = sum(lengths[:i])
    joined = 0 if axis == "all" else checked(axis, g.shape)
    return np.reshape(g[(slice(None),) * joined + (slice(at, at + lengths[i]),)], xs[i].shape)


def stack(xs: tuple[Value, ...], axis: int) -> Value:
    """Side by side along a new axis."""
    _new_axis(axis, xs[0])
    return np.stack(xs, axis=axis)


def slot(g: Any, i: int, axis: int) -> Value:
    """The slice of `g` that belongs to input `i` of a stack."""
    result: Value = np.moveaxis(g, axis, 0)[i]
    return result


def _new_axis(axis: int, x: Value) -> None:
    if not -x.ndim - 1 <= axis <= x.ndim:
        raise Misfit(f"a new axis cannot be axis {axis} of the shape {shape_text(x.shape)}")


# What NumPy says of a place that is not there.
_OUTSIDE = re.compile(r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)")
_TOO_MANY = re.compile(r"too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed")


def item(x: Any, at: Any) -> Value:
    """x[at]."""
    try:
        found: Any = np.asarray(x)[at]
    except IndexError as error:
        why = _OUTSIDE.sub(r"axis \2 has length \3, so there is no element \1", str(error))
        why = _TOO_MANY.sub(r"\2 places are named, but the number of axes is \1", why)
        raise Misfit(f"[{_place_text(at)}] does not fit the shape {shape_text(x.shape)}: {why}") from None
    if not found.size:
        raise Misfit(f"[{_place_text(at)}] picks nothing from the shape {shape_text(x.shape)}")
    picked: Value = found[()]
    return picked


def placed(g: Value, x: Value, at: Any) -> Value:
    """`g` where x[at] was taken from, and 0 elsewhere; what was taken twice gets both."""
    result = np.zeros(x.shape)
    np.add.at(result, at, g)
    return result[()]


def _place_text(at: Any) -> str:
    parts = at if isinstance(at, tuple) else (at,)
    return ", ".join(map(_part_text, parts))


def _part_text(part: Any) -> str:
    if isinstance(part, slice):
        ends = ["" if end is None else str(end) for end in (part.start, part.stop, part.step)]
        return ":".join(ends if ends[2] else ends[:2])
    return "..." if part is ... else str(np.asarray(part).tolist() if isinstance(part, np.ndarray) else part)


def turned(x: Value, axes: Any) -> Value:
    """The axes in another order: back to front ("all"), the last two swapped ("last"), or as they are named."""
    if axes in ("all", "last"):
        return np.transpose(x) if axes == "all" else swap(x)
    if len(axes) != x.ndim:
        raise Misfit(f"the order {axes} names {len(axes)} axes, but the shape {shape_text(x.shape)} has {x.ndim}")
    return np.transpose(x, along(axes, x.shape))


def turned_back(g: Value, axes: Any) -> Value:
    """`g` with its axes where they were before they were turned."""
    if axes in ("all", "last"):
        return turned(g, axes)
    return np.transpose(g, np.argsort([axis % g.ndim for axis in axes]))


def swapped(x: Value, first: int, second: int) -> Value:
    return np.swapaxes(x, checked(first, x.shape), checked(second, x.shape))


def flattened(x: Value, start: int) -> Value:
    """All axes from `start` on laid out as one."""
    if not x.ndim:
        return np.reshape(x, (1,))
    return np.reshape(x, (*x.shape[: checked(start, x.shape)], -1))


def squeezed(x: Value, axis: Axis) -> Value:
    """Without axes of length 1: all of them, or those that are named."""
    axes = along(axis, x.shape)
    long = next((number for number in axes or () if x.shape[number] != 1), None)
    if long is not None:
        raise Misfit(
            f"axis {long} of the shape {shape_text(x.shape)} has length {x.shape[long]}: only an axis of length 1 can be dropped"
        )
    return np.squeeze(x, axes)[()]


def unsqueezed(x: Value, axis: int) -> Value:
    _new_axis(axis, x)
    return np.expand_dims(x, axis)
