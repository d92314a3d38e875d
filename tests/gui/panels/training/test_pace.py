"""How fast a training goes, the log of it, and its rows: the slider, the time left, what is marked."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from gui.panels.training import training_run
from gui.panels.training.inside import InsightView
from gui.panels.training.lists import HELD, SEEN, log_lines
from gui.panels.training.pace import FULL, PACES, Pace, left_text, pace_text
from tests.gui.training_tools import begin, hold_clock, open_example, pass_time, press, type_in
from tests.gui.window_tools import LEFT, Key, lay_out


def choose(view: InsightView, title: str) -> None:
    view.choice.setFocus()
    QTest.keyClick(view.choice, Key.Key_Home)
    while not view.choice.currentText().startswith(title):
        QTest.keyClick(view.choice, Key.Key_Down)


@pytest.fixture
def moons(window, monkeypatch):
    monkeypatch.setattr(training_run, "SLICE", 60.0)  # however slow the machine, no tick is cut short
    open_example(window, "train-moons")
    lay_out(window)
    return window


def pace_by_keys(window, rate: float) -> None:
    slider = window.training.pace.slider
    slider.setFocus()
    QTest.keyClick(slider, Key.Key_Home)
    for _ in range(PACES.index(rate)):
        QTest.keyClick(slider, Key.Key_Right)


@pytest.mark.parametrize(("rate", "steps"), [(1.0, 3), (10.0, 26), (FULL, None)])
def test_so_many_steps_a_second_are_made(moons, rate, steps):
    pace_by_keys(moons, rate)
    assert moons.training.pace.words.text() == pace_text(rate, watched=True)
    begin(moons)
    pass_time(moons, 2.55 if rate else 3.5)
    run = moons.training.run
    assert run.trainer.step == (steps if steps is not None else run.trainer.total)


def test_at_one_step_a_second_each_step_is_in_the_graph_and_the_time_left_is_said(moons):
    pace_by_keys(moons, 1.0)
    begin(moons)
    run = moons.training.run
    for seconds in range(1, 4):
        pass_time(moons, 1.0)
        assert run.shown == run.trainer.step >= seconds
    place = moons.training.place.text()
    assert f"Step {run.trainer.step} of {run.trainer.total}" in place and place.endswith(" left")
    press(moons, "Pause")
    assert not moons.training.place.text().endswith(" left")


def test_what_is_slow_enough_to_watch_is_not_called_full_speed(moons):
    form, words = moons.training.form, moons.training.pace.words
    assert form.watch.isChecked() and words.text() == "3 s or more"
    QTest.mouseClick(form.watch, LEFT, pos=QPoint(10, 12))
    assert words.text() == "full speed"
    pace_by_keys(moons, 5.0)
    assert words.text() == "5 steps/s" and not form.watch.isEnabled()
    begin(moons)
    press(moons, "Stop")
    assert not form.watch.isEnabled()
    QTest.keyClick(moons.training.pace.slider, Key.Key_End)
    assert form.watch.isEnabled()


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)])
def test_how_long_it_takes_is_read_whole(moons, size):
    moons.resize(*size)
    type_in(moons, "Epochs", "9999")
    pace_by_keys(moons, 1000.0)
    begin(moons)
    pass_time(moons, 12.0)
    lay_out(moons)
    place = moons.training.place
    assert place.text().endswith(" min left") and "batch loss" in place.text()
    assert place.fontMetrics().horizontalAdvance(place.text()) <= place.width()


def test_the_pace_may_change_while_it_runs(moons):
    pace_by_keys(moons, 2.0)
    begin(moons)
    pass_time(moons, 1.9)
    run = moons.training.run
    assert run.trainer.step == 4
    pace_by_keys(moons, 100.0)
    hold_clock(moons)
    pass_time(moons, 0.955)
    assert run.trainer.step == pytest.approx(100, abs=3)


def test_full_speed_from_a_slow_one_is_slow_enough_to_watch_too(moons):
    pace_by_keys(moons, 1.0)
    begin(moons)
    pass_time(moons, 4.0)
    run = moons.training.run
    at, total = run.trainer.step, run.trainer.total
    moons.training.pace.slider.setFocus()
    QTest.keyClick(moons.training.pace.slider, Key.Key_End)
    hold_clock(moons)
    pass_time(moons, 1.5)
    assert run.trainer.step == pytest.approx(at + (total - at) / 2, abs=0.05 * total)


def test_what_is_left_is_what_remains_at_the_pace_so_far():
    pace = Pace()
    assert pace.left(0.2, 5, 100) is None
    assert pace.left(2.0, 20, 100) == pytest.approx(8.0)
    pace.begin(2.0, 20)
    assert pace.left(2.0, 20, 100) is None
    assert pace.left(4.0, 60, 100) == pytest.approx(2.0)
    assert [left_text(seconds) for seconds in (0.1, 7.2, 59.5, 150, 7300)] == [
        "1 s left", "8 s left", "60 s left", "2 min left", "2 h left",
    ]  # fmt: skip


def test_where_the_graph_is_on_the_curve_is_marked_while_it_runs(moons):
    begin(moons)
    pass_time(moons, 1.0)
    run, figure = moons.training.run, moons.training.loss.figure
    assert figure.mark is not None
    assert figure.mark.x == pytest.approx(run.shown * run.trainer.epoch / run.trainer.step)
    pass_time(moons, 4.0)
    assert moons.training.loss.figure.mark is None


def test_the_log_has_a_line_for_each_look_and_the_end(moons):
    type_in(moons, "Epochs", "3")
    view = moons.training.inside
    choose(view, "Log")
    begin(moons)
    pass_time(moons, 4)
    trainer = moons.training.run.trainer
    lines = view.log.toPlainText().split("\n")
    assert lines == log_lines(trainer) and len(lines) == len(trainer.history.evaluations) + 1
    assert lines[0].startswith("Step 0: loss ") and lines[-1].startswith("Trained")
    assert not view.plot.isVisible() and view.log.isVisible()


def test_the_rows_of_the_last_step_are_marked_in_the_table_and_in_the_scatter(moons):
    choose(moons.training.inside, "Rows")
    table = moons.training.inside.table.rows
    assert table.rowCount() == 200 and table.columnCount() == 4
    pace_by_keys(moons, 2.0)
    begin(moons)
    pass_time(moons, 1.0)
    trainer = moons.training.run.trainer
    seen = trainer.rows_seen()["data"]
    assert 0 < len(seen) < 150
    marked = [row for row in range(200) if table.index(row, 0).data() == SEEN]
    assert marked == sorted(seen.tolist())
    held = [row for row in range(200) if table.index(row, 0).data() == HELD]
    assert held == sorted(trainer.datasets["data"].held_out.tolist())
    data = trainer.datasets["data"].table
    assert [table.index(7, column).data() for column in (1, 2, 3)][2] == data.classes[int(data.labels[7])]
    assert np.array_equal(np.sort(moons.bridge.live.of("data")), np.sort(seen))
    press(moons, "Stop")
    assert not len(moons.bridge.live.of("data"))


def test_a_row_chosen_in_the_table_plays_its_own_pass(moons):
    view = moons.training.inside
    choose(view, "Rows")
    lay_out(moons)
    view.table.setFocus()
    view.table.setCurrentIndex(view.table.rows.index(4, 0))
    QTest.keyClick(view.table, Key.Key_Return)
    assert moons.bridge.now.graph.nodes["data"].chosen["row"] == 5
