"""A locked node in the window: it can be moved by hand, and every other edit of it says in one sentence why not."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.graph.exercise import exercise_of
from tests.building import xyz
from tests.gui.window_tools import ALT, CTRL, LEFT, NONE, close, lay_out, open_window, press

Key = Qt.Key
SENTENCE = "q is locked: it can be moved, and nothing else."


@pytest.fixture
def window(qtbot):
    made = open_window(qtbot)
    made.bridge.load(xyz())
    made.editing.arrange()
    made.canvas.camera.fit_all(animated=False)
    lay_out(made)
    yield made
    close(made)


def spot(window, id: str):
    return window.canvas.mapFromScene(window.canvas.scene().nodes_rect([id]).center())


def lock(window, id: str) -> None:
    QTest.mouseClick(window.canvas.viewport(), LEFT, NONE, spot(window, id))
    window.action_set.by_id["lock"].trigger()


def test_a_locked_node_cannot_be_deleted_and_says_why(window):
    lock(window, "q")
    assert exercise_of(window.bridge.now.graph).locked == ("q",)
    assert window.action_set.by_id["lock"].isChecked()
    before = window.bridge.now.graph
    press(window, Key.Key_Delete)
    assert window.bridge.now.graph is before
    assert window.status.sentence.text() == SENTENCE
    lock(window, "q")
    assert not window.action_set.by_id["lock"].isChecked()
    press(window, Key.Key_Delete)
    assert "q" not in window.bridge.now.graph.nodes
    press(window, Key.Key_Z, CTRL)
    press(window, Key.Key_Z, CTRL)
    assert window.bridge.now.graph == before


def test_it_can_be_moved_with_alt_and_the_arrow_keys(window):
    lock(window, "q")
    before = window.bridge.now.graph.nodes["q"]
    press(window, Key.Key_Right, ALT)
    after = window.bridge.now.graph.nodes["q"]
    assert after.pos[0] > before.pos[0] and after.equals_but_for_place(before)
