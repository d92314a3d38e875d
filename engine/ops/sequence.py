"""What nets of words are made of: rows of a table, a mask for what comes later, normalised rows, dropout.

Symbols: t ids; w a table of rows, or the scale of a norm; b its shift; x the input; y the output; g = ∂L/∂y the upstream
gradient; ε what keeps a row without any spread finite.
"""

from functools import partial
from typing import Any

from engine.ops.declare import op
from engine.ops.setting import Setting, count
from engine.ops.speech import Said
from engine.values.values import Shape, number_text, shape_text

sequence = partial(op, group="tensor", order=2)

_IDS = "Ids are names, not amounts: they have no slope, so nothing goes back to {source}."
_KEEP = "drop_mask(x, p, seed)"


def share(value: Any) -> float:
    """A share of all, from 0 up to but not including 1."""
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else -1.0
    if not 0 <= number < 1:
        raise ValueError(f"a share, from 0 up to but not including 1; not {value!r}")
    return number


def _norm_misfit(x: Shape, w: Shape, b: Shape) -> str:
    return f"input {shape_text(x)}, scale {shape_text(w)}, shift {shape_text(b)}: these must fit the last axis"


def _over_a_batch(one: str, more: str) -> Said:
    return lambda x, w, **_: more if x.size > w.size else one


sequence(
    "embedding", "t→w", "t w", "looked_up(t, w)",
    vjp=("0 * t", "scattered(g, t, w)"),
    roles="ids, table",
    tooltip="For each id in t its row of the table w: a one-hot row times w, without the zeros. Each row gathers what reached its copies.",
    does="is made of the rows of {w} that the ids {t} name",
    gradient=(
        _IDS,
        "Each row of {source} gets what reached its copies in {node}: where an id occurs several times, these add up; a row that no id names gets nothing.",
    ),
    responsibility=(
        "Ids are names, not amounts: they have no slope, so {source} is not responsible.",
        "Each row of {source} takes on the responsibility of its copies in {node}: where an id occurs several times, these add up; a row that no id names takes on none.",
    ),
    latex=r"{w}\left[{t}\right]",
    aliases=("lookup",),
    jacobian=(
        ("zero", "Ids are names, not amounts: they have no slope."),
        ("selection", "Each row has a single 1, at the element of the table that was copied."),
    ),
)  # fmt: skip
sequence(
    "causal_mask", "◺", "x", "where(lower(x) > 0, x, fill)",
    vjp=("g * lower(x)",),
    settings=(Setting("fill", -1e4, "What stands in place of what comes later"),),
    title="Causal mask",
    tooltip="Scores of what comes later (above the diagonal of the last two axes) become so small that a softmax makes them 0: nobody looks ahead.",
    does=lambda settings, **_: f"is {{x}} with {number_text(settings['fill'])} above the diagonal",
    gradient="On and below the diagonal, what reached {node} goes on to {source} unchanged. Above it nothing does: those scores were replaced.",
    responsibility="On and below the diagonal, {node} hands on all of its responsibility to {source}. Above it none: those scores were replaced.",
    latex=r"\mathrm{{causal}}({x})",
    jacobian=(("diagonal", "Each score depends on itself alone: with slope 1 on and below the diagonal, 0 above it."),),
)  # fmt: skip
sequence(
    "layer_norm", "norm", "x w b", "normalised(x, eps) * w + b",
    vjp=("normalised_back(g * w, x, eps)", "g * normalised(x, eps)", "g"),
    settings=(Setting("eps", 1e-5, "ε, added to the variance"),),
    title="Layer norm",
    roles="input, scale, shift",
    tooltip="Along the last axis: less the mean, divided by the deviation, times w, plus b. Every row comes out with the same spread.",
    does="is {x} brought to mean 0 and deviation 1 along the last axis, then times {w}, plus {b}",
    gradient=(
        "Moving a whole row, or spreading it, changes nothing: so of what reached the normalised row, the mean and the part along the row itself are taken away. The rest is divided by the deviation of the row.",
        _over_a_batch("The scale gets what reached {node}, times the normalised input.", "The scale gets what reached {node}, times the normalised input there; over the rows, these add up."),
        "The shift is added, so what reached {node} goes on to it unchanged.",
    ),
    responsibility=(
        "Moving a whole row, or spreading it, changes nothing: so of the responsibility of the normalised row, the mean and the part along the row itself are taken away. The rest is divided by the deviation of the row.",
        _over_a_batch("The scale takes on the responsibility of {node}, times the normalised input.", "The scale takes on the responsibility of {node}, times the normalised input there; over the rows, these add up."),
        "The shift is added, so {node} hands on all of its responsibility to it.",
    ),
    latex=r"\mathrm{{norm}}({x})\,{w} + {b}",
    spelled_out=lambda eps: f"c = x - mean(x, axis=-1, keep=True); c / sqrt(mean(square(c), axis=-1, keep=True) + {eps!r}) * w + b",
    misfit=_norm_misfit,
    jacobian=(
        ("dense", "Within a row everything depends on everything: the mean and the deviation are shared."),
        ("diagonal", "Each scale moves its own column, with the normalised input as the slope."),
        ("identity", "Each shift moves its own column by the same amount."),
    ),
)  # fmt: skip
sequence(
    "dropout", "drop", "x", f"x * {_KEEP}",
    vjp=(f"g * {_KEEP}",),
    settings=(Setting("p", 0.5, "Share that is dropped", kind=share), Setting("seed", 0, "Seed of what is dropped", kind=count)),
    tooltip="Drops a share p of the elements and divides the others by 1 − p. While stepping the seed says which; training draws anew in each step, and what is judged drops nothing.",
    does="is {x} with a share of {settings[p]} of its elements dropped, and the others made larger to make up for it",
    gradient="What was dropped gets nothing. What was kept gets what reached {node}, divided by the share that was kept.",
    responsibility="What was dropped takes on none. What was kept takes on the responsibility of {node}, divided by the share that was kept.",
    latex=r"\mathrm{{dropout}}({x})",
    jacobian=(("diagonal", "Each element depends on itself alone: with slope 0 where it was dropped."),),
)  # fmt: skip
