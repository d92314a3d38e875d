"""Curves, landscapes and nudges: each number against NumPy, many places at once against one after the other."""

import numpy as np
import pytest

from engine.edits.nodes import set_value
from engine.graph.graph import Graph
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import run, trace_of
from engine.text.read import parse
from engine.truth.along import Along, Knob, can_turn, curve_of, reach_of
from tests.building import graph_of

NEURON = "w = 0.6; x = 1.5; b = -0.9; L = square(sigmoid(w * x + b) - 1)"


def along(text: str, *knobs: Knob) -> Along:
    graph = parse(text)
    return Along(graph, run(graph), knobs)


def neuron(w, b):
    return (1 / (1 + np.exp(-(w * 1.5 + b))) - 1) ** 2


def test_a_curve_is_the_function() -> None:
    xs, ys = curve_of(along(NEURON, Knob("w"), Knob("b")), reach_of(0.6), 41)
    assert (xs[0], xs[-1]) == (-1.4, 2.6)
    np.testing.assert_allclose(ys, neuron(xs, -0.9), rtol=1e-13)


@pytest.mark.parametrize(
    ("text", "at"),
    [("x = 0.5; L = 1 / x", 0.0), ("x = 0.3; L = sign(x - 0.21)", 0.21), ("x = 0.4; L = 1 / (x - 1) ** 3", 1.0)],
)
def test_no_line_crosses_a_jump(text: str, at: float) -> None:
    xs, ys = curve_of(along(text, Knob("x")), reach_of(0.5), 161)
    assert np.all(np.diff(xs) >= 0)
    (gap,) = np.flatnonzero(~np.isfinite(ys))
    assert xs[gap] == pytest.approx(at, abs=1e-5) and xs[gap - 1] <= at <= xs[gap + 1]


@pytest.mark.parametrize(
    "text", ["x = 0.1; L = sigmoid(3000 * x)", "x = 0.1; L = abs(1000 * x)", "x = 0.5; L = 3 + 0 * x"]
)
def test_what_is_only_steep_is_one_line(text: str) -> None:
    xs, ys = curve_of(along(text, Knob("x")), reach_of(0.5), 161)
    assert xs.size == 161 and np.all(np.isfinite(ys))


def test_a_landscape_is_the_function() -> None:
    w, b = np.meshgrid(np.linspace(-2, 3, 23), np.linspace(-3, 2, 17))
    np.testing.assert_allclose(along(NEURON, Knob("w"), Knob("b")).over(w, b), neuron(w, b), rtol=1e-13)


@pytest.mark.parametrize(
    "text",
    [
        "a = [[1, 2], [3, -4]]; b = [[0.5, 1], [2, 1]]; L = sum(tanh(matmul(a, b)))",
        "a = np.array([1.0, 2, 3]); L = sum(a * a)",
        "a = [1.0, 2, 3]; L = softmax(a)",
    ],
)
def test_an_element_of_a_tensor_is_a_knob(text: str) -> None:
    graph = parse(text)
    trace = run(graph)
    index = (0,) * (trace.value("a").ndim - 1) + (1,)
    found = Along(graph, trace, [Knob("a", index)])
    moved = np.array(trace.value("a"))
    for x in (-1.0, 0.25, 7.0):
        moved[index] = x
        assert found(x) == pytest.approx(float(np.sum(run(graph, values={"a": moved.tolist()}).value("L"))), rel=1e-13)
    xs = np.array([[-1.0, 0.25], [7.0, 0.0]])
    assert found.over(xs).shape == (2, 2) and found.over(xs)[1, 0] == found(7.0)
    assert found.slopes[0] == float(trace.gradient("a")[index])


def test_where_there_is_no_class_there_is_no_value() -> None:
    """A curve over a class id has gaps; what its nodes hold there is not a number."""
    rows = [("z", "parameter", [[0.2, -1.0, 0.5]]), ("t", "input", [1.0])]
    graph = graph_of(*rows, ("L", "cross_entropy", ["z", "t"]), target="L")
    trace = run(graph)
    found = Along(graph, trace, [Knob("t", (0,))])
    xs, ys = curve_of(found, (-2.0, 4.0), 7)
    asked = np.isin(xs, np.linspace(-2.0, 4.0, 7))  # beside them stands where it jumps from class to class
    np.testing.assert_array_equal(np.isfinite(ys[asked]), (xs[asked] >= 0) & (xs[asked] <= 2))
    assert np.isnan(found.values(-2.0)["L"]) and found(1.0) == pytest.approx(float(trace.value("L")))


