"""Forward mode: a leaf is moved, and each node says how fast it follows, from left to right, along with its value.

Symbols: x the seed, a leaf that moves at speed ẋ = 1, an array in all elements at once; ẏ = Σ ∂y/∂a · ȧ over the
inputs a of y. At the target L̇ is what the backward pass finds as the sum of ∂L/∂x over the elements of x.

A product or a sum is linear in each of its inputs, so its derivative along ȧ is the op itself, over ȧ in place of a,
less what it makes of 0. Where neither that nor a local derivative is there, each element of y is asked for by the
backward rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.graph.graph import Graph
from engine.passes.plan import Plan, Task
from engine.passes.run import send
from engine.passes.trace import Trace
from engine.values.values import Value

MOST_ROWS = 4096  # elements of an output that are asked for one by one


@dataclass(frozen=True)
class Tangents:
    """How fast each node follows when the seed moves; of a node that is not there the tangent is 0, or `missing`: its
    output has too many elements to be asked for one by one."""

    seed: str
    of: dict[str, Value]
    missing: frozenset[str] = frozenset()


def tangents(trace: Trace, seed: str) -> Tangents:
    """The tangents of a run, by one pass from left to right."""
    value = trace.value(seed)
    found: dict[str, Value] = {} if value is None else {seed: np.ones(value.shape)[()]}
    missing: set[str] = set()
    sources = {slot: node for (node, output), slot in trace.plan.slots.items() if output == 0}
    with np.errstate(all="ignore"):
        for task in trace.plan.order:
            if not isinstance(task, Task) or trace.value(task.node) is None:
                continue
            moving = [(port, sources.get(slot, "")) for port, slot in enumerate(task.inputs)]
            if any(node in missing for _, node in moving):
                missing.add(task.node)
                continue
            parts = [pushed(task, trace, port, found[node]) for port, node in moving if node in found]
            if any(part is None for part in parts):
                missing.add(task.node)
            elif parts:
                found[task.node] = sum((part for part in parts[1:] if part is not None), start=_first(parts))
    return Tangents(seed, found, frozenset(missing))


def _first(parts: Sequence[Value | None]) -> Value:
    assert parts[0] is not None
    return parts[0]


def pushed(task: Task, trace: Trace, port: int, tangent: Value) -> Value | None:
    """∂y/∂a · ȧ for the input a at a port; None where y has too many elements."""
    inputs, y = trace.inputs(task.node), trace.value(task.node)
    assert y is not None
    vjp = task.kernel.vjps[port]
    if vjp.is_local and (task.op.elementwise or y.ndim == 0):
        slope = np.float64(1.0) if vjp.call is None else vjp.call(*inputs, y)
        product = slope * tangent if vjp.chosen is None else vjp.chosen(*inputs, y, tangent)
        return _in_shape(product, inputs[port], y)
    if task.op.combines == "sum" or (task.op.combines == "product" and port < 2):
        return _linear(task, inputs, port, tangent)
    return _by_rows(task, inputs, y, port, tangent)


def _in_shape(product: Value, source: Value, y: Value) -> Value:
    """A product in the shape of what it is the tangent of: a loss adds up, what was repeated is repeated."""
    if product.shape == y.shape:
        return product
    if y.ndim == 0:
        widest = np.broadcast_shapes(product.shape, source.shape)
        return np.float64(np.broadcast_to(product, widest).sum())
    return np.broadcast_to(product, y.shape)


def _linear(task: Task, inputs: Sequence[Value], port: int, tangent: Value) -> Value:
    """The op itself over the tangent, without what it makes of 0."""
    moved, still = list(inputs), list(inputs)
    moved[port], still[port] = tangent, np.zeros(tangent.shape)[()]
    result: Value = task.kernel.forward(*moved) - task.kernel.forward(*still)
    return result


def _by_rows(task: Task, inputs: Sequence[Value], y: Value, port: int, tangent: Value) -> Value | None:
    """Element by element of y: what the backward rule sends back for it alone, times the tangent."""
    if y.size > MOST_ROWS:
        return None
    vjp, found = task.kernel.vjps[port], np.zeros(y.size)
    for row in range(y.size):
        one = np.zeros(y.size)
        one[row] = 1.0
        sent = send(vjp, inputs, port, y, one.reshape(y.shape)[()])[1]
        found[row] = float(np.sum(np.where(tangent == 0, 0.0, sent * tangent)))
    result: Value = found.reshape(y.shape)[()]
    return result


@dataclass(frozen=True)
class Costs:
    """What both modes take to find the gradient of the target with respect to all leaves that could move: products
    along edges, each edge once a pass. Backward needs one pass; forward one for each number in a leaf."""

    numbers: int  # in leaves that reach the target
    backward: int  # products in the one pass
    forward: int  # products in all the passes
    alone: int  # products in the pass of one seed


def costs(graph: Graph, trace: Trace, seed: str) -> Costs:
    """Counted without making any of the passes: whom each node follows is a set of bits, one for each leaf."""
    edges = [step.edge for step in trace.contributions]
    plan: Plan = trace.plan
    leaves = [id for id in {edge.source: None for edge in reversed(edges)} if graph.nodes[id].op.is_leaf]
    if plan.target in graph.nodes and graph.nodes[str(plan.target)].op.is_leaf:
        leaves = []
    bit = {id: 1 << place for place, id in enumerate(leaves)}
    sizes: dict[int, int] = {}  # how many numbers a leaf holds → the bits of all leaves that hold so many
    for id in leaves:
        size = int(np.asarray(trace.value(id)).size)
        sizes[size] = sizes.get(size, 0) | bit[id]
    followed, forward, alone = dict(bit), 0, 0
    for edge in reversed(edges):  # left to right
        behind = followed.get(edge.source, 0)
        followed[edge.dest] = followed.get(edge.dest, 0) | behind
        forward += sum(size * (behind & bits).bit_count() for size, bits in sizes.items())
        alone += bool(behind & bit.get(seed, 0))
    numbers = sum(size * bits.bit_count() for size, bits in sizes.items())
    return Costs(numbers, len(edges), forward, alone)
