"""Random graphs, quickly: any op, settings and values of any kind, whole or half-wired; and those that are shipped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import numpy as np

import engine  # noqa: F401 - fills the op table
from engine.files.codec import decode, to_record
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.op import OPS, Op
from engine.ops.setting import Setting
from engine.values.values import as_value
from tests.boxes import boxed

NUMBERS = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    0.5,
    -3.0,
    1e-9,
    1e9,
    1e300,
    -1e300,
    5e-324,
    float("inf"),
    -float("inf"),
    float("nan"),
)
LETTERS = "abcxyzwqft"
TEXTS = (
    "",
    "x",
    "a b",
    "é",
    "∂L/∂x",
    "‮abc",
    "<img src=x>",
    "\U0001f600",
    "a" * 300,
    "\x00",
    "\n",
    "\ud800",
    "$",
    "{}",
    "%s",
    "−1",
)
LARGEST_EXAMPLE = 30  # nodes


def random_graph(random: Random, size: int | None = None, tame: bool = False) -> Graph:
    """A graph without loops. `tame`: small numbers only, every port connected."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    for i in range(size or random.choice((1, 2, 3, 5, 8, 12))):
        op = _op(random, bool(nodes))
        id = f"{random.choice(LETTERS)}{i}"
        value = random_value(random, tame) if op.holds_value and (tame or random.random() < 0.95) else None
        label = random.choice(("", "", "", "L", "a label", "σ")) if not tame else ""
        nodes.append(
            Node(id, op.name, value, label, (i * 90.0, random.randrange(-300, 300) + 0.0), settings(random, op))
        )
        if op.is_leaf:
            continue
        ports = op.fewest + (random.choice((0, 0, 1, 3)) if op.repeats else 0)
        for port in range(ports):
            if tame or op.repeats or random.random() < 0.95:
                source = random.choice(nodes[max(0, i - 6) : i])
                edges.append(Edge(source.id, id, port, random.randrange(len(source.op.outputs))))
    target = nodes[-1].id if tame or random.random() < 0.8 else random.choice([None, *(node.id for node in nodes)])
    seed = 1.0 if random.random() < 0.7 else random.choice((2.0, -3.0, 0.0, 10.0))
    graph = Graph.of(nodes, edges, target=target, seed=seed, title=random.choice(("", "A title")))
    return graph if tame or random.random() < 0.4 else boxed(graph, random)


def _op(random: Random, may_compute: bool) -> Op:
    if not may_compute or random.random() < 0.4:
        return OPS[random.choice(("input", "parameter", "constant", "input", "parameter", "dataset"))]
    return random.choice(_computed())


@cache
def _computed() -> list[Op]:
    return [op for op in OPS.values() if op.ports]


def random_value(random: Random, tame: bool = False) -> Any:
    pick = (
        (lambda: round(random.uniform(-3, 3), 3)) if tame or random.random() < 0.8 else (lambda: random.choice(NUMBERS))
    )
    shape = random.choice(((), (), (), (2,), (3,), (2, 2), (2, 3), (3, 2), (1, 3), (2, 1, 2)))
    count = int(np.prod(shape))
    return as_value(np.reshape([pick() for _ in range(count)], shape))


def settings(random: Random, op: Op) -> tuple[tuple[str, Any], ...]:
    chosen: dict[str, Any] = {}
    for setting in op.settings:
        if setting.is_path or random.random() < 0.6:
            continue
        try:
            checked = setting.checked(_choice(random, setting))
        except ValueError:
            continue
        if checked != setting.default:
            chosen[setting.name] = checked
    return tuple(sorted(chosen.items()))


def _choice(random: Random, setting: Setting) -> Any:
    if setting.choices and random.random() < 0.8:
        return random.choice(setting.choices)
    return random.choice(
        (0, 1, -1, 2, 0.5, 3.0, True, False, (0, 1), (1, 0), (2, 2), "all", "last", "0", ":, 1", "::2", None, "ij,jk")
    )


@cache
def shipped() -> tuple[Graph, ...]:
    """The examples that come with the program, but for the largest."""
    folder = files("assets").joinpath("examples")
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".gradloom")), key=lambda path: path.name)
    graphs = [decode(path.read_bytes()) for path in paths]
    return tuple(graph for graph in graphs if len(graph.nodes) <= LARGEST_EXAMPLE)


def some_graph(random: Random) -> Graph:
    return random.choice(shipped()) if random.random() < 0.3 else random_graph(random)


def some_record(random: Random) -> dict[str, Any]:
    """The record of a file, as fresh lists and dicts."""
    return to_record(some_graph(random))
