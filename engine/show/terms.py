"""What the sides of an equation are made of: terms that can be evaluated, and written in symbols or in numbers."""

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from engine.ops.kernel import bind
from engine.ops.op import Op, Settings
from engine.ops.substitute import names_in, parsed
from engine.ops.words.table import NUMPY
from engine.show.formula import forward_piece
from engine.show.notation import PRODUCT, SERIES, SUM, TEX, Notation, Written
from engine.show.writing import written
from engine.values.values import Shape, Value, as_value, exact_text, number_text, unbroadcast

DIGITS, ALL_DIGITS = 4, 17
CERTAIN = 1e-12  # how far from 1 a sum of targets may be that counts as 1
MOST_PLAIN, MOST_TEX = 4, 4  # elements of an array that stand on a line; rows and columns of a matrix
MOST_TERMS = 6  # of a sum that are written out


class TooLarge(Exception):
    """An array has too many elements to be written out."""


class Term(ABC):
    """One side of an equation, or a part of it."""

    @abstractmethod
    def evaluate(self, digits: int | None = None) -> Value:
        """Its value, computed from the numbers of its parts: exact, or as they are printed with so many digits."""

    @abstractmethod
    def piece(self, notation: Notation, digits: int | None = None) -> Written:
        """It written down: in symbols, or with so many digits in numbers. Raises TooLarge."""

    def inner(self) -> tuple["Term", ...]:
        """The terms that it is made of."""
        return ()

    def walk(self) -> Iterator["Term"]:
        """It, and everything in it."""
        yield self
        for term in self.inner():
            yield from term.walk()

    @property
    def has_cases(self) -> bool:
        """Whether it chooses, which with numbers put in would be `0 if 0 = 0, else 0 / 0`."""
        return any(isinstance(term, Expression) and "where(" in term.source for term in self.walk())

    def spelled(self) -> "Term":
        """It with the formulas of local derivatives in their place; itself where there are none."""
        return self


@dataclass(frozen=True, eq=False)
class Number(Term):
    """A value as it is."""

    value: Value

    def evaluate(self, digits: int | None = None) -> Value:
        return rounded(self.value, digits)

    def piece(self, notation: Notation, digits: int | None = None) -> Written:
        return value_piece(self.value, notation, digits) if digits else Written(result_text(self.value, notation))


@dataclass(frozen=True, eq=False)
class Quantity(Term):
    """What has a name of its own: the value of a node, a whole gradient, a local derivative, the seed.

    `of` is the node: the one whose value it is, or by which is differentiated; `by` the node that a local derivative
    belongs to, at its input `port`. `said` are its names: one, or above and below the line of a derivative. `meaning`
    is what a local derivative is computed by.
    """

    kind: Literal["value", "gradient", "local", "seed"]
    of: str
    number: Value
    said: tuple[str, ...]
    by: str | None = None
    port: int | None = None
    output: int = 0
    alone: str = ""  # what a local derivative goes by where ∂p/∂x could be mistaken: ∂p/∂(1st x)
    meaning: Term | None = None
    is_spelled: bool = False  # a local derivative that is written as its formula

    def evaluate(self, digits: int | None = None) -> Value:
        return self.meaning.evaluate() if self.meaning and digits is None else rounded(self.number, digits)

    def piece(self, notation: Notation, digits: int | None = None) -> Written:
        if digits is not None:
            return value_piece(self.number, notation, digits)
        axes = np.ndim(self.number)
        if self.is_spelled and self.meaning:
            return self.meaning.piece(notation)._replace(axes=axes)
        if self.kind == "seed":
            return Written(notation.words(self.said[0]), axes=axes)
        name, *by = self.said
        if not by:
            return notation.name(name)._replace(axes=axes)
        return notation.partial(name, by[0], self.alone)._replace(axes=axes)


