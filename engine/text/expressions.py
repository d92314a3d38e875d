"""Expressions of a program text, each read into what it stands for: arithmetic, choices, lists, names."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine.text.arrays import arithmetic_of_arrays
from engine.text.attributes import attribute
from engine.text.calls import called
from engine.text.functions import settled
from engine.text.grammar import OPERATORS
from engine.text.index import indexed
from engine.text.loops import comprehension
from engine.text.numbers import CONSTANTS, reckoned
from engine.text.plain import NotPlain, plain
from engine.text.state import ReadingState, known_constant
from engine.text.things import Array, Beside, Defined, LibraryWord, Ref, Thing, WrittenNumber, is_number, number_of
from engine.text.truths import check_single, compared, is_truth, refuse_sum_of_truths, truth

MOST_ITEMS = 10_000
_LIST_SUM = "Python's + joins two lists, and * repeats one: for arithmetic write np.array([…]), or torch.tensor([…])"
_LIST_SIGN = "Python has no such arithmetic with lists: write np.array([…]), or torch.tensor([…])"


def evaluated(reading: ReadingState, node: ast.expr, name: str | None) -> Thing:
    """What an expression stands for; the node that it makes last is called `name`."""
    rule = _RULES.get(type(node))
    if rule is None:
        reading.source.refuse_kind(node)
    return rule(reading, node, name)


# --- numbers, names


def _constant(reading: ReadingState, node: ast.Constant, name: str | None) -> Thing:
    if isinstance(node.value, (complex, bytes)):
        reading.refuse(node, f"“{str(node.value)[:40]}” is not understood here; only real numbers are")
    if isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return WrittenNumber(node.value, node)
    return node.value


_TYPES = frozenset({"int", "float", "bool", "complex", "str"})


def _name(reading: ReadingState, node: ast.Name, name: str | None) -> Thing:
    try:
        return reading.scope.find(node.id)
    except KeyError:
        pass
    if node.id == "__name__":
        return "__main__"
    if node.id in reading.imports:
        path = reading.imports[node.id]
        return _imported(path, node)
    if reading.scope.will_assign(node.id):
        reading.refuse(node, f"“{node.id}” is used here before it is given a value")
    if node.id in _TYPES:
        reading.refuse(node, f"“{node.id}” is a type of Python, not a value: write it where it is used")
    constant = known_constant(node.id)
    if constant is not None:
        return WrittenNumber(constant, node)
    reading.there.refuse(reading, node)
    return reading.input_called(node, node.id)


def _imported(path: str, node: ast.Name) -> Thing:
    last = path.rpartition(".")[2]
    constant = CONSTANTS.get(last) if path in (f"math.{last}", f"numpy.{last}") else None
    return LibraryWord(path) if constant is None else WrittenNumber(constant, node)


# --- arithmetic


def _binary(reading: ReadingState, node: ast.BinOp, name: str | None) -> Thing:
    """Sums are long: they are read from the left, not one inside another."""
    chain = [node]
    while isinstance(chain[-1].left, ast.BinOp):
        chain.append(chain[-1].left)
    result = reading.value(chain[-1].left)
    for part in reversed(chain):
        if type(part.op) not in OPERATORS and not isinstance(part.op, (ast.BitAnd, ast.BitOr, ast.BitXor)):
            reading.source.refuse_kind(part, part.op)
        result = combined(reading, part, result, reading.value(part.right), name if part is node else None)
    return result


def combined(
    reading: ReadingState, node: ast.BinOp | ast.AugAssign, left: Thing, right: Thing, name: str | None
) -> Thing:
    """The result of one operator between two things."""
    if isinstance(left, Beside) or isinstance(right, Beside):
        return replace(left if isinstance(left, Beside) else right, reckoned=True)  # as a training step does
    if is_number(left) and is_number(right):
        return _of_numbers(reading, node, left, right)
    if isinstance(left, (list, tuple, str)) or isinstance(right, (list, tuple, str)):
        joined = _of_lists(reading, node, left, right)
        if joined is not None:
            return joined
    if _are_arrays(left, right) and type(node.op) in OPERATORS:
        return arithmetic_of_arrays(reading, node, left, right)
    if isinstance(node.op, (ast.BitAnd, ast.BitOr, ast.BitXor)):
        return _of_truths(reading, node, left, right, name)
    if type(node.op) not in OPERATORS:
        reading.source.refuse_kind(node, node.op)
    _refuse_list_arithmetic(reading, node, left, right)
    refuse_sum_of_truths(reading, node, left, right)
    refs = [reading.operand(left, _side(node, "left")), reading.operand(right, _side(node, "right"))]
    return reading.node(OPERATORS[type(node.op)], refs, node, name)


def _side(node: ast.BinOp | ast.AugAssign, side: str) -> ast.AST:
    if isinstance(node, ast.AugAssign):
        return node.target if side == "left" else node.value
    return node.left if side == "left" else node.right


def _of_numbers(reading: ReadingState, node: ast.BinOp | ast.AugAssign, left: Thing, right: Thing) -> Thing:
    result = reckoned(node.op, number_of(left), number_of(right))
    if result is None:
        reading.source.refuse_kind(node, node.op)
    if not (isinstance(left, WrittenNumber) and isinstance(right, WrittenNumber) and isinstance(node, ast.BinOp)):
        return result
    if type(node.op) not in OPERATORS:
        return result
    stands_here = left.tree is node.left and right.tree is node.right  # not under names that may mean another by then
    tree = node if stands_here else ast.copy_location(ast.Constant(result), node)
    return WrittenNumber(result, tree)


def _are_arrays(left: Thing, right: Thing) -> bool:
    known = (Array, WrittenNumber, int, float)
    return (
        (isinstance(left, Array) or isinstance(right, Array)) and isinstance(left, known) and isinstance(right, known)
    )


def _of_lists(reading: ReadingState, node: ast.BinOp | ast.AugAssign, left: Thing, right: Thing) -> Thing:
    """Python's own arithmetic of lists and text: joined and repeated. None where one side is a value of the graph."""
    if isinstance(node.op, ast.Add) and isinstance(left, (list, tuple, str)) and type(left) is type(right):
        if len(left) + len(right) > MOST_ITEMS:
            reading.refuse(node, f"a list of more than {MOST_ITEMS:,} things is too long")
        joined: Any = left
        return joined + right
    lists, count = (left, right) if isinstance(left, (list, tuple)) else (right, left)
    if (
        isinstance(node.op, ast.Mult)
        and isinstance(lists, (list, tuple))
        and isinstance(reading.typed_number(count), int)
    ):
        times = reading.typed_number(count)
        assert isinstance(times, int)
        if len(lists) * times > MOST_ITEMS:
            reading.refuse(node, f"a list of more than {MOST_ITEMS:,} things is too long")
        return lists * times
    return None


