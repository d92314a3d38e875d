"""Paths downhill: the recurrences by hand, and what is said of them."""

import numpy as np
import pytest

from engine.graph.graph import Graph
from engine.learn.descent import Slope, descend, largest_rate, pull_of
from engine.learn.optimisers import OPTIMISERS
from engine.passes.run import run
from engine.text.read import parse
from engine.truth.along import Along, Knob

BOWL = "x = 3; y = 1; L = 2 * x * x + 0.5 * y * y"  # curvatures 4 and 1
XY = (Knob("x"), Knob("y"))


def slope(text: str = BOWL, knobs=XY) -> Slope:
    return slope_of(parse(text), knobs)


def slope_of(graph: Graph, knobs=XY) -> Slope:
    trace = run(graph)
    return Slope(graph, Along(graph, trace, knobs), pull_of(trace.plan, graph.seed, knobs))


def test_plain_descent_is_its_recurrence() -> None:
    found = descend(slope(), "sgd", 0.1, 12)
    n = np.arange(13)
    np.testing.assert_allclose(found.places, np.stack([3 * 0.6**n, 0.9**n], axis=1), rtol=1e-12)
    np.testing.assert_allclose(found.heights, 2 * (3 * 0.6**n) ** 2 + 0.5 * 0.9 ** (2 * n), rtol=1e-12)
    assert found.course == "falls" and found.steps == 12


@pytest.mark.parametrize("name", OPTIMISERS)
def test_every_optimiser_comes_down(name: str) -> None:
    found = descend(slope(), name, 0.05, 60)
    assert found.course in ("falls", "oscillates") and found.heights[-1] < found.heights[0] / 2


@pytest.mark.parametrize(
    ("times", "course"),
    [(0.2, "falls"), (0.45, "falls"), (0.8, "oscillates"), (0.97, "oscillates"), (1.05, "diverges")],
)
def test_the_largest_rate_is_two_over_the_curvature(times: float, course: str) -> None:
    graph = parse(BOWL)
    limit = largest_rate("sgd", Along(graph, run(graph), XY).curvature)
    assert limit == pytest.approx(0.5, rel=1e-5)
    assert descend(slope(), "sgd", times * 0.5, 40).course == course


def test_where_no_rate_is_too_large() -> None:
    assert largest_rate("adam", 4.0) is None and largest_rate("sgd", -1.0) is None
    assert largest_rate("sgd", float("nan")) is None


def test_who_runs_away_is_let_go() -> None:
    found = descend(slope(), "sgd", 1e3, 60)
    assert found.course == "diverges" and found.steps < 10
    rests = descend(slope("x = 0; y = 0; L = x * x + y * y"), "sgd", 0.1, 5)
    assert rests.course == "rests" and rests.steps == 5


def test_elements_of_tensors_go_down_too() -> None:
    text = "W = [[1, 2], [3, 4]]; x = [[1], [2]]; L = sum(square(matmul(W, x)))"
    knobs = (Knob("W", (0, 0)), Knob("W", (0, 1)))
    found = descend(slope(text, knobs), "sgd", 0.05, 3)
    w = np.array([1.0, 2.0])
    for row in found.places:
        np.testing.assert_allclose(row, w, rtol=1e-12)
        w = w - 0.05 * 2 * (w @ [1, 2]) * np.array([1, 2])


def test_the_seed_turns_the_ground_over() -> None:
    graph = parse(BOWL)
    graph = type(graph)(graph.nodes, graph.edges, {**graph.facts, "seed": -1.0})
    found = descend(slope_of(graph), "sgd", 0.1, 2)
    np.testing.assert_allclose(found.places[1], [3 * 1.4, 1.1], rtol=1e-12)
    assert found.heights[0] == -18.5
