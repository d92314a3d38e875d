"""Rounding noise among the gradients reads as 0, in one place for sentences, equations and the colours of the canvas.

A number is noise if it is no larger than what rounding its own inputs to 64 bits may have made: 1 − 0.3 − 0.7 leaves
1.1e−16, where the terms are of size 1. A gradient that vanished by being multiplied, 1e−20 behind thirty sigmoids, is
no noise, for it would be the same if its factors were rounded a little differently.

Symbols: c a contribution, g its upstream gradient.
"""

from array import array
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from engine.graph.records import Edge, EdgeKey
from engine.ops.kernel import Vjp
from engine.passes.plan import Plan
from engine.passes.run import send
from engine.passes.trace import ContributionStep, Step, Trace
from engine.values.values import Value

UNIT = 2.0**-50  # what a few roundings of a number may amount to, as a share of it
MOVED = 2.0**-30  # how far inputs are moved to see what their rounding does, as a share of them
SUSPECT = 2.0**-40  # nothing larger than this share of the upstream gradient is looked at
MOST = 2**16  # elements: of a larger array nobody reads single ones, and looking would take longer than computing it

READ, EXACT = "as it is read", "as it was run"  # what a trace knows of another; None: it is that itself


def readable(trace: Trace, last: Trace | None = None) -> Trace:
    """The trace as it is read: with 0 in place of rounding noise; the same trace where there is none.

    `last`: the trace before, as it was run.
    """
    if READ not in trace.beside:
        known = last.suspects if last is not None and trace.anew_since(last) is not None else None
        suspects = trace.suspects = _suspects(trace) if known is None else _suspects_again(trace, known)
        trace.beside[READ] = settled = _settled(trace, suspects) if suspects else None
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


def _suspects(trace: Trace) -> set[int]:
    """The contributions, by their number, of which what is sent or the sum is suspect; single numbers all at once."""
    steps = trace.contributions
    if not steps:
        return set()
    vjps = _vjps(trace.plan)
    _, upstream, _, sent, before, total, _ = zip(*steps, strict=True)
    if {*map(type, sent), *map(type, upstream), *map(type, total)} == {np.float64}:
        had = [0.0 if number is None else number for number in before]  # nothing is small beside nothing
        small = [i for i in _suspect_rows(sent, upstream) if not vjps[steps[i].edge.key].is_plain]
        return {*small, *_suspect_rows(total, had)}
    return {i for i, step in enumerate(steps) if _may_be_noise(step, vjps[step.edge.key])}


def _suspects_again(trace: Trace, known: Set[int]) -> set[int]:
    """The same, of a trace that differs in few steps from one of which they are known."""
    first, steps = trace.backward_start + 1, trace.steps
    anew = {at - first for at in trace.anew or () if at >= first}
    found = set(known - anew)
    vjps = _vjps(trace.plan)
    for i in anew:
        step = steps[first + i]
        assert isinstance(step, ContributionStep)
        if _may_be_noise(step, vjps[step.edge.key]):
            found.add(i)
    return found


def _may_be_noise(step: ContributionStep, vjp: Vjp) -> bool:
    """Whether what is sent, or the sum, is suspect: not the product of two numbers."""
    is_product = vjp.is_plain and step.upstream.ndim == 0
    is_small = not is_product and _is_suspect(step.contribution, step.upstream)
    return is_small or _is_suspect(step.total, step.before)


def _suspect_rows(numbers: Sequence[Any], beside: Sequence[Any]) -> list[int]:
    sizes, limits = (np.abs(np.frombuffer(array("d", row))) for row in (numbers, beside))
    found: list[int] = np.flatnonzero((sizes > 0) & (sizes < SUSPECT * limits)).tolist()
    return found


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


def _settled(trace: Trace, suspects: set[int]) -> Trace | None:
    """The contributions once more in order, from gradients that have no noise: those that may be other than as run.

    None: there is no noise in any of them.
    """
    steps, moved = list(trace.steps), dict[str, Value]()  # the gradients that are other than they were run, so far
    is_other = False
    with np.errstate(all="ignore"):
        for i, step in enumerate(trace.contributions):
            edge = step.edge
            if i in suspects or edge.source in moved or edge.dest in moved:
                at = trace.backward_start + 1 + i
                steps[at] = read = _read_step(trace, steps, at, step, moved)
                is_other = is_other or read is not step
                if edge.source in moved or read.total is not step.total:
                    moved[edge.source] = read.total
    return Trace(trace.plan, steps, trace.failures, trace.too_large) if is_other else None


