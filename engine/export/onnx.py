"""ONNX: the forward pass as a model in float64, for other tools to run. Needs the package `onnx` (the extra [onnx]).

Each op's forward text is lowered to ONNX's operators; where ONNX has the op itself, that is used. Inputs and data
become inputs of the model with their values as defaults; parameters and constants become initializers. ONNX Runtime has
no float64 kernel for Erf, Softplus, LeakyRelu, Elu, Gelu and OneHot: these are written in parts that it has.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partialmethod, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import ExportError
from engine.export.target import computed, export
from engine.files.onnx import CONSTANTS, SIGNS, WHOLE
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.ops.kernel import bind, forward_text, placeholders
from engine.ops.op import OPS
from engine.ops.spelling import PLAIN, spell
from engine.ops.substitute import parsed
from engine.ops.words.table import NUMPY, WORDS
from engine.passes.trace import ForwardStep, Trace
from engine.text.grammar import OPERATORS
from engine.text.write import printable
from engine.values.values import Shape, Value

if TYPE_CHECKING:
    from onnx import ModelProto

OPSET, IR_VERSION = 20, 10
AS_THEY_STAND = ("relu", "sigmoid")  # ops that are written whole: ONNX Runtime computes them in float64
ERF_TERMS = 100  # of its series: full precision wherever it is not 1


@export("onnx", "ONNX model", ".onnx", binary=True, order=120)
def write_onnx(graph: Graph, trace: Trace) -> bytes:
    """The model as bytes. Raises ExportError without `onnx`, and for what ONNX has no operator for."""
    data: bytes = _Model(graph, trace).built().SerializeToString()
    return data


@dataclass(frozen=True)
class Tensor:
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
        self.tensors: dict[tuple[str, int], Tensor] = {}

    def built(self) -> ModelProto:
        """The whole model, checked."""
        for step in computed(self.trace):
            node = self.graph.nodes[step.node]
            self.tensors[step.node, step.output] = self._leaf(node, step) if node.op.is_leaf else self._computed(node)
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

    def _leaf(self, node: Node, step: ForwardStep) -> Tensor:
        outputs = node.op.outputs
        name = node.id if len(outputs) == 1 else f"{node.id}.{outputs[step.output]}"
        self._hold(name, step.value)
        if node.op_name not in ("parameter", "constant"):
            self.inputs.append(self._described(name, step.value))
        return Tensor(name, step.value)

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
        for tensor in (self.tensors[id, 0] for id in ends if (id, 0) in self.tensors):
            name = tensor.name
            if name in self.initializers:  # a leaf: what goes in may not itself come out
                name = f"{tensor.name}.out"
                self.nodes.append(self.onnx.helper.make_node("Identity", [tensor.name], [name], name=name))
            found.append(self._described(name, tensor.value))
        return found

    def _computed(self, node: Node) -> Tensor:
        inputs = [self.tensors[edge.source, edge.output] for edge in self.graph.into(node.id)]
        lowering = _Lowering(self, node)
        value = self.trace.value(node.id)
        assert value is not None
        if node.op_name in AS_THEY_STAND:
            lowering.emit(WHOLE[node.op_name][0], inputs, value)
        elif node.op_name == "linear" and _is_gemm(*(tensor.value.shape for tensor in inputs)):
            lowering.emit("Gemm", inputs, value, transB=1)
        else:
            result = reduce(lambda a, b: lowering.whole([a, b]), inputs) if node.op.folds else lowering.whole(inputs)
            if not lowering.made:
                lowering.emit("Identity", [result], value)
        return Tensor(lowering.finish(), value)


def _is_gemm(x: Shape, w: Shape, b: Shape) -> bool:
    """Whether ONNX's Gemm takes them: matrices, and a bias that does not broadcast their product."""
    return len(x) == len(w) == 2 and len(b) <= 2 and np.broadcast_shapes((x[0], w[0]), b) == (x[0], w[0])


