"""What feeds nodes, what they feed and what stands between them is what networkx says of the same graph."""

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from engine.graph.graph import Graph
from engine.graph.streams import between, downstream, edges_within, of_same_op, upstream
from tests.building import chain, graph_of, xyz
from tests.engine.random_graphs import graphs


def drawn(graph: Graph) -> nx.DiGraph:
    made = nx.DiGraph()
    made.add_nodes_from(graph.nodes)
    made.add_edges_from((edge.source, edge.dest) for edge in graph.edges.values())
    return made


@given(st.data())
def test_streams_are_those_of_networkx(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    chosen = data.draw(st.sets(st.sampled_from([*graph.nodes])) if graph.nodes else st.just(set()))
    other = drawn(graph)
    assert upstream(graph, chosen) == chosen.union(*(nx.ancestors(other, id) for id in chosen))
    assert downstream(graph, chosen) == chosen.union(*(nx.descendants(other, id) for id in chosen))
    paths = (path for one in chosen for goal in chosen - {one} for path in nx.all_simple_paths(other, one, goal))
    assert between(graph, chosen) == chosen.union(*paths)


@given(st.data())
def test_the_edges_within_are_those_of_the_induced_graph(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    chosen = data.draw(st.sets(st.sampled_from([*graph.nodes])) if graph.nodes else st.just(set()))
    inside = {(graph.edges[key].source, graph.edges[key].dest) for key in edges_within(graph, chosen)}
    assert inside == set(drawn(graph).subgraph(chosen).edges)


def test_a_branch_that_leads_elsewhere_is_not_on_the_path() -> None:
    graph = graph_of(
        ("x", "input", 1), ("a", "neg", ["x"]), ("b", "relu", ["x"]), ("c", "exp", ["a"]), ("d", "add", ["a", "b"])
    )
    assert between(graph, ["x", "c"]) == {"x", "a", "c"}
    assert between(graph, ["x", "d"]) == {"x", "a", "b", "d"}
    assert between(graph, ["c", "b"]) == {"c", "b"}, "nothing leads from one to the other"


def test_the_same_op_is_the_op_of_any_that_is_chosen() -> None:
    assert of_same_op(xyz(), ["x"]) == {"x", "y"}
    assert of_same_op(xyz(), ["x", "q"]) == {"x", "y", "q"}
    assert of_same_op(xyz(), []) == frozenset()


def test_a_long_chain_and_a_name_that_is_gone() -> None:
    graph = chain(3000)
    assert len(upstream(graph, ["n2999", "gone"])) == 3001 == len(downstream(graph, ["x"]))
