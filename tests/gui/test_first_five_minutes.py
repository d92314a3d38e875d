"""The README's first five minutes, word for word: each of its sentences is performed with the mouse and the keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QListView, QMenu
from pytestqt.qtbot import QtBot

from engine.files import disk
from gui.main_window import MainWindow
from gui.panels import palette
from gui.panels.palette import OP_ROLE
from gui.shell.command_palette import CommandPalette
from gui.widgets.fitted_text import FittedText
from gui.widgets.track import Track
from tests.gui.canvas_tools import port_spot, value_spot
from tests.gui.window_tools import ALT, CTRL, LEFT, NONE, SHIFT, Key, give, gradients, in_dialog, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # menus, offscreen
ROOT = Path(__file__).parents[2]
TICK = 0.25  # seconds: a student who looks on
SENTENCE_ENDS = re.compile(r"(?<=\.)\s+(?=[A-Z*])")
DOES: dict[str, Callable[[Student], None]] = {}


class Student:
    """Somebody in front of the window, who does as the README says."""

    def __init__(self, bot: QtBot, window: MainWindow, patch: pytest.MonkeyPatch, home: Path) -> None:
        self.bot, self.window, self.patch, self.home = bot, window, patch, home
        self.canvas, self.bridge = window.canvas, window.bridge

    @property
    def graph(self):
        return self.bridge.now.graph

    def drag_op(self, title: str, x: float, y: float) -> None:
        """Press on an op in the list, move, let go over a place of the canvas: Qt's own loop is not to be driven."""
        canvas = self.canvas
        to = canvas.mapFromScene(QPointF(x, y))

        class Carried(QDrag):
            def exec(self, actions: Qt.DropAction) -> Qt.DropAction:
                assert give(canvas.viewport(), self.mimeData(), to)
                return actions

        self.patch.setattr(palette, "QDrag", Carried)
        ops = next(view for view in self.window.ops.findChildren(QListView))
        index = next(i for i in (ops.model().index(row, 0) for row in range(ops.model().rowCount()))
                     if getattr(i.data(OP_ROLE), "title", "") == title)  # fmt: skip
        ops.scrollTo(index)
        start = ops.visualRect(index).center()
        QTest.mousePress(ops.viewport(), LEFT, NONE, start)
        for far in (20, 60):
            QTest.mouseMove(ops.viewport(), start + QPoint(far, 0))
        QTest.mouseRelease(ops.viewport(), LEFT, NONE, start + QPoint(60, 0))

    def wire(self, source: str, dest: str, port: int) -> None:
        start, end = port_spot(self.canvas, source, "out"), port_spot(self.canvas, dest, port)
        QTest.mousePress(self.canvas.viewport(), LEFT, NONE, start)
        for part in (0.3, 0.7, 1.0):
            QTest.mouseMove(self.canvas.viewport(), start + (end - start) * part)
        QTest.mouseRelease(self.canvas.viewport(), LEFT, NONE, end)

    def type_over(self, id: str, text: str) -> None:
        QTest.mouseClick(self.canvas.viewport(), LEFT, NONE, value_spot(self.canvas, id))
        for sign in text.replace("−", "-"):  # which is what keyboards have
            QTest.keyClick(QApplication.focusWidget(), sign)

    def menu(self, *titles: str) -> QMenu:
        """Open menus of the menu bar by the mouse, each from the one before."""
        bar = self.window.menuBar()
        action = next(a for a in bar.actions() if a.text().replace("&", "") == titles[0])
        QTest.mouseClick(bar, LEFT, NONE, bar.actionGeometry(action).center())
        menu = action.menu()
        for title in titles[1:]:
            action = next(a for a in menu.actions() if a.text() == title)
            QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(action).center())
            menu = action.menu()
            self.bot.waitUntil(menu.isVisible)
        return menu

    def choose(self, menu: QMenu, text: str) -> None:
        action = next(a for a in menu.actions() if a.text() == text)
        QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(action).center())

    def reason(self) -> str:
        """What the inspector says of the step."""
        labels = self.window.panels.findChildren(QLabel)
        return " ".join(label.text() for label in labels if label.isVisible() and label.property("role") == "why")

    def caption(self) -> str:
        track = self.window.panels.findChild(Track)
        labels = track.parentWidget().findChildren(FittedText)
        return " ".join(label.text() for label in labels)


def does(sentence: str) -> Callable[[Callable[[Student], None]], Callable[[Student], None]]:
    def take(perform: Callable[[Student], None]) -> Callable[[Student], None]:
        DOES[sentence] = perform
        return perform

    return take


# --- 1


@does("`python3 run.py`, then **File ▸ New** (Ctrl+N).")
def _(student: Student) -> None:
    assert student.window.files.open(ROOT / "assets" / "examples" / "neuron.gradloom")  # what run.py opens
    student.choose(student.menu("File"), "New")
    press(student.window, Key.Key_N, CTRL)


@does("The canvas is empty.")
def _(student: Student) -> None:
    assert not student.graph.nodes and student.canvas.hint.isVisible() and not student.window.files.ask.asked


# --- 2


