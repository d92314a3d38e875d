"""Forward mode: the tangent of every op is what finite differences say, and meets the gradient at the target."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.op import OPS
from engine.passes.run import run
from engine.text.read import parse
from engine.truth.tangents import costs, tangents
from tests.engine.probing import accepted_inputs, usual

FLOWING = sorted(name for name, op in OPS.items() if not op.is_leaf and op.group != "compare")
H = 1e-6


def one_node(name: str, inputs: list[object]) -> Graph:
    op = OPS[name]
    settings = tuple(sorted(usual(op, len(inputs)).items()))
    leaves = [Node(f"x{i}", "input", np.asarray(x, float)[()]) for i, x in enumerate(inputs)]
    edges = [Edge(f"x{i}", "f", i) for i in range(len(inputs))]
    return Graph.of([*leaves, Node("f", name, settings=settings)], edges, target="f")


def moved(graph: Graph, leaf: str, by: float) -> object:
    nodes = [
        Node(n.id, n.op_name, n.value + by if n.id == leaf else n.value, settings=n.settings)
        for n in graph.nodes.values()
    ]
    return run(Graph.of(nodes, graph.edges.values(), target=graph.target)).value("f")


@pytest.mark.parametrize("name", FLOWING)
def test_the_tangent_of_every_op_is_what_differences_say(name: str) -> None:
    arity = len(OPS[name].ports)
    tried = 0
    for inputs in accepted_inputs(OPS[name], arity, most=3, seed=3):
        graph = one_node(name, inputs)
        trace = run(graph)
        for i in range(arity):
            leaf = f"x{i}"
            if trace.gradient(leaf) is None:
                continue
            found = tangents(trace, leaf).of["f"]
            numeric = (np.asarray(moved(graph, leaf, H)) - np.asarray(moved(graph, leaf, -H))) / (2 * H)
            if not np.isfinite(numeric).all():
                continue
            assert found.shape == numeric.shape
            np.testing.assert_allclose(found, numeric, rtol=2e-4, atol=2e-6, err_msg=f"{name} by {leaf}")
            assert float(np.sum(found)) == pytest.approx(float(np.sum(trace.gradient(leaf))), rel=1e-9, abs=1e-9)
            tried += 1
    assert tried or name in ("stop_gradient",), name


def test_both_modes_meet_in_one_number_and_say_what_they_cost() -> None:
    graph = parse("m = w*x; z = m + b; a = sigmoid(z); L = (a - y) * a")
    nodes = [
        Node(n.id, n.op_name, np.float64(0.3 + 0.2 * i) if n.op.is_leaf else None, n.label, n.pos, n.settings)
        for i, n in enumerate(graph.nodes.values())
    ]
    graph = Graph.of(nodes, graph.edges.values(), target="L")
    trace = run(graph)
    for leaf in ("w", "x", "b", "y"):
        assert float(tangents(trace, leaf).of["L"]) == pytest.approx(float(trace.gradient(leaf)), rel=1e-12)
    # w·x, z, a, a−y, L: 2 + 2 + 1 + 2 + 2 edges; w and x take 6 products each, b 5, y 2
    assert costs(graph, trace, "w").__dict__ == {"numbers": 4, "backward": 9, "forward": 19, "alone": 6}


def test_an_array_is_moved_in_all_its_elements() -> None:
    graph = parse("h = relu(W @ x); L = sum(h * h)")
    values = {"W": [[1.0, 2], [3, -4]], "x": [1.0, 2.0]}
    nodes = [Node(n.id, n.op_name, np.array(values[n.id]) if n.id in values else n.value, settings=n.settings)
             for n in graph.nodes.values()]  # fmt: skip
    graph = Graph.of(nodes, graph.edges.values(), target="L")
    trace = run(graph)
    assert float(tangents(trace, "W").of["L"]) == float(np.sum(trace.gradient("W")))
    assert costs(graph, trace, "W").numbers == 6
