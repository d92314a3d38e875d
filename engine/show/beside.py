"""What stands beside the edges, as it is chosen: values and gradients, one of them, local derivatives, or tangents."""

from typing import Literal, NamedTuple

import numpy as np

from engine.passes.trace import ContributionStep
from engine.show.chain import Chains
from engine.values.values import value_text

EdgesShown = Literal["both", "local", "values", "gradients", "tangents"]
EDGES_SHOWN: tuple[EdgesShown, ...] = ("both", "local", "values", "gradients", "tangents")
LONGEST = 40  # characters: of what is longer the formula is left out
BY_ELEMENT = ", each element"
OVER = "\N{FRACTION SLASH}"  # between the two parts of ∂z⁄∂w: where there is room they are set over one another
AFTER_NAME = (" = ", BY_ELEMENT)


class OnEdges(NamedTuple):
    """What was chosen; of tangents with the leaf that moves, by its id."""

    shown: EdgesShown = "both"
    leaf: str = ""


USUAL = OnEdges()


def local_text(chains: Chains, step: ContributionStep) -> str:
    """∂m⁄∂w = x = 1.5: the local derivative on an edge. Of arrays no number, for they have many; of an op with a rule
    only what it is called."""
    factor = chains.factor(step)
    name = OVER.join(factor.name.rsplit("/", 1))
    if factor.number is None:
        return name
    number = value_text(factor.number) if factor.number.ndim == 0 else ""
    formula = factor.alone or factor.formula
    sides = [name, formula, number]
    told = list(dict.fromkeys(side for side in sides if side))
    text = " = ".join(told)
    if len(text) > LONGEST:
        text = " = ".join(side for side in told if side != formula or side == number)
    return text + (BY_ELEMENT if np.ndim(step.upstream) else "")
