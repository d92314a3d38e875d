"""The graphs that the engine's benchmarks run, each as a Gradloom graph and, where peers join in, as a plain recipe."""

from __future__ import annotations

import math
import random
from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node


@dataclass
class Recipe:
    """A graph of scalars in the plainest form: the leaves' values, then (op, a, b) over numbers of earlier nodes."""

    leaves: list[float]
    steps: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.leaves) + len(self.steps)

    def graph(self, values: dict[int, object] | None = None) -> Graph:
        """As a drawn graph; `values` take the place of some leaves' values."""
        held = dict(enumerate(self.leaves)) | (values or {})
        nodes = [Node(f"n{i}", "parameter", np.asarray(held[i], float)[()]) for i in range(len(self.leaves))]
        edges = []
        for i, (op, a, b) in enumerate(self.steps, start=len(self.leaves)):
            nodes.append(Node(f"n{i}", op))
            edges.append(Edge(f"n{a}", f"n{i}", 0))
            if op in ("add", "mul"):
                edges.append(Edge(f"n{b}", f"n{i}", 1))
        return Graph.of(nodes, edges, target=f"n{self.size - 1}")


def random_recipe(size: int, reach: int | None, seed: int = 0) -> Recipe:
    """A random graph of `size` scalar nodes, one in five a leaf, all of which reach the last.

    `reach` None: inputs are picked from everywhere (wide); else from the last `reach` nodes (deep). Whatever nobody has
    picked is added up at the end.
    """
    rng = random.Random(seed)
    recipe = Recipe([rng.uniform(-1, 1) for _ in range(max(2, size // 5))])
    values = list(recipe.leaves)
    loose = set(range(len(values)))
    while recipe.size + len(loose) - 1 < size:
        first = 0 if reach is None else max(0, recipe.size - reach)
        a, b = rng.randrange(first, recipe.size), rng.randrange(first, recipe.size)
        op = rng.choice(("add", "mul", "mul", "tanh", "relu"))
        _append(recipe, values, op, a, b)
        loose -= {a, b} if op in ("add", "mul") else {a}
        loose.add(recipe.size - 1)
    ends = deque(sorted(loose))
    while len(ends) > 1:
        _append(recipe, values, "add", ends.popleft(), ends.popleft())
        ends.append(recipe.size - 1)
    return recipe


def _append(recipe: Recipe, values: list[float], op: str, a: int, b: int) -> None:
    """One more node; one that would grow beyond all bounds becomes a tanh."""
    value = _value(op, values[a], values[b])
    if abs(value) > 10 and op == "mul":
        op, value = "tanh", math.tanh(values[a])
    recipe.steps.append((op, a, b))
    values.append(value)


def _value(op: str, a: float, b: float) -> float:
    return {"add": a + b, "mul": a * b, "tanh": math.tanh(a), "relu": max(a, 0.0)}[op]


@dataclass
class Network:
    """Layers of x Wᵀ + b with ReLU between them and softmax and cross-entropy at the end, on random rows."""

    x: NDArray[np.float64]
    targets: NDArray[np.float64]
    layers: list[tuple[NDArray[np.float64], NDArray[np.float64]]]

    @classmethod
    def random(cls, sizes: list[int], rows: int, seed: int = 0) -> Network:
        rng = np.random.default_rng(seed)
        layers = [(rng.normal(size=(m, n)) / math.sqrt(n), np.zeros(m)) for n, m in pairwise(sizes)]
        return cls(rng.normal(size=(rows, sizes[0])), np.eye(sizes[-1])[rng.integers(0, sizes[-1], rows)], layers)

    @property
    def parameters(self) -> list[str]:
        return [name for i in range(len(self.layers)) for name in (f"W{i}", f"b{i}")]

    def graph(self) -> Graph:
        nodes, edges, at = [Node("x", "input", self.x), Node("t", "input", self.targets)], [], "x"
        for i, (w, b) in enumerate(self.layers):
            nodes += [Node(f"W{i}", "parameter", w), Node(f"b{i}", "parameter", b), Node(f"z{i}", "linear")]
            edges += [Edge(at, f"z{i}", 0), Edge(f"W{i}", f"z{i}", 1), Edge(f"b{i}", f"z{i}", 2)]
            at = f"z{i}"
            if i < len(self.layers) - 1:
                nodes.append(Node(f"h{i}", "relu"))
                edges.append(Edge(at, f"h{i}", 0))
                at = f"h{i}"
        edges += [Edge(at, "loss", 0), Edge("t", "loss", 1)]
        return Graph.of([*nodes, Node("loss", "cross_entropy")], edges, target="loss")


def chain_recipe(length: int) -> Recipe:
    """One leaf and a long chain of tanh and products with itself."""
    steps = [("tanh", i, i) if i % 2 else ("mul", i, 0) for i in range(length - 1)]
    return Recipe([0.9], steps)


def network_recipe(sizes: list[int], seed: int = 0) -> tuple[Recipe, list[int]]:
    """A network with ReLU drawn node by node: each weight, bias, product and sum; and the numbers of its inputs.

    Its last nodes are a squared error against a constant 1, spelled out, as micrograd has no loss.
    """
    rng = random.Random(seed)
    weights = sum(n * m + m for n, m in pairwise(sizes))
    leaves = [0.0] * sizes[0] + [rng.uniform(-1, 1) for _ in range(weights)] + [-1.0]
    recipe = Recipe(leaves)
    layer, at = list(range(sizes[0])), sizes[0]
    for depth, width in enumerate(sizes[1:]):
        outputs = []
        for _ in range(width):
            total, at = at, at + 1  # the bias
            for x in layer:
                recipe.steps.append(("mul", at, x))
                recipe.steps.append(("add", total, recipe.size - 1))
                total, at = recipe.size - 1, at + 1
            if depth < len(sizes) - 2:
                recipe.steps.append(("relu", total, total))
                total = recipe.size - 1
            outputs.append(total)
        layer = outputs
    recipe.steps.append(("add", layer[0], len(leaves) - 1))
    recipe.steps.append(("mul", recipe.size - 1, recipe.size - 1))
    return recipe, list(range(sizes[0]))
