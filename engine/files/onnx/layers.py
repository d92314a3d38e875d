"""Layers of ONNX models: products of matrices, convolutions, pooling and normalisation."""

import math

import numpy as np

from engine.files.onnx.builder import Builder, CannotSay, Operator, Source, reads
from engine.files.onnx.reductions import along
from engine.files.onnx.shapes import flexible, padded
from engine.values.values import Shape

_NORMALISED = "(x - m) / sqrt(v + {eps})"  # m the mean, v the variance


@reads("Gemm")
def _gemm(to: Builder, call: Operator) -> Source:
    """αAB + βC: a linear layer, or matmul, transpose and add."""
    name, (alpha, beta) = call.name, (float(call.get("alpha", 1.0)), float(call.get("beta", 1.0)))
    a, b = (to.tensor(given) for given in call.inputs[:2])
    c = to.tensor(call.inputs[2]) if call.has(2) else None
    if call.get("transA", 0):
        a = to.add(f"{name}/a", "transpose", a)
    turned = call.get("transB", 0)
    if turned and c and alpha == beta == 1 and len(to.shape(call.inputs[2])) < 2:
        return to.add(name, "linear", a, b, c)
    if turned:
        b = to.add(f"{name}/b", "transpose", b)
    whole = f"{name}/product" if c else name
    product = to.add(whole if alpha == 1 else f"{name}/matmul", "matmul", a, b)
    parts = [_scaled(to, whole, alpha, product)]
    if c and beta:
        parts.append(_scaled(to, f"{name}/added", beta, c))
    return to.add(name, "add", *parts) if len(parts) > 1 else parts[0]


def _scaled(to: Builder, name: str, factor: float, x: Source) -> Source:
    return x if factor == 1 else to.said(name, f"{factor!r} * x", x=x)


@reads("RMSNormalization")
def _rms(to: Builder, call: Operator) -> Source:
    name, x = call.name, to.tensor(call.inputs[0])
    squares = along(to, f"{name}/mean", "mean", to.add(f"{name}/square", "square", x), _last(to, call), keep=True)
    text = f"x / sqrt(m + {float(call.get('epsilon', 1e-5))!r}) * w"
    return to.said(name, text, x=x, m=squares, w=to.tensor(call.inputs[1]))


def _last(to: Builder, call: Operator) -> Shape:
    """The axes of a normalisation: from its axis to the last one."""
    axis = call.get("axis", -1)
    return tuple(range(axis, 0)) if axis < 0 else tuple(range(axis, len(to.shape(call.inputs[0]))))


@reads("LayerNormalization")
def _layer_norm(to: Builder, call: Operator) -> Source:
    scale = to.tensor(call.inputs[1])
    bias = to.tensor(call.inputs[2]) if call.has(2) else None
    return _normalised(to, call, to.tensor(call.inputs[0]), _last(to, call), scale, bias)


def _normalised(
    to: Builder, call: Operator, x: Source, axes: Shape, scale: Source | None = None, bias: Source | None = None
) -> Source:
    """(x − mean) / √(variance + ε), times a scale and plus a bias where there are these."""
    name, text = call.name, _NORMALISED.format(eps=repr(float(call.get("epsilon", 1e-5))))
    mean = along(to, f"{name}/mean", "mean", x, axes, keep=True)
    variance = along(to, f"{name}/var", "var", x, axes, keep=True)
    found = {"x": x, "m": mean, "v": variance}
    for letter, source, sign in (("w", scale, "*"), ("b", bias, "+")):
        if source is not None:
            text, found[letter] = f"({text}) {sign} {letter}", source
    return to.said(name, text, **found)


@reads("InstanceNormalization")
def _instance_norm(to: Builder, call: Operator) -> Source:
    rank = len(to.shape(call.inputs[0]))
    scale, bias = (_per_channel(to, call, at, rank) for at in (1, 2))
    return _normalised(to, call, to.tensor(call.inputs[0]), tuple(range(2, rank)), scale, bias)


@reads("GroupNormalization")
def _group_norm(to: Builder, call: Operator) -> Source:
    shape, groups = to.shape(call.inputs[0]), int(call.get("num_groups", 1))
    each = math.prod(shape[1:]) // groups
    grouped = to.add(f"{call.name}/groups", "reshape", to.tensor(call.inputs[0]), shape=(-1, groups, each))
    inner = Operator(call.kind, call.inputs, (f"{call.name}/normal",), call.attributes, call.opset)
    normal = to.add(f"{call.name}/image", "reshape", _normalised(to, inner, grouped, (2,)), shape=flexible(shape))
    if len(to.shape(call.inputs[1])) == 1 and to.shape(call.inputs[1])[0] != shape[1]:
        raise CannotSay  # before version 21: a scale for each group
    scale, bias = (_per_channel(to, call, at, len(shape)) for at in (1, 2))
    return to.said(call.name, "x * w + b", x=normal, w=scale, b=bias)


@reads("BatchNormalization")
def _batch_norm(to: Builder, call: Operator) -> Source:
    """In inference: the mean and the variance are those of training, and fixed."""
    if call.get("training_mode", 0) or not call.get("spatial", 1):
        raise CannotSay
    name, ones = call.name, (-1,) + (1,) * (len(to.shape(call.inputs[0])) - 2)
    mean, variance = (np.asarray(to.known(given), np.float64) for given in call.inputs[3:5])
    deviation = np.sqrt(variance + float(call.get("epsilon", 1e-5)))
    scale, bias = (_per_channel(to, call, at, len(to.shape(call.inputs[0]))) for at in (1, 2))
    return to.said(
        name, "(x - m) / s * w + b", x=to.tensor(call.inputs[0]), w=scale, b=bias,
        m=to.constant(f"{name}/mean", mean.reshape(ones)), s=to.constant(f"{name}/deviation", deviation.reshape(ones)),
    )  # fmt: skip


