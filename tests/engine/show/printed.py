"""Printed equations read back: the sides of a line of text worked out from the digits that it shows."""

from __future__ import annotations

import ast
import math
import re
from functools import reduce

import numpy as np

from engine.ops.kernel import bind
from engine.ops.op import OPS

_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SIGNS = {"−": "-", "×": "*", "^": "**", "∞": " INF ", "≤": "<=", "≥": ">=", "≠": "!=", "·": "*"}
_NUMBER = r"(?:\d+(?:\.\d+)?(?:e[−-]?\d+)?|∞|nan)"


class NotRead(Exception):
    """The side has something in it that is not a number, a sign or a function."""


def sides(text: str) -> list[str]:
    """The sides of a printed equation: what stands between the = on its top level."""
    text = re.split(r", (?:where|element by element)", text)[0]
    return text.split(" = ")


def worked_out(side: str) -> float:
    """What a side in numbers is. Raises NotRead if there is a name in it."""
    if "∂" in side or "seed" in side or "…" in side:
        raise NotRead(side)
    text = re.sub(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: "**" + m[1].translate(_RAISED), side)
    text = re.sub(r"(?<![\w.])e(?=\*\*|\^)", "E", text)
    for sign, meaning in _SIGNS.items():
        text = text.replace(sign, meaning)
    text = re.sub(r"√\(", "sqrt(", text).replace("|", "!")
    text = re.sub(r"!([^!]*)!", r"abs(\1)", text)
    if "[" in text:
        raise NotRead(side)
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise NotRead(side) from error
    value = _value(tree.body)
    if np.ndim(value):
        raise NotRead(side)
    return float(value)


def _value(node: ast.expr) -> np.float64:
    with np.errstate(all="ignore"):
        match node:
            case ast.Constant(value=int() | float()):
                return np.float64(node.value)
            case ast.Name(id="INF"):
                return np.float64(math.inf)
            case ast.Name(id="nan"):
                return np.float64(math.nan)
            case ast.Name(id="E"):
                return np.float64(math.e)
            case ast.UnaryOp(op=ast.USub()):
                return -_value(node.operand)
            case ast.BinOp():
                return _between(node.op, _value(node.left), _value(node.right))
            case ast.Call(func=ast.Name()):
                return _called(node)
    raise NotRead(ast.unparse(node))


def _between(op: ast.operator, a: np.float64, b: np.float64) -> np.float64:
    match op:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
        case ast.Div():
            return a / b
        case ast.Pow():
            return np.power(a, b)
    raise NotRead(op)


def _called(node: ast.Call) -> np.float64:
    name = node.func.id
    name = {"ln": "log"}.get(name, name)
    if name not in OPS:
        raise NotRead(name)
    settings = tuple(sorted((k.arg, _setting(k.value)) for k in node.keywords))
    op, args = OPS[name], [_value(arg) for arg in node.args]
    forward = bind(op, len(args), settings).forward
    return np.float64(reduce(forward, args) if op.folds and len(args) > 2 else forward(*args))


def _setting(node: ast.expr) -> object:
    return node.id if isinstance(node, ast.Name) and node.id not in ("True", "False") else ast.literal_eval(node)
