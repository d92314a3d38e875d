"""What the leaves hold is gathered before a pass: a node itself reads nothing, and what cannot be read has a reason."""

from engine import allow_data
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.passes.leaves import leaf_values, why_unreadable
from engine.passes.plan import make_plan
from tests.building import xyz


def from_file(path) -> Graph:
    return Graph.of([Node("d", "dataset", settings=(("name", "csv"), ("path", str(path)), ("targets", "numbers")))])


def test_leaves_hold_what_was_typed_in_and_computed_nodes_nothing():
    assert leaf_values(xyz()) == {"x": -2, "y": 5, "z": -4}


def test_rows_are_read_when_they_are_asked_for_and_not_before(tmp_path):
    allow_data(tmp_path)
    path = tmp_path / "rows.csv"
    graph = from_file(path)
    assert "d" not in leaf_values(graph) and why_unreadable(graph.nodes["d"])
    assert why_unreadable(graph.nodes["d"]) in make_plan(graph).unready["d"]
    path.write_text("a,b\n1,2\n3,4\n", encoding="utf-8")
    assert len(leaf_values(graph)["d"]) == 2
    assert not why_unreadable(graph.nodes["d"]) and not make_plan(graph).unready
