"""The slope of a cell as a formula over cells, in this graph's names and in its numbers: x[0] / s = 3 / 5.

Symbols: x an input of a node, y its output, g the upstream gradient, which counts as 1 here. The op's own rule is read
at one cell of x and one of y; what comes of it is compared with the slope, so that nothing is said that is not so.
"""

import ast
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.ops.substitute import names_in, parsed
from engine.passes.trace import ContributionStep
from engine.show.backward import Backward
from engine.show.names import Names
from engine.show.notation import ATOM, POWER, PRODUCT, SUM, Notation, Written
from engine.show.rules import rule_source
from engine.show.terms import Expression, Number, Term, rounded, value_piece
from engine.truth.cells import Cell, CellFactor, cell_under
from engine.values.values import Shape, Value, number_text

ALONG = ("softmax", "log_softmax", "mean", "sum", "logsumexp")  # words that need all cells of a row to make one
SPREAD = ("softmax", "log_softmax")  # of these, words that leave a row as long as it was
_DIGITS = (4, 5, 6, 9, 12)
MOST_FACTORS = 6  # of a product of the others that are written out


class SlopeText(NamedTuple):
    """A slope as a factor of a product, as a side of an equation, with the numbers put in, and what these make."""

    factor: str
    symbols: str
    numbers: str
    result: str

    @property
    def told(self) -> str:
        """`x[0] / s = 3 / 5 = 0.6`, nothing twice."""
        return " = ".join(dict.fromkeys((self.symbols, self.numbers, self.result)))


@dataclass(frozen=True, eq=False)
class CellTerm(Term):
    """A cell of a tensor, or what is computed of several."""

    number: float
    said: str

    def evaluate(self, digits: int | None = None) -> Value:
        return rounded(np.float64(self.number), digits)

    def piece(self, notation: Notation, digits: int | None = None) -> Written:
        if digits is not None:
            return value_piece(np.float64(self.number), notation, digits)
        return Written(notation.words(self.said), PRODUCT if " · " in self.said else ATOM)


def slope_text(names: Names, factor: CellFactor, by: Cell) -> SlopeText | None:
    """The formula of a local derivative by the cell `by` of an input; None where its rule has none for one cell."""
    step = names.trace.contribution((factor.node, factor.port))
    if step is None or not np.isfinite(factor.number):
        return None
    try:
        with np.errstate(all="ignore"):
            found = _formula(names, step, factor.cell, by)
            if found is None or not np.isclose(float(found.evaluate()), factor.number, rtol=1e-9, atol=1e-300):
                return None
            return _told(names, found, factor.number)
    except (_Untold, ValueError, TypeError):
        return None


def _formula(names: Names, step: ContributionStep, there: Cell, by: Cell) -> Expression | None:
    edge, node = step.edge, names.graph.nodes[step.edge.dest]
    inputs, y = names.trace.inputs(edge.dest), names.trace.value(edge.dest)
    local = Backward(names).local(step)
    assert y is not None
    if local is None:
        source = rule_source(node.op, edge.port, node.settings, tuple(x.shape for x in inputs), step.upstream.shape)
    elif isinstance(local.meaning, Expression):
        source = local.meaning.source
    else:
        return None
    called = [names.value(each.source, each.output) for each in names.graph.into(edge.dest)]
    said = {f"in{i}": names.plain.held(names.plain.name(each), POWER) for i, each in enumerate(called)}
    arrays = {f"in{i}": x for i, x in enumerate(inputs)} | {"y": y, "g": np.ones(step.upstream.shape)[()]}
    shape = inputs[edge.port].shape if local is None else None
    at = _AtCell(said | {"y": names.node(edge.dest)}, arrays, there, by, shape)
    tree = ast.fix_missing_locations(at.visit(parsed(source)))
    text = ast.unparse(tree)
    parts = {name: part for name, part in at.parts.items() if name in names_in(text)}
    return Expression(text, parts)


def _told(names: Names, found: Expression, slope: float) -> SlopeText:
    symbols = found.piece(names.plain)
    for digits in _DIGITS:
        if number_text(float(found.evaluate(digits))) == number_text(slope):
            numbers = found.piece(names.plain, digits).text
            break
    else:
        numbers = number_text(slope)
    return SlopeText(names.plain.held(symbols, PRODUCT), names.plain.held(symbols, SUM), numbers, number_text(slope))


class _Untold(Exception):
    """A rule that is not to be read at one cell."""


