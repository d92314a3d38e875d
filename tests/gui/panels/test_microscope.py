"""The tensor microscope: a hand over a cell of dW lights a row and a column, and the sum stands written out."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from engine.edits.nodes import set_label, set_value
from engine.passes.trace import ContributionStep
from engine.values.values import number_text
from gui.document.lit_cells import LitCell
from gui.look.measure import width
from gui.look.theme import CAPTION
from gui.panels.inspector.microscope import Microscope
from gui.panels.inspector.paper_layout import TITLE
from gui.panels.inspector.paper_view import SMALL, PaperView, fitting_texts
from tests.building import graph_of
from tests.gui.inspector_tools import Bench, product

RNG = np.random.default_rng(5)
X, W = RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3))


@pytest.fixture
def bench(qtbot):
    rows = [("x", "input", X), ("W", "parameter", W), ("b", "parameter", [0.1, -0.2])]
    graph = graph_of(*rows, ("z", "linear", ["x", "W", "b"]), ("q", "square", ["z"]), ("L", "sum", ["q"]), target="L")
    return Bench(qtbot, graph)


def paper(bench) -> PaperView:
    return bench.inspector.findChild(Microscope).findChild(PaperView)


def go_to(bench, dest: str, port: int) -> None:
    steps = bench.bridge.now.trace.steps
    at = next(i for i, s in enumerate(steps) if isinstance(s, ContributionStep) and s.edge.key == (dest, port))
    bench.bridge.player.seek(at + 1.0)
    bench.bot.waitUntil(lambda: bench.inspector.findChild(Microscope) is not None and bool(paper(bench).placed))
    settle(bench)


def settle(bench) -> None:
    """Until the page is laid out and the paper is in sight."""
    for _ in range(3):
        QApplication.processEvents()
    bench.inspector.ensureWidgetVisible(paper(bench))
    QApplication.processEvents()


def spot(bench, title: str, row: int, column: int) -> QPoint:
    placed = next(p for p in paper(bench).placed if p.sheet.title == title)
    return placed.box(row, column).center().toPoint()


def said(bench) -> list[str]:
    box = bench.inspector.findChild(Microscope)
    return [label.text() for label in box.findChildren(QLabel) if label.isVisible()]


def test_a_hand_over_a_cell_of_dw_writes_its_products_and_their_sum_out(bench):
    go_to(bench, "z", 1)
    QTest.mouseMove(paper(bench), spot(bench, "∂L/∂W", 1, 2))
    bench.bot.waitUntil(lambda: "∂L/∂W at [1, 2]" in said(bench))
    texts = said(bench)
    assert " + ".join(f"∂L/∂z[{n}, 1] · x[{n}, 2]" for n in range(4)) in texts
    dw = (bench.bridge.now.trace.gradient("z").T @ X)[1, 2]
    result = next(text for text in texts if text.startswith("= "))
    assert float(result[2:].replace("−", "-")) == pytest.approx(dw, rel=1e-3)
    expected = {LitCell("gradient", "W", (1, 2))}
    expected |= {LitCell("gradient", "z", (n, 1)) for n in range(4)} | {LitCell("value", "x", (n, 2)) for n in range(4)}
    assert bench.bridge.cells.lit == expected


def test_nothing_stays_lit_while_the_inspector_is_out_of_sight(bench):
    go_to(bench, "z", 1)
    lit = bench.bridge.cells.lit
    bench.inspector.hide()
    assert lit and not bench.bridge.cells.lit
    bench.inspector.show()
    assert bench.bridge.cells.lit == lit, "it is about the same step still"
    bench.inspector.hide()
    bench.bridge.player.seek(0.0)
    bench.inspector.show()
    assert bench.bridge.cells.lit != lit


def test_the_arrow_keys_go_from_cell_to_cell(bench):
    go_to(bench, "z", 1)
    QTest.mouseMove(paper(bench), spot(bench, "∂L/∂W", 0, 0))
    bench.bot.waitUntil(lambda: "∂L/∂W at [0, 0]" in said(bench))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(paper(bench), key)
    assert "∂L/∂W at [1, 1]" in said(bench)


def test_a_number_has_all_its_digits_on_hover_and_a_value_is_written_too(bench):
    go_to(bench, "z", 1)
    assert paper(bench).told_at(spot(bench, "x", 2, 1).toPointF()) == f"x at [2, 1] = {float(X[2, 1])!r}".replace(
        "-", "−"
    )
    bench.bridge.player.seek(float(bench.bridge.now.trace.value_at["z", 0] + 1))
    bench.bot.waitUntil(lambda: any(text.startswith("z at") for text in said(bench)))
    settle(bench)
    QTest.mouseMove(paper(bench), spot(bench, "z", 0, 1))
    bench.bot.waitUntil(lambda: "z at [0, 1]" in said(bench))
    assert "x[0, 0] · W[1, 0] + x[0, 1] · W[1, 1] + x[0, 2] · W[1, 2] + b[1]" in said(bench)
    assert f"= {(X @ W.T)[0, 1] - 0.2:.4g}".replace("-", "−") in said(bench)


def test_a_clicked_cell_is_looked_at_until_the_step_is_another(bench):
    bench.bridge.player.go_to_end()
    bench.bridge.cells.choose(LitCell("gradient", "b", (1,)))
    assert "∂L/∂b at [1]" in said(bench)
    assert any("copied forward along axis 0 (4 copies)" in text for text in said(bench))
    bench.bridge.player.seek(len(bench.bridge.now.trace) - 1.0)
    assert "∂L/∂b at [1]" not in said(bench)


def test_the_paper_is_there_at_once_where_a_pass_that_hurried_is_stopped(bench):
    go_to(bench, "z", 0)
    player = bench.bridge.player
    player.speed = 8.0
    player.play()
    while paper(bench).isVisible():
        player.tick(1 / 60)
    assert bench.bridge.now.hurried and player.playing
    player.pause()
    assert paper(bench).isVisible() and any(text.startswith("∂L/∂") for text in said(bench))


def test_a_step_of_single_numbers_has_no_paper_and_nothing_is_lit(qtbot):
    bench = Bench(qtbot, product())
    bench.bridge.player.go_to_end()
    assert not bench.visible(Microscope) and not bench.bridge.cells.lit


def test_what_is_too_large_is_pooled_and_it_says_so(qtbot):
    x = RNG.normal(size=(60, 100))
    rows = [("x", "input", x), ("w", "parameter", RNG.normal(size=(100, 50))), ("y", "matmul", ["x", "w"])]
    bench = Bench(qtbot, graph_of(*rows, ("q", "square", ["y"]), ("L", "sum", ["q"]), target="L"))
    go_to(bench, "y", 1)
    assert any(text.startswith("Too large to show every cell") for text in said(bench))
    placed = next(p for p in paper(bench).placed if p.sheet.title == "∂L/∂w")
    gradient = bench.bridge.now.trace.gradient("w")
    block = gradient[: placed.blocks.down, : placed.blocks.across]
    assert placed.grid[0, 0] == block.flat[np.abs(block).argmax()] == gradient[placed.cell_of(0, 0)]
    at = placed.cell_of(0, 0)

    def point_and_read() -> bool:  # the page may be laid out once more after the first move
        for row, column in ((1, 1), (0, 0)):
            QTest.mouseMove(paper(bench), spot(bench, "∂L/∂w", row, column))
        return f"∂L/∂w at [{at[0]}, {at[1]}]" in said(bench)

    bench.bot.waitUntil(point_and_read)


def test_the_copies_of_a_bias_are_drawn_and_what_came_back_to_them_flows_together(bench):
    go_to(bench, "z", 2)
    placed = {each.sheet.title: each for each in paper(bench).placed}
    assert list(placed) == ["b, copied along axis 0", "∂L/∂z", "∂L/∂b"]
    np.testing.assert_array_equal(placed["b, copied along axis 0"].sheet.value, np.tile([0.1, -0.2], (4, 1)))
    QTest.mouseMove(paper(bench), spot(bench, "∂L/∂b", 0, 0))
    bench.bot.waitUntil(lambda: "∂L/∂b at [0]" in said(bench))
    column = (2 * (X @ W.T + [0.1, -0.2]))[:, 0]
    result = next(text for text in said(bench) if text.startswith("= "))
    assert float(result[2:].replace("−", "-")) == pytest.approx(column.sum(), rel=1e-3)
    told = paper(bench).told_at(placed["b, copied along axis 0"].box(3, 1).center())
    assert told == "b[1], the copy at [3, 1] = −0.2"
    edge = placed["∂L/∂z"].box(2, 0)
    stream = paper(bench).grab().toImage().pixelColor(round(edge.right()) - 6, round(edge.center().y()))
    plain = paper(bench).grab().toImage().pixelColor(round(edge.left()) + 6, round(edge.center().y()))
    assert stream != plain


def test_no_title_is_written_over_another(qtbot):
    rows = [("x", "input", [[1.0], [2.0], [3.0]]), ("W", "parameter", [[2.0]]), ("b", "parameter", [0.0])]
    layer = ("a_long_name", "linear", ["x", "W", "b"])
    bench = Bench(qtbot, graph_of(*rows, layer, ("L", "sum", ["a_long_name"]), target="L"))
    go_to(bench, "a_long_name", 2)
    boxes = [
        QRectF(each.corner.x(), each.corner.y() - TITLE, width(each.sheet.title, CAPTION), TITLE)
        for each in paper(bench).placed
    ]
    assert len(boxes) == 3
    assert not [(a, b) for a, b in combinations(boxes, 2) if a.intersects(b)]


@pytest.mark.parametrize("wide", range(6, 70, 3))
def test_a_drawn_matrix_says_all_its_numbers_or_none(qapp, wide: int) -> None:
    """A mark for what is below 0 is read as a number where others stand beside it, or as “no gradient”."""
    grid = [[-0.192, 1.2642], [-2.0821, 0.0], [-0.473, 123.4]]
    texts = fitting_texts(grid, wide)
    assert texts == [] or texts in [[[number_text(n, digits) for n in line] for line in grid] for digits in (3, 2, 1)]
    assert all(width(text, SMALL) <= wide for line in texts for text in line)
    assert texts or wide < 50


def test_a_node_with_another_name_is_called_so_on_the_paper(bench):
    go_to(bench, "z", 1)
    bench.bridge.edit(lambda graph: set_label(graph, "W", "weights"))
    settle(bench)
    assert any(text.startswith("∂L/∂weights at ") for text in said(bench)), said(bench)


def test_the_cell_that_was_asked_for_stays_while_numbers_and_names_change(bench):
    go_to(bench, "z", 1)
    QTest.mouseMove(paper(bench), spot(bench, "∂L/∂W", 1, 2))
    bench.bot.waitUntil(lambda: "∂L/∂W at [1, 2]" in said(bench))
    bench.bridge.edit(lambda graph: set_label(graph, "W", "weights"))
    bench.bridge.edit(lambda graph: set_value(graph, "x", 2 * X))
    settle(bench)
    assert "∂L/∂weights at [1, 2]" in said(bench)
    dw = (bench.bridge.now.trace.gradient("z").T @ (2 * X))[1, 2]
    result = next(text for text in said(bench) if text.startswith("= "))
    assert float(result[2:].replace("−", "-")) == pytest.approx(dw, rel=1e-3)


def test_the_cell_of_a_card_that_was_clicked_stays_while_numbers_change_until_the_next_step(bench):
    go_to(bench, "z", 1)
    bench.bridge.cells.choose(LitCell("value", "z", (3, 0)))
    bench.bridge.edit(lambda graph: set_value(graph, "x", 2 * X))
    settle(bench)
    assert "z at [3, 0]" in said(bench)
    go_to(bench, "z", 0)
    assert any(text.startswith("∂L/∂x at ") for text in said(bench)), said(bench)
    go_to(bench, "z", 1)
    assert any(text.startswith("∂L/∂W at ") for text in said(bench)), said(bench)
