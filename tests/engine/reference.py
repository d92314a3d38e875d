"""An independent implementation: the operations over complex numbers, differentiated by the complex step.

f(x + ih) = f(x) + ih f′(x) + O(h²): with h = 1e−30 the imaginary part over h is the derivative, to the last digit, with
no subtraction (Squire and Trapp, 1998). Nothing here is taken from `engine.ops`: plain textbook formulas.
"""

import math

import numpy as np

H = 1e-30


def _erf(x):
    slope = 2 / math.sqrt(math.pi) * np.exp(-(x.real**2))
    return np.vectorize(math.erf)(x.real) + 1j * x.imag * slope


def _pick(condition, a, b):
    return np.where(condition, a, b)


def _axis(axis):
    return None if axis == "all" else axis


def _concat(*xs, axis=0):
    parts = [x.reshape(-1) if axis == "all" or not x.ndim else x for x in xs]
    return np.concatenate(parts, axis=0 if axis == "all" else axis)


def _softmax(x, axis):
    axis = axis if x.ndim else "all"
    e = np.exp(x - np.max(x.real, axis=_axis(axis), keepdims=True))
    return e / e.sum(axis=_axis(axis), keepdims=True)


def _rows(t, z):
    if t.shape == z.shape:
        return t
    rows = np.zeros(z.shape, dtype=complex)
    for index in np.ndindex(t.shape):
        rows[(*index, round(t[index].real))] = 1
    return rows


def _cross_entropy(z, t):
    terms = -(_rows(t, z) * np.log(_softmax(z, -1))).sum(axis=-1)
    return terms.mean()


def _abs(x):
    return _pick(x.real < 0, -x, x)


def _reduced(how):
    return lambda x, axis="all", keep=False, **rest: (
        x if not x.ndim else how(x, axis=_axis(axis), keepdims=keep, **rest)
    )


def _swapped(x):
    return x if x.ndim < 2 else np.moveaxis(x, -1, -2)


def _over_windows(how, x, size, stride, padding, dilation, fill):
    """An image of what `how` makes of each window (batch, channels, *size): (batch, channels out)."""
    (over, along), (down, across) = padding, stride
    x = np.pad(x, ((0, 0), (0, 0), (over, over), (along, along)), constant_values=fill)
    high, wide = (size[0] - 1) * dilation[0] + 1, (size[1] - 1) * dilation[1] + 1
    tops, lefts = range(0, x.shape[2] - high + 1, down), range(0, x.shape[3] - wide + 1, across)

    def seen(top, left):
        return x[:, :, top : top + high : dilation[0], left : left + wide : dilation[1]]

    return np.stack([np.stack([how(seen(top, left)) for left in lefts], -1) for top in tops], -2)


