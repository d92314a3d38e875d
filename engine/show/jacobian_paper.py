"""Jacobians on paper: upstream · J = contribution, and J₁ · J₂ of two nodes in a row, element by element.

Symbols: y the output, x the input; J = ∂y/∂x as a matrix, a row for each element of y, a column for each of x.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from engine.show.cell_text import place_text
from engine.show.names import Names
from engine.show.sheets import Paper, PaperSheet
from engine.truth.cells import Cell, CellFactor, CellProduct, FactorKind, WrittenCell, cell_at
from engine.truth.jacobian import Jacobian
from engine.values.values import Shape, bracketed, number_text

Grid = NDArray[np.float64]
MOST_TERMS = 5
LEFT, TOP = "left", "top"  # whose the factors are


@dataclass(frozen=True, eq=False)
class JacobianPaper:
    """Two matrices and their product, and what is said of an element of it: its name, and the sum that it is."""

    paper: Paper
    say: Callable[[Cell], tuple[str, str]]


def element_names(name: str, shape: Shape) -> list[str]:
    """`W[0, 0]`, `W[0, 1]` …: what the elements of a tensor are called, in order."""
    return [f"{name}{place_text(cell_at(i, shape))}" for i in range(int(np.prod(shape)))]


def upstream_paper(names: Names, found: Jacobian) -> JacobianPaper | None:
    """upstream · J = contribution, laid out flat; None where no gradient passes."""
    if found.upstream is None or found.product is None:
        return None
    y, x, goal = names.node(found.node), _by(names, found), names.goal
    at_goal = names.target_is_goal and found.node == names.trace.plan.target
    given = [names.seed_word] if at_goal else [f"∂{goal}/∂{each}" for each in element_names(y, found.y_shape)]
    left = PaperSheet("left", "gradient", "upstream", np.reshape(found.upstream, (1, -1)), LEFT)
    rows, columns = (tuple(element_names(*each)) for each in ((y, found.y_shape), (x, found.x_shape)))
    top = PaperSheet("top", "local", f"∂{y}/∂{x}", found.flat, TOP, rows=rows, columns=columns)
    result = PaperSheet("result", "result", "contribution", np.reshape(found.product, (1, -1)), found.source)
    slopes = _slope_names(y, found.y_shape, x, found.x_shape)
    sent = [f"to {each}" for each in element_names(names.node(found.source), found.x_shape)]
    return _product(left, top, result, ([given], slopes, [sent]))


def _by(names: Names, found: Jacobian) -> str:
    """What a Jacobian goes by: its source, or one of the ways from there."""
    alone = names.alone(names.graph.edges[found.node, found.port])
    return f"({alone})" if alone else names.node(found.source)


def chain_paper(names: Names, first: Jacobian, second: Jacobian) -> JacobianPaper:
    """J₁ · J₂: how `first` depends on what `second` depends on. The source of the first is the node of the second."""
    y, x, u = names.node(first.node), names.node(second.node), _by(names, second)
    left = PaperSheet("left", "local", f"∂{y}/∂{x}", first.flat, LEFT)
    rows, columns = (tuple(element_names(*each)) for each in ((x, second.y_shape), (u, second.x_shape)))
    top = PaperSheet("top", "local", f"∂{x}/∂{u}", second.flat, TOP, rows=rows, columns=columns)
    with np.errstate(all="ignore"):
        product = first.flat @ second.flat
    ends = tuple(element_names(y, first.y_shape))
    result = PaperSheet("result", "result", f"∂{y}/∂{x} · ∂{x}/∂{u}", product, u, rows=ends)
    called = (
        _slope_names(y, first.y_shape, x, first.x_shape),
        _slope_names(x, second.y_shape, u, second.x_shape),
        _slope_names(y, first.y_shape, u, second.x_shape),
    )
    return _product(left, top, result, called)


def _slope_names(y: str, y_shape: Shape, x: str, x_shape: Shape) -> list[list[str]]:
    columns = element_names(x, x_shape)
    return [[f"∂{row}/∂{column}" for column in columns] for row in element_names(y, y_shape)]


def _product(
    left: PaperSheet, top: PaperSheet, result: PaperSheet, called: tuple[list[list[str]], ...]
) -> JacobianPaper:
    one, other = np.asarray(left.value), np.asarray(top.value)

    def ask(cell: Cell) -> WrittenCell:
        row, column = cell
        used = np.flatnonzero((one[row] != 0) & (other[:, column] != 0))
        products = tuple(_term(left, one, other, (row, int(j), column)) for j in used)
        return WrittenCell("contribution", result.node, cell, float(np.asarray(result.value)[cell]), products)

    def say(cell: Cell) -> tuple[str, str]:
        written, name = ask(cell), called[2][cell[0]][cell[1]]
        shown, rest = written.products[:MOST_TERMS], len(written.products) - MOST_TERMS
        terms = [f"{_named(called, product)} = {_numbers(product)}" for product in shown]
        more = [f"… {rest} more"] if rest > 0 else []
        total = number_text(written.recorded)
        return f"{name} = {total}", "\n".join([*terms, *more]) or "Nothing here depends on it: all slopes are 0."

    sheets = tuple(
        replace(sheet, called=partial(_called, grid)) for sheet, grid in zip((left, top, result), called, strict=True)
    )
    return JacobianPaper(Paper("contribution", result.node, None, sheets, ask), say)


def _called(grid: list[list[str]], cell: Cell) -> str:
    return grid[cell[0]][cell[1]]


def _term(left: PaperSheet, one: Grid, other: Grid, at: tuple[int, int, int]) -> CellProduct:
    row, j, column = at
    kind: FactorKind = "gradient" if left.kind == "gradient" else "local"
    first = CellFactor(kind, float(one[row, j]), LEFT, (row, j))
    second = CellFactor("local", float(other[j, column]), TOP, (j, column))
    return CellProduct((first, second), first.number * second.number)


def _named(called: tuple[list[list[str]], ...], product: CellProduct) -> str:
    names = (grid[f.cell[0]][f.cell[1]] for grid, f in zip(called, product.factors, strict=False))
    return " · ".join(names)


def _numbers(product: CellProduct) -> str:
    first, second = (number_text(factor.number, 3) for factor in product.factors)
    return f"{first} · {bracketed(second)}"
