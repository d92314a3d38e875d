"""The loss against the learning rate: the same short training at many rates, and where that helps no more.

Leslie Smith (2017) raises the rate within one run; here each rate has a run of its own from the same start, so that no
rate is judged by what those before it did.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import StringIO

import numpy as np

from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer

RATES: tuple[float, ...] = tuple(float(f"{rate:.3g}") for rate in np.logspace(-4, 1, 16))
STEPS = 60  # of each run


@dataclass(frozen=True)
class Tried:
    """One rate: the loss over all rows of training after the steps, nan where it diverged, and before them."""

    rate: float
    loss: float
    diverged: bool
    start: float = float("inf")

    @property
    def worse(self) -> bool:
        """Whether the steps have led to a greater loss than there was."""
        return self.diverged or self.loss > self.start


def sweep(
    graph: Graph, config: TrainingConfig, rates: tuple[float, ...] = RATES, steps: int = STEPS
) -> Iterator[Tried | None]:
    """Rate by rate; None after each step. Raises as `Trainer` does."""
    for rate in rates:
        trainer = Trainer(graph, replace(config, lr=rate, steps=steps))
        while not trainer.done:
            trainer.run(1)
            yield None
        diverged = trainer.conclusion is not None and trainer.conclusion.kind in ("diverged", "not finite")
        looks = trainer.history.evaluations
        yield Tried(rate, float("nan") if diverged else looks[-1].loss, diverged, looks[0].loss)


def alike(one: TrainingConfig, other: TrainingConfig) -> bool:
    """Whether a sweep of both is the same: it has rates and a length of its own."""
    first, second = (replace(config, lr=1.0, epochs=0, steps=0) for config in (one, other))
    return first == second


def best_rate(tried: list[Tried]) -> Tried | None:
    """The one with the least loss."""
    finite = [each for each in tried if np.isfinite(each.loss)]
    return min(finite, key=lambda each: each.loss, default=None)


def worse_from(tried: Sequence[Tried]) -> float | None:
    """The least rate from which on each one leads to a greater loss than there was; None: the highest does not."""
    found = None
    for each in sorted(tried, key=lambda each: -each.rate):
        if not each.worse:
            break
        found = each.rate
    return found


def rates_csv(tried: Sequence[Tried]) -> str:
    """Every rate as a line; one that diverged has no loss. Numbers read back to the same bits."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["rate", "loss", "diverged"])
    for each in tried:
        writer.writerow([repr(each.rate), "" if each.diverged else repr(float(each.loss)), int(each.diverged)])
    return text.getvalue()
