"""Sums in the text of a lesson: each against NumPy, and what cannot be said is refused with a sentence."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import TextError
from engine.teach.lessons.lesson import LessonPassage
from engine.teach.lessons.reckoning import LONGEST, Reckoning
from engine.teach.lessons.said import UNKNOWN, said, wrong_in
from engine.text.read import parse

GRAPH = parse("x = 4; a = 3; b = 2; p = a * x; q = x * b; f = p + q")
ARRAYS = parse("W = np.array([[1, 2], [3, 4]]); x = np.array([5, 6]); h = W @ x; L = sum(h * h)")
W, X = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])


@pytest.mark.parametrize("text, meant", [
    ("f", 20.0), ("f(x=5)", 25.0), ("f(x=x+0.1) - f", 4.1 * 5 - 20), ("grad(x)", 5.0), ("grad(a)", 4.0),
    ("local(x, p)", 3.0), ("sent(x, q)", 2.0), ("grad(x, a=7)", 9.0), ("f(x=5, a=0)", 10.0),
    ("(f(x=x+0.5) - f) / 0.5", 5.0), ("-x ** 2", -16.0), ("sqrt(x) + abs(-a)", 5.0), ("1/4", 0.25),
    ("local(x, p)*b", 6.0), ("f > 19", True), ("abs(f - 20) < 0.1 and x == 4", True), ("f < 3 or a > 5", False),
])  # fmt: skip
def test_a_sum_is_what_numpy_makes_of_it(text: str, meant: float) -> None:
    assert Reckoning(GRAPH).number(text) == pytest.approx(meant)


def test_of_arrays_too() -> None:
    reckoning, h = Reckoning(ARRAYS), W @ X
    assert np.allclose(reckoning.number("grad(W)"), np.outer(2 * h, X))
    assert reckoning.number("grad(W)[1, 0]") == pytest.approx(2 * h[1] * X[0])
    assert reckoning.number("sum(h)") == pytest.approx(h.sum())
    assert reckoning.said("shape(W)") == "(2, 2)" and reckoning.said("h") == "[17, 39]"


@pytest.mark.parametrize("text, part", [
    ("grad(z)", "there is no node “z”"), ("g(x=3)", "there is no node “g”"), ("f(y=3)", "no leaf “y”"),
    ("local(a, q)", "no edge goes from a to q"), ("__import__('os')", "there is no “__import__(…)”"),
    ("x.real", "cannot stand in a sum"), ("lambda: 3", "cannot stand in a sum"), ("'text'", "cannot stand in a sum"),
    ("x +", "is not understood"), ("grad(x, a)", "takes the name of a node"), ("x[0]", "cannot be computed"),
    ("[x for x in f]", "cannot stand in a sum"), ("1" * (LONGEST + 1), "too long"), ("f(x='a')", "cannot stand"),
])  # fmt: skip
def test_what_cannot_be_said_is_refused(text: str, part: str) -> None:
    with pytest.raises(TextError, match=r"(?s).*") as refused:
        Reckoning(GRAPH).number(text)
    assert part in refused.value.sentence


def test_of_two_edges_one_is_named() -> None:
    reckoning = Reckoning(parse("x = 3; f = x * x"))
    with pytest.raises(TextError, match="2 edges go from x to f"):
        reckoning.number("sent(x, f)")
    assert reckoning.number("sent(x, f, 2)") == 3 and reckoning.number("grad(x)") == 6


def test_the_text_has_its_numbers_and_says_where_one_is_missing() -> None:
    passage = LessonPassage("f is {=f}, so {=f/3;6}; and {=grad(nobody)}.", 7)
    assert said(passage, Reckoning(GRAPH)) == f"f is 20, so 6.66667; and {UNKNOWN}."
    assert [each for each in wrong_in(passage, Reckoning(GRAPH)) if "nobody" in each]
    other = Reckoning(parse("f = 1; g = f * 2"))
    assert said(LessonPassage("{=a} and {=f}", 1), other, Reckoning(GRAPH)) == "3 and 1"


def test_a_minus_is_one_that_the_typesetter_knows() -> None:
    graph = parse("x = -2; f = x * 1")
    assert said(LessonPassage("{=x}", 1), Reckoning(graph)) == "−2"
    assert said(LessonPassage("{=x}", 1, "formula"), Reckoning(graph)) == "-2"
