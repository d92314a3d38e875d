"""Each edit does what it says, refuses what it must, and is one reversible change."""

import numpy as np
import pytest

from engine import edits
from engine.errors import EditRefused
from engine.graph.graph import Graph
from engine.graph.records import Edge
from engine.session import Session
from tests.building import graph_of, xyz


def sources(graph: Graph, dest: str) -> list[tuple[str, int]]:
    return [(edge.source, edge.port) for edge in graph.into(dest)]


def test_fresh_nodes_get_short_free_names():
    graph = Graph()
    for op in ["input", "input", "parameter", "mul", "mul", "constant"]:
        graph = graph.apply(edits.add_node(graph, op, (0, 0)))
    assert list(graph.nodes) == ["x", "y", "w", "mul", "mul2", "c"]
    assert graph.nodes["x"].value == 1.0 and graph.nodes["mul"].value is None


def test_an_add_grows_a_port_as_edges_arrive_and_closes_ranks():
    graph = graph_of(*[(c, "input", i) for i, c in enumerate("abcd")], ("s", "add", []))
    assert graph.port_count("s") == 2
    for port, source in enumerate("abcd"):
        graph = graph.apply(edits.connect(graph, source, "s", port))
        assert graph.port_count("s") == max(2, port + 2)
    graph = graph.apply(edits.disconnect(graph, ("s", 1)))
    assert sources(graph, "s") == [("a", 0), ("c", 1), ("d", 2)]
    graph = graph.apply(edits.delete(graph, ["a", "c"]))
    assert sources(graph, "s") == [("d", 0)]


def test_the_two_ports_of_a_plain_add_stay_where_they_are():
    graph = edits_done(xyz(), lambda g: edits.disconnect(g, ("q", 0)))
    assert sources(graph, "q") == [("y", 1)]
    assert list(graph.open_ports("q")) == [0]


def edits_done(graph: Graph, *makers):
    for make in makers:
        change = make(graph)
        after = graph.apply(change)
        assert after.apply(change.inverse) == graph
        graph = after
    return graph


@pytest.mark.parametrize(
    ("source", "dest", "port", "words"),
    [
        ("f", "q", 0, "loop"),
        ("q", "q", 0, "feed itself"),
        ("x", "q", 3, "q has no port 4: it has 3 input ports."),
        ("x", "z", 0, "z has no input ports: Parameter is a leaf."),
        ("x", "nobody", 0, "There is no node “nobody”."),
    ],
)
def test_connect_refuses_with_a_sentence(source, dest, port, words):
    graph = xyz()
    verdict = edits.judge(graph, source, dest, port)
    assert not verdict.allowed and words in verdict.sentence
    with pytest.raises(EditRefused, match=words):
        edits.connect(graph, source, dest, port)


def test_the_loop_that_is_refused_is_named_and_its_nodes_given():
    verdict = edits.judge(xyz(), "f", "q", 0)
    assert "q → f → q" in verdict.sentence
    assert verdict.ids == ("q", "f")


def test_connecting_a_taken_port_replaces_and_says_so_before():
    graph = xyz()
    assert edits.judge(graph, "z", "q", 0).sentence == "x is connected here and will be replaced."
    after = edits_done(graph, lambda g: edits.connect(g, "z", "q", 0))
    assert sources(after, "q") == [("z", 0), ("y", 1)]
    assert not edits.connect(after, "z", "q", 0), "the same edge again is no change"


def test_an_edge_moves_to_another_port_and_another_source_in_one_change():
    graph = edits_done(xyz(), lambda g: edits.reconnect(g, ("q", 1), "y", "f", 1))
    assert sources(graph, "q") == [("x", 0)] and sources(graph, "f") == [("q", 0), ("y", 1)]
    graph = edits_done(graph, lambda g: edits.reconnect(g, ("f", 1), "z", "f", 1))
    assert sources(graph, "f") == [("q", 0), ("z", 1)]
    assert not edits.reconnect(graph, ("f", 1), "z", "f", 1)


def test_while_a_graph_is_built_its_target_follows_the_end():
    graph = graph_of(("x", "input", 1), ("y", "input", 2), ("q", "add", []), ("f", "mul", []))
    assert graph.target is None
    graph = edits_done(graph, lambda g: edits.connect(g, "x", "q", 0))
    assert graph.target == "q"
    graph = edits_done(graph, lambda g: edits.connect(g, "q", "f", 0))
    assert graph.target == "f"


