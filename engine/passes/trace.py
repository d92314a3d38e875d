"""What happened in a run, step by step: the records, and questions about the whole of them."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import islice, pairwise
from types import MappingProxyType
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from engine.graph.graph import Graph
from engine.graph.records import Edge, EdgeKey
from engine.passes.plan import Plan
from engine.values.notebook import InNotebook
from engine.values.values import Value, counted, is_finite, value_text


class ForwardStep(NamedTuple):
    """A value is known: `inputs` by port went into `node`, `value` came out of its output `output`."""

    node: str
    inputs: tuple[Value, ...]
    value: Value
    output: int = 0


class SeedStep(NamedTuple):
    """The backward pass begins: this gradient is put into the target."""

    node: str
    gradient: Value


class ContributionStep(NamedTuple):
    """upstream × local = contribution, sent along `edge` to its source, where it makes `total` of what was there.

    `local` is None where the rule is not an elementwise product (matmul …). `axes` are those of the product that were
    summed because the source had been broadcast along them.
    """

    edge: Edge
    upstream: Value
    local: Value | None
    contribution: Value
    before: Value | None
    total: Value
    axes: tuple[int, ...] = ()


class RuleLine(NamedTuple):
    """One line of arithmetic: `name` = `source`, a text in the notation of op texts over `parts`, which is `value`.

    Each part is by the letter that the text has for it: what it is called, and its number. In what it is called `@`
    stands for the node that the step is about, or for what is differentiated, and `∂` alone for that node's gradient.
    """

    name: str
    source: str
    parts: dict[str, tuple[str, Value]]
    value: Value


class UpdateStep(NamedTuple):
    """A parameter is turned: it held `before`, and by the optimiser's rule, line by line, it comes to hold `after`."""

    node: str
    gradient: Value
    before: Value
    after: Value
    lines: tuple[RuleLine, ...]
    optimiser: str

    def turned(self, share: float) -> Value:
        """What it holds when so much of its way is done, from 0 to 1."""
        if share >= 1:
            return self.after
        with np.errstate(all="ignore"):
            return self.before + (self.after - self.before) * share


class DropStep(NamedTuple):
    """What an update has brought: what is differentiated was `before` and is `after` where the gradient had promised
    a drop of `promised`: −g · Δ, summed over all that was turned."""

    node: str
    before: Value
    after: Value
    promised: Value
    lines: tuple[RuleLine, ...]


Step = ForwardStep | SeedStep | ContributionStep | UpdateStep | DropStep


def step_node(step: Step) -> str:
    """The node at which a step happens: for a contribution the one that sends it."""
    return step.edge.dest if isinstance(step, ContributionStep) else step.node


# How long a step takes at speed 1×, in seconds, and the whole pass at most.
FORWARD_SECONDS, SEED_SECONDS, CONTRIBUTION_SECONDS, UPDATE_SECONDS, DROP_SECONDS = 0.3, 0.7, 0.9, 0.9, 1.2
LONGEST = 60.0
_SECONDS: dict[type, float] = {
    ForwardStep: FORWARD_SECONDS, SeedStep: SEED_SECONDS, UpdateStep: UPDATE_SECONDS, DropStep: DROP_SECONDS
}  # fmt: skip


def step_seconds(step: Step) -> float:
    """The time that one step takes at speed 1×."""
    return _SECONDS.get(type(step), CONTRIBUTION_SECONDS)


class Figures(NamedTuple):
    """The numbers of a trace of single numbers, in the order of its steps; the seed is none of them."""

    values: NDArray[np.float64]  # of the forward steps
    contributions: NDArray[np.float64]
    totals: NDArray[np.float64]  # at the source, once the contribution is in


_NONE: Mapping[str, str] = MappingProxyType({})
_NONE_TURNED: Mapping[str, int] = MappingProxyType({})


