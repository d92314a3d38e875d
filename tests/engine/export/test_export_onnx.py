"""ONNX models that go out give the values of the trace in ONNX's reference evaluator, and come in as the same graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest

from engine.export import export_graph, trace_for
from engine.files.onnx.read import read_onnx
from engine.graph.graph import Graph
from tests.engine import export_cases as cases

GRAPHS = dict([*cases.all_graphs(), *cases.example_graphs()])


def evaluated(data: bytes, **given: Any) -> list[Any]:
    from onnx.reference import ReferenceEvaluator

    found: list[Any] = ReferenceEvaluator(onnx.load_model_from_string(data)).run(None, given)
    return found


def exported(graph: Graph) -> bytes:
    data = export_graph(graph, "onnx")
    assert isinstance(data, bytes)
    return data


def close(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and np.allclose(a, b, 1e-6, 1e-9, equal_nan=True)


def test_the_reference_evaluator_finds_every_value() -> None:
    for name, graph in GRAPHS.items():
        result = graph.target or list(graph.nodes)[-1]
        assert close(evaluated(exported(graph))[0], trace_for(graph).value(result)), name


@pytest.mark.parametrize("first", range(4))
def test_what_goes_out_comes_in_with_the_same_numbers(first: int) -> None:
    for name, graph in list(GRAPHS.items())[first::4]:
        check_round_trip(name, graph)


def check_round_trip(name: str, graph: Graph) -> None:
    again = read_onnx(exported(graph))
    before, after = trace_for(graph), trace_for(again)
    assert again.target and close(after.value(again.target), before.value(graph.target or list(graph.nodes)[-1])), name
    for id, node in graph.nodes.items():
        gradient = before.gradient(id)
        if node.op_name == "parameter" and id in again.nodes and gradient is not None:
            assert again.nodes[id].op_name == "parameter", (name, id)
            assert close(after.gradient(id), np.asarray(gradient) / graph.seed), (name, id)
