"""Random graphs over all operations, their values moderate and away from corners, so that every gradient is defined."""

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.kernel import bind, bind_text
from engine.ops.op import OPS
from engine.values.values import as_value

SHAPES = [(), (), (3,), (2, 3), (1, 3), (3, 2), (2, 1), (4, 2, 3)]
# Where an op's inputs must lie; elsewhere it has no slope, or one too steep to compare digits.
RANGES = {"log": [(0.1, 50)], "sqrt": [(0.1, 50)], "bce": [(0.02, 0.98), (0, 1)], "pow": [(0.2, 4), (-3, 3)]}
LARGEST = 30.0


def random_graph(seed, size, ops):
    """A graph of about `size` computed nodes, every one used, and its target: the last one."""
    rng = np.random.default_rng(seed)
    nodes, edges, values = [], [], {}
    for i in range(int(rng.integers(2, 5))):
        shape = SHAPES[int(rng.integers(len(SHAPES)))]
        values[f"x{i}"] = as_value(rng.uniform(-2, 2, shape))
        nodes.append(Node(f"x{i}", str(rng.choice(["input", "parameter", "constant"])), values[f"x{i}"]))
    for _ in range(size):
        _grow(rng, nodes, edges, values, ops)
    return Graph.of(nodes, edges, target=nodes[-1].id)


def _grow(rng, nodes, edges, values, ops):
    """Try ops and inputs until one fits."""
    for _ in range(60):
        op = OPS[str(rng.choice(ops))]
        arity = op.fewest + int(rng.integers(0, 3)) if op.repeats else op.fewest
        names = [str(rng.choice(list(values)[-12:])) for _ in range(arity)]
        settings = _settings(rng, op)
        inputs = [values[name] for name in names]
        y = _fitting(op, inputs, settings)
        if y is not None:
            id = f"n{len(nodes)}"
            nodes.append(Node(id, op.name, settings=settings))
            edges += [Edge(name, id, port) for port, name in enumerate(names)]
            values[id] = y
            return


def _settings(rng, op):
    chosen = []
    for setting in op.settings:
        if setting.choices and rng.random() < 0.4:
            chosen.append((setting.name, setting.choices[int(rng.integers(len(setting.choices)))]))
        elif isinstance(setting.default, bool) and rng.random() < 0.4:
            chosen.append((setting.name, not setting.default))
        elif isinstance(setting.default, float) and rng.random() < 0.4:
            chosen.append((setting.name, float(np.round(rng.uniform(0.1, 0.9), 2))))
    return tuple(sorted(chosen))


def _fitting(op, inputs, settings):
    """The value of an op at inputs that it takes, or None."""
    for x, (low, high) in zip(inputs, RANGES.get(op.name, []), strict=False):
        if np.any(x < low) or np.any(x > high):
            return None
    if op.name == "div" and np.any(np.abs(inputs[1]) < 0.1):
        return None
    try:
        with np.errstate(all="ignore"):
            y = bind(op, len(inputs), settings).forward(*inputs)
    except (ValueError, IndexError, TypeError):
        return None
    if not np.all(np.isfinite(y)) or np.max(np.abs(y), initial=0) > LARGEST or y.size > 200:
        return None
    corner = bind_text(op, op.kink, len(inputs), settings)(*inputs) if op.kink else 1.0
    return None if np.any(np.abs(corner) < 1e-6) else y
