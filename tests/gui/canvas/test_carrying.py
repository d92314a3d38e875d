"""Nodes dragged into line, and copied with Alt, with the real mouse on the shown canvas."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.graph.graph import Graph
from engine.graph.records import Node
from gui.widgets.op_card import OP_MIME
from tests.gui.canvas_tools import ALT, CONTROL, LEFT, NO, SHIFT, Hands, cs231n, edges

Key = Qt.Key


def feeds(desk: Hands, id: str) -> list[tuple[str, int]]:
    return [(edge.source, edge.port) for edge in desk.graph.into(id)]


# --- into line


def loose(qtbot: QtBot) -> Hands:
    places = {"a": (0, 0), "b": (300, 40), "c": (120, 280)}
    return Hands(qtbot, Graph.of(Node(id, "input", np.float64(1), pos=pos) for id, pos in places.items()))


def test_a_node_is_drawn_into_line_with_another_and_the_line_is_seen(qtbot: QtBot) -> None:
    desk = loose(qtbot)
    start = desk.body("b")
    desk.press(start)
    desk.drag_to(start + QPoint(0, -35), start)
    shown = desk.view.grab().toImage()
    desk.one_undo_step(lambda: QTest.mouseRelease(desk.surface, LEFT, NO, start + QPoint(0, -35)))
    assert desk.graph.nodes["b"].pos == (300, 0)
    rested = desk.view.grab().toImage()
    between = desk.at(220, 0)
    line = [shown.pixelColor(between + QPoint(0, dy)) for dy in (-1, 0, 1)]
    assert line != [rested.pixelColor(between + QPoint(0, dy)) for dy in (-1, 0, 1)]


def test_with_control_it_goes_where_the_hand_says(qtbot: QtBot) -> None:
    desk = loose(qtbot)
    start = desk.body("b")
    desk.drag(start, start + QPoint(0, -35), CONTROL)
    assert desk.graph.nodes["b"].pos == (300, 4)


def test_an_edge_is_drawn_straight(desk: Hands) -> None:
    start, stage = desk.body("z"), desk.view.scene().stage
    way = stage.end(desk.graph.edges["f", 1])[1] - stage.start(desk.graph.edges["f", 1])[1]
    desk.drag(start, start + QPoint(0, round(way) + 4))
    edge = desk.graph.edges["f", 1]
    assert stage.start(edge)[1] == stage.end(edge)[1]


# --- copies


def test_an_alt_drag_copies_a_node_that_stays_fed(desk: Hands) -> None:
    start = desk.body("q")
    desk.drag(start, start + QPoint(40, 180), ALT)
    assert feeds(desk, "q2") == [("x", 0), ("y", 1)] and desk.graph.nodes["q"].pos == (240, 60)
    assert desk.graph.nodes["q2"].pos == (280, 240) and desk.selection.nodes == {"q2"}
    assert "Let go to copy q, fed by the same nodes. With Shift: with no edges from outside." in desk.told
    desk.shows_document()
    desk.bridge.undo()
    assert desk.graph == cs231n()


def test_with_shift_it_is_fed_by_nothing(desk: Hands) -> None:
    desk.click(desk.body("q"))
    start = desk.body("q")
    desk.drag(start, start + QPoint(40, 180), ALT | SHIFT)
    assert feeds(desk, "q2") == [] and "Let go to copy q, with no edges from outside." in desk.told


def test_several_are_copied_with_the_edges_between_them(desk: Hands) -> None:
    desk.click(desk.body("q"))
    desk.click(desk.body("f"), SHIFT)
    start = desk.body("f")
    desk.one_undo_step(lambda: desk.drag(start, start + QPoint(0, 160), ALT))
    assert feeds(desk, "f2") == [("q2", 0), ("z", 1)] and feeds(desk, "q2") == [("x", 0), ("y", 1)]


def test_alt_may_go_down_and_up_on_the_way(desk: Hands) -> None:
    start, end = desk.body("q"), desk.body("q") + QPoint(40, 180)
    desk.press(start)
    desk.drag_to(end, start)
    assert desk.view.scene().node_items["q"].pos().y() == 240
    assert "Alt makes copies instead" in desk.told[-1], "where a desktop keeps Alt-drag, this is the way"
    QTest.keyPress(desk.view, Key.Key_Alt)
    assert desk.view.scene().node_items["q"].pos().y() == 60, "the node is back in its place while a copy is carried"
    QTest.keyRelease(desk.view, Key.Key_Alt, ALT)
    assert desk.view.scene().node_items["q"].pos().y() == 240
    QTest.keyPress(desk.view, Key.Key_Alt)
    QTest.mouseRelease(desk.surface, LEFT, ALT, end)
    QTest.keyRelease(desk.view, Key.Key_Alt, ALT)
    assert desk.graph.nodes["q"].pos == (240, 60) and "q2" in desk.graph.nodes


@pytest.mark.parametrize("keys", [NO, ALT])
def test_escape_leaves_everything(desk: Hands, keys: Qt.KeyboardModifier) -> None:
    desk.click(desk.body("z"))
    before, start = desk.graph, desk.body("q")
    desk.press(start, keys)
    desk.drag_to(start + QPoint(40, 180), start, keys)
    desk.key(Key.Key_Escape, keys)
    QTest.mouseRelease(desk.surface, LEFT, keys, start)
    assert desk.graph is before and desk.selection.nodes == {"z"}
    desk.shows_document()


def test_copies_put_down_where_they_were_taken_are_none(desk: Hands) -> None:
    before, start = desk.graph, desk.body("q")
    desk.press(start, ALT)
    desk.drag_to(start + QPoint(40, 180), start, ALT)
    desk.drag_to(start, start + QPoint(40, 180), ALT)
    QTest.mouseRelease(desk.surface, LEFT, ALT, start)
    assert desk.graph is before


# --- into an edge


def test_a_node_let_go_over_an_edge_makes_room(desk: Hands) -> None:
    desk.carry("tanh", desk.at(310, 340))
    before = desk.graph
    to = desk.middle_of_edge("f", 0) + QPoint(60 - 70, 70 - 42)
    desk.one_undo_step(lambda: desk.drag(desk.body("tanh"), to))
    assert {("q", "tanh", 0), ("tanh", "f", 0)} <= edges(desk.graph)
    assert "Let go to put tanh between q and f." in desk.told
    places = {id: node.pos[0] for id, node in desk.graph.nodes.items()}
    assert places["tanh"] >= places["q"] + 200 and places["f"] >= places["tanh"] + 200
    assert all(places[id] == before.nodes[id].pos[0] for id in "xyzq")


def test_a_connected_node_is_put_into_no_edge(desk: Hands) -> None:
    to = desk.middle_of_edge("f", 1) + QPoint(60 - 70, 70 - 42)
    desk.drag(desk.body("y"), to)
    assert edges(desk.graph) == {("x", "q", 0), ("y", "q", 1), ("q", "f", 0), ("z", "f", 1)}


def test_the_room_that_will_be_made_is_seen_before_the_release(desk: Hands) -> None:
    desk.carry("tanh", desk.at(310, 340))
    graph, items = desk.graph, desk.view.scene().node_items
    start, over = desk.body("tanh"), desk.middle_of_edge("f", 0) + QPoint(60 - 70, 70 - 42)
    desk.press(start)
    desk.drag_to(over, start)
    seen = {id: (items[id].pos().x(), items[id].pos().y()) for id in graph.nodes}
    assert seen["f"][0] > graph.nodes["f"].pos[0] and seen["q"] == graph.nodes["q"].pos and desk.graph is graph
    desk.drag_to(over + QPoint(2, 2), over)
    assert items["f"].pos().x() == seen["f"][0], "it does not jump to and fro under the hand"
    desk.drag_to(start, over)
    assert items["f"].pos().x() == graph.nodes["f"].pos[0]
    desk.drag_to(over, start)
    QTest.mouseRelease(desk.surface, LEFT, NO, over)
    assert {id: node.pos for id, node in desk.graph.nodes.items()} == seen


def test_an_op_out_of_the_palette_shows_the_room_that_it_will_have(desk: Hands) -> None:
    graph, items, over = desk.graph, desk.view.scene().node_items, desk.middle_of_edge("f", 0)
    desk.carry("tanh", over, over + QPoint(1, 1), drop=False)
    assert items["f"].pos().x() == graph.nodes["f"].pos[0], "it has left again"
    data = QMimeData()
    data.setData(OP_MIME, b"tanh")
    args = (Qt.DropAction.CopyAction, data, LEFT, NO)
    QApplication.sendEvent(desk.surface, QDragEnterEvent(over, *args))
    QApplication.sendEvent(desk.surface, QDragMoveEvent(over, *args))
    shown = items["f"].pos().x()
    assert shown > graph.nodes["f"].pos[0] and desk.graph is graph
    QApplication.sendEvent(desk.surface, QDropEvent(QPointF(over), *args))
    assert desk.graph.nodes["f"].pos[0] == shown
    desk.shows_document()
