"""Every key in the list that F1 shows does what it says there: found in the list itself, pressed on the window."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QKeySequence, QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QGridLayout, QLabel, QLineEdit, QListView, QMenu

from engine.files import disk
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.canvas.editor import ValueEditor
from gui.canvas.keyboard import KEYS
from gui.canvas.paint.slider import FIRST, LENGTH
from gui.main_window import MainWindow
from gui.shell.actions import ACTIONS
from gui.shell.command_palette import CommandPalette
from gui.shell.dialogs.check import CheckDialog
from gui.shell.dialogs.expression import ExpressionDialog
from tests.gui.canvas_tools import port_spot
from tests.gui.document.test_files import Answers
from tests.gui.graphs import product
from tests.gui.window_tools import ALT, CTRL, LEFT, NONE, SHIFT, Key, clipboard, copy, drop_on_canvas, in_dialog, press

Row = tuple[str, str]  # the keys, and what they do, as the list says
Press = Callable[[], None]
DOES: dict[Row, Callable[[MainWindow, Press], None]] = {}
ARROWS = (Key.Key_Left, Key.Key_Up, Key.Key_Right, Key.Key_Down)


def does(keys: str, words: str):
    def take(perform):
        DOES[keys, words] = perform
        return perform

    return take


def edit_y(w: MainWindow) -> Graph:
    """An edit by hand; the graph as it was before."""
    before = w.bridge.now.graph
    w.selection.select(["y"])
    press(w, Key.Key_Right, ALT)
    return before


# --- File


@does("Ctrl+N", "New: start with an empty canvas")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert not w.bridge.now.graph.nodes


@does("Ctrl+O", "Open")
def _(w: MainWindow, key: Press) -> None:
    w.files.ask.open_path = w.home / "other.gradloom"
    disk.save(gates(), w.files.ask.open_path)
    key()
    assert w.bridge.now.graph == gates()


@does("Ctrl+S", "Save")
def _(w: MainWindow, key: Press) -> None:
    w.files.ask.save_path = w.home / "saved.gradloom"
    key()
    assert disk.load(w.home / "saved.gradloom") == w.bridge.now.graph


@does("Ctrl+Shift+S", "Save as: save to another file")
def _(w: MainWindow, key: Press) -> None:
    w.files.ask.save_path = w.home / "as.gradloom"
    key()
    assert disk.load(w.home / "as.gradloom") == w.bridge.now.graph and w.files.name == "as.gradloom"


@does("Ctrl+Q", "Quit: close Gradloom")
def _(w: MainWindow, key: Press) -> None:
    edit_y(w)
    key()
    assert w.files.ask.asked == ["unsaved"] and w.isVisible(), "cancelled"


# --- Edit


@does("Ctrl+Z", "Undo: take back the last change")
def _(w: MainWindow, key: Press) -> None:
    before = edit_y(w)
    key()
    assert w.bridge.now.graph == before


@does("Ctrl+Shift+Z or Ctrl+Y", "Redo")
def _(w: MainWindow, key: Press) -> None:
    edit_y(w)
    after = w.bridge.now.graph
    press(w, Key.Key_Z, CTRL)
    key()
    assert w.bridge.now.graph == after


@does("Ctrl+X", "Cut: remove the selected nodes, to paste them elsewhere")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["q"])
    key()
    assert "q" not in w.bridge.now.graph.nodes and '"q"' in clipboard()


@does("Ctrl+C", "Copy")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["q"])
    key()
    assert "q" in w.bridge.now.graph.nodes and '"q"' in clipboard()


@does("Ctrl+V", "Paste")
def _(w: MainWindow, key: Press) -> None:
    copy("a * b")
    key()
    assert {"a", "b"} <= w.bridge.now.graph.nodes.keys()


@does("Ctrl+Shift+V", "Paste without edges: the same, but copies are not fed by what fed the originals")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["q"])
    press(w, Key.Key_C, CTRL)
    key()
    assert "q2" in w.bridge.now.graph.nodes and not w.bridge.now.graph.into("q2")
    press(w, Key.Key_V, CTRL)
    assert [edge.source for edge in w.bridge.now.graph.into("q3")] == ["x", "y"]


@does("Ctrl+Shift+D", "Duplicate without edges: put copies beside them that nothing else feeds")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["q"])
    key()
    assert "q2" in w.bridge.now.graph.nodes and not w.bridge.now.graph.into("q2")


@does("Ctrl+Del or Ctrl+Backspace", "Delete and join: delete the selected nodes; what fed them feeds what they fed")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["q"])
    key()
    assert [edge.source for edge in w.bridge.now.graph.into("f")] == ["x", "z"]


@does("Alt+X", "Swap the inputs: let the two inputs of the node, or two selected edges, change places")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["f"])
    key()
    assert [edge.source for edge in w.bridge.now.graph.into("f")] == ["z", "q"]
    w.selection.select(edges=[("f", 0), ("q", 0)])
    key()
    assert w.bridge.now.graph.edges["q", 0].source == "z" and w.bridge.now.graph.edges["f", 0].source == "x"


@does("Ctrl+D", "Duplicate: put copies of the selected nodes beside them, fed by the same nodes")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x", "y"])
    key()
    assert len(w.bridge.now.graph.nodes) == 7 and len(w.selection.nodes) == 2


@does("Del or Backspace", "Delete")
@does("Delete, Backspace", "Delete what is selected")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["z"], [("q", 0)])
    key()
    assert "z" not in w.bridge.now.graph.nodes and ("q", 0) not in w.bridge.now.graph.edges


@does("Ctrl+E", "New from expression: type an expression or a small program, and get its graph")
def _(w: MainWindow, key: Press) -> None:
    def type_it(dialog: QDialog) -> None:
        QTest.keyClicks(dialog.text, "k = a * b")
        QTest.keyClick(dialog.text, Key.Key_Return, CTRL)

    in_dialog(w, ExpressionDialog, type_it, key)
    assert "k" in w.bridge.now.graph.nodes


@does("Ctrl+A", "Select all: select every node")
@does("Ctrl+A", "Select everything")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert w.selection.nodes == w.bridge.now.graph.nodes.keys() and w.selection.edges == w.bridge.now.graph.edges.keys()


@does("Ctrl+I", "Invert: select what is not selected, and nothing else")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x", "y"])
    key()
    assert w.selection.nodes == {"z", "q", "f"} and w.selection.edges == {("f", 0), ("f", 1)}
    w.selection.select(edges=[("q", 0)])
    key()
    assert w.selection.edges == w.bridge.now.graph.edges.keys() - {("q", 0)} and not w.selection.nodes


@does("Ctrl+U", "Upstream: add everything that feeds what is selected")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["q"])
    key()
    assert w.selection.nodes == {"x", "y", "q"} and w.selection.edges == {("q", 0), ("q", 1)}
    w.selection.select(edges=[("f", 1)])
    key()
    assert w.selection.nodes == {"z"}


@does("Ctrl+J", "Downstream: add everything that is fed by what is selected")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x"])
    key()
    assert w.selection.nodes == {"x", "q", "f"} and w.selection.edges == {("q", 0), ("f", 0)}


@does("Ctrl+P", "Along the path: add all that stands on a path between the selected nodes")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x", "f"])
    key()
    assert w.selection.nodes == {"x", "q", "f"} and w.selection.edges == {("q", 0), ("f", 0)}
    w.selection.select(["x", "z"])
    key()
    assert w.selection.nodes == {"x", "z"} and "No path leads" in w.status.sentence.text()


@does("Ctrl+Shift+A", "Same operation: select all nodes that compute the same")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x"])
    key()
    assert {"x", "y"} <= w.selection.nodes and not {"q", "f"} & w.selection.nodes


@does("F2", "Rename: give the selected node a new name")
@does("F2", "Rename the selected node")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["q"])
    key()
    QTest.keyClicks(QApplication.focusWidget(), "total")
    press(w, Key.Key_Return)
    assert "total" in w.bridge.now.graph.nodes


@does("Ctrl+F", "Find a node: search names, operations and values; Enter goes from one to the next")
def _(w: MainWindow, key: Press) -> None:
    key()
    QTest.keyClicks(QApplication.focusWidget(), "input")
    assert w.selection.nodes == {"x"} and w.canvas.finder.count.text() == "1 of 2"
    press(w, Key.Key_Return)
    assert w.selection.nodes == {"y"}
    press(w, Key.Key_Escape)
    assert w.canvas.hasFocus() and w.selection.nodes == {"y"}


@does("Ctrl+K or Ctrl+Shift+P", "Find an action: search everything Gradloom can do")
def _(w: MainWindow, key: Press) -> None:
    in_dialog(w, CommandPalette, lambda palette: None, key)


# --- View


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


def shows_panel(number: int, name: str) -> None:
    @does(f"Ctrl+{number}", f"{name.capitalize()}: show or hide the {name}")
    def _(w: MainWindow, key: Press) -> None:
        is_open = w.panels.is_open(name)
        key()
        assert w.panels.is_open(name) is not is_open
        w.canvas.setFocus()
        key()
        assert w.panels.is_open(name) is is_open


for number, name in enumerate(("palette", "inspector", "timeline", "problems", "training"), 1):
    shows_panel(number, name)


@does("F6 or Ctrl+Tab", "Next pane: take the keys out of the canvas to the next panel or bar, and round to it")
@does("Shift+F6 or Ctrl+Shift+Tab", "Previous pane: take the keys to the panel or bar before")
def _(w: MainWindow, key: Press) -> None:
    for _ in range(12):
        key()
        assert QApplication.focusWidget().isVisible()
        if w.canvas.hasFocus():
            return
    raise AssertionError("the canvas was not come back to")


@does("F11", "Presentation mode: show only the canvas and the timeline, on the whole screen")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert w.isFullScreen() and not w.menuBar().isVisible() and w.canvas.isVisible() and w.panels.is_open("timeline")
    key()
    assert not w.isFullScreen() and w.menuBar().isVisible()


@does("Esc", "Leave the presentation: go back to the whole window")
def _(w: MainWindow, key: Press) -> None:
    press(w, Key.Key_F11)
    key()
    assert not w.isFullScreen() and w.menuBar().isVisible()


# --- Graph


@does("Tab", "Add: search for an operation, a number or an expression, and put it on the canvas")
def _(w: MainWindow, key: Press) -> None:
    key()
    QTest.keyClicks(QApplication.focusWidget(), "relu")
    press(w, Key.Key_Return)
    assert "relu" in w.bridge.now.graph.nodes


@does("Ctrl+M", "Make target: start the backward pass at the selected node")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["q"])
    key()
    assert w.bridge.now.graph.target == "q"


@does("Ctrl+L", "Arrange: lay the graph out from left to right")
def _(w: MainWindow, key: Press) -> None:
    before = {id: node.pos for id, node in w.bridge.now.graph.nodes.items()}
    key()
    after = {id: node.pos for id, node in w.bridge.now.graph.nodes.items()}
    assert after != before and all(after[e.source][0] < after[e.dest][0] for e in w.bridge.now.graph.edges.values())


def lines_up(key: str, words: str, ids: list[str], of: Callable[[float, float], float]) -> None:
    """Afterwards there is one line, or one gap, where there were several; one Ctrl+Z takes it back."""

    @does(key, words)
    def _(w: MainWindow, key: Press) -> None:
        w.selection.select(ids)
        before = w.bridge.now.graph
        key()
        assert len({of(*w.bridge.now.graph.nodes[id].pos) for id in ids}) == 1
        press(w, Key.Key_Z, CTRL)
        assert w.bridge.now.graph == before


lines_up("Alt+A", "Align left: put the selected nodes on one left side", ["x", "q", "f"], lambda x, y: x)
lines_up("Alt+C", "Align centres: put the selected nodes one above the other", ["x", "q", "f"], lambda x, y: x)
lines_up("Alt+D", "Align right: put the selected nodes on one right side", ["x", "q", "f"], lambda x, y: x)
lines_up("Alt+W", "Align top: put the selected nodes on one upper side", ["x", "q", "f"], lambda x, y: y)
lines_up("Alt+M", "Align middles: put the selected nodes side by side", ["x", "q", "f"], lambda x, y: y)
lines_up("Alt+S", "Align bottom: put the selected nodes on one lower side", ["x", "q", "f"], lambda x, y: y)


def spreads(key: str, words: str, axis: int) -> None:
    @does(key, words)
    def _(w: MainWindow, key: Press) -> None:
        w.bridge.load(Graph.of([Node(id, "relu", pos=pos) for id, pos in SCATTERED.items()]))
        w.selection.select(SCATTERED)
        key()
        first, middle, last = (w.bridge.now.graph.nodes[id].pos[axis] for id in SCATTERED)
        assert middle - first == last - middle
        assert w.bridge.now.graph.nodes["b"].pos != SCATTERED["b"]


SCATTERED = {"a": (0.0, 0.0), "b": (400.0, 500.0), "c": (600.0, 640.0)}
spreads("Alt+Shift+H", "Distribute horizontally: leave the same gap between columns", 0)
spreads("Alt+Shift+V", "Distribute vertically: leave the same gap between rows", 1)


@does("Ctrl+T", "Take apart: replace the selected operations by what they are made of")
def _(w: MainWindow, key: Press) -> None:
    w.bridge.load(gates())
    w.selection.select(["s"])
    key()
    assert not any(node.op_name == "sigmoid" for node in w.bridge.now.graph.nodes.values())


@does("Ctrl+Shift+T", "Put together: replace the selected nodes by the one operation they spell out")
def _(w: MainWindow, key: Press) -> None:
    w.bridge.load(gates())
    w.selection.select(["s"])
    press(w, Key.Key_T, CTRL)
    key()
    assert any(node.op_name == "sigmoid" for node in w.bridge.now.graph.nodes.values())


@does("Ctrl+G", "Check gradients: compare every gradient with central differences")
def _(w: MainWindow, key: Press) -> None:
    key()
    dialog = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CheckDialog))
    assert dialog.isVisible()
    dialog.close()


@does("Ctrl+R", "Train: let the parameters learn, and watch the loss fall")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert w.training.isVisible() and w.training.isAncestorOf(QApplication.focusWidget())
    w.panels.show_panel("training", False)


# --- Pass


@does("Space", "Play")
@does("Space", "Play or pause; hold it and drag to move the view")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert w.bridge.player.playing
    key()
    assert not w.bridge.player.playing
    centre, viewport, at = w.canvas.camera.centre(), w.canvas.viewport(), QPoint(20, 20)
    QTest.keyPress(w.canvas, Key.Key_Space)
    QTest.mousePress(viewport, LEFT, NONE, at)
    QTest.mouseMove(viewport, at + QPoint(60, 40))
    QTest.mouseRelease(viewport, LEFT, NONE, at + QPoint(60, 40))
    QTest.keyRelease(w.canvas, Key.Key_Space)
    assert w.canvas.camera.centre() != centre and not w.bridge.player.playing


@does("Ctrl+Shift+L", "Loop: start again after the end")
def _(w: MainWindow, key: Press) -> None:
    before = w.bridge.player.loop
    key()
    assert w.bridge.player.loop is not before
    key()
    assert w.bridge.player.loop is before


def steps(keys: str, words: str, start: float | None, way: int, whole_node: bool = False) -> None:
    @does(keys, words)
    def _(w: MainWindow, key: Press) -> None:
        player = w.bridge.player
        player.seek(player.end if start is None else start)
        w.selection.select(["q"])
        before, graph = player.position, w.bridge.now.graph
        key()
        went = way * (player.position - before)
        assert (went > 1 if whole_node else went == 1) and w.bridge.now.graph is graph


steps("→ or PgDown", "Step forward: the next contribution", 2, 1)
steps("← or PgUp", "Step back: the previous contribution", None, -1)
steps("Shift+→", "To the next node: all contributions of this node", 6, 1, whole_node=True)
steps("Shift+←", "To the previous node: back to where this node’s turn begins", None, -1, whole_node=True)


@does("Home", "To the start: before the first value")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert w.bridge.player.position == 0


@does("Ctrl+B", "To the backward pass: all values are there, and the seed is about to go in")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert w.bridge.player.position == w.bridge.now.trace.backward_start


@does("End", "To the end: every gradient is there")
def _(w: MainWindow, key: Press) -> None:
    w.bridge.player.seek(2)
    key()
    assert w.bridge.player.position == w.bridge.player.end


@does("Ctrl+]", "Faster: go up one speed")
def _(w: MainWindow, key: Press) -> None:
    speed = w.bridge.player.speed
    key()
    assert w.bridge.player.speed > speed
    press(w, Key.Key_BracketLeft, CTRL)


@does("Ctrl+[", "Slower: go down one speed")
def _(w: MainWindow, key: Press) -> None:
    speed = w.bridge.player.speed
    key()
    assert w.bridge.player.speed < speed
    press(w, Key.Key_BracketRight, CTRL)


@does("F1", "Keyboard shortcuts: all the keys in one table")
def _(w: MainWindow, key: Press) -> None:
    in_dialog(w, QDialog, lambda dialog: None, key)


# --- On the canvas


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


# --- the mouse


def spot(w: MainWindow, id: str) -> QPoint:
    return w.canvas.mapFromScene(w.canvas.scene().node_items[id].name_rect().center())


def turn(w: MainWindow, keys=NONE, pixels: QPoint = QPoint(), at: QPoint = QPoint(100, 100)) -> None:  # noqa: B008
    event = QWheelEvent(QPointF(at), QPointF(w.canvas.viewport().mapToGlobal(at)), pixels, QPoint(0, 120),
                        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(w.canvas.viewport(), event)


@does("Ctrl+wheel, pinch", "Zoom at the pointer")
def _(w: MainWindow, key: Press) -> None:
    zooms = [w.canvas.camera.zoom]
    turn(w, CTRL)
    zooms.append(w.canvas.camera.zoom)
    pad = QPointingDevice("pad", 7, QInputDevice.DeviceType.TouchPad, QPointingDevice.PointerType.Finger,
                          QInputDevice.Capability.Position, 2, 0)  # fmt: skip
    at, kind = QPointF(100, 100), Qt.NativeGestureType.ZoomNativeGesture
    QApplication.sendEvent(w.canvas.viewport(), QNativeGestureEvent(kind, pad, 2, at, at, at, 0.25, QPointF()))
    zooms.append(w.canvas.camera.zoom)
    assert zooms == sorted(set(zooms))


@does("Wheel, two fingers", "Move the view")
def _(w: MainWindow, key: Press) -> None:
    centres = [w.canvas.camera.centre()]
    for pixels in (QPoint(), QPoint(10, 30)):
        turn(w, pixels=pixels)
        centres.append(w.canvas.camera.centre())
    assert centres[0] != centres[1] != centres[2]


@does("Drag with the middle button", "Move the view")
def _(w: MainWindow, key: Press) -> None:
    centre, viewport, middle = w.canvas.camera.centre(), w.canvas.viewport(), Qt.MouseButton.MiddleButton
    QTest.mousePress(viewport, middle, NONE, QPoint(20, 20))
    QTest.mouseMove(viewport, QPoint(90, 70))
    QTest.mouseRelease(viewport, middle, NONE, QPoint(90, 70))
    assert w.canvas.camera.centre() != centre


@does("Shift and click", "Select more")
def _(w: MainWindow, key: Press) -> None:
    for id, keys in (("x", NONE), ("q", SHIFT)):
        QTest.mouseClick(w.canvas.viewport(), LEFT, keys, spot(w, id))
    assert w.selection.nodes == {"x", "q"}


def drag(w: MainWindow, start: QPoint, end: QPoint, keys=NONE) -> None:
    viewport = w.canvas.viewport()
    QTest.mousePress(viewport, LEFT, keys, start)
    for part in (0.25, 0.5, 0.75, 1.0):
        QTest.mouseMove(viewport, start + (end - start) * part)
    QTest.mouseRelease(viewport, LEFT, keys, end)


@does("Ctrl and drag over the canvas", "Cut the edges that the line goes across")
def _(w: MainWindow, key: Press) -> None:
    output = port_spot(w.canvas, "z", "out")
    drag(w, output + QPoint(24, -24), output + QPoint(24, 24), CTRL)
    assert ("f", 1) not in w.bridge.now.graph.edges


@does("Alt+wheel over a number", "Change it; with Shift finely, with Ctrl coarsely")
def _(w: MainWindow, key: Press) -> None:
    at, numbers = w.canvas.mapFromScene(w.canvas.scene().node_items["y"].value_rect().center()), [5.0]
    for keys in (SHIFT, NONE, CTRL):
        turn(w, keys | ALT, at=at)
        numbers.append(float(w.bridge.now.graph.nodes["y"].value))
    steps = [after - before for before, after in itertools.pairwise(numbers)]
    assert 0 < steps[0] < steps[1] < steps[2]


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


@does("Any letter, digit or sign", "Search for what to add: an operation, a number, w = 0.2, sigmoid(w*x + b)")
def _(w: MainWindow, key: Press) -> None:
    press(w, Key.Key_7)
    press(w, Key.Key_Return)
    assert w.bridge.now.graph.nodes["c"].value == 7


@does("Enter in the search", "Add it, connected to what is selected; with Shift without edges")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x"])
    for held in (NONE, SHIFT):
        QTest.keyClicks(w.canvas, "t")
        QTest.keyClicks(QApplication.focusWidget(), "anh")
        press(w, Key.Key_Return, held)
        w.selection.select(["x"])
    graph = w.bridge.now.graph
    assert [edge.source for edge in graph.into("tanh")] == ["x"] and not graph.into("tanh2")


@does("Double click on the canvas", "Search for what to add there")
def _(w: MainWindow, key: Press) -> None:
    corner = QPoint(30, 30)
    QTest.mouseDClick(w.canvas.viewport(), LEFT, NONE, corner)
    QTest.mouseRelease(w.canvas.viewport(), LEFT, NONE, corner)
    press(w, Key.Key_7)
    press(w, Key.Key_Return)
    assert (w.canvas.mapFromScene(QPointF(*w.bridge.now.graph.nodes["c"].pos)) - corner).manhattanLength() < 200


@does("Drop an edge on the canvas", "Search for what is to stand at its other end")
def _(w: MainWindow, key: Press) -> None:
    start = port_spot(w.canvas, "f", "out")
    drag(w, start, start + QPoint(60, 120))
    QTest.keyClicks(QApplication.focusWidget(), "relu")
    press(w, Key.Key_Return)
    assert w.bridge.now.graph.edges["relu", 0].source == "f"


@does("Alt while nodes are dragged", "Make copies, fed by the same nodes; with Shift too, fed by nothing else")
def _(w: MainWindow, key: Press) -> None:
    for held in (ALT, ALT | SHIFT):
        w.selection.select(["q"])
        drag(w, spot(w, "q"), spot(w, "q") + QPoint(20, 60), held)
    graph = w.bridge.now.graph
    assert [edge.source for edge in graph.into("q2")] == ["x", "y"] and not graph.into("q3")


@does("Ctrl while nodes are dragged", "Let no guide draw them into line")
def _(w: MainWindow, key: Press) -> None:
    w.canvas.camera.zoom_to_100()
    places = []
    for held in (NONE, CTRL):
        drag(w, spot(w, "y"), spot(w, "y") + QPoint(5, -37), held)
        places.append(w.bridge.now.graph.nodes["y"].pos)
        press(w, Key.Key_Z, CTRL)
    assert places[0][0] == 0 and places[1][0] == 4


@does("Alt while an edge is dropped", "Let it change places with the edge that ends there")
def _(w: MainWindow, key: Press) -> None:
    drag(w, port_spot(w.canvas, "f", 0), port_spot(w.canvas, "f", 1), ALT)
    assert [edge.source for edge in w.bridge.now.graph.into("f")] == ["z", "q"]


@does("Drag an operation onto a node", "Make the node that operation; its edges stay")
def _(w: MainWindow, key: Press) -> None:
    before = w.bridge.now.graph
    x, y = before.nodes["q"].pos
    drop_on_canvas(w, "max", x + 60, y + 70)
    assert w.bridge.now.graph.nodes["q"].op_name == "max" and w.bridge.now.graph.edges == before.edges


@does("Double click in the palette", "Put an operation in the middle")
def _(w: MainWindow, key: Press) -> None:
    ops = w.ops.findChild(QListView)
    rows = (ops.model().index(row, 0) for row in range(ops.model().rowCount()))
    index = next(index for index in rows if getattr(index.data(Qt.ItemDataRole.UserRole), "name", "") == "relu")
    ops.scrollTo(index)
    at = ops.visualRect(index).center()
    QTest.mouseClick(ops.viewport(), LEFT, NONE, at)
    QTest.mouseDClick(ops.viewport(), LEFT, NONE, at)
    QTest.mouseRelease(ops.viewport(), LEFT, NONE, at)
    assert w.bridge.now.graph.nodes["relu"]


# --- the list


def gates() -> Graph:
    return Graph.of(
        [Node("x", "input", as_value(2)), Node("s", "sigmoid", pos=(240, 0))], [Edge("x", "s", 0)], target="s"
    )


def listed(window: MainWindow) -> list[Row]:
    """The rows of the list, as F1 shows it."""
    rows: list[Row] = []

    def read(dialog: QDialog) -> None:
        grid = dialog.findChild(QGridLayout)
        for row in range(grid.rowCount()):
            keys, words = (grid.itemAtPosition(row, column) for column in (0, 1))
            if keys and words and keys.widget() is not words.widget():
                assert isinstance(keys.widget(), QLabel) and isinstance(words.widget(), QLabel)
                rows.append((keys.widget().text(), words.widget().text()))

    in_dialog(window, QDialog, read, lambda: press(window, Key.Key_F1))
    return rows


def presses(window: MainWindow, keys: str) -> list[Press]:
    """Each way of pressing what a row says: “Del or Backspace”, “Alt+arrow keys”."""
    parts = keys.split(" or ") if " or " in keys else keys.split(", ")
    if keys.endswith("+arrow keys"):
        held = {"Alt": ALT, "Ctrl": CTRL, "Ctrl+Shift": CTRL | SHIFT}[keys.removesuffix("+arrow keys")]
        return [lambda arrow=arrow: press(window, arrow, held) for arrow in ARROWS]
    made = []
    for part in parts:
        sequence = QKeySequence(part.replace("→", "Right").replace("←", "Left"))
        if sequence.count() == 1 and sequence[0].key() != Key.Key_unknown:
            key, held = sequence[0].key(), sequence[0].keyboardModifiers()
            made.append(lambda key=key, held=held: press(window, key, held))
    return made or [lambda: None]  # the mouse


def test_every_row_of_the_list_has_its_performance(window: MainWindow) -> None:
    rows = listed(window)
    assert len(rows) > 50 and set(rows) == set(DOES)


def test_every_key_does_what_the_list_says(window: MainWindow, tmp_path) -> None:
    window.home = tmp_path
    for keys, words in listed(window):
        for pressed in presses(window, keys):
            window.files.ask = Answers()
            window.files.ask.unsaved = "discard"
            window.files.new()
            window.bridge.load(product())
            window.files.ask = Answers()
            window.canvas.camera.fit_all(animated=False)
            window.canvas.setFocus()
            try:
                DOES[keys, words](window, pressed)
            except Exception as wrong:
                raise AssertionError(f"{keys}: {words}") from wrong


def test_the_keys_that_the_readme_names_are_in_the_list() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8").partition("## A ten-minute tour")[0]
    named = set(re.findall(r"\b(?:(?:Ctrl|Shift|Alt)\+)+[A-Z0-9](?![a-z])|\bF\d+\b", readme))
    listed = {key for action in ACTIONS.values() for key in action.keys} | {row.title for row in KEYS}
    assert len(named) > 8 and named <= listed
    words = {f"{held} with an arrow key": f"{held}+arrow keys" for held in ("Alt", "Ctrl", "Ctrl+Shift")}
    assert all(said in readme.replace("*", "") and row in listed for said, row in words.items())


def test_no_sign_that_can_be_typed_is_a_shortcut() -> None:
    """They begin to search for what is to be added. Space, which begins no name, plays."""
    plain = {key: action.id for action in ACTIONS.values() for key in action.keys if len(key) == 1}
    assert not plain and any("Space" in action.keys for action in ACTIONS.values())
