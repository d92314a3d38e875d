"""The words of op texts that ONNX says in several operators, or in one with attributes.

ONNX Runtime has no float64 kernel for Erf, Softplus, LeakyRelu, Elu, Gelu, OneHot, Conv and AveragePool: what means
one of these is written in parts that it has.
"""

from functools import partial
from typing import Any

import numpy as np

from engine.export.onnx_lowering import LOWERED, Lowering, Tensor, lowered
from engine.ops.words.images import Pair, padded
from engine.ops.words.table import NUMPY
from engine.values.values import Shape

INT64 = 7  # TensorProto.INT64
ERF_TERMS = 100  # of its series: full precision wherever it is not 1


@lowered("erf")
def _erf(at: Lowering, x: Tensor) -> Tensor:
    """2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / 1·3·…·(2n+1): all terms have one sign. Beyond 6 it is 1."""
    factors = [2 / np.sqrt(np.pi)]
    for n in range(1, ERF_TERMS):
        factors.append(factors[-1] * 2 / (2 * n + 1))
    powers, series = at.held([2.0 * n + 1 for n in range(ERF_TERMS)]), at.held(factors)
    near = at.said("maximum(minimum(x, 6), -6)", x=x)
    column = at.reshape(near, (-1, 1))
    sums = at.said("matmul(power(column, powers), series)", column=column, powers=powers, series=series)
    return at.said("exp(-x * x) * sums", x=near, sums=at.reshape(sums, np.shape(x.value)))


# --- along an axis


def _reduced(kind: str, word: str, at: Lowering, x: Tensor, axis: Any = "all", keep: bool = False) -> Tensor:
    if not x.value.ndim:
        return x
    named = list(axis) if isinstance(axis, tuple) else [axis]
    axes = [] if axis == "all" else [at.held(named, "axes")]
    return at.emit(kind, [x, *axes], at.computed(NUMPY[word], x.value, axis, keep), keepdims=int(keep))


def _along(kind: str, word: str, at: Lowering, x: Tensor, axis: Any) -> Tensor:
    value = NUMPY[word](x.value, axis)
    if axis != "all" and x.value.ndim:
        return at.emit(kind, [x], value, axis=axis)
    flat = at.emit(kind, [at.reshape(x, (-1,))], np.ravel(value), axis=0)
    return at.reshape(flat, np.shape(value))


LOWERED["sum"] = partial(_reduced, "ReduceSum", "sum")
LOWERED["mean"] = partial(_reduced, "ReduceMean", "mean")
LOWERED["amax"] = partial(_reduced, "ReduceMax", "amax")
LOWERED["amin"] = partial(_reduced, "ReduceMin", "amin")
LOWERED["prod"] = partial(_reduced, "ReduceProd", "prod")
LOWERED["logsumexp"] = partial(_reduced, "ReduceLogSumExp", "logsumexp")
LOWERED["softmax"] = partial(_along, "Softmax", "softmax")
LOWERED["log_softmax"] = partial(_along, "LogSoftmax", "log_softmax")


@lowered("truth")
def _truth(at: Lowering, x: Tensor) -> Tensor:
    return at.as_number(x)


@lowered("var")
def _var(at: Lowering, x: Tensor, axis: Any = "all", keep: bool = False, ddof: int = 0) -> Tensor:
    apart = at.said("x - mean", x=x, mean=LOWERED["mean"](at, x, axis, True))
    squares = LOWERED["sum"](at, at.said("apart * apart", apart=apart), axis, keep)
    return at.said("squares / count", squares=squares, count=at.held(NUMPY["freedom"](x.value, axis, ddof)))


@lowered("std")
def _std(at: Lowering, x: Tensor, axis: Any = "all", keep: bool = False, ddof: int = 0) -> Tensor:
    return at.said("sqrt(var)", var=_var(at, x, axis, keep, ddof))


@lowered("norm")
def _norm(at: Lowering, x: Tensor, axis: Any = "all", keep: bool = False) -> Tensor:
    return at.said("sqrt(total)", total=LOWERED["sum"](at, at.said("x * x", x=x), axis, keep))


@lowered("length")
def _length(at: Lowering, x: Tensor, axis: Any = "all") -> Tensor:
    return at.held(NUMPY["length"](x.value, axis))


