"""The paths panel: chosen by a click on a node or from a list, hovered, pressed, and never of numbers that are over."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from engine import edits
from gui.main_window import MainWindow
from gui.panels.chain import PathsPanel
from tests.gui.graphs import held
from tests.gui.window_tools import CTRL, LEFT, NONE, Key, press


def neuron():
    return held("m = w*x; z = m + b; a = sigmoid(z); L = mse(a, y)", w=0.6, x=1.5, b=-0.4, y=1.0)


def many():
    return held("a = x*x; b = a*x + a; c = b*b + sin(b); d = c*a + tanh(c); L = d*d + c", x=1.1)


def opened(qtbot, window: MainWindow, graph) -> PathsPanel:
    window.bridge.load(graph)
    window.canvas.setFocus()
    press(window, Key.Key_6, CTRL)
    panel = window.findChild(PathsPanel)
    qtbot.waitUntil(panel.isVisible)
    return panel


def name_spot(window: MainWindow, id: str) -> QPoint:
    left, top, *_ = window.canvas.desk.scene.stage.box(id)
    return window.canvas.mapFromScene(QPointF(left + 20, top + 70))


def spot(panel: PathsPanel, row: int = 0, factor: int = 0) -> QPoint:
    return panel.rows.chip_box(row, factor).center().toPoint()


def test_a_click_on_a_node_shows_its_paths(qtbot, window) -> None:
    panel = opened(qtbot, window, neuron())
    window.canvas.camera.fit_all(animated=False)
    qtbot.mouseClick(window.canvas.viewport(), LEFT, NONE, name_spot(window, "x"))
    assert window.selection.nodes == {"x"}
    a = 1 / (1 + np.exp(-(0.6 * 1.5 - 0.4)))
    assert panel.sum.text() == f"∂L/∂x = {2 * (a - 1) * a * (1 - a) * 0.6:.4g}".replace("-", "−")
    assert panel.rest.text().startswith("the one path: 2 · (a − y) · a · (1 − a) · w = ")
    assert panel.start.currentText() == "x" and panel.end.currentText() == "L"


def test_two_nodes_are_the_ends_and_a_target_may_be_chosen_from_the_list(qtbot, window) -> None:
    panel = opened(qtbot, window, neuron())
    window.selection.select(["a", "w"])
    a = 1 / (1 + np.exp(-(0.6 * 1.5 - 0.4)))
    assert panel.sum.text() == f"∂a/∂w = {a * (1 - a) * 1.5:.4g}"
    panel.end.fill()
    panel.end.setFocus()
    names = [panel.end.itemText(row) for row in range(panel.end.count())]
    assert names[0] == "L" and set(names) == {"L", "a", "z", "m"}
    qtbot.keyClick(panel.end, Key.Key_Home)
    qtbot.waitUntil(lambda: panel.sum.text().startswith("∂L/∂w"))
    assert window.bridge.now.graph.target == "L" and not window.bridge.document.modified


def test_hovering_lights_the_path_and_leaving_puts_it_out(qtbot, window) -> None:
    panel = opened(qtbot, window, neuron())
    window.selection.select(["w"])
    layer = window.canvas.desk.scene.edge_layer
    for factor in (1, 0):
        qtbot.mouseMove(panel.rows, spot(panel, 0, factor))
    qtbot.waitUntil(lambda: layer.selected == {("m", 0), ("z", 0), ("a", 0), ("L", 0)})
    assert window.selection.nodes == {"w"} and not window.selection.edges
    qtbot.mouseMove(window.canvas.viewport(), QPoint(3, 3))
    qtbot.waitUntil(lambda: not layer.selected)


def test_a_click_selects_the_path_and_keeps_what_was_asked(qtbot, window) -> None:
    panel = opened(qtbot, window, neuron())
    window.selection.select(["w"])
    said = panel.sum.text()
    qtbot.mouseClick(panel.rows, LEFT, NONE, spot(panel))
    assert window.selection.nodes == {"w", "m", "z", "a", "L"} and panel.sum.text() == said


def test_keys_go_from_path_to_path(qtbot, window) -> None:
    panel = opened(qtbot, window, held("f = x*x + x", x=3.0))
    panel.rows.setFocus()
    lit = []
    for _ in range(2):
        qtbot.keyClick(panel.rows, Key.Key_Down)
        lit.append(window.selection.pointed_edges)
    assert len(set(lit)) == 2 and all(lit)
    qtbot.keyClick(panel.rows, Key.Key_Return)
    assert window.selection.nodes == set(panel.view.rows[2].path.nodes)


def test_many_paths_are_counted_and_the_rest_is_summed(qtbot, window) -> None:
    panel = opened(qtbot, window, many())
    window.selection.select(["x"])
    assert len(panel.view.rows) == 20 and panel.view.found.count == 79
    shown = sum(float(row.path.contribution) for row in panel.view.rows)
    h = 1e-6
    slope = (float_of(1.1 + h) - float_of(1.1 - h)) / (2 * h)
    assert shown + float(panel.view.found.rest) == pytest.approx(slope, rel=1e-6)
    rest = f"{float(panel.view.found.rest):.4g}"
    assert panel.rest.text() == f"the 20 largest of 79 paths; the other 59 add {rest}"


def float_of(x: float) -> float:
    a = x * x
    b = a * x + a
    c = b * b + np.sin(b)
    d = c * a + np.tanh(c)
    return float(d * d + c)


def test_an_edit_an_undo_and_another_file_are_followed(qtbot, window) -> None:
    panel = opened(qtbot, window, neuron())
    window.selection.select(["w"])
    before = panel.sum.text()
    window.bridge.edit(lambda g: edits.set_value(g, "x", 0.0))
    assert panel.sum.text() == "∂L/∂w = 0"
    window.bridge.undo()
    assert panel.sum.text() == before
    window.bridge.edit(lambda g: edits.delete(g, ["w"], []))
    assert "∂L/∂w" not in panel.sum.text()
    window.bridge.load(held("f = u * 7", u=2.0))
    assert panel.sum.text() == "∂f/∂u = 7"


def test_where_there_is_nothing_it_says_why(qtbot, window) -> None:
    panel = opened(qtbot, window, held("f = u * 7; g = v + 1; h = f", u=2.0, v=1.0))
    window.bridge.edit(lambda g: edits.set_target(g, "f"))
    window.selection.select(["v"])
    assert panel.rest.text() == "v does not reach f: no path, so its gradient is 0."
    window.bridge.edit(lambda g: edits.set_target(g, None))
    assert "no target" in panel.rest.text() and panel.sum.text() == ""
    assert Qt.Key.Key_Up in panel.rows.own_keys


def test_it_says_why_paths_are_added(qtbot, window) -> None:
    panel = opened(qtbot, window, held("p = a*x; q = x*b; f = p + q", a=3.0, x=4.0, b=-2.0))
    window.selection.select(["x"])
    assert panel.rest.text().startswith("the sum of all 2 paths: a small push h of x goes along each of them at once")
    assert panel.rest.text().endswith("and moves f by 3 · h + (−2) · h")
    window.bridge.load(held("p = a*x; q = x*b; f = sum(p + q)", a=3.0, x=[4.0, 1.0], b=-2.0))
    window.selection.select(["x"])
    assert panel.rest.text().endswith(": what moves x moves f along each of them at once")


def test_at_a_kink_nothing_is_said_of_how_far_a_push_moves_the_target(qtbot, window) -> None:
    panel = opened(qtbot, window, held("a = abs(x); r = relu(x); f = a + r * 3", x=0.0))
    window.selection.select(["x"])
    assert panel.rest.text().endswith(": a is at a kink, where a slope was chosen: a push does otherwise")
    window.bridge.edit(lambda graph: edits.set_value(graph, "x", 0.5))
    assert panel.rest.text().endswith("and moves f by 3 · h + 1 · h")


def test_slopes_that_cancel_meet_in_0(qtbot, window) -> None:
    panel = opened(qtbot, window, held("p = softmax(x); f = sum(p * p)", x=[1.0, 2.0, 0.5]))
    window.selection.select(["x"])
    assert "finds the sum over ∂f/∂x = 0 too" in panel.modes.text()
