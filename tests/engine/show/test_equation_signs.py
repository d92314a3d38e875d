"""What equations look like: the signs of this graph, the place of an argument, the letter of the goal, true rules."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import ziamath

from engine.export.target import export_graph
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.passes.trace import ContributionStep
from engine.show.equation import Equation, equations_of
from engine.show.explain import explain
from engine.show.wording import WORDINGS, Wording
from tests.building import graph_of, xyz


def told(graph: Graph, *kinds: str) -> list[str]:
    """The texts of a graph's equations of these kinds."""
    return [equation.text for equation in equations(graph) if equation.kind in kinds]


def equations(graph: Graph) -> list[Equation]:
    trace = run(graph)
    return [equation for step in trace.steps for equation in equations_of(graph, trace, step)]


def fan_out(seed: float = 1.0) -> Graph:
    """f = 2x + 3x as the nodes q and p, each used five times as much."""
    return graph_of(
        ("x", "input", 4), ("a", "constant", 3), ("b", "constant", 2), ("c", "constant", 5),
        ("p", "mul", ["x", "a"]), ("q", "mul", ["x", "b"]), ("s", "add", ["p", "q"]), ("f", "mul", ["s", "c"]),
        target="f", seed=seed,
    )  # fmt: skip


def test_one_path_is_a_contribution_and_all_of_them_the_gradient():
    assert told(fan_out(), "contribution", "gradient")[-3:] == [
        "∂f/∂q · ∂q/∂x = 5 × 2 = 10",
        "∂f/∂p · ∂p/∂x = 5 × 3 = 15",
        "∂f/∂x = 10 + 15 = 25",
    ]
    parts = [e.part for e in equations(fan_out()) if e.of == "x" and e.kind == "contribution"]
    assert parts == [(1, 2), (2, 2)]


def test_the_first_of_several_says_that_more_are_to_come():
    graph = fan_out()
    trace = run(graph)
    *_, first, last = trace.steps
    assert explain(graph, trace, first).caption == (
        "q sends 10 back to x: ∂f/∂q · ∂q/∂x = 5 × 2 = 10 (1 of 2, more to come)."
    )
    assert explain(graph, trace, last).caption.endswith("= 15 (2 of 2). Together: ∂f/∂x = 10 + 15 = 25.")


def test_a_sum_that_would_fill_the_line_is_told_by_its_result():
    graph = graph_of(
        ("x", "input", [1, -2, 0.5, 3]), ("k", "relu", ["x"]), ("q", "mul", ["x", "k"]), ("s", "add", ["q", "x"]),
        ("f", "sum", ["s"]), target="f",
    )  # fmt: skip
    trace = run(graph)
    *_, last = trace.steps
    assert explain(graph, trace, last).caption.endswith("(3 of 3). Together: ∂f/∂x = [3, 1, 2, 7].")
    assert explain(graph, trace, last).numbers.count(" + ") == 2  # the inspector has them all


def test_a_seed_makes_a_quantity_of_its_own():
    graph = graph_of(("x", "input", 2), ("y", "input", 3), ("z", "mul", ["x", "y"]), target="z", seed=10)
    assert told(graph, "seed", "gradient") == [
        "∂L/∂z = 10, where L = 10 · z",
        "∂L/∂x = ∂L/∂z · ∂z/∂x = 10 × 3 = 30",
        "∂L/∂y = ∂L/∂z · ∂z/∂y = 10 × 2 = 20",
    ]


def test_the_letter_is_no_name_of_a_node():
    graph = graph_of(("x", "input", 2), ("L", "square", ["x"]), ("J", "exp", ["L"]), target="J", seed=2)
    assert told(graph, "seed")[0].endswith(" = 2, where E = 2 · J")
    one = graph_of(("x", "input", 2), ("L", "square", ["x"]), target="L")
    assert told(one, "seed") == ["∂L/∂L = 1"]


def test_at_the_target_nothing_is_circular():
    assert told(xyz(), "gradient")[:2] == ["∂f/∂q = seed · z = 1 × (−4) = −4", "∂f/∂z = seed · q = 1 × 3 = 3"]
    named = graph_of(("seed", "input", 2), ("y", "square", ["seed"]), target="y")
    assert told(named, "gradient") == ["∂y/∂seed = the seed · 2 · seed = 1 × 4 = 4"]
    picked = graph_of(("a", "input", [1, 2]), ("f", "index", ["a"]), target="f", settings={"f": {"at": "0"}})
    assert told(picked, "gradient") == ["∂f/∂a = (∂index(a)/∂a)ᵀ seed = [1, 0]"]


