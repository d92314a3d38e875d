"""What stands in square brackets behind a value: an index, a slice, a key, the right classes of a batch."""

import ast
from typing import Any

import numpy as np

from engine.text import hints
from engine.text.plain import NotPlain, plain, slice_of, whole
from engine.text.state import Known, ReadingState
from engine.text.things import Array, Beside, LibraryWord, Ref, Several, Thing

_UNKNOWN = "an index must be whole numbers, slices or a list of whole numbers; for a mask write where(condition, a, b)"


def indexed(reading: ReadingState, node: ast.Subscript, name: str | None) -> Thing:
    """`base[at]`."""
    base = reading.value(node.value)
    if isinstance(base, (list, tuple, Several, dict)):
        return _item(reading, node, base)
    if isinstance(base, Array):
        return _of_array(reading, node, base)
    if isinstance(base, Beside):
        return base
    if isinstance(base, LibraryWord) and base.name in hints.ABOUT:
        reading.refuse(node, f"“{base.name}” is not understood here: {hints.ABOUT[base.name]}")
    ref = reading.operand(base, node.value)
    ids = _picked_classes(reading, node.slice, ref)
    if ids is not None:
        return _classes(reading, node, ref, ids, name)
    return reading.node("index", [ref], node, name, at=_at(reading, node.slice))


def _item(reading: ReadingState, node: ast.Subscript, base: Any) -> Thing:
    items = base.items() if isinstance(base, Several) else base
    try:
        at = slice_of(reading, node.slice)
        return items[at]
    except NotPlain:
        reading.refuse(node.slice, "a list can only be asked for by a plain whole number")
    except (IndexError, KeyError, TypeError):
        reading.refuse(node, f"there is nothing at “{ast.unparse(node.slice)[:40]}” here: there are {len(items)}")


def _of_array(reading: ReadingState, node: ast.Subscript, base: Array) -> Thing:
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    try:
        at = tuple(slice_of(reading, part) for part in parts)
        return Array(np.asarray(base.data[at]), base.op and "input", base.library)
    except NotPlain:
        reading.refuse(node.slice, _UNKNOWN)
    except (IndexError, TypeError, ValueError):
        reading.refuse(node, f"there is nothing at this place: the shape is {base.data.shape}")


def _at(reading: ReadingState, node: ast.expr) -> str:
    """The text of an index, in plain numbers: "0", ":, 1", "..., None", "[0, 2]"."""
    parts = node.elts if isinstance(node, ast.Tuple) else _one_by_one(reading, node)
    said = ", ".join(_part(reading, part) for part in parts)
    return f"{said}," if isinstance(node, ast.Tuple) and len(parts) == 1 else said


def _one_by_one(reading: ReadingState, node: ast.expr) -> list[ast.expr]:
    """i = (1, 2) in x[i] is x[1, 2]; a list there would pick two rows."""
    try:
        at = plain(reading, node)
    except NotPlain:
        return [node]
    return [Known(item, node) for item in at] if isinstance(at, tuple) and at else [node]


def _part(reading: ReadingState, node: ast.expr) -> str:
    try:
        at = slice_of(reading, node)
    except NotPlain:
        reading.refuse(node, _UNKNOWN)
    if isinstance(at, slice):
        step = "" if at.step is None else f":{at.step}"
        return f"{'' if at.start is None else at.start}:{'' if at.stop is None else at.stop}{step}"
    if at is None or at is ...:
        return "None" if at is None else "..."
    numbers = at if isinstance(at, (list, tuple)) else [at]
    if not numbers or not all(type(number) is int for number in numbers):
        reading.refuse(node, _UNKNOWN)
    return repr(list(at)) if isinstance(at, (list, tuple)) else str(at)


def _picked_classes(reading: ReadingState, node: ast.expr, ref: Ref) -> Ref | None:
    """The class ids in `p[range(n), t]`: of each row its own class. None where this is something else."""
    if not isinstance(node, ast.Tuple) or len(node.elts) != 2 or not isinstance(node.elts[0], ast.Call):
        return None
    try:
        rows = plain(reading, node.elts[0])
    except NotPlain:
        made = reading.value(node.elts[0])
        rows = made.data.tolist() if isinstance(made, Array) else None
    shape = reading.made.shape(ref)
    ids = reading.value(node.elts[1])
    if not isinstance(rows, list) or isinstance(ids, (int, slice)) or shape is None or len(shape) != 2:
        return None
    if whole(rows) != list(range(shape[0])):
        reading.refuse(node, "beside class ids there must be every row: range(n), or torch.arange(n)")
    return reading.operand(ids, node.elts[1])


def _classes(reading: ReadingState, node: ast.Subscript, ref: Ref, ids: Ref, name: str | None) -> Ref:
    """Σ one_hot(t) · p: the same numbers, with the same gradients."""
    hot = reading.node("one_hot", [ids, ref], node)
    return reading.node("sum", [reading.node("mul", [hot, ref], node)], node, name, axis=-1)
