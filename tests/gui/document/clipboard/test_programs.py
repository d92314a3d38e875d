"""Programs and models as files: opened, dropped, and never over unsaved work."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint

from engine.files import disk
from gui.document import recent
from tests.gui.graphs import product
from tests.gui.window_tools import CTRL, Key, file_data, give, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a screen that is none, of menus


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
