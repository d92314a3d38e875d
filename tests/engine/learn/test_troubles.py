"""Watch it die: each shipped trouble goes wrong as it says, is named with its remedy, and its cure cures it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import edits
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from engine.learn.trouble import SeenProblem, followed
from engine.passes.run import run
from engine.session import Session
from engine.truth.problem import Problem
from engine.values.literal import parse_value
from tests.networks import shipped

# By name: how it ends, and what is said of it.
DEATHS = {
    "dying-relus": ("collapsed", "all 8 units of h2 are closed on all 150 training rows"),
    "saturated-sigmoids": ("fell", "h1 and h2 are saturated in"),
    "vanishing-depth": ("stuck", "The gradient vanishes: from 0.5 at score"),
    "exploding-recurrence": (
        "diverged",
        "comes back through W 5 times and grows each time, about 1.88-fold: 1.88⁵ ≈ 23-fold",
    ),
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


def test_of_a_recurrence_that_explodes_the_factor_and_its_cures_are_named() -> None:
    """It was said that the learning rate is too large, which is so of every divergence."""
    graph = shipped("exploding-recurrence")
    said = trained(graph).conclude()
    weights = np.asarray(graph.nodes["W"].value)
    before, after = (np.abs(run(graph).gradient(id)).max() for id in ("s6", "s1"))
    assert f"{(after / before) ** 0.2:.2f}⁵ ≈ {after / before:.0f}-fold" in said.text
    assert said.ids == ("W",) and "Clip the gradient to 1 (under More), start with smaller weights in W" in said.remedy
    smaller = trained(graph.apply(edits.set_value(graph, "W", weights / 2)))
    assert smaller.conclude().kind == "fell"
    rate = float(said.remedy.rsplit(" ", 1)[1].rstrip(".").replace("−", "-"))
    assert trained(graph, replace(TrainingConfig.of(graph), lr=rate)).conclude().kind == "fell"


def test_a_rate_that_is_too_large_for_a_sound_net_is_blamed_on_no_weight() -> None:
    graph = shipped("train-line")
    said = trained(graph, replace(TrainingConfig.of(graph), lr=50.0)).conclude()
    assert said.failed and "comes back through" not in said.text


def test_scaled_columns_are_learnt() -> None:
    graph = shipped("unscaled-data")
    homes = np.asarray(graph.nodes["homes"].value) * [0.01, 0.2]
    scaled = graph.apply(edits.set_value(graph, "homes", homes))
    trainer = trained(scaled, replace(TrainingConfig.of(graph), lr=0.1, epochs=400))
    assert trainer.conclude().kind == "fell" and trainer.history.evaluations[-1].loss < 0.1


# --- named while it happens


def watched(graph: Graph, looks: int = 12) -> list[tuple[int, SeenProblem | None]]:
    """What hinders a training at so many moments of it, and at its start."""
    trainer, problems = Trainer(graph), Session(graph).now.problems
    found: list[tuple[int, SeenProblem | None]] = [(0, followed(None, problems, 0, 0.0))]
    while trainer.step < trainer.total:
        trainer.run(max(1, trainer.total // looks))
        if trainer.done and trainer.step < trainer.total:
            break  # it is told how it ended
        problems = Session(graph.apply(trainer.change(graph))).now.problems
        found.append((trainer.step, followed(found[-1][1], problems, trainer.step, trainer.epoch)))
    return found


def test_relus_that_die_are_named_before_the_training_ends_and_from_the_step_on_at_which_they_were_seen() -> None:
    found = watched(shipped("dying-relus"))
    assert found[0][1] is None, "nothing is wrong at the start"
    first = next(step for step, trouble in found if trouble is not None)
    assert 0 < first <= 150
    last = found[-1][1]
    assert last is not None and last.step == first and last.sentence.startswith("h2: ")
    assert last.sentence.endswith(
        f"units are dead on all 150 training rows, so they learn nothing. Seen since step {first}."
    )
    assert last.problem.ids == ("h2",)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("saturated-sigmoids", "saturated"), ("vanishing-depth", "vanishing"), ("unscaled-data", "large features")],
)
def test_what_is_wrong_from_the_start_is_named_from_the_start(name: str, kind: str) -> None:
    _, trouble = watched(shipped(name))[0]
    assert trouble is not None and trouble.problem.kind == kind and trouble.sentence.endswith(" Seen from the start.")


@pytest.mark.parametrize("name", ["train-line", "train-moons", "train-circles", "train-xor", "iris", "xor-scalars"])
def test_nothing_is_named_while_a_sound_model_learns(name: str) -> None:
    assert [step for step, trouble in watched(shipped(name)) if trouble is not None] == []


def test_a_trouble_that_is_over_is_forgotten() -> None:
    dead, flat = Problem("dead", "warning", "h is dead."), Problem("saturated", "warning", "h is saturated.")
    known = followed(None, [Problem("x", "note", "a note"), dead], 10, 1.0)
    assert known == SeenProblem(dead, 10, 1.0)
    assert followed(known, [flat, dead], 20, 2.0) == known
    assert followed(known, [flat], 1200, 3.0) == SeenProblem(flat, 1200, 3.0)
    assert followed(known, [], 20, 2.0) is None
    wrong_goal = Problem("targets out of range", "warning", "t is out of reach.")
    assert followed(None, [flat, wrong_goal], 5, 0.5) == SeenProblem(wrong_goal, 5, 0.5), "why the others came about"
