"""Small graphs for the tests, written as rows: a leaf is (id, op, value), any other node (id, op, [sources])."""

from __future__ import annotations

from typing import Any

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value

Row = tuple[str, str, Any]


def graph_of(*rows: Row, target: str | None = None, seed: float = 1.0, settings: dict[str, Any] | None = None) -> Graph:
    """The graph of these rows. `settings` are {node id: {name: value}}."""
    nodes, edges = [], []
    for id, op, given in rows:
        chosen = tuple(sorted((settings or {}).get(id, {}).items()))
        if isinstance(given, list) and all(isinstance(item, str) for item in given):
            nodes.append(Node(id, op, settings=chosen))
            edges += [Edge(source, id, port) for port, source in enumerate(given)]
        else:
            nodes.append(Node(id, op, None if given is None else as_value(given), settings=chosen))
    return Graph.of(nodes, edges, target=target, seed=seed)


def xyz() -> Graph:
    """CS231n's (x + y) z at −2, 5, −4."""
    return graph_of(
        ("x", "input", -2),
        ("y", "input", 5),
        ("z", "parameter", -4),
        ("q", "add", ["x", "y"]),
        ("f", "mul", ["q", "z"]),
        target="f",
    )


def chain(length: int, op: str = "neg") -> Graph:
    """x → op → op → …, the last one the target."""
    rows: list[Row] = [("x", "input", 0.5)]
    rows += [(f"n{i}", op, [f"n{i - 1}" if i else "x"]) for i in range(length)]
    return graph_of(*rows, target=f"n{length - 1}")
