"""Graph: groups."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine import edits
from gui.main_window import MainWindow
from tests.gui.keys.keys_tools import Press, does
from tests.gui.window_tools import CTRL, Key, press


@does("Ctrl+G", "Group: make a group of the selected nodes, and name it")
def _(w: MainWindow, key: Press) -> None:
    before = w.bridge.now.graph
    w.selection.select(["x", "y"])
    key()
    QTest.keyClicks(QApplication.focusWidget(), "Data")
    press(w, Key.Key_Return)
    (group,) = w.bridge.now.graph.groups.values()
    assert group.title == "Data" and set(group.nodes) == {"x", "y"}
    press(w, Key.Key_Z, CTRL)
    assert w.bridge.now.graph == before


@does("Ctrl+Shift+G", "Ungroup: take the selected groups apart; what is in them stays")
def _(w: MainWindow, key: Press) -> None:
    before = w.bridge.now.graph
    w.bridge.edit(lambda graph: edits.make_group(graph, ["x", "y"], title="Data"))
    w.selection.select(["x", "y"])
    key()
    assert w.bridge.now.graph == before
