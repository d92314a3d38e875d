"""A number is changed by dragging it: live, on a short decimal grid, one undo step, and Esc puts it back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QCursor, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.layout.layout import NODE_WIDTH
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.text.read import parse
from gui.canvas.paint import labels
from gui.canvas.paint.ghost import ghost_box
from gui.canvas.paint.labels import Label, labels_of
from gui.look.theme import Theme
from tests.gui.canvas_tools import ALT, CONTROL, LEFT, NO, SHIFT, Hands, cs231n, value_spot

Key = Qt.Key


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    return Hands(qtbot, cs231n())


def held(hands: Hands, id: str) -> float:
    return float(hands.graph.nodes[id].value)


def move(hands: Hands, at: QPoint, keys: Qt.KeyboardModifier = NO) -> None:
    """Move with the left button down, and with keys: QTest's moves know no keys."""
    where = QPointF(hands.surface.mapToGlobal(at))
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(at), where, Qt.MouseButton.NoButton, LEFT, keys)
    QApplication.sendEvent(hands.surface, event)


def scrub(hands: Hands, id: str, pixels: int, keys: Qt.KeyboardModifier = NO, release: bool = True) -> QPoint:
    at = value_spot(hands.view, id)
    hands.press(at, keys)
    for part in range(1, 5):
        move(hands, at + QPoint(round(pixels * part / 4), 0), keys)
    if release:
        QTest.mouseRelease(hands.surface, LEFT, keys, at + QPoint(pixels, 0))
    return at


@pytest.mark.parametrize(
    ("keys", "after"), [(NO, -1.6), (SHIFT, -1.96), (CONTROL, 2.0)], ids=["plain", "fine", "coarse"]
)
def test_a_sideways_drag_changes_a_number_in_one_step(hands: Hands, keys: Qt.KeyboardModifier, after: float) -> None:
    hands.one_undo_step(lambda: scrub(hands, "x", 40, keys))
    assert held(hands, "x") == after and hands.bridge.document.depth == 1
    assert hands.selection.nodes == {"x"} and hands.view.desk.editor.editing is None


def test_numbers_gradients_and_the_picture_follow_before_the_release(hands: Hands, qtbot: QtBot) -> None:
    hands.bridge.player.seek(hands.bridge.player.end)
    at = scrub(hands, "x", 60, release=False)
    qtbot.waitUntil(lambda: held(hands, "x") == -1.4)
    x, y, z = (held(hands, id) for id in "xyz")
    trace, pictures = hands.bridge.now.trace, hands.view.scene().stage.nodes
    assert trace.value("f") == np.multiply(x + y, z) and trace.gradient("z") == np.add(x, y)
    assert (pictures["x"].value, pictures["q"].value, pictures["f"].value) == ("−1.4", "3.6", "−14.4")
    assert any("x −2 → −1.4" in told and "f −12 → −14.4" in told for told in hands.told)
    QTest.mouseRelease(hands.surface, LEFT, NO, at + QPoint(60, 0))
    assert hands.told[-1] == ""


def test_a_change_that_four_digits_do_not_show_is_seen_in_what_is_told(hands: Hands, qtbot: QtBot) -> None:
    hands.bridge.load(parse("x = -2; f = x * 0.5 - 2e13"))
    at = scrub(hands, "x", 60, release=False)
    qtbot.waitUntil(lambda: any("x −2 → −1.4, and so f −20000000000001 → −20000000000000.7" in t for t in hands.told))
    QTest.mouseRelease(hands.surface, LEFT, NO, at + QPoint(60, 0))


def test_back_where_it_began_nothing_has_happened(hands: Hands) -> None:
    scrub(hands, "z", 30)
    hands.bridge.undo()
    at = value_spot(hands.view, "x")
    hands.press(at)
    for away in (40, -25, 0):
        move(hands, at + QPoint(away, 0))
    QTest.mouseRelease(hands.surface, LEFT, NO, at)
    assert held(hands, "x") == -2 and hands.bridge.document.depth == 0
    assert hands.bridge.document.redo_text is not None, "what could be redone before can be still"


