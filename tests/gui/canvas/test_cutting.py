"""Ctrl-drag across edges cuts them, with the real mouse on the shown canvas."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.canvas.model import geometry
from tests.gui.canvas_tools import CONTROL, LEFT, NO, Hands, edges


def across(desk: Hands, *ends: tuple[str, int]) -> tuple[QPoint, QPoint]:
    """From above the first of some edges to below the last, near their ends."""
    spots = [desk.middle_of_edge(*end, 0.8) for end in ends]
    return spots[0] - QPoint(0, 30), spots[-1] + QPoint(0, 30)


def test_a_control_drag_across_edges_deletes_them_in_one_step(desk: Hands) -> None:
    start, end = across(desk, ("q", 0), ("q", 1))
    desk.one_undo_step(lambda: desk.drag(start, end, CONTROL))
    assert edges(desk.graph) == {("q", "f", 0), ("z", "f", 1)}
    assert set(desk.graph.nodes) == set("xyzqf") and desk.bridge.document.undo_text == "Delete 2 edges"
    desk.shows_document()


def test_it_lights_what_it_will_cut_and_says_so_and_escape_leaves_everything(desk: Hands) -> None:
    desk.click(desk.body("z"))
    before, (start, end) = desk.graph, across(desk, ("f", 0), ("f", 1))
    desk.press(start, CONTROL)
    desk.drag_to(end, start)
    assert desk.view.scene().edge_layer.selected == {("f", 0), ("f", 1)}
    assert desk.told[-1] == "Let go to delete 2 edges."
    desk.key(Qt.Key.Key_Escape, CONTROL)  # the other hand is still on it
    QTest.mouseRelease(desk.surface, LEFT, CONTROL, end)
    assert desk.graph is before and not desk.view.scene().edge_layer.selected
    assert desk.selection.nodes == {"z"} and desk.told[-1] == ""


def test_one_edge_is_named(desk: Hands) -> None:
    start, end = across(desk, ("f", 1))
    desk.press(start, CONTROL)
    desk.drag_to(end, start)
    assert desk.told[-1] == "Let go to delete the edge from z to f."


def test_a_knife_that_crosses_nothing_cuts_nothing(desk: Hands) -> None:
    before = desk.graph
    desk.drag(desk.at(300, 300), desk.at(380, 320), CONTROL)
    assert desk.graph is before and "Drag across the edges that you want to delete." in desk.told


def test_a_knife_may_begin_on_an_edge(desk: Hands) -> None:
    at = desk.middle_of_edge("f", 1, 0.9)
    desk.drag(at - QPoint(0, 3), at + QPoint(0, 30), CONTROL)
    assert ("z", "f", 1) not in edges(desk.graph)


def test_without_control_it_is_a_rubber_band(desk: Hands) -> None:
    before = desk.graph
    desk.drag(desk.at(-30, -30), desk.at(60, 200), NO)
    assert desk.graph is before and desk.selection.nodes == {"x", "y"}


def test_a_line_that_only_touches_the_box_of_a_curve_does_not_cross_it() -> None:
    bent = np.array([[(0.0, 0.0), (50.0, 0.0), (50.0, 100.0), (100.0, 100.0)]])
    assert geometry.crossed(bent, (40, 50), (60, 50)).tolist() == [True]
    assert geometry.crossed(bent, (60, 10), (90, 40)).tolist() == [False]
    assert geometry.crossed(bent, (50, 0), (50, 100)).tolist() == [True]  # through both corners
    assert geometry.crossed(bent, (10, 0), (40, 0)).tolist() == [False]  # along it
