"""Op texts as JavaScript: both passes of a trace as a program over the words of `assets/web`.

`words.js` and `images.js` there are the column of JavaScript in the table of words: a word is spelled W and its name,
if a line begins so; else the table itself says a function of numbers. What a file or a person wrote gets into no
program: that speaks of slots, numbers and words alone.
"""

import ast
import inspect
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import isinf

import numpy as np

from engine.errors import ExportError
from engine.graph.graph import Graph
from engine.ops.kernel import forward_text, placeholders, rule_text
from engine.ops.op import Op
from engine.ops.spelling import Spelling, spell
from engine.ops.substitute import chosen_product
from engine.ops.words.table import WORDS
from engine.passes.trace import ContributionStep, SeedStep, Trace
from engine.values.values import Value

_SIGNS = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "power", ast.Mod: "mod",
    ast.FloorDiv: "floor_div", ast.MatMult: "matmul", ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor",
    ast.Gt: "gt", ast.Lt: "lt", ast.GtE: "ge", ast.LtE: "le", ast.Eq: "eq", ast.NotEq: "ne",
    ast.Invert: "not", ast.Not: "not",
}  # fmt: skip
_PLACES = ("s_", "backwards")
_DRAWN = "drop_mask"  # NumPy draws it, for a shape: it is written as it was drawn


@cache
def javascript_words() -> frozenset[str]:
    """The words that are spelled in JavaScript."""
    sources = [(files("assets") / "web" / f"{name}.js").read_text("utf-8") for name in ("words", "images")]
    return frozenset(word for source in sources for word in re.findall(r"^W\.(\w+) = ", source, re.MULTILINE))


def in_javascript(text: str, names: Mapping[str, str], inputs: Sequence[Value] = ()) -> str:
    """An op text with JavaScript in place of names; `inputs` are what its inputs hold. Raises ExportError."""
    settled = spell(text, {}, Spelling("JavaScript", {word: word for word in WORDS}))
    return _Writing(names, inputs).visit(ast.parse(settled, mode="eval").body)


class _Writing(ast.NodeVisitor):
    """Writes an expression."""

    def __init__(self, names: Mapping[str, str], inputs: Sequence[Value] = ()) -> None:
        self.names, self.inputs = names, inputs

    def visit(self, node: ast.AST) -> str:
        written: str = super().visit(node)
        return written

    def generic_visit(self, node: ast.AST) -> str:
        raise ExportError(f"JavaScript has no words for “{ast.unparse(node)}”.")

    def visit_Constant(self, node: ast.Constant) -> str:
        if isinstance(node.value, float) and isinf(node.value):
            return "Infinity"
        return '"..."' if node.value is ... else json.dumps(node.value)

    def visit_Name(self, node: ast.Name) -> str:
        return self.names[node.id] if node.id in self.names else self._word(node.id)

    def _word(self, name: str) -> str:
        if name not in javascript_words():
            raise ExportError(f"JavaScript has no word for “{name}”.")
        return f"W.{name}"

    def visit_Tuple(self, node: ast.Tuple) -> str:
        return f"[{', '.join(map(self.visit, node.elts))}]"

    def visit_List(self, node: ast.List) -> str:
        return f"[{', '.join(map(self.visit, node.elts))}]"

    def visit_Starred(self, node: ast.Starred) -> str:
        return f"...{self.visit(node.value)}"

    def visit_UnaryOp(self, node: ast.UnaryOp) -> str:
        if isinstance(node.op, ast.USub):
            inner = self.visit(node.operand)
            return f"-{inner}" if isinstance(node.operand, ast.Constant) or inner == "W.inf" else f"W.neg({inner})"
        return f"W.{_SIGNS[type(node.op)]}({self.visit(node.operand)})"

    def visit_BinOp(self, node: ast.BinOp) -> str:
        return f"W.{_SIGNS[type(node.op)]}({self.visit(node.left)}, {self.visit(node.right)})"

    def visit_Compare(self, node: ast.Compare) -> str:
        if len(node.ops) > 1 or type(node.ops[0]) not in _SIGNS:
            return self.generic_visit(node)
        return f"W.{_SIGNS[type(node.ops[0])]}({self.visit(node.left)}, {self.visit(node.comparators[0])})"

    def visit_Subscript(self, node: ast.Subscript) -> str:
        """A place, such as s_[:, 1]."""
        if not (isinstance(node.value, ast.Name) and node.value.id in _PLACES):
            return self.generic_visit(node)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return f"[{', '.join(map(self._place, parts))}]"

    def _place(self, node: ast.expr) -> str:
        if isinstance(node, ast.Slice):
            ends = {"from": node.lower, "to": node.upper, "step": node.step}
            return f"{{{', '.join(f'{name}: {self.visit(end)}' for name, end in ends.items() if end is not None)}}}"
        if isinstance(node, ast.Constant) and node.value is None:
            return '"new"'
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "listed":
            return f"{{list: {self.visit(node.args[0])}}}"
        return self.visit(node)

    def visit_Call(self, node: ast.Call) -> str:
        if not isinstance(node.func, ast.Name):
            return self.generic_visit(node)
        name = node.func.id
        if name == _DRAWN:
            return self._drawn(node)
        given = [self.visit(arg) for arg in node.args]
        if node.keywords:
            given += self._by_place(name, len(given), {k.arg: k.value for k in node.keywords if k.arg})
        own = WORDS[name].javascript if name in WORDS else None
        return f"each({', '.join([own, *given])})" if own else f"{self.visit(node.func)}({', '.join(given)})"

    def _drawn(self, node: ast.Call) -> str:
        """A mask, as it was drawn for the shape of the input."""
        x, *rest = map(ast.unparse, node.args)
        if x not in placeholders(len(self.inputs)):
            raise ExportError(f"JavaScript cannot draw a mask for {x}.")
        mask = WORDS[_DRAWN].array(self.inputs[placeholders(len(self.inputs)).index(x)], *map(ast.literal_eval, rest))
        return f"array({list(np.shape(mask))}, {np.ravel(mask).tolist()})"

    def _by_place(self, name: str, count: int, keywords: Mapping[str, ast.expr]) -> Iterator[str]:
        """JavaScript knows no names of arguments: those that are not said, up to the last that is, are `undefined`."""
        names = list(inspect.signature(WORDS[name].array).parameters)[count:]
        last = max(names.index(keyword) for keyword in keywords)
        for each in names[: last + 1]:
            yield self.visit(keywords[each]) if each in keywords else "undefined"


