"""One contribution, ready to be computed again with something in it done wrong.

Symbols: x the input of a node at a port, y its output, g the upstream gradient; contribution = g · ∂y/∂x.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engine.ops.kernel import contribution_text, forward_text, placeholders, rule_text
from engine.ops.substitute import substitute
from engine.passes.plan import BackEdge, Task
from engine.passes.trace import ContributionStep, SeedStep, Step, Trace
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

    @cached_property
    def numbers(self) -> Mapping[str, Any]:
        """What the text of a mistake may name. in0, in1 …: all inputs; sent: the contribution; part0, part1 …: all
        that has come to the source; back: a product summed back to the shape of x."""
        step, steps = self.step, self.trace.steps
        inputs = dict(zip(placeholders(len(self.inputs)), self.inputs, strict=True))
        parts = (_part(steps[at]) for at in self.arrived)
        found = inputs | {f"part{i}": part for i, part in enumerate(parts)}
        found |= {} if step.local is None else {"local": step.local}
        found |= {} if step.before is None else {"before": step.before}
        return found | {
            "xs": self.inputs, "x": self.x, "y": self.y, "g": self.g, "sent": step.contribution, "total": step.total,
            "seed": self.seed, "back": lambda product: unbroadcast(np.asarray(product)[()], self.x.shape),
        }  # fmt: skip

    @cached_property
    def arrived(self) -> list[int]:
        """The steps that add to the gradient of the source, this one and others."""
        return self.trace.arrivals[self.step.edge.source]

    # --- texts over these numbers

    def value_text(self, x: str) -> str:
        """What the node makes of another input."""
        return forward_text(self.task.op, (x,), self._settings)

    def local_text(self, x: str, y: str) -> str:
        """The local derivative of a node with one input, at another input and output."""
        return rule_text(self.task.op, 0, (x,), y, "g", self._settings)[0]

    def sent_text(self, g: str) -> str:
        """The contribution, if another upstream gradient had come."""
        names = placeholders(len(self.inputs))
        text = contribution_text(self.task.op, self.step.edge.port, names, "y", "g", self._settings)
        return f"back({substitute(text, {'g': g})})"

    @property
    def _settings(self) -> Mapping[str, Any]:
        return self.task.op.chosen(self.task.settings)

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


def _part(step: Step) -> Value:
    """What a step adds to a gradient."""
    assert isinstance(step, ContributionStep | SeedStep)
    return step.contribution if isinstance(step, ContributionStep) else step.gradient
