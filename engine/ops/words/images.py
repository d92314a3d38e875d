"""What the words about images compute: convolutions, and the largest or the mean of each window, forward and backward.

An image is (batch, channels, height, width); the kernel of a convolution (channels out, channels in / groups, height,
width). `stride`, `padding`, `dilation` and `size` are pairs: down, across. As in PyTorch and ONNX the kernel is not
turned round (a cross-correlation), and padding adds zeros; a maximum never comes from the padding. A window that does
not fit raises `Misfit`. What a NumPy program needs of these stands once more in `engine/export/helpers.txt`.

Symbols: n the batch, k the groups, c channels in and o channels out of one, h and w the output's rows and columns, i and
j the kernel's.
"""

from functools import reduce
from typing import Any

import numpy as np

from engine.ops.words.arrays import Misfit
from engine.values.values import Shape, Value, counted, shape_text

Pair = tuple[int, ...]
MOST = 10**8  # numbers in what is padded: an image of more is a slip of the pen


def conv2d(x: Value, w: Value, stride: Pair, padding: Pair, dilation: Pair, groups: int) -> Value:
    """Each output is the sum of a window times the kernel, over all channels of its group."""
    return conv2d_of(columns(x, w, stride, padding, dilation, groups), w)


def columns(x: Value, w: Value, stride: Pair, padding: Pair, dilation: Pair, groups: int) -> Any:
    """All windows that the kernel meets, laid out so that a convolution is a product: (k, c, i, j, n, h, w)."""
    _check_kernel(x.shape, w.shape, groups)
    seen = _grouped(_windows(padded(x, padding), w.shape[-2:], stride, dilation), groups)
    return np.ascontiguousarray(np.transpose(seen, (1, 2, 5, 6, 0, 3, 4)))


