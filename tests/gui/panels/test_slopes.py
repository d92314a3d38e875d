"""The slopes panel by mouse and keys: what it shows against NumPy, and what the hand does to the graph."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from engine import edits
from engine.edits.nodes import set_value
from engine.text.read import parse
from gui.panels.slopes import SlopesPanel
from gui.widgets import slices
from gui.widgets.labels import Row
from tests.gui.window_tools import CTRL, LEFT, NONE, Key, lay_out

NEURON = "w = 0.6; x = 1.5; b = -0.9; L = square(sigmoid(w * x + b) - 1)"
BOWL = "x = 3; y = 1; L = 2 * x * x + 0.5 * y * y"
TENSOR = "W = [[1, 2], [3, 4]]; v = [[0.5], [1]]; L = sum(tanh(matmul(W, v)))"


def neuron(w, b=-0.9):
    return (1 / (1 + np.exp(-(w * 1.5 + b))) - 1) ** 2


@pytest.fixture(params=[0.0, 60.0], ids=["slow machine", "fast machine"])
def shown(request, window, qtbot, monkeypatch):
    """Opens the panel on a graph, by its key; where all is drawn at once, and where each piece takes a turn."""
    monkeypatch.setattr(slices, "SLICE", request.param)

    def show(text: str) -> SlopesPanel:
        window.resize(1400, 900)
        window.bridge.load(parse(text))
        QTest.keyClick(window.canvas, Key.Key_H, CTRL)
        panel = window.findChild(SlopesPanel)
        assert panel is not None and panel.isVisible()
        qtbot.waitUntil(lambda: panel.ground.hint != "" or panel.ground.paths != ())
        lay_out(window)
        return panel

    return show


def texts(panel: SlopesPanel) -> str:
    return "\n".join(line.text() for line in panel.findChildren(QLabel) if line.isVisible())


def value(window, id: str) -> float:
    return float(window.bridge.now.graph.nodes[id].value)


def drag(plot, start: QPointF, *steps: QPoint) -> None:
    at = start.toPoint()
    QTest.mouseMove(plot, at)
    QTest.mousePress(plot, LEFT, NONE, at)
    for step in steps:
        QTest.mouseMove(plot, at + step)
        QApplication.processEvents()


def test_the_curve_its_tangent_and_a_push(shown):
    panel = shown(NEURON)
    figure = panel.slope.figure
    (curve,) = figure.curves
    np.testing.assert_allclose(curve.ys, neuron(curve.xs), rtol=1e-12)
    assert figure.title == "L over w" and figure.said == "tangent −0.375" and figure.mark.slope == -0.375
    end, height = panel.slope.other
    assert height == pytest.approx(neuron(end))
    assert f"L really changes by\n{'−0.2167'}" in texts(panel) and neuron(1.6) - 0.25 == pytest.approx(
        -0.2167, abs=5e-5
    )
    assert "∂L/∂w · h promises\n−0.375" in texts(panel)


def test_no_digit_of_a_push_is_cut_however_long_the_names_are(shown, window):
    panel = shown("weights = [[0.6123, 1]]; v = [[0.01], [1]]; loss = sum(tanh(matmul(weights, v)))")
    window.resize(1000, 720)
    lay_out(window)
    rows = [row for row in panel.findChildren(Row) if row.isVisible()]
    said = [row for row in rows if row.caption.text() == "∂loss/∂weights[0, 0] · h promises"]
    assert said and all(row.content.width() >= row.content.sizeHint().width() for row in rows)
    assert all(row.caption.height() >= row.caption.heightForWidth(row.caption.width()) for row in rows)


def test_the_point_is_dragged_and_the_graph_follows_in_one_undo_step(shown, window):
    panel, plot = shown(NEURON), None
    plot = panel.slope
    drag(plot, plot.spot(0.6, 0.25), QPoint(20, 0), QPoint(60, 4))
    assert value(window, "w") > 0.7 and plot.figure.mark.x == value(window, "w")
    assert plot.figure.mark.y == pytest.approx(neuron(value(window, "w")))
    QTest.mouseRelease(plot, LEFT, NONE, plot.spot(0.6, 0.25).toPoint() + QPoint(60, 4))
    QTest.keyClick(window.canvas, Key.Key_Z, CTRL)
    assert value(window, "w") == 0.6 and window.bridge.document.undo_text is None


def test_escape_puts_the_point_back(shown, window):
    panel = shown(NEURON)
    drag(panel.slope, panel.slope.spot(0.6, 0.25), QPoint(40, 0))
    assert value(window, "w") != 0.6
    QTest.keyClick(panel.slope, Key.Key_Escape)
    assert value(window, "w") == 0.6 and window.bridge.document.undo_text is None
    QTest.mouseRelease(panel.slope, LEFT, NONE, QPoint(5, 5))
    assert value(window, "w") == 0.6


def test_the_secant_tips_onto_the_tangent(shown):
    panel = shown(NEURON)
    plot = panel.slope
    start = plot.spot(*plot.other)
    near = plot.spot(0.75, 0.2)
    drag(plot, start, (near - start).toPoint())
    h = plot.other[0] - 0.6
    assert 0 < h < 0.3
    secant = (neuron(0.6 + h) - 0.25) / h
    assert f"slope of the secant\n{secant:.4g}".replace("-", "−") in texts(panel)
    QTest.mouseRelease(plot, LEFT, NONE, near.toPoint())
    plot.setFocus()
    for _ in range(4):
        QTest.keyClick(plot, Key.Key_Down)
    assert plot.other[0] - 0.6 == pytest.approx(h / 16)


def test_the_wheel_makes_the_curve_a_line(shown):
    panel = shown(NEURON)
    plot = panel.slope
    for _ in range(30):
        at = QPointF(plot.rect().center())
        event = QWheelEvent(
            at, plot.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, NONE,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(plot, event)
    (curve,) = plot.figure.curves
    assert curve.xs[-1] - curve.xs[0] < 0.01
    straight = np.interp(curve.xs, curve.xs[[0, -1]], curve.ys[[0, -1]])
    assert np.max(np.abs(curve.ys - straight)) < 1e-3 * abs(curve.ys[-1] - curve.ys[0])


def test_the_ground_is_the_function_and_its_point_moves_both_numbers(shown, window, qtbot):
    panel = shown(BOWL)
    ground = panel.ground
    qtbot.waitUntil(lambda: ground.landscape is not None and len(ground.landscape.heights) == 49)
    x, y = np.meshgrid(ground.landscape.across, ground.landscape.up)
    np.testing.assert_allclose(ground.landscape.heights, 2 * x**2 + y**2 / 2, rtol=1e-12, atol=1e-12)
    assert ground.slopes == (12.0, 1.0)
    drag(ground, ground.spot(3, 1), QPoint(-30, -10), QPoint(-50, -20))
    QTest.mouseRelease(ground, LEFT, NONE, ground.spot(3, 1).toPoint())
    assert value(window, "x") < 2.9 and value(window, "y") > 1.1
    assert ground.point == (value(window, "x"), value(window, "y"))
    QTest.keyClick(window.canvas, Key.Key_Z, CTRL)
    assert (value(window, "x"), value(window, "y")) == (3, 1)


def test_steps_downhill_and_the_rate_at_which_they_run_away(shown, qtbot):
    panel = shown(BOWL)
    assert "SGD swings from 1/λ = 0.25 on, and runs away from 2/λ = 0.5 on." in texts(panel)
    sgd = next(path.descent for path in panel.ground.paths if path.descent.optimiser == "sgd")
    n = np.arange(31)
    np.testing.assert_allclose(sgd.places, np.stack([3 * 0.6**n, 0.9**n], axis=1), rtol=1e-9)
    assert f"SGD: L 18.5 → {sgd.heights[-1]:.3g}" in texts(panel)
    slider = panel.descent.slider
    slider.setFocus()
    while panel.descent.rate < 0.52:
        QTest.keyClick(slider, Key.Key_PageUp)
    qtbot.waitUntil(lambda: "SGD: runs away" in texts(panel))


def test_what_becomes_of_the_ways_downhill_is_read_first(shown, window):
    """It is what one looks for once there are two numbers; the push of one of them stands below it."""
    window.resize(1280, 720)
    panel = shown(BOWL)
    assert panel.descent.slider.visibleRegion().boundingRect() == panel.descent.slider.rect()
    assert panel.descent.mapTo(panel, QPoint(0, 0)).y() < panel.nudge.mapTo(panel, QPoint(0, 0)).y()


def test_a_push_beyond_a_kink_does_not_keep_its_promise_though_half_of_it_does(shown, window):
    panel = shown("x = 0.6; L = abs(x - 1.3)")
    panel.nudge.on_canvas.click()
    assert "the promise is kept" not in texts(panel)
    assert "With half the push they are not apart: the curve leaves its line only farther out" in texts(panel)
    assert window.bridge.lens.push.verdict == ("really −0.4", "∂L/∂x · h −1", "apart 0.6", "with half of h not apart")


def test_a_push_is_seen_on_the_canvas(shown, window, qtbot):
    panel = shown(NEURON)
    plain = window.canvas.grab().toImage()
    panel.nudge.on_canvas.click()
    push = window.bridge.lens.push
    assert push.lines["w"] == "w 0.6 → 1.6" and push.lines["L"] == f"0.25 → {neuron(1.6):.4g}" and "b" not in push.lines
    assert push.verdict[:3] == ("really −0.2167", "∂L/∂w · h −0.375", "apart 0.1583")
    apart = [neuron(0.6 + h) - neuron(0.6) + 0.375 * h for h in (1.0, 0.5)]
    assert push.verdict[3:] == (f"with half of h {apart[0] / apart[1]:.2g} times nearer",)
    assert window.canvas.grab().toImage() != plain
    QTest.keyClick(window.canvas, Key.Key_H, CTRL)
    assert window.bridge.lens.push is None
    qtbot.waitUntil(lambda: not panel.isVisible())


def test_the_leaf_that_is_selected_is_the_first_number(shown, window, qtbot):
    panel = shown(NEURON)
    window.selection.select(["b"])
    qtbot.waitUntil(lambda: panel.slope.figure.title == "L over b")
    assert panel.first.leaf.currentText() == "b" and panel.second.leaf.currentText() == "w"


def test_an_element_of_a_tensor(shown, window, qtbot):
    panel = shown(TENSOR)
    assert panel.slope.figure.title == "L over W[0, 0]"
    field = panel.first.element
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1, 0")
    QTest.keyClick(field, Key.Key_Return)
    assert panel.slope.figure.title == "L over W[1, 0]"
    W, v = np.array([[1.0, 2], [3, 4]]), np.array([[0.5], [1]])
    (curve,) = panel.slope.figure.curves
    for x, height in list(zip(curve.xs, curve.ys, strict=True))[::20]:
        W[1, 0] = x
        assert height == pytest.approx(float(np.tanh(W @ v).sum()), rel=1e-12)
    plot = panel.slope
    drag(plot, plot.spot(plot.figure.mark.x, plot.figure.mark.y), QPoint(30, 0))
    QTest.mouseRelease(plot, LEFT, NONE, QPoint(1, 1))
    held = window.bridge.now.graph.nodes["W"].value
    assert held[1, 0] > 3 and held[0].tolist() == [1, 2] and held[1, 1] == 4
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "7, 7")
    QTest.keyClick(field, Key.Key_Return)
    assert "W has no such element" in texts(panel) and panel.slope.figure.title == "L over W[1, 0]"


def test_a_kink_has_two_slopes_and_no_tangent(shown):
    panel = shown("x = 0; y = abs(x)")
    assert panel.slope.figure.said == "a kink: slope −1 on its left, 1 on its right"
    assert panel.slope.figure.mark.slope is None


@pytest.mark.parametrize(
    "text", ["x = 1; y = x", "x = np.array([1, 2]); y = x * 2", "x = 0; y = log(x)", "x = 1e300; y = x * x"]
)
def test_odd_graphs_are_shown_without_a_complaint(shown, text):
    panel = shown(text)
    panel.grab()
    assert panel.slope.figure.title or panel.slope.figure.hint


def test_what_is_deleted_is_let_go(shown, window):
    panel = shown(NEURON)
    window.bridge.edit(lambda graph: edits.delete(graph, ["w"]))
    assert panel.first.leaf.findText("w") < 0
    window.bridge.undo()
    window.bridge.edit(lambda graph: edits.delete(graph, list(graph.nodes)))
    assert panel.slope.figure.hint == "Choose a target, and a leaf that it depends on."


def test_the_second_list_offers_only_what_is_another_number(shown):
    panel = shown(BOWL)
    names = [panel.second.leaf.itemText(row) for row in range(panel.second.leaf.count())]
    assert panel.first.leaf.currentText() == "x" and names == ["none", "y"]


def test_beside_an_element_of_a_tensor_another_one_of_it_can_be_chosen(shown):
    panel = shown(TENSOR)
    assert panel.first.leaf.currentText() == "W"
    panel.second.leaf.setFocus()
    QTest.keyClick(panel.second.leaf, Key.Key_Home)
    assert panel.second.knob is None
    QTest.keyClick(panel.second.leaf, Key.Key_Down)
    assert panel.second.leaf.currentText() == "W" and panel.second.element.text() == "0, 1"


def test_a_number_beside_which_there_is_none_at_this_scale_is_looked_at_from_farther_away(shown, window):
    panel = shown("w = 0.5; L = w * 2")
    window.bridge.edit(lambda graph: set_value(graph, "w", 1e60))
    (curve,) = panel.slope.figure.curves
    assert curve.xs[0] < 1e60 < curve.xs[-1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 0; L = sqrt(x)", "The slope here is not finite: there is no promise to compare with."),
        ("x = 0; L = 1 / x", "There is no finite value here."),
        ("x = -1; L = 1 / x", "There is no finite value at the other end."),
        ("x = -0.5; L = 1 / x", "Half way there is no finite value."),
    ],
)
def test_a_push_says_which_number_is_not_finite(shown, text, said):
    assert said in texts(shown(text)).splitlines()


def test_at_a_kink_nothing_is_said_of_how_the_ground_is_curved(shown):
    said = texts(shown("x = 2; y = 2; L = maximum(x, y) * x"))
    assert "The ground has a kink or a jump here" in said and "λ" not in said


def test_where_the_slope_is_infinite_the_steps_and_the_curvature_say_so(shown):
    said = texts(shown("x = 0; y = 1; L = sqrt(x) + y * y"))
    assert "cannot be measured here" in said and "SGD: runs away: L 1 → nan in 1 step\n" in said


def test_steps_that_run_away_before_the_last_say_how_many_they_were(shown, qtbot):
    panel = shown("x = 3; y = 1; L = 34 * x * x + 0.5 * y * y")
    sgd = next(path.descent for path in panel.ground.paths if path.descent.optimiser == "sgd")
    assert sgd.steps == 4 and "SGD: runs away: L 306 → " in texts(panel)
    assert f"{34 * (3 * 5.8**4) ** 2:.3g}".replace("e+0", "e") + " in 4 steps" in texts(panel)


def test_which_element_of_a_tensor_of_many_axes_is_read_whole(shown):
    panel = shown("x = np.array([[[[1, 2], [3, 4]]], [[[0.5, -1], [2, 0]]]]); L = np.sum(np.square(x))")
    field = panel.first.element
    assert field.text() == "0, 0, 0, 0"
    assert field.fontMetrics().horizontalAdvance(field.text()) + 12 < field.width()


@pytest.mark.parametrize("pole", [0.0, 0.01])
def test_no_line_is_drawn_across_a_pole(shown, pole):
    plot = shown(f"x = 0.5; L = 1 / (x - {pole})").slope
    x = plot.spot(pole, 0.0).x()
    middle = round(plot.spot(pole, 8.0).y())
    picture = plot.grab().toImage()
    plain = picture.pixelColor(round(x) - 14, middle)
    assert all(picture.pixelColor(round(x) + k, middle) == plain for k in range(-6, 6))
