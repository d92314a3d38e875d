"""What a call calls: an operation by name, a word of a library, a method of a value, a function of the text."""

import ast
from dataclasses import replace
from typing import Any

from engine.ops.op import Op
from engine.text import hints
from engine.text.attributes import path_of
from engine.text.call import Call, handler_of
from engine.text.functions import apply, made_object, method_of
from engine.text.grammar import nearest
from engine.text.plain import NotPlain, plain
from engine.text.state import Known, ReadingState
from engine.text.things import (
    Array,
    Beside,
    Blueprint,
    Callee,
    Defined,
    Instance,
    LibraryWord,
    Method,
    Ref,
    Several,
    Thing,
)  # fmt: skip

_CALLABLE = (Callee, Defined, Blueprint, Instance, LibraryWord, Method, Beside)
_SETTING_NAMES = {"dim": "axis", "keepdim": "keep", "keepdims": "keep", "negative_slope": "slope"}


def called(reading: ReadingState, node: ast.Call, name: str | None) -> Thing:
    """What a call gives."""
    function = node.func
    if isinstance(function, ast.Name):
        return _by_name(reading, node, function, name)
    if isinstance(function, ast.Attribute):
        if isinstance(function.value, ast.Call) and getattr(function.value.func, "id", "") == "super":
            return None  # nn.Module prepares itself
        path = path_of(reading, function)
        if path:
            return _word(reading, path, node, name)
        base = reading.value(function.value)
        part = base.parts.get(function.attr) if isinstance(base, (Instance, Callee, Several)) else None
        return (
            _thing(reading, part, node, name) if part is not None else _method(reading, base, function.attr, node, name)
        )
    return _thing(reading, reading.value(function), node, name)


def _by_name(reading: ReadingState, node: ast.Call, function: ast.Name, name: str | None) -> Thing:
    known = function.id in reading.ops or handler_of(function.id) is not None
    try:
        thing = reading.scope.find(function.id)
    except KeyError:
        thing = None
        if reading.scope.will_assign(function.id) and not known:
            reading.refuse(node, f"“{function.id}” is used here before it is given a value")
    if isinstance(thing, _CALLABLE):
        return _thing(reading, thing, node, name)
    if thing is not None and not known:
        reading.refuse(node, f"“{function.id}” is a value, not a function: for a product write {function.id} * (…)")
    return _word(reading, reading.imports.get(function.id, function.id), node, name)


def _thing(reading: ReadingState, thing: Thing, node: ast.Call, name: str | None) -> Thing:
    if isinstance(thing, LibraryWord):
        return _word(reading, thing.path, node, name)
    if isinstance(thing, Method):
        return _method(reading, thing.base, thing.name, node, name)
    if isinstance(thing, Beside):
        return thing
    if isinstance(thing, Callee):
        return thing.call(Call(reading, node, thing.title, "", name))
    if isinstance(thing, Defined):
        return apply(reading, thing, Call(reading, node, thing.name, "", name))
    if isinstance(thing, Blueprint):
        return made_object(reading, thing, Call(reading, node, thing.name, "", name))
    if isinstance(thing, Instance):
        function = method_of(thing, "forward") or method_of(thing, "__call__")
        if function is None:
            reading.refuse(node, f"“{thing.of.name}” has no function “forward”, so it cannot be called")
        return apply(reading, function, Call(reading, node, thing.of.name, "", name).given(thing))
    reading.refuse(node, "only an operation can be called, by its name: for a product write (…) * (…)")


def run(call: Call, function: Thing, thing: Thing, name: str | None = None) -> Thing:
    """What a layer, or a function, gives for one thing."""
    node = ast.copy_location(ast.Call(Known(function, call.node), [Known(thing, call.node)], []), call.node)
    return _thing(call.reading, function, node, name)


def _word(reading: ReadingState, path: str, node: ast.Call, name: str | None) -> Thing:
    root, _, last = path.rpartition(".")
    call = Call(reading, node, last, root.partition(".")[0], name)
    handler = handler_of(path)
    if not root and _says_its_settings(call, reading.ops.get(last)):
        return by_table(call, reading.ops[last])
    if handler is not None:
        return handler(call)
    op = reading.ops.get(last)
    if op is None:
        reading.refuse(node, _no_such_word(reading, path))
    return by_table(call, op)