class _Lowering:
    """One node's text as operators; the last one made gives the node its name."""

    def __init__(self, model: _Model, node: Node) -> None:
        self.model = model
        self.node = node
        self.made: list[tuple[str, list[str], str, dict[str, Any]]] = []

    def emit(self, kind: str, inputs: list[Tensor], value: Value, **attributes: Any) -> Tensor:
        """An operator over these tensors, and the tensor that it gives."""
        name = f"{self.node.id}/{len(self.made) + 1}"
        self.made.append((kind, [tensor.name for tensor in inputs], name, attributes))
        return Tensor(name, value)

    def finish(self) -> str:
        """Put the operators into the model."""
        last = self.made[-1][2]
        for kind, inputs, name, attributes in self.made:
            named = self.node.id if name == last else name
            made = self.model.onnx.helper.make_node(kind, inputs, [named], name=named, **attributes)
            self.model.nodes.append(made)
        return self.node.id

    def held(self, data: Any, what: str = "") -> Tensor:
        """A literal as a tensor; whole numbers for what says a shape."""
        value = np.array(data, dtype=np.int64 if what else np.float64)
        name = f"{what}{value.tolist()}".replace(" ", "")
        return Tensor(self.model._hold(name, value), value)  # type: ignore[arg-type]

    def whole(self, inputs: list[Tensor]) -> Tensor:
        """The node's text over these inputs."""
        names = placeholders(len(inputs))
        text = spell(forward_text(self.node.op, names, self.node.chosen), {}, PLAIN)
        return self.lower(parsed(text), dict(zip(names, inputs, strict=True)))

    def lower(self, node: ast.expr, names: Mapping[str, Tensor]) -> Tensor:
        if isinstance(node, ast.Name):
            return names[node.id]
        if isinstance(node, ast.Constant):
            return self.held(node.value)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self._sign("neg", [self.lower(node.operand, names)])
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS and OPERATORS[type(node.op)] in SIGNS:
            return self._sign(OPERATORS[type(node.op)], [self.lower(side, names) for side in (node.left, node.right)])
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            sides = [self.lower(side, names) for side in (node.left, node.comparators[0])]
            return self.emit("Equal", sides, self._computed(np.equal, *(side.value for side in sides)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._call(node.func.id, [self._argument(arg, names) for arg in node.args])
        raise self._refused(ast.unparse(node))

    def _sign(self, op: str, sides: list[Tensor]) -> Tensor:
        values = [side.value for side in sides]
        return self.emit(SIGNS[op], sides, self._computed(bind(OPS[op], len(sides)).forward, *values))

    def _computed(self, compute: Callable[..., Any], *values: Any) -> Value:
        with np.errstate(all="ignore"):
            return np.asarray(compute(*values), dtype=np.float64)[()]

    def _argument(self, node: ast.expr, names: Mapping[str, Tensor]) -> Any:
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

    def _call(self, word: str, args: list[Any]) -> Tensor:
        made = getattr(self, f"_{word}", None)
        if made is not None:
            result: Tensor = made(*args)
            return result
        spelt = WORDS[word].onnx if word in WORDS else None
        if spelt is None:
            raise self._refused(word)
        tensors = [arg if isinstance(arg, Tensor) else self.held(arg) for arg in args]
        meaning = parsed(spelt)
        if isinstance(meaning, ast.Lambda):
            names = [arg.arg for arg in meaning.args.args]
            return self.lower(meaning.body, dict(zip(names, tensors, strict=True)))
        return self.emit(spelt, tensors, self._computed(NUMPY[word], *(tensor.value for tensor in tensors)))

    # What ONNX says in several operators, or in one with attributes.

    def _erf(self, x: Tensor) -> Tensor:
        """2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / 1·3·…·(2n+1): all terms have one sign. Beyond 6 it is 1."""
        factors = [2 / np.sqrt(np.pi)]
        for n in range(1, ERF_TERMS):
            factors.append(factors[-1] * 2 / (2 * n + 1))
        powers, series = self.held([2.0 * n + 1 for n in range(ERF_TERMS)]), self.held(factors)
        near = self._said("maximum(minimum(x, 6), -6)", x=x)
        sums = self._said("matmul(power(column, powers), series)",
                          column=self._reshape(near, (-1, 1)), powers=powers, series=series)  # fmt: skip
        return self._said("exp(-x * x) * sums", x=near, sums=self._reshape(sums, np.shape(x.value)))

    def _said(self, text: str, **names: Tensor) -> Tensor:
        """An expression in the words of op texts."""
        return self.lower(parsed(text), names)

    def _reduced(self, kind: str, word: str, x: Tensor, axis: Any = "all", keep: bool = False) -> Tensor:
        axes = [] if axis == "all" or not x.value.ndim else [self.held([axis], "axes")]
        return self.emit(kind, [x, *axes], self._computed(NUMPY[word], x.value, axis, keep), keepdims=int(keep))

    _sum = partialmethod(_reduced, "ReduceSum", "sum")
    _mean = partialmethod(_reduced, "ReduceMean", "mean")

    def _length(self, x: Tensor, axis: Any = "all") -> Tensor:
        return self.held(NUMPY["length"](x.value, axis))

    def _count(self, *xs: Tensor) -> Tensor:
        return self.held(NUMPY["count"](*(x.value for x in xs)))

    def _swap(self, x: Tensor) -> Tensor:
        axes = list(range(x.value.ndim))
        if len(axes) < 2:
            return x
        return self.emit("Transpose", [x], NUMPY["swap"](x.value), perm=[*axes[:-2], axes[-1], axes[-2]])

    def _reshape(self, x: Tensor, shape: tuple[int, ...]) -> Tensor:
        return self.emit("Reshape", [x, self.held(list(shape), "shape")], np.reshape(x.value, shape))

    def _concat(self, xs: list[Tensor], axis: Any) -> Tensor:
        flat = axis == "all"
        parts = [self._reshape(x, (-1,)) if flat or not x.value.ndim else x for x in xs]
        value = NUMPY["concat"](tuple(x.value for x in xs), axis)
        return self.emit("Concat", parts, value, axis=0 if flat else axis)

    def _along(self, kind: str, word: str, x: Tensor, axis: Any) -> Tensor:
        value = NUMPY[word](x.value, axis)
        if axis != "all" and x.value.ndim:
            return self.emit(kind, [x], value, axis=axis)
        flat = self.emit(kind, [self._reshape(x, (-1,))], np.ravel(value), axis=0)
        return self._reshape(flat, np.shape(value))

    _softmax = partialmethod(_along, "Softmax", "softmax")
    _log_softmax = partialmethod(_along, "LogSoftmax", "log_softmax")

    def _onehot(self, t: Tensor, z: Tensor) -> Tensor:
        if t.value.shape == z.value.shape and z.value.ndim:
            return t
        column = self._reshape(self.emit("Round", [t], t.value), (*t.value.shape, 1))
        classes = self.held(np.arange(z.value.shape[-1]))
        is_it = self.emit("Equal", [column, classes], NUMPY["onehot"](t.value, z.value))
        return self.emit("Cast", [is_it], is_it.value, to=self.model.onnx.TensorProto.DOUBLE)
