"""A model as layers of units: which layer feeds which, and with what weights, as far as that is so plain."""

import re
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
    nodes: tuple[str, ...] = ()  # where each unit is a node of its own: these


def unit_layers(graph: Graph, learnt: Learnt) -> list[UnitLayer]:
    """The layers from the dataset to the output, first to last; none where it is not a plain chain of them."""
    found: list[UnitLayer] = []
    for id in [*learnt.hidden, learnt.output]:
        if found and found[-1].id == id:
            continue  # the output is an activation
        layer = _fed(graph, id)
        expected = found[-1].id if found else learnt.dataset
        if layer is None or layer.source != expected:
            return _single_units(graph, learnt)
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


# --- nets drawn number by number: a node for each unit, and for each weight


def _single_units(graph: Graph, learnt: Learnt) -> list[UnitLayer]:
    """The same where each unit is a node, fed by sums of weights times units of the layer before; else none."""
    level = {(learnt.dataset, column): 0 for column in range(len(learnt.columns))}
    terms: dict[str, dict[Place, float]] = {}
    for id in dict.fromkeys([*learnt.hidden, learnt.output]):
        found = _weighted(graph, id, learnt)
        if not found or any(place not in level for place in found):
            return []
        if len({level[place] for place in found}) > 1:
            return []  # it reaches over a layer
        terms[id] = found
        level[id, 0] = 1 + level[next(iter(found))]
    layers: list[UnitLayer] = []
    before: list[Place] = [(learnt.dataset, column) for column in range(len(learnt.columns))]
    for depth in range(1, max(level.values()) + 1):
        ids = tuple(id for id in terms if level[id, 0] == depth)
        weights = np.array([[terms[id].get(place, 0.0) for place in before] for id in ids])
        layers.append(UnitLayer(ids[0], before[0][0], weights, ids))
        before = [(id, 0) for id in ids]
    return layers if len(layers[-1].nodes) == 1 else []


Place = tuple[str, int]  # a node and 0, or the dataset and one of its columns


def _weighted(graph: Graph, id: str, learnt: Learnt) -> dict[Place, float]:
    """What a unit adds up: place → weight; empty where it is something else than such a sum, bent or not."""
    here = id
    edges = graph.into(here)
    if here in learnt.hidden and len(edges) == 1:
        here = edges[0].source
    parts = [edge.source for edge in graph.into(here)] if graph.nodes[here].op_name == "add" else [here]
    found: dict[Place, float] = {}
    for part in parts:
        if _number(graph, part) is not None:
            continue  # the bias
        term = _term(graph, part, learnt)
        if term is None or term[0] in found:
            return {}
        found[term[0]] = term[1]
    return found


def _term(graph: Graph, id: str, learnt: Learnt) -> tuple[Place, float] | None:
    """A weight times a unit or a feature, in either order."""
    if graph.nodes[id].op_name != "mul" or len(graph.into(id)) != 2:
        return None
    one, other = (edge.source for edge in graph.into(id))
    for weight, unit in ((one, other), (other, one)):
        number, place = _number(graph, weight), _place(graph, unit, learnt)
        if number is not None and place is not None:
            return place, number
    return None


def _number(graph: Graph, id: str) -> float | None:
    node = graph.nodes[id]
    return float(node.value) if node.op_name == "parameter" and node.value is not None and not node.value.ndim else None


def _place(graph: Graph, id: str, learnt: Learnt) -> Place | None:
    """A hidden unit, or a column of the features."""
    if id in learnt.hidden:
        return id, 0
    node = graph.nodes[id]
    if node.op_name != "index" or graph.into(id)[0].source != learnt.dataset or graph.into(id)[0].output:
        return None
    column = re.fullmatch(r":,\s*(\d+)", str(node.setting("at")).strip())
    return (learnt.dataset, int(column[1])) if column else None
