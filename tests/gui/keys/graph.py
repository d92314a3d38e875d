"""Graph: adding, the target, order on the canvas, taking apart, checking, training."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.graph.graph import Graph
from engine.graph.records import Node
from gui.main_window import MainWindow
from gui.shell.dialogs.check import CheckDialog
from tests.gui.keys.keys_tools import Press, does, gates
from tests.gui.window_tools import CTRL, Key, press


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


@does("Alt+N", "Push it: look what a push of the selected leaf would do at every node, by keys")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["y"])
    before = w.bridge.now.graph
    key()
    seen = [w.bridge.lens.push.lines["y"]]
    for pressed in (Key.Key_Left, Key.Key_Minus, Key.Key_Right, Key.Key_Right):
        press(w, pressed)
        seen.append(w.bridge.lens.push.lines["y"])
    assert seen == ["y 5 → 5.1", "y 5 → 5.05", "y 5 → 4.95", "y 5 → 4.9", "y 5 → 4.8"]
    press(w, Key.Key_Escape)
    assert w.bridge.lens.push is None and w.bridge.now.graph is before


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


@does("F9", "Check gradients: compare every gradient with central differences")
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
