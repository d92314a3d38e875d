"""Our engine held against PyTorch's own functions: every operation it has, its conventions, and random graphs."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ops.op import OPS
from engine.passes.run import run
from tests.building import graph_of
from tests.engine.probing import accepted_inputs, usual
from tests.engine.smooth_graphs import random_graph

F = torch.nn.functional


def axis_of(x, axis):
    """PyTorch has no word for all axes, nor axes of a number."""
    return tuple(range(x.ndim)) if axis == "all" or not x.ndim else axis


def soft(function):
    def along(x, axis=-1):
        if axis == "all" or not x.ndim:
            return function(x.reshape(-1), dim=0).reshape(x.shape)
        return function(x, dim=axis)

    return along


def reduced(function):
    def along(x, axis="all", keep=False, **rest):
        return function(x, dim=axis_of(x, axis), keepdim=keep, **rest) if x.ndim else x

    return along


def product(x, axis="all", keep=False):
    """PyTorch multiplies along one axis at a time."""
    for number in axis_of(x, axis) if not isinstance(axis_of(x, axis), int) else (axis,):
        x = torch.prod(x, dim=number, keepdim=True)
    return x if keep or not x.ndim else x.reshape([n for i, n in enumerate(x.shape) if not dropped(x, axis, i)])


def dropped(x, axis, i):
    named = axis_of(x, axis)
    return i in [number % x.ndim for number in ((named,) if isinstance(named, int) else named)]


def spread_out(function):
    def along(x, axis="all", keep=False, ddof=0):
        if not x.ndim:
            return x - x
        return function(x, dim=axis_of(x, axis), correction=ddof, keepdim=keep)

    return along


def turned(x, axes="all"):
    if axes == "last":
        return x.mT if x.ndim > 1 else x
    return x.permute(tuple(reversed(range(x.ndim))) if axes == "all" else axes)


def dotted(a, b):
    if not a.ndim or not b.ndim:
        return a * b
    return torch.tensordot(a, b, dims=([-1], [-2 if b.ndim > 1 else -1]))


def compared(function):
    return lambda a, b: function(a, b).double()


def stepped(function):
    """A function with a slope of 0, which PyTorch does not differentiate at all."""
    return lambda a, b: function(a.detach(), b.detach())


def concat(*xs, axis=0):
    parts = [x.reshape(-1) if axis == "all" or not x.ndim else x for x in xs]
    return torch.cat(parts, dim=0 if axis == "all" else axis)


def cross_entropy(z, t):
    if t.ndim < z.ndim:
        t = t.round().long()
    if z.ndim == 1:
        return F.cross_entropy(z[None], t[None])
    return F.cross_entropy(z.reshape(-1, z.shape[-1]), t.reshape(-1) if t.ndim < z.ndim else t.reshape(-1, z.shape[-1]))


def paired(function, *args):
    """A loss of PyTorch's after the broadcasting that it would warn of."""
    return lambda o, t: function(*torch.broadcast_tensors(o, t))


FUNCTIONS = {
    "add": lambda *xs: sum(xs[1:], start=xs[0]),
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "neg": torch.neg,
    "pow": torch.pow,
    "square": torch.square,
    "max": torch.maximum,
    "min": torch.minimum,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "abs": torch.abs,
    "sin": torch.sin,
    "cos": torch.cos,
    "erf": torch.erf,
    "relu": F.relu,
    "leaky_relu": lambda x, slope=0.01: F.leaky_relu(x, slope),
    "elu": lambda x, alpha=1.0: F.elu(x, alpha),
    "gelu": F.gelu,
    "softplus": lambda x: F.softplus(x, threshold=1e9),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "matmul": torch.matmul,
    "linear": lambda x, w, b: torch.matmul(x, w.mT if w.ndim > 1 else w) + b,
    "mod": torch.remainder,
    "floor_div": stepped(torch.floor_divide),
    "tan": torch.tan,
    "expm1": torch.expm1,
    "log1p": torch.log1p,
    "log2": torch.log2,
    "log10": torch.log10,
    "sign": torch.sign,
    "clip": lambda x, low=0.0, high=1.0: torch.clamp(x, low, high) if (low, high) != (None, None) else x,
    "silu": F.silu,
    "greater": compared(torch.gt),
    "greater_equal": compared(torch.ge),
    "less": compared(torch.lt),
    "less_equal": compared(torch.le),
    "equal": compared(torch.eq),
    "not_equal": compared(torch.ne),
    "where": lambda c, a, b: torch.where(c != 0, a, b),
    "dot": dotted,
    "vecdot": lambda a, b, axis=-1: reduced(torch.sum)(a * b, axis),
    "outer": lambda a, b: torch.outer(a.reshape(-1), b.reshape(-1)),
    "einsum": lambda *xs, subscripts="ij,jk->ik": torch.einsum(subscripts, *xs),
    "transpose": turned,
    "swapaxes": lambda x, axis1=-1, axis2=-2: x.transpose(axis1, axis2),
    "index": lambda x, at="0": eval(f"x[{at}]", {"x": x, "newaxis": None}),
    "flatten": lambda x, start=0: torch.flatten(x, start if x.ndim else 0),
    "squeeze": lambda x, axis="all": torch.squeeze(x) if axis == "all" else torch.squeeze(x, axis),
    "unsqueeze": lambda x, axis=0: torch.unsqueeze(x, axis),
    "stack": lambda *xs, axis=0: torch.stack(xs, axis),
    "amax": reduced(torch.amax),
    "amin": reduced(torch.amin),
    "prod": product,
    "var": spread_out(torch.var),
    "std": spread_out(torch.std),
    "norm": lambda x, axis="all", keep=False: (
        torch.linalg.vector_norm(x, dim=axis_of(x, axis), keepdim=keep) if x.ndim else torch.linalg.vector_norm(x)
    ),
    "logsumexp": reduced(torch.logsumexp),
    "reshape": lambda x, shape=(-1,): x.reshape(shape),
    "concat": concat,
    "sum": reduced(torch.sum),
    "mean": reduced(torch.mean),
    "softmax": soft(F.softmax),
    "log_softmax": soft(F.log_softmax),
    "squared_error": lambda o, t, half=True: paired(F.mse_loss)(o, t) * (0.5 if half else 1.0),
    "mse": paired(F.mse_loss),
    "mae": paired(F.l1_loss),
    "bce": lambda p, t: -(t * torch.log(p) + (1 - t) * torch.log(1 - p)).mean(),
    "bce_with_logits": paired(F.binary_cross_entropy_with_logits),
    "cross_entropy": cross_entropy,
    "conv2d": F.conv2d,
    "max_pool2d": lambda x, size=2, stride=2, padding=0: F.max_pool2d(x, size, stride, padding),
    "avg_pool2d": lambda x, size=2, stride=2, padding=0: F.avg_pool2d(x, size, stride, padding),
    "hinge": lambda o, t: torch.clamp(1 - t * o, min=0).mean(),
}
NAMES = sorted(FUNCTIONS)