class _AtCell(ast.NodeTransformer):
    """Puts cells in the place of tensors. `shape`: of x, where the rule is a whole one and not element by element."""

    def __init__(
        self, said: dict[str, str], arrays: dict[str, Value], there: Cell, by: Cell, shape: Shape | None
    ) -> None:
        self.parts: dict[str, Term] = {}
        self._said, self._arrays, self._there, self._by, self._shape = said, arrays, there, by, shape
        self._spread = False  # within what is repeated from the output to the input

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id == "g":
            return ast.Constant(1)
        if node.id not in self._arrays:
            return node
        value = self._arrays[node.id]
        cell = self._cell(value.shape)
        return self._part(float(np.asarray(value)[cell]), f"{self._said[node.id]}{_place(cell)}")

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mult) and 0 in (_number(node.left), _number(node.right)):
            return ast.Constant(0)
        if isinstance(node.op, ast.Mult) and _number(node.left) == 1:
            return node.right
        return node.left if isinstance(node.op, ast.Mult | ast.Div) and _number(node.right) == 1 else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        word = ast.unparse(node.func)
        if word == "spread":
            return self._of_the_output(node.args[0])
        if word == "where":
            test, one, other = node.args
            chosen: ast.expr = self.visit(one if self._number(self.visit(test)) else other)
            return chosen
        if word == "others":
            return self._others(node)
        if word == "shares":
            return self._part(self._taken(node)[0], "its share")
        if word == "onehot":
            return self._one_hot(node)
        if word in ALONG:
            return self._along(node, word)
        self.generic_visit(node)
        return node

    def _of_the_output(self, node: ast.expr) -> ast.expr:
        self._spread = True
        try:
            made: ast.expr = self.visit(node)
            return made
        finally:
            self._spread = False

    def _along(self, node: ast.Call, word: str) -> ast.expr:
        """`mean(x[0, :])`, `softmax(x)[2]`."""
        x = node.args[0]
        if not isinstance(x, ast.Name) or x.id not in self._arrays:
            raise _Untold
        number, cell = self._taken(node)
        shape, axis = self._arrays[x.id].shape, self._axis(node)
        whole = axis == "all" or len(shape) < 2
        here = [":" if whole or i in self._axes(axis, len(shape)) else str(k) for i, k in enumerate(self._cell(shape))]
        of = self._said[x.id] if whole else f"{self._said[x.id]}[{', '.join(here)}]"
        inner = [cell[i] for i in range(len(cell)) if here[i] == ":"] if word in SPREAD else []
        return self._part(number, f"{word}({of}){_place(tuple(inner))}")

    def _one_hot(self, node: ast.Call) -> ast.expr:
        """A cell of the row that a class id stands for."""
        number, cell = self._taken(node)
        return self._part(number, f"{ast.unparse(node.func)}({self._said[ast.unparse(node.args[0])]}){_place(cell)}")

    def _others(self, node: ast.Call) -> ast.expr:
        """The product of all that stand beside a cell, written out where they are few."""
        x = node.args[0]
        if not isinstance(x, ast.Name):
            raise _Untold
        value, number = self._arrays[x.id], self._taken(node)[0]
        along = self._axes(self._axis(node), value.ndim)
        beside = [
            cell for cell in np.ndindex(value.shape)
            if cell != self._by and all(i in along or cell[i] == self._by[i] for i in range(value.ndim))
        ]  # fmt: skip
        if not beside or len(beside) > MOST_FACTORS:
            return self._part(number, "the product of the others")
        parts = [self._part(float(np.asarray(value)[cell]), f"{self._said[x.id]}{_place(cell)}") for cell in beside]
        made: ast.expr = parts[0]
        for part in parts[1:]:
            made = ast.BinOp(made, ast.Mult(), part)
        return made

    # --- cells and numbers

    def _cell(self, shape: Shape) -> Cell:
        if not shape:
            return ()
        if self._shape is None or self._spread:
            return cell_under(self._there, shape)
        if shape != self._shape:
            raise _Untold
        return self._by

    def _taken(self, node: ast.expr) -> tuple[float, Cell]:
        """The number of a whole expression at the cell, and where that is in it."""
        given = {name: Number(value) for name, value in self._arrays.items()}
        value = np.asarray(Expression(ast.unparse(node), given).evaluate())
        cell = cell_under(self._by if self._shape is not None else self._there, value.shape)
        return float(value[cell]), cell

    def _number(self, node: ast.expr) -> float:
        text = ast.unparse(ast.fix_missing_locations(node))
        return float(Expression(text, {k: v for k, v in self.parts.items() if k in names_in(text)}).evaluate())

    def _axis(self, node: ast.Call) -> object:
        return ast.literal_eval(node.args[1]) if len(node.args) > 1 else "all"

    def _axes(self, axis: object, ndim: int) -> tuple[int, ...]:
        if axis == "all":
            return tuple(range(ndim))
        return tuple(int(each) % ndim for each in (axis if isinstance(axis, tuple) else (axis,)))

    def _part(self, number: float, said: str) -> ast.expr:
        name = next((k for k, v in self.parts.items() if isinstance(v, CellTerm) and v.said == said), "")
        name = name or f"c{len(self.parts)}"
        self.parts[name] = CellTerm(number, said)
        return ast.Name(name)


def _place(cell: Cell) -> str:
    return f"[{', '.join(map(str, cell))}]" if cell else ""


def _number(node: ast.expr) -> float | None:
    return float(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, int | float) else None
