"""Texts that are not understood get a sentence with line and column; so do texts that mean harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import TextError
from engine.graph.names import ID
from engine.passes.run import run
from engine.text.read import parse
from engine.values.memory import MEMORY

# --- what is refused


def test_more_than_a_graph_can_have_is_refused_before_it_is_laid_out(monkeypatch):
    monkeypatch.setattr("engine.graph.sound.MOST_NODES", 20)
    monkeypatch.setattr("engine.text.read.laid_out", lambda graph: pytest.fail("that would take long"))
    with pytest.raises(TextError, match="21 nodes are too many: a graph can have at most 20"):
        parse("\n".join(f"a{i} = {i}" for i in range(21)))


REFUSED = [
    ("", "", "nothing to make a graph of"),
    ("# only a comment", "", "nothing to make a graph of"),
    ("print(x)", "", "nothing to make a graph of"),
    ("x +", "line 1, column 4", "this cannot be read"),
    ("(x", "line 1, column 1", "“(” is never closed: type “)” where it ends"),
    ("x = 1\ny = x $ 2", "line 2, column 7", "this cannot be read"),
    ("a = 1\n  b = 2", "line 2, column 2", "not indented like"),
    ("x^2", "line 1, column 1", "write ** for a power"),
    ("not x", "line 1, column 1", "“not”"),
    ("x & y", "line 1, column 1", "“&”"),
    ("x ^ 2", "line 1, column 1", "write ** for a power"),
    ("x[y]", "line 1, column 3", "an index must be whole numbers"),
    ("x[x > 0]", "line 1, column 3", "write where(condition, a, b)"),
    ("y = 2 * x.grad", "line 1, column 5", "a gradient cannot be a value of the graph"),
    ("x.foo", "line 1, column 1", "“.foo” is not understood"),
    ("x(y + 1)", "line 1, column 1", "no operation “x”"),
    ("x = 2; x(y + 1)", "line 1, column 8", "for a product write x * (…)"),
    ("foo(x)", "line 1, column 1", "there is no operation “foo”"),
    ("  y = sigmod(x)", "line 1, column 7", "did you mean “sigmoid”"),
    ("relu(x, y)", "line 1, column 1", "relu takes one input, not 2"),
    ("relu()", "line 1, column 1", "relu takes one input, not 0"),
    ("mul(x)", "line 1, column 1", "mul takes 2 inputs, not 1"),
    ("add(x)", "line 1, column 1", "add takes at least 2 inputs, not 1"),
    ("relu(x, slope=1)", "line 1, column 15", "relu has no setting “slope”"),
    ("leaky_relu(x, slope='steep')", "line 1, column 21", "must be a value like 0.01"),
    ("relu(*x)", "line 1, column 6", "only a list can be spread out with *"),
    ("relu(**x)", "line 1, column 8", "only a dictionary"),
    ("a, b = 1", "line 1, column 1", "there are 2 names here for one value"),
    ("a, b = 1, 2, 3", "line 1, column 1", "there are 2 names here for 3 values"),
    ("a, *b = 1, 2", "line 1, column 1", "a * on the left"),
    ("x.y = 1", "line 1, column 1", "“.y” cannot be set"),
    ("x[0] = 1", "line 1, column 1", "does not change"),
    ("é = 1", "line 1, column 1", "“é” cannot be a name"),
    ("1 + ψ", "line 1, column 5", "“ψ” cannot be a name"),
    ("x + 1\ny + 2", "line 1, column 1", "not used"),
    ("f = x * 2; x = 3", "line 1, column 5", "used here before"),
    ("x += 1", "line 1, column 1", "used here before"),
    ("[1, [2]]", "line 1, column 1", "the same length"),
    ("[]", "line 1, column 1", "an empty list"),
    ("[x, 1]", "line 1, column 1", "a list of values is not one value"),
    ("1j * x", "line 1, column 1", "“1j”"),
    ("x = 'a'; y = x + z", "line 1, column 14", "text in quotes"),
    ("f'{x}'", "line 1, column 1", "only plain numbers can be put into text"),
    ("True", "line 1, column 1", "“True”"),
    ("...", "line 1, column 1", "only numbers are"),
    ("x = " + "9" * 400, "line 1, column 5", "too large"),
    ("x = " + "9" * 5000, "line 1, column 1", "too many digits"),
    ("lambda x: x", "line 1, column 1", "is a function: call it"),
    ("for i in x: y = i", "line 1, column 10", "how many rows this has is not known"),
    ("while x > 0: x -= 1", "line 1, column 1", "“while” is not understood here: write “for i in range(…)”"),
    ("def f(x): return x", "", "“f” is defined here, but never called"),
    ("class A: pass", "", "“A” is defined here, but never called"),
    ("del x", "line 1, column 1", "“del”"),
    ("x = 1\n\0", "line 2", "NUL"),
    ("\ud800", "", "cannot be read"),
]


@pytest.mark.parametrize(("text", "where", "words"), REFUSED, ids=[repr(text[:24]) for text, _, _ in REFUSED])
def test_what_is_not_understood_is_said_with_its_line_and_column(text, where, words):
    with pytest.raises(TextError) as no:
        parse(text)
    assert words in no.value.sentence
    assert no.value.where == where
    assert "\n" not in str(no.value)
    assert len(str(no.value)) < 200


def test_columns_count_characters_not_bytes():
    with pytest.raises(TextError, match="line 2, column 15"):
        parse("# ééé\ny = σ(σ(x)) - ω")


ATTACKS = [
    "__import__('os').system('touch /tmp/owned')",
    "().__class__.__bases__[0].__subclasses__()",
    "exec('1')",
    "eval('1')",
    "open('/etc/passwd')",
    "getattr(x, 'y')",
    "[x for x in y]",
    "import os; os.system('true')",
    "x.backward(__import__('os').getpid())",
    "relu(x, label=__import__('os').name)",
    "input(__import__('os').getpid())",
    "input(zeros(10**10))",
    "parameter(normal(100000, 100000))",
    "(" * 100_000,
    "(" * 60 + "x",
    "[" * 100_000,
    "-" * 100_000 + "x",
    "not " * 50_000 + "x",
    "x" + ".y" * 100_000,
    "+".join(["x"] * 50_000),
    "**".join(["x"] * 20_000),
    "relu(" * 50_000,
    "x" + "(y)" * 50_000,
    "x" * 10_000_000,
    "x+" * 5_000_000,
    "\0" * 1_000_000,
    "\n" * 900_000 + "x ^ 2",
    "'" * 999_999,
    "\\" * 100_000,
    "{" * 79 + "}" * 79,
    "f(" * 79 + "x for x in y" + ")" * 79,
    "\ufeffx $ y",
]


@pytest.mark.parametrize("text", ATTACKS, ids=[repr(text[:24]) for text in ATTACKS])
@pytest.mark.timeout(10)
def test_texts_that_mean_harm_get_a_sentence(text):
    with pytest.raises(TextError) as no:
        parse(text)
    assert len(str(no.value)) < 200


@given(st.text(max_size=60) | st.text("xy12+-*/@().,=;[]' \nrelu:", max_size=40))
def test_any_text_gives_a_graph_or_a_sentence(text):
    try:
        graph = parse(text)
    except TextError as error:
        assert error.sentence
    else:
        assert all(ID.match(id) for id in graph.nodes)


def test_a_chain_of_ten_thousand_assignments():
    lines = ["x0 = input(0.5)"] + [f"x{i + 1} = tanh(x{i})" for i in range(10_000)]
    graph = parse("\n".join(lines))
    assert graph.target == "x10000"
    assert 0 < run(graph).gradient("x0") < 1


def test_a_long_sum_in_one_line():
    assert run(parse("+".join(["x"] * 800)), values={"x": 2}).gradient("x") == 800


@pytest.mark.parametrize(
    "text, said",
    [
        ("x = [np.ones((1000, 1000)) * 2 for i in range(100)]", "more than 10,000,000 elements together"),
        ("a = np.ones((5000, 1)) @ np.ones((1, 5000))", "this would have 25,000,000 elements; at most 10,000,000"),
        ("a = np.ones((5000, 1)) + np.ones((1, 5000))", "this would have 25,000,000 elements; at most 10,000,000"),
    ],
)
def test_arrays_that_a_text_makes_of_arrays_count_too(text, said):
    with pytest.raises(TextError, match=said):
        parse(f"import numpy as np\n{text}")


def test_what_is_computed_to_be_known_while_reading_is_counted():
    with MEMORY.allowed(2**20):
        graph = parse("a = ones(600); y = outer(a, a)\nz = sum(y)")
        assert graph.target == "z"
        with pytest.raises(TextError, match="how many rows this has is not known here"):
            parse("a = ones(600); y = outer(a, a)\nfor row in y:\n    z = sum(row)")
