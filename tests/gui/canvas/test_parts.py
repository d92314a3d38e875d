"""Taking an operation apart and putting it together again, by keys and by the canvas' context menu."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from engine import edits, parse
from engine.edits.arrange import arrange_nodes
from gui.shell.dialogs.check import CheckDialog
from tests.gui.window_tools import CTRL, NONE, SHIFT, close, open_window, press

Key = Qt.Key


@pytest.fixture
def window(qtbot):
    made = open_window(qtbot)
    graph = parse("y = sigmoid(w * x); L = squared_error(y, t)")
    for id, value in (("w", 2.0), ("x", 0.5), ("t", 1.0)):
        graph = graph.apply(edits.set_value(graph, id, value))
    made.bridge.load(graph.apply(arrange_nodes(graph)))
    made.canvas.camera.fit_all(animated=False)
    yield made
    close(made)


def numbers(window) -> dict[str, tuple[float, float]]:
    trace = window.bridge.now.trace
    return {id: (float(trace.value(id)), float(trace.gradient(id))) for id in ("w", "x", "t", "y", "L")}


def click_node(window, id: str) -> None:
    spot = window.canvas.mapFromScene(window.canvas.scene().nodes_rect([id]).center())
    QTest.mouseClick(window.canvas.viewport(), Qt.MouseButton.LeftButton, NONE, spot)


def test_apart_and_together_by_keys_with_equal_numbers(window):
    before, graph = numbers(window), window.bridge.now.graph
    click_node(window, "y")
    press(window, Key.Key_T, CTRL)
    apart = window.bridge.now.graph
    assert len(apart.nodes) > len(graph.nodes) and apart.nodes["y"].op_name == "div"
    assert window.selection.nodes == {"y", *(apart.nodes.keys() - graph.nodes.keys())}
    assert window.canvas.camera.visible_scene().contains(window.canvas.scene().nodes_rect(window.selection.nodes))
    for id, pair in numbers(window).items():
        assert pair == pytest.approx(before[id])
    press(window, Key.Key_T, CTRL | SHIFT)
    assert window.bridge.now.graph.nodes["y"].op_name == "sigmoid" and window.selection.nodes == {"y"}
    assert set(window.bridge.now.graph.nodes) == set(graph.nodes)
    press(window, Key.Key_Z, CTRL)
    assert window.bridge.now.graph == apart
    press(window, Key.Key_Z, CTRL)
    assert window.bridge.now.graph == graph


def test_several_operations_are_one_step(window):
    graph = window.bridge.now.graph
    window.selection.select(["y", "L"])
    press(window, Key.Key_T, CTRL)
    assert window.bridge.document.undo_text == "Take 2 operations apart"
    assert window.bridge.now.graph.nodes["L"].op != "squared_error"
    press(window, Key.Key_Z, CTRL)
    assert window.bridge.now.graph == graph


def test_they_can_be_used_only_where_they_can(window):
    expand, fuse = (window.action_set.by_id[id] for id in ("expand", "fuse"))
    assert not expand.isEnabled() and not fuse.isEnabled()
    window.selection.select(["w"])
    assert not expand.isEnabled()
    window.selection.select(["y"])
    assert expand.isEnabled() and not fuse.isEnabled()
    window.selection.select(["y", "L"])
    assert not fuse.isEnabled()


def entries(menu: QMenu) -> list[str]:
    return [action.text().split("\t")[0] for action in menu.actions()]


def test_the_context_menu_offers_them(window):
    window.selection.select(["w"])
    assert "Take apart" not in entries(window.canvas.menus.node_menu("w"))
    window.selection.select(["y"])
    menu = window.canvas.menus.node_menu("y")
    next(action for action in menu.actions() if action.text().startswith("Take apart")).trigger()
    menu = window.canvas.menus.node_menu("y")
    assert "Put together: Sigmoid" in entries(menu)
    next(action for action in menu.actions() if action.text().startswith("Put together")).trigger()
    assert window.bridge.now.graph.nodes["y"].op_name == "sigmoid"


def test_the_check_is_a_key_away_and_the_keys_come_back(window, qtbot):
    click_node(window, "y")
    press(window, Key.Key_F9)
    dialog = window.findChild(CheckDialog)
    assert dialog.headline.text().startswith("All 3 gradients agree")
    QTest.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    press(window, Key.Key_T, CTRL)
    assert (
        np.isfinite(float(window.bridge.now.trace.value("L"))) and window.bridge.now.graph.nodes["y"].op_name == "div"
    )


def test_after_a_question_the_keys_are_the_windows_again(window, qtbot):
    asked = []

    def dismiss() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:  # not yet there
            QTimer.singleShot(10, window, dismiss)
        else:
            asked.append(dialog)
            QTest.keyClick(dialog, Key.Key_Escape)

    QTimer.singleShot(0, window, dismiss)
    press(window, Key.Key_E, CTRL)
    assert len(asked) == 1
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
