"""What the words of op texts compute over arrays. IEEE results, never an exception: exp of 1000 is inf, log of 0 is −inf.

An `axis` is an int, or "all". A word that cannot do with the shapes it gets raises `Misfit` with a sentence. What a
NumPy program needs of these stands once more, without types and checks, in `engine/export/helpers.txt`.
"""

import math
from typing import Any

import numpy as np

from engine.values.values import MOST_AXES, Shape, Value, shape_text, unbroadcast

Axis = int | str  # "all": every axis


class Misfit(ValueError):
    """Shapes that do not fit together, with a sentence that names them."""


_total: Any = np.add.reduce
_largest: Any = np.maximum.reduce


def where(condition: Any, a: Any, b: Any) -> Value:
    result: Value = np.where(condition, a, b)[()]
    return result


def sum_(x: Value, axis: Axis = "all", keep: bool = False) -> Value:
    """The sum along an axis, which is dropped, or kept with length 1. A number is its own sum."""
    if not x.ndim:
        return x
    result: Value = _total(x, axis=None if axis == "all" else _checked(axis, x.shape), keepdims=keep)
    return result


def mean(x: Value, axis: Axis = "all", keep: bool = False) -> Value:
    return sum_(x, axis, keep) / length(x, axis) if x.ndim else x


def spread(g: Value, axis: Axis, *like: Value) -> Value:
    """Undo the shape of a sum: `g` repeated along `axis` to the shape that `like` have together."""
    shape = like[0].shape if len(like) == 1 else np.broadcast_shapes(*(x.shape for x in like))
    if not shape:
        return g
    if axis != "all" and g.ndim < len(shape):
        g = np.expand_dims(g, _checked(axis, shape))
    return np.broadcast_to(g, shape)


def length(x: Value, axis: Axis = "all") -> float:
    """How many elements a sum along `axis` adds up."""
    if axis == "all" or not x.ndim:
        return float(x.size)
    return float(x.shape[_checked(axis, x.shape)])


def count(*xs: Value) -> float:
    """How many elements they have together, broadcast: what a loss divides by."""
    shape = xs[0].shape
    if all(x.shape == shape for x in xs):
        return float(xs[0].size)
    return float(math.prod(np.broadcast_shapes(*(x.shape for x in xs))))


def _checked(axis: Axis, shape: Shape) -> int:
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        raise Misfit(f"there is no axis {axis} in the shape {shape_text(shape)}")
    return axis % len(shape)


def swap(x: Value) -> Value:
    """The transpose of the last two axes; a vector stays as it is."""
    return np.swapaxes(x, -1, -2) if x.ndim > 1 else x


def product_shaped(g: Any, a: Any, b: Any) -> Any:
    """`g` in the shape of a @ b: what was added to the product may have broadcast it."""
    if a.ndim == b.ndim == 2:
        shape = (a.shape[0], b.shape[1])
    else:
        shape = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        shape += (a.shape[-2:-1] if a.ndim > 1 else ()) + (b.shape[-1:] if b.ndim > 1 else ())
    return g if g.shape == shape else unbroadcast(g, shape)


def pull_left(g: Any, a: Any, b: Any) -> Value:
    """The contribution of y = a @ b to a: g bᵀ; summed to a's shape by whoever asks, where a was broadcast."""
    g = product_shaped(g, a, b)
    if b.ndim == 1:
        result: Value = np.expand_dims(g, -1) * b
    elif a.ndim == 1:
        result = np.matmul(b, np.expand_dims(g, -1))[..., 0]
    else:
        result = np.matmul(g, np.swapaxes(b, -1, -2))
    return result


def pull_right(g: Any, a: Any, b: Any) -> Value:
    """The contribution of y = a @ b to b: aᵀ g; summed to b's shape by whoever asks, where b was broadcast."""
    g = product_shaped(g, a, b)
    if a.ndim == 1:
        result: Value = a * g if b.ndim == 1 else np.expand_dims(a, -1) * np.expand_dims(g, -2)
    elif b.ndim == 1:
        result = np.matmul(np.ravel(g), np.reshape(a, (-1, a.shape[-1])))  # all rows meet one vector
    else:
        result = np.matmul(np.swapaxes(a, -1, -2), g)
    return result


def reshape(x: Value, shape: Any) -> Value:
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
    along = 0 if axis == "all" else _checked(axis, g.shape)
    return np.reshape(g[(slice(None),) * along + (slice(at, at + lengths[i]),)], xs[i].shape)


def softmax(x: Value, axis: Axis) -> Value:
    """eˣ / Σ eˣ; shifted by the largest, so that nothing overflows."""
    if not x.ndim:
        return x * 0 + 1
    along = None if axis == "all" else _checked(axis, x.shape)
    powers = np.exp(x - _largest(x, axis=along, keepdims=True))
    result: Value = powers / _total(powers, axis=along, keepdims=True)
    return result


def log_softmax(x: Value, axis: Axis) -> Value:
    """x − ln Σ eˣ; shifted by the largest, so that nothing overflows."""
    if not x.ndim:
        return x * 0
    along = None if axis == "all" else _checked(axis, x.shape)
    shifted = x - _largest(x, axis=along, keepdims=True)
    result: Value = shifted - np.log(_total(np.exp(shifted), axis=along, keepdims=True))
    return result


def onehot(t: Value, z: Value) -> Value:
    """Targets beside logits `z`: as they are if they have its shape, else class ids turned into rows of 0 and one 1."""
    if t.shape == z.shape and z.ndim:
        return t
    if not z.ndim:
        raise Misfit("the logits are a single number: they need an axis of classes")
    if t.shape != z.shape[:-1]:
        wanted = f"{shape_text(z.shape)} (one-hot) or {shape_text(z.shape[:-1])} (class ids)"
        raise Misfit(f"targets of shape {shape_text(t.shape)} do not fit the logits: they must have the shape {wanted}")
    ids, classes = np.rint(t), z.shape[-1]
    wrong = np.asarray(t)[~((np.abs(t - ids) < 1e-3) & (ids >= 0) & (ids < classes))]
    if wrong.size:
        raise Misfit(f"there is no class {wrong.flat[0]:g}: class ids run from 0 to {classes - 1}")
    rows: Value = np.equal(np.expand_dims(ids, -1), np.arange(classes)).astype(np.float64)
    return rows


def matching(d: Value, t: Value) -> Value:
    """`d` if it has t's shape; else 0 in t's shape: class ids have no slope."""
    return d if d.shape == t.shape else np.zeros(t.shape)[()]


def xlogy(x: Value, y: Value) -> Value:
    """x log y, and 0 where x is 0: the convention of information theory, 0 log 0 = 0."""
    return where(x == 0, 0.0, x * np.log(y))


def ratio(a: Value, b: Value) -> Value:
    """a / b, and 0 for 0 / 0."""
    return where((a == 0) & (b == 0), 0.0, a / b)


def softplus(x: Value) -> Value:
    """ln(1 + eˣ), which neither overflows nor loses digits."""
    result: Value = np.logaddexp(x, 0.0)
    return result


_erf_each = np.frompyfunc(math.erf, 1, 1)


def erf(x: Value) -> Value:
    """The error function, element by element by `math.erf`: full double precision."""
    return np.asarray(_erf_each(x), dtype=np.float64)[()]
