"""File ▸ Export and Edit ▸ Copy as: every target from the menu, into a file or onto the clipboard."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

import engine
from engine.export import EXPORTS, export_graph
from engine.files.codec import decode
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.text.read import parse
from gui.shell.dialogs.questions import FileQuestions
from tests.engine.export.test_export_numpy import executed
from tests.gui.graphs import product
from tests.gui.window_tools import CTRL, Key, clipboard, copy, paste, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a screen that is none, of menus
TEXTS = [target for target in EXPORTS.values() if not target.binary]


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
    "web": lambda data: data.startswith(b"<!doctype html>") and b"default-src 'none'" in data,
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
    if not target.binary and name != "web":  # that page has its labels where the canvas has them
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


def test_what_is_unfinished_goes_out_as_graph_text(window, choose, tmp_path: Path):
    window.bridge.load(Graph.of([Node("q", "add"), Node("x", "input", np.float64(2))]))
    window.canvas.setFocus()
    choose(window, "Edit", "Copy as", "Graph text")
    assert set(decode(clipboard()).nodes) == {"q", "x"}
    choose(window, "Edit", "Copy as", "Program text")
    assert "“q” is not finished" in window.messages.sentence.text()
