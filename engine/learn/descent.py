"""Steps downhill over a few knobs of a graph, all else held: the path of an optimiser, and what becomes of it.

Symbols: L the target (times the seed), which is made smaller; θ the knobs, one vector; η the learning rate; λ the
largest curvature of L over θ. On a parabola of curvature λ, θ is multiplied by 1 − ηλ at each step of plain descent: it
overshoots from η = 1/λ on, and grows from η = 2/λ on (Goh, Why Momentum Really Works, 2017).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.graph.graph import Graph
from engine.learn.optimisers import OPTIMISERS, Vector, make_update
from engine.passes.compile import Compiled
from engine.passes.leaves import leaf_values
from engine.passes.plan import Plan
from engine.truth.along import Along, Knob, Numbers
from engine.values.values import Value

Course = Literal["falls", "rests", "oscillates", "climbs", "diverges"]
FAR = 1e6  # times as far as it began, or as high: it will not come back
STILL = 1e-9  # of what L was: a smaller change is none
TURNING = 0.5  # of the later steps go back against the step before: they swing from side to side


@dataclass(frozen=True)
class Descent:
    """Where the knobs were before each step and after the last, a row a step, and L there."""

    optimiser: str
    places: Numbers
    heights: Numbers
    course: Course

    @property
    def steps(self) -> int:
        return len(self.heights) - 1


class Slope:
    """L and its gradient over some knobs, by the compiled function that trains."""

    def __init__(self, graph: Graph, along: Along, pull: Compiled) -> None:
        """`pull`: made by `pull_of` for these knobs; one serves as long as the plan is the same."""
        self._knobs, self._along, self._pull = along.knobs, along, pull
        self._values = dict(leaf_values(graph))

    @property
    def start(self) -> Vector:
        return np.array(self._along.at)

    def height(self, theta: Vector) -> float:
        return self._along(*map(float, theta))

    def gradient(self, theta: Vector) -> Vector:
        """∂L/∂θ; 0 for a knob on which L does not depend."""
        values = self._values | self._turned(theta)
        found = self._pull(values).gradients
        given = (found.get(knob.leaf) for knob in self._knobs)
        pairs = zip(given, self._knobs, strict=True)
        return np.array([0.0 if g is None else float(np.asarray(g)[knob.index]) for g, knob in pairs])

    def _turned(self, theta: Vector) -> dict[str, Value]:
        turned: dict[str, Value] = {}
        for knob, x in zip(self._knobs, theta, strict=True):
            held = turned.get(knob.leaf, self._values[knob.leaf])
            value = np.array(held, np.float64)
            value[knob.index] = x
            turned[knob.leaf] = value[()]
        return turned


def pull_of(plan: Plan, seed: float, knobs: Sequence[Knob]) -> Compiled:
    """The compiled function that gives the gradient over some knobs."""
    return Compiled(plan, wanted=dict.fromkeys(knob.leaf for knob in knobs), seed=seed)


def descend(slope: Slope, optimiser: str, rate: float, steps: int) -> Descent:
    """So many steps of an optimiser from where the knobs stand; fewer, where it runs away."""
    return last(descending(slope, optimiser, rate, steps))


def last(course: Iterable[Descent | None]) -> Descent:
    """What comes of a descent whose steps are awaited."""
    return next(found for found in course if found is not None)


def descending(slope: Slope, optimiser: str, rate: float, steps: int) -> Iterator[Descent | None]:
    """The same step by step, None after each: whoever must do other things meanwhile can. What comes last is whole."""
    theta = slope.start
    update = make_update(optimiser, theta.size, rate)
    places, heights = [theta.copy()], [slope.height(theta)]
    for _ in range(steps):
        with np.errstate(all="ignore"):  # a slope may be infinite: then the step is nowhere, and that is told
            update(theta, slope.gradient(theta))
        places.append(theta.copy())
        heights.append(slope.height(theta))
        if _is_lost(places, heights):
            break
        yield None
    yield Descent(optimiser, np.array(places), np.array(heights), _course(np.array(places), np.array(heights)))


def largest_rate(optimiser: str, curvature: float) -> float | None:
    """The rate from which on its steps grow on a parabola of this curvature; None: its steps are bounded, or the
    ground is no valley."""
    stable = OPTIMISERS[optimiser].stable
    return None if stable is None or not curvature > 0 else stable / curvature


def _is_lost(places: Sequence[Vector], heights: Sequence[float]) -> bool:
    if not (np.isfinite(heights[-1]) and np.all(np.isfinite(places[-1]))):
        return True
    far = FAR * max(1.0, float(np.max(np.abs(places[0]))))
    return bool(np.max(np.abs(places[-1])) > far) or abs(heights[-1]) > FAR * max(1.0, abs(heights[0]))


def _grows(places: Numbers) -> bool:
    """Whether the last steps are longer than the first."""
    lengths = np.sqrt(np.sum(np.diff(places, axis=0) ** 2, axis=1))
    return bool(lengths[-1] > lengths[0])


def _course(places: Numbers, heights: Numbers) -> Course:
    if _is_lost(list(places), list(heights)):
        return "diverges"
    moves = np.diff(places, axis=0)[len(places) // 3 :]
    back = np.sum(moves[1:] * moves[:-1], axis=1) < 0
    swings = len(back) >= 3 and float(np.mean(back)) > TURNING
    if heights[-1] > heights[0] + STILL * max(1.0, abs(heights[0])):
        return "diverges" if _grows(places) else "climbs"
    if swings and float(np.max(np.abs(moves[-1]))) > STILL * max(1.0, float(np.max(np.abs(places[-1])))):
        return "oscillates"
    return "falls" if heights[-1] < heights[0] - STILL * max(1.0, abs(heights[0])) else "rests"