@does("Drag **Input** from the list on the left onto the canvas, three times.")
def _(student: Student) -> None:
    for y in (-130, 0, 130):
        student.drag_op("Input", -250, y)
    assert [node.op.title for node in student.graph.nodes.values()] == ["Input"] * 3


@does("They are called x, y and z.")
def _(student: Student) -> None:
    assert [node.name for node in student.graph.nodes.values()] == ["x", "y", "z"]


@does("Click the number in each and type −2, 5, −4.")
def _(student: Student) -> None:
    for id, text in (("x", "−2"), ("y", "5"), ("z", "−4")):
        student.type_over(id, text)


# --- 3


@does("Drag **Add** and **Multiply** to the right of them.")
def _(student: Student) -> None:
    student.drag_op("Add", 0, -60)
    student.drag_op("Multiply", 250, 20)
    assert [float(student.graph.nodes[id].value) for id in "xyz"] == [-2, 5, -4]
    assert list(student.graph.nodes) == ["x", "y", "z", "add", "mul"]
    assert all(student.graph.nodes[id].pos[0] > student.graph.nodes["x"].pos[0] + 100 for id in ("add", "mul"))


@does(
    "Drag from the round port on the right of x to a port on the left of the sum; likewise from y; from the sum and "
    "from z to the product."
)
def _(student: Student) -> None:
    student.unfinished = [student.window.problems.count]
    for source, dest, port in (("x", "add", 0), ("y", "add", 1), ("add", "mul", 0), ("z", "mul", 1)):
        student.wire(source, dest, port)
        student.unfinished.append(student.window.problems.count)
    assert {(e.source, e.dest) for e in student.graph.edges.values()} == {
        ("x", "add"), ("y", "add"), ("add", "mul"), ("z", "mul"),
    }  # fmt: skip


@does("Every number is there at once; what is not yet connected says so.")
def _(student: Student) -> None:
    assert student.unfinished[0] > 0 and student.unfinished[-1] == 0
    items = student.canvas.scene().node_items
    assert [items[id].picture.value for id in ("x", "y", "z", "add", "mul")] == ["−2", "5", "−4", "3", "−12"]
    assert gradients(student.window) == {"x": -4, "y": -4, "z": 3, "add": -4, "mul": 1}


@does("**Alt** with an arrow key nudges the selected nodes, with **Shift** further.")
def _(student: Student) -> None:
    viewport, canvas = student.canvas.viewport(), student.canvas
    QTest.mouseClick(viewport, LEFT, NONE, canvas.mapFromScene(canvas.scene().node_items["z"].name_rect().center()))
    before = student.graph.nodes["z"].pos
    press(student.window, Key.Key_Down, ALT)
    near = student.graph.nodes["z"].pos
    press(student.window, Key.Key_Down, ALT | SHIFT)
    assert near[1] > before[1] and student.graph.nodes["z"].pos[1] - near[1] > near[1] - before[1]


# --- 4


@does("Press **Space**.")
def _(student: Student) -> None:
    press(student.window, Key.Key_Space)
    assert student.bridge.player.playing
    for timer in student.window.clock.findChildren(QTimer):
        timer.stop()  # time passes by hand from here on
    student.built = student.graph


@does("The values sweep to the right; then the gradient starts as 1 at the product and travels back.")
def _(student: Student) -> None:
    player, valued, graded = student.bridge.player, [], []
    for _ in range(2000):
        frame = student.bridge.now.frame
        valued += [id for id in student.graph.nodes if id not in valued and frame.value(id) is not None]
        graded += [id for id in student.graph.nodes if id not in graded and frame.gradient(id) is not None]
        if not player.playing:
            break
        player.tick(TICK)
    assert not player.playing and player.position == player.end
    assert valued[-2:] == ["add", "mul"] and graded[0] == "mul" and set(graded[-2:]) == {"x", "y"}
    assert float(student.bridge.now.frame.gradient("mul")) == 1


@does("**→** and **←** go step by step, with **Shift** node by node; drag anywhere in the timeline to scrub.")
def _(student: Student) -> None:
    player, window = student.bridge.player, student.window
    student.captions = []
    while player.position > 0:
        before = player.position
        student.captions.append(student.caption())
        press(window, Key.Key_Left)
        assert player.position == before - 1
    press(window, Key.Key_Right)
    assert player.position == 1
    press(window, Key.Key_End)
    press(window, Key.Key_Left, SHIFT)
    by_node = player.end - player.position
    press(window, Key.Key_Right, SHIFT)
    assert by_node > 1 and player.position == player.end
    assert student.graph is student.built, "the arrows have moved nothing"
    track = window.panels.findChild(Track)
    middle, y = track.width() // 2, track.height() // 2
    QTest.mousePress(track, LEFT, NONE, QPoint(middle, y))
    places = [player.position]
    for x in (middle - 40, middle - 120):
        QTest.mouseMove(track, QPoint(x, y))
        places.append(player.position)
    QTest.mouseRelease(track, LEFT, NONE, QPoint(middle - 120, y))
    assert places == sorted(places, reverse=True) and places[0] > places[-1]


