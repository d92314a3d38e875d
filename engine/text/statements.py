"""Statements of a text, done one after another: assignments, loops laid out, functions kept, the rest left aside."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from engine.text.binding import assign, augment, take_back
from engine.text.functions import blueprint, defined
from engine.text.looks import changes_something
from engine.text.loops import assign as assign_round
from engine.text.loops import rounds
from engine.text.numbers import CONSTANTS
from engine.text.state import ReadingState, assigned_names
from engine.text.things import Array, Beside, Callee, Instance, Ref, Returned, Several, Thing
from engine.values.progress import advance

_SHOWN = (Beside, type(None), str, bool, Callee, Instance, dict, Several)  # a last line of these only shows something
_UNUSED = "the result of this line is not used: give it a name"
_ROUND = "only the first round of the training loop is shown: the pass with the values as they are given"


def perform(reading: ReadingState, statements: list[ast.stmt]) -> Returned | None:
    """Do these statements; what a function gives back ends them."""
    for statement in statements:
        result = _do(reading, statement)
        if isinstance(result, Returned):
            return result
    return None


def perform_program(reading: ReadingState, statements: list[ast.stmt]) -> None:
    """Do the statements of the text itself; what stands alone in its last line is the target."""
    for done, statement in enumerate(statements):
        advance(done, len(statements))
        if statement is statements[-1] and isinstance(statement, ast.Expr):
            _last_line(reading, statement)
        else:
            perform(reading, [statement])


def _last_line(reading: ReadingState, statement: ast.Expr) -> None:
    value, before, chosen = statement.value, reading.made.count(), reading.chosen
    if isinstance(value, ast.Constant) and value.value is None:
        reading.target, reading.beside, reading.may_be_empty = None, None, True
        return
    thing = reading.value(value)
    if chosen:  # .backward() chose the target: this line only shows something
        if not reading.moved_on:
            take_back(reading, before)
    elif not isinstance(thing, _SHOWN) or (isinstance(thing, (str, bool)) and not reading.made.nodes):
        ref = reading.operand(thing, value)
        only_shown = reading.source.console and reading.made.nodes[ref.node].op.is_leaf and reading.target
        reading.target = reading.target if only_shown else ref.node
        reading.beside = None


def _do(reading: ReadingState, statement: ast.stmt) -> Returned | None:
    rule = _RULES.get(type(statement))
    if rule is None:
        reading.source.refuse_kind(statement)
    return rule(reading, statement)


def _nothing(reading: ReadingState, statement: ast.stmt) -> None:
    """`pass` changes nothing."""


def _asserted(reading: ReadingState, statement: ast.Assert) -> None:
    """An assertion changes nothing; but what it calls may."""
    if changes_something(statement.test):
        reading.value(statement.test)


def _delete(reading: ReadingState, node: ast.Delete) -> None:
    """`del x`: the name is gone, what was computed with it stays."""
    for target in node.targets:
        if not isinstance(target, ast.Name) or target.id not in reading.scope.names:
            reading.source.refuse_kind(node)
        del reading.scope.names[target.id]


def _alone(reading: ReadingState, node: ast.Expr) -> None:
    """A line that is only an expression: a call for its effect, a docstring, a name that is shown."""
    if isinstance(node.value, ast.Constant) and (isinstance(node.value.value, str) or node.value.value is ...):
        return
    before = reading.made.count()
    thing = reading.value(node.value)
    if isinstance(node.value, ast.Name) and isinstance(thing, Ref):
        if reading.scope is reading.globals and not reading.chosen and not reading.source.console:
            reading.target = thing.node
        return
    if isinstance(thing, Ref) and thing.node in reading.made.nodes and _is_new(reading, thing, before[0]):
        if not reading.source.console:
            reading.refuse(node, _UNUSED)
        take_back(reading, before)


def _is_new(reading: ReadingState, ref: Ref, count: int) -> bool:
    return list(reading.made.nodes).index(ref.node) >= count


def _imports(reading: ReadingState, node: ast.Import) -> None:
    for alias in node.names:
        if alias.asname:
            reading.imports[alias.asname] = _module(alias.name)
        else:
            root = alias.name.partition(".")[0]
            reading.imports[root] = _module(root)


def _imports_from(reading: ReadingState, node: ast.ImportFrom) -> None:
    for alias in node.names:
        if alias.name == "*":
            reading.imports |= {name: f"{node.module}.{name}" for name in CONSTANTS if node.module in ("math", "numpy")}
        else:
            reading.imports[alias.asname or alias.name] = _module(f"{node.module or ''}.{alias.name}".strip("."))


def _module(name: str) -> str:
    """A module's name, told apart from the two words that our own readers of methods are called by."""
    return f"_{name}" if name.partition(".")[0] in ("array", "method") else name


