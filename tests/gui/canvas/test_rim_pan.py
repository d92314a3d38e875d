"""What is dragged to the rim of the canvas, or beyond it, takes the view along; keys wait for what is in the hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from gui.canvas.quick_add import QuickAdd
from gui.document import settings
from tests.gui.canvas_tools import CONTROL, LEFT, NO, Hands, cs231n, edges, port_spot

Key = Qt.Key


@pytest.fixture
def hands(qtbot) -> Hands:
    settings.put("reduced_motion", True)
    return Hands(qtbot, cs231n())


def left_edge(hands: Hands) -> float:
    return hands.view.camera.visible_scene().left()


def let_go(hands: Hands, at: QPoint) -> None:
    QTest.mouseRelease(hands.surface, LEFT, NO, at)


def test_a_node_dragged_beyond_the_rim_goes_on_with_the_view_and_comes_back_in_one_step(hands, qtbot) -> None:
    before, start, seen = hands.graph, hands.body("q"), left_edge(hands)
    out = QPoint(hands.surface.width() + 60, start.y())
    hands.press(start)
    hands.drag_to(out, start)
    qtbot.waitUntil(lambda: left_edge(hands) > seen + 120)
    assert hands.graph is before, "nothing is edited before the release"
    let_go(hands, out)
    scene_x = hands.view.mapToScene(out).x()
    assert abs(hands.graph.nodes["q"].pos[0] + 60 - scene_x) < 16, "it is where the hand is"
    there = hands.view.camera.centre()
    hands.bridge.undo()
    assert hands.graph == before and hands.view.camera.centre() == there


def test_an_edge_reaches_a_node_that_was_not_seen(hands, qtbot) -> None:
    camera = hands.view.camera
    camera.look_at(1.0, camera.centre() + QPointF(-340, 0), animated=False)
    start = port_spot(hands.view, "x", "out")
    out = QPoint(hands.surface.width() + 60, start.y())
    assert not hands.surface.rect().contains(port_spot(hands.view, "f", 1))
    hands.press(start)
    hands.drag_to(out, start)
    qtbot.waitUntil(lambda: hands.surface.rect().contains(port_spot(hands.view, "f", 1) + QPoint(40, 0)))
    there = port_spot(hands.view, "f", 1)
    hands.drag_to(there, there + QPoint(8, 0))
    let_go(hands, there)
    assert ("x", "f", 1) in edges(hands.graph)


def test_a_rubber_band_grows_with_the_view(hands, qtbot) -> None:
    camera = hands.view.camera
    camera.look_at(1.0, camera.centre() + QPointF(0, 250), animated=False)
    start = QPoint(60, 300)
    hands.press(start)
    out = QPoint(700, -50)
    hands.drag_to(out, start)
    qtbot.waitUntil(lambda: camera.visible_scene().top() < -40)
    let_go(hands, out)
    assert hands.selection.nodes == set("xyzqf")


def test_the_view_rests_when_the_hand_is_back_inside_or_empty(hands, qtbot) -> None:
    start, out = hands.body("q"), QPoint(-60, 300)
    hands.press(start)
    hands.drag_to(out, start)
    seen = left_edge(hands)
    qtbot.waitUntil(lambda: left_edge(hands) < seen - 20)
    hands.drag_to(QPoint(300, 300), out)
    seen = left_edge(hands)
    hands.view.rim_pan.tick(1000)
    assert left_edge(hands) == seen
    hands.drag_to(out, QPoint(300, 300))
    hands.key(Key.Key_Escape)
    seen = left_edge(hands)
    hands.view.rim_pan.tick(1000)
    assert left_edge(hands) == seen


def test_a_number_that_is_dragged_beyond_the_rim_moves_no_view(hands) -> None:
    item = hands.view.scene().node_items["x"]
    start = hands.view.mapFromScene(item.value_rect()).boundingRect().center()
    out, seen = QPoint(-60, start.y()), left_edge(hands)
    hands.press(start)
    hands.drag_to(out, start)
    hands.view.rim_pan.tick(1000)
    assert left_edge(hands) == seen
    hands.key(Key.Key_Escape)


def test_a_view_so_small_that_it_is_all_rim_does_not_run_away(qtbot) -> None:
    hands = Hands(qtbot, cs231n(), size=(14, 12))
    hands.press(QPoint(5, 5))
    hands.drag_to(QPoint(11, 11), QPoint(5, 5))
    seen = left_edge(hands)
    hands.view.rim_pan.tick(1000)
    assert left_edge(hands) == seen


@pytest.mark.parametrize("key", [Key.Key_Tab, Key.Key_Return, Key.Key_F2, Key.Key_R, Key.Key_Menu])
def test_nothing_is_opened_under_what_is_in_the_hand(hands, key) -> None:
    start, there = hands.body("q"), hands.body("q") + QPoint(80, 60)
    hands.press(start)
    hands.drag_to(there, start)
    hands.view.desk.quick_add() if key == Key.Key_Tab else hands.key(key)
    assert not hands.view.findChild(QuickAdd).isVisible() and hands.view.desk.editor.editing is None
    let_go(hands, there)
    assert hands.graph.nodes["q"].pos != (240, 60)
    hands.key(Key.Key_A, CONTROL)
    assert hands.selection.nodes == set("xyzqf")
