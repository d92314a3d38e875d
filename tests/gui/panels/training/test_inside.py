"""Inside a training: layers over time, runs over one another, other rates, and all of it as a table to take along."""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from engine.values.values import number_text
from gui.look.measure import width
from gui.look.theme import BODY
from gui.panels.training.inside import InsightView
from gui.widgets import slices
from gui.widgets.segmented import Segmented
from tests.gui.training_tools import begin, open_example, parameters, pass_time, type_in
from tests.gui.window_tools import CTRL, LEFT, NONE, SHIFT, Key, clipboard, lay_out


def choose(view: InsightView, title: str) -> None:
    """By keys: to the first, and down to it."""
    view.choice.setFocus()
    QTest.keyClick(view.choice, Key.Key_Home)
    while not view.choice.currentText().startswith(title):
        QTest.keyClick(view.choice, Key.Key_Down)


@pytest.fixture
def moons(window) -> InsightView:
    open_example(window, "train-moons")
    window.training.form.watch.setChecked(True)
    type_in(window, "Epochs", "3")
    lay_out(window)
    begin(window)
    pass_time(window, 4)
    return window.training.inside


def test_the_curves_are_those_of_the_history(window, moons):
    looks = window.training.run.trainer.history.evaluations
    assert [curve.name for curve in moons.plot.figure.curves] == ["W1", "W2", "W3"]
    np.testing.assert_array_equal(moons.plot.figure.curves[1].ys, [e.gradient_norms["W2"] for e in looks[1:]])
    choose(moons, "Update")
    np.testing.assert_array_equal(moons.plot.figure.curves[0].ys, [e.update_ratios["W1"] for e in looks[1:]])
    choose(moons, "Dead")
    np.testing.assert_array_equal(moons.plot.figure.curves[0].ys, [e.health["h1"].dead for e in looks])
    choose(moons, "Saturated")
    assert moons.plot.figure.hint == "This graph has no layer of that kind."


def test_before_the_second_look_no_layer_is_denied(window):
    """Each graph that learns has gradients: they are drawn later, or the training stopped too soon."""
    open_example(window, "digits-conv")
    window.training.form.watch.setChecked(True)
    lay_out(window)
    begin(window)
    pass_time(window, 0.1)
    view = window.training.inside
    assert window.training.run.trainer.step and len(window.training.run.trainer.history.evaluations) == 1
    assert view.plot.figure.hint == "Drawn here from the first look on, layer by layer."
    choose(view, "Saturated")
    assert view.plot.figure.hint == "This graph has no layer of that kind."


def test_what_stopped_before_it_was_looked_at_says_so(window):
    open_example(window, "exploding-recurrence")
    lay_out(window)
    begin(window)
    pass_time(window, 2)
    assert window.training.run.trainer.stopped
    assert window.training.inside.plot.figure.hint == "The training stopped before this was looked at."


def test_runs_stand_over_one_another(window, moons):
    choose(moons, "Runs")
    assert [curve.name for curve in moons.plot.figure.curves] == ["Adam 0.01"]
    type_in(window, "Learning rate", "0.1")
    begin(window)
    pass_time(window, 4)
    assert [curve.name for curve in moons.plot.figure.curves] == ["Adam 0.01", "Adam 0.1, continued"]
    looks = window.training.run.trainer.history.evaluations
    np.testing.assert_array_equal(moons.plot.figure.curves[1].ys, [e.loss for e in looks])


