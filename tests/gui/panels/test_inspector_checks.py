"""The inspector checks gradients, draws what an op does, and shows and edits arrays."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSpinBox, QTableView
from shiboken6 import isValid

from engine import edits
from engine.files.open import with_values
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.session import Session
from engine.text.read import parse
from engine.truth.along import Along, Knob, curve_of, reach_of
from engine.truth.probe import Prober
from engine.values.values import as_value
from gui.panels.inspector.leaf_curve import POINTS, can_check, can_draw
from gui.widgets.plot import Plot
from tests.gui.inspector_tools import Bench, alone, product


@pytest.fixture
def bench(qtbot) -> Iterator[Bench]:
    yield Bench(qtbot, product())


# --- the check and the plot


def test_a_leafs_gradient_is_checked_and_drawn(bench) -> None:
    bench.selection.select(["x"])
    assert bench.after("finite difference") == "−4.000000 ✓"
    (plot,) = bench.visible(Plot)
    assert plot.accessibleName() == "f against x: slope −4 at −2"
    bench.bridge.edit(lambda g: edits.set_value(g, "z", 6))
    assert bench.after("finite difference") == "6.000000 ✓"
    assert plot.reading() == "f against x: slope 6"


def test_with_a_seed_the_check_is_of_the_seeded_gradient(bench) -> None:
    bench.bridge.edit(lambda g: edits.set_seed(g, 10))
    bench.selection.select(["x"])
    assert bench.after("finite difference") == "−40.000000 ✓"
    assert bench.visible(Plot)[0].figure.said == "slope −40"


def fan_out() -> Graph:
    """f = (3x) · (x + y): two ways from x."""
    nodes = [
        Node("x", "input", as_value(2)), Node("y", "input", as_value(-1)), Node("k", "constant", as_value(3)),
        Node("a", "mul"), Node("b", "add"), Node("f", "mul"),
    ]  # fmt: skip
    edges = [("k", "a", 0), ("x", "a", 1), ("x", "b", 0), ("y", "b", 1), ("a", "f", 0), ("b", "f", 1)]
    return Graph.of(nodes, [Edge(*edge) for edge in edges], target="f")


def tensor() -> Graph:
    """f = tanh(x · w), x a number, w and f vectors."""
    nodes = [Node("x", "input", as_value(0.5)), Node("w", "input", as_value([1, -2, 0.1])), Node("m", "mul")]
    edges = [Edge("x", "m", 0), Edge("w", "m", 1), Edge("m", "f", 0)]
    return Graph.of([*nodes, Node("f", "tanh")], edges, target="f")


def infinite() -> Graph:
    """f = sqrt(x) at 0: its slope is infinite."""
    return Graph.of([Node("x", "input", as_value(0)), Node("f", "sqrt")], [Edge("x", "f", 0)], target="f")


def nowhere() -> Graph:
    """f = log(x) at −1: there is no value."""
    return Graph.of([Node("x", "input", as_value(-1)), Node("f", "log")], [Edge("x", "f", 0)], target="f")


@pytest.mark.parametrize("seed", [-3.0, -2.0, 0.0, 0.5, 1.0, 5.0])
@pytest.mark.parametrize("make", [product, fan_out, tensor])
def test_gradient_finite_difference_and_slope_are_one_number(qtbot, make: Callable[[], Graph], seed: float) -> None:
    bench = Bench(qtbot, make().apply(edits.set_seed(make(), seed)))
    graph, trace = bench.bridge.now.graph, bench.bridge.now.trace
    for id in (id for id, node in graph.nodes.items() if node.op_name == "input"):
        bench.selection.select([id])
        gradient = trace.gradient(id)
        if gradient.ndim:
            assert bench.after("finite difference").endswith(f"{gradient.size} of {gradient.size} ✓")
            continue
        shown = float(gradient)
        assert read(bench.after("gradient")) == pytest.approx(shown, rel=1e-12)
        assert bench.after("finite difference").endswith(" ✓")
        assert read(bench.after("finite difference").removesuffix(" ✓")) == pytest.approx(shown, rel=1e-5, abs=1e-9)
        (plot,) = bench.visible(Plot)
        assert read(plot.figure.said.removeprefix("slope ")) == pytest.approx(shown, rel=1e-3)
        (curve,), drawn = plot.figure.curves, Along(graph, trace, [Knob(id)])
        assert plot.figure.mark.slope == pytest.approx(shown)
        assert [drawn(x) for x in curve.xs] == pytest.approx(curve.ys.tolist())
        (at,) = drawn.at
        assert (drawn(at + 1e-5) - drawn(at - 1e-5)) / 2e-5 == pytest.approx(shown, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("make", "seed", "title", "meaning"),
    [
        (product, 1.0, "f against x", ""),
        (product, 5.0, "L against x", "L = 5 · f"),
        (product, -2.0, "L against x", "L = −2 · f"),
        (tensor, 1.0, "L against x", "L = Σ f"),
        (tensor, 5.0, "L against x", "L = 5 · Σ f"),
    ],
)
def test_what_is_differentiated_is_named(qtbot, make, seed: float, title: str, meaning: str) -> None:
    bench = Bench(qtbot, make().apply(edits.set_seed(make(), seed)))
    bench.selection.select(["x"])
    assert bench.visible(Plot)[0].figure.title == title
    assert any(meaning in text for text in bench.texts()) and any("L =" in t for t in bench.texts()) == bool(meaning)


def test_where_there_is_no_slope_none_is_shown(qtbot) -> None:
    bench = Bench(qtbot, infinite())
    bench.selection.select(["x"])
    assert bench.after("gradient") == "∞" and bench.after("finite difference") == "cannot be measured"
    assert bench.visible(Plot)[0].figure.said == "slope ∞"
    bench = Bench(qtbot, nowhere())
    bench.selection.select(["x"])
    assert bench.after("finite difference") == "cannot be measured"
    assert bench.visible(Plot)[0].figure.hint == "There is no finite value here."


def test_an_array_with_a_kink_says_how_many_agree_and_how_many_cannot(qtbot) -> None:
    bench = alone(qtbot, "relu", [0.0, 1.0, -2.0])
    assert bench.after("finite difference") == "2 ✓, 1 at a kink"


def test_rounding_noise_reads_as_no_slope_in_every_number(qtbot) -> None:
    """0.1 x + 0.2 x − 0.3 x: what is left of the gradient is made of round-off alone."""
    bench = Bench(qtbot, with_values(parse("g = x*0.1 + x*0.2 - x*0.3"))[0])
    bench.selection.select(["x"])
    assert bench.after("gradient") == "0" and bench.after("finite difference") == "0 ✓"
    assert bench.visible(Plot)[0].figure.said == "slope 0"


def read(text: str) -> float:
    return float(text.replace("−", "-").replace("∞", "inf"))


@pytest.mark.parametrize("id", ["q", "f"])
def test_only_leaves_are_checked(bench, id: str) -> None:
    bench.selection.select([id])
    assert "finite difference" not in bench.texts()
    assert not bench.visible(Plot)


@pytest.mark.parametrize(("op", "x"), [("sigmoid", 0.3), ("tanh", -1.0), ("exp", 2.0), ("log", 0.7), ("square", 1e4)])
def test_right_gradients_agree(qtbot, op: str, x: float) -> None:
    assert alone(qtbot, op, x).after("finite difference").endswith("✓")


def test_a_kink_is_named(qtbot) -> None:
    bench = alone(qtbot, "relu", 0.0)
    assert bench.after("finite difference") == "none: a kink" and bench.after("gradient") == "0"
    sides = "to the left of it f has the slope 0, to the right 1."
    assert f"There is a kink at or beside x = 0: {sides}" in bench.texts()
    assert bench.visible(Plot)[0].figure.said == "a kink"


def test_an_array_is_checked_element_by_element(qtbot) -> None:
    bench = alone(qtbot, "tanh", [0.1, -2.0, 3.0])
    assert bench.after("finite difference") == "3 of 3 ✓"
    assert not bench.visible(Plot)


def wide() -> Graph:
    """L = Σ tanh(x Wᵀ), with 900 elements in W."""
    x, ones = np.random.default_rng(0).normal(size=(20, 30)), np.ones((30, 30))
    leaves = [("x", "input", x), ("W", "parameter", ones), ("b", "parameter", np.zeros(30))]
    nodes = [Node(id, op, as_value(value)) for id, op, value in leaves]
    nodes += [Node("z", "linear"), Node("h", "tanh"), Node("L", "sum")]
    edges = [Edge("x", "z", 0), Edge("W", "z", 1), Edge("b", "z", 2), Edge("z", "h", 0), Edge("h", "L", 0)]
    return Graph.of(nodes, edges, target="L")


def test_many_numbers_are_checked_when_the_hand_rests_and_no_old_check_is_seen(qtbot, monkeypatch) -> None:
    bench, moved, probe = Bench(qtbot, wide()), list[float](), Prober.probe

    def noted(prober: Prober, *args):
        moved.append(float(np.asarray(prober.trace.value("W"))[0, 0]))
        return probe(prober, *args)

    monkeypatch.setattr(Prober, "probe", noted)
    bench.selection.select(["W"])
    for number in (0.5, 0.25, 0.125):
        value = np.ones((30, 30))
        value[0, 0] = number
        bench.bridge.edit(lambda g, value=value: edits.set_value(g, "W", value), gesture="drag")
        assert bench.after("finite difference") == "…" and not moved
    qtbot.waitUntil(lambda: bench.after("finite difference") != "…")
    assert bench.after("finite difference").endswith("24 of 900 ✓") and set(moved) == {0.125}


def test_what_waits_out_of_sight_is_checked_when_it_is_seen_again(qtbot) -> None:
    bench = Bench(qtbot, wide())
    bench.selection.select(["W"])
    assert bench.after("finite difference") == "…"
    bench.selection.select(["h"])
    bench.selection.select(["W"])
    qtbot.waitUntil(lambda: bench.after("finite difference").endswith("24 of 900 ✓"))


def test_the_curve_is_the_function() -> None:
    nodes = [Node("x", "input", as_value(0.5)), Node("f", "sigmoid")]
    session = Session(Graph.of(nodes, [Edge("x", "f", 0)], target="f"))
    assert can_check(session.now.graph, session.now.trace, "x") and can_draw(session.now.trace, "x")
    xs, ys = curve_of(Along(session.now.graph, session.now.trace, [Knob("x")]), reach_of(0.5), POINTS)
    assert xs.size == 41
    np.testing.assert_allclose(ys, 1 / (1 + np.exp(-xs)), rtol=1e-14)


def test_a_curve_with_holes_is_drawn(qtbot) -> None:
    nodes = [Node("x", "input", as_value(0.5)), Node("f", "log")]
    bench = Bench(qtbot, Graph.of(nodes, [Edge("x", "f", 0)], target="f"))
    bench.selection.select(["x"])
    (plot,) = bench.visible(Plot)
    assert plot.figure.said == "slope 2"
    assert not plot.grab().isNull()


@pytest.mark.parametrize(
    ("op", "value"),
    [("square", 1.7e308), ("square", -1e308), ("square", 1e-320), ("neg", 1.7e308), ("sigmoid", -1e308)],
)
def test_the_curve_of_an_extreme_value_is_drawn_without_a_warning(qtbot, op: str, value: float) -> None:
    nodes = [Node("x", "input", as_value(value)), Node("f", op)]
    bench = Bench(qtbot, Graph.of(nodes, [Edge("x", "f", 0)], target="f"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bench.selection.select(["x"])
        for plot in bench.visible(Plot):
            assert not plot.grab().isNull()


# --- arrays


def array_bench(qtbot, value: object) -> Bench:
    nodes = [Node("x", "input", as_value(value)), Node("f", "square")]
    bench = Bench(qtbot, Graph.of(nodes, [Edge("x", "f", 0)]))
    bench.selection.select(["x"])
    return bench


def type_element(bench: Bench, row: int, column: int, text: str, taken: bool = True) -> QLineEdit:
    (grid,) = bench.visible(QTableView)
    index = grid.model().index(row, column)
    grid.setCurrentIndex(index)
    grid.edit(index)
    editor = next(line for line in grid.findChildren(QLineEdit) if line.isVisible())
    editor.selectAll()
    bench.bot.keyClicks(editor, text)
    bench.bot.keyClick(editor, Qt.Key.Key_Return)
    if taken:
        bench.bot.waitUntil(lambda: not isValid(editor) or not editor.isVisible())  # Qt commits in its own time
    return editor


def test_a_matrix_has_its_facts_and_its_grid(qtbot) -> None:
    bench = array_bench(qtbot, [[1, 2, 3], [4, 5, -9]])
    assert bench.after("shape") == "(2, 3)"
    assert "min −9, mean 1, max 5" in bench.texts()
    (grid,) = bench.visible(QTableView)
    model = grid.model()
    assert [[model.index(r, c).data() for c in range(3)] for r in range(2)] == [["1", "2", "3"], ["4", "5", "−9"]]


def test_an_element_is_typed_over(qtbot) -> None:
    bench = array_bench(qtbot, [[1, 2], [3, 4]])
    type_element(bench, 1, 0, "-0.5")
    np.testing.assert_array_equal(bench.bridge.now.graph.nodes["x"].value, [[1, 2], [-0.5, 4]])
    (grid,) = bench.visible(QTableView)
    assert grid.model().index(1, 0).data() == "−0.5"
    bench.bridge.undo()
    assert grid.model().index(1, 0).data() == "3"


def test_an_element_that_is_no_number_is_refused_and_its_field_stays(qtbot) -> None:
    bench = array_bench(qtbot, [1, 2])
    editor = type_element(bench, 0, 1, "abc", taken=False)
    assert any("“abc” is not a number" in text for text in bench.texts())
    assert not bench.bridge.pending.commit() and editor.isVisible() and editor.text() == "abc"
    np.testing.assert_array_equal(bench.bridge.now.graph.nodes["x"].value, [1, 2])
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert bench.bridge.pending.commit() and not bench.bridge.pending.texts


def test_what_is_typed_over_an_element_is_taken_by_what_is_done_next(qtbot) -> None:
    bench = array_bench(qtbot, [[1, 2], [3, 4]])
    (grid,) = bench.visible(QTableView)
    grid.edit(grid.model().index(1, 0))
    qtbot.keyClicks(next(line for line in grid.findChildren(QLineEdit) if line.isVisible()), "9")
    (typed,) = bench.bridge.pending.texts
    assert (typed.what, typed.text) == ("Element of x", "9")
    assert bench.bridge.pending.commit()
    np.testing.assert_array_equal(bench.bridge.now.graph.nodes["x"].value, [[1, 2], [9, 4]])


def test_a_vector_is_one_row(qtbot) -> None:
    bench = array_bench(qtbot, [1, 2, 3])
    type_element(bench, 0, 2, "8")
    np.testing.assert_array_equal(bench.bridge.now.graph.nodes["x"].value, [1, 2, 8])


def test_more_dimensions_are_seen_slice_by_slice(qtbot) -> None:
    bench = array_bench(qtbot, np.arange(24.0).reshape(2, 3, 4))
    (axis,) = bench.visible(QSpinBox)
    axis.setValue(1)
    (grid,) = bench.visible(QTableView)
    assert grid.model().index(0, 0).data() == "12"
    type_element(bench, 2, 3, "99")
    assert bench.bridge.now.graph.nodes["x"].value[1, 2, 3] == 99
    assert axis.value() == 1


def test_a_computed_array_cannot_be_typed_over(qtbot) -> None:
    bench = array_bench(qtbot, [1, 2, 3])
    bench.selection.select(["f"])
    (grid,) = bench.visible(QTableView)
    assert grid.model().index(0, 2).data() == "9"
    assert not grid.model().flags(grid.model().index(0, 2)) & Qt.ItemFlag.ItemIsEditable


def test_a_large_array_costs_no_more_than_a_small_one(qtbot) -> None:
    bench = array_bench(qtbot, np.zeros((2000, 1000)))
    (grid,) = bench.visible(QTableView)
    assert (grid.model().rowCount(), grid.model().columnCount()) == (2000, 1000)
    assert grid.height() < 400
