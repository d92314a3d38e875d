"""Trainings that go wrong, each for a planted cause: they stop, or end, with what happened and why."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from engine.edits.nodes import set_value
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.learn.conclusion import movement
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from tests.building import graph_of
from tests.engine.learn.trained_tools import LINE, MOONS, SGD, X, bounded, regression, slide, trained
from tests.networks import he, network, shipped


def zeros(out: int, into: int) -> np.ndarray:
    return np.zeros((out, into))


@dataclass(frozen=True)
class Wrong:
    """A training that goes wrong: how it ends, and what is said."""

    graph: Graph
    config: TrainingConfig
    kind: str
    said: tuple[str, ...]
    remedy: str
    ids: tuple[str, ...] = ()


WRONG = {
    "a learning rate far too large": Wrong(
        LINE,
        replace(SGD, lr=10.0),
        "diverged",
        ("the loss rose from 5.19 to 1.57e6 in 2 steps", "The learning rate 10 is too large: above 0.81"),
        "below 0.4",
    ),
    "a learning rate a little too large": Wrong(LINE, replace(SGD, lr=0.9), "diverged", ("above 0.81",), "below 0.4"),
    "the same with momentum": Wrong(
        LINE, TrainingConfig("momentum", lr=10.0, batch=0), "diverged", ("above 1.5",), "below 0.77"
    ),
    "so large that nothing is finite": Wrong(
        graph_of(("w", "parameter", 3.0), ("s", "square", ["w"]), ("y", "exp", ["s"]), target="y"),
        TrainingConfig("sgd", lr=1.0),
        "not finite",
        ("Training diverged: the loss became ∞ after 1 step", "The learning rate 1 is too large"),
        "learning rate",
    ),
    "features of unlike scale": Wrong(
        regression(X * [1, 1000, 1]),
        replace(SGD, lr=0.01),
        "diverged",
        ("features in x are of unlike scale: column 2",),
        "Scale the columns of x so that each is about 1 in size, or choose a learning rate below 1.",
        ("x",),
    ),
    "a sum in place of a mean": Wrong(
        regression(total=True),
        SGD,
        "diverged",
        ("loss is a sum over 40 numbers, not their mean",),
        "Use a mean",
        ("loss",),
    ),
    "a weight decay that overshoots": Wrong(
        LINE, replace(SGD, weight_decay=100.0), "diverged", ("Weight decay × learning rate is 10",), "weight decay"
    ),
    "a seed of −1": Wrong(
        network((1, 8, 1), "tanh", "mse", name="line", seed=-1.0),
        SGD,
        "diverged",
        ("The seed is −1, so each step makes loss larger",),
        "Choose the seed 1",
        ("loss",),
    ),
    "a target without a lowest value": Wrong(
        slide(), replace(SGD, lr=1e4), "diverged", ("y has no lowest value",), "Make a loss the target", ("y",)
    ),
    "steps that close every gate": Wrong(
        MOONS,
        TrainingConfig("sgd", lr=5.0, batch=16, epochs=60),
        "collapsed",
        ("since step 10, all 16 units of h2 are closed on all 150 training rows, so no gradient passes",),
        "learning rate below 5, or with a leaky ReLU",
        ("h2",),
    ),
    "steps that saturate every unit": Wrong(
        network((4, 8, 3), "tanh", "cross_entropy", name="iris"),
        TrainingConfig("adam", lr=300.0),
        "collapsed",
        ("all 8 units of h1 are saturated on all 114 training rows",),
        "smaller weights",
        ("h1",),
    ),
    "a bias that closes all gates from the start": Wrong(
        network(bias=-50.0),
        TrainingConfig(),
        "no gradient",
        ("cannot begin. h1: all 16 units are dead",),
        "bias b1",
        ("h1",),
    ),
    "zeros everywhere": Wrong(
        network(activation="tanh", weights=zeros),
        TrainingConfig(),
        "no gradient",
        ("cannot begin. W1, b1 and 2 others get no gradient", "multiplied by W3"),
        "random numbers",
        ("W3",),
    ),
    "a cross-entropy of a single score": Wrong(
        network((2, 16, 1), loss="cross_entropy"),
        TrainingConfig(),
        "no gradient",
        ("always 1",),
        "bce_with_logits",
        ("loss",),
    ),
    "a parameter that is none": Wrong(
        network().apply(set_value(network(), "b1", np.full(16, np.nan))),
        TrainingConfig(),
        "not finite",
        ("The loss is nan before the first step. b1 holds nan",),
        "Type a finite number.",
        ("b1",),
    ),
    "a learning rate too small": Wrong(
        LINE, replace(SGD, lr=1e-7), "stayed", ("The learning rate 1e−7 is too small", "0.4 would be safe"), "about 0.4"
    ),
    "a learning rate too small for Adam": Wrong(
        LINE,
        TrainingConfig("adam", lr=1e-7, batch=0),
        "stayed",
        ("no parameter moves by more than about 1e−5",),
        "0.01",
    ),
    "a learning rate too small for an output that is 0": Wrong(
        graph_of(
            ("x", "input", X[:, 0]),
            ("t", "constant", 3 * X[:, 0]),
            ("w", "parameter", 0.0),
            ("y", "mul", ["x", "w"]),
            ("loss", "mse", ["y", "t"]),
            target="loss",
        ),
        replace(SGD, lr=1e-9),
        "stuck",
        ("The learning rate 1e−9 is too small",),
        "about 0.",
    ),
    "a sigmoid that strives for amounts": Wrong(
        bounded("sigmoid", 5 + X[:, :1]),
        TrainingConfig("adam", lr=0.05, batch=0, epochs=300),
        "stuck",
        ("y can only give numbers between 0 and 1, but all 40 targets",),
        "Leave Sigmoid out",
    ),
    "a ReLU that strives for what is below 0": Wrong(
        bounded("relu", -5 + X[:, :1]),
        TrainingConfig("adam", lr=0.05, batch=0, epochs=300),
        "collapsed",
        ("Training has collapsed", "y can only give numbers of 0 or more, but all 40 targets"),
        "Leave ReLU out",
    ),
    "a gradient that is clipped to nothing": Wrong(
        LINE, replace(SGD, clip=1e-6), "stayed", ("clipped from 4.99 to 1e−6",), "Clip less"
    ),
    "a gradient that vanishes": Wrong(
        network((2, *[16] * 10, 1), "sigmoid", weights=he(0, 0.3)),
        replace(SGD, lr=0.01, epochs=20),
        "stuck",
        ("the output is the same on all 150 training rows", "The gradient vanishes", "at most 0.25"),
        "tanh or ReLU",
        ("h1",),
    ),
    "a model that cannot tell": Wrong(
        network((2, 1), name="xor"),
        TrainingConfig("sgd", lr=0.5, batch=0, epochs=300),
        "stuck",
        ("the output is the same on all 4 training rows, no better than a constant",),
        "wider layers",
    ),
    "a weight decay that leaves nothing": Wrong(
        network((2, 8, 1), "tanh"),
        TrainingConfig("sgd", lr=0.01, weight_decay=50.0, epochs=60),
        "stuck",
        ("The weight decay 50 has shrunk the parameters from",),
        "smaller weight decay",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_goes_wrong_is_told_with_its_cause(name: str) -> None:
    wrong = WRONG[name]
    trainer = trained(wrong.graph, wrong.config)
    conclusion = trainer.conclude()
    assert conclusion.kind == wrong.kind, conclusion.text
    assert all(part in conclusion.sentence for part in wrong.said), conclusion.sentence
    assert wrong.remedy in conclusion.remedy, conclusion.remedy
    assert set(wrong.ids) <= set(conclusion.ids)
    assert "Trained" not in conclusion.text and conclusion.text.endswith(".")
    assert bool(trainer.stopped) == (wrong.kind in ("diverged", "not finite", "collapsed", "no gradient"))
    assert conclusion.failed == (wrong.kind != "stayed")


@pytest.mark.parametrize("name", [name for name, wrong in WRONG.items() if wrong.kind in ("diverged", "collapsed")])
def test_where_it_stops_the_best_parameters_are_kept_and_undo_is_one_step(name: str) -> None:
    wrong = WRONG[name]
    trainer = trained(wrong.graph, wrong.config)
    sign = -1 if wrong.graph.seed < 0 else 1
    best = min(trainer.history.evaluations, key=lambda evaluation: sign * evaluation.loss)
    assert trainer.kept == best.step
    kept = "from before the first step" if not best.step else f"of step {best.step}, the best,"
    assert kept in trainer.stopped
    assert best.parameters is not None
    for id, value in trainer.parameters.items():
        assert np.isfinite(value).all() and np.array_equal(value, best.parameters[id])
    document = Document(wrong.graph)
    document.apply(trainer.change())
    document.undo()
    assert document.graph == wrong.graph


@pytest.mark.parametrize("name", ["iris", "train-line", "train-xor", "train-moons"])
def test_what_was_learnt_is_told_from_where_to_where(name: str) -> None:
    trainer = trained(shipped(name))
    first, last = trainer.history.evaluations[0].loss, trainer.history.evaluations[-1].loss
    conclusion = trainer.conclude()
    assert conclusion.kind == "fell" and not conclusion.remedy
    assert conclusion.text == f"Trained: the loss fell from {first:.3g} to {last:.3g} in {trainer.total} steps."
    assert trainer.kept == trainer.total


def test_what_adam_overshoots_and_comes_back_from_is_no_divergence() -> None:
    trainer = trained(LINE, TrainingConfig("adam", lr=100.0, batch=0))
    assert max(trainer.history.losses) > 1000 * trainer.history.losses[0]
    assert trainer.conclude().kind == "fell"


def test_a_loss_that_ends_higher_than_it_began_has_not_been_trained() -> None:
    bowl = graph_of(("w", "parameter", 1.0), ("y", "square", ["w"]), target="y")
    trainer = trained(bowl, TrainingConfig("adam", lr=10.0, steps=1))
    assert trainer.conclude().sentence.startswith("Training has made it worse: the loss rose from 1 to 81 in 1 step.")
    assert trainer.conclude().failed and not trainer.stopped


def test_a_model_that_had_learnt_before_is_not_accused() -> None:
    graph = shipped("train-line")
    learnt = graph.apply(trained(graph, epochs=500).change())
    conclusion = trained(learnt).conclude()
    assert conclusion.kind == "stayed" and not conclusion.failed
    assert conclusion.sentence.startswith("It had learnt before: the loss ")


def test_the_lowest_point_is_no_failure() -> None:
    bowl = graph_of(("w", "parameter", 0.0), ("y", "square", ["w"]), target="y")
    trainer = trained(bowl, TrainingConfig(steps=3))
    assert trainer.step == 3 and not trainer.conclude().failed
    assert "the loss stayed at 0 in 3 steps" in trainer.conclude().sentence


def test_a_target_that_falls_without_end_is_remarked_on() -> None:
    conclusion = trained(slide(), SGD).conclude()
    assert conclusion.kind == "fell" and "the loss fell from 2 to −38" in conclusion.sentence
    assert "y has no lowest value" in conclusion.remedy and conclusion.ids == ("y",)


def test_stopped_by_hand_it_says_how_far_it_came_and_can_go_on() -> None:
    trainer = Trainer(shipped("iris"))
    assert trainer.left_off() == "Stopped before the first step: nothing was trained."
    trainer.run(100)
    first, last = trainer.history.evaluations[0].loss, trainer.history.evaluations[-1].loss
    assert trainer.left_off().startswith("Stopped after 100 of 700 steps: the loss fell from 1.81 to ")
    assert trainer.left_off().endswith("; what was learnt is kept.") and last < first
    trainer.run()
    assert trainer.step == 700 and trainer.conclude().sentence.startswith("Trained: the loss fell from 1.81")


def test_looking_at_it_does_not_change_how_it_goes() -> None:
    whole, watched = Trainer(shipped("iris")), Trainer(shipped("iris"))
    whole.run()
    while not watched.done:
        watched.run(50)
        watched.left_off()
    assert watched.history.losses == whole.history.losses
    assert all(np.array_equal(watched.parameters[id], value) for id, value in whole.parameters.items())


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (3.0, 1.0, "the loss fell from 3 to 1"),
        (1.0, 3.0, "the loss rose from 1 to 3"),
        (1.0, 1.0, "the loss stayed at 1"),
        (5.18840, 5.18815, "the loss fell from 5.1884 to 5.18815"),
    ],
)
def test_a_movement_is_told_with_digits_enough(first: float, last: float, said: str) -> None:
    assert movement(first, last) == said


def test_a_loss_that_was_lower_on_the_way_says_so() -> None:
    """|w| from 0.95, with momentum: it runs past the lowest point and up the other side."""
    graph = graph_of(("w", "parameter", 0.95), ("y", "abs", ["w"]), target="y")
    conclusion = trained(graph, TrainingConfig("momentum", lr=0.3, steps=3)).conclude()
    assert conclusion.kind == "fell" and "On the way it was lower than" in conclusion.remedy
    assert "A learning rate smaller than 0.3" in conclusion.remedy


def test_a_few_steps_of_few_rows_accuse_nobody() -> None:
    for seed in range(12):
        conclusion = trained(
            network((2, 8, 1), "tanh", seed=1.0), TrainingConfig(batch=2, steps=1, seed=seed)
        ).conclude()
        assert not conclusion.failed and "too large" not in conclusion.text, conclusion.text
