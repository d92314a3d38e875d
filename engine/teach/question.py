"""A question about one number of a trace: what is asked, what is right, and from which step on things are hidden.

Symbols: L the target; x a node, p one that it feeds; g = ∂L/∂p the upstream gradient; g · ∂p/∂x a contribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Edge
from engine.passes.trace import ContributionStep, ForwardStep, SeedStep, Step, Trace
from engine.show.explain import explain
from engine.show.names import Names
from engine.show.wording import Wording, worded
from engine.teach.answer import Answer, Ask, sign_of
from engine.values.values import Value

Of = Literal["value", "local", "contribution", "gradient", "seed"]
Cell = tuple[int, ...]
MOST_ASKED = 6  # edges of a node among which those that carry nothing are looked for


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of step `step`, which is hidden with all that follows.

    `of`: which quantity; `ask`: its number, its sign, its shape, or which edges of a node carry nothing (`silent`).
    `cell`: of an array, the one that is asked; None: it is a single number, or asked as a whole.
    """

    graph: Graph
    trace: Trace
    step: int
    of: Of
    ask: Ask = "number"
    cell: Cell | None = None

    @property
    def told(self) -> Step:
        """The step whose number it is."""
        return self.trace.steps[self.step]

    @property
    def edge(self) -> Edge | None:
        """The edge at which it is answered: of a contribution or a local derivative."""
        step = self.told
        at_edge = self.of in ("contribution", "local") and self.ask != "silent"
        return step.edge if isinstance(step, ContributionStep) and at_edge else None

    @property
    def node(self) -> str:
        """The node at which it is answered, or whose number it is: for a contribution the one that gets it."""
        step = self.told
        if not isinstance(step, ContributionStep):
            return step.node
        return step.edge.dest if self.ask == "silent" else step.edge.source

    @cached_property
    def names(self) -> Names:
        return Names(self.graph, self.trace)

    @cached_property
    def whole(self) -> Value:
        """The right quantity, all of it."""
        step = self.told
        if isinstance(step, ForwardStep):
            return step.value
        if isinstance(step, SeedStep):
            return step.gradient
        assert isinstance(step, ContributionStep)
        if self.of == "local":
            assert step.local is not None
            return step.local
        return step.total if self.of == "gradient" else step.contribution

    @cached_property
    def silent(self) -> frozenset[str]:
        """The names of what gets nothing back from the node of this step."""
        steps = self.sent_by_node
        got = {step.edge.source for step in steps if np.any(step.contribution)}
        return frozenset(self.names.node(step.edge.source) for step in steps if step.edge.source not in got)

    @cached_property
    def sent_by_node(self) -> tuple[ContributionStep, ...]:
        """All that the node of this step sends back."""
        return sent_in_turn(self.trace, self.trace.turn_start(self.step))

    @cached_property
    def right(self) -> Answer:
        """What is to be typed."""
        return Answer(names=self.silent) if self.ask == "silent" else self.seen(self.whole)

    def seen(self, quantity: Value) -> Answer:
        """What of such a quantity is asked: its cell, its sign, its shape. Raises IndexError where there is none."""
        if self.ask == "shape":
            return Answer(shape=tuple(int(n) for n in quantity.shape))
        number = float(quantity if self.cell is None else np.asarray(quantity)[self.cell])
        return Answer(sign=sign_of(number)) if self.ask == "sign" else Answer(number=number)

    def text(self, wording: Wording = "gradient") -> str:
        """The question, in one sentence."""
        return worded(_sentence(self), wording)

    def worked(self, wording: Wording = "gradient") -> tuple[str, str]:
        """The step as it is explained: the sentence with its numbers, and the reason."""
        said = explain(self.graph, self.trace, self.told, wording)
        return said.caption, "" if said.why == said.caption else said.why


def sent_in_turn(trace: Trace, start: int) -> tuple[ContributionStep, ...]:
    """All that the node whose turn begins at this step sends back."""
    end = next(at for at in trace.node_starts if at > start)
    return tuple(step for step in trace.steps[start:end] if isinstance(step, ContributionStep))


def _sentence(question: Question) -> str:
    names, step, cell = question.names, question.told, _cell_words(question.cell)
    if not isinstance(step, ContributionStep):
        node = names.node(step.node)
        if question.of == "seed":
            return f"The backward pass begins. Which gradient goes into {node} itself?"
        what = "shape of the value" if question.ask == "shape" else "value"
        return f"What is the {what} of {node}{cell}?"
    return _of_contribution(question, step, cell)


def _of_contribution(question: Question, step: ContributionStep, cell: str) -> str:
    names = question.names
    node, source = names.node(step.edge.dest), names.node(step.edge.source)
    if question.ask == "silent":
        return f"Which inputs of {node} get nothing back from it? Type their names, or “none”."
    begin = {"number": "What is", "sign": "Which sign has", "shape": "Which shape has", "silent": ""}[question.ask]
    if question.of == "local":
        return f"{begin} the local derivative of {node} with respect to {source}{_by_place(question, step)}{cell}?"
    if question.of == "gradient":
        count = len(question.trace.arrivals[step.edge.source])
        if count > 1:
            coming = f"The last of {count} contributions to {source} is on its way."
            return f"{coming} {begin} the whole gradient of {source}{cell}?"
        return f"{begin} the gradient of {source}{cell}?"
    return f"{begin} the contribution that {node} sends back to {source}{_by_place(question, step)}{cell}?"


def _by_place(question: Question, step: ContributionStep) -> str:
    """Which of several edges between the same two nodes is meant."""
    edge, node = step.edge, question.graph.nodes[step.edge.dest]
    twins = [each for each in question.graph.into(edge.dest) if each.source == edge.source]
    return f", by its port {node.op.port_name(edge.port)}" if len(twins) > 1 else ""


def _cell_words(cell: Cell | None) -> str:
    """`, in row 0, column 2`, as the grids of the window count."""
    if not cell:
        return ""
    if len(cell) == 2:
        return f", in row {cell[0]}, column {cell[1]}"
    return f", in cell {cell[0]}" if len(cell) == 1 else f", in cell {list(cell)}"