def test_esc_puts_it_back_with_the_history_and_the_selection(hands: Hands, qtbot: QtBot) -> None:
    hands.selection.select(["q"])
    at, before = scrub(hands, "x", 60, release=False), cs231n()
    qtbot.waitUntil(lambda: held(hands, "x") != -2)
    hands.key(Key.Key_Escape)
    assert hands.graph == before and hands.bridge.document.depth == 0 and not hands.bridge.document.modified
    assert hands.selection.nodes == {"q"}
    move(hands, at + QPoint(90, 0))
    QTest.mouseRelease(hands.surface, LEFT, NO, at + QPoint(90, 0))
    assert hands.graph == before, "the rest of the drag does nothing"


def test_a_click_types_and_an_upright_drag_moves_the_node(hands: Hands) -> None:
    at = value_spot(hands.view, "x")
    hands.click(at)
    assert hands.view.desk.editor.editing == "x"
    hands.key(Key.Key_Escape)
    hands.drag(at, at + QPoint(3, 60))
    assert hands.graph.nodes["x"].pos[1] > 40 and held(hands, "x") == -2


def test_the_player_stays_where_it_is(hands: Hands) -> None:
    hands.bridge.player.seek(4.0)
    scrub(hands, "x", 40)
    assert hands.bridge.player.position == 4.0


def test_the_pointer_says_what_can_be_dragged(hands: Hands, qtbot: QtBot) -> None:
    hands.bridge.edit(lambda graph: edits.set_value(graph, "y", [1.0, 2.0]))
    for id, shape in (("x", Qt.CursorShape.SizeHorCursor), ("y", Qt.CursorShape.IBeamCursor)):
        QTest.mouseMove(hands.surface, value_spot(hands.view, id))
        assert hands.surface.cursor().shape() == shape


@pytest.mark.parametrize("value", [np.array([1.0, 2.0]), np.float64("nan"), np.float64("inf")])
def test_what_is_not_one_finite_number_is_moved_with_its_node(qtbot: QtBot, value: np.ndarray) -> None:
    hands = Hands(qtbot, Graph.of([Node("x", "input", value)]))
    scrub(hands, "x", 40)
    assert hands.graph.nodes["x"].pos[0] == 40 and np.array_equal(hands.graph.nodes["x"].value, value, equal_nan=True)


def test_an_undo_in_the_middle_ends_it(hands: Hands, qtbot: QtBot) -> None:
    at = scrub(hands, "x", 60, release=False)
    qtbot.waitUntil(lambda: held(hands, "x") != -2)
    hands.bridge.undo()
    move(hands, at + QPoint(200, 0))
    QTest.mouseRelease(hands.surface, LEFT, NO, at + QPoint(200, 0))
    assert held(hands, "x") == -2 and hands.view.tools.hand is None


def test_all_moves_of_one_frame_are_one_edit(hands: Hands) -> None:
    told: list[object] = []
    at = value_spot(hands.view, "x")
    hands.press(at)
    hands.bridge.told.connect(told.append)
    for away in range(1, 101):
        move(hands, at + QPoint(away, 0))
    QTest.mouseRelease(hands.surface, LEFT, NO, at + QPoint(100, 0))
    assert held(hands, "x") == -1 and 1 <= len(told) <= 40


def test_a_new_run_of_the_graph_gives_the_same_numbers(hands: Hands) -> None:
    for id, pixels, keys in (("x", 137, NO), ("z", -55, SHIFT), ("y", 31, CONTROL), ("x", -71, SHIFT)):
        scrub(hands, id, pixels, keys)
    fresh = trace_of(make_plan(hands.graph), leaf_values(hands.graph), hands.graph.seed)
    for id in hands.graph.nodes:
        assert fresh.value(id) == hands.bridge.now.trace.value(id)
        assert fresh.gradient(id) == hands.bridge.now.trace.gradient(id)