def test_a_use_of_a_node_is_named_where_there_are_more_ways():
    thrice = graph_of(("x", "input", 2), ("y", "add", ["x", "x", "x"]), target="y")
    assert told(thrice, "local", "gradient") == [
        "∂y/∂(1st x) = 1", "∂y/∂(2nd x) = 1", "∂y/∂(3rd x) = 1", "∂y/∂x = 1 + 1 + 1 = 3",
    ]  # fmt: skip
    both = graph_of(
        ("x", "input", 2), ("y", "input", 3), ("p", "mul", ["x", "y"]), ("f", "mul", ["p", "x"]), target="f"
    )
    assert told(both, "local", "gradient") == [
        "∂f/∂p = x = 2", "∂f/∂p = seed · x = 1 × 2 = 2", "∂f/∂(x directly) = p = 6",
        "∂p/∂x = y = 3", "∂f/∂x = 6 + 6 = 12", "∂p/∂y = x = 2", "∂f/∂y = ∂f/∂p · ∂p/∂y = 2 × 2 = 4",
    ]  # fmt: skip


def test_what_broadcasting_repeats_is_named_as_a_copy_and_what_it_only_meets_is_not():
    rows = ("X", "input", [[1, 2], [3, 4]]), ("b", "parameter", [5, 6]), ("z", "mul", ["X", "b"])
    graph = graph_of(*rows, ("f", "sum", ["z"]), target="f")
    assert [text.partition(" = ")[0] for text in told(graph, "local")] == ["∂z/∂X", "∂z/∂(copy of b)"]
    one = graph_of(("x", "input", [1]), ("y", "input", 2), ("z", "mul", ["x", "y"]), ("f", "sum", ["z"]), target="f")
    assert [text.partition(" = ")[0] for text in told(one, "local")] == ["∂z/∂x", "∂z/∂y"]


def test_nodes_of_one_label_are_told_apart_and_labels_are_used():
    graph = graph_of(("a", "input", 3), ("b", "input", 4), ("y", "add", ["a", "b"]), target="y")
    nodes = [replace(node, label={"y": "out"}.get(node.id, "same")) for node in graph.nodes.values()]
    assert told(Graph.of(nodes, graph.edges.values(), target="y"), "value")[-1] == "out = a + b = 3 + 4 = 7"
    crossed = [replace(node, label={"y": "a"}.get(node.id, "")) for node in graph.nodes.values()]
    assert told(Graph.of(crossed, graph.edges.values(), target="y"), "value")[-1] == "y = a + b = 3 + 4 = 7"


def layer() -> Graph:
    return graph_of(
        ("x", "input", [[1, 2], [3, 4], [5, 6]]), ("W", "parameter", [[1, 0], [0, 1]]), ("b", "parameter", [0, 0]),
        ("t", "input", [0, 1, 1]), ("z", "linear", ["x", "W", "b"]), ("loss", "cross_entropy", ["z", "t"]),
        target="loss",
    )  # fmt: skip


def test_arrays_have_their_true_rule():
    texts = " | ".join(told(layer(), "gradient"))
    assert "∂loss/∂z = (softmax(z) − onehot(t)) / 3 = (3×2 matrix)" in texts
    assert "∂loss/∂W = (∂loss/∂z)ᵀ @ x = [[" in texts
    assert "∂loss/∂b = Σ over the batch of ∂loss/∂z = [" in texts
    latex = [e.latex for e in equations(layer()) if e.kind == "gradient"]
    grad = r"\frac{\partial \mathrm{loss}}{\partial z}"
    assert rf"\frac{{\partial \mathrm{{loss}}}}{{\partial W}} = {{\left({grad}\right)}}^{{\top}} \, x" in latex
    assert rf"\frac{{\partial \mathrm{{loss}}}}{{\partial b}} = \sum_{{\text{{batch}}}} {grad}" in latex


def test_one_hot_targets_leave_p_minus_t():
    one_hot = graph_of(
        ("z", "input", [1, 2, 3]), ("t", "input", [0, 1, 0]), ("c", "cross_entropy", ["z", "t"]), target="c"
    )
    assert told(one_hot, "gradient")[0].startswith("∂c/∂z = softmax(z) − t = ")
    counts = graph_of(
        ("z", "input", [1, 2, 3]), ("t", "input", [0, 2, 0]), ("c", "cross_entropy", ["z", "t"]), target="c"
    )
    assert told(counts, "gradient")[0].startswith("∂c/∂z = softmax(z) ⊙ (Σ t) − t = ")


