"""Training in the editor, with a mouse and keys: the loss falls, it pauses, stops, and one Undo takes it all back."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from engine import edits
from engine.files import disk
from engine.learn.config import TrainingConfig
from gui.panels.training import training_run
from gui.panels.training.training_run import RunState
from gui.widgets.segmented import Segmented
from tests.gui.canvas_tools import value_spot
from tests.gui.training_tools import (
    TICK,
    begin,
    can_press,
    field,
    hold_clock,
    key,
    last_loss,
    open_example,
    parameters,
    pass_time,
    press,
    said,
    type_in,
)
from tests.gui.window_tools import CTRL, LEFT, SHIFT, Key

# --- the panel


def test_the_panel_is_away_until_it_is_asked_for_and_its_cross_puts_it_away(window):
    assert not window.training.isVisible()
    key(window, Key.Key_R, CTRL)
    assert window.training.isVisible() and field(window, "Learning rate").hasFocus()  # there is nothing to start
    QApplication.processEvents()
    QTest.mouseClick(window.training.close_button, LEFT)
    assert not window.training.isVisible()


def test_the_tool_bar_has_a_button_for_it(iris):
    window = iris
    QTest.mouseClick(window.training.close_button, LEFT)
    QTest.mouseClick(window.top_bar.findChild(QPushButton, "button-train"), LEFT)
    assert window.training.isVisible()


def test_the_form_shows_how_the_graph_says_it_is_trained(iris):
    assert field(iris, "Learning rate").text() == "0.02"
    assert field(iris, "Rows per step").text() == "16"
    assert iris.training.findChild(Segmented).current == "adam"


# --- a run


def test_iris_is_learnt_in_the_editor_by_pressing_start(iris):
    begin(iris)
    pass_time(iris, 5)
    trainer = iris.training.run.trainer
    assert trainer.done and iris.training.run.state is RunState.ENDED
    assert trainer.history.evaluations[-1].held_accuracy >= 0.95
    assert "held out" in iris.training.accuracy.reading()
    assert iris.training.bar.value() == 1000
    assert iris.training.place.text().startswith("Step 700 of 700")
    assert can_press(iris, "Start") and not can_press(iris, "Stop")


def test_it_ends_by_its_own_timer_too(window, qtbot):
    open_example(window, "train-line")
    window.training.form.watch.setChecked(False)
    press(window, "Start")
    qtbot.waitUntil(lambda: window.training.run.state is RunState.ENDED)
    assert not any(timer.isActive() for timer in window.training.run.findChildren(QTimer))


def test_the_loss_falls_and_the_graph_shows_the_step_that_it_says(iris):
    before = parameters(iris)
    begin(iris)
    pass_time(iris, 0.5)
    early, run = last_loss(iris), iris.training.run
    assert 0 < run.shown <= run.trainer.step < 700
    assert said(iris) == f"The numbers in the graph are those after step {run.shown}."
    assert parameters(iris) != before
    assert 0 < iris.training.bar.value() < 1000
    pass_time(iris, 1)
    assert last_loss(iris) < early


def test_the_graph_holds_exactly_what_was_learnt_by_the_step_that_is_said(iris):
    begin(iris)
    pass_time(iris, 1)
    press(iris, "Pause")
    run = iris.training.run
    assert run.shown == run.trainer.step
    for id, value in run.trainer.parameters.items():
        assert np.array_equal(iris.bridge.now.graph.nodes[id].value, value)


def test_unhurried_it_takes_three_seconds_and_ticks_of_any_length_end_at_the_same_bits(iris, monkeypatch):
    monkeypatch.setattr(training_run, "SLICE", 60.0)  # however slow the machine, no tick is cut short
    begin(iris)
    pass_time(iris, 1.5)
    assert iris.training.run.trainer.step == pytest.approx(350, abs=10)
    pass_time(iris, 2)
    slow = parameters(iris)
    key(iris, Key.Key_Z, CTRL)
    QTest.mouseClick(iris.training.form.watch, LEFT, pos=QPoint(10, 12))
    begin(iris)
    while iris.training.run.state is RunState.RUNNING:
        iris.training.run.tick(0.001)
    assert parameters(iris) == slow


def test_pause_holds_it_and_continue_goes_on(iris):
    begin(iris)
    pass_time(iris, 0.5)
    press(iris, "Pause")
    step = iris.training.run.trainer.step
    pass_time(iris, 1)
    assert iris.training.run.trainer.step == step and said(iris).startswith("Paused")
    press(iris, "Continue")
    hold_clock(iris)
    pass_time(iris, 0.5)
    assert iris.training.run.trainer.step > step


def test_space_starts_and_pauses_where_the_button_has_the_focus(iris):
    QTest.keyClick(iris.training.start, Key.Key_Space)
    assert iris.training.run.state is RunState.RUNNING
    QTest.keyClick(iris.training.start, Key.Key_Space)
    assert iris.training.run.state is RunState.PAUSED
    assert not iris.bridge.player.playing


def test_stop_keeps_what_was_learnt_and_start_goes_on_from_there(iris):
    begin(iris)
    pass_time(iris, 1)
    press(iris, "Stop")
    learnt, step = parameters(iris), iris.training.run.trainer.step
    assert said(iris).startswith(f"Stopped after {step} of 700 steps: the loss fell from 1.81 to ")
    assert said(iris).endswith("; what was learnt is kept.")
    loss = last_loss(iris)
    begin(iris)
    pass_time(iris, TICK)
    assert iris.training.run.trainer.history.evaluations[0].loss == pytest.approx(loss, rel=0.2)
    assert learnt.keys() == parameters(iris).keys()


def test_one_undo_takes_the_whole_training_back_and_redo_brings_it_again(iris):
    before = parameters(iris)
    begin(iris)
    pass_time(iris, 1)
    press(iris, "Pause")
    press(iris, "Continue")
    hold_clock(iris)
    pass_time(iris, 4)
    after = parameters(iris)
    assert iris.bridge.document.undo_text == "Train: 700 steps"
    key(iris, Key.Key_Z, CTRL)
    assert parameters(iris) == before and iris.bridge.document.undo_text is None and not iris.bridge.document.modified
    key(iris, Key.Key_Z, CTRL | SHIFT)
    assert parameters(iris) == after


def test_after_an_undo_the_curves_say_that_they_are_from_before(iris, qtbot):
    begin(iris)
    pass_time(iris, 4)
    key(iris, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: said(iris).startswith("Undone: the numbers are those from before the training"))
    key(iris, Key.Key_Z, CTRL | SHIFT)
    qtbot.waitUntil(lambda: said(iris).startswith("Trained: the loss fell"))
    iris.bridge.edit(lambda graph: edits.set_value(graph, "b1", np.ones(5)))
    qtbot.waitUntil(lambda: said(iris).endswith("what you see here is from before."))


def test_what_is_chosen_is_kept_in_the_graph_when_it_starts(iris):
    type_in(iris, "Learning rate", "0.05")
    type_in(iris, "Rows per step", "all")
    assert TrainingConfig.of(iris.bridge.now.graph).lr == 0.02
    begin(iris)
    kept = TrainingConfig.of(iris.bridge.now.graph)
    assert (kept.lr, kept.batch, kept.weight_decay) == (0.05, 0, 0.05)


def test_while_it_trains_the_form_waits(iris):
    begin(iris)
    assert not field(iris, "Learning rate").isEnabled()
    press(iris, "Stop")
    assert field(iris, "Learning rate").isEnabled()


def test_more_shows_the_rest_and_steps_stand_in_for_epochs(iris):
    assert not field(iris, "Steps").isVisible()
    press(iris, "More")
    assert field(iris, "Steps").isVisible()
    type_in(iris, "Steps", "12")
    assert not field(iris, "Epochs").isEnabled()
    begin(iris)
    pass_time(iris, 4)
    assert iris.training.place.text().startswith("Step 12 of 12")


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("Learning rate", "fast", "Learning rate: “fast” is not a number."),
        ("Learning rate", "0", "The learning rate must be a number above 0, not 0."),
        ("Epochs", "1.5", "Epochs: type a whole number."),
        ("Rows per step", "[1, 2]", "Rows per step: “[1, 2]” is not a single number."),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence_and_nothing_starts(iris, name, typed, sentence):
    type_in(iris, name, typed)
    assert said(iris) == sentence
    press(iris, "Start")
    assert iris.training.run.state is RunState.IDLE and said(iris) == sentence
    QTest.keyClick(field(iris, name), Key.Key_Escape)
    begin(iris)
    assert iris.training.run.state is RunState.RUNNING


# --- what ends it


def test_an_edit_stops_it_with_a_sentence_and_the_edit_holds(iris, qtbot):
    begin(iris)
    pass_time(iris, 1)
    step = iris.training.run.shown
    iris.bridge.edit(lambda graph: edits.set_value(graph, "b1", np.zeros(5)))
    assert iris.training.run.state is RunState.ENDED
    pass_time(iris, 1)
    assert not iris.bridge.now.graph.nodes["b1"].value.any()
    sentence = "Training has stopped because the graph was edited; "
    qtbot.waitUntil(lambda: iris.status.sentence.text().startswith(sentence))
    assert iris.status.sentence.text().endswith(f"step {step} is kept.")


def test_undo_while_it_trains_stops_it_and_takes_it_back(iris):
    before = parameters(iris)
    begin(iris)
    pass_time(iris, 1)
    key(iris, Key.Key_Z, CTRL)
    pass_time(iris, 1)
    assert iris.training.run.state is RunState.ENDED and parameters(iris) == before
    assert said(iris).endswith("has been taken back.")


def test_saving_does_not_stop_it(iris, tmp_path):
    begin(iris)
    pass_time(iris, 0.5)
    iris.files.ask.save_path = tmp_path / "iris.gradloom"
    key(iris, Key.Key_S, CTRL)
    assert disk.load(tmp_path / "iris.gradloom").nodes["W1"] == iris.bridge.now.graph.nodes["W1"]
    assert iris.training.run.state is RunState.RUNNING


def test_another_document_ends_it_without_a_trace(iris):
    begin(iris)
    pass_time(iris, 0.5)
    iris.files.ask.unsaved = "discard"
    iris.open_example("train-xor")
    QApplication.processEvents()
    assert iris.training.run.state is RunState.IDLE
    assert iris.bridge.now.graph.title.startswith("XOR") and iris.bridge.document.undo_text is None
    assert iris.status.sentence.text() == "" and iris.training.place.text() == ""
    assert field(iris, "Learning rate").text() == "0.1"


def test_closing_the_window_while_it_trains_leaves_no_timer(iris):
    press(iris, "Start")
    iris.files.ask.unsaved = "discard"
    assert iris.close()
    assert not any(timer.isActive() for timer in iris.training.findChildren(QTimer))


def test_while_a_question_stands_open_nothing_moves_behind_it(iris, qtbot):
    begin(iris)
    pass_time(iris, 0.5)
    step = iris.training.run.trainer.step
    box = QMessageBox(iris)
    box.setModal(True)
    box.show()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is box)
    pass_time(iris, 0.5)
    assert iris.training.run.trainer.step == step
    box.close()
    pass_time(iris, 0.5)
    assert iris.training.run.trainer.step > step


def test_a_loss_that_is_not_finite_stops_it_and_the_last_good_numbers_stay(window):
    open_example(window, "train-line")
    type_in(window, "Learning rate", "1e9")
    begin(window)
    pass_time(window, 4)
    assert window.training.run.state is RunState.ENDED
    assert said(window).startswith("Training diverged: the loss rose from 5.19 to 3.05e19 in 1 step.")
    assert all(np.isfinite(window.bridge.now.graph.nodes[id].value).all() for id in ("W1", "b1"))


# --- what goes wrong is named while it happens


def test_relus_that_die_are_named_while_it_trains_with_a_mark_on_the_curve_and_the_way_there(window):
    open_example(window, "dying-relus")
    training = window.training
    begin(window)
    while training.run.trouble is None and training.run.state is RunState.RUNNING:
        pass_time(window, TICK)
    assert training.run.state is RunState.RUNNING, "it is not over yet"
    trouble = training.run.trouble
    assert training.sentence.text() == f"{trouble.problem.sentence} Seen since step {training.run.shown}."
    assert "units are dead" in training.sentence.text() and training.loss.figure.warned == trouble.epoch > 0
    press(window, "Pause")
    assert training.sentence.text().startswith("Paused. h2: ")
    press(window, "Show where")
    assert window.selection.nodes == set(trouble.problem.ids)
    press(window, "Stop")
    window.bridge.mark_saved()
    window.files.new()
    assert training.run.trouble is None and training.loss.figure.warned is None


def test_once_it_has_ended_the_mark_stands_where_the_sentence_says(window):
    open_example(window, "dying-relus")
    training = window.training
    begin(window)
    while training.run.state is RunState.RUNNING:
        pass_time(window, 1)
    (step,) = re.findall(r"since step (\d+), all 8 units of h2 are closed", training.sentence.text())
    trainer = training.run.trainer
    for plot in (training.loss, training.accuracy):
        assert plot.figure.warned == pytest.approx(int(step) * trainer.epoch / trainer.step)


def test_a_sound_training_marks_nothing(iris):
    begin(iris)
    pass_time(iris, 5)
    assert iris.training.run.trouble is None and iris.training.loss.figure.warned is None


def test_what_is_selected_while_it_trains_leaves_the_training_one_undo_step(iris):
    window, before = iris, parameters(iris)
    begin(window)
    for id in ("W1", "b1"):
        pass_time(window, 1)
        QTest.mouseClick(window.canvas.viewport(), LEFT, pos=value_spot(window.canvas, id) + QPoint(0, -24))
        assert window.selection.nodes == {id}
    pass_time(window, 5)
    assert parameters(window) != before
    key(window, Key.Key_Z, CTRL)
    assert parameters(window) == before and window.training.run.undone


def test_a_document_that_is_saved_while_it_trains_can_go_back_to_what_was_saved(iris):
    window = iris
    begin(window)
    pass_time(window, 1)
    window.bridge.mark_saved()
    saved = parameters(window)
    pass_time(window, 1)
    press(window, "Stop")
    assert parameters(window) != saved
    key(window, Key.Key_Z, CTRL)
    assert parameters(window) == saved and not window.bridge.document.modified
