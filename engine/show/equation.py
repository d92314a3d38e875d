"""Equations: what a step says, as data with two equal sides, printed as text or typeset.

Symbols: L what is differentiated, the target or seed · target; x, p nodes, p one that x feeds. ∂L/∂x is the whole
gradient of x: the sum of the contributions ∂L/∂p · ∂p/∂x of all edges that leave it. ∂p/∂x is a local derivative;
where x feeds p by more than one way it is named by which of them it is: ∂p/∂(1st x).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from engine.graph.graph import Graph
from engine.passes.trace import ContributionStep, DropStep, ForwardStep, SeedStep, Step, Trace, UpdateStep
from engine.show.backward import Backward
from engine.show.names import Names
from engine.show.notation import CHOICE, PLAIN, TEX, Notation
from engine.show.readable import read_step, readable
from engine.show.terms import (
    ALL_DIGITS,
    DIGITS,
    MOST_PLAIN,
    Number,
    Quantity,
    Sum,
    Term,
    TooLarge,
    result_text,
)
from engine.show.turning import told_line
from engine.values.values import Value, number_text, told_apart

Kind = Literal["value", "seed", "local", "contribution", "gradient", "update", "drop"]


@dataclass(frozen=True, eq=False)
class Equation:
    """Two sides that are equal, `left` and `right`.

    `of` is the node that it speaks of, `by` the one that x feeds (a contribution, a local derivative), at its input
    `port`. `number` is the value that both sides have. `part`: which of how many contributions, (1, 1) where there is
    one. `note` belongs behind it: what L is, or that it holds element by element.
    """

    kind: Kind
    of: str
    by: str | None
    port: int | None
    number: Value
    left: Term
    right: Term
    part: tuple[int, int] = (1, 1)
    note: str = ""
    note_tex: str = ""
    read: "Equation | None" = None  # the same without rounding noise: what is printed in place of this one
    plain: Notation = PLAIN
    tex: Notation = TEX
    digits: int = DIGITS  # of the result: more where it differs little from what it was

    def sides(self) -> tuple[Value, Value]:
        """Both sides, each computed from the numbers of its own terms."""
        return self.left.evaluate(), self.right.evaluate()

    @cached_property
    def text(self) -> str:
        """One line of plain text, in symbols and in numbers: `∂f/∂x = ∂f/∂q · ∂q/∂x = −4 × 1 = −4`."""
        if self.read:
            return self.read.text
        return self._line(self._numbers(self.plain))

    @cached_property
    def brief(self) -> str:
        """The same for a sentence: of a sum with long numbers only the result, `∂L/∂x = [3, −1, 2, 6]`."""
        if self.read:
            return self.read.brief
        numbers = self._numbers(self.plain)
        return self._line(numbers[-1:] if self._is_sum and len(numbers[0]) > MOST_TOLD else numbers)

    def _line(self, numbers: list[str]) -> str:
        said = [] if isinstance(self.left, Sum) else [self._symbols(self.left, self.plain)]
        said += [] if isinstance(self.right, Sum) and len(self.right.terms) > 1 else self._right(self.plain)
        return " = ".join(_told([*said, *numbers])) + (f", {self.note}" if self.note else "")

    @property
    def _is_sum(self) -> bool:
        return any(isinstance(side, Sum) and len(side.terms) > 1 for side in (self.left, self.right))

    @cached_property
    def latex(self) -> str:
        """In symbols; a number only where the right side is one."""
        if self.read:
            return self.read.latex
        right = self._right(self.tex) or self._numbers(self.tex)[-1:]
        return " = ".join(_told([self._symbols(self.left, self.tex), *right])) + self.note_tex

    @cached_property
    def latex_numbers(self) -> str:
        """The same with the numbers put in: `\\frac{∂f}{∂x} = -4 \\times 1 = -4`."""
        if self.read:
            return self.read.latex_numbers
        left = [self.left] if isinstance(self.left, Quantity) else []
        return " = ".join(_told([*(self._symbols(side, self.tex) for side in left), *self._numbers(self.tex)]))

    def sides_tex(self) -> list[str]:
        """All that is equal, in LaTeX: the left side, in symbols, with the numbers put in, and the result.

        Numbers that a line could hold only in letters that nobody can read are left out.
        """
        if self.read:
            return self.read.sides_tex()
        *filled, result = self._numbers(self.tex)
        numbers = [text for text in filled if not _is_crowded(text)]
        return _told([self._symbols(self.left, self.tex), *self._right(self.tex), *numbers, result])

    def _symbols(self, side: Term, notation: Notation) -> str:
        return notation.held(side.piece(notation), notation.side)

    def _right(self, notation: Notation) -> list[str]:
        return [] if isinstance(self.right, Number) else [self._symbols(self.right, notation)]

    def _numbers(self, notation: Notation) -> list[str]:
        """The formula with numbers put in, where they are few enough to be read, and the result."""
        formula = self.left if isinstance(self.right, Number) else self.right
        result = result_text(self.number, notation, self.digits)
        try:
            piece = formula.piece(notation, self._digits(formula))
        except TooLarge:
            return [result]
        return [result] if piece.tight == CHOICE or formula.has_cases else [piece.text, result]

    def _digits(self, formula: Term) -> int:
        """How many digits the numbers of a formula need, so that it can be worked out from them as they are printed."""
        if np.ndim(self.number):
            return DIGITS
        result = number_text(float(self.number), self.digits)
        made = ((n, number_text(float(formula.evaluate(n)), self.digits)) for n in _MORE)
        return next((n for n, text in made if text == result), max(DIGITS, self.digits))


MOST_COLUMNS = 6  # of matrices within brackets, where no line can be broken
_IN_BRACKETS = re.compile(r"\\left|\\right|\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}")


def _is_crowded(tex: str) -> bool:
    """Whether brackets hold more columns of matrices than a line."""
    depth = columns = 0
    for found in _IN_BRACKETS.finditer(tex):
        if found[1] is None:
            depth += 1 if found[0] == r"\left" else -1
            columns = columns if depth else 0
        elif depth:
            columns += 1 + found[1].partition(r"\\")[0].count("&")
            if columns > MOST_COLUMNS:
                return True
    return False


MOST_TOLD = 40  # characters of the terms of a sum within a sentence
MOST_TERMS = 100  # of a whole gradient: where more contributions arrive, the sum so far stands for all before the last
_MORE = (DIGITS, 5, 6, 9, 12, ALL_DIGITS)


def _told(sides: list[str]) -> list[str]:
    """Sides of an equation, none twice in a row."""
    return [side for i, side in enumerate(sides) if i == 0 or side != sides[i - 1]]


def equations_of(graph: Graph, trace: Trace, step: Step) -> tuple[Equation, ...]:
    """What a step says: a value, the seed, or a local derivative, a contribution and, with the last, the gradient."""
    names = Names(graph, trace)
    exact = tuple(_noted(names, equation) for equation in _equations(Backward(names), step))
    read = readable(trace)
    if read is trace:
        return exact
    printed = equations_of(graph, read, read_step(trace, step))
    return tuple(replace(equation, read=other) for equation, other in zip(exact, printed, strict=True))


def _noted(names: Names, equation: Equation) -> Equation:
    """An equation in the notations that this graph's names leave without doubt."""
    return replace(equation, plain=names.plain, tex=names.tex)


