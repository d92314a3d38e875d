"""The proof of the gradients: central differences for every element of every leaf, against what the backward pass says.

Symbols: f the target (its elements summed, times the seed); θ an element of a leaf; h the step.
    numeric = (f(θ + h) − f(θ − h)) / 2h, with an error of about h²·f‴/6 (truncation) plus ε·|f|/h (round-off);
    both are about equally large at h = ε^⅓ · max(1, |θ|)  (Press et al., Numerical Recipes, 5.7).

Where a step crosses a corner (ReLU at 0, a tie of max) there is no derivative to compare with: the verdict is “kink”.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import PlanError
from engine.graph.graph import Graph
from engine.ops.kernel import bind_text
from engine.ops.words.arrays import Misfit
from engine.passes.plan import Leaf, Task
from engine.passes.run import holding, run
from engine.passes.trace import Trace
from engine.values.values import Value

Verdict = Literal["ok", "kink", "undefined", "mismatch", "skipped"]
VERDICTS: tuple[Verdict, ...] = ("mismatch", "undefined", "kink", "skipped", "ok")  # the worst first

EPSILON = float(np.finfo(np.float64).eps)
STEP = EPSILON ** (1 / 3)
TOLERANCE = 1e-5
_RETRIES = (1.0, 0.1, 0.01, 10.0)  # steep functions want a smaller step, large ones a larger: a true mismatch stays one
_FINE = (1e-3, 1e-4, 1e-5)  # for what is very steep, such as sin(10⁶ x)
_SCALED = (-1.0, -0.5)  # powers of max(1, |θ|) / min(1, |θ|): for 1/x near 0, and sin x far out


@dataclass(frozen=True)
class LeafCheck:
    """One leaf: both gradients, their relative errors and verdicts, element by element, in the leaf's shape."""

    leaf: str
    analytic: Value
    numeric: Value
    error: Value
    verdicts: NDArray[np.str_]

    @property
    def verdict(self) -> Verdict:
        """The worst of its elements."""
        return next(v for v in VERDICTS if (self.verdicts == v).any())

    @property
    def worst(self) -> float:
        """The largest relative error among the elements that could be compared."""
        compared = np.asarray(self.error)[np.isin(self.verdicts, ("ok", "mismatch"))]
        return float(np.max(compared, initial=0.0))

    @property
    def worst_at(self) -> tuple[int, ...]:
        """The element that deserves the first look: of those checked the worst verdict, and there the largest error."""
        worst = next((v for v in VERDICTS if v != "skipped" and self.count(v)), "skipped")
        errors = np.where(self.verdicts == worst, np.nan_to_num(self.error, nan=0.0), -1.0)
        return tuple(int(i) for i in np.unravel_index(int(np.argmax(errors)), self.verdicts.shape))

    def count(self, verdict: Verdict) -> int:
        return int((self.verdicts == verdict).sum())


@dataclass(frozen=True)
class Report:
    """The check of a whole graph."""

    target: str
    leaves: tuple[LeafCheck, ...]
    tolerance: float

    @property
    def ok(self) -> bool:
        """Whether nothing that could be compared disagrees."""
        return all(leaf.verdict != "mismatch" for leaf in self.leaves)

    @property
    def worst(self) -> float:
        return max((leaf.worst for leaf in self.leaves), default=0.0)

    def count(self, verdict: Verdict) -> int:
        return sum(leaf.count(verdict) for leaf in self.leaves)


@dataclass(frozen=True)
class SweepPoint:
    """One step size of a sweep, and how far the numeric gradient is from the analytic one with it."""

    h: float
    numeric: float
    error: float


def gradcheck(
    graph: Graph,
    target: str | None = None,
    values: Mapping[str, Any] | None = None,
    *,
    leaves: Iterable[str] | None = None,
    tolerance: float = TOLERANCE,
    most: int | None = None,
) -> Report:
    """Check the gradient of every leaf (or of `leaves`) that gets one; at most `most` elements of each, at random.

    Raises PlanError without a target, and whatever `run` raises.
    """
    prober = Prober(graph, target, values)
    found = checking(prober, leaves, tolerance, most)
    return Report(prober.target, tuple(check for check in found if check is not None), tolerance)


