"""Numbers under the hand: dragged, turned, stepped, on the canvas and in a panel."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit

from gui.canvas.paint.slider import FIRST, LENGTH
from gui.main_window import MainWindow
from tests.gui.keys.keys_tools import Press, does, turn
from tests.gui.window_tools import ALT, CTRL, LEFT, NONE, SHIFT, Key, press


@does("Alt+wheel over a number", "Change it; with Shift finely, with Ctrl coarsely")
def _(w: MainWindow, key: Press) -> None:
    at, numbers = w.canvas.mapFromScene(w.canvas.scene().node_items["y"].value_rect().center()), [5.0]
    for keys in (SHIFT, NONE, CTRL):
        turn(w, keys | ALT, at=at)
        numbers.append(float(w.bridge.now.graph.nodes["y"].value))
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    assert 0 < steps[0] < steps[1] < steps[2]


@does("Ctrl+Shift+wheel over a number", "Change it, where the desktop keeps Alt for itself")
def _(w: MainWindow, key: Press) -> None:
    at = w.canvas.mapFromScene(w.canvas.scene().node_items["y"].value_rect().center())
    turn(w, CTRL | SHIFT, at=at)
    assert float(w.bridge.now.graph.nodes["y"].value) == 5.1


@does("Drag a number sideways", "Change it; with Shift finely, with Ctrl coarsely; Esc puts it back")
def _(w: MainWindow, key: Press) -> None:
    went = []
    for keys in (SHIFT, NONE, CTRL):
        before = float(w.bridge.now.graph.nodes["y"].value)
        drag_number(w, "y", keys)
        QTest.mouseRelease(w.canvas.viewport(), LEFT, keys, QPoint(0, 0))
        went.append(float(w.bridge.now.graph.nodes["y"].value) - before)
    before = w.bridge.now.graph
    drag_number(w, "y", NONE)
    press(w, Key.Key_Escape)
    assert went[0] != 0 and abs(went[0]) < abs(went[1]) < abs(went[2]) and w.bridge.now.graph == before


@does("Alt, or Ctrl+Shift, and drag a number", "Look what a push of it would do; nothing is changed")
def _(w: MainWindow, key: Press) -> None:
    before = w.bridge.now.graph
    for keys in (ALT, CTRL | SHIFT):
        drag_number(w, "y", keys)
        push = w.bridge.lens.push
        assert push is not None and "→" in push.lines["y"] and w.bridge.now.graph is before
        QTest.mouseRelease(w.canvas.viewport(), LEFT, keys, QPoint(0, 0))
        assert w.bridge.lens.push is None and w.bridge.now.graph is before


@does("Drag a number in a panel, or its label", "Change it, as on the canvas")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["y"])
    QApplication.processEvents()
    line = field(w, "Value")
    for widget in (line, line.parentWidget().parentWidget().parentWidget().findChild(QLabel)):
        before = float(w.bridge.now.graph.nodes["y"].value)
        spot = widget.rect().center()
        QTest.mousePress(widget, LEFT, NONE, spot)
        at, kind = QPointF(spot + QPoint(30, 0)), QEvent.Type.MouseMove
        where = QPointF(widget.mapToGlobal(at.toPoint()))
        QApplication.sendEvent(widget, QMouseEvent(kind, at, where, Qt.MouseButton.NoButton, LEFT, NONE))
        QTest.mouseRelease(widget, LEFT, NONE, at.toPoint())
        assert float(w.bridge.now.graph.nodes["y"].value) > before


@does("↑, ↓ or the wheel while typing a number", "Change it by a step; with Shift finely, with Ctrl coarsely")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["y"])
    QApplication.processEvents()
    w.canvas.desk.editor.type_value("y")
    for line in (w.canvas.desk.editor, field(w, "Value")):
        line.setFocus()
        numbers = [float(w.bridge.now.graph.nodes["y"].value)]
        for keys in (SHIFT, NONE, CTRL):
            press(w, Key.Key_Up, keys)
            numbers.append(float(w.bridge.now.graph.nodes["y"].value))
        steps = [after - before for before, after in itertools.pairwise(numbers)]
        assert 0 < steps[0] < steps[1] < steps[2]
        at, turned = line.rect().center(), QPoint(0, -120)
        event = QWheelEvent(QPointF(at), QPointF(line.mapToGlobal(at)), QPoint(), turned, Qt.MouseButton.NoButton,
                            NONE, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
        QApplication.sendEvent(line, event)
        assert float(w.bridge.now.graph.nodes["y"].value) < numbers[-1]


def field(w: MainWindow, name: str) -> QLineEdit:
    return next(line for line in w.panels.findChildren(QLineEdit) if line.accessibleName() == name and line.isVisible())


@does("Drag the slider of a leaf", "Change its number within a range: the inspector turns the slider on")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["y"])
    tick = next(box for box in w.panels.findChildren(QCheckBox) if box.text() == "Slider" and box.isVisible())
    tick.click()
    item = w.canvas.scene().node_items["y"]
    spot = w.canvas.mapFromScene(item.card().bottomLeft() + QPointF(FIRST + 0.25 * LENGTH, 0))
    QTest.mouseClick(w.canvas.viewport(), LEFT, NONE, spot)
    assert float(w.bridge.now.graph.nodes["y"].value) == pytest.approx(-5, abs=0.5)


def drag_number(w: MainWindow, id: str, keys) -> None:
    """Press on a leaf's number, and drag it to the left edge of the canvas."""
    spot = w.canvas.mapFromScene(w.canvas.scene().node_items[id].value_rect().center())
    QTest.mousePress(w.canvas.viewport(), LEFT, keys, spot)
    at, kind = QPointF(0, spot.y()), QEvent.Type.MouseMove
    where = QPointF(w.canvas.viewport().mapToGlobal(at.toPoint()))
    QApplication.sendEvent(w.canvas.viewport(), QMouseEvent(kind, at, where, Qt.MouseButton.NoButton, LEFT, keys))
