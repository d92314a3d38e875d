"""Jacobians, the paths of a total derivative, initialisers and gradients element by element, in the inspector."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView

from engine import edits
from engine.truth.jacobian import jacobian
from gui.panels.inspector.initialiser_button import InitialiserButton
from gui.panels.inspector.jacobian_view import JacobianView
from gui.panels.inspector.paths_view import PathsView
from gui.widgets.fields import NoWheelComboBox
from gui.widgets.fold import Fold
from gui.widgets.labels import Link
from gui.widgets.segmented import Segmented
from tests.gui.graphs import held
from tests.gui.inspector_tools import Bench, square

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def softmax(qtbot) -> Bench:
    return Bench(qtbot, held("p = softmax(z); L = cross_entropy(p @ w, t)", z=[1.0, 2.0, 3.0], w=np.eye(3), t=2.0))


def opened(bench: Bench, kind: type[Fold]) -> Fold:
    fold = next(view for view in bench.visible(kind))
    QTest.mouseClick(fold.button, LEFT, NONE, fold.button.rect().center())
    return fold


def grid_of(fold: Fold) -> np.ndarray:
    model = fold.findChild(QTableView).model()
    rows, columns = range(model.rowCount()), range(model.columnCount())
    return np.array([[float(str(model.index(r, c).data()).replace("−", "-")) for c in columns] for r in rows])


def test_a_jacobian_is_folded_until_it_is_wanted(softmax):
    softmax.selection.select(["p"])
    view = softmax.visible(JacobianView)[0]
    assert view.button.text() == "▸ Jacobian ∂p/∂z" and not view.body.isVisible()
    opened(softmax, JacobianView)
    found = jacobian(softmax.bridge.now.trace, "p", 0)
    assert grid_of(view) == pytest.approx(found.flat, rel=1e-3, abs=1e-6)
    assert softmax.after("structure") == found.structure and found.sentence in softmax.texts()
    assert any(text.endswith("contribution ✓") for text in softmax.texts())
    headers = view.findChild(QTableView).model()
    assert headers.headerData(2, Qt.Orientation.Vertical) == "p[2]"


def test_it_follows_an_edit(softmax):
    softmax.selection.select(["p"])
    view = opened(softmax, JacobianView)
    softmax.bridge.edit(lambda g: edits.set_value(g, "z", [0.0, 0.0]))
    assert softmax.bridge.now.trace.failures, "w has three rows"
    assert grid_of(view) == pytest.approx(np.array([[0.25, -0.25], [-0.25, 0.25]]))
    assert "No gradient passes here." in softmax.texts()


def test_the_input_is_chosen_at_a_node_and_given_at_an_edge(softmax):
    softmax.selection.select(["matmul"])
    view = opened(softmax, JacobianView)
    box = view.findChild(NoWheelComboBox)
    assert [box.itemText(i) for i in range(box.count())] == ["by a: p", "by b: w"]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert view.button.text() == "▾ Jacobian ∂matmul/∂w" and grid_of(view).shape == (3, 9)
    softmax.selection.select(edges=[("matmul", 0)])
    edge = opened(softmax, JacobianView)
    assert edge.button.text() == "▾ Jacobian ∂matmul/∂p" and grid_of(edge).shape == (3, 3)


def test_a_huge_one_is_not_made(qtbot):
    bench = Bench(qtbot, held("s = sum(sigmoid(x))", x=np.zeros(2000)))
    bench.selection.select(["sigmoid"])
    opened(bench, JacobianView)
    assert "A matrix of 2\u202f000 × 2\u202f000: too large to be shown here." in bench.texts()


def test_the_total_derivative_is_the_sum_of_the_paths(qtbot):
    bench = Bench(qtbot, square())
    bench.selection.select(["x"])
    view = opened(bench, PathsView)
    shown = [link.text() for link in view.findChildren(Link)]
    assert shown.count("x → s → f") == 2 and "x → f" in shown
    texts = bench.texts()
    assert "1 × 3" in texts and "1" in texts
    assert texts[texts.index("the sum of all 3 paths") + 1] == "7"
    link = next(link for link in view.findChildren(Link) if link.text() == "x → f")
    QTest.mouseClick(link, LEFT, NONE, link.rect().center())
    assert bench.selection.nodes == {"x", "f"}


def test_one_path_is_no_sum(softmax):
    softmax.selection.select(["z"])
    assert not softmax.visible(PathsView)


def test_initialisers_are_offered_beside_a_value(qtbot):
    bench = Bench(qtbot, held("s = sum(w * 2)"))
    bench.selection.select(["w"])
    button = bench.visible(InitialiserButton)[0]
    button.shape.setText("3, 4")
    button.seed.setValue(7)
    fill(button, "Xavier")
    value = bench.bridge.now.graph.nodes["w"].value
    assert value.shape == (3, 4) and np.abs(value).max() <= np.sqrt(6 / 7)
    bench.bridge.undo()
    assert bench.bridge.now.graph.nodes["w"].value is None
    bench.bridge.redo()
    assert np.array_equal(bench.bridge.now.graph.nodes["w"].value, value)
    assert button.shape.text() == "3, 4"
    fill(button, "Zeros")
    assert not bench.bridge.now.graph.nodes["w"].value.any()


def test_a_shape_that_is_none_is_refused_under_the_field(qtbot):
    bench = Bench(qtbot, held("s = sum(w * 2)"))
    bench.selection.select(["w"])
    button = bench.visible(InitialiserButton)[0]
    button.shape.setText("three")
    fill(button, "Ones")
    assert bench.bridge.now.graph.nodes["w"].value is None
    assert any("“three” is not a length" in text for text in bench.texts())


def fill(button: InitialiserButton, title: str) -> None:
    next(action for action in button.menu().actions() if action.text().startswith(title)).trigger()


def test_the_gradient_of_a_tensor_has_a_grid_too(softmax):
    softmax.selection.select(["z"])
    choice = next(s for s in softmax.visible(Segmented) if s.accessibleName() == "Elements of")
    QTest.mouseClick(choice, LEFT, NONE, choice.segment(1).center().toPoint())
    grid = next(g for g in softmax.visible(QTableView) if g.accessibleName() == "Elements")
    shown = [float(grid.model().index(0, c).data().replace("−", "-")) for c in range(3)]
    assert shown == pytest.approx(softmax.bridge.now.trace.gradient("z"), rel=1e-3)
    assert not grid.model().flags(grid.model().index(0, 0)) & Qt.ItemFlag.ItemIsEditable


@pytest.mark.parametrize("program", ["L = sum(softmax(x) * sigmoid(x))", "L = sum(x * x)"])
def test_nothing_in_the_inspector_is_wider_than_it(qtbot, program):
    bench = Bench(qtbot, held(program, x=[0.123456789, -0.000123456789, 123456.789, 1e-30]))
    for id in bench.bridge.now.graph.nodes:
        bench.selection.select([id])
        page = bench.inspector.widget()
        assert page.minimumSizeHint().width() <= 320 - 12, id
