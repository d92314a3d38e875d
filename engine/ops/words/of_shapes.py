"""Words for products of arrays, and for elements that are moved, picked and joined: see `engine.ops.words.table`."""

from collections.abc import Mapping

import numpy as np

from engine.ops.words import arrays, outlines, products, shapes
from engine.ops.words.word import Word, by_shape


def _joined(library: str, join: str, axis: str) -> Mapping[str, str]:
    """One behind the other: numbers count as vectors of one."""
    flat = f"lambda xs, axis: {library}.{join}([{library}.ravel(x) for x in xs]) if axis == 'all' else {library}.{join}"
    return by_shape(
        f"{flat}(xs, {axis}=axis)",
        numbers=f"lambda xs, axis: {library}.stack(xs)",
        some_numbers=f"{flat}([{library}.atleast_1d(x) for x in xs], {axis}=axis)",
    )


_PICKED_OUT = "lambda x, at: x[at]"
_PRODUCT = "lambda a, b: a @ b"
_TURNED_IF_MATRIX = "lambda x: x.mT if x.ndim > 1 else x"

OF_SHAPES: Mapping[str, Word] = {
    # --- products
    "dot": Word(
        products.dot, None, "np.dot",
        by_shape("lambda a, b: torch.tensordot(a, b, dims=([-1], [-2]))", some_numbers="lambda a, b: a * b",
                  matrices=_PRODUCT, vector=_PRODUCT),
        "jnp.dot", latex=r"{p0} \cdot {p1}", alone="lambda a, b: a * b", text="{p0} · {p1}",
        outline=outlines.dot,
    ),
    "contract_left": Word(
        products.contract_left, None, by_shape("contract_left", some_numbers="lambda g, a, b: g * b"),
        alone="lambda g, a, b: g * b",
        outline=outlines.contracted(0),
    ),
    "contract_right": Word(
        products.contract_right, None, by_shape("contract_right", some_numbers="lambda g, a, b: g * a"),
        alone="lambda g, a, b: g * a",
        outline=outlines.contracted(1),
    ),
    "flat": Word(products.flat, None, "np.ravel", "torch.ravel", "jnp.ravel", latex=r"\operatorname{{flatten}}({0})", text="flatten({0})", outline=outlines.flat),
    "outer": Word(
        np.outer, None, "np.outer",  by_shape("lambda a, b: torch.outer(torch.ravel(a), torch.ravel(b))", vectors="torch.outer"),
        "jnp.outer", latex=r"{p0} \otimes {p1}", text="{p0} ⊗ {p1}",
        outline=outlines.outer,
    ),
    "einsum": Word(
        products.einsum, None, "lambda said, xs: np.einsum(said, *xs)", "lambda said, xs: torch.einsum(said, *xs)",
        "lambda said, xs: jnp.einsum(said, *xs)",
        outline=outlines.einsum,
    ),
    "einsum_back": Word(products.einsum_back, None, "einsum_back", outline=outlines.einsum_back),
    "matmul": Word(np.matmul, None, _PRODUCT, _PRODUCT, _PRODUCT, latex=r"{p0} \, {p1}", onnx="MatMul", outline=outlines.matmul),
    "swap": Word(
        shapes.swap, None, by_shape("swap", matrices="lambda x: x.T"),
        by_shape("lambda x: x.mT", vector=_TURNED_IF_MATRIX),
        by_shape("lambda x: x.mT", vector=_TURNED_IF_MATRIX, matrices="lambda x: x.T"),
        latex=r"{{{p0}}}^{{\top}}", alone="lambda x: x",
        text="{p0}ᵀ",
        outline=outlines.viewed(shapes.swap),
    ),
    "pull_left": Word(arrays.pull_left, None, by_shape("pull_left", matrices="lambda g, a, b: g @ b.T"), outline=outlines.pull_left),
    "pull_right": Word(arrays.pull_right, None, by_shape("pull_right", matrices="lambda g, a, b: a.T @ g"), outline=outlines.pull_right),
    # --- shapes
    "reshape": Word(shapes.reshape, None, "np.reshape", "torch.reshape", "jnp.reshape", latex=r"\operatorname{{reshape}}({0})", text="reshape({0})", outline=outlines.viewed(shapes.reshape)),
    "like": Word(shapes.like, None, "lambda g, x: np.reshape(g, x.shape)", latex=r"\operatorname{{reshape}}({0})", text="reshape({0})", outline=outlines.shaped_as(1)),
    "turned": Word(
        shapes.turned, None, "lambda x, axes: x.T if axes == 'all' else swap(x) if axes == 'last' else np.transpose(x, axes)",
        by_shape("lambda x, axes: x.permute(*range(x.ndim)[::-1]) if axes == 'all'"
                  " else x.mT if axes == 'last' else x.permute(axes)",
                  vector="lambda x, axes: x",
                  matrix="lambda x, axes: x.permute(axes) if isinstance(axes, tuple) else x.T"),
        by_shape("lambda x, axes: x.T if axes == 'all' else x.mT if axes == 'last' else jnp.transpose(x, axes)",
                  vector="lambda x, axes: x"),
        latex=r"{{{p0}}}^{{\top}}", text="{p0}ᵀ",
        outline=outlines.viewed(shapes.turned),
    ),
    "turned_back": Word(
        shapes.turned_back, None,
        "lambda g, axes: g.T if axes == 'all' else swap(g) if axes == 'last' else np.transpose(g, np.argsort(axes))",
        latex=r"{{{p0}}}^{{\top}}", text="{p0}ᵀ",
        outline=outlines.viewed(shapes.turned_back),
    ),
    "swapped": Word(shapes.swapped, None, "np.swapaxes", "torch.swapaxes", "jnp.swapaxes", latex=r"{{{p0}}}^{{\top}}", text="{p0}ᵀ", outline=outlines.viewed(shapes.swapped)),
    "flattened": Word(
        shapes.flattened, None, "lambda x, start: np.ravel(x) if start == 0 else np.reshape(x, (*x.shape[:start], -1))",
        by_shape("lambda x, start: torch.flatten(x) if start == 0 else torch.flatten(x, start)", numbers="lambda x, start: torch.flatten(x)"),
        "lambda x, start: jnp.ravel(x) if start == 0 else jnp.reshape(x, (*x.shape[:start], -1))", latex=r"\operatorname{{flatten}}({0})", text="flatten({0})",
        outline=outlines.viewed(shapes.flattened),
    ),
    "squeezed": Word(
        shapes.squeezed, None, "lambda x, axis: np.squeeze(x, axis=None if axis == 'all' else axis)",
        "lambda x, axis: torch.squeeze(x) if axis == 'all' else torch.squeeze(x, axis)",
        "lambda x, axis: jnp.squeeze(x, axis=None if axis == 'all' else axis)", latex=r"\operatorname{{squeeze}}({0})", text="squeeze({0})",
        outline=outlines.viewed(shapes.squeezed),
    ),
    "unsqueezed": Word(shapes.unsqueezed, None, "np.expand_dims", "torch.unsqueeze", "jnp.expand_dims", latex=r"\operatorname{{unsqueeze}}({0})", text="unsqueeze({0})", outline=outlines.viewed(shapes.unsqueezed)),
    "s_": Word(np.s_, None, "np.s_", "np.s_", "np.s_"),
    "backwards": Word(np.s_, None, "np.s_", None, "np.s_"),  # PyTorch has no negative steps
    "listed": Word(np.array, None, "lambda at: at", "lambda at: at", "jnp.array"),
    "item": Word(shapes.item, None, _PICKED_OUT, _PICKED_OUT, _PICKED_OUT, latex="{p0}[{1}]", text="{p0}[{1}]", outline=outlines.item),
    "placed": Word(shapes.placed, None, "placed", outline=outlines.shaped_as(1)),
    "stack": Word(
        shapes.stack, None, "lambda xs, axis: np.stack(xs, axis=axis)", "lambda xs, axis: torch.stack(xs, dim=axis)",
        "lambda xs, axis: jnp.stack(xs, axis=axis)",
        outline=outlines.stack,
    ),
    "slot": Word(shapes.slot, None, "lambda g, i, axis: np.moveaxis(g, axis, 0)[i]", outline=outlines.slot),
    "concat": Word(
        shapes.concat, None, "concat", _joined("torch", "cat", "dim"), _joined("jnp", "concatenate", "axis"),
        outline=outlines.concat,
    ),
    "part": Word(shapes.part, None, "part", outline=outlines.part),
    "onehot": Word(
        arrays.onehot, None, "onehot",
        by_shape("lambda t, z: F.one_hot(t.round().long(), z.shape[-1]).to(z.dtype)", alike="lambda t, z: t"),
        by_shape("lambda t, z: jax.nn.one_hot(jnp.rint(t).astype(int), z.shape[-1])", alike="lambda t, z: t"),
        latex=r"\operatorname{{onehot}}({0})", text="onehot({0})",
        outline=outlines.shaped_as(1),
    ),
    "looked_up": Word(
        arrays.looked_up, None, "lambda t, w: w[np.rint(t).astype(int)]", "lambda t, w: F.embedding(t.round().long(), w)",
        "lambda t, w: w[jnp.rint(t).astype(int)]", latex="{p1}[{0}]", text="{p1}[{0}]",
        outline=outlines.looked_up,
    ),
    "scattered": Word(arrays.scattered, None, "scattered", outline=outlines.shaped_as(2)),
    "lower": Word(
        arrays.lower, None, "lambda x: np.tri(*x.shape[-2:])", "lambda x: torch.ones_like(x).tril()",
        "lambda x: jnp.tri(*x.shape[-2:])", latex=r"\operatorname{{lower}}({0})",
        outline=lambda x: x.shape[-2:],
    ),
    "drop_mask": Word(
        arrays.drop_mask, None, "lambda x, p, seed: (np.random.default_rng(seed).random(x.shape) >= p) / (1 - p)",
        "lambda x, p, seed: torch.tensor((np.random.default_rng(seed).random(x.shape) >= p) / (1 - p))",
        "lambda x, p, seed: jnp.array((np.random.default_rng(seed).random(x.shape) >= p) / (1 - p))",
        latex=r"\operatorname{{kept}}({1})", text="kept({1})",
        outline=outlines.working(2),
    ),
    "matching": Word(arrays.matching, None, "matching", alone="lambda d, t: d", outline=outlines.shaped_as(1)),
}  # fmt: skip
