"""Assignments of a program text: what a name stands for from now on, and what a number becomes that is given to one."""

import ast
from collections.abc import Iterator

import numpy as np

from engine.graph.records import Node
from engine.text.expressions import combined
from engine.text.loops import unpacked
from engine.text.plain import NotPlain, plain
from engine.text.state import ReadingState, Scope, is_plain_literal
from engine.text.things import (
    Array,
    Beside,
    Callee,
    Instance,
    Ref,
    Several,
    Thing,
    WrittenNumber,
    all_numbers,
    as_lists,
    is_number,
    number_of,
)  # fmt: skip

MOVED = "“{}” has been moved by a training step by then; a graph shows one pass: use it before that step"


def assign(reading: ReadingState, node: ast.Assign | ast.AnnAssign) -> None:
    """`a = b = value`, `a, b = 2, 3`, `self.w = value`, `e.label = 'e'`."""
    if node.value is None:
        return  # a bare annotation says nothing
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    first = targets[0]
    many = (ast.Tuple, ast.List)
    if isinstance(first, many) and isinstance(node.value, many) and _assigned_one_by_one(reading, first, node.value):
        return
    thing = reading.value(node.value, _name_of(reading, first))
    for target in targets:
        thing = give(reading, target, thing, node.value)


def _assigned_one_by_one(reading: ReadingState, target: ast.Tuple | ast.List, value: ast.Tuple | ast.List) -> bool:
    """`a, b = 2, 3`: each value is read before any name changes."""
    starred = any(isinstance(part, ast.Starred) for part in (*target.elts, *value.elts))
    if starred or len(target.elts) != len(value.elts):
        return False
    pairs = list(zip(target.elts, value.elts, strict=True))
    things = [reading.value(item, _name_of(reading, part)) for part, item in pairs]
    for (part, item), thing in zip(pairs, things, strict=True):
        give(reading, part, thing, item)
    return True


def _name_of(reading: ReadingState, target: ast.expr) -> str | None:
    """What the node is called that is assigned to `target`."""
    if isinstance(target, ast.Name):
        return reading.checked_name(target, target.id)
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        return target.attr if target.attr.isascii() else None
    return None


def give(reading: ReadingState, target: ast.expr, thing: Thing, place: ast.expr) -> Thing:
    """Let `target` stand for a thing; gives back what it became: a number with a name is an input."""
    if isinstance(target, ast.Name):
        name = reading.checked_name(target, target.id)
        thing = named(reading, name, thing, place)
        if isinstance(thing, Beside) and _is_value(reading, name):
            thing = Beside(f"“{name}”", MOVED.format(name).partition("” ")[2])
        reading.bind(name, thing)
        _now_target(reading, name, thing, place)
        return thing
    if isinstance(target, (ast.Tuple, ast.List)):
        _spread_out(reading, target, thing)
    elif isinstance(target, ast.Attribute):
        _set_attribute(reading, target, thing, place)
    elif isinstance(target, ast.Subscript):
        _set_item(reading, target, thing)
    else:
        reading.refuse(target, "only a name can stand on the left of “=”")
    return thing


def _is_value(reading: ReadingState, name: str) -> bool:
    try:
        return isinstance(reading.scope.find(name), Ref)
    except KeyError:
        return False


def _now_target(reading: ReadingState, name: str, thing: Thing, place: ast.expr) -> None:
    """What is assigned last is the target; a leaf only where nothing is computed yet, or where the last line names it
    as in `f = x`."""
    if reading.scope is not reading.globals or reading.chosen:
        return
    reading.number = None
    if isinstance(thing, Ref):
        before = reading.made.nodes.get(reading.target or "")
        is_computed = not reading.made.nodes[thing.node].op.is_leaf
        if before is None or before.op.is_leaf or is_computed or _is_named_last(reading, place):
            reading.target = thing.node
        reading.beside = None
    elif isinstance(thing, Beside) and thing.reckoned:
        reading.beside = (place, thing)
    elif isinstance(thing, int | float):
        reading.number = (name, thing)
    elif isinstance(thing, (list, tuple, dict, Several)) and _are_computed(reading, thing):
        hint = f"it holds several; give the one that is meant a name, as in y = {name}[0]"
        reading.beside = (place, Beside(f"“{name}”", hint))


def _is_named_last(reading: ReadingState, place: ast.expr) -> bool:
    """Whether this is the x of a last line `f = x`."""
    last = reading.source.statements[-1]
    return isinstance(place, ast.Name) and isinstance(last, ast.Assign) and last.value is place


