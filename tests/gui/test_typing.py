"""Whatever is done while something is typed takes it first: every field and every way, with real keys and the mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton

from engine.files import disk
from engine.graph.graph import Graph
from gui.canvas.editor import ValueEditor
from gui.document import settings
from gui.main_window import MainWindow
from gui.shell.command_palette import CommandPalette
from gui.shell.dialogs.expression import ExpressionDialog
from gui.widgets.round_button import RoundButton
from tests.gui.canvas_tools import value_spot
from tests.gui.graphs import product
from tests.gui.training_tools import begin, open_example
from tests.gui.training_tools import field as training_field
from tests.gui.window_tools import ALT, CTRL, LEFT, NONE, SHIFT, Key, clipboard, in_dialog, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # menus, offscreen

# --- where one types


def on_canvas(window: MainWindow, id: str = "x") -> QLineEdit:
    QTest.mouseClick(window.canvas.viewport(), LEFT, NONE, value_spot(window.canvas, id))
    field = QApplication.focusWidget()
    assert isinstance(field, ValueEditor)
    return field


def name_on_canvas(window: MainWindow) -> QLineEdit:
    window.selection.select(["x"])
    window.canvas.setFocus()
    press(window, Key.Key_F2)
    return QApplication.focusWidget()


def in_inspector(name: str, *selected: str) -> Callable[[MainWindow], QLineEdit]:
    def find(window: MainWindow) -> QLineEdit:
        window.selection.select(selected)
        lines = window.panels.findChildren(QLineEdit)
        line = next(line for line in lines if line.accessibleName() == name and line.isVisible())
        QTest.mouseClick(line, LEFT)
        line.selectAll()
        return line

    return find


def learning_rate(window: MainWindow) -> QLineEdit:
    press(window, Key.Key_R, CTRL)
    line = training_field(window, "Learning rate")
    QTest.mouseClick(line, LEFT)
    line.selectAll()
    return line


def held(id: str) -> Callable[[Graph], str]:
    return lambda graph: f"{float(graph.nodes[id].value):g}"


FIELDS = {
    "the number on the canvas": (on_canvas, "7", held("x")),
    "the name on the canvas": (name_on_canvas, "width", lambda g: " ".join(set(g.nodes) & {"width"})),
    "Value": (in_inspector("Value", "y"), "8", held("y")),
    "Name": (in_inspector("Name", "q"), "total", lambda g: " ".join(set(g.nodes) & {"total"})),
    "Label": (in_inspector("Label", "z"), "depth", lambda g: g.nodes["z"].label),
    "Seed": (in_inspector("Seed", "f"), "10", lambda g: f"{g.seed:g}"),
    "Title": (in_inspector("Title"), "A product", lambda g: g.title),
}


def test_ctrl_s_saves_what_is_typed_in_any_field(product_window: MainWindow) -> None:
    path = product_window.files.path
    for name, (field, text, read) in FIELDS.items():
        QTest.keyClicks(field(product_window), text)
        press(product_window, Key.Key_S, CTRL)
        assert read(disk.load(path)) == text, name
        assert not product_window.bridge.document.modified and not product_window.bridge.pending.texts, name


def test_ctrl_n_leaves_another_document_alone_and_asks_about_what_was_typed(product_window: MainWindow) -> None:
    window, path = product_window, product_window.files.path
    window.files.ask.unsaved = "save"
    for name, (field, text, read) in FIELDS.items():
        disk.save(product(), path)
        window.files.open(path)
        window.canvas.camera.fit_all(animated=False)
        QTest.keyClicks(field(window), text)
        press(window, Key.Key_N, CTRL)
        assert read(disk.load(path)) == text and window.files.ask.asked == ["unsaved"], name
        assert not window.bridge.now.graph.nodes and not window.bridge.document.modified, name
        window.files.ask.asked.clear()


# --- what one does then


def by_menu(id: str) -> Callable[[MainWindow], None]:
    def choose(window: MainWindow) -> None:
        action = window.action_set.by_id[id]
        menu = next(menu for menu in window.findChildren(QMenu) if action in menu.actions())
        bar, title = window.menuBar(), menu.menuAction()
        QTest.mouseClick(bar, LEFT, NONE, bar.actionGeometry(title).center())
        QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(action).center())

    return choose


def by_button(id: str) -> Callable[[MainWindow], None]:
    return lambda window: QTest.mouseClick(window.findChild(QPushButton, f"button-{id}"), LEFT)


def by_timeline(name: str) -> Callable[[MainWindow], None]:
    def click(window: MainWindow) -> None:
        buttons = window.panels.findChildren(RoundButton)
        QTest.mouseClick(next(button for button in buttons if button.accessibleName() == name), LEFT)

    return click


def by_palette(window: MainWindow) -> None:
    def choose() -> None:
        if palette := window.findChild(CommandPalette):  # it does not come where the action is held back
            field = palette.findChild(QLineEdit)
            QTest.keyClicks(field, "save")
            QTest.keyClick(field, Key.Key_Return)

    QTimer.singleShot(0, window, choose)
    press(window, Key.Key_P, CTRL | SHIFT)
    QApplication.processEvents()


def drag_q(window: MainWindow) -> None:
    canvas, viewport = window.canvas, window.canvas.viewport()
    start = canvas.mapFromScene(canvas.scene().node_items["q"].card().topLeft()) + QPoint(12, 50)
    QTest.mousePress(viewport, LEFT, NONE, start)
    QTest.mouseMove(viewport, start + QPoint(20, 30))
    QTest.mouseMove(viewport, start + QPoint(40, 60))
    QTest.mouseRelease(viewport, LEFT, NONE, start + QPoint(40, 60))


def with_keys(key: Key, *held: object) -> Callable[[MainWindow], None]:
    def do(window: MainWindow) -> None:
        modifiers = NONE
        for one in held:
            modifiers |= one
        press(window, key, modifiers)

    return do


WAYS = {
    "Ctrl+S": (with_keys(Key.Key_S, CTRL), lambda w: not w.bridge.document.modified),
    "File, Save": (by_menu("save"), lambda w: not w.bridge.document.modified),
    "Ctrl+Shift+P, save": (by_palette, lambda w: not w.bridge.document.modified),
    "Arrange": (by_button("arrange"), lambda w: w.bridge.document.undo_text == "Arrange"),
    "Ctrl+D": (with_keys(Key.Key_D, CTRL), lambda w: len(w.bridge.now.graph.nodes) == 6),
    "to the beginning": (by_timeline("To the beginning"), lambda w: w.bridge.player.position == 0),
    "a drag": (drag_q, lambda w: w.bridge.document.undo_text.startswith("Move")),
    "Ctrl+2": (with_keys(Key.Key_2, CTRL), lambda w: not w.panels.is_open("inspector")),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_done_takes_what_is_typed_or_is_not_done(product_window: MainWindow, way: str) -> None:
    do, done = WAYS[way]
    bridge, before, position = (
        product_window.bridge,
        product_window.bridge.now.graph,
        product_window.bridge.player.position,
    )
    field = on_canvas(product_window)
    QTest.keyClicks(field, "abc")
    do(product_window)
    assert bridge.now.graph is before and bridge.player.position == position
    assert field.isVisible() and field.text() == "abc" and field.sentence and field.hasFocus()
    assert product_window.panels.is_open("inspector")
    QTest.keyClick(field, Key.Key_Escape)
    assert not field.isVisible()
    QTest.keyClicks(on_canvas(product_window), "7")
    do(product_window)
    assert bridge.now.graph.nodes["x"].value == 7 and done(product_window)


@pytest.mark.parametrize("find", [on_canvas, in_inspector("Value", "y"), learning_rate])
def test_an_action_that_is_held_back_is_named(product_window: MainWindow, find) -> None:
    window = product_window
    QTest.keyClicks(find(window), "abc")
    press(window, Key.Key_S, CTRL)
    assert window.status.sentence.text() == "“Save” waits for what you are typing: correct it, or press Esc."


def test_a_refused_field_that_was_left_holds_nothing_up(product_window: MainWindow) -> None:
    line = in_inspector("Value", "y")(product_window)
    QTest.keyClicks(line, "abc")
    press(product_window, Key.Key_S, CTRL)
    assert line.hasFocus() and product_window.bridge.pending.texts
    product_window.canvas.setFocus()
    press(product_window, Key.Key_Left)
    assert product_window.bridge.player.position == product_window.bridge.player.end - 1
    assert line.text() == "abc" and line.invalid


# --- leaving


@pytest.mark.parametrize("quits", [lambda w: press(w, Key.Key_Q, CTRL), lambda w: w.close()])
def test_closing_saves_what_is_typed(product_window: MainWindow, quits) -> None:
    QTest.keyClicks(on_canvas(product_window), "7")
    product_window.files.ask.unsaved = "save"
    path = product_window.files.path
    quits(product_window)
    assert not product_window.isVisible() and disk.load(path).nodes["x"].value == 7


def test_closing_asks_before_it_drops_what_cannot_be_read(product_window: MainWindow) -> None:
    field = on_canvas(product_window)
    QTest.keyClicks(field, "abc")
    press(product_window, Key.Key_Q, CTRL)
    assert product_window.isVisible() and field.hasFocus() and field.text() == "abc"
    assert product_window.files.ask.asked == ["drop abc"]
    product_window.files.ask.dropping = True
    press(product_window, Key.Key_Q, CTRL)
    assert not product_window.isVisible()


@pytest.mark.parametrize("find", [on_canvas, in_inspector("Value", "y"), learning_rate])
def test_what_may_be_dropped_is_there_again_if_the_window_stays_after_all(product_window: MainWindow, find) -> None:
    window, ask, path = product_window, product_window.files.ask, product_window.files.path
    window.selection.select(["z"])
    press(window, Key.Key_Right, ALT)
    field = find(window)
    QTest.keyClicks(field, "abc")
    ask.dropping, ask.unsaved = True, "cancel"
    press(window, Key.Key_Q, CTRL)
    assert ask.asked == ["drop abc", "unsaved"]
    assert window.isVisible() and field.isVisible() and field.text() == "abc" and field.hasFocus()
    assert [typed.text for typed in window.bridge.pending.texts] == ["abc"]
    ask.unsaved = "save"
    press(window, Key.Key_Q, CTRL)
    assert not window.isVisible() and disk.load(path).nodes["z"].pos != (0, 240)


# --- whose key it is


def test_ctrl_z_takes_back_typing_first_and_then_the_last_edit(product_window: MainWindow) -> None:
    window = product_window
    window.selection.select(["y"])
    press(window, Key.Key_Right, ALT)
    moved = window.bridge.now.graph
    for find in (on_canvas, in_inspector("Value", "z")):
        field = find(window)
        QTest.keyClicks(field, "7")
        press(window, Key.Key_Z, CTRL)
        assert field.text() in ("−2", "−4") and window.bridge.now.graph is moved
        press(window, Key.Key_Z, CTRL)
        assert window.bridge.now.graph != moved
        press(window, Key.Key_Z, CTRL | SHIFT)
        assert window.bridge.now.graph == moved
        moved = window.bridge.now.graph


def test_in_a_field_copy_cut_and_paste_are_about_its_text(product_window: MainWindow) -> None:
    window, before = product_window, product_window.bridge.now.graph
    field = on_canvas(window)
    QTest.keyClicks(field, "123")
    press(window, Key.Key_A, CTRL)
    press(window, Key.Key_X, CTRL)
    assert clipboard() == "123" and field.text() == "" and field.isVisible()
    by_menu("paste")(window)
    assert field.text() == "123" and field.isVisible() and window.bridge.now.graph is before


def test_after_enter_in_the_inspector_the_arrows_step(product_window: MainWindow) -> None:
    line = in_inspector("Seed", "f")(product_window)
    QTest.keyClicks(line, "10")
    press(product_window, Key.Key_Left)
    assert product_window.bridge.player.position == product_window.bridge.player.end, "the caret is in the field"
    press(product_window, Key.Key_Return)
    assert product_window.canvas.hasFocus() and product_window.bridge.now.graph.seed == 10
    press(product_window, Key.Key_Left)
    assert product_window.bridge.player.position == product_window.bridge.player.end - 1


def test_the_numbers_of_the_training_form_are_taken_too(product_window: MainWindow) -> None:
    window = product_window
    open_example(window, "train-line")
    rate = training_field(window, "Learning rate")
    QTest.mouseClick(rate, LEFT)
    rate.selectAll()
    QTest.keyClicks(rate, "0.125")
    assert [typed.what for typed in window.bridge.pending.texts] == ["Learning rate"]
    begin(window)
    assert window.training.run.trainer.config.lr == 0.125
    window.training.run.stop()


# --- where it is seen


def test_typing_does_not_zoom(product_window: MainWindow) -> None:
    camera = product_window.canvas.camera
    for zoom, text in ((0.5, "7"), (0.2, "8"), (2.0, "9")):
        camera.look_at(zoom, camera.centre(), animated=False)
        product_window.selection.select(["x"])
        press(product_window, Key.Key_Return)
        field = QApplication.focusWidget()
        assert isinstance(field, ValueEditor) and field.fontMetrics().height() >= 12
        assert product_window.canvas.viewport().rect().contains(field.geometry())
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Key.Key_Return)
        assert camera.zoom == pytest.approx(zoom)
        assert product_window.bridge.now.graph.nodes["x"].value == float(text)


@pytest.mark.parametrize("zoom", [0.7, 1.0, 1.5, 3.0])
def test_the_word_beside_the_number_is_covered_whole_or_not_at_all(product_window: MainWindow, zoom: float) -> None:
    canvas = product_window.canvas
    canvas.camera.look_at(zoom, canvas.camera.centre(), animated=False)
    product_window.selection.select(["x"])
    press(product_window, Key.Key_Return)
    field = QApplication.focusWidget()
    assert isinstance(field, ValueEditor)
    word = canvas.mapFromScene(canvas.scene().node_items["x"].caption_rect()).boundingRect()
    assert word.width() > 10 and (field.geometry().contains(word) or not field.geometry().intersects(word))


def test_typing_moves_the_view_only_to_what_is_out_of_sight(product_window: MainWindow) -> None:
    camera = product_window.canvas.camera
    camera.look_at(1.0, camera.centre(), animated=False)
    here = camera.centre()
    on_canvas(product_window)
    assert camera.centre() == here
    press(product_window, Key.Key_Escape)
    camera.pan(4000, 0)
    press(product_window, Key.Key_Return)
    assert camera.sees_any(["x"]) and camera.zoom == 1.0


# --- what undo shows


def test_undo_and_redo_bring_the_selection_back_and_leave_the_view(product_window: MainWindow) -> None:
    window, camera = product_window, product_window.canvas.camera
    window.selection.select(["x", "y"])
    press(window, Key.Key_Right, ALT)
    window.selection.select(["q"], [("f", 0)])
    press(window, Key.Key_Delete)
    window.selection.select(["z"])
    here = (camera.zoom, camera.centre())
    for key, selected in ((Key.Key_Z, ({"q"}, {("f", 0)})), (Key.Key_Z, ({"x", "y"}, set())),
                          (Key.Key_Y, ({"q"}, {("f", 0)})), (Key.Key_Y, ({"z"}, set()))):  # fmt: skip
        press(window, key, CTRL)
        assert (window.selection.nodes, window.selection.edges) == selected
        assert (camera.zoom, camera.centre()) == here


def test_undo_of_a_paste_far_away_never_leaves_an_empty_view(product_window: MainWindow) -> None:
    window, camera = product_window, product_window.canvas.camera
    window.selection.select(["x"])
    press(window, Key.Key_C, CTRL)
    camera.look_at(1.0, QPointF(9000, 9000), animated=False)
    press(window, Key.Key_V, CTRL)
    assert camera.sees_any(window.selection.nodes - {"x"})
    press(window, Key.Key_Z, CTRL)
    assert window.selection.nodes == {"x"} and camera.sees_any(["x"]) and camera.zoom == 1.0
    settings.put("reduced_motion", False)
    press(window, Key.Key_Y, CTRL)  # a glide begins, to the copy that the next key takes away
    press(window, Key.Key_Z, CTRL)
    assert camera.sees_any(["x"]) and not camera.gliding


def test_ctrl_e_is_the_windows_where_the_system_gives_it_to_a_line_of_text(product_window, monkeypatch) -> None:
    qts = QLineEdit.event

    def as_under_x11(line: QLineEdit, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() == Key.Key_E:
            event.accept()
            return True
        return qts(line, event)

    monkeypatch.setattr(QLineEdit, "event", as_under_x11)
    on_canvas(product_window)
    QTest.keyClicks(QApplication.focusWidget(), "7")
    in_dialog(product_window, ExpressionDialog, lambda dialog: None, lambda: press(product_window, Key.Key_E, CTRL))
    assert held("x")(product_window.bridge.now.graph) == "7"
