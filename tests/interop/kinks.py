"""Graphs at corners, at ties and far out, where one program's convention may be another's mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.graph.graph import Graph
from engine.passes.run import holding
from engine.text.read import parse
from engine.truth.conventions import CONVENTIONS
from tests.building import Row, graph_of

FAR = [-1000.0, -40.0, 0.0, 40.0, 1000.0]
# name → op, what goes in, settings. An element of the inputs is a case of its own too, as single numbers.
ELEMENTWISE: dict[str, tuple[str, list[list[float]], dict[str, Any]]] = {
    "relu": ("relu", [[-1, 0, 2]], {}),
    "leaky relu": ("leaky_relu", [[-1, 0, 2]], {"slope": 0.25}),
    "elu": ("elu", [[-1, 0, 2]], {"alpha": 1.75}),
    "abs": ("abs", [[-1, 0, 2]], {}),
    "max": ("max", [[1, 2, 0, -3], [1, 3, 0, -3]], {}),
    "min": ("min", [[1, 2, 0, -3], [1, 3, 0, -3]], {}),
    "mae": ("mae", [[1, 2, 0], [1, 3, 0]], {}),
    "hinge": ("hinge", [[1, -1, 2, 0.5], [1, -1, 1, -1]], {}),
    "sqrt": ("sqrt", [[0, 4]], {}),
    "log": ("log", [[0, 4]], {}),
    "division": ("div", [[1, 0, -1], [0, 2, 0]], {}),
    "far sigmoid": ("sigmoid", [FAR], {}),
    "far tanh": ("tanh", [FAR], {}),
    "far softplus": ("softplus", [FAR], {}),
    "far gelu": ("gelu", [FAR], {}),
    "far exp": ("exp", [FAR], {}),
    "far elu": ("elu", [FAR], {}),
    "bce at its ends": ("bce", [[0, 1, 0, 1], [0, 1, 1, 0]], {}),
    "far logits": ("bce_with_logits", [FAR, [0, 1, 1, 0, 0]], {}),
}
TENSORS: dict[str, tuple[str, list[Any]]] = {
    "far softmax": ("softmax", [[[1000, 0, -1000], [2, 2, 2]]]),
    "far log-softmax": ("log_softmax", [[[1000, 0, -1000], [2, 2, 2]]]),
    "far cross-entropy": ("cross_entropy", [[[1000, 0, -1000]], [[0, 1, 0]]]),
    "far cross-entropy of class ids": ("cross_entropy", [[[1000, 0, -1000], [2, 2, 2]], [1, 0]]),
    "max of a tie that is broadcast": ("max", [[[1, 2], [2, 1]], [1, 2]]),
    "mae of a tie that is broadcast": ("mae", [[[1, 2], [2, 1]], [1, 2]]),
    "hinge that is broadcast": ("hinge", [[[1, 2], [-1, 1]], [1, -1]]),
}


def convention_graphs() -> Iterator[tuple[str, Graph]]:
    """(name, graph) of each row of the table of conventions."""
    for row in CONVENTIONS:
        graph = parse(row.program)
        held = {name: value for name, value in row.leaves.items() if name in graph.nodes}
        yield f"{row.program} at {', '.join(map(str, row.leaves.values()))}", holding(graph, held)


def kink_graphs() -> Iterator[tuple[str, Graph]]:
    """(name, graph), all leaves learning."""
    for name, (op, inputs, settings) in ELEMENTWISE.items():
        yield name, _graph(op, inputs, settings)
        for numbers in zip(*inputs, strict=True):
            yield f"{name} {numbers}", _graph(op, list(numbers), settings)
    for name, (op, inputs) in TENSORS.items():
        yield name, _graph(op, inputs, {})
    for exponent in (0.0, 0.5, 1.0, 2.0, 3.0, -1.0):
        yield f"0 to the power of {exponent}", _power(exponent)


def _graph(op: str, inputs: list[Any], settings: dict[str, Any]) -> Graph:
    rows: list[Row] = [(f"a{i}", "parameter", np.array(x, dtype=float).tolist()) for i, x in enumerate(inputs)]
    names = [row[0] for row in rows]
    return graph_of(*rows, ("y", op, names), target="y", seed=0.5, settings={"y": settings})


def _power(exponent: float) -> Graph:
    leaves: list[Row] = [("x", "parameter", 0.0), ("c", "constant", exponent)]
    return graph_of(*leaves, ("y", "pow", ["x", "c"]), target="y")
