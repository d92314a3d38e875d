"""Watch it die: each shipped trouble goes wrong as it says, is named with its remedy, and its cure cures it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import edits
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from engine.values.literal import parse_value
from tests.networks import shipped

# By name: how it ends, and what is said of it.
DEATHS = {
    "dying-relus": ("collapsed", "all 8 units of h2 are closed on all 150 training rows"),
    "saturated-sigmoids": ("fell", "h1 and h2 are saturated in"),
    "vanishing-depth": ("stuck", "The gradient vanishes: from 0.5 at score"),
    "exploding-recurrence": ("diverged", "The learning rate 0.01 is too large"),
    "unscaled-data": ("diverged", "column 1 is about 100"),
}


def trained(graph: Graph, config: TrainingConfig | None = None) -> Trainer:
    trainer = Trainer(graph, config)
    trainer.run()
    return trainer


def filled(graph: Graph, **fills: str) -> Graph:
    for id, text in fills.items():
        graph = graph.apply(edits.set_value(graph, id, parse_value(text)))
    return graph


@pytest.mark.parametrize("name", DEATHS)
def test_it_dies_as_it_says_and_the_note_tells_the_cure(name: str) -> None:
    graph = shipped(name)
    said = trained(graph).conclude()
    kind, words = DEATHS[name]
    assert said.kind == kind and words in said.text, said.text
    (note,) = graph.notes.values()
    assert note.text.startswith("Watch it die") and "The cure:" in note.text


def test_the_curves_show_when_the_relus_died() -> None:
    looks = trained(shipped("dying-relus")).history.evaluations
    dead = [look.health["h2"].dead for look in looks]
    assert dead[0] < 1 and dead[-1] == 1 and looks[dead.index(1.0)].step <= 260


def test_a_smaller_rate_keeps_the_relus_alive() -> None:
    graph = shipped("dying-relus")
    trainer = trained(graph, replace(TrainingConfig.of(graph), lr=0.1))
    assert trainer.conclude().kind == "fell" and trainer.history.evaluations[-1].held_accuracy > 0.9


def test_smaller_weights_bring_the_sigmoids_back() -> None:
    graph = filled(shipped("saturated-sigmoids"), W1="normal(8, 2)", W2="normal(8, 8)", W3="normal(1, 8)")
    trainer = trained(graph, replace(TrainingConfig.of(graph), optimizer="adam", lr=0.1))
    assert trainer.conclude().kind == "fell" and trainer.history.evaluations[-1].held_accuracy > 0.9


def test_tanh_and_larger_weights_bring_the_gradient_to_the_first_layer() -> None:
    graph = shipped("vanishing-depth")
    for at in range(1, 6):
        graph = graph.apply(edits.change_op(graph, f"h{at}", "tanh"))
        graph = filled(graph, **{f"W{at}": "normal(2, 3)" if at == 1 else "normal(3, 3)"})
    trainer = trained(graph, replace(TrainingConfig.of(graph), optimizer="adam", lr=0.05))
    assert trainer.conclude().kind == "fell" and trainer.history.evaluations[-1].loss < 0.4


def test_clipping_tames_the_recurrence() -> None:
    graph = shipped("exploding-recurrence")
    trainer = trained(graph, replace(TrainingConfig.of(graph), clip=1.0))
    assert trainer.conclude().kind == "fell" and trainer.history.evaluations[-1].loss < 0.5


def test_scaled_columns_are_learnt() -> None:
    graph = shipped("unscaled-data")
    homes = np.asarray(graph.nodes["homes"].value) * [0.01, 0.2]
    scaled = graph.apply(edits.set_value(graph, "homes", homes))
    trainer = trained(scaled, replace(TrainingConfig.of(graph), lr=0.1, epochs=400))
    assert trainer.conclude().kind == "fell" and trainer.history.evaluations[-1].loss < 0.1
