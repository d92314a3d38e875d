"""Which questions a pass asks: the modes, each declared once, as what it asks of one step."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass

import numpy as np

from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep, ForwardStep, SeedStep, Trace
from engine.teach.diagnosis import possible_mistakes
from engine.teach.question import MOST_ASKED, Cell, Of, Question, sent_in_turn
from engine.values.values import Value

AskOf = Callable[[Graph, Trace, int], Question | None]


@dataclass(frozen=True)
class Mode:
    """A way to be asked: its name in a menu, what it asks about, and its question about a step, if it has one."""

    title: str
    help: str
    ask: AskOf


MODES: dict[str, Mode] = {}


def next_question(
    graph: Graph, trace: Trace, mode: str, start: int = 0, about: Set[str] | None = None
) -> Question | None:
    """The first question from step `start` on; None where there is none left. `about`: in which one of these mistakes
    can be made."""
    ask = MODES[mode].ask
    for at in range(start, len(trace)):
        question = ask(graph, trace, at)
        if question is not None and (about is None or about & possible_mistakes(question)):
            return question
    return None


def count_questions(graph: Graph, trace: Trace, mode: str) -> int:
    """How many questions a whole pass asks."""
    return sum(MODES[mode].ask(graph, trace, at) is not None for at in range(len(trace)))


def _number(graph: Graph, trace: Trace, at: int, of: Of, whole: Value | None) -> Question | None:
    """The question about a number, of an array about one cell; None where it is not finite."""
    if whole is None or not np.size(whole):
        return None
    cell = _cell(whole, at) if whole.ndim else None
    number = whole if cell is None else np.asarray(whole)[cell]
    return Question(graph, trace, at, of, cell=cell) if np.isfinite(number) else None


def _cell(whole: Value, at: int) -> Cell:
    """One cell, another one at each step: where something is, if that is anywhere."""
    places = np.argwhere(np.isfinite(whole) & (whole != 0))
    if not len(places):
        return (0,) * whole.ndim
    return tuple(int(i) for i in places[(7 * at + 3) % len(places)])


def _each(graph: Graph, trace: Trace, at: int) -> Question | None:
    step = trace.steps[at]
    if isinstance(step, ForwardStep):
        return None if graph.nodes[step.node].op.is_leaf else _number(graph, trace, at, "value", step.value)
    if isinstance(step, SeedStep):
        return _number(graph, trace, at, "seed", step.gradient)
    assert isinstance(step, ContributionStep)
    is_sum = trace.arrivals[step.edge.source][-1] == at and step.before is not None
    return _number(graph, trace, at, "gradient", step.total) if is_sum else _sent(graph, trace, at)


def _sent(graph: Graph, trace: Trace, at: int) -> Question | None:
    step = trace.steps[at]
    if not isinstance(step, ContributionStep):
        return None
    return _number(graph, trace, at, "contribution", step.contribution)


def _fan_out(graph: Graph, trace: Trace, at: int) -> Question | None:
    step = trace.steps[at]
    if not isinstance(step, ContributionStep) or step.before is None or trace.arrivals[step.edge.source][-1] != at:
        return None
    return _number(graph, trace, at, "gradient", step.total)


def _leaf(graph: Graph, trace: Trace, at: int) -> Question | None:
    step = trace.steps[at]
    if not isinstance(step, ContributionStep) or trace.arrivals[step.edge.source][-1] != at:
        return None
    return _number(graph, trace, at, "gradient", step.total) if graph.nodes[step.edge.source].op.is_leaf else None


def _local(graph: Graph, trace: Trace, at: int) -> Question | None:
    step = trace.steps[at]
    return _number(graph, trace, at, "local", step.local) if isinstance(step, ContributionStep) else None


def _sign(graph: Graph, trace: Trace, at: int) -> Question | None:
    step = trace.steps[at]
    if not isinstance(step, ContributionStep) or step.contribution.ndim or not np.isfinite(step.contribution):
        return None
    return Question(graph, trace, at, "contribution", "sign")


def _silent(graph: Graph, trace: Trace, at: int) -> Question | None:
    """Asked where a node with few inputs begins to send: of gates, products and choices, where it is not plain."""
    step = trace.steps[at]
    if not isinstance(step, ContributionStep) or trace.turn_start(at) != at:
        return None
    sent = sent_in_turn(trace, at)
    op = graph.nodes[step.edge.dest].op
    is_plain = op.combines == "sum" or not (op.gate or op.combines == "product" or len(sent) > 1)
    if is_plain or len(sent) > MOST_ASKED or not all(np.isfinite(each.contribution).all() for each in sent):
        return None
    return Question(graph, trace, at, "contribution", "silent")


def _shape(graph: Graph, trace: Trace, at: int) -> Question | None:
    step = trace.steps[at]
    if isinstance(step, ForwardStep):
        is_asked = not graph.nodes[step.node].op.is_leaf and any(x.ndim for x in (*step.inputs, step.value))
        return Question(graph, trace, at, "value", "shape") if is_asked else None
    if isinstance(step, ContributionStep) and any(x.ndim for x in (step.upstream, step.contribution)):
        return Question(graph, trace, at, "contribution", "shape")
    return None


MODES |= {
    "each": Mode("Each step", "The next number, whatever it is", _each),
    "fan-outs": Mode("Only fan-outs", "The sum, where a value is used more than once", _fan_out),
    "leaves": Mode("Only leaves", "The gradient of each leaf", _leaf),
    "slopes": Mode("Local derivatives", "How fast a node moves with one of its inputs", _local),
    "signs": Mode("Signs", "Whether a contribution is positive or negative", _sign),
    "silent": Mode("Silent edges", "Which edges carry nothing", _silent),
    "shapes": Mode("Shapes", "The shape of a value or a gradient", _shape),
}
