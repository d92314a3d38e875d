"""One node's text as ONNX's operators: its expressions walked, its words looked up.

What ONNX says as one operator stands in the table of words; what it says in several, or with attributes, is a function
of `onnx_words`.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Protocol

import numpy as np

from engine.errors import ExportError
from engine.graph.records import Node
from engine.ops.kernel import bind, forward_text, placeholders
from engine.ops.op import OPS
from engine.ops.spelling import PLAIN, spell
from engine.ops.substitute import parsed
from engine.ops.words.table import NUMPY, WORDS
from engine.text.grammar import OPERATORS
from engine.text.write import printable
from engine.values.values import Value

# Ops that are an operator of ONNX as they stand.
SIGNS: Mapping[str, str] = {"add": "Add", "sub": "Sub", "mul": "Mul", "div": "Div", "neg": "Neg", "pow": "Pow"}
COMPARISONS: Mapping[type[ast.cmpop], tuple[str, Callable[..., Any]]] = {
    ast.Eq: ("Equal", np.equal), ast.Gt: ("Greater", np.greater), ast.Lt: ("Less", np.less),
    ast.GtE: ("GreaterOrEqual", np.greater_equal), ast.LtE: ("LessOrEqual", np.less_equal),
}  # fmt: skip
DOUBLE = 11  # TensorProto.DOUBLE


@dataclass(frozen=True)
class Tensor:
    """A tensor of the model: its name, and what it holds in this run, which tells its shape."""

    name: str
    value: Value
    truth: bool = False  # true or false: what Where takes, and no sum or product


class Sink(Protocol):
    """The model that the operators go into."""

    def hold(self, name: str, value: Any) -> str:
        """An initializer of that name."""

    def put(self, kind: str, inputs: list[str], name: str, attributes: Mapping[str, Any]) -> None:
        """An operator."""


Lowered = Callable[..., Tensor]
LOWERED: dict[str, Lowered] = {}  # word → its operators: a function of the lowering and of the word's arguments


def lowered(word: str) -> Callable[[Lowered], Lowered]:
    """Declare the decorated function as what a word means in ONNX."""

    def declare(function: Lowered) -> Lowered:
        LOWERED[word] = function
        return function

    return declare


class Lowering:
    """One node's text as operators; the last one made gives the node its name."""

    def __init__(self, model: Sink, node: Node) -> None:
        self.model = model
        self.node = node
        self.made: list[tuple[str, list[str], str, dict[str, Any]]] = []

    def emit(self, kind: str, inputs: list[Tensor], value: Value, is_truth: bool = False, **attributes: Any) -> Tensor:
        """An operator over these tensors, and the tensor that it gives."""
        name = f"{self.node.id}/{len(self.made) + 1}"
        self.made.append((kind, [tensor.name for tensor in inputs], name, attributes))
        return Tensor(name, value, is_truth)

    def as_number(self, x: Tensor) -> Tensor:
        """What is true or false as 1 or 0."""
        return self.emit("Cast", [x], x.value, to=DOUBLE) if x.truth else x

    def finish(self) -> str:
        """Put the operators into the model."""
        last = self.made[-1][2]
        for kind, inputs, name, attributes in self.made:
            named = self.node.id if name == last else name
            self.model.put(kind, inputs, named, attributes)
        return self.node.id

    def held(self, data: Any, what: str = "") -> Tensor:
        """A literal as a tensor; whole numbers for what says a shape."""
        value: Any = np.array(data, dtype=np.int64 if what else np.float64)
        name = f"{what}{value.tolist()}".replace(" ", "")
        return Tensor(self.model.hold(name, value), value)

    def node_text(self, inputs: list[Tensor]) -> Tensor:
        """The node's text over these inputs; of an op that folds, over the first two, and so on."""
        return reduce(lambda a, b: self._whole([a, b]), inputs) if self.node.op.folds else self._whole(inputs)

    def reshape(self, x: Tensor, shape: tuple[int, ...]) -> Tensor:
        """The tensor in another shape, known in this run."""
        return self.emit("Reshape", [x, self.held(list(shape), "shape")], np.reshape(x.value, shape))

    def _whole(self, inputs: list[Tensor]) -> Tensor:
        names = placeholders(len(inputs))
        text = spell(forward_text(self.node.op, names, self.node.chosen), {}, PLAIN)
        return self.lower(parsed(text), dict(zip(names, inputs, strict=True)))

    def said(self, text: str, **names: Tensor) -> Tensor:
        """An expression in the words of op texts."""
        return self.lower(parsed(text), names)

    def lower(self, node: ast.expr, names: Mapping[str, Tensor]) -> Tensor:
        """An expression over tensors."""
        if isinstance(node, ast.Name):
            return names[node.id] if node.id in names else self.held(NUMPY[node.id])
        if isinstance(node, ast.Constant):
            return self.held(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self._sign("neg", [self.lower(node.operand, names)])
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS and OPERATORS[type(node.op)] in SIGNS:
            return self._sign(OPERATORS[type(node.op)], [self.lower(side, names) for side in (node.left, node.right)])
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.NotEq):
            equal = self.lower(ast.Compare(node.left, [ast.Eq()], node.comparators), names)
            return self.emit("Not", [equal], self.computed(np.logical_not, equal.value), is_truth=True)
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
            kind, compute = COMPARISONS[type(node.ops[0])]
            sides = [self.lower(side, names) for side in (node.left, node.comparators[0])]
            return self.emit(kind, sides, self.computed(compute, *(side.value for side in sides)), is_truth=True)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node.func.id, [self._argument(arg, names) for arg in node.args])
        raise self._refused(ast.unparse(node))

    def _sign(self, op: str, sides: list[Tensor]) -> Tensor:
        sides = [self.as_number(side) for side in sides]
        values = [side.value for side in sides]
        return self.emit(SIGNS[op], sides, self.computed(bind(OPS[op], len(sides)).forward, *values))

    def computed(self, compute: Callable[..., Any], *values: Any) -> Value:
        """What NumPy computes there, as a value."""
        return np.asarray(compute(*values), dtype=np.float64)[()]

    def _argument(self, node: ast.expr, names: Mapping[str, Tensor]) -> Any:
        """A tensor, a tuple of tensors, or a literal that says an axis or a shape."""
        try:
            return ast.literal_eval(node)
        except ValueError:
            if isinstance(node, ast.Subscript):  # a place such as s_[:, 1]: op texts alone come here
                return eval(ast.unparse(node), dict(NUMPY))
            if isinstance(node, ast.Tuple):
                return [self.lower(item, names) for item in node.elts]
            return self.lower(node, names)

    def _refused(self, what: str) -> ExportError:
        sentence = f"ONNX has no “{what}”: the node “{printable(self.node.name)}” cannot be written in it."
        return ExportError(sentence, (self.node.id,))

    def _call(self, word: str, args: list[Any]) -> Tensor:
        if word in LOWERED:
            return LOWERED[word](self, *args)
        spelt = WORDS[word].onnx if word in WORDS else None
        if spelt is None:
            raise self._refused(word)
        tensors = [arg if isinstance(arg, Tensor) else self.held(arg) for arg in args]
        meaning = parsed(spelt)
        if isinstance(meaning, ast.Lambda):
            names = [arg.arg for arg in meaning.args.args]
            return self.lower(meaning.body, dict(zip(names, tensors, strict=True)))
        return self.emit(spelt, tensors, self.computed(NUMPY[word], *(tensor.value for tensor in tensors)))
