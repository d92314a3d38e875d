"""What a model computes of its own shapes and constants, computed when it is read: by ONNX's reference evaluator.

Exporters write a reshape as a chain of Shape, Gather, Mul, Concat …; nothing of that is worth a node.
"""

import math
from typing import Any

import numpy as np

from engine.files.onnx.numbers import MOST, Array

_NAMES = """
    Add And Cast CastLike Ceil Concat ConstantOfShape Div Equal Expand EyeLike Flatten Floor Gather GatherElements
    GatherND Greater GreaterOrEqual Identity Less LessOrEqual Max Min Mod Mul Neg NonZero Not Or Pow Range Reciprocal
    ReduceMax ReduceMin ReduceProd ReduceSum Reshape ScatterND Shape Size Slice Split Sqrt Squeeze Sub Tile Transpose
    Trilu Unsqueeze Where"""
FOLDED = frozenset(_NAMES.split())


def folded(onnx: Any, made: Any, inputs: dict[str, Array], opset: int) -> list[Array] | None:
    """What an operator gives for these inputs; None if that is not computed here."""
    if made.op_type not in FOLDED or made.domain not in ("", "ai.onnx") or _too_large(made, inputs):
        return None
    from onnx.reference import ReferenceEvaluator

    helper = onnx.helper
    kind = helper.np_dtype_to_tensor_dtype
    given = [helper.make_tensor_value_info(name, kind(x.dtype), x.shape) for name, x in inputs.items()]
    wanted = [helper.make_tensor_value_info(name, onnx.TensorProto.UNDEFINED, None) for name in made.output]
    model = helper.make_model(
        helper.make_graph([made], "folded", given, wanted), opset_imports=[helper.make_opsetid("", opset)]
    )
    try:
        with np.errstate(all="ignore"):
            return [np.asarray(x) for x in ReferenceEvaluator(model).run(None, dict(inputs))]
    except Exception:  # whatever the evaluator raises for what it cannot do: then it is left to a node
        return None


def _too_large(made: Any, inputs: dict[str, Array]) -> bool:
    """Whether an operator that makes much of little would fill the memory."""
    held = [inputs[name] for name in made.input if name in inputs]
    if made.op_type == "ConstantOfShape" and held:
        return _product(held[0]) > MOST
    if made.op_type == "Expand" and len(held) > 1:
        return _product(held[1]) * held[0].size > MOST
    if made.op_type == "Tile" and len(held) > 1:
        return _product(held[1]) * held[0].size > MOST
    if made.op_type == "Range" and len(held) == 3:
        start, limit, step = (float(np.ravel(x)[0]) for x in held)
        return step == 0 or not abs((limit - start) / step) <= MOST
    if made.op_type in ("Concat", "GatherND", "Gather", "Reshape", "Slice", "Split", "ScatterND"):
        return sum(x.size for x in held) > MOST
    try:
        return math.prod(np.broadcast_shapes(*(x.shape for x in held))) > MOST
    except ValueError:
        return sum(x.size for x in held) > MOST


def _product(lengths: Array) -> float:
    return math.prod(max(abs(float(n)), 1.0) for n in np.ravel(lengths))
