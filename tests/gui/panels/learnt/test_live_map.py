"""While a training runs the maps are of what it has learnt by now, also where the graph does not hold it yet."""

from __future__ import annotations

import numpy as np
import pytest

from engine.files.disk import load
from engine.files.examples import find_example
from engine.learn.learnt import Learnt
from engine.passes.run import run as run_of
from gui.panels.learnt import LearntPanel
from gui.panels.learnt.pictures import picture_of
from gui.panels.training import training_run
from tests.gui.training_tools import begin, hold_clock, open_example
from tests.gui.window_tools import lay_out


@pytest.fixture
def learning(window, monkeypatch):
    monkeypatch.setattr(training_run, "SLICE", 60.0)  # however slow the machine, no tick is cut short
    monkeypatch.setattr(training_run, "SHOWN_EVERY", 60.0)  # the graph holds nothing of it yet
    open_example(window, "train-xor")
    window.panels.show_panel("learnt")
    lay_out(window)
    begin(window)
    hold_clock(window)
    return window


def test_the_map_is_of_what_the_trainer_holds(learning, qtbot):
    panel, run = learning.findChild(LearntPanel), learning.training.run
    qtbot.waitUntil(lambda: panel.scatter.scene is not None)
    before = panel.scatter.scene.ground.copy()
    run.tick(0.5)
    assert run.trainer.step > 20 and run.shown == 0
    graph, trace = learning.bridge.now.graph, learning.bridge.now.trace
    learnt = Learnt(graph, trace)
    with learnt.holding(run.trainer.parameters):
        wanted = picture_of(learnt, graph).ground
    assert panel.scatter.scene.ground == wanted != before


def test_what_is_lent_is_given_back():

    graph = load(find_example("train-xor").path)
    learnt = Learnt(graph, run_of(graph))
    rows = learnt.data.features
    own = learnt.answer(graph, rows).outputs
    with learnt.holding({"b2": np.array([5.0])}):
        lent = learnt.answer(graph, rows).outputs
    np.testing.assert_allclose(lent, own + 5.0, rtol=1e-12)
    np.testing.assert_array_equal(learnt.answer(graph, rows).outputs, own)
