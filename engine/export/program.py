"""A trace as statements of a program: a name for every value, an expression for every node, literals for the leaves."""

import builtins
import keyword
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from types import MappingProxyType

import numpy as np

from engine.errors import ExportError
from engine.export.sections import Sections
from engine.export.target import computed
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.ops.spelling import MissingWord, Spelling, forward_source
from engine.passes.trace import ForwardStep, Trace
from engine.text.grouped import group_lines
from engine.text.write import printable
from engine.values.memory import refuse_long_text
from engine.values.values import Value

# No node may be called like these in a Python program.
PYTHON_RESERVED = frozenset({*keyword.kwlist, *dir(builtins)})
MOST_TERMS = 40  # of a sum in one statement: Python cannot read an expression that is nested too deeply
Output = tuple[str, int]  # (node, number of its output)
# A target's words for a node, by the shapes of its inputs, and whether it stands at an odd place: see `is_odd`.
SpellingFor = Callable[[tuple[Value, ...], bool], Spelling]


@dataclass(frozen=True)
class Statement:
    """`name = text  # note` for one node."""

    node: str
    name: str
    text: str
    note: str

    def __str__(self) -> str:
        return f"{self.name} = {self.text}" + (f"  # {self.note}" if self.note else "")


class Program:
    """What the exports to Python share. Raises ExportError if there is nothing to write."""

    def __init__(self, graph: Graph, trace: Trace, spelling_for: SpellingFor, reserved: Iterable[str] = ()) -> None:
        self.graph = graph
        self.trace = trace
        self.spelling_for = spelling_for
        self.taken = {*PYTHON_RESERVED, *reserved}
        self.forward_steps = computed(trace)
        outputs = [(step.node, step.output) for step in self.forward_steps]
        self.names: dict[Output, str] = {output: self.fresh(self.spoken(*output, "_")) for output in outputs}

    def fresh(self, wanted: str) -> str:
        """A name that is legal and clashes with nothing: `wanted`, with underscores at its end until it is free."""
        # Two underscores in front are mangled by classes, one hides a name from Module: neither is kept.
        name = wanted.lstrip("_") or "node"
        name = f"n{name}" if name[0].isdigit() else name
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name

    def spoken(self, node: str, output: int, join: str = ".") -> str:
        """What an output is called: its node, and where that has several, which: `iris.x`."""
        outputs = self.graph.nodes[node].op.outputs
        return node if len(outputs) == 1 else f"{node}{join}{outputs[output]}"

    @property
    def target(self) -> str | None:
        """The node whose gradient is seeded, if it has a value."""
        target = self.trace.plan.target
        return target if target is not None and self.trace.value(target) is not None else None

    @property
    def title(self) -> str:
        return printable(self.graph.title) or "A computational graph"

    def leaves(self) -> list[ForwardStep]:
        """The values that are held, not computed, in the order of the forward pass."""
        return [step for step in self.forward_steps if self.graph.nodes[step.node].op.is_leaf]

    @cached_property
    def result(self) -> str:
        """The node whose value the program is about: the target, or without one the last that is computed."""
        return self.target or self.forward_steps[-1].node

    @cached_property
    def needed(self) -> set[str]:
        """The result, and everything that it depends on."""
        return self.graph.topology.ancestors(self.result) | {self.result}

    def needed_leaves(self) -> list[ForwardStep]:
        """The leaves that the result depends on."""
        return [step for step in self.leaves() if step.node in self.needed]

    def statements_of(self, id: str) -> Iterator[Statement]:
        """The statements that compute a node; none for a leaf."""
        node = self.graph.nodes[id]
        if node.op.is_leaf:
            return
        note = self.note(node)
        for inputs in self._portions(node):
            text = self.said(node, partial(forward_source, node.op, inputs, node.chosen))
            yield Statement(node.id, self.names[node.id, 0], text, note)
            note = "and so on"

    def sections(self, needed: bool = False) -> Iterator[tuple[str, list[Statement]]]:
        """The statements in the order of the groups, each stretch with its heading; `needed`: for the result alone."""
        computed = [step.node for step in self.forward_steps if not self.graph.nodes[step.node].op.is_leaf]
        sections = Sections(self.graph, [id for id in computed if not needed or id in self.needed])
        for heading, ids in groupby(sections.walk(), sections.heading):
            outside = "In no group" if sections.groups else ""
            yield heading or outside, [statement for id in ids for statement in self.statements_of(id)]

    def lines_in_sections(self, needed: bool = False) -> list[str]:
        """The same as lines, with a comment above each stretch that a group computes."""
        stretches = self.sections(needed)
        return [
            line for heading, said in stretches for line in ([f"# {heading}"] if heading else []) + [*map(str, said)]
        ]

    def _portions(self, node: Node) -> Iterator[tuple[str, ...]]:
        """A node's inputs; those of a long sum a few at a time, each time with the sum so far as the first."""
        inputs = self.inputs(node.id)
        if not node.op.folds:
            yield inputs
            return
        yield inputs[:MOST_TERMS]
        for at in range(MOST_TERMS, len(inputs), MOST_TERMS):
            yield (self.names[node.id, 0], *inputs[at : at + MOST_TERMS])

    def inputs(self, id: str) -> tuple[str, ...]:
        """The names of what goes into a node, by port."""
        return tuple(self.names[edge.source, edge.output] for edge in self.graph.into(id))

    def is_odd(self, id: str) -> bool:
        """Whether a node stands where a library may multiply 0 by ∞ and we do not, or meets what is no number.

        There a target writes what gives our slopes, if longer; elsewhere its own function, with the same slopes.
        """
        upstream, inputs = self.trace.gradient(id), self.trace.inputs(id)
        return any(np.isnan(x).any() for x in inputs) or (upstream is not None and not np.isfinite(upstream).all())

    def said(self, node: Node, say: Callable[[Spelling], str]) -> str:
        """What `say` says of a node in the target's words. Raises ExportError, naming the node, where it lacks one."""
        words = self.spelling_for(self.trace.inputs(node.id), self.is_odd(node.id))
        try:
            return say(words)
        except MissingWord as missing:
            called = f"“{printable(node.name)}” ({node.op.title})"
            raise ExportError(
                f"{words.title} has no “{missing.word}”: the node {called} cannot be written in it.", (node.id,)
            ) from None

    def note(self, node: Node, name: str | None = None) -> str:
        """What is said beside a node's statement: its op, and what it is called where its name could not be kept."""
        called = [f"“{printable(node.label)}”"] if node.label else []
        if len(node.op.outputs) == 1 and (name or self.names[node.id, 0]) != node.id:
            called.insert(0, f"the node {node.id}")
        said = ", ".join(f"{key}={value!r}" for key, value in node.settings)
        title = node.op.title.lower()
        return ", ".join([*called, f"{title} with {said}" if said and node.op.known and not node.op.is_leaf else title])

    def group_notes(self) -> str:
        """Comments at the end of a program by which it is read back with its groups, each on a line; empty: none."""
        names = {id: name for (id, _), name in self.names.items()}
        return "".join(f"{line}\n" for line in group_lines(self.graph, names))

    def left_out(self) -> list[str]:
        """What could not be computed, and so is not in the program: one sentence each."""
        return [printable(text) for text in (*self.trace.plan.unready.values(), *self.trace.failures.values())]


