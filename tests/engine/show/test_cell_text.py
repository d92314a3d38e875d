"""A cell in words: the sum in this graph's names and numbers; and the paper: what lies left, on top and below."""

import re

import numpy as np
import pytest

from engine.passes.run import run
from engine.show import sheets
from engine.show.cell_text import cell_text
from engine.show.names import Names
from engine.show.sheets import cell_paper, paper_of
from engine.values.values import number_text
from tests.building import graph_of

RNG = np.random.default_rng(5)
X, W, B, V = (RNG.normal(size=shape) for shape in ((4, 3), (2, 3), (2,), (2, 3)))


def classifier():
    rows = [("x", "input", X), ("W", "parameter", W), ("b", "parameter", B), ("z", "linear", ["x", "W", "b"])]
    rows += [("h", "relu", ["z"]), ("V", "parameter", V), ("s", "matmul", ["h", "V"])]
    graph = graph_of(*rows, ("t", "input", [0.0, 1, 2, 0]), ("L", "cross_entropy", ["s", "t"]), target="L")
    return Names(graph, run(graph))


def sent(names, dest, port):
    return paper_of(names, names.trace.contribution((dest, port)))


def numbers_in(text):
    return [float(found.replace("−", "-")) for found in re.findall(r"−?[\d.]+(?:e−?\d+)?", text)]


def laid_out(paper):
    return [(sheet.place, sheet.title, sheet.turned) for sheet in paper.sheets]


def test_the_weights_of_a_layer_are_laid_out_as_on_paper_and_written_out():
    names = classifier()
    paper = sent(names, "z", 1)
    assert laid_out(paper) == [("left", "(∂L/∂z)ᵀ", True), ("top", "x", False), ("result", "∂L/∂W", False)]
    said = cell_text(names, paper.ask((1, 2)), paper.edge, "gradient")
    assert said.title == "∂L/∂W at [1, 2]"
    assert said.symbols == " + ".join(f"∂L/∂z[{n}, 1] · x[{n}, 2]" for n in range(4))
    g = names.trace.gradient("z")
    terms = numbers_in(said.numbers)
    np.testing.assert_allclose(sum(a * b for a, b in zip(terms[::2], terms[1::2], strict=True)), (g.T @ X)[1, 2],
                               rtol=0.02, atol=2e-3)  # fmt: skip
    np.testing.assert_allclose(numbers_in(said.result)[0], (g.T @ X)[1, 2], rtol=1e-3)


def test_the_other_products_have_their_transposes_where_they_belong():
    names = classifier()
    assert laid_out(sent(names, "z", 0))[:2] == [("left", "∂L/∂z", False), ("top", "W", False)]
    assert laid_out(sent(names, "s", 0))[:2] == [("left", "∂L/∂s", False), ("top", "Vᵀ", True)]
    assert laid_out(sent(names, "s", 1))[:2] == [("left", "hᵀ", True), ("top", "∂L/∂s", False)]
    forward = cell_paper(names, "value", "z", 0)
    assert laid_out(forward) == [
        ("left", "x", False), ("top", "Wᵀ", True), ("below", "b", False), ("result", "z", False),
    ]  # fmt: skip


@pytest.mark.parametrize("rows, columns", [(1, 1), (1, 3), (4, 1), (3, 3)])
def test_what_lies_left_times_what_lies_on_top_is_the_result_for_all_sizes(rows, columns):
    a, b = RNG.normal(size=(rows, 2)), RNG.normal(size=(2, columns))
    graph = graph_of(("a", "input", a), ("b", "input", b), ("y", "matmul", ["a", "b"]), ("q", "square", ["y"]),
                     ("L", "sum", ["q"]), target="L")  # fmt: skip
    names = Names(graph, run(graph))
    for paper in (sent(names, "y", 0), sent(names, "y", 1), cell_paper(names, "value", "y", 0)):
        left, top = (sheet.value.T if sheet.turned else sheet.value for sheet in paper.sheets[:2])
        assert [sheet.place for sheet in paper.sheets] == ["left", "top", "result"]
        np.testing.assert_allclose(left @ top, paper.result.value)


def test_an_outer_product_of_vectors_has_a_column_on_the_left_and_a_row_on_top():
    graph = graph_of(("x", "input", [1.0, 2.0, 3.0]), ("w", "parameter", W), ("b", "parameter", B),
                     ("z", "linear", ["x", "w", "b"]), ("q", "square", ["z"]), ("L", "sum", ["q"]),
                     target="L")  # fmt: skip
    assert laid_out(sent(Names(graph, run(graph)), "z", 1))[:2] == [("left", "∂L/∂z", True), ("top", "x", False)]


