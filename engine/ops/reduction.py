"""Reductions: many numbers become one, or one along each of some axes. Without a setting they take all elements.

Symbols: x the input; y the output; g = ∂L/∂y the upstream gradient; n how many elements became one; p a softmax.
"""

from functools import partial

import numpy as np

from engine.ops.declare import op
from engine.ops.setting import Setting, axes, count
from engine.ops.speech import Said, along

reduction = partial(op, group="reduce")

AXES = Setting("axis", "all", "Along axis (all, one, or several: 0, 1)", ("all", -1, -2, 0, 1, 2, (0, 1)), kind=axes)
KEEP = Setting("keep", False, "Keep the axes, with length 1")
DDOF = Setting("ddof", 0, "Taken off the count n (1: the unbiased estimate)", (0, 1), kind=count)


def _mean_words(many: str, one: str) -> Said:
    return lambda x, y, **_: one if x.size == y.size else many


def _winner_words(which: str, gets: str) -> str:
    nothing = "take on none" if "takes on" in gets else "get nothing"
    return f"Only the {which} element counts: it {gets}, and the others {nothing}."


def _tie(large: str) -> str:
    return f"Where several are equally {large}, there is no slope: by convention they share it evenly."


def _counted(begin: str, at_zero: str = "") -> Said:
    """What is said of a variance: it ends with what the squares were divided by."""
    return lambda x, y, settings, **_: (
        f"{begin} {max(x.size // y.size, 1) - settings['ddof']}." + (at_zero if np.any(y == 0) else "")
    )


def _unless_zero(said: str, at_zero: str) -> Said:
    """What is said of a root, and of its convention where it is 0."""
    return lambda y, **_: said + (at_zero if np.any(y == 0) else "")


_NO_DEVIATION = " Where the deviation is 0 there is no slope, and by convention it counts as 0."
_NO_LENGTH = " Where the norm is 0 there is no slope, and by convention it counts as 0."


def _of(text: str, axis: object, keep: bool) -> str:
    """A reduction of something, written as a program."""
    return f"{text}, axis={axis!r}, keep={keep!r})"


_WHOLE = "gets what reached {node}, unchanged"
_ALL = "takes on all of the responsibility of {node}"