def test_a_run_says_that_it_goes_on_from_what_was_learnt(window, moons, qtbot):
    """In its name, whole in the tip, and in the log. After Undo it begins anew, and says nothing."""
    choose(moons, "Log")
    lines = moons.log.toPlainText().splitlines()
    assert lines[0].startswith("Step 0:")
    begin(window)
    pass_time(window, 4)
    assert moons.log.toPlainText().startswith("It begins with what the training before has learnt.\nStep 0:")
    choose(moons, "Runs")
    for _ in range(2):
        QTest.keyClick(window.canvas, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: window.training.sentence.text().startswith("Undone, with what was done before it"))
    window.training.form.watch.setChecked(False)
    begin(window)
    pass_time(window, 2)
    names = [curve.name for curve in moons.plot.figure.curves]
    assert names == ["Adam 0.01", "Adam 0.01, continued", "Adam 0.01"]
    last = [number_text(float(curve.ys[-1])) for curve in moons.plot.figure.curves]
    assert moons.plot.toolTip().splitlines() == [f"{name}: loss {loss}" for name, loss in zip(names, last, strict=True)]
    choose(moons, "Log")
    assert moons.log.toPlainText().startswith("Step 0:")


def test_a_line_of_the_log_is_read_whole_in_a_narrow_panel(window, moons):
    choose(moons, "Log")
    lay_out(window)
    bar = moons.log.horizontalScrollBar()
    assert moons.log.width() < width(max(moons.log.toPlainText().splitlines(), key=len), BODY)
    assert bar.maximum() == 0 and not bar.isVisible()


def test_the_numbers_are_copied_as_a_table(window, moons):
    moons.copy_numbers.trigger()
    head, *rows = csv.reader(StringIO(clipboard()))
    assert head[:3] == ["step", "epoch", "loss"] and len(rows) == len(window.training.run.trainer.history.evaluations)


@pytest.mark.parametrize("slice", [0.0, 60.0], ids=["slow machine", "fast machine"])
def test_other_rates_are_tried_and_the_graph_stays(window, qtbot, monkeypatch, slice):
    monkeypatch.setattr(slices, "SLICE", slice)
    monkeypatch.setattr("gui.panels.training.inside.RATES", (0.1, 10.0))
    monkeypatch.setattr("engine.learn.sweep.sweep.__defaults__", ((0.1, 10.0), 10))
    open_example(window, "train-line")
    lay_out(window)
    view, before = window.training.inside, window.bridge.now.graph
    choose(view, "Learning")
    QTest.mouseClick(view.try_rates, LEFT)
    qtbot.waitUntil(lambda: len(view.tried) == 2 and view.try_rates.text() == "Try")
    assert window.bridge.now.graph is before
    assert view.plot.figure.said.startswith("least at 0.1")


def test_rates_that_make_things_worse_are_marked_though_none_diverges(window, qtbot, monkeypatch):
    monkeypatch.setattr("gui.panels.training.inside.RATES", (0.01, 4.64, 10.0))
    monkeypatch.setattr("engine.learn.sweep.sweep.__defaults__", ((0.01, 4.64, 10.0), 60))
    open_example(window, "train-moons")
    lay_out(window)
    view = window.training.inside
    choose(view, "Learning")
    QTest.mouseClick(view.try_rates, LEFT)
    qtbot.waitUntil(lambda: len(view.tried) == 3 and view.try_rates.text() == "Try")
    assert not any(each.diverged for each in view.tried) and view.tried[1].loss > view.tried[1].start
    assert view.plot.figure.said == "least at 0.01, worse from 4.64"
    assert "From 4.64 on it is greater than at the start." in view.plot.toolTip()
    _, beyond, edge = view.plot.figure.curves
    assert beyond.xs.tolist() == [4.64, 10.0] and edge.xs.tolist() == [4.64, 4.64] and edge.dashed


