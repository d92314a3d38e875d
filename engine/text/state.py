"""Where the reading of a text stands: what each name stands for, the graph so far, how much may still be done."""

import ast
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from engine.graph.names import ID
from engine.graph.sound import MOST_NODES, crowd_flaw
from engine.ops.op import OPS, Op
from engine.text.grammar import OPERATORS, Source, vocabulary
from engine.text.making import MOST_MADE, Making
from engine.text.numbers import CONSTANTS, value_of
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
    WrittenNumber,
    all_numbers,
    as_lists,
    is_number,
    number_of,
)  # fmt: skip
from engine.values.values import Value, as_value

MOST_EVALUATED = 200_000  # expressions that loops and calls may go through
_A_CALL = 5  # how many expressions a call of a function counts for
DEEPEST_VALUE = 100  # expressions in expressions, calls in calls
MOST_ELEMENTS = 10_000_000  # of all the arrays that a text may fill

# What the usual short names stand for where nothing is imported.
LIBRARIES = {
    "np": "numpy", "numpy": "numpy", "jnp": "jax.numpy", "jax": "jax", "torch": "torch", "nn": "torch.nn",
    "F": "torch.nn.functional", "math": "math", "functional": "torch.nn.functional", "autograd": "autograd",
    "anp": "autograd.numpy", "optim": "torch.optim", "plt": "matplotlib.pyplot", "special": "scipy.special",
    "random": "random", "linalg": "numpy.linalg",
}  # fmt: skip