def conv2d_of(met: Any, w: Value) -> Value:
    """The convolution of what the kernel met: in each group of channels one matrix product."""
    groups, *_, batch, high, wide = met.shape
    y = np.matmul(np.reshape(w, (groups, w.shape[0] // groups, -1)), _flat(met))
    return np.moveaxis(np.reshape(y, (w.shape[0], batch, high, wide)), 1, 0)


def conv2d_left(g: Value, x: Value, w: Value, stride: Pair, padding: Pair, dilation: Pair, groups: int) -> Value:
    """The contribution of y = conv2d(x, w) to x: each g goes back to its window, times the kernel."""
    back = np.zeros_like(padded(x, padding))
    turned = np.swapaxes(np.reshape(w, (groups, w.shape[0] // groups, -1)), 1, 2)
    shares = np.reshape(np.matmul(turned, _by_group(g, groups)), (x.shape[1], *w.shape[-2:], x.shape[0], *g.shape[-2:]))
    for i, j in np.ndindex(*w.shape[-2:]):
        _seen_by(back, (i, j), stride, dilation, g.shape)[...] += np.moveaxis(shares[:, i, j], 0, 1)
    return unpadded(back, padding)


def conv2d_right(g: Value, x: Value, w: Value, stride: Pair, padding: Pair, dilation: Pair, groups: int) -> Value:
    """The contribution of y = conv2d(x, w) to w: each weight gathers g times what it met, over all windows."""
    return kernel_of(g, columns(x, w, stride, padding, dilation, groups), w)


def kernel_of(g: Value, met: Any, w: Value) -> Value:
    """The contribution to the kernel, of what it met."""
    found = np.matmul(_by_group(g, len(met)), np.swapaxes(_flat(met), 1, 2))
    return np.reshape(found, w.shape)


def _flat(met: Any) -> Any:
    """(k, elements of a window, windows)."""
    groups, channels, i, j = met.shape[:4]
    return np.reshape(met, (groups, channels * i * j, -1))


def _by_group(g: Any, groups: int) -> Any:
    """(k, channels out of a group, windows)."""
    return np.reshape(np.moveaxis(g, 1, 0), (groups, g.shape[1] // groups, -1))


def max_pool2d(x: Value, size: Pair, stride: Pair, padding: Pair) -> Value:
    """The largest of each window."""
    _check_window(x.shape, size, padding)
    largest: Value = reduce(np.maximum, _places(padded(x, padding, -np.inf), x.shape, size, stride, padding))
    return largest


def max_unpool2d(g: Value, x: Value, size: Pair, stride: Pair, padding: Pair) -> Value:
    """The contribution of y = max_pool2d(x) to x: all of g to the largest of the window, of equals to the first."""
    held = padded(x, padding, -np.inf)
    back = np.zeros_like(held)
    seen = _places(held, x.shape, size, stride, padding)
    largest = reduce(np.maximum, seen)
    free = np.ones(g.shape, dtype=bool)  # windows that have not given their gradient away yet
    for place, goes in zip(seen, _places(back, x.shape, size, stride, padding), strict=True):
        won = free & ((place == largest) | (place != place))
        goes += np.where(won, g, 0.0)
        free &= ~won
    return unpadded(back, padding)


def _places(held: Any, x: Shape, size: Pair, stride: Pair, padding: Pair) -> list[Any]:
    """For each place in a window what all windows have there, as views."""
    outputs = output_lengths(x, size, _pair("stride", stride), padding, (1, 1))
    return [_seen_by(held, at, stride, (1, 1), outputs) for at in np.ndindex(*size)]


def avg_pool2d(x: Value, size: Pair, stride: Pair, padding: Pair) -> Value:
    """The mean of each window, with the zeros of the padding."""
    _check_window(x.shape, size, padding)
    result: Value = _windows(padded(x, padding), size, stride, (1, 1)).mean(axis=(-2, -1))
    return result


def avg_unpool2d(g: Value, x: Value, size: Pair, stride: Pair, padding: Pair) -> Value:
    """The contribution of y = avg_pool2d(x) to x: each element of a window gets the same part of g."""
    back = np.zeros_like(padded(x, padding))
    for i, j in np.ndindex(*size):
        _seen_by(back, (i, j), stride, (1, 1), g.shape)[...] += g / (size[0] * size[1])
    return unpadded(back, padding)


def padded(x: Value, padding: Pair, fill: float = 0.0) -> Any:
    """An image with rows above and below it, and columns on both sides."""
    down, across = _pair("padding", padding, 0)
    shape = (*x.shape[:-2], x.shape[-2] + 2 * down, x.shape[-1] + 2 * across)
    if np.prod(shape, dtype=float) > MOST:
        raise Misfit(f"{shape_text(x.shape)} with a padding of {down} and {across} is too large")
    if not (down or across):
        return x  # nobody writes into it
    whole: Any = np.full(shape, fill)  # np.pad takes twenty times as long for a small image
    whole[..., down : down + x.shape[-2], across : across + x.shape[-1]] = x
    return whole


def unpadded(x: Any, padding: Pair) -> Value:
    """What of an image is not padding."""
    (down, across), (height, width) = padding, x.shape[-2:]
    result: Value = x[..., down : height - down, across : width - across]
    return result


def _windows(x: Any, size: Shape, stride: Pair, dilation: Pair) -> Any:
    """All windows of an image: (batch, channels, output's rows, output's columns, size)."""
    reach = _reach(x.shape, size, _pair("dilation", dilation))
    (down, across), (over, along) = _pair("stride", stride), dilation
    seen = np.lib.stride_tricks.sliding_window_view(x, reach, axis=(-2, -1))
    return seen[:, :, ::down, ::across, ::over, ::along]


def _reach(x: Shape, size: Shape, dilation: Pair) -> Pair:
    """How many rows and columns a window spans. Raises Misfit where it does not fit into the image."""
    reach = ((size[0] - 1) * dilation[0] + 1, (size[1] - 1) * dilation[1] + 1)
    if x[-2] < reach[0] or x[-1] < reach[1]:
        raise Misfit(f"a window of {reach[0]}×{reach[1]} does not fit into {x[-2]}×{x[-1]}")
    return reach


def output_lengths(x: Shape, size: Shape, stride: Pair, padding: Pair, dilation: Pair) -> Shape:
    """How many windows an image has, down and across. Raises Misfit."""
    lengths = tuple(n + 2 * pad for n, pad in zip(x[-2:], padding, strict=True))
    reach = _reach(lengths, size, dilation)
    return tuple((n - r) // step + 1 for n, r, step in zip(lengths, reach, stride, strict=True))


def _seen_by(x: Any, at: tuple[int, int], stride: Pair, dilation: Pair, outputs: Shape) -> Any:
    """The elements that the windows of the outputs have at one place in them."""
    start = (at[0] * dilation[0], at[1] * dilation[1])
    ends = [s + step * (n - 1) + 1 for s, step, n in zip(start, stride, outputs[-2:], strict=True)]
    return x[:, :, start[0] : ends[0] : stride[0], start[1] : ends[1] : stride[1]]


def _grouped(x: Any, groups: int) -> Any:
    return np.reshape(x, (len(x), groups, -1, *x.shape[2:]))


def _check_kernel(x: Shape, w: Shape, groups: int) -> None:
    said = f"image {shape_text(x)}, kernel {shape_text(w)}"
    if len(x) != 4 or len(w) != 4:
        raise Misfit(f"{said}: an image must be (batch, channels, height, width), a kernel (out, in, height, width)")
    if groups < 1 or w[0] % groups:
        raise Misfit(f"{said}: {counted(w[0], 'channel')} out cannot be divided into {counted(groups, 'group')}")
    if x[1] != w[1] * groups:
        each = f" in each of {groups} groups" if groups > 1 else ""
        raise Misfit(f"{said}: the image has {counted(x[1], 'channel')}, but the kernel takes {w[1]}{each}")


def _check_window(x: Shape, size: Pair, padding: Pair) -> None:
    down, across = _pair("size", size)
    if len(x) != 4:
        raise Misfit(f"{shape_text(x)}: an image must be (batch, channels, height, width)")
    if any(2 * pad > n for pad, n in zip(_pair("padding", padding, 0), (down, across), strict=True)):
        raise Misfit(f"the padding {shape_text(padding)} is more than half of the window {shape_text(size)}")


def _pair(name: str, numbers: Pair, least: int = 1) -> Pair:
    if len(numbers) != 2 or min(numbers) < least:
        raise Misfit(f"{name} must be two whole numbers from {least} up (down, across), not {numbers!r}")
    return numbers