def by_torch(graph):
    """Values and gradients of all nodes that PyTorch says have them."""
    values = {}
    for id in graph.order:
        node = graph.nodes[id]
        if node.value is not None:
            values[id] = torch.tensor(np.array(node.value), requires_grad=node.op_name != "constant")
        else:
            inputs = [values[edge.source] for edge in graph.into(id)]
            values[id] = FUNCTIONS[node.op_name](*inputs, **dict(node.settings)).clone()  # never the same tensor
            if values[id].requires_grad:
                values[id].retain_grad()
    end = values[graph.target]
    if end.requires_grad:
        end.backward(torch.full_like(end, graph.seed))
    return values


def compare(graph):
    trace, theirs = run(graph), by_torch(graph)
    for id, value in theirs.items():
        np.testing.assert_allclose(trace.value(id), value.detach().numpy(), rtol=1e-10, atol=1e-12)
        ours = trace.gradient(id)
        if ours is not None and value.requires_grad:
            expected = np.zeros(value.shape) if value.grad is None else value.grad.numpy()
            scale = max(1.0, float(np.abs(expected[np.isfinite(expected)]).max(initial=0)))
            np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-11 * scale, err_msg=id)


@pytest.mark.parametrize("op", NAMES)
def test_every_operation_for_all_shapes(op):
    for inputs in accepted_inputs(OPS[op], most=60):
        leaves = [(f"a{i}", "parameter", x) for i, x in enumerate(inputs)]
        names = [id for id, _, _ in leaves]
        rows = [*leaves, ("n", op, names), ("m", "square", ["n"])]
        compare(graph_of(*rows, target="m", seed=0.5, settings={"n": usual(OPS[op], len(inputs))}))


@pytest.mark.parametrize(
    ("op", "inputs"),
    [
        ("relu", [[-1.0, 0.0, 2.0]]),
        ("abs", [[-1.0, 0.0, 2.0]]),
        ("leaky_relu", [[-1.0, 0.0, 2.0]]),
        ("max", [[1.0, 2.0], [1.0, 3.0]]),
        ("min", [[1.0, 2.0], [1.0, 3.0]]),
        ("amax", [[1.0, 3.0, 3.0]]),
        ("amin", [[1.0, 1.0, 3.0]]),
        ("prod", [[2.0, 3.0, 0.0]]),
        ("prod", [[0.0, 3.0, 0.0]]),
        ("std", [[2.0, 2.0]]),
        ("norm", [[0.0, 0.0]]),
        ("clip", [[-1.0, 0.0, 0.5, 1.0, 2.0]]),
        ("sqrt", [[0.0, 4.0]]),
        ("log", [[0.0, 4.0]]),
        ("sigmoid", [[-1000.0, 1000.0]]),
        ("cross_entropy", [[[1000.0, 0, -1000.0]], [[0.0, 1.0, 0.0]]]),
        ("cross_entropy", [[[1.0, 2.0, 3.0], [0.1, 0.2, 0.3]], [0.0, 2.0]]),
        ("bce_with_logits", [[-1000.0, 1000.0], [1.0, 1.0]]),
        ("pow", [[0.0, 2.0], [2.0, 0.0]]),
    ],
)
def test_the_conventions_at_corners_and_far_out(op, inputs):
    leaves = [(f"a{i}", "constant" if op == "pow" and i else "parameter", x) for i, x in enumerate(inputs)]
    compare(graph_of(*leaves, ("n", op, [id for id, _, _ in leaves]), target="n"))


@settings(max_examples=100)
@given(st.integers(0, 2**32 - 1), st.integers(1, 18))
def test_random_graphs(seed, size):
    compare(random_graph(seed, size, NAMES))
