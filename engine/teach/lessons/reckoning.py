"""The numbers in a lesson's text: sums over what a graph holds, computed whenever they are shown. No code is run.

`x` is the value of a node, `f(x=3.1)` what it would be with other numbers in the leaves, `grad(x)` a gradient,
`local(x, p)` the local derivative of p by x, `sent(x, p)` the contribution that p sends back to x.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from engine.errors import GradloomError, TextError
from engine.graph.graph import Graph
from engine.graph.records import Edge
from engine.passes.run import run
from engine.passes.trace import ContributionStep, Trace
from engine.values.values import shape_text, value_text

MOST_SAID = 12  # numbers of an array that are written out
LONGEST = 300  # characters of a sum
MOST_RUNS = 24  # with other numbers in the leaves, that are kept
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: np.divide, ast.Pow: np.power,
}  # fmt: skip
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.Gt: operator.gt, ast.LtE: operator.le, ast.GtE: operator.ge,
    ast.Eq: lambda a, b: bool(np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=1e-9)),
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs, "sqrt": np.sqrt, "exp": np.exp, "log": np.log, "sum": np.sum, "size": np.size,
    "max": np.max, "min": np.min,
}  # fmt: skip


def read_sum(text: str) -> ast.expr:
    """A sum as a tree. Raises TextError with a sentence."""
    if len(text) > LONGEST:
        raise TextError("this is too long for a number in a text")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise TextError(
            f"“{text.strip()}” is not understood: write a sum such as grad(x) or (f(x=3.1) - f)/0.1"
        ) from None


def digits_of(text: str) -> tuple[str, int]:
    """A sum as it stands in a text, and how many digits of it are said. Raises TextError."""
    text, _, digits = text.partition(";")
    if digits.strip() and not digits.strip().isdecimal():
        raise TextError(f"“{digits.strip()}” is no number of digits")
    return text, min(max(int(digits or 4), 1), 15)


def same_sum(one: str, other: str) -> bool:
    """Whether two sums say the same, whatever their spaces."""
    return ast.dump(read_sum(one)) == ast.dump(read_sum(other))


class Reckoning:
    """Computes sums over one graph. It is run when the first of them needs it."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._runs: dict[tuple[tuple[str, float], ...], Trace] = {}

    @cached_property
    def trace(self) -> Trace:
        """The passes of the graph as it is. Raises TextError where it cannot be run."""
        try:
            return run(self.graph)
        except GradloomError as error:
            raise TextError(error.sentence) from None

    def number(self, text: str) -> Any:
        """What a sum is: a number, an array, or for a comparison whether it is so. Raises TextError."""
        try:
            with np.errstate(all="ignore"):
                return self._of(read_sum(text))
        except TextError:
            raise
        except GradloomError as error:
            raise TextError(error.sentence) from None
        except (TypeError, ValueError, IndexError, OverflowError, ZeroDivisionError, RecursionError) as error:
            raise TextError(f"“{text.strip()}” cannot be computed: {error}") from None

    def holds(self, text: str) -> bool:
        """Whether a comparison is so. Raises TextError."""
        found = self.number(text)
        if not isinstance(found, bool | np.bool_):
            raise TextError(f"“{text.strip()}” is no comparison: write one such as f > 3 or abs(grad(x)) < 0.01")
        return bool(found)

    def said(self, text: str) -> str:
        """A sum as it stands in a sentence; behind `;` how many digits, else four. Raises TextError."""
        text, digits = digits_of(text)
        found = self.number(text)
        if isinstance(found, str):
            return found
        return value_text(np.asarray(found, dtype=float)[()], digits, MOST_SAID)

    # --- by what stands there

    def _of(self, node: ast.expr) -> Any:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            return float(node.value)
        if isinstance(node, ast.Name):
            return self._value(self.trace, node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self._of(node.operand)
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            return _BINARY[type(node.op)](self._of(node.left), self._of(node.right))
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
            return _COMPARED[type(node.ops[0])](self._of(node.left), self._of(node.comparators[0]))
        if isinstance(node, ast.BoolOp):
            parts = [bool(self._of(each)) for each in node.values]
            return all(parts) if isinstance(node.op, ast.And) else any(parts)
        if isinstance(node, ast.Subscript):
            return np.asarray(self._of(node.value))[number_place(node.slice)]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node.func.id, node)
        raise TextError(f"“{ast.unparse(node)}” cannot stand in a sum")

    def _call(self, name: str, call: ast.Call) -> Any:
        if name in _FUNCTIONS and not call.keywords:
            return _FUNCTIONS[name](*map(self._of, call.args))
        if name == "shape" and len(call.args) == 1:
            return shape_text(np.shape(self._of(call.args[0])))
        if name == "grad":
            return self._gradient(edge_names(call, 1)[0], self._pushed(call))
        if name in ("local", "sent"):
            source, dest, *turn = edge_names(call, 2)
            step = self.step(source, dest, turn[0] if turn else "", self._pushed(call))
            found = step.local if name == "local" else step.contribution
            if found is None:
                raise TextError(f"{dest} has no local derivative that is a factor: it has a rule of its own")
            return found
        if call.args:
            raise TextError(f"there is no “{name}(…)”: write grad(x), local(x, p), sent(x, p), or f(x=3) for a node f")
        return self._value(self._pushed(call), name)

    def _pushed(self, call: ast.Call) -> Trace:
        """The passes with other numbers in the leaves, where some are given."""
        if not call.keywords:
            return self.trace
        leaves = {each.arg or "": self._of(each.value) for each in call.keywords}
        key = tuple((name, float(value)) for name, value in leaves.items())
        if key not in self._runs:
            if len(self._runs) >= MOST_RUNS:
                self._runs.clear()
            self._runs[key] = run(self.graph, values=leaves)
        return self._runs[key]

    def _value(self, trace: Trace, name: str) -> Any:
        self._check(name)
        value = trace.value(name)
        if value is None:
            raise TextError(f"{name} has no value: something before it is unfinished")
        return value

    def _gradient(self, name: str, trace: Trace) -> Any:
        self._check(name)
        if trace.plan.target is None:
            raise TextError("the graph has no target, so there are no gradients")
        gradient = trace.gradient(name)
        if gradient is None:
            raise TextError(f"{name} gets no gradient")
        return gradient

    def _check(self, name: str) -> None:
        if name not in self.graph.nodes:
            raise TextError(
                f"there is no node “{name}” in this graph; there are {', '.join(self.graph.nodes) or 'none'}"
            )

    def edge(self, source: str, dest: str, turn: str = "") -> Edge:
        """The edge from one node to another; `turn`: which of several, from 1. Raises TextError."""
        self._check(source)
        self._check(dest)
        edges = [edge for edge in self.graph.into(dest) if edge.source == source]
        if not edges:
            raise TextError(f"no edge goes from {source} to {dest}")
        if len(edges) > 1 and not turn:
            raise TextError(f"{len(edges)} edges go from {source} to {dest}: say which, as in ({source}, {dest}, 1)")
        if turn and not (turn.isdecimal() and 1 <= int(turn) <= len(edges)):
            raise TextError(f"there is no edge {turn} from {source} to {dest}: there are {len(edges)}")
        return edges[int(turn or 1) - 1]

    def step(self, source: str, dest: str, turn: str = "", trace: Trace | None = None) -> ContributionStep:
        """What travels back along an edge. Raises TextError."""
        step = (trace or self.trace).contribution(self.edge(source, dest, turn).key)
        if step is None:
            raise TextError(f"nothing travels back from {dest} to {source}")
        return step


