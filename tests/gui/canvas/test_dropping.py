"""Ops dropped on the canvas: where they stand, and what they go into."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.canvas.paint.node import node_extent
from gui.document import settings
from tests.gui.canvas_tools import ALT, LEFT, NO, Hands, edges


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


def seen_whole(desk: Hands, id: str) -> bool:
    """Whether its card, all of its ports and their names are inside the view."""
    painted = node_extent(desk.graph, id).translated(*desk.graph.nodes[id].pos)
    return desk.surface.rect().contains(desk.view.mapFromScene(painted).boundingRect().adjusted(1, 1, -1, -1))


def rim(desk: Hands, side: str) -> QPoint:
    """A place of the view near a side, where no node is; the view goes at once where it goes."""
    settings.put("reduced_motion", True)
    box = desk.surface.rect()
    return {
        "left": QPoint(6, box.height() - 60),
        "right": QPoint(box.width() - 6, box.height() - 60),
        "top": QPoint(box.width() // 2, 6),
        "bottom": QPoint(box.width() // 2, box.height() - 6),
    }[side]


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_an_op_dropped_at_the_rim_is_seen_whole_with_its_ports(desk: Hands, side: str) -> None:
    desk.carry("add", rim(desk, side))
    assert seen_whole(desk, "add")


@pytest.mark.parametrize("side", ["left", "right"])
def test_where_all_was_seen_all_is_seen_again(desk: Hands, side: str) -> None:
    desk.view.camera.fit_all(animated=False)
    desk.carry("add", rim(desk, side))
    assert all(seen_whole(desk, id) for id in desk.graph.nodes)


def test_what_is_dropped_well_inside_moves_nothing(desk: Hands) -> None:
    before = desk.view.camera.visible_scene()
    desk.carry("tanh", desk.at(310, 320))
    assert desk.view.camera.visible_scene() == before


@pytest.mark.parametrize("side", ["left", "right"])
def test_what_is_searched_for_at_the_rim_is_seen_whole(desk: Hands, side: str) -> None:
    QTest.mouseDClick(desk.surface, LEFT, NO, rim(desk, side))
    desk.type("add")
    desk.key(Qt.Key.Key_Return)
    assert seen_whole(desk, "add")


def test_a_copy_that_is_let_go_at_the_rim_is_seen_whole(desk: Hands) -> None:
    desk.drag(desk.body("f"), rim(desk, "right"), ALT)
    (copy,) = desk.selection.nodes
    assert copy != "f" and seen_whole(desk, copy)


def test_a_note_that_is_begun_at_the_rim_is_seen_whole(desk: Hands) -> None:
    desk.view.desk.aside_editor.type_note((desk.view.mapToScene(rim(desk, "right")).x(), 300.0))
    assert desk.surface.rect().contains(desk.view.desk.aside_editor.geometry())
