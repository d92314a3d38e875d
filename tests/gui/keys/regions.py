"""Graph: regions and notes."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine import edits
from gui.main_window import MainWindow
from tests.gui.keys.keys_tools import Press, does
from tests.gui.window_tools import CTRL, Key, press


@does("Ctrl+Shift+R", "Region: put a box round the selected nodes, or draw one: it carries what is in it along")
def _(w: MainWindow, key: Press) -> None:
    w.selection.select(["x", "y"])
    key()
    QTest.keyClicks(QApplication.focusWidget(), "Data")
    press(w, Key.Key_Return)
    (region,) = w.bridge.now.graph.regions.values()
    assert region.title == "Data" and region.holds(w.bridge.now.graph.nodes["x"].pos)


@does("Ctrl+Shift+N", "Note: write a note on the canvas")
def _(w: MainWindow, key: Press) -> None:
    key()
    QTest.keyClicks(QApplication.focusWidget(), "A product")
    press(w, Key.Key_Return, CTRL)
    assert [note.text for note in w.bridge.now.graph.notes.values()] == ["A product"]


@does("Ctrl+PgDown", "Go to the next region or note: select the next region, note or open group")
@does("Ctrl+PgUp", "Go to the region or note before: select the region, note or open group before")
def _(w: MainWindow, key: Press) -> None:
    for x in (0, 300):
        w.bridge.edit(lambda graph, x=x: edits.make_note(graph, f"at {x}", (x, 400)))
    key()
    first = w.selection.asides
    key()
    assert {*first, *w.selection.asides} == {("note", "n1"), ("note", "n2")}