class Course:
    """Which step tells of what. The numbers do not count: it is the same for all runs of a plan that go to the end.

    `first` and `stop`: of several runs told one after the other, the steps of the one that it is about.
    """

    def __init__(self, steps: list[Step], first: int = 0, stop: int | None = None) -> None:
        self._steps = steps
        self.first, self.stop = first, len(steps) if stop is None else stop
        self.length = len(steps)
        self.backward_start = first + sum(type(step) is ForwardStep for step in islice(steps, first, self.stop))

    def among(self, steps: list[Step]) -> "Course":
        """The same course, of steps that are told otherwise."""
        return Course(steps, self.first, self.stop)

    def _own(self) -> Iterator[tuple[int, Step]]:
        return zip(range(self.first, self.stop), islice(self._steps, self.first, self.stop), strict=True)

    @cached_property
    def value_at(self) -> dict[tuple[str, int], int]:
        return {(s.node, s.output): i for i, s in self._own() if isinstance(s, ForwardStep)}

    @cached_property
    def contribution_at(self) -> dict[EdgeKey, int]:
        return {s.edge.key: i for i, s in self._own() if isinstance(s, ContributionStep)}

    @cached_property
    def arrivals(self) -> dict[str, list[int]]:
        result: dict[str, list[int]] = {}
        for i, step in self._own():
            if isinstance(step, ContributionStep):
                result.setdefault(step.edge.source, []).append(i)
            elif isinstance(step, SeedStep):
                result[step.node] = [i]
        return result

    @cached_property
    def node_starts(self) -> list[int]:
        turns = [_turn(step) for step in self._steps]
        changes = (i for i, (before, here) in enumerate(pairwise(turns), 1) if before != here)
        return [*([0] if turns else []), *changes, len(turns)]

    @cached_property
    def seconds(self) -> float:
        return sum(map(step_seconds, self._steps))


def _course(plan: Plan, steps: list[Step], is_whole: bool) -> Course:
    """The course of a run: of a whole one that of the first, for to look for it takes as long as the run itself."""
    if not is_whole:
        return Course(steps)
    kept: Course | None = plan.kept.get("course")
    if kept is None or kept.length != len(steps):
        kept = plan.kept["course"] = Course(steps)
    return kept


