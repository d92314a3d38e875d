"""Numbers in fields are dragged on the field or its label, stepped by ↑ ↓ and by the wheel of the focused one."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.document.pending import Pending
from gui.panels.training.form import TrainingForm
from tests.gui.inspector_tools import Bench, product

Key, LEFT, NO = Qt.Key, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def send(widget: QWidget, kind: QEvent.Type, at: QPoint, keys: Qt.KeyboardModifier = NO) -> None:
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else LEFT
    event = QMouseEvent(kind, QPointF(at), QPointF(widget.mapToGlobal(at)), button, held, keys)
    QApplication.sendEvent(widget, event)


def drag(widget: QWidget, pixels: int, keys: Qt.KeyboardModifier = NO, start: QPoint | None = None) -> None:
    """Press in the middle, move sideways in four steps, let go."""
    at = start or widget.rect().center()
    send(widget, QEvent.Type.MouseButtonPress, at, keys)
    for part in (1, 2, 3, 4):
        send(widget, QEvent.Type.MouseMove, at + QPoint(round(pixels * part / 4), 0), keys)
    send(widget, QEvent.Type.MouseButtonRelease, at + QPoint(pixels, 0), keys)


def turn(widget: QWidget, notches: int, keys: Qt.KeyboardModifier = NO) -> bool:
    at = widget.rect().center()
    event = QWheelEvent(QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches),
                        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    event.setAccepted(False)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def caption(bench: Bench, text: str) -> QLabel:
    return next(label for label in bench.visible(QLabel) if label.text() == text)


def held(bench: Bench, id: str) -> float:
    return float(bench.bridge.now.graph.nodes[id].value)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    bench = Bench(qtbot, product())
    bench.selection.select(["x"])
    return bench


@pytest.mark.parametrize(("keys", "after"), [(NO, -1.6), (SHIFT, -1.96), (CTRL, 2.0)])
@pytest.mark.parametrize("on", ["field", "label"])
def test_a_value_is_dragged_live_in_one_undo_step(
    bench: Bench, on: str, keys: Qt.KeyboardModifier, after: float
) -> None:
    widget = bench.field("Value") if on == "field" else caption(bench, "value")
    seen: list[float] = []
    bench.bridge.told.connect(lambda now: seen.append(float(now.trace.value("f"))))
    drag(widget, 40, keys)
    assert held(bench, "x") == after and bench.bridge.document.depth == 1 and seen[-1] == (after + 5) * -4
    assert bench.field("Value").text() == f"{after:g}".replace("-", "−") and not bench.field("Value").hasFocus()
    bench.bridge.undo()
    assert bench.bridge.now.graph == product()


def test_a_click_types_and_a_drag_in_the_focused_field_chooses_text(bench: Bench) -> None:
    line = bench.field("Value")
    QTest.mouseClick(line, LEFT)
    assert line.hasFocus() and line.selectedText() == "−2"
    drag(line, 40)
    assert bench.bridge.now.graph == product()
    QTest.keyClick(line, Key.Key_End)
    QTest.keyClicks(line, "5")
    QTest.keyClick(line, Key.Key_Return)
    assert held(bench, "x") == -25


def test_esc_takes_a_drag_back_whoever_has_the_keys(bench: Bench) -> None:
    line = bench.field("Value")
    at = line.rect().center()
    send(line, QEvent.Type.MouseButtonPress, at)
    send(line, QEvent.Type.MouseMove, at + QPoint(50, 0))
    assert held(bench, "x") == -1.5
    QTest.keyClick(bench.inspector, Key.Key_Escape)
    send(line, QEvent.Type.MouseMove, at + QPoint(90, 0))
    send(line, QEvent.Type.MouseButtonRelease, at + QPoint(90, 0))
    assert bench.bridge.now.graph == product() and bench.bridge.document.depth == 0 and line.text() == "−2"


def test_arrow_keys_and_the_wheel_of_the_focused_field_are_one_step(bench: Bench) -> None:
    line = bench.field("Value")
    assert not turn(line, 1) and bench.bridge.now.graph == product(), "the panel scrolls"
    QTest.mouseClick(line, LEFT)
    QTest.keyClick(line, Key.Key_Up)
    QTest.keyClick(line, Key.Key_Up, CTRL)
    QTest.keyClick(line, Key.Key_Down, SHIFT)
    assert turn(line, 2) and held(bench, "x") == -1.871 and line.text() == "−1.871"
    QTest.keyClick(line, Key.Key_Return)
    assert bench.bridge.document.depth == 1
    QTest.mouseClick(line, LEFT)
    QTest.keyClick(line, Key.Key_Up)
    QTest.keyClicks(line, "7")
    QTest.keyClick(line, Key.Key_Escape)
    assert held(bench, "x") == -1.871 and bench.bridge.document.depth == 1 and line.text() == "−1.871"


def test_steps_go_on_from_what_is_typed(bench: Bench) -> None:
    line = bench.field("Value")
    QTest.mouseClick(line, LEFT)
    QTest.keyClicks(line, "0")
    QTest.keyClick(line, Key.Key_Up)
    assert held(bench, "x") == 0.01 and line.text() == "0.01"


def test_the_seed_is_scrubbed(bench: Bench) -> None:
    bench.selection.select(["f"])
    drag(caption(bench, "seed"), 50)
    assert bench.bridge.now.graph.seed == 1.5 and bench.bridge.now.trace.gradient("z") == 4.5
    assert bench.bridge.document.depth == 1


def test_what_is_no_number_is_no_field_to_drag(bench: Bench) -> None:
    for name in ("Name", "Label"):
        drag(bench.field(name), 60)
    assert bench.bridge.now.graph == product()


def test_numbers_among_the_settings_are_scrubbed_whole_ones_by_ones(qtbot: QtBot) -> None:
    nodes = [Node("x", "input", as_value([[1.0, 2.0], [3.0, 4.0]])), Node("l", "leaky_relu"), Node("s", "softmax")]
    bench = Bench(qtbot, Graph.of(nodes, [Edge("x", "l", 0), Edge("l", "s", 0)], target="s"))
    bench.selection.select(["l"])
    drag(bench.field("Slope below 0"), 30)
    assert bench.bridge.now.graph.nodes["l"].setting("slope") == 0.013
    bench.selection.select(["s"])
    axis = next(line for line in bench.visible(type(bench.field("Name"))) if line.accessibleName().startswith("Along"))
    drag(axis, 5)
    assert bench.bridge.now.graph.nodes["s"].setting("axis") == 0 and bench.bridge.document.depth == 2


def test_the_ends_of_a_slider_are_scrubbed_and_do_not_cross(bench: Bench) -> None:
    from engine import edits

    bench.bridge.edit(lambda graph: edits.set_slider(graph, "x", -4, 4))
    drag(bench.field("Lowest number of the slider"), -10)
    assert bench.bridge.now.graph.facts["view"] == {"sliders": {"x": [-5, 4]}}
    drag(bench.field("Lowest number of the slider"), 500)
    low, high = bench.bridge.now.graph.facts["view"]["sliders"]["x"]
    assert low < high and bench.bridge.document.depth in (2, 3)
    assert any("A slider goes up" in text for text in bench.texts())


def test_an_element_of_a_matrix_is_dragged(qtbot: QtBot) -> None:
    bench = Bench(qtbot, Graph.of([Node("w", "parameter", as_value([[1.0, 2.0], [3.0, 0.2]]))]))
    bench.selection.select(["w"])
    grid = next(view for view in bench.visible(QTableView) if view.accessibleName() == "Elements")
    start = grid.visualRect(grid.model().index(1, 1)).center()
    assert grid.viewport().cursor().shape() == Qt.CursorShape.SizeHorCursor
    drag(grid.viewport(), 100, start=start)
    assert np.array_equal(bench.bridge.now.graph.nodes["w"].value, [[1, 2], [3, 0.3]])
    assert bench.bridge.document.depth == 1
    before = bench.bridge.now.graph
    send(grid.viewport(), QEvent.Type.MouseButtonPress, start)
    send(grid.viewport(), QEvent.Type.MouseMove, start + QPoint(50, 0))
    assert bench.bridge.now.graph != before
    QTest.keyClick(bench.inspector, Key.Key_Escape)
    send(grid.viewport(), QEvent.Type.MouseButtonRelease, start + QPoint(50, 0))
    assert bench.bridge.now.graph == before and bench.bridge.document.depth == 1


def test_the_numbers_of_training_are_scrubbed(qtbot: QtBot) -> None:
    form = TrainingForm(Pending())
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    lines = {line.accessibleName(): line for line in form.findChildren(type(form.focusProxy()))}
    rate, epochs = lines["Learning rate"], lines["Epochs"]
    before = form.config
    drag(rate, 30)
    assert form.config.lr == pytest.approx(1.3 * before.lr, rel=0.5) and form.config.lr > before.lr
    drag(epochs, -4000)
    assert form.config.epochs == 0
    captions = {label.text(): label for label in form.findChildren(QLabel)}
    drag(captions["Epochs"], 50)
    assert form.config.epochs > 0 and isinstance(form.config.epochs, int)
    config = form.config
    QTest.mouseClick(rate, LEFT)
    QTest.keyClick(rate, Key.Key_Up)
    QTest.keyClick(rate, Key.Key_Escape)
    assert form.config == config and float(rate.text()) == config.lr
