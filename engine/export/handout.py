"""A handout as data: what is given, then every step with its formula and its blank, and the same with the numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.errors import ExportError
from engine.export.target import computed
from engine.graph.exercise import exercise_of
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.show.equation import Equation, equations_of
from engine.show.notation import TEX
from engine.show.terms import Number, TooLarge, shape_words, value_piece
from engine.values.values import Value, number_text

MOST_ROWS = 300  # about forty pages


@dataclass(frozen=True)
class HandoutRow:
    """One step: what is printed before the blank, what stands there in the solution (both in LaTeX), and its number."""

    node: str
    kind: str  # value, seed or gradient
    asked: tuple[str, ...]
    solved: tuple[str, ...]
    number: Value


@dataclass(frozen=True)
class HandoutText:
    """All that a handout says, apart from its picture."""

    title: str
    question: str
    student: int | None
    given: tuple[HandoutRow, ...]
    forward: tuple[HandoutRow, ...]
    backward: tuple[HandoutRow, ...]
    results: tuple[tuple[str, str, str], ...]  # node, value, gradient: to mark by


def handout_text(graph: Graph, trace: Trace) -> HandoutText:
    """The steps of a graph that has run. Raises ExportError where there is nothing to ask, or too much."""
    given: list[HandoutRow] = []
    forward: list[HandoutRow] = []
    for step in computed(trace):
        is_leaf = graph.nodes[step.node].op.is_leaf
        (given if is_leaf else forward).append(_row(step.node, equations_of(graph, trace, step)[-1]))
    backward = list(_backward(graph, trace))
    if not forward:
        raise ExportError("There is nothing to ask: no operation of this graph has a value.")
    if (count := len(forward) + len(backward)) > MOST_ROWS:
        raise ExportError(f"{count:,} steps are too many for a handout: it can have at most {MOST_ROWS}.")
    _refuse_large(graph, (*given, *forward, *backward))
    said = exercise_of(graph)
    title = graph.title or "A computational graph"
    results = tuple(_results(graph, trace))
    return HandoutText(title, said.question, said.student, tuple(given), tuple(forward), tuple(backward), results)


def _backward(graph: Graph, trace: Trace) -> Iterator[HandoutRow]:
    """The seed, and each gradient when all its contributions are in."""
    for step in trace.steps[trace.backward_start :]:
        equation = equations_of(graph, trace, step)[-1]
        if equation.kind in ("seed", "gradient"):
            yield _row(equation.of, equation)


def _row(node: str, equation: Equation) -> HandoutRow:
    sides = equation.sides_tex()
    has_symbols = not isinstance(equation.right, Number) and len(sides) > 2
    solved = [*sides[:-1], sides[-1] + equation.note_tex]
    return HandoutRow(node, equation.kind, tuple(sides[: 2 if has_symbols else 1]), tuple(solved), equation.number)


def _refuse_large(graph: Graph, rows: Iterable[HandoutRow]) -> None:
    """What no formula shows nobody works out by hand."""
    for row in rows:
        try:
            value_piece(row.number, TEX)
        except TooLarge:
            words = (
                f"{graph.nodes[row.node].name} ({shape_words(np.shape(row.number))}) is too large to work with by hand"
            )
            raise ExportError(f"{words}: a handout shows every number.", (row.node,)) from None


def _results(graph: Graph, trace: Trace) -> Iterator[tuple[str, str, str]]:
    """Of the nodes that are single numbers; arrays stand in the formulas."""
    for step in computed(trace):
        if step.value.ndim == 0:
            yield graph.nodes[step.node].name, _shown(step.value), _shown(trace.gradient(step.node))


def _shown(value: Value | None) -> str:
    return "none" if value is None else number_text(float(value), 6)


def steps_of(text: HandoutText) -> tuple[HandoutRow, ...]:
    """All rows that are asked for."""
    return (*text.forward, *text.backward)
