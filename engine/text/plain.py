"""Plain values in a program text: what stands where no value of the graph can, a shape, an axis, a number of rounds.

`n = 3` makes an input called n; in `range(n)` or `x.reshape(n, -1)` the same name is just its number.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.text.numbers import holds, reckoned
from engine.text.state import Argument, Known, ReadingState, known_constant
from engine.text.things import Array, LibraryWord, Ref, Thing, WrittenNumber

_ASKED = {"shape", "ndim", "size"}  # of a value: what is known of it without its numbers
_ASKED_BY_CALL = {"size", "numel", "dim", "ndimension", "item", "__len__"}
_RECKON: Mapping[str, Callable[..., Any]] = {
    "int": int, "float": float, "abs": abs, "round": round, "bool": bool, "str": str,
}  # fmt: skip
_STRUCTURE = {"len", "range", "list", "tuple", "min", "max", "sum", "zip", "enumerate", "reversed", "sorted"}


MOST_ROUNDS = 10_000


class NotPlain(Exception):
    """The expression is a value of the graph, or something else that is no plain value."""


def plain(reading: ReadingState, node: ast.expr) -> Any:
    """The number, text, truth or list of them that an expression is; nothing is drawn. Raises NotPlain."""
    if isinstance(node, Known):
        return plain_thing(reading, node.thing)
    if isinstance(node, Argument):
        return plain_thing(reading, node.things[0]) if node.things else plain(reading, node.node)
    rule = _RULES.get(type(node))
    if rule is None:
        raise NotPlain
    return rule(reading, node)


def plain_thing(reading: ReadingState, thing: Thing) -> Any:
    """The number, text, truth or list of them that a thing is. Raises NotPlain for a value of the graph."""
    if isinstance(thing, WrittenNumber):
        return thing.value
    if isinstance(thing, (bool, int, float, str, type(None), type(Ellipsis), slice)):
        return thing
    if isinstance(thing, (list, tuple)):
        return type(thing)(plain_thing(reading, item) for item in thing)
    if isinstance(thing, Array) and (thing.data.ndim <= 1 and thing.data.size <= 1000):
        return thing.data.tolist()
    if isinstance(thing, Ref):
        return _of_node(reading, thing)
    raise NotPlain


def _of_node(reading: ReadingState, ref: Ref) -> Any:
    """The number that was given to a name, or a part of a list that was."""
    number = reading.typed_number(ref)
    if number is not None:
        return number
    if ref.node in reading.made.lists:
        reading.as_number.add(ref.node)
        numbers = whole(np.asarray(reading.made.value(ref)).tolist())
        return tuple(numbers) if ref.node in reading.made.tuples else numbers
    value = reading.made.value(ref) if reading.made.nodes[ref.node].op_name == "index" else None
    way = reading.made.way_to_leaf(ref.node)
    if value is None or way[-1] not in reading.made.lists:
        raise NotPlain
    reading.as_number |= set(way)
    return whole(np.asarray(value).tolist())


def whole(numbers: Any) -> Any:
    """The same with whole numbers as ints, as a list of sizes was written."""
    if isinstance(numbers, list):
        return [whole(number) for number in numbers]
    return int(numbers) if float(numbers).is_integer() else numbers


def _name(reading: ReadingState, node: ast.Name) -> Any:
    try:
        return plain_thing(reading, reading.scope.find(node.id))
    except KeyError:
        constant = known_constant(node.id)
        if constant is None or reading.scope.will_assign(node.id):
            raise NotPlain from None
        return constant


def _unary(reading: ReadingState, node: ast.UnaryOp) -> Any:
    inner = plain(reading, node.operand)
    if isinstance(node.op, ast.Not):
        return not inner
    if isinstance(inner, (str, list, tuple, type(None))) or isinstance(node.op, ast.Invert):
        raise NotPlain
    return -inner if isinstance(node.op, ast.USub) else inner


def _binary(reading: ReadingState, node: ast.BinOp) -> Any:
    depth, spine = 0, node.left
    while isinstance(spine, ast.BinOp):
        depth, spine = depth + 1, spine.left
    if depth > 50:
        raise NotPlain
    left, right = plain(reading, node.left), plain(reading, node.right)
    if isinstance(node.op, ast.Add) and isinstance(left, (list, tuple, str)) and type(left) is type(right):
        if len(left) + len(right) > MOST_ROUNDS:
            reading.refuse(node, f"a list of more than {MOST_ROUNDS:,} things is too long")
        joined: Any = left
        return joined + right
    if not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        raise NotPlain
    result = reckoned(node.op, left, right)
    if result is None:
        raise NotPlain
    return result


def _compared(reading: ReadingState, node: ast.Compare) -> bool:
    sides = [plain(reading, side) for side in (node.left, *node.comparators)]
    try:
        pairs = zip(node.ops, sides, sides[1:], strict=False)
        return all(holds(op, left, right) for op, left, right in pairs)
    except TypeError:
        raise NotPlain from None


def _both(reading: ReadingState, node: ast.BoolOp) -> Any:
    result: Any = None
    for side in node.values:
        result = plain(reading, side)
        if bool(result) is isinstance(node.op, ast.Or):
            return result
    return result


def _chosen(reading: ReadingState, node: ast.IfExp) -> Any:
    return plain(reading, node.body if plain(reading, node.test) else node.orelse)


def _attribute(reading: ReadingState, node: ast.Attribute) -> Any:
    thing = reading.value(node) if node.attr in _ASKED or _is_of_library(reading, node) else _part(reading, node)
    return plain_thing(reading, thing)


def _part(reading: ReadingState, node: ast.Attribute) -> Thing:
    """An attribute of an object of the text: self.width."""
    if isinstance(node.value, ast.Name):
        try:
            parts = getattr(reading.scope.find(node.value.id), "parts", {})
        except KeyError:
            parts = {}
        if node.attr in parts:
            return parts[node.attr]
    raise NotPlain


def _is_of_library(reading: ReadingState, node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and bool(reading.library(node.id))


def _subscript(reading: ReadingState, node: ast.Subscript) -> Any:
    base = plain(reading, node.value)
    at = slice_of(reading, node.slice)
    if not isinstance(base, (list, tuple, str)) or not isinstance(at, (int, slice)):
        raise NotPlain
    try:
        return base[at]
    except IndexError:
        reading.refuse(node, f"there is no element {at}: there are {len(base)}")


def slice_of(reading: ReadingState, node: ast.expr) -> Any:
    """A plain index or slice. Raises NotPlain."""
    if isinstance(node, ast.Slice):
        ends = (None if end is None else plain(reading, end) for end in (node.lower, node.upper, node.step))
        return slice(*map(_whole_end, ends))
    return plain(reading, node)


def _whole_end(end: Any) -> int | None:
    if end is None:
        return None
    try:
        return operator.index(end)
    except TypeError:
        raise NotPlain from None


def _call(reading: ReadingState, node: ast.Call) -> Any:
    if isinstance(node.func, ast.Attribute) and node.func.attr in _ASKED_BY_CALL:
        return plain_thing(reading, reading.value(node))
    if isinstance(node.func, ast.Attribute) and _is_of_library(reading, node.func):
        word = reading.value(node.func)
        if isinstance(word, LibraryWord) and word.path in _FOLDED_WORDS and not node.keywords:
            return plain_thing(reading, reading.value(_with_plain_arguments(reading, node)))
    if isinstance(node.func, ast.Name) and node.func.id in _RECKON and len(node.args) == 1 and not node.keywords:
        return _reckoned_call(reading, node.func.id, node)
    if isinstance(node.func, ast.Name) and node.func.id in _STRUCTURE:
        return plain_thing(
            reading, reading.value(_with_plain_arguments(reading, node) if node.func.id != "len" else node)
        )
    raise NotPlain


_FOLDED_WORDS = {
    f"{library}.{name}"
    for library in ("math", "numpy")
    for name in ("sqrt", "floor", "ceil", "log", "exp", "prod", "log2")
}


def _reckoned_call(reading: ReadingState, name: str, node: ast.Call) -> Any:
    try:
        return _RECKON[name](plain(reading, node.args[0]))
    except (ValueError, OverflowError, TypeError):
        reading.refuse(node, f"{name}(…) cannot make a number of this")


def _with_plain_arguments(reading: ReadingState, node: ast.Call) -> ast.Call:
    args: list[ast.expr] = [Known(plain(reading, arg), arg) for arg in node.args]
    return ast.copy_location(ast.Call(node.func, args, node.keywords), node)


_RULES: Mapping[type[ast.expr], Callable[[ReadingState, Any], Any]] = {
    ast.Constant: lambda reading, node: plain_thing(reading, node.value),
    ast.Name: _name,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Compare: _compared,
    ast.BoolOp: _both,
    ast.IfExp: _chosen,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.Tuple: lambda reading, node: tuple(plain(reading, item) for item in node.elts),
    ast.List: lambda reading, node: [plain(reading, item) for item in node.elts],
}
