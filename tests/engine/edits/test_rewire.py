"""Rewiring: another op in a node's place, nodes taken out of a chain, inputs that change places."""

from __future__ import annotations

import pytest

from engine import edits
from engine.errors import EditRefused
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from tests.building import graph_of
from tests.engine.edits.test_edits import edits_done, sources, xyz


def chain() -> Graph:
    """x → relu a → tanh b → exp c."""
    return graph_of(("x", "input", 1), ("a", "relu", ["x"]), ("b", "tanh", ["a"]), ("c", "exp", ["b"]))


# --- another op in its place


def test_a_node_becomes_another_op_with_its_name_place_and_edges():
    graph = edits_done(xyz(), lambda g: edits.replace_node(g, "q", "mul"))
    assert graph.nodes["q"].op_name == "mul" and graph.nodes["q"].pos == xyz().nodes["q"].pos
    assert graph.edges == xyz().edges and not edits.lost_edges(xyz(), "q", "mul")


def test_a_name_that_was_only_that_of_the_op_goes_with_the_op():
    """A Subtract that says add on its card, and ∂add/∂x in the formulas, would be a lie."""
    before = graph_of(("x", "input", 1), ("add2", "add", ["x", "x"]), ("sub", "neg", ["add2"]), target="add2")
    change = edits.replace_node(before, "add2", "sub")
    after = before.apply(change)
    assert after.nodes["sub2"].op_name == "sub" and "add2" not in after.nodes and after.target == "sub2"
    assert sources(after, "sub2") == [("x", 0), ("x", 1)] and sources(after, "sub") == [("sub2", 0)]
    assert change.text == "Make add2 Subtract" and after.apply(change.inverse) == before


def test_edges_for_which_there_is_no_port_are_lost_and_can_be_named_before():
    assert edits.lost_edges(xyz(), "q", "relu") == [Edge("y", "q", 1)]
    graph = edits_done(xyz(), lambda g: edits.replace_node(g, "q", "relu"))
    assert sources(graph, "q") == [("x", 0)] and sources(graph, "f") == [("q", 0), ("z", 1)]


def test_an_edge_at_a_later_port_comes_to_the_first_that_is_free():
    graph = edits_done(xyz(), lambda g: edits.disconnect(g, ("q", 0)), lambda g: edits.replace_node(g, "q", "relu"))
    assert sources(graph, "q") == [("y", 0)]


def test_a_computed_node_becomes_a_leaf_and_a_leaf_is_computed():
    graph = edits_done(xyz(), lambda g: edits.replace_node(g, "q", "parameter"))
    assert sources(graph, "q") == [] and sources(graph, "f") == [("q", 0), ("z", 1)]
    assert graph.nodes["q"].value == 1
    graph = edits_done(graph, lambda g: edits.replace_node(g, "z", "relu"))
    assert graph.nodes["z"].value is None and sources(graph, "f") == [("q", 0), ("z", 1)]


def test_a_leaf_keeps_its_value_as_another_leaf():
    value = xyz().nodes["x"].value
    assert edits_done(xyz(), lambda g: edits.replace_node(g, "x", "constant")).nodes["x"].value == value


def test_outputs_that_the_other_op_has_not_are_cut_and_repeating_ports_close_ranks():
    nodes = [Node("d", "dataset"), *(Node(id, "input", as_value(1)) for id in "xy"), Node("s", "add")]
    edges = [Edge("x", "s", 0), Edge("d", "s", 1, 1), Edge("y", "s", 2)]
    graph = Graph.of(nodes, edges)
    assert edits.lost_edges(graph, "d", "input") == [Edge("d", "s", 1, 1)]
    assert sources(edits_done(graph, lambda g: edits.replace_node(g, "d", "input")), "s") == [("x", 0), ("y", 1)]


def test_the_same_op_is_no_change_and_an_unknown_one_is_refused():
    assert not edits.replace_node(xyz(), "q", "add")
    with pytest.raises(EditRefused, match="no operation"):
        edits.replace_node(xyz(), "q", "nonsense")


# --- taken out


def test_what_fed_a_node_feeds_what_it_fed():
    graph = edits_done(chain(), lambda g: edits.delete_and_join(g, ["b"]))
    assert set(graph.nodes) == set("xac") and sources(graph, "c") == [("a", 0)]


def test_a_stretch_of_a_chain_is_joined_from_its_entrance_to_its_exit():
    graph = edits_done(chain(), lambda g: edits.delete_and_join(g, ["b", "a"]))
    assert sources(graph, "c") == [("x", 0)]


def test_all_consumers_are_fed_by_the_first_input():
    graph = graph_of(
        ("x", "input", 1), ("y", "input", 1), ("q", "add", ["x", "y"]), ("a", "relu", ["q"]), ("b", "mul", ["q", "q"])
    )
    graph = edits_done(graph, lambda g: edits.delete_and_join(g, ["q"]))
    assert sources(graph, "a") == [("x", 0)] and sources(graph, "b") == [("x", 0), ("x", 1)]


