"""Text and code in and out of the window: exports, copy as, paste, dropped text, programs as files."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

import engine
from engine.export import EXPORTS, export_graph
from engine.files import disk
from engine.files.codec import decode
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.layout.layout import NODE_WIDTH
from engine.text.read import parse
from gui.document import recent
from gui.main_window import MainWindow
from gui.shell.dialogs.questions import FileQuestions
from tests.engine.export.test_export_numpy import executed
from tests.gui.graphs import product
from tests.gui.window_tools import CTRL, LEFT, NONE, Key, clipboard, copy, file_data, give, one_undo_step, paste, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a screen that is none, of menus
TEXTS = [target for target in EXPORTS.values() if not target.binary]


@pytest.fixture
def choose(qtbot) -> Callable[..., None]:
    """Click through the menus as a hand does: `choose(window, "File", "Export", "Graphviz…")`."""

    def click(window: MainWindow, *texts: str) -> None:
        bar = window.menuBar()
        (top,) = [action for action in bar.actions() if action.text().replace("&", "") == texts[0]]
        QTest.mouseClick(bar, LEFT, NONE, bar.actionGeometry(top).center())
        menu = top.menu()
        for text in texts[1:]:
            assert isinstance(menu, QMenu)
            qtbot.waitUntil(menu.isVisible)
            (entry,) = [action for action in menu.actions() if action.text() == text]
            QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(entry).center())
            menu = entry.menu()

    return click


# --- export

MODEL = "onnx"
READERS: dict[str, Callable[[bytes], object]] = {
    "numpy": lambda data: float(executed(data.decode())["gradients"]["x"]) == -4,
    "torch": lambda data: compile(data, "export", "exec"),
    "jax": lambda data: compile(data, "export", "exec"),
    "micrograd": lambda data: compile(data, "export", "exec"),
    "latex": lambda data: data.rstrip().endswith(rb"\end{document}"),
    "dot": lambda data: data.startswith(b"digraph"),
    "mermaid": lambda data: b"-->" in data,
    "text": lambda data: parse(data.decode()).edges == product().edges,
    "gradloom": lambda data: decode(data) == product(),
    "json": lambda data: json.loads(data)["target"] == "f",
    "csv": lambda data: len(list(csv.reader(io.StringIO(data.decode())))) > 10,
    MODEL: lambda data: read_model(data),
}


def read_model(data: bytes) -> bool:
    from engine.files.onnx.read import read_onnx

    return float(engine.run(read_onnx(data)).value("f")) == -12


@pytest.mark.parametrize("name", EXPORTS)
def test_every_export_of_the_table_is_in_the_menu_and_writes_its_file(product_window, choose, tmp_path, name):
    target, path = EXPORTS[name], tmp_path / f"out{EXPORTS[name].ending}"
    product_window.files.ask.save_path = path
    choose(product_window, "File", "Export", f"{target.title}…")
    assert product_window.files.ask.asked == [f"export {name}"]
    assert product_window.files.ask.suggested == tmp_path / f"product{target.ending}"
    assert product_window.status.sentence.text() == f"Exported to {path}"
    assert READERS[name](path.read_bytes())
    if not target.binary:
        assert path.read_bytes() == str(export_graph(product(), name)).encode()
    assert product_window.bridge.now.graph == product() and not product_window.isWindowModified()


def test_an_export_is_in_the_command_palette(product_window, tmp_path):
    from gui.shell.command_palette import CommandPalette

    def type_and_enter() -> None:
        field = product_window.findChild(CommandPalette).findChild(QLineEdit)
        QTest.keyClicks(field, "export: latex")
        QTest.keyClick(field, Key.Key_Return)

    product_window.files.ask.save_path = tmp_path / "out.tex"
    QTimer.singleShot(0, product_window, type_and_enter)
    press(product_window, Key.Key_K, CTRL)
    assert (tmp_path / "out.tex").read_text("utf-8").endswith("\\end{document}\n")


def test_what_a_target_cannot_say_is_one_sentence_and_no_file(window, choose, tmp_path):
    paste(window, "f = softmax(x)")
    window.files.ask.save_path = tmp_path / "out.py"
    choose(window, "File", "Export", "micrograd code…")
    assert "softmax" in window.messages.sentence.text().lower() and window.messages.isVisible()
    assert window.files.ask.asked == [] and not (tmp_path / "out.py").exists()


def test_a_file_that_is_there_is_only_replaced_when_one_says_so(product_window, choose, tmp_path):
    path = product_window.files.ask.save_path = tmp_path / "out.dot"
    path.write_text("mine")
    choose(product_window, "File", "Export", "Graphviz…")
    assert product_window.files.ask.asked == ["export dot", "overwrite"] and path.read_text() == "mine"
    product_window.files.ask.overwrite = True
    choose(product_window, "File", "Export", "Graphviz…")
    assert path.read_text("utf-8").startswith("digraph")


def test_a_file_that_cannot_be_written_is_told(product_window, choose, tmp_path):
    product_window.files.ask.save_path = tmp_path / "nowhere" / "out.dot"
    choose(product_window, "File", "Export", "Graphviz…")
    assert "cannot be written" in product_window.messages.sentence.text()
    assert product_window.status.sentence.text() == ""


def test_cancelling_the_save_dialog_writes_nothing(product_window, choose, tmp_path):
    choose(product_window, "File", "Export", "Graphviz…")
    assert product_window.files.ask.asked == ["export dot"] and product_window.status.sentence.text() == ""
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("product")] == ["product.gradloom"]


def test_the_save_dialog_suggests_a_name_with_the_right_ending(product_window, choose, tmp_path):
    def accept() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:  # the menus are still being clicked through
            QTimer.singleShot(10, product_window, accept)
            return
        try:
            assert "NumPy" in dialog.windowTitle()
            fields = [field for field in dialog.findChildren(QLineEdit) if field.text() == "product.py"]
            fields[0].setText("mine")
            QTest.keyClick(fields[0], Key.Key_Return)
        finally:
            if dialog.isVisible():
                dialog.reject()

    product_window.files.ask = FileQuestions(product_window)
    QTimer.singleShot(0, product_window, accept)
    choose(product_window, "File", "Export", "NumPy program…")
    assert executed((tmp_path / "mine.py").read_text("utf-8"))["gradients"]["z"] == 3


def test_nothing_is_exported_of_nothing(window):
    for target in EXPORTS:
        assert not window.action_set.by_id[f"export_{target}"].isEnabled()


# --- copy as


@pytest.mark.parametrize("target", TEXTS, ids=lambda target: target.name)
def test_copy_as_puts_the_whole_graph_on_the_clipboard(product_window, choose, target):
    title = "Graph text" if target.name == "gradloom" else target.title
    choose(product_window, "Edit", "Copy as", title)
    assert clipboard() == export_graph(product(), target.name)
    assert product_window.status.sentence.text().startswith("Copied 5 nodes")


def test_graph_text_is_of_the_selection_and_code_of_the_whole_graph(product_window, choose):
    product_window.selection.select(["x", "y", "q"])
    choose(product_window, "Edit", "Copy as", "Graph text")
    assert set(decode(clipboard()).nodes) == {"x", "y", "q"}
    choose(product_window, "Edit", "Copy as", "NumPy program")
    assert executed(clipboard())["gradients"]["z"] == 3


def test_what_cannot_be_copied_leaves_the_clipboard(window, choose):
    paste(window, "f = softmax(x)")
    copy("mine")
    choose(window, "Edit", "Copy as", "micrograd code")
    assert clipboard() == "mine" and "softmax" in window.messages.sentence.text()


# --- paste

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


# --- programs and models as files


def test_a_program_opens_as_an_untitled_document_that_saves_under_its_own_name(window, tmp_path):
    program = tmp_path / "net.py"
    program.write_text("q = x + y\nf = q * 3\n", "utf-8")
    window.files.ask.open_path = program
    press(window, Key.Key_O, CTRL)
    assert float(window.bridge.now.trace.value("f")) == 6
    assert window.windowTitle() == "net[*] — Gradloom" and window.files.path is None
    assert "x and y had no value" in window.status.sentence.text() and recent.recent() == [program]
    window.files.ask.save_path = tmp_path / "net.gradloom"
    press(window, Key.Key_S, CTRL)
    assert window.files.ask.asked == ["open", "save"] and window.files.ask.suggested.name == "net.gradloom"
    assert disk.load(tmp_path / "net.gradloom") == window.bridge.now.graph
    assert program.read_text("utf-8") == "q = x + y\nf = q * 3\n"


def test_a_program_that_is_not_understood_leaves_the_open_document(product_window, tmp_path):
    (tmp_path / "bad.txt").write_text("a = 1\nb = foo(a)", "utf-8")
    product_window.files.ask.open_path = tmp_path / "bad.txt"
    press(product_window, Key.Key_O, CTRL)
    said = product_window.messages.sentence.text()
    assert "bad.txt" in said and "line 2, column 5" in said and product_window.bridge.now.graph == product()


def test_a_dropped_program_is_opened_but_never_over_unsaved_work(product_window, tmp_path):
    (tmp_path / "net.txt").write_text("g = sigmoid(2)", "utf-8")
    product_window.selection.select(["x"])
    press(product_window, Key.Key_Delete)
    changed = product_window.bridge.now.graph
    assert give(product_window.canvas.viewport(), file_data(tmp_path / "net.txt"), QPoint(200, 200))
    assert product_window.files.ask.asked == ["unsaved"] and product_window.bridge.now.graph == changed
    product_window.files.ask.unsaved = "discard"
    assert give(product_window.canvas.viewport(), file_data(tmp_path / "net.txt"), QPoint(200, 200))
    assert product_window.bridge.now.graph.target == "g"


def test_a_model_comes_back_as_it_went(product_window, choose, tmp_path):
    path = product_window.files.ask.save_path = tmp_path / "model.onnx"
    choose(product_window, "File", "Export", "ONNX model…")
    assert give(product_window.canvas.viewport(), file_data(path), QPoint(200, 200))
    graph = product_window.bridge.now.graph
    assert float(product_window.bridge.now.trace.value(graph.target)) == -12
    assert {id: node.op_name for id, node in graph.nodes.items()} == {
        id: n.op_name for id, n in product().nodes.items()
    }


def test_a_model_without_the_package_is_a_sentence(product_window, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "onnx", None)  # as if it were not installed
    (tmp_path / "model.onnx").write_bytes(b"\x08\x08")
    assert give(product_window.canvas.viewport(), file_data(tmp_path / "model.onnx"), QPoint(200, 200))
    assert "install gradloom[onnx]" in product_window.messages.sentence.text()
    assert product_window.bridge.now.graph == product()


def test_what_is_unfinished_goes_out_as_graph_text(window, choose, tmp_path: Path):
    window.bridge.load(Graph.of([Node("q", "add"), Node("x", "input", np.float64(2))]))
    window.canvas.setFocus()
    choose(window, "Edit", "Copy as", "Graph text")
    assert set(decode(clipboard()).nodes) == {"q", "x"}
    choose(window, "Edit", "Copy as", "Program text")
    assert "“q” is not finished" in window.messages.sentence.text()


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
