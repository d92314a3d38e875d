"""Looking around on the canvas: zoom, pan, fit, reveal, the overview, the empty canvas, menus."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QInputDevice,
    QKeyEvent,
    QNativeGestureEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from engine.files import codec
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.document import settings
from gui.look.theme import themes
from tests.gui.canvas_tools import CONTROL, LEFT, NO, SHIFT, Hands, cs231n, edges, port_spot

Key = Qt.Key


def wheel(
    desk: Hands, at: QPoint, units: tuple[int, int], keys: Qt.KeyboardModifier = NO, pixels: tuple[int, int] = (0, 0)
) -> None:
    event = QWheelEvent(
        QPointF(at), QPointF(desk.surface.mapToGlobal(at)), QPoint(*pixels), QPoint(*units),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(desk.surface, event)


def near(a: QPointF, b: QPointF, pixels: float = 1.5) -> bool:
    return bool(np.hypot(a.x() - b.x(), a.y() - b.y()) <= pixels)


def test_a_graph_that_is_far_away_is_seen_and_can_be_used(qtbot: QtBot) -> None:
    nodes = [Node("x", "input", as_value(2.0), pos=(1e6, -3e6)), Node("f", "square", pos=(1e6 + 300, -3e6))]
    desk = Hands(qtbot, Graph.of(nodes, [Edge("x", "f", 0)], target="f"))
    desk.view.camera.fit_all(animated=False)
    assert desk.view.camera.visible_scene().contains(desk.view.scene().nodes_rect(["x", "f"]))
    desk.click(desk.middle_of_edge("f", 0))
    assert desk.selection.edges == {("f", 0)}
    desk.drag(desk.body("f"), desk.body("f") + QPoint(40, 40))
    assert desk.graph.nodes["f"].pos > (1e6 + 310, -3e6)


# --- zoom


def test_control_wheel_zooms_and_what_is_under_the_mouse_stays(desk: Hands) -> None:
    at = QPoint(200, 150)
    before = desk.view.mapToScene(at)
    wheel(desk, at, (0, 120), CONTROL)
    assert desk.view.camera.zoom > 1.1
    assert near(desk.view.mapToScene(at), before)


def test_a_pinch_zooms_at_the_fingers(desk: Hands) -> None:
    at = QPoint(300, 200)
    before = desk.view.mapToScene(at)
    device = QPointingDevice("pad", 7, QInputDevice.DeviceType.TouchPad, QPointingDevice.PointerType.Finger,
                             QInputDevice.Capability.Position, 2, 0)  # fmt: skip
    kind = Qt.NativeGestureType.ZoomNativeGesture
    spot = QPointF(at)
    QApplication.sendEvent(desk.surface, QNativeGestureEvent(kind, device, 2, spot, spot, spot, 0.25, QPointF()))
    assert desk.view.camera.zoom == pytest.approx(1.25)
    assert near(desk.view.mapToScene(at), before)


@pytest.mark.parametrize(("turn", "limit"), [(1200, 4.0), (-1200, 0.05)])
def test_zoom_has_limits(desk: Hands, turn: int, limit: float) -> None:
    for _ in range(20):
        wheel(desk, QPoint(100, 100), (0, turn), CONTROL)
    assert desk.view.camera.zoom == pytest.approx(limit)


def test_zoom_commands_tell_the_zoom(desk: Hands, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.view.camera.zoomed) as told:
        desk.view.camera.zoom_in()
    assert told.args == [pytest.approx(1.25)]
    desk.view.camera.zoom_out()
    assert desk.view.camera.zoom == pytest.approx(1)


def test_fit_shows_everything_but_never_above_150_percent(desk: Hands, qtbot: QtBot) -> None:
    settings.put("reduced_motion", True)
    desk.view.camera.zoom_at(3, QPoint(0, 0))
    desk.view.camera.fit_all()
    cards = [item.card() for item in desk.view.scene().node_items.values()]
    assert all(desk.view.camera.visible_scene().contains(card) for card in cards)
    desk.selection.select(["y", "z", "q", "f"])
    desk.view.selected.delete()
    desk.view.camera.fit_all()
    assert desk.view.camera.zoom == 1.5


def test_the_seed_is_seen_with_the_target_that_is_gone_to(desk: Hands) -> None:
    settings.put("reduced_motion", True)
    desk.view.camera.fit_all()
    whole = desk.view.camera.zoom
    desk.view.camera.zoom_at(3, QPoint(0, 0))
    desk.view.camera.center_on_nodes(list(desk.graph.nodes))
    assert desk.view.camera.zoom == pytest.approx(whole)
    assert desk.view.camera.visible_scene().contains(desk.view.scene().extent())


def test_going_somewhere_is_gentle_unless_motion_is_off(desk: Hands, qtbot: QtBot) -> None:
    desk.view.camera.zoom_at(3, QPoint(0, 0))
    desk.view.camera.zoom_to_100()
    assert desk.view.camera.gliding and desk.view.camera.zoom == pytest.approx(3)
    qtbot.waitUntil(lambda: not desk.view.camera.gliding)
    assert desk.view.camera.zoom == pytest.approx(1)
    settings.put("reduced_motion", True)
    desk.view.camera.zoom_at(3, QPoint(0, 0))
    desk.view.camera.zoom_to_100()
    assert not desk.view.camera.gliding and desk.view.camera.zoom == 1


# --- pan


def moved(desk: Hands, before: QPointF) -> tuple[int, int]:
    """How far the canvas has gone on the screen."""
    now = desk.view.mapToScene(QPoint(100, 100))
    return round(before.x() - now.x()), round(before.y() - now.y())


@pytest.mark.parametrize(
    ("units", "pixels", "keys", "way"),
    [
        ((0, 120), (0, 0), NO, (0, 60)),
        ((0, 120), (0, 0), SHIFT, (60, 0)),
        ((0, 0), (-7, 11), NO, (-7, 11)),
    ],
)
def test_scrolling_pans(
    desk: Hands, units: tuple[int, int], pixels: tuple[int, int], keys: Qt.KeyboardModifier, way: tuple[int, int]
) -> None:
    before = desk.view.mapToScene(QPoint(100, 100))
    wheel(desk, QPoint(100, 100), units, keys, pixels)
    assert moved(desk, before) == way


def test_a_gesture_goes_on_while_the_canvas_is_scrolled(desk: Hands) -> None:
    start = port_spot(desk.view, "x", "out")
    desk.press(start)
    desk.drag_to(start + QPoint(30, 0), start)
    wheel(desk, start + QPoint(30, 0), (0, 240))
    end = port_spot(desk.view, "f", 1)
    desk.drag_to(end, start)
    QTest.mouseRelease(desk.surface, LEFT, NO, end)
    assert ("x", "f", 1) in edges(desk.graph)


def test_middle_drag_pans(desk: Hands) -> None:
    before, start = desk.view.mapToScene(QPoint(100, 100)), desk.body("x")
    desk.press(start, button=Qt.MouseButton.MiddleButton)
    desk.drag_to(start + QPoint(40, 28), start)
    QTest.mouseRelease(desk.surface, Qt.MouseButton.MiddleButton, NO, start + QPoint(40, 28))
    assert moved(desk, before) == (40, 28)
    assert desk.graph == cs231n()


def test_space_drag_pans_and_does_not_play(desk: Hands) -> None:
    before, start = desk.view.mapToScene(QPoint(100, 100)), desk.body("x")
    QTest.keyPress(desk.view, Key.Key_Space)
    desk.drag(start, start + QPoint(-20, 16))
    QTest.keyRelease(desk.view, Key.Key_Space)
    assert moved(desk, before) == (-20, 16)
    assert not desk.bridge.player.playing and not desk.selection.nodes


def test_a_held_space_that_the_keyboard_repeats_does_not_play(desk: Hands) -> None:
    def send(kind: QEvent.Type, moment: int) -> None:
        event = QKeyEvent(kind, Key.Key_Space, NO, " ")
        event.setTimestamp(moment)
        QApplication.sendEvent(desk.view, event)

    press, release, start = QEvent.Type.KeyPress, QEvent.Type.KeyRelease, desk.body("x")
    send(press, 1000)
    desk.press(start)
    desk.drag_to(start + QPoint(40, 0), start)
    for moment in (1500, 1540, 1580):  # as X tells it: let go and pressed at once
        send(release, moment)
        send(press, moment)
    QTest.mouseRelease(desk.surface, LEFT, NO, start + QPoint(40, 0))
    send(release, 1600)
    assert not desk.bridge.player.playing
    send(press, 2000)
    send(release, 2080)
    assert desk.bridge.player.playing


def test_space_alone_plays_and_pauses(desk: Hands) -> None:
    desk.key(Key.Key_Space)
    assert desk.bridge.player.playing
    desk.key(Key.Key_Space)
    assert not desk.bridge.player.playing


# --- being shown something


def test_reveal_brings_a_node_into_view_and_selects_it(desk: Hands) -> None:
    settings.put("reduced_motion", True)
    desk.view.camera.pan(5000, 5000)
    desk.selection.reveal(["f"])
    assert desk.view.camera.visible_scene().contains(desk.view.scene().node_items["f"].card())
    assert desk.selection.nodes == {"f"}


def test_reveal_flashes_and_comes_to_rest(desk: Hands, qtbot: QtBot) -> None:
    desk.selection.reveal(["f"])
    qtbot.waitUntil(lambda: not desk.view.camera.gliding)
    assert desk.view.camera.visible_scene().contains(desk.view.scene().node_items["f"].card())


def test_another_document_is_shown_whole(desk: Hands) -> None:
    far = Graph.of([Node("a", "input", np.float64(1), pos=(9000, 9000)), Node("t", "tanh", pos=(9300, 9000))])
    desk.bridge.load(far)
    assert all(desk.view.camera.visible_scene().contains(item.card()) for item in desk.view.scene().node_items.values())
    desk.shows_document()


# --- the empty canvas


def test_the_empty_canvas_says_what_to_do_and_offers_examples(qtbot: QtBot) -> None:
    desk = Hands(qtbot)
    assert desk.view.hint.isVisible() and len(desk.view.hint.buttons) == 3
    with qtbot.waitSignal(desk.view.hint.example_requested) as told:
        QTest.mouseClick(desk.view.hint.buttons[0], LEFT)
    assert "neuron" in told.args[0]
    desk.view.newcomers.add_op("input")
    assert not desk.view.hint.isVisible()


def test_add_op_finds_free_places_in_the_middle(qtbot: QtBot) -> None:
    desk = Hands(qtbot)
    for _ in range(5):
        desk.view.newcomers.add_op("mul")
    cards = [item.card() for item in desk.view.scene().node_items.values()]
    assert not any(a.intersects(b) for i, a in enumerate(cards) for b in cards[i + 1 :])
    assert all(desk.view.camera.visible_scene().contains(card) for card in cards)
    assert len(desk.selection.nodes) == 1


# --- copies


def test_what_is_copied_can_be_pasted(desk: Hands) -> None:
    desk.selection.select(["x", "y", "q"])
    text = desk.view.selected.text()
    before = len(desk.graph.nodes)
    desk.one_undo_step(lambda: desk.view.newcomers.paste(codec.decode(text)))
    assert len(desk.graph.nodes) == before + 3
    assert {("x2", "q2", 0), ("y2", "q2", 1)} <= edges(desk.graph)
    desk.shows_document()


def test_duplicates_stand_beside_and_are_selected(desk: Hands) -> None:
    desk.selection.select(["q"])
    desk.one_undo_step(desk.view.newcomers.duplicate_selected)
    assert desk.graph.nodes["q2"].pos == (264, 84)


# --- menus


# The offscreen platform cannot do all that a menu asks for.
shows_menu = pytest.mark.qt_log_ignore("This plugin does not support")


def open_menu(desk: Hands, at: QPoint, qtbot: QtBot) -> QMenu:
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(desk.surface, QContextMenuEvent(reason, at, desk.surface.mapToGlobal(at)))
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, text: str) -> None:
    action = next(a for a in menu.actions() if a.text().split("\t")[0] == text)
    QTest.mouseClick(menu, LEFT, NO, menu.actionGeometry(action).center())


@shows_menu
def test_the_menu_of_a_leaf(desk: Hands, qtbot: QtBot) -> None:
    menu = open_menu(desk, desk.body("x"), qtbot)
    words = {action.text().split("\t")[0] for action in menu.actions()}
    assert {"Rename", "Make this the target", "Set as parameter", "Set as constant", "Duplicate", "Delete"} <= words
    choose(menu, "Set as constant")
    assert desk.graph.nodes["x"].op_name == "constant"
    assert desk.view.scene().node_items["x"].picture.gradient == "—"


@shows_menu
def test_the_menu_makes_a_node_the_target(desk: Hands, qtbot: QtBot) -> None:
    choose(open_menu(desk, desk.body("q"), qtbot), "Make this the target")
    assert desk.graph.target == "q"
    assert desk.view.scene().node_items["q"].picture.seed == "seed 1"
    assert not desk.view.scene().node_items["f"].picture.seed


@shows_menu
def test_the_menu_of_a_loss_has_its_setting(desk: Hands, qtbot: QtBot) -> None:
    desk.carry("squared_error", desk.at(560, 320))
    choose(open_menu(desk, desk.body("squared_error"), qtbot), "With the factor ½")
    assert desk.graph.nodes["squared_error"].setting("half") is False


@shows_menu
def test_the_menu_of_an_edge_deletes_it(desk: Hands, qtbot: QtBot) -> None:
    choose(open_menu(desk, desk.middle_of_edge("f", 1), qtbot), "Delete edge")
    assert ("f", 1) not in desk.graph.edges


# --- hover, theme


def test_hover_tells_all_digits(desk: Hands, qtbot: QtBot) -> None:
    desk.view.desk.editor.type_value("x")
    desk.type("0.123456789")
    desk.key(Key.Key_Return)
    at = desk.body("q")
    QApplication.sendEvent(desk.surface, QHelpEvent(QEvent.Type.ToolTip, at, desk.surface.mapToGlobal(at)))
    assert "value: 5.123456789" in QToolTip.text() and "gradient: −4" in QToolTip.text()
    QToolTip.hideText()


def test_a_leaf_that_does_not_reach_the_target_says_so(qtbot: QtBot) -> None:
    leaves = [Node("a", "input", np.float64(1)), Node("b", "input", np.float64(2), pos=(0, 120))]
    desk = Hands(qtbot, Graph.of([*leaves, Node("t", "tanh", pos=(240, 0))], [Edge("a", "t", 0)], target="t"))
    assert desk.view.scene().node_items["b"].picture.gradient == "0"
    at = desk.body("b")
    QApplication.sendEvent(desk.surface, QHelpEvent(QEvent.Type.ToolTip, at, desk.surface.mapToGlobal(at)))
    assert "does not reach the target t" in QToolTip.text()
    QToolTip.hideText()


def test_another_theme_is_painted_at_once(desk: Hands) -> None:
    try:
        themes.choose("light")
        light = desk.surface.grab().toImage().pixelColor(5, 5)
        themes.choose("dark")
        dark = desk.surface.grab().toImage().pixelColor(5, 5)
    finally:
        themes.choose("light")
    assert light.lightness() > 200 > 60 > dark.lightness()


def test_the_view_stays_on_the_same_place_when_it_is_resized(desk: Hands) -> None:
    before = desk.view.camera.centre()
    desk.view.resize(500, 400)
    assert near(desk.view.camera.centre(), before, 3)


def test_edge_labels_are_not_under_nodes(desk: Hands) -> None:
    from gui.canvas.paint.labels import label_boxes

    desk.surface.grab()
    stage = desk.view.scene().stage
    boxes = [box for key in stage.edges for box in label_boxes(stage, key)]
    assert len(boxes) == 8
    for item in desk.view.scene().node_items.values():
        assert not any(QRectF(box).intersects(item.card()) for box in boxes)


def test_in_a_small_view_the_margin_leaves_the_room_to_the_graph(qtbot: QtBot) -> None:
    desk = Hands(qtbot, cs231n(), size=(200, 220))
    desk.view.camera.fit_all(animated=False)
    shown, seen = desk.view.scene().nodes_rect(desk.graph.nodes), desk.view.camera.visible_scene()
    assert seen.contains(shown) and shown.width() > 0.7 * seen.width()


def test_ops_that_are_put_in_one_after_the_other_stand_as_values_flow(qtbot: QtBot) -> None:
    view = Hands(qtbot, Graph()).view
    for op in ("input", "input", "add"):
        view.newcomers.add_op(op)
    x, y, add = (view.scene().node_items[id].card() for id in ("x", "y", "add"))
    assert y.left() == x.left() and y.top() > x.bottom(), "leaves stand below each other"
    assert add.left() > x.right() + 60, "what they flow into stands to the right, with room for an edge"
