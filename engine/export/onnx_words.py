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
    axes = [] if axis == "all" or not x.value.ndim else [at.held([axis], "axes")]
    return at.emit(kind, [x, *axes], at.computed(NUMPY[word], x.value, axis, keep), keepdims=int(keep))


def _along(kind: str, word: str, at: Lowering, x: Tensor, axis: Any) -> Tensor:
    value = NUMPY[word](x.value, axis)
    if axis != "all" and x.value.ndim:
        return at.emit(kind, [x], value, axis=axis)
    flat = at.emit(kind, [at.reshape(x, (-1,))], np.ravel(value), axis=0)
    return at.reshape(flat, np.shape(value))


LOWERED["sum"] = partial(_reduced, "ReduceSum", "sum")
LOWERED["mean"] = partial(_reduced, "ReduceMean", "mean")
LOWERED["softmax"] = partial(_along, "Softmax", "softmax")
LOWERED["log_softmax"] = partial(_along, "LogSoftmax", "log_softmax")


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
    column = at.reshape(at.emit("Round", [t], t.value), (*t.value.shape, 1))
    classes = at.held(np.arange(z.value.shape[-1]))
    is_it = at.emit("Equal", [column, classes], NUMPY["onehot"](t.value, z.value), is_truth=True)
    return at.as_number(is_it)


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
    value = flat.value[:, :, places.ravel()]  # type: ignore[index]
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
