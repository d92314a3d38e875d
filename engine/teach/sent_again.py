"""One contribution, ready to be computed again with something in it done wrong.

Symbols: x the input of a node at a port, y its output, g the upstream gradient; contribution = g · ∂y/∂x.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engine.passes.plan import BackEdge, Task
from engine.passes.run import send
from engine.passes.trace import ContributionStep, SeedStep, Trace
from engine.truth.wrong import RULES
from engine.values.values import Value, unbroadcast


@dataclass(frozen=True, eq=False)
class SentAgain:
    """A step of the backward pass with the task that it belongs to."""

    trace: Trace
    step: ContributionStep

    @cached_property
    def task(self) -> Task:
        return next(task for task in self.trace.plan.backward if task.node == self.step.edge.dest)

    @cached_property
    def back(self) -> BackEdge:
        return next(back for back in self.task.back_edges if back.edge.key == self.step.edge.key)

    @property
    def inputs(self) -> tuple[Value, ...]:
        return self.trace.inputs(self.step.edge.dest)

    @property
    def x(self) -> Value:
        return self.inputs[self.step.edge.port]

    @property
    def y(self) -> Value:
        value = self.trace.value(self.step.edge.dest)
        assert value is not None
        return value

    @property
    def g(self) -> Value:
        return self.step.upstream

    @cached_property
    def seed(self) -> float:
        """The gradient that was put into the target."""
        first = self.trace.steps[self.trace.backward_start]
        return float(np.ravel(first.gradient)[0]) if isinstance(first, SeedStep) and np.size(first.gradient) else 1.0

    def sent(self, inputs: Sequence[Any] | None = None, y: Value | None = None) -> tuple[Value | None, Value]:
        """The local derivative, if there is one, and the contribution: with other inputs, or another output."""
        given = self.inputs if inputs is None else inputs
        return send(self.back.vjp, given, self.step.edge.port, self.y if y is None else y, self.g)[:2]

    def times(self, local: Value) -> Value:
        """g times a local derivative, in the shape of the input."""
        return unbroadcast(self.g * local, self.x.shape)

    def broken(self, rule: str) -> Value:
        """The contribution by one of the broken rules of What if. Raises ValueError where the shapes refuse."""
        return RULES[rule].contribute(self.task, self.back, self.inputs, self.y, self.g)

    @cached_property
    def summed(self) -> int:
        """How many numbers were added up into each of the contribution: copies of broadcasting, rows of a batch."""
        if self.step.axes and self.step.local is not None:
            wide = np.broadcast_shapes(self.g.shape, self.step.local.shape, self.x.shape)
            return int(np.prod(wide, dtype=int) // max(self.x.size, 1))
        if self.task.op.name == "linear" and self.step.edge.port > 0:
            return int(np.prod(self.inputs[0].shape[:-1], dtype=int))
        if self.task.op.name == "matmul" and self.step.edge.port == 1 and self.inputs[0].ndim > 1:
            return int(self.inputs[0].shape[-2])
        return 1

    @cached_property
    def averaged(self) -> int:
        """Over how many numbers the node takes a mean."""
        if self.task.op.name == "mean" or self.task.op.group == "loss":
            return self._most // max(self.y.size, 1)
        return 1

    @property
    def _most(self) -> int:
        if self.task.op.name == "cross_entropy":
            return int(self.inputs[0].size // self.inputs[0].shape[-1])
        return int(np.prod(np.broadcast_shapes(*(x.shape for x in self.inputs)), dtype=int))
