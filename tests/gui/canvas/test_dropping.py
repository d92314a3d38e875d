"""Ops dropped on the canvas: where they stand, and what they go into."""

from __future__ import annotations

from tests.gui.canvas_tools import Hands, edges


def test_an_op_dropped_on_the_canvas_becomes_a_node_there(desk: Hands) -> None:
    at = desk.at(310, 320)
    desk.one_undo_step(lambda: desk.carry("tanh", desk.at(300, 300), at))
    node = desk.graph.nodes["tanh"]
    assert node.pos == (240, 280)  # its middle is under the mouse, on the grid
    desk.shows_document()


def test_what_was_dropped_is_selected(desk: Hands) -> None:
    desk.carry("tanh", desk.at(310, 320))
    assert desk.selection.nodes == {"tanh"} and desk.view.hasFocus()


def test_an_op_dropped_on_an_edge_is_put_into_it_and_says_so_before(desk: Hands) -> None:
    at = desk.middle_of_edge("f", 0)
    desk.carry("relu", at, drop=False)
    assert "Put ReLU between q and f." in desk.told
    assert not desk.view.tools.state.busy and "relu" not in desk.graph.nodes
    desk.one_undo_step(lambda: desk.carry("relu", at))
    assert {("q", "relu", 0), ("relu", "f", 0)} <= edges(desk.graph)
    assert ("q", "f", 0) not in edges(desk.graph)
    desk.shows_document()


def test_a_leaf_dropped_on_an_edge_is_only_put_there(desk: Hands) -> None:
    desk.carry("constant", desk.middle_of_edge("f", 0))
    assert ("q", "f", 0) in edges(desk.graph) and "c" in desk.graph.nodes


def test_an_unknown_op_is_not_taken(desk: Hands) -> None:
    before = desk.graph
    desk.carry("no such op", desk.at(300, 300))
    assert desk.graph is before


def test_a_drag_that_is_dropped_with_escape_changes_nothing(desk: Hands) -> None:
    before = desk.graph
    desk.carry("tanh", desk.at(300, 300), drop=False)
    assert desk.graph is before and not desk.view.tools.state.busy
