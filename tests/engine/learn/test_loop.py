"""A training of few numbers in one loop of Python: the same numbers as NumPy's, and it knows when it is not meant."""

from __future__ import annotations

import math
from array import array
from dataclasses import replace

import numpy as np
import pytest

from engine.files.disk import load
from engine.files.examples import find_example
from engine.graph.graph import Graph
from engine.learn import trainer
from engine.learn.config import TrainingConfig
from engine.learn.loop import MOST_AT_ONCE, make_loop
from engine.learn.model import Model
from engine.learn.optimisers import OPTIMISERS, RunningMeans
from engine.learn.trainer import SINGLY, Trainer
from engine.text.read import parse
from tests.building import graph_of

STEPS = 10**6  # asked for: so that few of them are looked at


def xor() -> Graph:
    example = find_example("xor-scalars")
    assert example is not None
    return load(example.path)


def bowl(start: float = 3.0, seed: float = 1.0) -> Graph:
    """(w − 2)², with a seed."""
    rows = [("w", "parameter", start), ("two", "constant", 2.0), ("d", "sub", ["w", "two"]), ("L", "square", ["d"])]
    return graph_of(*rows, target="L", seed=seed)


def both(graph: Graph, steps: int, **asked: object) -> tuple[Trainer, Trainer]:
    """The same steps in a loop, and by NumPy."""
    config = TrainingConfig(batch=0, epochs=0, steps=STEPS, **asked)
    fast, slow = Trainer(graph, config), Trainer(graph, config)
    fast.run(steps)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainer, "SINGLY", STEPS)
        slow.run(steps)
    return fast, slow


def assert_same(fast: Trainer, slow: Trainer) -> None:
    assert fast.step == slow.step
    for name, value in slow.parameters.items():
        np.testing.assert_allclose(fast.parameters[name], value, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(fast.history.losses, slow.history.losses, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(fast.history.gradient_norms, slow.history.gradient_norms, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_each_optimiser_moves_as_it_does_one_by_one(optimizer: str) -> None:
    graph = xor()
    assert make_loop(graph, TrainingConfig(optimizer=optimizer, batch=0), Model(graph)) is not None
    assert_same(*both(graph, SINGLY + 200, optimizer=optimizer, lr=0.05))


@pytest.mark.parametrize("optimizer", OPTIMISERS)
def test_it_goes_on_from_where_it_was_left_off(optimizer: str) -> None:
    config = TrainingConfig(optimizer=optimizer, lr=0.05, batch=0, epochs=0, steps=STEPS)
    whole, parts = Trainer(xor(), config), Trainer(xor(), config)
    whole.run(300)
    for steps in (70, 1, 130, 2, 97):
        parts.run(steps)
    assert whole.history.losses == parts.history.losses
    assert all(np.array_equal(whole.parameters[name], parts.parameters[name]) for name in whole.parameters)


PROGRAMS = {
    "one number": "w = parameter(0.3)\nL = (w * w - 2) ** 2",
    "vectors": "w = parameter([0.3, -0.2, 0.5])\nx = input([1.0, 2.0, -1.0])\nL = mean((w * x - 1) ** 2)",
    "a matrix": "W = parameter([[0.3, -0.2], [0.5, 0.1]])\nx = input([1.0, 2.0])\nL = sum(tanh(W @ x) ** 2)",
    "sigmoids": "w = parameter(0.4)\nx = input([-1.0, 0.0, 1.0])\nL = bce(sigmoid(w * x), input([0.0, 1.0, 1.0]))",
    "gates": "w = parameter([0.4, -0.3])\nL = mean((relu(w * 3) - abs(w) - 0.5) ** 2)",
    "each other's gradient": "w = parameter(0.4)\nv = parameter(-0.7)\nL = w * v + 0.1 * (w * w + v * v)",
    "nothing but zeros": "w = parameter(0.4)\nv = parameter(0.7)\nL = (w * 0.0 + v * 1.0 - 0.0) / 4.0 + w ** 2",
    "unused twice": "w = parameter(0.4)\nv = parameter([1.0, 2.0])\nL = (w - v[0]) ** 2",
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_learns_the_same(name: str) -> None:
    assert_same(*both(parse(PROGRAMS[name]), SINGLY + 60, optimizer="momentum", lr=0.01))


@pytest.mark.parametrize("seed", [1.0, -1.0, 2.5])
def test_a_seed_counts(seed: float) -> None:
    assert_same(*both(bowl(seed=seed), SINGLY + 40, optimizer="sgd", lr=0.001))


def test_what_diverges_stops_at_the_same_step_and_says_the_same() -> None:
    config = {"optimizer": "sgd", "lr": 1.02}
    fast, slow = both(bowl(), SINGLY + 400, **config)
    assert slow.stopped and fast.stopped == slow.stopped
    assert (fast.kept, fast.parameters) == (slow.kept, slow.parameters)


def test_what_raises_in_python_is_left_to_numpy() -> None:
    """exp(w) overflows after some steps: IEEE has inf for it, Python's math an error."""
    graph = parse("w = parameter(600.0)\nL = 0 - exp(w / 10) * 0.0 - w")
    fast, slow = both(graph, SINGLY + 700, optimizer="sgd", lr=10.0)
    assert fast.stopped == slow.stopped
    assert_same(fast, slow)


def test_a_single_step_of_it_is_a_step_of_numpy() -> None:
    graph = xor()
    model = Model(graph)
    loop = make_loop(graph, TrainingConfig(optimizer="sgd", lr=0.5, batch=0), model)
    assert loop is not None
    before = model.theta.copy()
    loss, gradient = model.pull(None)
    length, expected = float(np.linalg.norm(gradient)), before - 0.5 * gradient
    losses, lengths = array("d"), array("d")
    assert loop.run(model.theta, RunningMeans(), 1, (-math.inf, math.inf), (losses, lengths)) == 1
    np.testing.assert_allclose(model.theta, expected, rtol=1e-14, atol=1e-16)
    np.testing.assert_allclose([losses[0], lengths[0]], [loss, length], rtol=1e-14)


def test_a_call_keeps_no_more_in_lists_than_it_may() -> None:
    graph = xor()
    model = Model(graph)
    loop = make_loop(graph, TrainingConfig(optimizer="sgd", lr=0.05, batch=0), model)
    assert loop is not None
    losses, lengths = array("d"), array("d")
    assert loop.run(model.theta, RunningMeans(), 10**9, (-math.inf, math.inf), (losses, lengths)) == MOST_AT_ONCE
    assert len(losses) == len(lengths) == MOST_AT_ONCE


def test_it_is_not_made_for_what_numpy_does_as_fast_or_what_draws_lots() -> None:
    graph = xor()
    config = TrainingConfig(batch=0)
    assert make_loop(graph, replace(config, clip=1.0), Model(graph)) is None
    assert make_loop(graph, replace(config, weight_decay=0.1), Model(graph)) is None
    moons = find_example("train-moons")
    assert moons is not None
    assert make_loop(load(moons.path), config, Model(load(moons.path))) is None
    dropped = graph_of(("w", "parameter", [0.3, 0.4]), ("k", "dropout", ["w"]), ("L", "sum", ["k"]), target="L")
    assert make_loop(dropped, config, Model(dropped)) is None
