"""Comparisons, element by element: 1 where they hold, 0 where not; and the choice that follows from one.

A comparison is a step: its slope is 0 wherever it has one, and by convention 0 where it jumps.

Symbols: a, b the inputs; c the condition of a choice; y the output; g = ∂L/∂y the upstream gradient.
"""

from functools import partial

from engine.ops.declare import op
from engine.ops.speech import Spoken

_AT_STEP = "At the step itself there is no slope: by convention it is 0."
_GRADIENT = "A comparison is a step, flat on either side: nothing goes back to {source} along this edge."
_RESPONSIBILITY = "A comparison is a step, flat on either side: {responsible}."
comparison = partial(
    op, ports="a b", local=("0",), group="compare", kink="a - b", convention=_AT_STEP, gradient=_GRADIENT,
    responsibility=_RESPONSIBILITY,
)  # fmt: skip


def _tooltip(said: str) -> str:
    return f"1 where a {said} b, else 0. Its slope is 0: no gradient passes."


def _does(said: str) -> str:
    return f"is 1 where {{a}} {said} {{b}}, and 0 elsewhere"


comparison(
    "greater", ">", forward="truth(a > b)",
    title="Greater", tooltip=_tooltip("is greater than"), does=_does("is greater than"), latex="[{a} > {b}]", aliases=("gt",),
)  # fmt: skip
comparison(
    "greater_equal", "≥", forward="truth(a >= b)",
    title="Greater or equal", tooltip=_tooltip("is at least"), does=_does("is at least"), latex=r"[{a} \ge {b}]", aliases=("ge",),
)  # fmt: skip
comparison(
    "less", "<", forward="truth(a < b)",
    title="Less", tooltip=_tooltip("is less than"), does=_does("is less than"), latex="[{a} < {b}]", aliases=("lt",),
)  # fmt: skip
comparison(
    "less_equal", "≤", forward="truth(a <= b)",
    title="Less or equal", tooltip=_tooltip("is at most"), does=_does("is at most"), latex=r"[{a} \le {b}]", aliases=("le",),
)  # fmt: skip
comparison(
    "equal", "=", forward="truth(a == b)",
    title="Equal", tooltip=_tooltip("equals"), does=_does("equals"), latex="[{a} = {b}]", aliases=("eq",),
)  # fmt: skip
comparison(
    "not_equal", "≠", forward="truth(a != b)",
    title="Not equal", tooltip=_tooltip("does not equal"), does=_does("does not equal"), latex=r"[{a} \ne {b}]", aliases=("ne", "neq"),
)  # fmt: skip
_DECIDES = "{source} only decides which side is taken, however large it is: "
_TAKEN = Spoken(
    "A choice passes the gradient on to the side that was taken, and nothing to the other: the slope along {source} is {local}.",
    "A choice passes the gradient on to the side that was taken: where an element of {source} was taken, what reached {node} goes on to it unchanged; elsewhere nothing does.",
)
_TAKES_ON = Spoken(
    "A choice passes the responsibility on to the side that was taken: {responsible}.",
    "A choice passes the responsibility on to the side that was taken: where an element of {source} was taken, it takes on all of the responsibility of {node}; elsewhere none.",
)
op(
    "where", "if", "c a b", "where(c != 0, a, b)",
    local=("0", "where(c != 0, 1.0, 0.0)", "where(c != 0, 0.0, 1.0)"),
    group="compare",
    title="Choice",
    tooltip="a where the condition c is not 0, else b: the gradient goes to the side that was chosen.",
    does="is {a} where {c} is not 0, and {b} elsewhere",
    convention=lambda port, **_: "" if port else (
        "Where {source} is 0 the choice changes sides, so along it there is no slope: by convention it is 0."
    ),
    latex=r"\begin{{cases}} {a} & \text{{if }} {c} \\ {b} & \text{{otherwise}} \end{{cases}}",
    gradient=(_DECIDES + "nothing goes back along this edge.", _TAKEN, _TAKEN),
    responsibility=(_DECIDES + "{responsible}.", _TAKES_ON, _TAKES_ON),
    kink="c",
)  # fmt: skip
