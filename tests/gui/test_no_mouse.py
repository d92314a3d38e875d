"""What is built, gone through and changed by keys alone, every key a real one, from an empty window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from tests.gui.canvas_tools import edges
from tests.gui.window_tools import CTRL, NONE, Key, gradients

WIRED = {("add", 0), ("add", 1), ("mul", 0), ("mul", 1)}


class Keys:
    """Ten fingers: each key goes to whatever has the focus, and is counted."""

    def __init__(self, window: MainWindow) -> None:
        self.window, self.count = window, 0

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> Keys:
        QTest.keyClick(QApplication.focusWidget(), key, held)
        QApplication.processEvents()
        self.count += 1
        return self

    def type(self, text: str) -> Keys:
        """Type a line, and Enter."""
        for sign in text:
            QTest.keyClick(QApplication.focusWidget(), sign)
            QApplication.processEvents()
            self.count += 1
        return self.press(Key.Key_Return)


@pytest.fixture
def keys(window: MainWindow) -> Keys:
    window.files.new()
    window.canvas.setFocus()
    return Keys(window)


def shown(window: MainWindow) -> tuple[dict[str, float], dict[str, float]]:
    """The values and the gradients on the cards: those of the frame, with the pass at its end."""
    frame, graph = window.bridge.now.frame, window.bridge.now.graph
    assert frame.at_end
    pictures = {id: window.canvas.desk.scene.node_items[id].picture for id in graph.nodes}
    values = {id: float(pictures[id].value.replace("−", "-")) for id in graph.nodes}
    slopes = {id: float(pictures[id].gradient.replace("−", "-")) for id in graph.nodes}
    assert slopes == gradients(window)
    return values, slopes


def test_x_plus_y_times_z_with_values_and_gradients_takes_at_most_26_keys(keys: Keys) -> None:
    keys.type("x=-2").type("y=5").type("z=-4").type("(x+y)*z")
    values, slopes = shown(keys.window)
    leaves = {id: values.pop(id) for id in "xyz"}
    assert leaves == {"x": -2, "y": 5, "z": -4} and sorted(values.values()) == [-12, 3]
    assert {id: slopes.pop(id) for id in "xyz"} == {"x": -4, "y": -4, "z": 3} and sorted(slopes.values()) == [-4, 1]
    assert keys.count <= 26


def test_it_is_stepped_through_and_told_by_keys(keys: Keys) -> None:
    """From the start, step by step: what stands on the cards after each is what the pass has brought so far."""
    window = keys.type("x=-2").type("y=5").type("z=-4").type("(x+y)*z").window
    keys.press(Key.Key_Home)
    told, trace = [], window.bridge.now.trace
    for step in range(1, len(trace) + 1):
        assert {id for id in window.bridge.now.graph.nodes if card(window, id).value not in ("", "…")} == {
            id for (id, _), at in trace.value_at.items() if at < step - 1
        }
        keys.press(Key.Key_Right)
        assert window.bridge.now.frame.position == step
        told.append(window.bridge.now.explanation.caption)
    assert len(set(told)) == len(trace) == 10
    values, slopes = shown(window)
    assert {id: slopes[id] for id in "xyz"} == {"x": -4, "y": -4, "z": 3} and sorted(values.values())[0] == -12
    keys.press(Key.Key_Left)
    assert window.bridge.now.frame.position == len(trace) - 1


def card(window: MainWindow, id: str):
    return window.canvas.desk.scene.node_items[id].picture


def test_the_same_by_nodes_and_edges_alone(keys: Keys) -> None:
    """No expression, and no wiring by quick add: every edge is drawn from port to port."""
    window = keys.window
    for text in ("x=-2", "y=5", "z=-4", "add", "mul"):
        keys.type(text)
        keys.press(Key.Key_Escape)  # nothing is selected: the next is put there without edges
    assert not window.bridge.now.graph.edges and len(window.bridge.now.graph.nodes) == 5
    ends = {"x": ("add", 0), "y": ("add", 1), "add": ("mul", 0), "z": ("mul", 1)}
    for source, goal in ends.items():
        go_to(keys, source)
        keys.press(Key.Key_Return, CTRL)
        while f"to port {'ab'[goal[1]]} of {goal[0]}" not in window.status.sentence.text():
            keys.press(Key.Key_Down)
        keys.press(Key.Key_Return)
    assert edges(window.bridge.now.graph) == {(source, *goal) for source, goal in ends.items()}
    values, slopes = shown(window)
    assert values == {"x": -2, "y": 5, "z": -4, "add": 3, "mul": -12}
    assert slopes == {"x": -4, "y": -4, "z": 3, "add": -4, "mul": 1}


def go_to(keys: Keys, id: str) -> None:
    """Walk to a node that no edge leads to yet: column by column."""
    keys.press(Key.Key_Home, CTRL)
    for _ in keys.window.bridge.now.graph.nodes:
        if keys.window.selection.nodes == {id}:
            return
        keys.press(Key.Key_Down, CTRL)
    raise AssertionError(f"{id} was not come to")


def test_what_is_typed_at_a_port_is_wired_to_that_port(keys: Keys) -> None:
    window = keys.window
    keys.type("mul").press(Key.Key_Left, CTRL).press(Key.Key_Down, CTRL)
    keys.type("w=3")
    assert edges(window.bridge.now.graph) == {("w", "mul", 1)}
    window.selection.select(["mul"])
    keys.press(Key.Key_Right, CTRL).type("relu")
    assert edges(window.bridge.now.graph) == {("w", "mul", 1), ("mul", "relu", 0)}
