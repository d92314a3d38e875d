"""Graphs in which every input of an op is itself a sum that was broadcast: for any op, by trying shapes.

Whoever hands on a gradient of the wrong shape is found out there, one node further back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.op import OPS, Op
from engine.values.values import Shape
from tests.engine.probing import computed, usual, values

SHAPES: list[Shape] = [(), (1,), (3,), (1, 1), (1, 3), (2, 1), (2, 3), (4, 1, 3), (4, 2, 3)]
TRIPLES: list[Shape] = [(), (3,), (1, 3), (2, 1), (2, 3)]
FEW: list[tuple[Shape, Shape]] = [
    ((1, 3), (2, 3)), ((2, 3), (1, 3)), ((2, 1), (1, 3)), ((), (2, 3)), ((2, 3), ()), ((1, 1), (3,)), ((3,), (4, 2, 3)),
]  # fmt: skip


def patterns(op: Op) -> Iterator[tuple[Shape, ...]]:
    """The shapes of its inputs that an op takes: of `SHAPES` for one and two inputs, of `TRIPLES` for more."""
    arity = len(op.ports) + (1 if op.repeats else 0)
    for shapes in product(SHAPES if arity < 3 else TRIPLES, repeat=arity):
        if computed(op, values(op, shapes)) is not None:
            yield shapes


def behind_sums(op: Op, shapes: Sequence[Shape], weighed: bool = True) -> Graph:
    """y = op(a0 + b0, a1 + b1 …), each b of one element; `weighed`: L = 1.5 Σ y · k, else y is the target."""
    given, nodes, edges = values(op, shapes), [], []
    for i, (value, shape) in enumerate(zip(given, shapes, strict=True)):
        small = np.full((1,) * len(shape), 0.0)[()]
        nodes += [Node(f"a{i}", "parameter", value), Node(f"b{i}", "parameter", small), Node(f"t{i}", "add")]
        edges += [Edge(f"a{i}", f"t{i}", 0), Edge(f"b{i}", f"t{i}", 1), Edge(f"t{i}", "y", i)]
    nodes.append(Node("y", op.name, settings=tuple(usual(op, len(shapes)).items())))
    if not weighed:
        return Graph.of(nodes, edges, target="y")
    y = computed(op, given)
    assert y is not None
    weights = np.random.default_rng(5).uniform(0.5, 1.5, y.shape)[()]
    nodes += [Node("k", "constant", weights), Node("m", "mul"), Node("L", "sum", settings=(("axis", "all"),))]
    edges += [Edge("y", "m", 0), Edge("k", "m", 1), Edge("m", "L", 0)]
    return Graph.of(nodes, edges, target="L", seed=1.5)


def broadcast_graphs() -> Iterator[tuple[str, Graph]]:
    """(name, graph) for the ops that broadcast two inputs, over the patterns of `FEW`."""
    for op in OPS.values():
        if not op.is_leaf and (op.elementwise or op.group == "loss") and len(op.ports) == 2:
            fitting = (shapes for shapes in FEW if computed(op, values(op, shapes)) is not None)
            yield from ((f"{op.name} {a} by {b}", behind_sums(op, (a, b))) for a, b in fitting)
