"""Layer by layer over time: dead units, flat slopes, and how far each step goes, against NumPy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine import edits
from tests.engine.learn.trained_tools import trained
from tests.networks import shipped


def held(graph, evaluation, *ids):
    return (np.asarray(evaluation.parameters[id]) for id in ids)


def test_the_share_of_dead_units_is_that_of_numpy_at_every_look():
    graph = shipped("train-moons")
    graph = graph.apply(edits.set_value(graph, "b1", [-9.0] * 5 + [0.0] * 11))
    trainer = trained(graph, epochs=3)
    (data,) = trainer._model.datasets.values()
    x = data.features[data.training]
    assert len(trainer.history.evaluations) > 2
    for look in trainer.history.evaluations:
        w1, b1, w2, b2 = held(graph, look, "W1", "b1", "W2", "b2")
        h1 = np.maximum(x @ w1.T + b1, 0)
        h2 = np.maximum(h1 @ w2.T + b2, 0)
        assert look.health["h1"].dead == np.mean(np.all(h1 == 0, axis=0)) >= 5 / 16
        assert look.health["h2"].dead == np.mean(np.all(h2 == 0, axis=0))
        assert look.health["h1"].flat is None


def test_the_share_of_flat_slopes_is_that_of_numpy():
    graph = shipped("train-circles")
    w1 = 40 * np.asarray(graph.nodes["W1"].value)
    trainer = trained(graph.apply(edits.set_value(graph, "W1", w1)), epochs=2)
    (data,) = trainer._model.datasets.values()
    for look in trainer.history.evaluations:
        w, b = held(graph, look, "W1", "b1")
        slopes = 1 - np.tanh(data.features[data.training] @ w.T + b) ** 2
        assert look.health["h1"].flat == np.mean(slopes < 0.01) > 0.5
        assert look.health["h1"].dead is None


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_the_update_is_told_against_the_weight_that_it_moves(optimizer):
    graph = shipped("train-line")
    trainer = trained(graph, optimizer=optimizer, batch=0, epochs=4)
    looks = trainer.history.evaluations
    assert looks[0].update_ratios == {}
    for before, after in pairwise(looks):
        assert after.step == before.step + 1
        for id, ratio in after.update_ratios.items():
            old, new = np.asarray(before.parameters[id]), np.asarray(after.parameters[id])
            length = np.linalg.norm(old)
            assert (
                ratio == pytest.approx(np.linalg.norm(new - old) / length, nan_ok=True) if length else np.isnan(ratio)
            )


def test_watching_the_layers_changes_no_bit_of_what_is_learnt():
    """Twice the same, and as the stepping of plain gradient descent has it."""
    first, second = (trained(shipped("train-xor"), steps=50) for _ in range(2))
    assert {k: v.tobytes() for k, v in first.parameters.items()} == {
        k: v.tobytes() for k, v in second.parameters.items()
    }
