"""What edits ask before they make a Change, and how they name what they change.

A `known_…` or `checked_…` gives what was asked for, or raises EditRefused with the sentence that the user reads.
"""

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any

from engine.errors import EditRefused
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.names import ID
from engine.graph.records import Node, Pos
from engine.ops.op import OPS, Op, get_op
from engine.values.values import Value, as_value


def replaced(graph: Graph, nodes: Mapping[str, Node], text: str) -> Change:
    """The Change that puts these nodes in the place of those of the same ids; equal ones are no part of it."""
    diff = {id: (graph.nodes[id], node) for id, node in nodes.items() if graph.nodes[id] != node}
    return Change(nodes=diff, text=text) if diff else NOTHING


def known_node(graph: Graph, id: str) -> Node:
    """The node of that id."""
    if id not in graph.nodes:
        raise EditRefused(f"There is no node “{id}”.")
    return graph.nodes[id]


def known_op(name: str) -> Op:
    """The op of that name: not a placeholder for one from a newer version."""
    if name not in OPS:
        raise EditRefused(f"There is no operation “{name}”.")
    return get_op(name)


def checked_new_id(graph: Graph, id: str) -> str:
    """An id that can be given to a new node."""
    if not ID.match(id):
        raise EditRefused(f"“{id}” cannot be a name: use letters, digits and _, and do not begin with a digit.")
    if id in graph.nodes:
        raise EditRefused(f"There is already a node “{id}”.", (id,))
    return id


def checked_value(value: Any) -> Value:
    """What a leaf can hold: a number or an array that is not empty."""
    try:
        held = as_value(value)
    except (ValueError, TypeError, OverflowError):
        raise EditRefused("A value must be a number, or lists of numbers of equal length.") from None
    if not held.size:
        raise EditRefused("An empty list is not a value.")
    return held


def checked_pos(pos: Pos) -> Pos:
    return (round(as_float(pos[0]), 2) + 0.0, round(as_float(pos[1]), 2) + 0.0)


def as_float(number: float) -> float:
    """A number as a float: ∞ for a whole number that is too large for one."""
    try:
        return float(number)
    except OverflowError:
        return inf if number > 0 else -inf


def called(graph: Graph, ids: Iterable[str]) -> str:
    named = list(ids)
    return graph.nodes[named[0]].name if len(named) == 1 else f"{len(named)} nodes"
