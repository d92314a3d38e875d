"""The graphs that canvases are timed with: layers on a sheet of the screen's shape, about two edges a node."""

from __future__ import annotations

import math
import random

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value

SIZES = (100, 1_000, 5_000)
WINDOW = (1400, 860)  # pixels of the canvas
FRAMES = 90
PITCH_X, PITCH_Y = 240, 120
LAYERS = ("add", "tanh", "mul", "add", "mul")


def sheet(size: int) -> Graph:
    """Layers, each fed by the one before, and all reach the sum at the end."""
    rng = random.Random(size)
    rows = round(math.sqrt(size * PITCH_X / PITCH_Y * WINDOW[1] / WINDOW[0]))
    nodes, edges = [], []
    for i in range(size):
        column, row = divmod(i, rows)
        op = LAYERS[column % len(LAYERS)] if column else "parameter"
        nodes.append(Node(f"n{i}", op, None if column else as_value(rng.uniform(-1, 1)), pos=_place(column, row)))
        if column:
            edges.append(Edge(f"n{i - rows}", f"n{i}", 0))
            if op in ("add", "mul"):
                other = min(max(row + rng.randint(-3, 3), 0), rows - 1)
                edges.append(Edge(f"n{(column - 1) * rows + other}", f"n{i}", 1))
    ends = [f"n{i}" for i in range(size - rows, size)]
    target = Node("target", "add", pos=_place(size // rows + 2, 0))
    return Graph.of([*nodes, target], [*edges, *(Edge(id, "target", i) for i, id in enumerate(ends))], target="target")


def held(graph: Graph) -> str:
    """A node in the middle: the one that is dragged."""
    places = [node.pos for node in graph.nodes.values()]
    middle = [(min(side) + max(side)) / 2 for side in zip(*places, strict=True)]
    return min(graph.nodes, key=lambda id: math.dist(graph.nodes[id].pos, middle))


def _place(column: int, row: int) -> tuple[float, float]:
    return (float(PITCH_X * column), float(PITCH_Y * row))
