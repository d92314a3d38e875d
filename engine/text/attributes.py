"""What stands behind a dot: a name of a library, a part of an object, what is known of a value, a method."""

import ast
from typing import Any

import numpy as np

from engine.text import hints
from engine.text.call import handler_of
from engine.text.grammar import nearest
from engine.text.numbers import CONSTANTS
from engine.text.state import ReadingState
from engine.text.things import (
    Array,
    Beside,
    Callee,
    Instance,
    LibraryWord,
    Method,
    Ref,
    Several,
    Thing,
    WrittenNumber,
)

_LETTERS = {"float", "float16", "float32", "float64", "double", "long", "int", "int32", "int64", "bool", "device"}
GRADIENT = Beside("a gradient", "it is worked out on the way back, and shown beside the value")
_OWN_WORDS = {
    "grad": GRADIENT,
    "data": Beside("“.data”", "it is the number without its gradient; write the value itself"),
    "dtype": Beside("a type of numbers"),
    "device": Beside("a device"),
    "grad_fn": Beside("“.grad_fn”"),
    "requires_grad": Beside("“.requires_grad”"),
    "is_leaf": Beside("“.is_leaf”"),
    "label": Beside("a label"),
    "_prev": Beside("“._prev”"), "_op": Beside("“._op”"), "_backward": Beside("“._backward”"),
}  # fmt: skip


def path_of(reading: ReadingState, node: ast.expr) -> str:
    """`numpy.linalg.norm` for np.linalg.norm; nothing where this is no name of a library."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    try:
        reading.scope.find(node.id)
    except KeyError:
        root = reading.library(node.id)
        return ".".join([root, *reversed(names)]) if root else ""
    return ""


def attribute(reading: ReadingState, node: ast.Attribute, name: str | None) -> Thing:
    """What `base.name` stands for."""
    if there := reading.there.output(reading, node):
        return there
    path = path_of(reading, node)
    if path:
        return of_library(path, node)
    base = reading.value(node.value)
    if isinstance(base, Ref):
        return _of_node(reading, node, base, name)
    if isinstance(base, Array):
        return _of_array(base, node.attr)
    if isinstance(base, (Instance, Callee, Several)):
        return part_of(reading, node, base)
    if isinstance(base, Beside):
        return base
    if isinstance(base, (list, tuple, dict, str)):
        return Method(base, node.attr)
    if isinstance(base, (WrittenNumber, int, float)) and node.attr not in ("T", "shape", "grad", "data"):
        return Method(reading.operand(base, node.value), node.attr)
    reading.refuse(node, f"“.{node.attr}” is not understood here")


def of_library(path: str, node: ast.expr) -> Thing:
    """A number, a type, or a function of a library."""
    last = path.rpartition(".")[2]
    if last in CONSTANTS and path.count(".") == (2 if path.startswith("jax.") else 1):
        return WrittenNumber(CONSTANTS[last], node)
    if last == "newaxis":
        return None
    return Beside("a type of numbers") if last in _LETTERS else LibraryWord(path)


def _of_node(reading: ReadingState, node: ast.Attribute, base: Ref, name: str | None) -> Thing:
    outputs = reading.made.nodes[base.node].op.outputs
    if len(outputs) > 1 and node.attr in outputs:
        return Ref(base.node, outputs.index(node.attr))
    if node.attr in ("T", "mT"):
        return _turned(reading, node, base, name)
    if node.attr in ("shape", "ndim") or (node.attr == "size" and reading.kind(base) == "numpy"):
        return _measured(reading, node, base)
    if node.attr in _OWN_WORDS:
        return _OWN_WORDS[node.attr]
    if node.attr not in reading.ops and handler_of(f"method.{node.attr}") is None:
        hint = hints.ABOUT.get(node.attr)
        near = f": {hint}" if hint else nearest(node.attr, reading.ops)
        reading.refuse(node, f"“.{node.attr[:40]}” is not understood here{near}")
    return Method(base, node.attr)


def _turned(reading: ReadingState, node: ast.Attribute, base: Ref, name: str | None) -> Ref:
    if node.attr == "mT":
        return reading.node("transpose", [reading.operand(base, node.value)], node, name, axes="last")
    shape = reading.made.shape(base)
    if reading.kind(base) == "torch" and shape is not None and len(shape) > 2:
        reading.refuse(node, "PyTorch gives up “.T” of more than two axes: write .mT for the last two, or .permute(…)")
    return reading.node("transpose", [reading.operand(base, node.value)], node, name)


def _measured(reading: ReadingState, node: ast.Attribute, base: Ref) -> Any:
    """x.shape, x.ndim, x.size: plain numbers, where the text gives the value."""
    shape = reading.made.shape(base)
    if shape is None:
        reading.refuse(node, f"“.{node.attr}” is not known here: give the value its numbers in the text")
    return {"shape": shape, "ndim": len(shape), "size": int(np.prod(shape))}[node.attr]


def _of_array(base: Array, name: str) -> Thing:
    if name in ("T", "mT"):
        turned = base.data.T if name == "T" or base.data.ndim < 2 else np.swapaxes(base.data, -1, -2)
        return Array(turned, base.op, base.library)
    if name in ("shape", "ndim") or (name == "size" and base.library != "torch"):
        return {"shape": base.data.shape, "ndim": base.data.ndim, "size": base.data.size}[name]
    return _OWN_WORDS[name] if name in ("grad", "dtype", "device") else base if name == "data" else Method(base, name)


def part_of(reading: ReadingState, node: ast.Attribute, base: Instance | Callee | Several) -> Thing:
    """An attribute, or a function of an object's class, with the object before its arguments."""
    if node.attr in base.parts:
        return base.parts[node.attr]
    if isinstance(base, Instance):
        return Method(base, node.attr)
    if isinstance(base, Callee):
        return Method(base, node.attr)
    listed = " and ".join(base.parts)
    reading.refuse(node, f"there is no “.{node.attr}” here, only {listed}")
