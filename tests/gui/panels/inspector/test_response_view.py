"""An activation is drawn over its input: the point and its slope for a number, a histogram for a tensor."""

from __future__ import annotations

import numpy as np
import pytest

from gui.panels.inspector.response_view import ResponseView
from tests.building import graph_of
from tests.gui.inspector_tools import Bench, product

X = np.random.default_rng(3).normal(size=(4, 6)) * 3


def shown(bench: Bench) -> ResponseView | None:
    return next(iter(bench.visible(ResponseView)), None)


def bench_of(qtbot, op: str, x: object, node: str = "f") -> Bench:
    bench = Bench(qtbot, graph_of(("x", "input", x), ("f", op, ["x"]), ("L", "sum", ["f"]), target="L"))
    bench.bridge.player.go_to_end()
    bench.selection.select([node])
    return bench


@pytest.mark.parametrize(
    ("op", "x", "y", "slope"),
    [("tanh", 0.5, np.tanh(0.5), 1 - np.tanh(0.5) ** 2), ("relu", 2.0, 2.0, 1.0), ("exp", 9.0, np.exp(9), np.exp(9))],
)
def test_a_number_is_a_point_on_the_curve_with_its_tangent(qtbot, op, x, y, slope):
    figure = shown(bench_of(qtbot, op, x)).plot.figure
    assert (figure.mark.x, figure.mark.y, figure.mark.slope) == pytest.approx((x, y, slope))
    whole, dashed = figure.curves
    assert whole.xs[0] <= x <= whole.xs[-1] and figure.y.low <= y <= figure.y.high
    of = {"tanh": np.tanh, "relu": lambda v: np.maximum(v, 0), "exp": np.exp}[op]
    np.testing.assert_allclose(whole.ys[np.isfinite(whole.ys)], of(whole.xs)[np.isfinite(whole.ys)], rtol=1e-12)
    assert dashed.dashed and figure.said.startswith("slope ") and figure.bars is None


def test_a_tensor_is_a_histogram_of_what_goes_in(qtbot):
    figure = shown(bench_of(qtbot, "tanh", X)).plot.figure
    counts, edges = np.histogram(X, 24)
    np.testing.assert_array_equal(figure.bars.counts, counts)
    np.testing.assert_allclose(figure.bars.edges, edges)
    assert figure.mark is None and figure.said == "24 elements"
    assert figure.x.low <= X.min() and X.max() <= figure.x.high


def test_it_says_how_many_elements_let_nothing_through(qtbot):
    bench = bench_of(qtbot, "relu", X)
    shut = np.count_nonzero(X <= 0)
    assert f"At {shut} of 24 elements the slope is 0: no gradient goes through." in bench.texts()
    bench = bench_of(qtbot, "sigmoid", X)
    s = 1 / (1 + np.exp(-X))
    weak = np.count_nonzero(s * (1 - s) < 0.025)
    assert any(f"At {weak} of 24 elements the slope is under a tenth" in text for text in bench.texts())


def test_settings_are_the_nodes_own_and_a_new_value_moves_the_point(qtbot):
    bench = bench_of(qtbot, "tanh", 0.5)
    bench.selection.select(["x"])
    assert shown(bench) is None
    bench.type("Value", "-1.25")
    bench.bridge.player.go_to_end()
    bench.selection.select(["f"])
    assert shown(bench).plot.figure.mark.x == -1.25


def test_what_takes_two_numbers_has_no_curve(qtbot):
    bench = Bench(qtbot, product())
    bench.bridge.player.go_to_end()
    for id in ("q", "f"):
        bench.selection.select([id])
        assert shown(bench) is None


def test_before_the_pass_has_come_there_nothing_is_given_away(qtbot):
    bench = bench_of(qtbot, "tanh", 0.5)
    bench.bridge.player.go_to_start()
    assert shown(bench) is None
