"""Drawn graphs learn: the optimisers' steps by hand, whole runs, stopping and going on, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from engine.edits.document import set_fact, set_training
from engine.edits.nodes import set_parameters, set_setting
from engine.errors import EditRefused, PlanError, RunError
from engine.files.codec import decode, encode
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.learn.config import TrainingConfig
from engine.learn.optimisers import make_update
from engine.learn.trainer import Trainer


def example(name: str) -> Graph:
    return decode(files("assets").joinpath("examples", f"{name}.gradloom").read_bytes())


def node(id: str, op: str, value: Any = None, **settings: Any) -> Node:
    held = None if value is None else np.asarray(value, dtype=float)[()]
    return Node(id, op, held, settings=tuple(sorted(settings.items())))


def bowl(op: str = "square", start: float = 3.0) -> Graph:
    """w², or another function of one parameter."""
    return Graph.of([node("w", "parameter", start), node("y", op)], [Edge("w", "y", 0)], target="y")


# --- the optimisers, by hand


def moved(name: str, gradients: list[float], **options: float) -> float:
    theta = np.array([1.0])
    update = make_update(name, 1, 0.1, **options)
    for gradient in gradients:
        update(theta, np.array([gradient]))
    return float(theta[0])


def test_sgd_goes_against_the_gradient() -> None:
    assert moved("sgd", [2.0, 1.0]) == pytest.approx(1 - 0.2 - 0.1)


def test_momentum_remembers() -> None:
    assert moved("momentum", [2.0, 1.0]) == pytest.approx(1 - 0.1 * 2 - 0.1 * (0.9 * 2 + 1))


def test_adam_s_first_step_is_the_rate_whatever_the_gradient() -> None:
    assert moved("adam", [1e-3]) == pytest.approx(0.9, abs=1e-5)
    assert moved("adam", [-500.0]) == pytest.approx(1.1, abs=1e-5)


def test_adam_s_second_step() -> None:
    m, v = 0.9 * 0.1 * 2 + 0.1 * 1, 0.999 * 0.001 * 4 + 0.001 * 1
    second = 0.1 * (m / (1 - 0.9**2)) / (np.sqrt(v / (1 - 0.999**2)) + 1e-8)
    assert moved("adam", [2.0, 1.0]) == pytest.approx(1 - 0.1 - second, abs=1e-7)


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_weight_decay_shrinks_where_there_is_no_gradient(name: str) -> None:
    assert moved(name, [0.0], weight_decay=0.5) == pytest.approx(1 - 0.1 * 0.5)


def test_clipping_shortens_a_long_gradient_and_leaves_a_short_one() -> None:
    theta = np.zeros(2)
    make_update("sgd", 2, 1.0, clip=1.0)(theta, np.array([3.0, 4.0]))
    np.testing.assert_allclose(theta, [-0.6, -0.8])
    make_update("sgd", 2, 1.0, clip=1.0)(theta, np.array([0.1, 0.0]))
    np.testing.assert_allclose(theta, [-0.7, -0.8])
    make_update("sgd", 2, 1.0, clip=1.0)(theta, np.zeros(2))
    np.testing.assert_allclose(theta, [-0.7, -0.8])


def test_momentum_and_clip_do_not_touch_the_gradient_that_they_are_given() -> None:
    for name in ("sgd", "momentum", "adam"):
        gradient = np.array([3.0])
        make_update(name, 1, 0.1, clip=1.0, weight_decay=0.1)(np.array([1.0]), gradient)
        assert gradient[0] == 3.0


# --- whole runs


def test_iris_is_learnt_to_95_percent_on_the_held_out_third() -> None:
    graph = example("iris")
    start = Trainer(graph)
    start.run(1)
    assert start.history.evaluations[0].held_accuracy is not None
    assert start.history.evaluations[0].held_accuracy < 0.8  # it has not been trained in advance
    assert np.shape(graph.nodes["W1"].value) == (5, 4)
    assert np.shape(graph.nodes["W2"].value) == (3, 5)
    for seed in range(3):
        trainer = Trainer(graph, replace(TrainingConfig.of(graph), seed=seed))
        trainer.run()
        last = trainer.history.evaluations[-1]
        assert trainer.done and not trainer.stopped
        assert last.held_accuracy is not None and last.held_accuracy >= 0.95


def test_the_held_out_rows_of_iris_are_a_third() -> None:
    from engine.data.tables import load_dataset

    data = load_dataset(example("iris").nodes["data"].chosen)
    assert len(data.held_out) == 51
    assert len(data.training) == 99


def test_xor_is_learnt() -> None:
    trainer = Trainer(example("train-xor"))
    trainer.run()
    last = trainer.history.evaluations[-1]
    assert last.accuracy == 1.0
    assert last.loss < 0.01
    assert last.held_loss is None and last.held_accuracy is None  # its four rows are all needed


def test_moons_are_told_apart() -> None:
    trainer = Trainer(example("train-moons"))
    trainer.run()
    assert (trainer.history.evaluations[-1].held_accuracy or 0) >= 0.95


def test_a_line_is_found_as_least_squares_finds_it() -> None:
    from engine.data.tables import load_dataset

    graph = example("train-line")
    trainer = Trainer(graph, replace(TrainingConfig.of(graph), epochs=500))
    trainer.run()
    data = load_dataset(graph.nodes["data"].chosen)
    x, y = (column[:, 0] for column in data.rows(data.training))
    slope, offset = np.polyfit(x, y, 1)
    assert float(trainer.parameters["W1"][0, 0]) == pytest.approx(slope, abs=1e-9)
    assert float(trainer.parameters["b1"][0]) == pytest.approx(offset, abs=1e-9)
    assert trainer.history.evaluations[-1].accuracy is None  # numbers are not right or wrong


@pytest.mark.parametrize("name", ["sgd", "momentum", "adam"])
def test_a_graph_without_data_learns_too(name: str) -> None:
    trainer = Trainer(bowl(), TrainingConfig(name, lr=0.05, epochs=500))
    trainer.run()
    assert abs(float(trainer.parameters["w"])) < 0.01
    assert trainer.total == 500


def test_a_seed_of_minus_one_climbs() -> None:
    graph = bowl("sin", start=1.0)
    uphill = graph.apply(set_fact(graph, "seed", -1.0))
    trainer = Trainer(uphill, TrainingConfig("sgd", lr=0.1, epochs=200))
    trainer.run()
    assert float(trainer.parameters["w"]) == pytest.approx(np.pi / 2, abs=1e-3)


# --- the history


def test_the_history_holds_a_loss_and_a_norm_a_step_and_evaluations() -> None:
    trainer = Trainer(bowl(), TrainingConfig("sgd", lr=0.1, steps=4))
    trainer.run()
    history = trainer.history
    np.testing.assert_allclose(history.losses, [9, 9 * 0.8**2, 9 * 0.8**4, 9 * 0.8**6])
    np.testing.assert_allclose(history.gradient_norms, [6, 4.8, 3.84, 3.072])
    assert [e.step for e in history.evaluations] == [0, 1, 2, 3, 4]
    assert history.evaluations[0].gradient_norms == {}
    last = history.evaluations[-1]
    assert last.parameters is not None
    assert float(last.parameters["w"]) == pytest.approx(3 * 0.8**4)
    assert last.loss == pytest.approx((3 * 0.8**4) ** 2)
    assert last.gradient_norms == {"w": pytest.approx(3.072)}


def test_a_long_run_is_evaluated_some_200_times() -> None:
    trainer = Trainer(bowl(), TrainingConfig("sgd", lr=0.001, steps=1001))
    trainer.run()
    assert 150 <= len(trainer.history.evaluations) <= 203
    assert trainer.history.evaluations[-1].step == 1001


def test_an_epoch_sees_every_row_once() -> None:
    from engine.learn.model import Batches

    batches = Batches(10, 4, seed=1)
    assert batches.per_epoch == 3
    for epoch in range(2):
        seen = [row for step in range(3) for row in batches.rows_of(3 * epoch + step)]
        assert sorted(seen) == list(range(10))
    assert Batches(10, 0, seed=1).rows_of(5) is None


# --- the same again


def test_the_same_seed_gives_the_same_bits_and_another_does_not() -> None:
    graph = example("iris")
    config = TrainingConfig(batch=16, epochs=5)
    runs = [Trainer(graph, replace(config, seed=seed)) for seed in (1, 1, 2)]
    for trainer in runs:
        trainer.run()
    assert runs[0].history.losses == runs[1].history.losses
    assert np.array_equal(runs[0].parameters["W1"], runs[1].parameters["W1"])
    assert runs[0].history.losses != runs[2].history.losses


def test_stopped_and_continued_is_the_same_as_in_one_go() -> None:
    config = TrainingConfig(batch=16, epochs=6)
    whole, pieces = Trainer(example("iris"), config), Trainer(example("iris"), config)
    whole.run()
    pieces.run(5)
    assert pieces.step == 5 and not pieces.done
    while pieces.run_for(0):
        pass
    assert pieces.done and pieces.progress == 1.0
    assert pieces.history.losses == whole.history.losses
    assert np.array_equal(pieces.parameters["W1"], whole.parameters["W1"])


def test_a_slice_of_time_makes_a_step_at_least() -> None:
    trainer = Trainer(bowl(), TrainingConfig(steps=3))
    assert trainer.run_for(0)
    assert trainer.step == 1
    assert not trainer.run_for(1000)
    assert trainer.step == 3
    assert not trainer.run_for(1000)
    assert trainer.step == 3


def test_a_finished_run_can_be_made_longer() -> None:
    trainer = Trainer(bowl(), TrainingConfig(epochs=3))
    trainer.run()
    trainer.extend(2)
    assert not trainer.done
    trainer.run()
    assert trainer.step == 5


# --- what goes wrong


def test_a_loss_that_explodes_stops_with_a_sentence_and_the_last_good_parameters() -> None:
    steep = Trainer(bowl(start=1.0), TrainingConfig("sgd", lr=1e100, epochs=50))
    steep.run()
    assert steep.done
    assert "diverged: the loss rose from 1 to" in steep.stopped
    assert "from before the first step are kept" in steep.stopped
    assert "learning rate" in steep.stopped
    value = float(steep.parameters["w"])
    assert np.isfinite(value) and np.isfinite(value**2)
    assert len(steep.history.losses) == steep.step
    assert all(np.isfinite(steep.history.losses))


def test_a_loss_that_is_not_finite_to_begin_with_trains_nothing() -> None:
    graph = Graph.of([node("w", "parameter", -1.0), node("y", "log")], [Edge("w", "y", 0)], target="y")
    trainer = Trainer(graph, TrainingConfig(epochs=5))
    trainer.run()
    assert "before the first step" in trainer.stopped
    assert float(trainer.parameters["w"]) == -1.0


def test_floats_give_way_to_numpy_where_python_would_raise() -> None:
    """1/w² from a w that jumps to exactly 0: the loss is inf, and no ZeroDivisionError."""
    nodes = [node("w", "parameter", 1.0), node("s", "square"), node("one", "constant", 1.0), node("y", "div")]
    graph = Graph.of(nodes, [Edge("w", "s", 0), Edge("one", "y", 0), Edge("s", "y", 1)], target="y")
    trainer = Trainer(graph, TrainingConfig("sgd", lr=0.5, epochs=5))  # w ← 1 + 0.5·2 = 2: uphill, finite
    trainer.run()
    assert not trainer.stopped
    downhill = Trainer(Graph(graph.nodes, graph.edges, {"target": "y", "seed": -1.0}), TrainingConfig("sgd", lr=0.5))
    downhill.run()  # w ← 1 − 0.5·2 = 0
    assert "∞" in downhill.stopped
    assert float(downhill.parameters["w"]) == 1.0


def test_what_cannot_be_trained_says_why() -> None:
    with pytest.raises(PlanError, match="no target"):
        Trainer(Graph.of([node("w", "parameter", 1.0)]))
    with pytest.raises(PlanError, match="nothing to learn"):
        Trainer(Graph.of([node("x", "input", 1.0), node("y", "square")], [Edge("x", "y", 0)], target="y"))
    with pytest.raises(PlanError, match="3 numbers"):
        Trainer(Graph.of([node("w", "parameter", [1, 2, 3]), node("y", "square")], [Edge("w", "y", 0)], target="y"))
    with pytest.raises(PlanError, match="nothing is connected"):
        Trainer(Graph.of([node("w", "parameter", 1.0), node("y", "mul")], [Edge("w", "y", 0)], target="y"))
    misfit = [node("w", "parameter", [1, 2]), node("v", "parameter", [1, 2, 3]), node("y", "mse")]
    with pytest.raises(RunError):
        Trainer(Graph.of(misfit, [Edge("w", "y", 0), Edge("v", "y", 1)], target="y"))


def test_two_datasets_must_have_the_same_number_of_rows() -> None:
    nodes = [node("a", "dataset", name="moons"), node("b", "dataset", name="spirals"), node("w", "parameter", [1.0])]
    nodes += [node("p", "mul"), node("y", "mse")]
    edges = [Edge("a", "p", 0), Edge("w", "p", 1), Edge("p", "y", 0), Edge("b", "y", 1)]
    with pytest.raises(PlanError, match="same number of rows"):
        Trainer(Graph.of(nodes, edges, target="y"))


@pytest.mark.parametrize(
    "wrong", [{"lr": 0.0}, {"lr": float("nan")}, {"optimizer": "magic"}, {"batch": -1}, {"clip": -2.0}]
)
def test_a_config_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(EditRefused):
        TrainingConfig(**wrong)


# --- in the document


def test_what_was_learnt_is_one_undo_step() -> None:
    document = Document(example("iris"))
    trainer = Trainer(document.graph, TrainingConfig(steps=3))
    trainer.run()
    before = document.graph
    document.apply(trainer.change())
    assert document.undo_text == "Train: 3 steps"
    for name, value in trainer.parameters.items():
        assert np.array_equal(document.graph.nodes[name].value, value)
        assert not np.array_equal(document.graph.nodes[name].value, before.nodes[name].value) or name.startswith("b")
    document.undo()
    assert document.graph == before


def test_the_trainer_leaves_the_graph_and_given_parameters_alone() -> None:
    graph = bowl()
    trainer = Trainer(graph, TrainingConfig(steps=3))
    kept = trainer.parameters
    trainer.run()
    assert graph == bowl()
    assert float(kept["w"]) == 3.0


def test_trained_refuses_what_is_no_leaf() -> None:
    with pytest.raises(EditRefused):
        set_parameters(bowl(), {"y": 1.0})
    assert not set_parameters(bowl(), {"w": 3.0})


def test_the_config_is_kept_in_the_graph_and_read_back() -> None:
    config = TrainingConfig("momentum", lr=0.5, batch=0, epochs=7, clip=2.0)
    graph = bowl().apply(set_training(bowl(), config.said))
    assert graph.fact("training") == {"optimizer": "momentum", "lr": 0.5, "batch": 0, "epochs": 7, "clip": 2.0}
    again = decode(encode(graph))
    assert TrainingConfig.of(again) == config
    assert Trainer(again).config == config
    assert not bowl().apply(set_training(bowl(), TrainingConfig().said)).facts.get("training")


@pytest.mark.parametrize("fact", [{"speed": 3}, {"lr": "fast"}, {"batch": 1.5}, {"epochs": True}])
def test_a_config_in_a_file_that_is_not_understood_is_refused(fact: dict[str, Any]) -> None:
    graph = bowl().apply(set_fact(bowl(), "training", fact))
    with pytest.raises(EditRefused):
        TrainingConfig.of(graph)


def test_a_loss_over_the_batch_does_not_depend_on_the_rows_that_are_shown() -> None:
    graph = example("iris")
    other = graph.apply(set_setting(graph, "data", "batch", 3))
    runs = [Trainer(g, TrainingConfig(epochs=2)) for g in (graph, other)]
    for trainer in runs:
        trainer.run()
    assert runs[0].history.losses == runs[1].history.losses


def test_accuracy_reads_class_ids_as_well_as_one_hot() -> None:
    graph = example("iris")
    ids = graph.apply(set_setting(graph, "data", "targets", "class ids"))
    runs = [Trainer(g, TrainingConfig(epochs=3)) for g in (graph, ids)]
    for trainer in runs:
        trainer.run()
    assert [e.accuracy for e in runs[0].history.evaluations] == [e.accuracy for e in runs[1].history.evaluations]
    assert json.dumps(runs[0].history.losses[0]) == json.dumps(runs[1].history.losses[0])
