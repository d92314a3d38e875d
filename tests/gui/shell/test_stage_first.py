"""The canvas comes first: how much of the window it has, and what folds away for it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView, QToolButton

from gui.main_window import MainWindow
from gui.panels.palette import OP_ROLE
from gui.shell.top_bar import ActionButton
from tests.gui.window_tools import CTRL, LEFT, NONE, Key, close, open_window, press


def share(window: MainWindow) -> float:
    """The part of the window's area that the canvas has."""
    canvas = window.canvas.viewport()
    return canvas.width() * canvas.height() / (window.width() * window.height())


@pytest.mark.parametrize(("width", "height", "least"), [(1440, 900, 0.60), (1280, 720, 0.55)])
def test_while_editing_the_canvas_has_most_of_the_window(product_window, qtbot, width, height, least) -> None:
    product_window.resize(width, height)
    qtbot.waitUntil(lambda: product_window.panels.width() == width)
    for place in (1.0, 7.4, product_window.bridge.player.end):
        product_window.bridge.player.seek(place)
        assert share(product_window) >= least
    assert product_window.ops.isVisible() and product_window.panels.is_open("inspector")


# --- the palette as a rail


def button(window: MainWindow, name: str) -> QToolButton:
    return next(b for b in window.ops.findChildren(QToolButton) if b.accessibleName() == name)


def test_the_palette_unfolds_and_folds_and_keeps_every_op(product_window) -> None:
    ops = product_window.ops.findChild(QListView)
    titles = [ops.model().index(row, 0).data() for row in range(ops.model().rowCount())]
    rail = product_window.ops.width()
    QTest.mouseClick(button(product_window, "Unfold the palette"), LEFT)
    assert product_window.ops.width() > 2 * rail and product_window.ops.findChild(QLineEdit).isVisible()
    assert product_window.ops.findChild(QLineEdit).width() > product_window.ops.width() / 2
    QTest.mouseClick(button(product_window, "Fold the palette to a rail"), LEFT)
    assert product_window.ops.width() == rail and not product_window.ops.findChild(QLineEdit).isVisible()
    assert titles == [ops.model().index(row, 0).data() for row in range(ops.model().rowCount())]


def test_the_glass_in_the_rail_begins_a_search(product_window) -> None:
    QTest.mouseClick(button(product_window, "Search operations"), LEFT)
    field = product_window.ops.findChild(QLineEdit)
    assert field.isVisible() and field.hasFocus()
    QTest.keyClicks(field, "sigm")
    QTest.keyClick(field, Key.Key_Return)
    assert "sigmoid" in product_window.bridge.now.graph.nodes
    QTest.mouseClick(button(product_window, "Fold the palette to a rail"), LEFT)
    model = product_window.ops.findChild(QListView).model()
    assert model.rowCount() > 40, "what was searched for hides nothing in the rail, where it cannot be seen"


def test_the_width_of_the_palette_is_remembered(qtbot) -> None:
    window = open_window(qtbot)
    rail = window.ops.width()
    QTest.mouseClick(button(window, "Unfold the palette"), LEFT)
    unfolded = window.ops.width()
    close(window)
    again = open_window(qtbot)
    assert again.ops.width() == unfolded != rail
    close(again)


def test_no_name_in_the_rail_is_cut_short(product_window) -> None:
    """Each tile is as high as its name needs."""
    ops = product_window.ops.findChild(QListView)
    for row in range(ops.model().rowCount()):
        index = ops.model().index(row, 0)
        if op := index.data(OP_ROLE):
            place = ops.visualRect(index)
            needed = ops.fontMetrics().boundingRect(0, 0, place.width(), 999, Qt.TextFlag.TextWordWrap, op.title)
            assert place.height() > needed.height() and place.width() >= 60


def test_a_handle_dragged_makes_a_rail_of_the_palette(product_window) -> None:
    QTest.mouseClick(button(product_window, "Unfold the palette"), LEFT)
    handle = product_window.ops.parentWidget().handle(1)
    middle = handle.rect().center()
    QTest.mousePress(handle, LEFT, NONE, middle)
    QTest.mouseMove(handle, middle - QPoint(150, 0))
    QTest.mouseRelease(handle, LEFT, NONE, middle)
    assert not product_window.ops.findChild(QLineEdit).isVisible()


# --- the bar


@pytest.mark.parametrize("name", ["palette", "timeline", "inspector"])
def test_a_button_folds_each_side_away_and_brings_it_back(product_window, qtbot, name) -> None:
    fold = product_window.top_bar.findChild(ActionButton, f"button-panel_{name}")
    before = share(product_window)
    assert fold.isVisible() and fold.isChecked()
    QTest.mouseClick(fold, LEFT)
    assert not product_window.panels.is_open(name) and not fold.isChecked()
    qtbot.waitUntil(lambda: share(product_window) > before)
    QTest.mouseClick(fold, LEFT)
    assert product_window.panels.is_open(name) and fold.isChecked()


@pytest.mark.parametrize("width", [420, 560, 800, 1000, 1180, 1280, 1440, 1920])
def test_nothing_in_the_bar_covers_anything_else(product_window, qtbot, width) -> None:
    product_window.resize(width, 720)
    bar = product_window.top_bar
    qtbot.waitUntil(
        lambda: all(b.width() >= b.minimumSizeHint().width() for b in bar.findChildren(ActionButton) if b.isVisible())
    )
    own = Qt.FindChildOption.FindDirectChildrenOnly
    parts = [bar.menus, *bar.findChildren(ActionButton), *bar.findChildren(QToolButton, options=own)]
    spans = sorted(
        (part.mapTo(bar, QPoint()).x(), part.mapTo(bar, part.rect().bottomRight()).x())
        for part in parts if part.isVisible()
    )  # fmt: skip
    assert all(end < start for (_, end), (start, _) in pairwise(spans))
    assert spans[0][0] >= 0 and spans[-1][1] < bar.width()


def test_the_menus_open_by_their_letters(product_window) -> None:
    assert product_window.menuBar() is product_window.top_bar.menus
    press(product_window, Key.Key_1, CTRL)
    assert not product_window.ops.isVisible()
