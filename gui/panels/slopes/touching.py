"""What a hand on a picture means for the graph: the edit, and what a picture depends on beside the numbers it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine import edits
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.truth.along import Knob
from engine.values.values import Value


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


@dataclass(frozen=True, eq=False)
class _AllBut:
    """What a leaf holds but for some of its elements: two are equal if all else is, to the last bit."""

    value: Value
    places: tuple[tuple[int, ...], ...]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _AllBut) or self.places != other.places or self.value.shape != other.value.shape:
            return False
        if self.value is other.value:
            return True
        differs = np.asarray(self.value).view(np.int64) != np.asarray(other.value).view(np.int64)
        return bool(np.count_nonzero(differs) == sum(differs[place] for place in self.places))

    __hash__ = None  # type: ignore[assignment]  # it holds an array


def _held_beside(graph: Graph, leaf: str, knobs: Sequence[Knob]) -> _AllBut:
    value = graph.nodes[leaf].value
    assert value is not None
    return _AllBut(value, tuple(dict.fromkeys(knob.index for knob in knobs if knob.leaf == leaf)))
