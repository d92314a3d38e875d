"""Values typed, filled and written."""

import math

import numpy as np
import pytest

from engine.values.literal import INITIALISERS, initialise, parse_block, parse_number, parse_value
from engine.values.values import (
    as_value,
    bracketed,
    brief_text,
    change_text,
    exact_text,
    number_text,
    shape_text,
    value_text,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3.0),
        (" −0.5 ", -0.5),
        ("1/3", 1 / 3),
        ("2e-3", 0.002),
        ("∞", math.inf),
        ("-inf", -math.inf),
        ("1 2 3", [1, 2, 3]),
        ("1, 2", [1, 2]),
        ("4,", [4]),
        ("[1]", [1]),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("[[1 2] [3 4]]", [[1, 2], [3, 4]]),
        ("(1, 2)", [1, 2]),
        ("zeros(2, 3)", np.zeros((2, 3))),
        ("Ones( 4 )", np.ones(4)),
    ],
)
def test_what_a_person_types_is_read(text, value):
    read = parse_value(text)
    np.testing.assert_array_equal(read, np.array(value, dtype=float))
    assert read.dtype == np.float64 and read.shape == np.shape(value)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "1 2 x", "[[1, 2], [3]]", "[1", "1]", "[]", "[" * 40 + "]" * 40, "__import__('os')", "1+1"],
)
def test_what_is_no_value_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"\.$"):
        parse_value(text)


@pytest.mark.parametrize("name", INITIALISERS)
def test_an_initialiser_is_the_same_every_time(name):
    first, second = parse_value(f"{name}(3, 4)"), parse_value(f"{name}(3,4)")
    assert first.shape == (3, 4)
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", ["normal", "uniform", "xavier", "he"])
def test_another_seed_gives_other_numbers(name):
    assert not np.array_equal(parse_value(f"{name}(5, 5, seed=1)"), parse_value(f"{name}(5, 5, seed=2)"))


def test_the_initialisers_have_the_spread_that_their_authors_gave_them():
    out, into = 300, 500
    limit = math.sqrt(6 / (out + into))
    xavier, he = initialise("xavier", (out, into), 1), initialise("he", (out, into), 1)
    assert np.abs(xavier).max() <= limit and xavier.std() == pytest.approx(limit / math.sqrt(3), rel=0.02)
    assert he.std() == pytest.approx(math.sqrt(2 / into), rel=0.02)
    normal = parse_value("normal(400, 400, mean=2, std=0.5, seed=3)")
    assert normal.mean() == pytest.approx(2, abs=0.01) and normal.std() == pytest.approx(0.5, rel=0.02)
    uniform = parse_value("uniform(400, low=2, high=3)")
    assert uniform.min() >= 2 and uniform.max() <= 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("normal()", "needs a shape"),
        ("zeros(0)", "needs a shape"),
        ("zeros(-1)", "is not a length"),
        ("zeros(99999, 99999)", "more than"),
        ("frobnicate(3)", "no initialiser"),
        ("normal(3, spread=2)", "has no option"),
        ("he(3, std=2)", "has no option"),
        ("ones(3, seed=2)", "no seed"),
        ("normal(3, seed=0.5)", "whole number"),
        ("normal(3, std=-1)", "negative"),
        ("normal(3, std=big)", "not a number"),
    ],
)
def test_an_initialiser_that_cannot_be_says_what_is_wrong(text, said):
    with pytest.raises(ValueError, match=said):
        parse_value(text)


@pytest.mark.parametrize(
    ("text", "number"), [("−3", -3), ("1/4", 0.25), ("2e-3", 0.002), ("∞", math.inf), ('"-inf"', -math.inf)]
)
def test_one_number_is_read_as_in_every_field(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "abc", "1 2", "[1]", "zeros(2)"])
def test_what_is_not_one_number_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"is not a (single )?number\.$"):
        parse_number(text)


def test_numbers_are_written_for_the_eye():
    assert number_text(-0.2) == "−0.2"
    assert number_text(1.23456e-5) == "1.235e−5"
    assert number_text(math.nan) == "nan" and number_text(-math.inf) == "−∞"
    assert number_text(-0.0) == "0"
    assert float(exact_text(0.1 + 0.2).replace("−", "-")) == 0.1 + 0.2
    assert shape_text((3,)) == "(3,)"
    assert value_text(as_value([1, -2])) == "[1, −2]"
    assert "2×3" in value_text(as_value(np.ones((2, 3))))


