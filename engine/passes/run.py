"""The two passes. `forward` fills in the values left to right, `backward` brings the gradients back, one record a step.

Symbols: L the target's value; g = ∂L/∂y the upstream gradient of a node with output y; x one of its inputs.
The chain rule, once: contribution = g · ∂y/∂x, and ∂L/∂x is the sum of the contributions that arrive at x.
Written after the backward pass of autodidact, the tutorial version of Autograd.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from engine.edits.nodes import set_value
from engine.errors import EditRefused, PlanError, RunError
from engine.graph.graph import Graph
from engine.ops.kernel import Vjp
from engine.ops.misfit import why_misfit
from engine.passes.leaves import LeafValues, leaf_values
from engine.passes.meter import Meter, OverLimit, no_memory
from engine.passes.plan import Leaf, Plan, Task, make_plan, without_target
from engine.passes.trace import ContributionStep, ForwardStep, SeedStep, Step, Trace
from engine.values.values import Value, summed_axes, unbroadcast

Slots = list[Value | None]  # a value, or a gradient, by slot


def run(graph: Graph, target: str | None = None, values: Mapping[str, Any] | None = None) -> Trace:
    """Both passes over a graph. `values` (numbers or nested lists, by name) are put into leaves first.

    Without a target there is no backward pass. Raises PlanError if there is no such leaf or target, or if what the run
    needs is unfinished; RunError if shapes do not fit on the way.
    """
    graph = holding(graph, values or {})
    plan = make_plan(graph, target)
    trace = trace_of(plan, leaf_values(graph), graph.seed)
    goal = graph.target if target is None else target
    for id in graph.nodes if goal is None else [goal]:
        if id in plan.unready:
            cause = _root_cause(graph, plan, id)
            raise PlanError(plan.unready[cause], (cause,), kind="unfinished")
        if trace.value(id) is None:
            failed = next(n for n in trace.failures if n == id or n in graph.topology.ancestors(id))
            raise RunError(trace.failures[failed], (failed,), kind="unfinished")
    if goal is not None and trace.plan.target is None:
        raise RunError(*next((sentence, (node,)) for node, sentence in trace.too_large.items()), kind="unfinished")
    trace.graph = graph
    return trace


def trace_of(plan: Plan, values: LeafValues, seed: float = 1.0) -> Trace:
    """Run both passes of a plan and keep every step. Nodes whose shapes misfit are named in `failures`.

    Where the gradients would take more memory than they may, there is no backward pass: part of one would be wrong.
    """
    slots: Slots = [None] * plan.size
    failures: dict[str, str] = {}
    meter = Meter()
    with np.errstate(all="ignore"), no_collection():  # IEEE results, never a warning: Problems speak of them
        steps: list[Step] = [*forward(plan, values, slots, failures, meter)]
        if plan.target is not None and slots[plan.slots[plan.target, 0]] is not None:
            try:
                steps += [*backward(plan, slots, seed, meter)]
            except OverLimit as error:
                meter.refused |= dict.fromkeys(error.ids, error.sentence)
                plan = without_target(plan)
    return Trace(plan, steps, failures, meter.refused)


@contextmanager
def no_collection() -> Iterator[None]:
    """Records hold no cycles: looking for garbage among a million of them would take as long as making them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def forward(
    plan: Plan, values: LeafValues, slots: Slots, failures: dict[str, str], meter: Meter
) -> Iterator[ForwardStep]:
    """Fill `slots` from left to right."""
    for task in plan.order:
        if isinstance(task, Leaf):
            value = held_by(task, values)
            if value.ndim and not _fits(task, value, failures, meter):
                continue
            slots[task.slot] = value
            yield _record(ForwardStep, (task.node, (), value, task.output))
            continue
        inputs: tuple[Any, ...] = tuple([slots[i] for i in task.inputs])
        if failures and any(x is None for x in inputs):
            continue  # it waits for a node that failed
        try:
            value = computed(task, inputs, meter)
        except (ValueError, IndexError) as error:
            failures[task.node] = misfit(task, inputs, error)
            continue
        except OverLimit as error:
            failures[task.node] = meter.refused[task.node] = error.sentence
            continue
        slots[task.slot] = value
        yield _record(ForwardStep, (task.node, inputs, value, 0))


def computed(task: Task, inputs: Sequence[Any], meter: Meter) -> Value:
    """The value of a node. Raises OverLimit before it would be made; what it raises where shapes do not fit."""
    if not (meter.watches or task.kernel.grows):
        value = task.kernel.forward(*inputs)
        if value.ndim:
            meter.hold(value)
        return value
    meter.before(task, inputs)
    try:
        value = task.kernel.forward(*inputs)
    except MemoryError:
        raise no_memory(task) from None
    meter.hold(value)
    return value


