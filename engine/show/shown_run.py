"""A run as it is shown where groups are folded: the steps of the real one, told of cards and of their edges.

Each step of the real run is one here, at the same position: so the timeline stays true. What happens within a card is
a step at that card, and nothing travels; what crosses its border travels along the shown edge. Where several real edges
are one there, it carries what has arrived along them, added up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, cast, overload

from engine.graph.records import Edge, EdgeKey
from engine.layout.shown import HIDDEN, Cover, Shown
from engine.passes.trace import ContributionStep, Course, DropStep, Figures, SeedStep, Step, Trace, UpdateStep
from engine.show.frame import Frame
from engine.show.readable import READ
from engine.values.values import Value

WITHIN = -1  # the output and the port of what does not leave a card


class InnerStep(NamedTuple):
    """A contribution that does not leave a card; `node` is empty where nothing of it is shown."""

    edge: Edge
    upstream: Value

    @property
    def node(self) -> str:
        return self.edge.dest


class ShownSteps(Sequence[Step]):
    """The steps of a run, each told anew when it is asked for."""

    def __init__(self, steps: Sequence[Step], cover: Cover) -> None:
        self._steps, self._cover = steps, cover

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, at: int) -> Step: ...
    @overload
    def __getitem__(self, at: slice) -> list[Step]: ...
    def __getitem__(self, at: int | slice) -> Step | list[Step]:
        if isinstance(at, slice):
            return [self._told(step) for step in self._steps[at]]
        return self._told(self._steps[at])

    def __iter__(self) -> Iterator[Step]:
        return map(self._told, self._steps)

    def _told(self, step: Step) -> Step:
        cover = self._cover
        if isinstance(step, ContributionStep):
            return self._sent(step)
        place = cover.place_of(step.node)
        if place == step.node:
            return step
        if isinstance(step, SeedStep | UpdateStep | DropStep):
            return step._replace(node=place)
        _, output = cover.output_of.get((step.node, step.output), (place, WITHIN))
        return step._replace(node=place, output=output)

    def _sent(self, step: ContributionStep) -> Step:
        cover = self._cover
        key = cover.shown_key(step.edge.key)
        edge = None if key is None else cover.edges.get(key)
        if edge is not None:
            return step if edge == step.edge else step._replace(edge=edge)
        place = cover.place_of(step.edge.dest)
        return cast(Step, InnerStep(Edge(place, place, WITHIN), step.upstream))


class ShownTrace(Trace):
    """A run of which only cards and what lies beside them is shown."""

    def __init__(self, real: Trace, shown: Shown) -> None:
        cover = shown.cover
        self.real, self.shown, self.cover = real, shown, cover
        self.plan, self.failures, self.too_large = real.plan, real.failures, real.too_large
        self.anew, self.suspects, self.beside = real.anew, real.suspects, {READ: None}
        self._mark, self._last = real._mark, real._last
        self.is_part = real.is_part
        self.steps = cast(list[Step], ShownSteps(real.steps, cover))
        kept: tuple[Course, Course] | None = cover.kept.get("course")
        if kept is None or kept[0] is not real._course:
            kept = cover.kept["course"] = (real._course, real._course.among(self.steps))
        self._course = kept[1]

    @cached_property
    def figures(self) -> Figures | None:
        return None

    @cached_property
    def updated_at(self) -> dict[str, int]:
        """Of the parameters that are seen."""
        return {id: at for id, at in self.real.updated_at.items() if self.cover.place_of(id) == id}

    @property
    def backward_end(self) -> int:
        return self.real.backward_end

    @property
    def phases(self) -> tuple[tuple[str, int], ...]:
        return self.real.phases

    @property
    def node_starts(self) -> list[int]:
        return self.real.node_starts

    @property
    def pace(self) -> float:
        return self.real.pace

    @cached_property
    def first_non_finite(self) -> str | None:
        return self.real.first_non_finite

    def value(self, node: str, output: int = 0) -> Value | None:
        facts = self.cover.cards.get(node)
        if facts is not None and output >= len(facts.tails):
            return None
        return self.real.value(*self.cover.tail(node, output))

    def holds_back(self, node: str) -> bool:
        return self.real.holds_back(self.cover.tail(node, 0)[0])

    def inputs(self, node: str) -> tuple[Value, ...]:
        return () if node in self.cover.cards else self.real.inputs(node)

    def gradient(self, node: str) -> Value | None:
        facts = self.cover.cards.get(node)
        if facts is None:
            return self.real.gradient(node)
        return self.real.gradient(facts.tails[0][0]) if len(facts.tails) == 1 else None

    def contribution(self, edge: EdgeKey) -> ContributionStep | None:
        """What travelled back along a shown edge in all."""
        return self.arrived_along(edge, len(self))

    def weight(self, edge: EdgeKey) -> Value | None:
        """By what a shown edge is multiplied where it ends, if that is a number of the card."""
        leaf = self.cover.weights.get(edge)
        return None if leaf is None else self.real.value(leaf)

    def arrived_along(self, edge: EdgeKey, done: int) -> ContributionStep | None:
        """What has travelled back along a shown edge before a step, added up; `local` is told of a single one only."""
        if edge[0] not in self.cover.cards:
            step = self.real.contribution(edge)
            at = self.real.contribution_at.get(edge)
            return None if step is None or at is None or at >= done else cast(ContributionStep, self.steps[at])
        ways = [at for key in self.cover.heads(edge) if (at := self.real.contribution_at.get(key)) is not None]
        arrived = [cast(ContributionStep, self.real.steps[at]) for at in sorted(ways) if at < done]
        if not arrived:
            return None
        last = arrived[-1]
        if len(ways) > 1:
            last = last._replace(local=None, contribution=cast(Value, sum(step.contribution for step in arrived)))
        return last._replace(edge=self.cover.edges[edge])


class ShownFrame(Frame):
    """What is lit on the shown graph at a position of a run."""

    trace: ShownTrace

    def __init__(self, trace: ShownTrace, real: Frame) -> None:
        super().__init__(trace, real.position)
        self.real = real

    def at(self, position: float) -> Frame:
        return ShownFrame(self.trace, self.real.at(position))

    @property
    def step(self) -> Step | None:
        """The step to talk about; none while what happens is not shown at all."""
        step = super().step
        node = HIDDEN if step is None else step.edge.dest if isinstance(step, ContributionStep) else step.node
        return step if node else None

    def contribution(self, edge: EdgeKey) -> Value | None:
        step = self.trace.arrived_along(edge, self.done)
        return None if step is None else step.contribution

    def gradient(self, node: str) -> Value | None:
        facts = self.trace.cover.cards.get(node)
        if facts is None:
            return self.real.gradient(node)
        return self.real.gradient(facts.tails[0][0]) if len(facts.tails) == 1 else None

    def gradient_complete(self, node: str) -> bool:
        facts = self.trace.cover.cards.get(node)
        if facts is None:
            return self.real.gradient_complete(node)
        return all(self.real.gradient_complete(id) for id, _ in facts.tails)

    def lit(self, edge: EdgeKey) -> float:
        if len(self.trace.cover.heads(edge)) > 1 and self.contribution(edge) is not None:
            return 1.0  # something has arrived along it, and more may be on its way
        return super().lit(edge)

    def weight(self, edge: EdgeKey) -> Value | None:
        """By what a shown edge is multiplied where it ends, if that is a number of the card."""
        return self.trace.weight(edge)


def shown_frame(frame: Frame, shown: Shown) -> Frame:
    """A frame of the real run, as it is shown; the same where all is shown as it is."""
    if shown.cover.is_plain:
        return frame
    kept: ShownTrace | None = shown.cover.kept.get("trace")
    if kept is None or kept.real is not frame.trace:
        kept = shown.cover.kept["trace"] = ShownTrace(frame.trace, shown)
    return ShownFrame(kept, frame)


def quiet_steps(shown: Shown, trace: Trace) -> Sequence[bool]:
    """Which steps of a run happen within a card, or out of sight: what is computed there and does not leave it, and the
    contributions that do not cross its border."""
    if shown.cover.is_plain:
        return ()
    kept: tuple[Course, list[bool]] | None = shown.cover.kept.get("quiet")
    if kept is None or kept[0] is not trace._course:
        kept = shown.cover.kept["quiet"] = (trace._course, [_is_quiet(shown.cover, step) for step in trace.steps])
    return kept[1]


def _is_quiet(cover: Cover, step: Step) -> bool:
    if isinstance(step, ContributionStep):
        return cover.shown_key(step.edge.key) is None
    if isinstance(step, SeedStep | DropStep) or cover.place_of(step.node) == step.node:
        return False
    if isinstance(step, UpdateStep):
        return True
    return (step.node, step.output) not in cover.output_of
