"""The whole program under a mouse and a keyboard: built from nothing, played, saved, opened, closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMessageBox, QPushButton

from engine import files
from gui import settings
from gui.main_window import MainWindow
from gui.mime import OP_MIME
from gui.problems_panel import ProblemRow
from gui.theme import themes
from gui.widgets.segmented import Segmented
from gui.widgets.track import Track
from tests.gui.graphs import product
from tests.gui.test_files_ui import Answers

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def window(qtbot):
    made = open_window(qtbot)
    yield made
    close(made)


@pytest.fixture
def product_window(window, tmp_path):
    path = tmp_path / "product.gradloom"
    files.save(product(), path)
    assert window.files.open(path)
    window.canvas.fit_all(animated=False)
    return window


def open_window(qtbot) -> MainWindow:
    settings.put("reduced_motion", True)
    made = MainWindow()
    made.files.ask = Answers()
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.canvas.setFocus()
    qtbot.waitUntil(lambda: made.canvas.hasFocus())
    return made


def close(window: MainWindow) -> None:
    if window.isVisible():
        window.files.ask.unsaved = "discard"
        window.close()


# --- what hands do


def drop_on_canvas(window: MainWindow, op: str, x: float, y: float) -> None:
    """What QDrag does with an op out of the palette: its own loop cannot be driven by a test."""
    viewport = window.canvas.viewport()
    spot = window.canvas.mapFromScene(QPointF(x, y))
    data = QMimeData()
    data.setData(OP_MIME, op.encode())
    give(viewport, data, spot)


def give(target, data: QMimeData, spot: QPoint) -> bool:
    """Enter, move, drop; whether it was taken."""
    copy, button = Qt.DropAction.CopyAction, LEFT
    entered = QDragEnterEvent(spot, copy, data, button, NONE)
    QApplication.sendEvent(target, entered)
    QApplication.sendEvent(target, QDragMoveEvent(spot, copy, data, button, NONE))
    dropped = QDropEvent(QPointF(spot), copy, data, button, NONE)
    QApplication.sendEvent(target, dropped)
    return entered.isAccepted() and dropped.isAccepted()


def wire(window: MainWindow, source: str, dest: str, port: int) -> None:
    viewport, canvas = window.canvas.viewport(), window.canvas
    start, end = canvas.port_position(source, "out"), canvas.port_position(dest, port)
    QTest.mousePress(viewport, LEFT, NONE, start)
    for part in (0.25, 0.5, 0.75, 1.0):
        QTest.mouseMove(viewport, start + (end - start) * part)
    QTest.mouseRelease(viewport, LEFT, NONE, end)


def type_value(window: MainWindow, id: str, text: str) -> None:
    viewport = window.canvas.viewport()
    QTest.mouseClick(viewport, LEFT, NONE, window.canvas.value_rect(id).center().toPoint())
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Key.Key_Return)


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifier)


def build_product(window: MainWindow) -> None:
    for op, x, y in (("input", 0, 0), ("input", 0, 120), ("input", 0, 240), ("add", 240, 60), ("mul", 480, 140)):
        drop_on_canvas(window, op, x, y)
    window.canvas.fit_all(animated=False)
    for source, dest, port in (("x", "add", 0), ("y", "add", 1), ("add", "mul", 0), ("z", "mul", 1)):
        wire(window, source, dest, port)
    for id, text in (("x", "-2"), ("y", "5"), ("z", "-4")):
        type_value(window, id, text)


def gradients(window: MainWindow) -> dict[str, float]:
    frame = window.bridge.frame
    return {id: float(g) for id in window.bridge.graph.nodes if (g := frame.gradient(id)) is not None}


# --- the whole path


def test_the_whole_path_from_an_empty_canvas(window, qtbot, tmp_path):
    build_product(window)
    assert gradients(window) == {"x": -4, "y": -4, "z": 3, "add": -4, "mul": 1}
    assert window.windowTitle() == "Untitled[*] — Gradloom" and window.isWindowModified()

    press(window, Key.Key_Space)
    assert window.clock.running and window.bridge.player.playing
    press(window, Key.Key_Space)
    assert not window.clock.running
    press(window, Key.Key_Home)
    assert gradients(window) == {}
    press(window, Key.Key_B)
    press(window, Key.Key_Period)
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
    built = window.bridge.graph
    assert window.close()

    again = open_window(qtbot)
    assert again.files.open(tmp_path / "mine.gradloom")
    assert again.bridge.graph == built
    assert gradients(again) == {"x": -4, "y": -4, "z": 3, "add": -4, "mul": 1}
    close(again)


def test_everything_is_undone_step_by_step_and_done_again(window):
    build_product(window)
    built = window.bridge.graph
    for _ in range(5 + 4 + 3):
        press(window, Key.Key_Z, CTRL)
    assert not window.bridge.graph.nodes and not window.bridge.graph.edges
    assert not window.isWindowModified()
    for _ in range(5 + 4 + 3):
        press(window, Key.Key_Z, CTRL | SHIFT)
    assert window.bridge.graph == built


def test_a_loop_is_refused_and_says_why(product_window):
    before = product_window.bridge.graph
    product_window.canvas.cancel_gesture()
    wire(product_window, "f", "q", 0)
    assert product_window.bridge.graph is before
    assert "loop" in product_window.status.sentence.text()


def test_a_refused_edit_is_told_in_the_status_bar(product_window):
    from engine import edits

    product_window.bridge.edit(lambda graph: edits.connect(graph, "f", "q", 0))
    assert "loop" in product_window.status.sentence.text()
    press(product_window, Key.Key_F)
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


def test_a_double_click_in_the_palette_adds_the_op(window):
    (rows,) = window.ops.findChildren(QListView)
    spot = rows.visualRect(rows.model().index(1, 0)).center()
    QTest.mouseClick(rows.viewport(), LEFT, NONE, spot)
    QTest.mouseDClick(rows.viewport(), LEFT, NONE, spot)
    assert [node.op for node in window.bridge.graph.nodes.values()] == ["input"]


def test_dragging_in_the_palette_starts_a_drag_of_that_op(window, monkeypatch):
    carried: list[bytes] = []
    monkeypatch.setattr(
        "gui.palette.QDrag.exec", lambda drag, *_: carried.append(bytes(drag.mimeData().data(OP_MIME).data()))
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
    assert product_window.bridge.graph == product()


def test_space_presses_a_button_that_has_the_focus(product_window):
    button = product_window.top_bar.findChild(object, "button-fit")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setFocus()
    press(product_window, Key.Key_Space)
    assert not product_window.bridge.player.playing


def test_arrows_choose_in_a_row_of_choices_that_has_the_focus(product_window):
    (choices,) = product_window.top_bar.findChildren(Segmented)
    choices.setFocus()
    press(product_window, Key.Key_Right)
    assert product_window.bridge.wording == "responsibility"
    assert product_window.bridge.player.position == product_window.bridge.player.end


def test_space_on_a_problem_goes_there_and_does_not_play(product_window):
    product_window.state.select(["z"])
    press(product_window, Key.Key_Delete)
    QTest.mouseClick(product_window.status.problems, LEFT)
    (row,) = product_window.problems.findChildren(ProblemRow)
    row.setFocus()
    press(product_window, Key.Key_Space)
    assert product_window.state.nodes == {"f"} and not product_window.bridge.player.playing


def test_tab_searches_the_palette_and_enter_adds_the_op(window):
    press(window, Key.Key_Tab)
    QTest.keyClicks(QApplication.focusWidget(), "relu")
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    assert [node.op for node in window.bridge.graph.nodes.values()] == ["relu"]


def test_arrows_move_nodes_at_the_end_and_step_elsewhere(product_window):
    product_window.state.select(["x"])
    press(product_window, Key.Key_Right)
    moved = product_window.bridge.graph.nodes["x"].pos
    assert moved[0] > 0 and product_window.bridge.player.position == product_window.bridge.player.end
    press(product_window, Key.Key_Comma)
    assert product_window.bridge.player.position == product_window.bridge.player.end - 1
    press(product_window, Key.Key_Left)
    assert product_window.bridge.player.position == product_window.bridge.player.end - 2
    assert product_window.bridge.graph.nodes["x"].pos == moved


def test_actions_are_off_where_they_make_no_sense(window):
    by_id = window.commands.by_id
    for id in ("undo", "redo", "copy", "delete", "target", "play", "revert", "arrange"):
        assert not by_id[id].isEnabled(), id
    drop_on_canvas(window, "input", 0, 0)
    assert by_id["undo"].isEnabled() and by_id["undo"].text() == "Undo Add Input"
    assert by_id["play"].isEnabled() and by_id["copy"].isEnabled()


def test_make_target_and_arrange(product_window):
    product_window.state.select(["q"])
    press(product_window, Key.Key_T)
    assert product_window.bridge.graph.target == "q"
    press(product_window, Key.Key_L, CTRL)
    xs = {id: node.pos[0] for id, node in product_window.bridge.graph.nodes.items()}
    assert xs["x"] < xs["q"] < xs["f"]
    press(product_window, Key.Key_Z, CTRL)
    assert product_window.bridge.graph.nodes["f"].pos == product().nodes["f"].pos


# --- clipboard


def test_copy_and_paste_take_the_edges_between(product_window):
    product_window.state.select(["x", "y", "q"])
    press(product_window, Key.Key_C, CTRL)
    assert '"format": "gradloom"' in QGuiApplication.clipboard().text()
    press(product_window, Key.Key_V, CTRL)
    graph = product_window.bridge.graph
    new = set(graph.nodes) - set(product().nodes)
    assert len(new) == 3 and product_window.state.nodes == new
    assert len(graph.edges) == len(product().edges) + 2


def test_cut_takes_away_and_paste_brings_back(product_window):
    product_window.state.select(["z"])
    press(product_window, Key.Key_X, CTRL)
    assert "z" not in product_window.bridge.graph.nodes
    press(product_window, Key.Key_V, CTRL)
    assert float(product_window.bridge.graph.nodes["z"].value) == -4


def test_an_expression_as_text_is_pasted_as_nodes_also_from_a_panel(window):
    QGuiApplication.clipboard().setText("(x + y) * z")
    window.problems.setFocus()
    press(window, Key.Key_V, CTRL)
    ops = sorted(node.op for node in window.bridge.graph.nodes.values())
    assert ops == ["add", "input", "input", "input", "mul"]


def test_text_that_is_no_graph_is_told(window):
    QGuiApplication.clipboard().setText("Dear Sir or Madam,")
    press(window, Key.Key_V, CTRL)
    assert "line 1, column 6" in window.messages.sentence.text() and not window.bridge.graph.nodes


# --- files


def test_the_unsaved_question_has_three_buttons_that_work(product_window, qtbot):
    product_window.files.ask = type(product_window.files.ask)()
    from gui.dialogs.questions import FileQuestions

    product_window.files.ask = FileQuestions(product_window)
    product_window.state.select(["x"])
    press(product_window, Key.Key_Delete)
    for act, stays in (
        (lambda box: QTest.keyClick(box, Key.Key_Escape), True),
        (lambda box: click_button(box, "Cancel"), True),
        (lambda box: click_button(box, "Don’t save"), False),
    ):
        QTimer.singleShot(0, product_window, lambda act=act: answer(act))
        product_window.close()
        assert product_window.isVisible() is stays
    assert files.load(product_window.files.path) == product()


def test_save_in_the_question_saves_and_closes(product_window):
    from gui.dialogs.questions import FileQuestions

    product_window.files.ask = FileQuestions(product_window)
    product_window.state.select(["x"])
    press(product_window, Key.Key_Delete)
    QTimer.singleShot(0, product_window, lambda: answer(lambda box: click_button(box, "Save")))
    product_window.close()
    assert not product_window.isVisible()
    assert "x" not in files.load(product_window.files.path).nodes


def answer(act) -> None:
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    act(box)


def click_button(box: QMessageBox, text: str) -> None:
    (button,) = [b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == text]
    QTest.mouseClick(button, LEFT)


def test_a_bad_file_is_told_above_the_canvas(product_window, tmp_path):
    bad = tmp_path / "bad.gradloom"
    bad.write_text('{"format": "gradloom", "version": 1, "nodes": [{"id": 7, "op": "add"}]}', "utf-8")
    product_window.state.select(["x"])
    assert not product_window.files.open(bad)
    assert product_window.messages.isVisible()
    assert "$.nodes[0].id" in product_window.messages.sentence.text()
    assert product_window.bridge.graph == product() and product_window.state.nodes == {"x"}
    assert product_window.windowTitle().startswith("product.gradloom")


def file_data(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_a_dropped_file_is_opened_but_never_over_unsaved_work(window, tmp_path):
    path = tmp_path / "dropped.gradloom"
    files.save(product(), path)
    drop_on_canvas(window, "input", 0, 0)
    data = file_data(path)
    assert give(window.canvas.viewport(), data, QPoint(200, 200))  # the canvas leaves it to the window
    assert window.files.ask.asked == ["unsaved"] and len(window.bridge.graph.nodes) == 1
    window.files.ask.unsaved = "discard"
    assert give(window.canvas.viewport(), data, QPoint(200, 200))
    assert window.bridge.graph == product() and window.files.path == path


def test_examples_open_as_untitled_copies(window):
    menu = window.commands.menus["examples"][0]
    actions = [action for action in menu.actions() if action.isEnabled()]
    assert actions
    actions[0].trigger()
    assert window.bridge.graph.nodes and window.files.path is None and not window.isWindowModified()
    assert window.windowTitle() == f"{window.bridge.graph.title}[*] — Gradloom"


def test_the_recent_menu_lists_opened_files(product_window):
    menu = product_window.commands.menus["recent"][0]
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "product.gradloom"
    menu.actions()[-1].trigger()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["Nothing yet"]


# --- panels, theme, dialogs


def test_the_whole_graph_stays_in_view_when_the_window_grows_until_one_looks_elsewhere(product_window):
    canvas = product_window.canvas
    seen = canvas.zoom
    product_window.resize(1000, 640)
    assert canvas.zoom < seen
    product_window.resize(1280, 800)
    assert canvas.zoom == pytest.approx(seen, abs=0.02)
    press(product_window, Key.Key_Plus, CTRL)
    nearer = canvas.zoom
    product_window.resize(1000, 640)
    assert canvas.zoom == nearer


def test_panels_sizes_and_theme_are_remembered(qtbot):
    window = open_window(qtbot)
    window.commands.by_id["panel_palette"].trigger()
    window.commands.by_id["theme_dark"].trigger()
    window.commands.by_id["wording_responsibility"].trigger()
    assert not window.ops.isVisible() and themes.current.name == "dark"
    close(window)
    again = open_window(qtbot)
    assert not again.ops.isVisible() and again.canvas.isVisible()
    assert again.bridge.wording == "responsibility" and settings.get("theme") == "dark"
    again.commands.by_id["panel_palette"].trigger()
    assert again.ops.isVisible()
    close(again)
    themes.choose("light")


def test_settings_that_cannot_be_read_are_passed_over(qtbot, config_dir):
    config_dir.mkdir(parents=True, exist_ok=True)
    lines = ["[General]", "speed=fast", "theme=pink", "wording=7", "geometry=here", "layout={", "recent=3"]
    (config_dir / "gradloom.ini").write_text("\n".join(lines), "utf-8")
    window = open_window(qtbot)
    assert window.bridge.player.speed == 1.0 and window.bridge.wording == "gradient"
    assert window.ops.isVisible() and window.panels.is_open("timeline")
    close(window)


def test_presentation_mode_leaves_canvas_and_timeline(product_window):
    press(product_window, Key.Key_F11)
    assert not product_window.ops.isVisible() and not product_window.top_bar.isVisible()
    assert product_window.canvas.isVisible() and product_window.panels.is_open("timeline")
    press(product_window, Key.Key_Escape)
    assert product_window.ops.isVisible() and product_window.top_bar.isVisible()
    product_window.state.select(["x"])
    press(product_window, Key.Key_Escape)
    assert not product_window.presenting and not product_window.state.nodes  # Esc is the canvas’s again


def test_the_problems_button_opens_the_panel_and_it_goes_with_the_last_problem(product_window):
    assert product_window.status.problems.text() == "No problems"
    product_window.state.select(["z"])
    press(product_window, Key.Key_Delete)
    assert product_window.status.problems.text() != "No problems"
    QTest.mouseClick(product_window.status.problems, LEFT)
    assert product_window.problems.isVisible()
    press(product_window, Key.Key_Z, CTRL)
    assert not product_window.problems.isVisible()


def test_the_command_palette_does_what_is_chosen(product_window, qtbot):
    from gui.dialogs.command_palette import CommandPalette

    def type_and_enter() -> None:
        palette = product_window.findChild(CommandPalette)
        field = palette.findChild(QLineEdit)
        QTest.keyClicks(field, "dark")
        QTest.keyClick(field, Key.Key_Return)

    QTimer.singleShot(0, product_window, type_and_enter)
    press(product_window, Key.Key_K, CTRL)
    assert themes.current.name == "dark"
    themes.choose("light")


def test_a_new_graph_from_an_expression(window):
    from gui.dialogs.expression import ExpressionDialog

    said: list[str] = []

    def type_and_accept() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ExpressionDialog)
        QTest.keyClicks(dialog.text, "(x + ")
        said.append(dialog.message.text())
        assert not dialog.create_button.isEnabled()
        QTest.keyClicks(dialog.text, "y) * z")
        said.append(dialog.message.text())
        QTest.mouseClick(dialog.create_button, LEFT)

    QTimer.singleShot(0, window, type_and_accept)
    press(window, Key.Key_E, CTRL)
    assert "line 1" in said[0] and "5 nodes" in said[1]
    assert len(window.bridge.graph.nodes) == 5


def test_every_shortcut_stands_in_the_help(product_window):
    from PySide6.QtWidgets import QLabel

    from gui.actions import ACTIONS
    from gui.dialogs.help import shortcuts_dialog

    dialog = shortcuts_dialog(product_window)
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    assert {action.keys_text for action in ACTIONS.values() if action.keys} <= shown


def test_closing_leaves_no_clock_running(product_window):
    product_window.bridge.player.play()
    assert product_window.clock.running
    assert product_window.close()
    assert not product_window.clock.running
