"""Dropout drops while a model learns, something else in each step, and nothing where it is judged."""

from __future__ import annotations

import numpy as np
import pytest

from engine.learn.model import Model
from engine.passes.run import run
from tests.building import graph_of

ROWS = np.linspace(0.5, 2.0, 40).reshape(8, 5)


def dropping(p: float = 0.5) -> Model:
    return Model(
        graph_of(
            ("x", "constant", ROWS), ("w", "parameter", np.ones((8, 5))), ("h", "mul", ["x", "w"]),
            ("d", "dropout", ["h"]), ("L", "sum", ["d"]), target="L", settings={"d": {"p": p}},
        )
    )  # fmt: skip


def test_each_step_drops_something_else_and_what_is_judged_drops_nothing() -> None:
    model = dropping()
    gradients = [model.pull(None)[1].copy() / ROWS.ravel() for _ in range(2)]
    assert all(set(np.round(gradient, 9)) == {0.0, 2.0} for gradient in gradients)
    assert not np.array_equal(*gradients)
    assert model.judge(held_out=False)[0] == pytest.approx(ROWS.sum(), rel=1e-12)


def test_the_same_run_drops_the_same() -> None:
    one, other = dropping(), dropping()
    for _ in range(3):
        assert np.array_equal(one.pull(None)[1], other.pull(None)[1])


def test_as_much_is_dropped_as_the_setting_says_and_the_sum_stays_in_the_mean() -> None:
    x = np.ones((200, 100))
    graph = graph_of(("x", "parameter", x), ("d", "dropout", ["x"]), ("L", "sum", ["d"]), target="L",
                     settings={"d": {"p": 0.2}})  # fmt: skip
    trace = run(graph)
    dropped, gradient = trace.value("d"), trace.gradient("x")
    assert dropped is not None and gradient is not None
    assert np.mean(dropped == 0) == pytest.approx(0.2, abs=0.01)
    assert np.mean(dropped) == pytest.approx(1.0, abs=0.02)
    assert np.array_equal(dropped != 0, gradient != 0)