def test_two_elements_of_one_leaf_are_two_knobs() -> None:
    found = along("a = np.array([1.0, 2, 3]); L = sum(a * a)", Knob("a", (0,)), Knob("a", (2,)))
    assert found(4.0, 5.0) == 16 + 4 + 25 and found.at == (1.0, 3.0) and found.slopes == (2.0, 6.0)


def test_an_element_that_the_target_does_not_depend_on_is_a_knob_too() -> None:
    """The other is a single number: many places are not one array then."""
    graph = graph_of(("x", "parameter", 2.0), ("c", "input", [[1.0, 3.0]]), ("y", "square", ["x"]), target="y")
    along = Along(graph, run(graph), (Knob("x"), Knob("c", (0, 1))))
    assert along.over(np.array([1.0, 2.0, -3.0]), np.array([0.0, 5.0, 7.0])).tolist() == [1.0, 4.0, 9.0]


def test_what_a_nudge_promised_is_missed_by_less_and_less() -> None:
    found = along(NEURON, Knob("w"))
    (nudge,) = found.nudges(0.1)
    assert nudge.really == pytest.approx(neuron(0.7, -0.9) - neuron(0.6, -0.9), rel=1e-12)
    assert nudge.promised == pytest.approx(-0.375 * 0.1)
    shrinking = [abs(nudge.apart) for nudge in found.nudges(0.1, 0.05, 0.025)]
    assert shrinking[0] / shrinking[1] == pytest.approx(4, rel=0.1) == shrinking[1] / shrinking[2]


def test_every_node_on_the_way_is_told() -> None:
    values = along(NEURON, Knob("w")).values(0.7)
    assert values.keys() >= {"L"} and "x" not in values and "b" not in values
    assert float(values["L"]) == pytest.approx(neuron(0.7, -0.9))


def test_the_seed_scales_all() -> None:
    graph = parse("x = 3; y = x * x")
    graph = Graph(graph.nodes, graph.edges, {**graph.facts, "seed": 10.0})
    found = Along(graph, run(graph), [Knob("x")])
    assert found(2.0) == 40 and found.slopes == (60.0,) and list(found.over(np.array([1.0, 2.0]))) == [10, 40]


def test_both_sides_of_a_kink() -> None:
    left, right = along("x = 0; y = relu(x)", Knob("x")).one_sided
    assert (left, right) == pytest.approx((0, 1))


@pytest.mark.parametrize(
    ("text", "is_kink"),
    [
        ("x = 0; y = abs(x)", True), ("x = 1; y = max(x, 1)", True), ("x = 3; y = 2 * x * x", False),
        ("x = 0.3; y = sin(100 * x)", False), ("x = 0; y = relu(x) * x", False), ("x = 5; y = exp(x)", False),
    ],
)  # fmt: skip
def test_only_a_kink_is_called_one(text: str, is_kink: bool) -> None:
    assert (along(text, Knob("x")).kink is not None) == is_kink


def test_the_curvature_of_a_bowl() -> None:
    assert along("x = 3; y = 1; L = 2 * x * x + 0.5 * y * y", Knob("x"), Knob("y")).curvature == pytest.approx(
        4, rel=1e-5
    )
    skew = along("x = 3; y = 1; L = x * x + 3 * x * y + y * y", Knob("x"), Knob("y"))
    assert skew.curvature == pytest.approx(np.linalg.eigvalsh([[2, 3], [3, 2]])[-1], rel=1e-5)


@pytest.mark.parametrize(
    "text", ["x = 2; y = 2; L = maximum(x, y) * x", "x = 0; y = 1; L = relu(x) * y", "x = 1; y = 0; L = x - abs(y)"]
)
def test_a_kink_has_no_curvature(text: str) -> None:
    assert along(text, Knob("x"), Knob("y")).curvature == np.inf


@pytest.mark.parametrize(
    ("text", "curvature"),
    [
        ("x = 2; y = 3; L = 1000 * x + y", 0.0),
        ("x = 0.01; y = 0; L = 1e4 * x ** 2 + y", 2e4),
        ("x = 1e3; y = 2; L = x ** 2 / 1e9 + y", 2e-9),
        ("x = 0; y = 0; L = sigmoid(100 * x) + y", 0.0),
    ],
)
def test_what_is_only_steep_or_strongly_curved_is_no_kink(text: str, curvature: float) -> None:
    assert along(text, Knob("x"), Knob("y")).curvature == pytest.approx(curvature, rel=1e-3, abs=1e-4)


