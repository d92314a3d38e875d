"""How a training goes, as curves: the loss of each step, and loss and accuracy over all rows now and then."""

from __future__ import annotations

from math import ceil

import numpy as np

from engine.learn.trainer import Evaluation, Trainer
from gui.widgets.curve_plot import Curve

MOST = 600  # points of the losses of single steps that are drawn


def per_epoch(trainer: Trainer) -> float:
    """How many steps an epoch has."""
    return trainer.step / trainer.epoch if trainer.step else 1.0


def unit_of(trainer: Trainer) -> str:
    """What the x axis counts: epochs, or steps where an epoch is one step."""
    return "epoch" if trainer.step and trainer.epoch < trainer.step else "step"


def loss_curves(trainer: Trainer) -> list[Curve]:
    """Over the rows of training and over those held out; behind them that of each batch."""
    return [*_batches(trainer), *_evaluated(trainer, "loss", "held_loss")]


def accuracy_curves(trainer: Trainer) -> list[Curve]:
    """The same for the accuracy; none unless the loss is a classifier's."""
    return _evaluated(trainer, "accuracy", "held_accuracy")


def _batches(trainer: Trainer) -> list[Curve]:
    losses, scale = trainer.history.losses, per_epoch(trainer)
    if scale <= 1:
        return []  # a step sees all rows: it is the same curve
    stride = ceil(len(losses) / MOST) or 1
    xs = np.arange(0, len(losses), stride) / scale
    return [Curve("batch", "edge", xs, np.array(losses[::stride]), faint=True)]


def _evaluated(trainer: Trainer, seen: str, held: str) -> list[Curve]:
    evaluations = trainer.history.evaluations
    pairs = ((seen, "training", "neg", False), (held, "held out", "pos", True))
    curves = (_curve(evaluations, field, name, use, dashed) for field, name, use, dashed in pairs)
    return [curve for curve in curves if curve is not None]


def _curve(evaluations: list[Evaluation], field: str, name: str, use: str, dashed: bool) -> Curve | None:
    points = [(e.epoch, number) for e in evaluations if (number := getattr(e, field)) is not None]
    if not points:
        return None
    xs, ys = np.array(points).T
    return Curve(name, use, xs, ys, dashed)
