"""What the training panel says is true in every state: idle, running, paused, stopped, finished, failed, undone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.values.values import number_text
from gui.main_window import MainWindow
from gui.panels.training import training_run
from gui.panels.training.training_run import RunState
from gui.widgets.segmented import Segmented
from tests.gui.training_tools import (
    begin,
    can_press,
    hold_clock,
    key,
    open_example,
    opened,
    parameters,
    pass_time,
    press,
    said,
    type_in,
)
from tests.gui.window_tools import CTRL, LEFT, SHIFT, Key, lay_out
from tests.networks import network


def choose_sgd(window: MainWindow) -> None:
    choice = next(part for part in window.training.findChildren(Segmented) if part.accessibleName() == "Optimiser")
    choice.setFocus()
    while window.training.form.config.optimizer != "sgd":
        QTest.keyClick(choice, Key.Key_Up)


@pytest.fixture
def diverged(window: MainWindow) -> MainWindow:
    open_example(window, "train-line")
    type_in(window, "Learning rate", "10")
    begin(window)
    pass_time(window, 4)
    return window


@pytest.fixture
def collapsed(window: MainWindow) -> MainWindow:
    open_example(window, "train-moons")
    choose_sgd(window)
    type_in(window, "Learning rate", "5")
    begin(window)
    pass_time(window, 4)
    return window


def test_each_state_of_a_sound_training_says_what_is_so(iris, qtbot, monkeypatch):
    monkeypatch.setattr(training_run, "SLICE", 60.0)  # however slow the machine, no tick is cut short
    assert said(iris).startswith("Press Start: the numbers in the graph follow")
    begin(iris)
    pass_time(iris, 1)
    run = iris.training.run
    assert said(iris) == f"The numbers in the graph are those after step {run.shown}."
    press(iris, "Pause")
    assert said(iris) == f"Paused: the numbers in the graph are those after step {run.trainer.step}."
    press(iris, "Continue")
    hold_clock(iris)
    pass_time(iris, 4)
    last = run.trainer.history.evaluations[-1].loss
    sentence = f"Trained: the loss fell from 1.81 to {last:.3g} in 700 steps. Start goes on from here. "
    assert said(iris) == f"{sentence}Undo goes back to the beginning."
    key(iris, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: said(iris).startswith("Undone: the numbers are those from before the training"))
    key(iris, Key.Key_Z, CTRL | SHIFT)
    qtbot.waitUntil(lambda: said(iris).startswith("Trained:"))


def test_stopped_before_the_first_step_nothing_is_said_to_be_learnt(iris):
    before = parameters(iris)
    begin(iris)
    press(iris, "Stop")
    assert said(iris) == "Stopped before the first step: nothing was trained."
    assert parameters(iris) == before


def test_a_divergence_stops_it_with_its_cause_and_the_numbers_are_those_from_before(diverged):
    assert diverged.training.run.state is RunState.ENDED
    assert said(diverged) == (
        "Training diverged: the loss rose from 5.19 to 1.57e6 in 2 steps. The learning rate 10 is too large: above "
        "0.81, each step overshoots further than the one before. Choose a learning rate below 0.4. The parameters from "
        "before the first step are kept. The graph shows these."
    )
    assert diverged.training.sentence.property("role") == "error"
    nodes = diverged.bridge.now.graph.nodes
    assert float(nodes["W1"].value[0, 0]) == 0.267 and float(nodes["b1"].value[0]) == 0
    assert diverged.training.place.text() == "Step 2 of 100, loss 1.565e6"


def test_what_it_advises_after_a_divergence_trains(diverged):
    type_in(diverged, "Learning rate", "0.4")
    begin(diverged)
    pass_time(diverged, 4)
    assert said(diverged).startswith("Trained: the loss fell from 5.19 to 0.0938")
    assert diverged.training.sentence.property("role") == "soft"


def test_a_collapse_stops_it_and_shows_where(collapsed):
    assert collapsed.training.run.state is RunState.ENDED
    sentence = "Training has collapsed: since step 10, all 16 units of h2 are closed on all 150 training rows"
    assert said(collapsed).startswith(sentence) and "Trained" not in said(collapsed)
    kept = "The parameters of step 20, the best, are kept. The graph shows these. Undo goes back to the beginning."
    assert said(collapsed).endswith(kept)
    press(collapsed, "Show where")
    assert collapsed.selection.nodes == {"h2"}
    best = collapsed.training.run.trainer.parameters
    for id, value in best.items():
        assert np.array_equal(collapsed.bridge.now.graph.nodes[id].value, value)


def test_one_undo_takes_a_collapse_back(collapsed, qtbot):
    key(collapsed, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: said(collapsed).startswith("Undone"))
    assert not can_press(collapsed, "Show where") or not collapsed.training.show_place.isVisible()
    assert collapsed.bridge.document.undo_text is None


def test_a_save_on_the_way_makes_it_two_steps_to_undo(iris, tmp_path, qtbot):
    iris.files.ask.save_path = tmp_path / "net.gradloom"
    before = parameters(iris)
    begin(iris)
    pass_time(iris, 1)
    assert iris.files.save()
    pass_time(iris, 5)
    assert said(iris).endswith("Start goes on from here. Undo goes back to the beginning in 2 steps.")
    key(iris, Key.Key_Z, CTRL)
    assert parameters(iris) != before
    key(iris, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: said(iris).startswith("Undone"))
    assert parameters(iris) == before


def test_undone_and_done_again_it_is_the_trained_graph(iris, qtbot):
    begin(iris)
    pass_time(iris, 5)
    ended = said(iris)
    assert ended.endswith("Start goes on from here. Undo goes back to the beginning.")
    key(iris, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: said(iris).startswith("Undone"))
    key(iris, Key.Key_Z, CTRL | SHIFT)
    qtbot.waitUntil(lambda: said(iris) == ended)


def test_what_an_undo_has_ended_is_there_again_after_redo(iris, qtbot):
    begin(iris)
    pass_time(iris, 0.5)
    press(iris, "Pause")
    shown = iris.training.run.shown
    key(iris, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: "has been taken back" in said(iris))
    key(iris, Key.Key_Z, CTRL | SHIFT)
    qtbot.waitUntil(lambda: said(iris).startswith(f"The graph has the numbers after step {shown} again."))
    iris.bridge.edit(lambda graph: edits.set_value(graph, "b2", np.ones(3)))
    qtbot.waitUntil(lambda: said(iris).startswith("The graph has changed since it was trained"))


def test_data_alone_is_told_what_is_missing(window, tmp_path):
    opened(window, Graph.of([Node("data", "dataset")], []), tmp_path)
    assert said(window).startswith("There is data, but no loss yet. Build a model behind the dataset")
    assert not window.training.start.isEnabled()


def test_what_cannot_begin_says_why_and_shows_where(window, tmp_path):
    opened(window, network(activation="tanh", weights=lambda out, into: np.zeros((out, into))), tmp_path)
    begin(window)
    pass_time(window, 1)
    assert said(window).startswith("Training cannot begin. W1, b1 and 2 others get no gradient")
    assert said(window).endswith("Nothing was trained.")
    press(window, "Show where")
    assert "W3" in window.selection.nodes


def test_an_edit_after_a_failure_makes_it_a_thing_of_the_past(collapsed, qtbot):
    collapsed.bridge.edit(lambda graph: edits.set_value(graph, "b3", np.ones(1)))
    qtbot.waitUntil(lambda: said(collapsed).startswith("The graph has changed since it was trained"))
    assert not collapsed.training.show_place.isVisible()


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_a_long_sentence_is_seen_whole(collapsed, size, qtbot):
    collapsed.resize(*size)
    sentence = collapsed.training.sentence
    qtbot.waitUntil(lambda: sentence.width() < size[0])
    qtbot.waitUntil(lambda: sentence.height() >= sentence.heightForWidth(sentence.width()))


def test_a_collapse_says_that_one_sees_what_was_before_it_and_shows_the_collapse_where_asked(window):
    """“All 8 units of h2 are closed”, and “Show where” led to a card on which some were open."""
    open_example(window, "dying-relus")
    begin(window)
    while window.training.run.state is not RunState.ENDED:
        pass_time(window, 1)
    run = window.training.run
    trainer, since = run.trainer, run.trainer.conclusion.since
    last = trainer.history.evaluations[-1]
    assert trainer.kept < since <= last.step, "the case"
    assert (
        f"The parameters of step {trainer.kept}, the best, are kept. The graph shows these, from before it went wrong: "
        f"“Show where” shows what became of it by step {last.step}." in said(window)
    )

    def h2() -> np.ndarray:
        return np.asarray(window.bridge.now.trace.value("h2"))

    assert np.any(h2() > 0)
    lay_out(window)
    press(window, "Show where")
    assert window.selection.nodes == {"h2"} and not np.any(h2() > 0)
    assert run.moment == last.step and f"numbers after step {last.step}, to which you went" in said(window)
    key(window, Key.Key_Z, CTRL)
    assert np.any(h2() > 0)
    plot = window.training.loss
    QTest.mouseClick(plot, LEFT, pos=QPoint(plot.width() - 30, plot.height() // 2))
    assert f"numbers after step {run.moment}" in said(window) and run.moment >= since
    assert not np.any(h2() > 0)


def place(window) -> str:
    return window.training.place.text()


def test_how_far_it_is_is_said_of_the_numbers_that_the_graph_has(iris, qtbot):
    """“Step 700 of 700” stood there after Undo, and after a step told slowly from the beginning."""
    begin(iris)
    pass_time(iris, 5)
    ended = place(iris)
    assert ended.startswith("Step 700 of 700, batch loss") and iris.training.bar.value() == 1000
    press(iris, "One step, slowly")
    qtbot.waitUntil(lambda: place(iris).startswith("Step 701, loss"))
    assert "(earlier)" not in iris.training.loss.reading(), "that is what the step went on from"
    for _ in range(2):
        key(iris, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: place(iris) == "")
    assert iris.training.bar.value() == 0
    assert iris.training.loss.reading().startswith("Loss (earlier): training ")
    assert iris.training.accuracy.reading().startswith("Accuracy (earlier): training ")
    press(iris, "One step, slowly")
    assert iris.training.loss.reading().startswith("Loss (earlier): training ")
    drop = iris.training.run.told_slowly.drop
    assert place(iris) == f"Step 1, loss {number_text(float(drop.after))}" and iris.training.bar.value() == 0
    assert place(iris).split("loss ")[1] in said(iris)
    for _ in range(2):
        key(iris, Key.Key_Z, CTRL)
    key(iris, Key.Key_Z, CTRL | SHIFT)
    iris.bridge.edit(lambda graph: edits.set_value(graph, "b2", np.ones(3)))
    qtbot.waitUntil(lambda: place(iris) == "")


def test_it_says_so_too_of_a_moment_to_which_one_goes(iris, qtbot):
    begin(iris)
    pass_time(iris, 5)
    ended = place(iris)
    lay_out(iris)
    plot = iris.training.loss
    QTest.mouseClick(plot, LEFT, pos=QPoint(plot.width() // 2, plot.height() // 2))
    moment = iris.training.run.moment
    look = next(each for each in iris.training.run.trainer.history.evaluations if each.step == moment)
    assert 0 < moment < 700 and place(iris) == f"Step {moment} of 700, loss {number_text(look.loss)}"
    assert iris.training.bar.value() == round(1000 * moment / 700)
    key(iris, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: place(iris) == ended)
    assert "(earlier)" not in iris.training.loss.reading()


def test_what_an_undo_takes_back_while_it_pauses_is_no_step_any_more(iris, qtbot):
    begin(iris)
    pass_time(iris, 0.5)
    press(iris, "Pause")
    shown = place(iris)
    key(iris, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: "has been taken back" in said(iris))
    assert place(iris) == "" and iris.training.bar.value() == 0
    key(iris, Key.Key_Z, CTRL | SHIFT)
    qtbot.waitUntil(lambda: place(iris) == shown)


def test_where_it_pauses_the_loss_is_not_said_to_be_that_of_the_step_before(window):
    """“Step 161, loss 0.3219”, and 0.0096 stood on the card: all rows are looked at now and then."""
    open_example(window, "train-line")
    type_in(window, "Epochs", "600")
    begin(window)
    run = window.training.run
    while not run.trainer or not run.trainer.step or run.trainer.history.evaluations[-1].step == run.trainer.step:
        run.tick(0.005)
    press(window, "Pause")
    trainer = run.trainer
    assert place(window) == f"Step {trainer.step} of 600, loss {number_text(trainer.history.losses[-1])} before it"
