"""Tensors: products of vectors and matrices, and softmax. The axes: see `engine.ops`.

Symbols: a, b, x the inputs; w, b the weights (out, in) and the bias of a linear layer; y the output; g = ∂L/∂y the
upstream gradient; p a softmax.
"""

from functools import partial
from typing import Any

import numpy as np

from engine.ops.declare import op
from engine.ops.setting import Setting, axes, one_axis, subscripts
from engine.ops.speech import Said, Spoken, along
from engine.values.values import Shape, counted, shape_text

tensor = partial(op, group="tensor")

AXIS = Setting("axis", -1, "Along axis (one, or all)", (-1, -2, 0, 1, 2, "all"), kind=one_axis)


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
    place = "right factor's second-to-last axis" if len(b) > 1 else "right factor"
    n, m = a[-1], b[-2] if len(b) > 1 else b[0]
    return f"{shape_text(a)} · {shape_text(b)}: the left factor's last axis has length {n}, but the {place} has {m}"


def _vecdot_misfit(a: Shape, b: Shape) -> str:
    return f"{shape_text(a)} · {shape_text(b)}: the two must have the same length along the axis"


_SUMS = "The products were added up: each element of {source} gets what reached each sum that it went into, times the element of {other.name} that it met there."
_SUMS_TAKEN = "The products were added up: each element of {source} takes on the responsibility of each sum that it went into, times the element of {other.name} that it met there."
_SCALES = (
    "Of single numbers a dot product is the product: what reached {node} goes on to {source}, multiplied by {other}."
)
_SCALES_TAKEN = "Of single numbers a dot product is the product: {node} hands its responsibility on to {source}, multiplied by {other}."


def _product_words(matrices: str) -> Said:
    """What is said of a matrix product; a vector has no rows and columns to speak of."""
    vectors = _SUMS_TAKEN if "responsib" in matrices else _SUMS
    return lambda a, b, **_: vectors if 1 in (np.ndim(a), np.ndim(b)) else matrices


def _weight_words(rule: str) -> Said:
    """What is said of the weights of a layer: over a batch, what the samples say adds up."""
    batch = rule + "; over the samples of the batch, these add up."
    return lambda x, **_: batch if x.ndim > 1 and x.size > x.shape[-1] else rule + "."


def _einsum_does(subscripts: str) -> str:
    """What the letters of an einsum ask for: products, sums, axes in another order."""
    given, _, result = subscripts.partition("->")
    told = f"{given} → {result or 'one number'}"
    if "," in given:
        return f"multiplies {{inputs}} and adds up as the subscripts say: {told}"
    return (
        f"adds up the elements of {{inputs}} as the subscripts say: {told}"
        if set(given) - set(result)
        else (f"is {{inputs}} with its axes as the subscripts say: {told}")
    )


def _einsum_words(sums: str, moved: str) -> Said:
    """What comes back through an einsum: times the other factors, where there are any; nothing but moved without a sum."""

    def say(settings: dict[str, Any], **_: Any) -> str:
        given, _, result = settings["subscripts"].partition("->")
        if "," in given:
            return f"The products were added up: each element of {{source}} {sums}, times the other factors of its product there."
        return (
            f"Each element of {{source}} {sums}."
            if set(given) - set(result)
            else f"Each element of {{source}} {moved}."
        )

    return say


def _one_or_more(one: str, more: str) -> Said:
    """What is said of a softmax: over a single score it is always 1."""
    return lambda x, settings, **_: more if softmax_size(x, settings["axis"]) > 1 else one


def softmax_size(x: Any, axis: int | str) -> int:
    """How many scores share a softmax."""
    return int(np.size(x)) if axis == "all" or not np.ndim(x) else int(np.shape(x)[int(axis)])


def _hot_words(same: str) -> Said:
    """What is said of targets: class ids are no amounts; what is one-hot already passes through."""
    ids = "Class ids are names, not amounts: they have no slope, so nothing goes back to {source}."
    return lambda t, y, **_: same if t.shape == y.shape else ids