@dataclass(frozen=True, eq=False)
class Expression(Term):
    """A text in the notation of op texts over named parts: `g * d`, `matmul(swap(x), g)`."""

    source: str
    parts: Mapping[str, Term]

    def evaluate(self, digits: int | None = None) -> Value:
        with np.errstate(all="ignore"):
            values = [part.evaluate(digits) for part in self.parts.values()]
            return as_value(_function(self.source, tuple(self.parts))(*values))

    def piece(self, notation: Notation, digits: int | None = None) -> Written:
        pieces = {name: part.piece(notation, digits) for name, part in self.parts.items()}
        return written(_tree(self.source), pieces, notation, digits is not None)

    def inner(self) -> tuple[Term, ...]:
        return tuple(self.parts.values())

    def settled(self) -> "Expression":
        """With what the numbers make certain.

        Without factors Σ t that are 1 here, as they are of one-hot targets: p · Σ t − t is p − t. A quotient that
        counts 0 / 0 as 0 says so where it meets one.
        """
        if " * sum(" not in self.source and "ratio(" not in self.source:
            return self
        tree = _Certain(lambda text: replace(self, source=text).evaluate())
        source = ast.unparse(tree.visit(parsed(self.source)))
        return Expression(source, {name: part for name, part in self.parts.items() if name in names_in(source)})

    def spelled(self) -> Term:
        parts = {name: _spelled(part) for name, part in self.parts.items()}
        return self if all(parts[name] is part for name, part in self.parts.items()) else replace(self, parts=parts)


class _Certain(ast.NodeTransformer):
    """Leaves out sums that are factors of one, and says of a quotient 0 / 0 what it counts as."""

    def __init__(self, value: Callable[[str], Value]) -> None:
        self.value = value

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node.func) != "ratio":
            return node
        above, below = map(ast.unparse, node.args)
        if not np.any((self.value(above) == 0) & (self.value(below) == 0)):
            return node
        return parsed(f"where({above} == 0, 0.0, {ast.unparse(node)})")

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        is_sum = isinstance(node.op, ast.Mult) and isinstance(node.right, ast.Call)
        is_sum = is_sum and ast.unparse(node.right).startswith("sum(")
        return node.left if is_sum and self._is_one(ast.unparse(node.right)) else node

    def _is_one(self, text: str) -> bool:
        return bool(np.allclose(self.value(text), 1, 0, CERTAIN))


def _spelled(term: Term) -> Term:
    is_local = isinstance(term, Quantity) and term.meaning and not term.is_spelled
    return replace(term, is_spelled=True) if is_local and isinstance(term, Quantity) else term


@dataclass(frozen=True, eq=False)
class Applied(Term):
    """An op over its inputs, as a node computes it."""

    op: Op
    settings: Settings
    inputs: tuple[Term, ...]

    def evaluate(self, digits: int | None = None) -> Value:
        values = [term.evaluate(digits) for term in self.inputs]
        with np.errstate(all="ignore"):
            return bind(self.op, len(values), self.settings).forward(*values)

    def piece(self, notation: Notation, digits: int | None = None) -> Written:
        pieces = [term.piece(notation, digits) for term in self.inputs]
        return forward_piece(self.op, self.settings, pieces, notation, digits is not None)

    def inner(self) -> tuple[Term, ...]:
        return self.inputs


@dataclass(frozen=True, eq=False)
class Sum(Term):
    """Terms added up; in numbers each of them is one."""

    terms: tuple[Term, ...]

    def evaluate(self, digits: int | None = None) -> Value:
        values = [rounded(term.evaluate(), digits) for term in self.terms]
        total = values[0]
        with np.errstate(all="ignore"):  # ∞ − ∞ is nan, and is told as that
            for value in values[1:]:
                total = total + value
        return total

    def piece(self, notation: Notation, digits: int | None = None) -> Written:
        shown = self.terms if len(self.terms) <= MOST_TERMS else (*self.terms[: MOST_TERMS - 2], self.terms[-1])
        pieces = [_in_a_sum(term, notation, digits) for term in shown]
        texts = [pieces[0].text, *(notation.held(piece, SERIES) for piece in pieces[1:])]
        if len(shown) < len(self.terms):
            texts.insert(-1, r"\cdots" if notation.is_tex else "…")
        return Written(" + ".join(texts), SUM, max(piece.axes for piece in pieces))

    def inner(self) -> tuple[Term, ...]:
        return self.terms

    def spelled(self) -> Term:
        terms = tuple(term.spelled() for term in self.terms)
        return self if all(a is b for a, b in zip(terms, self.terms, strict=True)) else Sum(terms)


def _in_a_sum(term: Term, notation: Notation, digits: int | None) -> Written:
    return term.piece(notation) if digits is None else value_piece(term.evaluate(), notation, digits)


