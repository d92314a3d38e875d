"""Edit ▸ Select: all, the rest, what feeds and is fed, paths, nodes of one kind."""

from __future__ import annotations

from gui.main_window import MainWindow
from tests.gui.keys.keys_tools import Press, does


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
