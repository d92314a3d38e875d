"""What is differentiated as a function of a few elements of leaves, all else held: curves, landscapes, nudges.

Symbols: L the target, or seed · target, of a tensor the sum of its elements; θ an element of a leaf, a *knob*;
h a step; λ the largest curvature, an eigenvalue of the Hessian of L over the knobs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.graph.graph import Graph
from engine.ops.words.arrays import Misfit
from engine.passes.plan import Task
from engine.passes.run import Slots
from engine.passes.trace import ForwardStep, Trace
from engine.truth.differences import STEP
from engine.truth.straight import Entry, Ways, entries
from engine.values.values import Value

Numbers = NDArray[np.float64]
LARGEST = float(np.finfo(np.float64).max)
_SIDED = 1e-3  # by as much of the slope its two sides differ at a kink
_CORNERS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
_STEEP = 0.2  # of all that is seen of a curve: what rises by more between two places may be a jump
_NEARER, _MOST_JUMPS = 5, 12  # times that one looks eight times as near; so many jumps are looked for
_WIDER = 8.0  # times as far: there a kink seems to be curved so many times less, and what is smooth as much as before
_CURVED = float(np.finfo(np.float64).eps) ** 0.25  # the step of second differences (Press et al., 5.7)


@dataclass(frozen=True)
class Knob:
    """One element of a leaf: `index` is empty where the leaf is a number."""

    leaf: str
    index: tuple[int, ...] = ()


@dataclass(frozen=True)
class Nudge:
    """A knob moved by h: what the target really did, and what its gradient promised."""

    h: float
    before: float
    after: float
    promised: float  # gradient · h

    @property
    def really(self) -> float:
        return self.after - self.before

    @property
    def apart(self) -> float:
        """What the straight line misses: of a smooth function it shrinks as h²."""
        return self.really - self.promised


def can_turn(trace: Trace, knob: Knob) -> bool:
    """Whether L over a knob can be asked for: a finite number in a leaf, and a pass that reached the target."""
    target, value = trace.plan.target, trace.value(knob.leaf)
    if target is None or value is None or trace.value(target) is None or len(knob.index) != value.ndim:
        return False
    inside = all(0 <= at < length for at, length in zip(knob.index, value.shape, strict=True))
    return inside and bool(np.isfinite(np.asarray(value)[knob.index]))


class Along:
    """L as a function of knobs. Computes only what lies between them and the target.

    Raises ValueError for a knob that `can_turn` refuses.
    """

    def __init__(self, graph: Graph, trace: Trace, knobs: Sequence[Knob]) -> None:
        plan = trace.plan
        if plan.target is None or not all(can_turn(trace, knob) for knob in knobs):
            raise ValueError("there is no finite number to turn, or no target")
        self.knobs = tuple(knobs)
        moved = {id for knob in knobs for id in graph.topology.descendants(knob.leaf)}
        between = moved & (graph.topology.ancestors(plan.target) | {plan.target})
        self.tasks = [task for task in plan.order if isinstance(task, Task) and task.node in between]
        self._slots: Slots = [None] * plan.size
        for step in trace.steps[: trace.backward_start]:
            if isinstance(step, ForwardStep):
                self._slots[plan.slots[step.node, step.output]] = step.value
        self._held = {plan.slots[knob.leaf, 0]: trace.value(knob.leaf) for knob in knobs}
        self._at = [plan.slots[knob.leaf, 0] for knob in knobs]
        self._target, self._seed = plan.slots[plan.target, 0], graph.seed
        self._final = trace.value(plan.target)
        self._ways: Ways = plan.kept.setdefault("ways", {})
        self._straight: dict[str, Entry] | None = None  # found when the first place is asked for
        self._spared = False  # whether no node reads the knobs' leaves themselves
        gradients = [trace.gradient(knob.leaf) for knob in knobs]
        pairs = zip(gradients, knobs, strict=True)
        self.slopes = tuple(0.0 if g is None else float(np.asarray(g)[knob.index]) for g, knob in pairs)
        self.at = tuple(float(np.asarray(trace.value(knob.leaf))[knob.index]) for knob in knobs)

    def __call__(self, *thetas: float) -> float:
        """L where the knobs stand at θ."""
        return self._summed(self._turned(thetas)[self._target])

    def over(self, *thetas: Numbers) -> Numbers:
        """L at many places at once: arrays of one shape, an element a place."""
        if self._is_plain:
            slots = self._turned(thetas)
            return np.broadcast_to(self._seed * np.asarray(slots[self._target]), thetas[0].shape)
        flat = zip(*(np.ravel(theta) for theta in thetas), strict=True)
        return np.reshape([self(*map(float, place)) for place in flat], thetas[0].shape)

    def values(self, *thetas: float) -> dict[str, Value]:
        """What every node on the way holds where the knobs stand at θ, the target among them."""
        slots = self._turned(thetas)
        found = {task.node: slots[task.slot] for task in self.tasks}
        return {id: value for id, value in found.items() if value is not None}

    def nudges(self, *pushes: float) -> list[Nudge]:
        """The first knob moved by each h, the others held."""
        after = self._first_moved(*pushes)
        return [Nudge(h, self.here, there, self.slopes[0] * h) for h, there in zip(pushes, after, strict=True)]

    @cached_property
    def here(self) -> float:
        """L where the knobs stand: what the run has found."""
        return self._summed(self._final)

    @cached_property
    def one_sided(self) -> tuple[float, float]:
        """The slopes over the first knob on its left and its right, where a kink may be nearer than h."""
        return self._sides(STEP * max(1.0, abs(self.at[0])))

    @cached_property
    def kink(self) -> tuple[float, float] | None:
        """The slopes on both sides, if there is a kink: a difference that does not shrink with h."""
        left, right = self.one_sided
        apart = abs(left - right)
        if not apart > _SIDED * max(1.0, abs(left), abs(right)):
            return None
        nearer = self._sides(STEP * max(1.0, abs(self.at[0])) / 8)
        return (left, right) if abs(nearer[0] - nearer[1]) > apart / 2 else None

    def _sides(self, h: float) -> tuple[float, float]:
        """The slopes from h to 2h away and from 2h to 4h, carried on to where the knob stands: exact for parabolas."""
        near = self._first_moved(-4 * h, -2 * h, -h, h, 2 * h, 4 * h)
        left = 2 * (near[2] - near[1]) / h - (near[1] - near[0]) / (2 * h)
        return left, 2 * (near[4] - near[3]) / h - (near[5] - near[4]) / (2 * h)

    @cached_property
    def curvature(self) -> float:
        """λ, from second differences of L where the knobs stand; not above 0: no valley there; inf: at a kink or a jump
        there is none; nan: L is not finite all round."""
        steps = np.array([_CURVED * max(1.0, abs(x)) for x in self.at])
        hessian = self._hessian(steps)
        if not np.all(np.isfinite(hessian)):
            return float("nan")
        jumps = np.abs(hessian) * np.sqrt(np.outer(steps, steps))  # by so much a slope would change from here to there
        if np.any(jumps > _SIDED * max(1.0, *map(abs, self.slopes))):
            wider = self._hessian(steps * _WIDER)
            with np.errstate(all="ignore"):
                if np.any(np.abs(hessian[jumps > _SIDED]) > np.abs(wider[jumps > _SIDED]) * _WIDER / 2):
                    return float("inf")
        return float(np.linalg.eigvalsh(hessian)[-1])

    def _hessian(self, steps: Numbers) -> Numbers:
        """∂²L/∂θᵢ∂θⱼ over all knobs."""
        pairs = [(i, j) for i in range(len(steps)) for j in range(i + 1)]
        found = dict(zip(pairs, self._seconds(pairs, steps), strict=True))
        return np.array([[found[max(i, j), min(i, j)] for j in range(len(steps))] for i in range(len(steps))])

    def _seconds(self, pairs: Sequence[tuple[int, int]], steps: Sequence[float] | Numbers) -> list[float]:
        """∂²L/∂θᵢ∂θⱼ of each pair, from L at four corners; where i = j two of them are the place itself."""
        places = []
        for i, j in pairs:
            for si, sj in _CORNERS:
                place = list(self.at)
                place[i] += si * steps[i] / (2 if i == j else 1)
                place[j] += sj * steps[j] / (2 if i == j else 1)
                places.append(place)
        heights = self.over(*np.array(places).T).reshape(-1, len(_CORNERS))
        sums = heights @ [si * sj for si, sj in _CORNERS]
        return [float(t) / (steps[i] * steps[j] * (1 if i == j else 4)) for t, (i, j) in zip(sums, pairs, strict=True)]

    def _first_moved(self, *pushes: float) -> list[float]:
        """L with the first knob pushed, for each push."""
        xs = self.at[0] + np.array(pushes)
        return [float(y) for y in self.over(xs, *(np.full(len(pushes), x) for x in self.at[1:]))]

    def _turned(self, thetas: Sequence[Any]) -> Slots:
        """All slots, with the knobs at θ."""
        slots, straight = self._slots, self._entered()
        for slot, held in self._held.items():
            slots[slot] = held
        if not self._spared:
            for slot, knob, theta in zip(self._at, self.knobs, thetas, strict=True):
                slots[slot] = _with(slots[slot], knob.index, theta)
        pushes = [theta - at for theta, at in zip(thetas, self.at, strict=True)] if straight else ()
        with np.errstate(all="ignore"):
            for task in self.tasks:
                entry = straight.get(task.node)
                if entry is not None:
                    slots[task.slot] = entry.at(pushes)
                else:
                    slots[task.slot] = _found(task, [slots[i] for i in task.inputs], slots[task.slot])
        return slots

    def _entered(self) -> dict[str, Entry]:
        """The nodes that are not computed anew, for knobs enter them on a straight line."""
        if self._straight is None:
            knobs: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
            for number, (slot, knob) in enumerate(zip(self._at, self.knobs, strict=True)):
                knobs.setdefault(slot, []).append((number, knob.index))
            with np.errstate(all="ignore"):
                self._straight = entries(self.tasks, self._slots, knobs, self._ways)
            fed = [task.node for task in self.tasks if not {*task.inputs}.isdisjoint(self._at)]
            self._spared = bool(fed) and all(node in self._straight for node in fed)
        return self._straight

    def _summed(self, result: Any) -> float:
        with np.errstate(all="ignore"):
            return float(self._seed * np.sum(result))

    @cached_property
    def _is_plain(self) -> bool:
        """Whether all that moves are single numbers, computed one by one: then many places are one array. An element
        of a leaf that the target does not depend on moves too."""
        if any(knob.index for knob in self.knobs):
            return False
        read = [self._slots[slot] for task in self.tasks for slot in (*task.inputs, task.slot)]
        scalars = all(value is not None and not value.ndim for value in read)
        return scalars and bool(self.tasks) and all(task.op.elementwise for task in self.tasks)


def _found(task: Task, inputs: Sequence[Any], before: Any) -> Any:
    """What a node holds at a place; nan where there is nothing, as of a class that there is not."""
    try:
        return task.kernel.forward(*inputs)
    except Misfit:
        return np.full(np.shape(before), np.nan)


def _with(held: Value | None, index: tuple[int, ...], theta: Any) -> Any:
    """What a leaf holds with one element moved."""
    if not index:
        return np.asarray(theta, np.float64)[()]
    copy = np.array(held)
    copy[index] = theta
    return copy


def reach_of(x: float) -> tuple[float, float]:
    """How far to look around a number at first."""
    reach = max(2.0, abs(x))
    return max(x - reach, -LARGEST), min(x + reach, LARGEST)


def curve_of(along: Along, ends: tuple[float, float], points: int) -> tuple[Numbers, Numbers]:
    """L over the first knob between two ends, the others held; where it jumps, as at a pole, nan stands in between."""

    def height(xs: Numbers) -> Numbers:
        flat = xs.ravel()
        return np.array(along.over(flat, *(np.full(flat.size, x) for x in along.at[1:]))).reshape(xs.shape)

    xs = np.linspace(*ends, points)
    ys = height(xs)
    more, theirs = _jumps(height, xs, ys)
    order = np.argsort(all_xs := np.concatenate([xs, more]), kind="stable")
    return all_xs[order], np.concatenate([ys, theirs])[order]


def _jumps(height: Callable[[Numbers], Numbers], xs: Numbers, ys: Numbers) -> tuple[Numbers, Numbers]:
    """Both sides of each jump between two of the places, and nan between them: a rise that stays as large however near
    one looks is none that a line may cross."""
    with np.errstate(all="ignore"):
        rises = np.nan_to_num(np.abs(np.diff(ys)), nan=0.0, posinf=0.0)
        finite = ys[np.isfinite(ys)]
        low, high = np.percentile(finite, [2, 98]) if finite.size else (0.0, 0.0)
        steep = np.flatnonzero(rises > max(_STEEP * (high - low), 1e-9 * max(1.0, abs(low), abs(high))))
        at = steep[np.argsort(-rises[steep], kind="stable")][:_MOST_JUMPS]
        if not at.size:
            return np.empty(0), np.empty(0)
        left, right, rows = xs[at], xs[at + 1], np.arange(at.size)
        for _ in range(_NEARER):
            grid = np.linspace(left, right, 9, axis=1)
            heights = height(grid)
            found = np.nan_to_num(np.abs(np.diff(heights, axis=1)), nan=np.inf)
            k = np.argmax(found, axis=1)
            left, right = grid[rows, k], grid[rows, k + 1]
        holds = found[rows, k] > rises[at] / 2
        sides = (left, (left + right) / 2, right)
        theirs = (heights[rows, k], np.full(at.size, np.nan), heights[rows, k + 1])
    return np.concatenate([x[holds] for x in sides]), np.concatenate([y[holds] for y in theirs])
