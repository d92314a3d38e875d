"""The exported scripts as a person starts them: `python FILE`, and PyTorch's in two processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.export import export_graph
from engine.graph.graph import Graph
from tests.building import graph_of
from tests.engine import export_cases as cases

EXAMPLES = dict(cases.example_graphs())


def started(path: Path, *launcher: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    return subprocess.run([sys.executable, *launcher, str(path)], capture_output=True, text=True, env=environment)


@pytest.mark.parametrize(("target", "said"), [("torch", "all gradients agree"), ("jax", "all agree")])
def test_a_script_says_that_it_agrees(target: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "out.py"
    path.write_text(str(export_graph(EXAMPLES["train-xor.gradloom"], target)), encoding="utf-8")
    ran = started(path)
    assert ran.returncode == 0 and said in ran.stdout, ran.stdout + ran.stderr


@pytest.mark.parametrize("target", ["torch", "jax"])
def test_a_script_says_where_it_disagrees(target: str, tmp_path: Path) -> None:
    path = tmp_path / "out.py"
    graph = graph_of(("x", "parameter", 3), ("y", "square", ["x"]), target="y")
    text = str(export_graph(graph, target))
    before, gradients, after = text.rpartition('"x":')
    path.write_text(before + gradients + after.replace("6.0", "7.0", 1), encoding="utf-8")
    ran = started(path)
    assert ran.returncode == 1 and "gradient of x" in ran.stdout and "but Gradloom says 7.0" in ran.stdout, ran.stdout


def sum_over_rows() -> Graph:
    """A target that is a sum over the rows, no mean: each process must take them all."""
    return graph_of(
        ("w", "parameter", [[0.5], [-0.5]]), ("d", "dataset", None), ("p", "matmul", ["d", "w"]),
        ("q", "square", ["p"]), ("L", "sum", ["q"]),
        target="L", settings={"d": {"name": "xor"}, "L": {"axis": "all"}},
    )  # fmt: skip


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("graph", "is_shared"),
    [(cases.regression(), False), (EXAMPLES["iris.gradloom"], True), (sum_over_rows(), False)],
    ids=["own leaves", "iris", "no mean"],
)
def test_two_processes_find_the_gradients_of_one(graph: Graph, is_shared: bool, tmp_path: Path) -> None:
    path = tmp_path / "out.py"
    text = str(export_graph(graph, "torch"))
    assert ("SHARED = True" in text) == is_shared
    path.write_text(text, encoding="utf-8")
    ran = started(path, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "2 process(es)" in ran.stdout and "all gradients agree" in ran.stdout