@lowered("count")
def _count(at: Lowering, *xs: Tensor) -> Tensor:
    return at.held(NUMPY["count"](*(x.value for x in xs)))


# --- shapes


@lowered("swap")
def _swap(at: Lowering, x: Tensor) -> Tensor:
    axes = list(range(x.value.ndim))
    if len(axes) < 2:
        return x
    return at.emit("Transpose", [x], NUMPY["swap"](x.value), perm=[*axes[:-2], axes[-1], axes[-2]])


@lowered("turned")
def _turned(at: Lowering, x: Tensor, axes: Any) -> Tensor:
    order = list(range(x.value.ndim))
    if axes == "last":
        return _swap(at, x)
    named = order[::-1] if axes == "all" else [axis % len(order) for axis in axes]
    return x if named == order else at.emit("Transpose", [x], NUMPY["turned"](x.value, axes), perm=named)


@lowered("swapped")
def _swapped(at: Lowering, x: Tensor, first: int, second: int) -> Tensor:
    order = list(range(x.value.ndim))
    order[first], order[second] = order[second], order[first]
    return at.emit("Transpose", [x], NUMPY["swapped"](x.value, first, second), perm=order)


def _laid_out(word: str, at: Lowering, x: Tensor, *how: Any) -> Tensor:
    """A word that only changes the shape, which is known in this run."""
    return at.reshape(x, np.shape(NUMPY[word](x.value, *how)))


for _word in ("flat", "flattened", "squeezed", "unsqueezed"):
    LOWERED[_word] = partial(_laid_out, _word)


@lowered("item")
def _item(at: Lowering, x: Tensor, place: Any) -> Tensor:
    """What is picked, by its numbers in the elements laid out in a row."""
    numbers = np.reshape(np.arange(x.value.size), x.value.shape)[place]
    row = at.reshape(x, (-1,))
    return at.emit("Gather", [row, at.held(numbers, "places")], NUMPY["item"](x.value, place), axis=0)


@lowered("stack")
def _stack(at: Lowering, xs: list[Tensor], axis: int) -> Tensor:
    value = NUMPY["stack"](tuple(x.value for x in xs), axis)
    slices = [at.reshape(x, np.shape(np.expand_dims(x.value, axis))) for x in xs]
    return at.emit("Concat", slices, value, axis=axis)


@lowered("reshape")
def _reshape(at: Lowering, x: Tensor, shape: Shape) -> Tensor:
    return at.reshape(x, shape)


@lowered("concat")
def _concat(at: Lowering, xs: list[Tensor], axis: Any) -> Tensor:
    flat = axis == "all"
    parts = [at.reshape(x, (-1,)) if flat or not x.value.ndim else x for x in xs]
    value = NUMPY["concat"](tuple(x.value for x in xs), axis)
    return at.emit("Concat", parts, value, axis=0 if flat else axis)


@lowered("onehot")
def _onehot(at: Lowering, t: Tensor, z: Tensor) -> Tensor:
    if t.value.shape == z.value.shape and z.value.ndim:
        return t
    column, classes = at.reshape(t, (*t.value.shape, 1)), at.held(np.arange(z.value.shape[-1]))
    return at.as_number(at.said("abs(column - classes) < 0.5", column=column, classes=classes))


@lowered("looked_up")
def _looked_up(at: Lowering, t: Tensor, w: Tensor) -> Tensor:
    ids = at.emit("Cast", [t], np.rint(t.value), to=INT64)
    return at.emit("Gather", [w, ids], NUMPY["looked_up"](t.value, w.value), axis=0)


@lowered("lower")
def _lower(at: Lowering, x: Tensor) -> Tensor:
    return at.held(NUMPY["lower"](x.value))


@lowered("drop_mask")
def _drop_mask(at: Lowering, x: Tensor, p: float, seed: int) -> Tensor:
    return at.held(NUMPY["drop_mask"](x.value, p, seed))


# --- products