@does("The line above it says what is happening: `∂mul/∂x = ∂mul/∂add · ∂add/∂x = −4 × 1 = −4`.")
def _(student: Student) -> None:
    assert any("∂mul/∂x = ∂mul/∂add · ∂add/∂x = −4 × 1 = −4" in caption for caption in student.captions)


# --- 5


@does("Drag y's number sideways: everything follows (**Shift**: finely, **Ctrl**: coarsely), and **Esc** puts it back.")
def _(student: Student) -> None:
    start, seen = value_spot(student.canvas, "y"), []
    for keys in (NONE, SHIFT, CTRL):
        QTest.mousePress(student.canvas.viewport(), LEFT, keys, start)
        at, kind = QPointF(start + QPoint(30, 0)), QEvent.Type.MouseMove
        moved = QMouseEvent(kind, at, at, Qt.MouseButton.NoButton, LEFT, keys)
        QApplication.sendEvent(student.canvas.viewport(), moved)
        student.bot.waitUntil(lambda: student.graph != student.built)
        seen.append(float(student.bridge.now.trace.value("mul")))
        QTest.keyClick(student.canvas, Key.Key_Escape)
        QTest.mouseRelease(student.canvas.viewport(), LEFT, NONE, start)
        assert student.graph == student.built
    assert seen == [-24, -13.2, -132]
    student.window.activateWindow()  # offscreen, a menu that was open before has come to the front meanwhile
    student.bot.waitUntil(student.canvas.hasFocus)


@does("Click y's number, type another one and press **Enter**.")
def _(student: Student) -> None:
    student.type_over("y", "6")
    press(student.window, Key.Key_Return)


@does("Everything is updated at once.")
def _(student: Student) -> None:
    assert float(student.bridge.now.trace.value("mul")) == -16
    press(student.window, Key.Key_End)
    assert student.canvas.scene().node_items["mul"].picture.value == "−16"
    assert gradients(student.window) == {"x": -4, "y": -4, "z": 4, "add": -4, "mul": 1}


@does("**Ctrl+Z** takes it back, **Ctrl+S** saves.")
def _(student: Student) -> None:
    press(student.window, Key.Key_Z, CTRL)
    assert student.graph == student.built and "6" not in student.canvas.scene().node_items["y"].picture.value
    path = student.window.files.ask.save_path = student.home / "first.gradloom"
    press(student.window, Key.Key_S, CTRL)
    assert disk.load(path) == student.built and not student.window.isWindowModified()


# --- 6


@does(
    "**File ▸ Examples** has the graphs of the literature: the neuron, CS231n's circuits, micrograd's program, a chain "
    "of sigmoids whose gradient vanishes."
)
def _(student: Student) -> None:
    menu = student.menu("File", "Examples")
    said = " ".join(action.text() for action in menu.actions())
    inside = [action for group in menu.actions() for action in group.menu().actions()]
    said += " ".join(f"{action.text()} {action.toolTip()}" for action in inside).replace("’", "'")
    for word in ("neuron", "CS231n", "micrograd's", "sigmoid", "vanishes"):
        assert word in said, word
    student.window.menuBar().activeAction().menu().close()
    student.choose(student.menu("File", "Examples", "Trouble"), "A gradient that vanishes")
    assert sum(node.op_name == "sigmoid" for node in student.graph.nodes.values()) > 2


@does("**View ▸ Wording** tells the same story as *responsibility*.")
def _(student: Student) -> None:
    before = student.reason()
    student.choose(student.menu("View", "Wording"), "Responsibility")
    assert student.bridge.now.wording == "responsibility" and before != student.reason() != ""


@does("**Ctrl+Shift+P** finds everything by its name, **F1** lists the keys.")
def _(student: Student) -> None:
    def find_fit(dialog: QDialog) -> None:
        field = dialog.findChild(QLineEdit)
        QTest.keyClicks(field, "show all")
        QTest.keyClick(field, Key.Key_Return)

    student.canvas.camera.pan(4000, 0)
    in_dialog(student.window, CommandPalette, find_fit, lambda: press(student.window, Key.Key_P, CTRL | SHIFT))
    assert student.canvas.camera.sees_any(student.graph.nodes)

    def read(dialog: QDialog) -> None:
        assert {"Ctrl+Z", "Space", "Alt+arrow keys"} <= {label.text() for label in dialog.findChildren(QLabel)}

    in_dialog(student.window, QDialog, read, lambda: press(student.window, Key.Key_F1))


# --- the README itself


def sentences() -> list[str]:
    """The sentences of the numbered steps, in their order."""
    part = (ROOT / "README.md").read_text("utf-8").split("## The first five minutes", 1)[1]
    steps = re.findall(r"^\d+\. (.*(?:\n {3}.*)*)", part.split("\n![", 1)[0], re.MULTILINE)
    assert len(steps) == 6
    return [said for step in steps for said in SENTENCE_ENDS.split(" ".join(step.split()))]


def test_every_sentence_has_its_performance() -> None:
    assert sentences() == list(DOES)


def test_the_first_five_minutes(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    student = Student(qtbot, window, monkeypatch, tmp_path)
    for sentence in sentences():
        DOES[sentence](student)
