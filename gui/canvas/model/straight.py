"""The cards of all nodes and the curves of edges as if nothing stood in their way, in one go. Pure NumPy, no Qt.

Boxes are rows of left, top, right, bottom in scene pixels.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Edge, Pos
from engine.layout.layout import NODE_WIDTH, node_height
from gui.canvas.model.geometry import Array, curves, port_offset


def cards(places: Sequence[Pos], ports: Iterable[int]) -> Array:
    """The boxes (n, 4) of nodes with their top left corners at some places, and with so many ports."""
    corners = np.array(places, float).reshape(-1, 2)
    heights = np.array([node_height(count) for count in ports], float)
    size = np.stack([np.full(len(corners), NODE_WIDTH), heights], axis=1)
    return np.concatenate([corners, corners + size], axis=1)


def straight(graph: Graph, edges: Sequence[Edge], boxes: Array, rows: Mapping[str, int]) -> Array:
    """The curves (k, 4, 2) of edges, k > 0, from the boxes (n, 4) of all nodes; `rows` say whose is whose."""
    sources = boxes[[rows[edge.source] for edge in edges]]
    dests = boxes[[rows[edge.dest] for edge in edges]]
    outputs = {id: graph.output_count(id) for id in {edge.source for edge in edges}}
    ports = {id: graph.port_count(id) for id in {edge.dest for edge in edges}}
    out = np.array([(edge.output, outputs[edge.source]) for edge in edges], dtype=float)
    into = np.array([(edge.port, ports[edge.dest]) for edge in edges], dtype=float)
    starts = np.stack([sources[:, 2], sources[:, 1] + _down(out, sources)], axis=1)
    ends = np.stack([dests[:, 0], dests[:, 1] + _down(into, dests)], axis=1)
    return curves(starts, ends)


def _down(ports: Array, boxes: Array) -> Array:
    """How far below the top of its box each of some ports is: rows of its number and how many there are."""
    port, count = ports.T
    return np.asarray(port_offset(port, count, boxes[:, 3] - boxes[:, 1]))
