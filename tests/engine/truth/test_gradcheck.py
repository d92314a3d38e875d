"""The proof itself: it passes what is right, fails what is wrong, and says kink where there is no derivative."""

import dataclasses
import json
import warnings

import numpy as np
import pytest

from engine.cli import main
from engine.errors import PlanError
from engine.ops.kernel import bind, rule_text
from engine.ops.op import OPS
from engine.passes.run import holding, sent_back
from engine.passes.templates import texts
from engine.text.read import parse
from engine.truth.differences import gradcheck, h_sweep
from tests.building import chain, graph_of, xyz
from tests.engine.broadcasts import behind_sums, patterns
from tests.engine.export_cases import example_graphs
from tests.engine.smooth_graphs import random_graph


def test_a_right_graph_passes_element_by_element():
    report = gradcheck(xyz())
    assert report.ok and report.worst < 1e-8
    assert [(leaf.leaf, leaf.verdict) for leaf in report.leaves] == [("x", "ok"), ("y", "ok"), ("z", "ok")]


@pytest.fixture
def wrong_sigmoid(monkeypatch):
    """A sigmoid that thinks that its slope is its value."""
    monkeypatch.setitem(OPS, "sigmoid", dataclasses.replace(OPS["sigmoid"], local=("y",)))
    yield
    bind.cache_clear()


def test_a_wrong_rule_is_found(wrong_sigmoid):
    graph = graph_of(("x", "input", [0.5, -1]), ("y", "sigmoid", ["x"]), ("s", "sum", ["y"]), target="s")
    report = gradcheck(graph)
    assert not report.ok and report.count("mismatch") == 2
    assert report.worst > 0.1
    assert main(["check", "--expr", "sigmoid(x)", "--set", "x=0.5"]) == 1


@pytest.mark.parametrize(
    ("op", "values"),
    [
        ("relu", [0.0]),
        ("relu", [1e-9]),
        ("abs", [0.0]),
        ("leaky_relu", [0.0]),
        ("max", [1.5, 1.5]),
        ("min", [-2.0, -2.0]),
        ("hinge", [0.5, 2.0]),
        ("mae", [3.0, 3.0]),
    ],
)
def test_at_a_corner_it_says_kink(op, values):
    leaves = [(f"a{i}", "input", value) for i, value in enumerate(values)]
    report = gradcheck(graph_of(*leaves, ("n", op, [id for id, _, _ in leaves]), target="n"))
    assert report.ok
    assert report.count("kink") >= 1 and report.count("mismatch") == 0


def test_a_corner_further_on_counts_too_but_only_for_its_element():
    leaves = [("x", "input", [1.0, 2.0]), ("k", "constant", [-2.0, 5.0]), ("two", "constant", 2.0)]
    rows = [("s", "mul", ["x", "two"]), ("d", "add", ["s", "k"]), ("r", "relu", ["d"]), ("L", "sum", ["r"])]
    graph = graph_of(*leaves, *rows, target="L")
    assert list(gradcheck(graph).leaves[0].verdicts) == ["kink", "ok"]


def test_where_the_target_is_not_finite_it_says_undefined():
    report = gradcheck(graph_of(("x", "input", -1.0), ("y", "sqrt", ["x"]), target="y"))
    assert report.leaves[0].verdict == "undefined" and report.ok


@pytest.mark.parametrize("rows", [[("f", "div", ["x", "x"])], [("q", "div", ["x", "x"]), ("f", "equal", ["q", "q"])]])
def test_what_is_no_number_has_no_slope_to_be_wrong(rows):
    report = gradcheck(graph_of(("x", "input", 0.0), *rows, target="f"))
    assert report.leaves[0].verdict == "undefined" and report.ok


