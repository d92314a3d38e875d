"""Programs that Gradloom wrote for NumPy, PyTorch, JAX and micrograd, read back to the graph they were made of.

Beside each statement such a program says what it is: `h = torch.relu(z)  # the node hidden, relu`. A note is believed
only where the statement is what Gradloom writes for that operation; where it was changed since, the code counts.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from engine.errors import TextError
from engine.graph.names import ID
from engine.graph.records import Edge
from engine.ops.op import OPS, Op
from engine.ops.spelling import MissingWord, Spelling, forward_source
from engine.ops.words.table import Target, spellings
from engine.text.binding import take_back
from engine.text.plain import NotPlain, plain
from engine.text.state import ReadingState
from engine.text.things import Array, Blueprint, Instance, Ref, Thing, WrittenNumber, all_numbers, as_lists, is_number

_SIGNED = "Written by Gradloom."
_NOTE = re.compile(r"(?:the node (?P<id>\w+), )?(?:“(?P<label>.*)”, )?(?P<title>[^“”=]*?)(?: with (?P<settings>.*))?\Z")
_MOST_TRIES = 200


@dataclass(frozen=True)
class _Note:
    """What stands beside a statement: what the node is called, and what it is."""

    id: str
    label: str
    op: Op | None
    settings: tuple[tuple[str, Any], ...]
    goes_on: bool = False  # the next terms of a long sum


@dataclass(frozen=True)
class _Module:
    """A class of a PyTorch program as it is used: its leaves, what it computes, and the modules in it."""

    held: Instance
    forward: ast.FunctionDef
    inner: dict[str, _Module]


def is_exported(statements: list[ast.stmt]) -> bool:
    """Whether the text says of itself that Gradloom wrote it."""
    first = statements[0].value if statements and isinstance(statements[0], ast.Expr) else None
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and _SIGNED in first.value


def read_export(reading: ReadingState, statements: list[ast.stmt]) -> None:
    """Make the graph of an exported program; what only checks and trains is left aside."""
    by_name = {name: node for node in statements for name in _names(node)}
    for node in statements:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            reading.perform([node])
    if isinstance(model := by_name.get("Model"), ast.ClassDef):
        _torch(reading, model, by_name)
    elif isinstance(function := by_name.get("f"), ast.FunctionDef) and "leaves" in by_name:
        _jax(reading, function, statements, by_name)
    else:
        _line_by_line(reading, statements)
    if reading.target is None:
        reading.may_be_empty, reading.beside = True, None


def _names(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
        yield node.name
    if isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


# --- one target after another


def _line_by_line(reading: ReadingState, statements: list[ast.stmt]) -> None:
    """NumPy and micrograd: leaves, then a statement a node, until the way back begins."""
    library: Target = "numpy" if "np" in reading.imports else "micrograd"
    start = reading.source.line_of("# The leaves.")  # above it stand the helpers of a NumPy program
    for node in statements:
        if isinstance(node, ast.Assign) and node.lineno > start:
            if reading.source.remark_behind(node) == "the seed":
                _numpy_target(reading, node)
                return
            if node.targets and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "values":
                break
            _noted(reading, node, library)
        elif isinstance(node, ast.Expr) and (aimed_at := _backward_of(node.value)):
            _micrograd_target(reading, aimed_at)
            return
    reading.target = None


def _numpy_target(reading: ReadingState, node: ast.Assign) -> None:
    """`dloss = np.float64(1.0)  # the seed`, or np.full_like(loss, 1.0)."""
    call, target = node.value, node.targets[0]
    if not isinstance(call, ast.Call) or not isinstance(target, ast.Name):
        return
    said = call.args[0].id if isinstance(call.args[0], ast.Name) else target.id.removeprefix("d").rstrip("_")
    names = [said, *(name for name in reading.scope.names if name.rstrip("_") == said)]
    found = next((reading.scope.names[name] for name in names if name in reading.scope.names), None)
    _aim(reading, found, plain(reading, call.args[-1]))


def _backward_of(node: ast.expr) -> ast.expr | None:
    """What `.backward()` is called on, if it is called here."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "backward":
        return node.func.value
    return None


