"""What is round the canvas in the window: files, panels, theme, dialogs, and how it closes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox, QPushButton, QToolButton

from engine.files import disk
from gui.document import settings
from gui.look.theme import themes
from gui.widgets.segmented import Segmented
from tests.gui.document.test_clock import runs
from tests.gui.graphs import product
from tests.gui.window_tools import (
    CTRL,
    LEFT,
    Key,
    close,
    drop_on_canvas,
    file_data,
    give,
    open_window,
    press,
)

# --- files


def test_the_unsaved_question_has_three_buttons_that_work(product_window, qtbot):
    from gui.shell.dialogs.questions import FileQuestions

    product_window.files.ask = FileQuestions(product_window)
    path = product_window.files.path
    product_window.selection.select(["x"])
    press(product_window, Key.Key_Delete)
    for act, stays in (
        (lambda box: QTest.keyClick(box, Key.Key_Escape), True),
        (lambda box: click_button(box, "Cancel"), True),
        (lambda box: click_button(box, "Don’t save"), False),
    ):
        QTimer.singleShot(0, product_window, lambda act=act: answer(act))
        product_window.close()
        assert product_window.isVisible() is stays
    assert disk.load(path) == product()


def test_save_in_the_question_saves_and_closes(product_window):
    from gui.shell.dialogs.questions import FileQuestions

    product_window.files.ask = FileQuestions(product_window)
    path = product_window.files.path
    product_window.selection.select(["x"])
    press(product_window, Key.Key_Delete)
    QTimer.singleShot(0, product_window, lambda: answer(lambda box: click_button(box, "Save")))
    product_window.close()
    assert not product_window.isVisible()
    assert "x" not in disk.load(path).nodes


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
    product_window.selection.select(["x"])
    assert not product_window.files.open(bad)
    assert product_window.messages.isVisible()
    assert "$.nodes[0].id" in product_window.messages.sentence.text()
    assert product_window.bridge.now.graph == product() and product_window.selection.nodes == {"x"}
    assert product_window.windowTitle().startswith("product.gradloom")


def test_a_name_of_two_lines_is_shown_on_one(window, tmp_path):
    path, gone = (tmp_path / f"{name}\tlines\n.gradloom" for name in ("two\r\n", "no\n"))
    disk.save(product(), path)
    assert window.files.open(path) and not window.files.open(gone)
    press(window, Key.Key_S, CTRL)
    window.action_set.filled["Open recent"][0].aboutToShow.emit()
    said = [window.windowTitle(), window.files.name, window.status.sentence.text(), window.messages.sentence.text()]
    said += [label.text() for label in window.top_bar.findChildren(QLabel)]
    said += [action.text() for action in window.action_set.filled["Open recent"][0].actions()]
    assert sum("two lines" in text for text in said) >= 4
    assert not [text for text in said if set("\r\n\t") & set(text)]


def test_a_dropped_file_is_opened_but_never_over_unsaved_work(window, tmp_path):
    path = tmp_path / "dropped.gradloom"
    disk.save(product(), path)
    drop_on_canvas(window, "input", 0, 0)
    data = file_data(path)
    assert give(window.canvas.viewport(), data, QPoint(200, 200))  # the canvas leaves it to the window
    assert window.files.ask.asked == ["unsaved"] and len(window.bridge.now.graph.nodes) == 1
    window.files.ask.unsaved = "discard"
    assert give(window.canvas.viewport(), data, QPoint(200, 200))
    assert window.bridge.now.graph == product() and window.files.path == path


def test_examples_open_as_untitled_copies(window):
    menu = window.action_set.filled["Examples"][0]
    groups = {action.text(): action.menu() for action in menu.actions()}
    assert {"CS231n", "Trouble", "Training"} <= groups.keys()
    actions = groups["Training"].actions()
    assert "Two moons" in [action.text() for action in actions] and len(actions) < 20
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == list(groups)
    actions[0].trigger()
    assert window.bridge.now.graph.nodes and window.files.path is None and not window.isWindowModified()
    assert window.windowTitle() == f"{window.bridge.now.graph.title}[*] — Gradloom"


def test_the_recent_menu_lists_opened_files(product_window):
    menu = product_window.action_set.filled["Open recent"][0]
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "product.gradloom"
    menu.actions()[-1].trigger()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["Nothing yet"]


# --- panels, theme, dialogs


def test_the_whole_graph_stays_in_view_when_the_window_grows_until_one_looks_elsewhere(product_window):
    canvas = product_window.canvas
    seen = canvas.camera.zoom
    product_window.resize(1000, 640)
    assert canvas.camera.zoom < seen
    product_window.resize(1280, 800)
    assert canvas.camera.zoom == pytest.approx(seen, abs=0.02)
    press(product_window, Key.Key_Plus, CTRL)
    nearer = canvas.camera.zoom
    product_window.resize(1000, 640)
    assert canvas.camera.zoom == nearer


@pytest.mark.parametrize("width", [1040, 1180, 1280, 1440])
def test_the_wording_in_the_bar_is_never_covered(product_window, width: int):
    product_window.resize(width, 720)
    (wording,) = [choice for choice in product_window.top_bar.findChildren(Segmented) if choice.isVisible()]
    buttons = product_window.top_bar.findChildren(QToolButton)
    (theme,) = [button for button in buttons if button.accessibleName().startswith("Switch to")]
    right = wording.mapTo(product_window, wording.rect().bottomRight()).x()
    assert right < theme.mapTo(product_window, QPoint()).x()
    assert theme.mapTo(product_window, theme.rect().bottomRight()).x() < width


def test_panels_sizes_and_theme_are_remembered(qtbot):
    window = open_window(qtbot)
    window.action_set.by_id["panel_palette"].trigger()
    window.action_set.by_id["theme_dark"].trigger()
    window.action_set.by_id["wording_responsibility"].trigger()
    assert not window.ops.isVisible() and themes.current.name == "dark"
    close(window)
    again = open_window(qtbot)
    assert not again.ops.isVisible() and again.canvas.isVisible()
    assert again.bridge.now.wording == "responsibility" and settings.get("theme") == "dark"
    again.action_set.by_id["panel_palette"].trigger()
    assert again.ops.isVisible()
    close(again)
    themes.choose("light")


def test_a_panel_that_is_closed_gives_the_keys_back_to_the_canvas(product_window):
    window = product_window
    press(window, Key.Key_R, CTRL)
    assert window.training.isAncestorOf(QApplication.focusWidget())
    QTest.keyClick(QApplication.focusWidget(), Key.Key_5, CTRL)
    assert not window.training.isVisible() and window.canvas.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Space)
    assert window.bridge.player.playing


def test_settings_that_cannot_be_read_are_passed_over(qtbot, config_dir):
    config_dir.mkdir(parents=True, exist_ok=True)
    lines = ["[General]", "speed=fast", "theme=pink", "wording=7", "geometry=here", "layout={", "recent=3"]
    (config_dir / "gradloom.ini").write_text("\n".join(lines), "utf-8")
    window = open_window(qtbot)
    assert window.bridge.player.speed == 1.0 and window.bridge.now.wording == "gradient"
    assert window.ops.isVisible() and window.panels.is_open("timeline")
    close(window)


def test_a_speed_that_there_is_not_becomes_the_nearest_and_can_be_changed(qtbot, config_dir):
    config_dir.mkdir(parents=True, exist_ok=True)
    (config_dir / "gradloom.ini").write_text("[General]\nspeed=3.5", "utf-8")
    window = open_window(qtbot)
    press(window, Key.Key_BracketRight, CTRL)
    assert window.bridge.player.speed == 8.0
    close(window)


def test_presentation_mode_leaves_canvas_and_timeline(product_window):
    press(product_window, Key.Key_F11)
    assert not product_window.ops.isVisible() and not product_window.top_bar.isVisible()
    assert product_window.canvas.isVisible() and product_window.panels.is_open("timeline")
    press(product_window, Key.Key_Escape)
    assert product_window.ops.isVisible() and product_window.top_bar.isVisible()
    product_window.selection.select(["x"])
    press(product_window, Key.Key_Escape)
    assert not product_window.presenting and not product_window.selection.nodes  # Esc is the canvas’s again


def test_the_problems_button_opens_the_panel_and_it_goes_with_the_last_problem(product_window):
    assert product_window.status.problems.text() == "No problems"
    product_window.selection.select(["z"])
    press(product_window, Key.Key_Delete)
    assert product_window.status.problems.text() != "No problems"
    QTest.mouseClick(product_window.status.problems, LEFT)
    assert product_window.problems.isVisible()
    press(product_window, Key.Key_Z, CTRL)
    assert not product_window.problems.isVisible()


def test_the_command_palette_does_what_is_chosen(product_window, qtbot):
    from gui.shell.command_palette import CommandPalette

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
    from gui.shell.dialogs.expression import ExpressionDialog

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
    assert len(window.bridge.now.graph.nodes) == 5


def test_every_shortcut_stands_in_the_help(product_window):
    from PySide6.QtWidgets import QLabel

    from gui.shell.actions import ACTIONS
    from gui.shell.dialogs.help import shortcuts_dialog

    dialog = shortcuts_dialog(product_window, product_window.action_set.rows())
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    assert {action.keys_text for action in ACTIONS.values() if action.keys} <= shown


def test_closing_leaves_no_clock_running(product_window):
    product_window.bridge.player.play()
    assert runs(product_window.clock)
    assert product_window.close()
    assert not runs(product_window.clock)


# --- a narrow window


def test_in_a_narrow_window_the_inspector_gives_way_and_comes_back(product_window, qtbot):
    panels = product_window.panels
    product_window.resize(800, 600)
    qtbot.waitUntil(lambda: not panels.is_open("inspector"))
    qtbot.waitUntil(lambda: product_window.canvas.width() > 400)
    product_window.resize(1300, 800)
    qtbot.waitUntil(lambda: panels.is_open("inspector"))


def test_an_inspector_opened_by_hand_in_a_narrow_window_stays_and_one_closed_by_hand_too(product_window, qtbot):
    panels = product_window.panels
    product_window.resize(800, 600)
    qtbot.waitUntil(lambda: not panels.is_open("inspector"))
    panels.toggle("inspector")
    product_window.resize(860, 640)
    qtbot.waitUntil(lambda: product_window.width() == 860)
    assert panels.is_open("inspector")
    panels.toggle("inspector")
    product_window.resize(1300, 800)
    qtbot.waitUntil(lambda: product_window.width() == 1300)
    assert not panels.is_open("inspector")


def test_a_window_closed_while_narrow_opens_with_its_inspector_when_wide(product_window, qtbot):
    product_window.resize(800, 600)
    qtbot.waitUntil(lambda: not product_window.panels.is_open("inspector"))
    assert '"inspector": true' in product_window.panels.layout_text()