def checking(
    prober: Prober, leaves: Iterable[str] | None = None, tolerance: float = TOLERANCE, most: int | None = None
) -> Iterator[LeafCheck | None]:
    """The same piece by piece, for callers that cannot wait: None after each element, and each leaf when done."""
    for leaf in prober.leaves if leaves is None else leaves:
        yield from _check_leaf(prober, leaf, tolerance, most)


def h_sweep(
    graph: Graph, leaf: str, index: Sequence[int] = (), steps: Iterable[float] | None = None, target: str | None = None
) -> list[SweepPoint]:
    """The error against the step size, for one element of a leaf: round-off on the left, truncation on the right."""
    return list(sweeping(Prober(graph, target), leaf, index, steps))


def sweeping(
    prober: Prober, leaf: str, index: Sequence[int] = (), steps: Iterable[float] | None = None
) -> Iterator[SweepPoint]:
    """The same sweep point by point."""
    at, analytic = tuple(index), float(prober.analytic(leaf)[tuple(index)])
    for h in np.logspace(-13, 0, 40) if steps is None else steps:
        numeric = prober.probe(leaf, at, float(h)).numeric
        yield SweepPoint(float(h), numeric, relative_error(analytic, numeric))


def relative_error(analytic: float, numeric: float) -> float:
    """|a − n| / max(|a|, |n|); 0 where both are 0."""
    size = max(abs(analytic), abs(numeric))
    return abs(analytic - numeric) / size if size else 0.0


@dataclass(frozen=True)
class Probe:
    """A central difference: its value, how far round-off may reach, and whether a corner lies between its two ends."""

    numeric: float
    noise: float
    crosses_kink: bool


class Prober:
    """A graph run once, ready to be run again, as far as it depends on one leaf, with one element moved.

    `trace`: the run of the graph as it is, where there is one already.
    """

    def __init__(
        self,
        graph: Graph,
        target: str | None = None,
        values: Mapping[str, Any] | None = None,
        trace: Trace | None = None,
    ) -> None:
        self.graph = holding(graph, values or {})
        goal = self.graph.target if target is None else target
        if goal is None:
            raise PlanError("There is no target, so there are no gradients to check.")
        self.target = goal
        self.trace = run(self.graph, goal) if trace is None else trace
        self.plan = self.trace.plan
        self._downstream: dict[str, list[Task]] = {}

    @cached_property
    def leaves(self) -> list[str]:
        """The leaves that get a gradient."""
        held = (step.node for step in self.plan.order if isinstance(step, Leaf) and step.output == 0)
        return [id for id in held if self.graph.nodes[id].value is not None and self.trace.gradient(id) is not None]

    def analytic(self, leaf: str) -> NDArray[np.float64]:
        """What the backward pass says. Raises PlanError for a node that is not a leaf with a gradient."""
        if leaf not in self.leaves:
            known = ", ".join(self.leaves) or "none"
            raise PlanError(f"“{leaf}” is not a leaf that gets a gradient; these are: {known}.")
        gradient = self.trace.gradient(leaf)
        assert gradient is not None
        return np.asarray(gradient)

    def probe(self, leaf: str, index: tuple[int, ...], h: float) -> Probe:
        """The central difference for one element with step h."""
        with np.errstate(all="ignore"):
            above, corners_above = self._moved(leaf, index, h)
            below, corners_below = self._moved(leaf, index, -h)
            theta = np.asarray(self.trace.value(leaf))[index]
            width = float((theta + h) - (theta - h)) or 2 * h  # what was really moved, beside a large θ
            numeric = float(self.graph.seed * (above - below) / width)
            noise = 20 * EPSILON * abs(self.graph.seed) * max(abs(above), abs(below), 1e-300) / h
        pairs = zip(corners_above, corners_below, strict=False)  # fewer where it could not be computed
        return Probe(numeric, float(noise), any(not np.array_equal(a, b) for a, b in pairs))

    def _moved(self, leaf: str, index: tuple[int, ...], by: float) -> tuple[np.float64, list[Value]]:
        """The target's sum, and the side of each corner on which things are, with one element moved.

        nan where there is none: a class id must not be moved far.
        """
        value = np.array(self.trace.value(leaf))
        value[index] += by
        slots: dict[int, Value] = {self.plan.slots[leaf, 0]: value[()]}
        corners: list[Value] = []
        for task in self._tasks(leaf):
            inputs = [slots.get(i, given) for i, given in self._given(task)]
            try:
                slots[task.slot] = task.kernel.forward(*inputs)
            except Misfit:
                return np.float64(np.nan), corners
            if task.op.kink:
                settings = self.graph.nodes[task.node].settings
                corners.append(np.sign(bind_text(task.op, task.op.kink, len(inputs), settings)(*inputs)))
        at = self.plan.slots[self.target, 0]
        final = slots[at] if at in slots else self.trace.value(self.target)
        assert final is not None
        return np.float64(np.sum(final)), corners

    def _given(self, task: Task) -> Iterable[tuple[int, Value]]:
        return zip(task.inputs, self.trace.inputs(task.node), strict=True)

    @cached_property
    def _upstream(self) -> set[str]:
        return self.graph.topology.ancestors(self.target) | {self.target}

    def _tasks(self, leaf: str) -> list[Task]:
        """What lies between a leaf and the target, in order."""
        if leaf not in self._downstream:
            between = self.graph.topology.descendants(leaf) & self._upstream
            order = self.plan.order
            self._downstream[leaf] = [step for step in order if isinstance(step, Task) and step.node in between]
        return self._downstream[leaf]


