"""Every word that an op text may say, once: what it computes, and how each target spells it.

Everything an op text names beside its ports, `y`, `g` and its settings stands here. To add a word is to add an entry:

    "arctan": Word(np.arctan, math.atan, "np.arctan", "torch.arctan", "jnp.arctan", latex=r"\\arctan {p0}", onnx="Atan"),
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from engine.ops.words import along, arrays, floats, images, products, shapes
from engine.values.values import Shape

Target = Literal["numpy", "torch", "jax", "micrograd"]
Spelt = str | Mapping[str, str] | None  # by what is true of the inputs' shapes, where it depends on that


@dataclass(frozen=True)
class Word:
    """A word: `array` computes it in NumPy, `number` over plain floats, if no lambda below says it.

    The others are what the targets write: a name (`np.exp`), or a lambda whose body is put in the word's place. A
    target that has None refuses the node, with a sentence. In NumPy a bare name is a function of `export/helpers.txt`.
    """

    array: Callable[..., Any]
    number: Callable[..., Any] | None = None
    numpy: Spelt = None
    torch: Spelt = None
    jax: Spelt = None
    micrograd: Spelt = None
    latex: str | None = None  # {0} is the first argument, {p0} the same in parentheses where it needs them
    onnx: str | None = None  # an operator, or a lambda in words of op texts; see also `export/onnx.py`
    inline: str | None = None  # a lambda for plain floats, cheaper than the call
    alone: str | None = None  # a lambda: all that is left of it, in any target, where every value is one number
    text: str | None = None  # one line of plain text, in the manner of `latex`; else it is written as a call


def _by_shape(usual: str, **others: str) -> Mapping[str, str]:
    return {"": usual, **others}


def _joined(library: str, join: str, axis: str) -> Mapping[str, str]:
    """One behind the other: numbers count as vectors of one."""
    flat = f"lambda xs, axis: {library}.{join}([{library}.ravel(x) for x in xs]) if axis == 'all' else {library}.{join}"
    return _by_shape(
        f"{flat}(xs, {axis}=axis)",
        numbers=f"lambda xs, axis: {library}.stack(xs)",
        some_numbers=f"{flat}([{library}.atleast_1d(x) for x in xs], {axis}=axis)",
    )


_REDUCED = "lambda x, axis='all', keep=False: {0}(x, axis=None if axis == 'all' else axis, keepdims=keep)"
_TORCH_REDUCED = (
    "lambda x, axis='all', keep=False: {0}(x) if axis == 'all' and not keep"
    " else {0}(x, dim=None if axis == 'all' else axis, keepdim=keep)"
)
_TORCH_EXTREME = "lambda x, axis='all', keep=False: {0}(x, dim=() if axis == 'all' else axis, keepdim=keep)"
_TORCH_PRODUCT = (  # which takes one axis only: several are laid out as one
    "lambda x, axis='all', keep=False: torch.prod(x).reshape([1] * x.ndim if keep else []) if axis == 'all'"
    " else torch.movedim(x, axis, tuple(range(len(axis)))).flatten(0, len(axis) - 1).prod(0)"
    ".reshape(torch.sum(x, dim=axis, keepdim=keep).shape) if isinstance(axis, tuple)"
    " else torch.prod(x, dim=axis, keepdim=keep)"
)
_SPREAD_OUT = (
    "lambda x, axis='all', keep=False, ddof=0: {0}(x, axis=None if axis == 'all' else axis, keepdims=keep) if ddof == 0"
    " else {0}(x, axis=None if axis == 'all' else axis, keepdims=keep, ddof=ddof)"
)
_TORCH_SPREAD_OUT = (
    "lambda x, axis='all', keep=False, ddof=0:"
    " {0}(x, dim=None if axis == 'all' else axis, correction=ddof, keepdim=keep)"
)
_ITSELF = "lambda x, axis=0, keep=0: x"  # of one number
_NO_SPREAD = "lambda x, axis=0, keep=0, ddof=0: x - x if ddof == 0 else (x - x) / (1.0 - ddof)"
_TORCH_SOFT = "lambda x, axis: {0}(x.ravel(), 0).reshape(x.shape) if axis == 'all' else {0}(x, dim=axis)"
_JAX_SOFT = "lambda x, axis: {0}(x, axis=tuple(range(x.ndim)) if axis == 'all' else axis)"
_SURE, _LOG_SURE = "lambda x, axis: x * 0 + 1", "lambda x, axis: x * 0"  # of one number
_LENGTH = "lambda x, axis='all': x.{0} if axis == 'all' else x.shape[axis]"
_NUMPY_LENGTH = (
    "lambda x, axis='all': x.size if axis == 'all' else length(x, axis) if isinstance(axis, tuple) else x.shape[axis]"
)
_COUNTED = "lambda c: 1.0 * c"
_PICKED_OUT = "lambda x, at: x[at]"
_PRODUCT = "lambda a, b: a @ b"
_TURNED_IF_MATRIX = "lambda x: x.mT if x.ndim > 1 else x"
_PICKED = r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}"
_JAX_POOL = "jax.lax.reduce_window({0}, (1, 1) + size, (1, 1) + stride, [(0, 0), (0, 0)] + [(p, p) for p in padding])"

WORDS: Mapping[str, Word] = {
    # --- element by element
    "exp": Word(np.exp, floats.exp, "np.exp", "torch.exp", "jnp.exp", latex="e^{{{0}}}", onnx="Exp", text="e^{p0}"),
    "expm1": Word(np.expm1, floats.expm1, "np.expm1", "torch.expm1", "jnp.expm1", onnx="lambda x: exp(x) - 1.0", latex=r"\left(e^{{{0}}} - 1\right)", text="(e^{p0} − 1)"),
    "log": Word(np.log, floats.log, "np.log", "torch.log", "jnp.log", latex=r"\ln {p0}", onnx="Log", text="ln({0})"),
    "sqrt": Word(np.sqrt, floats.sqrt, "np.sqrt", "torch.sqrt", "jnp.sqrt", "lambda x: x ** 0.5", r"\sqrt{{{0}}}", "Sqrt", text="√({0})"),
    "sin": Word(np.sin, math.sin, "np.sin", "torch.sin", "jnp.sin", latex=r"\sin {p0}", onnx="Sin"),
    "cos": Word(np.cos, math.cos, "np.cos", "torch.cos", "jnp.cos", latex=r"\cos {p0}", onnx="Cos"),
    "tan": Word(np.tan, math.tan, "np.tan", "torch.tan", "jnp.tan", latex=r"\tan {p0}", onnx="lambda x: sin(x) / cos(x)"),
    "log1p": Word(
        np.log1p, floats.log1p, "np.log1p", "torch.log1p", "jnp.log1p", latex=r"\ln(1 + {0})", onnx="lambda x: log(1.0 + x)",
    ),
    "log2": Word(
        np.log2, floats.log2, "np.log2", "torch.log2", "jnp.log2", latex=r"\log_2 {p0}",
        onnx="lambda x: log(x) / 0.6931471805599453",
    ),
    "log10": Word(
        np.log10, floats.log10, "np.log10", "torch.log10", "jnp.log10", latex=r"\log_{{10}} {p0}",
        onnx="lambda x: log(x) / 2.302585092994046",
    ),
    "mod": Word(
        np.mod, lambda a, b: a % b, "np.mod", "torch.remainder", "jnp.mod", latex=r"{p0} \bmod {p1}",
        onnx="lambda a, b: a - b * floor_div(a, b)",
    ),
    "floor_div": Word(
        np.floor_divide, lambda a, b: a // b, "np.floor_divide", "torch.floor_divide", "jnp.floor_divide",
        latex=r"\left\lfloor \frac{{{0}}}{{{1}}} \right\rfloor", onnx="lambda a, b: floor(a / b)",
    ),
    "floor": Word(np.floor, onnx="Floor"),
    "clip": Word(
        arrays.clip, floats.clip, "np.clip", "lambda x, low, high: torch.clamp(x, min=low, max=high)",
        "lambda x, low, high: jnp.where(jnp.clip(x, low, high) == x, x, jnp.clip(x, low, high))",
        latex=r"\min(\max({0}, {1}), {2})",
    ),
    "bounds": Word(arrays.bounds, floats.bounds),
    "tanh": Word(np.tanh, math.tanh, "np.tanh", "torch.tanh", "jnp.tanh", latex=r"\tanh {p0}", onnx="Tanh"),
    "erf": Word(arrays.erf, math.erf, "erf", "torch.erf", "jax.scipy.special.erf", latex=r"\operatorname{{erf}}({0})"),
    "softplus": Word(
        arrays.softplus, floats.softplus, "lambda x: np.logaddexp(x, 0.0)",
        "lambda x: torch.logaddexp(x, torch.zeros_like(x))", "jax.nn.softplus",
        onnx="lambda x: maximum(x, 0.0) + log(1.0 + exp(-abs(x)))",
        latex=r"\ln(1 + e^{{{0}}})", text="ln(1 + e^{p0})",
    ),
    "abs": Word(
        np.abs, abs, "np.abs", "torch.abs", "lambda x: jnp.sign(x) * x", "lambda x: x.relu() + (-x).relu()",
        r"\left|{0}\right|", "Abs",
        text="|{0}|",
    ),
    "sign": Word(
        np.sign, floats.sign, "np.sign", "torch.sign", "jnp.sign", latex=r"\operatorname{{sgn}}({0})", onnx="Sign",
    ),
    "square": Word(
        np.square, None, "np.square", "torch.square", "jnp.square", "lambda x: x ** 2", "{p0}^2",
        "lambda x: x * x", inline="lambda x: x * x",
        text="{p0}²",
    ),
    "power": Word(
        np.power, floats.power, "np.power", "lambda a, b: a ** b", "jnp.power", "lambda a, b: a ** b",
        "{{{p0}}}^{{{1}}}", "Pow",
        text="{p0}^{p1}",
    ),
    "maximum": Word(
        np.maximum, None, "np.maximum", "torch.maximum", "jnp.maximum", "lambda a, b: 0.5 * (a + b + (a - b).relu() + (b - a).relu())",
        r"\max({0}, {1})", "Max", inline="lambda a, b: a if a > b or a != a else b",
        text="max({0}, {1})",
    ),
    "minimum": Word(
        np.minimum, None, "np.minimum", "torch.minimum", "jnp.minimum", "lambda a, b: 0.5 * (a + b - (a - b).relu() - (b - a).relu())",
        r"\min({0}, {1})", "Min", inline="lambda a, b: a if a < b or a != a else b",
        text="min({0}, {1})",
    ),
    "truth": Word(
        arrays.truth, None, _COUNTED, _COUNTED, _COUNTED, latex="[{0}]", inline="lambda c: 1.0 if c else 0.0",
    ),
    "where": Word(
        arrays.where, None, "np.where", "torch.where", "jnp.where", latex=_PICKED, onnx="Where",
        inline="lambda c, a, b: a if c else b",
        text="{1} if {0} else {2}",
    ),
    "xlogy": Word(
        arrays.xlogy, floats.xlogy, "xlogy", "torch.xlogy", "jax.scipy.special.xlogy", latex=r"{p0} \ln {p1}",
        onnx="lambda x, y: where(x == 0.0, 0.0, x * log(y))",
        text="{p0} ln({1})",
    ),
    "ratio": Word(arrays.ratio, floats.ratio, "ratio", latex=r"\frac{{{0}}}{{{1}}}", text="{p0} / {p1}"),
    # --- along axes
    "sum": Word(
        along.sum_, None, _REDUCED.format("np.sum"), _TORCH_REDUCED.format("torch.sum"),
        _REDUCED.format("jnp.sum"), alone=_ITSELF,
    ),
    "mean": Word(
        along.mean, None, _REDUCED.format("np.mean"), _TORCH_REDUCED.format("torch.mean"),
        _REDUCED.format("jnp.mean"), alone=_ITSELF,
    ),
    "amax": Word(
        along.amax, None, _REDUCED.format("np.max"), _TORCH_EXTREME.format("torch.amax"),
        _REDUCED.format("jnp.max"), alone=_ITSELF,
    ),
    "amin": Word(
        along.amin, None, _REDUCED.format("np.min"), _TORCH_EXTREME.format("torch.amin"),
        _REDUCED.format("jnp.min"), alone=_ITSELF,
    ),
    "prod": Word(along.prod, None, _REDUCED.format("np.prod"), _TORCH_PRODUCT, _REDUCED.format("jnp.prod"), alone=_ITSELF),
    "var": Word(
        along.var, None, _SPREAD_OUT.format("np.var"), _TORCH_SPREAD_OUT.format("torch.var"),
        _SPREAD_OUT.format("jnp.var"), onnx="lambda x, axis, keep, ddof: sum(square(x - mean(x, axis, True)), axis, keep)"
        " / freedom(x, axis, ddof)", alone=_NO_SPREAD,
    ),
    "std": Word(
        along.std, None, _SPREAD_OUT.format("np.std"), _TORCH_SPREAD_OUT.format("torch.std"),
        _SPREAD_OUT.format("jnp.std"), onnx="lambda x, axis, keep, ddof: sqrt(var(x, axis, keep, ddof))", alone=_NO_SPREAD,
    ),
    "norm": Word(
        along.norm, None, "lambda x, axis, keep: np.sqrt(np.sum(x * x, axis=None if axis == 'all' else axis, keepdims=keep))",
        "lambda x, axis, keep: torch.linalg.vector_norm(x, dim=None if axis == 'all' else axis, keepdim=keep)",
        "lambda x, axis, keep: jnp.sqrt(jnp.sum(x * x, axis=None if axis == 'all' else axis, keepdims=keep))",
        onnx="lambda x, axis, keep: sqrt(sum(x * x, axis, keep))", alone="lambda x, axis=0, keep=0: abs(x)",
    ),
    "logsumexp": Word(
        along.logsumexp, None, "logsumexp",
        "lambda x, axis, keep: torch.logsumexp(x, dim=tuple(range(x.ndim)) if axis == 'all' else axis, keepdim=keep)",
        _REDUCED.format("jax.scipy.special.logsumexp"), alone=_ITSELF,
    ),
    "spread": Word(along.spread, None, "spread", alone="lambda g, axis=0, *like: g", latex=r"\operatorname{{repeat}}({0})", text="repeat({0})"),
    "shares": Word(along.shares, None, "shares", alone="lambda x, y, axis=0: 1.0"),
    "others": Word(along.others, None, "others", alone="lambda x, axis=0: 1.0"),
    "lead": Word(along.lead),
    "freedom": Word(
        along.freedom, None, "freedom", alone="lambda x, axis=0, ddof=0: 1.0 - ddof",
    ),
    "length": Word(
        along.length, None, _NUMPY_LENGTH, _LENGTH.format("numel()"), _LENGTH.format("size"),
        alone="lambda x, axis=0: 1.0",
    ),
    "count": Word(
        arrays.count, None, "lambda *xs: np.broadcast(*xs).size", "lambda x, *more: x.numel()",
        "lambda x, *more: x.size", latex="n", alone="lambda *xs: 1.0",
    ),
    "softmax": Word(
        along.softmax, lambda x, _: x * 0 + 1, "softmax", _by_shape(_TORCH_SOFT.format("torch.softmax"), numbers=_SURE),
        _by_shape(_JAX_SOFT.format("jax.nn.softmax"), numbers=_SURE),
        latex=r"\operatorname{{softmax}}({0})", text="softmax({0})",
    ),
    "log_softmax": Word(
        along.log_softmax, lambda x, _: x * 0, "log_softmax", _by_shape(_TORCH_SOFT.format("torch.log_softmax"), numbers=_LOG_SURE),
        _by_shape(_JAX_SOFT.format("jax.nn.log_softmax"), numbers=_LOG_SURE),
        latex=r"\ln \operatorname{{softmax}}({0})", text="ln softmax({0})",
    ),
    # --- vectors and matrices
    "dot": Word(
        products.dot, None, "np.dot",
        _by_shape("lambda a, b: torch.tensordot(a, b, dims=([-1], [-2]))", some_numbers="lambda a, b: a * b",
                  matrices=_PRODUCT, vector=_PRODUCT),
        "jnp.dot", latex=r"{p0} \cdot {p1}", alone="lambda a, b: a * b",
    ),
    "contract_left": Word(
        products.contract_left, None, _by_shape("contract_left", some_numbers="lambda g, a, b: g * b"),
        alone="lambda g, a, b: g * b",
    ),
    "contract_right": Word(
        products.contract_right, None, _by_shape("contract_right", some_numbers="lambda g, a, b: g * a"),
        alone="lambda g, a, b: g * a",
    ),
    "flat": Word(products.flat, None, "np.ravel", "torch.ravel", "jnp.ravel"),
    "outer": Word(
        np.outer, None, "np.outer",  _by_shape("lambda a, b: torch.outer(torch.ravel(a), torch.ravel(b))", vectors="torch.outer"),
        "jnp.outer", latex=r"{p0} \otimes {p1}",
    ),
    "einsum": Word(
        products.einsum, None, "lambda said, xs: np.einsum(said, *xs)", "lambda said, xs: torch.einsum(said, *xs)",
        "lambda said, xs: jnp.einsum(said, *xs)",
    ),
    "einsum_back": Word(products.einsum_back, None, "einsum_back"),
    "matmul": Word(np.matmul, None, _PRODUCT, _PRODUCT, _PRODUCT, latex=r"{p0} \, {p1}", onnx="MatMul"),
    "swap": Word(
        shapes.swap, None, _by_shape("swap", matrices="lambda x: x.T"),
        _by_shape("lambda x: x.mT", vector=_TURNED_IF_MATRIX),
        _by_shape("lambda x: x.mT", vector=_TURNED_IF_MATRIX, matrices="lambda x: x.T"),
        latex=r"{{{p0}}}^{{\top}}", alone="lambda x: x",
        text="{p0}ᵀ",
    ),
    "pull_left": Word(arrays.pull_left, None, _by_shape("pull_left", matrices="lambda g, a, b: g @ b.T")),
    "pull_right": Word(arrays.pull_right, None, _by_shape("pull_right", matrices="lambda g, a, b: a.T @ g")),
    # --- shapes
    "reshape": Word(shapes.reshape, None, "np.reshape", "torch.reshape", "jnp.reshape", latex=r"\operatorname{{reshape}}({0})", text="reshape({0})"),
    "like": Word(shapes.like, None, "lambda g, x: np.reshape(g, x.shape)", latex=r"\operatorname{{reshape}}({0})", text="reshape({0})"),
    "turned": Word(
        shapes.turned, None, "lambda x, axes: x.T if axes == 'all' else swap(x) if axes == 'last' else np.transpose(x, axes)",
        _by_shape("lambda x, axes: x.permute(*range(x.ndim)[::-1]) if axes == 'all'"
                  " else x.mT if axes == 'last' else x.permute(axes)",
                  vector="lambda x, axes: x",
                  matrix="lambda x, axes: x.permute(axes) if isinstance(axes, tuple) else x.T"),
        _by_shape("lambda x, axes: x.T if axes == 'all' else x.mT if axes == 'last' else jnp.transpose(x, axes)",
                  vector="lambda x, axes: x"),
        latex=r"{p0}^{{\top({1})}}",
    ),
    "turned_back": Word(
        shapes.turned_back, None,
        "lambda g, axes: g.T if axes == 'all' else swap(g) if axes == 'last' else np.transpose(g, np.argsort(axes))",
        latex=r"{p0}^{{\top({1})}}",
    ),
    "swapped": Word(shapes.swapped, None, "np.swapaxes", "torch.swapaxes", "jnp.swapaxes", latex=r"{p0}^{{\top({1}, {2})}}"),
    "flattened": Word(
        shapes.flattened, None, "lambda x, start: np.ravel(x) if start == 0 else np.reshape(x, (*x.shape[:start], -1))",
        "lambda x, start: torch.flatten(x) if start == 0 else torch.flatten(x, start)",
        "lambda x, start: jnp.ravel(x) if start == 0 else jnp.reshape(x, (*x.shape[:start], -1))",
    ),
    "squeezed": Word(
        shapes.squeezed, None, "lambda x, axis: np.squeeze(x, axis=None if axis == 'all' else axis)",
        "lambda x, axis: torch.squeeze(x) if axis == 'all' else torch.squeeze(x, axis)",
        "lambda x, axis: jnp.squeeze(x, axis=None if axis == 'all' else axis)",
    ),
    "unsqueezed": Word(shapes.unsqueezed, None, "np.expand_dims", "torch.unsqueeze", "jnp.expand_dims"),
    "s_": Word(np.s_, None, "np.s_", "np.s_", "np.s_"),
    "backwards": Word(np.s_, None, "np.s_", None, "np.s_"),  # PyTorch has no negative steps
    "listed": Word(np.array, None, "lambda at: at", "lambda at: at", "jnp.array"),
    "item": Word(shapes.item, None, _PICKED_OUT, _PICKED_OUT, _PICKED_OUT, latex="{p0}[{1}]"),
    "placed": Word(shapes.placed, None, "placed"),
    "stack": Word(
        shapes.stack, None, "lambda xs, axis: np.stack(xs, axis=axis)", "lambda xs, axis: torch.stack(xs, dim=axis)",
        "lambda xs, axis: jnp.stack(xs, axis=axis)",
    ),
    "slot": Word(shapes.slot, None, "lambda g, i, axis: np.moveaxis(g, axis, 0)[i]"),
    "concat": Word(
        shapes.concat, None, "concat", _joined("torch", "cat", "dim"), _joined("jnp", "concatenate", "axis"),
    ),
    "part": Word(shapes.part, None, "part"),
    "onehot": Word(
        arrays.onehot, None, "onehot",
        _by_shape("lambda t, z: F.one_hot(t.round().long(), z.shape[-1]).to(z.dtype)", alike="lambda t, z: t"),
        _by_shape("lambda t, z: jax.nn.one_hot(jnp.rint(t).astype(int), z.shape[-1])", alike="lambda t, z: t"),
        latex=r"\operatorname{{onehot}}({0})", text="onehot({0})",
    ),
    "matching": Word(arrays.matching, None, "matching", alone="lambda d, t: d"),
    # --- images: in ONNX see `export/onnx_words.py`
    "conv2d": Word(
        images.conv2d, None, "conv2d",
        "lambda x, w, stride, padding, dilation, groups:"
        " F.conv2d(x, w, stride=stride, padding=padding, dilation=dilation, groups=groups)",
        "lambda x, w, stride, padding, dilation, groups: jax.lax.conv_general_dilated(x, w, stride,"
        " [(p, p) for p in padding], rhs_dilation=dilation, feature_group_count=groups)",
        latex=r"{p0} \star {p1}",
    ),
    "conv2d_left": Word(images.conv2d_left, None, "conv2d_left"),
    "conv2d_right": Word(images.conv2d_right, None, "conv2d_right"),
    "max_pool2d": Word(
        images.max_pool2d, None, "max_pool2d",
        "lambda x, size, stride, padding: F.max_pool2d(x, size, stride, padding)",
        f"lambda x, size, stride, padding: {_JAX_POOL.format('x, -jnp.inf, jax.lax.max')}",
    ),
    "max_unpool2d": Word(images.max_unpool2d, None, "max_unpool2d"),
    "avg_pool2d": Word(
        images.avg_pool2d, None, "avg_pool2d",
        "lambda x, size, stride, padding: F.avg_pool2d(x, size, stride, padding)",
        f"lambda x, size, stride, padding: {_JAX_POOL.format('x, 0.0, jax.lax.add')} / (size[0] * size[1])",
    ),
    "avg_unpool2d": Word(images.avg_unpool2d, None, "avg_unpool2d"),
}  # fmt: skip

NUMPY: Mapping[str, Any] = {name: word.array for name, word in WORDS.items()}
MATH: Mapping[str, Any] = {
    name: word.number or eval(word.inline or word.alone or "")
    for name, word in WORDS.items()
    if word.number or word.inline or word.alone
}  # what is not in it means nothing for a single number
ALONE: dict[str, str] = {name: word.alone for name, word in WORDS.items() if word.alone}


def spellings(target: Target, shapes: Iterable[Shape]) -> Mapping[str, str]:
    """Every word that `target` has, as it writes it between inputs of these shapes."""
    return _spellings(target, what_holds(tuple(shapes)))


@cache
def _spellings(target: Target, facts: tuple[str, ...]) -> Mapping[str, str]:
    found = {name: _chosen(getattr(word, target), facts) for name, word in WORDS.items()}
    known = {name: text for name, text in found.items() if text is not None}
    return known | ALONE if "numbers" in facts else known


def _chosen(spelt: Spelt, facts: tuple[str, ...]) -> str | None:
    if spelt is None or isinstance(spelt, str):
        return spelt
    return next((spelt[fact] for fact in facts if fact in spelt), spelt[""])


def what_holds(shapes: tuple[Shape, ...]) -> tuple[str, ...]:
    """What is true of the inputs of a node, as far as a spelling may depend on it."""
    ranks = [len(shape) for shape in shapes]
    facts = {
        "numbers": not any(ranks),
        "some_numbers": 0 in ranks,
        "matrices": ranks[:2] == [2, 2] and not _is_widened(*shapes),
        "matrix": ranks == [2],
        "vectors": ranks == [1, 1],
        "vector": bool(ranks) and ranks[:2][-1] < 2,
        "alike": len(set(shapes)) == 1,
    }
    return tuple(fact for fact, holds in facts.items() if holds)


def _is_widened(a: Shape, b: Shape, added: Shape = (), *_: Shape) -> bool:
    """Whether what is added to a bᵀ broadcasts it to more rows or columns."""
    product = (b[0], a[0])
    return len(added) > 2 or any(n not in (1, m) for n, m in zip(reversed(added), product, strict=False))
