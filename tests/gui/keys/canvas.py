"""On the canvas, with keys alone: walking, wiring, moving, menus."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from gui.canvas.editor import ValueEditor
from gui.main_window import MainWindow
from tests.gui.keys.keys_tools import Press, does, spot
from tests.gui.window_tools import ALT, CTRL, LEFT, NONE, SHIFT, Key, in_dialog, press


@does("Enter", "Type the value of the selected leaf; at any other node or port, draw an edge from there")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x"])
    key()
    assert isinstance(QApplication.focusWidget(), ValueEditor)
    QTest.keyClicks(QApplication.focusWidget(), "7")
    press(w, Key.Key_Return)
    assert w.bridge.now.graph.nodes["x"].value == 7
    w.selection.select(["q"])
    key()
    assert "Enter connects q to port b of f, in place of z" in w.status.sentence.text()
    key()
    assert w.bridge.now.graph.edges["f", 1].source == "q"


@does("Ctrl+Enter", "Draw an edge from the selected node: arrow keys choose a port, Enter connects, Esc stops")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x"])
    before = w.bridge.now.graph
    key()
    press(w, Key.Key_Escape)
    assert w.bridge.now.graph is before and w.selection.nodes == {"x"}
    key()
    press(w, Key.Key_Right)
    assert "to port a of f" in w.status.sentence.text()
    press(w, Key.Key_Down)
    press(w, Key.Key_Return)
    assert w.bridge.now.graph.edges["f", 1].source == "x"


@does("Menu", "Open the menu of what is selected, or of the port where the keys are")
@does("Shift+F10", "Open the same menu")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["q"])
    key()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and any(action.text().startswith("Rename") for action in menu.actions())
    menu.close()
    w.activateWindow()
    QApplication.processEvents()


@does("Alt+arrow keys", "Move the selected nodes; farther with Shift")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x", "q"])
    before = {id: node.pos for id, node in w.bridge.now.graph.nodes.items()}
    player = w.bridge.player.position
    key()
    moved = {id for id, node in w.bridge.now.graph.nodes.items() if node.pos != before[id]}
    assert moved == {"x", "q"} and w.bridge.player.position == player
    near = _far(before["x"], w.bridge.now.graph.nodes["x"].pos)
    press(w, Key.Key_Z, CTRL)
    press(w, Key.Key_Down, ALT | SHIFT)
    assert _far(before["x"], w.bridge.now.graph.nodes["x"].pos) > near


def _far(one: tuple[float, float], other: tuple[float, float]) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


@does("Ctrl+Shift+arrow keys", "Move the selected nodes far, where the desktop keeps Shift+Alt for itself")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x"])
    before = w.bridge.now.graph.nodes["x"].pos
    key()
    assert _far(before, w.bridge.now.graph.nodes["x"].pos) > 10


@does("Ctrl+arrow keys", "Walk along the edges, from nodes to ports and on; ↑ and ↓ choose among several")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["q"])
    graph, player = w.bridge.now.graph, w.bridge.player.position
    key()
    assert (w.selection.nodes or w.selection.edges) and w.selection.nodes != {"q"}
    assert w.bridge.now.graph is graph and w.bridge.player.position == player


@does("Ctrl+Home", "Go to the first leaf")
@does("Ctrl+End", "Go to the target")
def _(w: MainWindow, key: Press) -> None:
    key()
    (there,) = w.selection.nodes
    assert there in ("x", "f") and w.bridge.player.position == w.bridge.player.end


@does("Esc", "Cancel what the mouse is doing, or else clear the selection")
def _(w: MainWindow, key: Press) -> None:
    graph, viewport = w.bridge.now.graph, w.canvas.viewport()
    at = spot(w, "q")
    QTest.mousePress(viewport, LEFT, NONE, at)
    QTest.mouseMove(viewport, at + QPoint(40, 40))
    key()
    QTest.mouseRelease(viewport, LEFT, NONE, at + QPoint(40, 40))
    assert w.bridge.now.graph is graph
    w.selection.select(["x"])
    key()
    assert not w.selection.nodes


@does("F1", "Look up what the selected node computes: formula, derivatives, curve")
def _(w: MainWindow, key: Press) -> None:
    def read(dialog: QDialog) -> None:
        assert dialog.windowTitle() == "Multiply: reference"

    w.selection.select(["f"])
    in_dialog(w, QDialog, read, key)
