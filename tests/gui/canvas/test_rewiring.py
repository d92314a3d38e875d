"""Delete and join, and swap, on what is selected; copies that stay fed by what fed the originals."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from engine import edits
from engine.files.codec import encode
from engine.files.incoming import decode_incoming, encode_incoming
from engine.graph.records import Edge
from gui.document.clipboard import INCOMING
from gui.main_window import MainWindow
from tests.gui.graphs import product
from tests.gui.window_tools import ALT, CTRL, NONE, SHIFT, Key, close, copy, one_undo_step, open_window, press


@pytest.fixture
def window(qtbot):
    made = open_window(qtbot)
    made.bridge.load(product())
    yield made
    close(made)


def feeds(window: MainWindow, id: str) -> list[str]:
    return [edge.source for edge in window.bridge.now.graph.into(id)]


# --- delete and join, swap


def test_delete_and_join_is_one_step_and_leaves_the_rest_alone(window) -> None:
    before = window.bridge.now.graph
    window.selection.select(["q"])
    press(window, Key.Key_Delete, CTRL)
    assert feeds(window, "f") == ["x", "z"] and set(window.bridge.now.graph.nodes) == set("xyzf")
    one_undo_step(window, before)


def test_swap_says_what_it_needs(window) -> None:
    before = window.bridge.now.graph
    for nodes, said in ((["x"], "x has no two inputs"), (["x", "y"], "Select one node with two inputs")):
        window.selection.select(nodes)
        press(window, Key.Key_X, ALT)
        assert window.status.sentence.text().startswith(said)
    assert window.bridge.now.graph is before


def test_swap_of_a_sum_of_three_asks_for_two_edges(window) -> None:
    window.bridge.edit(lambda graph: edits.connect(graph, "z", "q", 2))
    told = []
    window.canvas.desk.told.connect(told.append)
    window.selection.select(["q"])
    press(window, Key.Key_X, ALT)
    assert told[-1] == "q has 3 inputs: select the two edges that are to change places."
    window.selection.select(edges=[("q", 0), ("q", 2)])
    press(window, Key.Key_X, ALT)
    assert feeds(window, "q") == ["z", "y", "x"]


# --- copies


def test_a_duplicate_stays_fed_and_with_shift_it_does_not(window) -> None:
    before = window.bridge.now.graph
    window.selection.select(["q", "f"])
    press(window, Key.Key_D, CTRL)
    assert feeds(window, "q2") == ["x", "y"] and feeds(window, "f2") == ["q2", "z"]
    one_undo_step(window, before)
    window.selection.select(["f"])
    press(window, Key.Key_D, CTRL | SHIFT)
    assert feeds(window, "f3") == []


def test_what_was_cut_comes_back_fed_as_before(window) -> None:
    window.selection.select(["q"])
    press(window, Key.Key_X, CTRL)
    press(window, Key.Key_V, CTRL)
    assert feeds(window, "q") == ["x", "y"]


def test_what_is_gone_feeds_nothing(window) -> None:
    window.selection.select(["q"])
    press(window, Key.Key_C, CTRL)
    window.selection.select(["x"])
    press(window, Key.Key_Delete, NONE)
    press(window, Key.Key_V, CTRL)
    assert [(edge.source, edge.port) for edge in window.bridge.now.graph.into("q2")] == [("y", 1)]


def test_another_document_with_nodes_of_the_same_names_is_not_wired_to(window) -> None:
    window.selection.select(["q"])
    press(window, Key.Key_C, CTRL)
    window.bridge.load(product())
    press(window, Key.Key_V, CTRL)
    assert "q2" in window.bridge.now.graph.nodes and feeds(window, "q2") == []


@pytest.mark.parametrize(
    "beside",
    [
        b"",
        b"\xff\x00",
        b"[" * 100_000,
        b'{"document": "%s", "edges": 3}',
        b'{"document": "%s", "edges": [["x", "q", 1e999, 0]]}',
        b'{"document": "%s", "edges": [["x", "q", -1, 0], ["f", "q", 0, 9], ["no", "q", 0, 0], ["x", "no", 0, 0]]}',
        b'{"document": "%s", "edges": [["x", "q", 99999999999999999999999, 0]]}',
    ],
)
def test_whatever_lies_beside_a_copy_the_copy_comes_in_whole_or_not_at_all(window, beside) -> None:
    """A clipboard may hold anything, in the name of this document too."""
    window.selection.select(["q"])
    press(window, Key.Key_C, CTRL)
    name = json.loads(bytes(QGuiApplication.clipboard().mimeData().data(INCOMING).data()))["document"]
    before, data = window.bridge.now.graph, QMimeData()
    data.setText(encode(edits.cut_out(before, ["q"])))
    data.setData(INCOMING, beside.replace(b"%s", name.encode()))
    QGuiApplication.clipboard().setMimeData(data)
    press(window, Key.Key_V, CTRL)
    assert "q2" in window.bridge.now.graph.nodes and feeds(window, "q2") == []
    one_undo_step(window, before)
    copy("")  # what Python has made and the clipboard holds is deleted before Python ends, or it crashes


def test_the_edges_beside_a_copy_are_read_back_by_their_document_alone() -> None:
    edges = [Edge("x", "q", 0), Edge("d", "q", 1, 2)]
    data = encode_incoming("mine", edges)
    assert decode_incoming("mine", data) == edges and decode_incoming("yours", data) == []