def test_a_whole_number_that_is_no_shorter_with_an_exponent_has_none():
    assert [number_text(x, 2) for x in (100, -100, 120, 1000, 123)] == ["100", "−100", "120", "1e3", "1.2e2"]
    assert [number_text(x) for x in (12300, 12345, 1e300)] == ["12300", "1.234e4", "1e300"]


def test_all_digits_of_a_large_number_are_brief_and_read_back():
    numbers = (1e10, -2.5e12, 1e6, 250000.0, 123456789.0, 0.1, 1e-7)
    texts = [brief_text(x) for x in numbers]
    assert texts == ["1e10", "−2.5e12", "1000000", "250000", "123456789", "0.1", "1e−07"]
    assert [float(text.replace("−", "-")) for text in texts] == list(numbers)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (0.296, 0.297, "0.296 → 0.297"),
        (0.2963, 0.29630001, "0.2963 → 0.29630001"),
        (-2e13, -2e13 - 1, "−20000000000000 → −20000000000001"),
        (1.0, 1.0000000000000002, "1 → 1.0000000000000002"),
        (1e300, 1.00001e300, "1e300 → 1.00001e300"),
        (0.5, 0.5, "stays 0.5"),
        (float("nan"), float("nan"), "stays nan"),
        (1.0, float("inf"), "1 → ∞"),
        ([1.0, 2.0], [1.0, 2.5], "changes by 0.5 at most"),
        ([1.0, 2.0], [1.0, 2.0], "stays as it is"),
    ],
)
def test_what_was_and_what_is_are_told_apart(before, after, told):
    assert change_text(as_value(before), as_value(after)) == told


def test_a_value_cannot_be_changed_from_outside():
    with pytest.raises(ValueError, match="read-only"):
        as_value([1, 2])[0] = 5


@pytest.mark.parametrize("odd", [-math.nan, [1.0, -math.nan]])
def test_there_is_one_nan(odd):
    assert np.signbit(np.asarray(odd).flat[-1])
    value = as_value(odd)
    assert np.isnan(np.asarray(value).flat[-1]) and not np.signbit(np.asarray(value).flat[-1])


@pytest.mark.parametrize("text", ["1/0", "0/0", "1/-0.0", "[1, 2/0]"])
def test_a_fraction_of_nothing_is_no_number(text):
    with pytest.raises(ValueError, match="neither a number nor a list"):
        parse_value(text)


def test_what_begins_with_a_sign_stands_in_brackets():
    assert [bracketed(text) for text in ("-3", "−3", "3", "x")] == ["(-3)", "(−3)", "3", "x"]


@pytest.mark.parametrize("text", ["1e400", "-1e400", "[1, 2e999]", "1e308/1e-10"])
def test_digits_that_no_float_holds_are_refused_and_infinity_is_typed_as_such(text):
    for read in (parse_value, parse_number) if "[" not in text else (parse_value,):
        with pytest.raises(ValueError, match=r"is too large: numbers end at about 1\.8e308"):
            read(text)
    assert parse_number("inf") == -parse_number("−∞") == np.inf


@pytest.mark.parametrize(
    "text", ["1\t-2.5\n3\tinf\n", "1;−2.5\r\n3;∞", "1, -2.5\n3, inf", "1 -2.5\n3 inf", "[[1, -2.5], [3, inf]]"]
)
def test_a_block_of_a_spreadsheet_is_read(text):
    assert parse_block(text).tolist() == [[1, -2.5], [3, math.inf]]


def test_one_number_is_a_block_too():
    assert parse_block("7").tolist() == parse_block("[7]").tolist() == [[7]]


@pytest.mark.parametrize("text", ["", " \n", "a\tb", "1\t\t2", "1\n\n2", "1 2\n3", "[[[1]]]", "1e400", "zeros(2, 2)"])
def test_what_is_no_block_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match=r"\.$"):
        parse_block(text)
