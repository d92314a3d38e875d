"""Nets drawn as scalars for the tests: each neuron its weights, products, sum and activation, and if wanted a group."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from engine import edits
from engine.graph.graph import Graph
from tests.building import Row, graph_of


def scalar_net(widths: Sequence[int] = (2, 8, 8, 1), activation: str = "tanh", seed: int = 0) -> Graph:
    """Inputs x1 …, neurons n1_1 … layer by layer, and the square loss of the last ones."""
    rng = np.random.default_rng(seed)
    rows: list[Row] = [(f"x{i + 1}", "input", float(rng.normal())) for i in range(widths[0])]
    sources = [id for id, _, _ in rows]
    for layer, (into, out) in enumerate(pairwise(widths), 1):
        made = []
        for k in range(1, out + 1):
            own = f"n{layer}_{k}"
            for i, source in enumerate(sources, 1):
                rows += [(f"{own}_w{i}", "parameter", float(rng.normal() / np.sqrt(into)))]
                rows += [(f"{own}_m{i}", "mul", [source, f"{own}_w{i}"])]
            rows.append((f"{own}_b", "parameter", float(rng.normal() / 4)))
            rows.append((f"{own}_s", "add", [*(f"{own}_m{i}" for i in range(1, into + 1)), f"{own}_b"]))
            rows.append((own, activation, [f"{own}_s"]))
            made.append(own)
        sources = made
    rows += [("t", "constant", 0.5), ("e", "sub", [sources[0], "t"]), ("loss", "square", ["e"])]
    return graph_of(*rows, target="loss")


def neurons_of(graph: Graph) -> dict[str, list[str]]:
    """The nodes of each neuron, by the id of its activation."""
    heads = [id for id in graph.nodes if id.startswith("n") and id.count("_") == 1]
    return {head: [id for id in graph.nodes if id == head or id.startswith(f"{head}_")] for head in heads}


def grouped(graph: Graph, folded: bool = True) -> Graph:
    """The same with each neuron a group, arranged as it is shown."""
    for head, nodes in neurons_of(graph).items():
        graph = graph.apply(edits.arrange_nodes(graph, nodes))
        title = f"Neuron {head.removeprefix('n')}"
        graph = graph.apply(edits.make_group(graph, nodes, title=title))
    if folded:
        graph = graph.apply(edits.fold_groups(graph, list(graph.groups)))
    return graph.apply(edits.arrange_nodes(graph))