def _check_leaf(prober: Prober, leaf: str, tolerance: float, most: int | None) -> Iterator[LeafCheck | None]:
    analytic = prober.analytic(leaf)
    numeric, error = np.full(analytic.shape, np.nan), np.full(analytic.shape, np.nan)
    verdicts = np.full(analytic.shape, "skipped", dtype="<U9")
    for flat in _chosen(analytic.size, most):
        index = tuple(int(i) for i in np.unravel_index(flat, analytic.shape))
        numeric[index], verdicts[index] = _judge(prober, leaf, index, float(analytic[index]), tolerance)
        error[index] = relative_error(float(analytic[index]), float(numeric[index]))
        yield None
    yield LeafCheck(leaf, analytic[()], numeric[()], error[()], verdicts)


def _chosen(size: int, most: int | None) -> Iterable[int]:
    if most is None or size <= most:
        return range(size)
    return (int(i) for i in np.sort(np.random.default_rng(0).choice(size, most, replace=False)))


def _steps(size: float) -> Iterator[tuple[float, bool]]:
    """The steps to try beside |θ| = `size`, and whether one is fine: so small that round-off could hide a mismatch."""
    large, small = max(1.0, size), min(1.0, size)
    for factor in _RETRIES:
        yield factor * STEP * large, False
    for factor in _FINE:
        yield factor * STEP * large, True
    for power in _SCALED if size else ():
        yield STEP * large * (large / small) ** power, True


def _judge(prober: Prober, leaf: str, index: tuple[int, ...], analytic: float, tol: float) -> tuple[float, Verdict]:
    """The numeric gradient of the first step size that agrees, or else of the best one, and the verdict."""
    tried: list[Probe] = []
    for h, is_fine in _steps(abs(float(np.asarray(prober.trace.value(leaf))[index]))):
        if is_fine and any(probe.crosses_kink for probe in tried):
            break
        probe = prober.probe(leaf, index, h)
        tried.append(probe)
        near = tol * max(abs(analytic), abs(probe.numeric))
        certain = np.isfinite(probe.noise) and (probe.noise <= near or not is_fine)
        if certain and not probe.crosses_kink and abs(probe.numeric - analytic) <= near + probe.noise:
            return probe.numeric, "ok"
    smooth = [probe for probe in tried if not probe.crosses_kink]
    if not smooth:
        return tried[0].numeric, "kink"
    finite = [probe.numeric for probe in smooth if np.isfinite(probe.numeric)]
    if not finite:
        return smooth[0].numeric, "undefined"
    return min(finite, key=lambda n: relative_error(analytic, n) if np.isfinite(analytic) else 0.0), "mismatch"
