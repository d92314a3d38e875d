"""Networks to train, and the training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from tests.building import graph_of
from tests.networks import shipped

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
T = (X[:, :1] > 0) * 1.0
SGD = TrainingConfig("sgd", lr=0.1, batch=0)
LINE, MOONS = shipped("train-line"), shipped("train-moons")


def trained(graph: Graph, config: TrainingConfig | None = None, **other: object) -> Trainer:
    trainer = Trainer(graph, replace(config or TrainingConfig.of(graph), **other))
    trainer.run()
    return trainer


def regression(x: object = X, total: bool = False) -> Graph:
    """A line through typed rows; `total`: its loss is a sum of squares, not their mean."""
    rows = [("x", "input", x), ("W", "parameter", np.full((1, 3), 0.3)), ("b", "parameter", np.zeros(1))]
    rows += [("t", "constant", T), ("z", "linear", ["x", "W", "b"])]
    if not total:
        return graph_of(*rows, ("loss", "mse", ["z", "t"]), target="loss")
    rows += [("d", "sub", ["z", "t"]), ("q", "square", ["d"]), ("loss", "sum", ["q"])]
    return graph_of(*rows, target="loss", settings={"loss": {"axis": "all"}})


def bounded(activation: str, targets: object) -> Graph:
    """A layer behind an activation of which the targets ask too much."""
    rows = [("x", "input", X), ("W", "parameter", np.full((1, 3), 0.3)), ("b", "parameter", np.ones(1))]
    rows += [("t", "constant", targets), ("z", "linear", ["x", "W", "b"]), ("y", activation, ["z"])]
    return graph_of(*rows, ("loss", "mse", ["y", "t"]), target="loss")


def slide(op: str = "mul") -> Graph:
    """y = 2w, which has no lowest value."""
    return graph_of(("w", "parameter", 1.0), ("x", "input", 2.0), ("y", op, ["w", "x"]), target="y")
