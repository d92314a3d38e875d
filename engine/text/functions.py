"""Functions and classes of the text itself: a call of one is laid out as if its lines stood where it is called."""

import ast
from copy import copy

from engine.text.call import Call
from engine.text.state import Known, ReadingState, Scope, assigned_names
from engine.text.things import Array, Blueprint, Defined, Instance, Returned, Thing, WrittenNumber

_OVERLOADS = {"__add__", "__mul__", "__radd__", "__rmul__", "__pow__", "__neg__", "__sub__", "__truediv__"}


def apply(reading: ReadingState, function: Defined, call: Call) -> Thing:
    """What a function of the text gives for these arguments."""
    assigned = frozenset(assigned_names(function.body)) | {arg.arg for arg in _all_args(function.args)}
    scope = Scope(_arguments(reading, function, call), function.scope, assigned, call.name)
    with reading.within(scope), reading.deeper(call.node):
        result = reading.perform(function.body)
    return result.thing if isinstance(result, Returned) else None


def _all_args(args: ast.arguments) -> list[ast.arg]:
    return [*args.posonlyargs, *args.args, *args.kwonlyargs]


def _arguments(reading: ReadingState, function: Defined, call: Call) -> dict[str, Thing]:
    """What each parameter stands for. Where all that is handed over are numbers, they are inputs of these names."""
    args = function.args
    places = [*args.posonlyargs, *args.args]
    if len(call.args) > len(places) and not args.vararg:
        arguments = "1 argument" if len(places) == 1 else f"{len(places)} arguments"
        call.refuse(f"{function.name} takes {arguments}, not {len(call.args)}")
    names = [arg.arg for arg in places]
    found: dict[str, Thing] = {name: reading.value(arg) for name, arg in zip(names, call.args, strict=False)}
    for word, place in call.words.items():
        if word not in {arg.arg for arg in _all_args(args)} or word in found:
            call.refuse(f"{function.name} has no parameter “{word}” to be given here", place)
        found[word] = reading.value(place)
    numbers_only = all(isinstance(thing, (WrittenNumber, Array)) for thing in found.values()) and not _is_helper(
        function
    )
    found = {name: _held(reading, name, thing, call, numbers_only) for name, thing in found.items()}
    if args.vararg:
        found[args.vararg.arg] = tuple(reading.value(arg) for arg in call.args[len(places) :])
    return found | _defaults(reading, function, found, call)


def _is_helper(function: Defined) -> bool:
    """A class's own function: the numbers that it is handed are sizes, as in Net(2, 3)."""
    return bool(function.args.args) and function.args.args[0].arg == "self"


def _held(reading: ReadingState, name: str, thing: Thing, call: Call, is_input: bool) -> Thing:
    """What a parameter stands for: an array is one leaf, however often it is used; so is a number among numbers."""
    if isinstance(thing, Array):
        op = thing.op or ("input" if is_input else "constant")
        return reading.leaf(Array(thing.data, op, thing.library), call.node, reading.checked_name(call.node, name))
    if isinstance(thing, WrittenNumber) and is_input:
        ref = reading.leaf(Array(thing.value, "input"), call.node, reading.checked_name(call.node, name))
        reading.made.typed[ref.node] = thing.value
        return ref
    return thing


def _defaults(reading: ReadingState, function: Defined, found: dict[str, Thing], call: Call) -> dict[str, Thing]:
    args = function.args
    places = [*args.posonlyargs, *args.args]
    given = dict(zip([arg.arg for arg in places[len(places) - len(args.defaults) :]], args.defaults, strict=True))
    given |= {arg.arg: value for arg, value in zip(args.kwonlyargs, args.kw_defaults, strict=True) if value}
    missing = [arg.arg for arg in _all_args(args) if arg.arg not in found]
    for name in missing:
        if name not in given:
            call.refuse(f"{function.name} needs its argument “{name}”")
    with reading.within(function.scope):
        return {name: reading.value(given[name]) for name in missing}


# --- classes


def blueprint(reading: ReadingState, node: ast.ClassDef) -> Blueprint:
    """A class, as far as it makes objects whose functions compute something."""
    members: dict[str, Defined] = {}
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef):
            members[statement.name] = Defined(statement.name, statement.args, statement.body, reading.scope)
        elif not isinstance(statement, (ast.Expr, ast.Pass)):
            reading.refuse(statement, "in a class only functions are understood")
    if members.keys() & _OVERLOADS:
        said = "a class with arithmetic of its own is not understood: leave it out"
        reading.refuse(node, said if node.name != "Value" else "leave this class out: Value(…) is understood as it is")
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in reading.classes:
            parent = reading.scope.find(base.id)
            members = parent.members | members
    reading.classes.add(node.name)
    is_module = any(ast.unparse(base).rpartition(".")[2] == "Module" for base in node.bases)
    return Blueprint(node.name, members, is_module)


def made_object(reading: ReadingState, of: Blueprint, call: Call) -> Instance:
    """What `Name(…)` makes of a class of the text: its `__init__` is read with these arguments."""
    made = Instance(of, {})
    start = of.members.get("__init__")
    if start is not None:
        call.name = None
        apply(reading, start, call.given(made))
    elif call.args or call.words:
        call.refuse(f"{of.name} takes no arguments")
    return made


def method_of(thing: Instance, name: str) -> Defined | None:
    return thing.of.members.get(name)


def defined(reading: ReadingState, node: ast.FunctionDef) -> Defined:
    """A function as the text defines it."""
    for decorator in node.decorator_list:
        said = ast.unparse(decorator).partition("(")[0].rpartition(".")[2]
        if said not in ("jit", "compile", "njit", "staticmethod"):
            reading.refuse(decorator, f"the decorator “{said[:40]}” is not understood here")
    if node.args.kwarg:
        reading.refuse(node, "a parameter ** is not understood here: name the parameters")
    if any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in ast.walk(node)):
        reading.refuse(node, "a function that yields is not understood: give back a list")
    return Defined(node.name, settled(reading, node.args), node.body, reading.scope)


def settled(reading: ReadingState, args: ast.arguments) -> ast.arguments:
    """The parameters of a function with their defaults as they are now, when it is made."""
    known = copy(args)
    known.defaults = [Known(reading.value(default), default) for default in args.defaults]
    known.kw_defaults = [default and Known(reading.value(default), default) for default in args.kw_defaults]
    return known
