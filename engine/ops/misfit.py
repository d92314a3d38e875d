"""Why the shapes of an operation's inputs do not fit together, in a sentence's words."""

from collections.abc import Sequence

from engine.ops.op import Op
from engine.ops.words.arrays import Misfit
from engine.values.values import Shape, broadcast_misfit, shape_text


def why_misfit(op: Op, shapes: Sequence[Shape], error: Exception) -> str:
    """Which lengths of which `shapes` do not fit: in the words of the operation, whose `error` it is, or by the rule of
    broadcasting."""
    if isinstance(error, Misfit):
        return str(error)
    if op.misfit is not None:
        return op.misfit(*shapes)
    return broadcast_misfit(shapes) or "the shapes " + " and ".join(map(shape_text, shapes)) + " do not fit together"
