"""File: new, open, save, quit."""

from __future__ import annotations

from engine.files import disk
from gui.main_window import MainWindow
from tests.gui.keys.keys_tools import Press, does, edit_y, gates


@does("Ctrl+N", "New: start with an empty canvas")
def _(w: MainWindow, key: Press) -> None:
    key()
    assert not w.bridge.now.graph.nodes


@does("Ctrl+O", "Open")
def _(w: MainWindow, key: Press) -> None:
    w.files.ask.open_path = w.home / "other.gradloom"
    disk.save(gates(), w.files.ask.open_path)
    key()
    assert w.bridge.now.graph == gates()


@does("Ctrl+S", "Save")
def _(w: MainWindow, key: Press) -> None:
    w.files.ask.save_path = w.home / "saved.gradloom"
    key()
    assert disk.load(w.home / "saved.gradloom") == w.bridge.now.graph


@does("Ctrl+Shift+S", "Save as: save to another file")
def _(w: MainWindow, key: Press) -> None:
    w.files.ask.save_path = w.home / "as.gradloom"
    key()
    assert disk.load(w.home / "as.gradloom") == w.bridge.now.graph and w.files.name == "as.gradloom"


@does("Ctrl+Q", "Quit: close Gradloom")
def _(w: MainWindow, key: Press) -> None:
    edit_y(w)
    key()
    assert w.files.ask.asked == ["unsaved"] and w.isVisible(), "cancelled"
