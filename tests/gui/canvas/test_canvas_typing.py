"""Numbers and names typed on the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.values.values import as_value
from tests.gui.canvas_tools import LEFT, Hands, value_spot

Key = Qt.Key


def click_value(desk: Hands, id: str) -> None:
    desk.click(value_spot(desk.view, id))


def test_a_click_on_a_number_edits_it(desk: Hands) -> None:
    click_value(desk, "x")
    assert QApplication.focusWidget() is desk.view.desk.editor and desk.view.desk.editor.text() == "−2"
    desk.type("7.5")
    desk.one_undo_step(lambda: desk.key(Key.Key_Return))
    assert desk.graph.nodes["x"].value == 7.5
    assert desk.view.scene().node_items["f"].picture.value == "−50"
    assert desk.view.hasFocus()


def test_escape_drops_what_was_typed(desk: Hands) -> None:
    before = desk.graph
    click_value(desk, "x")
    desk.type("9")
    desk.key(Key.Key_Escape)
    assert desk.graph is before and not desk.view.desk.editor.isVisible() and desk.view.hasFocus()


def test_what_is_no_number_keeps_the_editor_open_with_the_reason(desk: Hands) -> None:
    before = desk.graph
    click_value(desk, "x")
    desk.type("abc")
    desk.key(Key.Key_Return)
    assert desk.view.desk.editor.isVisible() and "is neither a number" in desk.view.desk.editor.sentence
    assert desk.graph is before
    desk.type("4")
    assert not desk.view.desk.editor.sentence


def test_tab_goes_on_to_the_next_leaf(desk: Hands) -> None:
    click_value(desk, "x")
    desk.type("1")
    desk.key(Key.Key_Tab)
    assert desk.graph.nodes["x"].value == 1 and desk.view.desk.editor.editing == "y"
    desk.type("2")
    desk.key(Key.Key_Tab)
    desk.key(Key.Key_Backtab)
    assert desk.graph.nodes["y"].value == 2 and desk.view.desk.editor.editing == "y"


def test_a_click_elsewhere_commits(desk: Hands) -> None:
    click_value(desk, "x")
    desk.type("8")
    desk.view.setFocus(Qt.FocusReason.MouseFocusReason)
    assert desk.graph.nodes["x"].value == 8 and not desk.view.desk.editor.isVisible()


def test_a_vector_can_be_typed(desk: Hands) -> None:
    click_value(desk, "x")
    desk.type("1 2 3")
    desk.key(Key.Key_Return)
    assert desk.graph.nodes["x"].value.tolist() == [1, 2, 3]
    assert desk.view.scene().node_items["x"].picture.value_caption == "3"


def test_f2_renames_the_selected_node(desk: Hands) -> None:
    desk.click(desk.body("q"))
    desk.key(Key.Key_F2)
    desk.type("sum")
    desk.one_undo_step(lambda: desk.key(Key.Key_Return))
    assert "sum" in desk.graph.nodes and "q" not in desk.graph.nodes
    desk.shows_document()


def test_a_double_click_on_a_name_renames_and_a_bad_name_says_why(desk: Hands) -> None:
    at = desk.name("q")
    desk.click(at)
    QTest.mouseDClick(desk.surface, LEFT, Qt.KeyboardModifier.NoModifier, at)
    assert desk.view.desk.editor.editing == "q"
    desk.type("x")
    desk.key(Key.Key_Return)
    assert "There is already a node “x”." in desk.view.desk.editor.sentence
    desk.key(Key.Key_Escape)
    assert "q" in desk.graph.nodes


def test_the_value_of_a_computed_node_is_not_edited(desk: Hands) -> None:
    click_value(desk, "q")
    assert not desk.view.desk.editor.isVisible() and desk.selection.nodes == {"q"}


def test_undo_while_typing_closes_the_editor_only_if_the_node_is_gone(desk: Hands) -> None:
    desk.carry("constant", desk.at(310, 330))
    desk.view.desk.editor.type_value("c")
    desk.bridge.undo()
    assert not desk.view.desk.editor.isVisible()


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_the_field_is_all_in_view_at_each_edge(qtbot: QtBot, side: str) -> None:
    """A matrix is typed in a wider field than its card."""
    numbers = as_value([[0.1, -0.2], [0.3, 0.4], [-0.5, 0.6]])
    desk = Hands(qtbot, Graph.of([Node("W", "parameter", numbers, pos=(0, 0))]))
    camera, room = desk.view.desk.camera, desk.surface.rect()
    camera.look_at(0.6, QPointF(0, 0), animated=False)
    number = desk.view.scene().node_items["W"].value_rect(0.6)
    card = desk.view.mapFromScene(number).boundingRect().adjusted(-12, -12, 12, 12)
    across = {"left": card.left(), "right": card.right() - room.right()}.get(side, 0)
    down = {"top": card.top(), "bottom": card.bottom() - room.bottom()}.get(side, 0)
    centre = QPointF(across, down) / 0.6
    camera.look_at(0.6, centre, animated=False)
    desk.click(desk.view.mapFromScene(number).boundingRect().center())
    field = desk.view.desk.editor
    assert field.isVisible() and field.text().startswith("[[0.1")
    assert room.contains(field.geometry()), (field.geometry(), room)