def test_large_and_steep_and_seeded_functions_pass():
    steep = graph_of(("x", "input", 30.0), ("y", "exp", ["x"]), target="y", seed=10)
    small = graph_of(("x", "input", 1e-3), ("c", "constant", 1.0), ("y", "div", ["c", "x"]), target="y")
    large = graph_of(("x", "input", 1e6), ("y", "square", ["x"]), target="y", seed=-3)
    assert all(gradcheck(graph).ok for graph in (steep, small, large))


def test_a_vector_target_is_checked_with_its_ones():
    graph = graph_of(("x", "input", [1.0, 2]), ("y", "square", ["x"]), target="y")
    np.testing.assert_allclose(gradcheck(graph).leaves[0].numeric, [2, 4], rtol=1e-8)


def test_leaves_that_do_not_reach_the_target_are_zero_and_constants_are_left_out():
    leaves = [("x", "input", 1.0), ("lost", "input", 2.0), ("c", "constant", 3.0)]
    report = gradcheck(graph_of(*leaves, ("y", "mul", ["x", "c"]), target="y"))
    assert [(leaf.leaf, float(leaf.numeric), leaf.verdict) for leaf in report.leaves] == [
        ("x", pytest.approx(3.0), "ok"),
        ("lost", 0.0, "ok"),
    ]


def test_a_sample_of_a_large_leaf():
    graph = graph_of(("x", "input", np.linspace(0.1, 1, 500)), ("y", "log", ["x"]), target="y")
    [leaf] = gradcheck(graph, most=20).leaves
    assert leaf.count("ok") == 20 and leaf.count("skipped") == 480 and leaf.worst < 1e-6


def test_it_can_be_asked_for_some_leaves_another_target_and_other_values():
    report = gradcheck(xyz(), target="q", values={"x": 7}, leaves=["x"])
    assert report.target == "q" and [float(leaf.analytic) for leaf in report.leaves] == [1.0]
    with pytest.raises(PlanError, match="not a leaf that gets a gradient"):
        gradcheck(xyz(), leaves=["q"])


def test_without_a_target_there_is_nothing_to_check():
    with pytest.raises(PlanError, match="no target"):
        gradcheck(graph_of(("x", "input", 1.0), ("y", "exp", ["x"])))


def test_a_long_chain_does_not_recurse():
    assert gradcheck(chain(3000)).ok


def test_the_sweep_falls_by_truncation_and_rises_by_round_off():
    graph = graph_of(("x", "input", [0.3, 1.0]), ("y", "exp", ["x"]), target="y")
    points = h_sweep(graph, "x", (1,))
    errors = [point.error for point in points]
    best = int(np.argmin(errors))
    assert 1e-8 < points[best].h < 1e-3 and errors[best] < 1e-9
    assert errors[0] > 1e-5 and errors[-1] > 1e-2
    rising = [point.error for point in points if point.h > 1e-3]
    assert rising == sorted(rising)
    coarse, fine = h_sweep(graph, "x", (1,), steps=[1e-2, 1e-3])
    assert coarse.error / fine.error == pytest.approx(100, rel=0.01)  # h² law


@pytest.mark.parametrize(
    ("text", "x"),
    [("1 / x", 1e-9), ("log(x)", 1e-6), ("sqrt(x)", 1e-10), ("log(x)", 1e-300), ("sin(x)", 1e6), ("sin(1e6 * x)", 0.5)],
)
def test_a_true_gradient_is_never_called_wrong_however_steep_or_far_out(text, x):
    report = gradcheck(parse(text), values={"x": x})
    assert report.leaves[-1].verdict == "ok" and report.worst < 1e-5


def test_the_smallest_number_can_be_probed():
    """A step of half of it is no step."""
    assert gradcheck(parse("log(x)"), values={"x": 5e-324}).leaves[-1].verdict != "mismatch"


def test_a_wrong_gradient_is_found_also_where_steps_are_fine(monkeypatch):
    monkeypatch.setitem(OPS, "log", dataclasses.replace(OPS["log"], local=("1.001 / x",)))
    for x in (1e-9, 1.0, 1e6):
        assert gradcheck(parse("log(x)"), values={"x": x}).leaves[0].verdict == "mismatch"
    bind.cache_clear()


