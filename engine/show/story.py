"""One step of learning as a run: both passes, a stop for each parameter that turns, the forward pass again, the drop.

It is two runs told one after the other, with one row of positions: what a node holds before the parameters have turned,
and from the second forward pass on what it holds then. Both are `Trace`s, so whatever can show a pass can show this.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.slow import SlowStep, slow_step
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.passes.trace import ContributionStep, Course, Figures, Step, Trace, UpdateStep
from engine.show.readable import READ, readable
from engine.values.values import Value


def story_of(graph: Graph) -> tuple[Graph, StoryTrace]:
    """One step of learning by what the graph says of its training: the graph after it, and how it came about.

    Raises GradloomError where none can be made, with a sentence that says why.
    """
    return told_step(graph, slow_step(graph, TrainingConfig.of(graph)))


def told_step(graph: Graph, taken: SlowStep) -> tuple[Graph, StoryTrace]:
    """The graph after a step that was made from where it stands, and the story of that step."""
    stepped = graph.apply(taken.change(graph))
    of_now = readable(trace_of(make_plan(stepped), leaf_values(stepped), stepped.seed))
    return stepped, StoryTrace(taken, of_now)


class StoryTrace(Trace):
    """The first part: both passes, and the update. `part_at` gives the second where that is told."""

    def __init__(self, taken: SlowStep, of_now: Trace) -> None:
        before, after = readable(taken.before), readable(taken.after)
        again = after.steps[: after.backward_start]
        steps: list[Step] = [*before.steps, *taken.updates, *again, taken.drop]
        super().__init__(before.plan, steps, before.failures, before.too_large)
        self.beside = {READ: None}
        self.taken, self.of_now = taken, of_now
        self._end = len(before)
        self._course = Course(steps, 0, self.again_start)
        self._again = AgainTrace(self, after)

    @property
    def again_start(self) -> int:
        """Where the forward pass begins again."""
        return self._end + len(self.taken.updates)

    @property
    def phases(self) -> tuple[tuple[str, int], ...]:
        return (
            ("forward", 0), ("backward", self.backward_start), ("update", self._end),
            ("forward again", self.again_start),
        )  # fmt: skip

    def part_at(self, position: float) -> Trace:
        return self._again if position > self.again_start else self

    @property
    def backward_end(self) -> int:
        return self._end

    @cached_property
    def contributions(self) -> list[ContributionStep]:
        return [s for s in self.steps[self.backward_start + 1 : self._end] if isinstance(s, ContributionStep)]

    @cached_property
    def updated_at(self) -> dict[str, int]:
        steps = enumerate(self.steps[self._end : self.again_start], self._end)
        return {step.node: at for at, step in steps if isinstance(step, UpdateStep)}

    @cached_property
    def figures(self) -> Figures | None:
        return None


class _AgainCourse(Course):
    """That of a forward pass at the end; the gradients of what gets some are to come, but not in this story."""

    def __init__(self, steps: list[Step], first: int, reached: Iterable[str]) -> None:
        super().__init__(steps, first)
        self.backward_start = len(steps)
        self._to_come = {id: [len(steps) + 1] for id in reached}

    def among(self, steps: list[Step]) -> Course:
        return _AgainCourse(steps, self.first, self._to_come)

    @property
    def arrivals(self) -> dict[str, list[int]]:
        return self._to_come


class AgainTrace(Trace):
    """The second part: the forward pass with what the parameters hold now. No gradient is there any more."""

    def __init__(self, first: StoryTrace, after: Trace) -> None:
        super().__init__(first.plan, first.steps, after.failures, after.too_large)
        self.beside = {READ: None}
        self._first, self._after, self.of_now = first, after, first.of_now
        self._course = _AgainCourse(first.steps, first.again_start, first.arrivals)

    @property
    def phases(self) -> tuple[tuple[str, int], ...]:
        return self._first.phases

    def part_at(self, position: float) -> Trace:
        return self._first.part_at(position)

    @property
    def backward_end(self) -> int:
        return len(self) + 1

    def gradient(self, node: str) -> Value | None:
        return None

    @cached_property
    def contributions(self) -> list[ContributionStep]:
        return []

    @cached_property
    def figures(self) -> Figures | None:
        return None
