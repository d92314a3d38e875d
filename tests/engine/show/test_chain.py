"""The chain rule along a path: its factors, in symbols and in numbers, and the one that is guilty."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.edits import set_value
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.show.chain import Chains, ChainView, count_text
from engine.text.read import parse


def held(program: str, **values: float) -> Graph:
    graph = parse(program)
    for id, value in values.items():
        graph = graph.apply(set_value(graph, id, value))
    return graph


def view(graph: Graph, node: str, most: int = 20) -> ChainView:
    found = Chains(graph, run(graph)).view(node, most)
    assert found is not None
    return found


@pytest.mark.parametrize("loss", ["L = mse(a, y)", "L = (a - y) ** 2"])
def test_a_neuron_with_a_squared_error_reads_as_in_a_book(loss: str) -> None:
    w, x, b, y = 0.6, 1.5, -0.4, 1.0
    found = view(held(f"m = w*x; z = m + b; a = sigmoid(z); {loss}", w=w, x=x, b=b, y=y), "w")
    (row,) = found.rows
    assert row.formula == "2 · (a − y) · a · (1 − a) · x"
    a = 1 / (1 + math.exp(-(w * x + b)))
    numbers = [float(f.number) for f in row.factors if f.number is not None and not f.passes_on]
    np.testing.assert_allclose(numbers, [2 * (a - y), a * (1 - a), x], rtol=1e-12)
    assert math.prod(float(f.number) for f in row.factors) == pytest.approx(2 * (a - y) * a * (1 - a) * x)
    assert float(found.gradient) == pytest.approx(2 * (a - y) * a * (1 - a) * x)
    assert row.verdict == "" and not any(f.guilty for f in row.factors)


def test_a_single_factor_stands_without_parentheses() -> None:
    graph = parse("s = [[1, 2]]; t = [[0, 1]]; L = cross_entropy(s, t)")
    assert [row.formula for row in view(graph, "s").rows] == ["softmax(s) − t"]  # it was “(softmax(s) − t)”
    twice = parse("s = [[1, 2]]; t = [[0, 1]]; r = square(s); L = cross_entropy(r, t)")
    assert [row.formula for row in view(twice, "s").rows] == ["(softmax(r) − t) · 2 · s"]


def test_a_seed_is_the_first_factor() -> None:
    graph = held("f = x * 3", x=2.0)
    graph = Graph.of(graph.nodes.values(), graph.edges.values(), target="f", seed=10.0)
    (row,) = view(graph, "x").rows
    assert [f.text for f in row.factors] == ["10", "3"] and row.product == "10 × 3"


def test_ten_sigmoids_vanish_and_are_named() -> None:
    program = "; ".join(["a0 = sigmoid(x)", *(f"a{i} = sigmoid(a{i - 1})" for i in range(1, 10)), "L = 1 * a9"])
    graph = held(program, x=4.0)
    (row,) = view(graph, "x").rows
    value, slopes = 4.0, []
    for _ in range(10):
        value = 1 / (1 + math.exp(-value))
        slopes.append(value * (1 - value))
    assert float(row.path.contribution) == pytest.approx(math.prod(slopes), rel=1e-12)
    guilty = [f.edge.dest for f in row.factors if f.guilty and f.edge]
    assert guilty == [f"a{i}" for i in reversed(range(10))]
    worst = min(slopes)
    assert row.verdict.startswith("Vanishes") and "10 slopes" in row.verdict
    assert f"that of a0, {worst:.3g}" in row.verdict and worst == slopes[0]


def test_a_weight_that_explodes_is_named() -> None:
    (row,) = view(held("h = w*x; g = h*900; L = g*5", w=2.0, x=1.0), "x").rows
    assert row.verdict.startswith("Explodes") and [f.edge.dest for f in row.factors if f.guilty] == ["L", "g", "h"]


def test_a_closed_gate_is_guilty() -> None:
    (row,) = view(held("h = relu(x); L = h*5", x=-1.0), "x").rows
    assert row.verdict == "Nothing comes back along this path: h multiplies by 0."
    assert [f.edge.dest for f in row.factors if f.guilty] == ["h"]


def test_of_arrays_a_rule_goes_by_its_jacobian() -> None:
    found = view(held("h = W @ x; L = sum(h)", W=[[1, 2], [3, -4]], x=[1.0, 2.0]), "W")
    (row,) = found.rows
    assert [f.name for f in row.factors] == ["∂L/∂h", "∂h/∂W"] and row.product == ""
    np.testing.assert_array_equal(row.path.contribution, [[1, 2], [1, 2]])


def test_numbers_of_paths_that_nobody_can_write_out() -> None:
    assert count_text(79) == "79" and count_text(1_048_576) == "1\u202f048\u202f576"
    assert count_text(2**1000) == "about 10³⁰¹" and count_text(10**6000).startswith("about 10⁶")


def test_a_factor_of_no_finite_size_is_named_and_no_other_is_blamed() -> None:
    nan, one = math.nan, view(held("h = sqrt(x); L = h*5", x=0.0), "x").rows[0]
    assert one.verdict == "Not finite along this path: h multiplies by ∞."
    assert [f.edge.dest for f in one.factors if f.guilty and f.edge] == ["h"]
    both = view(held("y = x * x; L = sum(y)", x=[1.0, nan]), "x")
    for row in both.rows:
        assert row.verdict == "Not finite along this path: y multiplies by nan."
        assert [f.edge.dest for f in row.factors if f.guilty and f.edge] == ["y"]


def test_what_is_not_finite_by_another_path_is_laid_to_no_factor_of_this_one() -> None:
    rows = view(
        held("a = x * d; b = a * c; L = sum(b) + sum(a)", x=[1.0, 2.0], d=[3.0, 4.0], c=[math.nan, 1.0]), "x"
    ).rows
    said = {row.path.nodes: row.verdict for row in rows}
    assert said["x", "a", "sum2", "L"] == "No size can be told: what reaches a is not finite already."
