"""The grid of an array and the clipboard: what is selected is copied as rows of text, and a block is pasted as one."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.main_window import MainWindow
from gui.panels.inspector import Inspector
from gui.widgets.number_grid import ArrayGrid
from gui.widgets.segmented import Segmented
from tests.gui.window_tools import CTRL, LEFT, NONE, SHIFT, Key, clipboard, copy, lay_out, press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # menus, offscreen
NUMBERS = [[0.1, -0.2], [1 / 3, 0.4], [-0.5, 0.6]]


@pytest.fixture
def matrix(window: MainWindow) -> MainWindow:
    nodes = [Node("W", "parameter", as_value(NUMBERS)), Node("v", "input", as_value([1, 2, 3])), Node("f", "sum")]
    window.bridge.load(Graph.of(nodes, [Edge("W", "f", 0)], target="f"))
    return window


def grid_of(window: MainWindow, id: str = "W") -> ArrayGrid:
    window.selection.select([id])
    lay_out(window)
    return next(g for g in window.panels.findChildren(ArrayGrid) if g.accessibleName() == "Elements")


def click(grid: ArrayGrid, row: int, column: int, held=NONE) -> None:
    QTest.mouseClick(grid.viewport(), LEFT, held, grid.visualRect(grid.model().index(row, column)).center())


def held(window: MainWindow, id: str = "W") -> np.ndarray:
    return window.bridge.now.graph.nodes[id].value


def said(window: MainWindow) -> list[str]:
    labels = window.panels.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisible() and label.property("role") == "error"]


def test_what_is_selected_is_copied_as_rows_and_reads_back_to_the_same_bits(matrix: MainWindow) -> None:
    grid = grid_of(matrix)
    click(grid, 0, 0)
    click(grid, 1, 1, SHIFT)
    press(matrix, Key.Key_C, CTRL)
    assert clipboard() == "0.1\t-0.2\n0.3333333333333333\t0.4"
    press(matrix, Key.Key_A, CTRL)
    press(matrix, Key.Key_C, CTRL)
    read = np.array([[float(cell) for cell in row.split("\t")] for row in clipboard().splitlines()])
    assert read.tobytes() == np.array(NUMBERS).tobytes()
    assert grid.isVisible() and matrix.selection.nodes == {"W"}


def test_a_block_is_pasted_from_the_current_cell_on_as_one_step(matrix: MainWindow) -> None:
    grid, depth = grid_of(matrix), matrix.bridge.document.depth
    for text in ("10\t20\n30\t40\n", "10;20\r\n30;40", "10, 20\n30, 40", "[[10, 20], [30, 40]]"):
        click(grid, 1, 0)
        copy(text)
        press(matrix, Key.Key_V, CTRL)
        assert held(matrix).tolist() == [[0.1, -0.2], [10, 20], [30, 40]], text
        assert matrix.bridge.document.depth == depth + 1 and len(matrix.bridge.now.graph.nodes) == 3
        press(matrix, Key.Key_Z, CTRL)
        assert held(matrix).tolist() == NUMBERS


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1\t2\n3\t4", "2×2 numbers do not fit: from this cell on there is room for 1×2."),
        ("1\tdog", "“dog” is not a number."),
        ("1\t", "An empty cell is not a number."),
        ("1\t2\n3", "Not all rows have as many numbers."),
        ("1e400", "too large"),
    ],
)
def test_what_cannot_be_pasted_is_refused_whole_and_then_forgotten(matrix: MainWindow, text: str, why: str) -> None:
    grid = grid_of(matrix)
    click(grid, 2, 0)
    copy(text)
    press(matrix, Key.Key_V, CTRL)
    assert held(matrix).tolist() == NUMBERS and why in said(matrix)[0]
    copy("7")
    press(matrix, Key.Key_V, CTRL)
    assert held(matrix)[2, 0] == 7 and said(matrix) == []


def test_a_vector_takes_a_column(matrix: MainWindow) -> None:
    click(grid_of(matrix, "v"), 0, 1)
    copy("8\n9")
    press(matrix, Key.Key_V, CTRL)
    assert held(matrix, "v").tolist() == [1, 8, 9]


def test_numbers_that_are_computed_are_copied_and_stay(matrix: MainWindow) -> None:
    press(matrix, Key.Key_End)
    grid = grid_of(matrix)
    choice = next(s for s in matrix.panels.findChildren(Segmented) if s.accessibleName() == "Elements of")
    QTest.mouseClick(choice, LEFT, NONE, choice.segment(1).center().toPoint())
    click(grid, 0, 0)
    press(matrix, Key.Key_C, CTRL)
    assert clipboard() == "1"
    before = matrix.bridge.now.graph
    copy("5")
    press(matrix, Key.Key_V, CTRL)
    assert matrix.bridge.now.graph == before
    assert "nothing can be pasted over them" in matrix.status.sentence.text()


def by_right_click(grid: ArrayGrid, row: int, column: int, name: str) -> None:
    spot, there = grid.visualRect(grid.model().index(row, column)).center(), grid.viewport()
    QTest.mouseClick(there, Qt.MouseButton.RightButton, NONE, spot)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, there.mapToGlobal(spot))
    QApplication.sendEvent(there, asked)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(action for action in menu.actions() if action.text() == name)
    QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(action).center())


def test_a_right_click_offers_both(matrix: MainWindow) -> None:
    grid = grid_of(matrix)
    by_right_click(grid, 2, 1, "Copy")
    assert clipboard() == "0.6"
    copy("5")
    by_right_click(grid, 1, 1, "Paste")
    assert held(matrix).tolist() == [[0.1, -0.2], [1 / 3, 5], [-0.5, 0.6]]


def test_a_sentence_goes_with_what_it_is_about(matrix: MainWindow) -> None:
    grid = grid_of(matrix)
    cell = grid.visualRect(grid.model().index(0, 0)).center()

    def type(text: str) -> None:
        QTest.mouseClick(grid.viewport(), LEFT, NONE, cell)
        QTest.mouseDClick(grid.viewport(), LEFT, NONE, cell)
        line = QApplication.focusWidget()
        assert isinstance(line, QLineEdit)
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Key.Key_Return)
        QApplication.processEvents()

    type("1e400")
    assert "too large" in said(matrix)[0]
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Escape)
    assert said(matrix) == []
    type("1e400")
    line = QApplication.focusWidget()
    line.selectAll()
    QTest.keyClicks(line, "2/3")
    QTest.keyClick(line, Key.Key_Return)
    QApplication.processEvents()
    assert held(matrix)[0, 0] == 2 / 3 and said(matrix) == []


def test_a_refusal_is_brought_in_sight_and_goes_when_another_cell_is_chosen(matrix: MainWindow) -> None:
    matrix.resize(1100, 640)
    grid = grid_of(matrix)
    inspector = matrix.findChild(Inspector)
    below = grid.mapTo(inspector.widget(), grid.rect().bottomLeft()).y() + 2
    inspector.verticalScrollBar().setValue(below - inspector.viewport().height())  # the grid ends where the view does
    click(grid, 2, 1)
    copy("1\t2\t3")
    press(matrix, Key.Key_V, CTRL)
    lay_out(matrix)
    (sentence,) = (each for each in inspector.findChildren(QLabel) if "do not fit" in each.text())
    top = sentence.mapTo(inspector.viewport(), sentence.rect().topLeft()).y()
    assert top >= 0 and top + sentence.height() <= inspector.viewport().height()
    click(grid, 2, 0)
    assert said(matrix) == []