def test_a_copied_bias_a_softmax_and_p_beside_t_say_why():
    names = classifier()
    bias = sent(names, "z", 2)
    said = cell_text(names, bias.ask((1,)), bias.edge, "gradient")
    assert "copied forward along axis 0 (4 copies)" in said.why and said.symbols.count("∂L/∂z[") == 4
    loss = sent(names, "L", 0)
    assert [sheet.title for sheet in loss.sheets][-4:-1] == ["p", "t", "p − t"]
    p = np.exp(names.trace.value("s")) / np.exp(names.trace.value("s")).sum(axis=1, keepdims=True)
    shown = {sheet.title: sheet.value for sheet in loss.sheets}
    np.testing.assert_allclose(shown["p"], p)
    np.testing.assert_allclose(shown["p − t"] / 4, loss.result.value)
    said = cell_text(names, loss.ask((0, 1)), loss.edge, "gradient")
    assert "the loss is ln Σ exp(z) − Σ t · z" in said.why and "At s[0, 1] p − t is left" in said.why


@pytest.mark.parametrize(
    ("op", "symbols"),
    [
        ("cross_entropy", "seed · ((softmax(s[1, :])[0] − t[1, 0]) / 2)"),
        ("mse", "seed · (2 · (s[1, 0] − t[1, 0]) / 6)"),
        ("bce_with_logits", "seed · ((1 / (1 + e^(−s[1, 0])) − t[1, 0]) / 6)"),
    ],
)
def test_a_cell_of_what_a_loss_sends_back_is_told_by_the_formula_of_its_slope_and_not_by_itself(op, symbols):
    graph = graph_of(("s", "parameter", V), ("t", "input", np.eye(3)[:2]), ("L", op, ["s", "t"]), target="L")
    names = Names(graph, run(graph))
    paper = sent(names, "L", 0)
    said = cell_text(names, paper.ask((1, 0)), paper.edge, "gradient")
    assert said.title == "∂L/∂s at [1, 0]" and said.symbols == symbols
    slope = {
        "cross_entropy": (np.exp(V) / np.exp(V).sum(axis=1, keepdims=True) - np.eye(3)[:2]) / 2,
        "mse": 2 * (V - np.eye(3)[:2]) / 6,
        "bce_with_logits": (1 / (1 + np.exp(-V)) - np.eye(3)[:2]) / 6,
    }[op]
    assert numbers_in(said.result) == [float(f"{slope[1, 0]:.4g}")]


@pytest.mark.parametrize(
    ("op", "slope"),
    [
        ("norm", "x[1, 0] / s = 3 / 5.477 = 0.5477"),
        ("logsumexp", "softmax(x)[1, 0] = 0.2436"),
        ("var", "(2 / 4) · (x[1, 0] − mean(x)) = (2 / 4) × (3 − 2) = 0.5"),
        ("std", "(1 / 4) · ((x[1, 0] − mean(x)) / s) = (1 / 4) × ((3 − 2) / 1.871) = 0.1336"),
        ("prod", "x[0, 0] · x[0, 1] · x[1, 1] = 4 × 2 × (−1) = −8"),
    ],
)
def test_a_cell_of_a_reduction_that_is_the_target_is_told_by_the_formula_of_its_slope(op, slope):
    graph = graph_of(("x", "parameter", [[4, 2], [3, -1]]), ("s", op, ["x"]), target="s")
    names = Names(graph, run(graph))
    paper = sent(names, "s", 0)
    said = cell_text(names, paper.ask((1, 0)), paper.edge, "gradient")
    assert "∂s/∂x" not in said.symbols and slope in said.why


@pytest.mark.parametrize("op", ["norm", "logsumexp", "var", "std", "prod"])
@pytest.mark.parametrize("axis", ["all", 0, 1, -1])
@pytest.mark.parametrize("keep", [False, True])
def test_the_slope_of_each_cell_of_a_reduction_is_what_its_numbers_make(op, axis, keep):
    settings = {"y": {"axis": axis, "keep": keep}}
    rows = ("x", "parameter", RNG.normal(size=(2, 3))), ("y", op, ["x"]), ("q", "square", ["y"])
    graph = graph_of(*rows, ("L", "sum", ["q"]), target="L", settings=settings)
    names = Names(graph, run(graph))
    paper = sent(names, "y", 0)
    for cell in np.ndindex(2, 3):
        said = cell_text(names, paper.ask(cell), paper.edge, "gradient")
        _, *numbers = said.why.removesuffix(".").partition("with this slope: ")[2].split(" = ")
        assert numbers, said.why
        worked = eval(numbers[0].replace("×", "*").replace("−", "-"))
        assert number_text(worked) == number_text(paper.ask(cell).products[0].factors[-1].number)


