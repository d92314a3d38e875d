"""`gradloom render … --train`: a training as a film, of which every picture shows numbers that the training had."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.edits.nodes import set_parameters
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from engine.passes.run import run
from gui.__main__ import main
from gui.look.theme import themes
from gui.pictures.learning_film import SIDE, LearningScene, moments_of
from gui.pictures.options import KINDS, PictureOptions
from gui.pictures.reel import pixels_of
from tests.engine.export.test_page_story import example

pytestmark = pytest.mark.usefixtures("qapp")
XOR = "xor-scalars"


def trainer_of(name: str, steps: int, **wishes: object) -> Trainer:
    graph = example(name)
    return Trainer(graph, replace(TrainingConfig.of(graph), steps=steps, **wishes))


def test_each_moment_is_one_of_the_training() -> None:
    graph = example(XOR)
    moments = moments_of(trainer_of(XOR, 30), 10)
    assert [moment.step for moment in moments] == [*range(0, 31, 3)]
    again = trainer_of(XOR, 30)
    for moment in moments:
        again.run(moment.step - again.step)
        assert all(np.array_equal(moment.parameters[id], value) for id, value in again.parameters.items())
        trace = run(graph.apply(set_parameters(graph, moment.parameters)))
        np.testing.assert_allclose(moment.loss, trace.value(graph.target), 1e-12)
    assert len(moments_of(trainer_of(XOR, 3), 10)) == 4


def test_the_graph_its_knobs_and_what_it_has_learnt_move_together() -> None:
    trainer = trainer_of(XOR, 40)
    moments = moments_of(trainer, 4)
    scene = LearningScene(example(XOR), trainer, moments, KINDS["webp"], PictureOptions(size=(900, 500)))
    first, last, first_again = (pixels_of(scene.picture(at)) for at in (0, len(moments) - 1, 0))
    assert first.shape == (500, 900, 3) and np.array_equal(first, first_again)
    graph, beside = first[:, :-SIDE] != last[:, :-SIDE], first[:, -SIDE:] != last[:, -SIDE:]
    assert graph.any(axis=2).sum() > 300 and beside.any(axis=2).sum() > 5000


def test_the_loss_is_over_epochs_and_in_little_room_the_map_comes_first() -> None:
    trainer = trainer_of("train-moons", 12)
    moments = moments_of(trainer, 4)
    for size, left_out in (((900, 760), [False, False]), ((900, 400), [True, True])):
        scene = LearningScene(example("train-moons"), trainer, moments, KINDS["webp"], PictureOptions(size=size))
        assert (scene.picture(4).width(), scene.picture(4).height()) == size
        beside = scene.beside
        assert [beside.units.isHidden(), beside.loss.isHidden()] == left_out and not beside.scatter.isHidden()
        curve = beside.loss.figure.curves[1]
        assert curve.xs[-1] == pytest.approx(trainer.epoch) and len(curve.ys) == 5
        assert beside.loss.figure.title == "Loss of each batch"


def test_the_film_has_a_frame_for_each_moment_and_rests_at_the_end(tmp_path: Path) -> None:
    out, was = tmp_path / "learning.webp", themes.current
    wishes = ["--train", "6", "--fps", "2", "--size", "700x400", "--theme", "dark"]
    assert main(["render", XOR, str(out), *wishes]) == 0 and themes.current is was
    film = Image.open(out)
    assert film.size == (700, 400) and film.n_frames == 7
    pictures = []
    for at in range(film.n_frames):
        film.seek(at)
        pictures.append(np.asarray(film.convert("RGB")))
    assert all((one != other).any() for one, other in pairwise(pictures))
    assert film.info["duration"] == 2000 and pictures[0].mean() < 80


def test_a_training_that_diverges_ends_where_it_stops_and_says_why() -> None:
    graph, trainer = example("train-line"), trainer_of("train-line", 300, lr=50.0)
    moments = moments_of(trainer, 300)
    scene = LearningScene(graph, trainer, moments, KINDS["webp"], PictureOptions(size=(700, 400)))
    scene.picture(len(moments) - 1)
    assert trainer.stopped and 1 <= len(moments) < 300 and scene.beside.why.text() == trainer.stopped


@pytest.mark.parametrize(("wishes", "says"), [
    (["a.png", "--train", "5"], "a training is a film"), (["a.html", "--train", "5"], "no --train"),
    (["a.webp", "--train", "0"], "one step at least"), (["a.webp", "--train", "5", "--size", "500x400"], "640 pixels"),
    (["a.webp", "--train", "5", "--at", "2"], "no --at"), (["a.webp", "--train", "5", "--learn"], "no --learn"),
])  # fmt: skip
def test_what_cannot_be_filmed_is_refused_in_one_line(tmp_path, capsys, monkeypatch, wishes, says) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["render", XOR, *wishes]) == 2
    told = capsys.readouterr().err
    assert len(told.strip().splitlines()) == 1 and says in told.lower().replace("a web page takes ", "")
    assert not list(tmp_path.iterdir())