# --- the tolerance: an error in the seventh digit is found, and nothing else is


@pytest.mark.parametrize("name", [op.name for op in OPS.values() if not op.is_leaf])
def test_an_error_in_the_seventh_digit_of_any_rule_is_found(name, monkeypatch):
    op = OPS[name]
    field = "local" if op.local else "vjp"
    for port, text in enumerate(rules := getattr(op, field)):
        wrong = (*rules[:port], f"({text}) * 1.0000001", *rules[port + 1 :])
        monkeypatch.setitem(OPS, name, dataclasses.replace(op, **{field: wrong}))
        shapes = list(patterns(op))
        for chosen in shapes[:: max(1, len(shapes) // 3)]:
            leaf = next(leaf for leaf in gradcheck(behind_sums(op, chosen), most=3).leaves if leaf.leaf == f"a{port}")
            asked = np.asarray(leaf.analytic)[leaf.verdicts != "skipped"]
            assert leaf.wrong_one == "both" or not np.any(asked), (chosen, leaf)
    bind.cache_clear()


def test_no_example_and_no_random_graph_is_accused():
    examples = [graph for _, graph in example_graphs() if graph.target is not None]
    computed = sorted(op.name for op in OPS.values() if not op.is_leaf and op.name != "one_hot")
    graphs = [*examples, *(random_graph(seed, 1 + seed % 18, computed) for seed in range(300))]
    for number, graph in enumerate(graphs):
        report = gradcheck(graph, most=6)
        assert report.ok and not report.count("undefined"), (number, report)


@pytest.mark.parametrize(
    ("text", "x", "verdict"),
    [
        ("sqrt(x * x)", 0.0, "kink"),
        ("sqrt(relu(x))", 0.0, "kink"),
        ("x * log(x)", 0.0, "undefined"),
        ("sin(1e14 * x)", 0.5, "undefined"),
        ("(x + 1e8) - 1e8", 0.5, "ok"),
        ("log(1 - tanh(x))", 12.0, "ok"),
        ("bce_with_logits(x, 1)", 25.0, "ok"),
        ("cross_entropy(x, 0)", [15.0, 0.0], "ok"),
        ("gelu(x)", -26.0, "ok"),
    ],
)
def test_what_rounding_and_corners_explain_is_not_called_wrong(text, x, verdict):
    assert [leaf.verdict for leaf in gradcheck(parse(text), values={"x": x}).leaves if leaf.leaf == "x"] == [verdict]


# --- both executors are asked


@pytest.fixture
def wrong_in_training(monkeypatch):
    """The compiled function alone has a wrong slope of exp and of relu."""

    def wrong(op, *names):
        text, is_local = rule_text(op, *names)
        return {"exp": f"1.0000001 * {text}", "relu": "where(in0 < 0, 0.0, 1.0)"}.get(op.name, text), is_local

    monkeypatch.setattr("engine.passes.templates.rule_text", wrong)
    texts.cache_clear()
    yield
    texts.cache_clear()


@pytest.mark.parametrize("x", [0.5, [0.5, -1.0]])
def test_it_says_when_only_training_is_wrong(x, wrong_in_training, capsys):
    [leaf] = gradcheck(parse("sum(exp(x))"), values={"x": x}).leaves
    assert leaf.verdict == "mismatch" and leaf.wrong_one == "compiled" and (leaf.wrong == "compiled").all()
    assert main(["check", "--expr", "sum(exp(x))", "--set", f"x={x}"]) == 1
    assert "in training, but not step by step" in capsys.readouterr().out


def test_it_says_when_only_the_steps_are_wrong(monkeypatch, capsys):
    def wrong(*given):
        local, contribution = sent_back(*given)
        return local, contribution * 1.0000001

    monkeypatch.setattr("engine.passes.run.sent_back", wrong)
    assert gradcheck(parse("exp(x) * x"), values={"x": 0.5}).wrong_one == "stepper"
    assert main(["check", "--expr", "exp(x) * x", "--set", "x=0.5", "--json"]) == 1
    record = json.loads(capsys.readouterr().out)
    assert record["wrong"] == record["leaves"]["x"]["wrong"] == "stepper"


def test_the_two_must_agree_at_a_corner_too(wrong_in_training):
    [leaf] = gradcheck(parse("relu(x)"), values={"x": 0.0}).leaves
    assert leaf.verdict == "mismatch" and leaf.wrong_one == "one"


def test_a_compiled_function_that_fails_is_a_finding_and_no_crash(monkeypatch):
    monkeypatch.setattr("engine.passes.compile.undoing", lambda has, wants: (has, ()))
    graph, values = parse("t = a + b; f = bce_with_logits(z, t)"), {"z": [1.5, -0.5], "a": [[0.1, 0.2]] * 3, "b": [0.7]}
    report = gradcheck(graph, values=values)
    assert report.wrong_one == "compiled"


def test_a_defect_of_a_rule_is_no_finding_but_comes_out(monkeypatch):
    def broken(has, wants):
        raise TypeError("a rule was called as it cannot be")

    monkeypatch.setattr("engine.passes.compile.undoing", broken)
    with pytest.raises(TypeError, match="a rule was called"):
        gradcheck(parse("f = (x + y) * z"), values={"x": [1.0, 2.0], "y": 0.5, "z": 3.0})


def test_where_the_target_is_not_finite_nothing_agrees_and_nothing_is_warned_of():
    verdicts = {leaf.leaf: leaf.verdict for leaf in gradcheck(parse("x ** y"), values={"x": 0, "y": 0}).leaves}
    assert verdicts == {"x": "ok", "y": "undefined"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert gradcheck(parse("x * 0"), values={"x": np.inf}).leaves[0].verdict == "undefined"
        assert gradcheck(parse("x * y + 1"), values={"x": np.inf, "y": 1e308}).ok
        assert gradcheck(parse("sum(x, axis='all')"), values={"x": [1e308, 1e308]}).leaves[0].verdict == "undefined"


def test_a_large_class_id_is_moved_no_further_than_it_may():
    values = {"z": np.zeros(300), "t": 250}
    assert gradcheck(parse("cross_entropy(z, t)"), values=values, most=3).ok
    points = h_sweep(holding(parse("cross_entropy(z, t)"), values), "t")
    assert points[0].error == 0 and any(np.isnan(point.numeric) for point in points)


def test_the_command_prints_a_table_or_json_and_kinks_are_no_failure(capsys):
    assert main(["check", "--expr", "relu(w * x)", "--set", "w=2", "--set", "x=0"]) == 0
    said = capsys.readouterr().out
    assert "kink" in said and "verdict" in said
    assert main(["check", "--expr", "sum(x * x)", "--set", "x=[1, 2]", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["ok"] is True and record["leaves"]["x"]["gradient"] == [2, 4]
    assert record["leaves"]["x"]["verdicts"] == ["ok", "ok"]
    assert main(["check", "--expr", "exp(x)", "--set", "x=[1, 2]", "--sweep", "x", "--index", "[1]", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["points"]) == 40


@pytest.mark.parametrize(
    "words",
    [
        ["--sweep", "nothing"],
        ["--sweep", "x", "--index", "[9]"],
        ["--sweep", "x", "--index", "?"],
        ["--most", "0"],
        ["--tolerance", "-1"],
        ["--tolerance", "nan"],
        ["--tolerance", "1e400"],
        ["--tolerance", "1.5"],
    ],
)
def test_wrong_input_is_one_sentence_and_code_2(words, capsys):
    assert main(["check", "--expr", "exp(x)", "--set", "x=[1, 2]", *words]) == 2
    out, err = capsys.readouterr()
    assert not out and err.startswith("gradloom: ") and err.count("\n") == 1
