"""Which rows a network is judged by: those of the training, a sample of many, or those that are shown."""

from __future__ import annotations

import numpy as np

from engine import allow_data
from engine.edits.nodes import set_setting, set_value
from engine.passes.run import run
from tests.engine.truth.planted_tools import problems
from tests.networks import network, shipped


def test_a_unit_that_is_closed_only_on_the_rows_of_the_canvas_is_not_dead() -> None:
    """The shipped moons: one unit is closed on the eight rows that are shown, none on all of them."""
    graph = shipped("train-moons")
    shown = run(graph).contribution(("h1", 0))
    assert shown is not None and shown.local is not None
    assert np.all(shown.local == 0, axis=0).any()
    assert problems(graph) == []


def test_a_dead_unit_is_counted_over_all_rows_of_training() -> None:
    graph = shipped("train-moons")
    bias = np.zeros(16)
    bias[3] = -50.0
    [problem] = problems(graph.apply(set_value(graph, "b1", bias)))
    assert problem.kind == "dead" and problem.severity == "note"
    assert problem.sentence.startswith("h1: 1 of 16 units is dead on all 150 training rows because the bias b1")


def test_a_layer_closed_on_the_rows_that_are_shown_says_that_it_is_only_these() -> None:
    graph = network((2, 1, 1), weights=lambda out, into: np.array([[1.0, 0.0]]) if into == 2 else np.array([[1.0]]))
    features = run(graph.apply(set_setting(graph, "data", "batch", 8))).value("data")
    assert features is not None
    low = -float(np.max(features[:, 0]))
    closed = graph.apply(set_value(graph, "b1", np.array([low])))
    [problem] = [problem for problem in problems(closed) if problem.kind == "closed gate"]
    assert (
        "h1 is closed on these 8 rows, so no gradient passes here; on others of the 150 training rows it opens"
        in problem.sentence
    )
    assert "dead" not in {problem.kind for problem in problems(closed)}


def test_a_graph_that_fits_only_the_rows_that_are_shown_is_judged_by_them() -> None:
    graph = network((2, 16, 1), bias=-50.0)
    fixed = graph.apply(set_value(graph, "b1", np.full((8, 16), -50.0)))
    [problem] = [problem for problem in problems(fixed) if problem.kind == "dead"]
    assert "all 16 units are closed on these 8 rows" in problem.sentence


def test_of_a_large_set_a_sample_is_looked_at_and_said_so(tmp_path) -> None:
    allow_data(tmp_path)
    rows = "\n".join(f"{x},{x % 7},{x % 2}" for x in range(4000))
    (tmp_path / "large.csv").write_text("a,b,c\n" + rows)
    graph = network((2, 256, 1), bias=-500.0, name="csv", path=str(tmp_path / "large.csv"))
    [problem] = [problem for problem in problems(graph) if problem.kind == "dead"]
    assert "training rows (a sample of all 3 000)" in problem.sentence.replace("\N{NARROW NO-BREAK SPACE}", " ")
