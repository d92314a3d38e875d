"""A model's operators as nodes: the graph so far, and the table of what each operator becomes.

A reader is a function of the builder and of one call of an operator, declared with `@reads("Gemm")`. It puts nodes into
the graph and gives what holds its output, or raises `CannotSay`: then the operator becomes a greyed placeholder.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from engine.errors import FileError
from engine.files.onnx.numbers import MOST, Array
from engine.graph.graph import Graph
from engine.graph.names import ID
from engine.graph.records import Edge, Node
from engine.ops.kernel import bind
from engine.ops.op import OPS
from engine.text.read import parse
from engine.values.plain import brought_in
from engine.values.values import Shape, Value, as_value

Source = tuple[str, int]  # a node, and which of its outputs
LONGEST_NAME = 200  # characters of an id: a tensor may be called by a whole path


class CannotSay(Exception):
    """Gradloom has no operation for what an operator does, or for how it does it here."""


@dataclass(frozen=True)
class Operator:
    """One operator of a model: its name, the names of its inputs ("" for one left out) and outputs, its attributes."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]
    opset: int

    @property
    def name(self) -> str:
        return self.outputs[0]

    def has(self, at: int) -> bool:
        """Whether input number `at` is given."""
        return len(self.inputs) > at and bool(self.inputs[at])

    def get(self, name: str, default: Any) -> Any:
        return self.attributes.get(name, default)


Reader = Callable[["Builder", Operator], "Source | Sequence[Source]"]
READERS: dict[str, Reader] = {}


def reads(*kinds: str) -> Callable[[Reader], Reader]:
    """Declare the decorated function as the reader of operators of these names."""

    def declare(reader: Reader) -> Reader:
        READERS.update(dict.fromkeys(kinds, reader))
        return reader

    return declare