@lowered("dot")
def _dot(at: Lowering, a: Tensor, b: Tensor) -> Tensor:
    ranks = (a.value.ndim, b.value.ndim)
    if 0 in ranks:
        return at.said("a * b", a=a, b=b)
    if ranks[1] <= 2:
        return at.said("matmul(a, b)", a=a, b=b)
    left, right = _LETTERS[: ranks[0]], _LETTERS[ranks[0] : sum(ranks)]
    met = left[-1]
    said = f"{left},{right[:-2]}{met}{right[-1]}->{left[:-1]}{right[:-2]}{right[-1]}"
    return _einsum(at, said, [a, b])


_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@lowered("outer")
def _outer(at: Lowering, a: Tensor, b: Tensor) -> Tensor:
    return at.said("column * row", column=at.reshape(a, (-1, 1)), row=at.reshape(b, (1, -1)))


@lowered("einsum")
def _einsum(at: Lowering, said: str, xs: list[Tensor]) -> Tensor:
    return at.emit("Einsum", xs, NUMPY["einsum"](said, tuple(x.value for x in xs)), equation=said)


@lowered("clip")
def _clip(at: Lowering, x: Tensor, *bounds: Any) -> Tensor:
    low, high = (bound if isinstance(bound, Tensor) else at.held(bound) for bound in bounds)
    return at.said("minimum(maximum(x, low), high)", x=x, low=low, high=high)


# --- images


@lowered("conv2d")
def _conv2d(at: Lowering, x: Tensor, w: Tensor, stride: Pair, padding: Pair, dilation: Pair, groups: int) -> Tensor:
    """All windows as columns, in each group of channels, and the kernels as a matrix in front of them."""
    value = NUMPY["conv2d"](x.value, w.value, stride, padding, dilation, groups)
    batch, out = value.shape[:2]
    seen = _windows(at, x, w.value.shape[2:], stride, padding, dilation)
    columns = at.reshape(seen, (batch, groups, -1, int(value[0, 0].size)))
    rows = at.reshape(w, (groups, out // groups, -1))
    return at.reshape(at.said("matmul(rows, columns)", rows=rows, columns=columns), value.shape)


@lowered("max_pool2d")
def _max_pool2d(at: Lowering, x: Tensor, size: Pair, stride: Pair, padding: Pair) -> Tensor:
    value = NUMPY["max_pool2d"](x.value, size, stride, padding)
    return at.emit("MaxPool", [x], value, kernel_shape=size, strides=stride, pads=[*padding, *padding])


@lowered("avg_pool2d")
def _avg_pool2d(at: Lowering, x: Tensor, size: Pair, stride: Pair, padding: Pair) -> Tensor:
    value = NUMPY["avg_pool2d"](x.value, size, stride, padding)
    seen = _windows(at, x, size, stride, padding, (1, 1))
    return at.reshape(at.said("mean(seen, 2)", seen=seen), value.shape)


def _windows(at: Lowering, x: Tensor, size: Shape, stride: Pair, padding: Pair, dilation: Pair) -> Tensor:
    """All windows of an image: (batch, channels, elements of a window, windows)."""
    around = [0, 0, *padding, 0, 0, *padding]
    whole = padded(x.value, padding)
    if any(padding):
        x = at.emit("Pad", [x, at.held(around, "pads")], whole)
    flat = at.reshape(x, (*whole.shape[:2], -1))
    places = _places(whole.shape[2:], size, stride, dilation)
    value = np.asarray(flat.value)[:, :, places.ravel()]
    chosen = at.emit("Gather", [flat, at.held(places.ravel(), "places")], value, axis=2)
    return at.reshape(chosen, (*whole.shape[:2], *places.shape))


def _places(image: Shape, size: Shape, stride: Pair, dilation: Pair) -> Any:
    """The numbers of the elements of each window in a flat image: (elements of a window, windows)."""
    (height, width), (high, wide) = image, ((n - 1) * step + 1 for n, step in zip(size, dilation, strict=True))
    tops, lefts = np.arange(0, height - high + 1, stride[0]), np.arange(0, width - wide + 1, stride[1])
    rows, columns = np.arange(size[0]) * dilation[0], np.arange(size[1]) * dilation[1]
    down = rows[:, None, None, None] + tops[:, None]
    across = columns[:, None, None] + lefts
    return np.reshape(down * width + across, (size[0] * size[1], -1))