def test_a_target_chosen_in_the_middle_stays():
    graph = edits_done(xyz(), lambda g: edits.set_target(g, "q"), lambda g: edits.add_node(g, "neg", (0, 0)))
    graph = edits_done(graph, lambda g: edits.connect(g, "f", "neg", 0))
    assert graph.target == "q"


def test_rename_takes_edges_and_target_along():
    graph = edits_done(xyz(), lambda g: edits.rename(g, "f", "out"), lambda g: edits.rename(g, "q", "sum"))
    assert graph.target == "out"
    assert sources(graph, "out") == [("sum", 0), ("z", 1)]
    assert list(graph.nodes) == ["x", "y", "z", "sum", "out"], "the order of the nodes stays"


def test_rename_of_a_square_of_itself():
    graph = graph_of(("x", "input", 3), ("y", "mul", ["x", "x"]))
    graph = edits_done(graph, lambda g: edits.rename(g, "x", "a"))
    assert sources(graph, "y") == [("a", 0), ("a", 1)]


@pytest.mark.parametrize("name", ["1x", "a b", "", "é", "x-y", "y"])
def test_rename_refuses_what_is_no_name_or_taken(name):
    with pytest.raises(EditRefused):
        edits.rename(xyz(), "x", name)


def test_f2_makes_an_id_where_it_can_and_a_label_where_not():
    graph = edits_done(xyz(), lambda g: edits.name_node(g, "q", "sum"))
    assert "sum" in graph.nodes and graph.nodes["sum"].label == ""
    graph = edits_done(graph, lambda g: edits.name_node(g, "sum", "the sum of both"))
    assert graph.nodes["sum"].name == "the sum of both"
    graph = edits_done(graph, lambda g: edits.name_node(g, "sum", "total"))
    assert graph.nodes["total"].name == "total"


def test_delete_takes_edges_and_a_deleted_target_along():
    graph = edits_done(xyz(), lambda g: edits.delete(g, ["f", "x"]))
    assert list(graph.nodes) == ["y", "z", "q"]
    assert list(graph.edges.values()) == [Edge("y", "q", 1)]
    assert graph.target is None


def test_values_are_checked():
    graph = edits_done(xyz(), lambda g: edits.set_value(g, "x", [[1, 2], [3, 4]]))
    assert graph.nodes["x"].value.shape == (2, 2)
    for bad in ([[1], [2, 3]], "three", None, {}):
        with pytest.raises(EditRefused):
            edits.set_value(graph, "x", bad)
    with pytest.raises(EditRefused, match="computed"):
        edits.set_value(graph, "q", 1)


def test_nan_and_zero_signs_are_values_like_others():
    graph = edits_done(xyz(), lambda g: edits.set_value(g, "x", float("nan")))
    assert not edits.set_value(graph, "x", float("nan")), "the same nan again is no change"
    graph = edits_done(graph, lambda g: edits.set_value(g, "x", -0.0))
    assert edits.set_value(graph, "x", 0.0), "0 and −0 are different bits"


def test_a_node_dropped_on_an_edge_goes_into_it():
    graph = edits_done(xyz(), lambda g: edits.insert_node(g, ("f", 0), "relu", (0, 0)))
    assert sources(graph, "f") == [("relu", 0), ("z", 1)]
    assert sources(graph, "relu") == [("q", 0)]


def test_a_free_node_moved_onto_an_edge_goes_into_it():
    graph = edits_done(xyz(), lambda g: edits.add_node(g, "add", (0, 0)), lambda g: edits.splice(g, ("q", 0), "add"))
    assert sources(graph, "q") == [("add", 0), ("y", 1)]
    assert sources(graph, "add") == [("x", 0)]


def test_a_node_that_is_not_there_goes_into_no_edge():
    with pytest.raises(EditRefused, match="There is no node “nix”"):
        edits.splice(xyz(), ("q", 0), "nix")


def test_paste_renames_only_what_is_taken():
    graph = xyz()
    fragment = edits.cut_out(graph, ["x", "q"])
    after = edits_done(graph, lambda g: edits.paste(g, fragment, (40, 40)))
    assert set(after.nodes) - set(graph.nodes) == {"x2", "q2"}
    assert sources(after, "q2") == [("x2", 0)]
    assert after.nodes["x2"].pos == (40, 40)