class Builder:
    """The graph so far. `held` are numbers that the model knows, `fixed` the names of those that nobody trains."""

    def __init__(
        self, onnx: Any, shapes: Mapping[str, Shape], kinds: Mapping[str, int], constants: set[str] | None
    ) -> None:
        self.onnx = onnx
        self.said_shapes, self.kinds, self.constants = shapes, dict(kinds), constants
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.sources: dict[str, Source] = {}  # the model's name of a tensor → what gives it
        self.held: dict[str, Array] = {}
        self.fixed: set[str] = set()
        self.values: dict[str, Value] = {}  # what each node gives for what the leaves hold, where that can be computed

    # --- what a reader asks

    def tensor(self, name: str) -> Source:
        """What gives a tensor; one that the model holds becomes a leaf when it is first asked for. Raises FileError."""
        if name not in self.sources:
            if name not in self.held:
                raise FileError(f"the model never says what “{name}” is")
            self.sources[name] = self.leaf(name, self._leaf_op(name), self.held[name])
        return self.sources[name]

    def known(self, name: str) -> Array:
        """Numbers that must be known when the graph is made: a shape, axes. Raises CannotSay."""
        if name not in self.held:
            raise CannotSay
        return self.held[name]

    def whole_numbers(self, name: str) -> tuple[int, ...]:
        """Known whole numbers. Raises CannotSay."""
        return tuple(int(n) for n in np.ravel(self.known(name)))

    def shape(self, name: str) -> Shape:
        """The shape of a tensor, for inputs as they are now. Raises CannotSay where it is not known."""
        if name in self.held:
            return tuple(int(n) for n in self.held[name].shape)
        id, output = self.sources.get(name, ("", 0))
        if id in self.values and not output:
            return self.values[id].shape
        if name not in self.said_shapes:
            raise CannotSay
        return self.said_shapes[name]

    # --- what a reader does

    def add(self, name: str, op: str, *sources: Source, **settings: Any) -> Source:
        """A node over these sources. Settings that say nothing new are left out. Raises CannotSay."""
        if len(sources) != len(OPS[op].ports) and not OPS[op].repeats:
            raise CannotSay
        declared = {setting.name: setting for setting in OPS[op].settings}
        try:
            checked = {name: declared[name].checked(value) for name, value in settings.items()}
        except ValueError:
            raise CannotSay from None
        chosen = tuple(sorted((name, value) for name, value in checked.items() if value != declared[name].default))
        return self._put(Node(self._free(name, op), op, label=name, settings=chosen), sources)

    def leaf(self, name: str, op: str, value: Any) -> Source:
        """A leaf that holds numbers. Raises FileError if there are none."""
        if not np.size(value):
            raise FileError(f"“{name}” holds no numbers: its shape is {np.shape(value)}")
        return self._put(Node(self._free(name, op), op, as_value(value), label=name), ())

    def constant(self, name: str, value: Any) -> Source:
        return self.leaf(name, "constant", value)

    def said(self, name: str, text: str, **sources: Source) -> Source:
        """A small program over these sources, as nodes: the last one is called `name`, the others after it."""
        pattern = _pattern(text)
        found: dict[str, Source] = {}
        for id in pattern.order:
            node = pattern.nodes[id]
            called = name if id == pattern.target else f"{name}/{id}"
            if node.op_name == "input":
                found[id] = sources[id]
            elif node.value is not None:
                found[id] = self.constant(called, node.value)
            else:
                inputs = [found[edge.source] for edge in pattern.into(id)]
                found[id] = self.add(called, node.op_name, *inputs, **dict(node.settings))
        return found[str(pattern.target)]

    def unknown(self, call: Operator, kind: str) -> Source:
        """A greyed placeholder for an operator that Gradloom has not got; what it says is kept."""
        given = [name for name in call.inputs if name and name not in self.fixed]
        sources = {call.inputs.index(name): self.tensor(name) for name in given}
        id = self._free(call.name, call.kind.lower())
        label = "" if id == call.name else brought_in(call.name)
        said = {"attributes": plain} if (plain := _plain_only(call.attributes)) else None
        self.nodes[id] = Node(id, kind, label=label, raw=said)
        self.edges += [Edge(source, id, port, output) for port, (source, output) in sources.items()]
        return (id, 0)

    def attempt(self, reader: Reader, call: Operator) -> "Source | Sequence[Source]":
        """What a reader makes of a call; if it cannot, nothing of what it has begun is left."""
        before = len(self.nodes), len(self.edges), len(self.sources)
        try:
            return reader(self, call)
        except CannotSay:
            _cut(self.nodes, before[0])
            self.values = {id: value for id, value in self.values.items() if id in self.nodes}
            del self.edges[before[1] :]
            _cut(self.sources, before[2])
            raise

    # --- leaves and names

    def _leaf_op(self, name: str) -> str:
        """What Gradloom wrote down; in another's model single and whole numbers are fixed, other arrays learn."""
        if self.constants is not None:
            return "constant" if name in self.constants or not is_name(name) else "parameter"
        return "constant" if name in self.fixed or not np.isfinite(self.held[name]).all() else "parameter"

    def _put(self, node: Node, sources: Sequence[Source]) -> Source:
        node = replace(node, label="" if node.label == node.id else brought_in(node.label))
        self.nodes[node.id] = node
        self.edges += [Edge(source, node.id, port, output) for port, (source, output) in enumerate(sources)]
        value = node.value if node.value is not None else self._computed(node, [id for id, _ in sources])
        if value is not None:
            self.values[node.id] = value
        return (node.id, 0)

    def _computed(self, node: Node, sources: Sequence[str]) -> Value | None:
        """What a node gives now; None where that is not known, or too much."""
        inputs = [self.values[id] for id in sources if id in self.values]
        if len(inputs) < len(sources):
            return None
        try:
            if node.op.elementwise and math.prod(np.broadcast_shapes(*(x.shape for x in inputs))) > MOST:
                return None
            with np.errstate(all="ignore"):
                return bind(node.op, len(inputs), node.settings).forward(*inputs)
        except (ValueError, IndexError, TypeError, MemoryError):  # what does not fit is said when the graph is run
            return None

    def _free(self, name: str, op: str) -> str:
        wanted = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or op
        wanted = (f"{op}_{wanted}" if wanted[0].isdigit() else wanted)[:LONGEST_NAME]
        id, count = wanted, 2
        while id in self.nodes:
            id, count = f"{wanted}_{count}", count + 1
        return id


def is_name(text: str) -> bool:
    """Whether a tensor is called as a node of ours may be, not by what it holds."""
    return ID.match(text) is not None


def _cut(table: dict[str, Any], length: int) -> None:
    while len(table) > length:
        table.popitem()


@lru_cache(maxsize=256)
def _pattern(text: str) -> Graph:
    return parse(text)


def _plain_only(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that a file of ours can hold: numbers, text, and lists of them."""

    def is_plain(item: Any) -> bool:
        return isinstance(item, str | int) or (isinstance(item, float) and math.isfinite(item))

    def is_kept(value: Any) -> bool:
        return all(map(is_plain, value)) if isinstance(value, list) else is_plain(value)

    return {name: value for name, value in attributes.items() if is_kept(value)}
