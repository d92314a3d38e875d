"""Programs and drawings of a graph with groups: modules and headings called after them, and the same numbers."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest

from engine.edits import find_groups
from engine.export import export_graph
from engine.export.sections import Sections
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.text.read import parse
from tests.engine import export_cases as cases
from tests.networks import scalar_network

GROUPED = dict(cases.grouped_graphs())
NET = scalar_network((2, 2, 1), "tanh")
NET = NET.apply(find_groups(NET))


def text_of(graph: Graph, target: str) -> str:
    return str(export_graph(graph, target))


def classes(text: str) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}


def test_a_module_for_each_group_stands_in_that_of_the_group_round_it():
    text = text_of(NET, "torch")
    assert list(classes(text)) == [
        "NeuronH1_0",
        "NeuronH1_1",
        "Layer1",
        "NeuronZ2_0",
        "Layer2",
        "SquaredError",
        "Model",
    ]
    assert "self.layer_1 = Layer1()" in text and "self.neuron_h1_0 = NeuronH1_0()" in text
    assert "h1_0, h1_1 = self.layer_1(x0, x1)" in text and '"layer_1.neuron_h1_0.w1_0_0":' in text
    assert "def forward(self, x0, x1, t):" in text


@pytest.mark.parametrize("name", GROUPED)
def test_what_a_module_is_given_and_gives_back_is_all_there(name):
    """Each name that a function reads is one that it has: that it finds the right numbers is held in tests/interop."""
    text = text_of(GROUPED[name], "torch")
    made = classes(text)
    for of in made.values():
        functions = {node.name: node for node in of.body if isinstance(node, ast.FunctionDef)}
        held = {node.attr for node in ast.walk(functions["__init__"]) if isinstance(node, ast.Attribute)}
        held |= {node.value for node in ast.walk(functions["__init__"]) if isinstance(node, ast.Constant)}
        known = {argument.arg for argument in functions["forward"].args.args} | {"torch", "F"}
        for statement in functions["forward"].body:
            read = [node for node in ast.walk(statement) if isinstance(node, ast.Name | ast.Attribute)]
            for node in read:
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    assert node.id in known, (name, of.name, node.id)
                elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                    assert node.attr in held, (name, of.name, node.attr)
            known |= {node.id for node in read if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


@pytest.mark.parametrize("target", ["numpy", "torch", "jax"])
@pytest.mark.parametrize("name", GROUPED)
def test_a_program_with_groups_is_read_back(name, target):
    graph = GROUPED[name]
    again = parse(text_of(graph, target))
    if "tensors" not in name:  # a program for PyTorch holds all rows of the data
        assert run(again).value(again.target) == pytest.approx(run(graph).value(graph.target), rel=1e-12)
        assert set(again.nodes) == set(graph.nodes) and set(again.edges) == set(graph.edges)


@pytest.mark.parametrize("name", GROUPED)
def test_the_numpy_program_finds_the_numbers_of_the_graph(name):
    found: dict[str, Any] = {}
    exec(compile(text_of(GROUPED[name], "numpy"), name, "exec"), found)
    trace = run(GROUPED[name])
    for id in GROUPED[name].nodes:
        if id in found["values"]:
            np.testing.assert_array_equal(found["values"][id], trace.value(id))
        if id in found["gradients"]:
            np.testing.assert_array_equal(found["gradients"][id], trace.gradient(id))


@pytest.mark.parametrize("target", ["numpy", "jax"])
def test_what_a_group_computes_stands_below_its_title(target):
    lines = [line.strip() for line in text_of(NET, target).splitlines()]
    at = [i for i, line in enumerate(lines) if line.startswith(("# Layer 1 · Neuron h1_0", "# Layer 1 · Neuron h1_1"))]
    assert len(at) == 2 and [line.split(" = ")[0] for line in lines[at[0] + 1 : at[1]]] == [
        "m1_0_0", "m1_0_1", "z1_0", "h1_0",
    ]  # fmt: skip


def test_a_graph_without_groups_is_written_as_ever():
    plain = Graph(NET.nodes, NET.edges, {k: v for k, v in NET.facts.items() if k != "groups"})
    for target in ("numpy", "jax", "torch", "dot", "mermaid"):
        text = text_of(plain, target)
        assert "Layer 1" not in text and "In no group" not in text and "subgraph" not in text


def test_a_group_that_something_comes_between_makes_no_section():
    graph = GROUPED["groups: across"]
    computed = [id for id in graph.order if not graph.nodes[id].op.is_leaf]
    assert not Sections(graph, computed).groups and list(Sections(graph, computed).walk()) == computed
    assert list(classes(text_of(graph, "torch"))) == ["Model"]


@pytest.mark.parametrize("name", GROUPED)
def test_drawings_have_a_box_for_each_group(name):
    graph = GROUPED[name]
    dot, mermaid = text_of(graph, "dot"), text_of(graph, "mermaid")
    assert dot.count("subgraph ") == mermaid.count("subgraph ") == len(graph.groups)
    assert sum(line.strip() == "}" for line in dot.splitlines()) == len(graph.groups) + 1
    assert sum(line.strip() == "end" for line in mermaid.splitlines()) == len(graph.groups)
    for id in graph.nodes:
        assert sum(line.strip().startswith(f'"{id}" [') for line in dot.splitlines()) == 1
