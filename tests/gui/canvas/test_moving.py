"""Nodes selected, moved and nudged, with the mouse and the keys: one undo step each."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.canvas.model.router import Router
from tests.gui.canvas_tools import ALT, CONTROL, LEFT, SHIFT, Hands, edges, port_spot

Key = Qt.Key


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
    desk.view.scene().dirtied = painted.extend
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
    desk.drag(port_spot(desk.view, "z", "out"), port_spot(desk.view, "q", 0))
    wired = desk.graph
    desk.click(desk.body("x"))
    for key in (Key.Key_Right, Key.Key_Left, Key.Key_Left):
        desk.key(key, ALT)
    desk.bridge.undo()
    assert desk.graph == wired


@pytest.mark.parametrize("gesture", ["move", "wire", "band"])
def test_escape_leaves_everything_as_it_was(desk: Hands, gesture: str) -> None:
    desk.click(desk.body("z"))
    start = {"move": desk.body("x"), "wire": port_spot(desk.view, "x", "out"), "band": desk.at(330, 340)}[gesture]
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


def test_letting_go_leads_no_edge_again_that_the_hand_has_led(desk: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    led: list[int] = []
    lead = Router.lead
    monkeypatch.setattr(Router, "lead", lambda self, rows, *rest: led.append(len(rows)) or lead(self, rows, *rest))
    grip, there = desk.body("q"), desk.body("q") + QPoint(40, 24)
    desk.press(grip)
    desk.drag_to(there, grip)
    assert led
    led.clear()
    QTest.mouseRelease(desk.surface, LEFT, pos=there)
    assert desk.graph.nodes["q"].pos != (240, 60) and led == []
