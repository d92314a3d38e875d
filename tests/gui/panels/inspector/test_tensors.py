"""Tensors of any number of dimensions, and of any size: nothing of them is cut at the edge of the inspector."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.values.values import as_value
from gui.look import style
from gui.look.theme import BODY, font
from gui.main_window import MainWindow
from gui.panels.inspector import Inspector
from gui.widgets.fields import NoWheelSpinBox
from gui.widgets.number_grid import ArrayGrid
from tests.gui.inspector_tools import Bench
from tests.gui.window_tools import lay_out


def holding(qtbot: QtBot, shape: tuple[int, ...], number: float = -0.009481) -> Bench:
    bench = Bench(qtbot, Graph.of([Node("k", "parameter", as_value(np.full(shape, number)))]))
    bench.inspector.resize(278, 800)
    bench.selection.select(["k"])
    qtbot.waitUntil(lambda: bool(bench.visible(ArrayGrid)))
    return bench


@pytest.mark.parametrize("shape", [(2, 3), (8, 1, 3, 3), (2, 2, 2, 3, 3)])
def test_nothing_is_cut_at_the_right_edge(window: MainWindow, shape: tuple[int, ...]) -> None:
    window.bridge.load(Graph.of([Node("k", "parameter", as_value(np.ones(shape)))]))
    style.dress(window)
    window.resize(1440, 900)
    window.selection.select(["k"])
    lay_out(window)
    inspector = window.findChild(Inspector)
    assert inspector.widget().width() <= inspector.viewport().width()
    assert len([spin for spin in inspector.findChildren(NoWheelSpinBox) if spin.isVisible()]) >= len(shape) - 2


def test_another_slice_is_shown_after_another_tensor(qtbot: QtBot) -> None:
    numbers = np.arange(16.0).reshape(2, 2, 2, 2)
    nodes = [Node("k", "parameter", as_value(numbers)), Node("m", "parameter", as_value(numbers[0]))]
    bench = Bench(qtbot, Graph.of(nodes))
    for id, count in (("k", 2), ("m", 1), ("k", 2)):
        bench.selection.select([id])
        qtbot.waitUntil(lambda count=count: len(bench.visible(NoWheelSpinBox)) == count)
    (grid,) = bench.visible(ArrayGrid)
    bench.visible(NoWheelSpinBox)[-1].stepUp()
    assert grid.model().index(0, 0).data() == "4"


@pytest.fixture
def own_font(qapp: QApplication) -> Iterator[None]:
    before = qapp.font()
    qapp.setFont(font(BODY))  # as the program does
    yield
    qapp.setFont(before)


@pytest.mark.parametrize("number", [-0.009481, -1.234e-5, -1.234e-100, 1.234e100, -0.05103, 12345.678])
def test_a_number_in_a_cell_has_fewer_digits_rather_than_dots(qtbot: QtBot, own_font: None, number: float) -> None:
    bench = holding(qtbot, (2, 2), number)
    (grid,) = bench.visible(ArrayGrid)
    index, option = grid.model().index(0, 0), QStyleOptionViewItem()
    grid.initViewItemOption(option)
    option.rect = grid.visualRect(index)
    grid.itemDelegate().initStyleOption(option, index)
    room = grid.style().subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, grid)
    margin = 2 * (grid.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1)
    assert QFontMetrics(option.font).horizontalAdvance(option.text) <= room.width() - margin
    assert float(option.text.replace("−", "-")) == pytest.approx(number, rel=0.06)


@pytest.mark.parametrize(("shape", "says"), [((10, 128), "10×128 numbers"), ((13,), "13 numbers"), ((), "zeros(3, 4)")])
def test_what_is_too_long_to_be_typed_is_said_in_the_field(qtbot: QtBot, shape: tuple[int, ...], says: str) -> None:
    bench = Bench(qtbot, Graph.of([Node("k", "parameter", as_value(np.ones(shape)))]))
    bench.selection.select(["k"])
    line = bench.field("Value")
    assert line.placeholderText().startswith(says)
    assert line.toolTip().startswith(says if shape else "") and bool(line.toolTip()) == bool(shape)
    assert bool(line.text()) != bool(shape)


def test_the_mean_of_a_scaled_column_is_0_and_no_rounding_noise(qtbot: QtBot) -> None:
    numbers = np.array([0.1, 0.2, 0.7, 1.3, 2.9])
    scaled = (numbers - numbers.mean()) / numbers.std()
    assert scaled.mean() != 0, "the case"
    bench = Bench(qtbot, Graph.of([Node("k", "parameter", as_value(scaled))]))
    bench.selection.select(["k"])
    qtbot.waitUntil(lambda: any(", mean 0, max" in line.text() for line in bench.visible(QLabel)))