def _micrograd_target(reading: ReadingState, node: ast.expr) -> None:
    """`f.backward()`, or `(f * 3.0).backward()` for another seed than 1."""
    seed = 1.0
    if isinstance(node, ast.BinOp):
        seed, node = plain(reading, node.right), node.left
    _aim(reading, reading.value(node), seed)


def _aim(reading: ReadingState, found: Thing, seed: float) -> None:
    if isinstance(found, Ref):
        reading.target, reading.seed, reading.chosen = found.node, float(seed), True


def _jax(
    reading: ReadingState, function: ast.FunctionDef, statements: list[ast.stmt], by_name: dict[str, ast.stmt]
) -> None:
    for node in statements[: statements.index(function)]:
        if isinstance(node, ast.Assign):
            _noted(reading, node, "jax")
    _table(reading, by_name["leaves"])
    result = _body(reading, _AtEnds().visit(function), "jax")
    seeds = [node for node in ast.walk(ast.Module(statements, [])) if isinstance(node, ast.Lambda)]
    seed = next((node.body.left for node in seeds if isinstance(node.body, ast.BinOp)), None)
    if any("found" in ast.unparse(node) for node in statements if isinstance(node, ast.Assign)):
        _aim(reading, result, 1.0 if seed is None else plain(reading, seed))
    else:
        reading.target = None


class _AtEnds(ast.NodeTransformer):
    """`jnp.where(c, jax.lax.stop_gradient(x), x)` is x: that is how a program for JAX keeps to the slope at an end."""

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if len(node.args) != 3 or ast.unparse(node.func) != "jnp.where":
            return node
        kept, value = node.args[1:]
        return value if ast.unparse(kept) == f"jax.lax.stop_gradient({ast.unparse(value)})" else node


def _torch(reading: ReadingState, model: ast.ClassDef, by_name: dict[str, ast.stmt]) -> None:
    _table(reading, by_name["DATA"])
    result = _run(reading, _module(reading, model, by_name))
    gradients = by_name.get("GRADIENTS")
    if isinstance(gradients, ast.Assign) and isinstance(gradients.value, ast.Dict) and gradients.value.keys:
        seed = by_name["SEED"]
        _aim(reading, result, plain(reading, seed.value) if isinstance(seed, ast.Assign) else 1.0)
    else:
        reading.target = None


def _module(reading: ReadingState, of: ast.ClassDef, by_name: dict[str, ast.stmt]) -> _Module:
    """A module with its leaves and the modules in it: `self.layer_1 = Layer1()`."""
    functions = {node.name: node for node in of.body if isinstance(node, ast.FunctionDef)}
    made = _Module(Instance(Blueprint(of.name, {}), parts={}), functions["forward"], {})
    for node in functions["__init__"].body:
        call = node.value if isinstance(node, ast.Assign) else None
        inner = by_name.get(call.func.id) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else None
        if isinstance(inner, ast.ClassDef) and isinstance(node, ast.Assign):
            made.inner[ast.unparse(node.targets[0])] = _module(reading, inner, by_name)
        else:
            _held(reading, made.held, node)
    return made


def _run(reading: ReadingState, module: _Module) -> Thing:
    """What a module gives back; all names of an exported program are different, whichever module they stand in."""
    names = reading.scope.names
    outer, names["self"] = names.get("self"), module.held
    result: Thing = None
    for node in module.forward.body:
        if isinstance(node, ast.Assign):
            call = node.value if isinstance(node.value, ast.Call) else None
            inner = module.inner.get(ast.unparse(call.func)) if call else None
            if inner is None or call is None:
                _noted(reading, node, "torch")
                continue
            for name, given in zip(inner.forward.args.args[1:], call.args, strict=False):
                names[name.arg] = reading.value(given)
            told = _run(reading, inner)
            targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
            for target, thing in zip(targets, told if isinstance(told, list) else [told], strict=False):
                names[ast.unparse(target)] = thing
        elif isinstance(node, ast.Return) and node.value is not None:
            value = node.value
            result = [*map(reading.value, value.elts)] if isinstance(value, ast.Tuple) else reading.value(value)
    names["self"] = outer
    return result


