"""Small ONNX models for tests, and what ONNX's own reference evaluator makes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

OPSET = 20


def model_of(
    *nodes: Any, inputs: dict[str, Any], held: dict[str, Any] | None = None, outputs: str = "y", opset: int = OPSET
) -> Any:
    """A model of these operators; inputs are given by arrays like those that will come in."""
    helper, kind = onnx.helper, onnx.helper.np_dtype_to_tensor_dtype
    graph = helper.make_graph(
        list(nodes), "net",
        [helper.make_tensor_value_info(name, kind(x.dtype), x.shape) for name, x in inputs.items()],
        [helper.make_tensor_value_info(name, onnx.TensorProto.DOUBLE, None) for name in outputs.split()],
        [onnx.numpy_helper.from_array(np.asarray(value), name) for name, value in (held or {}).items()],
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 10
    return model


def by_reference(model: Any, inputs: dict[str, Any]) -> Any:
    """The first output, by ONNX's reference evaluator."""
    with np.errstate(all="ignore"):
        return np.asarray(ReferenceEvaluator(model).run(None, inputs)[0])
