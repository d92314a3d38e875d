"""Graphs with a flaw in them, and the problems that are found."""

from __future__ import annotations

import numpy as np

from engine.graph.graph import Graph
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.truth.problem import Problem
from engine.truth.unfinished import find_problems
from tests.building import graph_of

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3))
CLASSES = (X[:, :1] > 0) * 1.0
UNEVEN = RNG.normal(size=(40, 1))


def problems(graph: Graph) -> list[Problem]:
    return find_problems(graph, trace_of(make_plan(graph), leaf_values(graph), graph.seed))


def layer(op: str = "", targets: object = UNEVEN, loss: str = "mse", x: object = X) -> Graph:
    """x → linear → op → loss, all of it typed in."""
    rows = [("x", "input", x), ("W", "parameter", np.full((1, 3), 0.3)), ("b", "parameter", np.zeros(1))]
    rows += [("t", "constant", targets), ("z", "linear", ["x", "W", "b"])]
    rows += [("y", op, ["z"])] if op else []
    return graph_of(*rows, ("loss", loss, ["y" if op else "z", "t"]), target="loss")


def line_of(op: str, count: int, **leaves: float) -> Graph:
    """x → op → op → …, each with the same leaf where it takes two."""
    rows = [(name, "parameter" if name == "w" else "input", value) for name, value in leaves.items()]
    second = [name for name in leaves if name != "x"]
    rows += [(f"n{i}", op, [f"n{i - 1}" if i else "x", *second]) for i in range(count)]
    return graph_of(*rows, target=f"n{count - 1}")


def convolutions(size: float) -> Graph:
    """Four convolutions of an image, one channel, 3×3, with tanhs between."""
    rng = np.random.default_rng(0)
    rows, at = [("x", "input", rng.normal(size=(2, 1, 12, 12)))], "x"
    for i in range(4):
        rows += [(f"K{i}", "parameter", rng.normal(0, size, (1, 1, 3, 3))), (f"c{i}", "conv2d", [at, f"K{i}"])]
        rows += [(f"h{i}", "tanh", [f"c{i}"])]
        at = f"h{i}"
    return graph_of(*rows, ("L", "mean", [at]), target="L")
