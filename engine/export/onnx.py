"""ONNX: the forward pass as a model in float64, for other tools to run. Needs the package `onnx` (the extra [onnx]).

Each op's forward text is lowered to ONNX's operators; where ONNX has the op itself, that is used. Inputs and data
become inputs of the model with their values as defaults; parameters and constants become initializers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import ExportError
from engine.export import onnx_words as _declared  # noqa: F401 - importing it fills the table of what words mean
from engine.export.onnx_lowering import Lowering, Tensor
from engine.export.target import computed, export
from engine.files.onnx.read import CONSTANTS
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.passes.trace import ForwardStep, Trace
from engine.text.write import printable
from engine.values.values import Shape, Value

if TYPE_CHECKING:
    from onnx import ModelProto

OPSET, IR_VERSION = 20, 10
AS_THEY_STAND = {"relu": "Relu", "sigmoid": "Sigmoid"}  # ops that are written whole: ONNX Runtime has them in float64


@export("onnx", "ONNX model", ".onnx", binary=True, order=120)
def write_onnx(graph: Graph, trace: Trace) -> bytes:
    """The model as bytes. Raises ExportError without `onnx`, and for what ONNX has no operator for."""
    data: bytes = _Model(graph, trace).built().SerializeToString()
    return data


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
        opset = helper.make_opsetid("", OPSET)
        model: ModelProto = helper.make_model(made, producer_name="Gradloom", opset_imports=[opset])
        model.ir_version = IR_VERSION
        constants = [id for id, node in self.graph.nodes.items() if node.op_name == "constant"]
        helper.set_model_props(model, {CONSTANTS: ",".join(constants)})
        self.onnx.checker.check_model(model)
        return model

    def _leaf(self, node: Node, step: ForwardStep) -> Tensor:
        outputs = node.op.outputs
        name = node.id if len(outputs) == 1 else f"{node.id}.{outputs[step.output]}"
        self.hold(name, step.value)
        if node.op_name not in ("parameter", "constant"):
            self.inputs.append(self._described(name, step.value))
        return Tensor(name, step.value)

    def _described(self, name: str, value: Value) -> Any:
        return self.onnx.helper.make_tensor_value_info(name, self.onnx.TensorProto.DOUBLE, list(np.shape(value)))

    def hold(self, name: str, value: Any) -> str:
        """An initializer of that name."""
        self.initializers[name] = self.onnx.numpy_helper.from_array(np.array(value, order="C"), name)
        return name

    def put(self, kind: str, inputs: list[str], name: str, attributes: Mapping[str, Any]) -> None:
        """An operator that gives the tensor of that name."""
        self.nodes.append(self.onnx.helper.make_node(kind, inputs, [name], name=name, **attributes))

    def _outputs(self) -> list[Any]:
        """The target, or without one all ends."""
        target = self.trace.plan.target
        ends = [target] if target else [id for id in self.graph.nodes if not self.graph.out_of(id)]
        found = []
        for tensor in (self.tensors[id, 0] for id in ends if (id, 0) in self.tensors):
            name = tensor.name
            if name in self.initializers:  # a leaf: what goes in may not itself come out
                name = f"{tensor.name}.out"
                self.put("Identity", [tensor.name], name, {})
            found.append(self._described(name, tensor.value))
        return found

    def _computed(self, node: Node) -> Tensor:
        inputs = [self.tensors[edge.source, edge.output] for edge in self.graph.into(node.id)]
        lowering = Lowering(self, node)
        value = self.trace.value(node.id)
        assert value is not None
        if node.op_name in AS_THEY_STAND:
            lowering.emit(AS_THEY_STAND[node.op_name], inputs, value)
        elif node.op_name == "linear" and _is_gemm(*(tensor.value.shape for tensor in inputs)):
            lowering.emit("Gemm", inputs, value, transB=1)
        else:
            result = lowering.as_number(lowering.node_text(inputs))
            if not lowering.made:
                lowering.emit("Identity", [result], value)
        return Tensor(lowering.finish(), value)


def _is_gemm(x: Shape, w: Shape, b: Shape) -> bool:
    """Whether ONNX's Gemm takes them: matrices, and a bias that does not broadcast their product."""
    return len(x) == len(w) == 2 and len(b) <= 2 and np.broadcast_shapes((x[0], w[0]), b) == (x[0], w[0])
