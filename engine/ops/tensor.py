"""Tensors: products of vectors and matrices, sums along an axis, and other shapes. The axes: see `engine.ops`.

Symbols: a, b, x the inputs; w, b the weights (out, in) and the bias of a linear layer; y the output; g = ∂L/∂y the
upstream gradient; p a softmax.
"""

from functools import partial
from typing import Any

import numpy as np

from engine.ops.declare import op
from engine.ops.op import Setting
from engine.ops.speech import Said
from engine.values.values import Shape, counted, shape_text

tensor = partial(op, group="tensor")

AXIS = Setting("axis", -1, "Along axis", (-1, -2, 0, 1, 2, "all"))
KEEP = Setting("keep", False, "Keep the axis, with length 1")


def _product_misfit(a: Shape, b: Shape) -> str:
    """Why two shapes have no matrix product."""
    said = f"{shape_text(a)} @ {shape_text(b)}"
    if not a or not b:
        which = "both are numbers" if not a and not b else f"the {'left' if not a else 'right'} factor is a number"
        return f"{said}: {which}; a matrix product needs vectors or matrices (to scale by a number, use Multiply)"
    inner = b[-2] if len(b) > 1 else b[0]
    if a[-1] != inner:
        place = "first" if len(b) < 3 else "second-to-last"
        lengths = (
            f"the left factor's last axis has length {a[-1]}, but the right factor's {place} axis has length {inner}"
        )
        return f"{said}: {lengths}"
    return f"{said}: the batch axes {shape_text(a[:-2])} and {shape_text(b[:-2])} do not fit together"


def _linear_misfit(x: Shape, w: Shape, b: Shape) -> str:
    """Why x Wᵀ + b cannot be computed."""
    said = f"input {shape_text(x)}, weights {shape_text(w)}, bias {shape_text(b)}"
    if not x or not w:
        return f"{said}: input and weights need axes: input (…, in), weights (out, in), bias (out,)"
    if x[-1] != w[-1]:
        return (
            f"{said}: the input's last axis has length {x[-1]}, but the weights take {w[-1]} inputs (their last axis)"
        )
    outputs = w[0] if len(w) > 1 else 1
    return f"{said}: the weights give {counted(outputs, 'output')}, so the bias must have length {outputs}, or 1"


def _dot_misfit(a: Shape, b: Shape) -> str:
    return f"{shape_text(a)} · {shape_text(b)}: the two must have the same length along the axis"


def _concat_misfit(*shapes: Shape) -> str:
    said = " and ".join(map(shape_text, shapes))
    return f"{said}: they may differ only along the axis on which they are joined"


_ALONG = {-1: "the last axis", -2: "the second-to-last axis"}


def along(settings: dict[str, Any], x: Any) -> str:
    """Over which axes, in a sentence: nothing where it is over all of them, and of a number."""
    axis = settings["axis"]
    return "" if axis in ("all", None) or not np.ndim(x) else f", along {_ALONG.get(axis, f'axis {axis}')}"


def _product_words(matrices: str) -> Said:
    """What is said of a matrix product; of two vectors it is a dot product."""
    vectors = "The products were added up: each element of {source} gets what reached {node}, times the element of {other.name} that it met."
    told = "The products were added up: each element of {source} takes on the responsibility of {node}, times the element of {other.name} that it met."
    said = told if "responsib" in matrices else vectors
    return lambda a, b, **_: said if np.ndim(a) == np.ndim(b) == 1 else matrices


def _weight_words(rule: str) -> Said:
    """What is said of the weights of a layer: over a batch, what the samples say adds up."""
    batch = rule + "; what the samples of the batch say adds up."
    return lambda x, **_: batch if x.ndim > 1 and x.size > x.shape[-1] else rule + "."


def _mean_words(many: str, one: str) -> Said:
    return lambda x, y, **_: one if x.size == y.size else many