def _are_computed(reading: ReadingState, thing: Thing) -> bool:
    """Whether values are listed here that were computed for this, while nothing else was."""
    before = reading.made.nodes.get(reading.target or "")
    things = thing.items() if isinstance(thing, Several) else thing.values() if isinstance(thing, dict) else thing
    refs = [item for item in things if isinstance(item, Ref)]
    return (before is None or before.op.is_leaf) and any(not reading.made.nodes[ref.node].op.is_leaf for ref in refs)


def take_back(reading: ReadingState, before: tuple[int, int]) -> None:
    """Forget what was made since `reading.made.count()` said so much, and the names that it got."""
    reading.made.undo(*before)
    for scope in {id(each): each for each in (reading.scope, reading.globals)}.values():
        for name, thing in list(scope.names.items()):
            if isinstance(thing, Ref) and thing.node not in reading.made.nodes:
                del scope.names[name]
    if reading.target not in reading.made.nodes:
        reading.target = None


def named(reading: ReadingState, name: str, thing: Thing, place: ast.expr) -> Thing:
    """What a thing becomes that is given a name: numbers are inputs, but inside a function they stay numbers."""
    if reading.scope is not reading.globals:
        if isinstance(thing, Array):
            return reading.leaf(thing if thing.op else Array(thing.data, "constant", thing.library), place, name)
        return thing
    if isinstance(thing, WrittenNumber):
        ref = reading.made.leaf("input", reading.array(thing.value, place), name)
        reading.made.typed[ref.node] = thing.value
        if not is_plain_literal(thing.tree):
            reading.folded[ref.node] = thing.tree
        return ref
    if isinstance(thing, Array):
        return reading.leaf(thing, place, name)
    if isinstance(thing, (list, tuple)) and all_numbers(thing):
        ref = reading.made.leaf("input", reading.array(as_lists(thing), place), name)
        reading.made.lists.add(ref.node)
        if isinstance(thing, tuple):
            reading.made.tuples.add(ref.node)
        return ref
    return thing


def _spread_out(reading: ReadingState, target: ast.Tuple | ast.List, thing: Thing) -> None:
    if any(isinstance(part, ast.Starred) for part in target.elts):
        reading.refuse(target, "a * on the left of “=” is not understood here: name each value")
    if isinstance(thing, Beside):
        items: list[Thing] = [thing] * len(target.elts)
    elif not isinstance(thing, (list, tuple, Several, Ref, Array)):
        reading.refuse(target, f"there are {len(target.elts)} names here for one value")
    else:
        items = unpacked(reading, thing, len(target.elts), target)
    for part, item in zip(target.elts, items, strict=True):
        give(reading, part, item, part)


def _set_attribute(reading: ReadingState, target: ast.Attribute, thing: Thing, place: ast.expr) -> None:
    base = reading.value(target.value)
    if isinstance(base, Instance):
        base.parts[target.attr] = _part_of(reading, target, thing, place)
    elif isinstance(base, Ref):
        _set_of_value(reading, target, base, thing, place)
    elif isinstance(base, Callee) and target.attr in base.parts:
        set_value(reading, base.parts[target.attr], thing, place)
    elif not isinstance(base, Beside):
        reading.refuse(target, f"“.{target.attr}” cannot be set here")


def _part_of(reading: ReadingState, target: ast.Attribute, thing: Thing, place: ast.expr) -> Thing:
    """An attribute of an object: its arrays are leaves, its numbers stay numbers."""
    if isinstance(thing, Array):
        return reading.leaf(thing, place, reading.checked_name(target, target.attr))
    return thing


def _set_of_value(reading: ReadingState, target: ast.Attribute, base: Ref, thing: Thing, place: ast.expr) -> None:
    """`e.label = 'e'`, `x.requires_grad = True`, `w.data = …`, `w.grad = None`."""
    if target.attr in ("label", "name", "_label") and isinstance(thing, str):
        reading.made.call_it(base.node, thing)
    elif target.attr == "requires_grad" and isinstance(thing, bool):
        if thing:
            learn(reading, base, target)
    elif target.attr == "data":
        set_value(reading, base, thing, place)
    elif target.attr == "grad":
        _set_gradient(reading, base, thing)
    else:
        reading.refuse(target, f"“.{target.attr}” cannot be set here: a value of the graph does not change")


def _set_gradient(reading: ReadingState, base: Ref, thing: Thing) -> None:
    """What is put there by hand stays, until `.backward()` adds to it."""
    reading.zeroed = True
    if thing is None or isinstance(thing, Beside) or _is_zero(thing):
        reading.made.graded.discard(base.node)
    else:
        reading.made.graded.add(base.node)


def _is_zero(thing: Thing) -> bool:
    return not np.any(thing.data) if isinstance(thing, Array) else is_number(thing) and number_of(thing) == 0


