"""The library of blocks in the palette: shipped ones and one's own, dragged in, renamed, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.qtbot import QtBot

from engine import edits
from gui.document.blocks import BlockCard
from gui.main_window import MainWindow
from gui.panels.palette import OP_ROLE
from gui.widgets.name_dialog import NameDialog
from gui.widgets.op_card import BLOCK_MIME
from tests.gui.graphs import product
from tests.gui.window_tools import CTRL, LEFT, NONE, Key, close, open_window, press


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("GRADLOOM_CONFIG_DIR", str(tmp_path / "config"))
    made = open_window(qtbot)
    yield made
    close(made)


def cards(window: MainWindow) -> dict[str, BlockCard]:
    """The blocks that the palette lists, by title."""
    model = window.ops.findChild(QListView).model()
    listed = (model.index(row, 0).data(OP_ROLE) for row in range(model.rowCount()))
    return {card.title: card for card in listed if isinstance(card, BlockCard)}


def drop(window: MainWindow, card: BlockCard, spot: QPoint) -> None:
    data = QMimeData()
    data.setData(BLOCK_MIME, card.name.encode())
    args = (Qt.DropAction.CopyAction, data, LEFT, NONE)
    surface = window.canvas.viewport()
    QApplication.sendEvent(surface, QDragEnterEvent(spot, *args))
    QApplication.sendEvent(surface, QDragMoveEvent(spot, *args))
    QApplication.sendEvent(surface, QDropEvent(QPointF(spot), *args))


def keep_q_and_f(window: MainWindow) -> None:
    window.bridge.load(product())
    window.bridge.edit(lambda graph: edits.make_group(graph, ["q", "f"], title="My product"))
    window.selection.select(["q", "f"])
    window.action_set.by_id["keep_block"].trigger()


def entries(window: MainWindow, title: str) -> dict[str, QAction]:
    """The menu of a row under the mouse, which is open since."""
    listed = window.ops.findChild(QListView)
    rows = (listed.model().index(row, 0) for row in range(listed.model().rowCount()))
    index = next(row for row in rows if row.data() == title)
    listed.scrollTo(index)
    spot = listed.visualRect(index).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, listed.viewport().mapToGlobal(spot))
    QApplication.sendEvent(listed.viewport(), event)
    return {action.text(): action for action in QApplication.activePopupWidget().actions()}


def close_menu() -> None:
    if (menu := QApplication.activePopupWidget()) is not None:
        menu.close()


def test_the_shipped_ones_are_listed_and_found(window: MainWindow) -> None:
    assert {"Neuron", "Dense layer"} <= set(cards(window))
    window.ops.focus_search()
    QTest.keyClicks(QApplication.focusWidget(), "residual")
    assert len(cards(window)) == 1


def test_one_is_dragged_onto_the_canvas_in_one_step(window: MainWindow) -> None:
    before = window.bridge.now.graph
    drop(window, cards(window)["Neuron"], QPoint(200, 200))
    graph = window.bridge.now.graph
    (group,) = graph.groups.values()
    assert group.title == "Neuron" and len(graph.nodes) > len(group.nodes)
    assert window.selection.nodes == set(graph.nodes)
    press(window, Key.Key_Z, CTRL)
    assert window.bridge.now.graph == before


def test_a_ghost_shows_where_it_will_be(window: MainWindow) -> None:
    window.bridge.load(product())
    surface, spot = window.canvas.viewport(), QPoint(200, 200)
    data = QMimeData()
    data.setData(BLOCK_MIME, cards(window)["Neuron"].name.encode())
    args = (Qt.DropAction.CopyAction, data, LEFT, NONE)
    bare = surface.grab().toImage()
    QApplication.sendEvent(surface, QDragEnterEvent(QPoint(10, 10), *args))
    QApplication.sendEvent(surface, QDragMoveEvent(spot, *args))
    assert surface.grab().toImage() != bare
    ghost = window.canvas.tools.state.pos
    QApplication.sendEvent(surface, QDropEvent(QPointF(spot), *args))
    new = [node.pos for id, node in window.bridge.now.graph.nodes.items() if id not in product().nodes]
    assert ghost == (min(pos[0] for pos in new), min(pos[1] for pos in new))
    window.action_set.by_id["undo"].trigger()
    QApplication.sendEvent(surface, QDragEnterEvent(spot, *args))
    QApplication.sendEvent(surface, QDragLeaveEvent())
    assert not window.canvas.tools.state.overlay, "nothing of it stays"


def test_what_is_selected_feeds_one_that_is_chosen_by_enter(window: MainWindow) -> None:
    window.bridge.load(product())
    window.selection.select(["x", "y"])
    window.ops.focus_search()
    QTest.keyClicks(QApplication.focusWidget(), "neuron")
    press(window, Key.Key_Return)
    graph = window.bridge.now.graph
    (group,) = graph.groups
    assert {feed[0] for feed in graph.crossing(group).inputs} == {"x", "y"}


def test_a_group_is_kept_used_in_another_document_and_that_is_undone(window: MainWindow) -> None:
    keep_q_and_f(window)
    assert "My product" in cards(window)
    window.bridge.load(product())
    before = window.bridge.now.graph
    drop(window, cards(window)["My product"], QPoint(300, 300))
    graph = window.bridge.now.graph
    (group,) = graph.groups.values()
    assert sorted(graph.nodes[id].op_name for id in group.nodes) == ["add", "mul"]
    press(window, Key.Key_Z, CTRL)
    assert window.bridge.now.graph == before


def test_ones_own_are_renamed_and_deleted_and_no_shipped_one_is(window: MainWindow, qtbot: QtBot) -> None:
    keep_q_and_f(window)
    assert [*entries(window, "Neuron")] == ["Add"]
    close_menu()
    entries(window, "My product")["Rename…"].trigger()
    close_menu()
    dialog = window.ops.findChild(NameDialog)
    dialog.line.selectAll()
    QTest.keyClicks(dialog.line, "Ours")
    QTest.keyClick(dialog.line, Key.Key_Return)
    assert "Ours" in cards(window) and "My product" not in cards(window)
    entries(window, "Ours")["Delete from the library"].trigger()
    close_menu()
    assert "Ours" not in cards(window)
