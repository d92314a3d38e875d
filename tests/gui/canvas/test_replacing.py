"""An op dropped on a node takes its place; a wire dropped with Alt lets two edges change places."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Node
from tests.gui.canvas_tools import ALT, LEFT, NO, Hands, edges, port_spot

Key = Qt.Key


# --- an op on a node


def test_an_op_dropped_on_a_node_takes_its_place_and_the_edges_stay(desk: Hands) -> None:
    before = desk.graph
    desk.one_undo_step(lambda: desk.carry("max", desk.at(300, 320), desk.body("q")))
    assert desk.graph.nodes["q"].op_name == "max" and desk.graph.nodes["q"].pos == before.nodes["q"].pos
    assert desk.graph.edges == before.edges and set(desk.graph.nodes) == set(before.nodes)
    assert desk.selection.nodes == {"q"}
    assert "Let go to make q Maximum. Its edges stay." in desk.told
    desk.shows_document()


def test_the_edges_that_will_go_are_named_before_and_those_that_stay_are_lit(desk: Hands) -> None:
    before = desk.graph
    desk.carry("relu", desk.body("q"), drop=False)
    assert "Let go to make q ReLU: the edge from y goes, for it has no port there." in desk.told
    assert desk.graph is before and not desk.view.scene().edge_layer.selected
    desk.one_undo_step(lambda: desk.carry("relu", desk.body("q")))
    assert edges(desk.graph) == {("x", "q", 0), ("q", "f", 0), ("z", "f", 1)}


def test_a_computed_node_may_become_a_leaf(desk: Hands) -> None:
    desk.carry("parameter", desk.body("q"))
    assert desk.graph.nodes["q"].op_name == "parameter" and edges(desk.graph) == {("q", "f", 0), ("z", "f", 1)}
    assert "Let go to make q Parameter: the edges from x and from y go, for it has no port there." in desk.told


def test_a_node_that_bears_the_name_of_its_op_gets_that_of_the_other_and_stays_selected(desk: Hands) -> None:
    desk.bridge.edit(lambda graph: edits.rename(graph, "q", "add"))
    desk.one_undo_step(lambda: desk.carry("sub", desk.body("add")))
    assert desk.graph.nodes["sub"].op_name == "sub" and "add" not in desk.graph.nodes
    assert edges(desk.graph) == {("x", "sub", 0), ("y", "sub", 1), ("sub", "f", 0), ("z", "f", 1)}
    assert desk.selection.nodes == {"sub"}
    desk.shows_document()


def test_an_op_dropped_on_a_folded_group_is_refused_with_a_sentence(desk: Hands) -> None:
    desk.bridge.edit(lambda graph: edits.make_group(graph, ["x", "q"], title="Sum"))
    desk.bridge.edit(lambda graph: edits.fold_in_place(graph, ["g1"]))
    before, refused = desk.graph, []
    desk.bridge.refused.connect(lambda error: refused.append(str(error)))
    (card,) = (item for item in desk.view.scene().node_items.values() if item.id not in before.nodes)
    desk.carry("relu", desk.view.mapFromScene(card.card().center()))
    said = "Sum is a folded group, which no operation can take the place of. Drop beside it, or open it first."
    assert desk.graph is before and refused == [said] and said in desk.told


def test_the_same_op_changes_nothing_and_says_so(desk: Hands) -> None:
    before = desk.graph
    desk.carry("add", desk.body("q"))
    assert desk.graph is before and "q computes Add already." in desk.told


# --- two edges change places


def held(desk: Hands, start, end, keys=ALT) -> None:
    """A drag whose key goes down on the way, as the hand does where the desktop keeps Alt and the button for itself."""
    desk.press(start)
    desk.drag_to(end, start)
    QTest.keyPress(desk.view, Key.Key_Alt)
    QTest.mouseRelease(desk.surface, LEFT, keys, end)
    QTest.keyRelease(desk.view, Key.Key_Alt, keys)


def test_with_alt_two_inputs_of_a_node_change_places(desk: Hands) -> None:
    start, end = port_spot(desk.view, "f", 0), port_spot(desk.view, "f", 1)
    desk.one_undo_step(lambda: desk.drag(start, end, ALT))
    assert edges(desk.graph) == {("x", "q", 0), ("y", "q", 1), ("z", "f", 0), ("q", "f", 1)}


def test_the_key_may_go_down_on_the_way_and_it_is_said_at_once(desk: Hands) -> None:
    start, end = port_spot(desk.view, "q", 0), port_spot(desk.view, "f", 1)
    held(desk, start, end)
    assert "z is connected here and will be replaced. With Alt the two change places." in desk.told
    assert "x and z change places." in desk.told
    assert edges(desk.graph) == {("z", "q", 0), ("y", "q", 1), ("q", "f", 0), ("x", "f", 1)}


def test_a_new_edge_moves_the_old_one_to_a_free_port(desk: Hands) -> None:
    start, end = port_spot(desk.view, "z", "out"), port_spot(desk.view, "q", 0)
    desk.one_undo_step(lambda: desk.drag(start, end, ALT))
    assert {("z", "q", 0), ("y", "q", 1), ("x", "q", 2)} <= edges(desk.graph)
    assert "x moves on to port c of q." in desk.told


def test_without_alt_the_old_edge_is_replaced(desk: Hands) -> None:
    desk.drag(port_spot(desk.view, "q", 0), port_spot(desk.view, "f", 1), NO)
    assert edges(desk.graph) == {("y", "q", 1), ("q", "f", 0), ("x", "f", 1)}


def test_where_there_is_no_other_port_it_is_refused_with_what_to_do(qtbot: QtBot) -> None:
    leaves = [Node(id, "input", np.float64(1), pos=(0, 140 * i)) for i, id in enumerate("ab")]
    desk = Hands(qtbot, Graph.of([*leaves, Node("t", "tanh", pos=(300, 0))]))
    desk.drag(port_spot(desk.view, "a", "out"), port_spot(desk.view, "t", 0))
    before = desk.graph
    desk.drag(port_spot(desk.view, "b", "out"), port_spot(desk.view, "t", 0), ALT)
    assert desk.graph is before
    assert "t has no other port for a: let go of Alt to replace it." in desk.told


def test_escape_drops_an_exchange(desk: Hands) -> None:
    before, start, end = desk.graph, port_spot(desk.view, "f", 0), port_spot(desk.view, "f", 1)
    desk.press(start, ALT)
    desk.drag_to(end, start)
    desk.key(Key.Key_Escape)
    QTest.mouseRelease(desk.surface, LEFT, ALT, end)
    assert desk.graph is before
