"""Where a typed search opens and where what it adds comes to stand: at the mouse, or beside what one goes on from."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.canvas.quick_add import QuickAdd
from gui.document import settings
from tests.gui.canvas_tools import CONTROL, LEFT, NO, SHIFT, Hands, cs231n, edges

Key = Qt.Key


@pytest.fixture(autouse=True)
def the_view_jumps() -> None:
    settings.put("reduced_motion", True)


@pytest.fixture
def hands(qtbot) -> Hands:
    return Hands(qtbot, cs231n())


@pytest.fixture
def empty(qtbot) -> Hands:
    return Hands(qtbot)


def point(hands: Hands, at: QPoint) -> None:
    QTest.mouseMove(hands.surface, at - QPoint(30, 10))
    QApplication.processEvents()
    QTest.mouseMove(hands.surface, at)
    QApplication.processEvents()


def point_elsewhere(hands: Hands) -> None:
    QTest.mouseMove(hands.surface, QPoint(-40, 300))
    QApplication.processEvents()


def add(hands: Hands, text: str) -> set[str]:
    """Type it and press Enter: the nodes that come."""
    before = set(hands.graph.nodes)
    hands.type(text[0])
    hands.type(text[1:])
    hands.key(Key.Key_Return)
    return set(hands.graph.nodes) - before


def box(hands: Hands, ids: set[str]) -> QRect:
    """Where nodes are seen."""
    return hands.view.mapFromScene(hands.view.desk.scene.nodes_rect(ids)).boundingRect()


def opened(hands: Hands) -> QRect:
    return hands.view.findChild(QuickAdd).geometry()


@pytest.mark.parametrize("text", ["3.5", "y = 5", "relu", "x*w + b"])
@pytest.mark.parametrize("at", [(500, 400), (120, 90)])
def test_on_an_empty_canvas_it_opens_and_lands_at_the_mouse(empty, text, at) -> None:
    point(empty, QPoint(*at))
    empty.type(text[0])
    assert opened(empty).topLeft() == QPoint(*at) or opened(empty).contains(QPoint(*at))
    empty.type(text[1:])
    empty.key(Key.Key_Return)
    came = box(empty, set(empty.graph.nodes))
    if len(empty.graph.nodes) == 1:  # an expression is larger than the room round a spot near the rim: all is shown
        assert came.contains(QPoint(*at)) and (came.center() - QPoint(*at)).manhattanLength() < 16
    assert empty.surface.rect().contains(came)


@pytest.mark.parametrize("key", ["Tab", "typed"])
def test_beside_nothing_selected_it_is_where_the_mouse_is(hands, key) -> None:
    at = hands.at(300, 300)
    point(hands, at)
    hands.view.desk.quick_add() if key == "Tab" else hands.type("t")
    assert opened(hands).contains(at + QPoint(2, 2))
    hands.type("tanh" if key == "Tab" else "anh")
    hands.key(Key.Key_Return)
    assert box(hands, {"tanh"}).contains(at) and not hands.graph.into("tanh")


def test_what_was_selected_before_the_hand_went_elsewhere_feeds_what_comes_at_the_mouse(hands) -> None:
    hands.click(hands.body("x"))
    hands.click(hands.body("y"), SHIFT)
    at = hands.at(300, 320)
    point(hands, at)
    assert add(hands, "*") == {"mul"}
    assert {("x", "mul", 0), ("y", "mul", 1)} <= edges(hands.graph) and box(hands, {"mul"}).contains(at)


def test_a_mouse_that_rests_where_it_clicked_leaves_the_place_to_what_is_selected(hands) -> None:
    point(hands, hands.body("x"))
    hands.click(hands.body("x"))
    hands.click(hands.body("z"), SHIFT)
    (new,) = add(hands, "/")
    assert hands.graph.nodes[new].pos[0] > hands.graph.nodes["z"].pos[0] + 140
    assert not box(hands, {new}).contains(hands.body("z"))


def test_who_goes_on_typing_is_not_led_by_a_mouse_that_lies_there(hands) -> None:
    at = hands.at(300, 300)
    point(hands, at)
    add(hands, "relu")
    point_x = hands.graph.nodes["relu"].pos[0]
    for name in ("tanh", "exp"):
        (new,) = add(hands, name)
        assert hands.graph.nodes[new].pos[0] > point_x + 140, "to the right of what feeds it"
        point_x = hands.graph.nodes[new].pos[0]


def test_the_mouse_elsewhere_says_nothing(hands) -> None:
    point(hands, hands.at(300, 300))
    point_elsewhere(hands)
    hands.selection.select(["f"])
    (new,) = add(hands, "relu")
    assert hands.graph.nodes[new].pos[0] > hands.graph.nodes["f"].pos[0] + 140


def test_over_a_node_it_is_put_beside_what_is_selected_or_clear_of_the_node(hands) -> None:
    hands.click(hands.body("z"))
    point(hands, hands.body("q"))
    (new,) = add(hands, "relu")
    assert hands.graph.nodes[new].pos[0] > hands.graph.nodes["z"].pos[0] + 140
    hands.selection.select()
    point(hands, hands.body("q"))
    (other,) = add(hands, "tanh")
    assert not any(box(hands, {other}).intersects(box(hands, {id})) for id in hands.graph.nodes if id != other)


def test_after_a_turn_of_the_wheel_the_mouse_leads_though_it_has_not_moved(hands) -> None:
    at = hands.at(300, 320)
    point(hands, at)
    hands.selection.select(["x"])
    wheel = QWheelEvent(
        QPointF(at), QPointF(hands.surface.mapToGlobal(at)), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton, NO,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(hands.surface, wheel)
    (new,) = add(hands, "relu")
    assert box(hands, {new}).contains(at) and ("x", "relu", 0) in edges(hands.graph)


def test_after_zooming_it_lands_at_the_mouse(hands) -> None:
    at = QPoint(600, 470)
    point(hands, at)
    turn = QWheelEvent(
        QPointF(at), QPointF(hands.surface.mapToGlobal(at)), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        CONTROL, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(hands.surface, turn)
    before = hands.view.transform(), hands.view.camera.centre()
    (new,) = add(hands, "2.5")
    assert box(hands, {new}).contains(at)
    assert (hands.view.transform(), hands.view.camera.centre()) == before, "what is seen already moves no camera"


def test_an_expression_lands_where_a_double_click_asked_for_it(hands) -> None:
    at = hands.at(330, 330)
    hands.click(at)
    QTest.mouseDClick(hands.surface, LEFT, NO, at)
    QTest.mouseRelease(hands.surface, LEFT, NO, at)
    came = add(hands, "relu(y) * 2")
    assert len(came) >= 2 and abs(box(hands, came).center().x() - at.x()) < 16
    assert any(source == "y" for source, dest, _ in edges(hands.graph) if dest in came)


def test_a_leaf_is_not_put_beside_a_selection_that_one_has_scrolled_away_from(hands) -> None:
    hands.selection.select(["x"])
    hands.view.camera.look_at(1.0, QPointF(2400, 900), animated=False)
    (new,) = add(hands, "2.5")
    assert hands.surface.rect().contains(box(hands, {new}))
    assert (hands.view.camera.centre() - QPointF(2400, 900)).manhattanLength() < 4


def test_all_is_seen_again_when_what_comes_by_keys_is_not(empty) -> None:
    point(empty, QPoint(600, 300))
    for line in ("x = 1", "tanh", "exp", "relu", "tanh", "exp"):
        add(empty, line)
    assert empty.surface.rect().contains(box(empty, set(empty.graph.nodes)))
