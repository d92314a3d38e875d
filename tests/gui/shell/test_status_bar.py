"""The line at the bottom: how large the graph is shown, and why a key does nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from engine.graph.graph import Graph
from gui.main_window import MainWindow
from gui.shell.status_bar import StatusBar
from tests.gui.window_tools import ALT, CTRL, NONE, Key, build_product, press


@pytest.mark.parametrize(("zoom", "text"), [(1.5, "150 %"), (0.434, "43 %"), (0.014, "1 %"), (0.0042, "0.4 %")])
def test_a_zoom_is_never_told_as_nothing(qtbot, zoom: float, text: str) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show_zoom(zoom)
    assert bar.zoom.text() == text


@pytest.mark.parametrize(
    ("key", "keys", "said"),
    [
        (Key.Key_Z, CTRL, "There is nothing to undo."),
        (Key.Key_D, CTRL, "Select a node first."),
        (Key.Key_Delete, NONE, "Nothing is selected on the canvas."),
        (Key.Key_X, ALT, "Nothing is selected on the canvas."),
        (Key.Key_P, CTRL, "Select two nodes or more first."),
        (Key.Key_G, CTRL, "Select a node first."),
        (Key.Key_F7, CTRL, "No group is open."),
        (Key.Key_L, CTRL, "The graph is empty: add a node first."),
        (Key.Key_Right, NONE, "There is no step after this."),
    ],
)
def test_a_key_that_can_do_nothing_says_what_is_missing(
    window: MainWindow, key: Qt.Key, keys: Qt.KeyboardModifier, said: str
) -> None:
    window.bridge.load(Graph())
    window.canvas.setFocus()
    press(window, key, keys)
    assert window.status.sentence.text() == said


def test_a_key_that_does_something_says_nothing_is_missing(window: MainWindow) -> None:
    """Ctrl+Z is also the pen's, which nobody holds."""
    build_product(window)
    window.canvas.setFocus()
    window.status.tell("")
    press(window, Key.Key_Z, CTRL)
    assert "nothing" not in window.status.sentence.text() and "first" not in window.status.sentence.text()
