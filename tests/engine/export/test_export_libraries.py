"""The exports to PyTorch, JAX and micrograd run and find the gradients that are written into them."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.edits.training import set_training
from engine.errors import ExportError
from engine.export import export_graph
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.learn.trainer import TrainingConfig
from engine.passes.run import run
from tests.building import graph_of, xyz
from tests.engine import export_cases as cases

GRAPHS = dict([*cases.all_graphs(), *cases.example_graphs()])

# Runs every script named on its standard input in one process: importing torch for each would take minutes.
RUN_ALL = """
import io, runpy, sys, traceback, contextlib
for path in sys.stdin.read().split("\\n"):
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            runpy.run_path(path, run_name="__main__")
        code = 0
    except SystemExit as exit:
        code = exit.code or 0
    except BaseException:
        code = traceback.format_exc()
    if code:
        print("FAILED", path, code, out.getvalue())
"""


def missing(library: str) -> bool:
    return importlib.util.find_spec(library) is None


def text_of(graph: Graph, target: str) -> str:
    return str(export_graph(graph, target))


def run_all(folder: Path, target: str) -> None:
    paths = []
    for i, (name, graph) in enumerate(GRAPHS.items()):
        path = folder / f"graph{i}.py"
        path.write_text(f"# {name!r}\n" + text_of(graph, target), encoding="utf-8")
        paths.append(str(path))
    ran = subprocess.run([sys.executable, "-c", RUN_ALL], input="\n".join(paths), capture_output=True, text=True)
    assert ran.stdout == "" and ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize("target", ["torch", "jax"])
@pytest.mark.parametrize("name", GRAPHS)
def test_each_script_is_written_and_is_python(name: str, target: str) -> None:
    compile(text_of(GRAPHS[name], target), name, "exec")


@pytest.mark.skipif(missing("torch"), reason="torch is not installed")
@pytest.mark.timeout(600)
def test_torch_agrees_with_every_gradient(tmp_path: Path) -> None:
    run_all(tmp_path, "torch")


@pytest.mark.skipif(missing("jax"), reason="jax is not installed")
@pytest.mark.timeout(600)
def test_jax_agrees_with_every_gradient(tmp_path: Path) -> None:
    run_all(tmp_path, "jax")


def test_torch_reads_like_torch() -> None:
    text = text_of(xyz(), "torch")
    assert "self.z = nn.Parameter(torch.tensor(-4.0))" in text
    assert "def forward(self, x, y):" in text and "f = q * self.z" in text


@pytest.mark.skipif(missing("torch"), reason="torch is not installed")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["own leaves", "iris.gradloom", "train-xor.gradloom", "no mean"])
def test_two_processes_find_the_gradients_of_one(name: str, tmp_path: Path) -> None:
    path = tmp_path / "out.py"
    graph = {"own leaves": regression(), "no mean": sum_over_rows()}.get(name) or GRAPHS[name]
    text = text_of(graph, "torch")
    assert ("SHARED = True" in text) == (name.endswith(".gradloom"))
    path.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone", str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 process(es)" in ran.stdout and "all gradients agree" in ran.stdout


def test_torch_trains_as_the_graph_says() -> None:
    text = text_of(GRAPHS["iris.gradloom"], "torch")
    config = TrainingConfig.of(GRAPHS["iris.gradloom"])
    assert f"lr={config.lr!r}" in text and "ROWS = ['data_features', 'data_targets']" in text.replace("iris_", "data_")
    decayed = GRAPHS["iris.gradloom"].apply(
        set_training(GRAPHS["iris.gradloom"], TrainingConfig("momentum", 0.5, 7, 3, 0, 5, 0.1, 2.0).said)
    )
    text = text_of(decayed, "torch")
    assert "SGD(model.parameters(), lr=0.5, momentum=0.9)" in text and ".split(7)" in text
    assert "clip_grad_norm_(model.parameters(), 2.0)" in text and "parameter *= 0.95" in text
    assert "manual_seed(5)" in text
    compile(text, "decayed", "exec")


def sum_over_rows() -> Graph:
    """A target that is a sum over the rows, no mean: each process must take them all."""
    rows = graph_of(
        ("w", "parameter", [[0.5], [-0.5]]), ("d", "dataset", None), ("o", "square", ["w"]), ("s", "sum", ["o"]),
        target="s", settings={"d": {"name": "xor"}, "s": {"axis": "all"}},
    )  # fmt: skip
    nodes = [*rows.nodes.values(), Node("p", "matmul"), Node("q", "square"), Node("L", "sum", settings=ALL)]
    edges = [Edge("d", "p", 0), Edge("w", "p", 1), Edge("p", "q", 0), Edge("q", "L", 0)]
    return Graph.of(nodes, [*rows.edges.values(), *edges], target="L")


ALL = (("axis", "all"),)


def regression() -> Graph:
    return graph_of(
        ("x", "input", [[1, 2], [3, 4], [5, 6]]), ("t", "input", [[1], [2], [3]]),
        ("w", "parameter", [[0.1, -0.2]]), ("b", "parameter", [0.3]),
        ("o", "linear", ["x", "w", "b"]), ("L", "mse", ["o", "t"]), target="L",
    )  # fmt: skip


# --- micrograd


def micrograd_graphs() -> Iterator[tuple[str, Graph]]:
    for name, graph in GRAPHS.items():
        try:
            text_of(graph, "micrograd")
        except ExportError as refused:
            assert str(refused).endswith("."), refused
        else:
            yield name, graph


MICROGRAD = dict(micrograd_graphs())


def test_micrograd_covers_its_own_ops() -> None:
    covered = {node.op_name for graph in MICROGRAD.values() for node in graph.nodes.values()}
    assert {"add", "sub", "mul", "div", "neg", "square", "relu", "leaky_relu", "mse", "squared_error"} <= covered


@pytest.mark.skipif(missing("micrograd"), reason="micrograd is not installed")
@pytest.mark.parametrize("name", MICROGRAD)
def test_micrograd_finds_the_gradients(name: str) -> None:
    graph = MICROGRAD[name]
    space: dict[str, Any] = {}
    exec(text_of(graph, "micrograd"), space)
    trace = run(graph) if graph.target else None
    for id in graph.nodes if trace else ():
        expected = trace.gradient(id) if trace else None
        if expected is not None and hasattr(space.get(id), "grad"):
            assert np.isclose(space[id].grad, expected, 1e-9), id


def test_micrograd_says_what_it_cannot() -> None:
    graph = graph_of(("x", "input", 1), ("y", "tanh", ["x"]), target="y")
    with pytest.raises(ExportError, match=r"micrograd has no “tanh”: the node “y” \(Tanh\) cannot be written in it\."):
        export_graph(graph, "micrograd")
    with pytest.raises(ExportError, match="single numbers only"):
        export_graph(regression(), "micrograd")
