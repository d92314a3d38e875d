"""Every operator of ONNX that is read: the graph computes what ONNX's reference evaluator computes, and has slopes."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest

from engine.files.onnx.builder import READERS
from engine.files.onnx.elementwise import operators
from engine.files.onnx.read import read_onnx
from engine.ops.op import ONNX
from engine.passes.run import run
from tests.engine.files.onnx.building import OPSET, by_reference, model_of

RNG = np.random.default_rng(20)
X, Y = RNG.uniform(-2, 2, (2, 3)), RNG.uniform(-2, 2, (2, 3))
POSITIVE, ROW, BATCH = np.abs(X) + 0.3, RNG.uniform(0.5, 2, 3), RNG.uniform(-2, 2, (2, 3, 4))
IMAGE, KERNEL, BIAS = RNG.normal(size=(2, 4, 5, 6)), RNG.normal(size=(4, 2, 3, 2)), RNG.normal(size=4)
SIGNAL = RNG.normal(size=(2, 4, 7))
IDS = np.array([[0, 2, 1], [3, 3, 0]])
TRUE = X > 0

Case = tuple[str, list[Any], dict[str, Any]]  # operator, inputs (a list is known to the model), attributes


def known(*numbers: int) -> list[int]:
    return list(numbers)


UNARY = """Abs Cos Cosh Elu Erf Exp HardSigmoid HardSwish LeakyRelu LogSoftmax Mish Neg Relu Selu Celu Sigmoid Sign Sin
    Sinh Softmax Softplus Softsign Tan Tanh ThresholdedRelu Gelu Floor Ceil Identity Dropout"""
REDUCED = "Sum Mean Max Min Prod L1 L2 LogSum LogSumExp SumSquare"
CASES: list[Case] = [
    *((kind, [X], {}) for kind in UNARY.split()),
    *((kind, [POSITIVE], {}) for kind in ("Log", "Sqrt", "Reciprocal")),
    *((kind, [X, Y], {}) for kind in ("Add", "Sub", "Mul", "Div", "Max", "Min")),
    *((kind, [X, Y, ROW], {}) for kind in ("Sum", "Max", "Min", "Mean")),
    ("Pow", [POSITIVE, ROW], {}),
    ("Mod", [X, POSITIVE], {}),
    ("Elu", [X], {"alpha": 0.5}),
    ("LeakyRelu", [X], {"alpha": 0.3}),
    ("HardSigmoid", [X], {"alpha": 0.3, "beta": 0.4}),
    ("Celu", [X], {"alpha": 2.0}),
    ("Selu", [X], {"alpha": 1.5, "gamma": 1.25}),
    ("Gelu", [X], {"approximate": "tanh"}),
    ("PRelu", [X, np.abs(ROW)], {}),
    ("Clip", [X, -0.5, 0.75], {}),
    ("Clip", [X, -0.5], {}),
    ("Softmax", [BATCH], {"axis": 1}),
    ("LogSoftmax", [BATCH], {"axis": 0}),
    ("Cast", [X], {"to": onnx.TensorProto.DOUBLE}),
    ("CastLike", [X, Y], {}),
    # --- along axes
    *((f"Reduce{how}", [POSITIVE], {}) for how in REDUCED.split()),
    *((f"Reduce{how}", [BATCH, known(0, -1)], {"keepdims": 0}) for how in REDUCED.split()[:7]),
    ("ReduceSum", [X], {"noop_with_empty_axes": 1}),
    ("LpNormalization", [X], {}),
    ("LpNormalization", [POSITIVE], {"p": 1}),
    # --- shapes
    ("Reshape", [BATCH, known(4, 6)], {}),
    ("Reshape", [BATCH, known(0, -1)], {}),
    ("Reshape", [BATCH, known(-1)], {}),
    ("Reshape", [BATCH, known(2, 0, -1)], {}),
    ("Flatten", [BATCH], {}),
    ("Flatten", [BATCH], {"axis": 2}),
    ("Flatten", [BATCH], {"axis": 0}),
    ("Transpose", [BATCH], {}),
    ("Transpose", [BATCH], {"perm": [0, 2, 1]}),
    ("Transpose", [BATCH], {"perm": [1, 2, 0]}),
    ("Transpose", [X], {"perm": [1, 0]}),
    ("Transpose", [X], {"perm": [0, 1]}),
    ("Concat", [X, Y, X], {"axis": 1}),
    ("Concat", [X], {"axis": 0}),
    ("Squeeze", [BATCH[:1]], {}),
    ("Squeeze", [BATCH[:1], known(0)], {}),
    ("Unsqueeze", [X, known(0)], {}),
    ("Unsqueeze", [X, known(-1, 1)], {}),
    ("Expand", [ROW, known(2, 3)], {}),
    ("Expand", [X, known(4, 1, 1)], {}),
    ("Tile", [X, known(2, 3)], {}),
    ("Trilu", [X], {}),
    ("Trilu", [BATCH, known(1)], {"upper": 0}),
    ("Pad", [X, known(1, 0, 2, 3)], {}),
    ("Pad", [X, known(0, 1, 0, 0), 2.5], {}),
    ("Einsum", [X, ROW], {"equation": "ij, j -> i"}),
    ("Resize", [IMAGE, None, [1.0, 1.0, 2.0, 3.0]], {"mode": "nearest"}),
    # --- choosing
    ("Slice", [BATCH, known(1), known(3), known(2)], {}),
    ("Slice", [BATCH, known(0, -3), known(1, 2**62), known(0, -1)], {}),
    ("Slice", [BATCH, known(-1), known(-(2**62)), known(1), known(-2)], {}),
    ("Slice", [X, known(0, 1), known(2, 3)], {}),
    ("Gather", [BATCH, 1], {"axis": 2}),
    ("Gather", [BATCH, known(2, 0, 2)], {"axis": -1}),
    ("Gather", [X, [[0, 2], [1, 1]]], {"axis": 1}),
    ("Gather", [RNG.normal(size=(4, 3)), IDS], {}),
    ("GatherND", [BATCH, [[1], [0]]], {}),
    ("OneHot", [IDS, 4, [0.0, 1.0]], {}),
    ("OneHot", [IDS, 5, [-1.0, 2.5]], {}),
    # --- comparing
    *((kind, [X, Y], {}) for kind in ("Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal")),
    *((kind, [TRUE, Y > 0], {}) for kind in ("And", "Or", "Xor")),
    ("Not", [TRUE], {}),
    ("Where", [TRUE, X, Y], {}),
    # --- layers
    ("MatMul", [X, Y.T], {}),
    ("MatMul", [BATCH, RNG.normal(size=(4, 2))], {}),
    ("Gemm", [X, Y], {"transB": 1}),
    ("Gemm", [X, Y, BIAS[:2]], {"transB": 1}),
    ("Gemm", [X, Y, BIAS[:3]], {"transA": 1}),
    ("Gemm", [X, Y.T, X[:, :2]], {}),
    ("Gemm", [X, Y, BIAS[:2]], {"transB": 1, "alpha": 0.5, "beta": 2.0}),
    ("Gemm", [X, Y], {"transB": 1, "alpha": -1.5}),
    ("Conv", [IMAGE, KERNEL, BIAS], {"group": 2}),
    ("Conv", [IMAGE, KERNEL], {"group": 2, "strides": [2, 1]}),
    ("Conv", [IMAGE, KERNEL], {"group": 2, "pads": [1, 2, 1, 2]}),
    ("Conv", [IMAGE, KERNEL], {"group": 2, "pads": [0, 1, 2, 0]}),
    ("Conv", [IMAGE, KERNEL], {"group": 2, "dilations": [2, 1]}),
    ("Conv", [IMAGE, KERNEL], {"group": 2, "auto_pad": "SAME_UPPER"}),
    ("Conv", [IMAGE, KERNEL], {"group": 2, "auto_pad": "SAME_LOWER", "strides": [2, 2]}),
    ("Conv", [SIGNAL, RNG.normal(size=(3, 4, 2)), BIAS[:3]], {"pads": [1, 1]}),
    ("Conv", [SIGNAL, RNG.normal(size=(3, 4, 2))], {}),
    ("MaxPool", [IMAGE], {"kernel_shape": [2, 3], "strides": [2, 1], "pads": [1, 1, 1, 1]}),
    ("MaxPool", [IMAGE], {"kernel_shape": [2, 2]}),
    ("MaxPool", [SIGNAL], {"kernel_shape": [3], "strides": [2]}),
    ("MaxPool", [IMAGE], {"kernel_shape": [3, 2], "strides": [2, 2], "ceil_mode": 1}),
    ("AveragePool", [IMAGE], {"kernel_shape": [2, 2], "strides": [2, 2]}),
    ("AveragePool", [SIGNAL], {"kernel_shape": [2]}),
    ("AveragePool", [IMAGE], {"kernel_shape": [3, 2], "pads": [1, 1, 1, 1], "count_include_pad": 1}),
    ("GlobalAveragePool", [IMAGE], {}),
    ("GlobalMaxPool", [IMAGE], {}),
    ("BatchNormalization", [IMAGE, BIAS + 3, BIAS, *[list(np.abs(BIAS))] * 2], {"epsilon": 0.01}),
    ("InstanceNormalization", [IMAGE, BIAS, BIAS + 1], {}),
    ("LayerNormalization", [X, ROW], {"epsilon": 0.1}),
    ("LayerNormalization", [BATCH, RNG.normal(size=(3, 4)), RNG.normal(size=(3, 4))], {"axis": 1}),
]


def model_for(case: Case) -> tuple[Any, dict[str, Any]]:
    kind, given, attributes = case
    inputs, held, names = {}, {}, []
    for i, value in enumerate(given):
        names.append("" if value is None else f"in{i}")
        if isinstance(value, np.ndarray):
            inputs[f"in{i}"] = value
        elif value is not None:
            whole = np.asarray(value).dtype.kind == "i" and kind != "BatchNormalization"
            held[f"in{i}"] = np.asarray(value, np.int64 if whole else np.float32 if kind == "Resize" else np.float64)
    node = onnx.helper.make_node(kind, names, ["y"], **attributes)
    return model_of(node, inputs=inputs, held=held, opset=22 if kind in ("Swish",) else OPSET), inputs


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[2] or ''}")
def test_the_graph_computes_what_onnx_says(case: Case) -> None:
    model, inputs = model_for(case)
    graph = read_onnx(model.SerializeToString())
    assert [node.op_name for node in graph.nodes.values() if node.op_name.startswith(ONNX)] == []
    found = run(graph, values={name: np.asarray(x, float) for name, x in inputs.items()})
    expected = by_reference(model, inputs)
    assert np.shape(found.value(graph.target)) == expected.shape
    np.testing.assert_allclose(found.value(graph.target), expected, rtol=1e-6, atol=1e-9)


def test_every_operator_that_is_read_is_tried() -> None:
    tried = {kind for kind, _, _ in CASES}
    later = {"GroupNormalization", "RMSNormalization", "Swish", "Split", "Upsample"}  # have tests of their own
    assert {*READERS, *operators()} - tried == later