def test_rates_of_another_optimiser_are_not_said_of_this_one(window, qtbot, monkeypatch):
    """Nor those from before a training; what does not tell them apart, the rate, takes nothing back."""
    monkeypatch.setattr("gui.panels.training.inside.RATES", (0.01, 0.1))
    monkeypatch.setattr("engine.learn.sweep.sweep.__defaults__", ((0.01, 0.1), 10))
    open_example(window, "train-line")
    lay_out(window)
    view = window.training.inside
    choose(view, "Learning")
    QTest.mouseClick(view.try_rates, LEFT)
    qtbot.waitUntil(lambda: len(view.tried) == 2 and view.try_rates.text() == "Try")
    now = view.plot.figure.said
    assert now.startswith("least at 0.")
    type_in(window, "Learning rate", "0.02")
    assert view.plot.figure.said == now
    optimiser = next(part for part in window.training.findChildren(Segmented) if part.accessibleName() == "Optimiser")
    QTest.keyClick(optimiser, Key.Key_Down)
    assert view.plot.figure.said == f"before the change: {now}"
    QTest.keyClick(optimiser, Key.Key_Up)
    assert view.plot.figure.said == now
    begin(window)
    pass_time(window, 60)
    assert view.plot.figure.said == f"before the change: {now}"


def test_the_table_that_is_copied_is_of_what_is_shown(window, qtbot, monkeypatch):
    monkeypatch.setattr("gui.panels.training.inside.RATES", (0.1, 1e6))
    monkeypatch.setattr("engine.learn.sweep.sweep.__defaults__", ((0.1, 1e6), 10))
    open_example(window, "train-line")
    lay_out(window)
    view = window.training.inside
    choose(view, "Learning")
    assert not view.copy_numbers.isEnabled() and not view.plot.toolTip()
    QTest.mouseClick(view.try_rates, LEFT)
    qtbot.waitUntil(lambda: len(view.tried) == 2 and view.try_rates.text() == "Try")
    view.copy_numbers.trigger()
    head, *rows = csv.reader(StringIO(clipboard()))
    assert head == ["rate", "loss", "diverged"]
    assert rows == [["0.1", repr(float(view.tried[0].loss)), "0"], ["1000000.0", "", "1"]]
    for _ in range(2):
        begin(window)
        pass_time(window, 60)
    choose(view, "Runs")
    view.copy_numbers.trigger()
    head, *rows = csv.reader(StringIO(clipboard()))
    assert head == ["number", "run", "epoch", "loss", "held_loss"] and {row[0] for row in rows} == {"1", "2"}
    looks = window.training.run.trainer.history.evaluations
    assert [float(row[3]) for row in rows if row[0] == "2"] == [look.loss for look in looks]


def test_a_click_on_a_curve_goes_to_that_moment_and_undo_comes_back(window, moons):
    looks, after = window.training.run.trainer.history.evaluations, parameters(window)
    lay_out(window)
    plot = window.training.loss
    QTest.mouseClick(plot, LEFT, NONE, QPoint(plot.width() // 2, plot.height() // 2))
    step = int(window.training.sentence.text().split("after step ")[1].split(",")[0])
    (look,) = (each for each in looks if each.step == step)
    assert parameters(window) == {id: np.asarray(value).tobytes() for id, value in look.parameters.items()} != after
    QTest.keyClick(window.canvas, Key.Key_Z, CTRL)
    assert parameters(window) == after


def test_copy_takes_the_rows_of_the_data_that_are_selected(window, moons):
    choose(moons, "Rows of the data")
    table, data = moons.table, moons.table.rows.data_set.table
    for row, held in ((1, NONE), (3, SHIFT), (5, CTRL)):
        QTest.mouseClick(table.viewport(), LEFT, held, table.visualRect(table.rows.index(row, 1)).center())
    for picked in (["W1"], []):
        window.selection.select(picked)
        table.setFocus()
        QTest.keyClick(table, Key.Key_C, CTRL)
        rows = [line.split("\t") for line in clipboard().splitlines()]
        np.testing.assert_array_equal([[float(cell) for cell in row[:2]] for row in rows], data.features[[1, 2, 3, 5]])
        assert len(rows[0]) == len(data.columns) + 1


def test_the_names_of_columns_are_read_whole_over_the_rows(window):
    open_example(window, "iris")
    lay_out(window)
    choose(window.training.inside, "Rows of the data")
    table = window.training.inside.table
    head = table.horizontalHeader()
    assert all(head.sectionSizeHint(at) <= table.columnWidth(at) for at in range(head.count()))
