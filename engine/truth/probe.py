"""Slopes measured instead of derived: a graph run again with one element of a leaf moved a little.

Symbols: f the target (its elements summed, times the seed); θ an element of a leaf; h the step; ε the float's last bit.
    D(h) = (f(θ + h) − f(θ − h)) / 2h, a central difference, with an error of about h²·f‴/6 plus ε·|f|/h;
    R(h) = (4·D(h/2) − D(h)) / 3, the same extrapolated (Richardson): h⁴ instead of h², so that a larger step, and with
           it less round-off, is best: h = ε^⅕ · max(1, |θ|)  (Press et al., Numerical Recipes, 5.7).
    σ    = the noise of a function, from the fourth differences of its values at points so near that whatever is smooth
           has vanished from these: σ² = mean(Δ⁴²) / 70  (Hamming; Moré and Wild, Estimating Computational Noise, 2011).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import GradloomError, PlanError
from engine.graph.graph import Graph
from engine.ops.kernel import bind_text
from engine.ops.words.arrays import Misfit
from engine.passes.compile import Compiled
from engine.passes.leaves import leaf_values
from engine.passes.plan import Leaf, Task
from engine.passes.run import holding, run, trace_of
from engine.passes.trace import Trace
from engine.values.values import Value

EPSILON = float(np.finfo(np.float64).eps)
_ULPS = 20  # by how many of its last bits a target may be off
A_CALL = 100  # numbers, which are computed while an operation is called
_SAMPLES = 9  # points at which noise is looked for
_BINOMIAL = 70  # (2·4)! / (4!)²: the variance of a fourth difference of noise

Index = tuple[int, ...]


@dataclass(frozen=True)
class Probe:
    """A slope measured with step h: how far round-off may reach, and whether a corner lies between its ends."""

    h: float
    numeric: float
    noise: float
    crosses_kink: bool


class Prober:
    """A graph run once, ready to be run again, as far as it depends on one leaf, with one element moved.

    `trace`: the run of the graph as it is, where there is one already. Raises PlanError without a target.
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
        self._roundings: dict[str, float] = {}

    @cached_property
    def leaves(self) -> list[str]:
        """The leaves that get a gradient."""
        held = (step.node for step in self.plan.order if isinstance(step, Leaf) and step.output == 0)
        return [id for id in held if self.graph.nodes[id].value is not None and self.trace.gradient(id) is not None]

    def work(self, leaf: str, elements: int) -> int:
        """What it takes to move so many elements of a leaf once, or all that it has: as many numbers are computed in
        that time as are told."""
        once = sum(A_CALL + np.asarray(self.trace.value(task.node)).size for task in self._tasks(leaf))
        return once * min(np.asarray(self.trace.value(leaf)).size, elements)

    # --- what the two executors say

    def analytic(self, leaf: str) -> NDArray[np.float64]:
        """What the stepper says. Raises PlanError for a node that is not a leaf with a gradient."""
        if leaf not in self.leaves:
            known = ", ".join(self.leaves) or "none"
            raise PlanError(f"“{leaf}” is not a leaf that gets a gradient; these are: {known}.")
        gradient = self.trace.gradient(leaf)
        assert gradient is not None
        return np.asarray(gradient)

    def compiled(self, leaf: str) -> NDArray[np.float64]:
        """What the compiled function says, which trains; all nan if it cannot say anything in the leaf's shape."""
        shape = self.analytic(leaf).shape
        found = self._compiled.get(leaf, np.zeros(shape))  # of a leaf that does not reach the target
        return np.asarray(found) if np.shape(found) == shape else np.full(shape, np.nan)

    @cached_property
    def _compiled(self) -> Mapping[str, Value]:
        function = Compiled(self.plan, wanted=self.leaves, seed=self.graph.seed)
        try:
            return function(leaf_values(self.graph)).gradients
        except (GradloomError, ArithmeticError, ValueError, IndexError):
            return dict.fromkeys(self.leaves, np.full((0,), np.nan))  # a check reports; it does not fall over

    # --- what is measured

    def probe(self, leaf: str, index: Index, h: float) -> Probe:
        """The central difference D(h) for one element."""
        with np.errstate(all="ignore"):
            above, corners_above = self._moved(leaf, index, h)
            below, corners_below = self._moved(leaf, index, -h)
            theta = self._theta(leaf, index)
            width = float((theta + h) - (theta - h)) or 2 * h  # what was really moved, beside a large θ
            numeric = float(self.graph.seed * np.sum(above - below) / width)
            sizes = np.maximum(np.abs(above), np.abs(below))
            size = max(float(np.sum(np.where(above == below, 0.0, sizes))), float(np.max(sizes)))
            noise = EPSILON * max(_ULPS * abs(self.graph.seed) * size, self._rounding(leaf)) / h
        pairs = zip(corners_above, corners_below, strict=False)  # fewer where it could not be computed
        return Probe(h, numeric, noise, any(not np.array_equal(a, b) for a, b in pairs))

    def extrapolated(self, leaf: str, index: Index, h: float) -> Probe:
        """Richardson's R(h) for one element."""
        wide, narrow = self.probe(leaf, index, h), self.probe(leaf, index, h / 2)
        with np.errstate(all="ignore"):
            numeric = (4 * narrow.numeric - wide.numeric) / 3
        return Probe(h, numeric, narrow.noise, wide.crosses_kink or narrow.crosses_kink)

    def has_corner(self, leaf: str, index: Index, h: float) -> bool:
        """Whether the slopes from above and below differ at θ itself, and do not come together as the step shrinks."""
        wide, narrow = (self._one_sided_gap(leaf, index, step) for step in (h, h / 10))
        return narrow > 0.5 * wide and narrow * h > 100 * EPSILON * abs(float(np.sum(self._final(leaf, index, 0.0))))

    def _one_sided_gap(self, leaf: str, index: Index, h: float) -> float:
        """|slope from above − slope from below| with step h."""
        with np.errstate(all="ignore"):
            above, here, below = (self._final(leaf, index, by) for by in (h, 0.0, -h))
            return float(abs(np.sum((above - here) - (here - below)))) / h

    def noise(self, leaf: str, index: Index, h: float) -> float:
        """σ of the target near θ: what rounding on the way adds to it, told from what is smooth."""
        with np.errstate(all="ignore"):
            values = [float(np.sum(self._final(leaf, index, k * h / 100))) for k in _around()]
        return abs(self.graph.seed) * noise_of(values)

    def analytic_noise(self, leaf: str, index: Index, h: float) -> float:
        """σ of the stepper's gradient near θ: what rounding on the way back adds to it."""
        return noise_of([self._gradient_at(leaf, index, k * h / 100) for k in _around()])

    def _gradient_at(self, leaf: str, index: Index, by: float) -> float:
        held = leaf_values(self.graph) | {leaf: self._value(leaf, index, by)}
        gradient = trace_of(self.plan, held, self.graph.seed).gradient(leaf)
        return np.nan if gradient is None else float(np.asarray(gradient)[index])

    def _theta(self, leaf: str, index: Index) -> float:
        return float(np.asarray(self.trace.value(leaf))[index])

    def _value(self, leaf: str, index: Index, by: float) -> Value:
        value = np.array(self.trace.value(leaf))
        value[index] += by
        moved: Value = value[()]
        return moved

    def _final(self, leaf: str, index: Index, by: float) -> Value:
        return self._moved(leaf, index, by)[0]

    def _moved(self, leaf: str, index: Index, by: float) -> tuple[Value, list[Value]]:
        """The target, and the side of each corner on which things are, with one element moved.

        nan where there is none: a class id must not be moved far.
        """
        slots: dict[int, Value] = {self.plan.slots[leaf, 0]: self._value(leaf, index, by)}
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
        return final, corners

    def _given(self, task: Task) -> Iterable[tuple[int, Value]]:
        return zip(task.inputs, self.trace.inputs(task.node), strict=True)

    @cached_property
    def _upstream(self) -> set[str]:
        return self.graph.topology.ancestors(self.target) | {self.target}

    def _rounding(self, leaf: str) -> float:
        """How many ε what is rounded between a leaf and the target may move it: Σ |v| · |∂f/∂v| over all that is there.

        At least ε of the largest number, which may have cancelled within an operation.
        """
        if leaf not in self._roundings:
            with np.errstate(all="ignore"):
                moved = [self._felt(task.node) for task in self._tasks(leaf)]
            held = float(np.max(np.abs(np.asarray(self.trace.value(leaf))), initial=0.0))
            rest = _ULPS * EPSILON * max(held, *(size for size, _ in moved), 0.0)
            self._roundings[leaf] = max(4 * sum(felt for _, felt in moved), abs(self.graph.seed) * rest, 1e-300)
        return self._roundings[leaf]

    def _felt(self, node: str) -> tuple[float, float]:
        """The largest number that a node holds, and Σ |v| · |∂f/∂v| over what it holds; 0 where it is not finite."""
        value, gradient = self.trace.value(node), self.trace.gradient(node)
        if value is None or gradient is None:
            return 0.0, 0.0
        largest, felt = float(np.max(np.abs(value), initial=0.0)), float(np.sum(np.abs(value * gradient)))
        return (largest if np.isfinite(largest) else 0.0), (felt if np.isfinite(felt) else 0.0)

    def _tasks(self, leaf: str) -> list[Task]:
        """What lies between a leaf and the target, in order."""
        if leaf not in self._downstream:
            between = self.graph.topology.descendants(leaf) & self._upstream
            order = self.plan.order
            self._downstream[leaf] = [step for step in order if isinstance(step, Task) and step.node in between]
        return self._downstream[leaf]


def _around() -> range:
    return range(-(_SAMPLES // 2), _SAMPLES // 2 + 1)


def noise_of(values: list[float]) -> float:
    """σ of a function from its values at points that lie equally far apart, and near; ∞ where one is not finite."""
    if not np.isfinite(values).all():
        return np.inf
    with np.errstate(all="ignore"):
        return float(np.sqrt(np.mean(np.diff(values, 4) ** 2) / _BINOMIAL))
