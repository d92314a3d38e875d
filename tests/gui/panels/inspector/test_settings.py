"""What an op can be told, in the inspector: chosen, typed, picked; and values that are arrays."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.widgets.segmented import Segmented
from tests.gui.inspector_tools import Bench, alone


def test_a_setting_is_chosen(qtbot) -> None:
    nodes = [Node("o", "input", as_value(3)), Node("t", "input", as_value(1)), Node("L", "squared_error")]
    bench = Bench(qtbot, Graph.of(nodes, [Edge("o", "L", 0), Edge("t", "L", 1)], target="L"))
    bench.selection.select(["L"])
    assert bench.after("value") == "2"
    (box,) = bench.visible(QCheckBox)
    assert box.isChecked()
    bench.bot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(12, box.height() // 2))
    assert bench.bridge.now.graph.nodes["L"].setting("half") is False
    assert bench.after("value") == "4"
    bench.bridge.undo()
    assert box.isChecked()


@pytest.mark.parametrize(
    ("op", "name", "title", "typed", "kept"),
    [
        ("leaky_relu", "slope", "Slope below 0", "0.25", 0.25),
        ("reshape", "shape", "Shape (−1: worked out from the others)", "2, 1", (2, 1)),
    ],
)
def test_a_setting_is_typed(qtbot, op: str, name: str, title: str, typed: str, kept: object) -> None:
    bench = alone(qtbot, op, [1.0, -2.0])
    bench.selection.select(["f"])
    bench.type(title, typed)
    assert bench.bridge.now.graph.nodes["f"].setting(name) == kept
    bench.type(title, "x")
    assert any("“x” is neither a number" in text for text in bench.texts())
    assert bench.bridge.now.graph.nodes["f"].setting(name) == kept


def test_a_setting_is_picked_from_a_list(qtbot) -> None:
    bench = Bench(qtbot, Graph.of([Node("d", "dataset")]))
    bench.selection.select(["d"])
    box = next(box for box in bench.visible(QComboBox) if box.currentText() == "iris")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_End)
    assert bench.bridge.now.graph.nodes["d"].setting("name") == box.currentText() != "iris"


def test_axes_are_typed_one_several_or_all(qtbot) -> None:
    bench = alone(qtbot, "sum", [[1.0, 2.0], [3.0, 4.0]])
    bench.selection.select(["f"])
    title = "Along axis (all, one, or several: 0, 1)"
    assert bench.after("value") == "10", "all elements, unless it is said otherwise"
    for typed, kept in (("0", 0), ("-1", -1), ("0, 1", (0, 1)), ("all", "all")):
        bench.type(title, typed)
        assert bench.bridge.now.graph.nodes["f"].setting("axis") == kept
    bench.type(title, "first")
    assert any("must be the numbers of some axes" in text for text in bench.texts())
    assert bench.bridge.now.graph.nodes["f"].setting("axis") == "all"


def test_a_dataset_shows_each_of_its_outputs(qtbot) -> None:
    bench = Bench(qtbot, Graph.of([Node("d", "dataset")]))
    bench.selection.select(["d"])
    assert bench.after("shape") == "(8, 4)"
    (outputs,) = bench.visible(Segmented)
    qtbot.mouseClick(outputs, Qt.MouseButton.LeftButton, pos=outputs.segment(1).center().toPoint())
    assert bench.after("shape") != "(8, 4)"
    assert not any(line.accessibleName() == "Value" for line in bench.visible(QLineEdit))
    bench.type("Rows shown while stepping", "3")
    assert bench.after("shape").startswith("(3")


def test_an_array_is_typed_anew_as_a_whole(qtbot) -> None:
    bench = alone(qtbot, "tanh", [1.0, 2.0])
    assert bench.field("Value").text() == "[1, 2]"
    bench.type("Value", "zeros(2, 3)")
    np.testing.assert_array_equal(bench.bridge.now.graph.nodes["x"].value, np.zeros((2, 3)))
    assert bench.after("shape") == "(2, 3)"


def test_a_graph_is_opened_while_a_setting_has_the_focus(qtbot) -> None:
    """As it is hidden, the field asked about a node that was gone: a KeyError in the midst of Qt’s work, a crash."""
    bench = alone(qtbot, "leaky_relu", [1.0, -2.0])
    bench.selection.select(["f"])
    field = bench.field("Slope below 0")
    with qtbot.waitActive(bench.inspector):
        bench.inspector.activateWindow()
    field.setFocus()
    assert field.hasFocus()
    bench.bridge.load(Graph.of([Node("a", "input", as_value(1))]))
    assert not field.isVisible() and bench.field("Title").isVisible()
