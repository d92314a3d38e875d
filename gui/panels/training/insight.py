"""What goes on inside a training, as curves over it: gradients, updates, dead units, flat slopes, a line a layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.learn.trainer import Evaluation, Trainer
from gui.widgets.plot import Curve

COLOURS = ("neg", "pos", "leaf", "activation", "tensor", "loss")
FEW = 3  # parameters, of which each is drawn, be it a matrix or not
MOST = 6  # lines: the first layer, some in the middle, and the last

Numbers = dict[str, float]


@dataclass(frozen=True)
class Insight:
    """One thing that can be looked at: a number of each layer, or parameter, at each look at the training."""

    title: str
    tip: str
    numbers: Callable[[Evaluation], Numbers]
    log: bool = True
    share: bool = False  # between 0 and 1
    of_step: bool = False  # of the step before, and of every graph: there is none at the first look


def _dead(look: Evaluation) -> Numbers:
    return {id: layer.dead for id, layer in look.health.items() if layer.dead is not None}


def _flat(look: Evaluation) -> Numbers:
    return {id: layer.flat for id, layer in look.health.items() if layer.flat is not None}


INSIGHTS = {
    "gradient": Insight(
        "Length of the gradient",
        "How long the gradient of each parameter was, in the step before",
        lambda e: e.gradient_norms,
        of_step=True,
    ),
    "update": Insight(
        "Update : weight",
        "How far a step moved each parameter, against how large it is: about 0.001 is usual",
        lambda e: e.update_ratios,
        of_step=True,
    ),
    "dead": Insight(
        "Dead units", "Which share of a layer's units is closed for every training row", _dead, log=False, share=True
    ),
    "flat": Insight(
        "Saturated slopes",
        "Which share of a layer's slopes is below 1 % of the steepest, over all training rows",
        _flat,
        log=False,
        share=True,
    ),
}


def insight_curves(insight: Insight, trainer: Trainer) -> list[Curve]:
    """A curve for each layer, in the order in which they are computed; of many the first ones and the last."""
    looks = trainer.history.evaluations
    ids = _spread_out(_of_layers(trainer, list(dict.fromkeys(id for look in looks for id in insight.numbers(look)))))
    return [_insight_curve(insight, trainer, id, number) for number, id in enumerate(ids)]


def _insight_curve(insight: Insight, trainer: Trainer, id: str, number: int) -> Curve:
    points = [
        (look.epoch, insight.numbers(look)[id]) for look in trainer.history.evaluations if id in insight.numbers(look)
    ]
    xs, ys = np.array(points).T
    node = trainer.graph.nodes.get(id)
    name = node.name if node is not None else id
    return Curve(name, COLOURS[number % len(COLOURS)], xs, ys, dashed=bool(number % 2))


def _of_layers(trainer: Trainer, ids: list[str]) -> list[str]:
    """Of many parameters those that are matrices: a layer's weights speak for its bias too."""
    nodes = trainer.graph.nodes
    matrices = [id for id in ids if id in nodes and getattr(nodes[id].value, "ndim", 0) > 1]
    return matrices if len(ids) > FEW and matrices else ids


def _spread_out(every: list[str]) -> list[str]:
    """All, or as many as can be told apart, evenly from the first to the last."""
    if len(every) <= MOST:
        return every
    return [every[round(at)] for at in np.linspace(0, len(every) - 1, MOST)]
