"""What can be asked of an array before it is in the graph: another shape, whether it learns, how long it is."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.text.binding import learn
from engine.text.call import Call, word
from engine.text.dtypes import of_type, said_type
from engine.text.things import Array, Thing

# --- what can be asked of an array before it is in the graph


@word("method.requires_grad_", "array.requires_grad_")
def _require(call: Call) -> Thing:
    call.take("x flag")
    thing = call.thing("x")
    if not call.flag("flag", True):
        return thing
    if isinstance(thing, Array):
        return Array(thing.data, "parameter", thing.library)
    learn(call.reading, call.reading.operand(thing, call.node), call.node)
    return thing


_KEPT = (
    "double", "float", "to", "cpu", "cuda", "clone", "copy", "contiguous", "astype", "detach", "type", "numpy",
    "retain_grad", "int", "long", "short", "bool",
)  # fmt: skip


def _permuted(array: Array, axes: list[Any]) -> Any:
    return array.data.transpose(axes or None)


@word(*(f"array.{name}" for name in _KEPT))
def _same_array(call: Call) -> Thing:
    """The same numbers, but as another type keeps them; NumPy's own once they are asked for as such."""
    array: Array = call.reading.value(call.args[0])
    type = said_type(call.words.get("dtype") or (call.args[1] if len(call.args) > 1 else None)) or call.called
    op = "" if call.called == "detach" else array.op
    return Array(of_type(type, array.data), op, "numpy" if call.called == "numpy" else array.library)


def _flat(array: Array, start: int) -> Any:
    return array.data.reshape(*array.data.shape[:start], -1)


@word(
    "array.reshape",
    "array.view",
    "array.permute",
    "array.transpose",
    "array.t",
    "array.flatten",
    "array.ravel",
    "array.unsqueeze",
    "array.squeeze",
)
def _reshaped_array(call: Call) -> Array:
    call.take("x " + " ".join(f"n{i}" for i in range(max(len(call.args) - 1, 1))) + " axis")
    array = call.thing("x")
    given = [call.plain(f"n{i}") for i in range(len(call.args) - 1)]
    given = list(given[0]) if len(given) == 1 and isinstance(given[0], (list, tuple)) else given
    rules: Mapping[str, Callable[[], Any]] = {
        "reshape": lambda: array.data.reshape(given), "view": lambda: array.data.reshape(given),
        "permute": lambda: array.data.transpose(given), "t": lambda: array.data.T,
        "transpose": lambda: np.swapaxes(array.data, *given) if array.library == "torch" else _permuted(array, given),
        "flatten": lambda: _flat(array, given[0] if given and array.library == "torch" else 0),
        "ravel": array.data.ravel,
        "unsqueeze": lambda: np.expand_dims(array.data, given[0]),
        "squeeze": lambda: array.data.squeeze(tuple(given) or None),
    }  # fmt: skip
    try:
        return Array(rules[call.called](), array.op, array.library)
    except (ValueError, TypeError, IndexError):
        call.refuse(f"an array of the shape {array.data.shape} has no such {call.called}")


@word("array.size", "array.numel", "array.dim", "array.item", "array.tolist", "array.backward")
def _asked_array(call: Call) -> Thing:
    call.take("x axis")
    data = call.thing("x").data
    if call.called == "backward":
        call.refuse("nothing is computed here yet: call backward on a result")
    if call.called == "size":
        axis = call.plain_whole_number("axis") if call.has("axis") else None
        if axis is not None and not -data.ndim <= axis < data.ndim:
            call.refuse(f"there is no axis {axis} here: the array has {data.ndim}")
        return data.shape if axis is None else data.shape[axis]
    return {"numel": data.size, "dim": data.ndim, "item": data.reshape(-1)[0].item(), "tolist": data.tolist()}[
        call.called
    ]
