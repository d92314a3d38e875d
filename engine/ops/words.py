"""The words that op texts are written in, once per namespace: NUMPY for arrays, MATH for plain floats.

Everything an op text names beside its ports, `y`, `g` and its settings stands here. IEEE results, never an exception:
exp of 1000 is inf, log of 0 is −inf. Only the operators differ: 1/0 is inf between NumPy's numbers, but raises between
plain floats; whoever computes in MATH catches ArithmeticError and ValueError and computes again in NUMPY.

An `axis` is an int, or "all". A word that cannot do with the shapes it gets raises `Misfit` with a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.values.values import MOST_AXES, Shape, Value, shape_text, unbroadcast

Axis = int | str  # "all": every axis


class Misfit(ValueError):
    """Shapes that do not fit together, with a sentence that names them."""


_total: Any = np.add.reduce
_largest: Any = np.maximum.reduce


# --- arrays


def _where(condition: Any, a: Any, b: Any) -> Value:
    result: Value = np.where(condition, a, b)[()]
    return result


def _sum(x: Value, axis: Axis = "all", keep: bool = False) -> Value:
    """The sum along an axis, which is dropped, or kept with length 1. A number is its own sum."""
    if not x.ndim:
        return x
    result: Value = _total(x, axis=None if axis == "all" else _checked(axis, x.shape), keepdims=keep)
    return result


def _mean(x: Value, axis: Axis = "all", keep: bool = False) -> Value:
    return _sum(x, axis, keep) / _length(x, axis) if x.ndim else x


def _spread(g: Value, axis: Axis, *like: Value) -> Value:
    """Undo the shape of a sum: `g` repeated along `axis` to the shape that `like` have together."""
    shape = like[0].shape if len(like) == 1 else np.broadcast_shapes(*(x.shape for x in like))
    if not shape:
        return g
    if axis != "all" and g.ndim < len(shape):
        g = np.expand_dims(g, _checked(axis, shape))
    return np.broadcast_to(g, shape)


def _length(x: Value, axis: Axis = "all") -> float:
    """How many elements a sum along `axis` adds up."""
    if axis == "all" or not x.ndim:
        return float(x.size)
    return float(x.shape[_checked(axis, x.shape)])


def _count(*xs: Value) -> float:
    """How many elements they have together, broadcast: what a loss divides by."""
    shape = xs[0].shape
    if all(x.shape == shape for x in xs):
        return float(xs[0].size)
    return float(math.prod(np.broadcast_shapes(*(x.shape for x in xs))))


def _checked(axis: Axis, shape: Shape) -> int:
    if not isinstance(axis, int) or not -len(shape) <= axis < len(shape):
        raise Misfit(f"there is no axis {axis} in the shape {shape_text(shape)}")
    return axis % len(shape)


def _swap(x: Value) -> Value:
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


def _pull_left(g: Any, a: Any, b: Any) -> Value:
    """The contribution of y = a @ b to a: g bᵀ; summed to a's shape by whoever asks, where a was broadcast."""
    g = product_shaped(g, a, b)
    if b.ndim == 1:
        result: Value = np.expand_dims(g, -1) * b
    elif a.ndim == 1:
        result = np.matmul(b, np.expand_dims(g, -1))[..., 0]
    else:
        result = np.matmul(g, np.swapaxes(b, -1, -2))
    return result


def _pull_right(g: Any, a: Any, b: Any) -> Value:
    """The contribution of y = a @ b to b: aᵀ g; summed to b's shape by whoever asks, where b was broadcast."""
    g = product_shaped(g, a, b)
    if a.ndim == 1:
        result: Value = a * g if b.ndim == 1 else np.expand_dims(a, -1) * np.expand_dims(g, -2)
    elif b.ndim == 1:
        result = np.matmul(np.ravel(g), np.reshape(a, (-1, a.shape[-1])))  # all rows meet one vector
    else:
        result = np.matmul(np.swapaxes(a, -1, -2), g)
    return result


def _reshape(x: Value, shape: Any) -> Value:
    if len(shape) > MOST_AXES:
        raise Misfit(f"a value can have at most {MOST_AXES} axes, not {len(shape)}")
    return np.reshape(x, shape)


def _like(g: Value, x: Value) -> Value:
    """`g` in the shape of `x`, which has as many elements."""
    return np.reshape(g, x.shape)


def _concat(xs: tuple[Value, ...], axis: Any) -> Value:
    """One behind the other along an axis; numbers count as vectors of one."""
    if axis == "all":
        return np.concatenate([np.ravel(x) for x in xs])
    return np.concatenate([np.atleast_1d(x) for x in xs], axis=axis)


def _part(g: Any, xs: tuple[Value, ...], i: int, axis: Axis) -> Value:
    """The part of `g` that belongs to input `i` of a concat."""
    lengths = [int(_length(x, axis)) for x in xs]
    at = sum(lengths[:i])
    along = 0 if axis == "all" else _checked(axis, g.shape)
    return np.reshape(g[(slice(None),) * along + (slice(at, at + lengths[i]),)], xs[i].shape)