def _held(reading: ReadingState, owner: Instance, node: ast.stmt) -> None:
    """`self.w = nn.Parameter(torch.tensor(…))`, `self.register_buffer("c", torch.tensor(…))`."""
    note = _note_of(reading, node)
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
        name = node.targets[0].attr
        owner.parts[name] = _leaf(reading, reading.value(node.value, note.id or name), node, note, name, "parameter")
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and len(node.value.args) == 2:
        name = str(plain(reading, node.value.args[0]))
        owner.parts[name] = _leaf(reading, reading.value(node.value.args[1]), node, note, name, "constant")


def _table(reading: ReadingState, node: ast.stmt) -> None:
    """The leaves in a dictionary of their numbers."""
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Dict):
        return
    for key, value in zip(node.value.keys, node.value.values, strict=True):
        if key is not None:
            name = str(plain(reading, key))
            made = _leaf(reading, reading.value(value), value, _note_of(reading, value), name, "input")
            reading.scope.names[name] = made


def _body(reading: ReadingState, function: ast.FunctionDef, library: Target) -> Thing:
    for node in function.body:
        if isinstance(node, ast.Assign):
            _noted(reading, node, library)
        elif isinstance(node, ast.Return) and node.value is not None:
            return reading.value(node.value)
    return None


# --- a statement with its note


def _note_of(reading: ReadingState, node: ast.AST) -> _Note:
    said = reading.source.remark_behind(node)
    if said == "and so on":
        return _Note("", "", None, (), goes_on=True)
    found = _NOTE.match(said)
    if found is None:
        return _Note("", "", None, ())
    op = next((op for op in OPS.values() if op.title.lower() == found["title"]), None)
    return _Note(found["id"] or "", found["label"] or "", op, _settings(found["settings"] or ""))


def _settings(said: str) -> tuple[tuple[str, Any], ...]:
    try:
        call = ast.parse(f"f({said})", mode="eval").body
        assert isinstance(call, ast.Call)
        return tuple((str(word.arg), ast.literal_eval(word.value)) for word in call.keywords)
    except (SyntaxError, ValueError, AssertionError):
        return ()


def _noted(reading: ReadingState, node: ast.Assign, library: Target) -> None:
    target = node.targets[0]
    if not isinstance(target, ast.Name):
        return
    note = _note_of(reading, node)
    if note.goes_on:
        _continued(reading, target.id, node.value)
        return
    name = note.id if ID.match(note.id) else target.id
    made = _as_noted(reading, node, note, name, library)
    if made is None:
        made = reading.value(node.value, name)
        if not isinstance(made, Ref) or (note.op is not None and note.op.holds_value):
            made = _leaf(reading, made, node, note, name, "input")
        elif note.label:
            reading.made.call_it(made.node, note.label)
    reading.scope.names[target.id] = made


def _leaf(reading: ReadingState, thing: Thing, place: ast.AST, note: _Note, name: str, usual: str) -> Ref:
    op = note.op.name if note.op is not None and note.op.holds_value else usual
    name = note.id if ID.match(note.id) else name
    if isinstance(thing, Ref):  # micrograd's Value(…) is a leaf already
        reading.made.change(thing.node, op_name=op)
        reading.made.call_it(thing.node, note.label)
        return thing
    if isinstance(thing, (WrittenNumber, int, float, list, tuple)) and (is_number(thing) or all_numbers(thing)):
        thing = Array(as_lists(thing))
    if not isinstance(thing, Array):
        reading.refuse(place, "there must be numbers here")
    return reading.leaf(Array(thing.data, op, thing.library), place, name, note.label)


