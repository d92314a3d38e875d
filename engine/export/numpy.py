"""NumPy: readable staged backpropagation, one commented line a step, that prints the very numbers of the trace.

In the manner of the literature (CS231n, “Backpropagation, Intuitions”): `dq = df * z`, and `dx += …` where a value was
used more than once. Helpers are written out only where a line needs them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from engine.export.helpers import UNBROADCAST, helper_sources, helpers
from engine.export.library import shown_value
from engine.export.program import Program, docstring, literal
from engine.export.target import export
from engine.graph.graph import Graph
from engine.ops.spelling import Spelling, vjp_source
from engine.ops.words.table import spellings
from engine.passes.trace import ContributionStep, Trace
from engine.show.explain import explain
from engine.show.wording import Wording
from engine.text.write import printable
from engine.values.values import Value, bracketed

RESERVED = ("np", "math", "values", "gradients", "name", "value", *helpers())


def spelling_for(inputs: tuple[Value, ...], odd: bool = False) -> Spelling:
    """The plainest words that do for inputs of these shapes."""
    return Spelling("NumPy", spellings("numpy", [x.shape for x in inputs]))


@dataclass(frozen=True)
class Listing:
    """A program, and for each of its lines the step of the trace that it computes, None where it computes none."""

    text: str
    steps: tuple[int | None, ...]


@export("numpy", "NumPy program", ".py", order=10)
def write_numpy(graph: Graph, trace: Trace) -> str:
    """A program that computes all values and gradients, line by line, and prints them."""
    return numpy_listing(graph, trace).text


def numpy_listing(graph: Graph, trace: Trace, reasons: bool = True, wording: Wording = "gradient") -> Listing:
    """The same program with the steps of its lines; without `reasons` only ops are named beside what is sent back."""
    program = Program(graph, trace, spelling_for, RESERVED)
    staged = _Staged(program, reasons, wording)
    sections = [_aligned(section) for section in (staged.leaves(), staged.forward(), staged.backward()) if section]
    body = "\n".join(section.text for section in sections)
    steps = [step for section in sections for step in (*section.steps, None)]
    needed, closing = helper_sources(body), staged.closing()
    head = _head(program, needs_math="math." in needed + body + closing) + (f"\n{needed}\n\n\n" if needed else "")
    closing = f"{closing}\n{program.group_notes()}"
    before, after = [None] * head.count("\n"), [None] * (closing.count("\n") + 1)
    return Listing(f"{head}{body}\n{closing}", (*before, *steps, *after))


def _head(program: Program, needs_math: bool) -> str:
    what = "staged backpropagation, one line a step" if program.target else "its values, one line a node"
    lines = [
        f'"""{docstring(program.title)}: {what}. Needs only NumPy. Written by Gradloom."""',
        "",
        *(["import math", ""] if needs_math else []),
        "import numpy as np",
        "",
        'np.seterr(all="ignore")  # IEEE numbers as they come: 1/0 is inf, without a warning',
        "",
        *(f"# Left out: {sentence}" for sentence in program.left_out()),
    ]
    return "\n".join(lines).rstrip("\n") + "\n\n"


class Listed(NamedTuple):
    """A statement, what is said beside it, and the step of the trace that it computes."""

    text: str
    note: str = ""
    step: int | None = None


def _aligned(lines: list[Listed]) -> Listing:
    """Statements with their comments one under the other; above the statement where the line would be too long."""
    width = max((len(text) for text, note, _ in lines if note and len(text) <= 44 and "\n" not in text), default=0)
    written = [(_commented(text, note, width), step) for text, note, step in lines]
    steps = [step for text, step in written for _ in text.split("\n")]
    return Listing("\n".join(text for text, _ in written) + "\n", tuple(steps))


def _commented(text: str, note: str, width: int) -> str:
    if not note:
        return text
    beside = f"{text:<{width}}  # {note}"
    return beside if len(beside.splitlines()[-1]) <= 120 else f"# {note}\n{text}"


class _Staged:
    """The sections of the program."""

    def __init__(self, program: Program, reasons: bool, wording: Wording) -> None:
        self.program, self.reasons, self.wording = program, reasons, wording
        self.graph, self.trace = program.graph, program.trace
        self.gradients = {node: program.fresh(f"d{self._value(node)}") for node in self.trace.arrivals}  # their names
        self.vjps = {back.edge.key: back.vjp for task in self.trace.plan.backward for back in task.back_edges}

        self._called = {node.name for node in self.graph.nodes.values()}

    def _value(self, node: str) -> str:
        return self.program.names[node, 0]

    def leaves(self) -> list[Listed]:
        lines = [Listed("# The leaves.")]
        for step in self.program.leaves():
            node = self.graph.nodes[step.node]
            make = "np.array" if step.value.ndim else "np.float64"
            name = self.program.names[step.node, step.output]
            at = self.trace.value_at[step.node, step.output]
            lines.append(Listed(f"{name} = {make}({literal(step.value)})", self.program.note(node), at))
        return lines

    def forward(self) -> list[Listed]:
        at = self.trace.value_at
        lines = [Listed("# Forward.")]
        for heading, statements in self.program.sections():
            lines += [Listed(f"# {heading}.")] if heading else []
            lines += [Listed(f"{s.name} = {s.text}", s.note, at[s.node, 0]) for s in statements]
        return lines if len(lines) > 1 else []

    def backward(self) -> list[Listed]:
        target = self.program.target
        if target is None:
            return []
        goal = f"the sum of {self._value(target)}" if shown_value(self.program).ndim else self._value(target)
        goal = goal if self.graph.seed == 1 else f"{self.graph.seed!r} times {goal}"
        head = f"# Backward: d… is the derivative of {goal} with respect to …."
        return [Listed(head), self._seed(target), *map(self._contribution, self.trace.contributions), *self._detached()]

    def _seed(self, target: str) -> Listed:
        like, seed = self._value(target), repr(self.graph.seed)
        made = f"np.full_like({like}, {seed})" if shown_value(self.program).ndim else f"np.float64({seed})"
        return Listed(f"{self.gradients[target]} = {made}", "the seed", self.trace.backward_start)

    def _contribution(self, step: ContributionStep) -> Listed:
        """`dx = …` for the first contribution to x, `dx += …` for the others; arrays are not changed in place."""
        edge, node = step.edge, self.graph.nodes[step.edge.dest]
        inputs, y, g = self.program.inputs(node.id), self._value(node.id), self.gradients[node.id]
        text = self.program.said(node, partial(vjp_source, node.op, edge.port, inputs, y, g, node.chosen))
        source = self.trace.inputs(node.id)[edge.port]
        copied = ("np.where(", "xlogy(", "ratio(") if source.ndim else ("np.where(", "xlogy(", "ratio(", *_VIEWS)
        if text.startswith(copied):
            text += "[()]"  # a number, not an array without dimensions, which += would change in place
        if self._product(step).shape != source.shape:
            text = f"{UNBROADCAST}({text}, {inputs[edge.port]}.shape)"
        name, at = self.gradients[edge.source], self.trace.contribution_at[edge.key]
        if step.before is None:
            return Listed(f"{name} = {text}", self._why(step), at)
        join = f"{name} = {name} + {bracketed(text)}" if step.total.ndim else f"{name} += {text}"
        return Listed(join, f"{self._why(step)}; the contributions of all paths add up", at)

    def _product(self, step: ContributionStep) -> Value:
        """The contribution before it was summed back to the shape of its source."""
        if step.local is not None:
            return np.empty(np.broadcast_shapes(step.upstream.shape, np.shape(step.local)))
        call = self.vjps[step.edge.key].call
        assert call is not None
        node = step.edge.dest
        return call(*self.trace.inputs(node), self.trace.value(node), step.upstream)

    def _why(self, step: ContributionStep) -> str:
        """The op, and how what is said of this contribution begins: `mul: multiplying scales by the other side`."""
        op = self.graph.nodes[step.edge.dest].op_name
        if not self.reasons:
            return op
        told = explain(self.graph, self.trace, step, self.wording)
        why = printable(told.why).split(". ")[0].split(": ")[0].rstrip(".")
        named = why.split(" ")[0].rstrip(",") in self._called
        return f"{op}: {why if named else why[:1].lower() + why[1:]}" if why else op

    def _detached(self) -> Iterator[Listed]:
        for step in self.program.leaves():
            node = self.graph.nodes[step.node]
            if node.id not in self.gradients and self.trace.gradient(node.id) is not None:
                name = self.gradients[node.id] = self.program.fresh(f"d{self._value(node.id)}")
                yield Listed(f"{name} = np.zeros_like({self._value(node.id)})", "does not reach the target")

    def closing(self) -> str:
        """Print every value and gradient under its node's name."""
        values = ", ".join(f'"{self.program.spoken(*output)}": {name}' for output, name in self.program.names.items())
        gradients = ", ".join(f'"{node}": {name}' for node, name in self.gradients.items())
        lines = [f"values = {{{values}}}", f"gradients = {{{gradients}}}", "for name, value in values.items():"]
        if self.gradients:
            return "\n".join([*lines, '    print(name, "=", value, "  gradient", gradients.get(name, "none"))'])
        return "\n".join([lines[0], lines[2], '    print(name, "=", value)'])


_VIEWS = ("np.reshape(", "part(")  # of another gradient
