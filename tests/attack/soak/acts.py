"""What is done with a window over and over: everything that a long afternoon brings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import shiboken6
from PySide6.QtCore import QElapsedTimer, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from engine import edits
from engine.files.examples import examples
from gui.document.files import Files
from gui.main_window import MainWindow
from gui.panels import all_panels
from gui.panels.problems import MOST
from gui.panels.training.training_run import RunState
from gui.widgets.track import Track
from tests.building import graph_of
from tests.gui.document.answers import Answers

Key = Qt.Key
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
TRAINED = ("train-xor", "train-line", "train-moons", "iris")
DIALOGS = ("shortcuts", "about", "expression", "commands", "export_picture", "open", "save_as", "export_numpy")
MOST_SEEN = 25  # of an example
PATIENCE = 20_000  # milliseconds
Act = Callable[["Afternoon"], None]
ACTS: list[Act] = []


def act(do: Act) -> Act:
    ACTS.append(do)
    return do


class Afternoon:
    """A window, and hands that use it. What is chosen is chosen by `random` alone."""

    def __init__(self, app: QApplication, folder: Path, random: Random) -> None:
        self.app, self.folder, self.random = app, folder, random
        self.window = open_window()

    @property
    def answers(self) -> Any:
        return self.window.files.ask

    def rest(self) -> None:
        """Nothing open, nothing moving, one small document: as it is measured."""
        self.action("leave_presentation").trigger()
        self.window.training.run.stop()
        self.window.canvas.tools.cancel()
        self.show("neuron")
        self.window.bridge.player.go_to_end()
        for name in ("training", "problems"):
            self.window.panels.show_panel(name, False)
        self.window.selection.select(list(self.window.bridge.now.graph.nodes)[-1:])  # its tables have the same rows
        self.window.selection.select()
        self.window.canvas.setFocus()
        self.spin(30)

    def tour(self) -> None:
        """See most things once: every example, its first steps and nodes, and as many problems as are shown. What is
        seen for the first time is remembered by fonts and formulas, rows are used again: that is no leak."""
        self.window.bridge.load(graph_of(*((f"n{i}", "add", []) for i in range(2 * MOST))))
        self.window.panels.show_panel("problems", True)
        self.spin(30)
        for number, example in enumerate(examples()):
            self.show(example.path.stem)
            self.window.preferences.choose_wording(("gradient", "responsibility")[number % 2])
            self.action("to_start").trigger()
            for _ in range(MOST_SEEN):
                self.action("step_forward").trigger()
                self.spin(1)
            for id in list(self.window.bridge.now.graph.nodes)[:MOST_SEEN]:
                self.window.selection.select([id])
                self.spin(1)

    def action(self, id: str) -> Any:
        return self.window.action_set.by_id[id]

    def show(self, example: str) -> None:
        self.answers.unsaved = "discard"
        self.window.open_example(example)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, keys)

    def spin(self, milliseconds: int) -> None:
        """Let the program run."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop, loop.quit)  # PySide loses a block each time where nobody owns the shot
        loop.exec()

    def wait(self, until: Callable[[], bool]) -> None:
        clock = QElapsedTimer()
        clock.start()
        while not until() and clock.elapsed() < PATIENCE:
            self.spin(10)

    def in_dialog(self, open_it: Callable[[], object], do: Callable[[QDialog], object] | None = None) -> None:
        """Open a dialog, do something in it, and close it as Esc does."""

        visitor = QTimer(interval=5)  # one for all visits: a single shot leaves something behind each time

        def visit() -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                return
            visitor.stop()
            visitor.deleteLater()
            if isinstance(dialog, QDialog) and do is not None:
                do(dialog)
            if shiboken6.isValid(dialog) and dialog.isVisible():
                QTest.keyClick(dialog, Key.Key_Escape)
                dialog.close()

        visitor.timeout.connect(visit)
        visitor.start()
        open_it()


def open_window() -> MainWindow:
    window = MainWindow()
    window.files.ask = Answers()
    window.resize(1280, 800)
    window.show()
    window.canvas.setFocus()
    return window


def close_window(window: MainWindow) -> None:
    window.files.ask.unsaved = "discard"
    window.close()
    shiboken6.delete(window)