tensor(
    "matmul", "@", "a b", "matmul(a, b)",
    combines="product",
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
    combines="product",
    vjp=("pull_left(g, x, swap(w))", "swap(pull_right(g, x, swap(w)))", "g"),
    spelled_out="x @ transpose(w) + b",
    title="Linear layer",
    roles="input, weights, bias",
    does="is {x} times {w} transposed, plus the bias {b}",
    tooltip="x Wᵀ + b with W of shape (out, in): a layer of neurons, with one row of W for each.",
    gradient=(
        "Going forward, {x.name} met {w.name} transposed; going back, what reached {node} meets {w.name} itself: each input gets what reached every neuron that it feeds, times its weight there.",
        _weight_words("Each weight gets what reached its neuron, times the input that it multiplied"),
        "The bias is added, so what reached {node} goes on to it unchanged.",
    ),
    responsibility=(
        "Each input takes on the responsibility of every neuron that it feeds, times its weight there.",
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
    "dot", "a·b", "a b", "dot(a, b)",
    combines="product",
    vjp=("contract_left(g, a, b)", "contract_right(g, a, b)"),
    title="Dot product",
    tooltip="Σ aᵢ bᵢ of two vectors; of matrices their product, as in NumPy: what comes back to each side is multiplied by the other.",
    does="is the dot product of {a} and {b}",
    gradient=Spoken(_SCALES, _SUMS),
    responsibility=Spoken(_SCALES_TAKEN, _SUMS_TAKEN),
    latex=r"{a} \cdot {b}",
    misfit=_dot_misfit,
    jacobian=(("row", "The Jacobian with respect to one side is the other side, laid out in rows."),),
)  # fmt: skip
tensor(
    "vecdot", "aᵢbᵢ", "a b", "sum(a * b, axis)",
    combines="product",
    vjp=("spread(g, axis, a, b) * b", "spread(g, axis, a, b) * a"),
    settings=(Setting("axis", -1, "Along axis (one, several, or all)", (-1, -2, 0, 1, 2, "all"), kind=axes),),
    title="Dot along an axis",
    tooltip="Σ aᵢ bᵢ along an axis, sample by sample: what comes back to each side is multiplied by the other.",
    does=lambda a, b, settings, **_: "multiplies {a} and {b} element by element and adds up the products" + along(settings, a if np.ndim(a) else b),
    gradient=Spoken(_SCALES, _SUMS),
    responsibility=Spoken(_SCALES_TAKEN, _SUMS_TAKEN),
    latex=r"\textstyle\sum {a}\,{b}",
    spelled_out=lambda axis: f"sum(a * b, axis={axis!r})",
    misfit=_vecdot_misfit,
    jacobian=(("row", "The Jacobian with respect to one side is the other side, laid out as a row."),),
)  # fmt: skip
tensor(
    "outer", "a⊗b", "a b", "outer(a, b)",
    combines="product",
    vjp=("like(matmul(g, flat(b)), a)", "like(matmul(flat(a), g), b)"),
    title="Outer product",
    tooltip="Every element of a times every element of b: a matrix with a row for each element of a.",
    does="multiplies every element of {a} by every element of {b}",
    gradient="Each element of {source} met every element of {other.name}, so it gets what reached all of these products, each times the element that it met there.",
    responsibility="Each element of {source} met every element of {other.name}, so it takes on the responsibility of all of these products, each times the element that it met there.",
    latex=r"{a} \otimes {b}",
    jacobian=(("outer product", "Each product depends on one element of either side, with the other one as its slope."),),
)  # fmt: skip
tensor(
    "einsum", "ΣΠ", "a ...", "einsum(subscripts, xs)",
    combines="product",
    vjp=("einsum_back(g, subscripts, xs, i)",),
    settings=(Setting("subscripts", "ij,jk->ik", "Subscripts, as in ij,jk->ik", (
        "ij,jk->ik", "ij,j->i", "i,i->", "i,j->ij", "ij->ji", "ij->i", "i->"), kind=subscripts),),
    title="Einstein sum",
    tooltip="Multiplies its inputs along axes of the same letter and sums over the letters that are not in the result: ij,jk->ik is a matrix product.",
    does=lambda settings, **_: _einsum_does(settings["subscripts"]),
    gradient=_einsum_words("gets what reached each sum that it went into", "gets, unchanged, what reached the element of {node} that it became"),
    responsibility=_einsum_words("takes on the responsibility of each sum that it went into", "takes on all of the responsibility of the element of {node} that it became"),
    latex=r"\mathrm{{einsum}}({a})",
    jacobian=(("products of the others", "Each sum depends on each element in it with the product of the other factors as its slope."),),
)  # fmt: skip
tensor(
    "softmax", "soft", "x", "softmax(x, axis)",
    vjp=("y * (g - spread(sum(g * y, axis, True), axis, y))",),
    settings=(AXIS,),
    tooltip="eˣ / Σ eˣ along an axis: scores become probabilities that sum to 1.",
    does=lambda x, settings, **_: "turns the scores {x} into probabilities that sum to 1" + along(settings, x),
    gradient=_one_or_more(
        "A softmax of a single score is always 1: nothing goes back to {source}.",
        "Probabilities compete: raising one score lowers the probabilities of the others. So each score gets its probability, times how far what reached that probability lies above the average of what reached them all, weighted by the probabilities.",
    ),
    responsibility=_one_or_more(
        "A softmax of a single score is always 1: {source} is not responsible at all.",
        "Probabilities compete: raising one score lowers the probabilities of the others. So each score takes on its probability, times how far the responsibility of that probability lies above the average of them all, weighted by the probabilities.",
    ),
    latex=r"\mathrm{{softmax}}({x})",
    spelled_out=lambda axis: f"e = exp(x); e / sum(e, axis={axis!r}, keep=True)",
    cell=("A nudge of {at} moves every probability beside it: its own by p(1 − p), each of the others by −p times theirs. So all of them answer, and the Jacobian is not diagonal.", "The probability of {at} is 0: no nudge moves anything."),
    beside=(("p", "softmax(x, axis)"),),
    jacobian=(("dense", "diag(p) − p pᵀ for the probabilities p: each of them depends on every score, and each row sums to 0."),),
)  # fmt: skip
tensor(
    "log_softmax", "lnsm", "x", "log_softmax(x, axis)",
    vjp=("g - exp(y) * spread(sum(g, axis, True), axis, y)",),
    settings=(AXIS,),
    title="Log-softmax",
    tooltip="x − ln Σ eˣ along an axis: the logarithm of a softmax in one operation, which never overflows.",
    does=lambda x, settings, **_: "turns the scores {x} into logarithms of probabilities that sum to 1" + along(settings, x),
    gradient=_one_or_more(
        "A log-softmax of a single score is always 0: nothing goes back to {source}.",
        "Each score gets what reached its own logarithm, minus its probability times the sum of what reached all of them.",
    ),
    responsibility=_one_or_more(
        "A log-softmax of a single score is always 0: {source} is not responsible at all.",
        "Each score takes on the responsibility of its own logarithm, minus its probability times the sum of the responsibilities of all of them.",
    ),
    latex=r"\ln\,\mathrm{{softmax}}({x})",
    aliases=("LogSoftmax",),
    spelled_out=lambda axis: f"x - log(sum(exp(x), axis={axis!r}, keep=True))",
    cell=("A nudge of {at} moves every logarithm beside it: its own by 1 − p, each of the others by −p. So all of them answer, and the Jacobian is not diagonal.", "No nudge of {at} moves anything."),
    beside=(("p", "softmax(x, axis)"),),
    jacobian=(("dense", "I − 1 pᵀ for the probabilities p: each row is a row of the identity minus the probabilities."),),
)  # fmt: skip
tensor(
    "one_hot", "1hot", "t z", "onehot(t, z)",
    vjp=("matching(g, t)", "0 * z"),
    title="One-hot",
    roles="targets, logits",
    does=lambda t, y, **_: "is {t} as it is, as targets in the shape of the logits are taken to be one-hot" if t.shape == y.shape
    else "turns the class ids {t} into rows with a single 1",
    tooltip="Turns class ids t into rows with a single 1, in the shape of the logits z; one-hot targets stay as they are.",
    gradient=(
        _hot_words("Targets in the shape of the logits stay as they are, so what reached {node} goes on to {source} unchanged."),
        "Only the shape of {source} is used, not its values: nothing goes back.",
    ),
    responsibility=(
        _hot_words("Targets in the shape of the logits stay as they are: {node} hands on all of its responsibility to {source}."),
        "Only the shape of {source} is used, not its values: it is not responsible.",
    ),
    latex=r"\mathrm{{onehot}}({t})",
    jacobian=(
        ("identity", "One-hot targets pass through unchanged; class ids have no slope."),
        ("zero", "The values of the logits are not used."),
    ),
)  # fmt: skip