def _equations(said: Backward, step: Step) -> Iterator[Equation]:
    if isinstance(step, ForwardStep):
        yield _value(said, step)
    elif isinstance(step, SeedStep):
        yield _seed(said, step)
    elif isinstance(step, UpdateStep | DropStep):
        kind: Kind = "update" if isinstance(step, UpdateStep) else "drop"
        for line in step.lines:
            left, right = told_line(said, step, line)
            yield Equation(kind, step.node, None, None, line.value, left, right, digits=_digits_apart(step, line.value))
    else:
        yield from _contribution(said, step)


def _digits_apart(step: UpdateStep | DropStep, result: Value) -> int:
    """How many digits it takes to see that a number has turned."""
    if isinstance(step, DropStep) or np.ndim(result) or result != step.after:
        return DIGITS
    texts = told_apart(float(step.before), float(step.after), DIGITS)
    return next((n for n in range(DIGITS, ALL_DIGITS) if number_text(float(step.after), n) == texts[1]), ALL_DIGITS)


def _value(said: Backward, step: ForwardStep) -> Equation:
    left = said.value(step.node, step.value, step.output)
    is_leaf = said.graph.nodes[step.node].op.is_leaf
    right = Number(step.value) if is_leaf else said.applied(step.node, step.inputs)
    return Equation("value", step.node, None, None, step.value, left, right)


