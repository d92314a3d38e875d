"""Each row's own gradient: a batch's is their mean, for a loss that is a mean over its rows, or their sum.

Symbols: g the gradient over all rows of training, gᵢ that of row i alone, n how many rows there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.graph.graph import Graph
from engine.learn.model import Model
from engine.learn.optimisers import Vector, norm

MOST_ROWS = 5_000  # of more, the gradients of single rows are not added up
NEAR = 1e-9  # of the length of g: what is apart by less is the same but for rounding


@dataclass(frozen=True)
class Shares:
    """What the single rows' gradients add up to. `lengths` holds ‖gᵢ‖ by row of the dataset, nan for the others."""

    lengths: NDArray[np.float64]
    batch: Vector  # g
    mean: Vector  # of all gᵢ
    count: int

    @property
    def how(self) -> Literal["mean", "sum", ""]:
        """What of the gᵢ g is; empty where rows are not told apart, as in a norm over the batch."""
        bound = NEAR * max(norm(self.batch), float(np.nanmax(self.lengths, initial=0.0)), 1e-300)
        return "mean" if self.apart(self.mean) <= bound else "sum" if self.apart(self.sum) <= bound else ""

    @property
    def sum(self) -> Vector:
        return self.mean * self.count

    def apart(self, other: Vector) -> float:
        """The largest difference to g."""
        return float(np.max(np.abs(other - self.batch), initial=0.0))


def shares(graph: Graph) -> Iterator[Shares | None]:
    """Row by row, None after each; what comes last is whole. Nothing at all where passes are not the same each time.

    Raises as `Model` does for what cannot be trained.
    """
    if any(node.op_name == "dropout" for node in graph.nodes.values()):
        return
    model = Model(graph)
    if len(model.datasets) != 1 or not 1 < model.row_count <= MOST_ROWS:
        return
    (data,) = model.datasets.values()
    lengths, total = np.full(len(data.features), np.nan), np.zeros_like(model.theta)
    with np.errstate(all="ignore"):
        batch = model.pull(None)[1].copy()
        for at, row in enumerate(data.training):
            gradient = model.pull(np.array([at]))[1]
            lengths[row] = norm(gradient)
            total += gradient
            yield None
    yield Shares(lengths, batch, total / model.row_count, model.row_count)
