"""The exports to PyTorch and JAX read as they should; micrograd's run and find every gradient."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from engine.edits.document import set_training
from engine.errors import ExportError
from engine.export import export_graph, trace_for
from engine.export.torch import IDIOMS
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.ops.kernel import bind
from engine.ops.op import OPS
from tests.building import graph_of, xyz
from tests.engine import export_cases as cases

GRAPHS = dict([*cases.all_graphs(), *cases.example_graphs()])
READ = ["keywords", "labels", "no target", "sum of 300", "linear ((4, 3), (2, 3), (2,)) ", "iris.gradloom"]


def text_of(graph: Graph, target: str) -> str:
    return str(export_graph(graph, target))


@pytest.mark.parametrize("target", ["torch", "jax"])
@pytest.mark.parametrize("name", READ)
def test_a_script_is_python(name: str, target: str) -> None:
    """That each finds the right numbers is held where the libraries are: see tests/interop."""
    compile(text_of(GRAPHS[name], target), name, "exec")


def test_torch_reads_like_torch() -> None:
    text = text_of(xyz(), "torch")
    assert "self.z = nn.Parameter(torch.tensor(-4.0))" in text
    assert "def forward(self, x, y):" in text and "f = q * self.z" in text


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


def test_micrograd_finds_every_gradient() -> None:
    checked = 0
    for name, graph in MICROGRAD.items():
        space: dict[str, Any] = {}
        exec(text_of(graph, "micrograd"), space)
        trace = trace_for(graph)
        for id in graph.nodes:
            expected = trace.gradient(id)
            if expected is not None and hasattr(space.get(id), "grad"):
                assert np.isclose(space[id].grad, expected, 1e-9), (name, id)
                checked += 1
    assert checked > 1000


@pytest.mark.parametrize(("op", "exponent"), [("sqrt", None), ("pow", 0.5), ("pow", 0.0)])
def test_micrograd_is_not_asked_for_a_slope_that_it_fails_at(op: str, exponent: float | None) -> None:
    """0 ** -0.5 raises in Python: without a gradient the program runs, with one it is refused."""
    rows: list[Any] = [("x", "input", 0.0)]
    rows += [] if exponent is None else [("c", "constant", exponent)]
    rows += [("y", op, [row[0] for row in rows])]
    exec(text_of(graph_of(*rows), "micrograd"), space := {})
    assert space["y"].data == (1.0 if exponent == 0.0 else 0.0)
    with pytest.raises(
        ExportError, match=r"micrograd has no gradient of “y” here: its slope needs 0 \*\* -"
    ) as refused:
        export_graph(graph_of(*rows, target="y"), "micrograd")
    assert refused.value.ids == ("y",)


def test_micrograd_says_what_it_cannot() -> None:
    graph = graph_of(("x", "input", 1), ("y", "tanh", ["x"]), target="y")
    with pytest.raises(ExportError, match=r"micrograd has no “tanh”: the node “y” \(Tanh\) cannot be written in it\."):
        export_graph(graph, "micrograd")
    with pytest.raises(ExportError, match="single numbers only"):
        export_graph(cases.regression(), "micrograd")


def test_what_pytorch_is_told_of_a_hinge_is_the_hinge() -> None:
    o, t = np.array([0.3, 2.0, -1.0]), np.array([1.0, 1.0, -1.0])
    words = {"torch": SimpleNamespace(relu=lambda x: np.maximum(x, 0)), "mean": np.mean, "o": o, "t": t}
    assert eval(IDIOMS["hinge"], words) == bind(OPS["hinge"], 2).forward(o, t)
