"""Nodes are found by what one remembers of them; the best fit comes first."""

from hypothesis import given

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.graph.search import find_nodes
from engine.values.values import as_value
from tests.building import graph_of, xyz
from tests.engine.random_graphs import graphs


def test_a_name_comes_before_a_part_of_one_and_that_before_an_op() -> None:
    graph = graph_of(
        ("bad", "input", 1), ("add", "neg", ["bad"]), ("s", "add", ["bad", "add"]), ("added", "exp", ["s"])
    )
    assert find_nodes(graph, "add") == ["add", "added", "s"]
    assert find_nodes(graph, " AD ") == ["add", "added", "bad", "s"]


def test_labels_ops_symbols_and_values_are_found() -> None:
    nodes = [Node("x", "input", as_value(-2.5), label="learning rate"), Node("f", "mul"), Node("g", "sigmoid")]
    graph = Graph.of(nodes, [Edge("x", "g", 0)])
    assert find_nodes(graph, "RATE") == ["x"] and find_nodes(graph, "x")[0] == "x"
    assert find_nodes(graph, "multiply") == ["f"] or find_nodes(graph, "mul") == ["f"]
    assert find_nodes(graph, "×") == ["f"] and find_nodes(graph, "-2.5") == ["x"] == find_nodes(graph, "−2.5")
    assert find_nodes(graph, "nowhere") == [] == find_nodes(graph, "  ") == find_nodes(Graph(), "x")


def test_those_that_fit_alike_come_as_they_compute() -> None:
    assert find_nodes(xyz(), "input") == ["x", "y"]


@given(graphs())
def test_every_node_is_found_by_its_id_and_by_what_one_reads(graph: Graph) -> None:
    for id, node in graph.nodes.items():
        assert id in find_nodes(graph, id)
        if node.name.split():
            assert id in find_nodes(graph, node.name)