# --- files


@act
def open_examples(on: Afternoon) -> None:
    for example in on.random.sample(examples(), 4):
        on.show(Path(example.path).stem)
        on.spin(20)


@act
def save_and_open(on: Afternoon) -> None:
    files: Files = on.window.files
    path = on.folder / f"work-{on.random.randrange(6)}.gradloom"
    on.show(on.random.choice(examples()).path.stem)
    on.answers.save_path, on.answers.overwrite, on.answers.newer = path, True, True
    files.save_as()
    _move_a_node(on)
    files.save()
    _move_a_node(on)
    files.recovery.write()
    on.answers.reverting = True
    files.revert()
    files.new()
    files.open(path)


@act
def another_window(on: Afternoon) -> None:
    other = open_window()
    other.files.ask.unsaved = "discard"
    other.open_example(on.random.choice(TRAINED))
    other.bridge.player.go_to_start()
    other.action_set.by_id["play"].trigger()
    on.spin(150)
    other.action_set.by_id["train"].trigger()
    if other.training.start.isEnabled():
        other.training.start.click()
    on.spin(150)
    close_window(other)
    on.window.activateWindow()


# --- editing


def _move_a_node(on: Afternoon) -> None:
    graph = on.window.bridge.now.graph
    if graph.nodes:
        id = on.random.choice(sorted(graph.nodes))
        place = (float(on.random.randrange(600)), float(on.random.randrange(400)))
        on.window.bridge.edit(lambda graph: edits.move_nodes(graph, {id: place}))


@act
def edit_and_take_back(on: Afternoon) -> None:
    on.show(on.random.choice(examples()).path.stem)
    for _ in range(12):
        _move_a_node(on)
        on.window.bridge.end_gesture()
    for id in ("undo", "redo"):
        for _ in range(12):
            on.action(id).trigger()
    on.action("select_all").trigger()
    for id in ("copy", "paste", "arrange", "undo", "undo", "cut", "undo", "duplicate", "delete", "undo"):
        on.action(id).trigger()
        on.spin(5)


@act
def type_values(on: Afternoon) -> None:
    on.show("neuron")
    editor = on.window.canvas.desk.editor
    for _ in range(6):
        on.window.selection.select(["input"] if "input" in on.window.bridge.now.graph.nodes else [])
        on.window.canvas.setFocus()
        on.key(Key.Key_Return)
        if editor.isVisible():
            QTest.keyClicks(editor, f"{on.random.uniform(-3, 3):.3f}")
            QTest.keyClick(editor, on.random.choice([Key.Key_Return, Key.Key_Escape, Key.Key_Tab]))
        on.window.canvas.tools.cancel()


@act
def paste_programs(on: Afternoon) -> None:
    for text in ("y = tanh(w * x + b)", "a = relu(u @ v)\nf = sum(a)", "this is no program"):
        on.app.clipboard().setText(text)
        on.window.canvas.setFocus()
        on.action("paste").trigger()
        on.spin(10)
    on.window.begin_action()
    on.window.messages.clear()


@act
def select_everything(on: Afternoon) -> None:
    on.show(on.random.choice(examples()).path.stem)
    for id in on.window.bridge.now.graph.nodes:
        on.window.selection.select([id])
        on.spin(8)
    for key in list(on.window.bridge.now.graph.edges)[:6]:
        on.window.selection.select(edges=[key])
        on.spin(8)


# --- passes


@act
def play(on: Afternoon) -> None:
    on.show(on.random.choice(examples()).path.stem)
    on.window.bridge.player.go_to_start()
    on.action("play").trigger()
    on.spin(700)
    if on.window.bridge.player.playing:
        on.action("play").trigger()
    for id in ("step_forward",) * 6 + ("step_back",) * 6 + ("to_start", "to_end", "faster", "slower", "loop", "loop"):
        on.action(id).trigger()
        on.spin(4)


@act
def scrub(on: Afternoon) -> None:
    on.show(on.random.choice(examples()).path.stem)
    track = on.window.findChild(Track)
    y = track.height() // 2
    QTest.mousePress(track, LEFT, NONE, QPoint(10, y))
    for _ in range(20):
        QTest.mouseMove(track, QPoint(on.random.randrange(10, max(track.width() - 10, 11)), y))
        on.spin(3)
    QTest.mouseRelease(track, LEFT, NONE, QPoint(20, y))


