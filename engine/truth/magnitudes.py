"""How large the numbers are that go into a node, and which leaf makes them so: data, weights, or a bias.

Symbols: n how many inputs a unit has; r the root mean square of all elements.
A weight keeps the size of what it is given where r = 1/√n; He's r = √(2/n) is the same for half-closed gates.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Any, Literal

import numpy as np

from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.values.values import Shape, number_text, thousands

Role = Literal["weights", "bias", "data"]


@dataclass(frozen=True)
class Feed:
    """One leaf or earlier node that goes into a node: its role there, and `size`, how much it enlarges the result."""

    id: str
    role: Role
    size: float  # of weights r·√n: above 1 they enlarge; of data and biases r
    fan_in: int = 1
    largest: float = 0.0


def root_mean_square(value: Any) -> float:
    """r = √(mean of squares); 0 of nothing."""
    array = np.asarray(value, dtype=float)
    with np.errstate(all="ignore"):
        return float(np.sqrt(np.mean(array * array))) if array.size else 0.0


def feeds(graph: Graph, trace: Trace, id: str) -> list[Feed]:
    """All that goes into a node through sums and products alone, the one that enlarges it most first."""
    found: dict[str, Feed] = {}
    waiting, seen = [edge.source for edge in graph.into(id)], set[str]()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        if graph.nodes[at].op.combines:
            waiting += [edge.source for edge in graph.into(at)]
        elif (value := trace.value(at)) is not None:
            found[at] = _feed(graph, at, value)
    return sorted(found.values(), key=lambda feed: -feed.size)


def _feed(graph: Graph, id: str, value: Any) -> Feed:
    largest = float(np.max(np.abs(value), initial=0.0))
    if graph.nodes[id].op_name != "parameter":
        return Feed(id, "data", root_mean_square(value), 1, largest)
    if not multiplies(graph, id):
        return Feed(id, "bias", root_mean_square(value), 1, largest)
    fan_in = fan_in_of(graph, id, np.shape(value))
    return Feed(id, "weights", root_mean_square(value) * sqrt(fan_in), fan_in, largest)


def shape_of(graph: Graph, id: str) -> Shape:
    """The shape of what a leaf holds."""
    value = graph.nodes[id].value
    return () if value is None else value.shape


def multiplies(graph: Graph, id: str) -> bool:
    """Whether a leaf is a factor somewhere: a weight; else it is only added, as a bias is."""
    return any(graph.nodes[edge.dest].op.combines == "product" and edge.port < 2 for edge in graph.out_of(id))


def fan_in_of(graph: Graph, id: str, shape: Sequence[int]) -> int:
    """How many inputs a unit with these weights has: linear has a row a unit, a product from the right a column."""
    if not shape:
        return 1
    for edge in graph.out_of(id):
        op = graph.nodes[edge.dest].op_name
        if op == "matmul" and edge.port == 1:
            return int(shape[0])
        if op == "conv2d":
            return int(np.prod(shape[1:]))  # (channels out, channels in, height, width)
        if op in ("linear", "matmul", "dot", "vecdot"):
            return int(shape[-1])
    return 1


def advice_on(graph: Graph, causes: Sequence[Feed]) -> tuple[str, str]:
    """Why what is fed in is so large, and what to do: (“the weights in W1 are as large as 30”, a remedy).

    `causes` are of one role: one for each of the nodes that are told together.
    """
    first, names = causes[0], series(graph, [cause.id for cause in causes])
    several = len({cause.id for cause in causes}) > 1
    largest = number_text(max(cause.largest for cause in causes), 3)
    if first.role == "weights":
        return _advice_on_weights(graph, first, names, largest, several)
    if first.role == "bias":
        biases = f"the biases {names} are" if several else f"the bias {names} is"
        return f"{biases} as far from 0 as {largest}", f"Start {names} at 0."
    if not shape_of(graph, first.id) and graph.nodes[first.id].op.is_leaf and not graph.nodes[first.id].op.supply:
        return f"{names} is as far from 0 as {largest}", f"Bring {names} closer to 0."
    return f"the numbers in {names} are as large as {largest}", scale_remedy(graph, first.id, first.size)


def _advice_on_weights(graph: Graph, first: Feed, names: str, largest: str, several: bool) -> tuple[str, str]:
    if not shape_of(graph, first.id):
        weights = f"the weights {names} are as large as" if several else f"the weight {names} is as far from 0 as"
        return f"{weights} {largest}", f"Start {names} nearer to 0."
    good = number_text(1 / sqrt(first.fan_in), 2)
    given = "1 input" if first.fan_in == 1 else f"{first.fan_in} inputs"
    of = f" in {graph.nodes[first.id].name}" if several else ""
    remedy = f"Start {names} with smaller weights: for {given}{of}, numbers of about {good} (1/√{first.fan_in})."
    return f"the weights in {names} are as large as {largest}", remedy


def scale_remedy(graph: Graph, id: str, size: float) -> str:
    """How to bring data down to about 1."""
    node = graph.nodes[id]
    if node.op_name == "dataset" and not node.chosen["standardise"]:
        return f"Switch “Standardise the features” on in {node.name}."
    return f"Scale {node.name} down: divided by {rough(size)}, its numbers are about 1 in size."


# --- in a sentence


def series(graph: Graph, ids: Iterable[str]) -> str:
    """Several nodes in a sentence: all of up to three, the ends of a numbered row, else the first two and how many."""
    names = [graph.nodes[id].name for id in dict.fromkeys(ids)]
    if len(names) > 3:
        return (
            f"{names[0]} … {names[-1]}" if _numbered(names) else f"{names[0]}, {names[1]} and {len(names) - 2} others"
        )
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _numbered(names: list[str]) -> bool:
    """Whether names count up or down one by one: h1, h2 …, or sigmoid, sigmoid2 …"""
    parts = [re.fullmatch(r"(.*?)(\d*)", name) for name in names]
    stems = {part[1] for part in parts if part}
    numbers = [int(part[2] or 1) for part in parts if part]
    return len(stems) == 1 and {b - a for a, b in pairwise(numbers)} in ({1}, {-1})


def rough(number: float) -> str:
    """About how many: two digits, written out: 900, 1 100, 0.35."""
    if not 10 <= number < 1e9:
        return number_text(number, 2)
    return thousands(round(float(f"{number:.1e}")))
