"""What an answer is worked out from is written out where it is an array, and it is what the trace holds."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from engine.passes.run import run
from engine.teach.asking import MODES
from engine.teach.given import given
from engine.text.read import parse

PROGRAM = "x=np.array([[1.0,2],[0.5,-1],[2,1]]);W=np.array([[1.0,0.5],[-1,2]]);h=relu(x@W);f=h.sum()"


@pytest.mark.parametrize("mode", ["each", "leaves", "slopes"])
def test_arrays_are_written_out(mode):
    graph = parse(PROGRAM)
    trace = run(graph)
    count = 0
    for at in range(len(trace)):
        question = MODES[mode].ask(graph, trace, at)
        for line in given(question) if question else []:
            name, _, text = line.partition(" = ")
            if name in graph.nodes:
                held = ast.literal_eval(text.replace("−", "-"))
                assert np.allclose(held, trace.value(name), rtol=1e-3)
                count += 1
    assert count > 0


def test_single_numbers_stand_on_the_canvas():
    graph = parse("x=3; f=x*x")
    trace = run(graph)
    assert all(given(q) == [] for at in range(len(trace)) if (q := MODES["each"].ask(graph, trace, at)))


def test_of_large_arrays_the_shape_is_told():
    graph = parse("x=np.ones((9, 9)); f=(x*x).sum()")
    trace = run(graph)
    lines = [line for at in range(len(trace)) if (q := MODES["each"].ask(graph, trace, at)) for line in given(q)]
    assert any("shape (9, 9)" in line for line in lines)