reduction(
    "sum", "Σ", "x", "sum(x, axis, keep)",
    combines="sum",
    vjp=("spread(g, axis, x)",),
    settings=(AXES, KEEP),
    tooltip="Adds up all elements, or those along some axes: each gets the whole gradient of its sum.",
    does=lambda x, settings, **_: "adds up the elements of {x}" + along(settings, x),
    gradient="Adding passes the gradient on: each element of {source} gets, unchanged, what reached the sum that it was added into.",
    responsibility="Adding passes the responsibility on: each element of {source} takes on the whole responsibility of the sum that it was added into.",
    latex=r"\textstyle\sum {x}",
    jacobian=(("ones", "Each sum depends on each of its elements with slope 1, and on no other."),),
)  # fmt: skip
reduction(
    "mean", "x̄", "x", "mean(x, axis, keep)",
    combines="sum",
    vjp=("spread(g, axis, x) / length(x, axis)",),
    settings=(AXES, KEEP),
    tooltip="The average of all elements, or of those along some axes: each of n elements gets 1/n of the gradient.",
    does=lambda x, settings, **_: "is the average of the elements of {x}" + along(settings, x),
    gradient=_mean_words("A mean shares evenly: each element of {source} gets what reached its mean, divided by {averaged}, the number of elements averaged.", "A mean of one element is that element: what reached {node} goes on to {source} unchanged."),
    responsibility=_mean_words("A mean shares evenly: each element of {source} takes on the responsibility of its mean, divided by {averaged}, the number of elements averaged.", "A mean of one element is that element: {node} hands on all of its responsibility to {source}."),
    latex=r"\overline{{{x}}}",
    aliases=("average",),
    jacobian=(("row of 1/n", "Each mean depends on each of its n elements with slope 1/n, and on no other."),),
)  # fmt: skip
reduction(
    "amax", "max↓", "x", "amax(x, axis, keep)",
    vjp=("spread(g, axis, x) * shares(x, y, axis)",),
    settings=(AXES, KEEP),
    title="Largest element",
    tooltip="The largest of all elements, or of those along some axes: it gets the whole gradient; a tie is split evenly.",
    does=lambda x, settings, **_: "is the largest element of {x}" + along(settings, x),
    convention=_tie("large"),
    gradient=_winner_words("largest", _WHOLE),
    responsibility=_winner_words("largest", _ALL),
    latex=r"\max {x}",
    kink="lead(x, axis)",
    cell=("{at} is the largest: it won, so what reached {node} there comes to it.", "Another cell is larger: {at} did not win, so nothing comes back to it.", "{at} is one of several that are the largest: by convention they share what reached {node} there evenly."),
    jacobian=(("selection", "Each row has a 1 at the largest element; in a tie the 1 is split evenly."),),
)  # fmt: skip
reduction(
    "amin", "min↓", "x", "amin(x, axis, keep)",
    vjp=("spread(g, axis, x) * shares(x, y, axis)",),
    settings=(AXES, KEEP),
    title="Smallest element",
    tooltip="The smallest of all elements, or of those along some axes: it gets the whole gradient; a tie is split evenly.",
    does=lambda x, settings, **_: "is the smallest element of {x}" + along(settings, x),
    convention=_tie("small"),
    gradient=_winner_words("smallest", _WHOLE),
    responsibility=_winner_words("smallest", _ALL),
    latex=r"\min {x}",
    kink="lead(-x, axis)",
    cell=("{at} is the smallest: it won, so what reached {node} there comes to it.", "Another cell is smaller: {at} did not win, so nothing comes back to it.", "{at} is one of several that are the smallest: by convention they share what reached {node} there evenly."),
    jacobian=(("selection", "Each row has a 1 at the smallest element; in a tie the 1 is split evenly."),),
)  # fmt: skip
reduction(
    "prod", "Π", "x", "prod(x, axis, keep)",
    vjp=("spread(g, axis, x) * others(x, axis)",),
    settings=(AXES, KEEP),
    title="Product of elements",
    tooltip="All elements multiplied, or those along some axes: each gets the gradient times the product of the others.",
    does=lambda x, settings, **_: "multiplies the elements of {x} with each other" + along(settings, x),
    gradient="Multiplying scales by the other factors: each element of {source} gets what reached its product, times the product of all the others.",
    responsibility="Multiplying scales by the other factors: each element of {source} takes on the responsibility of its product, times the product of all the others.",
    latex=r"\textstyle\prod {x}",
    jacobian=(("products of the others", "Each product depends on each of its factors with the product of the others as its slope."),),
)  # fmt: skip
reduction(
    "var", "Var", "x", "var(x, axis, keep, ddof)",
    vjp=("spread(2 * g / freedom(x, axis, ddof), axis, x) * (x - mean(x, axis, True))",),
    settings=(AXES, KEEP, DDOF),
    title="Variance",
    tooltip="The mean squared distance from the mean; with 1 taken off the count, the unbiased estimate.",
    does=lambda x, settings, **_: "is the variance of the elements of {x}" + along(settings, x),
    gradient=_counted("What is far from the mean moves the variance most: each element of {source} gets what reached its variance, times twice how far the element lies above the mean, divided by"),
    responsibility=_counted("What is far from the mean moves the variance most: each element of {source} takes on the responsibility of its variance, times twice how far the element lies above the mean, divided by"),
    latex=r"\mathrm{{Var}}({x})",
    aliases=("variance",),
    jacobian=(("row of distances", "Each variance depends on each of its elements with twice how far the element lies above the mean, divided by the count, as its slope."),),
)  # fmt: skip
reduction(
    "std", "std", "x", "std(x, axis, keep, ddof)",
    vjp=(
        "spread(g / freedom(x, axis, ddof), axis, x)"
        " * where(x == mean(x, axis, True), 0.0, (x - mean(x, axis, True)) / spread(y, axis, x))"
    ,),
    settings=(AXES, KEEP, DDOF),
    title="Standard deviation",
    tooltip="The root of the variance. Where all elements are equal it has no slope; by convention it is 0.",
    does=lambda x, settings, **_: "is the standard deviation of the elements of {x}" + along(settings, x),
    gradient=_counted("What is far from the mean moves the deviation most: each element of {source} gets what reached its deviation, times how far the element lies above the mean, divided by the deviation and by", _NO_DEVIATION),
    responsibility=_counted("What is far from the mean moves the deviation most: each element of {source} takes on the responsibility of its deviation, times how far the element lies above the mean, divided by the deviation and by", _NO_DEVIATION),
    latex=r"\mathrm{{std}}({x})",
    aliases=("stddev",),
    jacobian=(("row of distances", "Each deviation depends on each of its elements with how far the element lies above the mean, divided by the deviation and the count, as its slope."),),
)  # fmt: skip
reduction(
    "norm", "‖x‖", "x", "norm(x, axis, keep)",
    vjp=("spread(g, axis, x) * where(x == 0, 0.0, x / spread(y, axis, x))",),
    settings=(AXES, KEEP),
    title="Norm",
    tooltip="√Σ x²: the length of a vector, the root of the sum of its squares. At exactly 0 it has no slope; by convention it is 0.",
    does=lambda x, settings, **_: "is the length of {x}, the root of the sum of its squares" + along(settings, x),
    gradient=_unless_zero("A length grows along its own direction: each element of {source} gets what reached its norm, times the element itself divided by the norm.", _NO_LENGTH),
    responsibility=_unless_zero("A length grows along its own direction: each element of {source} takes on the responsibility of its norm, times the element itself divided by the norm.", _NO_LENGTH),
    latex=r"\left\|{x}\right\|",
    aliases=("vector_norm",),
    spelled_out=lambda axis, keep: f"sqrt({_of('sum(square(x)', axis, keep)})",
    jacobian=(("unit vector", "The slopes of a norm are the elements divided by the norm: the unit vector along them."),),
)  # fmt: skip
reduction(
    "logsumexp", "lnΣe", "x", "logsumexp(x, axis, keep)",
    vjp=("spread(g, axis, x) * softmax(x, axis)",),
    settings=(AXES, KEEP),
    title="Log-sum-exp",
    tooltip="ln Σ eˣ in one operation, which never overflows: a smooth maximum. Its slopes are a softmax.",
    does=lambda x, settings, **_: "is the logarithm of the sum of the exponentials of {x}" + along(settings, x),
    gradient="A smooth maximum shares by softmax: each element of {source} gets what reached {node}, times its share in their softmax. The larger the element, the larger its share.",
    responsibility="A smooth maximum shares by softmax: each element of {source} takes on the responsibility of {node}, times its share in their softmax. The larger the element, the larger its share.",
    latex=r"\ln \textstyle\sum e^{{{x}}}",
    aliases=("lse",),
    spelled_out=lambda axis, keep: f"log({_of('sum(exp(x)', axis, keep)})",
    jacobian=(("softmax", "The slopes of a log-sum-exp are the softmax of its elements: they sum to 1."),),
)  # fmt: skip
