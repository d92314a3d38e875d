"""The inspector explains the step: in words, in numbers, and typeset."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from engine import edits
from gui.look.math_view import MathView
from gui.widgets.chips import ChipRow
from tests.building import graph_of
from tests.gui.inspector_tools import Bench, product, square


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


def test_hovering_over_the_chips_shows_all_digits(bench) -> None:
    bench.bridge.edit(lambda g: edits.set_value(g, "z", 1 / 3))
    bench.bridge.player.seek(9)
    (chips,) = bench.visible(ChipRow)
    assert chips.text() == "0.3333 × 1 = 0.3333"
    assert chips.toolTip() == "0.3333333333333333 × 1 = 0.3333333333333333"