def literal(value: Value, indent: int = 0) -> str:
    """A value as Python numbers and nested lists that read back to the same bits; matrices with one row a line.

    Raises GradloomError for more numbers than may be written out.
    """
    data = np.asarray(value)
    refuse_long_text(data.size)
    if data.ndim == 0:
        return number(float(data))
    if data.ndim == 1:
        return f"[{', '.join(number(x) for x in data.tolist())}]"
    inner = indent + 4
    rows = f",\n{' ' * inner}".join(literal(row, inner) for row in data)
    return f"[\n{' ' * inner}{rows},\n{' ' * indent}]" if len(data) else "[]"


def table(
    name: str, values: Mapping[str, Value], made: str = "{}", notes: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """The lines of a dict of values, each made of its literal {} as `made` says, with `notes` beside them."""
    said = {key: f"  # {notes[key]}" if notes.get(key) else "" for key in values}
    rows = (f'    "{key}": {made.format(literal(value, 4))},{said[key]}' for key, value in values.items())
    return [f"{name} = {{", *rows, "}"] if values else [f"{name} = {{}}"]


def number(x: float) -> str:
    """A float as Python source."""
    return repr(x) if np.isfinite(x) else f'float("{x!r}")'


def docstring(text: str) -> str:
    """A text that may stand between triple quotes."""
    return printable(text).replace("\\", "\\\\").replace('"', "'")