def number_place(node: ast.expr) -> tuple[int, ...]:
    """`[0, 2]`, counted from 0."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    try:
        return tuple(int(ast.literal_eval(part)) for part in parts)
    except (ValueError, TypeError):
        raise TextError("a cell is named by whole numbers, as in W[0, 1]") from None


def edge_names(call: ast.Call, least: int) -> list[str]:
    """The names of nodes in the brackets, and perhaps which of several edges."""
    found = [each.id if isinstance(each, ast.Name) else ast.unparse(each) for each in call.args]
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if not least <= len(found) <= least + (least == 2):
        raise TextError(f"{name}(…) takes {'the name of a node' if least == 1 else 'the names of two nodes'}")
    return found


def asked_of(text: str) -> tuple[str, list[str], tuple[int, ...] | None]:
    """What is to be predicted: its kind, the names in it, and its cell. Raises TextError."""
    node, cell = read_sum(text), None
    if isinstance(node, ast.Subscript):
        cell = number_place(node.slice)
        node = node.value
    if isinstance(node, ast.Name):
        return "value", [node.id], cell
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        kinds = {"grad": 1, "sent": 2, "local": 2}
        if node.func.id in kinds:
            return node.func.id, edge_names(node, kinds[node.func.id]), cell
    raise TextError(f"“{text.strip()}” cannot be asked: ask for p, grad(x), sent(x, p), or local(x, p)")