def _says_its_settings(call: Call, op: Op | None) -> bool:
    """Whether an op is called as Gradloom writes it: its inputs by place, its settings by their own names."""
    if op is None or op.is_leaf or not call.words or not call.words.keys() <= op.defaults.keys():
        return False
    return len(call.args) == op.fewest or (op.repeats and len(call.args) > op.fewest)


def _no_such_word(reading: ReadingState, path: str) -> str:
    last = path.rpartition(".")[2]
    hint = hints.ABOUT.get(path) or hints.ABOUT.get(last)
    plain_word = last.rstrip("_")
    if not hint and plain_word != last and (plain_word in reading.ops or handler_of(f"method.{plain_word}")):
        return f"“{last[:40]}” changes a value in place, and a value of the graph stays: write y = y.{plain_word}(…)"
    if not hint and len(last) == 1:
        hint = f"for a product write {last} * (…)"
    return f"there is no operation “{last[:40]}”" + (f": {hint}" if hint else nearest(last, reading.ops))


def _method(reading: ReadingState, base: Thing, method: str, node: ast.Call, name: str | None) -> Thing:
    """`base.method(…)`."""
    if isinstance(base, Beside):
        reading.zeroed = reading.zeroed or method == "zero_"
        if method == "backward":
            reading.operand(base, node)
        return replace(base, reckoned=method not in ("zero_", "item", "tolist", "numpy", "clone", "detach", "shape"))
    if isinstance(base, Instance):
        function = method_of(base, method)
        if function is not None:
            return apply(reading, function, Call(reading, node, method, "", name).given(base))
    kind = _KINDS.get(type(base), "")
    if isinstance(base, Array) and handler_of(f"array.{method}") in (None, handler_of(method)):
        base, kind = reading.operand(base, node), ""
    call = Call(reading, node, method, "method", name).given(base)
    handler = handler_of(f"{kind}.{method}") if kind else None
    if kind and (handler is None or handler is handler_of(method)):
        reading.refuse(node, f"“.{method}” is not understood here")
    handler = handler or handler_of(f"method.{method}")
    if handler is not None:
        return handler(call)
    op = reading.ops.get(method)
    if op is None or op.is_leaf:
        reading.refuse(node, _no_such_word(reading, method))
    return by_table(call, op)


# What has functions of its own, declared as words such as "list.append".
_KINDS: dict[type, str] = {
    list: "list", tuple: "list", dict: "dict", str: "str", Array: "array", Callee: "layer", Instance: "layer",
    Several: "several", Defined: "function", Blueprint: "function",
}  # fmt: skip


# --- an operation as it is declared


def by_table(call: Call, op: Op) -> Ref:
    """A call of an op as its declaration has it: the inputs by port, then its settings, by place or by name."""
    call.check_in_place()
    reading, args = call.reading, list(call.args)
    if op.repeats and args:
        first = reading.value(args[0])
        if isinstance(first, (list, tuple)):
            refs = [reading.operand(item, args[0]) for item in first]
            return _with_settings(call, op, refs, args[1:])
    count = len(args) if (op.repeats or not op.settings) else op.fewest
    refs = [reading.operand(arg) for arg in args[:count]]
    for port in op.ports[len(refs) :]:
        if port in call.words and not op.repeats:
            refs.append(reading.operand(call.words.pop(port)))
    return _with_settings(call, op, refs, args[count:])


def _with_settings(call: Call, op: Op, refs: list[Ref], rest: list[ast.expr]) -> Ref:
    if len(rest) > len(op.settings):
        call.refuse(f"this is one argument too many for {op.name}", rest[len(op.settings)])
    given = dict(zip((setting.name for setting in op.settings), rest, strict=False))
    for word, place in call.words.items():
        if word not in ("dtype", "device", "inplace"):
            given[_SETTING_NAMES.get(word, word)] = place
    settings: dict[str, Any] = {}
    for key, place in given.items():
        settings |= call.reading.checked(op, {key: _setting(call, op, key, place)}, place)
    if op.is_leaf:
        return call.reading.made.leaf(op.name, None, call.name, call.label, settings)
    return call.make(op, *refs, **settings)


def _setting(call: Call, op: Op, key: str, place: ast.expr) -> Any:
    if key not in op.defaults:
        call.refuse(f"{op.name} has no setting “{key}”", place)
    try:
        found = plain(call.reading, place)
        default = op.defaults[key]
        is_pair = isinstance(default, tuple) and len(default) == 2 and type(found) is int
        return (found, found) if is_pair else found
    except NotPlain:
        call.refuse(f"“{key}” of {op.name} must be a plain value here, not one of the graph", place)
