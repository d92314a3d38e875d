"""Edit: undo, the clipboard, deleting, renaming, and how an action or a node is found."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from gui.main_window import MainWindow
from gui.shell.command_palette import CommandPalette
from gui.shell.dialogs.expression import ExpressionDialog
from tests.gui.keys.keys_tools import Press, does, edit_y
from tests.gui.window_tools import CTRL, Key, clipboard, copy, in_dialog, press


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


@does("F2", "Rename: give the selected node, group or region a new name, or edit the note")
@does("F2", "Rename the selected node, group or region, or edit the note")
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


@does("Ctrl+K or Ctrl+Shift+P", "Find anything: search actions, settings, operations, examples, documents and nodes")
def _(w: MainWindow, key: Press) -> None:
    in_dialog(w, CommandPalette, lambda palette: None, key)