@dataclass(frozen=True, eq=False)
class Pulled(Term):
    """A rule that has no short formula: what it computes is the upstream gradient times the transposed Jacobian.

    `node` is whose Jacobian it is: a name, or at the target what it computes: (∂L/∂x)ᵀ would explain ∂L/∂x by itself.
    `alone` is what it goes by where that is not x whole: (∂p/∂(1st x))ᵀ.
    """

    rule: Term
    node: str | Term
    source: str
    upstream: Quantity
    alone: str = ""

    def evaluate(self, digits: int | None = None) -> Value:
        return self.rule.evaluate(digits)

    def piece(self, notation: Notation, digits: int | None = None) -> Written:
        if digits is not None:
            raise TooLarge
        above = self.node if isinstance(self.node, str) else self.node.piece(notation)
        slope = notation.partial(above, self.source, self.alone)
        upstream = self.upstream.piece(notation)
        jacobian = notation.word("swap", [slope])
        text = f"{jacobian.text} {notation.held(upstream, PRODUCT)}"
        return Written(text, PRODUCT, max(upstream.axes, 1))


@dataclass(frozen=True, eq=False)
class Repeated(Term):
    """A term that is the same along some axes, said once: a slope by targets that depends on the outputs alone."""

    term: Term
    shape: Shape

    def evaluate(self, digits: int | None = None) -> Value:
        return np.broadcast_to(self.term.evaluate(digits), self.shape)

    def piece(self, notation: Notation, digits: int | None = None) -> Written:
        return notation.word("spread", [self.term.piece(notation, digits)])._replace(axes=len(self.shape))

    def inner(self) -> tuple[Term, ...]:
        return (self.term,)


@dataclass(frozen=True, eq=False)
class SummedBack(Term):
    """A term summed over the axes along which broadcasting had repeated what it belongs to."""

    term: Term
    shape: Shape
    over: str

    def evaluate(self, digits: int | None = None) -> Value:
        with np.errstate(all="ignore"):
            return unbroadcast(self.term.evaluate(digits), self.shape)

    def piece(self, notation: Notation, digits: int | None = None) -> Written:
        if digits is not None:
            raise TooLarge
        return notation.summed(self.over, self.term.piece(notation))._replace(axes=len(self.shape))

    def inner(self) -> tuple[Term, ...]:
        return (self.term,)


def rounded(value: Value, digits: int | None) -> Value:
    """A number as it is printed with so many digits: −0 as 0, unless it is all digits that are asked for."""
    is_number = digits is not None and np.ndim(value) == 0 and np.isfinite(value)
    if not is_number or digits == ALL_DIGITS:
        return value
    return np.float64(f"{float(value):.{digits}g}") + 0.0


def value_piece(value: Value, notation: Notation, digits: int = DIGITS) -> Written:
    """A value written out: a number, a short vector, a small matrix. Raises TooLarge."""
    data = np.asarray(value)
    if data.ndim == 0:
        return notation.number(_digits(float(data), digits))
    if notation.is_tex:
        return Written(_matrix(data, digits), axes=data.ndim)
    if data.size > MOST_PLAIN:
        raise TooLarge
    return Written(_nested(data, digits), axes=data.ndim)


def _digits(number: float, digits: int) -> str:
    return exact_text(number) if digits == ALL_DIGITS else number_text(number, digits)


def result_text(value: Value, notation: Notation, digits: int = DIGITS) -> str:
    """A value as the end of an equation; of a large one what it is."""
    try:
        return value_piece(value, notation, digits).text
    except TooLarge:
        return notation.words(f"({shape_words(np.shape(value))})")


def shape_words(shape: Shape) -> str:
    """`5 numbers`, `8×5 matrix`, `2×3×4 numbers`."""
    said = "×".join(map(str, shape))
    return f"{said} matrix" if len(shape) == 2 else f"{said} number" + ("" if shape == (1,) else "s")


def _nested(data: Any, digits: int) -> str:
    if data.ndim == 0:
        return _digits(float(data), digits)
    return "[" + ", ".join(_nested(part, digits) for part in data) + "]"


def _matrix(data: Any, digits: int) -> str:
    if data.ndim > 2 or data.size == 0 or max(data.shape) > MOST_TEX:
        raise TooLarge
    rows = (" & ".join(TEX.number(_digits(x, digits)).text for x in row) for row in np.atleast_2d(data))
    return r"{\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}}"


@lru_cache(maxsize=4096)
def _tree(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


@lru_cache(maxsize=4096)
def _function(source: str, names: tuple[str, ...]) -> Callable[..., Any]:
    """Compile a text. Only texts of `engine/ops/` and of this folder come here: files and users name ops."""
    function: Callable[..., Any] = eval(f"lambda {', '.join(names)}: {source}", {**NUMPY, "outer": np.multiply.outer})
    return function
