"""The graph by keys alone: every node, edge and port is reached, seen and spoken, and edges are drawn and deleted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine import edits
from engine.files.examples import examples
from engine.files.open import load
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.canvas.model.walk import Stop, arriving, leaving, next_stop
from tests.gui.canvas_tools import CONTROL, Hands, edges, port_spot

Key = Qt.Key
WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1))


def fan_out() -> Graph:
    """x feeds a twice, b and c."""
    nodes = [
        Node("x", "input", as_value(3.0), pos=(0, 140)),
        Node("c", "relu", pos=(240, 300)),
        Node("b", "exp", pos=(240, 150)),
        Node("a", "mul", pos=(240, 0)),
    ]
    return Graph.of(nodes, [Edge("x", "a", 0), Edge("x", "a", 1), Edge("x", "b", 0), Edge("x", "c", 0)], target="a")


def walk(desk: Hands, *ways: str) -> None:
    for way in ways:
        desk.key(Key["Key_" + way], CONTROL)


def said(desk: Hands) -> str:
    """What the status bar says, which a screen reader hears too."""
    words = desk.told[-1]
    assert words and words in desk.view.accessibleDescription()
    return words


def lit(desk: Hands, id: str) -> tuple[set[int], set[int]]:
    """The input ports and the outputs of a node that are ringed."""
    marks = desk.view.desk.scene.node_items[id].marks
    return set(marks.lit_ports), set(marks.lit_outputs)


# --- walking


def test_where_a_node_feeds_several_each_branch_can_be_chosen_and_is_lit_and_said(qtbot: QtBot) -> None:
    desk = Hands(qtbot, fan_out())
    walk(desk, "Right", "Right")
    seen = []
    for _ in range(4):
        (edge,) = desk.selection.edges
        assert desk.view.desk.scene.edge_layer.selected == {edge} and not desk.selection.nodes
        assert f"{len(seen) + 1} of 5" in said(desk)
        seen.append(edge)
        walk(desk, "Down")
    assert seen == [("a", 0), ("a", 1), ("b", 0), ("c", 0)], "from top to bottom"
    assert desk.selection.nodes == {"x"} and lit(desk, "x") == (set(), {0}), "the output itself, for one more edge"
    walk(desk, "Up", "Right")
    assert desk.selection.nodes == {"c"}


def test_where_a_node_feeds_one_other_it_is_gone_to_at_once(desk: Hands) -> None:
    walk(desk, "Right", "Right", "Right")
    assert desk.selection.nodes == {"f"}


def test_the_inputs_are_gone_through_and_back_along_each(desk: Hands) -> None:
    desk.key(Key.Key_End, CONTROL)
    walk(desk, "Left")
    assert desk.selection.edges == {("f", 0)} and lit(desk, "f") == ({0}, set())
    assert said(desk).startswith("q → port a of f, 1 of 2")
    assert "the edge from q to port a of f, value 3, contribution −4" in desk.view.accessibleDescription()
    walk(desk, "Down")
    assert desk.selection.edges == {("f", 1)} and lit(desk, "f") == ({1}, set())
    walk(desk, "Right")
    assert desk.selection.nodes == {"f"} and lit(desk, "f") == (set(), set())
    walk(desk, "Left", "Down", "Left")
    assert desk.selection.nodes == {"z"}


def test_the_passes_stay_where_they_are_and_are_stepped_by_the_arrows_alone(desk: Hands) -> None:
    before = desk.bridge.player.position
    walk(desk, "Right", "Right", "Left", "Down", "Up")
    desk.key(Key.Key_Home, CONTROL)
    assert desk.bridge.player.position == before and desk.selection.nodes == {"x"}


def test_up_and_down_go_through_all_nodes_whether_anything_leads_to_them_or_not(qtbot: QtBot) -> None:
    rows = [Node(f"n{k}", "relu", pos=(300.0 * (k % 3), 100.0 * (k // 3))) for k in range(7)]
    desk = Hands(qtbot, Graph.of([*rows, Node("under", "relu", pos=(40.0, 50.0))]))
    desk.key(Key.Key_Home, CONTROL)
    seen = []
    for _ in range(8):
        seen += desk.selection.nodes
        walk(desk, "Down")
    assert seen == ["n0", "under", "n3", "n6", "n1", "n4", "n2", "n5"] and desk.selection.nodes == {"n0"}
    walk(desk, "Up")
    assert desk.selection.nodes == {"n5"}


def test_after_a_node_is_deleted_the_walk_goes_on_nearby(desk: Hands) -> None:
    desk.key(Key.Key_End, CONTROL)
    desk.view.selected.delete()
    assert not desk.selection.nodes
    walk(desk, "Left")
    assert desk.selection.nodes == {"q"}


def test_a_click_puts_an_end_to_the_ring_at_a_port(desk: Hands) -> None:
    desk.selection.select(["f"])
    walk(desk, "Right")
    assert lit(desk, "f") == (set(), {0})
    desk.click(desk.body("f"))
    assert lit(desk, "f") == (set(), set()) and desk.selection.nodes == {"f"}


@pytest.mark.parametrize("name", [example.name for example in examples()][::3])
def test_every_node_edge_and_port_of_an_example_is_reached(qtbot: QtBot, name: str) -> None:
    graph = load(next(example.path for example in examples() if example.name == name))
    stage = Hands(qtbot, graph).view.desk.scene.stage
    new = [Stop("node", next(iter(graph.nodes)))]
    found = set(new)
    while new:
        here = new.pop()
        fresh = {next_stop(stage, here, *way) for way in WAYS} - found
        found |= fresh
        new.extend(fresh)
    parts = graph.topology.parts()
    wanted = {stop for id in graph.nodes for stop in (Stop("node", id), *leaving(stage, id), *arriving(stage, id))}
    direct = {stop for stop in wanted if stop.place in ("edge", "output") and len(leaving(stage, stop.id)) == 2}
    assert len(parts) >= 1 and wanted - direct <= found
    assert {stop.taken(graph) for stop in found} >= graph.edges.keys(), "every edge, from one end or the other"


# --- edges


def test_an_edge_is_drawn_from_an_output_to_the_port_that_is_chosen(desk: Hands) -> None:
    desk.bridge.edit(lambda graph: edits.disconnect(graph, ("f", 1)))
    desk.selection.select(["z"])
    walk(desk, "Right")
    assert "Enter draws an edge" in said(desk) and lit(desk, "z") == (set(), {0})
    desk.key(Key.Key_Return)
    assert lit(desk, "f") == ({0, 1}, set()) and lit(desk, "q") == ({0, 1, 2}, set())
    assert said(desk).startswith("Enter connects z to port b of f."), "what waits for an edge comes first"
    desk.one_undo_step(lambda: desk.key(Key.Key_Return))
    assert ("z", "f", 1) in edges(desk.graph)


def test_an_edge_is_drawn_to_an_open_port_from_what_is_free(desk: Hands) -> None:
    desk.bridge.edit(lambda graph: edits.disconnect(graph, ("q", 1)))
    desk.selection.select(["q"])
    walk(desk, "Left", "Down")
    assert "nothing ends here" in said(desk) and lit(desk, "q") == ({1}, set())
    desk.key(Key.Key_Return)
    assert said(desk).startswith("Enter connects y to port b of q.")
    desk.key(Key.Key_Return)
    assert ("y", "q", 1) in edges(desk.graph) and desk.selection.edges == {("q", 1)}
    walk(desk, "Right")
    assert desk.selection.nodes == {"q"}


def test_a_letter_chooses_a_node_by_its_name_and_what_would_be_replaced_is_said(desk: Hands) -> None:
    desk.selection.select(["x"])
    desk.key(Key.Key_Return, CONTROL)
    desk.type("f")
    assert "Enter connects x to port a of f, in place of q" in said(desk)
    desk.key(Key.Key_Down)
    assert "to port b of f, in place of z" in said(desk)
    desk.one_undo_step(lambda: desk.key(Key.Key_Return))
    assert ("x", "f", 1) in edges(desk.graph)


def test_at_an_edge_enter_moves_its_end(qtbot: QtBot) -> None:
    desk = Hands(qtbot, fan_out())
    desk.bridge.edit(lambda graph: edits.add_node(graph, "neg", (480, 160), id="n"))
    desk.selection.select(["x"])
    walk(desk, "Right", "Down", "Down")
    desk.key(Key.Key_Return)
    assert said(desk).startswith("Enter connects x to port x of n")
    desk.one_undo_step(lambda: desk.key(Key.Key_Return))
    assert ("x", "n", 0) in edges(desk.graph) and ("x", "b", 0) not in edges(desk.graph)


def test_no_port_that_would_close_a_loop_is_offered(desk: Hands) -> None:
    desk.selection.select(["f"])
    desk.key(Key.Key_Return)
    assert desk.view.tools.state.busy is False and "No port could take an edge" in desk.told[-1]
    desk.selection.select(["q"])
    desk.key(Key.Key_Return)
    for _ in range(4):
        assert " of f" in said(desk)
        desk.key(Key.Key_Down)


def test_escape_a_click_and_undo_leave_everything_as_it_was(desk: Hands) -> None:
    for leave in (lambda: desk.key(Key.Key_Escape), lambda: desk.press(desk.at(600, 400)), desk.bridge.undo):
        desk.bridge.edit(lambda graph: edits.set_label(graph, "f", graph.nodes["f"].label + "!"))
        before = edges(desk.graph)
        desk.selection.select(["x"])
        desk.key(Key.Key_Return, CONTROL)
        assert desk.view.tools.state.by_keys
        leave()
        assert not desk.view.tools.state.by_keys and edges(desk.graph) == before and lit(desk, "f") == (set(), set())
        QTest.mouseRelease(desk.surface, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, desk.at(600, 400))
        assert edges(desk.graph) == before


def test_where_the_keys_go_elsewhere_nothing_is_left_begun(desk: Hands) -> None:
    desk.selection.select(["x"])
    desk.key(Key.Key_Return, CONTROL)
    desk.view.finder.open()
    assert not desk.view.tools.state.busy and lit(desk, "f") == (set(), set())
    desk.key(Key.Key_Escape)
    desk.key(Key.Key_Return, CONTROL)
    desk.view.clearFocus()
    assert not desk.view.tools.state.busy


def test_delete_takes_the_edge_at_which_one_is_and_leaves_one_there(desk: Hands) -> None:
    desk.selection.select(["q"])
    walk(desk, "Left", "Down")
    desk.one_undo_step(desk.view.selected.delete)
    assert ("y", "q", 1) not in edges(desk.graph) and lit(desk, "q") == ({1}, set())
    before = desk.graph
    desk.view.selected.delete()
    assert desk.graph is before and "no edge at this port" in desk.told[-1], "the node was not meant"
    walk(desk, "Up")
    assert desk.selection.edges == {("q", 0)}


def test_the_edge_being_drawn_is_seen(desk: Hands) -> None:
    desk.selection.select(["x"])
    spot = port_spot(desk.view, "f", 0)
    desk.key(Key.Key_Return, CONTROL)
    rest = desk.surface.grab().toImage()
    desk.type("f")
    assert desk.surface.grab().toImage() != rest
    assert desk.surface.rect().contains(spot)


def test_an_edge_moved_to_the_free_port_of_a_sum_stays_where_the_ports_close_up(desk: Hands) -> None:
    before = edges(desk.graph)
    desk.selection.select([], [("q", 1)])
    desk.key(Key.Key_Return, CONTROL)
    for _ in range(12):
        if "to port c of q" in said(desk):
            break
        desk.key(Key.Key_Down)
    assert "to port c of q" in said(desk), said(desk)
    desk.key(Key.Key_Return)
    assert edges(desk.graph) == before and desk.selection.edges == {("q", 1)}
