"""ONNX models that go out give the values of the trace in ONNX's reference evaluator, and come in as the same graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.errors import FileError
from engine.export import export_graph, trace_for
from engine.files.onnx import read_onnx
from engine.graph.graph import Graph
from engine.passes.run import run
from tests.engine import export_cases as cases

GRAPHS = dict([*cases.all_graphs(), *cases.example_graphs()])


onnx = pytest.importorskip("onnx")


def evaluated(data: bytes) -> list[Any]:
    from onnx.reference import ReferenceEvaluator

    found: list[Any] = ReferenceEvaluator(onnx.load_model_from_string(data)).run(None, {})
    return found


def exported(graph: Graph) -> bytes:
    data = export_graph(graph, "onnx")
    assert isinstance(data, bytes)
    return data


def close(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and np.allclose(a, b, 1e-6, 1e-9, equal_nan=True)


@pytest.mark.parametrize("name", GRAPHS)
def test_the_reference_evaluator_finds_the_value(name: str) -> None:
    graph = GRAPHS[name]
    trace = trace_for(graph)
    result = graph.target or list(graph.nodes)[-1]
    assert close(evaluated(exported(graph))[0], trace.value(result))


@pytest.mark.parametrize("name", GRAPHS)
def test_what_goes_out_comes_in_with_the_same_numbers(name: str) -> None:
    graph = GRAPHS[name]
    data = exported(graph)
    try:
        again = read_onnx(data)
    except FileError as refused:
        assert "Gradloom has no operation for ONNX's" in str(refused) or "axes" in str(refused), refused
        return
    trace = run(graph) if graph.target else trace_for(graph)
    target = again.target
    assert target and close(run(again).value(target), trace.value(graph.target or list(graph.nodes)[-1]))
    for id, node in graph.nodes.items():
        if node.op_name == "parameter" and id in again.nodes and graph.target and trace.gradient(id) is not None:
            assert again.nodes[id].op_name == "parameter"
            assert close(run(again).gradient(id), np.asarray(trace.gradient(id)) / graph.seed)


def test_most_ops_come_back() -> None:
    refused = []
    for name, graph in GRAPHS.items():
        try:
            read_onnx(exported(graph))
        except FileError:
            refused.append(name.split()[0])
    assert set(refused) <= {"one_hot", "cross_entropy", "bce", "linear"}


def model_of(*nodes: Any, inputs: dict[str, Any], held: dict[str, Any], output: str, rank: int = 2) -> bytes:
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        list(nodes), "net",
        [helper.make_tensor_value_info(name, kind, shape) for name, shape in inputs.items()],
        [helper.make_tensor_value_info(output, kind, [None] * rank)],
        [onnx.numpy_helper.from_array(np.array(value, np.float32), name) for name, value in held.items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    return bytes(model.SerializeToString())


def test_a_foreign_model_of_known_ops_comes_in() -> None:
    node = onnx.helper.make_node
    data = model_of(
        node("Gemm", ["x", "fc1.weight", "fc1.bias"], ["/fc1/out"], transB=1),
        node("Relu", ["/fc1/out"], ["/act"]),
        node("MatMul", ["/act", "w2"], ["z"]),
        node("Softmax", ["z"], ["p"], axis=1),
        inputs={"x": ["batch", 2]},
        held={"fc1.weight": [[1, 2], [3, 4], [-1, 0]], "fc1.bias": [0.5, 0.5, 0.5], "w2": [[1, 0], [0, 1], [1, 1]]},
        output="p",
    )
    graph = read_onnx(data)
    assert graph.nodes["fc1_weight"].op_name == "parameter" and graph.nodes["fc1_weight"].label == "fc1.weight"
    assert [graph.nodes[id].op_name for id in ("fc1_out", "act", "z", "p")] == ["linear", "relu", "matmul", "softmax"]
    assert graph.nodes["x"].value is not None and graph.nodes["x"].value.shape == (1, 2)
    x = np.array([[0.5, -1.0]])
    expected = onnx.reference.ReferenceEvaluator(onnx.load_model_from_string(data)).run(None, {"x": x.astype("f")})
    assert np.allclose(run(graph, values={"x": x}).value("p"), expected[0], 1e-5)
    assert len({node.pos for node in graph.nodes.values()}) == len(graph.nodes)


def test_what_is_not_known_is_named() -> None:
    node = onnx.helper.make_node
    data = model_of(
        node("Conv", ["x", "w"], ["y"]), node("GlobalAveragePool", ["y"], ["z"]),
        inputs={"x": [1, 1, 4, 4]}, held={"w": [[[[1.0]]]]}, output="z", rank=4,
    )  # fmt: skip
    with pytest.raises(FileError, match="Gradloom has no operation for ONNX's Conv, GlobalAveragePool"):
        read_onnx(data)


@pytest.mark.parametrize("data", [b"", b"hello", b"\x08\x07" * 50, b'{"format": "gradloom"}'])
def test_what_is_no_model_gets_a_sentence(data: bytes) -> None:
    with pytest.raises(FileError, match="this is not a valid ONNX model"):
        read_onnx(data)
