"""Shapes: elements that are picked, laid out anew, joined and stacked; none of them changes on the way.

Symbols: x, xs the input or inputs; a, b the first two of them; y the output; g = ∂L/∂y the upstream gradient.
"""

from functools import partial
from math import prod
from typing import Any

import numpy as np

from engine.ops.declare import op
from engine.ops.kernel import bind
from engine.ops.op import OPS
from engine.ops.setting import Setting, axes, one_axis, permutation, place, place_written, whole
from engine.ops.speech import Said, along
from engine.values.values import MINUS, Shape, counted, shape_text

shape = partial(op, group="shape")

_SAME = (("identity", "Each output is the input with the same number, counting in order."),)
_MOVED = (("permutation", "Each output is one input in another position: a single 1 in each row and column."),)
_GETS = "No number was changed, so what reached an element of {node} goes on as it is to the element of {source} that it was."
_HANDS = "No number was changed, so every element of {node} hands on all of its responsibility to the element of {source} that it was."
_TURNED = {"gradient": _GETS, "responsibility": _HANDS, "jacobian": _MOVED}
_LAID_OUT = {
    "gradient": _GETS,
    "responsibility": _HANDS,
    "jacobian": _SAME,
}


def _turned(x: Any, order: str | tuple[int, ...]) -> str:
    """What turning does: nothing to fewer than two axes, nor in the order in which they are."""
    kept = isinstance(order, tuple) and tuple(axis % x.ndim for axis in order) == tuple(range(x.ndim))
    if x.ndim < 2 or kept:
        return "is {x} as it is: " + ("its axes stay in their order" if kept else "it has no two axes to swap")
    return "is {x} transposed" if x.ndim == 2 else "is {x} with its axes in another order"


def _swapped(x: Any, one: int, other: int) -> str:
    """What swapping two axes does: nothing where both are the same."""
    if one % x.ndim == other % x.ndim:
        return "is {x} as it is: an axis that is swapped with itself stays where it is"
    return f"is {{x}} with {_axis(one)} and {_axis(other)} swapped"


def _axis(axis: int) -> str:
    return along({"axis": axis}, np.zeros(1)).removeprefix(", along ")


def _picked(gets: str, nothing: str) -> Said:
    """What picking does, to what was picked more than once, and to what was left out."""

    def say(x: Any, y: Any, settings: dict[str, Any], **_: Any) -> str:
        pick = bind(OPS["index"], 1, tuple(settings.items())).forward
        count = np.unique(pick(np.arange(x.size).reshape(x.shape))).size
        repeated = "; for one that was picked several times, these add up" if count < y.size else ""
        rest = f". What was not picked {nothing}." if count < x.size else "."
        return f"{{node}} was picked out of {{source}}: each element that was picked {gets}{repeated}{rest}"

    return say


def _joined_misfit(*shapes: Shape) -> str:
    said = " and ".join(map(shape_text, shapes))
    return f"{said}: they may differ only along the axis on which they are joined"


def _stacked_misfit(*shapes: Shape) -> str:
    return f"{' and '.join(map(shape_text, shapes))}: only equal shapes can be stacked"