def learn(reading: ReadingState, ref: Ref, place: ast.AST) -> None:
    """Make a leaf a parameter."""
    if not reading.made.nodes[ref.node].op.holds_value:
        reading.refuse(place, "only a leaf can be a parameter: this is computed from others")
    reading.made.change(ref.node, op_name="parameter")


def set_value(reading: ReadingState, thing: Thing, to: Thing, place: ast.AST) -> None:
    """`w.data = …`: another start for a leaf that nothing has used yet; later it is a training step."""
    if not isinstance(thing, Ref) or not reading.made.nodes[thing.node].op.holds_value:
        reading.refuse(place, "only the numbers of a leaf can be set")
    if isinstance(to, Beside) or reading.made.is_used(thing.node):
        reading.stale[thing.node] = MOVED.format(thing.node)
        return
    numbers = to.data if isinstance(to, Array) else as_lists(to) if is_number(to) or all_numbers(to) else None
    if numbers is None:
        reading.refuse(place, "only numbers can be set here")
    reading.made.change(thing.node, value=reading.array(numbers, place))


def _set_item(reading: ReadingState, target: ast.Subscript, thing: Thing) -> None:
    base = reading.value(target.value)
    if isinstance(base, (list, dict)):
        try:
            base[plain(reading, target.slice)] = thing
            return
        except (NotPlain, IndexError, TypeError, KeyError):
            reading.refuse(target, "there is no such place in this list")
    reading.refuse(
        target, "a value of the graph does not change: make a new one with np.stack, np.concatenate or where"
    )


# --- x += 1


def augment(reading: ReadingState, node: ast.AugAssign) -> None:
    """`x += e` is x = x + e, under the same name."""
    target = node.target
    if isinstance(target, ast.Attribute) and target.attr in ("data", "grad"):
        base = reading.value(target.value)
        if isinstance(base, Ref) and target.attr == "data":
            reading.stale[base.node] = MOVED.format(base.node)
        return
    if isinstance(target, ast.Subscript):
        _set_item(
            reading, target, combined(reading, node, reading.value(_as_loaded(target)), reading.value(node.value), None)
        )
        return
    if not isinstance(target, (ast.Name, ast.Attribute)):
        reading.refuse(target, "only a name can stand on the left of “=”")
    read = ast.copy_location(_as_read(target), target)
    left, right = reading.value(read), reading.value(node.value)
    if isinstance(left, list) and isinstance(node.op, ast.Add) and isinstance(right, (list, tuple)):
        left += right  # the list itself grows, as in Python
        return
    _check_alias(reading, target, left)
    name = _name_of(reading, target)
    result = combined(reading, node, left, right, name)
    give(reading, target, result, node.value)


def _as_loaded(target: ast.Subscript) -> ast.expr:
    return ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)


def _as_read(target: ast.Name | ast.Attribute) -> ast.expr:
    return (
        ast.Name(target.id, ast.Load())
        if isinstance(target, ast.Name)
        else ast.Attribute(target.value, target.attr, ast.Load())
    )


def _check_alias(reading: ReadingState, target: ast.expr, left: Thing) -> None:
    """An array that has two names changes under both in NumPy and PyTorch; here each name keeps its own value."""
    if not isinstance(left, Ref) or left.node in reading.made.typed or not reading.made.kinds.get(left.node):
        return
    root = _owner(reading, left)
    others = [
        name
        for scope in _scopes(reading)
        for name, thing in scope.names.items()
        if isinstance(thing, Ref) and _owner(reading, thing) == root
        if name != getattr(target, "id", "") or scope is not reading.scope
    ]
    if others:
        sentence = f"this changes “{others[0]}” too, which is the same array: write x = x + …, or make a copy first"
        reading.refuse(target, sentence)


# What shows the same numbers in another shape, or a part of them: changed in place, they change in both.
_VIEWS = frozenset({"reshape", "transpose", "swapaxes", "squeeze", "unsqueeze", "index"})


def _owner(reading: ReadingState, ref: Ref) -> Ref:
    """The array whose numbers these are, or the copy that was made of them."""
    made = reading.made
    while not ref.copy and _is_view(made.nodes[ref.node]):
        ref = made.sources(ref.node)[0]
    return ref


def _is_view(node: Node) -> bool:
    """Chosen by a list of numbers, elements are copied."""
    return node.op_name in _VIEWS and "[" not in str(node.chosen.get("at", ""))


def _scopes(reading: ReadingState) -> Iterator[Scope]:
    scope: Scope | None = reading.scope
    while scope is not None:
        yield scope
        scope = scope.parent