def passes_source(graph: Graph, trace: Trace) -> str:
    """The statements that record the steps of a trace anew, in `run`, with other numbers in the leaves.

    Raises ExportError.
    """
    slots = trace.plan.slots
    lines = forward_source(graph, trace)
    for step in trace.steps[len(lines) :]:
        if isinstance(step, ContributionStep):
            lines.append(_contribution(graph, trace, step))
        else:
            assert isinstance(step, SeedStep)
            lines.append(f"run.seed({slots[step.node, 0]});")
    return "\n".join(lines)


def forward_source(graph: Graph, trace: Trace) -> list[str]:
    """The statements of the forward pass. Raises ExportError."""
    slots, leaves = trace.plan.slots, dict[int, int]()
    lines = []
    for step in trace.forward_steps:
        slot = slots[step.node, step.output]
        if graph.nodes[step.node].op.is_leaf:
            lines.append(f"run.leaf({slot}, {leaves.setdefault(slot, len(leaves))});")
        else:
            lines.append(_value(graph, trace, step.node, slot))
    return lines


def _inputs(graph: Graph, trace: Trace, id: str) -> list[int]:
    return [trace.plan.slots[edge.source, edge.output] for edge in graph.into(id)]


def _value(graph: Graph, trace: Trace, id: str, slot: int) -> str:
    node, inputs = graph.nodes[id], _inputs(graph, trace, id)
    op, chosen = node.op, op_settings(node.op, node.settings)
    if op.folds:
        text, said = forward_text(op, ("a", "b"), chosen), f"v[{inputs[0]}]"
        for other in inputs[1:]:
            said = in_javascript(text, {"a": said, "b": f"v[{other}]"})
    else:
        said = in_javascript(
            forward_text(op, placeholders(len(inputs)), chosen, "xs"), _names(inputs, slot), trace.inputs(id)
        )
    return f"run.value({slot}, {said}, {inputs});"


def _contribution(graph: Graph, trace: Trace, step: ContributionStep) -> str:
    node, inputs = graph.nodes[step.edge.dest], _inputs(graph, trace, step.edge.dest)
    slot = trace.plan.slots[node.id, 0]
    chosen = op_settings(node.op, node.settings)
    text, is_local = rule_text(node.op, step.edge.port, placeholders(len(inputs)), "y", "g", chosen, "xs")
    product = (chosen_product("g", text) or f"g * ({text})") if is_local else text
    names = _names(inputs, slot)
    held = trace.inputs(node.id)
    local = in_javascript(text, names, held) if is_local else "null"
    sent = f"g[{slot}]" if is_local and text == "1" else in_javascript(product, names, held)
    return f"run.send({slot}, {inputs[step.edge.port]}, {local}, {sent});"


def op_settings(op: Op, settings: tuple[tuple[str, object], ...]) -> Mapping[str, object]:
    """All settings of an op, as they are put into its texts."""
    return op.chosen(settings)


def _names(inputs: list[int], slot: int) -> dict[str, str]:
    every = ", ".join(f"v[{each}]" for each in inputs)
    own = {f"in{port}": f"v[{each}]" for port, each in enumerate(inputs)}
    return {**own, "xs": f"[{every}]", "y": f"v[{slot}]", "g": f"g[{slot}]"}
