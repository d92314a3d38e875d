"""A model as layers of units: which layer feeds which, and with what weights, as far as that is so plain."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.graph.graph import Graph
from engine.learn.decisions import Numbers
from engine.learn.learnt import Learnt

_ASIDE = frozenset({"dropout"})  # what a unit's value passes through as it is


@dataclass(frozen=True)
class UnitLayer:
    """The units of a node; `weights` (units, units before) are those with which the layer `source` feeds them."""

    id: str
    source: str
    weights: Numbers


def unit_layers(graph: Graph, learnt: Learnt) -> list[UnitLayer]:
    """The layers from the dataset to the output, first to last; none where it is not a plain chain of them."""
    found: list[UnitLayer] = []
    for id in [*learnt.hidden, learnt.output]:
        if found and found[-1].id == id:
            continue  # the output is an activation
        layer = _fed(graph, id)
        expected = found[-1].id if found else learnt.dataset
        if layer is None or layer.source != expected:
            return []
        found.append(layer)
    return found


def _fed(graph: Graph, id: str) -> UnitLayer | None:
    """By what, and with which weights, a layer is fed: through Wx + b, or a matrix product and perhaps a bias."""
    for node in _back(graph, id):
        op, edges = graph.nodes[node].op_name, graph.into(node)
        if op not in ("linear", "matmul"):
            continue
        weights = graph.nodes[edges[1].source]
        if weights.op_name != "parameter" or weights.value is None or np.ndim(weights.value) != 2:
            return None
        held = np.asarray(weights.value)
        return UnitLayer(id, _origin(graph, edges[0].source), held if op == "linear" else held.T)
    return None


def _back(graph: Graph, id: str) -> Iterator[str]:
    """The nodes from an activation back to the product that feeds it, that one included."""
    here = id
    for _ in range(3):  # activation, bias, product
        yield here
        op, edges = graph.nodes[here].op_name, graph.into(here)
        inputs = [edge.source for edge in edges if graph.nodes[edge.source].op_name != "parameter"]
        if op in ("linear", "matmul") or len(inputs) != 1 or (op != "add" and len(edges) != 1):
            return
        here = inputs[0]


def _origin(graph: Graph, id: str) -> str:
    while graph.nodes[id].op_name in _ASIDE:
        id = graph.into(id)[0].source
    return id
