"""Small graphs that several tests open."""

from __future__ import annotations

import numpy as np

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.session import Session
from engine.text.read import parse


def product() -> Graph:
    """(x + y) · z at −2, 5, −4: f = −12, gradients −4, −4, 3."""
    nodes = [
        Node("x", "input", np.float64(-2.0), pos=(0.0, 0.0)),
        Node("y", "input", np.float64(5.0), pos=(0.0, 120.0)),
        Node("z", "parameter", np.float64(-4.0), pos=(0.0, 240.0)),
        Node("q", "add", pos=(240.0, 60.0)),
        Node("f", "mul", pos=(480.0, 140.0)),
    ]
    edges = [Edge("x", "q", 0), Edge("y", "q", 1), Edge("q", "f", 0), Edge("z", "f", 1)]
    return Graph.of(nodes, edges, title="(x + y) z", target="f")


def product_session() -> Session:
    return Session(product())


def held(program: str, **values: object) -> Graph:
    """A program whose leaves hold these."""
    graph = parse(program)
    for id, value in values.items():
        graph = graph.apply(edits.set_value(graph, id, value))
    return graph
