"""What becomes of a training whose panel is hidden: it goes on where it is seen, or rests until one comes back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine import edits
from engine.files.disk import load
from engine.files.examples import find_example
from engine.learn.trainer import Trainer
from gui.main_window import MainWindow
from gui.panels.training.training_run import RunState
from gui.shell.closing import take_down
from gui.shell.training_time import ASKED, BEHIND, CLOSED
from tests.gui.tabs_tools import click_tab, open_tabs
from tests.gui.training_tools import begin, hold_clock, key, open_example, pass_time, press, said
from tests.gui.window_tools import CTRL, LEFT, Key, lay_out


def goes_on(window: MainWindow) -> bool:
    """Whether time makes steps."""
    hold_clock(window)
    before = window.training.run.trainer.step
    pass_time(window, 0.2)
    return window.training.run.trainer.step > before


def test_on_the_stage_a_training_goes_on_and_so_it_does_afterwards(iris: MainWindow) -> None:
    begin(iris)
    pass_time(iris, 0.3)
    key(iris, Key.Key_F11)
    assert not iris.training.isVisible() and goes_on(iris)
    shown = iris.training.run.shown
    key(iris, Key.Key_Escape)
    assert not iris.presenting and iris.training.isVisible()
    assert iris.training.run.state is RunState.RUNNING and iris.training.run.shown == shown, "it never paused"
    assert goes_on(iris) and iris.status.sentence.text() == ""


def test_a_training_that_was_paused_stays_so_on_the_stage(iris: MainWindow) -> None:
    begin(iris)
    pass_time(iris, 0.3)
    press(iris, "Pause")
    for leave in (Key.Key_F11, Key.Key_Escape):
        key(iris, leave)
        assert iris.training.run.state is RunState.PAUSED


def test_closed_it_rests_says_so_and_goes_on_when_the_panel_is_opened(iris: MainWindow) -> None:
    begin(iris)
    pass_time(iris, 0.3)
    QTest.mouseClick(iris.training.close_button, LEFT)
    assert iris.training.run.state is RunState.PAUSED and iris.status.sentence.text() == CLOSED
    assert not goes_on(iris)
    key(iris, Key.Key_5, CTRL)
    assert iris.training.run.state is RunState.RUNNING and goes_on(iris)
    key(iris, Key.Key_5, CTRL)
    assert iris.status.sentence.text() == CLOSED and iris.training.run.state is RunState.PAUSED
    key(iris, Key.Key_R, CTRL)
    assert goes_on(iris)


def test_what_the_user_has_paused_stays_paused(iris: MainWindow) -> None:
    begin(iris)
    pass_time(iris, 0.3)
    press(iris, "Pause")
    for _ in range(2):
        key(iris, Key.Key_5, CTRL)
    assert iris.training.isVisible() and iris.training.run.state is RunState.PAUSED


@pytest.mark.parametrize("pauses", [False, True])
def test_who_does_not_close_after_all_finds_it_as_it_was(iris: MainWindow, pauses: bool) -> None:
    begin(iris)
    pass_time(iris, 0.3)
    if pauses:
        press(iris, "Pause")
    iris.files.ask.unsaved = "cancel"
    iris.close()
    assert iris.isVisible() and iris.files.ask.asked == ["unsaved"]
    assert goes_on(iris) is not pauses


def test_a_question_is_asked_while_it_trains_and_afterwards_it_goes_on(iris: MainWindow) -> None:
    begin(iris)
    pass_time(iris, 0.3)
    asking = iris.bridge.asking
    iris.action_set.by_id["predict"].trigger()
    assert asking.is_on and iris.training.run.state is RunState.PAUSED and iris.status.sentence.text() == ASKED
    assert iris.training.run.shown == iris.training.run.trainer.step, "it is asked about what was learnt so far"
    iris.action_set.by_id["predict"].trigger()
    assert not asking.is_on and iris.training.isVisible() and goes_on(iris)


def test_behind_another_document_it_rests_and_that_is_said_there(qapp) -> None:
    tabs = open_tabs()
    try:
        tabs.current.open_example("train-line")
        QApplication.processEvents()
        home = tabs.current
        assert isinstance(home, MainWindow)
        open_example(home, "train-xor")
        page = tabs.current
        assert isinstance(page, MainWindow) and page is not home
        lay_out(page)
        begin(page)
        pass_time(page, 0.3)
        click_tab(tabs, 0)
        assert tabs.current is home and home.status.sentence.text() == BEHIND.format(page.files.name)
        assert page.training.run.state is RunState.PAUSED and not goes_on(page)
        click_tab(tabs, 1)
        assert tabs.current is page and page.training.run.state is RunState.RUNNING and goes_on(page)
    finally:
        tabs.closing.end()
        take_down(tabs)


# --- one number of steps


@pytest.mark.parametrize("pauses", [False, True])
def test_panel_and_status_bar_name_the_same_step_when_a_node_is_deleted(iris: MainWindow, qtbot, pauses: bool) -> None:
    begin(iris)
    run = iris.training.run
    pass_time(iris, 0.3)
    while run.shown == run.trainer.step:
        run.tick(0.01)
    if pauses:
        press(iris, "Pause")
    step = run.shown
    node = next(id for id, each in iris.bridge.now.graph.nodes.items() if each.op_name == "relu")
    iris.selection.select([node])
    iris.canvas.setFocus()
    key(iris, Key.Key_Delete)
    assert run.state is RunState.ENDED and node not in iris.bridge.now.graph.nodes
    assert iris.training.place.text().startswith(f"Step {step} of 700")
    assert run.said.endswith(f"what it had learnt by step {step} is kept.")
    qtbot.waitUntil(lambda: iris.status.sentence.text() == run.said)
    assert max(look.step for look in run.trainer.history.evaluations) <= step == len(run.trainer.history.losses)
    assert said(iris), "what stands in the way of the next one, or how this one ended"


def test_what_is_given_up_is_forgotten_and_the_rest_is_as_it_was() -> None:
    found = find_example("iris")
    assert found is not None
    trainer, other = Trainer(load(found.path)), Trainer(load(found.path))
    trainer.run(40)
    trainer.forget_after(25)
    other.run(25)
    assert trainer.step == trainer.kept == 25 and trainer.epoch == other.epoch
    assert np.array_equal(trainer.history.losses, other.history.losses)
    assert [look.step for look in trainer.history.evaluations] == [look.step for look in other.history.evaluations]
    trainer.forget_after(30)
    assert trainer.step == 25


def test_an_edit_that_only_shows_other_rows_forgets_nothing(iris: MainWindow) -> None:
    begin(iris)
    pass_time(iris, 0.3)
    step = iris.training.run.trainer.step
    iris.bridge.edit(lambda graph: edits.show_row(graph, "data", 3))
    assert iris.training.run.state is RunState.RUNNING, iris.training.run.said
    assert iris.training.run.trainer.step == step