def _hot_words(same: str) -> Said:
    """What is said of targets: class ids are no amounts; what is one-hot already passes through."""
    ids = "Class ids are names, not amounts: they have no slope, so nothing goes back to {source}."
    return lambda t, y, **_: same if t.shape == y.shape else ids


tensor(
    "matmul", "@", "a b", "matmul(a, b)",
    vjp=("pull_left(g, a, b)", "pull_right(g, a, b)"),
    title="Matrix product",
    tooltip="a @ b: rows of a times columns of b; batch axes are kept. On the way back, each side's gradient is the gradient of the product times the transpose of the other side.",
    roles="left factor, right factor",
    does="is the matrix product of {a} and {b}",
    gradient=(
        _product_words(
            "{source} is the left factor: going forward, its rows met the columns of {b.name}; going back, what reached {node} is multiplied from the right by {b.name} transposed."
        ),
        _product_words(
            "{source} is the right factor: going forward, its columns met the rows of {a.name}; going back, what reached {node} is multiplied from the left by {a.name} transposed."
        ),
    ),
    responsibility=(
        _product_words(
            "{source} is the left factor: the responsibility of {node}, multiplied from the right by {b.name} transposed, is handed back to the rows that met the columns of {b.name}."
        ),
        _product_words(
            "{source} is the right factor: the responsibility of {node}, multiplied from the left by {a.name} transposed, is handed back to the columns that met the rows of {a.name}."
        ),
    ),
    latex=r"{a}\,{b}",
    aliases=("mm", "bmm", "mv"),
    misfit=_product_misfit,
    jacobian=(
        ("weight matrix", "Each output is a sum over a row of {a}, weighted by a column of {b}: the entries are those of {b}."),
        ("weight matrix", "Each output is a sum over a column of {b}, weighted by a row of {a}: the entries are those of {a}."),
    ),
)  # fmt: skip
tensor(
    "linear", "Wx+b", "x w b", "matmul(x, swap(w)) + b",
    vjp=("pull_left(g, x, swap(w))", "swap(pull_right(g, x, swap(w)))", "g"),
    spelled_out="x @ transpose(w) + b",
    title="Linear layer",
    roles="input, weights, bias",
    does="is {x} times {w} transposed, plus the bias {b}",
    tooltip="x Wᵀ + b with W of shape (out, in): a layer of neurons, with one row of W for each.",
    gradient=(
        "Going forward, {x.name} met {w.name} transposed; going back, what reached {node} meets {w.name} itself: each input gathers from all neurons, weighted by its weights.",
        _weight_words("Each weight gets what reached its neuron, times the input that it multiplied"),
        "The bias is added, so what reached {node} goes on to it unchanged.",
    ),
    responsibility=(
        "Each input takes on the responsibility of every neuron that it feeds, weighted by its weight there.",
        _weight_words("Each weight takes on the responsibility of its neuron, times the input that it multiplied"),
        "The bias is added, so each neuron hands on all of its responsibility to its bias.",
    ),
    latex=r"{x}\,{w}^\top + {b}",
    misfit=_linear_misfit,
    jacobian=(
        ("weight matrix", "These are the weights {w} themselves: row i holds those of neuron i."),
        ("outer product", "Neuron i depends only on row i of {w}, with {x} as its slope: upstream · Jacobian is the outer product of both; "
         "over a batch those of all samples are added up."),
        ("identity", "Each bias moves its own neuron by the same amount."),
    ),
)  # fmt: skip
tensor(
    "dot", "a·b", "a b", "sum(a * b, axis)",
    vjp=("spread(g, axis, a, b) * b", "spread(g, axis, a, b) * a"),
    settings=(AXIS,),
    title="Dot product",
    tooltip="Σ aᵢ bᵢ along an axis: each side's gradient is the other side, times that of the product.",
    does=lambda a, b, settings, **_: "multiplies {a} and {b} element by element and adds up the products" + along(settings, a if np.ndim(a) else b),
    gradient="The products were added up, so what reached {node} comes back to each product; there it is multiplied by the element of {other.name} in it.",
    responsibility="The products were added up, so each takes on all of the responsibility of {node}, and hands it on to {source}, multiplied by the element of {other.name} in it.",
    latex=r"{a} \cdot {b}",
    aliases=("inner", "vdot"),
    spelled_out=lambda axis: f"sum(a * b, axis={axis!r})",
    misfit=_dot_misfit,
    jacobian=(("row", "The slopes by one side are the other side, laid out as a row."),),
)  # fmt: skip
tensor(
    "transpose", "xᵀ", "x", "swap(x)",
    vjp=("swap(g)",),
    tooltip="Swaps the last two axes; the gradient is swapped back. A vector stays as it is.",
    latex=r"{{{x}}}^\top",
    does=lambda x, **_: "is {x} with its last two axes swapped" if x.ndim > 1 else "is {x} as it is, for it has no two axes to swap",
    gradient=lambda x, **_: "Only positions were swapped, so what reached {node} is swapped back." if x.ndim > 1 else (
        "{node} is {source} as it is, so what reached {node} goes on to {source} unchanged."
    ),
    responsibility=lambda x, **_: "Only positions were swapped: every element of {node} hands on all of its responsibility to the element of {source} that it was." if x.ndim > 1 else (
        "{node} is {source} as it is, and hands on all of its responsibility to it."
    ),
    jacobian=(("permutation", "Each output is one input in another position: a single 1 in each row and column."),),
)  # fmt: skip
tensor(
    "reshape", "rshp", "x", "reshape(x, shape)",
    vjp=("like(g, x)",),
    settings=(Setting("shape", (-1,), "Shape (−1: worked out from the others)"),),
    tooltip="The same elements in another shape, batch axis included; one length may be −1, as in (-1, 784).",
    latex=r"\mathrm{{reshape}}({x})",
    does="is {x} in another shape",
    gradient="Only the shape was changed, so what reached {node} gets its old shape back.",
    responsibility="Only the shape was changed: every element of {node} hands on all of its responsibility to the element of {source} that it was.",
    aliases=("view",),
    misfit=lambda x: f"the elements of {shape_text(x)} cannot be laid out in the shape given in the settings",
    jacobian=(("identity", "Each output is the input with the same number, counting in order."),),
)  # fmt: skip
tensor(
    "concat", "[ab]", "a b ...", "concat(xs, axis)",
    vjp=("part(g, xs, i, axis)",),
    settings=(AXIS,),
    title="Concatenate",
    tooltip="Joins its inputs one after another along an axis; each gets its own part of the gradient back. Numbers make a vector.",
    latex=r"\left[{a}, {b}\right]",
    does=lambda y, settings, **_: "joins {inputs} one after another" + (along(settings, y) if y.ndim > 1 else ""),
    gradient="{source} became a part of {node}, so it gets what reached that part, unchanged.",
    responsibility="{source} became a part of {node}: every element of that part hands on all of its responsibility to the element of {source} that it was.",
    aliases=("cat", "concatenate", "hstack"),
    misfit=_concat_misfit,
    jacobian=(("selection", "The rows of {source}'s own part have a single 1; the other rows are 0."),),
)  # fmt: skip
tensor(
    "sum", "Σ", "x", "sum(x, axis, keep)",
    vjp=("spread(g, axis, x)",),
    settings=(AXIS, KEEP),
    tooltip="Adds up along an axis: each element gets the whole gradient of its sum.",
    does=lambda x, settings, **_: "adds up the elements of {x}" + along(settings, x),
    gradient="Adding passes the gradient on: each element of {source} gets, unchanged, what reached the sum that it was added into.",
    responsibility="Adding passes the responsibility on: each element of {source} takes on the whole responsibility of the sum that it was added into.",
    latex=r"\textstyle\sum {x}",
    jacobian=(("ones", "Each sum depends on each of its elements with slope 1, and on no other."),),
)  # fmt: skip
tensor(
    "mean", "x̄", "x", "mean(x, axis, keep)",
    vjp=("spread(g, axis, x) / length(x, axis)",),
    settings=(AXIS, KEEP),
    tooltip="The average along an axis: each of n elements gets 1/n of the gradient.",
    does=lambda x, settings, **_: "is the average of the elements of {x}" + along(settings, x),
    gradient=_mean_words("A mean shares evenly: each element of {source} gets what reached its mean, divided by {averaged}, the number of elements averaged.", "A mean of one element is that element: what reached {node} goes on to {source} unchanged."),
    responsibility=_mean_words("A mean shares evenly: each element of {source} takes on the responsibility of its mean, divided by {averaged}, the number of elements averaged.", "A mean of one element is that element: {node} hands on all of its responsibility to {source}."),
    latex=r"\overline{{{x}}}",
    jacobian=(("row of 1/n", "Each mean depends on each of its n elements with slope 1/n, and on no other."),),
)  # fmt: skip
tensor(
    "softmax", "soft", "x", "softmax(x, axis)",
    vjp=("y * (g - spread(sum(g * y, axis, True), axis, y))",),
    settings=(AXIS,),
    tooltip="eˣ / Σ eˣ along an axis: scores become probabilities that sum to 1.",
    does=lambda x, settings, **_: "turns the scores {x} into probabilities that sum to 1" + along(settings, x),
    gradient="Probabilities compete: raising one score lowers all the others. So each score gets its probability, times how far what reached that probability lies above the average, weighted by the probabilities.",
    responsibility="Probabilities compete: raising one score lowers all the others. So each score takes on its probability, times how far the responsibility of that probability lies above the average, weighted by the probabilities.",
    latex=r"\mathrm{{softmax}}({x})",
    spelled_out=lambda axis: f"e = exp(x); e / sum(e, axis={axis!r}, keep=True)",
    jacobian=(("dense", "diag(p) − p pᵀ: each probability depends on every score; each row sums to 0."),),
)  # fmt: skip
tensor(
    "log_softmax", "lnsm", "x", "log_softmax(x, axis)",
    vjp=("g - exp(y) * spread(sum(g, axis, True), axis, y)",),
    settings=(AXIS,),
    title="Log-softmax",
    tooltip="x − ln Σ eˣ along an axis: the logarithm of a softmax in one operation, which never overflows.",
    does=lambda x, settings, **_: "turns the scores {x} into logarithms of probabilities that sum to 1" + along(settings, x),
    gradient="Each score gets what reached its own logarithm, minus its probability times the sum of what reached all of them.",
    responsibility="Each score takes on the responsibility of its own logarithm, minus its probability times the sum of the responsibilities of all of them.",
    latex=r"\ln\,\mathrm{{softmax}}({x})",
    aliases=("LogSoftmax",),
    spelled_out=lambda axis: f"x - log(sum(exp(x), axis={axis!r}, keep=True))",
    jacobian=(("dense", "I − 1 pᵀ: each row is the unit row minus the probabilities."),),
)  # fmt: skip
tensor(
    "one_hot", "1hot", "t z", "onehot(t, z)",
    vjp=("matching(g, t)", "0 * z"),
    title="One-hot",
    roles="targets, logits",
    does="turns the class ids {t} into rows with a single 1",
    tooltip="Turns class ids t into rows with a single 1, in the shape of the logits z; one-hot targets stay as they are.",
    gradient=(
        _hot_words("Targets that are already one-hot stay as they are, so what reached {node} goes on to {source} unchanged."),
        "Only the shape of {source} is used, not its values: nothing goes back.",
    ),
    responsibility=(
        _hot_words("Targets that are already one-hot stay as they are: {node} hands on all of its responsibility to {source}."),
        "Only the shape of {source} is used, not its values: it is not responsible.",
    ),
    latex=r"\mathrm{{onehot}}({t})",
    jacobian=(
        ("identity", "One-hot targets pass through unchanged; class ids have no slope."),
        ("zero", "The values of the logits are not used."),
    ),
)  # fmt: skip
