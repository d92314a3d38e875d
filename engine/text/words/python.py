"""Python's own functions, and those of its lists and dictionaries, as far as a graph is built with them."""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.text.call import Call, word
from engine.text.calls import run
from engine.text.loops import range_of, rounds
from engine.text.plain import MOST_ROUNDS, NotPlain, plain
from engine.text.things import Array, Beside, Ref, Thing, WrittenNumber

_PICKING = ("index", "reshape", "flatten", "squeeze", "unsqueeze", "transpose", "swapaxes")  # these only move numbers


@word("range")
def _range(call: Call) -> Thing:
    ends: list[Any] = []
    for arg in call.args:
        try:
            ends.append(plain(call.reading, arg))
        except NotPlain:
            call.refuse("a range needs whole numbers that are known here, as in range(3)", arg)
    return range_of(call.reading, ends, call.node)


@word("len")
def _len(call: Call) -> Thing:
    thing = call.take("x").thing("x")
    if isinstance(thing, (list, tuple, dict, str)):
        return len(thing)
    shape = thing.data.shape if isinstance(thing, Array) else None
    if isinstance(thing, Ref):
        shape = call.reading.made.shape(thing)
        if shape is None:
            call.refuse("how long this is is not known here: give it its numbers in the text")
    if not shape:
        call.refuse("this has no length")
    return shape[0]


@word("zip")
def _zip(call: Call) -> list[Thing]:
    things = [rounds(call.reading, call.reading.value(arg), arg) for arg in call.args]
    return [tuple(row) for row in zip(*things, strict=False)]


@word("enumerate")
def _enumerate(call: Call) -> list[Thing]:
    call.take("things start")
    start = call.plain_whole_number("start") if call.has("start") else 0
    return [(i + start, thing) for i, thing in enumerate(rounds(call.reading, call.thing("things"), call.node))]


@word("reversed")
def _reversed(call: Call) -> list[Thing]:
    return rounds(call.reading, call.take("things").thing("things"), call.node)[::-1]


@word("list", "tuple")
def _list(call: Call) -> Thing:
    if not call.args:
        return [] if call.called == "list" else ()
    items = rounds(call.reading, call.take("things").thing("things"), call.node)
    return items if call.called == "list" else tuple(items)


@word("map")
def _map(call: Call) -> list[Thing]:
    if len(call.args) != 2:
        call.refuse("map takes a function and one list here")
    function = call.reading.value(call.args[0])
    return [run(call, function, item) for item in rounds(call.reading, call.reading.value(call.args[1]), call.node)]


@word("int", "round", "bool", "str")
def _int(call: Call) -> Thing:
    try:
        found = plain(call.reading, call.args[0]) if call.args else 0
        rules: dict[str, Callable[..., Any]] = {"int": int, "round": round, "bool": bool, "str": str}
        made = rules[call.called](found, *[plain(call.reading, arg) for arg in call.args[1:]])
        is_number = isinstance(made, int | float) and not isinstance(made, bool)
        return WrittenNumber(made, ast.copy_location(ast.Constant(made), call.node)) if is_number else made
    except (NotPlain, ValueError, OverflowError, TypeError):
        call.refuse(f"{call.called}(…) is understood of plain numbers only: of a value it has no gradient")


@word(
    "isinstance", "hasattr", "callable", "is_available", "is_tensor", "allclose", "isclose", "array_equal", "id", "type"
)
def _asked(call: Call) -> Thing:
    if call.called == "is_available":
        return False
    return Beside(f"what {call.called}(…) says")


@word("dict")
def _dict(call: Call) -> dict[str, Thing]:
    if call.args:
        call.refuse("write a dictionary with { }")
    return {name: call.reading.value(value) for name, value in call.words.items()}


@word("list.append", "list.extend", "list.insert", "list.pop", "list.copy", "list.index", "list.reverse")
def _list_method(call: Call) -> Thing:
    items = call.reading.value(call.args[0])
    if call.called == "copy" or (call.called == "pop" and items):
        return list(items) if call.called == "copy" else items.pop()
    if not isinstance(items, list) or call.called not in ("append", "extend", "reverse"):
        call.refuse(f"“.{call.called}” of a list is not understood here")
    if call.called == "reverse":
        items.reverse()
        return None
    thing = call.reading.value(call.args[1]) if len(call.args) == 2 else call.refuse(f"{call.called} takes one thing")
    new = [thing] if call.called == "append" else rounds(call.reading, thing, call.node)
    if len(items) + len(new) > MOST_ROUNDS:
        call.refuse(f"a list of more than {MOST_ROUNDS:,} things is too long")
    items += new
    return None


@word("dict.items", "dict.keys", "dict.values", "dict.get")
def _dict_method(call: Call) -> Thing:
    found = call.reading.value(call.args[0])
    if call.called == "get":
        call.take("found key default")
        return found.get(call.plain("key"), call.thing("default") if call.has("default") else None)
    return {"items": list(found.items()), "keys": list(found), "values": list(found.values())}[call.called]


@word("str.format", "str.join", "str.upper", "str.lower", "str.strip")
def _text(call: Call) -> str:
    return str(call.reading.value(call.args[0]))


@word("method.size", "numel", "method.dim", "method.ndimension", "method.nelement", "shape", "ndim", "size")
def _size(call: Call) -> Thing:
    call.take("x axis")
    shape = call.reading.made.shape(call.operand("x"))
    if shape is None:
        call.refuse(f"“.{call.called}()” is not known here: give the value its numbers in the text")
    if call.called in ("size", "shape"):
        axis = call.plain("axis")
        if call.called == "size" and call.library == "numpy" and axis is None:
            return int(np.prod(shape))
        if axis is not None and not (isinstance(axis, int) and -len(shape) <= axis < len(shape)):
            call.refuse(f"there is no axis {axis} in the shape {shape}")
        return shape if axis is None else shape[axis]
    return int(np.prod(shape)) if call.called in ("numel", "nelement") else len(shape)


@word("method.long", "method.int", "method.round")
def _whole(call: Call) -> Thing:
    """Class ids are whole numbers already, and so are some of them picked out: t.long() is t."""
    ref = call.take("x").operand("x")
    made = call.reading.made
    value, way = made.value(ref), [made.nodes[id] for id in made.way_to_leaf(ref.node)]
    picked = all(len(made.sources(node.id)) == 1 and node.op_name in _PICKING for node in way[:-1])
    if value is None or not picked or way[-1].op_name == "parameter" or not np.array_equal(np.round(value), value):
        call.refuse(f"whole numbers have no gradient: “.{call.called}()” is understood of data that hold them already")
    return ref


@word("method.item", "method.tolist", "method.numpy")
def _item(call: Call) -> Thing:
    """A number of the text is a number; of a computed value it would have no gradient."""
    ref = call.operand_of_method()
    number = call.reading.typed_number(ref)
    if number is not None:
        return number
    return Beside(f"“.{call.called}()”", "it cuts the gradient off; leave it to a print")


@word("method.detach", "stop_gradient")
def _detach(call: Call) -> Thing:
    return Beside(f"“{call.called}”", "it cuts the gradient off; write the value as a constant(…)")


@word("several.values", "several.indices", "several.count")
def _several(call: Call) -> Thing:
    call.refuse(f"“.{call.called}” is not called here")
