"""Runs that are kept and compared, their table, and the sweep over learning rates, against plain NumPy."""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np
import pytest

from engine import edits
from engine.learn.config import TrainingConfig
from engine.learn.runs import KeptRun, history_csv, run_names
from engine.learn.sweep import best_rate, sweep
from engine.text.read import parse
from tests.engine.learn.trained_tools import trained
from tests.networks import shipped


def test_runs_are_named_by_what_tells_them_apart():
    line = shipped("train-line")
    runs = [
        KeptRun.of(trained(line, epochs=2, **how))
        for how in ({"optimizer": "sgd", "lr": 0.1}, {"lr": 0.01}, {"lr": 0.01, "seed": 3})
    ]
    assert run_names(runs)[:1] == ["SGD 0.1, seed 0"] and run_names(runs)[2].endswith("seed 3")
    assert run_names(runs[:2])[0] == "SGD 0.1"
    assert len(runs[0].losses) == len(runs[0].held_losses) == len(runs[0].epochs)


def test_what_is_left_out_of_a_run_is_said_in_words():
    line = shipped("train-line")
    runs = [KeptRun.of(trained(line, epochs=2, **how)) for how in ({"clip": 3.0, "batch": 4}, {"batch": 0})]
    first, second = run_names(runs)
    assert "rows 4" in first and "clip 3" in first
    assert "all rows" in second and "no clipping" in second


def test_the_table_of_a_training_reads_back_to_the_same_bits():
    trainer = trained(shipped("train-moons"), epochs=3)
    head, *rows = csv.reader(StringIO(history_csv(trainer)))
    assert len(rows) == len(trainer.history.evaluations)
    assert {"step", "held_loss", "gradient W1", "update ratio b2", "dead h1"} <= set(head)
    for row, look in zip(rows, trainer.history.evaluations, strict=True):
        said = dict(zip(head, row, strict=True))
        assert float(said["loss"]) == look.loss and float(said["dead h1"]) == look.health["h1"].dead
        assert said["gradient W1"] == ("" if not look.step else repr(look.gradient_norms["W1"]))


def test_the_sweep_is_gradient_descent_at_each_rate_and_marks_where_it_diverges():
    """On a parabola of curvature 2 steps grow from 1 on."""
    graph = parse("w = 3; L = square(w)")
    graph = graph.apply(edits.change_op(graph, "w", "parameter"))
    rates = (0.01, 0.1, 0.4, 2.5)
    tried = [each for each in sweep(graph, TrainingConfig("sgd"), rates, 30) if each is not None]
    assert [each.rate for each in tried] == list(rates)
    for each in tried[:3]:
        assert each.loss == pytest.approx((3 * (1 - 2 * each.rate) ** 30) ** 2, rel=1e-9, abs=1e-300)
    assert tried[3].diverged and np.isnan(tried[3].loss)
    assert best_rate(tried).rate == 0.4
