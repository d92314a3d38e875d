"""Grading: equal graphs get full marks whatever they are called; one thing wrong costs marks, and is named."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import engine
from engine.graph.graph import Graph
from engine.layout.layout import laid_out
from engine.teach.grading import grade
from engine.teach.grading_colours import commutes, key_of
from tests.building import chain, graph_of, xyz
from tests.engine.teach.submissions import DEFECTS, a_reference, under_other_names

randoms = st.integers(0, 10**9).map(Random)


def parse(text: str) -> Graph:
    return engine.parse(text)


# --- full marks


@settings(max_examples=60, deadline=None)
@given(randoms)
def test_the_same_graph_under_other_names_gets_full_marks(random):
    reference = a_reference(random)
    assume(reference)
    other, _ = under_other_names(reference, random)
    found = grade(reference, laid_out(other))
    assert (found.full, found.points, found.feedback) == (True, found.of, [])


def test_inputs_in_another_order_count_where_the_op_does_not_care():
    reference = parse("x = 2; y = 3; z = 4; q = add(x, y, z); f = q * x")
    assert grade(reference, parse("a = 4; b = 2; c = 3; s = add(c, a, b); g = b * s")).full
    found = grade(parse("x = 2; y = 3; f = x - y"), parse("x = 2; y = 3; f = y - x"))
    assert not found.full
    assert found.feedback[:2] == [
        "f takes y at its port a; it should take x.",
        "f takes x at its port b; it should take y.",
    ]


def test_which_ops_do_not_care_is_found_by_trying():
    said = {name: commutes(name, 2, ()) for name in ("add", "mul", "sub", "div", "pow", "matmul")}
    assert said == {"add": True, "mul": True, "sub": False, "div": False, "pow": False, "matmul": False}


def test_the_last_digits_of_a_number_do_not_count():
    assert grade(parse("x = 0.3; f = x * x"), parse("x = 0.30000000000000004; f = x * x")).full
    assert key_of(np.float64(0.1 + 0.2)) == key_of(np.float64(0.3)) != key_of(np.float64(0.3001))


@pytest.mark.parametrize("reference", [
    chain(2000, "tanh"),
    # Twelve sums in a ring of twelve ones: no colour tells them apart.
    graph_of(
        *((f"a{i}", "input", 1.0) for i in range(12)),
        *((f"c{i}", "add", [f"a{i}", f"a{(i + 1) % 12}"]) for i in range(12)),
        ("s", "add", [f"c{i}" for i in range(12)]),
        target="s",
    ),
], ids=["a long chain", "a ring"])  # fmt: skip
def test_large_and_symmetric_graphs_get_full_marks_too(reference):
    other, _ = under_other_names(reference, Random(3))
    assert grade(reference, other).full


# --- one thing wrong


@pytest.mark.parametrize("planted", DEFECTS, ids=lambda planted: planted.__name__.strip("_"))
@settings(max_examples=12, deadline=None)
@given(random=randoms)
def test_one_thing_wrong_costs_marks_and_is_named(planted, random):
    reference = a_reference(random)
    assume(reference)
    try:
        wrong, place = planted(reference, random)
    except IndexError:  # nothing here could be wrong in this way
        assume(False)
    renamed, names = under_other_names(wrong, random)
    for submission, name in ((wrong, place), (renamed, names[place])):
        found = grade(reference, submission)
        assert not found.full and found.points < found.of
        assert any(name in sentence for sentence in found.feedback), (name, found.feedback)


def test_a_path_that_is_missing_is_named_with_what_it_would_bring():
    found = grade(
        parse("w = 3; h = w * 2; h2 = w * 4; f = h + h2"), parse("w = 3; v = 3; h = w * 2; h2 = v * 4; f = h + h2")
    )
    assert found.aspects["values"].feedback == ()
    assert found.aspects["gradients"].feedback == (
        "The gradient of w is missing the path through h2: it is 2, and should be 6.",
    )
    assert "h2 takes v; it should take w." in found.feedback


def test_a_path_too_many_is_named():
    found = grade(
        parse("w = 3; v = 3; h = w * 2; k = v * 4; f = h + k"), parse("w = 3; h = w * 2; k = w * 4; f = h + k")
    )
    assert any(
        sentence == "The gradient of w counts a path through k that does not belong there: it is 6, and should be 2."
        for sentence in found.feedback
    )


def test_what_follows_from_one_mistake_is_told_in_one_sentence():
    found = grade(xyz(), xyz().apply(engine.edits.set_value(xyz(), "x", 3)))
    assert found.aspects["values"].feedback == (
        "x holds 3; it should hold −2.",
        "The values of q and f are wrong for that reason.",
    )
    assert found.aspects["values"].right == 2 and found.aspects["structure"].feedback == ()


def test_what_is_put_into_the_target_counts():
    seeded = xyz().apply(engine.edits.set_seed(xyz(), 2))
    assert grade(xyz(), seeded).feedback == [
        "The gradient put into the target is 2; it should be 1.",
        "The gradients follow from what is put into the target, f.",
    ]


def test_a_setting_counts_and_one_that_is_said_as_it_usually_is_does_not():
    rows = [("x", "input", [[1, 2], [3, 4]]), ("s", "sum", ["x"]), ("f", "sum", ["s"])]
    reference, usual = (graph_of(*rows, target="f", settings=said) for said in (None, {"s": {"axis": "all"}}))
    across = graph_of(*rows, target="f", settings={"s": {"axis": 0}})
    assert grade(reference, usual).full
    assert "s: the setting “Along axis” is 0; it should be all." in grade(reference, across).feedback


def test_an_empty_graph_and_a_half_finished_one_get_their_marks():
    found = grade(xyz(), Graph.of([]))
    assert found.points == 0 and "There is no target; it should be Multiply of q and z." in found.feedback
    half = xyz().apply(engine.edits.delete(xyz(), edges=[("f", 1)]))
    said = grade(xyz(), half)
    assert 0 < said.points < 10 and "f has no value yet; it should be −12." in said.feedback


# --- the rubric


def with_exercise(graph: Graph, **said) -> Graph:
    return Graph(graph.nodes, graph.edges, {**graph.facts, "exercise": said})


def test_the_rubric_says_what_each_is_worth_and_how_near_is_near():
    asked = with_exercise(xyz(), rubric={"structure": 20, "values": 0, "gradients": 10, "tolerance": 0.2})
    close = xyz().apply(engine.edits.set_value(xyz(), "x", -2.1))
    assert grade(asked, xyz()).of == 30
    assert grade(asked, close).full
    assert not grade(xyz(), close).full


def test_answers_are_right_as_exactly_as_they_are_given():
    asked = with_exercise(parse("x = 1; f = x / 3"), hidden=["f", "x"])

    def earned(**answers) -> tuple[int, list[str]]:
        found = grade(asked, with_exercise(parse("x = 1; f = x / 3"), answers=answers))
        return found.aspects["answers"].right, list(found.aspects["answers"].feedback)

    assert earned() == (0, [f"The {kind} of {id} is not answered." for id in "fx" for kind in ("value", "gradient")])
    assert earned(f={"value": 0.333, "gradient": 1})[0] == 2
    assert earned(f={"value": 0.33})[0] == 0  # two digits are no answer
    assert "The value of f is not 0.334." in earned(f={"value": 0.334})[1]
    full = {"f": {"value": 1 / 3, "gradient": 1}, "x": {"value": 1, "gradient": 0.3333}}
    assert earned(**full) == (4, [])


def test_answers_of_arrays_and_of_what_is_no_number():
    text = "x = np.array([1, 2]); f = sum(x * x)"
    asked = with_exercise(parse(text), hidden=["x"])
    right = with_exercise(parse(text), answers={"x": {"value": [1, 2], "gradient": [2, 4]}})
    ragged = with_exercise(parse(text), answers={"x": {"value": [[1], 2], "gradient": "nan"}})
    assert grade(asked, right).full
    assert grade(asked, ragged).aspects["answers"].right == 0
