"""The tensors of a model as arrays: numbers of every width, or one sentence about what they are instead."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from engine.errors import FileError
from engine.values.values import MOST_AXES

Array = np.ndarray[Any, Any]
MOST = 50_000_000  # numbers in one tensor
_NO_NUMBERS = {"STRING": "text", "COMPLEX64": "complex numbers", "COMPLEX128": "complex numbers"}


def kind_name(onnx: Any, kind: int) -> str:
    """What ONNX calls a type of elements: FLOAT, INT64 …; empty if it has no such type."""
    return str(onnx.TensorProto.DataType.Name(kind)) if kind in onnx.TensorProto.DataType.values() else ""


def checked_kind(onnx: Any, kind: int, name: str) -> str:
    """The name of a type that holds numbers. Raises FileError, naming the tensor, for any other."""
    called = kind_name(onnx, kind)
    if called in _NO_NUMBERS:
        raise FileError(f"“{name}” holds {_NO_NUMBERS[called]}: Gradloom computes with real numbers only")
    if called in ("", "UNDEFINED"):
        raise FileError(f"the model does not say what kind of numbers “{name}” holds")
    return called


def checked_shape(dims: Iterable[int], name: str) -> tuple[int, ...]:
    """Lengths that a tensor can have. Raises FileError, naming it, for others, and for too many numbers."""
    shape = tuple(int(n) for n in dims)
    if any(n < 0 for n in shape):
        raise FileError(f"“{name}” has the shape {shape}: a length cannot be negative")
    if len(shape) > MOST_AXES or math.prod(shape) > MOST:
        raise FileError(f"“{name}” has the shape {shape}: that is too large")
    return shape


def array_of(onnx: Any, tensor: Any, name: str = "") -> Array:
    """A tensor as an array: integers and truths as they are, all other numbers as float64. Raises FileError."""
    called = name or tensor.name or "a constant"
    checked_kind(onnx, tensor.data_type, called)
    shape = checked_shape(tensor.dims, called)
    try:
        found = onnx.numpy_helper.to_array(tensor)
        found = found if found.dtype.kind in "biu" and found.dtype.isbuiltin == 1 else np.asarray(found, np.float64)
    except Exception as error:  # whatever the library, NumPy or the types of ml_dtypes raise
        raise FileError(f"the numbers of “{called}” are damaged: {' '.join(str(error).split())[:150]}") from None
    if found.shape != shape:
        raise FileError(f"the numbers of “{called}” are damaged: its shape is {shape}, but there are {found.size}")
    return np.asarray(found)


def sparse_array_of(onnx: Any, sparse: Any) -> Array:
    """A sparse tensor with all its zeros. Raises FileError."""
    name = sparse.values.name
    values, places = array_of(onnx, sparse.values, name), array_of(onnx, sparse.indices, name)
    whole = np.zeros(checked_shape(sparse.dims, name), values.dtype)
    at = places if places.ndim == 1 else np.ravel_multi_index(tuple(places.T), whole.shape, mode="clip")
    lost = places.ndim not in (1, 2) or len(places) != values.size or np.any(places < 0)
    if lost or np.any(at >= whole.size) or (places.ndim == 2 and np.any(places >= whole.shape)):
        raise FileError(f"the numbers of “{name}” are damaged: some stand outside its shape {whole.shape}")
    whole.flat[at] = values.ravel()
    return whole
