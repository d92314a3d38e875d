"""Edges drawn, moved and taken off with the mouse: what is made, what is refused, what is said before."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.graph.graph import Graph
from engine.graph.records import Node
from tests.gui.canvas_tools import LEFT, Hands, edges, port_spot

Key = Qt.Key


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


def beside_plate(desk: Hands, id: str, which: int | str) -> QPoint:
    """A little outside the side of a plate, where a port would be."""
    item = desk.view.scene().node_items[id]
    plate, port_place = item.outline(desk.view.camera.zoom), port_spot(desk.view, id, which)
    side = desk.view.mapFromScene(plate.topRight() if which == "out" else plate.topLeft())
    return QPoint(side.x() + (4 if which == "out" else -4), port_place.y())


@pytest.mark.parametrize("zoom", [0.42, 0.3, 0.2])
def test_from_afar_an_edge_begins_beside_a_plate(qtbot: QtBot, zoom: float) -> None:
    desk = two_loose(qtbot)
    desk.view.camera.look_at(zoom, QPointF(220, 120), animated=False)
    desk.one_undo_step(lambda: desk.drag(beside_plate(desk, "a", "out"), beside_plate(desk, "m", 1)))
    assert edges(desk.graph) == {("a", "m", 1)}
    desk.one_undo_step(lambda: desk.drag(beside_plate(desk, "t", 0), beside_plate(desk, "a", "out")))
    assert edges(desk.graph) == {("a", "m", 1), ("a", "t", 0)}


def test_from_afar_a_plate_is_moved_by_its_inside(qtbot: QtBot) -> None:
    desk = two_loose(qtbot)
    desk.view.camera.look_at(0.3, QPointF(220, 120), animated=False)
    inside = desk.view.mapFromScene(desk.view.scene().node_items["m"].outline(0.3).center())
    desk.drag(inside, inside + QPoint(0, 40))
    assert desk.graph.nodes["m"].pos[1] > 60 and not edges(desk.graph)
