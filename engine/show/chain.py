"""The chain rule along a path, from the target back: each factor in symbols, in numbers and in its size, and which of
them is guilty where the product vanishes or explodes.

Symbols: p a path from x to L; ∂L/∂x along p = seed · Π ∂y/∂x over its edges. A factor of 1 passes on what it is given.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite, log10

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Edge
from engine.ops.substitute import names_in, parsed
from engine.passes.trace import ContributionStep, SeedStep, Trace
from engine.show.backward import Backward
from engine.show.equation import rule_text
from engine.show.names import Names
from engine.show.notation import PRODUCT, SUM
from engine.show.reasons import at_kink
from engine.show.terms import Expression, Number, Quantity, Term, TooLarge
from engine.truth.factors import Factor, factor_of, largest_size, most_to_blame
from engine.truth.paths import Path, Paths, count_paths, local_size, paths
from engine.values.values import Value, bracketed, counted, is_finite, number_text, thousands, value_text

MOST_ROWS = 20  # paths that are written out; of more the largest, and the others summed
TINY, HUGE = 1e-3, 1e3  # products beyond these have vanished, or exploded
_SHORT = 24  # characters of a formula that is put in place of the name of a node that nobody named


@dataclass(frozen=True, eq=False)
class ChainFactor:
    """One factor of a path: ∂p/∂x on the edge from x to p; the seed has no edge.

    `formula` is what it is computed by, `filled` the same with numbers, `number` the factor, None where the op has a
    rule that is no product; `size` how much it makes of a gradient.
    """

    edge: Edge | None
    name: str
    formula: str
    filled: str
    number: Value | None
    size: float
    told: str
    guilty: bool = False
    within: str = ""  # the formula as a factor of a product, with parentheses where it needs them
    alone: str = ""  # the formula before “=”, where only a choice needs parentheses

    @property
    def passes_on(self) -> bool:
        """Whether it changes nothing."""
        return self.number is not None and self.number.ndim == 0 and float(self.number) == 1

    @property
    def text(self) -> str:
        """The factor as a number, or what stands for it."""
        return self.formula if self.number is None else value_text(self.number)


@dataclass(frozen=True, eq=False)
class ChainRow:
    """One path: its factors from the target back, and what they make together."""

    path: Path
    factors: tuple[ChainFactor, ...]
    verdict: str = ""

    @property
    def formula(self) -> str:
        """In symbols, without the factors that are 1: `2 · (a − y) · a · (1 − a) · x`."""
        told = [factor for factor in self.factors if not factor.passes_on]
        if len(told) == 1:
            return told[0].alone or told[0].formula
        return " · ".join(factor.within or factor.formula for factor in told) or "1"

    @property
    def product(self) -> str:
        """In numbers: `1 × −4 × 1`; nothing where a rule is no such product."""
        numbers = [factor.number for factor in self.factors]
        if any(number is None or number.ndim for number in numbers):
            return ""
        texts = [factor.text for factor in self.factors]
        return " × ".join([texts[0], *map(bracketed, texts[1:])])


@dataclass(frozen=True, eq=False)
class ChainView:
    """All paths from a node to the target, as far as they are written out; `gradient` is the sum of all of them."""

    node: str
    target: str
    goal: str
    rows: tuple[ChainRow, ...]
    found: Paths
    gradient: Value | None

    @property
    def left(self) -> int:
        """How many paths are not written out."""
        return self.found.count - len(self.rows)


class Chains:
    """Makes the chain views of one trace."""

    def __init__(self, graph: Graph, trace: Trace) -> None:
        self.graph, self.trace = graph, trace
        self.names = Names(graph, trace)
        self._backward = Backward(self.names)

    @cached_property
    def counts(self) -> dict[str | None, int]:
        """How many paths lead from each node to the target."""
        return dict(count_paths(self.trace))

    def view(self, node: str, most: int = MOST_ROWS) -> ChainView | None:
        """The paths from a node; None where there is no target that it reaches."""
        target = self.trace.plan.target
        if target is None or not self.counts.get(node) or node == target:
            return None
        found = paths(self.trace, node, most)
        rows = tuple(self.row(path) for path in found.found)
        return ChainView(node, target, self.names.goal, rows, found, self.trace.gradient(node))

    def kinked(self, view: ChainView) -> str | None:
        """The first node on the paths whose inputs are exactly at its kink: where the slope of a path was chosen."""
        on_the_way = dict.fromkeys(edge.dest for row in view.rows for edge in row.path.edges)
        return next((id for id in on_the_way if at_kink(self.graph.nodes[id], self.trace.inputs(id))), None)

    def row(self, path: Path) -> ChainRow:
        """A path with its factors."""
        steps = [step for edge in reversed(path.edges) if (step := self.trace.contribution(edge.key)) is not None]
        factors = [*self._seed(path), *map(self.factor, steps)]
        return _judged(self.graph, self.trace, ChainRow(path, tuple(factors)), steps)

    def _seed(self, path: Path) -> Sequence[ChainFactor]:
        """The first factor, where it is not 1."""
        step = self.trace.steps[self.trace.arrivals[path.nodes[-1]][0]]
        assert isinstance(step, SeedStep)
        if self.names.seed == 1:
            return ()
        word = self.names.seed_word
        return (ChainFactor(None, word, word, "", step.gradient, largest_size(step.gradient), "what is put in"),)

    def factor(self, step: ContributionStep) -> ChainFactor:
        """What one edge multiplies by."""
        local = self._backward.local(step)
        size, told = local_size(step), self._told(step)
        if local is None or local.meaning is None:
            name = self.jacobian_name(step)
            rule = rule_text(self.graph, self.trace, step)
            return ChainFactor(step.edge, name, name, rule, None, size, told)
        meaning = self._plainly(local.meaning)
        try:
            filled = meaning.piece(self.names.plain, 4).text
        except TooLarge:
            filled = ""
        written = meaning.piece(self.names.plain)
        within, alone = (self.names.plain.held(written, need) for need in (PRODUCT, SUM))
        name = local.piece(self.names.plain).text
        return ChainFactor(step.edge, name, written.text, filled, step.local, size, told, within=within, alone=alone)

    def jacobian_name(self, step: ContributionStep) -> str:
        """∂p/∂x of an edge whose op has a rule."""
        above, below = self.names.node(step.edge.dest), self.names.node(step.edge.source)
        return self.names.plain.partial(above, below, self.names.alone(step.edge)).text

    def _told(self, step: ContributionStep) -> str:
        """What an op does to what goes through it, in a few words."""
        op, local = self.graph.nodes[step.edge.dest].op, step.local
        if local is None or local.ndim:
            return f"{op.symbol} scales its size by {number_text(local_size(step), 3)}"
        if local == 1:
            return f"{op.symbol} passes it on"
        if local == 0:
            return f"{op.symbol} {'is closed' if op.gate else 'lets nothing through'}"
        if local == -1:
            return f"{op.symbol} flips the sign"
        if op.steepest:
            return f"{op.symbol} lets at most {_share(op.steepest)} through"
        return f"{op.symbol} scales it by {number_text(float(local), 3)}"

    def _plainly(self, meaning: Term) -> Term:
        """A formula as it is here: of a choice what holds, constants as their numbers, and in place of the name of a
        node that nobody has named what it computes."""
        if not isinstance(meaning, Expression):
            return meaning
        known = {name: part.evaluate() for name, part in meaning.parts.items() if self._is_constant(part)}
        tree = _Here(meaning.parts, known).visit(parsed(meaning.source))
        source = ast.unparse(ast.fix_missing_locations(tree))
        used = names_in(source)
        parts = {name: self._spoken(part) for name, part in meaning.parts.items() if name in used}
        return Expression(source, parts)

    def _is_constant(self, part: Term) -> bool:
        if not isinstance(part, Quantity) or part.kind != "value":
            return False
        return self.graph.nodes[part.of].op_name == "constant" and np.ndim(part.number) == 0

    def _spoken(self, part: Term) -> Term:
        if not isinstance(part, Quantity) or part.kind != "value":
            return part
        node = self.graph.nodes[part.of]
        if self._is_constant(part):
            return Number(part.number)
        unnamed = not node.label and node.id.rstrip("0123456789") == node.op_name
        if not unnamed or node.op.group != "arithmetic" or not self.trace.inputs(node.id):
            return part
        spelled = self._backward.applied(node.id, self.trace.inputs(node.id))
        return spelled if len(spelled.piece(self.names.plain).text) <= _SHORT else part


class _Here(ast.NodeTransformer):
    """A text where the numbers are known: the branch that is taken, and exponents of constants worked out."""

    def __init__(self, parts: Mapping[str, Term], known: Mapping[str, Value]) -> None:
        self._parts, self._known = parts, known

    def _number(self, node: ast.expr) -> float | None:
        """What an expression of constants is."""
        if not names_in(ast.unparse(node)) <= self._known.keys():
            return None
        value = Expression(ast.unparse(node), {n: Number(v) for n, v in self._known.items()}).evaluate()
        return float(value) if value.ndim == 0 else None

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if ast.unparse(node.func) == "power":
            return self._power(node)
        if ast.unparse(node.func) != "where":
            return node
        holds = Expression(ast.unparse(node.args[0]), self._parts).evaluate()
        if np.ndim(holds):
            return node
        return node.args[1] if holds else node.args[2]

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return self._power(ast.Call(ast.Name("power"), [node.left, node.right], []), node) if _is_power(node) else node

    def _power(self, call: ast.Call, node: ast.AST | None = None) -> ast.AST:
        """x to the power of a constant."""
        exponent = self._number(call.args[1])
        if exponent is None:
            return node or call
        whole = ast.Constant(int(exponent) if exponent == int(exponent) else exponent)
        return call.args[0] if exponent == 1 else ast.BinOp(call.args[0], ast.Pow(), whole)


def _is_power(node: ast.BinOp) -> bool:
    return isinstance(node.op, ast.Pow)


def _judged(graph: Graph, trace: Trace, row: ChainRow, steps: Sequence[ContributionStep]) -> ChainRow:
    """A row that says why its product is so small, or so large, with the guilty factors marked."""
    sizes = [replace(factor_of(graph, trace, step, largest_size), size=local_size(step)) for step in steps]
    endless = next((k for k, factor in enumerate(sizes) if not isfinite(factor.size)), None)
    if endless is not None:
        return _endless(graph, row, steps[endless], sizes[endless])
    logs = sum(factor.weight for factor in sizes)
    closed = next((factor for factor in sizes if factor.size == 0), None)
    if closed is not None:
        name = graph.nodes[closed.node].name
        verdict = f"Nothing comes back along this path: {name} multiplies by 0."
        return replace(row, factors=_marked(row.factors, {closed.node}), verdict=verdict)
    if not sizes or log10(TINY) < logs < log10(HUGE):
        return row
    shrinks = logs < 0
    _, blamed = most_to_blame(sizes, shrinks=shrinks)
    blamed = [factor for factor in blamed if (factor.size < 1) == shrinks]
    worst = (min if shrinks else max)(blamed, key=lambda factor: factor.size)
    guilty = {factor.node for factor in blamed if abs(factor.weight) >= log10(2)} | {worst.node}
    return replace(row, factors=_marked(row.factors, guilty), verdict=_verdict(graph, blamed, worst, logs))


def _endless(graph: Graph, row: ChainRow, step: ContributionStep, factor: Factor) -> ChainRow:
    """A row with a factor of no finite size: the first, seen from the target, as what follows only follows from it."""
    name = graph.nodes[factor.node].name
    if (step.local is None or step.local.ndim) and not is_finite(step.upstream):
        return replace(row, verdict=f"No size can be told: what reaches {name} is not finite already.")
    verdict = f"Not finite along this path: {name} multiplies by {number_text(factor.size)}."
    return replace(row, factors=_marked(row.factors, {factor.node}), verdict=verdict)


def _marked(factors: Sequence[ChainFactor], guilty: set[str]) -> tuple[ChainFactor, ...]:
    return tuple(replace(f, guilty=f.edge is not None and f.edge.dest in guilty) for f in factors)


_SAID = {"slopes": "slope", "gates": "gate", "weights": "weight", "factors": "factor", "other": "factor"}


def _verdict(graph: Graph, blamed: Sequence[Factor], worst: Factor, logs: float) -> str:
    """`Vanishes: it shrinks to 1e−7 of itself. 10 slopes do most of it; the smallest is that of a3, 0.0045.`"""
    shrinks = logs < 0
    whole = number_text(10.0 ** max(min(logs, 300.0), -300.0), 2)
    head = f"Vanishes: × {whole} along this path." if shrinks else f"Explodes: × {whole} along this path."
    most, name = "smallest" if shrinks else "largest", graph.nodes[worst.by].name
    kind, size = _SAID[worst.kind], number_text(worst.size, 3)
    if len(blamed) == 1:
        return f"{head} The {kind} of {name}, {size}, does most of it."
    return f"{head} {counted(len(blamed), kind)} do most of it; the {most} is that of {name}, {size}."


def _share(steepest: float) -> str:
    return {0.25: "¼", 0.5: "½"}.get(steepest, number_text(steepest, 3))


def count_text(count: int) -> str:
    """How many paths, however many: `12`, `1,048,576` as elsewhere, `about 10³⁰¹`."""
    if count < 10**15:
        return thousands(count)
    digits = int(count.bit_length() * log10(2))
    return "about 10" + str(digits).translate(_RAISED)


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