class Trace(InNotebook):
    """The steps of one run of a plan. `failures` says which nodes could not be computed, and why.

    `too_large`: which of them, or of their contributions, would have taken too much memory, with the same sentence.
    `anew`: the steps that may be other than in the run `last`; None: all.
    """

    graph: Graph | None = None  # what was run, where `run` was asked for it

    def __init__(
        self,
        plan: Plan,
        steps: list[Step],
        failures: dict[str, str],
        too_large: Mapping[str, str] = _NONE,
        anew: Sequence[int] | None = None,
        last: "Trace | None" = None,
    ) -> None:
        self.plan = plan
        self.steps = steps
        self.failures = failures
        self.too_large = too_large
        self.anew = anew
        self._mark, self._last = object(), last._mark if last else None  # marks: no run keeps all those before it
        self.suspects: Set[int] | None = None  # contributions that may be rounding noise, once they were looked for
        self.beside: dict[str, Trace | None] = {}  # others that were made of it, by what they are; they go with it
        self._course = _course(plan, steps, not failures and not too_large)

    is_part = False  # whether steps are held back that the run has taken: see `engine.passes.part`
    of_now: "Trace | None" = None  # the run of the graph as it is, where this one tells how it came to be so

    @property
    def updated_at(self) -> Mapping[str, int]:
        """Parameter → the step that turns it."""
        return _NONE_TURNED

    def part_at(self, position: float) -> "Trace":
        """Which run is told at a position: this one, unless several are told one after the other."""
        return self

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        target = self.plan.target
        value = None if target is None else self.value(target)
        result = "" if value is None else f", {target} = {value_text(value)}"
        return f"<Trace: {counted(len(self), 'step')}{result}>"

    def holds_back(self, node: str) -> bool:
        """Whether the value of a node was computed and is not to be told yet."""
        return False

    def anew_since(self, other: "Trace") -> Sequence[int] | None:
        """The steps that may be other than in another run; None where that is not known."""
        return self.anew if self._last is other._mark else None

    @cached_property
    def forward_steps(self) -> list[ForwardStep]:
        """The steps of the forward pass."""
        return cast(list[ForwardStep], self.steps[self._course.first : self.backward_start])

    @cached_property
    def contributions(self) -> list[ContributionStep]:
        """The steps of the backward pass behind the seed."""
        return cast(list[ContributionStep], self.steps[self.backward_start + 1 :])

    @cached_property
    def figures(self) -> "Figures | None":
        """The numbers that the steps tell of, in arrays; None where there is more than single numbers."""
        return _figures(self)

    @property
    def backward_start(self) -> int:
        """The number of forward steps: the position at which the backward pass begins."""
        return self._course.backward_start

    @property
    def phases(self) -> tuple[tuple[str, int], ...]:
        """What is told one after the other, each with its first step."""
        turn = self.backward_start
        return (("forward", 0),) if turn == len(self) else (("forward", 0), ("backward", turn))

    @property
    def backward_end(self) -> int:
        """The position at which every gradient is there."""
        return len(self)

    @property
    def value_at(self) -> dict[tuple[str, int], int]:
        """(node, output) → the step that made its value known."""
        return self._course.value_at

    @property
    def contribution_at(self) -> dict[EdgeKey, int]:
        """Edge → the step in which its contribution travelled."""
        return self._course.contribution_at

    @property
    def arrivals(self) -> dict[str, list[int]]:
        """Node → the steps that added to its gradient, in order; for the target the first is the seed."""
        return self._course.arrivals

    @property
    def node_starts(self) -> list[int]:
        """Where each node's turn begins, and the end: what stepping by node stops at."""
        return self._course.node_starts

    @property
    def pace(self) -> float:
        """How much faster than one by one it is played, so that a long pass ends in good time: 1 or more."""
        return max(1.0, self._course.seconds / LONGEST)

    @property
    def flight(self) -> float:
        """How many steps long a contribution is under way: at a fast pace several travel at once, still readable."""
        return self.pace

    def turn_start(self, index: int) -> int:
        """The first step of the node's turn that step `index` belongs to."""
        return self.node_starts[bisect_right(self.node_starts, index) - 1]

    def value(self, node: str, output: int = 0) -> Value | None:
        """The value of a node, or None if it could not be computed."""
        at = self.value_at.get((node, output))
        return None if at is None else cast(ForwardStep, self.steps[at]).value

    def gradient(self, node: str) -> Value | None:
        """The gradient of a node; None if it gets none (constants), 0 for a leaf that does not reach the target."""
        arrived = self.arrivals.get(node)
        if arrived:
            return gradient_after(self.steps[arrived[-1]])
        value = self.value(node)
        is_leaf = value is not None and not self.inputs(node)
        return np.zeros(value.shape)[()] if is_leaf and node in self.plan.detached and value is not None else None

    def inputs(self, node: str) -> tuple[Value, ...]:
        """The values that went into a node, by port."""
        at = self.value_at.get((node, 0))
        return () if at is None else cast(ForwardStep, self.steps[at]).inputs

    def contribution(self, edge: EdgeKey) -> ContributionStep | None:
        """The record of what travelled back along an edge."""
        at = self.contribution_at.get(edge)
        step = None if at is None else self.steps[at]
        return step if isinstance(step, ContributionStep) else None

    def detached(self, node: str) -> bool:
        """Whether a node that could learn does not reach the target."""
        return node in self.plan.detached

    @cached_property
    def first_non_finite(self) -> str | None:
        """The first node whose value is not finite although all its inputs are, or a leaf that holds such a value."""
        return next((step.node for step in self.forward_steps if not is_finite(step.value)), None)


def _figures(trace: Trace) -> Figures | None:
    values = [step.value for step in trace.forward_steps]
    _, _, _, sent, _, totals, _ = zip(*trace.contributions, strict=True) if trace.contributions else ((),) * 7
    if not {*map(type, values), *map(type, sent), *map(type, totals)} <= {np.float64}:
        return None
    return Figures(*(np.frombuffer(array("d", row)) for row in (values, sent, totals)))


def gradient_after(step: Step) -> Value | None:
    """The gradient that stands at a step's receiving node once the step is done."""
    if isinstance(step, ContributionStep):
        return step.total
    return step.gradient if isinstance(step, SeedStep) else None


def _turn(step: Step) -> tuple[bool, str]:
    return (type(step) is ForwardStep, step.edge.dest if type(step) is ContributionStep else step_node(step))
