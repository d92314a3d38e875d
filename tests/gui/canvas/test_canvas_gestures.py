"""Every gesture on the canvas, with the real mouse and keyboard on the shown view."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.graph.graph import Graph
from engine.graph.records import Node
from tests.gui.canvas_tools import ALT, CONTROL, LEFT, SHIFT, Hands, cs231n, edges, port_spot, value_spot

Key = Qt.Key


@pytest.fixture
def desk(qtbot: QtBot) -> Hands:
    return Hands(qtbot, cs231n())


# --- dropping ops


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


# --- wiring


def port(desk: Hands, id: str, which: int | str) -> QPoint:
    return port_spot(desk.view, id, which)


def two_loose(qtbot: QtBot) -> Hands:
    leaf = Node("a", "input", np.float64(3), pos=(0, 0))
    return Hands(qtbot, Graph.of([leaf, Node("m", "mul", pos=(300, 0)), Node("t", "tanh", pos=(300, 160))]))


def test_a_drag_from_output_to_input_makes_an_edge(qtbot: QtBot) -> None:
    desk = two_loose(qtbot)
    desk.one_undo_step(lambda: desk.drag(port(desk, "a", "out"), port(desk, "m", 1)))
    assert edges(desk.graph) == {("a", "m", 1)}
    desk.shows_document()


def test_a_drag_from_input_to_output_makes_an_edge(qtbot: QtBot) -> None:
    desk = two_loose(qtbot)
    desk.one_undo_step(lambda: desk.drag(port(desk, "m", 0), port(desk, "a", "out")))
    assert edges(desk.graph) == {("a", "m", 0)}


def test_an_end_snaps_to_a_port_that_is_near(qtbot: QtBot) -> None:
    desk = two_loose(qtbot)
    desk.drag(port(desk, "a", "out"), port(desk, "t", 0) + QPoint(-15, 8))
    assert edges(desk.graph) == {("a", "t", 0)}


def test_an_edge_dropped_on_a_body_takes_the_first_free_port(desk: Hands) -> None:
    desk.carry("mul", desk.at(560, 330))
    desk.drag(port(desk, "z", "out"), desk.body("mul"))
    assert ("z", "mul", 0) in edges(desk.graph)
    desk.drag(port(desk, "x", "out"), desk.body("mul"))
    assert ("x", "mul", 1) in edges(desk.graph)


def test_the_end_of_an_edge_can_be_moved_to_another_port(desk: Hands) -> None:
    desk.carry("mul", desk.at(560, 330))
    desk.one_undo_step(lambda: desk.drag(port(desk, "f", 1), port(desk, "mul", 0)))
    assert ("z", "mul", 0) in edges(desk.graph) and ("z", "f", 1) not in edges(desk.graph)


def test_the_end_of_an_edge_dropped_on_nothing_removes_it(desk: Hands) -> None:
    desk.one_undo_step(lambda: desk.drag(port(desk, "f", 1), desk.at(330, 330)))
    assert ("z", "f", 1) not in edges(desk.graph)
    desk.shows_document()


def test_an_end_can_be_taken_off_by_the_edge_itself(desk: Hands) -> None:
    desk.drag(desk.middle_of_edge("f", 1, 0.85), desk.at(330, 330))
    assert ("z", "f", 1) not in edges(desk.graph)


def test_an_end_put_back_changes_nothing(desk: Hands) -> None:
    before = desk.graph
    here = port(desk, "f", 1)
    desk.press(here)
    desk.drag_to(here + QPoint(-60, 40), here)
    desk.drag_to(here, here + QPoint(-60, 40))
    QTest.mouseRelease(desk.surface, LEFT, Qt.KeyboardModifier.NoModifier, here)
    assert desk.graph is before


def test_an_add_takes_a_third_edge_at_its_spare_port(desk: Hands) -> None:
    desk.drag(port(desk, "z", "out"), port(desk, "q", 2))
    assert ("z", "q", 2) in edges(desk.graph)
    assert desk.view.scene().node_items["q"].picture.ports == 4


def test_a_loop_is_refused_with_the_reason_before_the_release(desk: Hands) -> None:
    before, start, end = desk.graph, port(desk, "f", "out"), port(desk, "q", 1)
    desk.press(start)
    desk.drag_to(end, start)
    said = "That would close a loop: q → f → q."
    assert desk.told[-1] == said
    assert desk.view.tools.state.busy and desk.view.tools.state.sentence == said and desk.view.tools.state.refused
    QTest.mouseRelease(desk.surface, LEFT, Qt.KeyboardModifier.NoModifier, end)
    assert desk.graph is before
    assert desk.told[-1] == ""


def test_a_replacement_is_announced(desk: Hands) -> None:
    start, end = port(desk, "x", "out"), port(desk, "f", 1)
    desk.press(start)
    desk.drag_to(end, start)
    assert desk.view.tools.state.sentence == "z is connected here and will be replaced."
    assert desk.told[-1] == "z is connected here and will be replaced. With Alt the two change places."
    QTest.mouseRelease(desk.surface, LEFT, Qt.KeyboardModifier.NoModifier, end)
    assert ("x", "f", 1) in edges(desk.graph) and ("z", "f", 1) not in edges(desk.graph)


def test_a_leaf_says_that_it_has_no_inputs(desk: Hands) -> None:
    start, end = port(desk, "x", "out"), desk.body("z")
    desk.press(start)
    desk.drag_to(end, start)
    assert desk.told[-1] == "z has no inputs: it holds a value."
    desk.key(Key.Key_Escape)


def test_while_wiring_the_ports_that_would_accept_light_up(desk: Hands) -> None:
    start = port(desk, "q", "out")
    desk.press(start)
    desk.drag_to(desk.at(400, 300), start)
    marks = {id: item.marks for id, item in desk.view.scene().node_items.items()}
    assert marks["f"].lit_ports == {0, 1}
    assert not marks["x"].lit_ports and marks["x"].dimmed  # it feeds q: a loop
    desk.key(Key.Key_Escape)
    assert not any(item.marks.lit_ports for item in desk.view.scene().node_items.values())


# --- selecting


def test_a_click_selects_a_shift_click_adds_and_takes_away(desk: Hands) -> None:
    desk.click(desk.body("x"))
    desk.click(desk.body("q"), SHIFT)
    assert desk.selection.nodes == {"x", "q"}
    desk.click(desk.body("x"), SHIFT)
    assert desk.selection.nodes == {"q"}
    desk.click(desk.at(330, 340))
    assert not desk.selection.nodes


def test_a_rubber_band_selects_what_it_touches(desk: Hands) -> None:
    desk.drag(desk.at(-30, -30), desk.at(60, 200))
    assert desk.selection.nodes == {"x", "y"}
    desk.drag(desk.at(200, 0), desk.at(300, 100), SHIFT)
    assert desk.selection.nodes == {"x", "y", "q"}


def test_a_click_on_an_edge_selects_it_and_delete_removes_it(desk: Hands) -> None:
    desk.click(desk.middle_of_edge("f", 1))
    assert desk.selection.edges == {("f", 1)}
    desk.one_undo_step(lambda: desk.key(Key.Key_Delete))
    assert ("z", "f", 1) not in edges(desk.graph)
    desk.shows_document()


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_select_all_and_delete(desk: Hands, key: Key) -> None:
    desk.key(Key.Key_A, CONTROL)
    assert desk.selection.nodes == set("xyzqf")
    desk.one_undo_step(lambda: desk.key(key))
    assert not desk.graph.nodes
    desk.shows_document()
    assert desk.view.hint.isVisible()


# --- moving


def test_a_drag_moves_all_that_are_selected_on_the_grid_in_one_step(desk: Hands) -> None:
    desk.click(desk.body("x"))
    desk.click(desk.body("y"), SHIFT)
    desk.one_undo_step(lambda: desk.drag(desk.body("x"), desk.body("x") + QPoint(41, 30)))
    assert desk.graph.nodes["x"].pos == (40, 32)
    assert desk.graph.nodes["y"].pos == (40, 172)
    desk.shows_document()


def test_two_drags_are_two_steps(desk: Hands) -> None:
    desk.drag(desk.body("x"), desk.body("x") + QPoint(40, 0))
    desk.drag(desk.body("x"), desk.body("x") + QPoint(40, 0))
    assert desk.graph.nodes["x"].pos == (80, 0)
    desk.bridge.undo()
    assert desk.graph.nodes["x"].pos == (40, 0)


def test_edges_follow_while_nodes_are_dragged(desk: Hands) -> None:
    start = desk.body("x")
    before = desk.middle_of_edge("q", 0)
    desk.press(start)
    desk.drag_to(start + QPoint(0, -80), start)
    assert desk.middle_of_edge("q", 0) != before
    assert desk.graph.nodes["x"].pos == (0, 0)  # nothing is edited before the release
    desk.key(Key.Key_Escape)
    assert desk.middle_of_edge("q", 0) == before
    QTest.mouseRelease(desk.surface, LEFT, Qt.KeyboardModifier.NoModifier, start)
    desk.shows_document()


def test_where_an_edge_was_bent_is_painted_again_when_the_drag_is_dropped(desk: Hands) -> None:
    start, painted = desk.body("x"), []
    desk.press(start)
    desk.drag_to(start + QPoint(0, 160), start)
    bent = desk.view.mapToScene(desk.middle_of_edge("q", 0, 0.4))
    desk.view.scene().dirtied = painted.append
    desk.key(Key.Key_Escape)
    assert any(rect.contains(bent) for rect in painted)


def test_a_free_node_dropped_on_an_edge_is_put_into_it(desk: Hands) -> None:
    desk.carry("tanh", desk.at(310, 340))
    to = desk.middle_of_edge("f", 0) + QPoint(60 - 70, 70 - 42)
    desk.one_undo_step(lambda: desk.drag(desk.body("tanh"), to))
    assert {("q", "tanh", 0), ("tanh", "f", 0)} <= edges(desk.graph)


def test_alt_and_arrows_nudge_and_nudges_in_a_row_are_one_step(desk: Hands) -> None:
    desk.click(desk.body("x"))
    desk.key(Key.Key_Right, ALT)
    desk.key(Key.Key_Down, ALT | SHIFT)
    assert desk.graph.nodes["x"].pos == (4, 24)
    desk.click(desk.body("y"))
    desk.key(Key.Key_Left, ALT)
    desk.bridge.undo()
    assert desk.graph.nodes["y"].pos == (0, 140) and desk.graph.nodes["x"].pos == (4, 24)
    desk.bridge.undo()
    assert desk.graph.nodes["x"].pos == (0, 0)


@pytest.mark.parametrize("position", [3, 0, None])
def test_arrows_alone_never_move_a_node(desk: Hands, position: int | None) -> None:
    desk.click(desk.body("x"))
    desk.bridge.player.seek(desk.bridge.player.end if position is None else position)
    before = desk.graph
    for key in (Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down):
        desk.key(key)
        desk.key(key, SHIFT)
    assert desk.graph is before


def test_a_nudge_there_and_back_leaves_the_step_before_alone(desk: Hands) -> None:
    desk.drag(port(desk, "z", "out"), port(desk, "q", 0))
    wired = desk.graph
    desk.click(desk.body("x"))
    for key in (Key.Key_Right, Key.Key_Left, Key.Key_Left):
        desk.key(key, ALT)
    desk.bridge.undo()
    assert desk.graph == wired


@pytest.mark.parametrize("gesture", ["move", "wire", "band"])
def test_escape_leaves_everything_as_it_was(desk: Hands, gesture: str) -> None:
    desk.click(desk.body("z"))
    start = {"move": desk.body("x"), "wire": port(desk, "x", "out"), "band": desk.at(330, 340)}[gesture]
    before, selected = desk.graph, desk.selection.nodes
    desk.press(start)
    desk.drag_to(start + QPoint(40, -60), start)
    desk.key(Key.Key_Escape)
    QTest.mouseRelease(desk.surface, LEFT, Qt.KeyboardModifier.NoModifier, start)
    assert desk.graph is before and desk.selection.nodes == selected
    desk.shows_document()


def test_walking_along_the_graph_with_the_keyboard(desk: Hands) -> None:
    desk.key(Key.Key_Right, CONTROL)
    assert desk.selection.nodes == {"x"}
    desk.key(Key.Key_Right, CONTROL)
    desk.key(Key.Key_Right, CONTROL)
    assert desk.selection.nodes == {"f"}
    assert "f, Multiply, value −12" in desk.view.accessibleDescription()
    desk.key(Key.Key_Left, CONTROL)
    desk.key(Key.Key_Left, CONTROL)
    assert desk.selection.nodes == {"q"}, "through its first port"


# --- typing


def click_value(desk: Hands, id: str) -> None:
    desk.click(value_spot(desk.view, id))


def test_a_click_on_a_number_edits_it(desk: Hands) -> None:
    click_value(desk, "x")
    assert QApplication.focusWidget() is desk.view.desk.editor and desk.view.desk.editor.text() == "−2"
    desk.type("7.5")
    desk.one_undo_step(lambda: desk.key(Key.Key_Return))
    assert desk.graph.nodes["x"].value == 7.5
    assert desk.view.scene().node_items["f"].picture.value == "−50"
    assert desk.view.hasFocus()


def test_escape_drops_what_was_typed(desk: Hands) -> None:
    before = desk.graph
    click_value(desk, "x")
    desk.type("9")
    desk.key(Key.Key_Escape)
    assert desk.graph is before and not desk.view.desk.editor.isVisible() and desk.view.hasFocus()


def test_what_is_no_number_keeps_the_editor_open_with_the_reason(desk: Hands) -> None:
    before = desk.graph
    click_value(desk, "x")
    desk.type("abc")
    desk.key(Key.Key_Return)
    assert desk.view.desk.editor.isVisible() and "is neither a number" in desk.view.desk.editor.sentence
    assert desk.graph is before
    desk.type("4")
    assert not desk.view.desk.editor.sentence


def test_tab_goes_on_to_the_next_leaf(desk: Hands) -> None:
    click_value(desk, "x")
    desk.type("1")
    desk.key(Key.Key_Tab)
    assert desk.graph.nodes["x"].value == 1 and desk.view.desk.editor.editing == "y"
    desk.type("2")
    desk.key(Key.Key_Tab)
    desk.key(Key.Key_Backtab)
    assert desk.graph.nodes["y"].value == 2 and desk.view.desk.editor.editing == "y"


def test_a_click_elsewhere_commits(desk: Hands) -> None:
    click_value(desk, "x")
    desk.type("8")
    desk.view.setFocus(Qt.FocusReason.MouseFocusReason)
    assert desk.graph.nodes["x"].value == 8 and not desk.view.desk.editor.isVisible()


def test_a_vector_can_be_typed(desk: Hands) -> None:
    click_value(desk, "x")
    desk.type("1 2 3")
    desk.key(Key.Key_Return)
    assert desk.graph.nodes["x"].value.tolist() == [1, 2, 3]
    assert desk.view.scene().node_items["x"].picture.value_caption == "3"


def test_f2_renames_the_selected_node(desk: Hands) -> None:
    desk.click(desk.body("q"))
    desk.key(Key.Key_F2)
    desk.type("sum")
    desk.one_undo_step(lambda: desk.key(Key.Key_Return))
    assert "sum" in desk.graph.nodes and "q" not in desk.graph.nodes
    desk.shows_document()


def test_a_double_click_on_a_name_renames_and_a_bad_name_says_why(desk: Hands) -> None:
    at = desk.name("q")
    desk.click(at)
    QTest.mouseDClick(desk.surface, LEFT, Qt.KeyboardModifier.NoModifier, at)
    assert desk.view.desk.editor.editing == "q"
    desk.type("x")
    desk.key(Key.Key_Return)
    assert "There is already a node “x”." in desk.view.desk.editor.sentence
    desk.key(Key.Key_Escape)
    assert "q" in desk.graph.nodes


def test_the_value_of_a_computed_node_is_not_edited(desk: Hands) -> None:
    click_value(desk, "q")
    assert not desk.view.desk.editor.isVisible() and desk.selection.nodes == {"q"}


def test_undo_while_typing_closes_the_editor_only_if_the_node_is_gone(desk: Hands) -> None:
    desk.carry("constant", desk.at(310, 330))
    desk.view.desk.editor.type_value("c")
    desk.bridge.undo()
    assert not desk.view.desk.editor.isVisible()
