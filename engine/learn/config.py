"""What is asked of a training: the optimiser and its numbers, kept in the graph as its fact “training”."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Any

from engine.errors import EditRefused
from engine.graph.graph import Graph
from engine.learn.optimisers import OPTIMISERS
from engine.values.plain import shortened, shown
from engine.values.values import number_text


@dataclass(frozen=True)
class TrainingConfig:
    """How to train. `batch` 0: all rows at once; `steps` 0: as many as the epochs have; `clip` 0: no limit.

    Raises EditRefused with a sentence where a number makes no sense.
    """

    optimizer: str = "adam"
    lr: float = 0.01
    batch: int = 32
    epochs: int = 100
    steps: int = 0
    seed: int = 0
    weight_decay: float = 0.0
    clip: float = 0.0

    def __post_init__(self) -> None:
        if self.optimizer not in OPTIMISERS:
            raise EditRefused(f"There is no optimiser “{self.optimizer}”; choose one of {', '.join(OPTIMISERS)}.")
        if not (math.isfinite(self.lr) and self.lr > 0):
            raise EditRefused(f"The learning rate must be a number above 0, not {number_text(self.lr)}.")
        for name in ("batch", "epochs", "steps", "seed", "weight_decay", "clip"):
            number = getattr(self, name)
            if not (math.isfinite(number) and number >= 0):
                raise EditRefused(f"“{name}” must be a number, 0 or above, not {number_text(number)}.")

    @classmethod
    def of(cls, graph: Graph) -> TrainingConfig:
        """What the graph's fact “training” says, with defaults for the rest. Raises EditRefused."""
        fact = graph.fact("training") or {}
        known = {f.name: f.default for f in fields(cls)}
        for name, value in fact.items():
            if name not in known:
                raise EditRefused(f"Training has no setting “{shortened(name)}”; its settings are {', '.join(known)}.")
            if not _is_like(value, known[name]):
                raise EditRefused(
                    f"The training setting “{name}” must be a value like {known[name]!r}, not {shown(value)}."
                )
        return cls(**fact)

    @property
    def said(self) -> dict[str, Any]:
        """What differs from the defaults: that is kept in the graph."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) != f.default}


def _is_like(value: Any, default: Any) -> bool:
    if isinstance(default, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return type(value) is type(default)
