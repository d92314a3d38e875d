"""Each line of the NumPy program belongs to a step, and computes what that step says; the table says it once more."""

from __future__ import annotations

import ast
import csv
import io
import json

import numpy as np
import pytest

from engine.edits import set_label, set_value
from engine.export.numpy import numpy_listing, write_numpy
from engine.export.trace_table import HEADS, trace_csv
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.passes.trace import ForwardStep, gradient_after
from engine.text.read import parse


def held(program: str, **values: object) -> Graph:
    graph = parse(program)
    for id, value in values.items():
        graph = graph.apply(set_value(graph, id, value))
    return graph


GRAPHS = {
    "numbers": held("q = x + y; f = q * z + x", x=-2.0, y=5.0, z=-4.0),
    "layer": held("h = relu(W @ x + b); L = mean((h - t) ** 2)", W=[[1, 2], [3, -4]], x=[1, 2], b=[0.0, 1], t=[1.0, 0]),
    "long sum": held(" + ".join(f"x{i}" for i in range(60)), **{f"x{i}": float(i) for i in range(60)}),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_every_line_computes_its_step(name: str) -> None:
    graph = GRAPHS[name]
    trace = run(graph)
    listing = numpy_listing(graph, trace)
    assert listing.text == write_numpy(graph, trace)
    assert len(listing.steps) == len(listing.text.split("\n"))
    assert {step for step in listing.steps if step is not None} == set(range(len(trace)))
    space: dict[str, object] = {}
    last: dict[int, object] = {}
    for statement in ast.parse(listing.text).body:
        exec(compile(ast.Module([statement], []), "listing", "exec"), space)
        step = listing.steps[statement.lineno - 1]
        if step is not None:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            last[step] = space[target.id]
    for at, step in enumerate(trace.steps):
        said = step.value if isinstance(step, ForwardStep) else gradient_after(step)
        np.testing.assert_allclose(last[at], said, rtol=1e-12, err_msg=f"step {at}")


def test_without_reasons_it_is_the_same_program() -> None:
    graph = GRAPHS["numbers"]
    trace = run(graph)
    brief, whole = numpy_listing(graph, trace, reasons=False), numpy_listing(graph, trace)
    assert ast.dump(ast.parse(brief.text)) == ast.dump(ast.parse(whole.text))


def test_the_table_says_every_step_with_all_digits() -> None:
    graph = held("a = sigmoid(w * x); L = a * a", w=0.3, x=1.7)
    trace = run(graph)
    rows = list(csv.DictReader(io.StringIO(trace_csv(graph, trace))))
    assert tuple(rows[0]) == HEADS and len(rows) == len(trace)
    a = 1 / (1 + np.exp(-0.3 * 1.7))
    sent = [row for row in rows if row["from"] == "L" and row["to"] == "a"]
    assert [float(row["contribution"]) for row in sent] == [a, a] and float(sent[1]["sum"]) == 2 * a
    for row in rows:
        if row["local"]:
            assert float(row["upstream"]) * float(row["local"]) == float(row["contribution"])


def test_arrays_stand_in_a_cell_and_no_cell_is_a_formula() -> None:
    graph = held("h = x * 2; L = sum(h)", x=[1.0, 2.0])
    graph = graph.apply(set_label(graph, "x", "=1+1"))
    rows = list(csv.DictReader(io.StringIO(trace_csv(graph, run(graph)))))
    assert json.loads(rows[0]["value"]) == [1, 2] and not rows[0]["to"].startswith("=")
