"""Programs that are cut off, mixed up or made to take for ever: a graph or a sentence, and soon."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import TextError
from engine.export.target import export_graph
from engine.files.disk import load
from engine.files.examples import examples
from engine.text.read import parse
from tests.engine.text.idioms import IDIOMS

PROGRAMS = [dedent(text) for _, text, _, _ in IDIOMS]
PROGRAMS += [
    str(export_graph(load(example.path), target))
    for example in examples()
    if example.name in ("neuron", "relu-open")
    for target in ("numpy", "torch", "jax", "micrograd")
]
ODDS = [
    "(",
    ")",
    "[0]",
    ".T",
    "*",
    ", dim=1",
    "None",
    "**",
    "\n",
    "    ",
    "'",
    "lambda x: ",
    "x",
    "3",
    ".sum()",
    "=",
    "@",
    "...",
]


def parsed_or_refused(text: str) -> None:
    try:
        parse(text)
    except TextError as error:
        assert error.sentence


@settings(max_examples=150)
@given(st.sampled_from(PROGRAMS), st.data())
def test_a_damaged_program_gives_a_graph_or_a_sentence(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.sampled_from([0, 1, 5, 40, len(text)])))
        text = text[:start] + data.draw(st.sampled_from(["", *ODDS])) + text[end:]
    parsed_or_refused(text)


@settings(max_examples=100)
@given(st.lists(st.sampled_from([line for text in PROGRAMS[:22] for line in text.splitlines()]), max_size=8))
def test_lines_of_many_programs_give_a_graph_or_a_sentence(lines: list[str]) -> None:
    parsed_or_refused("\n".join(lines))


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [
        "y = x ** 9**9**9",
        "n = 9**9**9\ny = [x for i in range(n)]",
        "y = sum([x for i in range(10**12)])",
        "for i in range(9999):\n    for j in range(9999):\n        x = x * y",
        "def f(x): return f(f(x))\ny = f(x)",
        "f = lambda g: g(g)\ny = f(f)",
        "y = [0] * 10**9",
        "xs = [1]\nfor i in range(60):\n    xs = xs + xs\ny = x",
        "xs = []\nfor i in range(9999):\n    xs.append(i)\n    xs.extend(xs)\ny = x",
        "y = np.zeros((10**5, 10**5)) * x",
        "y = np.arange(0, 1, 1e-300)",
        "y = np.ones(10**6) @ np.ones((10**6, 9))\nz = np.ones((3000, 3000)) @ np.ones((3000, 3000))",
        "w = np.linspace(0, 1, 10**12)",
        "s = 'a' * 10**9\ny = x",
        "s = 'a'\nfor i in range(60):\n    s = s + s\ny = x",
        "y = x.reshape(10**30)",
        "y = x[10**30]",
        "y = torch.randn(10**12)",
        "n = 3\ny = x ** (2 ** (2 ** (2 ** n)))",
        "a = {'a': a}\ny = x",
        "xs = []\nxs.append(xs)\ny = xs",
        "xs = []\nxs.append(xs)\ny = np.array(xs)",
    ],
)  # fmt: skip
def test_what_would_take_for_ever_ends_at_once(text: str) -> None:
    parsed_or_refused(text)