def _seed(said: Backward, step: SeedStep) -> Equation:
    left = said.gradient(step.node, step.gradient)
    note = tex = ""
    if not said.names.target_is_goal:
        note, tex = f"where {said.names.goal_words}", _goal_tex(said, step)
    return Equation("seed", step.node, None, None, step.gradient, left, Number(step.gradient), note=note, note_tex=tex)


def _goal_tex(said: Backward, step: SeedStep) -> str:
    target = TEX.name(said.names.node(step.node)).text
    total = target if step.gradient.ndim == 0 else rf"\sum {target}"
    seed = TEX.number(number_text(said.names.seed)).text
    factor = "" if said.names.seed == 1 else rf"{seed} \cdot "
    return rf",\quad {TEX.name(said.names.goal).text} = {factor}{total}"


def _contribution(said: Backward, step: ContributionStep) -> Iterator[Equation]:
    edge, part = step.edge, said.part(step)
    place = (edge.source, edge.dest, edge.port)
    local = said.local(step)
    if local is not None and local.meaning is not None:
        by_element = np.ndim(step.upstream) > 0
        note, tex = ("element by element", r"\quad \text{element by element}") if by_element else ("", "")
        yield Equation("local", *place, local.number, local, local.meaning, part, note, tex)
    sent = said.contribution(step)
    yield Equation("contribution", *place, step.contribution, sent, Number(step.contribution), part)
    if part[0] == part[1]:
        left = said.gradient(edge.source, step.total)
        right = sent if part[1] == 1 else Sum(_terms(said, step, sent, part[1]))
        yield Equation("gradient", edge.source, None, None, step.total, left, right, part)


def _terms(said: Backward, step: ContributionStep, sent: Term, count: int) -> tuple[Term, ...]:
    """All that has arrived; of very many the sum so far, and the last."""
    if count > MOST_TERMS and step.before is not None:
        return Number(step.before), sent
    return tuple(said.contributions(step.edge.source))


def running_sum(graph: Graph, trace: Trace, step: ContributionStep) -> Equation | None:
    """What has arrived at a node with the second contribution and later ones, before the last: `10 + 15 = 25`."""
    exact, read = _running_sum(graph, trace, step), readable(trace)
    if read is trace or exact is None:
        return exact
    return replace(exact, read=_running_sum(graph, read, read_step(trace, step)))


def _running_sum(graph: Graph, trace: Trace, step: Step) -> Equation | None:
    assert isinstance(step, ContributionStep)
    names = Names(graph, trace)
    said = Backward(names)
    part = said.part(step)
    if step.before is None or part[0] == part[1] or step.total.size > MOST_PLAIN:
        return None
    left, edge = Sum((Number(step.before), said.contribution(step))), step.edge
    right = Number(step.total)
    return _noted(names, Equation("contribution", edge.source, edge.dest, edge.port, step.total, left, right, part))


def sum_text(before: Value, contribution: Value, total: Value) -> str:
    """`10 + 15 = 25`, with as many digits as it takes to be true as it is printed."""
    left = Sum((Number(before), Number(contribution)))
    return Equation("contribution", "", None, None, total, left, Number(total)).text


def rule_text(graph: Graph, trace: Trace, step: ContributionStep) -> str:
    """What a contribution is made of, in symbols on one line: `∂L/∂z @ W`."""
    names = Names(graph, trace)
    return Backward(names).contribution(step).piece(names.plain).text