# --- from far away, and beyond the edge of the screen


@pytest.mark.parametrize("zoom", [0.4, 0.3, 0.2])
def test_a_number_on_a_plate_is_dragged_and_typed_over_as_on_a_card(hands: Hands, zoom: float) -> None:
    hands.view.camera.look_at(zoom, hands.view.scene().node_items["y"].card().center(), animated=False)
    hands.view.grab()
    at = seen_number(hands, "y", zoom)
    QTest.mouseMove(hands.surface, at)
    hands.view.grab()
    at = seen_number(hands, "y", zoom)  # under the mouse a plate is larger
    QTest.mouseMove(hands.surface, at)
    assert hands.surface.cursor().shape() == Qt.CursorShape.SizeHorCursor
    hands.drag(at, at + QPoint(40, 0))
    assert held(hands, "y") == 9 and hands.bridge.document.depth == 1 and hands.graph.nodes["y"].pos == (0, 140)
    hands.click(seen_number(hands, "y", zoom))
    assert hands.view.desk.editor.editing == "y"


def test_a_plate_is_still_taken_hold_of_beside_its_number(hands: Hands) -> None:
    hands.view.camera.look_at(0.3, hands.view.scene().node_items["y"].card().center(), animated=False)
    hands.view.grab()
    at = hands.view.mapFromScene(hands.view.scene().node_items["y"].card().topLeft() + QPointF(12, 6))
    hands.drag(at, at + QPoint(40, 0))
    assert held(hands, "y") == 5 and hands.graph.nodes["y"].pos[0] > 100


def seen_number(hands: Hands, id: str, zoom: float) -> QPoint:
    rect = hands.view.scene().node_items[id].value_rect(zoom)
    assert not rect.isEmpty()
    return hands.view.mapFromScene(rect.center())


@pytest.mark.parametrize("way", [1, -1])
def test_a_drag_goes_on_at_the_other_edge_of_the_screen(hands: Hands, way: int) -> None:
    screen = hands.view.screen().geometry()
    at = value_spot(hands.view, "x")
    start = hands.surface.mapToGlobal(at)
    edge = screen.right() if way > 0 else screen.left()
    hands.press(at)
    QCursor.setPos(edge, start.y())
    move(hands, hands.surface.mapFromGlobal(QCursor.pos()))
    out = QCursor.pos()
    assert abs(out.x() - edge) > screen.width() / 2 and out.y() == start.y()
    late = QPoint(edge - way, start.y())  # an event of before the pointer was carried on
    for spot in (late, out, out + QPoint(30 * way, 0)):
        move(hands, hands.surface.mapFromGlobal(spot))
    QTest.mouseRelease(hands.surface, LEFT, NO, hands.surface.mapFromGlobal(out + QPoint(30 * way, 0)))
    gone = abs(edge - start.x()) + 30
    assert held(hands, "x") == pytest.approx(-2 + way * gone / 100, abs=1e-9)


# --- ↑ ↓ and the wheel


