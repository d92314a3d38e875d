"""View: zoom, panels, panes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from tests.gui.keys.keys_tools import Press, does
from tests.gui.window_tools import ALT, Key, press


@does("Ctrl+9", "Show all: zoom to see the whole graph")
def _(w: MainWindow, key: Press) -> None:
    w.canvas.camera.pan(5000, 5000)
    key()
    assert w.canvas.camera.visible_scene().contains(w.canvas.scene().nodes_rect(w.bridge.now.graph.nodes))


@does("Ctrl+8", "Show what is selected: zoom to the selected nodes and edges")
def _(w: MainWindow, key: Press) -> None:
    for nodes, edges, ends in ((["x"], [], ["x"]), ([], [("f", 1)], ["z", "f"])):
        w.canvas.camera.pan(5000, 5000)
        w.selection.select(nodes, edges)
        key()
        assert w.canvas.camera.visible_scene().contains(w.canvas.scene().nodes_rect(ends))


@does("Ctrl+0", "Actual size: zoom to 100 %")
def _(w: MainWindow, key: Press) -> None:
    w.canvas.camera.zoom_at(0.5, QPoint(50, 50))
    key()
    assert w.canvas.camera.zoom == pytest.approx(1)


@does("Ctrl++ or Ctrl+=", "Zoom in")
def _(w: MainWindow, key: Press) -> None:
    zoom = w.canvas.camera.zoom
    key()
    assert w.canvas.camera.zoom > zoom


@does("Ctrl+-", "Zoom out")
def _(w: MainWindow, key: Press) -> None:
    zoom = w.canvas.camera.zoom
    key()
    assert w.canvas.camera.zoom < zoom


@does("Ctrl+Alt++ or Ctrl+Alt+=", "Larger text: enlarge all text beside the canvas")
def _(w: MainWindow, key: Press) -> None:
    high = w.status.height()
    key()
    assert w.status.height() > high
    w.preferences.choose_text_size(100)


@does("Ctrl+Alt+-", "Smaller text: make all text beside the canvas smaller")
def _(w: MainWindow, key: Press) -> None:
    high = w.status.height()
    key()
    assert w.status.height() < high
    w.preferences.choose_text_size(100)


def shows_panel(keys: str, name: str, title: str = "") -> None:
    title = title or name.capitalize()

    @does(keys, f"{title}: show or hide the {title.lower()}")
    def _(w: MainWindow, key: Press) -> None:
        is_open = w.panels.is_open(name)
        key()
        assert w.panels.is_open(name) is not is_open
        w.canvas.setFocus()
        key()
        assert w.panels.is_open(name) is is_open


for number, name in enumerate(("palette", "inspector", "timeline", "problems", "training", "paths", "trace"), 1):
    shows_panel(f"Ctrl+{number}", name)
shows_panel("Ctrl+H", "slopes")
shows_panel("Ctrl+Shift+M", "learnt", "Decision map")
shows_panel("Ctrl+Shift+H", "what_if", "What if")
shows_panel("Shift+F4", "predict", "Questions")
shows_panel("F3", "lesson", "Lessons")


def edge_labels(w: MainWindow) -> set[str]:
    stage = w.canvas.desk.scene.stage
    return {text for key in stage.keys for text in stage.edges[key].said() if text}


@does("Alt+1", "Values and gradients: write values and contributions beside the edges")
def _(w: MainWindow, key: Press) -> None:
    press(w, Key.Key_3, ALT)
    key()
    assert edge_labels(w) == {"−2", "5", "3", "−4", "◂ −4", "◂ 3"}


@does("Alt+2", "Local derivatives: write ∂output/∂input beside each edge: multiply along a path, add over paths")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert edge_labels(w) == {"∂q⁄∂x = 1", "∂q⁄∂y = 1", "∂f⁄∂q = z = −4", "∂f⁄∂z = q = 3"}


@does("Alt+3", "Values only: write only values beside the edges")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert edge_labels(w) == {"−2", "5", "3", "−4"}


@does("Alt+4", "Gradients only: write only contributions beside the edges")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert edge_labels(w) == {"◂ −4", "◂ 3"}


@does("Alt+5", "Tangents: forward mode: see how fast each node follows the selected leaf")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x"])
    key()
    assert {"1 ▸", "−2"} <= edge_labels(w)
    assert w.canvas.desk.scene.stage.nodes["f"].gradient == "−4"
    assert w.bridge.lens.push.verdict[:3] == ("∂f/∂x", "forward ▸ −4, 2 products", "◂ backward −4, 4 products")
    press(w, Key.Key_1, ALT)
    assert w.bridge.lens.push is None


@does("F6", "Next pane: take the keys out of the canvas to the next panel or bar, and round to it")
@does("Shift+F6", "Previous pane: take the keys to the panel or bar before")
def _(w: MainWindow, key: Press) -> None:
    for _ in range(12):
        key()
        assert QApplication.focusWidget().isVisible()
        if w.canvas.hasFocus():
            return
    raise AssertionError("the canvas was not come back to")
