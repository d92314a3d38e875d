"""The inspector explains the step, shows the selection's numbers at a position, and edits what can be edited."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit

from engine import edits
from engine.files.codec import decode
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.values.values import as_value
from gui.look.math_view import MathView
from gui.panels.inspector.inputs_table import ContributionsList
from gui.widgets.chips import ChipRow
from gui.widgets.labels import Link
from gui.widgets.segmented import Segmented
from tests.building import graph_of
from tests.gui.inspector_tools import Bench, alone, product, square


@pytest.fixture
def bench(qtbot) -> Iterator[Bench]:
    yield Bench(qtbot, product())


# --- the step


def test_the_step_is_explained(bench) -> None:
    bench.bridge.player.seek(8.3)
    said = bench.bridge.now.explanation
    assert bench.texts()[0] == "Step 9 of 10"
    assert said.caption not in bench.texts() and said.heading not in bench.texts(), "the timeline says what happens"
    assert said.why in bench.texts()
    assert bench.visible(MathView)[0].formulas() == tuple(" = ".join(sides) for sides in said.typeset)
    assert bench.visible(ChipRow)[0].text() == "−4 × 1 = −4"


@pytest.mark.parametrize(
    ("position", "chips"),
    [(1, "−2"), (4, "−2 + 5 = 3"), (5, "3 × −4 = −12"), (6, "1"), (7, "1 × −4 = −4"), (8, "1 × 3 = 3")],
)
def test_every_kind_of_step_has_its_chips(qtbot, position: int, chips: str) -> None:
    bench = Bench(qtbot, product())
    bench.bridge.player.seek(position)
    assert bench.visible(ChipRow)[0].text() == chips


def test_a_long_reason_leaves_no_room_in_the_next_graph(qtbot) -> None:
    bench = Bench(qtbot, graph_of(("x", "input", 0.0), ("y", "relu", ["x"]), target="y"))
    bench.bridge.player.seek(len(bench.bridge.now.trace))
    reason = next(label for label in bench.visible(QLabel) if label.text() == bench.bridge.now.explanation.why)
    long = reason.height()
    bench.bridge.load(graph_of(("a", "input", 2.0), ("b", "input", 3.0), ("p", "mul", ["a", "b"]), target="p"))
    bench.bridge.player.seek(1)
    qtbot.waitUntil(lambda: reason.height() < long)


def test_the_equations_of_the_current_step_stand_there_once(bench) -> None:
    """Where its edge is selected too, they are not written below it again."""
    player, trace = bench.bridge.player, bench.bridge.now.trace
    at = trace.contribution_at[("f", 0)]
    bench.selection.select([], [("f", 0)])
    player.seek(at + 1)
    assert len([view for view in bench.visible(MathView) if view.formulas()]) == 1
    player.seek(at + 2)
    first, second = (view.formulas() for view in bench.visible(MathView))
    assert first != second


@pytest.mark.parametrize("position", range(1, 11))
def test_nothing_is_said_twice(bench, position: int) -> None:
    bench.bridge.player.seek(position)
    said, shown = bench.bridge.now.explanation, bench.texts()
    assert said.caption not in shown and shown.count(said.why) == int(said.why != said.caption)
    assert bool(bench.visible(MathView)) is (said.why != said.caption)


def test_each_of_several_contributions_says_which_it_is_and_what_they_add_up_to(qtbot) -> None:
    bench = Bench(qtbot, square())
    parts, sums = [], []
    for position in range(bench.bridge.now.trace.backward_start, len(bench.bridge.now.trace) + 1):
        bench.bridge.player.seek(position)
        formulas = bench.visible(MathView)[0].formulas()
        parts += [formula.split("text")[-1] for formula in formulas if " of 3" in formula]
        sums += [formula for formula in formulas if "+ 3 =" in formula and not formula.startswith("f")]
    assert parts == ["{(1 of 3, more to come)}", "{(2 of 3, more to come)}", "{(3 of 3)}"]
    assert len(sums) == 2 and "= 1 + 3 = 4" in sums[0] and sums[0].endswith(r"\text{so far}")
    assert sums[1].endswith("= 1 + 3 + 3 = 7")


@pytest.mark.parametrize("seed", [-2.0, 1.0, 5.0])
def test_the_whole_gradient_is_typeset_with_the_last_contribution_and_not_before(qtbot, seed: float) -> None:
    bench = Bench(qtbot, square().apply(edits.set_seed(square(), seed)))
    goal = "f" if seed == 1 else "L"
    whole = rf"\frac{{\partial {goal}}}{{\partial x}} ="
    for position in range(bench.bridge.now.trace.backward_start + 1, len(bench.bridge.now.trace) + 1):
        bench.bridge.player.seek(position)
        formulas = bench.visible(MathView)[0].formulas()
        is_last = position == len(bench.bridge.now.trace)
        assert any(formula.startswith(whole) for formula in formulas) == is_last
        assert not is_last or formulas[-1].endswith(f"= {7 * seed:g}")


def test_at_the_very_beginning_nothing_is_claimed(bench) -> None:
    bench.bridge.player.seek(0)
    assert bench.texts()[0] == "Step 0 of 10"
    assert not bench.visible(ChipRow)


def test_the_wording_is_followed(bench) -> None:
    bench.bridge.player.seek(9)
    bench.bridge.set_wording("responsibility")
    assert "responsible" in " ".join(bench.texts()) or "responsibility" in " ".join(bench.texts())


# --- a node


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


def test_a_setting_is_chosen(qtbot) -> None:
    nodes = [Node("o", "input", as_value(3)), Node("t", "input", as_value(1)), Node("L", "squared_error")]
    bench = Bench(qtbot, Graph.of(nodes, [Edge("o", "L", 0), Edge("t", "L", 1)], target="L"))
    bench.selection.select(["L"])
    assert bench.after("value") == "2"
    (box,) = bench.visible(QCheckBox)
    assert box.isChecked()
    bench.bot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(12, box.height() // 2))
    assert bench.bridge.now.graph.nodes["L"].setting("half") is False
    assert bench.after("value") == "4"
    bench.bridge.undo()
    assert box.isChecked()


@pytest.mark.parametrize(
    ("op", "name", "title", "typed", "kept"),
    [
        ("leaky_relu", "slope", "Slope below 0", "0.25", 0.25),
        ("reshape", "shape", "Shape (−1: worked out from the others)", "2, 1", (2, 1)),
    ],
)
def test_a_setting_is_typed(qtbot, op: str, name: str, title: str, typed: str, kept: object) -> None:
    bench = alone(qtbot, op, [1.0, -2.0])
    bench.selection.select(["f"])
    bench.type(title, typed)
    assert bench.bridge.now.graph.nodes["f"].setting(name) == kept
    bench.type(title, "x")
    assert any("“x” is neither a number" in text for text in bench.texts())
    assert bench.bridge.now.graph.nodes["f"].setting(name) == kept


def test_a_setting_is_picked_from_a_list(qtbot) -> None:
    bench = Bench(qtbot, Graph.of([Node("d", "dataset")]))
    bench.selection.select(["d"])
    box = next(box for box in bench.visible(QComboBox) if box.currentText() == "iris")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_End)
    assert bench.bridge.now.graph.nodes["d"].setting("name") == box.currentText() != "iris"


def test_axes_are_typed_one_several_or_all(qtbot) -> None:
    bench = alone(qtbot, "sum", [[1.0, 2.0], [3.0, 4.0]])
    bench.selection.select(["f"])
    title = "Along axis (all, one, or several: 0, 1)"
    assert bench.after("value") == "10", "all elements, unless it is said otherwise"
    for typed, kept in (("0", 0), ("-1", -1), ("0, 1", (0, 1)), ("all", "all")):
        bench.type(title, typed)
        assert bench.bridge.now.graph.nodes["f"].setting("axis") == kept
    bench.type(title, "first")
    assert any("must be the numbers of some axes" in text for text in bench.texts())
    assert bench.bridge.now.graph.nodes["f"].setting("axis") == "all"


def test_a_dataset_shows_each_of_its_outputs(qtbot) -> None:
    bench = Bench(qtbot, Graph.of([Node("d", "dataset")]))
    bench.selection.select(["d"])
    assert bench.after("shape") == "(8, 4)"
    (outputs,) = bench.visible(Segmented)
    qtbot.mouseClick(outputs, Qt.MouseButton.LeftButton, pos=outputs.segment(1).center().toPoint())
    assert bench.after("shape") != "(8, 4)"
    assert not any(line.accessibleName() == "Value" for line in bench.visible(QLineEdit))
    bench.type("Rows shown while stepping", "3")
    assert bench.after("shape").startswith("(3")


def test_an_array_is_typed_anew_as_a_whole(qtbot) -> None:
    bench = alone(qtbot, "tanh", [1.0, 2.0])
    assert bench.field("Value").text() == "[1, 2]"
    bench.type("Value", "zeros(2, 3)")
    np.testing.assert_array_equal(bench.bridge.now.graph.nodes["x"].value, np.zeros((2, 3)))
    assert bench.after("shape") == "(2, 3)"


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


# --- the rest of what can be selected


def test_an_edges_numbers(bench) -> None:
    bench.selection.select(edges=[("f", 1)])
    assert "z → f" in bench.texts()
    shown = [bench.after(name) for name in ("value", "upstream", "local derivative", "contribution")]
    assert shown == ["−4", "1", "3", "3"]
    bench.bridge.player.seek(5)
    shown = [bench.after(name) for name in ("value", "upstream", "local derivative", "contribution")]
    assert shown == ["−4", "…", "…", "…"]


def test_an_edges_equations_are_typeset_once_its_contribution_has_arrived(bench) -> None:
    bench.selection.select(edges=[("f", 1)])
    here = bench.inspector.findChildren(MathView)[-1]
    assert here.isVisible() and here.formulas()[-1].endswith("= 1 \\times 3 = 3")
    bench.bridge.player.seek(5)
    assert not here.isVisible()


def test_an_edge_that_carries_no_gradient_says_so(bench) -> None:
    bench.bridge.edit(lambda g: edits.change_op(g, "z", "constant"))
    bench.selection.select(edges=[("f", 1)])
    assert bench.after("contribution") == "no gradient flows here"


def test_several_are_counted_by_kind(bench) -> None:
    bench.selection.select(["x", "y", "q"], [("q", 0)])
    assert "3 nodes and 1 edge selected" in bench.texts()
    assert "2 × Input\n1 × Add" in bench.texts()


def test_nothing_selected_shows_the_document(bench) -> None:
    assert bench.after("target") == "f"
    assert bench.after("size") == "5 nodes, 4 edges"
    assert bench.after("parameters") == "0"
    bench.bridge.edit(lambda g: edits.change_op(g, "z", "parameter"))
    assert bench.after("parameters") == "1"


def test_the_title_is_edited(bench) -> None:
    bench.type("Title", "  (x + y)  z ")
    assert bench.bridge.now.graph.title == "(x + y) z"
    bench.bridge.undo()
    assert bench.field("Title").text() == ""


def test_an_empty_document_and_the_first_node(qtbot) -> None:
    bench = Bench(qtbot, Graph())
    assert bench.texts()[0] == "No steps yet"
    bench.bridge.edit(lambda g: edits.add_node(g, "input", (0, 0), id="x", value=3))
    assert bench.texts()[0] == "Step 1 of 1" and bench.visible(ChipRow)[0].text() == "3"


def test_another_document_leaves_nothing_of_the_first(bench) -> None:
    bench.selection.select(["q"])
    bench.bridge.load(square())
    assert bench.after("size") == "3 nodes, 4 edges"
    assert bench.texts()[0] == "Step 8 of 8"


def test_hovering_over_the_chips_shows_all_digits(bench) -> None:
    bench.bridge.edit(lambda g: edits.set_value(g, "z", 1 / 3))
    bench.bridge.player.seek(9)
    (chips,) = bench.visible(ChipRow)
    assert chips.text() == "0.3333 × 1 = 0.3333"
    assert chips.toolTip() == "0.3333333333333333 × 1 = 0.3333333333333333"


def test_a_hidden_inspector_is_current_when_it_is_shown_again(bench) -> None:
    bench.inspector.hide()
    bench.bridge.player.seek(2)
    bench.inspector.show()
    assert bench.texts()[0] == "Step 2 of 10"


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
