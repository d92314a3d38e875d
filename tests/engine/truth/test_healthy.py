"""Healthy networks are accused of nothing, and what is said of one says no more than is true."""

from __future__ import annotations

import numpy as np
import pytest

from engine.files.examples import examples
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from engine.truth.magnitudes import series
from tests.building import graph_of
from tests.engine.truth.planted_tools import UNEVEN, layer, problems
from tests.networks import he, network, shipped


def test_an_activation_that_dips_below_0_is_not_said_to_end_there() -> None:
    reached, beyond = np.full((40, 1), -0.1), UNEVEN - 9
    for op, least in (("gelu", "−0.17"), ("silu", "−0.2785"), ("elu", "−1")):
        assert "targets out of range" not in [problem.kind for problem in problems(layer(op, reached))], op
        assert any(f"numbers of {least} or more" in problem.sentence for problem in problems(layer(op, beyond))), op


def test_no_shipped_example_that_is_sound_is_warned_of() -> None:
    for example in examples():
        if example.group == "Trouble":
            continue
        graph = shipped(example.name)
        assert [p.sentence for p in problems(graph) if p.severity == "warning"] == [], example.name
        if example.group == "Training":
            trainer = Trainer(graph)
            trainer.run()
            assert trainer.conclude().kind == "fell"
            learnt = graph.apply(trainer.change())
            assert [p.sentence for p in problems(learnt) if p.severity == "warning"] == [], example.name


DATA = {
    "moons": (2, 1, "bce_with_logits"), "circles": (2, 1, "bce_with_logits"), "spirals": (2, 1, "bce_with_logits"),
    "iris": (4, 3, "cross_entropy"), "line": (1, 1, "mse"),
}  # fmt: skip
ACTIVATIONS = ("relu", "tanh", "sigmoid", "leaky_relu", "gelu", "elu")


@pytest.mark.parametrize("seed", range(24))
def test_a_healthy_network_is_accused_of_nothing_before_and_after_training(seed: int) -> None:
    rng = np.random.default_rng(seed)
    activation, name = ACTIVATIONS[seed % len(ACTIVATIONS)], list(DATA)[seed % len(DATA)]
    into, out, loss = DATA[name]
    hidden = [int(rng.integers(4, 20)) for _ in range(rng.integers(1, 4))]
    graph = network((into, *hidden, out), activation, loss, he(seed, 2 if "relu" in activation else 1), name=name)
    assert [p.sentence for p in problems(graph) if p.severity == "warning"] == []
    trainer = Trainer(graph, TrainingConfig(epochs=20))
    trainer.run()
    assert not trainer.conclude().failed, trainer.conclude().text
    learnt = graph.apply(trainer.change())
    assert [p.sentence for p in problems(learnt) if p.severity == "warning"] == []


def test_some_dead_units_in_many_layers_are_one_note() -> None:
    """A deep residual network of ReLUs, which learns well in spite of them."""
    rng = np.random.default_rng(3)
    rows, at = [("x", "input", rng.normal(size=(30, 8)))], "x"
    for i in range(20):
        rows += [(f"W{i}", "parameter", rng.normal(0, 0.2, (8, 8))), (f"b{i}", "parameter", np.zeros(8))]
        rows += [
            (f"z{i}", "linear", [at, f"W{i}", f"b{i}"]),
            (f"h{i}", "relu", [f"z{i}"]),
            (f"r{i}", "add", [at, f"h{i}"]),
        ]
        at = f"r{i}"
    rows += [("t", "constant", rng.normal(size=(30, 8))), ("loss", "mse", [at, "t"])]
    [problem] = problems(graph_of(*rows, target="loss"))
    assert problem.severity == "note" and problem.kind == "dead"
    assert problem.sentence == "h7 … h19: 30 of 104 units are dead on all 30 rows, so they learn nothing."


@pytest.mark.parametrize("scale", [1.0, 0.02])
def test_samples_that_stand_side_by_side_are_samples_too(scale: float) -> None:
    """W @ X, a column a sample: a unit is a row, and is dead where its whole row is closed."""
    rng = np.random.default_rng(3)
    bias = np.array([[-50.0], [0], [0], [0], [0], [0]])
    rows = [("X", "input", scale * rng.normal(size=(3, 40))), ("W", "parameter", rng.normal(size=(6, 3)))]
    rows += [("b", "parameter", bias), ("z", "matmul", ["W", "X"]), ("a", "add", ["z", "b"]), ("h", "relu", ["a"])]
    rows += [("V", "parameter", rng.normal(size=(1, 6))), ("y", "matmul", ["V", "h"])]
    rows += [("t", "constant", rng.normal(size=(1, 40))), ("loss", "mse", ["y", "t"])]
    [problem] = problems(graph_of(*rows, target="loss"))
    assert problem.sentence.startswith("h: 1 of 6 units is dead on all 40 rows because the bias b is as low as −50")


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ("a", "a"),
        ("a b", "a and b"),
        ("h1 h2 h3 h4", "h1 … h4"),
        ("h4 h3 h2 h1", "h4 … h1"),
        ("s s2 s3 s4", "s … s4"),
        ("h1 h2 h4 h5 h6", "h1, h2 and 3 others"),
        ("W1 b1 W2 b2", "W1, b1 and 2 others"),
    ],
)
def test_several_nodes_are_named_without_those_between_that_are_not_meant(ids: str, said: str) -> None:
    graph = graph_of(*[(id, "input", 1.0) for id in ids.split()])
    assert series(graph, ids.split()) == said
