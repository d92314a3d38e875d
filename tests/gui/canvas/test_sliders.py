"""A leaf's slider on its card: dragged, pressed beside, beyond its ends; turned on in the inspector and in the menu."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from engine import edits
from engine.files.codec import decode, encode
from engine.graph.sliders import slider_of
from gui.canvas.paint.slider import FIRST, LENGTH, knob_place
from gui.look.theme import theme
from gui.panels.inspector import Inspector
from tests.gui.canvas.test_scrubbing import held, move
from tests.gui.canvas_tools import CONTROL, LEFT, NO, SHIFT, Hands, cs231n


@pytest.fixture
def hands(qtbot: QtBot) -> Hands:
    hands = Hands(qtbot, cs231n())
    hands.bridge.edit(lambda graph: edits.set_slider(graph, "z", -10, 10))
    return hands


def knob(hands: Hands, id: str = "z") -> QPoint:
    item = hands.view.scene().node_items[id]
    return hands.view.mapFromScene(item.pos() + knob_place(item.picture))


def spot(hands: Hands, share: float, id: str = "z") -> QPoint:
    item = hands.view.scene().node_items[id]
    return hands.view.mapFromScene(item.pos() + QPointF(FIRST + share * LENGTH, knob_place(item.picture).y()))


def drag(hands: Hands, start: QPoint, pixels: int, keys: Qt.KeyboardModifier = NO) -> None:
    hands.press(start, keys)
    for part in (1, 2, 3, 4):
        move(hands, start + QPoint(round(pixels * part / 4), 0), keys)
    QTest.mouseRelease(hands.surface, LEFT, keys, start + QPoint(pixels, 0))


def test_the_knob_is_dragged_live_in_one_undo_step(hands: Hands, qtbot: QtBot) -> None:
    start = knob(hands)
    hands.press(start)
    move(hands, start + QPoint(20, 0))
    qtbot.waitUntil(lambda: held(hands, "z") == 0)
    assert hands.view.scene().stage.nodes["f"].value == "0" and hands.bridge.now.trace.gradient("x") == 0
    move(hands, start + QPoint(500, 0))
    QTest.mouseRelease(hands.surface, LEFT, NO, start + QPoint(500, 0))
    assert held(hands, "z") == 10 and hands.bridge.document.depth == 2 and hands.selection.nodes == {"z"}
    hands.bridge.undo()
    assert held(hands, "z") == -4


def test_a_mark_stays_where_the_number_was_until_the_release(hands: Hands, qtbot: QtBot) -> None:
    start = knob(hands)
    above = start - QPoint(0, 4)
    hands.press(start)
    move(hands, start + QPoint(40, 0))
    qtbot.waitUntil(lambda: held(hands, "z") == 4)
    assert hands.view.grab().toImage().pixelColor(above) == QColor(theme().soft)
    QTest.mouseRelease(hands.surface, LEFT, NO, start + QPoint(40, 0))
    assert hands.view.grab().toImage().pixelColor(above) != QColor(theme().soft)


@pytest.mark.parametrize(("zoom", "pixels"), [(0.5, 10), (1.0, 20), (2.0, 40)])
def test_the_hand_and_the_knob_go_together_at_any_zoom(hands: Hands, zoom: float, pixels: int) -> None:
    hands.view.camera.look_at(zoom, hands.view.scene().node_items["z"].card().center(), animated=False)
    drag(hands, knob(hands), pixels)
    assert held(hands, "z") == pytest.approx(0, abs=0.2)


def test_shift_is_fine_and_ctrl_is_on_a_coarser_grid(hands: Hands) -> None:
    drag(hands, knob(hands), 20, SHIFT)
    assert held(hands, "z") == pytest.approx(-3.6, abs=1e-9)
    drag(hands, knob(hands), 13, CONTROL)
    assert held(hands, "z") == round(held(hands, "z"), 1)


def test_a_press_beside_the_knob_brings_it_there_and_one_on_it_does_nothing(hands: Hands) -> None:
    hands.click(knob(hands))
    assert held(hands, "z") == -4 and hands.bridge.document.depth == 1
    hands.click(spot(hands, 0.75))
    assert held(hands, "z") == 5 and hands.bridge.document.depth == 2


def test_esc_puts_it_back(hands: Hands, qtbot: QtBot) -> None:
    before = hands.graph
    hands.press(spot(hands, 0.9))
    qtbot.waitUntil(lambda: held(hands, "z") == 8)
    hands.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(hands.surface, LEFT, NO, spot(hands, 0.9))
    assert hands.graph == before and hands.bridge.document.depth == 1


def test_a_number_beyond_an_end_is_told_and_waits_for_the_hand(hands: Hands) -> None:
    hands.bridge.edit(lambda graph: edits.set_value(graph, "z", 25))
    assert hands.view.scene().stage.nodes["z"].slider == (1.0, 1)
    hands.click(knob(hands))
    assert held(hands, "z") == 25, "a click changes nothing"
    drag(hands, knob(hands), -10)
    assert held(hands, "z") == 8


def test_the_pointer_says_so_and_the_card_is_still_moved_elsewhere(hands: Hands) -> None:
    QTest.mouseMove(hands.surface, spot(hands, 0.2))
    assert hands.surface.cursor().shape() == Qt.CursorShape.SizeHorCursor
    hands.drag(hands.body("z"), hands.body("z") + QPoint(40, 0))
    assert hands.graph.nodes["z"].pos[0] == 40 and held(hands, "z") == -4


def test_the_menu_turns_it_on_and_off(hands: Hands) -> None:
    def choose() -> None:
        menu = hands.view.menus.node_menu("x")
        next(action for action in menu.actions() if action.text() == "Slider").trigger()
        menu.deleteLater()

    hands.one_undo_step(choose)
    assert slider_of(hands.graph, "x") == (-4, 4)
    hands.one_undo_step(choose)
    assert slider_of(hands.graph, "x") is None


def test_the_inspector_turns_it_on_sets_its_ends_and_says_what_lies_beyond(hands: Hands, qtbot: QtBot) -> None:
    inspector = Inspector(hands.bridge, hands.selection)
    qtbot.addWidget(inspector)
    inspector.resize(360, 900)
    inspector.show()
    hands.selection.select(["y"])
    tick = next(box for box in inspector.findChildren(QCheckBox) if box.text() == "Slider")
    assert tick.isVisible() and not tick.isChecked()
    hands.one_undo_step(lambda: QTest.mouseClick(tick, LEFT, pos=QPoint(8, tick.height() // 2)))
    assert slider_of(hands.graph, "y") == (-10, 10) and tick.isChecked()
    lines = {line.accessibleName(): line for line in inspector.findChildren(QLineEdit)}
    high = lines["Highest number of the slider"]
    high.setFocus()
    high.selectAll()
    QTest.keyClicks(high, "4")
    QTest.keyClick(high, Qt.Key.Key_Return)
    assert slider_of(hands.graph, "y") == (-10, 4) and held(hands, "y") == 5
    said = [label.text() for label in inspector.findChildren(QLabel) if label.isVisible()]
    assert any("5 lies above what the slider reaches." in text for text in said)
    hands.selection.select(["q"])
    assert not tick.isVisible()
    assert decode(encode(hands.graph)) == hands.graph


def test_the_numbers_are_those_of_numpy_after_a_drag(hands: Hands) -> None:
    drag(hands, knob(hands), 33)
    x, y, z = (np.float64(held(hands, id)) for id in "xyz")
    assert hands.bridge.now.trace.value("f") == (x + y) * z and hands.bridge.now.trace.gradient("x") == z
