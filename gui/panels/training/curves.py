"""How a training goes, as curves: the loss of each step, and loss and accuracy over all rows now and then."""

from collections.abc import Callable, Sequence
from math import ceil

import numpy as np

from engine.learn.trainer import Evaluation, Trainer
from engine.values.values import number_text
from gui.widgets.plot import Curve, Figure, Mark
from gui.widgets.plot_axes import Axis, short_text, ticked

MOST = 600  # points of the losses of single steps that are drawn
NOTHING = "The curve is drawn here, step by step."
NO_LOGARITHM = "Nothing is above 0, so there is no logarithm to draw."


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


def figure(
    title: str,
    trainer: Trainer | None,
    curves: Sequence[Curve],
    *,
    log: bool = False,
    text: Callable[[float], str] = short_text,
    most: float | None = None,
    at: float | None = None,
    since: float | None = None,
) -> Figure:
    """Curves over the whole training, or further; `most`, where there is one, is the top of the axis. `at` is marked:
    the epoch of the numbers that the graph holds; and so is `since`, that from which something hinders it."""
    longest = max((float(curve.xs[-1]) for curve in curves if len(curve.xs)), default=0.0)
    end = max(trainer.total / per_epoch(trainer), longest, 1e-9) if trainer else 1.0
    unit, shown = unit_of(trainer) if trainer else "", tuple(curve for curve in curves if len(curve.xs))
    ends = [end for curve in shown for end in _ends(curve, log)]
    hint = "" if ends else NOTHING if not shown else NO_LOGARITHM
    height = Axis(0.0, 1.0) if hint else ticked(*_span(ends, log, most), log, text)
    foot = ("0", unit, number_text(end))
    named = next((curve for curve in shown if curve.name), None)
    mark = Mark(at, named.at(at)) if at is not None and named is not None and not hint else None
    return Figure(title, Axis(0.0, end), height, shown, foot, mark=mark, unit=unit, text=text, hint=hint, warned=since)


def _span(ends: list[float], log: bool, most: float | None) -> tuple[float, float]:
    """From the lowest to the highest y to be seen, with a little room; 0 is seen on a linear axis."""
    if most is not None:
        return 0.0, most
    low, high = min(ends), max(ends)
    if not log:
        low = min(low, 0.0)
    slack = max((high - low) * 0.06, 1e-12 * max(1.0, abs(high)))
    return low if low == 0 and not log else low - slack, high + slack


def _ends(curve: Curve, log: bool) -> tuple[float, ...]:
    """The lowest and highest y of a curve as they stand on the axis; of a faint one not its wildest points."""
    with np.errstate(all="ignore"):
        heights = np.where(curve.ys > 0, np.log10(curve.ys), np.nan) if log else curve.ys
    heights = heights[np.isfinite(heights)]
    if not heights.size:
        return ()
    if curve.faint:
        low, high = np.percentile(heights, [2, 98])
        return float(low), float(high)
    return float(heights.min()), float(heights.max())


def _batches(trainer: Trainer) -> list[Curve]:
    losses, scale = trainer.history.losses, per_epoch(trainer)
    if scale <= 1:
        return []  # a step sees all rows: it is the same curve
    stride = ceil(len(losses) / MOST) or 1
    xs = np.arange(0, len(losses), stride) / scale
    return [Curve("", "edge", xs, np.array(losses[::stride]), faint=True)]


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
