"""What a hand on a picture means for the graph: the edit, and what a picture depends on beside the numbers it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.truth.along import Knob


def rounded(x: float, low: float, high: float) -> float:
    """A number that is short to read: a hand can tell a few hundred places of what is seen."""
    digits = 2 - int(np.floor(np.log10(max(high - low, 1e-300))))
    return round(x, digits) + 0.0


def with_numbers(graph: Graph, numbers: Mapping[Knob, float]) -> Change:
    """The edit that puts numbers into their places in leaves."""
    values = {knob.leaf: np.array(graph.nodes[knob.leaf].value, np.float64) for knob in numbers}
    for knob, number in numbers.items():
        values[knob.leaf][knob.index] = number
    if len(values) == 1:
        ((leaf, value),) = values.items()
        return edits.set_value(graph, leaf, value[()])
    said = "Move " + " and ".join(graph.nodes[leaf].name for leaf in values)
    return edits.set_parameters(graph, {leaf: value[()] for leaf, value in values.items()}, said)


def rest_of(graph: Graph, knobs: Sequence[Knob]) -> tuple[object, ...]:
    """All that the target over these knobs depends on, but for what they hold."""
    leaves = dict.fromkeys(knob.leaf for knob in knobs)
    others = (node for id, node in graph.nodes.items() if id not in leaves)
    nodes = tuple((node.id, node.op_name, node.settings, node.value_key) for node in others)
    held = tuple(_held_beside(graph, leaf, knobs) for leaf in leaves)
    return nodes, tuple(graph.edges.items()), held, graph.seed, graph.target


def _held_beside(graph: Graph, leaf: str, knobs: Sequence[Knob]) -> bytes:
    value = np.array(graph.nodes[leaf].value, np.float64)
    for knob in knobs:
        if knob.leaf == leaf:
            value[knob.index] = 0.0
    return value.tobytes()
