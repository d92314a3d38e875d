"""Ctrl+F on the canvas: what fits is lit and counted, gone through and come to; Esc stays with the last."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import edits
from tests.building import chain
from tests.gui.canvas_tools import SHIFT, Hands, cs231n

Key = Qt.Key


@pytest.fixture
def desk(qtbot: QtBot) -> Hands:
    made = Hands(qtbot, cs231n())
    made.view.finder.open()
    return made


def lit(desk: Hands) -> set[str]:
    return {id for id, marks in desk.view.desk.scene.node_layer.marked.items() if marks.hovered or marks.selected}


def test_what_fits_is_lit_and_counted_and_gone_through_both_ways(desk: Hands) -> None:
    finder = desk.view.finder
    desk.type("in")
    assert lit(desk) == {"x", "y"} and finder.count.text() == "1 of 2" and desk.selection.nodes == {"x"}
    assert "x, Input: 1 of 2" in desk.told[-1] == finder.field.accessibleDescription()
    for key, keys, there in (
        (Key.Key_Return, SHIFT, "y"),
        (Key.Key_Return, Qt.KeyboardModifier.NoModifier, "x"),
        (Key.Key_Down, Qt.KeyboardModifier.NoModifier, "y"),
        (Key.Key_Up, Qt.KeyboardModifier.NoModifier, "x"),
    ):
        desk.key(key, keys)
        assert desk.selection.nodes == {there}
    desk.type("zzz")
    assert finder.count.text() == "none" and not lit(desk) - {"x"} and "No node fits" in desk.told[-1]


def test_escape_leaves_with_the_last_one_selected_and_nothing_lit(desk: Hands) -> None:
    desk.type("mul")
    desk.key(Key.Key_Escape)
    assert desk.selection.nodes == {"f"} == lit(desk) and desk.view.hasFocus() and not desk.view.finder.isVisible()
    desk.view.finder.open()
    assert lit(desk) == {"f"} and desk.view.finder.field.selectedText() == "mul", "ready to be typed over"


def test_what_is_far_away_is_come_to(qtbot: QtBot) -> None:
    desk = Hands(qtbot, chain(60))
    desk.bridge.edit(lambda graph: edits.arrange_nodes(graph))
    desk.view.camera.look_at(1.0, desk.view.desk.scene.nodes_rect(["x"]).center(), animated=False)
    desk.view.finder.open()
    desk.type("n57")
    goal = desk.view.desk.scene.nodes_rect(["n57"])
    qtbot.waitUntil(lambda: desk.view.camera.visible_scene().contains(goal))


def test_the_graph_may_change_while_one_searches(desk: Hands) -> None:
    desk.type("in")
    desk.bridge.edit(lambda graph: edits.delete(graph, ["x"]))
    assert desk.view.finder.count.text() == "1 found" and lit(desk) == {"y"}
    desk.key(Key.Key_Return)
    assert desk.selection.nodes == {"y"} and desk.view.finder.count.text() == "1 of 1"
    desk.bridge.load(cs231n())
    assert not desk.view.finder.isVisible() and not lit(desk)


def test_a_click_beside_it_puts_it_away(desk: Hands) -> None:
    desk.type("in")
    desk.click(desk.body("f"))
    assert not desk.view.finder.isVisible() and desk.selection.nodes == {"f"} and lit(desk) == {"f"}
    assert QApplication.focusWidget() is desk.view


def test_it_stays_inside_a_small_canvas(qtbot: QtBot) -> None:
    desk = Hands(qtbot, cs231n(), size=(760, 560))
    desk.view.finder.open()
    desk.view.resize(420, 300)
    assert desk.view.rect().contains(desk.view.finder.geometry())
