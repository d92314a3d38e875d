"""A comparison that a lesson sets, written in JavaScript for its web page, over the numbers that the page computes."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from engine.errors import TextError
from engine.passes.trace import Trace
from engine.teach.lessons.reckoning import read_sum

_SIGNS: Mapping[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.Lt: "<", ast.Gt: ">", ast.LtE: "<=",
    ast.GtE: ">=",
}  # fmt: skip
_CALLS = {"abs": "Math.abs", "sqrt": "Math.sqrt", "exp": "Math.exp", "log": "Math.log"}


def goal_source(text: str, trace: Trace) -> str:
    """An expression over `page`; empty where the page cannot tell: of arrays, and of numbers that are pushed."""
    try:
        return _source(read_sum(text), trace)
    except (TextError, KeyError):
        return ""


def _source(node: ast.expr, trace: Trace) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return repr(float(node.value))
    if isinstance(node, ast.Name):
        return f"page.values[{_slot(node.id, trace)}].data[0]"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return f"(-{_source(node.operand, trace)})"
    if isinstance(node, ast.BinOp):
        return f"({_source(node.left, trace)} {_SIGNS[type(node.op)]} {_source(node.right, trace)})"
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return f"({_source(node.left, trace)} {_SIGNS[type(node.ops[0])]} {_source(node.comparators[0], trace)})"
    if isinstance(node, ast.BoolOp):
        sign = " && " if isinstance(node.op, ast.And) else " || "
        return f"({sign.join(_source(each, trace) for each in node.values)})"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords:
        return _call(node.func.id, node.args[0], trace)
    raise KeyError(ast.dump(node))


def _call(name: str, inside: ast.expr, trace: Trace) -> str:
    if name == "grad" and isinstance(inside, ast.Name):
        return f"page.gradients[{_slot(inside.id, trace)}].data[0]"
    return f"{_CALLS[name]}({_source(inside, trace)})"


def _slot(name: str, trace: Trace) -> int:
    """Where the page holds a number. Raises KeyError for an array."""
    value = trace.value(name)
    if value is None or value.ndim:
        raise KeyError(name)
    return trace.plan.slots[name, 0]
