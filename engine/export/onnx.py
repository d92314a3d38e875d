"""ONNX: the forward pass as a model in float64, for other tools to run. Needs the package `onnx` (the extra [onnx]).

Each op's forward text is lowered to ONNX's operators; where ONNX has the op itself, that is used. Inputs and data
become inputs of the model with their values as defaults; parameters and constants become initializers.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import ExportError
from engine.export.picture import printable
from engine.export.target import export
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.ops.kernel import forward_text
from engine.ops.spelling import PLAIN, placeholders, spell
from engine.ops.words.table import NUMPY
from engine.passes.trace import ForwardStep, Trace
from engine.values.values import Value

if TYPE_CHECKING:
    from onnx import ModelProto

OPSET, IR_VERSION = 20, 10
CONSTANTS = "gradloom.constants"  # the entry of the model's metadata that tells constants from parameters

# Words that ONNX has under another name.
WORDS = {
    "exp": "Exp", "log": "Log", "sqrt": "Sqrt", "sin": "Sin", "cos": "Cos", "tanh": "Tanh", "erf": "Erf", "abs": "Abs",
    "sign": "Sign", "maximum": "Max", "minimum": "Min", "power": "Pow", "matmul": "MatMul", "softplus": "Softplus",
    "where": "Where",
}  # fmt: skip
SIGNS: Mapping[type, tuple[str, Callable[..., Any]]] = {
    ast.Add: ("Add", operator.add), ast.Sub: ("Sub", operator.sub), ast.Mult: ("Mul", operator.mul),
    ast.Div: ("Div", operator.truediv), ast.Pow: ("Pow", operator.pow),
}  # fmt: skip
# Ops that ONNX has as a whole: its name, and which setting is which attribute.
WHOLE = {
    "relu": ("Relu", {}), "sigmoid": ("Sigmoid", {}), "leaky_relu": ("LeakyRelu", {"alpha": "slope"}),
    "elu": ("Elu", {"alpha": "alpha"}), "gelu": ("Gelu", {}),
}  # fmt: skip


@export("onnx", "ONNX model", ".onnx", binary=True, order=120)
def write_onnx(graph: Graph, trace: Trace) -> bytes:
    """The model as bytes. Raises ExportError without `onnx`, and for what ONNX has no operator for."""
    if not trace.backward_start:
        raise ExportError("There is nothing to export: no node of the graph has a value yet.")
    data: bytes = _Model(graph, trace).built().SerializeToString()
    return data


@dataclass(frozen=True)
class Piece:
    """A tensor of the model: its name, and what it holds in this run, which tells its shape."""

    name: str
    value: Value


class _Model:
    def __init__(self, graph: Graph, trace: Trace) -> None:
        try:
            import onnx
        except ImportError:
            raise ExportError("ONNX needs the package onnx: install gradloom[onnx].") from None
        self.onnx = onnx
        self.graph, self.trace = graph, trace
        self.nodes: list[Any] = []
        self.inputs: list[Any] = []
        self.initializers: dict[str, Any] = {}
        self.pieces: dict[tuple[str, int], Piece] = {}

    def built(self) -> ModelProto:
        """The whole model, checked."""
        for step in self.trace.steps[: self.trace.backward_start]:
            assert isinstance(step, ForwardStep)
            node = self.graph.nodes[step.node]
            self.pieces[step.node, step.output] = self._leaf(node, step) if node.op.is_leaf else self._computed(node)
        helper = self.onnx.helper
        title = printable(self.graph.title)
        made = helper.make_graph(
            self.nodes, "gradloom", self.inputs, self._outputs(), list(self.initializers.values()), doc_string=title
        )
        model = helper.make_model(made, producer_name="Gradloom", opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = IR_VERSION
        constants = [id for id, node in self.graph.nodes.items() if node.op_name == "constant"]
        helper.set_model_props(model, {CONSTANTS: ",".join(constants)})
        self.onnx.checker.check_model(model)
        return model  # type: ignore[no-any-return, unused-ignore]

    def _leaf(self, node: Node, step: ForwardStep) -> Piece:
        outputs = node.op.outputs
        name = node.id if len(outputs) == 1 else f"{node.id}.{outputs[step.output]}"
        self._hold(name, step.value)
        if node.op_name not in ("parameter", "constant"):
            self.inputs.append(self._described(name, step.value))
        return Piece(name, step.value)

    def _described(self, name: str, value: Value) -> Any:
        return self.onnx.helper.make_tensor_value_info(name, self.onnx.TensorProto.DOUBLE, list(np.shape(value)))

    def _hold(self, name: str, value: Any) -> str:
        """An initializer of that name."""
        self.initializers[name] = self.onnx.numpy_helper.from_array(np.array(value, order="C"), name)
        return name

    def _outputs(self) -> list[Any]:
        """The target, or without one all ends."""
        target = self.trace.plan.target
        ends = [target] if target else [id for id in self.graph.nodes if not self.graph.out_of(id)]
        found = []
        for piece in (self.pieces[id, 0] for id in ends if (id, 0) in self.pieces):
            name = piece.name
            if name in self.initializers:  # a leaf: what goes in may not itself come out
                name = f"{piece.name}.out"
                self.nodes.append(self.onnx.helper.make_node("Identity", [piece.name], [name], name=name))
            found.append(self._described(name, piece.value))
        return found

    def _computed(self, node: Node) -> Piece:
        inputs = [self.pieces[edge.source, edge.output] for edge in self.graph.into(node.id)]
        lowering = _Lowering(self, node)
        value = self.trace.value(node.id)
        assert value is not None
        if node.op_name in WHOLE:
            kind, attributes = WHOLE[node.op_name]
            chosen = {attribute: node.setting(name) for attribute, name in attributes.items()}
            lowering.emit(kind, inputs, value, **chosen)
        elif node.op_name == "linear" and inputs[0].value.ndim == 2:
            lowering.emit("Gemm", inputs, value, transB=1)
        else:
            result = reduce(lambda a, b: lowering.whole([a, b]), inputs) if node.op.folds else lowering.whole(inputs)
            if not lowering.made:
                lowering.emit("Identity", [result], value)
        return Piece(lowering.finish(), value)


class _Lowering:
    """One node's text as operators; the last one made gives the node its name."""

    def __init__(self, model: _Model, node: Node) -> None:
        self.model = model
        self.node = node
        self.made: list[tuple[str, list[str], str, dict[str, Any]]] = []

    def emit(self, kind: str, inputs: list[Piece], value: Value, **attributes: Any) -> Piece:
        """An operator over these tensors, and the tensor that it gives."""
        name = f"{self.node.id}/{len(self.made) + 1}"
        self.made.append((kind, [piece.name for piece in inputs], name, attributes))
        return Piece(name, value)

    def finish(self) -> str:
        """Put the operators into the model."""
        last = self.made[-1][2]
        for kind, inputs, name, attributes in self.made:
            named = self.node.id if name == last else name
            made = self.model.onnx.helper.make_node(kind, inputs, [named], name=named, **attributes)
            self.model.nodes.append(made)
        return self.node.id

    def held(self, data: Any, what: str = "") -> Piece:
        """A literal as a tensor; whole numbers for what says a shape."""
        value = np.array(data, dtype=np.int64 if what else np.float64)
        name = f"{what}{value.tolist()}".replace(" ", "")
        return Piece(self.model._hold(name, value), value)  # type: ignore[arg-type]

    def whole(self, inputs: list[Piece]) -> Piece:
        """The node's text over these inputs."""
        names = placeholders(len(inputs))
        text = spell(forward_text(self.node.op, names, self.node.chosen), {}, PLAIN)
        return self.lower(ast.parse(text, mode="eval").body, dict(zip(names, inputs, strict=True)))

    def lower(self, node: ast.expr, names: Mapping[str, Piece]) -> Piece:
        if isinstance(node, ast.Name):
            return names[node.id]
        if isinstance(node, ast.Constant):
            return self.held(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inside = self.lower(node.operand, names)
            return self.emit("Neg", [inside], -inside.value)
        if isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
            kind, compute = SIGNS[type(node.op)]
            sides = [self.lower(node.left, names), self.lower(node.right, names)]
            return self.emit(kind, sides, self._computed(compute, *(side.value for side in sides)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node.func.id, [self._argument(arg, names) for arg in node.args])
        raise self._refused(ast.unparse(node))

    def _computed(self, compute: Callable[..., Any], *values: Any) -> Value:
        with np.errstate(all="ignore"):
            return np.asarray(compute(*values), dtype=np.float64)[()]

    def _argument(self, node: ast.expr, names: Mapping[str, Piece]) -> Any:
        """A tensor, a tuple of tensors, or a literal that says an axis or a shape."""
        try:
            return ast.literal_eval(node)
        except ValueError:
            if isinstance(node, ast.Tuple):
                return [self.lower(item, names) for item in node.elts]
            return self.lower(node, names)

    def _refused(self, what: str) -> ExportError:
        sentence = f"ONNX has no “{what}”: the node “{printable(self.node.name)}” cannot be written in it."
        return ExportError(sentence, (self.node.id,))

    def _call(self, word: str, args: list[Any]) -> Piece:
        made = getattr(self, f"_{word}", None)
        if made is not None:
            result: Piece = made(*args)
            return result
        if word not in WORDS:
            raise self._refused(word)
        pieces = [arg if isinstance(arg, Piece) else self.held(arg) for arg in args]
        return self.emit(WORDS[word], pieces, self._computed(NUMPY[word], *(piece.value for piece in pieces)))

    # What ONNX says in several operators, or in one with attributes.

    def _square(self, x: Piece) -> Piece:
        return self.emit("Mul", [x, x], x.value * x.value)

    def _expm1(self, x: Piece) -> Piece:
        powers = self.emit("Exp", [x], self._computed(np.exp, x.value))
        return self.emit("Sub", [powers, self.held(1.0)], powers.value - 1)

    def _xlogy(self, x: Piece, y: Piece) -> Piece:
        value = self._computed(NUMPY["xlogy"], x.value, y.value)
        product = self.emit("Mul", [x, self.emit("Log", [y], y.value)], value)
        none = self.emit("Equal", [x, self.held(0.0)], x.value)
        return self.emit("Where", [none, self.held(0.0), product], product.value)

    def _sum(self, x: Piece, axis: Any = "all", keep: bool = False) -> Piece:
        return self._reduced("ReduceSum", "sum", x, axis, keep)

    def _mean(self, x: Piece, axis: Any = "all", keep: bool = False) -> Piece:
        return self._reduced("ReduceMean", "mean", x, axis, keep)

    def _reduced(self, kind: str, word: str, x: Piece, axis: Any, keep: bool) -> Piece:
        axes = [] if axis == "all" or not x.value.ndim else [self.held([axis], "axes")]
        return self.emit(kind, [x, *axes], self._computed(NUMPY[word], x.value, axis, keep), keepdims=int(keep))

    def _length(self, x: Piece, axis: Any = "all") -> Piece:
        return self.held(NUMPY["length"](x.value, axis))

    def _count(self, *xs: Piece) -> Piece:
        return self.held(NUMPY["count"](*(x.value for x in xs)))

    def _swap(self, x: Piece) -> Piece:
        axes = list(range(x.value.ndim))
        if len(axes) < 2:
            return x
        return self.emit("Transpose", [x], NUMPY["swap"](x.value), perm=[*axes[:-2], axes[-1], axes[-2]])

    def _reshape(self, x: Piece, shape: tuple[int, ...]) -> Piece:
        return self.emit("Reshape", [x, self.held(list(shape), "shape")], np.reshape(x.value, shape))

    def _concat(self, xs: list[Piece], axis: Any) -> Piece:
        flat = axis == "all"
        parts = [self._reshape(x, (-1,)) if flat or not x.value.ndim else x for x in xs]
        value = NUMPY["concat"](tuple(x.value for x in xs), axis)
        return self.emit("Concat", parts, value, axis=0 if flat else axis)

    def _softmax(self, x: Piece, axis: Any) -> Piece:
        return self._along("Softmax", "softmax", x, axis)

    def _log_softmax(self, x: Piece, axis: Any) -> Piece:
        return self._along("LogSoftmax", "log_softmax", x, axis)

    def _along(self, kind: str, word: str, x: Piece, axis: Any) -> Piece:
        value = NUMPY[word](x.value, axis)
        if axis != "all" and x.value.ndim:
            return self.emit(kind, [x], value, axis=axis)
        flat = self.emit(kind, [self._reshape(x, (-1,))], np.ravel(value), axis=0)
        return self._reshape(flat, np.shape(value))

    def _onehot(self, t: Piece, z: Piece) -> Piece:
        if t.value.shape == z.value.shape and z.value.ndim:
            return t
        whole = self.emit("Cast", [self.emit("Round", [t], t.value)], t.value, to=self.model.onnx.TensorProto.INT64)
        depth = self.held(z.value.shape[-1], "classes")
        off_on = self.held([0.0, 1.0])
        return self.emit("OneHot", [whole, depth, off_on], NUMPY["onehot"](t.value, z.value), axis=-1)