def test_a_leaf_that_goes_too_is_passed_over():
    graph = graph_of(("w", "input", 1), ("x", "input", 1), ("p", "mul", ["w", "x"]), ("r", "relu", ["p"]))
    assert sources(edits_done(graph, lambda g: edits.delete_and_join(g, ["w", "p"])), "r") == [("x", 0)]


def test_a_leaf_alone_is_only_deleted():
    graph = edits_done(xyz(), lambda g: edits.delete_and_join(g, ["z"]))
    assert sources(graph, "f") == [("q", 0)] and "z" not in graph.nodes


def test_a_target_that_goes_is_followed_by_what_fed_it():
    graph = edits_done(chain(), lambda g: edits.set_target(g, "c"), lambda g: edits.delete_and_join(g, ["b", "c"]))
    assert graph.target == "a"
    assert edits_done(chain(), lambda g: edits.delete_and_join(g, list("xabc"))).target is None


def test_the_end_of_one_chain_may_feed_the_beginning_of_another():
    graph = graph_of(*[("x", "input", 1), *((f"a{i}", "relu", [f"a{i - 1}" if i else "x"]) for i in range(5))])
    graph = edits_done(graph, lambda g: edits.delete_and_join(g, ["a0", "a2", "a3"]))
    assert sources(graph, "a1") == [("x", 0)] and sources(graph, "a4") == [("a1", 0)]


# --- inputs that change places


def test_two_inputs_change_places():
    graph = edits_done(xyz(), lambda g: edits.swap_inputs(g, "f"))
    assert sources(graph, "f") == [("z", 0), ("q", 1)]


def test_an_open_port_takes_what_the_other_has():
    graph = edits_done(xyz(), lambda g: edits.disconnect(g, ("f", 0)), lambda g: edits.swap_inputs(g, "f"))
    assert sources(graph, "f") == [("z", 0)]


def test_inputs_that_are_not_there_are_refused():
    for id, ports in (("x", (0, 1)), ("f", (0, 0)), ("f", (0, 2)), ("f", (-1, 1))):
        with pytest.raises(EditRefused, match="no two inputs there"):
            edits.swap_inputs(xyz(), id, *ports)


def test_the_same_source_twice_is_no_change():
    graph = graph_of(("x", "input", 3), ("y", "mul", ["x", "x"]))
    assert not edits.swap_inputs(graph, "y")


def test_an_edge_moved_to_a_taken_port_changes_places_with_the_one_there():
    graph = xyz()
    assert edits.judge_exchange(graph, "x", "f", 1, moving=("q", 0)).sentence == "x and z change places."
    after = edits_done(graph, lambda g: edits.exchange(g, "x", "f", 1, moving=("q", 0)))
    assert sources(after, "q") == [("z", 0), ("y", 1)] and sources(after, "f") == [("q", 0), ("x", 1)]
    after = edits_done(graph, lambda g: edits.exchange(g, "q", "f", 1, moving=("f", 0)))
    assert sources(after, "f") == [("z", 0), ("q", 1)]


def test_a_new_edge_of_a_node_that_feeds_it_already_swaps_the_two():
    graph = edits_done(xyz(), lambda g: edits.exchange(g, "z", "f", 0))
    assert sources(graph, "f") == [("z", 0), ("q", 1)]


def test_a_new_edge_moves_the_old_one_to_a_free_port():
    said = edits.judge_exchange(xyz(), "z", "q", 0)
    assert said.allowed and said.sentence == "x moves on to port c of q."
    after = edits_done(xyz(), lambda g: edits.exchange(g, "z", "q", 0))
    assert sources(after, "q") == [("z", 0), ("y", 1), ("x", 2)]


def test_where_there_is_no_free_port_it_says_what_to_do():
    graph = graph_of(("a", "input", 1), ("b", "input", 1), ("r", "relu", ["a"]))
    assert "let go of Alt" in edits.judge_exchange(graph, "b", "r", 0).sentence
    with pytest.raises(EditRefused, match="r has no other port for a"):
        edits.exchange(graph, "b", "r", 0)


def test_a_displaced_edge_that_would_close_a_loop_is_refused():
    graph = graph_of(("x", "input", 1), ("a", "relu", ["x"]), ("b", "add", ["a", "x"]), ("c", "mul", ["b", "x"]))
    with pytest.raises(EditRefused, match="b cannot take the other place: a feeds it"):
        edits.exchange(graph, "x", "c", 0, moving=("a", 0))


def test_on_a_free_port_there_is_nothing_to_change_places_with():
    graph = edits_done(xyz(), lambda g: edits.disconnect(g, ("f", 0)))
    with pytest.raises(EditRefused, match="No edge ends there"):
        edits.exchange(graph, "q", "f", 0)
