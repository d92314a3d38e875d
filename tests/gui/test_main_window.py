"""The whole program under a mouse and a keyboard: built from nothing, played, saved, opened, closed."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QListView

from gui.main_window import MainWindow
from gui.panels.problems import ProblemRow
from gui.widgets.op_card import OP_MIME
from gui.widgets.segmented import Segmented
from gui.widgets.track import Track
from tests.gui.document.test_clock import runs
from tests.gui.graphs import product
from tests.gui.window_tools import (
    ALT,
    CTRL,
    LEFT,
    NONE,
    SHIFT,
    Key,
    build_product,
    close,
    drop_on_canvas,
    gradients,
    lay_out,
    open_window,
    press,
    wire,
)

# --- the whole path


def test_the_whole_path_from_an_empty_canvas(window, qtbot, tmp_path):
    build_product(window)
    assert gradients(window) == {"x": -4, "y": -4, "z": 3, "add": -4, "mul": 1}
    assert window.windowTitle() == "Untitled[*] — Gradloom" and window.isWindowModified()

    press(window, Key.Key_Space)
    assert runs(window.clock) and window.bridge.player.playing
    press(window, Key.Key_Space)
    assert not runs(window.clock)
    press(window, Key.Key_Home)
    assert gradients(window) == {}
    press(window, Key.Key_B, CTRL)
    press(window, Key.Key_Right)
    assert gradients(window) == {"mul": 1}
    press(window, Key.Key_Right, SHIFT)
    assert gradients(window) == {"mul": 1, "add": -4, "z": 3}
    press(window, Key.Key_Left)
    assert set(gradients(window)) == {"mul", "add"}
    press(window, Key.Key_End)
    assert gradients(window)["x"] == -4

    window.files.ask.save_path = tmp_path / "mine.gradloom"
    press(window, Key.Key_S, CTRL)
    assert window.windowTitle() == "mine.gradloom[*] — Gradloom" and not window.isWindowModified()
    built = window.bridge.now.graph
    assert window.close()

    again = open_window(qtbot)
    assert again.files.open(tmp_path / "mine.gradloom")
    assert again.bridge.now.graph == built
    assert gradients(again) == {"x": -4, "y": -4, "z": 3, "add": -4, "mul": 1}
    close(again)


def test_everything_is_undone_step_by_step_and_done_again(window):
    build_product(window)
    built = window.bridge.now.graph
    for _ in range(5 + 4 + 3):
        press(window, Key.Key_Z, CTRL)
    assert not window.bridge.now.graph.nodes and not window.bridge.now.graph.edges
    assert not window.isWindowModified()
    for _ in range(5 + 4 + 3):
        press(window, Key.Key_Z, CTRL | SHIFT)
    assert window.bridge.now.graph == built


def test_a_loop_is_refused_and_says_why(product_window):
    before = product_window.bridge.now.graph
    product_window.canvas.tools.cancel()
    wire(product_window, "f", "q", 0)
    assert product_window.bridge.now.graph is before
    assert "loop" in product_window.status.sentence.text()


def test_a_refused_edit_is_told_in_the_status_bar(product_window):
    from engine import edits

    product_window.bridge.edit(lambda graph: edits.connect(graph, "f", "q", 0))
    assert "loop" in product_window.status.sentence.text()
    press(product_window, Key.Key_9, CTRL)
    assert product_window.status.sentence.text() == ""


def test_scrubbing_with_the_mouse_goes_both_ways(product_window):
    track = product_window.findChild(Track)
    player, y = product_window.bridge.player, track.height() // 2
    QTest.mousePress(track, LEFT, NONE, QPoint(round(track.x_of(3.0)), y))
    assert player.position == pytest.approx(3.0, abs=0.2)
    QTest.mouseMove(track, QPoint(round(track.x_of(8.0)), y))
    assert player.position == pytest.approx(8.0, abs=0.2)
    QTest.mouseMove(track, QPoint(round(track.x_of(5.0)), y))
    QTest.mouseRelease(track, LEFT, NONE, QPoint(round(track.x_of(5.0)), y))
    assert player.position == pytest.approx(5.0, abs=0.2)


def test_speed_and_loop_chosen_by_keys_are_shown_in_the_timeline(product_window):
    buttons = {button.accessibleName(): button for button in product_window.findChildren(QAbstractButton)}
    speed, loop = buttons["Speed"], buttons["Play in a loop"]
    press(product_window, Key.Key_BracketRight, CTRL)
    press(product_window, Key.Key_L, CTRL | SHIFT)
    assert speed.text() == "2×" and loop.isChecked()
    press(product_window, Key.Key_BracketLeft, CTRL)
    press(product_window, Key.Key_BracketLeft, CTRL)
    press(product_window, Key.Key_L, CTRL | SHIFT)
    assert speed.text() == "½×" and not loop.isChecked()


def test_a_double_click_in_the_palette_adds_the_op(window):
    (rows,) = window.ops.findChildren(QListView)
    spot = rows.visualRect(rows.model().index(1, 0)).center()
    QTest.mouseClick(rows.viewport(), LEFT, NONE, spot)
    QTest.mouseDClick(rows.viewport(), LEFT, NONE, spot)
    assert [node.op_name for node in window.bridge.now.graph.nodes.values()] == ["input"]


def test_dragging_in_the_palette_starts_a_drag_of_that_op(window, monkeypatch):
    carried: list[bytes] = []
    monkeypatch.setattr(
        "gui.widgets.carrying.QDrag.exec", lambda drag, *_: carried.append(bytes(drag.mimeData().data(OP_MIME).data()))
    )
    (rows,) = window.ops.findChildren(QListView)
    spot = rows.visualRect(rows.model().index(1, 0)).center()
    QTest.mousePress(rows.viewport(), LEFT, NONE, spot)
    for step in range(1, 5):
        QTest.mouseMove(rows.viewport(), spot + QPoint(12 * step, 0))
    QTest.mouseRelease(rows.viewport(), LEFT, NONE, spot + QPoint(48, 0))
    assert carried[:1] == [b"input"]


# --- keys and text fields


def test_keys_belong_to_a_text_field_while_one_types(product_window):
    position = product_window.bridge.player.position
    press(product_window, Key.Key_Tab)
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "f b t l.,[")
    assert field.text() == "f b t l.,["
    QTest.keyClick(field, Key.Key_Home)
    QTest.keyClick(field, Key.Key_Delete)
    assert field.text() == " b t l.,["
    player = product_window.bridge.player
    assert (player.position, player.playing, player.loop, player.speed) == (position, False, False, 1.0)
    assert product_window.bridge.now.graph == product()


def test_no_field_gets_the_caret_of_a_text_that_vanishes(product_window):
    """The reason of a step was clicked, to be copied; at the beginning of the pass there is no step to give one for."""
    why = next(text for text in product_window.findChildren(QLabel) if text.property("role") == "why" and text.text())
    QTest.mouseClick(why, LEFT)
    assert why.hasFocus()
    QTest.keyClick(product_window, Key.Key_Home)
    assert not why.isVisible() and not isinstance(QApplication.focusWidget(), QLineEdit)
    QTest.keyClick(product_window, Key.Key_Space)
    assert product_window.bridge.player.playing and product_window.bridge.now.graph == product()


def test_space_presses_a_button_that_has_the_focus(product_window):
    button = product_window.top_bar.findChild(object, "button-fit")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setFocus()
    press(product_window, Key.Key_Space)
    assert not product_window.bridge.player.playing


def test_up_and_down_choose_in_a_row_of_choices_that_has_the_focus(product_window):
    (choices,) = product_window.top_bar.findChildren(Segmented)
    choices.setFocus()
    press(product_window, Key.Key_Down)
    assert product_window.bridge.now.wording == "responsibility"
    assert product_window.bridge.player.position == product_window.bridge.player.end


def test_space_on_a_problem_goes_there_and_does_not_play(product_window):
    product_window.selection.select(["z"])
    press(product_window, Key.Key_Delete)
    QTest.mouseClick(product_window.status.problems, LEFT)
    (row,) = product_window.problems.findChildren(ProblemRow)
    row.setFocus()
    press(product_window, Key.Key_Space)
    assert product_window.selection.nodes == {"f"} and not product_window.bridge.player.playing


def test_tab_searches_and_enter_adds_the_op(window):
    press(window, Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "relu")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert [node.op_name for node in window.bridge.now.graph.nodes.values()] == ["relu"]


def test_tab_into_the_list_of_ops_stands_on_the_first(window):
    window.ops.focus_search()
    press(window, Key.Key_Tab)
    assert isinstance(QApplication.focusWidget(), QListView)
    press(window, Key.Key_Return)
    assert [node.op_name for node in window.bridge.now.graph.nodes.values()] == ["input"]


def test_arrows_step_whatever_is_selected_and_with_alt_they_move_it(product_window):
    product_window.selection.select(["x"])
    before, player = product_window.bridge.now.graph, product_window.bridge.player
    for step in (1, 2):
        press(product_window, Key.Key_Left)
        assert player.position == player.end - step
    press(product_window, Key.Key_Right)
    assert player.position == player.end - 1 and product_window.bridge.now.graph is before
    press(product_window, Key.Key_Right, ALT)
    assert product_window.bridge.now.graph.nodes["x"].pos[0] > before.nodes["x"].pos[0]
    assert player.position == player.end - 1


def test_actions_are_off_where_they_make_no_sense(window):
    by_id = window.action_set.by_id
    for id in ("undo", "redo", "copy", "delete", "target", "play", "revert", "arrange"):
        assert not by_id[id].isEnabled(), id
    drop_on_canvas(window, "input", 0, 0)
    assert by_id["undo"].isEnabled() and by_id["undo"].text() == "Undo Add Input"
    assert by_id["play"].isEnabled() and by_id["copy"].isEnabled()


def test_make_target_and_arrange(product_window):
    product_window.selection.select(["q"])
    press(product_window, Key.Key_M, CTRL)
    assert product_window.bridge.now.graph.target == "q"
    press(product_window, Key.Key_L, CTRL)
    xs = {id: node.pos[0] for id, node in product_window.bridge.now.graph.nodes.items()}
    assert xs["x"] < xs["q"] < xs["f"]
    press(product_window, Key.Key_Z, CTRL)
    assert product_window.bridge.now.graph.nodes["f"].pos == product().nodes["f"].pos


def test_undo_of_a_deletion_selects_what_came_back(product_window):
    product_window.selection.select(["x", "y"])
    press(product_window, Key.Key_Delete)
    press(product_window, Key.Key_Z, CTRL)
    assert product_window.selection.nodes == {"x", "y"}


def test_undo_goes_where_it_changes_something(product_window):
    canvas = product_window.canvas
    product_window.selection.select(["f"])
    press(product_window, Key.Key_Delete)
    canvas.camera.pan(-5000, 0)
    press(product_window, Key.Key_Z, CTRL)
    assert canvas.camera.visible_scene().contains(canvas.scene().nodes_rect(["f"]))


def test_the_same_graph_opened_over_itself_is_shown_with_nothing_selected(product_window):
    canvas, path = product_window.canvas, product_window.files.path
    scene = canvas.desk.scene
    place = canvas.mapFromScene(scene.nodes_rect(["x"]).center())
    QTest.mouseMove(canvas.viewport(), place)
    QTest.mouseClick(canvas.viewport(), LEFT, NONE, place)
    assert scene.node_items["x"].marks.selected
    assert product_window.files.open(path)
    assert not any(item.marks.selected for item in scene.node_items.values())


def test_a_file_opened_while_the_mouse_holds_the_end_of_an_edge_is_shown(product_window):
    canvas, scene = product_window.canvas, product_window.canvas.desk.scene
    port = canvas.mapFromScene(QPointF(*scene.stage.input_place("f", 0)))
    QTest.mouseClick(canvas.viewport(), LEFT, NONE, port)
    QTest.mousePress(canvas.viewport(), LEFT, NONE, port)
    product_window.open_example("fan-out")  # there too an edge ends at this port of f, but comes from another node
    assert product_window.bridge.now.graph.nodes.keys() == scene.stage.graph.nodes.keys()
    QTest.mouseRelease(canvas.viewport(), LEFT, NONE, port)


def test_undo_does_not_leave_one_looking_at_nothing(product_window):
    canvas = product_window.canvas
    canvas.camera.pan(-5000, 0)
    QGuiApplication.clipboard().setText("a * b")
    press(product_window, Key.Key_V, CTRL)
    press(product_window, Key.Key_Z, CTRL)
    assert canvas.camera.visible_scene().contains(canvas.scene().nodes_rect(product().nodes))


# --- clipboard


def test_copy_and_paste_take_the_edges_between(product_window):
    product_window.selection.select(["x", "y", "q"])
    press(product_window, Key.Key_C, CTRL)
    assert '"format": "gradloom"' in QGuiApplication.clipboard().text()
    press(product_window, Key.Key_V, CTRL)
    graph = product_window.bridge.now.graph
    new = set(graph.nodes) - set(product().nodes)
    assert len(new) == 3 and product_window.selection.nodes == new
    assert len(graph.edges) == len(product().edges) + 2


def test_cut_takes_away_and_paste_brings_back(product_window):
    product_window.selection.select(["z"])
    press(product_window, Key.Key_X, CTRL)
    assert "z" not in product_window.bridge.now.graph.nodes
    press(product_window, Key.Key_V, CTRL)
    assert float(product_window.bridge.now.graph.nodes["z"].value) == -4


def test_an_expression_as_text_is_pasted_as_nodes_also_from_a_panel(window):
    QGuiApplication.clipboard().setText("(x + y) * z")
    window.problems.setFocus()
    press(window, Key.Key_V, CTRL)
    ops = sorted(node.op_name for node in window.bridge.now.graph.nodes.values())
    assert ops == ["add", "input", "input", "input", "mul"]


def test_text_that_is_no_graph_is_told(window):
    QGuiApplication.clipboard().setText("Dear Sir or Madam,")
    press(window, Key.Key_V, CTRL)
    assert "line 1, column 6" in window.messages.sentence.text() and not window.bridge.now.graph.nodes


def test_a_message_comes_and_goes_over_the_canvas_and_moves_nothing_under_the_hand(product_window):
    window, canvas = product_window, product_window.canvas
    node = next(iter(window.bridge.now.graph.nodes))

    def spot() -> QPoint:
        lay_out(window)
        return canvas.mapTo(window, canvas.mapFromScene(QPointF(*window.bridge.now.graph.nodes[node].pos)))

    before = spot()
    QGuiApplication.clipboard().setText("Dear Sir or Madam,")
    press(window, Key.Key_V, CTRL)
    assert spot() == before and window.messages.isVisible()
    middle = window.messages.rect().center()
    assert window.childAt(window.messages.mapTo(window, middle)) is not canvas.viewport()
    press(window, Key.Key_F, CTRL)
    lay_out(window)
    found, told = canvas.finder.mapTo(window, QPoint()), window.messages.mapTo(window, QPoint())
    assert canvas.finder.isVisible() and found.y() >= told.y() + window.messages.height()
    QTest.mouseClick(window.messages.close_button, LEFT)
    assert spot() == before and canvas.finder.mapTo(window, QPoint()).y() < found.y()


def test_a_window_that_is_gone_leaves_no_widget_behind(qtbot):
    """What stands in no layout yet needs a parent too, or it outlives its window, with all that it knows."""
    before = {id(widget) for widget in QApplication.topLevelWidgets()}
    window = MainWindow()
    window.show()
    close(window)
    shiboken6.delete(window)
    left = [type(widget).__name__ for widget in QApplication.topLevelWidgets() if id(widget) not in before]
    assert left == []