@dataclass
class Scope:
    """The names of the program, or of one call of a function; `assigned` are those that get a value in it somewhere."""

    names: dict[str, Thing] = field(default_factory=dict)
    parent: "Scope | None" = None
    assigned: frozenset[str] = frozenset()
    result_name: str | None = None  # what the node is called that a function gives back

    def find(self, name: str) -> Thing:
        """What the name stands for here, or KeyError."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        raise KeyError(name)

    def will_assign(self, name: str) -> bool:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.assigned:
                return True
            scope = scope.parent
        return False


Evaluate = Callable[["ReadingState", ast.expr, "str | None"], Thing]
Perform = Callable[["ReadingState", "list[ast.stmt]"], Thing]


class Known(ast.expr):
    """An argument whose value is known already, standing where an expression would."""

    def __init__(self, thing: Thing, place: ast.AST) -> None:
        super().__init__()
        self.thing = thing
        self.lineno = getattr(place, "lineno", 1)
        self.col_offset = getattr(place, "col_offset", 0)


class Argument(ast.expr):
    """An argument of a call: however often it is asked for, it is read once."""

    def __init__(self, node: ast.expr) -> None:
        super().__init__()
        self.node = node
        self.things: list[Thing] = []  # what it stands for, once it is read
        self.lineno = getattr(node, "lineno", 1)
        self.col_offset = getattr(node, "col_offset", 0)


class ReadingState:
    """One text while it is read. `value` and `perform` are what reads an expression and a list of statements."""

    def __init__(self, source: Source, evaluate: Evaluate, perform: Perform) -> None:
        self.source = source
        self.ops = vocabulary()
        assigned, said = names_of(source.statements)
        self.made = Making(said)
        self.globals = self.scope = Scope(assigned=frozenset(assigned))
        self.imports: dict[str, str] = {}
        self.libraries = mentioned_libraries(source.statements)
        self.remarks: list[str] = []
        self.target: str | None = None
        self.chosen = False  # whether .backward() chose the target
        self.seed = 1.0
        self.zeroed = False  # whether the gradients were set to 0 since
        self.moved_on = False  # whether what is read chose the target
        self.stale: dict[str, str] = {}  # leaves that have been moved by then, and by what
        self.folded: dict[str, ast.expr] = {}  # inputs whose number was written as arithmetic
        self.as_number: set[str] = set()  # inputs whose number stood where no value of a graph can
        self.beside: tuple[ast.expr, Beside] | None = None  # a gradient that was assigned last
        self.number: tuple[str, int | float] | None = None  # what was reckoned last, if that was a plain number
        self.may_be_empty = False  # the text says itself that there is no target
        self.classes: set[str] = set()
        self.random: Any = None  # NumPy's generator, where the text sets its seed
        self.there: Any = None  # the names of what is in the open graph already
        self.stand_in: Any = None  # the generator for numbers that are not known
        self.seeded = False
        self.layers = 0  # filled so far
        self._evaluate, self._perform = evaluate, perform
        self._left = MOST_EVALUATED + sum(1 for statement in source.statements for _ in ast.walk(statement))
        self._elements = MOST_ELEMENTS
        self._depth = 0

    # --- values

    def value(self, expression: ast.expr, name: str | None = None) -> Thing:
        """What an expression stands for; the node that it makes last is called `name`."""
        if isinstance(expression, Known):
            return expression.thing
        if isinstance(expression, Argument):
            if not expression.things:
                expression.things = [self.value(expression.node, name)]
            return expression.things[0]
        self._left -= 1
        self._depth += 1
        if self._left < 0 or len(self.made.nodes) > MOST_MADE + 20 * len(self.source.statements):
            self.refuse(expression, "the loops and calls of this text make it too large: use fewer rounds")
        if len(self.made.nodes) > MOST_MADE + MOST_NODES and (flaw := crowd_flaw(len(self.made.nodes))):
            self.refuse(expression, flaw.sentence)
        if self._depth > DEEPEST_VALUE:
            self.refuse(expression, "this is nested too deeply, or calls itself without an end: give its parts names")
        try:
            return self._evaluate(self, expression, name)
        finally:
            self._depth -= 1

    def perform(self, statements: list[ast.stmt]) -> Thing:
        return self._perform(self, statements)

    def operand(self, given: ast.expr | Thing, place: ast.AST | None = None, name: str | None = None) -> Ref:
        """The node that an expression, or what it stands for, is in the graph."""
        if isinstance(given, ast.expr):
            place = given if place is None else place
            given = self.value(given, name)
        assert place is not None
        if isinstance(given, Ref):
            if given.node in self.stale:
                self.refuse(place, self.stale[given.node])
            return given
        if isinstance(given, WrittenNumber):
            return self._written(given, name)
        if is_number(given) and not isinstance(given, bool):
            return self.made.leaf("constant", value_of(given), name)
        if isinstance(given, Array):
            return self.leaf(given, place, name)
        if all_numbers(given):
            return self.made.leaf("constant", self.array(given, place), name)
        self.refuse(place, _not_a_value(given))

    def _written(self, written: WrittenNumber, name: str | None) -> Ref:
        """A constant; arithmetic of written numbers is drawn as it stands, if it makes no more than a few nodes."""
        tree = written.tree
        if isinstance(tree, ast.BinOp) and type(tree.op) in OPERATORS:
            left, right = (self.operand(side) for side in (tree.left, tree.right))
            return self.node(OPERATORS[type(tree.op)], [left, right], tree, name)
        if isinstance(tree, ast.UnaryOp) and not is_plain_literal(tree):
            inner = self.operand(tree.operand)
            return self.node("neg", [inner], tree, name) if isinstance(tree.op, ast.USub) else inner
        if isinstance(tree, ast.Call):
            callee = tree.func.attr if isinstance(tree.func, ast.Attribute) else getattr(tree.func, "id", "")
            if callee in self.ops:
                return self.node(self.ops[callee], [self.operand(tree.args[0])], tree, name)
        return self.made.leaf("constant", self.array(written.value, tree), name)

    def leaf(self, array: Array, place: ast.AST, name: str | None, label: str = "") -> Ref:
        """Numbers as a leaf: an input where they have a name, else a constant."""
        op = array.op or ("input" if name else "constant")
        ref = self.made.leaf(op, self.array(array.data, place), name, label)
        if array.library:
            self.made.kinds[ref.node] = array.library
        return ref

    def array(self, numbers: Any, place: ast.AST) -> Value:
        """Numbers as the value of a leaf."""
        try:
            if isinstance(numbers, np.ndarray):
                return self.counted(as_value(numbers) if numbers.size else value_of([]), place)
            return self.counted(value_of(as_lists(numbers)), place)
        except ValueError as error:
            self.refuse(place, str(error))

    def counted(self, value: Value, place: ast.AST) -> Value:
        """A value, if all the arrays of the text together do not become too large."""
        self._elements -= value.size
        if self._elements < 0:
            self.refuse(place, f"the arrays of this text have more than {MOST_ELEMENTS:,} elements together")
        return value

    # --- nodes

    def op(self, name: str, place: ast.AST) -> Op:
        found = OPS.get(name)
        if found is None:
            self.refuse(place, f"there is no operation for “{name}” yet")
        return found

    def node(
        self,
        op: Op | str,
        inputs: Iterable[Ref],
        place: ast.AST,
        name: str | None = None,
        label: str = "",
        **settings: Any,
    ) -> Ref:
        """A node of an op between other nodes. Settings that are the default are left unsaid."""
        if isinstance(op, str):
            op = self.op(op, place)
        refs = list(inputs)
        if len(refs) < op.fewest or (len(refs) > op.fewest and not op.repeats):
            many = "one input" if op.fewest == 1 else f"{op.fewest} inputs"
            least = "at least " if op.repeats else ""
            self.refuse(place, f"{op.name} takes {least}{many}, not {len(refs)}")
        return self.made.node(op, refs, name, label, self.checked(op, settings, place))

    def checked(self, op: Op, settings: dict[str, Any], place: ast.AST) -> dict[str, Any]:
        found = {}
        for name, value in settings.items():
            declared = next((setting for setting in op.settings if setting.name == name), None)
            if declared is None:
                self.refuse(place, f"{op.name} has no setting “{name}”")
            try:
                found[name] = declared.checked(value)
            except ValueError as error:
                self.refuse(place, str(error))
        return found

    def kind(self, *things: Thing) -> str:
        """Whose words hold for these values: "numpy" (and JAX), "torch", or nothing where the text does not say."""
        kinds = {kind for thing in things if isinstance(thing, Ref) and (kind := self.made.kinds.get(thing.node))}
        kinds = kinds or self.libraries
        if "torch" not in kinds and kinds:
            return "numpy"
        return "torch" if kinds == {"torch"} else ""

    # --- names and sentences

    def bind(self, name: str, thing: Thing) -> None:
        self.scope.names[name] = thing

    def checked_name(self, place: ast.AST, name: str) -> str:
        if not ID.match(name):
            self.refuse(place, f"“{name}” cannot be a name: use the letters a to z, digits and _")
        return name

    def input_called(self, place: ast.AST, name: str) -> Ref:
        """A name that is never assigned is an input, still without a value."""
        ref = self.made.leaf("input", None, self.checked_name(place, name))
        self.globals.names[name] = ref
        return ref

    def typed_number(self, thing: Thing) -> int | float | None:
        """The number that was given to a name, where it stands in a place for plain numbers."""
        if isinstance(thing, Ref) and thing.node in self.made.typed:
            self.as_number.add(thing.node)
            return self.made.typed[thing.node]
        return number_of(thing) if is_number(thing) else None

    @contextmanager
    def deeper(self, place: ast.AST) -> Iterator[None]:
        """Within a call of a function of the text: calls in calls end."""
        self._depth += _A_CALL
        if self._depth > DEEPEST_VALUE:
            self.refuse(place, "this calls itself without an end that is known here: write a loop, for i in range(…)")
        try:
            yield
        finally:
            self._depth -= _A_CALL

    @contextmanager
    def within(self, scope: Scope) -> Iterator[None]:
        before, self.scope = self.scope, scope
        try:
            yield
        finally:
            self.scope = before

    def remark(self, sentence: str) -> None:
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def refuse(self, place: ast.AST, sentence: str) -> NoReturn:
        self.source.refuse(place, sentence)

    def library(self, name: str) -> str:
        """The library that a name stands for, by an import or by custom; nothing where it is a name of the text."""
        if name in self.imports:
            return self.imports[name]
        return "" if self.scope.will_assign(name) else LIBRARIES.get(name, "")


def _not_a_value(thing: Thing) -> str:
    """Why something cannot be a node of a graph."""
    if isinstance(thing, Beside):
        return f"{thing.what} cannot be a value of the graph" + (f": {thing.hint}" if thing.hint else "")
    if isinstance(thing, Several):
        first = next(iter(thing.parts))
        return f"this gives {' and '.join(thing.parts)}: say which, as in “.{first}”"
    if isinstance(thing, (LibraryWord, Callee, Defined, Blueprint, Method)):
        called = thing.title if isinstance(thing, Callee) else thing.name
        return f"“{called}” is a function: call it, as in {called}(x)"
    if isinstance(thing, (list, tuple)):
        if not thing:
            return "an empty list is not a value"
        return "a list of values is not one value: join them with torch.stack([…]) or np.stack([…])"
    if isinstance(thing, Instance):
        return f"“{thing.of.name}” is an object: call it or one of its functions"
    if isinstance(thing, (str, bytes)):
        return "text in quotes is not understood here; only numbers are"
    return f"“{str(thing)[:40]}” is not understood here; only numbers are"


def names_of(statements: list[ast.stmt]) -> tuple[set[str], set[str]]:
    """The names that these statements assign to, and all that stand for values anywhere in them."""
    said, called = set(), set()
    for node in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(node, ast.Call):
            called.add(id(node.func))
        elif isinstance(node, ast.arg):
            said.add(node.arg)
    names = [n for statement in statements for n in ast.walk(statement) if isinstance(n, ast.Name)]
    said |= {node.id for node in names if id(node) not in called}
    return set(assigned_names(statements)), said


_OWN_NAMES = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.GeneratorExp, ast.AsyncFunctionDef)


def assigned_names(statements: list[ast.stmt]) -> Iterator[str]:
    """The names that get a value here; what functions and comprehensions call their own is not among them."""
    todo: list[ast.AST] = list(statements)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        if not isinstance(node, _OWN_NAMES):
            todo += ast.iter_child_nodes(node)


def mentioned_libraries(statements: list[ast.stmt]) -> set[str]:
    """Which of NumPy, PyTorch and JAX the text speaks of: a method of a value is that of its library."""
    roots: set[str] = set()
    for node in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(node, ast.Import):
            roots |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            roots.add(LIBRARIES.get(node.value.id, "").partition(".")[0])
    return {{"autograd": "numpy"}.get(root, root) for root in roots} & {"numpy", "torch", "jax"}


def is_plain_literal(tree: ast.expr) -> bool:
    """A number with or without signs before it."""
    while isinstance(tree, ast.UnaryOp) and isinstance(tree.op, (ast.USub, ast.UAdd)):
        tree = tree.operand
    return not isinstance(tree, (ast.UnaryOp, ast.BinOp, ast.Call))


def known_constant(name: str) -> float | None:
    """The number that a name stands for where nobody gave it another meaning: π and pi."""
    return CONSTANTS["pi"] if name in ("pi", "π") else None
