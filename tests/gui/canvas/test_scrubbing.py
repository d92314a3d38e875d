"""A number is changed by dragging it: live, on a short decimal grid, one undo step, and Esc puts it back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from tests.gui.canvas_tools import CONTROL, LEFT, NO, SHIFT, Hands, cs231n, value_spot

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
