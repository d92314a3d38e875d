"""An expression joins the graph that is open: its names mean what is there."""

from __future__ import annotations

from engine import edits
from engine.files.open import with_values
from engine.passes.run import run
from engine.text.read import parse
from tests.building import graph_of, xyz


def joined(graph, text: str, aim: bool = True):
    fragment = parse(text)
    whole, _ = with_values(fragment, edits.known_names(graph, fragment))
    return graph.apply(edits.join(graph, whole, (0.0, 0.0), aim))


def test_names_mean_leaves_and_nodes_of_the_graph() -> None:
    graph = xyz()
    after = joined(graph, "g = x * q + new")
    assert set(after.nodes) - set(graph.nodes) == {"mul", "g", "new"} or "g" in after.nodes
    assert {edge.source for edge in after.edges.values() if edge.dest not in graph.nodes} >= {"x", "q", "new"}
    assert after.target == "g"


def test_a_label_is_a_name_where_only_one_node_has_it() -> None:
    graph = xyz()
    labelled = graph.apply(edits.set_label(graph, "x", "speed"))
    assert edits.known_names(labelled, parse("speed * 2")) == {"speed": "x"}
    twice = labelled.apply(edits.set_label(labelled, "y", "speed"))
    assert edits.known_names(twice, parse("speed * 2")) == {}


def test_a_number_inside_an_expression_is_never_a_node_that_happens_to_be_called_like_it() -> None:
    graph = graph_of(("c", "input", 5.0), ("f", "exp", ["c"]), target="f")
    after = joined(graph, "g = c * 3")
    assert [float(run(after).value(id)) for id in ("c", "g")] == [5, 15]


def test_an_assigned_computed_name_is_a_new_node() -> None:
    graph = xyz()
    computed = next(id for id in graph.nodes if graph.into(id))
    after = joined(graph, f"{computed} = x * 2", aim=False)
    assert len(after.nodes) > len(graph.nodes) and after.into(computed) == graph.into(computed)
    assert after.target == graph.target


def test_the_seed_comes_along_only_if_the_expression_says_one() -> None:
    graph = xyz().apply(edits.set_seed(xyz(), 5))
    assert joined(graph, "g = x * 2").seed == 5
    assert joined(graph, "g = x * 2\ng.backward(3)").seed == 3
    assert joined(graph, "g = x * 2\ng.backward(3)", aim=False).seed == 5
