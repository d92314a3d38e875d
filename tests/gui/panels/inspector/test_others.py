"""The inspector on an edge, on several, on the document; and when the selection is none."""

from __future__ import annotations

from engine import edits
from engine.graph.graph import Graph
from gui.look.math_view import MathView
from gui.widgets.chips import ChipRow
from tests.gui.inspector_tools import Bench, square


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


def test_a_hidden_inspector_is_current_when_it_is_shown_again(bench) -> None:
    bench.inspector.hide()
    bench.bridge.player.seek(2)
    bench.inspector.show()
    assert bench.texts()[0] == "Step 2 of 10"
