"""Layered networks for the tests, as small programs would build them: what is odd about one is said as an argument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np

from engine.files.codec import decode
from engine.graph.graph import Graph
from tests.building import Row, graph_of

Weights = Callable[[int, int], Any]  # fan-out, fan-in


def shipped(name: str) -> Graph:
    """An example that comes with the program."""
    return decode(files("assets").joinpath("examples", f"{name}.gradloom").read_bytes())


def he(seed: int = 0, gain: float = 2.0) -> Weights:
    """Random weights of √(gain / fan-in)."""
    rng = np.random.default_rng(seed)
    return lambda out, into: rng.normal(0, np.sqrt(gain / into), (out, into))


def of_size(size: float, seed: int = 0) -> Weights:
    """Random weights of one size, whatever the fan-in."""
    rng = np.random.default_rng(seed)
    return lambda out, into: rng.normal(0, size, (out, into))


def network(
    widths: Sequence[int] = (2, 16, 16, 1),
    activation: str = "relu",
    loss: str = "bce_with_logits",
    weights: Weights | None = None,
    last: str = "",
    bias: float = 0.0,
    seed: float = 1.0,
    training: dict[str, Any] | None = None,
    others: Sequence[Row] = (),
    **data: Any,
) -> Graph:
    """data → linear → activation → … → linear (→ last) → loss; `data` are the settings of the dataset (moons)."""
    make = weights or he()
    rows: list[Row] = [*others, ("data", "dataset", None)]
    at = "data"
    for i, (into, out) in enumerate(pairwise(widths), 1):
        rows += [(f"W{i}", "parameter", make(out, into)), (f"b{i}", "parameter", np.full(out, bias))]
        rows += [(f"z{i}", "linear", [at, f"W{i}", f"b{i}"])]
        at = f"z{i}"
        if i < len(widths) - 1:
            rows.append((f"h{i}", activation, [at]))
            at = f"h{i}"
    if last:
        rows.append(("y", last, [at]))
        at = "y"
    rows.append(("loss", loss, [at, "data"]))
    graph = graph_of(*rows, target="loss", seed=seed, settings={"data": {"name": "moons"} | data})
    edges = [replace(edge, output=1) if edge.key == ("loss", 1) else edge for edge in graph.edges.values()]
    facts = {"training": training} if training else {}
    return Graph.of(graph.nodes.values(), edges, target="loss", seed=seed, **facts)