shape(
    "index", "x[i]", "x", "item(x, at)",
    combines="sum",
    vjp=("placed(g, x, at)",),
    settings=(Setting("at", "0", "Between the brackets of x[…]: 0, :, 1 or ::2", ("0", "-1", ":, 0", "::2", "..., newaxis"), kind=place, written=place_written),),
    tooltip="x[0], x[:, 1], x[..., newaxis], x[::2]: what is picked passes its gradient back to where it came from.",
    latex="{x}[0]",
    does=lambda settings, **_: f"is {{x}}[{settings['at']}]".replace("-", MINUS).replace("...", "…"),
    gradient=_picked("gets, unchanged, what reached the element of {node} that it became", "gets nothing"),
    responsibility=_picked("takes on all of the responsibility of the element of {node} that it became", "takes on none"),
    aliases=("getitem",),
    jacobian=(("selection", "Each row has a single 1, at the element that was picked."),),
)  # fmt: skip
shape(
    "transpose", "xᵀ", "x", "turned(x, axes)",
    combines="sum",
    vjp=("turned_back(g, axes)",),
    settings=(Setting("axes", "all", "Order of the axes (all: back to front; last: the last two change places; 1, 0, 2)",
                      ("all", "last"), kind=permutation),),
    does=lambda x, settings, **_: _turned(x, settings["axes"]),
    tooltip="Puts the axes back to front, or into another order; the gradient is turned back. A vector stays as it is.",
    latex=r"{{{x}}}^\top",
    aliases=("permute",),
    **_TURNED,
)  # fmt: skip
shape(
    "swapaxes", "x⇄", "x", "swapped(x, axis1, axis2)",
    combines="sum",
    vjp=("swapped(g, axis1, axis2)",),
    settings=(Setting("axis1", -1, "One axis", (-1, -2, 0, 1), kind=whole), Setting("axis2", -2, "The other axis", (-2, -1, 0, 1), kind=whole)),
    title="Swap axes",
    does=lambda x, settings, **_: _swapped(x, settings["axis1"], settings["axis2"]),
    tooltip="Two axes change places; the gradient is swapped back.",
    latex=r"{{{x}}}^\top",
    **_TURNED,
)  # fmt: skip
shape(
    "reshape", "rshp", "x", "reshape(x, shape)",
    combines="sum",
    vjp=("like(g, x)",),
    settings=(Setting("shape", (-1,), "Shape (−1: worked out from the others)"),),
    does=lambda x, y, **_: f"lays the elements of {{x}} out in the shape {shape_text(y.shape)}",
    tooltip="The same elements in another shape, batch axis included; one length may be −1, as in (-1, 784).",
    latex=r"\mathrm{{reshape}}({x})",
    aliases=("view",),
    misfit=lambda x: f"{counted(prod(x), 'element')} in the shape {shape_text(x)} cannot be laid out in the shape given in the settings",
    **_LAID_OUT,
)  # fmt: skip
shape(
    "flatten", "flat", "x", "flattened(x, start)",
    combines="sum",
    vjp=("like(g, x)",),
    settings=(Setting("start", 0, "From axis (1 keeps a batch)", (0, 1), kind=whole),),
    does=lambda x, y, settings, **_: "is {x} as it is" if x.shape == y.shape else "is {x} with all its elements in a row" if y.ndim == 1
    else f"is {{x}} with {_axis(settings['start'])} and all axes after it laid out in a row",
    tooltip="All elements in a row; from axis 1 on, one row for each sample.",
    latex=r"\mathrm{{flatten}}({x})",
    aliases=("ravel",),
    **_LAID_OUT,
)  # fmt: skip
shape(
    "squeeze", "sqz", "x", "squeezed(x, axis)",
    combines="sum",
    vjp=("like(g, x)",),
    settings=(Setting("axis", "all", "Axes of length 1 to drop", ("all", -1, 0, 1), kind=axes),),
    does=lambda x, y, **_: "is {x} without its axes of length 1" if x.ndim - y.ndim > 1
    else "is {x} without an axis of length 1" if y.ndim < x.ndim else "is {x} as it is: no axis of length 1 is dropped",
    tooltip="Drops axes of length 1.",
    latex=r"\mathrm{{squeeze}}({x})",
    **_LAID_OUT,
)  # fmt: skip
shape(
    "unsqueeze", "unsq", "x", "unsqueezed(x, axis)",
    combines="sum",
    vjp=("like(g, x)",),
    settings=(Setting("axis", 0, "Where the new axis goes", (0, 1, -1), kind=whole),),
    does="is {x} with a new axis of length 1",
    tooltip="Adds an axis of length 1.",
    latex=r"\mathrm{{unsqueeze}}({x})",
    aliases=("expand_dims",),
    **_LAID_OUT,
)  # fmt: skip
shape(
    "concat", "[ab]", "a b ...", "concat(xs, axis)",
    combines="sum",
    vjp=("part(g, xs, i, axis)",),
    settings=(Setting("axis", 0, "Along axis (one, or all)", (0, 1, -1, -2, 2, "all"), kind=one_axis),),
    title="Concatenate",
    tooltip="Joins its inputs one after another along an axis; each gets its own part of the gradient back. Numbers make a vector.",
    latex=r"\left[{a}, {b}\right]",
    does=lambda y, settings, **_: "joins {inputs} one after another" + (along(settings, y) if y.ndim > 1 else ""),
    gradient="{source} became a part of {node}, so it gets what reached that part, unchanged.",
    responsibility="{source} became a part of {node}: every element of that part hands on all of its responsibility to the element of {source} that it was.",
    aliases=("cat", "concatenate"),
    misfit=_joined_misfit,
    jacobian=(("selection", "The rows of {source}'s own part have a single 1; the other rows are 0."),),
)  # fmt: skip
shape(
    "stack", "[a;]", "a b ...", "stack(xs, axis)",
    combines="sum",
    vjp=("slot(g, i, axis)",),
    settings=(Setting("axis", 0, "Where the new axis goes", (0, 1, -1), kind=whole),),
    tooltip="Lays inputs of one shape side by side along a new axis; each gets its own slice of the gradient back.",
    latex=r"\begin{{bmatrix}} {a} \\ {b} \end{{bmatrix}}",
    does="lays {inputs} side by side along a new axis",
    gradient="{source} became one slice of {node}, so it gets what reached that slice, unchanged.",
    responsibility="{source} became one slice of {node}: every element of that slice hands on all of its responsibility to the element of {source} that it was.",
    misfit=_stacked_misfit,
    jacobian=(("selection", "The rows of {source}'s own slice have a single 1; the other rows are 0."),),
)  # fmt: skip
