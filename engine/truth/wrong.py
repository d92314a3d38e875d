"""The backward pass with one of its rules broken, beside the right one: what each classic mistake makes of a gradient.

Symbols: L the target; g the upstream gradient of a node with output y; x one of its inputs. Right is
contribution = g · ∂y/∂x, and ∂L/∂x the sum of all contributions. A rule says what it has in place of one of these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.graph.graph import Graph
from engine.passes.leaves import leaf_values
from engine.passes.meter import Meter
from engine.passes.plan import BackEdge, Plan, Task
from engine.passes.run import Slots, forward, send
from engine.passes.trace import Trace
from engine.values.values import Value, counted, unbroadcast

STALE_RATE = 0.1  # of the step that the leaves have just made, where forward values are stale

Contribute = Callable[[Task, BackEdge, Sequence[Any], Value, Value], Value]
Add = Callable[[Value, Value], Value]


def _right(task: Task, back: BackEdge, inputs: Sequence[Any], y: Value, g: Value) -> Value:
    return send(back.vjp, inputs, back.edge.port, y, g)[1]


def _sum(before: Value, contribution: Value) -> Value:
    return before + contribution


@dataclass(frozen=True)
class BrokenRule:
    """One way to get it wrong: what it is called, what goes wrong, and how the pass differs."""

    title: str
    why: str
    contribute: Contribute = _right
    add: Add = _sum
    twice: bool = False  # the pass is run a second time, and what the leaves got is not set to 0 between
    stale: bool = False  # the leaves have moved since the forward pass


RULES: dict[str, BrokenRule] = {}


def _declare(name: str, title: str, why: str, **how: Any) -> None:
    RULES[name] = BrokenRule(title, why, **how)


def _no_upstream(task: Task, back: BackEdge, inputs: Sequence[Any], y: Value, g: Value) -> Value:
    return _right(task, back, inputs, y, np.ones_like(np.asarray(g))[()])


def _no_gate(task: Task, back: BackEdge, inputs: Sequence[Any], y: Value, g: Value) -> Value:
    if not (task.op.gate or task.op.chooses):
        return _right(task, back, inputs, y, g)
    return unbroadcast(g, np.shape(inputs[back.edge.port]))


def _own_operand(task: Task, back: BackEdge, inputs: Sequence[Any], y: Value, g: Value) -> Value:
    own = inputs[back.edge.port]
    if task.op.name != "mul":
        return _right(task, back, inputs, y, g)
    return unbroadcast(g * own, np.shape(own))


def _no_transpose(task: Task, back: BackEdge, inputs: Sequence[Any], y: Value, g: Value) -> Value:
    """g · b where g · bᵀ belongs, and a · g in place of aᵀ · g. Raises ValueError where the shapes refuse."""
    port = back.edge.port
    if task.op.name not in ("matmul", "linear") or port > 1 or min(np.ndim(x) for x in inputs[:2]) < 2:
        return _right(task, back, inputs, y, g)
    a, b = inputs[0], inputs[1] if task.op.name == "matmul" else np.swapaxes(inputs[1], -1, -2)
    left, right = (g, b) if port == 0 else (a, g)
    if np.shape(left)[-1] != np.shape(right)[-2]:
        rows, columns = counted(np.shape(right)[-2], "row"), counted(np.shape(left)[-1], "column")
        raise ValueError(f"{_size(left)} times {_size(right)} has no product, for {columns} would meet {rows}")
    product = np.matmul(left, right)
    if port == 1 and task.op.name == "linear":
        product = np.swapaxes(product, -1, -2)
    shape = np.shape(inputs[port])
    if product.shape[-2:] != shape[-2:]:
        raise ValueError(f"a {_size(inputs[port])} matrix would get a gradient of {_size(product)}")
    return unbroadcast(product, shape)


def _size(value: Value) -> str:
    """`3×2`: the rows and columns of a matrix."""
    return "×".join(map(str, np.shape(value)[-2:]))


_declare(
    "overwrite", "= for += at fan-outs",
    "Where a value is used twice, the second contribution replaces the first: that way into the target is lost.",
    add=lambda before, contribution: contribution,
)  # fmt: skip
_declare(
    "no upstream", "Upstream gradient forgotten",
    "Each node passes on its local derivative alone: the chain is not multiplied along.",
    contribute=_no_upstream,
)  # fmt: skip
_declare(
    "no gate", "Gates ignored",
    "A closed ReLU, or the side of a max that lost, lets the gradient through, as if the output still moved with it.",
    contribute=_no_gate,
)  # fmt: skip
_declare(
    "own operand", "Operands of × not swapped",
    "Each factor is scaled by itself; but what a·b changes by, when a moves, is b.",
    contribute=_own_operand,
)  # fmt: skip
_declare(
    "no transpose", "Transpose forgotten",
    "The upstream gradient is multiplied by the other matrix as it stands: rows are taken for columns.",
    contribute=_no_transpose,
)  # fmt: skip
_declare(
    "twice", "Backward twice without zeroing",
    "What the first pass left in the leaves is still there when the second adds to it: everything is doubled.",
    twice=True,
)  # fmt: skip
_declare(
    "stale", "Stored forward values stale",
    f"The leaves have just moved by a step of {STALE_RATE:g}, and the forward pass was not run again: "
    "the slopes are those of before.",
    stale=True,
)  # fmt: skip


@dataclass(frozen=True)
class WrongPass:
    """The gradients by node as a broken rule makes them; `stopped`: the sentence why it could not go on."""

    rule: BrokenRule
    gradients: dict[str, Value]
    stopped: str = ""


def run_wrong(graph: Graph, trace: Trace, rule: BrokenRule) -> WrongPass:
    """The backward pass over the same forward values, but for a stale one, with this rule broken."""
    plan = trace.plan
    gradients: Slots = [None] * plan.size
    if plan.target is None or trace.value(plan.target) is None:
        return WrongPass(rule, {})
    with np.errstate(all="ignore"):
        slots = _stale(graph, trace) if rule.stale else _held(trace)
        stopped = _backward(plan, slots, gradients, graph.seed, rule)
    ids = {slot: node for (node, output), slot in plan.slots.items() if output == 0}
    found = {ids[slot]: g for slot, g in enumerate(gradients) if g is not None and slot in ids}
    if rule.twice and not stopped:
        found = {id: g * 2 if graph.nodes[id].op.is_leaf else g for id, g in found.items()}
    return WrongPass(rule, found, stopped)


def _backward(plan: Plan, slots: Slots, gradients: Slots, seed: float, rule: BrokenRule) -> str:
    """Fill the gradients; the sentence why not further, empty if all are there."""
    assert plan.target is not None
    at = plan.slots[plan.target, 0]
    gradients[at] = np.full(np.shape(np.asarray(slots[at])), float(seed))[()]
    for task in plan.backward:
        upstream = gradients[task.slot]
        if upstream is None:
            continue
        inputs, y = [slots[i] for i in task.inputs], slots[task.slot]
        assert y is not None
        for back in task.back_edges:
            try:
                contribution = rule.contribute(task, back, inputs, y, upstream)
            except ValueError as error:
                return f"It cannot even go on at {task.name or task.node}: {error}."
            before = gradients[back.slot]
            gradients[back.slot] = contribution if before is None else rule.add(before, contribution)
    return ""


def _held(trace: Trace) -> Slots:
    slots: Slots = [None] * trace.plan.size
    for step in trace.forward_steps:
        slots[trace.plan.slots[step.node, step.output]] = step.value
    return slots


def _stale(graph: Graph, trace: Trace) -> Slots:
    """The forward values of before the step that the leaves have made: θ + η g in place of θ."""
    values = dict(leaf_values(graph))
    for id, node in graph.nodes.items():
        gradient, value = trace.gradient(id), node.value
        if node.op.holds_value and gradient is not None and value is not None:
            values[id] = np.asarray(value + STALE_RATE * gradient)[()]
    slots: Slots = [None] * trace.plan.size
    for _ in forward(trace.plan, values, slots, {}, Meter()):
        pass
    return slots


def is_multiple(wrong: Value, right: Value) -> bool:
    """Whether one number times the right gradient makes the wrong one: it points the same way, or the opposite one."""
    a, b = (np.ravel(np.asarray(each, np.float64)) for each in (wrong, right))
    with np.errstate(all="ignore"):
        along = np.dot(a, b) / np.dot(b, b) if np.dot(b, b) else 0.0
        return bool(np.allclose(a, along * b, rtol=1e-9, atol=1e-12 * float(np.max(np.abs(a), initial=0.0))))


def ratio(wrong: Value, right: Value) -> float | None:
    """How many times the right gradient the wrong one is; of a tensor that is no multiple of it, how many times as
    long. None where the right one is 0."""
    a, b = np.asarray(wrong, np.float64), np.asarray(right, np.float64)
    if a.ndim == 0:
        return float(a / b) if b else None
    length = float(np.sqrt(np.sum(b * b)))
    if not length:
        return None
    return float(np.sum(a * b)) / length**2 if is_multiple(a, b) else float(np.sqrt(np.sum(a * a))) / length
