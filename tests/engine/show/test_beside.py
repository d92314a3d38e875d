"""What is written beside the edges is true: each number and formula is computed again by moving one input a little."""

from __future__ import annotations

import re

import pytest

from engine.graph.graph import Graph
from engine.passes.run import run
from engine.show.beside import local_text
from engine.show.chain import Chains
from engine.text.read import parse
from tests.gui.graphs import held
from tests.networks import scalar_network, shipped

PROGRAM = (
    "h = tanh(x * w); k = h / w; r = relu(k); p = x ** 3; s = exp(p) * log(w) + k*x*x + abs(x) + sqrt(w);"
    "q = s - sin(r); L = q * q"
)
GRAPHS = {
    "every kind": held(PROGRAM, x=0.31, w=2.0),
    "neuron": held("m = w*x; z = m + b; a = sigmoid(z); L = mse(a, y)", w=0.6, x=1.5, b=-0.4, y=1.0),
    "net": scalar_network((2, 3, 1), "tanh"),
    "micrograd": shipped("micrograd"),
}


def texts(graph: Graph) -> dict[tuple[str, int], str]:
    trace = run(graph)
    chains = Chains(graph, trace)
    return {step.edge.key: local_text(chains, step) for step in trace.contributions}


def moved(graph: Graph, key: tuple[str, int], h: float) -> float:
    """A node's value where one of its inputs is moved, and nothing else."""
    trace = run(graph)
    inputs = list(trace.inputs(key[0]))
    inputs[key[1]] = inputs[key[1]] + h
    task = next(task for task in trace.plan.order if getattr(task, "node", None) == key[0])
    return float(task.kernel.forward(*inputs))


@pytest.mark.parametrize("name", GRAPHS)
def test_each_number_is_the_slope_of_its_node(name: str) -> None:
    graph = GRAPHS[name]
    for key, text in texts(graph).items():
        edge = graph.edges[key]
        number = float(text.rsplit(" = ", 1)[1].replace("−", "-"))
        slope = (moved(graph, key, 1e-6) - moved(graph, key, -1e-6)) / 2e-6
        assert number == pytest.approx(slope, rel=5.1e-4, abs=1e-7), text
        assert text.startswith(f"∂{graph.nodes[edge.dest].name}⁄∂"), text


def test_each_formula_is_worth_its_number() -> None:
    graph = GRAPHS["neuron"]
    trace = run(graph)
    values = {id: float(trace.value(id)) for id in graph.nodes}
    for text in texts(graph).values():
        sides = text.split(" = ")[1:]
        worth = [eval(re.sub("·", "*", side).replace("−", "-"), {}, dict(values)) for side in sides]
        assert worth == pytest.approx([worth[0]] * len(worth), rel=5e-4), text


def test_an_array_is_told_element_by_element_and_never_by_its_shape() -> None:
    iris = texts(shipped("iris"))
    assert iris["z1", 1] == "∂z1⁄∂W1", "an op with a rule has no factor"
    assert iris["h1", 0] == "∂h1⁄∂z1 = (0 if z1 ≤ 0, else 1), each element"
    assert not any(re.search(r"\d×\d", text) for text in iris.values())


def test_where_a_node_is_fed_twice_by_one_the_place_is_named() -> None:
    assert sorted(texts(held("f = x * x", x=3.0)).values()) == ["∂f⁄∂(1st x) = x = 3", "∂f⁄∂(2nd x) = x = 3"]


def test_what_is_long_keeps_its_number() -> None:
    graph = parse("a_name_that_is_long = 2; another_long_name = a_name_that_is_long ** 2 * 3; L = another_long_name")
    for text in texts(graph).values():
        assert text.count("=") >= 1 and float(text.rsplit(" = ", 1)[1]) != 0
