"""The cards of all nodes and the curves of edges as if nothing stood in their way, in one go. Pure NumPy, no Qt.

Boxes are rows of left, top, right, bottom in scene pixels.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node, Pos
from engine.layout.layout import NODE_WIDTH, node_height
from gui.canvas.model.geometry import Array, curves, port_offset

MOST_MOVED, SHARE_MOVED = 60, 0.05
MOST_NEW = 200  # nodes and edges: where there are more, it is quicker to lay out everything again


def cards(places: Sequence[Pos], ports: Iterable[int]) -> Array:
    """The boxes (n, 4) of nodes with their top left corners at some places, and with so many ports."""
    corners = np.array(places, float).reshape(-1, 2)
    heights = np.array([node_height(count) for count in ports], float)
    size = np.stack([np.full(len(corners), NODE_WIDTH), heights], axis=1)
    return np.concatenate([corners, corners + size], axis=1)


def straight(graph: Graph, edges: Sequence[Edge], boxes: Array, rows: Mapping[str, int]) -> Array:
    """The curves (k, 4, 2) of edges, from the boxes (n, 4) of all nodes; `rows` say whose is whose."""
    if not edges:
        return np.empty((0, 4, 2))
    outputs = {id: graph.output_count(id) for id in {edge.source for edge in edges}}
    ports = {id: graph.port_count(id) for id in {edge.dest for edge in edges}}
    sources, dests = (
        boxes[_numbers(rows[edge.source] for edge in edges)],
        boxes[_numbers(rows[edge.dest] for edge in edges)],
    )
    out = _numbers(edge.output for edge in edges), _numbers(outputs[edge.source] for edge in edges)
    into = _numbers(edge.port for edge in edges), _numbers(ports[edge.dest] for edge in edges)
    starts = np.stack([sources[:, 2], sources[:, 1] + _down(*out, sources)], axis=1)
    ends = np.stack([dests[:, 0], dests[:, 1] + _down(*into, dests)], axis=1)
    return curves(starts, ends)


def ends(edges: Iterable[Edge], rows: Mapping[str, int]) -> NDArray[np.intp]:
    """The rows of the nodes of edges: (k, 2)."""
    return _numbers(row for edge in edges for row in (rows[edge.source], rows[edge.dest])).reshape(-1, 2)


def has_grown_a_little(before: Graph, after: Graph, change: Change) -> bool:
    """Whether all that there was is still there in the same order, so that rows stay, and little is new."""
    ids, keys = list(after.nodes)[: len(before.nodes)], list(after.edges)[: len(before.edges)]
    is_same = ids == list(before.nodes) and keys == list(before.edges)
    is_little = len(change.nodes) + len(change.edges) <= MOST_NEW
    return is_same and is_little and all(was is None and now is not None for was, now in change.edges.values())


def stands_otherwise(before: Node | None, after: Node | None) -> bool:
    """Whether a node's card or ports are elsewhere after a change: most changes are of a value."""
    if before is None or after is None:
        return True
    return (before.pos, before.op_name, before.settings) != (after.pos, after.op_name, after.settings)


def many(moved: int, of: int) -> bool:
    """Whether so many of all nodes have moved that it is quicker to lay out everything again."""
    return moved > MOST_MOVED + SHARE_MOVED * of


def has_other_ports(change: Change) -> bool:
    """Whether a node that stays is another op after a change, or set otherwise: its edges may end elsewhere on it."""
    return any((was.op_name, was.settings) != (now.op_name, now.settings) for was, now in change.altered)


def _down(port: NDArray[np.intp], count: NDArray[np.intp], boxes: Array) -> Array:
    """How far below the top of its box each of some ports is: its number, and how many there are."""
    return np.asarray(port_offset(port.astype(float), count.astype(float), boxes[:, 3] - boxes[:, 1]))


def _numbers(of: Iterable[int]) -> NDArray[np.intp]:
    return np.fromiter(of, dtype=np.intp)