def _fits(leaf: Leaf, value: Value, failures: dict[str, str], meter: Meter) -> bool:
    """Whether what a leaf holds fits beside the others."""
    try:
        meter.leaf(leaf.node, value)
    except OverLimit as error:
        failures[leaf.node] = meter.refused[leaf.node] = error.sentence
        return False
    return True


def held_by(leaf: Leaf, values: LeafValues) -> Value:
    """What fills the slot of a leaf's output."""
    held = values[leaf.node]
    return held[leaf.output] if isinstance(held, tuple) else held


def backward(plan: Plan, slots: Slots, seed: float, meter: Meter) -> Iterator[SeedStep | ContributionStep]:
    """Bring the gradient of the target back to everything that it depends on. Fresh gradients in every run.

    Raises OverLimit before it would make what is too large.
    """
    assert plan.target is not None
    gradients: Slots = [None] * plan.size
    at = plan.slots[plan.target, 0]
    y = slots[at]
    assert y is not None
    gradients[at] = first = np.full(y.shape, float(seed))[()]
    yield SeedStep(plan.target, first)
    for task in plan.backward:
        upstream = gradients[task.slot]
        if upstream is None:
            continue
        inputs, y = [slots[i] for i in task.inputs], slots[task.slot]
        for back in task.back_edges:
            edge, before, axes = back.edge, gradients[back.slot], _NO_AXES
            if meter.watches:
                meter.before_back(task, back, inputs, y, upstream, before is not None)
                local, contribution, axes = send(back.vjp, inputs, edge.port, y, upstream)
            else:  # single numbers only: nothing has been broadcast
                local, contribution = sent_back(back.vjp, inputs, y, upstream)
            gradients[back.slot] = total = contribution if before is None else before + contribution
            if meter.watches:
                meter.hold_all(local, contribution, total)
            yield _record(ContributionStep, (edge, upstream, local, contribution, before, total, axes))


def send(
    vjp: Vjp, inputs: Sequence[Value | None], port: int, y: Value | None, upstream: Value
) -> tuple[Value | None, Value, tuple[int, ...]]:
    """upstream × local, summed back to the shape of input `port`: (local, contribution, the axes summed over)."""
    local, product = sent_back(vjp, inputs, y, upstream)
    source = inputs[port]
    assert source is not None
    if product.shape == source.shape:
        return local, product, _NO_AXES
    return local, unbroadcast(product, source.shape), summed_axes(product.shape, source.shape)


def sent_back(vjp: Vjp, inputs: Sequence[Value | None], y: Value | None, upstream: Value) -> tuple[Value | None, Value]:
    """The local derivative, where the rule is a product, and upstream × local in the shape that this has."""
    call = vjp.call
    if call is None:
        return _ONE, upstream
    if not vjp.is_local:
        return None, call(*inputs, y, upstream)
    local = call(*inputs, y)
    return local, upstream * local if vjp.chosen is None else vjp.chosen(*inputs, y, upstream)


_record = tuple.__new__  # of a NamedTuple: half the time of its own constructor, and there are two a node
_ONE = np.float64(1.0)
_NO_AXES: tuple[int, ...] = ()


def misfit(task: Task, inputs: tuple[Value, ...], error: Exception) -> str:
    """Which lengths of which shapes do not fit together, as a sentence about the node."""
    why = why_misfit(task.op, [x.shape for x in inputs], error)
    return f"{task.name or task.node}: {why} ({task.op.title})."


def _root_cause(graph: Graph, plan: Plan, id: str) -> str:
    """Why a node is not ready: the first thing in its ancestry that is not waiting itself."""
    ancestry = graph.topology.ancestors(id) | {id}
    return next(cause for cause in plan.unready if cause in ancestry)


def holding(graph: Graph, values: Mapping[str, Any]) -> Graph:
    """The graph with other values in its leaves. Raises PlanError for a name that is not a leaf and for other data."""
    for name, data in values.items():
        if name not in graph.nodes or not graph.nodes[name].op.is_leaf:
            leaves = ", ".join(id for id, node in graph.nodes.items() if node.op.is_leaf) or "none"
            raise PlanError(f"There is no leaf “{name}” to set; the leaves are: {leaves}.", (name,))
        try:
            graph = graph.apply(set_value(graph, name, data))
        except EditRefused as refused:
            raise PlanError(f"{name}: {refused.sentence}", (name,)) from None
    return graph
