"""What is drawn at a position: a pure function of the trace and a real number.

Position p means: the first ⌊p⌋ steps are done, and step ⌊p⌋ is under way by the fraction p − ⌊p⌋. Position 0 is the
bare graph, `len(trace)` the end of the backward pass. Scrubbing backwards costs as little as forwards.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from engine.graph.records import Edge, EdgeKey
from engine.passes.trace import ContributionStep, ForwardStep, Step, Trace, UpdateStep, gradient_after
from engine.values.values import Value

TRAVEL = 0.7  # the part of a contribution's step in which it travels; in the rest it is added at its source


@dataclass(frozen=True, slots=True)
class Pulse:
    """A gradient on its way: `t` runs from 0 at the sending node to 1 at the source of the edge."""

    edge: Edge
    t: float
    contribution: Value


@dataclass(frozen=True, slots=True)
class Merge:
    """A contribution being added at its source: before + contribution = total. `t` runs from 0 to 1 and stays there."""

    node: str
    edge: Edge
    before: Value | None
    contribution: Value
    total: Value
    t: float


class Frame:
    """What is lit at one position of a trace."""

    def __init__(self, trace: Trace, position: float) -> None:
        self.trace = trace
        self.position = min(max(position, 0.0), float(len(trace)))
        self.done = int(self.position)  # how many steps are complete
        self.fraction = self.position - self.done

    def at(self, position: float) -> "Frame":
        """Another frame of the same run."""
        return frame_at(self.trace, position)

    @property
    def index(self) -> int | None:
        """The step that is under way, or else the one just done; None at the very beginning."""
        return ceil(self.position) - 1 if self.position > 0 else None

    @property
    def step(self) -> Step | None:
        """The step to talk about: under way, or just done."""
        return None if self.index is None else self.trace.steps[self.index]

    @property
    def backward(self) -> bool:
        """Whether the backward pass has begun."""
        return self.position > self.trace.backward_start

    @property
    def at_end(self) -> bool:
        return self.done == len(self.trace)

    @property
    def passes_done(self) -> bool:
        """Whether both passes are at their end."""
        return self.done >= self.trace.backward_end

    def value(self, node: str, output: int = 0) -> Value | None:
        """The value of a node if the forward sweep has reached it; of a parameter that turns, how far it has come."""
        turned = self.trace.updated_at.get(node)
        if turned is not None and turned < self.position:
            step = self.trace.steps[turned]
            return step.turned(self.position - turned) if isinstance(step, UpdateStep) else None
        at = self.trace.value_at.get((node, output))
        return self.trace.value(node, output) if at is not None and at < self.position else None

    def gradient(self, node: str) -> Value | None:
        """What has arrived at a node so far: the sum of the contributions that are in."""
        arrived = self.trace.arrivals.get(node, [])
        count = bisect_left(arrived, self.done)
        if count:
            return gradient_after(self.trace.steps[arrived[count - 1]])
        return self.trace.gradient(node) if not arrived and self.passes_done else None

    def gradient_complete(self, node: str) -> bool:
        """Whether all contributions to a node are in (a node that gets none is complete at the end)."""
        arrived = self.trace.arrivals.get(node)
        return arrived[-1] < self.done if arrived else self.passes_done

    def contribution(self, edge: EdgeKey) -> Value | None:
        """What has travelled back along an edge, once it has arrived."""
        at = self.trace.contribution_at.get(edge)
        step = None if at is None or at >= self.done else self.trace.steps[at]
        return step.contribution if isinstance(step, ContributionStep) else None

    def lit(self, edge: EdgeKey) -> float:
        """How much of an edge the gradient has covered, from its end (0) to its source (1)."""
        at = self.trace.contribution_at.get(edge)
        if at is None or at >= self.done + self.trace.flight + 1:
            return 0.0
        return 1.0 if at < self.done else self._under_way[at]

    @cached_property
    def pulses(self) -> tuple[Pulse, ...]:
        """The contributions that are on their way. More than one where a long trace is played fast."""
        return tuple(self._pulses())

    def _pulses(self) -> Iterator[Pulse]:
        for i, t in self._under_way.items():
            step = self.trace.steps[i]
            if isinstance(step, ContributionStep) and 0 < t < 1:
                yield Pulse(step.edge, t, step.contribution)

    @cached_property
    def _under_way(self) -> dict[int, float]:
        """How far each of the steps has come that may be on their way: found once a frame."""
        last = min(len(self.trace), self.done + ceil(self.trace.flight) + 1)
        return {index: self._travelled(index) for index in range(self.done, last)}

    def _travelled(self, index: int) -> float:
        """How far contribution `index` has come: it leaves when its node's turn begins, at the earliest."""
        leaves = max(index + 1 - self.trace.flight, float(self.trace.turn_start(index)))
        arrives = index + TRAVEL
        if arrives <= leaves:
            return 1.0 if self.position >= arrives else 0.0
        return min(max((self.position - leaves) / (arrives - leaves), 0.0), 1.0)

    @property
    def merge(self) -> Merge | None:
        """The addition at the source of the current contribution; it stays to be read while the player rests."""
        step, index = self.step, self.index
        if not isinstance(step, ContributionStep) or index is None:
            return None
        t = (self.position - index - TRAVEL) / (1 - TRAVEL)
        return Merge(step.edge.source, step.edge, step.before, step.contribution, step.total, t) if t > 0 else None

    @property
    def sweeping(self) -> tuple[str, float] | None:
        """The node whose value is just being computed, and how far that is."""
        step = self.step
        if not isinstance(step, ForwardStep) or self.index is None:
            return None
        return step.node, self.position - self.index


def frame_at(trace: Trace, position: float) -> Frame:
    """What is drawn at `position` (clamped to the trace)."""
    return Frame(trace.part_at(position), position)
