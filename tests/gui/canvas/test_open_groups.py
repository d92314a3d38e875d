"""Open groups with the mouse and the keys: made and named, their rims, carried, entered and left."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine import edits
from gui.canvas.model.aside_boxes import Box
from gui.canvas.model.titles import title_of
from tests.gui.canvas_tools import LEFT, SHIFT, Hands, cs231n

Key = Qt.Key


@pytest.fixture
def grouped(qtbot: QtBot) -> Hands:
    """x and y are a group, and with q and f another one round it."""
    graph = cs231n()
    graph = graph.apply(edits.make_group(graph, ["x", "y"], title="Data"))
    graph = graph.apply(edits.make_group(graph, ["x", "y", "q"], title="Sum"))
    return Hands(qtbot, graph, size=(1000, 700))


def rim(hands: Hands, id: str) -> Box:
    return hands.view.scene().asides.shown[("group", id)].box


def title(hands: Hands, id: str) -> QPoint:
    found = title_of(hands.view.scene().asides.shown[("group", id)], hands.view.camera.zoom)
    assert found is not None and found.button is not None
    return hands.at((found.button[2] + found.box[2]) / 2, (found.box[1] + found.box[3]) / 2)


def holds(box: Box, other: Box) -> bool:
    return box[0] < other[0] and box[1] < other[1] and box[2] > other[2] and box[3] > other[3]


def test_a_group_is_made_and_named_in_one_step(desk: Hands) -> None:
    desk.selection.select(["x", "y"])

    def make() -> None:
        desk.view.gathering.group()
        desk.type("Data")
        desk.key(Key.Key_Return)

    desk.one_undo_step(make)
    (group,) = desk.graph.groups.values()
    assert group.title == "Data" and set(group.nodes) == {"x", "y"}
    assert desk.view.hasFocus()


def test_rims_go_round_what_is_in_them_and_round_each_other(grouped: Hands) -> None:
    stage = grouped.view.scene().stage
    for id in ("x", "y"):
        assert holds(rim(grouped, "g1"), stage.box(id))
    assert holds(rim(grouped, "g2"), rim(grouped, "g1")) and holds(rim(grouped, "g2"), stage.box("q"))
    assert not holds(rim(grouped, "g2"), stage.box("z"))


def test_the_title_carries_all_that_is_in_it(grouped: Hands) -> None:
    before = {id: node.pos for id, node in grouped.graph.nodes.items()}
    spot = title(grouped, "g1")
    grouped.one_undo_step(lambda: grouped.drag(spot, spot + QPoint(-40, 80)))
    after = {id: node.pos for id, node in grouped.graph.nodes.items()}
    assert {id for id in after if after[id] != before[id]} == {"x", "y"}
    assert after["y"] == (before["y"][0] - 40, before["y"][1] + 80)
    assert grouped.graph.groups["g1"].nodes == ("x", "y")


def test_the_title_carries_a_folded_group_that_is_in_it(grouped: Hands) -> None:
    grouped.view.folds.fold(["g1"])
    before = {id: node.pos for id, node in grouped.graph.nodes.items()} | {"@g1": grouped.graph.groups["g1"].pos}
    spot = title(grouped, "g2")
    grouped.one_undo_step(lambda: grouped.drag(spot, spot + QPoint(-40, 80)))
    after = {id: node.pos for id, node in grouped.graph.nodes.items()} | {"@g1": grouped.graph.groups["g1"].pos}
    assert {id for id in after if after[id] != before[id]} == {"x", "y", "q", "@g1"}
    moved = {(after[id][0] - before[id][0], after[id][1] - before[id][1]) for id in ("x", "y", "q", "@g1")}
    assert len({(round(x, 1), round(y, 1)) for x, y in moved}) == 1, "all of it the same way"


def test_a_click_on_the_title_selects_what_is_in_it_and_f2_renames(grouped: Hands) -> None:
    grouped.click(title(grouped, "g1"))
    assert grouped.selection.nodes == {"x", "y"}
    grouped.click(grouped.body("z"), SHIFT)
    grouped.click(title(grouped, "g1"))
    grouped.key(Key.Key_F2)
    grouped.type("Inputs")
    grouped.key(Key.Key_Return)
    assert grouped.graph.groups["g1"].title == "Inputs"
    QTest.mouseDClick(grouped.surface, LEFT, Qt.KeyboardModifier.NoModifier, title(grouped, "g2"))
    grouped.type("All")
    grouped.key(Key.Key_Return)
    assert grouped.graph.groups["g2"].title == "All"


def test_a_node_that_is_moved_about_in_it_stays_in_it(grouped: Hands) -> None:
    start = grouped.body("x")
    grouped.drag(start, start + QPoint(-80, -60))
    assert set(grouped.graph.groups["g1"].nodes) == {"x", "y"}
    assert holds(rim(grouped, "g1"), grouped.view.scene().stage.box("x"))


def test_a_node_that_is_dragged_out_leaves_it_and_that_is_said_before(grouped: Hands) -> None:
    start, before = grouped.body("x"), rim(grouped, "g2")
    end = start + QPoint(420, 430)

    def leave() -> None:
        grouped.press(start)
        grouped.drag_to(end, start)
        assert "take x out of the group Data" in grouped.told[-1]
        now = rim(grouped, "g2")
        assert now[2] <= before[2] and now[3] <= before[3]  # it does not stretch after the node
        QTest.mouseRelease(grouped.surface, LEFT, Qt.KeyboardModifier.NoModifier, end)

    grouped.one_undo_step(leave)
    assert "x" not in grouped.graph.grouping.home and grouped.graph.groups["g1"].nodes == ("y",)


def test_a_node_that_is_dragged_in_comes_into_the_innermost(grouped: Hands) -> None:
    start, end = grouped.body("z"), grouped.body("y") + QPoint(0, -70)
    grouped.press(start)
    grouped.drag_to(end, start)
    assert "put z into the group Data" in grouped.told[-1]
    QTest.mouseRelease(grouped.surface, LEFT, Qt.KeyboardModifier.NoModifier, end)
    assert grouped.graph.grouping.home["z"] == "g1"


def test_esc_puts_back_what_was_on_its_way_out(grouped: Hands) -> None:
    start, before, box = grouped.body("x"), grouped.graph, rim(grouped, "g1")
    grouped.press(start)
    grouped.drag_to(start + QPoint(420, 430), start)
    grouped.key(Key.Key_Escape)
    QTest.mouseRelease(grouped.surface, LEFT, Qt.KeyboardModifier.NoModifier, start)
    assert grouped.graph == before and rim(grouped, "g1") == box


def test_a_group_that_is_dragged_by_its_nodes_stays_whole(grouped: Hands) -> None:
    grouped.click(title(grouped, "g1"))
    start = grouped.body("x")
    grouped.drag(start, start + QPoint(400, 300))
    assert set(grouped.graph.groups["g1"].nodes) == {"x", "y"} and grouped.graph.groups["g1"].parent == "g2"


def test_a_group_that_goes_while_the_hand_is_busy_is_no_mistake(grouped: Hands) -> None:
    """The hand lets go and looks at the selection again, before the rims are those of the new graph."""
    grouped.selection.select(["x", "y"])
    start = grouped.body("z")
    QTest.mousePress(grouped.surface, LEFT, Qt.KeyboardModifier.ControlModifier, QPoint(30, 30))
    QTest.mouseMove(grouped.surface, start)
    grouped.bridge.edit(lambda graph: edits.ungroup(graph, ["g1"]))
    assert ("group", "g1") not in grouped.view.scene().asides.shown
    QTest.mouseRelease(grouped.surface, LEFT, Qt.KeyboardModifier.ControlModifier, start)
    assert list(grouped.graph.groups) == ["g2"]
