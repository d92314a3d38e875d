"""Tensors: products of vectors and matrices, sums along an axis, and other shapes. The axes: see `engine.ops`.

Symbols: a, b, x the inputs; w, b the weights (out, in) and the bias of a linear layer; y the output; g = ∂L/∂y the
upstream gradient; p a softmax.
"""

from functools import partial

from engine.ops.declare import op
from engine.ops.op import Setting
from engine.values.values import Shape, shape_text

tensor = partial(op, group="tensor")

AXIS = Setting("axis", -1, "Along axis", (-1, -2, 0, 1, 2, "all"))
KEEP = Setting("keep", False, "Keep the axis, with length 1")


def _product_misfit(a: Shape, b: Shape) -> str:
    """Why two shapes have no matrix product."""
    said = f"{shape_text(a)} @ {shape_text(b)}"
    if not a or not b:
        which = "both are numbers" if not a and not b else "a is a number" if not a else "b is a number"
        return f"{said}: {which}; a matrix product needs vectors or matrices (to scale by a number, use Multiply)"
    inner = b[-2] if len(b) > 1 else b[0]
    if a[-1] != inner:
        place = "first" if len(b) < 3 else "second-to-last"
        return f"{said}: the last axis of a has length {a[-1]}, but the {place} axis of b has length {inner}"
    return f"{said}: the batch axes {shape_text(a[:-2])} and {shape_text(b[:-2])} do not fit together"


def _linear_misfit(x: Shape, w: Shape, b: Shape) -> str:
    """Why x Wᵀ + b cannot be computed."""
    said = f"x {shape_text(x)}, W {shape_text(w)}, b {shape_text(b)}"
    if not x or not w:
        return f"{said}: x and W need axes: x (…, in), W (out, in), b (out,)"
    if x[-1] != w[-1]:
        return f"{said}: the last axis of x has length {x[-1]}, but W takes {w[-1]} inputs (its last axis)"
    return f"{said}: W gives {w[0] if len(w) > 1 else 1} outputs, so b must have that length"


def _dot_misfit(a: Shape, b: Shape) -> str:
    return f"{shape_text(a)} · {shape_text(b)}: the two must have the same length along the axis"


def _concat_misfit(*shapes: Shape) -> str:
    said = " and ".join(map(shape_text, shapes))
    return f"{said}: they may differ only along the axis on which they are joined"


_BACK = "each element of {source} gets back the gradient of what it was added into"

