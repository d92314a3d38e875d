"""What the words of op texts compute over arrays. IEEE results, never an exception: exp of 1000 is inf, log of 0 is −inf.

A word that cannot do with the shapes it gets raises `Misfit` with a sentence; words that work along axes stand in
`along`, those that only move elements in `shapes`. What a NumPy program needs of all these stands once more, without
types and checks, in `engine/export/helpers.txt`.
"""

import math
from typing import Any

import numpy as np

from engine.values.values import Value, shape_text, unbroadcast


class Misfit(ValueError):
    """Shapes that do not fit together, with a sentence that names them."""


def truth(condition: Any) -> Value:
    """1 where it holds, 0 where not."""
    result: Value = 1.0 * condition
    return result


def where(condition: Any, a: Any, b: Any) -> Value:
    result: Value = np.where(condition, a, b)[()]
    return result


def count(*xs: Value) -> float:
    """How many elements they have together, broadcast: what a loss divides by."""
    shape = xs[0].shape
    if all(x.shape == shape for x in xs):
        return float(xs[0].size)
    return float(math.prod(np.broadcast_shapes(*(x.shape for x in xs))))


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


def looked_up(t: Value, w: Value) -> Value:
    """For each id its row of a table. Raises Misfit where there is no such row."""
    rows: Value = np.asarray(w)[row_ids(t, w)]
    return rows


def scattered(g: Value, t: Value, w: Value) -> Value:
    """`g` summed row by row into the shape of the table `w`: what was copied twice gets both."""
    result = np.zeros(w.shape)
    np.add.at(result, row_ids(t, w), g)
    return result


def row_ids(t: Value, w: Value) -> Any:
    """Ids as whole numbers, from 0 to the last row of a table."""
    if w.ndim != 2:
        raise Misfit(f"ids {shape_text(t.shape)}, table {shape_text(w.shape)}: a table has rows and columns")
    ids = np.rint(t)
    wrong = np.asarray(t)[~((np.abs(t - ids) < 1e-3) & (ids >= 0) & (ids < w.shape[0]))]
    if wrong.size:
        shapes = f"ids {shape_text(t.shape)}, table {shape_text(w.shape)}"
        raise Misfit(f"{shapes}: there is no row {wrong.flat[0]:g}: ids run from 0 to {w.shape[0] - 1}")
    return ids.astype(np.intp)


def lower(x: Value) -> Value:
    """1 on and below the diagonal of the last two axes, 0 above it."""
    if x.ndim < 2:
        raise Misfit(f"the shape {shape_text(x.shape)} has no diagonal: there must be rows and columns")
    return np.tri(*x.shape[-2:])


def drop_mask(x: Value, p: float, seed: int | tuple[int, ...]) -> Value:
    """0 for what is dropped, and 1 / (1 − p) for the others: drawn for the shape of x, by the seed alone."""
    drawn: Value = (np.random.default_rng(seed).random(x.shape) >= p) / (1.0 - p)
    return drawn


def matching(d: Value, t: Value) -> Value:
    """`d` if it has t's shape; else 0 in t's shape: class ids have no slope."""
    return d if d.shape == t.shape else np.zeros(t.shape)[()]


def xlogy(x: Value, y: Value) -> Value:
    """x log y, and 0 where x is 0: the convention of information theory, 0 log 0 = 0."""
    return where(x == 0, 0.0, x * np.log(y))


def ratio(a: Value, b: Value) -> Value:
    """a / b, and 0 for 0 / 0."""
    return where((a == 0) & (b == 0), 0.0, a / b)


def clip(x: Value, low: float, high: float) -> Value:
    """x, but not below `low` and not above `high`."""
    result: Value = np.clip(x, low, high)
    return result


def bounds(x: Value, low: float, high: float) -> Value:
    """A number that is 0 at the bounds, and changes its sign there."""
    result: Any = x * 0 + (1.0 if math.isinf(low) else x - low) * (1.0 if math.isinf(high) else x - high)
    return np.asarray(result)[()]


def softplus(x: Value) -> Value:
    """ln(1 + eˣ), which neither overflows nor loses digits."""
    result: Value = np.logaddexp(x, 0.0)
    return result


_erf_each = np.frompyfunc(math.erf, 1, 1)


def erf(x: Value) -> Value:
    """The error function, element by element by `math.erf`: full double precision."""
    return np.asarray(_erf_each(x), dtype=np.float64)[()]
