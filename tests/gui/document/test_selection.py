"""What is selected is there."""

from __future__ import annotations

from engine import edits
from engine.session import Session
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from tests.gui.graphs import product


def test_what_went_between_press_and_release_is_not_selected(qtbot):
    bridge = Bridge(Session(product()))
    selection = Selection(bridge)
    bridge.edit(lambda graph: edits.delete(graph, ["x"]))
    selection.select(["x", "y"], [("q", 0), ("q", 1)])
    assert (selection.nodes, selection.edges) == (frozenset({"y"}), frozenset({("q", 1)}))
    selection.reveal(["x"])
    assert selection.nodes == frozenset()