def _read_step(
    trace: Trace, steps: list[Step], at: int, step: ContributionStep, moved: dict[str, Value]
) -> ContributionStep:
    """Step `at` as it is read, those before it being read already: the same where there is no noise in it."""
    edge, before = step.edge, moved.get(step.edge.source, step.before)
    upstream = moved.get(edge.dest, step.upstream)
    contribution = step.contribution
    if upstream is not step.upstream:
        contribution = _sender(trace, edge)(upstream)
    if _is_suspect(contribution, upstream):
        contribution = without(contribution, _sender(trace, edge).noise(upstream, contribution))
    if contribution is step.contribution and before is step.before:
        total = step.total
    else:
        total = contribution if before is None else before + contribution
    if _is_suspect(total, before):
        earlier = [_sent(steps[i]) for i in trace.arrivals[edge.source] if i < at]
        total = without(total, 0.5 * UNIT * (len(earlier) + 1) * sum(map(np.abs, (*earlier, contribution))))
    read = (upstream, contribution, before, total)
    was = (step.upstream, step.contribution, step.before, step.total)
    if all(one is other for one, other in zip(read, was, strict=True)):
        return step
    return step._replace(upstream=upstream, contribution=contribution, before=before, total=total)


def _sent(step: Step) -> Value:
    assert isinstance(step, ContributionStep)
    return step.contribution


def without(value: Value, noise: Any) -> Value:
    """A value with 0 for each element that is no larger than the noise in it; the same value where none is."""
    is_noise = np.abs(value) <= noise
    if not np.any(is_noise):
        return value
    result: Value = np.where(is_noise, 0.0, value)[()]
    return result


def _sender(trace: Trace, edge: Edge) -> "_Sender":
    """What an edge sends, in a run."""
    return _Sender(_vjps(trace.plan)[edge.key], edge.port, trace.inputs(edge.dest), trace.value(edge.dest))


def _vjps(plan: Plan) -> dict[EdgeKey, Vjp]:
    """The backward rule of each edge."""
    vjps: dict[EdgeKey, Vjp] | None = plan.kept.get("vjps")
    if vjps is None:
        vjps = {back.edge.key: back.vjp for task in plan.backward for back in task.back_edges}
        plan.kept["vjps"] = vjps
    return vjps


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
        if self.vjp.is_plain and upstream.ndim == 0:
            return _NO_NOISE  # a product of two numbers: its factors rounded otherwise, it would be the same
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
            moves.append(partial(self._sent, inputs, self.y, upstream))
        y = self.y
        if y is not None:
            moves.append(partial(self._sent, self.inputs, _moved(y), upstream))
        total: Value = UNIT / MOVED * sum((np.abs(move() - contribution) for move in moves), np.float64(0.0))
        if total.ndim == 0:
            return total if np.isfinite(total) else np.float64(0.0)
        return np.nan_to_num(total, nan=0.0, posinf=0.0)

    def _sent(self, inputs: tuple[Value, ...], y: Value | None, upstream: Value) -> Value:
        return send(self.vjp, inputs, self.port, y, upstream)[1]


def _of(value: Any, where: Any) -> Any:
    """The elements of a value that are looked at."""
    return None if value is None else value[where]


def _moved(value: Value) -> Value:
    """A value with each element moved by a share of its own, up or down, the same each time."""
    return value * _MOVED_ONE if value.ndim == 0 else _moved_elements(value)


def _moved_elements(value: Value) -> Value:
    shares = 0.5 + np.modf(0.6180339887498949 * np.arange(1, value.size + 1))[0]
    signs = np.where(np.modf(0.7548776662466927 * np.arange(1, value.size + 1))[0] < 0.5, -1.0, 1.0)
    result: Value = value * (1 + MOVED * (shares * signs).reshape(value.shape))[()]
    return result


_NO_NOISE: Value = np.float64(-1.0)  # less than any size
_MOVED_ONE: Value = _moved_elements(np.float64(1.0))  # how far a single number is moved
