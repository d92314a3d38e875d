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


def scalar_network(
    widths: Sequence[int] = (2, 8, 8, 1), activation: str = "", chained: bool = False, loss: bool = True
) -> Graph:
    """A network drawn number by number: Σ w·x + b for each neuron, in one sum or `chained`; (y − t)² at its end.

    Without a loss 2-8-8-1 has 212 nodes and 16-32-32-16-1 has 4,306.
    """
    rng = np.random.default_rng(0)
    rows: list[Row] = [(f"x{i}", "input", rng.normal()) for i in range(widths[0])]
    at = [row[0] for row in rows]
    for layer, (into, out) in enumerate(pairwise(widths), 1):
        ends = []
        for j in range(out):
            name = f"{layer}_{j}"
            rows += [(f"w{name}_{i}", "parameter", rng.normal() / into) for i in range(into)]
            rows += [(f"m{name}_{i}", "mul", [f"w{name}_{i}", at[i]]) for i in range(into)]
            rows.append((f"b{name}", "parameter", 0.1))
            terms = [*(f"m{name}_{i}" for i in range(into)), f"b{name}"]
            rows += _sums(f"z{name}", terms, chained)
            if activation and layer < len(widths) - 1:
                rows.append((f"h{name}", activation, [f"z{name}"]))
            ends.append(rows[-1][0])
        at = ends
    if loss:
        rows += [("t", "input", 0.5), ("d", "sub", [at[0], "t"]), ("loss", "square", ["d"])]
    return graph_of(*rows, target="loss" if loss else at[0])


def _sums(name: str, terms: list[str], chained: bool) -> list[Row]:
    if not chained:
        return [(name, "add", terms)]
    rows: list[Row] = []
    total = terms[0]
    for i, term in enumerate(terms[1:], 2):
        rows.append((name if i == len(terms) else f"{name}_{i}", "add", [total, term]))
        total = rows[-1][0]
    return rows
