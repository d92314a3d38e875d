"""File: new, open, save, quit."""

from __future__ import annotations

from PySide6.QtTest import QTest

from engine import edits
from engine.files import disk
from gui.main_window import MainWindow
from gui.shell.closing import take_down
from tests.gui.keys.keys_tools import Press, does, edit_y, gates
from tests.gui.tabs_tools import open_tabs


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


def three_tabs(w: MainWindow, key: Press, expected: list[str]) -> None:
    """In a window with three documents, the second in front, the keys lead to what is expected."""
    tabs = open_tabs()
    try:
        for name in ("a", "b", "c"):
            tabs.new()
            tabs.current.bridge.edit(lambda graph, name=name: edits.add_node(graph, "input", (0, 0), id=name))
        tabs.show_page(tabs.pages[1])
        tabs.current.files.ask.unsaved = "discard"
        key()
        assert [next(iter(page.bridge.now.graph.nodes)) for page in (tabs.current, *tabs.pages)] == expected
    finally:
        tabs.closing.end()
        take_down(tabs)
        w.activateWindow()
        QTest.qWaitForWindowActive(w)


@does("Ctrl+W", "Close document: its tab goes; what becomes of unsaved work is asked")
def _(w: MainWindow, key: Press) -> None:
    three_tabs(w, key, ["c", "a", "c"])


@does("Ctrl+Tab", "Next document: bring the document of the next tab to the front")
def _(w: MainWindow, key: Press) -> None:
    three_tabs(w, key, ["c", "a", "b", "c"])


@does("Ctrl+Shift+Tab", "Previous document: bring the document of the tab before to the front")
def _(w: MainWindow, key: Press) -> None:
    three_tabs(w, key, ["a", "a", "b", "c"])
