"""How what is typed finds ops and texts: the closest first, by every name that there is."""

from __future__ import annotations

import pytest

from engine.ops.matching import BEGINS, BEGINS_WORD, EXACT, LOOSE, OTHER_NAME, PART, best, found_ops, op_rank, rank
from engine.ops.op import OPS


@pytest.mark.parametrize(
    ("wanted", "text", "how"),
    [
        ("add", "Add", EXACT),
        ("ad", "Add", BEGINS),
        ("err", "Mean squared error", BEGINS_WORD),
        ("err", "squared_error", BEGINS_WORD),
        ("quar", "Mean squared error", PART),
        ("error mean", "Mean squared error", BEGINS),
        ("sgm", "Sigmoid", LOOSE + 1),
        ("q", "Mean squared", None),
        ("tanh", "Sigmoid", None),
    ],
)
def test_a_text_fits_better_the_nearer_its_beginning(wanted: str, text: str, how: int | None) -> None:
    found = rank(wanted, text)
    assert found == how or (how == BEGINS and found == BEGINS_WORD)


def test_the_kinds_of_fit_follow_one_another() -> None:
    assert EXACT < BEGINS < BEGINS_WORD < PART < OTHER_NAME < LOOSE
    assert best("error", ["Sigmoid", "squared_error"]) == BEGINS_WORD and best("x", []) is None


@pytest.mark.parametrize("op", OPS.values(), ids=lambda op: op.name)
def test_every_op_is_found_by_each_of_its_names(op) -> None:
    for name in (op.name, op.title, op.symbol, *op.aliases):
        assert op_rank(name, op) == EXACT, name


@pytest.mark.parametrize(
    ("typed", "name"),
    [("+", "add"), ("*", "mul"), ("-", "sub"), ("/", "div"), ("^", "pow"), ("**", "pow"), ("@", "matmul"),
     ("σ", "sigmoid"), ("Σ", "sum"), (">=", "greater_equal"),
     ("==", "equal"), ("relu", "relu"), ("times", "mul"), ("LN", "log")],
)  # fmt: skip
def test_the_signs_of_a_keyboard_find_the_op_first(typed: str, name: str) -> None:
    assert found_ops(typed)[0].name == name


def test_a_group_finds_all_that_stand_in_it() -> None:
    losses = [op.name for op in OPS.values() if op.group == "loss"]
    assert "squared_error" in losses and {op.name for op in found_ops("loss")} == set(losses)


def test_one_sign_finds_no_part_of_a_word() -> None:
    assert all("+" in op.symbol or "+" in op.title for op in found_ops("+"))
    assert found_ops("no such op") == []