def _refuse_list_arithmetic(reading: ReadingState, node: ast.BinOp | ast.AugAssign, left: Thing, right: Thing) -> None:
    """Between lists, and a list and a number, Python's signs mean something else than arithmetic."""

    def is_list(thing: Thing) -> bool:
        return isinstance(thing, list) or (isinstance(thing, Ref) and thing.node in reading.made.lists)

    def is_bare(thing: Thing) -> bool:
        return is_number(thing) or (isinstance(thing, Ref) and thing.node in reading.made.typed)

    both = is_list(left) and is_list(right)
    one = (is_list(left) and is_bare(right)) or (is_bare(left) and is_list(right))
    if both or one:
        reading.refuse(node, _LIST_SUM if isinstance(node.op, (ast.Add, ast.Mult)) else _LIST_SIGN)


def _of_truths(
    reading: ReadingState, node: ast.BinOp | ast.AugAssign, left: Thing, right: Thing, name: str | None
) -> Thing:
    """& and | of comparisons."""
    if isinstance(node.op, ast.BitXor) or not (is_truth(reading, left) and is_truth(reading, right)):
        reading.source.refuse_kind(node, node.op)
    return truth(reading, "mul" if isinstance(node.op, ast.BitAnd) else "max", [left, right], node, name)


def _unary(reading: ReadingState, node: ast.UnaryOp, name: str | None) -> Thing:
    inner = reading.value(node.operand)
    if isinstance(inner, Beside):
        return replace(inner, reckoned=True)
    if isinstance(node.op, (ast.Not, ast.Invert)):
        return _negated(reading, node, inner, name)
    if isinstance(inner, WrittenNumber):
        value = -inner.value if isinstance(node.op, ast.USub) else +inner.value
        stands_here = inner.tree is node.operand
        return WrittenNumber(value, node if stands_here else ast.copy_location(ast.Constant(value), node))
    if is_number(inner) and not isinstance(inner, bool):
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(inner, Array):
        return Array(-inner.data if isinstance(node.op, ast.USub) else inner.data, inner.op, inner.library)
    if isinstance(node.op, ast.UAdd):
        return reading.operand(inner, node.operand)
    _refuse_list_arithmetic(reading, ast.copy_location(ast.BinOp(node, ast.Mult(), node), node), inner, 1)
    return reading.node("neg", [reading.operand(inner, node.operand)], node, name)