def test_vectors_meet_matrices_and_a_product_that_was_widened_is_no_product():
    row = graph_of(
        ("x", "input", [1, 2]), ("W", "parameter", [[1, 0], [3, 1]]), ("y", "matmul", ["W", "x"]), target="y"
    )
    assert told(row, "gradient")[0].startswith("∂L/∂W = (∂L/∂y) ⊗ x = [1, 1] ⊗ [1, 2] = ")
    assert told(row, "gradient")[1].startswith("∂L/∂x = Wᵀ @ (∂L/∂y) = ")
    wide = graph_of(
        ("x", "input", [1, 2, 3]), ("W", "parameter", [[1, 0, 2]]), ("b", "parameter", [1, 2, 3]),
        ("y", "linear", ["x", "W", "b"]), target="y",
    )  # fmt: skip
    assert told(wide, "gradient")[:2] == ["∂L/∂x = (∂y/∂x)ᵀ ∂L/∂y = [3, 0, 6]", "∂L/∂W = (∂y/∂W)ᵀ ∂L/∂y = [[3, 6, 9]]"]
    assert all(np.array_equal(*equation.sides()) for equation in equations(wide))


def test_a_loss_of_many_says_that_it_averages():
    many = graph_of(("o", "input", [1, 2]), ("t", "input", [0, 0]), ("y", "squared_error", ["o", "t"]), target="y")
    latex = [e.latex for e in equations(many) if e.kind == "value"][-1]
    assert latex == r"y = \overline{0.5 \cdot (t - o)^2}"
    one = graph_of(("o", "input", 1), ("t", "input", 0), ("y", "squared_error", ["o", "t"]), target="y")
    assert [e.latex for e in equations(one) if e.kind == "value"][-1] == r"y = \tfrac12 (t - o)^2"


def test_how_many_are_averaged_stays_to_be_seen():
    graph = graph_of(("o", "input", [1, 2, 3, 6]), ("t", "input", [0, 0, 0, 0]), ("y", "mse", ["o", "t"]), target="y")
    assert told(graph, "gradient")[0].startswith("∂y/∂o = 2 · (o − t) / 4 = ")


def test_a_rule_without_a_formula_names_the_use_where_there_are_more_ways():
    graph = graph_of(("a", "input", [1, 2]), ("s", "stack", ["a", "a"]), ("f", "sum", ["s"]), target="f")
    assert [text for text in told(graph, "contribution") if "stack" in text or "∂s/" in text] == [
        "(∂s/∂(1st a))ᵀ ∂f/∂s = [1, 1]",
        "(∂s/∂(2nd a))ᵀ ∂f/∂s = [1, 1]",
    ]


def test_broadcasting_is_written_as_a_sum():
    graph = graph_of(("x", "input", [1, 2, 3]), ("b", "parameter", 2), ("y", "mul", ["x", "b"]), target="y")
    assert told(graph, "seed", "gradient") == [
        "∂L/∂y = [1, 1, 1], where L = Σ y",
        "∂L/∂x = ∂L/∂y · b = [1, 1, 1] × 2 = [2, 2, 2]",
        "∂L/∂b = Σ over axis 0 of ∂L/∂y ⊙ x = 6",
    ]


def test_digits_are_as_many_as_the_arithmetic_needs():
    graph = graph_of(("x", "input", 1.00001), ("c", "constant", 1), ("y", "sub", ["x", "c"]), target="y")
    assert told(graph, "value")[-1] == "y = x − c = 1.00001 − 1 = 1e−5"


def test_nan_and_infinity_read_as_such():
    graph = graph_of(("x", "input", 0), ("y", "log", ["x"]), ("z", "mul", ["y", "x"]), target="z")
    assert told(graph, "value")[1:] == ["y = ln(x) = ln(0) = −∞", "z = y · x = −∞ × 0 = nan"]
    assert told(graph, "gradient")[-1].endswith(" = nan")


@pytest.mark.parametrize("graph", [xyz(), fan_out(10), layer()], ids=["xyz", "fan-out", "layer"])
def test_its_latex_is_drawn(graph):
    for tex in dict.fromkeys(tex for e in equations(graph) for tex in (e.latex, e.latex_numbers)):
        assert "<svg" in ziamath.Latex(tex).svg()


@pytest.mark.parametrize("seed", [1.0, 5.0])
def test_the_derivation_never_says_that_a_thing_moves_itself_by_another_amount(seed):
    text = str(export_graph(fan_out(seed), "latex"))
    own = r"\frac{\partial f}{\partial f} &= "
    assert (own + "1" in text) == (seed == 1) and own + "5" not in text
    assert (r"\frac{\partial L}{\partial f} &= 5,\quad L = 5 \cdot f" in text) == (seed == 5)
    assert r"\operatorname{pull" not in text and "rule" not in text