def turn(hands: Hands, at: QPoint, units: int, keys: Qt.KeyboardModifier = NO, sideways: bool = False) -> None:
    """Turn the wheel over what is at a place of the viewport."""
    widget = hands.surface.childAt(at) or hands.surface
    spot = QPointF(widget.mapFrom(hands.surface, at))
    turned = QPoint(units, 0) if sideways else QPoint(0, units)
    event = QWheelEvent(spot, QPointF(hands.surface.mapToGlobal(at)), QPoint(), turned, Qt.MouseButton.NoButton, keys,
                        Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_arrow_keys_step_the_number_that_is_typed_over_live_and_in_one_step(hands: Hands) -> None:
    hands.click(value_spot(hands.view, "y"))
    for key, keys in ((Key.Key_Up, NO), (Key.Key_Up, NO), (Key.Key_Down, SHIFT), (Key.Key_Up, CONTROL)):
        hands.key(key, keys)
    assert hands.view.desk.editor.text() == "6.19" and held(hands, "y") == 6.19
    assert hands.bridge.now.trace.value("q") == np.add(-2, 6.19)
    hands.key(Key.Key_Return)
    assert hands.bridge.document.depth == 1 and hands.view.desk.editor.editing is None
    hands.bridge.undo()
    assert hands.graph == cs231n()


def test_steps_go_on_from_what_is_typed_and_all_is_one_step(hands: Hands) -> None:
    hands.click(value_spot(hands.view, "y"))
    hands.type("0")
    hands.key(Key.Key_Down)
    assert held(hands, "y") == -0.01
    hands.type("7")
    hands.key(Key.Key_Return)
    assert held(hands, "y") == 7 and hands.bridge.document.depth == 1


def test_esc_takes_the_steps_back_with_what_was_typed(hands: Hands) -> None:
    hands.click(value_spot(hands.view, "y"))
    hands.key(Key.Key_Up)
    hands.type("9")
    hands.key(Key.Key_Escape)
    assert hands.graph == cs231n() and hands.bridge.document.depth == 0


@pytest.mark.parametrize("text", ["1 2", "normal(2, 3)", "inf", "so", ""])
def test_what_has_no_next_number_is_left_as_it_is_typed(hands: Hands, text: str) -> None:
    hands.click(value_spot(hands.view, "y"))
    hands.key(Key.Key_Backspace)
    hands.type(text)
    hands.key(Key.Key_Up)
    assert hands.view.desk.editor.text() == text and hands.graph == cs231n()


def test_tab_ends_one_editing_and_begins_another(hands: Hands) -> None:
    hands.click(value_spot(hands.view, "x"))
    hands.key(Key.Key_Up)
    hands.key(Key.Key_Tab)
    hands.key(Key.Key_Up)
    assert (held(hands, "x"), held(hands, "y"), hands.bridge.document.depth) == (-1.99, 5.1, 2)


def test_names_do_not_step(hands: Hands) -> None:
    hands.bridge.edit(lambda graph: edits.rename(graph, "q", "q1"))
    hands.selection.select(["q1"])
    hands.key(Key.Key_F2)
    hands.key(Key.Key_Up)
    assert hands.view.desk.editor.text() == "q1"


def test_the_wheel_steps_in_the_open_editor_and_moves_the_view_everywhere_else(hands: Hands) -> None:
    at, centre = value_spot(hands.view, "y"), hands.view.camera.centre()
    turn(hands, at, 120)
    assert hands.graph == cs231n() and hands.view.camera.centre() != centre, "nobody changes a number by accident"
    hands.view.camera.look_at(1.0, centre, animated=False)
    hands.click(value_spot(hands.view, "y"))
    centre = hands.view.camera.centre()
    for units in (120, 120, -60, -60, 60):  # half a notch waits for the other half
        turn(hands, hands.view.desk.editor.geometry().center(), units)
    assert held(hands, "y") == 5.1 and hands.view.camera.centre() == centre
    hands.key(Key.Key_Return)
    assert hands.bridge.document.depth == 1


@pytest.mark.parametrize("sideways", [False, True])
def test_alt_and_the_wheel_change_the_number_under_the_mouse(hands: Hands, sideways: bool) -> None:
    at, centre = value_spot(hands.view, "x"), hands.view.camera.centre()
    for _ in range(3):
        turn(hands, at, 120, ALT, sideways)
    turn(hands, at, -120, ALT | SHIFT, sideways)
    assert held(hands, "x") == -1.971 and hands.view.camera.centre() == centre
    assert hands.bridge.document.depth == 1
    turn(hands, value_spot(hands.view, "z"), 120, ALT, sideways)
    assert held(hands, "z") == -3.9 and hands.bridge.document.depth == 2
    hands.bridge.undo()
    hands.bridge.undo()
    assert hands.graph == cs231n()


def test_ctrl_and_shift_do_what_alt_does_where_a_desktop_keeps_alt(hands: Hands) -> None:
    zoom = hands.view.camera.zoom
    for units in (120, 120, -120):
        turn(hands, value_spot(hands.view, "x"), units, CONTROL | SHIFT)
    assert held(hands, "x") == -1.99 and hands.view.camera.zoom == zoom and hands.bridge.document.depth == 1
    turn(hands, hands.at(400, 300), 120, CONTROL | SHIFT)
    assert held(hands, "x") == -1.99 and hands.view.camera.zoom > zoom, "over no number it zooms, as Ctrl alone does"


def test_alt_and_the_wheel_over_nothing_that_has_a_next_number_move_the_view(hands: Hands) -> None:
    hands.bridge.edit(lambda graph: edits.set_value(graph, "y", [1.0, 2.0]))
    graph = hands.graph
    for at in (value_spot(hands.view, "y"), value_spot(hands.view, "q"), hands.at(400, 300)):
        centre = hands.view.camera.centre()
        turn(hands, at, 120, ALT)
        assert hands.view.camera.centre() != centre and hands.graph is graph


def test_a_label_whose_number_becomes_narrower_stays_where_it_is(hands: Hands) -> None:
    """At every tick of a scrub it would dance, and looking for a place takes most of a frame."""
    stage, key = hands.view.scene().stage, ("q", 1)
    hands.bridge.edit(lambda graph: edits.set_value(graph, "y", 5.123))
    hands.view.grab()
    level, wide = next((at, found) for at in range(-40, 40) if (found := stage.labels.get(key, at)) is not None)
    hands.bridge.edit(lambda graph: edits.set_value(graph, "y", 5))
    hands.view.grab()
    assert stage.labels.get(key, level) is wide


def test_a_graph_opened_under_a_pressed_button_ends_the_drag(hands: Hands) -> None:
    at = value_spot(hands.view, "z")
    QTest.mouseMove(hands.surface, at)
    hands.press(at)
    hands.bridge.load(Graph.of([Node("w", "input", value=np.array(2.0))]))
    assert list(hands.graph.nodes) == ["w"] and not hands.view.tools.state.busy
    QTest.mouseRelease(hands.surface, LEFT, NO, at)


def test_a_number_at_an_edge_gives_way_to_what_another_was(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    apart = Graph.of(
        [
            Node("s", "parameter", np.float64(0.123), pos=(-200, -20)),
            Node("r", "square", pos=(260, -20)),
            Node("x", "parameter", np.float64(2), pos=(-60, 300)),
        ],
        [Edge("s", "r", 0)],
        target="r",
    )
    hands = Hands(qtbot, apart)
    stage = hands.view.scene().stage
    hands.view.camera.look_at(1.0, QPointF(100, 100), animated=False)
    (label, *_) = labels_of(stage, ("r", 0), 1.0)
    box = label.box()
    place = (box.center().x() + 15 - NODE_WIDTH, box.bottom() + 5)
    hands.bridge.edit(lambda graph: edits.move_nodes(graph, {"x": place}))
    hands.view.camera.look_at(1.0, QPointF(100, 100), animated=False)
    painted: dict[str, QRectF] = {}
    write = labels.paint_label

    def note(painter: QPainter, label: Label, theme: Theme) -> None:
        painted[label.text] = label.box()
        write(painter, label, theme)

    monkeypatch.setattr(labels, "paint_label", note)
    scrub(hands, "x", 40, release=False)
    qtbot.waitUntil(lambda: hands.view.scene().node_items["x"].picture.value != "2")
    hands.view.viewport().repaint()
    ghost = ghost_box(hands.view.scene().node_items["x"].outline(1.0), "2", 1.0)
    assert any(each.box().intersects(ghost) for each in labels_of(stage, ("r", 0), 1.0))  # where they rest
    assert painted and not any(each.intersects(ghost) for each in painted.values())
    QTest.mouseRelease(hands.surface, LEFT)
