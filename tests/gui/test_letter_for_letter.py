"""A file full of HTML: everything in the window shows it letter for letter, and no file that it names is opened."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QAction, QHelpEvent, Qt, QTextDocumentFragment
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QLineEdit, QMenu, QMessageBox, QToolTip, QWidget

from engine import edits
from engine.errors import EditRefused, FileError
from engine.files import disk
from engine.graph.graph import Graph
from engine.graph.grouping import Group, Note, Region
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.document.errors import Choice, Notice
from gui.look.as_is import as_is, as_read, unmarked
from gui.shell.dialogs.questions import FileQuestions
from tests.gui.window_tools import close, open_window

IN_OPEN = 0x20


class Watch:
    """Whether anybody opens a file: the kernel says so, whoever does it."""

    def __init__(self, path: Path) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._handle = self._libc.inotify_init1(os.O_NONBLOCK)
        assert self._libc.inotify_add_watch(self._handle, os.fsencode(path), IN_OPEN) >= 0

    def opened(self) -> bool:
        try:
            return bool(os.read(self._handle, 4096))
        except BlockingIOError:
            return False

    def close(self) -> None:
        os.close(self._handle)


@pytest.fixture
def bait() -> Iterator[Path]:
    folder = Path(mkdtemp(dir="/tmp"))  # short: what names it is set in formulas too
    picture = folder / "b.png"
    picture.write_bytes(b"not a picture")
    yield picture
    rmtree(folder)


@pytest.fixture
def watch(bait):
    if not sys.platform.startswith("linux"):
        pytest.skip("inotify is Linux's")
    made = Watch(bait)
    yield made
    made.close()


def hostile(bait: Path) -> str:
    return f"<img src='{bait}'><b>&amp;<a href='{bait}'>[*]"


def document(bait: Path) -> Graph:
    """Every text that a file may hold is hostile, and there is something to say about each node."""
    bad = hostile(bait)
    data = (("label", bad), ("name", "csv"), ("path", str(bait.with_suffix(".csv"))))
    nodes = [
        Node("x", "parameter", as_value([1.0, -1.0]), bad + "x", (0.0, 0.0)),
        Node("d", "dataset", None, bad + "d", (0.0, 200.0), data),
        Node("y", "log", None, bad + "y", (300.0, 0.0)),
        Node("s", "add", None, bad + "s", (300.0, 200.0)),
        Node("u", bad, None, bad + "u", (600.0, 0.0), raw={"text": bad}),
    ]  # fmt: skip
    edges = [Edge("x", "y", 0), Edge("x", "s", 0), Edge("d", "s", 1), Edge("y", "u", 0)]
    about = {"training": {"optimizer": bad}, "view": {"text": bad}}
    about |= {"groups": (Group("g1", bad, ("x",)),), "regions": (Region("r1", bad),), "notes": (Note("n1", bad),)}
    return Graph.of(nodes, edges, title=bad, target="y", example={"group": bad, "description": bad}, **about)


@pytest.fixture
def window(qtbot, tmp_path, bait):
    bait.with_suffix(".csv").write_text(f'"{hostile(bait)}",b\n1,2\n3,4\n')
    made = open_window(qtbot)
    path = tmp_path / "<img src='bait.png'> &amp; [*].gradloom"
    disk.save(document(bait), path)
    assert made.files.open(path)
    yield made
    close(made)


# --- everything that is shown


def guessed(text: str) -> bool:
    """Whether Qt would read this as HTML and leave something out."""
    return Qt.mightBeRichText(text) and "<img" in text


def texts(widget: QWidget) -> Iterator[tuple[str, str]]:
    """The texts of a widget that Qt makes guesses about."""
    yield "tool tip", widget.toolTip()
    yield "what's this", widget.whatsThis()
    if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
        yield "label", widget.text()
    for action in widget.actions():
        yield "tool tip of an action", action.toolTip()
    if isinstance(widget, QAbstractItemView) and widget.model() is not None:
        model = widget.model()
        for row in range(min(model.rowCount(), 20)):
            for place in range(min(model.columnCount(), 10)):
                yield "tool tip of an item", str(model.index(row, place).data(Qt.ItemDataRole.ToolTipRole) or "")


def misread() -> list[str]:
    everything = QApplication.allWidgets()
    return [f"{type(w).__name__} {what}: {text}" for w in everything for what, text in texts(w) if guessed(text)]


def shown(widget: QWidget) -> str:
    """All that stands in the labels, buttons and entries of a widget, as the eye reads it."""
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    return "\n".join([*labels, *(as_read(action.text()) for action in widget.findChildren(QAction))])


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


def test_nodes_full_of_html_are_shown_letter_for_letter(window, bait, watch):
    window.canvas.camera.fit_all(animated=False)
    for id in window.bridge.now.graph.nodes:
        window.selection.select([id])
        settle()
        assert not misread()
        fields = "".join(widget.text() for widget in window.findChildren(QLineEdit))
        assert hostile(bait) in shown(window) + window.windowTitle() + fields
        spot = window.canvas.mapFromScene(window.canvas.desk.scene.nodes_rect([id]).center())
        viewport = window.canvas.viewport()
        QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, spot, viewport.mapToGlobal(spot)))
        settle()
        assert not guessed(QToolTip.text())
        QToolTip.hideText()
    assert window.windowTitle().count("[*]") == window.windowTitle().count("[*][*]") * 2 + 1
    assert not watch.opened()


def test_bars_and_menus_show_it_letter_for_letter(window, bait, watch):
    bad = hostile(bait)
    window.show_training()
    window.canvas.camera.fit_all(animated=False)
    window.tell(Notice(bad, bad, choices=(Choice(bad, lambda: None),)))
    window.tell_error(FileError(bad, where=f"$.{bad}"))
    window.bridge.refused.emit(EditRefused(bad, ("x",)))
    window.selection.select(edges=[("y", 0)])
    settle()
    assert not misread()
    assert bad in shown(window)
    window.selection.select(["x", "y"])
    window.bridge.edit(lambda graph: edits.set_value(graph, "x", 2.0))
    menus = {menu.title(): menu for menu in window.findChildren(QMenu)}
    menus["Open recent"].aboutToShow.emit()
    settle()
    entries = [as_read(action.text()) for menu in menus.values() for action in menu.actions()]
    assert window.files.path.name in entries and f"Undo Set {bad}x to 2" in entries
    assert not misread() and not watch.opened()


QUESTIONS = [
    lambda questions, bad: questions.what_about_unsaved(bad),
    lambda questions, bad: questions.may_overwrite(Path(f"/tmp/{bad}")),
    lambda questions, bad: questions.may_revert(bad),
    lambda questions, bad: questions.may_drop(bad, bad),
    lambda questions, bad: questions.recover(bad, bad),
]


def test_questions_show_it_letter_for_letter(qtbot, bait, watch):
    parent = QWidget()
    qtbot.addWidget(parent)
    seen: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        settle()
        read = [QTextDocumentFragment.fromHtml(text).toPlainText() for text in (box.text(), box.informativeText())]
        seen.append("".join(read))
        seen.extend(misread())
        box.reject()

    for ask in QUESTIONS:
        QTimer.singleShot(0, parent, look)
        ask(FileQuestions(parent), hostile(bait))
    assert len(seen) == len(QUESTIONS) and all("<img src='/" in text for text in seen)
    assert not watch.opened()


def test_the_watch_sees_a_label_that_is_not_plain(qtbot, bait, watch):
    """Or the tests above could not fail."""
    label = QLabel(hostile(bait))
    qtbot.addWidget(label)
    label.show()
    settle()
    assert watch.opened()
    assert misread()


def test_what_is_spelled_for_qt_reads_back_as_it_was(bait):
    for text in (hostile(bait), "a & b", "&&", "two\nlines <b>", "  spaces <i>  ", ""):
        spelled = as_is(text)
        read = QTextDocumentFragment.fromHtml(spelled).toPlainText() if Qt.mightBeRichText(spelled) else spelled
        assert read == text
        assert as_read(unmarked(text)) == text