def _per_channel(to: Builder, call: Operator, at: int, rank: int) -> Source:
    """A vector with one number for each channel, in a shape that broadcasts along (batch, channels, …)."""
    x = to.tensor(call.inputs[at])
    return x if rank == 2 else to.add(f"{call.inputs[at]}/channels", "reshape", x, shape=(-1,) + (1,) * (rank - 2))


# --- images


@reads("Conv")
def _conv(to: Builder, call: Operator) -> Source:
    """Of one or two axes; one is an image of one row."""
    shape, kernel = to.shape(call.inputs[0]), to.shape(call.inputs[1])
    stride, dilation = (_lengths(call, name, len(kernel) - 2) for name in ("strides", "dilations"))
    bare, name = not call.has(2), call.name
    x, padding = _around(to, call, shape, kernel[2:], stride, dilation, 0.0)
    groups = int(call.get("group", 1))
    settings = {"stride": _pair(stride), "padding": padding, "dilation": _pair(dilation), "groups": groups}
    w = _as_image(to, f"{name}/kernel", to.tensor(call.inputs[1]), kernel)
    y = to.add(name if bare and len(shape) == 4 else f"{name}/conv", "conv2d", x, w, **settings)
    if len(shape) == 3:
        y = to.add(name if bare else f"{name}/row", "squeeze", y, axis=2)
    return y if bare else to.add(name, "add", y, _per_channel(to, call, 2, len(shape)))


@reads("MaxPool", "AveragePool")
def _pool(to: Builder, call: Operator) -> Source:
    shape, size = to.shape(call.inputs[0]), tuple(call.attributes["kernel_shape"])
    stride, dilation = (_lengths(call, name, len(size)) for name in ("strides", "dilations"))
    is_max, name = call.kind == "MaxPool", call.name
    x, padding = _around(to, call, shape, size, stride, dilation, -math.inf if is_max else 0.0)
    is_padded = any(padding) or any(call.get("pads", ()))
    if any(n != 1 for n in dilation) or (not is_max and is_padded and not call.get("count_include_pad", 0)):
        raise CannotSay
    settings = {"size": _pair(size), "stride": _pair(stride), "padding": padding}
    op = "max_pool2d" if is_max else "avg_pool2d"
    y = to.add(name if len(shape) == 4 else f"{name}/pool", op, x, **settings)
    return y if len(shape) == 4 else to.add(name, "squeeze", y, axis=2)


@reads("GlobalAveragePool", "GlobalMaxPool")
def _global_pool(to: Builder, call: Operator) -> Source:
    axes = tuple(range(2, len(to.shape(call.inputs[0]))))
    op = "mean" if call.kind == "GlobalAveragePool" else "amax"
    return along(to, call.name, op, to.tensor(call.inputs[0]), axes, keep=True)


def _lengths(call: Operator, name: str, count: int) -> Shape:
    return tuple(call.get(name, (1,) * count))


def _pair(lengths: Shape) -> Shape:
    return lengths if len(lengths) == 2 else (1, *lengths)


def _as_image(to: Builder, name: str, x: Source, shape: Shape) -> Source:
    """A row of samples as an image of one row. Raises CannotSay for what has more than two axes."""
    if len(shape) not in (3, 4):
        raise CannotSay
    return x if len(shape) == 4 else to.add(name, "unsqueeze", x, axis=2)


def _around(
    to: Builder, call: Operator, shape: Shape, size: Shape, stride: Shape, dilation: Shape, fill: float
) -> tuple[Source, Shape]:
    """The image that a window moves over, and its padding; padding that is not the same on both sides is put on it."""
    before, after = _pads(call, shape, size, stride, dilation)
    if call.get("ceil_mode", 0):
        _check_nothing_is_cut(shape, size, stride, before, after)
    x = _as_image(to, f"{call.name}/image", to.tensor(call.inputs[0]), shape)
    is_even = before == after and all(2 * pad <= n for pad, n in zip(before, size, strict=True))
    padding = before if len(before) == 2 else (0, *before)
    if is_even or (before == after and call.kind == "Conv"):
        return x, padding
    ahead = (0, 0) if len(shape) == 4 else (0, 0, 0)
    image = shape if len(shape) == 4 else (*shape[:2], 1, shape[2])
    return padded(to, f"{call.name}/padded", x, image, (*ahead, *before), (*ahead, *after), fill), (0, 0)


def _pads(call: Operator, shape: Shape, size: Shape, stride: Shape, dilation: Shape) -> tuple[Shape, Shape]:
    """The padding before and after each axis of an image."""
    how, count = call.get("auto_pad", "NOTSET"), len(size)
    if how in ("NOTSET", "VALID"):
        pads = tuple(call.get("pads", ())) if how == "NOTSET" else ()
        return (pads[:count], pads[count:]) if pads else ((0,) * count, (0,) * count)
    missing = []
    for n, k, s, d in zip(shape[2:], size, stride, dilation, strict=True):
        missing.append(max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0))
    less, more = tuple(n // 2 for n in missing), tuple(n - n // 2 for n in missing)
    return (less, more) if how == "SAME_UPPER" else (more, less)


def _check_nothing_is_cut(shape: Shape, size: Shape, stride: Shape, before: Shape, after: Shape) -> None:
    """Rounding up is the same as rounding down where the windows fill the image. Raises CannotSay."""
    for n, k, s, first, last in zip(shape[2:], size, stride, before, after, strict=True):
        if (n + first + last - k) % s:
            raise CannotSay
