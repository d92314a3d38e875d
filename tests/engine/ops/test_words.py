"""The table of words: each has a spelling where it is asked for, and means over floats what it means over arrays."""

import ast
import inspect
import math
from itertools import product

import numpy as np
import pytest

from engine.ops.op import OPS
from engine.ops.substitute import names_in, parsed
from engine.ops.words.table import MATH, WORDS, spellings, what_holds

PROBES = (
    0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0, 1e-8, 30.0, -30.0, 1000.0, -1000.0,
    5e-324, -5e-324, 1e-310, 1e308, -1e308, math.inf, -math.inf, math.nan,
)  # fmt: skip
FORWARD = sorted({name for op in OPS.values() if op.forward for name in names_in(op.forward)} & set(WORDS))
RULES = sorted({name for op in OPS.values() for text in (*op.local, *op.vjp) for name in names_in(text)} & set(WORDS))
WITH_SETTINGS = {
    "sum",
    "mean",
    "spread",
    "length",
    "count",
    "softmax",
    "log_softmax",
    "swap",
    "matching",
    "clip",
    "bounds",
}
WITH_SETTINGS |= {"amax", "amin", "prod", "var", "std", "norm", "logsumexp", "shares", "others", "freedom"}
EACH = [name for name in MATH if name not in WITH_SETTINGS]


def arity(name):
    fixed = {"exp": 1, "log": 1, "sin": 1, "cos": 1, "tanh": 1, "sqrt": 1, "where": 3}
    array = WORDS[name].array
    return fixed.get(name) or (array.nin if isinstance(array, np.ufunc) else len(inspect.signature(array).parameters))


@pytest.mark.parametrize("name", EACH)
def test_a_plain_float_means_what_an_array_means(name):
    word = WORDS[name]
    for given in product(PROBES, repeat=arity(name)):
        try:
            ours = MATH[name](*given)
        except (ArithmeticError, ValueError):
            continue  # then it is computed over arrays
        with np.errstate(all="ignore"):
            theirs = word.array(*map(np.float64, given))
        assert is_same(ours, float(theirs)) or is_tie_of_zeros(name, given), given


def is_same(ours, theirs):
    """To the last digit or two, with the sign of 0, and nan where the other is nan."""
    if not ours or not theirs:
        return ours == theirs and math.copysign(1, ours) == math.copysign(1, theirs)
    return ours == pytest.approx(theirs, rel=1e-15, nan_ok=True)


def is_tie_of_zeros(name, given):
    """Which of 0 and −0 is the larger depends on the processor."""
    return name in ("maximum", "minimum") and not any(given)


@pytest.mark.parametrize("name", FORWARD)
def test_what_a_forward_text_says_has_a_spelling_in_every_library(name):
    for target in ("numpy", "torch", "jax"):
        assert name in spellings(target, [(2, 3), (2, 3)]), target


@pytest.mark.parametrize("name", RULES)
def test_what_a_backward_rule_says_has_a_spelling_in_numpy(name):
    assert name in spellings("numpy", [(2, 3)])


@pytest.mark.parametrize("name", WORDS)
def test_a_spelling_is_a_name_or_a_lambda(name):
    word = WORDS[name]
    for spelt in (word.numpy, word.torch, word.jax, word.micrograd, word.onnx, word.inline, word.alone):
        for text in spelt.values() if isinstance(spelt, dict) else [spelt] if spelt else []:
            assert isinstance(parsed(text), ast.Lambda | ast.Name | ast.Attribute), text
    if word.latex:
        assert word.latex.format("x", "y", "z", p0="x", p1="y")


def test_a_spelling_may_depend_on_the_shapes():
    assert what_holds(((), ())) == ("numbers", "some_numbers", "vector", "alike")
    assert spellings("numpy", [(2, 3), (3, 2)])["swap"] == "lambda x: x.T"
    assert spellings("numpy", [(4, 2, 3), (3, 2)])["swap"] == "swap"
    assert spellings("numpy", [()])["sum"] == WORDS["sum"].alone
    assert "matching" not in spellings("torch", [(2, 3)]), "what a target cannot say, it refuses"


@pytest.mark.parametrize("name", ["ratio", "xlogy"])
def test_nothing_of_nothing_is_nothing_over_floats_and_arrays(name):
    zero = np.float64(0.0)
    with np.errstate(all="ignore"):
        assert MATH[name](0.0, 0.0) == 0.0 == float(WORDS[name].array(zero, zero))
        assert list(WORDS[name].array(np.zeros(2), np.zeros(2))) == [0, 0]
