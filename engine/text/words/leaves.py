"""Leaves by name: input(2), parameter(normal(2, 3)), constant(1), micrograd's Value, nn.Parameter."""

from typing import Any

import numpy as np

from engine.text.binding import learn
from engine.text.call import Call, word
from engine.text.plain import NotPlain
from engine.text.things import Array, Ref, Thing, all_numbers, as_lists, is_number
from engine.text.words.arrays import first_wrong, literal_numbers

# --- leaves


@word("input", "parameter", "constant", "param", "weight", "const", "Value", "Parameter", "Variable")
def _leaf(call: Call) -> Thing:
    """`parameter(normal(2, 3))`, `Value(2.0, label='a')`, `nn.Parameter(torch.zeros(3))`."""
    op = {"param": "parameter", "weight": "parameter", "const": "constant", "Parameter": "parameter"}.get(
        call.called, call.called
    )
    op = op if op in ("input", "parameter", "constant") else "input"
    for name in ("_children", "_op", "requires_grad"):
        if call.words.get(name) is not None:
            keep = call.reading.value(call.words.pop(name))
            op = "input" if name == "requires_grad" and keep is False else op
    call.take("data requires_grad" if call.called in ("Parameter", "Variable") else "data children op", ignored="")
    if not call.has("data"):
        return call.reading.made.leaf(op, None, call.name, call.label)
    numbers = _numbers_of(call)
    if isinstance(numbers, Ref):  # a number that has a name already: the same leaf, as a parameter
        return _as_leaf(call, numbers, op)
    library = numbers.library if isinstance(numbers, Array) else ""
    data = numbers.data if isinstance(numbers, Array) else numbers
    return call.reading.leaf(Array(data, op, library), call.expression("data"), call.name, call.label)


def _as_leaf(call: Call, ref: Ref, op: str) -> Ref:
    node = call.reading.made.nodes[ref.node]
    if not node.op.is_leaf or node.value is None or call.reading.made.is_used(ref.node):
        call.refuse("there must be a number here, or a list of numbers", call.expression("data"))
    if op == "parameter":
        learn(call.reading, ref, call.node)
        return ref
    call.reading.as_number.add(ref.node)
    return call.reading.leaf(Array(np.asarray(node.value), op), call.node, call.name, call.label)


def _numbers_of(call: Call) -> Any:
    """What is given to a leaf: plain numbers, lists, nan and inf, an array."""
    place = call.expression("data")
    try:
        found = literal_numbers(call, place)
    except NotPlain:
        found = call.reading.value(place)
    if isinstance(found, (Array, Ref)):
        return found
    if is_number(found) and not isinstance(found, bool):
        return as_lists(found)
    if isinstance(found, (list, tuple)) and (all_numbers(found) or not found):
        return as_lists(found)
    call.refuse("there must be a number here", first_wrong(call, place))
