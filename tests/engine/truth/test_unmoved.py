"""A target that nothing can move is a problem with a fix of one step; one that something moves is none."""

from __future__ import annotations

import numpy as np
import pytest

from engine.passes.run import run
from engine.session import Session
from tests.building import graph_of
from tests.engine.truth.test_problems import problems


def constants():
    """f = 3² + −4, all of constants."""
    return graph_of(
        ("x", "constant", 3.0), ("two", "constant", 2.0), ("y", "constant", -4.0), ("s", "pow", ["x", "two"]),
        ("f", "add", ["s", "y"]), target="f",
    )  # fmt: skip


def test_a_target_of_constants_is_a_problem_whose_fix_is_one_undo_step() -> None:
    graph = constants()
    [problem] = problems(graph, "unmoved")
    assert problem.sentence == "f depends on constants only, so there is no gradient to ask for."
    assert problem.fix.text == "Make x and y inputs"
    session = Session(graph)
    session.edit(problem.fix.edit)
    assert [p for p in session.now.problems if p.kind == "unmoved"] == []
    assert float(session.now.trace.gradient("x")) == 6 and float(session.now.trace.gradient("y")) == 1
    assert session.now.graph.nodes["two"].op_name == "constant"
    session.undo()
    assert session.now.graph == graph


def test_an_exponent_is_made_an_input_only_where_there_is_nothing_else() -> None:
    graph = graph_of(("two", "constant", 2.0), ("c", "constant", 3.0), ("f", "pow", ["c", "two"]), target="f")
    assert problems(graph, "unmoved")[0].fix.text == "Make c an input"
    both = graph_of(("c", "constant", 2.0), ("f", "pow", ["c", "c"]), target="f")
    assert problems(both, "unmoved")[0].fix.text == "Make c an input"


def test_a_constant_as_the_target_and_many_constants() -> None:
    [alone] = problems(graph_of(("c", "constant", 2.0), target="c"), "unmoved")
    assert alone.sentence == "c is a constant, so there is no gradient to ask for."
    assert alone.fix.text == "Make c an input"
    many = [(f"k{i}", "constant", float(i)) for i in range(5)]
    graph = graph_of(*many, ("f", "add", [id for id, _, _ in many]), target="f")
    [problem] = problems(graph, "unmoved")
    assert problem.fix.text == "Make its 5 constants inputs"
    assert all(run(graph.apply(problem.fix.edit(graph))).gradient(id) == 1 for id, _, _ in many)


@pytest.mark.parametrize("leaf", ["input", "parameter"])
def test_one_leaf_that_moves_is_enough(leaf: str) -> None:
    graph = graph_of(("c", "constant", 2.0), ("x", leaf, 1.0), ("f", "mul", ["c", "x"]), target="f")
    assert problems(graph, "unmoved") == []
    assert problems(graph_of(("x", leaf, np.ones(2)), target="x"), "unmoved") == []
