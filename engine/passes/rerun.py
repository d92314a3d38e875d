"""A run in which some leaves hold other numbers than in the run before: only the steps that this reaches run anew.

A slider of a large graph moves sixty times a second, and what it moves is a part of the graph. The steps are those of
`run`, to the last bit: each is made from the same numbers by the same functions.
"""

from typing import Any, cast

import numpy as np

from engine.passes.effects import Computing, Sending, effects_of
from engine.passes.leaves import LeafValues
from engine.passes.plan import Leaf, Plan
from engine.passes.run import held_by, no_collection, sent_back, trace_of
from engine.passes.trace import ContributionStep, ForwardStep, Step, Trace, gradient_after
from engine.values.values import Value

MOST = 0.4  # of all steps: where more were reached, a whole run is quicker


class _Arrays(Exception):
    """There is more than single numbers: their memory is metered, which a whole run does."""


def trace_again(plan: Plan, values: LeafValues, seed: float, last: Trace) -> Trace:
    """The run of a plan, as `trace_of`. `last` is the run before, of any plan; `Trace.anew` tells what is other."""
    rerun = _Rerun(plan, last) if last.plan is plan and not (last.failures or last.too_large) else None
    if rerun is None or not rerun.fits(values, seed):
        return trace_of(plan, values, seed)
    try:
        with np.errstate(all="ignore"), no_collection():
            return rerun.trace(values)
    except (_Arrays, ValueError, IndexError):  # of the errors, a whole run says what they mean
        return trace_of(plan, values, seed)


class _Rerun:
    """One run, beginning with the steps of the last."""

    def __init__(self, plan: Plan, last: Trace) -> None:
        self._plan, self._last, self._effects = plan, last, effects_of(plan)
        self._steps: list[Any] = list(last.steps)
        self._due = bytearray(len(last))
        self._anew: list[int] = []

    def fits(self, values: LeafValues, seed: float) -> bool:
        """Whether the last run went to the end, from the same seed, and not too much of it is reached."""
        known, steps = self._effects, self._steps
        if len(steps) != len(known.makers):
            return False
        if known.seed_at < len(steps) and not _all_are(steps[known.seed_at].gradient, seed):
            return False
        return not any(leaf.node in known.wide for leaf in self._moved(values).values())

    def trace(self, values: LeafValues) -> Trace:
        """All steps: those that are due are made, one after the other, until none is."""
        moved = self._moved(values)
        for at, leaf in moved.items():
            _number(self._steps[at].value)  # or another shape: the seed has that of the target
            self._put(at, ForwardStep(leaf.node, (), _number(held_by(leaf, values)), leaf.output))
        makers, at = self._effects.makers, self._due.find(1)
        while at >= 0:
            maker = makers[at]
            self._put(
                at, self._computing(maker) if isinstance(maker, Computing) else self._sending(cast(Sending, maker))
            )
            at = self._due.find(1, at + 1)
        if len(self._anew) > MOST * len(self._steps):
            self._effects.wide |= {leaf.node for leaf in moved.values()}
        return Trace(self._plan, self._steps, {}, anew=self._anew, last=self._last)

    def _moved(self, values: LeafValues) -> dict[int, Leaf]:
        """The leaves that hold something else, by step."""
        steps = self._steps
        return {at: leaf for at, leaf in self._effects.leaves if held_by(leaf, values) is not steps[at].value}

    def _put(self, at: int, step: Step) -> None:
        """A step is made. Where it makes another number, those that read it are due."""
        if _made(step).tobytes() != _made(self._steps[at]).tobytes():
            for reader in self._effects.readers[at]:
                self._due[reader] = 1
        self._steps[at] = step
        self._anew.append(at)

    def _computing(self, maker: Computing) -> ForwardStep:
        task, inputs = maker.task, tuple([self._steps[i].value for i in maker.inputs])
        if task.kernel.grows:
            raise _Arrays
        return ForwardStep(task.node, inputs, _number(task.kernel.forward(*inputs)))

    def _sending(self, maker: Sending) -> ContributionStep:
        steps, edge = self._steps, maker.back.edge
        inputs, upstream = [steps[i].value for i in maker.inputs], _made(steps[maker.upstream])
        local, contribution = sent_back(maker.back.vjp, inputs, steps[maker.y].value, upstream)
        if inputs[edge.port].ndim:
            raise _Arrays
        before = None if maker.before is None else _made(steps[maker.before])
        total = _number(contribution) if before is None else before + _number(contribution)
        return ContributionStep(edge, upstream, local, contribution, before, total)


def _all_are(gradient: Value, seed: float) -> bool:
    """Whether a gradient is a seed through and through; −0 is another than 0."""
    return bool(np.all((gradient == seed) & (np.signbit(gradient) == np.signbit(seed))))


def _made(step: Step) -> Any:
    """What others read of a step: a value, or the gradient that stands there then."""
    return step.value if isinstance(step, ForwardStep) else gradient_after(step)


def _number(value: Value) -> Value:
    if value.ndim:
        raise _Arrays
    return value
