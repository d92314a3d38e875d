"""Folded groups are copied and pasted whole: what they hide has names too, and keeps its numbers."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from engine import edits
from gui.canvas.model.aside_boxes import overlaps
from tests.gui.window_tools import CTRL, Key, press


@pytest.fixture
def folded(product_window):
    """A window in which x, y and q are a folded group, and f is beside it."""
    window = product_window
    window.bridge.edit(lambda graph: edits.make_group(graph, ["x", "y", "q"], (), "Sum"))
    window.bridge.edit(lambda graph: edits.fold_groups(graph, list(graph.groups)))
    return window


def press_control(window, *keys) -> None:
    for key in keys:
        press(window, key, CTRL)
        QApplication.processEvents()


def test_all_is_copied_and_pasted_beside_itself(folded):
    window, before = folded, folded.bridge.now.graph
    press_control(window, Key.Key_A, Key.Key_C, Key.Key_V)
    after, trace = window.bridge.now.graph, window.bridge.now.trace
    assert len(after.nodes) == 2 * len(before.nodes) and [group.folded for group in after.groups.values()] == [True] * 2
    new = {node.label or node.op_name: id for id, node in after.nodes.items() if id not in before.nodes}
    assert len(new) >= 3 and not window.status.sentence.text().startswith("“")
    old = sorted(float(trace.value(id)) for id in before.nodes)
    assert sorted(float(trace.value(id)) for id in after.nodes if id not in before.nodes) == old
    press_control(window, Key.Key_Z)
    assert window.bridge.now.graph == before


def test_a_folded_group_alone_is_copied_and_comes_as_a_card(folded):
    window, before = folded, folded.bridge.now.graph
    window.selection.select(["x", "y", "q"])
    press_control(window, Key.Key_C, Key.Key_V)
    after = window.bridge.now.graph
    assert len(after.nodes) == len(before.nodes) + 3 and len(after.groups) == 2
    assert len([id for id in window.canvas.desk.graph.nodes if id.startswith("@")]) == 2
    press_control(window, Key.Key_Z)
    assert window.bridge.now.graph == before


def test_what_is_pasted_while_one_looks_into_a_group_comes_into_it(folded):
    window = folded
    (group,) = window.bridge.now.graph.groups
    window.selection.select(["z"])
    press_control(window, Key.Key_C)
    window.canvas.folds.look_into(group)
    press_control(window, Key.Key_V)
    graph = window.bridge.now.graph
    assert len(graph.groups) == 1 and len(graph.groups[group].nodes) == 4


def test_a_deleted_card_takes_all_with_it_and_comes_back(folded):
    window, before = folded, folded.bridge.now.graph
    window.selection.select(["x", "y", "q"])
    press(window, Key.Key_Delete)
    assert set(window.bridge.now.graph.nodes) == {"z", "f"} and not window.bridge.now.graph.groups
    press_control(window, Key.Key_Z)
    assert window.bridge.now.graph == before


def test_what_comes_in_stands_in_no_frame_of_an_open_group_and_its_own_frame_on_none(product_window):
    """A pasted group came to lie with its frame on another one, and what was typed on the rim of one."""
    window = product_window
    window.bridge.edit(lambda graph: edits.make_group(graph, ["x", "y", "q"], (), "Sum"))
    window.selection.select(["x", "y", "q"])
    press_control(window, Key.Key_C, Key.Key_V)
    rims = [aside.box for aside in window.canvas.scene().asides.shown.values()]
    assert len(rims) == 2 and not overlaps(*rims)
    window.selection.select(["z"])
    press_control(window, Key.Key_C, Key.Key_V)
    (new,) = window.selection.nodes
    assert not any(overlaps(window.canvas.scene().stage.box(new), rim) for rim in rims)
