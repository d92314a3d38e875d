"""Numbers that a text makes before they are in the graph: `0.1 * np.ones((2, 3))` is one leaf, not three nodes."""

import ast
from math import prod

import numpy as np

from engine.ops.words.outlines import Outline, matmul
from engine.text.grammar import OPERATORS
from engine.text.state import MOST_ELEMENTS, ReadingState
from engine.text.things import Array, Thing, number_of
from engine.values.values import Shape

_RULES = {
    "add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "pow": np.power, "matmul": np.matmul,
    "mod": np.mod, "floor_div": np.floor_divide,
}  # fmt: skip


def arithmetic_of_arrays(reading: ReadingState, node: ast.BinOp | ast.AugAssign, left: Thing, right: Thing) -> Array:
    """The numbers of `left ∘ right`, of which at least one is an array."""
    arrays = [side for side in (left, right) if isinstance(side, Array)]
    a, b = (side.data if isinstance(side, Array) else number_of(side) for side in (left, right))
    if isinstance(node.op, ast.Pow):
        a = np.asarray(a, np.float64)
    try:
        size = prod(_result_shape(node.op, np.shape(a), np.shape(b)))
        if size > MOST_ELEMENTS:
            reading.refuse(node, f"this would have {size:,} elements; at most {MOST_ELEMENTS:,} are allowed")
        with np.errstate(all="ignore"):
            data = _RULES[OPERATORS[type(node.op)]](a, b)
    except (ValueError, TypeError):
        shapes = f"{np.shape(a)} and {np.shape(b)}"
        reading.refuse(node, f"the shapes {shapes} do not fit together")
    library = next((array.library for array in arrays if array.library), "")
    return Array(reading.counted(np.asarray(data), node), _kept_op(arrays), library)


def _result_shape(operator: ast.operator, a: Shape, b: Shape) -> Shape:
    if isinstance(operator, ast.MatMult):
        return matmul(Outline(a), Outline(b))
    return np.broadcast_shapes(a, b)


def _kept_op(arrays: list[Array]) -> str:
    """What was said to learn, and then reckoned with, is no leaf of its own."""
    return "input" if any(array.op == "input" for array in arrays) else ""