def _negated(reading: ReadingState, node: ast.UnaryOp, inner: Thing, name: str | None) -> Thing:
    if is_truth(reading, inner):
        if isinstance(node.op, ast.Invert) and reading.made.shape(inner) == () and not reading.kind(inner):
            reading.refuse(node, "~ of Python's True is -2: write not (…) of a single condition")
        return truth(reading, "sub", [reading.operand(1, node), inner], node, name)
    if isinstance(node.op, ast.Not) and isinstance(inner, (bool, type(None), str, list, tuple, int, float)):
        return not inner
    reading.source.refuse_kind(node, node.op)


# --- choices


def _both(reading: ReadingState, node: ast.BoolOp, name: str | None) -> Thing:
    try:
        return plain(reading, node)
    except NotPlain:
        pass
    sides = [reading.value(side) for side in node.values]
    if not all(is_truth(reading, side) for side in sides):
        reading.refuse(node, "“and” and “or” are understood between comparisons only")
    check_single(reading, node, sides)
    op = "mul" if isinstance(node.op, ast.And) else "max"
    while len(sides) > 1:
        last = len(sides) == 2
        sides[:2] = [truth(reading, op, sides[:2], node, name if last else None)]
    return sides[0]


def _chosen(reading: ReadingState, node: ast.IfExp, name: str | None) -> Thing:
    """`a if x > 0 else b`: chosen now where the condition is plain, else a node that chooses."""
    condition = _condition(reading, node.test)
    if not isinstance(condition, Ref):
        return reading.value(node.body if condition else node.orelse, name)
    check_single(reading, node.test, [condition])
    sides = [reading.operand(side) for side in (node.body, node.orelse)]
    return reading.node("where", [condition, *sides], node, name)


def _condition(reading: ReadingState, test: ast.expr) -> Thing:
    """A plain truth, or the node that says it; a number that was given to a name is a value of the graph."""
    thing = reading.value(test)
    if isinstance(thing, (Ref, Array)):
        return reading.operand(thing, test)
    if isinstance(thing, Beside):
        reading.operand(thing, test)
    return number_of(thing) if is_number(thing) else thing


# --- lists, functions, text


def _items(reading: ReadingState, nodes: list[ast.expr]) -> list[Thing]:
    items: list[Thing] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            inner = reading.value(node.value)
            if not isinstance(inner, (list, tuple)):
                reading.source.refuse_kind(node)
            items += inner
        else:
            items.append(reading.value(node))
    return items


def _mapping(reading: ReadingState, node: ast.Dict, name: str | None) -> Thing:
    found: dict[Any, Thing] = {}
    for key, item in zip(node.keys, node.values, strict=True):
        if key is None:
            reading.source.refuse_kind(node)
        try:
            found[plain(reading, key)] = reading.value(item)
        except (NotPlain, TypeError):
            reading.refuse(key, "a key must be text or a number")
    return found


def _text(reading: ReadingState, node: ast.JoinedStr, name: str | None) -> str:
    """f"w{i}": text with plain values put in."""
    parts: list[str] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        elif isinstance(part, ast.FormattedValue) and part.format_spec is None and part.conversion == -1:
            try:
                parts.append(str(plain(reading, part.value)))
            except NotPlain:
                reading.refuse(node, "only plain numbers can be put into text here")
        else:
            reading.refuse(node, "text in quotes is not understood here; only numbers are")
    return "".join(parts)


def _let(reading: ReadingState, node: ast.NamedExpr, name: str | None) -> Thing:
    thing = reading.value(node.value, reading.checked_name(node.target, node.target.id))
    reading.bind(node.target.id, thing)
    return thing


def _lambda(reading: ReadingState, node: ast.Lambda, name: str | None) -> Thing:
    body = ast.copy_location(ast.Return(node.body), node.body)
    return Defined(name or "lambda", settled(reading, node.args), [body], reading.scope)


_RULES: Mapping[type[ast.expr], Callable[[ReadingState, Any, str | None], Thing]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: compared,
    ast.BoolOp: _both,
    ast.IfExp: _chosen,
    ast.Attribute: attribute,
    ast.Subscript: indexed,
    ast.Call: called,
    ast.List: lambda reading, node, name: _items(reading, node.elts),
    ast.Tuple: lambda reading, node, name: tuple(_items(reading, node.elts)),
    ast.Dict: _mapping,
    ast.JoinedStr: _text,
    ast.NamedExpr: _let,
    ast.Lambda: _lambda,
    ast.ListComp: comprehension,
    ast.GeneratorExp: comprehension,
}
