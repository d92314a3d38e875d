"""What is unfinished or suspicious: found where it is, and silent where it is not."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.access import allow_data
from engine.errors import EditRefused
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import run, trace_of
from engine.truth.differences import gradcheck
from engine.truth.flow import gradient_by_depth
from engine.truth.unfinished import find_problems
from tests.building import chain, graph_of, xyz

RNG = np.random.default_rng(1)


def problems(graph, kind=None):
    trace = trace_of(make_plan(graph), leaf_values(graph), graph.seed)
    found = find_problems(graph, trace)
    return [p for p in found if kind is None or p.kind == kind]


def kinds(graph):
    return [p.kind for p in problems(graph)]


def test_a_sound_graph_has_none():
    assert problems(xyz()) == []


def test_what_is_unfinished_comes_first():
    graph = graph_of(("x", "input", None), ("y", "add", ["x"]), ("r", "relu", ["k"]), ("k", "input", -1.0), target="r")
    found = problems(graph)
    assert [p.severity for p in found] == sorted(
        (p.severity for p in found), key=["unfinished", "warning", "note"].index
    )
    assert {p.kind for p in found} == {"no value", "open port", "closed gate"}


def test_a_graph_without_a_target_offers_its_end():
    graph = graph_of(("x", "input", 1.0), ("y", "exp", ["x"]))
    [problem] = problems(graph, "no target")
    assert graph.apply(problem.fix.edit(graph)).target == "y"


def test_a_misfit_is_a_problem_at_its_node_naming_both_shapes():
    graph = graph_of(
        ("a", "input", np.ones((2, 3))), ("b", "input", np.ones(4)), ("n", "matmul", ["a", "b"]), target="n"
    )
    [problem] = problems(graph, "shapes")
    assert problem.ids == ("n",) and "(2, 3)" in problem.sentence and "(4,)" in problem.sentence


# --- losses and pairs


@pytest.mark.parametrize("op", ["mse", "mae", "squared_error", "bce_with_logits", "hinge"])
def test_n_against_n_by_1_in_a_loss_warns(op):
    graph = graph_of(("o", "input", np.ones((4, 1))), ("t", "constant", np.zeros(4)), ("L", op, ["o", "t"]), target="L")
    [problem] = problems(graph, "loss shapes")
    assert problem.severity == "warning" and problem.ids == ("L",)
    assert "(4, 1)" in problem.sentence and "(4,)" in problem.sentence and "(4, 4)" in problem.sentence


@pytest.mark.parametrize(("o", "t"), [((4,), (4,)), ((4, 1), (4, 1)), ((4,), ()), ((), ())])
def test_equal_shapes_and_one_target_for_all_do_not_warn(o, t):
    graph = graph_of(("o", "input", np.ones(o)), ("t", "constant", np.zeros(t)), ("L", "mse", ["o", "t"]), target="L")
    assert problems(graph, "loss shapes") == []


def test_class_ids_do_not_warn():
    graph = graph_of(
        ("z", "input", np.ones((2, 3))), ("t", "constant", [0, 2]), ("L", "cross_entropy", ["z", "t"]), target="L"
    )
    assert problems(graph, "loss shapes") == []


@pytest.mark.parametrize(
    ("first", "second", "kind", "becomes"),
    [
        ("softmax", "cross_entropy", "double softmax", "cross_entropy"),
        ("log_softmax", "cross_entropy", "double softmax", "cross_entropy"),
        ("softmax", "softmax", "double softmax", "softmax"),
        ("softmax", "log", "log of softmax", "log_softmax"),
        ("sigmoid", "bce_with_logits", "double sigmoid", "bce_with_logits"),
        ("sigmoid", "bce", "sigmoid before bce", "bce_with_logits"),
    ],
)
def test_two_that_should_be_one_warn_and_can_be_mended(first, second, kind, becomes):
    other = ["t"] if second in ("cross_entropy", "bce", "bce_with_logits") else []
    rows = [
        ("z", "parameter", [0.2, 0.5]),
        ("t", "constant", [0.0, 1.0]),
        ("p", first, ["z"]),
        ("L", second, ["p", *other]),
    ]
    graph = graph_of(*rows, target="L")
    [problem] = problems(graph, kind)
    assert problem.ids == ("p", "L") and problem.remedy
    mended = graph.apply(problem.fix.edit(graph))
    assert "p" not in mended.nodes and mended.nodes["L"].op_name == becomes
    assert kind not in kinds(mended) and gradcheck(mended).ok
    if second in ("log", "bce"):  # the same number, in one piece
        np.testing.assert_allclose(run(mended).value("L"), run(graph).value("L"))


def test_mending_keeps_the_axis_and_what_else_uses_the_softmax():
    rows = [("z", "parameter", np.ones((2, 2))), ("p", "softmax", ["z"]), ("l", "log", ["p"]), ("s", "mul", ["p", "l"])]
    graph = graph_of(*rows, target="s", settings={"p": {"axis": 0}})
    [problem] = problems(graph, "log of softmax")
    mended = graph.apply(problem.fix.edit(graph))
    assert "p" in mended.nodes and mended.nodes["l"].setting("axis") == 0
    np.testing.assert_allclose(run(mended).value("s"), run(graph).value("s"))


def test_a_softmax_along_another_axis_is_no_second_one():
    rows = [("z", "parameter", np.eye(2)), ("p", "softmax", ["z"]), ("q", "softmax", ["p"])]
    graph = graph_of(*rows, target="q", settings={"p": {"axis": 0}})
    assert "double softmax" not in kinds(graph)
    same = graph_of(*rows, target="q", settings={"p": {"axis": 1}})
    assert "double softmax" in kinds(same)


def test_what_is_said_of_two_softmaxes_and_sigmoids_is_true():
    sure = graph_of(("z", "input", [900.0, 0.0, -900.0]), ("p", "softmax", ["z"]), ("q", "softmax", ["p"]), target="q")
    [problem] = problems(sure, "double softmax")
    q = np.asarray(run(sure).value("q"))
    assert "no probability is more than e ≈ 2.72 times another" in problem.sentence
    assert 2 < q.max() / q.min() <= np.e * (1 + 1e-12)
    for x, said in ((37.1, 1.0), (-710.0, 0.0)):
        assert run(graph_of(("z", "input", x), ("p", "sigmoid", ["z"]), target="p")).value("p") == said
    assert run(graph_of(("z", "input", [0.0, -746.1]), ("p", "softmax", ["z"]), target="p")).value("p")[1] == 0
    ends = [run(graph_of(("z", "input", x), ("p", "sigmoid", ["z"]), target="p")).value("p") for x in (0.0, 1.0)]
    assert ends[0] == 0.5 and 0.73 < ends[1] < 0.732


# --- numbers that are none


def test_the_first_of_two_troubles_says_that_there_is_another():
    rows = [
        ("x", "input", 1.0),
        ("z", "input", 0.0),
        ("q", "div", ["x", "z"]),
        ("n", "neg", ["x"]),
        ("l", "log", ["n"]),
    ]
    first, second = problems(graph_of(*rows, ("s", "add", ["q", "l"]), target="s"), "non-finite")
    assert first.ids == ("q",) and "it divides by zero" in first.sentence
    assert first.sentence.endswith(" l is not finite either, for a reason of its own.")
    assert second.ids == ("l",) and "exists above zero" in second.sentence and second.remedy != first.remedy


def test_a_power_names_the_trouble_that_it_is_in():
    said = {}
    for base, exponent in ((0.0, -1.0), (-2.0, 0.5)):
        rows = [("a", "input", base), ("b", "input", exponent), ("y", "pow", ["a", "b"])]
        [said[base]] = problems(graph_of(*rows, target="y"), "non-finite")
    assert "zero has no negative power" in said[0.0].sentence and "fractional" not in said[0.0].sentence
    assert "no fractional power" in said[-2.0].sentence and "zero" not in said[-2.0].sentence
    both = graph_of(("a", "input", [0.0, -2.0]), ("b", "input", [-1.0, 0.5]), ("y", "pow", ["a", "b"]), target="y")
    [problem] = problems(both, "non-finite")
    assert "negative power" in problem.sentence and "fractional power" in problem.sentence


def test_what_is_nan_is_not_called_too_large():
    rows = [("a", "input", [1e200, -1e200]), ("b", "input", [1e200, 1e200]), ("y", "vecdot", ["a", "b"])]
    [problem] = problems(graph_of(*rows, target="y"), "non-finite")
    assert "y is nan" in problem.sentence
    assert "a number on the way to the result is too large for a 64-bit float" in problem.sentence


def test_the_first_non_finite_node_is_named_with_its_inputs_and_why():
    rows = [("x", "input", -1.0), ("y", "log", ["x"]), ("z", "square", ["y"]), ("w", "exp", ["z"])]
    [problem] = problems(graph_of(*rows, target="w"), "non-finite")
    assert problem.ids == ("y",)
    assert "Logarithm was given −1" in problem.sentence and "only exists above zero" in problem.sentence


def test_an_overflow_is_explained_too_and_a_leaf_that_holds_none():
    [problem] = problems(graph_of(("x", "input", 1e200), ("y", "square", ["x"]), target="y"), "non-finite")
    assert "too large for a 64-bit float" in problem.sentence and problem.remedy
    [problem] = problems(graph_of(("x", "input", np.nan), ("y", "square", ["x"]), target="y"), "non-finite")
    assert problem.ids == ("x",) and "holds nan" in problem.sentence


def test_a_tensor_says_how_many_elements_and_in_which_range_its_inputs_were():
    [problem] = problems(
        graph_of(("x", "input", np.linspace(-2, 9, 12)), ("y", "log", ["x"]), target="y"), "non-finite"
    )
    assert "in 3 of 12 elements" in problem.sentence and "between −2 and 9" in problem.sentence


def test_a_gradient_may_be_non_finite_where_no_value_is():
    [problem] = problems(graph_of(("x", "input", 0.0), ("y", "sqrt", ["x"]), target="y"), "non-finite gradient")
    assert problem.ids == ("y", "x") and "∞" in problem.sentence and "slope is not finite" in problem.sentence


# --- the flow


def sigmoids(count, first=0.5):
    return chain(count, "sigmoid")


def test_a_vanishing_gradient_is_named_with_both_ends():
    [problem] = problems(sigmoids(10), "vanishing")
    assert problem.severity == "warning" and problem.ids[:2] == ("x", "n9") and "n4" in problem.ids
    assert "10 steps back" in problem.sentence and "ReLU" in problem.remedy
    [problem] = problems(sigmoids(2000), "vanishing")  # until nothing at all is left
    assert "n1999" in problem.ids
    assert "vanishing" not in kinds(chain(10, "neg")) + kinds(sigmoids(3))


def test_an_exploding_gradient():
    rows = [("x", "input", 0.1), ("k", "constant", 20.0)]
    rows += [(f"n{i}", "mul", [f"n{i - 1}" if i else "x", "k"]) for i in range(6)]
    [problem] = problems(graph_of(*rows, target="n5"), "exploding")
    assert problem.ids == ("x", "n5", "k") and "6.4e+7" in problem.sentence.replace("e7", "e+7")


def test_a_small_error_is_no_vanishing_gradient():
    rows = [("x", "input", 1.0)] + [(f"n{i}", "neg", [f"n{i - 1}" if i else "x"]) for i in range(6)]
    graph = graph_of(*rows, ("t", "constant", 1.0 + 1e-7), ("L", "mse", ["n5", "t"]), target="L")
    assert "vanishing" not in kinds(graph)


def test_the_gradient_by_depth_is_there_as_data():
    trace = run(sigmoids(4))
    rows = gradient_by_depth(trace)
    assert [row.depth for row in rows] == [0, 1, 2, 3, 4]
    assert [row.ids for row in rows] == [("n3",), ("n2",), ("n1",), ("n0",), ("x",)]
    for row in rows:
        assert row.total == row.largest == abs(float(trace.gradient(row.node)))
    diamond = graph_of(("x", "input", 1.0), ("y", "exp", ["x"]), ("z", "mul", ["y", "x"]), target="z")
    assert [row.ids for row in gradient_by_depth(run(diamond))] == [("z",), ("y",), ("x",)]
    assert gradient_by_depth(run(graph_of(("x", "input", 1.0), ("y", "exp", ["x"])))) == []


@pytest.mark.parametrize("op", ["sigmoid", "tanh"])
@pytest.mark.parametrize(("x", "severity"), [(9.0, "note"), ([9.0, -8.0, 12.0], "warning")])
def test_saturation(op, x, severity):
    [problem] = problems(graph_of(("x", "input", x), ("y", op, ["x"]), target="y"), "saturated")
    assert problem.ids == ("y", "x") and problem.severity == severity
    assert problems(graph_of(("x", "input", np.asarray(x) / 10), ("y", op, ["x"]), target="y"), "saturated") == []


def test_a_single_closed_gate_is_a_note_and_many_are_one_note():
    [problem] = problems(graph_of(("x", "input", -2.0), ("y", "relu", ["x"]), target="y"), "closed gate")
    assert problem.severity == "note" and problem.ids == ("y",)
    leaves = [(f"x{i}", "input", -1.0) for i in range(6)]
    gates = [(f"r{i}", "relu", [f"x{i}"]) for i in range(6)]
    graph = graph_of(*leaves, *gates, ("s", "add", [id for id, _, _ in gates]), target="s")
    [problem] = problems(graph, "closed gate")
    assert "6 ReLU gates" in problem.sentence and len(problem.ids) == 6


def test_units_that_are_closed_for_a_whole_batch_are_dead():
    x = np.array([[1.0, -1, 2], [3.0, -2, -1], [-1.0, -3, 4]])
    [problem] = problems(graph_of(("x", "input", x), ("y", "relu", ["x"]), target="y"), "dead")
    assert "1 of 3 units is dead" in problem.sentence and "on all 3 rows" in problem.sentence
    assert problem.severity == "note"
    graph = graph_of(("x", "input", np.repeat(x, 6, axis=0)), ("y", "relu", ["x"]), target="y")
    assert [p.severity for p in problems(graph, "dead")] == ["warning"]
    [problem] = problems(graph_of(("x", "input", [-1.0, -2]), ("y", "relu", ["x"]), target="y"), "dead")
    assert "all 2 elements" in problem.sentence
    assert "dead" not in kinds(graph_of(("x", "input", [-1.0, 2]), ("y", "relu", ["x"]), target="y"))


def test_a_leaf_that_does_not_reach_the_target():
    graph = graph_of(("x", "input", 1.0), ("lost", "parameter", 1.0), ("y", "exp", ["x"]), target="y")
    [problem] = problems(graph, "detached")
    assert problem.ids == ("lost",) and problem.severity == "note"


def test_every_problem_ends_its_sentences_and_says_what_to_do():
    graph = graph_of(
        ("x", "input", np.full((3, 2), -9.0)),
        ("r", "relu", ["x"]),
        ("s", "sigmoid", ["x"]),
        ("p", "softmax", ["s"]),
        ("q", "log", ["p"]),
        ("L", "mse", ["q", "t"]),
        ("t", "constant", np.ones(2)),
        ("k", "add", ["x"]),
        target="L",
    )
    found = problems(graph)
    assert {"loss shapes", "saturated", "log of softmax", "open port"} <= {p.kind for p in found}
    assert all(p.sentence.endswith(".") and p.remedy.endswith(".") and p.ids for p in found)


def test_a_fix_that_no_longer_fits_is_refused_and_changes_nothing():
    rows = [("z", "parameter", [0.2, 0.5]), ("p", "softmax", ["z"]), ("L", "log", ["p"])]
    graph = graph_of(*rows, target="L")
    [problem] = problems(graph, "log of softmax")
    without = graph_of(("z", "parameter", 1.0), ("p", "softmax", ["z"]), target="p")
    with pytest.raises(EditRefused):
        problem.fix.edit(without)


# --- numbers of any size

SIZES = (0.0, 5e-324, 1e-200, 1e-9, 1.0, -3.0, 1e9, -1e160, 1e200, 1.7e308, math.inf, math.nan)


@settings(deadline=None)
@given(
    st.sampled_from(SIZES), st.sampled_from(SIZES), st.sampled_from(SIZES),
    st.sampled_from(["", "sigmoid", "relu", "tanh", "gelu"]),
    st.sampled_from(["mse", "mae", "bce_with_logits", "hinge"]),
)  # fmt: skip
def test_numbers_of_any_size_are_judged_without_a_warning(x, weight, target, op, loss):
    rows = np.linspace(0.5, 1, 8)[:, None]
    features = np.hstack([x * rows, rows])
    layers = [("z", "linear", ["x", "W", "b"])] + ([("y", op, ["z"])] if op else [])
    graph = graph_of(
        ("x", "input", features), ("W", "parameter", [[weight, 1.0]]), ("b", "parameter", [0.0]),
        ("t", "constant", target * rows), *layers, ("L", loss, ["y" if op else "z", "t"]), target="L",
    )  # fmt: skip
    for problem in problems(graph):
        assert problem.sentence.endswith(".") and problem.ids


SHAPES = ((), (1,), (9,), (1, 1), (9, 1), (1, 9), (9, 3), (1, 9, 3))  # an empty array is no value


@pytest.mark.parametrize("loss", ["mse", "mae", "squared_error", "bce", "bce_with_logits", "hinge", "cross_entropy"])
def test_outputs_and_targets_of_any_shapes_are_judged(loss):
    """One is copied along the rows of the other where the loss allows it; where it does not, that is the problem."""
    for outputs, targets, op in product(SHAPES, SHAPES, ("", "sigmoid", "softmax")):
        layers = [("y", op, ["x"])] if op else []
        graph = graph_of(
            ("x", "parameter", np.linspace(-1, 1, int(np.prod(outputs))).reshape(outputs)),
            ("t", "constant", np.ones(targets)), *layers, ("L", loss, ["y" if op else "x", "t"]), target="L",
        )  # fmt: skip
        for problem in problems(graph):
            assert problem.sentence.endswith(".") and problem.ids


@pytest.mark.parametrize(
    ("text", "chosen", "said", "remedy"),
    [
        ("", {}, "the file is empty", "Choose a file with rows in it."),
        ("1.5,2.5,a\n2,3,b\n", {}, "must name the columns", "untick “The first line names the columns”"),
        ("a,b\n", {}, "no rows below the header", "untick “The first line names the columns”"),
        ("a,b\n1,2\n,3\n", {}, "is empty", "tick “Leave out rows with gaps”"),
        ("a,b\n1,2\n", {"columns": "c"}, "there is no column “c”", "name other columns"),
        ("a,b\n1,2\n3,4.5\n", {"targets": "one-hot"}, "holds numbers", "“Targets given as”"),
        (None, {}, "choose a CSV file", "press “Choose …” beside “CSV file”"),
    ],
)
def test_rows_that_cannot_be_read_point_to_what_helps(tmp_path, text, chosen, said, remedy):
    file = tmp_path / "rows.csv"
    file.write_text(text or "")
    allow_data(file)
    chosen = {"name": "csv", "path": str(file) if text is not None else "", **chosen}
    graph = Graph.of([Node("data", "dataset", settings=tuple(sorted(chosen.items())))], [])
    problem = next(
        each for each in find_problems(graph, trace_of(make_plan(graph), leaf_values(graph))) if each.ids == ("data",)
    )
    assert said in problem.sentence and remedy in problem.remedy
    assert "other data" not in problem.remedy


def test_of_several_kinds_of_what_is_not_finite_each_is_named():
    [problem] = problems(graph_of(("x", "input", [1.0, np.nan, np.inf]), ("y", "sum", ["x"]), target="y"), "non-finite")
    assert problem.sentence == "x holds ∞ or nan in 2 of 3 elements."
