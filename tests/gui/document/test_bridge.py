"""The bridge: numbers are current when a signal arrives, a refusal is told, and loading says whether it is saved."""

from __future__ import annotations

from engine import edits
from engine.graph.graph import Graph
from gui.document.bridge import Bridge
from tests.gui.graphs import product


def test_numbers_are_current_when_a_change_is_told(qtbot):
    bridge = Bridge()
    bridge.load(product())
    seen: list[float] = []
    bridge.told.connect(lambda now: seen.append(float(now.trace.value("f"))))
    bridge.edit(lambda graph: edits.set_value(graph, "z", 2.0))
    bridge.undo()
    bridge.redo()
    assert seen == [6.0, -12.0, 6.0]


def test_a_refused_edit_changes_nothing_and_is_told(qtbot):
    bridge = Bridge()
    bridge.load(product())
    before = bridge.now.graph
    with qtbot.waitSignal(bridge.refused) as told:
        assert bridge.edit(lambda graph: edits.connect(graph, "f", "q", 0)) is None
    assert "loop" in told.args[0].sentence
    assert bridge.now.graph is before and not bridge.document.modified


def test_undo_and_redo_say_what_they_would_do(qtbot):
    bridge = Bridge()
    assert (bridge.document.undo_text, bridge.document.redo_text) == (None, None)
    bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 0)))
    assert (bridge.document.undo_text, bridge.document.redo_text) == ("Add Input", None)
    bridge.undo()
    assert (bridge.document.undo_text, bridge.document.redo_text) == (None, "Add Input")


def test_loading_begins_a_new_history_at_the_end_of_the_pass(qtbot):
    bridge = Bridge()
    bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 0)))
    with qtbot.waitSignal(bridge.told):
        bridge.load(product())
    assert bridge.document.undo_text is None and not bridge.document.modified
    assert bridge.player.position == bridge.player.end > 0


def test_recovered_work_counts_as_unsaved_until_it_is_saved(qtbot):
    bridge = Bridge()
    bridge.load(product(), saved=False)
    assert bridge.document.modified
    bridge.mark_saved()
    assert not bridge.document.modified


def test_edits_of_one_gesture_are_one_undo_step(qtbot):
    bridge = Bridge()
    bridge.load(product())
    for value in (1.0, 2.0, 3.0):
        bridge.edit(lambda graph, value=value: edits.set_value(graph, "x", value), gesture="drag x")
    bridge.end_gesture()
    bridge.edit(lambda graph: edits.set_value(graph, "x", 4.0), gesture="drag x")
    bridge.undo()
    assert bridge.now.graph.nodes["x"].value == 3.0
    bridge.undo()
    assert bridge.now.graph == product()


def test_wording_is_told(qtbot):
    bridge = Bridge()
    with qtbot.waitSignal(bridge.told):
        bridge.set_wording("responsibility")
    assert bridge.now.wording == "responsibility" and bridge.now.graph == Graph()