def _softmax(x: Value, axis: Axis) -> Value:
    """eˣ / Σ eˣ; shifted by the largest, so that nothing overflows."""
    if not x.ndim:
        return x * 0 + 1
    along = None if axis == "all" else _checked(axis, x.shape)
    powers = np.exp(x - _largest(x, axis=along, keepdims=True))
    result: Value = powers / _total(powers, axis=along, keepdims=True)
    return result


def _log_softmax(x: Value, axis: Axis) -> Value:
    """x − ln Σ eˣ; shifted by the largest, so that nothing overflows."""
    if not x.ndim:
        return x * 0
    along = None if axis == "all" else _checked(axis, x.shape)
    shifted = x - _largest(x, axis=along, keepdims=True)
    result: Value = shifted - np.log(_total(np.exp(shifted), axis=along, keepdims=True))
    return result


def _onehot(t: Value, z: Value) -> Value:
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


def _matching(d: Value, t: Value) -> Value:
    """`d` if it has t's shape; else 0 in t's shape: class ids have no slope."""
    return d if d.shape == t.shape else np.zeros(t.shape)[()]


def _xlogy(x: Value, y: Value) -> Value:
    """x log y, and 0 where x is 0: the convention of information theory, 0 log 0 = 0."""
    return _where(x == 0, 0.0, x * np.log(y))


def _ratio(a: Value, b: Value) -> Value:
    """a / b, and 0 for 0 / 0."""
    return _where((a == 0) & (b == 0), 0.0, a / b)


def _softplus(x: Value) -> Value:
    """ln(1 + eˣ), which neither overflows nor loses digits."""
    result: Value = np.logaddexp(x, 0.0)
    return result


_erf_each = np.frompyfunc(math.erf, 1, 1)


def _erf(x: Value) -> Value:
    """The error function, element by element by `math.erf`: full double precision."""
    return np.asarray(_erf_each(x), dtype=np.float64)[()]


NUMPY: Mapping[str, Any] = {
    "exp": np.exp, "expm1": np.expm1, "log": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tanh": np.tanh,
    "erf": _erf, "softplus": _softplus, "abs": np.abs, "sign": np.sign, "square": np.square, "power": np.power,
    "maximum": np.maximum, "minimum": np.minimum, "where": _where, "xlogy": _xlogy, "ratio": _ratio,
    "sum": _sum, "mean": _mean, "spread": _spread, "length": _length, "count": _count,
    "matmul": np.matmul, "swap": _swap, "pull_left": _pull_left, "pull_right": _pull_right,
    "reshape": _reshape, "like": _like, "concat": _concat, "part": _part,
    "softmax": _softmax, "log_softmax": _log_softmax, "onehot": _onehot, "matching": _matching,
}  # fmt: skip


# --- plain floats


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _expm1(x: float) -> float:
    try:
        return math.expm1(x)
    except OverflowError:
        return math.inf


def _log(x: float) -> float:
    if x > 0:
        return math.log(x)
    return -math.inf if x == 0 else math.nan


def _maximum(a: float, b: float) -> float:
    return a if a >= b or a != a else b


def _minimum(a: float, b: float) -> float:
    return a if a <= b or a != a else b


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0 else math.nan


def _power(a: float, b: float) -> float:
    if a == 0 and b < 0:
        return math.inf
    return math.nan if a < 0 and b != b // 1 else float(a**b)


def _same(x: float, axis: Axis = "all", keep: bool = False) -> float:
    return x


def _one(*_: Any) -> float:
    return 1.0


# Vectors and matrices have no plain floats: the words of matmul, reshape, concat and class ids are not here.
MATH: Mapping[str, Any] = {
    "exp": _exp, "expm1": _expm1, "log": _log, "sqrt": _sqrt, "sin": math.sin, "cos": math.cos, "tanh": math.tanh,
    "erf": math.erf, "softplus": lambda x: _maximum(x, 0.0) + math.log1p(_exp(-abs(x))),
    "abs": abs, "sign": lambda x: float((x > 0) - (x < 0)) if x == x else x,
    "square": lambda x: x * x, "power": _power,
    "maximum": _maximum, "minimum": _minimum, "where": lambda c, a, b: a if c else b,
    "xlogy": lambda x, y: 0.0 if x == 0 else x * _log(y),
    "ratio": lambda a, b: 0.0 if a == 0 == b else a / b,
    "sum": _same, "mean": _same, "swap": _same, "spread": lambda g, *_: g, "length": _one, "count": _one,
    "softmax": lambda x, _: x * 0 + 1, "log_softmax": lambda x, _: x * 0, "matching": lambda d, t: d,
}  # fmt: skip