@act
def train(on: Afternoon) -> None:
    on.show(on.random.choice(TRAINED))
    on.action("train").trigger()
    panel = on.window.training
    on.wait(panel.start.isEnabled)
    panel.form.watch.setChecked(on.random.random() < 0.5)
    panel.start.click()
    on.spin(600)
    panel.run.pause()
    panel.run.go_on()
    on.spin(100)
    panel.run.stop()
    on.wait(lambda: panel.run.state is not RunState.RUNNING)
    on.action("undo").trigger()


# --- dialogs, menus, panels


@act
def open_dialogs(on: Afternoon) -> None:
    on.show("cs231n-product")
    for id in on.random.sample(DIALOGS, 5):
        if id in ("open", "save_as", "export_numpy"):
            _file_dialog(on, id)
        else:
            on.in_dialog(on.action(id).trigger, _type_something)


def _type_something(dialog: QDialog) -> None:
    for line in dialog.findChildren(QLineEdit)[:1]:
        QTest.keyClicks(line, "un")
    QApplication.processEvents()


def _file_dialog(on: Afternoon, id: str) -> None:
    """Qt's own, as the person at the screen sees it."""
    from gui.shell.dialogs.questions import FileQuestions

    kept, on.window.files.ask = on.window.files.ask, FileQuestions(on.window)
    try:
        on.in_dialog(on.action(id).trigger)
    finally:
        on.window.files.ask = kept


@act
def check(on: Afternoon) -> None:
    on.show(on.random.choice(("cs231n-product", "tanh-neuron", "train-xor")))
    on.action("check").trigger()
    on.spin(400)
    for widget in QApplication.topLevelWidgets():
        if type(widget).__name__ == "CheckDialog":
            widget.close()
    on.spin(10)


@act
def export(on: Afternoon) -> None:
    on.show(on.random.choice(("cs231n-product", "fan-out", "x-times-x")))
    ending = on.random.choice(("png", "svg", "pdf", "gif", "webp"))
    path = on.folder / f"out.{ending}"

    def write(dialog: Any) -> None:
        dialog.kind.setCurrentIndex(dialog.kind.findData(ending))
        dialog._ask = lambda *_: path  # the file dialog is opened elsewhere
        dialog.export.click()
        on.wait(lambda: not shiboken6.isValid(dialog) or not dialog._writing.busy)

    on.in_dialog(on.action("export_picture").trigger, write)
    path.unlink(missing_ok=True)


@act
def open_menus(on: Afternoon) -> None:
    on.show("cs231n-product")
    bar = on.window.menuBar()
    for action in bar.actions():
        bar.setActiveAction(action)
        on.spin(15)
        _close_popups()
    scene, viewport = on.window.canvas.scene(), on.window.canvas.viewport()
    for item in scene.node_items.values():
        spot = on.window.canvas.mapFromScene(QPointF(item.card().center()))
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, viewport.mapToGlobal(spot))
        QApplication.sendEvent(viewport, event)
        on.spin(5)
        _close_popups()


def _close_popups() -> None:
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


@act
def panels(on: Afternoon) -> None:
    for panel in all_panels():
        on.window.panels.toggle(panel.name)
        on.spin(10)
        on.window.panels.toggle(panel.name)
    on.action("present").trigger()
    on.spin(40)
    on.action("present").trigger()
    on.window.preferences.switch_theme()
    on.spin(20)
    on.window.preferences.switch_theme()
    for wording in ("responsibility", "gradient"):
        on.window.preferences.choose_wording(wording)
    for size in ((900, 620), (1280, 800)):
        on.window.resize(*size)
        on.spin(10)


@act
def look_round(on: Afternoon) -> None:
    camera = on.window.canvas.camera
    for _ in range(6):
        camera.zoom_at(on.random.choice((0.8, 1.25)), QPoint(200, 200))
        camera.pan(on.random.randrange(-200, 200), on.random.randrange(-200, 200))
        on.spin(8)
    on.action("fit").trigger()
    on.spin(260)