def _conv2d(x, w, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    each, shared = w.shape[0] // groups, w.shape[1]

    def outputs(seen):
        firsts = [o // each * shared for o in range(len(w))]
        return np.stack([(seen[:, i : i + shared] * k).sum(axis=(1, 2, 3)) for i, k in zip(firsts, w, strict=True)], -1)

    return _over_windows(outputs, x, w.shape[2:], stride, padding, dilation, 0)


def _largest_seen(seen):
    flat = seen.reshape(*seen.shape[:2], -1)
    return np.take_along_axis(flat, flat.real.argmax(axis=-1)[..., None], axis=-1)[..., 0]


def _pool2d(how, fill):
    return lambda x, size=(2, 2), stride=(2, 2), padding=(0, 0): _over_windows(
        how, x, size, stride, padding, (1, 1), fill
    )


def _clip(x, low=0.0, high=1.0):
    x = x if low is None else _pick(x.real < low, low, x)
    return x if high is None else _pick(x.real > high, high, x)


def _largest(x, axis, keepdims):
    """The element whose real part is the largest: no two are equal."""
    won = x.real == x.real.max(axis=axis, keepdims=True)
    return (x * won).sum(axis=axis, keepdims=keepdims)


def _var(x, axis, keepdims, ddof=0):
    squares = (x - x.mean(axis=axis, keepdims=True)) ** 2
    total = squares.sum(axis=axis, keepdims=keepdims)
    return total / (x.size // total.size - ddof)


def _turned(x, axes="all"):
    if axes == "last":
        return _swapped(x)
    return x.transpose(None if axes == "all" else axes)


def _compared(holds):
    return lambda a, b: holds(a.real, b.real) + 0j


FORMULAS = {
    "add": lambda *xs: sum(xs[1:], start=xs[0]),
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda x: -x,
    "pow": lambda a, b: np.exp(b * np.log(a)),
    "square": lambda x: x * x,
    "max": lambda a, b: _pick(a.real > b.real, a, b),
    "min": lambda a, b: _pick(a.real < b.real, a, b),
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "abs": _abs,
    "sin": np.sin,
    "cos": np.cos,
    "erf": _erf,
    "relu": lambda x: _pick(x.real > 0, x, 0),
    "leaky_relu": lambda x, slope=0.01: _pick(x.real > 0, x, slope * x),
    "elu": lambda x, alpha=1.0: _pick(x.real > 0, x, alpha * (np.exp(_pick(x.real > 0, 0, x)) - 1)),
    "gelu": lambda x: x * (1 + _erf(x / math.sqrt(2))) / 2,
    "softplus": lambda x: np.log(1 + np.exp(x)),
    "sigmoid": lambda x: np.exp(x) / (1 + np.exp(x)),
    "tanh": lambda x: 1 - 2 / (np.exp(2 * x) + 1),
    "matmul": np.matmul,
    "linear": lambda x, w, b: np.matmul(x, _swapped(w)) + b,
    "mod": lambda a, b: a - b * (a.real // b.real),
    "floor_div": lambda a, b: a.real // b.real + 0j,
    "tan": lambda x: np.sin(x) / np.cos(x),
    "expm1": lambda x: np.exp(x) - 1,
    "log1p": lambda x: np.log(1 + x),
    "log2": lambda x: np.log(x) / math.log(2),
    "log10": lambda x: np.log(x) / math.log(10),
    "sign": lambda x: np.sign(x.real) + 0j,
    "clip": _clip,
    "silu": lambda x: x * np.exp(x) / (1 + np.exp(x)),
    "greater": _compared(np.greater),
    "greater_equal": _compared(np.greater_equal),
    "less": _compared(np.less),
    "less_equal": _compared(np.less_equal),
    "equal": _compared(np.equal),
    "not_equal": _compared(np.not_equal),
    "where": lambda c, a, b: _pick(c.real != 0, a, b),
    "dot": np.dot,
    "vecdot": lambda a, b, axis=-1: _reduced(np.sum)(a * b, axis),
    "outer": lambda a, b: a.reshape(-1, 1) * b.reshape(-1),
    "einsum": lambda *xs, subscripts="ij,jk->ik": np.einsum(subscripts, *xs),
    "transpose": _turned,
    "swapaxes": lambda x, axis1=-1, axis2=-2: np.swapaxes(x, axis1, axis2),
    "index": lambda x, at="0": eval(f"x[{at}]", {"x": x, "newaxis": None}),
    "flatten": lambda x, start=0: x.reshape(*x.shape[:start], -1),
    "squeeze": lambda x, axis="all": x.squeeze(_axis(axis)),
    "unsqueeze": lambda x, axis=0: np.expand_dims(x, axis),
    "stack": lambda *xs, axis=0: np.stack(xs, axis),
    "amax": _reduced(_largest),
    "amin": _reduced(lambda x, **rest: -_largest(-x, **rest)),
    "prod": _reduced(np.prod),
    "var": lambda x, **rest: _reduced(_var)(x, **rest) if x.ndim else 0 * x,
    "std": lambda x, **rest: np.sqrt(_reduced(_var)(x, **rest)) if x.ndim else 0 * x,
    "norm": lambda x, **rest: np.sqrt(_reduced(np.sum)(x * x, **rest)),
    "logsumexp": lambda x, **rest: np.log(_reduced(np.sum)(np.exp(x), **rest)) if x.ndim else x,
    "reshape": lambda x, shape=(-1,): np.reshape(x, shape),
    "concat": _concat,
    "sum": _reduced(np.sum),
    "mean": _reduced(np.mean),
    "softmax": lambda x, axis=-1: _softmax(x, axis),
    "log_softmax": lambda x, axis=-1: np.log(_softmax(x, axis)),
    "squared_error": lambda o, t, half=True: ((o - t) ** 2).mean() * (0.5 if half else 1),
    "mse": lambda o, t: ((o - t) ** 2).mean(),
    "mae": lambda o, t: _abs(o - t).mean(),
    "bce": lambda p, t: -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean(),
    "bce_with_logits": lambda z, t: (np.log(1 + np.exp(z)) - t * z).mean(),
    "cross_entropy": _cross_entropy,
    "conv2d": _conv2d,
    "max_pool2d": _pool2d(_largest_seen, -np.inf),
    "avg_pool2d": _pool2d(lambda seen: seen.mean(axis=(2, 3)), 0),
    "hinge": lambda o, t: _pick(1 - (t * o).real > 0, 1 - t * o, 0).mean(),
}


def evaluate(graph, leaves):
    """The values of all nodes, given those of the leaves."""
    values = {id: np.asarray(value, dtype=complex) for id, value in leaves.items()}
    for id in graph.order:
        node = graph.nodes[id]
        if id not in values:
            inputs = [values[edge.source] for edge in graph.into(id)]
            values[id] = np.asarray(FORMULAS[node.op_name](*inputs, **dict(node.settings)), dtype=complex)
    return values


def gradients(graph, target):
    """d(sum of the target)/d(each element of each leaf), by the complex step."""
    leaves = {id: node.value for id, node in graph.nodes.items() if node.value is not None}
    result = {}
    for id, value in leaves.items():
        slopes = np.zeros(np.shape(value))
        for index in np.ndindex(slopes.shape):
            moved = np.array(value, dtype=complex)
            moved[index] += 1j * H
            slopes[index] = evaluate(graph, leaves | {id: moved})[target].sum().imag / H
        result[id] = slopes
    return result
