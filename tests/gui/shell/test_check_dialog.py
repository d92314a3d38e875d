"""Check gradients: what it says, live while the graph is edited, in slices where it takes long, and its sweep."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine import edits
from engine.ops.kernel import bind, rule_text
from engine.ops.op import OPS
from engine.passes.templates import texts
from engine.session import Session
from engine.truth.differences import gradcheck
from engine.values.values import as_value
from gui.document import jobs
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.shell.dialogs.check import CheckDialog
from gui.shell.dialogs.check_words import error_text, headline, verdict_text
from tests.gui.graphs import held, product

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Desk:
    def __init__(self, qtbot, graph) -> None:
        self.bot, self.bridge = qtbot, Bridge(Session(graph))
        self.selection = Selection(self.bridge)
        self.dialog = CheckDialog(self.bridge, self.selection)
        qtbot.addWidget(self.dialog)
        self.dialog.show()
        self.dialog.check()

    def rows(self) -> list[list[str]]:
        table = self.dialog.table
        return [[table.item(r, c).text() for c in range(table.columnCount())] for r in range(table.rowCount())]

    def press_row(self, row: int) -> None:
        table = self.dialog.table
        spot = table.visualItemRect(table.item(row, 0)).center()
        QTest.mouseClick(table.viewport(), LEFT, NONE, spot)

    @property
    def said(self) -> str:
        return self.dialog.headline.text()


@pytest.fixture
def wrong_sigmoid(monkeypatch):
    """A sigmoid that thinks that its slope is its value."""
    monkeypatch.setitem(OPS, "sigmoid", dataclasses.replace(OPS["sigmoid"], local=("y",)))
    yield
    bind.cache_clear()


def test_every_leaf_is_held_against_central_differences(qtbot):
    desk = Desk(qtbot, product())
    assert desk.said.startswith("All 3 gradients agree with central differences to 1e")
    rows = desk.rows()
    assert [row[0] for row in rows] == ["x", "y", "z"]
    assert [row[1] for row in rows] == ["−4", "−4", "3"]
    assert [float(row[2].replace("−", "-")) for row in rows] == pytest.approx([-4, -4, 3])
    assert all(row[4] == "✓" for row in rows)
    assert not desk.dialog.stop_button.isVisible()


def test_a_wrong_rule_is_shown_with_its_worst_element(qtbot, wrong_sigmoid):
    desk = Desk(qtbot, held("s = sum(sigmoid(x) * c)", x=[0.5, -1.0], c=[1.0, 1.0]))
    assert desk.said == "1 of 2 gradients disagrees with central differences, step by step and in training."
    assert desk.dialog.headline.property("role") == "error"
    row = next(row for row in desk.rows() if row[0].startswith("x"))
    assert row[0] == "x[0]" and row[4] == "✗ 2 disagree"


def test_it_says_which_executor_is_wrong_and_shows_its_number(qtbot, monkeypatch):
    def wrong(op, *names):
        text, is_local = rule_text(op, *names)
        return f"1.5 * ({text})" if op.name == "exp" else text, is_local

    monkeypatch.setattr("engine.passes.templates.rule_text", wrong)
    texts.cache_clear()
    desk = Desk(qtbot, held("y = exp(x)", x=0.0))
    texts.cache_clear()
    assert desk.said == "1 of 1 gradients disagrees with central differences, in training, but not step by step."
    assert [row[1] for row in desk.rows()] == ["1.5"]


def test_a_kink_is_no_mistake(qtbot):
    desk = Desk(qtbot, held("y = relu(x) * w", x=0.0, w=2.0))
    assert desk.said.startswith("1 of 2 gradients agree with central differences")
    assert "at a kink" in desk.dialog.details.text()
    assert [row[4] for row in desk.rows()] == ["kink", "✓"]


def test_two_numbers_that_are_zero_but_for_round_off_agree():
    report = gradcheck(held("s = sum(softmax(x))", x=[1.0, 2.0, 3.0]))
    assert headline(report).startswith("The gradient agrees")
    assert error_text(report.leaves[0], report.tolerance) in ("round-off", "0")
    assert verdict_text(report.leaves[0]) == "✓ 3 agree"


def test_a_row_that_is_pressed_is_shown_on_the_canvas_and_swept(qtbot):
    desk = Desk(qtbot, held("y = exp(x) * w", x=1.5, w=2.0))
    asked: list[tuple[str, ...]] = []
    desk.selection.reveal_requested.connect(asked.append)
    assert not desk.dialog.plot.isVisible()
    desk.press_row(0)
    assert asked == [("x",)] and desk.selection.nodes == {"x"}
    assert desk.dialog.plot.isVisible()
    best = desk.dialog.plot.figure.mark
    assert 1e-8 < best.x < 1e-3 and best.y < 1e-8
    assert "smallest error" in desk.dialog.plot.accessibleName()


def test_an_edit_is_checked_at_once_and_nothing_stale_stands_there(qtbot):
    desk = Desk(qtbot, product())
    desk.press_row(2)
    desk.bridge.edit(lambda g: edits.set_value(g, "x", 1))
    assert "checking it again" in desk.said and not desk.dialog.table.isEnabled()
    qtbot.waitUntil(lambda: desk.said.startswith("All 3"))
    assert [row[1] for row in desk.rows()] == ["−4", "−4", "6"]
    assert desk.dialog.chosen.leaf == "z"
    desk.bridge.edit(lambda g: edits.set_target(g, None))
    qtbot.waitUntil(lambda: desk.said == "There is no target, so there are no gradients to check.")
    assert desk.rows() == []
    desk.bridge.undo()
    qtbot.waitUntil(lambda: desk.said.startswith("All 3"))


def test_moving_a_node_checks_nothing_again(qtbot):
    desk = Desk(qtbot, product())
    desk.bridge.edit(lambda g: edits.move_nodes(g, {"x": (50, 50)}))
    assert desk.said.startswith("All 3")


def test_what_takes_long_shows_progress_and_can_be_stopped(qtbot, monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    monkeypatch.setattr(jobs, "SLICE", 1e-9)
    desk = Desk(qtbot, held("s = sum(sin(x) * w)", x=np.ones(40), w=np.ones(40)))
    assert desk.said == "Checking …" and desk.dialog.bar.isVisible()
    with qtbot.waitSignal(desk.dialog.bar.valueChanged, check_params_cb=lambda value: value > 100):
        pass
    QTest.mouseClick(desk.dialog.stop_button, LEFT)
    assert desk.said.startswith("Stopped after ") and desk.said.endswith(" of 2.")
    assert not desk.dialog.bar.isVisible()


def test_a_large_leaf_is_sampled_until_all_of_it_is_asked_for(qtbot):
    desk = Desk(qtbot, held("s = sum(sin(x))", x=np.ones(300)))
    qtbot.waitUntil(lambda: not desk.dialog.bar.isVisible())
    assert desk.dialog.details.text().startswith("200 of 300 elements")
    assert desk.rows()[0][4] == "✓ 200 agree, 100 not checked"
    QTest.mouseClick(desk.dialog.all_button, LEFT)
    qtbot.waitUntil(lambda: desk.dialog.details.text().startswith("300 of 300 elements"))
    assert not desk.dialog.all_button.isVisible()


def test_closing_it_stops_all_work(qtbot, monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    desk = Desk(qtbot, held("s = sum(sin(x))", x=np.ones(100)))
    QTest.mouseClick(desk.dialog.close_button, LEFT)
    assert not desk.dialog.isVisible()
    desk.bridge.edit(lambda g: edits.set_value(g, "x", as_value([1.0])))  # no_timer_left sees that nothing goes on
