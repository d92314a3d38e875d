"""Words that work along axes: see `engine.ops.words.table`."""

from collections.abc import Mapping

from engine.ops.words import along, arrays, outlines
from engine.ops.words.word import Word, by_shape

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

OF_AXES: Mapping[str, Word] = {
    "sum": Word(
        along.sum_, None, _REDUCED.format("np.sum"), _TORCH_REDUCED.format("torch.sum"),
        _REDUCED.format("jnp.sum"), alone=_ITSELF,
        outline=outlines.reduced,
    ),
    "mean": Word(
        along.mean, None, _REDUCED.format("np.mean"), _TORCH_REDUCED.format("torch.mean"),
        _REDUCED.format("jnp.mean"), alone=_ITSELF,
        outline=outlines.reduced,
    ),
    "amax": Word(
        along.amax, None, _REDUCED.format("np.max"), _TORCH_EXTREME.format("torch.amax"),
        _REDUCED.format("jnp.max"), alone=_ITSELF, latex=r"\max {p0}", text="max({0})",
        outline=outlines.reduced,
    ),
    "amin": Word(
        along.amin, None, _REDUCED.format("np.min"), _TORCH_EXTREME.format("torch.amin"),
        _REDUCED.format("jnp.min"), alone=_ITSELF, latex=r"\min {p0}", text="min({0})",
        outline=outlines.reduced,
    ),
    "prod": Word(along.prod, None, _REDUCED.format("np.prod"), _TORCH_PRODUCT, _REDUCED.format("jnp.prod"), alone=_ITSELF, latex=r"\prod {p0}", text="Π {p0}", outline=outlines.reduced),
    "var": Word(
        along.var, None, _SPREAD_OUT.format("np.var"), _TORCH_SPREAD_OUT.format("torch.var"),
        _SPREAD_OUT.format("jnp.var"), onnx="lambda x, axis, keep, ddof: sum(square(x - mean(x, axis, True)), axis, keep)"
        " / freedom(x, axis, ddof)", alone=_NO_SPREAD, latex=r"\operatorname{{Var}}({0})", text="Var({0})",
        outline=outlines.reduced_of_copies,
    ),
    "std": Word(
        along.std, None, _SPREAD_OUT.format("np.std"), _TORCH_SPREAD_OUT.format("torch.std"),
        _SPREAD_OUT.format("jnp.std"), onnx="lambda x, axis, keep, ddof: sqrt(var(x, axis, keep, ddof))", alone=_NO_SPREAD, latex=r"\operatorname{{std}}({0})", text="std({0})",
        outline=outlines.reduced_of_copies,
    ),
    "norm": Word(
        along.norm, lambda x, axis="all", keep=False: abs(x), by_shape("lambda x, axis, keep: np.sqrt(np.sum(x * x, axis=None if axis == 'all' else axis, keepdims=keep))", numbers="lambda x, axis, keep: np.abs(x)"),
        by_shape("lambda x, axis, keep: torch.linalg.vector_norm(x, dim=None if axis == 'all' else axis, keepdim=keep)", numbers="lambda x, axis, keep: torch.linalg.vector_norm(x)"),
        "lambda x, axis, keep: jnp.sqrt(jnp.sum(x * x, axis=None if axis == 'all' else axis, keepdims=keep))",
        onnx="lambda x, axis, keep: sqrt(sum(x * x, axis, keep))", latex=r"\left\|{0}\right\|", text="‖{0}‖",
        outline=outlines.reduced_of_copies,
    ),
    "logsumexp": Word(
        along.logsumexp, None, "logsumexp",
        "lambda x, axis, keep: torch.logsumexp(x, dim=tuple(range(x.ndim)) if axis == 'all' else axis, keepdim=keep)",
        _REDUCED.format("jax.scipy.special.logsumexp"), alone=_ITSELF, latex=r"\operatorname{{logsumexp}}({0})", text="logsumexp({0})",
        outline=outlines.reduced_of_copies,
    ),
    "spread": Word(along.spread, None, "spread", alone="lambda g, axis=0, *like: g", latex=r"\operatorname{{repeat}}({0})", text="repeat({0})", outline=outlines.spread),
    "shares": Word(along.shares, None, "shares", alone="lambda x, y, axis=0: 1.0", outline=outlines.working(2)),
    "others": Word(along.others, None, "others", alone="lambda x, axis=0: 1.0", outline=outlines.working(4)),
    "lead": Word(along.lead, outline=outlines.working(4)),
    "freedom": Word(
        along.freedom, None, "freedom", alone="lambda x, axis=0, ddof=0: 1.0 - ddof",
        outline=outlines.number,
    ),
    "length": Word(
        along.length, None, _NUMPY_LENGTH, _LENGTH.format("numel()"), _LENGTH.format("size"),
        alone="lambda x, axis=0: 1.0",
        outline=outlines.number,
    ),
    "count": Word(
        arrays.count, None, "lambda *xs: np.broadcast(*xs).size", "lambda x, *more: x.numel()",
        "lambda x, *more: x.size", latex="n", alone="lambda *xs: 1.0",
        outline=outlines.number,
    ),
    "softmax": Word(
        along.softmax, lambda x, _: x * 0 + 1, "softmax", by_shape(_TORCH_SOFT.format("torch.softmax"), numbers=_SURE),
        by_shape(_JAX_SOFT.format("jax.nn.softmax"), numbers=_SURE),
        latex=r"\operatorname{{softmax}}({0})", text="softmax({0})",
        outline=outlines.working(2),
    ),
    "log_softmax": Word(
        along.log_softmax, lambda x, _: x * 0, "log_softmax", by_shape(_TORCH_SOFT.format("torch.log_softmax"), numbers=_LOG_SURE),
        by_shape(_JAX_SOFT.format("jax.nn.log_softmax"), numbers=_LOG_SURE),
        latex=r"\ln \operatorname{{softmax}}({0})", text="ln softmax({0})",
        outline=outlines.working(2),
    ),
    "normalised": Word(
        along.normalised, None, "normalised", "lambda x, eps: F.layer_norm(x, x.shape[-1:], eps=eps)",
        "lambda x, eps: (x - jnp.mean(x, axis=-1, keepdims=True)) / jnp.sqrt(jnp.var(x, axis=-1, keepdims=True) + eps)",
        latex=r"\operatorname{{norm}}({0})", onnx="lambda x, eps: (x - mean(x, -1, True)) / sqrt(var(x, -1, True, 0) + eps)",
        text="norm({0})", outline=outlines.working(3),
    ),
    "normalised_back": Word(along.normalised_back, None, "normalised_back", outline=outlines.working(5)),
}  # fmt: skip
