"""The Jacobian drawn: upstream · J = contribution, and J₁ · J₂, with this graph's names and NumPy's numbers."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton

from gui.panels.inspector.jacobian_drawing import JacobianDrawing
from gui.panels.inspector.paper_view import PaperView
from gui.widgets.number_grid import ArrayGrid
from tests.building import graph_of
from tests.gui.inspector_tools import Bench

RNG = np.random.default_rng(5)
X, W = RNG.normal(size=3), RNG.normal(size=(2, 3))


@pytest.fixture
def bench(qtbot):
    rows = [("x", "input", X), ("W", "parameter", W), ("b", "parameter", [0.1, -0.2])]
    graph = graph_of(*rows, ("z", "linear", ["x", "W", "b"]), ("h", "tanh", ["z"]), ("L", "sum", ["h"]), target="L")
    made = Bench(qtbot, graph)
    made.bridge.player.go_to_end()
    made.selection.select(["h"])
    next(b for b in made.inspector.findChildren(QPushButton) if "Jacobian" in b.text()).click()
    made.bot.waitUntil(lambda: made.inspector.findChild(JacobianDrawing).isVisible())
    QApplication.processEvents()
    return made


def drawing(bench) -> JacobianDrawing:
    return bench.inspector.findChild(JacobianDrawing)


def sheets(bench) -> list[np.ndarray]:
    return [np.asarray(p.sheet.value) for p in drawing(bench).findChild(PaperView).placed]


def texts(bench) -> str:
    return "\n".join(label.text() for label in drawing(bench).findChildren(QLabel) if label.isVisible())


def test_upstream_times_the_jacobian_is_the_contribution_cell_by_cell(bench):
    slopes = 1 - np.tanh(W @ X + [0.1, -0.2]) ** 2
    left, top, result = sheets(bench)
    np.testing.assert_allclose(top, np.diag(slopes))
    np.testing.assert_allclose(left @ top, result)
    page = drawing(bench).findChild(PaperView)
    bench.inspector.ensureWidgetVisible(page)
    QApplication.processEvents()
    QTest.mouseMove(page, page.placed[2].box(0, 1).center().toPoint())
    bench.bot.waitUntil(lambda: "to z[1]" in texts(bench))
    assert "∂L/∂h[1] · ∂h[1]/∂z[1]" in texts(bench) and f"{slopes[1]:.4g}" in texts(bench)
    spot = page.placed[1].box(0, 1).center()
    assert page.told_at(spot) == "∂h[0]/∂z[1] = 0"


def test_two_in_a_row_are_multiplied(bench):
    box = next(b for b in drawing(bench).findChildren(QComboBox))
    assert [box.itemText(i) for i in range(box.count())][:2] == ["upstream · Jacobian", "∂h/∂z · ∂z/∂x"]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    bench.bot.waitUntil(lambda: sheets(bench)[1].shape == (2, 3))
    left, top, result = sheets(bench)
    np.testing.assert_allclose(top, W)
    np.testing.assert_allclose(result, left @ W)
    assert "∂h[0]/∂x[0] = " in texts(bench)


def test_rows_and_columns_of_the_numbers_have_this_graphs_names(bench):
    model = next(g for g in bench.visible(ArrayGrid) if g.accessibleName() == "Jacobian").model()
    heads = [model.headerData(0, side) for side in (Qt.Orientation.Vertical, Qt.Orientation.Horizontal)]
    assert heads == ["h[0]", "z[0]"]


def test_rows_and_columns_are_called_what_the_graph_calls_them(bench):
    page = drawing(bench).findChild(PaperView)
    top = page.placed[1]
    assert top.sheet.rows == ("h[0]", "h[1]") and top.sheet.columns == ("z[0]", "z[1]")
    assert top.above > 0 and top.rect.right() + top.beside <= page.width() + 1
    picture = page.grab().toImage()
    right = round(top.rect.right()) + 4
    for row in range(2):
        box = top.box(row, 1)
        lines = range(round(box.top()) + 2, round(box.bottom()) - 2)
        shades = {picture.pixel(x, y) for y in lines for x in range(right, min(right + 20, picture.width()))}
        assert len(shades) > 1  # something is written beside each row
