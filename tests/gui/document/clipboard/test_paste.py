"""Pasted and dropped text becomes nodes, or one sentence that says where it cannot be read."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint
from PySide6.QtWidgets import QApplication

from engine.graph.graph import Graph
from engine.layout.layout import NODE_WIDTH
from gui.main_window import MainWindow
from tests.gui.graphs import product
from tests.gui.window_tools import CTRL, Key, clipboard, copy, give, one_undo_step, paste, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a screen that is none, of menus


MICROGRAD = """
from micrograd.engine import Value
a = Value(-4.0)
b = Value(2.0)
c = a * b + b**3
d = (c - a).relu()
d.backward()
print(a.grad)
"""
PYTORCH = """
import torch.nn.functional as F
h = F.relu(x @ W.T + b)
loss = F.mse_loss(torch.sigmoid(h), t)
"""


@pytest.mark.parametrize(
    ("text", "target", "value"),
    [
        ("(x + y) * z", "mul", 2.0),
        ("q = x + y\nf = q * 3", "f", 6.0),
        ("q = x + y; f = q * 3", "f", 6.0),
        (MICROGRAD, "d", 4.0),
        (PYTORCH, "loss", (1 / (1 + np.exp(-3.0)) - 1) ** 2),
    ],
)
def test_a_text_becomes_nodes_with_live_numbers_in_one_undo_step(window, text, target, value):
    paste(window, text)
    graph = window.bridge.now.graph
    assert graph.target == target
    assert float(window.bridge.now.trace.value(target)) == pytest.approx(value)
    assert window.selection.nodes == set(graph.nodes)
    assert len({node.pos for node in graph.nodes.values()}) == len(graph.nodes)
    assert window.canvas.camera.visible_scene().contains(window.canvas.scene().nodes_rect(graph.nodes))
    one_undo_step(window, Graph())


def test_the_seed_of_a_program_comes_too(window):
    paste(window, "f = x * 2; f.backward(10)")
    assert float(window.bridge.now.trace.gradient("x")) == 20
    one_undo_step(window, Graph())


def test_graph_text_pastes_beside_what_is_there(product_window, choose):
    choose(product_window, "Edit", "Copy as", "Graph text")
    press(product_window, Key.Key_V, CTRL)
    graph = product_window.bridge.now.graph
    assert len(graph.nodes) == 10 and graph.target == "f" and len(graph.edges) == 8
    assert len({node.pos for node in graph.nodes.values()}) == 10
    assert product_window.selection.nodes == set(graph.nodes) - set(product().nodes)
    one_undo_step(product_window, product())


def test_what_comes_in_covers_nothing_that_is_there(product_window):
    for _ in range(3):
        paste(product_window, "(sigmoid(w*x + b) - t)**2")
        items = product_window.canvas.scene().node_items.values()
        cards = [item.card() for item in items]
        assert not any(one.intersects(other) for one, other in itertools.combinations(cards, 2))
        came = product_window.canvas.scene().nodes_rect(product_window.selection.nodes)
        assert product_window.canvas.camera.visible_scene().contains(came)


def test_the_status_bar_says_which_leaves_got_a_value(window):
    paste(window, "f = x * w * 3")
    assert window.status.sentence.text() == "Added 5 nodes. x and w had no value: they hold 1 until you type a value."
    paste(window, "g = 2 * 3")
    assert window.status.sentence.text() == "Added 3 nodes."


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("q = x + y\nf = q * foo(z)", "line 2, column 9", "foo"),
        ("a = 1\nb = a +\n", "line 2", "cannot be read"),
        ("__import__('os').system('touch /tmp/x')", "line 1, column 1", "there is no operation"),
        ("f = x.__class__", "line 1, column 5", "__class__"),
        ("x+" * 5_000_000 + "x", "", "too long"),
        ("(" * 5000 + "x" + ")" * 5000, "line 1, column 81", "nested too deeply"),
        ('{"format": "gradloom", "version": 1, "nodes": [{"id": 7, "op": "add"}]}', "$.nodes[0].id", "expected text"),
        ("{" * 1000, "line 1", "JSON"),
        ("https://example.org/a/b", "line 1", "cannot be read"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place_and_nothing_is_added(product_window, text, place, reason):
    product_window.selection.select(["x"])
    paste(product_window, text)
    said = product_window.messages.sentence.text()
    assert product_window.messages.isVisible() and said.startswith("Nothing was pasted: ") and len(said) < 300
    assert place in said and reason in said
    assert product_window.bridge.now.graph == product() and product_window.selection.nodes == {"x"}
    assert not product_window.action_set.by_id["undo"].isEnabled()
    paste(product_window, "a * b")
    assert not product_window.messages.isVisible()


def test_in_a_text_field_it_is_the_text_that_is_pasted(window):
    press(window, Key.Key_Tab)
    paste(window, "sigmoid")
    assert QApplication.focusWidget().text() == "sigmoid" and not window.bridge.now.graph.nodes


def test_an_empty_clipboard_pastes_nothing(product_window):
    paste(product_window, " \n ")
    assert product_window.bridge.now.graph == product() and not product_window.messages.isVisible()


def test_text_from_another_program_is_dropped_where_the_hand_is(product_window):
    canvas, data = product_window.canvas, QMimeData()
    data.setText("relu(p)")
    spot = QPoint(420, 90)
    place = canvas.mapToScene(spot)
    assert give(canvas.viewport(), data, spot)
    card = canvas.scene().nodes_rect(product_window.selection.nodes)
    assert {product_window.bridge.now.graph.nodes[id].op_name for id in product_window.selection.nodes} == {
        "input",
        "relu",
    }
    assert abs(card.center().x() - place.x()) < NODE_WIDTH / 2 and abs(card.center().y() - place.y()) < 60
    one_undo_step(product_window, product())


def test_dropped_text_that_is_no_graph_is_told(product_window):
    data = QMimeData()
    data.setText("two words")
    assert give(product_window.canvas.viewport(), data, QPoint(200, 200))
    assert "line 1, column 5" in product_window.messages.sentence.text()
    assert product_window.bridge.now.graph == product()


def test_nothing_happens_when_nothing_was_copied_yet(product_window: MainWindow) -> None:
    QApplication.clipboard().clear()
    assert QApplication.clipboard().mimeData() is None
    before = product_window.bridge.now.graph
    press(product_window, Key.Key_V, CTRL)
    assert product_window.bridge.now.graph is before


# --- at the end


def copied_nodes(window: MainWindow) -> list[str]:
    """The kinds of what is on the clipboard, after q was copied."""
    window.selection.select(["q"])
    press(window, Key.Key_C, CTRL)
    return QApplication.clipboard().mimeData().formats()


def test_copied_nodes_are_left_as_text_when_the_window_ends(product_window: MainWindow) -> None:
    """Qt may delete what is on the clipboard after Python has ended, which crashes if Python has made it."""
    assert len(copied_nodes(product_window)) == 2
    text = clipboard()
    product_window.close()
    assert QApplication.clipboard().mimeData().formats() == ["text/plain"] and clipboard() == text


def test_what_another_has_copied_since_stays_when_the_window_ends(product_window: MainWindow) -> None:
    kinds, theirs = copied_nodes(product_window), QMimeData()
    theirs.setText("theirs")
    theirs.setData(kinds[1], b"of another window")
    QApplication.clipboard().setMimeData(theirs)
    product_window.close()
    assert QApplication.clipboard().mimeData().data(kinds[1]) == b"of another window"
    copy("")  # or this one would be there when Python ends
