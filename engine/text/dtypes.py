"""What a type of numbers, as a text says it, makes of numbers: whole ones, or True and False."""

import ast
from typing import Any

import numpy as np

from engine.text.call import Call
from engine.text.state import Argument

_WHOLE = frozenset({
    "int", "long", "short", "byte", "intp", "int_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
    "uint64", "LongTensor", "IntTensor",
})  # fmt: skip
_TRUTH = frozenset({"bool", "bool_", "BoolTensor"})


def said_type(place: ast.AST | None) -> str:
    """`int64` for np.int64, torch.int64, "int64"; nothing where no expression stands there."""
    node = place.node if isinstance(place, Argument) else place
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_whole(type: str) -> bool:
    return type in _WHOLE or type in _TRUTH


def of_type(type: str, data: Any) -> Any:
    """Numbers as this type keeps them: a fraction is cut off towards 0, and what is not 0 is True."""
    if not is_whole(type):
        return data
    with np.errstate(all="ignore"):
        numbers = np.asarray(data)
        return numbers.astype(np.int64) if type in _WHOLE else (numbers != 0).astype(np.int64)


def asked_type(call: Call) -> str:
    """The type that a call says by `dtype`, or by its own name, np.int64(3.7)."""
    if "dtype" in call.words:
        return said_type(call.words["dtype"])
    return said_type(call.expression("dtype")) if call.has("dtype") else call.called


def refuse_whole(call: Call) -> None:
    """Refuse a result in whole numbers: it would have no gradient, and be another number."""
    if "dtype" in call.words and is_whole(said_type(call.words["dtype"])):
        call.refuse("whole numbers have no gradient: leave the dtype out", call.words["dtype"])
