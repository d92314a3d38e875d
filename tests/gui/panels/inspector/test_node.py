"""A node in the inspector: its numbers at a position, its name, its value."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from engine import edits
from engine.files.codec import decode
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.panels.inspector.inputs_table import ContributionsList, InputsTable
from gui.widgets.labels import Link
from gui.widgets.segmented import Segmented
from tests.gui.graphs import held
from tests.gui.inspector_tools import Bench, square


def test_a_nodes_numbers_at_the_end(bench) -> None:
    bench.selection.select(["q"])
    assert bench.field("Name").text() == "q"
    assert "Add" in bench.texts()
    assert bench.after("value") == "3"
    assert bench.after("gradient") == "−4"
    assert {"−2", "5", "1", "−4"} <= set(bench.texts())
    assert bench.button("a ← x") and bench.button("b ← y") and bench.button("f")


def test_numbers_that_have_not_come_yet_are_not_shown(bench) -> None:
    bench.selection.select(["q"])
    bench.bridge.player.seek(2)
    assert bench.after("value") == "…"
    assert bench.after("arrived so far") == "…"
    bench.bridge.player.seek(5)
    assert bench.after("value") == "3"
    bench.bridge.player.seek(10)
    assert bench.after("gradient") == "−4"


def test_what_has_arrived_so_far_is_the_running_sum(qtbot) -> None:
    bench = Bench(qtbot, square())
    bench.selection.select(["x"])
    seen = []
    for position in range(bench.bridge.now.trace.backward_start, len(bench.bridge.now.trace) + 1):
        bench.bridge.player.seek(position)
        caption = "gradient" if "gradient" in bench.texts() else "arrived so far"
        seen.append((caption, bench.after(caption)))
    so_far = "arrived so far"
    assert [pair for i, pair in enumerate(seen) if pair not in seen[:i]] == [
        (so_far, "…"), (so_far, "1"), (so_far, "4"), ("gradient", "7"),
    ]  # fmt: skip
    senders = [link.text() for link in bench.visible(ContributionsList)[0].findChildren(Link)]
    assert senders == ["f", "s", "s"]


def test_an_input_leads_to_where_it_comes_from(qtbot, bench) -> None:
    bench.selection.select(["q"])
    with qtbot.waitSignal(bench.selection.reveal_requested):
        qtbot.mouseClick(bench.button("a ← x"), Qt.MouseButton.LeftButton)
    assert bench.selection.nodes == {"x"}
    assert bench.field("Name").text() == "x"


@pytest.mark.parametrize("width", [244, 300, 420])
def test_in_the_tables_every_name_is_seen_whole_and_beside_no_number(qtbot, width: int) -> None:
    bench = Bench(
        qtbot, held("weight = 0.12\na_rather_long_name = -7.654\nneuron = weight * a_rather_long_name\nL = neuron ** 2")
    )
    bench.inspector.resize(width, 500)  # there is a scroll bar
    for id in ("weight", "neuron"):
        bench.selection.select([id])
        for share in (0.5, 1.0):
            bench.bridge.player.seek(share * len(bench.bridge.now.trace))
            tables = [*bench.visible(InputsTable), *bench.visible(ContributionsList)]
            links = [link for table in tables for link in table.findChildren(Link)]
            assert links
            qtbot.wait_until(lambda links=links: all(link.needed() <= link.width() for link in links))
            qtbot.wait_until(lambda tables=tables: not any(map(_is_crossed, tables)))


def _is_crossed(table: QWidget) -> bool:
    """Whether a name of a table lies over a number of it."""
    numbers = [cell.geometry() for cell in table.findChildren(QLabel) if cell.property("role") != "caption"]
    return any(link.geometry().intersects(cell) for link in table.findChildren(Link) for cell in numbers)


@pytest.mark.parametrize("width", [244, 300, 420])
def test_in_the_tables_no_number_is_cut(qtbot, width: int) -> None:
    """Of −1.235e−100 there stood “−1.235e−1” where the panel is narrow: another number."""
    bench = Bench(qtbot, held("x = 1e-300\ny = -1.234567e+200\np = x * y\nL = p + 0.5"))
    bench.inspector.resize(width, 500)
    for id in ("x", "p", "L"):
        bench.selection.select([id])
        bench.bridge.player.seek(len(bench.bridge.now.trace))
        tables = [*bench.visible(InputsTable), *bench.visible(ContributionsList)]
        assert tables
        qtbot.wait_until(lambda tables=tables: all(map(_is_seen_whole, tables)))
    assert any(cell.text() == "−1.235e−100" for table in tables for cell in _numbers(table))


def test_headings_stand_over_columns_or_beside_each_number_however_wide_the_inspector_becomes(qtbot) -> None:
    """While the columns came back, showing the first heading made room: the table was laid out anew in between, and
    then the other headings were shown beside those that each number has of its own."""
    bench = Bench(qtbot, held("x = 0.5\ny = -0.004718 * x\nz = 0.04518 * x\nL = y * z"))
    bench.selection.select(["x"])
    bench.bridge.player.seek(len(bench.bridge.now.trace))
    (table,) = bench.visible(ContributionsList)

    def headings() -> list[str]:
        captions = (each for each in table.findChildren(QLabel) if each.property("role") == "caption")
        return [each.text() for each in captions if each.isVisible()]

    def is_consistent() -> bool:
        one, other = _numbers(table)[:2]
        is_row = abs(one.y() - other.y()) < one.height()
        return headings().count("from") == 1 and headings().count("contribution") == (1 if is_row else 2)

    forms = set()
    for width in (*range(236, 330), *range(330, 236, -1)):
        bench.bridge.edit(lambda graph, width=width: edits.set_value(graph, "x", 0.5 if width % 2 else -0.123456))
        bench.inspector.resize(width, 500)
        qtbot.wait_until(lambda: _is_seen_whole(table) and is_consistent())
        forms.add(len(headings()))
    assert forms == {3, 5}


def _numbers(table: QWidget) -> list[QLabel]:
    return [cell for cell in table.findChildren(QLabel) if cell.isVisible() and cell.property("role") != "caption"]


def _is_seen_whole(table: QWidget) -> bool:
    """Whether each number has its room, and lies within the table and beside all others."""
    cells = _numbers(table)
    places = [cell.geometry() for cell in cells]
    return all(
        cell.width() >= cell.sizeHint().width() and cell.mapTo(table, cell.rect().bottomRight()).x() < table.width()
        for cell in cells
    ) and not any(one.intersects(other) for i, one in enumerate(places) for other in places[:i])


def test_a_leafs_value_is_typed_with_all_digits(bench) -> None:
    bench.selection.select(["x"])
    bench.type("Value", "0.1")
    assert float(bench.bridge.now.graph.nodes["x"].value) == 0.1
    bench.bridge.edit(lambda g: edits.set_value(g, "x", -1 / 3))
    assert bench.field("Value").text() == "−0.3333333333333333"
    bench.bridge.undo()
    assert bench.field("Value").text() == "0.1"


def test_a_value_that_is_none_is_refused_under_the_field(bench) -> None:
    bench.selection.select(["x"])
    bench.type("Value", "two")
    assert any("“two” is neither a number" in text for text in bench.texts())
    assert bench.field("Value").text() == "two"
    assert float(bench.bridge.now.graph.nodes["x"].value) == -2
    bench.bot.keyClick(bench.field("Value"), Qt.Key.Key_Escape)
    assert bench.field("Value").text() == "−2"
    assert not any("two" in text for text in bench.texts())


def test_leaving_the_field_commits_and_another_node_does_not_inherit_a_refusal(bench) -> None:
    bench.selection.select(["x"])
    bench.type("Value", "7", Qt.Key.Key_Tab)
    assert float(bench.bridge.now.graph.nodes["x"].value) == 7
    bench.type("Value", "oops")
    bench.selection.select(["y"])
    assert bench.field("Value").text() == "5"
    assert not any("oops" in text for text in bench.texts())


def test_typing_is_not_disturbed_by_a_move_of_the_player(bench) -> None:
    bench.selection.select(["x"])
    line = bench.field("Value")
    line.setFocus()
    line.selectAll()
    bench.bot.keyClicks(line, "12")
    bench.bridge.player.seek(3)
    assert line.text() == "12"


def test_a_rename_keeps_the_selection_the_focus_and_the_target(bench) -> None:
    bench.selection.select(["f"])
    bench.type("Name", "loss")
    assert bench.bridge.now.graph.target == "loss"
    assert bench.selection.nodes == {"loss"}
    assert bench.field("Name").text() == "loss"
    assert bench.field("Name").hasFocus()


def test_a_name_that_is_taken_is_refused_with_a_sentence(bench) -> None:
    bench.selection.select(["f"])
    bench.type("Name", "x")
    assert any("There is already a node “x”." in text for text in bench.texts())
    assert "f" in bench.bridge.now.graph.nodes


def test_a_label_is_what_the_eye_reads(bench) -> None:
    bench.selection.select(["q"])
    bench.type("Label", "the sum")
    assert bench.bridge.now.graph.nodes["q"].label == "the sum"
    assert bench.field("Name").text() == "the sum"
    bench.bridge.undo()
    assert bench.field("Label").text() == ""


def test_a_leaf_becomes_a_parameter_and_a_constant_that_gets_no_gradient(qtbot, bench) -> None:
    bench.selection.select(["z"])
    (kinds,) = bench.visible(Segmented)
    qtbot.mouseClick(kinds, Qt.MouseButton.LeftButton, pos=kinds.segment(1).center().toPoint())
    assert bench.bridge.now.graph.nodes["z"].op_name == "parameter"
    kinds.setFocus()
    qtbot.keyClick(kinds, Qt.Key.Key_Down)
    assert bench.bridge.now.graph.nodes["z"].op_name == "constant"
    assert bench.after("gradient") == "none"
    assert "z is a constant, so it gets no gradient." in bench.texts()
    bench.bridge.undo()
    assert kinds.current == "parameter"


def test_another_target_is_chosen_and_seeded(qtbot, bench) -> None:
    bench.selection.select(["q"])
    qtbot.mouseClick(bench.button("Make this the target"), Qt.MouseButton.LeftButton)
    assert bench.bridge.now.graph.target == "q"
    bench.type("Seed", "10")
    assert bench.bridge.now.graph.seed == 10
    bench.bridge.player.go_to_end()
    assert bench.after("gradient") == "10"
    bench.type("Seed", "1 2")
    assert "“1 2” is not a single number." in bench.texts()


def test_a_leaf_that_does_not_reach_the_target_says_so(bench) -> None:
    bench.bridge.edit(lambda g: edits.add_node(g, "input", (0, 0), id="lonely", value=1))
    bench.selection.select(["lonely"])
    assert bench.after("gradient") == "0"
    assert "lonely does not reach the target f: its gradient is 0." in bench.texts()


def test_an_unfinished_node_claims_no_value(bench) -> None:
    bench.bridge.edit(lambda g: edits.add_node(g, "relu", (0, 0), id="r"))
    bench.selection.select(["r"])
    assert bench.after("value") == "not computed"


def test_what_is_deleted_is_not_shown_any_more(bench) -> None:
    bench.selection.select(["q"])
    bench.bridge.edit(lambda g: edits.delete(g, ["q"]))
    assert not any(line.text() == "q" for line in bench.visible(QLineEdit))
    assert "3 nodes" not in bench.texts()
    assert bench.after("size").startswith("4 nodes")


def test_an_endless_name_does_not_push_the_numbers_out_of_the_panel(qtbot) -> None:
    name = "z" * 80
    nodes = [Node("x", "input", as_value(3.0)), Node(name, "square")]
    bench = Bench(qtbot, Graph.of(nodes, [Edge("x", name, 0)], target=name))
    bench.selection.select([name])
    assert bench.inspector.widget().width() <= bench.inspector.viewport().width()


def test_the_name_of_an_unknown_op_does_not_widen_what_stands_below_it(qtbot) -> None:
    unknown = f'{{"id": "x", "op": "{"W" * 120}", "pos": [0, 0]}}'
    bench = Bench(qtbot, decode(f'{{"format": "gradloom", "version": 1, "nodes": [{unknown}], "edges": []}}'))
    bench.selection.select(["x"])
    assert "W" * 29 + "…" in bench.texts() and "W" * 120 not in bench.texts()
