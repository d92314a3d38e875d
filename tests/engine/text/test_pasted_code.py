"""Code of NumPy and PyTorch that is pasted in: tensors as they write them, and what they call our operations."""

from __future__ import annotations

import pytest

from engine.errors import TextError
from engine.passes.run import run
from engine.text.read import parse


@pytest.mark.parametrize(
    ("text", "op", "value"),
    [
        ("x = torch.tensor([1.0, 2.0])", "input", [1, 2]),
        ("x = torch.tensor([1.0, 2.0], requires_grad=True)", "parameter", [1, 2]),
        ("x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=False)", "input", [1, 2]),
        ("x = nn.Parameter(torch.tensor([1.0, 2.0]))", "parameter", [1, 2]),
        ("x = nn.Parameter(torch.zeros(1, 2))", "parameter", [[0, 0]]),
        ("x = torch.ones(2, requires_grad=True)", "parameter", [1, 1]),
        ("x = np.zeros((1, 2), dtype=float)", "input", [[0, 0]]),
        ("x = np.array([1, 2])", "input", [1, 2]),
        ("x = ones(2)", "input", [1, 1]),
        ("x\u00a0=\u00a03", "input", 3),
    ],
)
def test_an_array_is_a_leaf_and_learns_where_it_is_said(text: str, op: str, value: object) -> None:
    leaf = parse(text).nodes["x"]
    assert leaf.op_name == op
    assert leaf.value is not None and leaf.value.tolist() == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("w.t() @ w", [[10, 14], [14, 20]]),
        ("w.view(-1)", [1, 2, 3, 4]),
        ("w.reshape(4)", [1, 2, 3, 4]),
        ("w.reshape((1, 4))", [[1, 2, 3, 4]]),
        ("w.reshape(4, 1).sum()", 10),
    ],
)
def test_methods_by_their_names_elsewhere(text: str, value: object) -> None:
    trace = run(parse(f"w = input([[1, 2], [3, 4]])\ny = {text}"))
    result = trace.value("y")
    assert result is not None and result.tolist() == value


def test_a_torch_program_as_it_stands() -> None:
    graph = parse("""
        import torch
        import torch.nn.functional as F
        x = torch.tensor([[1.0, 2.0]], dtype=torch.float32)
        w = torch.tensor([[0.5, -1.0], [2.0, 1.0]], requires_grad=True)
        b = torch.zeros(2, requires_grad=True)
        h = F.relu(x @ w.t() + b)
        loss = h.pow(2).mean()
        loss.backward()
        print(w.grad)
    """)
    assert [id for id, node in graph.nodes.items() if node.op_name == "parameter"] == ["w", "b"]
    trace = run(graph)
    assert trace.value("loss") == 8 and trace.gradient("b") is not None
    assert trace.gradient("b").tolist() == [0, 4]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = zeros()", "needs a shape"),
        ("x = torch.foo(2, 3)", "no operation “foo”"),
        ("x = " + "input([" * 40 + "1" + "])" * 40, "there must be a number"),
        ("x = " + "[" * 33 + "1" + "]" * 33, "nested at most 32 deep"),
    ],
)
def test_what_is_not_understood_is_named(text: str, said: str) -> None:
    with pytest.raises(TextError, match=said):
        parse(text)