def test_change_op_keeps_the_edges_where_there_are_as_many_ports():
    graph = edits_done(xyz(), lambda g: edits.change_op(g, "q", "max"), lambda g: edits.change_op(g, "x", "constant"))
    assert graph.nodes["q"].op_name == "max" and sources(graph, "q") == [("x", 0), ("y", 1)]
    with pytest.raises(EditRefused, match="cannot become"):
        edits.change_op(graph, "q", "relu")
    with pytest.raises(EditRefused, match="cannot become"):
        edits.change_op(graph, "x", "relu")


@pytest.mark.parametrize(
    ("id", "op", "after"),
    [("add", "mul", "mul"), ("add2", "sub", "sub"), ("add_1", "mul", "mul"), ("sum_1", "mul", "sum_1")],
)
def test_a_name_that_was_only_that_of_the_op_follows_it(id: str, op: str, after: str) -> None:
    graph = graph_of(("x", "input", 1), (id, "add", ["x", "x"]), ("t", "tanh", [id]))
    made = edits_done(graph, lambda g: edits.change_op(g, id, op))
    assert made.nodes[after].op_name == op and sources(made, "t") == [(after, 0)] and len(made.nodes) == 3


def test_a_setting_at_its_default_is_not_kept():
    graph = graph_of(("o", "input", 1), ("t", "input", 2), ("l", "squared_error", ["o", "t"]))
    graph = edits_done(graph, lambda g: edits.set_setting(g, "l", "half", False))
    assert graph.nodes["l"].settings == (("half", False),)
    graph = edits_done(graph, lambda g: edits.set_setting(g, "l", "half", True))
    assert graph.nodes["l"].settings == ()
    with pytest.raises(EditRefused, match="no setting"):
        edits.set_setting(graph, "l", "colour", 1)


def test_facts_keep_only_what_differs_from_the_default():
    graph = edits_done(xyz(), lambda g: edits.set_seed(g, 10), lambda g: edits.set_fact(g, "title", "T"))
    assert (graph.seed, graph.title) == (10.0, "T")
    graph = edits_done(graph, lambda g: edits.set_seed(g, 1))
    assert "seed" not in graph.facts


def test_moving_does_not_touch_numbers_and_setting_does():
    graph = xyz()
    move = edits.move_nodes(graph, {"x": (np.float64(4), 8)})
    assert not move.moves_numbers and not move.moves_topology
    assert edits.set_value(graph, "x", 9).moves_numbers
    assert edits.connect(graph, "x", "q", 1).moves_topology


@pytest.mark.parametrize(
    ("op", "name", "bad"),
    [
        ("leaky_relu", "slope", float("inf")),
        ("leaky_relu", "slope", float("nan")),
        ("leaky_relu", "slope", "0.1"),
        ("reshape", "shape", (float("inf"),)),
        ("reshape", "shape", ((float("nan"),),)),
        ("reshape", "shape", ("2",)),
    ],
)
def test_a_setting_that_no_op_can_be_written_with_is_refused_and_the_document_stays(op, name, bad):
    session = Session(graph_of(("x", "input", [1, 2]), ("y", op, ["x"]), target="y"))
    before = session.now.graph
    for make in (
        lambda g: edits.set_setting(g, "y", name, bad),
        lambda g: edits.add_node(g, op, (0, 0), settings={name: bad}),
    ):
        with pytest.raises(EditRefused, match=f"“{name}” must be"):
            session.edit(make)
    assert session.now.graph is before and session.document.undo_text is None


def test_a_node_may_be_added_with_its_settings():
    graph = edits_done(Graph(), lambda g: edits.add_node(g, "leaky_relu", (0, 0), settings={"slope": 0.5}))
    assert graph.nodes["leaky_relu"].settings == (("slope", 0.5),)


def test_a_target_that_feeds_something_already_stays_when_it_feeds_more():
    graph = graph_of(("x", "input", 1), ("t", "exp", ["x"]), ("u", "sin", ["t"]), target="t")
    graph = graph.apply(edits.add_node(graph, "cos", (0.0, 0.0), id="v"))
    assert graph.apply(edits.connect(graph, "t", "v", 0)).target == "t"
