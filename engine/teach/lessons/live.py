"""The sums in a lesson, and the comparisons that it sets, in JavaScript: over the numbers that its web page computes.

Each is an expression over `n`, the numbers of a player; it is empty where the page cannot tell.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from engine.errors import TextError
from engine.passes.trace import ForwardStep
from engine.teach.lessons.reckoning import Reckoning, edge_names, number_place, read_sum

_SIGNS: Mapping[type, str] = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "power"}
_COMPARED: Mapping[type, str] = {ast.Lt: "<", ast.Gt: ">", ast.LtE: "<=", ast.GtE: ">="}
_CALLS = {"abs": "abs", "sqrt": "sqrt", "exp": "exp", "log": "log", "sum": "sum", "max": "amax", "min": "amin"}


def sum_source(text: str, reckoning: Reckoning) -> str:
    """A number or an array."""
    try:
        return _SumWriter(reckoning).number(read_sum(text))
    except (TextError, KeyError):
        return ""


def goal_source(text: str, reckoning: Reckoning) -> str:
    """Whether a comparison is so."""
    try:
        return _SumWriter(reckoning).holds(read_sum(text))
    except (TextError, KeyError):
        return ""


class _SumWriter:
    """Writes over one graph. KeyError: there is no JavaScript for this."""

    def __init__(self, reckoning: Reckoning) -> None:
        self.reckoning = reckoning
        self.trace = reckoning.trace

    def number(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return repr(float(node.value))
        if isinstance(node, ast.Name):
            return f"n.value({self._slot(node.id)})"
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return f"W.neg({self.number(node.operand)})"
        if isinstance(node, ast.BinOp):
            return f"W.{_SIGNS[type(node.op)]}({self.number(node.left)}, {self.number(node.right)})"
        if isinstance(node, ast.Subscript):
            return f"cellOf({self.number(node.value)}, {list(number_place(node.slice))})"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node.func.id, node)
        raise KeyError(ast.dump(node))

    def holds(self, node: ast.expr) -> str:
        if isinstance(node, ast.BoolOp):
            return f"({(' && ' if isinstance(node.op, ast.And) else ' || ').join(map(self.holds, node.values))})"
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            raise KeyError(ast.dump(node))
        left, right = self.number(node.left), self.number(node.comparators[0])
        if isinstance(node.ops[0], ast.Eq):
            return f"isNear({left}, {right})"
        return f"(oneOf({left}) {_COMPARED[type(node.ops[0])]} oneOf({right}))"

    def _call(self, name: str, call: ast.Call) -> str:
        if name == "size":
            return f"as({self.number(call.args[0])}).data.length"
        if name in _CALLS and not call.keywords:
            return f"W.{_CALLS[name]}({', '.join(map(self.number, call.args))})"
        run = self._run(call)
        if name == "grad":
            return f"{run}.gradient({self._slot(edge_names(call, 1)[0])})"
        if name in ("local", "sent"):
            source, dest, *turns = edge_names(call, 2)
            turn = turns[0] if turns else ""
            edge = self.reckoning.edge(source, dest, turn)
            if name == "local" and self.reckoning.step(source, dest, turn).local is None:
                raise KeyError(name)
            return f"{run}.{name}({self.trace.contribution_at[edge.key]})"
        if call.args:
            raise KeyError(name)
        return f"{run}.value({self._slot(name)})"

    def _run(self, call: ast.Call) -> str:
        """The numbers with others in the leaves, where some are given."""
        if not call.keywords:
            return "n"
        leaves = [step.node for step in self.trace.forward_steps if self._is_leaf(step)]
        pairs = [f"[{leaves.index(each.arg or '')}, {self.number(each.value)}]" for each in call.keywords]
        return f"n.elsewhere([{', '.join(pairs)}])"

    def _is_leaf(self, step: ForwardStep) -> bool:
        return self.reckoning.graph.nodes[step.node].op.is_leaf

    def _slot(self, name: str) -> int:
        return self.trace.plan.slots[name, 0]
