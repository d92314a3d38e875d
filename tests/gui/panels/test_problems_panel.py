"""The problems panel lists what there is, goes there, mends it, and says when there is nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from engine import edits
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from gui.panels.problems import MANY, MOST, ProblemRow, ProblemsPanel
from tests.bench.drawn import chain_recipe


@pytest.fixture
def bridge() -> Bridge:
    return Bridge()


@pytest.fixture
def selection(bridge: Bridge) -> Selection:
    return Selection(bridge)


@pytest.fixture
def panel(qtbot, bridge: Bridge, selection: Selection) -> Iterator[ProblemsPanel]:
    widget = ProblemsPanel(bridge, selection)
    qtbot.addWidget(widget)
    widget.resize(500, 240)
    widget.show()
    qtbot.waitExposed(widget)
    yield widget


def add(bridge: Bridge, op: str, id: str, value: float | None = None) -> None:
    bridge.edit(lambda g: edits.add_node(g, op, (0, 0), id=id, value=value))


def texts(panel: ProblemsPanel) -> list[str]:
    return [label.text() for label in panel.widget().findChildren(QLabel) if label.isVisible()]


def rows(panel: ProblemsPanel) -> list[ProblemRow]:
    return [row for row in panel.widget().findChildren(ProblemRow) if row.isVisible()]


def fix_button(panel: ProblemsPanel) -> QPushButton:
    return next(button for button in panel.widget().findChildren(QPushButton) if button.isVisible())


def test_an_empty_document_has_no_problems(panel) -> None:
    assert texts(panel) == ["No problems"]
    assert panel.count == 0


def test_a_problem_comes_with_its_remedy_and_goes_when_it_is_mended(qtbot, panel, bridge) -> None:
    add(bridge, "input", "x", 1)
    with qtbot.waitSignal(panel.count_changed) as counted:
        add(bridge, "relu", "r")
    assert counted.args == [1]
    (problem,) = bridge.now.problems
    assert texts(panel) == [problem.sentence, problem.remedy]
    assert "Unfinished" in rows(panel)[0].accessibleName()
    bridge.edit(lambda g: edits.connect(g, "x", "r", 0))
    assert texts(panel) == ["No problems"]
    bridge.undo()
    assert problem.sentence in texts(panel)


def test_a_click_goes_to_the_node(qtbot, panel, bridge, selection) -> None:
    add(bridge, "relu", "r")
    with qtbot.waitSignal(selection.reveal_requested) as revealed:
        qtbot.mouseClick(rows(panel)[0], Qt.MouseButton.LeftButton)
    assert revealed.args == [("r",)]
    assert selection.nodes == {"r"}


def test_the_keyboard_goes_through_the_rows_and_enter_goes_there(qtbot, panel, bridge, selection) -> None:
    add(bridge, "relu", "r")
    add(bridge, "tanh", "t")
    first, second = rows(panel)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    qtbot.waitUntil(second.hasFocus)
    qtbot.keyClick(second, Qt.Key.Key_Return)
    assert selection.nodes == {"t"}
    qtbot.keyClick(second, Qt.Key.Key_Up)
    qtbot.waitUntil(first.hasFocus)


def test_the_fix_button_mends_it_in_one_undoable_step(qtbot, panel, bridge) -> None:
    add(bridge, "input", "x", 1)
    add(bridge, "relu", "r")
    bridge.edit(lambda g: edits.connect(g, "x", "r", 0))
    bridge.edit(lambda g: edits.set_target(g, None))
    button = fix_button(panel)
    assert button.text() == "Make r the target"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert bridge.now.graph.target == "r"
    assert texts(panel) == ["No problems"]
    bridge.undo()
    assert bridge.now.graph.target is None
    assert fix_button(panel).text() == "Make r the target"


def test_very_many_are_counted_not_shown(panel, bridge) -> None:
    for i in range(MOST + 5):
        add(bridge, "relu", f"r{i}")
    assert len(rows(panel)) == MOST
    assert panel.count == MOST + 5
    assert "… and 5 more" in texts(panel)


def test_a_hidden_panel_counts_and_is_current_when_it_is_shown(panel, bridge) -> None:
    panel.hide()
    add(bridge, "relu", "r")
    assert panel.count == 1
    panel.show()
    assert bridge.now.problems[0].sentence in texts(panel)


def test_a_target_that_nothing_can_move_is_mended_by_one_click_and_one_undo(qtbot, panel, bridge) -> None:
    for id, number in (("x", 3), ("y", -4)):
        add(bridge, "constant", id, number)
    add(bridge, "mul", "f")
    for port, id in enumerate("xy"):
        bridge.edit(lambda g, id=id, port=port: edits.connect(g, id, "f", port))
    assert "f depends on constants only, so there is no gradient to ask for." in texts(panel)
    before, button = bridge.now.graph, fix_button(panel)
    assert button.text() == "Make x and y inputs"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert texts(panel) == ["No problems"]
    assert [float(bridge.now.trace.gradient(id)) for id in "xy"] == [-4, 3]
    bridge.undo()
    assert bridge.now.graph == before and "f depends on constants only" in " ".join(texts(panel))
    bridge.set_wording("responsibility")
    assert "f depends on constants only, so there is no responsibility to ask for." in texts(panel)


def test_in_a_large_graph_problems_are_counted_when_the_number_rests(qtbot, panel, bridge) -> None:
    bridge.load(chain_recipe(MANY).graph())
    panel.hide()
    counted = panel.count
    for value in (1.0, 2.0, float("nan")):
        bridge.edit(lambda graph, value=value: edits.set_value(graph, "n0", value), gesture="slider")
        assert "problems" not in bridge.now.__dict__
        assert panel.count == counted
    qtbot.waitUntil(lambda: "problems" in bridge.now.__dict__)
    assert panel.count == len(bridge.now.problems)


def test_what_is_seen_of_a_large_graph_is_never_of_another_number(panel, bridge) -> None:
    bridge.load(chain_recipe(MANY).graph())
    bridge.edit(lambda graph: edits.set_value(graph, "n0", float("nan")), gesture="slider")
    assert panel.count == len(bridge.now.problems)


def test_of_many_numbers_problems_are_counted_when_they_rest(qtbot, panel, bridge) -> None:
    nodes = [Node("W", "parameter", as_value(np.ones((50, 50)))), Node("h", "tanh"), Node("L", "sum")]
    bridge.load(Graph.of(nodes, [Edge("W", "h", 0), Edge("h", "L", 0)], target="L"))
    panel.hide()
    for number in (2.0, float("nan")):
        bridge.edit(lambda graph, n=number: edits.set_value(graph, "W", np.full((50, 50), n)), gesture="drag")
        assert "problems" not in bridge.now.__dict__ and panel.count == 0
    qtbot.waitUntil(lambda: panel.count != 0)
    assert panel.count == len(bridge.now.problems)