def _define(reading: ReadingState, node: ast.FunctionDef) -> None:
    reading.bind(node.name, defined(reading, node))


def _class(reading: ReadingState, node: ast.ClassDef) -> None:
    reading.bind(node.name, blueprint(reading, node))


def _return(reading: ReadingState, node: ast.Return) -> Returned:
    if reading.scope is reading.globals:
        reading.source.refuse_kind(node)
    thing = None if node.value is None else reading.value(node.value, reading.scope.result_name)
    return Returned(thing)


def _if(reading: ReadingState, node: ast.If) -> Returned | None:
    thing = reading.value(node.test)
    if isinstance(thing, Beside):
        reading.operand(thing, node.test)
    if isinstance(thing, (Ref, Array)):
        number = reading.typed_number(thing) if isinstance(thing, Ref) and isinstance(node.test, ast.Name) else None
        if number is None:
            hint = "write y = a if x > 0 else b, or where(x > 0, a, b)"
            reading.refuse(node.test, f"which way “if” goes depends on a value of the graph: {hint}")
        thing = number
    return perform(reading, node.body if _truth(thing) else node.orelse)


def _truth(thing: Thing) -> bool:
    return bool(thing.value) if hasattr(thing, "value") else bool(thing)


# --- loops


def _for(reading: ReadingState, node: ast.For) -> Returned | None:
    if node.orelse:
        reading.refuse(node.orelse[0], "“else” after a loop is not understood here")
    things = rounds(reading, reading.value(node.iter), node.iter)
    if _trains(node.body):
        return _train(reading, node, things)
    for thing in things:
        assign_round(reading, node.target, thing)
        result = perform(reading, node.body)
        if result is not None:
            return result
    return None


def _trains(body: list[ast.stmt]) -> bool:
    """Whether a loop goes backward in each round."""
    nodes = (node for statement in body for node in ast.walk(statement))
    return any(isinstance(node, ast.Attribute) and node.attr == "backward" for node in nodes)


def _train(reading: ReadingState, node: ast.For, things: list[Thing]) -> Returned | None:
    """The first round of a training loop; what it left behind is not what the last one would."""
    if not things:
        return None
    assign_round(reading, node.target, things[0])
    result = perform(reading, node.body)
    if len(things) > 1:
        moves = any(said in ast.unparse(node) for said in (".step(", ".grad", "zero_grad"))
        if not moves:
            reading.refuse(node, "each round of this loop adds to the gradients: call backward once, on the sum")
        reading.remark(_ROUND)
        _forget(reading, node)
    return result


def _forget(reading: ReadingState, node: ast.For) -> None:
    """After the loop its names would stand for the last round."""
    for name in assigned_names([node]):
        if isinstance(reading.scope.names.get(name), Ref):
            said = "it would be that of the loop's last round, and a graph shows one pass"
            reading.bind(name, Beside(f"“{name}” after the training loop", said))
    for id, made in reading.made.nodes.items():
        if made.op_name == "parameter":
            reading.stale[id] = f"“{id}” has been moved by the training loop by then; a graph shows one pass"


# --- with


_RUNS = {
    "enable_grad",
    "set_detect_anomaly",
    "catch_warnings",
    "printoptions",
    "errstate",
    "set_grad_enabled",
    "suppress",
}
_WITHOUT = {"no_grad", "inference_mode"}


def _with(reading: ReadingState, node: ast.With) -> Returned | None:
    said = {ast.unparse(item.context_expr).partition("(")[0].rpartition(".")[2] for item in node.items}
    if said <= _RUNS:
        return perform(reading, node.body)
    if not said <= _WITHOUT:
        reading.refuse(node, f"“with {sorted(said - _WITHOUT)[0][:40]}” is not understood here")
    before, target = reading.made.count(), reading.target
    perform(reading, node.body)
    new = set(list(reading.made.nodes)[before[0] :])
    for name, thing in list(reading.scope.names.items()):
        if isinstance(thing, Ref) and thing.node in new:
            reading.bind(name, Beside(f"“{name}”", "under no_grad nothing gets a gradient; compute it outside"))
    take_back(reading, before)
    reading.target = target
    return None


_RULES: Mapping[type[ast.stmt], Callable[[ReadingState, Any], Returned | None]] = {
    ast.Assign: assign,
    ast.AnnAssign: assign,
    ast.AugAssign: augment,
    ast.Expr: _alone,
    ast.Import: _imports,
    ast.ImportFrom: _imports_from,
    ast.FunctionDef: _define,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.If: _if,
    ast.For: _for,
    ast.With: _with,
    ast.Assert: _asserted,
    ast.Pass: _nothing,
    ast.Delete: _delete,
}