def test_what_has_no_gradients_has_no_equations_of_them():
    leaf = graph_of(("w", "parameter", 1.5), target="w")
    assert told(leaf, "value", "seed", "gradient") == ["w = 1.5", "∂w/∂w = 1"]
    constants = graph_of(("c", "constant", 2), ("y", "square", ["c"]), target="y")
    assert {e.kind for e in equations(constants)} == {"value", "seed"}
    forward_only = graph_of(("x", "input", 1), ("y", "exp", ["x"]))
    assert {e.kind for e in equations(forward_only)} == {"value"}


def test_an_explanation_writes_nothing_down_before_it_is_asked():
    graph = fan_out()
    trace = run(graph)
    step = trace.steps[-1]
    assert isinstance(step, ContributionStep)
    said = explain(graph, trace, step)
    assert not {"text", "latex", "latex_numbers"} & {key for e in said.equations for key in vars(e)}
    assert said.equations[-1].kind == "gradient" and said.formula == said.equations[-1].latex


def test_the_numbers_put_in_give_the_result_in_all_its_digits():
    graph = graph_of(("x", "input", 1.58829), ("y", "input", 2.46469), ("z", "mul", ["x", "y"]), target="z")
    assert told(graph, "value")[-1] == "z = x · y = 1.5883 × 2.4647 = 3.915"  # 1.588 × 2.465 is 3.914


def test_a_minus_before_zero_is_said_where_it_decides():
    graph = graph_of(("a", "input", 1), ("b", "input", -0.0), ("q", "div", ["a", "b"]), target="q")
    assert told(graph, "value")[1:] == ["b = 0", "q = a / b = 1 / (−0) = −∞"]


def test_a_closed_gate_is_said_where_the_product_would_be_nan():
    graph = graph_of(("x", "input", -4), ("q", "relu", ["x"]), ("f", "log", ["q"]), ("h", "neg", ["f"]), target="h")
    assert told(graph, "gradient")[-1] == "∂h/∂x = (0 if x ≤ 0, else ∂h/∂q) = 0"
    batch = graph_of(
        ("x", "input", [-4, 2]), ("q", "relu", ["x"]), ("f", "log", ["q"]), ("s", "sum", ["f"]), target="s"
    )
    assert told(batch, "gradient")[-1] == "∂s/∂x = (0 if x ≤ 0, else ∂s/∂q) = [0, 0.5]"


def test_nothing_by_nothing_is_said_where_it_counts_as_nothing():
    graph = graph_of(("p", "input", 0), ("t", "input", 0), ("f", "bce", ["p", "t"]), target="f")
    assert told(graph, "local")[0] == "∂f/∂p = (1 − t) / (1 − p) − (0 if t = 0, else t / p) = 1"


@pytest.mark.parametrize("op", ["exp", "softplus", "expm1", "elu", "silu", "erf"])
def test_beside_a_node_called_e_its_powers_are_no_exponentials(op: str):
    graph = graph_of(("e", "input", 3), ("x", "mul", ["e", "e"]), ("f", op, ["x"]), target="f")
    said = [text for equation in equations(graph) for text in (equation.text, *equation.sides_tex())]
    assert not any("e^" in text for text in said)
    assert any("exp(" in text for text in said)


@pytest.mark.parametrize("label", ["∂L/∂x", "a + b", "x & y"])
def test_a_label_of_several_words_or_signs_is_held_together(label: str):
    graph = graph_of(("x", "input", 3), ("n", "constant", 2), ("y", "pow", ["x", "n"]), target="y")
    graph = replace(graph, nodes={**graph.nodes, "x": replace(graph.nodes["x"], label=label)})
    assert told(graph, "value")[-1] == f"y = ({label})^n = 3^2 = 9"


@pytest.mark.parametrize("at", ["-1", "..., -1", "-2:", ":, 0"])
def test_a_place_behind_a_matrix_is_typeset(at: str):
    rows = [("x", "input", [[1, -2], [3, 4]]), ("y", "index", ["x"]), ("s", "sum", ["y"])]
    for equation in equations(graph_of(*rows, target="s", settings={"y": {"at": at}})):
        for side in (equation.latex, equation.latex_numbers):
            assert ziamath.Latex(side).getsize()


@pytest.mark.parametrize(("x", "said"), [(-1, "f is nan here"), (0, "f is −∞ here")])
@pytest.mark.parametrize("wording", WORDINGS)
def test_a_target_that_is_no_number_is_not_said_to_change(x: float, said: str, wording: Wording):
    graph = graph_of(("x", "input", x), ("f", "log", ["x"]), target="f")
    trace = run(graph)
    reason = explain(graph, trace, trace.steps[trace.backward_start], wording).why
    assert reason == f"{said}, so nothing can be said of how it changes: the backward pass only applies its rules."
