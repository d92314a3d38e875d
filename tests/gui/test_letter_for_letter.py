"""A file full of HTML: everything in the window shows it letter for letter, and no file that it names is opened."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QTimer
from PySide6.QtGui import QAction, QHelpEvent, Qt, QTextDocumentFragment
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QMenu, QMessageBox, QToolTip, QWidget

from engine.errors import EditRefused, FileError
from engine.files import disk
from engine.graph.graph import Graph
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
def bait(tmp_path) -> Path:
    picture = tmp_path / "bait.png"
    picture.write_bytes(b"not a picture")
    return picture


@pytest.fixture
def watch(bait):
    if not sys.platform.startswith("linux"):
        pytest.skip("inotify is Linux's")
    made = Watch(bait)
    yield made
    made.close()


def hostile(bait: Path) -> str:
    return f"<img src='file://{bait}'> <b>B</b> &amp; <a href='file://{bait}'>A</a> [*] %1"


def document(bait: Path) -> Graph:
    """Every text that a file may hold is hostile, and there is something to say about each node."""
    bad = hostile(bait)
    data = (("label", bad), ("name", "csv"), ("path", str(bait.with_suffix(".csv"))))
    nodes = [
        Node("x", "parameter", as_value([1.0, -1.0]), bad + "x", (0.0, 0.0)),
        Node("d", "dataset", None, bad + "d", (0.0, 200.0), data),
        Node("y", "log", None, bad + "y", (300.0, 0.0)),
        Node("s", "add", None, bad + "s", (300.0, 200.0)),
        Node("u", "<i>new</i>" + bad[:80], None, bad + "u", (600.0, 0.0), raw={"text": bad}),
    ]  # fmt: skip
    edges = [Edge("x", "y", 0), Edge("x", "s", 0), Edge("d", "s", 1), Edge("y", "u", 0)]
    about = {"training": {"optimizer": bad}, "view": {"text": bad}, "regions": ({"title": bad, "nodes": ["x"]},)}
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


@pytest.mark.parametrize("id", ["x", "d", "y", "s", "u"])
def test_a_node_full_of_html_is_shown_letter_for_letter(window, bait, watch, id):
    window.canvas.camera.fit_all(animated=False)
    window.selection.select([id])
    settle()
    assert not misread()
    assert hostile(bait) in shown(window) + window.windowTitle() + "".join(
        widget.text() for widget in window.findChildren(QWidget) if hasattr(widget, "displayText")
    )
    spot = window.canvas.mapFromScene(window.canvas.desk.scene.nodes_rect([id]).center())
    viewport = window.canvas.viewport()
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, spot, viewport.mapToGlobal(spot)))
    settle()
    assert not guessed(QToolTip.text())
    assert not watch.opened()
    QToolTip.hideText()


def test_panels_and_bars_show_it_letter_for_letter(window, bait, watch):
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
    settle()
    assert not misread() and not watch.opened()


def test_menus_show_it_letter_for_letter(window, bait, watch):
    label = window.bridge.now.graph.nodes["x"].label
    window.selection.select(["x"])
    from engine import edits

    window.bridge.edit(lambda graph: edits.set_value(graph, "x", 2.0))
    recent = next(menu for menu in window.findChildren(QMenu) if menu.title() == "Open recent")
    recent.aboutToShow.emit()
    entries = [as_read(action.text()) for menu in window.findChildren(QMenu) for action in menu.actions()]
    assert window.files.path.name in entries
    assert any(entry == f"Undo Set {label} to 2" for entry in entries)
    menu = window.canvas.menus.edge_menu(("y", 0)) if hasattr(window.canvas, "menus") else None
    assert menu is None or f"Go to {label}" in [as_read(action.text()) for action in menu.actions()]
    settle()
    assert not misread() and not watch.opened()


def test_the_title_of_the_window_keeps_what_qt_takes_for_a_mark(window):
    assert window.windowTitle().count("[*]") == window.windowTitle().count("[*][*]") * 2 + 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda questions, bad: questions.what_about_unsaved(bad),
        lambda questions, bad: questions.may_overwrite(Path(f"/tmp/{bad.replace('/', '')}")),
        lambda questions, bad: questions.may_revert(bad),
        lambda questions, bad: questions.may_drop(bad, bad),
        lambda questions, bad: questions.recover(bad, bad),
    ],
)
def test_a_question_shows_it_letter_for_letter(window, bait, watch, ask):
    seen: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        settle()
        seen.extend(QTextDocumentFragment.fromHtml(text).toPlainText() for text in (box.text(), box.informativeText()))
        seen.extend(misread())
        box.reject()

    QTimer.singleShot(0, window, look)
    ask(FileQuestions(window), hostile(bait))
    assert "<img src='file:" in "".join(seen) and len(seen) == 2
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


def test_a_tip_of_a_spot_without_anything_is_none(window):
    viewport = window.canvas.viewport()
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), viewport.mapToGlobal(QPoint(2, 2))))
    assert not guessed(QToolTip.text())