def test_where_it_is_not_finite_all_round_the_curvature_is_not_known() -> None:
    assert np.isnan(along("x = 0; y = 1; L = sqrt(x) + y * y", Knob("x"), Knob("y")).curvature)


def test_what_cannot_be_turned() -> None:
    graph = parse("x = [1, 2]; y = sum(x)")
    trace = run(graph)
    assert can_turn(trace, Knob("x", (1,)))
    for knob in (Knob("x"), Knob("x", (2,)), Knob("x", (0, 0)), Knob("z")):
        assert not can_turn(trace, knob)
    with pytest.raises(ValueError, match="no finite number"):
        Along(graph, trace, [Knob("x")])


def test_where_a_knob_enters_a_large_product_the_same_comes_out_as_computed_anew() -> None:
    rng = np.random.default_rng(3)
    x, w, b = rng.normal(size=(30, 200)), rng.normal(size=(40, 200)) / 14, rng.normal(size=40)
    rows = [("x", "input", x), ("w", "parameter", w), ("b", "parameter", b), ("z", "linear", ["x", "w", "b"])]
    graph = graph_of(*rows, ("a", "tanh", ["z"]), ("s", "square", ["a"]), ("L", "sum", ["s"]), target="L")
    along = Along(graph, run(graph), [Knob("w", (7, 11)), Knob("b", (7,))])

    def height(theta: float, beta: float) -> float:
        moved, bias = w.copy(), b.copy()
        moved[7, 11], bias[7] = theta, beta
        return float((np.tanh(x @ moved.T + bias) ** 2).sum())

    for theta, beta in ((0.3, -1.0), (-2.0, float(b[7])), (float(w[7, 11]), 0.5), along.at):
        np.testing.assert_allclose(along(theta, beta), height(theta, beta), rtol=1e-12)
    both = Along(graph, run(graph), [Knob("x", (3, 11)), Knob("w", (7, 11))])  # these two are multiplied by each other
    x[3, 11] = 2.0
    np.testing.assert_allclose(both(2.0, -3.0), height(-3.0, float(b[7])), rtol=1e-12)


def layer(w: np.ndarray, x: np.ndarray) -> Graph:
    """L = Σ tanh(x Wᵀ): an element of W enters a product that is not multiplied out anew for each place."""
    leaves = (("x", "input", x), ("W", "parameter", w), ("b", "parameter", np.zeros(len(w))))
    ops = (("z", "linear", ["x", "W", "b"]), ("h", "tanh", ["z"]), ("L", "sum", ["h"]))
    return graph_of(*leaves, *ops, target="L")


def test_an_element_of_a_large_product_is_followed_from_run_to_run() -> None:
    """What is kept of a product from one place of the hand to the next is right at each of them."""
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(30, 90)), rng.normal(size=(20, 90)) / 9
    graph = layer(w, x)
    plan, index = make_plan(graph), (3, 5)
    for held in (w[index], 0.5, -2.0):
        w[index] = held
        graph = graph.apply(set_value(graph, "W", w))
        trace = trace_of(plan, leaf_values(graph), graph.seed)
        found = Along(graph, trace, [Knob("W", index)])
        assert found.nudges(0.25)[0].before == float(trace.value("L")) == found.here
        for there in (-1.0, 0.125, 3.0):
            moved = w.copy()
            moved[index] = there
            assert found(there) == pytest.approx(np.tanh(x @ moved.T).sum(), rel=1e-12)
    assert len(plan.kept["ways"]) == 1


def test_what_is_kept_of_a_product_is_of_its_other_factor() -> None:
    rng = np.random.default_rng(1)
    x, w = rng.normal(size=(30, 90)), rng.normal(size=(20, 90)) / 9
    graph = layer(w, x)
    plan = make_plan(graph)
    for times in (1.0, 3.0):
        graph = graph.apply(set_value(graph, "x", x * times))
        found = Along(graph, trace_of(plan, leaf_values(graph), 1.0), [Knob("W", (0, 0))])
        moved = w.copy()
        moved[0, 0] = 2.0
        assert found(2.0) == pytest.approx(np.tanh(times * x @ moved.T).sum(), rel=1e-12)
