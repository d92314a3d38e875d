"""Rounding noise among the gradients reads as 0, in one place for sentences, equations and the colours of the canvas.

A number is noise if it is no larger than what rounding its own inputs to 64 bits may have made: 1 − 0.3 − 0.7 leaves
1.1e−16, where the terms are of size 1. A gradient that vanished by being multiplied, 1e−20 behind thirty sigmoids, is
no noise, for it would be the same if its factors were rounded a little differently.

Symbols: c a contribution, g its upstream gradient.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.graph.records import EdgeKey
from engine.ops.kernel import Vjp
from engine.passes.run import send
from engine.passes.trace import ContributionStep, Step, Trace
from engine.values.values import Value

UNIT = 2.0**-50  # what a few roundings of a number may amount to, as a share of it
MOVED = 2.0**-30  # how far inputs are moved to see what their rounding does, as a share of them
SUSPECT = 2.0**-40  # nothing larger than this share of the upstream gradient is looked at
MOST = 2**16  # elements: of a larger array nobody reads single ones, and looking would take longer than computing it

READ, EXACT = "as it is read", "as it was run"  # what a trace knows of another; None: it is that itself


def readable(trace: Trace) -> Trace:
    """The trace as it is read: with 0 in place of rounding noise; the same trace where there is none."""
    if READ not in trace.beside:
        trace.beside[READ] = settled = _settled(trace) if _suspicious(trace) else None
        if settled is not None:
            settled.beside |= {READ: None, EXACT: trace}
    read = trace.beside[READ]
    return trace if read is None else read


def exact(trace: Trace) -> Trace:
    """The trace with its rounding noise, as it was run: what is measured again is held against that."""
    run = trace.beside.get(EXACT)
    return trace if run is None else run


def read_step(trace: Trace, step: Step) -> Step:
    """A step of a trace as it is read."""
    read = readable(trace)
    if read is trace or not isinstance(step, ContributionStep):
        return step
    return read.steps[trace.contribution_at[step.edge.key]]


def _suspicious(trace: Trace) -> bool:
    """Whether any contribution or sum is suspect; the single numbers are looked at together."""
    sent = [(step.contribution, step.upstream) for step in trace.contributions]
    sums = [(step.total, step.before) for step in trace.contributions if step.before is not None]
    singles = [(number, beside) for number, beside in (*sent, *sums) if number.ndim == 0 == beside.ndim]
    if singles:
        sizes, limits = np.abs(np.array(singles, dtype=float)).T
        if np.any((sizes > 0) & (sizes < SUSPECT * limits)):
            return True
    return len(singles) < len(sent) + len(sums) and any(_is_suspect(*pair) for pair in (*sent, *sums))


def _is_suspect(number: Value, beside: Value | None) -> bool:
    """Whether some of a number is not 0, but very small beside another."""
    if beside is None or number.size > MOST:
        return False
    if number.ndim == 0 and beside.ndim == 0:
        return 0 < abs(float(number)) < SUSPECT * abs(float(beside))
    zeros = number.size - np.count_nonzero(number)
    return bool(np.count_nonzero(np.abs(number) < _limit(beside)) > zeros)


def _limit(beside: Value) -> float:
    """Below what size a number is suspect."""
    return SUSPECT * max(abs(float(np.max(beside, initial=0.0))), abs(float(np.min(beside, initial=0.0))))


def _settled(trace: Trace) -> Trace:
    """The contributions once more in order, from gradients that have no noise."""
    vjps = {back.edge.key: back.vjp for task in trace.plan.backward for back in task.back_edges}
    gradients: dict[str, Value] = {}
    terms: dict[str, list[Value]] = {}
    steps: list[Step] = []
    with np.errstate(all="ignore"):
        for step in trace.steps:
            read = step
            if isinstance(step, ContributionStep):
                read = _read_step(trace, vjps, gradients, terms, step)
                gradients[step.edge.source] = read.total
            steps.append(read)
    return Trace(trace.plan, steps, trace.failures, trace.too_large)


def _read_step(
    trace: Trace, vjps: dict[EdgeKey, Vjp], gradients: dict[str, Value], terms: dict[str, list[Value]],
    step: ContributionStep,
) -> ContributionStep:  # fmt: skip
    edge, before = step.edge, gradients.get(step.edge.source)
    upstream = gradients.get(edge.dest, step.upstream)
    sent = _Sender(vjps[edge.key], edge.port, trace.inputs(edge.dest), trace.value(edge.dest))
    contribution = step.contribution if upstream is step.upstream else sent(upstream)
    if _is_suspect(contribution, upstream):
        contribution = without(contribution, sent.noise(upstream, contribution))
    arrived = terms.setdefault(edge.source, [])
    arrived.append(contribution)
    if contribution is step.contribution and before is step.before:
        total = step.total
    else:
        total = contribution if before is None else before + contribution
    if _is_suspect(total, before):
        total = without(total, 0.5 * UNIT * len(arrived) * sum(map(np.abs, arrived)))
    return step._replace(upstream=upstream, contribution=contribution, before=before, total=total)


def without(value: Value, noise: Any) -> Value:
    """A value with 0 for each element that is no larger than the noise in it."""
    result: Value = np.where(np.abs(value) <= noise, 0.0, value)[()]
    return result


@dataclass(frozen=True)
class _Sender:
    """What an edge sends back for an upstream gradient, and how far that may be rounding noise."""

    vjp: Vjp
    port: int
    inputs: tuple[Value, ...]
    y: Value | None

    def __call__(self, upstream: Value) -> Value:
        return send(self.vjp, self.inputs, self.port, self.y, upstream)[1]

    def noise(self, upstream: Value, contribution: Value) -> Value:
        """How far c may be rounding noise, element by element; 0 where it is too large to be looked at."""
        if not (contribution.ndim and self._by_element(upstream)):
            return self._rounding(upstream, contribution)
        found = np.zeros(contribution.shape)
        where: Any = np.abs(contribution) < _limit(upstream)
        some = replace(self, inputs=tuple(_of(x, where) for x in self.inputs), y=_of(self.y, where))
        found[where] = some._rounding(_of(upstream, where), _of(contribution, where))
        return found

    def _by_element(self, upstream: Value) -> bool:
        """Whether each element of c comes from the same element of everything else."""
        values = [*self.inputs, upstream] if self.y is None else [*self.inputs, upstream, self.y]
        return self.vjp.is_local and all(value.shape == upstream.shape for value in values)

    def _rounding(self, upstream: Value, contribution: Value) -> Value:
        """How far c moves when each of the inputs, the output and g is rounded differently, one after the other."""
        moves: list[Callable[[], Value]] = [lambda: self(_moved(upstream))]
        for i, x in enumerate(self.inputs):
            inputs = (*self.inputs[:i], _moved(x), *self.inputs[i + 1 :])
            moves.append(lambda inputs=inputs: send(self.vjp, inputs, self.port, self.y, upstream)[1])  # type: ignore[misc]
        y = self.y
        if y is not None:
            moves.append(lambda: send(self.vjp, self.inputs, self.port, _moved(y), upstream)[1])
        total: Value = UNIT / MOVED * sum((np.abs(move() - contribution) for move in moves), np.float64(0.0))
        return np.nan_to_num(total, nan=0.0, posinf=0.0)


def _of(value: Any, where: Any) -> Any:
    """The elements of a value that are looked at."""
    return None if value is None else value[where]


def _moved(value: Value) -> Value:
    """A value with each element moved by a share of its own, up or down, the same each time."""
    shares = 0.5 + np.modf(0.6180339887498949 * np.arange(1, value.size + 1))[0]
    signs = np.where(np.modf(0.7548776662466927 * np.arange(1, value.size + 1))[0] < 0.5, -1.0, 1.0)
    result: Value = value * (1 + MOVED * (shares * signs).reshape(value.shape))[()]
    return result