def test_p_minus_t_is_said_only_where_targets_add_up_to_1():
    for t, holds in (([[0.5, 0.25, 0.25]], True), ([[0.5, 0.0, 0.25]], False)):
        graph = graph_of(
            ("s", "parameter", [[1, 2, 0]]), ("t", "input", t), ("L", "cross_entropy", ["s", "t"]), target="L"
        )
        names = Names(graph, run(graph))
        paper = sent(names, "L", 0)
        why = cell_text(names, paper.ask((0, 1)), paper.edge, "gradient").why
        assert ("p − t is left" in why) == holds
        assert holds or "with this slope: softmax(s[0, :])[1] · sum(t[0, :]) − t[0, 1] = " in why
        targets = sent(names, "L", 1)
        assert "∂L" not in cell_text(names, targets.ask((0, 1)), targets.edge, "gradient").symbols


def test_copies_are_counted_where_one_of_them_sends_nothing_back():
    rows = ("x", "input", [[1, 2, 3], [4, 1, 1]]), ("w", "parameter", [1, 2, 3]), ("b", "parameter", [0, 0, 1])
    graph = graph_of(*rows, ("y", "layer_norm", ["x", "w", "b"]), ("L", "sum", ["y"]), target="L")
    names = Names(graph, run(graph))
    paper = sent(names, "y", 1)
    said = cell_text(names, paper.ask((1,)), paper.edge, "gradient")
    assert "(2 copies)" in said.why and len(paper.ask((1,)).products) == 1


def test_a_long_sum_is_cut_and_the_rest_is_said_with_its_sum():
    x = RNG.normal(size=(50, 1))
    graph = graph_of(("x", "input", x), ("w", "parameter", [[2.0]]), ("y", "matmul", ["x", "w"]), ("L", "sum", ["y"]),
                     target="L")  # fmt: skip
    names = Names(graph, run(graph))
    paper = sent(names, "y", 1)
    said = cell_text(names, paper.ask((0, 0)), paper.edge, "gradient")
    assert "(44 products more)" in said.symbols and "(the others)" in said.numbers
    np.testing.assert_allclose(numbers_in(said.result)[0], x.sum(), rtol=1e-3)


def test_numbers_alone_are_not_put_on_paper_and_several_uses_are_added():
    graph = graph_of(("x", "input", [1.0, 2.0]), ("y", "mul", ["x", "x"]), ("L", "sum", ["y"]), target="L")
    names = Names(graph, run(graph))
    paper = cell_paper(names, "gradient", "x", len(names.trace))
    said = cell_text(names, paper.ask((1,)), paper.edge, "gradient")
    assert said.result == "= 4" and "used 2 times" in said.why
    assert [sheet.title for sheet in paper.sheets] == ["from y", "from y", "∂L/∂x"]
    numbers = graph_of(("a", "input", 2.0), ("f", "square", ["a"]), target="f")
    assert all(paper_of(Names(numbers, run(numbers)), step) is None for step in run(numbers).steps)


def worked_out(said):
    """The sum as it stands there: what brackets hold is a number, and · comes before +."""
    terms = said.numbers.replace(" (the others)", "").replace("−", "-").split(" + ")
    return sum(np.prod([float(each.strip("()")) for each in term.split(" · ")]) for term in terms)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_written_out_makes_what_stands_behind_it(seed):
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=(9, 3)) * 10.0 ** rng.integers(-3, 4), rng.normal(size=(2, 3))
    rows = [
        ("x", "input", x),
        ("W", "parameter", w),
        ("b", "parameter", [-1.264, 1.0]),
        ("z", "linear", ["x", "W", "b"]),
    ]
    graph = graph_of(*rows, ("q", "square", ["z"]), ("L", "mean", ["q"]), target="L")
    names = Names(graph, run(graph))
    for dest, port, cell in (("z", 0, (3, 1)), ("z", 1, (1, 2)), ("z", 2, (0,))):
        said = cell_text(names, sent(names, dest, port).ask(cell), (dest, port), "gradient")
        sign, result = said.result.split(" ")
        made, right = number_text(worked_out(said)), result
        assert (sign == "=") == (made == right), (said.numbers, said.result)
        assert sign == "=" or worked_out(said) == pytest.approx(numbers_in(said.result)[0], rel=1e-3)