tensor(
    "matmul", "@", "a b", "matmul(a, b)",
    vjp=("pull_left(g, a, b)", "pull_right(g, a, b)"),
    title="Matrix product",
    tooltip="a @ b: rows of a times columns of b; batch axes are kept. On the way back, a gets g bᵀ and b gets aᵀ g.",
    latex=r"{a}\,{b}",
    gradient=(
        "{source} is on the left, so its gradient is g bᵀ. Forward, its rows met the columns of b; backward, the transpose of b carries each g back to the row it came from.",
        "{source} is on the right, so its gradient is aᵀ g. Forward, its columns met the rows of a; backward, the transpose of a carries each g back to the column it came from.",
    ),
    responsibility=(
        "{source} is on the left: its responsibility is g bᵀ, through every column of b that its rows met.",
        "{source} is on the right: its responsibility is aᵀ g, through every row of a that its columns met.",
    ),
    aliases=("mm", "bmm", "mv"),
    misfit=_product_misfit,
    jacobian=(
        ("weight matrix", "Each output is a sum over a row of a, weighted by a column of b: the entries are those of b."),
        ("weight matrix", "Each output is a sum over a column of b, weighted by a row of a: the entries are those of a."),
    ),
)  # fmt: skip
tensor(
    "linear", "Wx+b", "x w b", "matmul(x, swap(w)) + b",
    vjp=("pull_left(g, x, swap(w))", "swap(pull_right(g, x, swap(w)))", "g"),
    spelled_out="x @ transpose(w) + b",
    title="Linear layer",
    tooltip="x Wᵀ + b with W of shape (out, in): a layer of neurons, with one row of W for each.",
    latex=r"{x}\,{w}^\top + {b}",
    gradient=(
        "Going forward, x met Wᵀ; going back, g meets W: each input gathers g from all neurons, weighted by its weights.",
        "The gradient of W is the outer product of g and x: each weight gets its neuron's g times the input it multiplied; over a batch these add up.",
        "The bias is added, so it gets g unchanged; over a batch the samples' gradients add up.",
    ),
    responsibility=(
        "Each input is responsible through every neuron it feeds, in proportion to its weight there.",
        "Each weight is as responsible as its neuron times the input it multiplied; over a batch these add up.",
        "The bias is exactly as responsible as its neuron is; over a batch the samples' shares add up.",
    ),
    misfit=_linear_misfit,
    jacobian=(
        ("weight matrix", "The Jacobian with respect to x is W itself: row i holds the weights of neuron i."),
        ("outer product", "Neuron i depends only on row i of W, with x as its slope: upstream · Jacobian is the outer product g ⊗ x."),
        ("identity", "Each bias moves its own neuron by the same amount."),
    ),
)  # fmt: skip
tensor(
    "dot", "a·b", "a b", "sum(a * b, axis)",
    vjp=("spread(g, axis, a, b) * b", "spread(g, axis, a, b) * a"),
    settings=(AXIS,),
    title="Dot product",
    tooltip="Σ aᵢ bᵢ along the last axis: each side's gradient is the other side, times g.",
    latex=r"{a} \cdot {b}",
    gradient="Each product aᵢbᵢ was added up, so g comes back to each of them, scaled by the element on the other side.",
    responsibility="Each element of {source} is multiplied by an element of the other side, so it is that many times as responsible as {node}.",
    aliases=("inner", "vdot"),
    spelled_out=lambda axis: f"sum(a * b, axis={axis!r})",
    misfit=_dot_misfit,
    jacobian=(("row", "The Jacobian with respect to one side is the other side, laid out as a row."),),
)  # fmt: skip
tensor(
    "transpose", "xᵀ", "x", "swap(x)",
    vjp=("swap(g)",),
    tooltip="Swaps the last two axes; the gradient is swapped back. A vector stays as it is.",
    latex=r"{{{x}}}^\top",
    gradient="Only positions were swapped, so the gradient is swapped back.",
    responsibility="Only positions were swapped: each element is exactly as responsible as it is in its new position.",
    jacobian=(("permutation", "Each output is one input in another position: a single 1 in each row and column."),),
)  # fmt: skip
tensor(
    "reshape", "rshp", "x", "reshape(x, shape)",
    vjp=("like(g, x)",),
    settings=(Setting("shape", (-1,), "Shape (−1: worked out from the others)"),),
    tooltip="The same elements in another shape, batch axis included; one length may be −1, as in (-1, 784).",
    latex=r"\mathrm{{reshape}}({x})",
    gradient="Only the shape was changed, so the gradient gets its old shape back.",
    responsibility="Only the shape was changed: each element is exactly as responsible as before.",
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
    gradient="{source} is a part of {node}, so it gets that part of the gradient, unchanged.",
    responsibility="{source} is a part of {node}: it is exactly as responsible as that part is.",
    aliases=("cat", "concatenate", "hstack"),
    misfit=_concat_misfit,
    jacobian=(("selection", "The rows of {source}'s own part have a single 1; the other rows are 0."),),
)  # fmt: skip
tensor(
    "sum", "Σ", "x", "sum(x, axis, keep)",
    vjp=("spread(g, axis, x)",),
    settings=(AXIS, KEEP),
    tooltip="Adds up along the last axis: each element gets the whole gradient of its sum.",
    latex=r"\textstyle\sum {x}",
    gradient="Adding passes the gradient on: " + _BACK + ", so it is copied along the axis.",
    responsibility="Each element of {source} is exactly as responsible as the sum it went into.",
    jacobian=(("ones", "Each sum depends on each of its elements with slope 1, and on no other."),),
)  # fmt: skip
tensor(
    "mean", "x̄", "x", "mean(x, axis, keep)",
    vjp=("spread(g, axis, x) / length(x, axis)",),
    settings=(AXIS, KEEP),
    tooltip="The average along the last axis: each of n elements gets 1/n of the gradient.",
    latex=r"\overline{{{x}}}",
    gradient="A mean shares evenly: " + _BACK + ", divided by how many were averaged.",
    responsibility="The elements of {source} share the responsibility of their mean evenly.",
    jacobian=(("row of 1/n", "Each mean depends on each of its n elements with slope 1/n, and on no other."),),
)  # fmt: skip
tensor(
    "softmax", "soft", "x", "softmax(x, axis)",
    vjp=("y * (g - spread(sum(g * y, axis, True), axis, y))",),
    settings=(AXIS,),
    tooltip="eˣ / Σ eˣ along the last axis: scores become probabilities p that sum to 1.",
    latex=r"\mathrm{{softmax}}({x})",
    gradient="Probabilities compete: p·(g − Σ g p). Raising one lowers the others, so what counts is how far g is above its average.",
    responsibility="The responsibility of each score is p·(g − Σ g p): for what its own probability gains, minus what the others lose.",
    spelled_out=lambda axis: f"e = exp(x); e / sum(e, axis={axis!r}, keep=True)",
    jacobian=(("dense", "diag(p) − p pᵀ: each probability depends on every score; each row sums to 0."),),
)  # fmt: skip
tensor(
    "log_softmax", "lnsm", "x", "log_softmax(x, axis)",
    vjp=("g - exp(y) * spread(sum(g, axis, True), axis, y)",),
    settings=(AXIS,),
    title="Log-softmax",
    tooltip="x − ln Σ eˣ along the last axis: the logarithm of a softmax in one operation, which never overflows.",
    latex=r"\ln\,\mathrm{{softmax}}({x})",
    gradient="g − p Σ g: the score's own gradient, minus its probability's share of all of them.",
    responsibility="Each score is responsible for its own logarithm, minus its probability's share of all of them.",
    aliases=("LogSoftmax",),
    spelled_out=lambda axis: f"x - log(sum(exp(x), axis={axis!r}, keep=True))",
    jacobian=(("dense", "I − 1 pᵀ: each row is the unit row minus the probabilities."),),
)  # fmt: skip
tensor(
    "one_hot", "1hot", "t z", "onehot(t, z)",
    vjp=("matching(g, t)", "0 * z"),
    title="One-hot",
    tooltip="Turns class ids t into rows with a single 1, in the shape of the logits z; one-hot targets stay as they are.",
    latex=r"\mathrm{{onehot}}({t})",
    gradient=(
        "Class ids are names, not amounts: they have no slope. Targets that are already one-hot pass the gradient on.",
        "Only the shape of {source} is used, not its values: nothing flows back.",
    ),
    responsibility=(
        "Class ids are names, not amounts. Targets that are already one-hot are exactly as responsible as {node}.",
        "Only the shape of {source} is used, not its values: it is not responsible.",
    ),
    jacobian=(
        ("identity", "One-hot targets pass through unchanged; class ids have no slope."),
        ("zero", "The values of the logits are not used."),
    ),
)  # fmt: skip
