"""What is remarked on before and after a training; and the largest rate that holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.data.tables import load_dataset
from engine.learn.causes import steepest_curvature
from engine.learn.config import TrainingConfig
from engine.learn.model import Model
from tests.building import graph_of
from tests.engine.learn.trained_tools import LINE, SGD, T, X, trained


def remarked(*rows: tuple[object, ...]) -> str:
    """What is remarked on a training whose loss fell."""
    conclusion = trained(graph_of(*rows, target="loss"), TrainingConfig("adam", lr=0.05, batch=0, epochs=40)).conclude()
    assert conclusion.kind == "fell", conclusion.text
    return conclusion.remedy


def layer(targets: object) -> list[tuple[object, ...]]:
    rows = [("x", "input", X), ("W", "parameter", np.full((1, 3), 0.3)), ("b", "parameter", np.ones(1))]
    return [*rows, ("t", "constant", targets), ("z", "linear", ["x", "W", "b"])]


def test_a_loss_that_compares_each_with_each_is_remarked_on() -> None:
    said = remarked(*layer(X[:, :1].T), ("loss", "mse", ["z", "t"]))
    assert said.startswith("loss compares (40, 1) with (1, 40)")


def test_a_second_sigmoid_is_remarked_on() -> None:
    said = remarked(*layer(T), ("p", "sigmoid", ["z"]), ("loss", "bce_with_logits", ["p", "t"]))
    assert said.startswith("loss applies a sigmoid itself")


def test_equal_units_that_do_no_better_than_a_constant_are_remarked_on() -> None:
    targets = np.arange(40).reshape(40, 1) % 2 * 1.0
    rows = [("x", "input", 0.01 * X), ("W", "parameter", np.full((4, 3), 0.3)), ("b", "parameter", np.zeros(4))]
    rows += [("V", "parameter", np.full((1, 4), 0.3)), ("c", "parameter", np.ones(1)), ("t", "constant", targets)]
    rows += [("h", "linear", ["x", "W", "b"]), ("a", "tanh", ["h"]), ("z", "linear", ["a", "V", "c"])]
    assert remarked(*rows, ("loss", "bce_with_logits", ["z", "t"])).startswith("The 4 units of W are equal")


def test_a_parameter_that_the_target_does_not_depend_on_is_named() -> None:
    rows = [("w", "parameter", 1.0), ("v", "parameter", 1.0), ("z", "square", ["v"]), ("loss", "square", ["w"])]
    assert remarked(*rows) == "v does not reach loss, and learnt nothing."


def test_the_largest_stable_rate_is_that_of_least_squares() -> None:
    """For a mean of squares over (x, 1), the Hessian is 2/n Σ (x, 1)(x, 1)ᵀ."""
    model = Model(LINE)
    data = load_dataset(LINE.nodes["data"].chosen)
    columns = np.column_stack([data.rows(data.training)[0], np.ones(len(data.training))])
    largest = np.linalg.eigvalsh(2 * columns.T @ columns / len(columns))[-1]
    before = model.theta.copy()
    assert steepest_curvature(model, before) == pytest.approx(largest, rel=0.01)
    assert np.array_equal(model.theta, before)


def test_half_that_rate_holds_and_a_little_more_does_not() -> None:
    assert trained(LINE, replace(SGD, lr=0.4)).conclude().kind == "fell"
    assert trained(LINE, replace(SGD, lr=0.85, epochs=400)).conclude().kind == "diverged"
