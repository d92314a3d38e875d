"""The NumPy export runs alone and gives the very numbers of the trace, for every op and for random graphs."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stdout
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ExportError
from engine.export import export_graph, trace_for
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.passes.trace import Trace
from tests.building import Row, graph_of, xyz
from tests.engine import export_cases as cases
from tests.engine.broadcasts import broadcast_graphs

GRAPHS = dict([*cases.all_graphs(), *cases.non_finite_graphs(), *cases.example_graphs()])
BROADCASTS = dict(broadcast_graphs())


def executed(text: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "__main__"}
    with redirect_stdout(io.StringIO()), np.errstate():
        exec(text, space)
    return space


def same_bits(a: Any, b: Any) -> bool:
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=True)


def check(graph: Graph, trace: Trace) -> None:
    space = executed(str(export_graph(graph, "numpy", trace)))
    got = space.get("gradients", {})
    for id, node in graph.nodes.items():
        if len(node.op.outputs) == 1 and (value := trace.value(id)) is not None:
            assert same_bits(space["values"][id], value), id
        gradient = trace.gradient(id)
        assert (gradient is None) == (id not in got), id
        assert gradient is None or same_bits(got[id], gradient), id


@pytest.mark.parametrize("name", GRAPHS)
def test_the_program_gives_the_same_bits(name: str) -> None:
    graph = GRAPHS[name]
    check(graph, trace_for(graph))


@pytest.mark.parametrize("name", BROADCASTS)
def test_what_was_broadcast_collects_the_gradients_of_its_copies(name: str) -> None:
    check(BROADCASTS[name], trace_for(BROADCASTS[name]))


def test_it_reads_like_the_literature() -> None:
    text = str(export_graph(xyz(), "numpy"))
    lines = [line.split("  # ")[0].rstrip() for line in text.splitlines()]
    for line in ("q = x + y", "f = q * z", "df = np.float64(1.0)", "dq = df * z", "dz = df * q", "dx = dq", "dy = dq"):
        assert line in lines
    assert "# mul: multiplying scales by the other side" in text
    assert "def " not in text  # no helper that nobody calls


def test_fan_out_is_added_up() -> None:
    text = str(export_graph(GRAPHS["fan-out"], "numpy"))
    assert "dx += dy * x" in text and "the contributions of all paths add up" in text


def test_its_comments_name_the_seed_and_keep_the_names_of_nodes() -> None:
    rows: list[Row] = [("A", "input", 6.0), ("B", "input", 3.0), ("f", "div", ["A", "B"])]
    said = export_graph(graph_of(*rows, target="f", seed=10.0), "numpy")
    assert "d… is the derivative of 10.0 times f with respect to" in said
    assert "# div: A is divided by 3" in said and "# div: B is the divisor" in said
    whole = export_graph(graph_of(("x", "input", [1.0, 2.0]), ("f", "exp", ["x"]), target="f"), "numpy")
    assert "d… is the derivative of the sum of f with respect to" in whole


def test_it_runs_alone_and_prints_the_numbers(tmp_path: Any) -> None:
    path = tmp_path / "out.py"
    path.write_text(str(export_graph(GRAPHS["keywords"], "numpy")), encoding="utf-8")
    ran = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, cwd=tmp_path, check=True)
    trace = run(GRAPHS["keywords"])
    assert f"exp = {trace.value('exp')}   gradient {trace.gradient('exp')}" in ran.stdout
    assert ran.stderr == ""


def test_nothing_to_export() -> None:
    with pytest.raises(ExportError, match="nothing to export"):
        export_graph(Graph(), "numpy")


BINARY = ["add", "sub", "mul", "max", "min", "squared_error", "matmul"]
UNARY = ["neg", "exp", "relu", "sigmoid", "tanh", "square", "sin", "softplus"]
SHAPES = [(), (2,), (2, 2), (1, 2), (2, 1)]


@st.composite
def random_graphs(draw: st.DrawFn) -> Graph:
    numbers = st.integers(-8, 8).map(lambda n: n / 4)
    rows: list[Row] = []
    for i in range(draw(st.integers(1, 4))):
        shape = draw(st.sampled_from(SHAPES))
        data = draw(st.lists(numbers, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
        value: Any = np.array(data).reshape(shape).tolist()
        rows.append((f"x{i}", draw(st.sampled_from(["input", "parameter", "constant"])), value))
    for i in range(draw(st.integers(1, 8))):
        sources = st.sampled_from([row[0] for row in rows])
        op = draw(st.sampled_from(BINARY + UNARY))
        rows.append((f"n{i}", op, [draw(sources) for _ in range(2 if op in BINARY else 1)]))
    return graph_of(*rows, target=rows[-1][0], seed=draw(st.sampled_from([1.0, -2.5])))


@settings(max_examples=60, deadline=None)
@given(random_graphs())
def test_random_graphs_give_the_same_bits(graph: Graph) -> None:
    trace = cases.run_or_none(graph)
    if trace is not None:
        check(graph, trace)
