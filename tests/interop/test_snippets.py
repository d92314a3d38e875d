"""Pasted code means what Python makes of it, value and gradients; or is refused in its place with a word that helps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.errors import TextError
from engine.passes.run import run
from engine.passes.trace import Trace
from engine.text.read import parse
from tests.interop.python import FOLDER, Snippet, run_by_python, snippets

ALL = [snippet for path in sorted(FOLDER.glob("*.txt")) for snippet in snippets(path.name)]
READ = [snippet for snippet in ALL if snippet.refused is None]
REFUSED = [snippet for snippet in ALL if snippet.refused is not None]


def named(snippets: list[Snippet]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("snippet", [pytest.param(snippet, id=snippet.name) for snippet in snippets])


def test_there_are_enough_of_them_and_no_two_are_one() -> None:
    assert len(ALL) >= 150 and len(REFUSED) >= 25
    assert len({snippet.name for snippet in ALL}) == len({snippet.text for snippet in ALL}) == len(ALL)


@named(READ)
def test_it_means_what_python_makes_of_it(snippet: Snippet) -> None:
    python, trace = run_by_python(snippet.text), run(parse(snippet.text))
    target = trace.plan.target
    assert target is not None
    value, leaves = trace.value(target), leaves_of(trace)
    assert value is not None and np.shape(value) == np.shape(python.value)
    if snippet.by_chance:
        return
    digits = 1e-5 if "float32" in snippet.text else 1e-9
    assert is_close(value, python.value, digits), f"{value}, not {python.value}"
    for name, gradient in python.gradients.items():
        assert name in leaves, f"“{name}” is no leaf"
        assert is_close(leaves[name][1], gradient, digits), f"the gradient of {name}: {leaves[name][1]}, not {gradient}"
    for name in python.without_gradient & leaves.keys():
        assert leaves[name][1] is None or not np.any(leaves[name][1]), f"{name} gets a gradient"
    for listed, gradient in python.listed:
        found = [ours for held, ours in leaves.values() if is_close(held, listed, digits)]
        assert any(is_close(ours, gradient, digits) for ours in found), f"no leaf {listed} has the gradient {gradient}"


def leaves_of(trace: Trace) -> dict[str, tuple[Any, Any]]:
    """What the leaves hold, and their gradients."""
    steps = [step for step in trace.forward_steps if not step.inputs]
    return {step.node: (step.value, trace.gradient(step.node)) for step in steps}


def is_close(ours: Any, theirs: Any, digits: float) -> bool:
    if ours is None or np.shape(ours) != np.shape(theirs):
        return False
    return bool(np.allclose(ours, theirs, digits, 1e-12, equal_nan=True))


@named(REFUSED)
def test_it_is_refused_where_it_should_be_with_a_word_that_helps(snippet: Snippet) -> None:
    assert snippet.refused is not None
    line, column, word = snippet.refused
    with pytest.raises(TextError) as refused:
        parse(snippet.text)
    said = str(refused.value)
    assert refused.value.where == f"line {line}, column {column}", said
    assert word in said, said
