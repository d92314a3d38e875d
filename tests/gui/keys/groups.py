"""Graph: groups."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine import edits
from gui.main_window import MainWindow
from tests.gui.keys.keys_tools import Press, does
from tests.gui.window_tools import CTRL, Key, press
from tests.networks import shipped


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


def data_group(w: MainWindow) -> None:
    """x and y are a group, and selected."""
    w.bridge.edit(lambda graph: edits.make_group(graph, ["x", "y"], title="Data"))
    w.selection.select(["x", "y"])


@does("F7", "Open the selected group, or fold the group that the selected nodes are in")
@does("F7", "Fold or open: show a group as one card, or open its card where it stands")
def _(w: MainWindow, key: Press) -> None:
    data_group(w)
    key()
    assert w.bridge.now.graph.groups["g1"].folded and len(w.canvas.scene().node_items) == 4
    key()
    assert not w.bridge.now.graph.groups["g1"].folded and len(w.canvas.scene().node_items) == 5


@does("F8", "Look into the selected group; Esc leads back")
@does("F8", "Look into: show what is in a group alone; Esc leads back")
def _(w: MainWindow, key: Press) -> None:
    data_group(w)
    key()
    assert w.canvas.desk.showing.within == "g1"
    press(w, Key.Key_Escape)
    press(w, Key.Key_Escape)
    assert w.canvas.desk.showing.within is None


@does("Ctrl+F7", "Fold all: show every group as one card")
def _(w: MainWindow, key: Press) -> None:
    data_group(w)
    w.selection.select()
    key()
    assert w.bridge.now.graph.groups["g1"].folded


@does("Shift+F7", "Fold the innermost: show the innermost open groups as cards; again: those round them")
def _(w: MainWindow, key: Press) -> None:
    data_group(w)
    w.bridge.edit(lambda graph: edits.make_group(graph, ["x"], title="Inner"))
    folded = lambda: {group.title for group in w.bridge.now.graph.groups.values() if group.folded}  # noqa: E731
    key()
    assert folded() == {"Inner"}
    key()
    assert folded() == {"Inner", "Data"}
    press(w, Key.Key_Z, CTRL)
    assert folded() == {"Inner"}


@does("Ctrl+Shift+F7", "Open all: open every card that is seen; where all would be very small so, it is arranged")
def _(w: MainWindow, key: Press) -> None:
    data_group(w)
    w.bridge.edit(lambda graph: edits.fold_in_place(graph, ["g1"]))
    key()
    assert not w.bridge.now.graph.groups["g1"].folded
    assert not w.selection.nodes, "nobody has chosen any of them"


@does("Ctrl+Alt+G", "Find groups: make groups of the neurons, layers and losses that are found, and fold them")
def _(w: MainWindow, key: Press) -> None:
    w.bridge.load(shipped("neuron"))
    key()
    (group,) = w.bridge.now.graph.groups.values()
    assert group.folded and not w.bridge.now.graph.grouping.within(group.id) <= {"input"}
