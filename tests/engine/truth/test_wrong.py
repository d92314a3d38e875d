"""Broken rules: each by hand, on the smallest graph that shows it."""

import numpy as np
import pytest

from engine.passes.run import run
from engine.text.read import parse
from engine.truth.wrong import RULES, STALE_RATE, is_multiple, ratio, run_wrong


def wrong(text: str, name: str):
    graph = parse(text)
    trace = run(graph)
    return graph, trace, run_wrong(graph, trace, RULES[name])


CASES = [
    ("overwrite", "x = 3; y = x * x + 5 * x", {"x": 3.0}),  # the last to arrive is alone: its port of x·x
    ("no upstream", "x = 3; y = 10 * sin(x)", {"x": np.cos(3.0)}),
    ("no gate", "x = -3; y = 4 * relu(x)", {"x": 4.0}),
    ("no gate", "x = -3; y = 4 * maximum(x, 0)", {"x": 4.0}),
    ("no gate", "a = 2; b = 5; y = minimum(a, b) * 3", {"a": 3.0, "b": 3.0}),
    ("no gate", "x = 9; y = 4 * clip(x, -1, 1)", {"x": 4.0}),
    ("own operand", "a = 3; b = 5; y = a * b", {"a": 3.0, "b": 5.0}),
    ("twice", "a = 3; b = 5; y = a * b", {"a": 10.0, "b": 6.0, "y": 1.0}),
]


@pytest.mark.parametrize(("name", "text", "expected"), CASES)
def test_each_by_hand(name: str, text: str, expected: dict[str, float]) -> None:
    _, trace, found = wrong(text, name)
    assert not found.stopped
    for id, number in expected.items():
        assert float(found.gradients[id]) == pytest.approx(number), id
    assert any(float(g) != float(trace.gradient(id)) for id, g in found.gradients.items())


def test_stale_values_are_those_of_before_the_step() -> None:
    _, _, found = wrong("x = 3; y = x ** 2", "stale")
    assert float(found.gradients["x"]) == pytest.approx(2 * (3 + STALE_RATE * 6))


def test_a_forgotten_transpose() -> None:
    a, b = np.array([[1.0, 2], [3, 4]]), np.array([[5.0, 6], [7, 8]])
    _, _, found = wrong("a = [[1, 2], [3, 4]]; b = [[5, 6], [7, 8]]; y = sum(matmul(a, b))", "no transpose")
    ones = np.ones((2, 2))
    np.testing.assert_allclose(found.gradients["a"], ones @ b)
    np.testing.assert_allclose(found.gradients["b"], a @ ones)
    _, _, stopped = wrong("a = [[1, 2]]; b = [[5, 6, 1], [7, 8, 1]]; y = sum(matmul(a, b))", "no transpose")
    assert stopped.stopped.startswith("It cannot even go on at matmul")


@pytest.mark.parametrize("name", RULES)
def test_nothing_is_touched_and_a_graph_without_the_rule_is_right(name: str) -> None:
    graph, trace, found = wrong("a = 2; y = -a", name)
    right = {id: trace.gradient(id) for id in graph.nodes}
    times = 2 if name == "twice" else 1
    assert float(found.gradients["a"]) == times * float(right["a"])
    assert run(graph).gradient("a") == right["a"]


@pytest.mark.parametrize("name", RULES)
def test_unfinished_graphs_have_no_pass(name: str) -> None:
    graph = parse("a = 2; y = -a")
    graph = type(graph)(graph.nodes, graph.edges, {})
    assert run_wrong(graph, run(graph), RULES[name]).gradients == {}


def test_ratios() -> None:
    assert ratio(np.float64(6), np.float64(3)) == 2 and ratio(np.float64(1), np.float64(0)) is None
    assert ratio(np.array([3.0, 4]), np.array([0.0, 5])) == 1


def test_what_does_not_fit_is_told_in_rows_and_columns() -> None:
    _, _, stopped = wrong("a = [[1, 2], [3, 4], [5, 6]]; b = [[5, 6], [7, 8]]; y = sum(matmul(a, b))", "no transpose")
    assert stopped.stopped == (
        "It cannot even go on at matmul: 3×2 times 3×2 has no product, for 2 columns would meet 3 rows."
    )
    _, _, stopped = wrong("a = [[1, 2]]; b = [[5], [7]]; y = sum(matmul(a, b))", "no transpose")
    assert stopped.stopped.endswith("at matmul: 1×1 times 2×1 has no product, for 1 column would meet 2 rows.")


def test_of_arrays_only_a_multiple_is_so_many_times_the_right_one() -> None:
    right = np.array([3.0, 4])
    assert ratio(-2 * right, right) == pytest.approx(-2) and is_multiple(-2 * right, right)
    assert ratio(np.array([4.0, 3]), right) == pytest.approx(1) and not is_multiple(np.array([4.0, 3]), right)
    assert is_multiple(np.zeros(2), right) and ratio(np.zeros(2), right) == 0
