"""Our engine held against PyTorch's own functions: every operation it has, its conventions, and random graphs."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.ops.op import OPS
from engine.passes.run import run
from tests.building import graph_of
from tests.engine.probing import accepted_inputs
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
    return lambda x, axis=-1, keep=False: function(x, dim=axis_of(x, axis), keepdim=keep) if x.ndim else x


def concat(*xs, axis=-1):
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
    "dot": lambda a, b, axis=-1: reduced(torch.sum)(a * b, axis),
    "transpose": lambda x: x.mT if x.ndim > 1 else x,
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
        compare(graph_of(*leaves, ("n", op, names), ("m", "square", ["n"]), target="m", seed=0.5))


@pytest.mark.parametrize(
    ("op", "inputs"),
    [
        ("relu", [[-1.0, 0.0, 2.0]]),
        ("abs", [[-1.0, 0.0, 2.0]]),
        ("leaky_relu", [[-1.0, 0.0, 2.0]]),
        ("max", [[1.0, 2.0], [1.0, 3.0]]),
        ("min", [[1.0, 2.0], [1.0, 3.0]]),
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
