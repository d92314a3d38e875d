"""Tensors on the canvas: value and gradient as heat maps, exact on hover; a click looks at a cell; gradients travel."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from engine.edits.nodes import move_nodes
from engine.session import Session
from engine.values.heat import FULL, heat_of, pooled
from engine.values.values import number_text
from gui.canvas.model.flight import in_flight
from gui.canvas.model.stage import Stage
from gui.canvas.paint.card_forms import LEAST_SIDE, has_maps, near_form
from gui.canvas.paint.heat_card import card_maps, ring_boxes
from gui.canvas.paint.nodes import form_of
from gui.canvas.tips import cell_tip
from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.lit_cells import LitCell
from gui.document.selection import Selection
from gui.look.heat_image import heat_pixmap, ink_on, level_color, map_size, true_cell
from gui.look.theme import DARK, LIGHT
from tests.building import graph_of
from tests.networks import shipped

X, W = np.array([[1.0, -2.0, 0.0], [0.5, 4.0, -4.0]]), np.array([[1.0, 2.0, -1.0], [0.0, -3.0, 1.0]])


@pytest.fixture
def canvas(qtbot):
    bridge = Bridge()
    rows = [("x", "input", X), ("W", "parameter", W), ("b", "parameter", [0.5, -0.5])]
    graph = graph_of(*rows, ("z", "linear", ["x", "W", "b"]), ("q", "square", ["z"]), ("L", "sum", ["q"]), target="L")
    for i, id in enumerate(graph.nodes):
        graph = graph.apply(move_nodes(graph, {id: (220.0 * (i // 3), 120.0 * (i % 3))}))
    bridge.load(graph)
    view = CanvasView(bridge, Selection(bridge))
    view.resize(900, 600)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    view.camera.fit_all(animated=False)
    bridge.player.go_to_end()
    return view


def place_of(view, node: str, kind: str, row: int, column: int) -> QPointF:
    """The middle of a cell on the scene."""
    picture = view.desk.scene.stage.nodes[node]
    shown = next(each for each in card_maps(picture, view.camera.zoom) if each.kind == kind)
    scale = view.camera.zoom * view.viewport().devicePixelRatioF()
    cell = true_cell(shown.cell, scale)
    corner = QPointF(*view.desk.scene.stage.pos(node)) + shown.corner
    return corner + QPointF((column + 0.5) * cell, (row + 0.5) * cell)


def test_levels_are_shares_of_the_largest_and_small_ones_keep_their_sign():
    heat = heat_of(np.array([[4.0, -2.0], [1e-9, 0.0]]), 9, 18)
    assert heat.grid().tolist() == [[FULL, -64], [1, 0]] and not heat.is_pooled
    assert heat_of(np.array([np.nan, np.inf, -np.inf]), 9, 18).grid().tolist() == [[-128, FULL, -FULL]]


def test_what_does_not_fit_is_pooled_to_the_largest_of_each_block():
    grid = np.random.default_rng(0).normal(size=(60, 784))
    heat = heat_of(grid, 9, 18)
    assert heat.rows <= 9 and heat.columns <= 18 and heat.is_pooled
    down, across = heat.pooled
    block = grid[down : 2 * down, 2 * across : 3 * across]
    assert pooled(grid, down, across)[1, 2] == block.flat[np.abs(block).argmax()]


def test_a_batch_of_matrices_stands_in_slices(qapp):
    heat = heat_of(np.ones((2, 3, 2)), 9, 18)
    assert (heat.rows, heat.columns, heat.high) == (6, 2, 3)
    assert heat_pixmap(heat, False, LIGHT, 6).height() > 6 * 6


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_signs_have_colours_and_dashes_and_numbers_can_be_read(theme, qapp):
    low, zero, high = (level_color(level, True, theme) for level in (-FULL, 0, FULL))
    assert low == QColor(theme.neg) and high == QColor(theme.pos) and zero == QColor(theme.chip)
    image = heat_pixmap(heat_of(np.array([-1.0, 1.0]), 9, 18), True, theme, 12).toImage()
    assert isinstance(image, QImage)
    assert image.pixelColor(5, 5) == ink_on(low, theme) and image.pixelColor(17, 5) == high
    for level in range(-FULL, FULL + 1, 2):
        for is_signed in (True, False):
            color = level_color(level, is_signed, theme)
            assert ink_on(color, theme) in (theme.color("text"), theme.color("node"))


def test_a_card_shows_value_and_gradient_and_a_number_alone_does_not(canvas):
    stage = canvas.desk.scene.stage
    assert stage.nodes["L"].value_heat is None
    gradient = canvas.desk.now.trace.gradient("W")
    assert stage.nodes["W"].gradient_heat == heat_of(gradient, 9, 18)
    assert [shown.kind for shown in card_maps(stage.nodes["W"], 1.0)] == ["value", "gradient"]


def test_from_further_away_a_matrix_is_seen_as_maps_and_a_row_by_its_first_numbers(qtbot):
    """At the zoom at which a net fits the window every card said “[0.25, …]”: nothing of what a matrix is like."""
    graph = graph_of(
        ("x", "input", np.eye(8)), ("b", "parameter", np.arange(16.0)), ("W", "parameter", np.ones((16, 8))),
        ("z", "linear", ["x", "W", "b"]), ("c", "constant", np.tri(8)), ("L", "sum", ["z"]), target="L",
    )  # fmt: skip
    bridge = Bridge()
    bridge.load(graph)
    bridge.player.go_to_end()
    nodes, drawn = Stage(graph, bridge.now.frame).nodes, {}
    for zoom in (0.45, 0.56, 0.69):
        drawn[zoom] = {id for id in graph.nodes if has_maps(nodes[id], zoom)}
        for id in drawn[zoom]:
            sizes = [map_size(shown.heat, shown.cell) for shown in card_maps(nodes[id], zoom)]
            assert all(wide * zoom >= LEAST_SIDE and high * zoom >= LEAST_SIDE for wide, high in sizes) or zoom > 0.6
            texts = [line.text for line in near_form(nodes[id], zoom).lines]
            assert not any(text.startswith("[") for text in texts)
            assert ("—" in " ".join(texts)) == (id == "c"), "no gradient comes to a constant"
    assert drawn == {0.45: set(), 0.56: {"x", "W", "z", "c"}, 0.69: {"x", "W", "z", "c", "b"}}


def test_hovering_tells_the_exact_number_and_a_click_looks_at_the_cell(canvas, qtbot):
    at = place_of(canvas, "W", "gradient", 1, 2)
    found = canvas.desk.cell_at(at, canvas.desk.hit(at))
    assert found is not None and found[0] == LitCell("gradient", "W", (1, 2))
    z = X @ W.T + [0.5, -0.5]
    exact = repr(float(((2 * z).T @ X)[1, 2])).removesuffix(".0").replace("-", "−")
    assert cell_tip(canvas.desk.now, *found) == f"∂L/∂W[1, 2] = {exact}"
    with qtbot.waitSignal(canvas.desk.bridge.real.cells.chosen) as chosen:
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.mapFromScene(at))
    assert chosen.args == [LitCell("gradient", "W", (1, 2))] and canvas.desk.selection.nodes == {"W"}


def test_lit_cells_are_ringed_where_they_stand(canvas):
    picture = canvas.desk.scene.stage.nodes["x"]
    (box,) = ring_boxes(picture, "value", X.shape, [(1, 2)], canvas.camera.zoom, 1.0)
    shown = next(card_maps(picture, canvas.camera.zoom))
    cell = true_cell(shown.cell, canvas.camera.zoom)
    assert box.topLeft() == shown.corner + QPointF(2 * cell, cell)
    before = canvas.grab().toImage()
    canvas.desk.bridge.real.cells.light([LitCell("value", "x", (1, 2))])
    assert canvas.grab().toImage() != before


def test_a_gradient_travels_as_its_own_heat_map(canvas):
    trace = canvas.desk.now.trace
    at = trace.contribution_at["z", 1]
    canvas.desk.bridge.player.seek(at + 0.3)
    stage = canvas.desk.scene.stage
    (capsule,) = in_flight(stage, 1.0)
    assert capsule.heat == heat_of(trace.contribution(("z", 1)).contribution, 8, 12) and capsule.text == "2×3"
    (far,) = in_flight(stage, 0.3)
    assert far.heat is None


def test_of_a_matrix_with_one_number_the_number_is_written(qapp) -> None:
    """Slope and intercept of a line were two grey squares: nobody saw what was learnt."""
    graph = shipped("train-line")
    frame = Session(graph).now.frame
    stage = Stage(graph, frame)
    for id in ("W1", "b1"):
        said = [line.text for line in form_of(stage, id, 1.0).lines]
        number = number_text(np.asarray(graph.nodes[id].value).item())
        assert f"[{number}]" in said and f"[{number_text(frame.gradient(id).item())}]" in said
