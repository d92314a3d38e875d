"""The bytes of a model made whole: numbers from beside it taken in, its own functions put in place.

Shapes are not asked of `onnx.shape_inference`: it crashes the process on damaged models, and with it the editor.
"""

from collections.abc import Mapping
from typing import Any

from engine.errors import FileError
from engine.files.onnx.external import take_in
from engine.files.onnx.numbers import checked_shape

OPEN_LENGTH = 1  # what a length counts as that the model leaves open


def load_model(data: bytes, folder: str | None) -> tuple[Any, Any]:
    """The package `onnx`, and a model of it. Raises FileError with a sentence."""
    try:
        import onnx
        import onnx.inliner
    except ImportError:
        raise FileError("reading an ONNX model needs the package onnx: install gradloom[onnx]") from None
    try:
        model = onnx.load_model_from_string(data)
    except Exception as error:  # protobuf's own errors, which have no base in common with the library's
        raise invalid(error) from None
    if not model.HasField("graph") or not model.graph.output or not (model.graph.node or model.graph.initializer):
        raise FileError("this is not a valid ONNX model: " + ("it has no graph" if data else "the file is empty"))
    take_in(model, folder)
    return onnx, _settled(onnx, model)


def invalid(error: object) -> FileError:
    """What is said of a file that is no model, or a broken one."""
    return FileError(f"this is not a valid ONNX model: {' '.join(str(error).split())[:200]}")


def complaint(onnx: Any, model: Any, error: Exception) -> FileError:
    """Why a model could not be read: what ONNX's own checker says, or else what went wrong."""
    try:
        onnx.checker.check_model(model)
    except Exception as said:
        return invalid(said)
    return FileError(f"this ONNX model cannot be read: {' '.join(str(error).split())[:200]}")


def _settled(onnx: Any, model: Any) -> Any:
    """The model with its own functions put in place, and the open lengths of its inputs set."""
    for given in model.graph.input:
        dims = given.type.tensor_type.shape.dim
        for dim in dims:
            if not dim.HasField("dim_value"):
                dim.dim_value = OPEN_LENGTH
        checked_shape((dim.dim_value for dim in dims), given.name)
    if not model.functions:
        return model
    try:
        onnx.checker.check_model(model)  # the inliner trusts what it is given
        return onnx.inliner.inline_local_functions(model)
    except Exception as error:  # the checker's own, and those of the compiled part
        raise invalid(error) from None


def shapes_of(model: Any) -> Mapping[str, tuple[int, ...]]:
    """The shape of each tensor of which the model says all lengths."""
    found = {}
    for said in (*model.graph.input, *model.graph.value_info, *model.graph.output):
        kind = said.type.tensor_type
        if kind.HasField("shape") and all(dim.HasField("dim_value") for dim in kind.shape.dim):
            found[said.name] = tuple(dim.dim_value for dim in kind.shape.dim)
    return found | {tensor.name: tuple(tensor.dims) for tensor in model.graph.initializer}


def kinds_of(model: Any) -> Mapping[str, int]:
    """The type of each tensor's elements, where the model says it."""
    said = (*model.graph.input, *model.graph.value_info, *model.graph.output)
    found = {each.name: each.type.tensor_type.elem_type for each in said}
    return found | {tensor.name: tensor.data_type for tensor in model.graph.initializer}