@pytest.mark.parametrize(
    ("dest", "port", "cell", "transposed"),
    [
        ("s", 0, (2, 1), "They stand in row 1 of V, which is column 1 of Vᵀ: hence the transpose."),
        ("s", 1, (1, 2), "They stand in column 1 of h, which is row 1 of hᵀ: hence the transpose."),
        ("z", 1, (1, 2), "They stand in column 1 of ∂L/∂z, which is row 1 of (∂L/∂z)ᵀ: hence the transpose."),
        ("z", 0, (1, 2), ""),
    ],
)
def test_a_cell_says_where_the_transpose_comes_from(dest, port, cell, transposed):
    names = classifier()
    paper = sent(names, dest, port)
    why = cell_text(names, paper.ask(cell), paper.edge, "gradient").why
    assert why.endswith(transposed or "and these add up.") and ("transpose" in why) == bool(transposed)
    assert any(sheet.turned for sheet in paper.sheets) == bool(transposed)  # as it is drawn


@pytest.mark.parametrize("shape", [(3,), (1, 3), (3, 1)])
def test_what_is_multiplied_element_by_element_is_not_laid_out_as_rows_times_columns(shape):
    a, b = RNG.normal(size=shape), RNG.normal(size=shape)
    rows = [("a", "input", a), ("b", "input", b), ("p", "mul", ["a", "b"])]
    graph = graph_of(*rows, ("q", "mul", ["p", "p"]), ("L", "sum", ["q"]), target="L")
    names = Names(graph, run(graph))
    for paper in (sent(names, "p", 0), sent(names, "q", 1), cell_paper(names, "value", "p", 0)):
        assert {sheet.place for sheet in paper.sheets} == {"below", "result"}
    why = cell_text(names, sent(names, "p", 0).ask((0,) * len(shape)), sent(names, "p", 0).edge, "gradient").why
    at = "[" + ", ".join("0" for _ in shape) + "]"
    assert why == f"Going forward, a{at} was multiplied by b{at}: so is what comes back to it."


def test_a_row_that_is_looked_up_twice_goes_into_both_as_it_is():
    rows = [("E", "parameter", RNG.normal(size=(4, 2))), ("i", "constant", [1.0, 3, 1]), ("e", "embedding", ["i", "E"])]
    graph = graph_of(*rows, ("q", "mul", ["e", "e"]), ("L", "sum", ["q"]), target="L")
    names = Names(graph, run(graph))
    paper = sent(names, "e", 1)
    why = cell_text(names, paper.ask((1, 0)), paper.edge, "gradient").why
    assert why == "E[1, 0] went into 2 cells of e as it is: what reached them is added."


def test_what_is_no_product_is_not_asked_for_its_corners(monkeypatch):
    asked, real = list[tuple[int, ...]](), sheets.value_cell
    monkeypatch.setattr(sheets, "value_cell", lambda trace, node, cell: asked.append(cell) or real(trace, node, cell))
    names = classifier()
    assert {sheet.place for sheet in cell_paper(names, "value", "L", 0).sheets} == {"below", "result"}
    assert asked == [()]  # 640 cells feed the loss of 32 rows


@pytest.mark.parametrize(
    "op, fed, dest_port", [("cross_entropy", "st", 1), ("one_hot", "ts", 0), ("embedding", "ts", 0)]
)
def test_of_ids_no_slope_is_claimed_nor_that_nothing_depends_on_them(op, fed, dest_port):
    rows = [("s", "parameter", X), ("t", "input", [0.0, 1, 2, 0]), ("y", op, list(fed)), ("q", "square", ["y"])]
    graph = graph_of(*rows, ("L", "sum", ["q"]), target="L")
    names = Names(graph, run(graph))
    paper = sent(names, "y", dest_port)
    why = cell_text(names, paper.ask((0,)), paper.edge, "gradient").why
    assert "depend" not in why and "with this slope" not in why
    assert "nothing" in why.lower() and "t[0]" in why


@pytest.mark.parametrize("op", ["amax", "amin"])
def test_cells_that_tie_share_and_none_of_them_has_won(op):
    graph = graph_of(
        ("x", "input", [3.0, 3.0]), ("c", "input", 2.0), (op, op, ["x"]), ("L", "mul", [op, "c"]), target="L"
    )
    names = Names(graph, run(graph))
    paper = sent(names, op, 0)
    said = cell_text(names, paper.ask((0,)), paper.edge, "gradient")
    assert said.result == "= 1" and "by convention they share" in said.why and "won" not in said.why


def test_of_equal_cells_of_a_window_the_second_is_not_called_smaller():
    x = np.array([[[[1.0, 1.0], [0.0, 0.0]]]])
    graph = graph_of(("x", "input", x), ("m", "max_pool2d", ["x"]), ("L", "sum", ["m"]), target="L")
    names = Names(graph, run(graph))
    paper = sent(names, "m", 0)
    assert "as large and first" in cell_text(names, paper.ask((0, 0, 0, 1)), paper.edge, "gradient").why
