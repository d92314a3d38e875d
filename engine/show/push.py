"""A push of one number in words: what every node on the way holds, and would hold; and what the target does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from engine.show.names import Names
from engine.truth.along import Along, Knob, Nudge
from engine.values.values import change_text, number_text

NEARER = 1.05  # times: what is less is no nearer
NOISE = 1e-12  # of the target: so much rounding may do


@dataclass(frozen=True)
class Push:
    """A line beside nodes, by id, such as `old → new`; and more of them under the target."""

    lines: Mapping[str, str]
    target: str
    verdict: Sequence[str] = ()
    banner: str = ""  # over all of it, as long as it is looked at: what is not as it should be


def knob_name(names: Names, knob: Knob) -> str:
    """`w`, or of a tensor `W[0, 2]`."""
    name = names.node(knob.leaf)
    return f"{name}[{', '.join(map(str, knob.index))}]" if knob.index else name


def push_of(along: Along, h: float, names: Names) -> Push | None:
    """The first number pushed by h, the others held; None where there is no target."""
    target = names.trace.plan.target
    if target is None:
        return None
    x, *rest = along.at
    before, after = along.values(*along.at), along.values(x + h, *rest)
    lines = {id: change_text(before[id], after[id]) for id in before if id in after}
    knob, (nudge, smaller) = along.knobs[0], along.nudges(h, h / 2)
    lines[knob.leaf] = f"{knob_name(names, knob)} {change_text(np.float64(x), np.float64(x + h))}"
    promised = f"∂{names.goal}/∂{knob_name(names, knob)} · h {number_text(nudge.promised, 4)}"
    apart = f"apart {number_text(0.0 if is_noise(nudge) else nudge.apart, 4)}"
    nearer = () if (times := nearer_by(nudge, smaller)) is None else (f"with half of h {times}",)
    really = f"really {number_text(nudge.really, 4)}"
    if names.goal_words:  # what stands above is the target, and this is not its change
        return Push(lines, target, (names.goal_words, f"{names.goal} {really}", promised, apart, *nearer))
    return Push(lines, target, (really, promised, apart, *nearer))


def is_noise(nudge: Nudge) -> bool:
    """Whether the line and the curve are apart by no more than rounding."""
    return abs(nudge.apart) <= NOISE * max(abs(nudge.before), abs(nudge.after), 1e-300)


def nearer_by(nudge: Nudge, smaller: Nudge) -> str | None:
    """How much nearer to the promise a smaller push comes: `4 times nearer`; None where there is nothing to compare."""
    if not isfinite(nudge.apart) or is_noise(nudge):
        return None
    if not isfinite(smaller.apart):
        return None
    if is_noise(smaller):
        return "not apart"
    times = abs(nudge.apart / smaller.apart)
    return f"{number_text(times, 2)} times nearer" if times >= NEARER else "no nearer"