def _as_noted(reading: ReadingState, node: ast.Assign, note: _Note, name: str, library: Target) -> Ref | None:
    """The node of the noted op, if that is written just as the statement stands; else None."""
    if note.op is None or note.op.is_leaf:
        return None
    parts = _parts(reading, node.value)
    wanted = ast.unparse(node.value)
    for inputs in _arrangements(note.op, list(parts), node.value):
        refs = [parts[text] for text in inputs]
        if _is_spelled(reading, note, inputs, refs, library, wanted):
            return reading.node(note.op, refs, node, name, note.label, **dict(note.settings))
    return _read_as(reading, node, note, name)


def _parts(reading: ReadingState, expression: ast.expr) -> dict[str, Ref]:
    """The values that an expression speaks of, as it writes them: h, self.w."""
    found: dict[str, Ref] = {}
    for node in ast.walk(expression):
        if isinstance(node, ast.Name) and isinstance(thing := reading.scope.names.get(node.id), Ref):
            found.setdefault(node.id, thing)
        elif isinstance(node, ast.Attribute) and ast.unparse(node).startswith("self."):
            owner = reading.scope.names.get("self")
            if isinstance(owner, Instance) and isinstance(thing := owner.parts.get(node.attr), Ref):
                found.setdefault(ast.unparse(node), thing)
    return found


def _arrangements(op: Op, texts: list[str], expression: ast.expr) -> Iterator[tuple[str, ...]]:
    """The ways in which these values could be the inputs of an op."""
    if op.repeats:
        order = [ast.unparse(node) for node in _in_order(expression) if ast.unparse(node) in texts]
        yield tuple(order)
        return
    for i, inputs in enumerate(product(texts, repeat=op.fewest)):
        if i >= _MOST_TRIES:
            return
        if set(inputs) == set(texts):
            yield inputs


def _in_order(expression: ast.expr) -> list[ast.expr]:
    nodes = [node for node in ast.walk(expression) if isinstance(node, (ast.Name, ast.Attribute))]
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))


def _is_spelled(
    reading: ReadingState, note: _Note, inputs: tuple[str, ...], refs: list[Ref], library: Target, wanted: str
) -> bool:
    assert note.op is not None
    shapes = [reading.made.shape(ref) for ref in refs]
    if any(shape is None for shape in shapes):
        return False
    words = spellings(library, [shape for shape in shapes if shape is not None])
    try:
        text = forward_source(note.op, inputs, note.op.chosen(note.settings), Spelling(library, words))
        return ast.unparse(ast.parse(text, mode="eval")) == wanted
    except (MissingWord, SyntaxError):
        return False


def _read_as(reading: ReadingState, node: ast.Assign, note: _Note, name: str) -> Ref | None:
    """What the statement says, if that alone is the noted op."""
    before = reading.made.count()
    try:
        made = reading.value(node.value, name)
    except (TextError, NotPlain):
        take_back(reading, before)
        return None
    assert note.op is not None
    is_one = len(reading.made.nodes) == before[0] + 1
    if isinstance(made, Ref) and is_one and reading.made.nodes[made.node].op_name == note.op.name:
        reading.made.change(made.node, settings=tuple(sorted(note.settings)))
        if note.label:
            reading.made.call_it(made.node, note.label)
        return made
    take_back(reading, before)
    return None


def _continued(reading: ReadingState, name: str, expression: ast.expr) -> None:
    """The next terms of a sum that was too long for one statement."""
    total = reading.scope.names[name]
    terms = [reading.scope.names[node.id] for node in _in_order(expression) if isinstance(node, ast.Name)]
    for port, ref in enumerate(terms[1:], sum(edge.dest == total.node for edge in reading.made.edges)):
        reading.made.edges.append(Edge(ref.node, total.node, port, ref.output))
