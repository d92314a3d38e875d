"""Classic mistakes, made by hand: what each makes of a question, in plain NumPy and apart from `engine.teach`."""

from __future__ import annotations

import numpy as np

from engine.ops.kernel import bind
from engine.passes.run import run
from engine.passes.trace import ContributionStep

FIRST = {"sign", "no upstream", "own operand", "gate", "stopped early", "no seed", "mean", "wrong place", "transposed"}


def planted(question):
    """[(mistake, number)]: what a learner with that mistake types, whether it differs from what is right or not."""
    step = question.told
    assert isinstance(step, ContributionStep)
    with np.errstate(all="ignore"):
        sent = [(name, each) for name, each in _sent(question, step)]
        if question.of == "local":
            return []
        if question.of == "contribution" or step.before is None:
            return [(name, _cell(question, each)) for name, each in sent]
        found = [
            (name, _cell(question, step.before + each)) for name, each in sent if np.shape(each) == step.before.shape
        ]
        return found + [(name, _cell(question, each)) for name, each in _summed(question, step)]


def _cell(question, array):
    array = np.asarray(array)
    if question.cell is None:
        return float(array) if array.ndim == 0 else np.nan
    try:
        return float(array[question.cell])
    except (IndexError, TypeError):
        return np.nan


def _back(array, shape):
    """Sum a product back to the shape of what was broadcast."""
    array = np.broadcast_to(array, np.broadcast_shapes(np.shape(array), shape))
    while array.ndim > len(shape):
        array = array.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1 and array.shape[axis] != 1:
            array = array.sum(axis=axis, keepdims=True)
    return array


def _sent(question, step):
    graph, trace, edge = question.graph, question.trace, step.edge
    node, inputs, y = graph.nodes[edge.dest], trace.inputs(edge.dest), trace.value(edge.dest)
    x, g, local, op = inputs[edge.port], step.upstream, step.local, node.op
    yield "sign", -step.contribution
    if op.name in ("mul",):
        yield "own operand", _back(g * x, x.shape)
    if op.elementwise and local is not None:
        yield "no upstream", _back(np.ones_like(np.asarray(g)) * local, x.shape)
        yield "gate" if op.gate else "stopped early", _back(g, x.shape)
        if step.axes:
            yield "mean", step.contribution / (np.asarray(g * local).size / x.size)
        if len(inputs) == 1 and not op.gate and x.shape == y.shape:
            forward, h = bind(op, 1, node.settings).forward, 1e-6
            yield "wrong place", g * (forward(y + h) - forward(y - h)) / (2 * h)
    if graph.seed not in (0, 1):
        once = run(replace_seed(graph), question.trace.plan.target)
        yield "no seed", once.contribution(edge.key).contribution
    if op.name == "matmul" and x.ndim == 2 and all(each.ndim == 2 for each in inputs):
        yield "transposed", step.contribution.T


def replace_seed(graph):
    return type(graph).of(graph.nodes.values(), graph.edges.values(), target=graph.target, seed=1.0)


def _summed(question, step):
    steps = [question.trace.steps[at] for at in question.trace.arrivals[step.edge.source]]
    parts = [each.contribution if isinstance(each, ContributionStep) else each.gradient for each in steps]
    yield "overwritten", parts[-1]
    yield "mean", sum(parts) / len(parts)
    for i in range(len(parts)):
        yield "path", sum(parts[:i] + parts[i + 1 :]) if len(parts) > 1 else 0.0
