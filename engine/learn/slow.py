"""One step of learning, told slowly: both passes, how each parameter is turned, the forward pass again, and the drop.

    taken = slow_step(graph, TrainingConfig(optimizer="sgd", lr=0.1))
    taken.updates                     # old → new, line by line
    document.apply(taken.change(graph))
    taken = slow_step(document.graph, config, taken)          # the next one, with what the optimiser keeps

It is the step that `Trainer` would make, to the last bit. Where nothing is marked as a parameter, every input turns.

Symbols: g a gradient, Δ what is added to a parameter; −g · Δ, summed, is the drop that the gradient promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.edits.nodes import change_op, set_parameters
from engine.errors import EditRefused, PlanError
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.model import Batches, Model
from engine.learn.optimisers import RunningMeans, Vector, make_update, norm, shortening
from engine.learn.rule import GRADIENT, OWN, Kept, Turn
from engine.passes.leaves import leaf_values
from engine.passes.plan import Plan, make_plan
from engine.passes.run import trace_of
from engine.passes.trace import DropStep, RuleLine, Trace, UpdateStep
from engine.values.values import Value

MOST_WRITTEN = 4  # parameters whose shares of the drop are written out
AGREE = 1e-6  # how far the gradient that is shown may be from the one that training takes, as a share of it


@dataclass(frozen=True, eq=False)
class SlowStep:
    """A step that was made, and how. `memory` and `number` are what the next one goes on from."""

    config: TrainingConfig
    before: Trace
    updates: tuple[UpdateStep, ...]
    after: Trace
    drop: DropStep
    memory: RunningMeans
    number: int  # counted from 1
    marked: bool  # whether what turns is marked as a parameter

    @property
    def parameters(self) -> dict[str, Value]:
        """What they hold after it."""
        return {step.node: step.after for step in self.updates}

    def change(self, graph: Graph) -> Change:
        """The edit that makes the step: one change."""
        return set_parameters(graph, self.parameters, f"Step {self.number} of learning")

    def leads_to(self, graph: Graph) -> bool:
        """Whether a graph holds what this step has left, to the last bit: then the next one goes on from it."""
        return holds(graph, self.parameters)


def slow_step(
    graph: Graph, config: TrainingConfig, memory: RunningMeans | None = None, made: int = 0, as_shown: bool = False
) -> SlowStep:
    """The next step from where a graph stands, after `made` of them that have left `memory`; `as_shown`: over the rows
    that the graph shows of its data, in place of those whose turn it is.

    Raises PlanError, RunError or EditRefused where none can be made, with a sentence that says why.
    """
    learning, marked = _learning(graph)
    with np.errstate(all="ignore"):
        model = Model(learning)
        if memory is None or memory.of != tuple(model.names):  # others learn now: a beginning
            memory, made = RunningMeans(of=tuple(model.names)), 0
        rows = Batches(model.row_count, config.batch, config.seed).rows_of(made)
        plan, seen = make_plan(learning), {} if as_shown else model.rows_seen(rows)
        before = trace_of(plan, leaf_values(learning) | seen, graph.seed)
        gradient = _shown_gradient(model, before) if as_shown else _gradient(model, before, rows)
        memory = memory.copy()
        had, start = memory.copy(), model.theta.copy()
        update = make_update(config.optimizer, start.size, config.lr, config.weight_decay, config.clip, memory)
        update(model.theta, gradient)
        _check_finite(learning, model.theta)
        stepped = learning.apply(set_parameters(learning, model.parameters()))
        after = trace_of(plan, leaf_values(stepped) | seen, graph.seed)
        short = shortening(gradient, config.clip) if config.clip else 1.0
        cut = _Cut(model, config, short, made + 1)
        updates = cut.updates(start, gradient, had, memory)
        drop = _drop(plan, before, after, updates, config, graph.seed)
    return SlowStep(config, before, updates, after, drop, memory, made + 1, marked)


def _learning(graph: Graph) -> tuple[Graph, bool]:
    """A graph in which something is marked as a parameter: the same, or one in which every input is."""
    if any(node.op_name == "parameter" for node in graph.nodes.values()):
        return graph, True
    held = [id for id, node in graph.nodes.items() if node.op_name == "input" and node.value is not None]
    for id in held:
        graph = graph.apply(change_op(graph, id, "parameter"))
    return graph, False


def _gradient(model: Model, trace: Trace, rows: NDArray[np.intp] | None) -> Vector:
    """That of training. Where what is shown is another, because dropout draws anew, the one that is shown."""
    _, gradient = model.pull(rows)
    shown = _shown_gradient(model, trace)
    agrees = np.allclose(gradient, shown, AGREE, AGREE * max(norm(shown), 1e-300), equal_nan=True)
    return gradient.copy() if agrees else shown


def _shown_gradient(model: Model, trace: Trace) -> Vector:
    return np.concatenate([np.ravel(_shown(trace, name)) for name in model.names])


def _shown(trace: Trace, name: str) -> Value:
    gradient = trace.gradient(name)
    if gradient is None:
        raise PlanError(f"{name} gets no gradient here.", (name,), kind="no parameter")
    return gradient


def _check_finite(graph: Graph, theta: Vector) -> None:
    if not np.isfinite(theta).all():
        raise EditRefused(
            "This step would leave numbers that are not finite: a smaller learning rate may help.", kind="not finite"
        )


@dataclass(frozen=True)
class _Cut:
    """Cuts vectors as long as θ into what belongs to each parameter."""

    model: Model
    config: TrainingConfig
    short: float
    number: int

    def updates(self, start: Vector, gradient: Vector, had: RunningMeans, has: RunningMeans) -> tuple[UpdateStep, ...]:
        """A step a parameter, in the order in which they are drawn."""
        now = self.model.parameters()
        steps, at = [], 0
        for name, after in now.items():
            place, shape = slice(at, at + after.size), after.shape
            at += after.size
            turn = Turn(
                self.config, _piece(gradient, place, shape), _piece(start, place, shape), after, self.short,
                _kept(had, place, shape), _kept(has, place, shape), self.number,
            )  # fmt: skip
            steps.append(UpdateStep(name, turn.gradient, turn.before, after, turn.lines(), self.config.optimizer))
        return tuple(steps)


def _piece(vector: Vector, place: slice, shape: tuple[int, ...]) -> Value:
    piece: Value = vector[place].reshape(shape).copy()[()]
    return piece


class _FromZero(dict[str, Value]):
    """What is kept of a parameter: 0 where nothing is kept yet."""

    def __init__(self, kept: Kept, shape: tuple[int, ...]) -> None:
        super().__init__(kept)
        self._shape = shape

    def __missing__(self, sign: str) -> Value:
        zero: Value = np.zeros(self._shape)[()]
        return zero


def _kept(memory: RunningMeans, place: slice, shape: tuple[int, ...]) -> Kept:
    return _FromZero({sign: _piece(vector, place, shape) for sign, vector in memory.vectors.items()}, shape)


# --- what it has brought


def _drop(
    plan: Plan, before: Trace, after: Trace, updates: tuple[UpdateStep, ...], config: TrainingConfig, seed: float
) -> DropStep:
    target = plan.target
    assert target is not None
    was, now = (_goal(trace, target, seed) for trace in (before, after))
    promised = np.float64(-sum(float(np.sum(step.gradient * (step.after - step.before))) for step in updates))
    lines = (
        _promise(updates, config, promised),
        RuleLine("the true drop", "a - b", {"a": (OWN, was), "b": (f"new {OWN}", now)}, was - now),
    )
    return DropStep(target, was, now, promised, lines)


def _goal(trace: Trace, target: str, seed: float) -> Value:
    value = trace.value(target)
    assert value is not None
    return np.float64(seed * float(np.sum(value)))


def _promise(updates: tuple[UpdateStep, ...], config: TrainingConfig, promised: Value) -> RuleLine:
    """η · ‖g‖² of a plain step downhill; else −g · Δ of each parameter, where these are few numbers."""
    name = "the promised drop"
    if config.optimizer == "sgd" and not (config.clip or config.weight_decay):
        size = np.float64(norm(np.concatenate([np.ravel(step.gradient) for step in updates])))
        return RuleLine(name, "r * n ** 2", {"r": ("η", np.float64(config.lr)), "n": ("‖g‖", size)}, promised)
    if len(updates) > MOST_WRITTEN or any(np.ndim(step.gradient) for step in updates):
        return RuleLine(name, "s", {"s": ("Σ −g · Δ", promised)}, promised)
    parts: dict[str, tuple[str, Value]] = {}
    for i, step in enumerate(updates):
        parts[f"g{i}"] = (f"{GRADIENT}{step.node}", step.gradient)
        parts[f"d{i}"] = (f"Δ{step.node}", step.after - step.before)
    source = " - ".join(f"g{i} * d{i}" for i in range(len(updates)))
    return RuleLine(name, f"-{source}", parts, promised)


def holds(graph: Graph, parameters: Mapping[str, Value]) -> bool:
    """Whether a graph holds these numbers, to the last bit."""
    return all(
        (node := graph.nodes.get(id)) is not None and node.value is not None and _same(node.value, value)
        for id, value in parameters.items()
    )


def _same(one: Value, other: Value) -> bool:
    return np.shape(one) == np.shape(other) and np.asarray(one).tobytes() == np.asarray(other).tobytes()


def without_length(config: TrainingConfig) -> TrainingConfig:
    """What two steps must have in common for one to go on from the other: all but how long is trained."""
    return replace(config, epochs=0, steps=0)
