"""Programs as lectures, tutorials and notes write them: the values and gradients that NumPy and PyTorch give."""

from __future__ import annotations

from textwrap import dedent

import numpy as np
import pytest

from engine.errors import TextError
from engine.passes.run import run
from engine.text.read import parse, read
from tests.engine.text.idioms import IDIOMS


@pytest.mark.parametrize(("title", "text", "value", "gradients"), IDIOMS, ids=[row[0] for row in IDIOMS])
def test_a_program_means_what_its_library_means(title: str, text: str, value: object, gradients: dict) -> None:
    graph = parse(dedent(text))
    trace = run(graph)
    assert graph.target is not None
    assert np.allclose(trace.value(graph.target), value, 1e-9, 1e-11)
    for name, gradient in gradients.items():
        assert np.allclose(trace.gradient(name), gradient, 1e-9, 1e-11), name


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("2x² + 3(x+1)", "2*x**2 + 3*(x+1)"),
        ("√x·√(y+1)", "sqrt(x)*sqrt(y+1)"),
        ("x⁻¹ − ½", "x**-1 - 0.5"),
        ("2π·x", "2*pi*x"),
        ("-x**2", "-(x**2)"),
        ("2**x**y", "2**(x**y)"),
        ("x²y", "x**2*y"),
    ],
)
def test_what_is_typed_as_on_paper(typed: str, plain: str) -> None:
    held = {"x": 3.0, "y": 2.0}

    def value(text: str) -> object:
        graph = parse(f"f = {text}")
        return run(graph, values={name: x for name, x in held.items() if name in graph.nodes}).value("f")

    assert value(typed) == value(plain)


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("y = 1/2x", "line 1, column 7", "can be read in two ways"),
        ("y = √x²", "line 1, column 5", "must be in brackets"),
        ("import numpy as np\nx = np.ones((2, 2))\ny = sum(x)", "line 3, column 5", "adds the rows only"),
        ("x = [1, 2]\ny = x * 2", "line 2, column 5", "Python's + joins two lists"),
        ("x = [1, 2]\ny = x @ [3, 4]", "line 2, column 5", "Python has no such arithmetic with lists"),
        ("y = std(x).sum() + x.std()", "line 1, column 20", "NumPy divides by n here, PyTorch by n − 1"),
        ("import numpy as np\nm = np.max(a, b)", "line 2, column 15", "NumPy takes an axis here"),
        ("import torch\nx = torch.ones(2)\ny = torch.tensor([x[0], x[1]])", "line 3, column 18", "torch.stack"),
        ("import torch\nx = torch.ones(2)\n(x * 2).backward()", "line 3, column 1", "y.sum().backward()"),
        ("import torch\nx = torch.ones(2)\ny = x.detach() * x", "line 3, column 5", "cuts the gradient off"),
        ("import torch\nx = torch.ones(2)\nz = x.sum().item() * x", "line 3, column 5", "leave it to a print"),
        ("import torch\nx = torch.ones(2)\nx[0] = 3", "line 3, column 1", "does not change"),
        ("x = 2; y = x * x; y.backward(); y.backward()", "line 1, column 33", "backward is called twice"),
        ("import numpy as np\na = np.ones(3); b = a; a += 1", "line 2, column 24", "changes “b” too"),
        ("if x > 0: y = x", "line 1, column 4", "where(x > 0, a, b)"),
        ("y = argmax(x)", "line 1, column 5", "whole numbers, which have no gradient"),
        ("y = torch.floor(x)", "line 1, column 5", "it jumps"),
        ("y = nn.Dropout(0.5)(x)", "line 1, column 5", "dropout is random"),
        ("y = F.mse_loss(x, t, reduction='all')", "line 1, column 32", "'mean', 'sum' or 'none'"),
        ("y = np.wehre(x > 0, x, 0)", "line 1, column 5", "did you mean “where”"),
        (
            "class Value:\n    def __add__(self, o): return o\nx = Value(2)",
            "line 1, column 1",
            "Value(…) is understood",
        ),
        ("def f(x): return f(x)\ny = f(z)", "line 1, column 18", "calls itself without an end"),
        ("for i in range(10**9): y = x", "line 1, column 10", "is too long to be laid out"),
        ("y = sum([x**i for i in range(5000) for j in range(5000)])", "line 1, column 10", "make it too large"),
        ("x = 1\nfor i in range(2):\n    y = x * i\n    y.backward()", "line 2, column 1", "adds to the gradients"),
    ],
)
def test_what_would_be_something_else_is_refused_with_its_place_and_a_hint(text: str, where: str, words: str) -> None:
    with pytest.raises(TextError) as no:
        parse(text)
    assert (words in no.value.sentence, no.value.where) == (True, where), str(no.value)


def test_backward_chooses_its_target() -> None:
    graph = parse("x = 3; y = x * x; y.backward(); z = y + 1")
    assert (graph.target, run(graph).gradient("x")) == ("y", 6)
    assert parse("x = 3; y = x * x; y.backward(gradient=-2)").seed == -2


def test_jax_gradients_choose_what_the_function_gives() -> None:
    graph = parse("""
        import jax, jax.numpy as jnp
        def f(x, y):
            return jnp.sum(jnp.sin(x) * y)
        g = jax.grad(f)(jnp.array([1., 2.]), jnp.array([3., 4.]))
    """)
    assert graph.target == "f"
    assert np.allclose(run(graph).gradient(next(iter(graph.nodes))), np.cos([1, 2]) * [3, 4])


def test_layers_without_numbers_are_filled_and_it_is_said() -> None:
    found = read("""
        import torch
        from torch import nn
        model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        x = torch.tensor([[0.5, -1.0]])
        for epoch in range(100):
            optimizer.zero_grad()
            loss = nn.MSELoss()(model(x), torch.tensor([[1.0]]))
            loss.backward()
            optimizer.step()
    """)
    shapes = [node.value.shape for node in found.graph.nodes.values() if node.op_name == "parameter"]
    assert shapes == [(3, 2), (3,), (1, 3), (1,)]
    assert found.graph.target == "loss"
    assert [words in " ".join(found.remarks) for words in ("start with random ones", "only the first round")] == [
        True
    ] * 2


def test_after_a_training_step_nothing_is_read_as_if_it_had_not_happened() -> None:
    text = "import torch\nw = torch.ones(2, requires_grad=True)\nl = (w * w).sum()\nl.backward()\n"
    step = "with torch.no_grad():\n    w -= 0.1 * w.grad\n"
    assert parse(text + step).target == "l"
    with pytest.raises(TextError, match="line 7, column 11: “w” cannot be a value of the graph: has been moved"):
        parse(text + step + "print(1); (w * 2).sum().backward()")


def test_a_name_that_only_counts_is_no_part_of_the_graph() -> None:
    assert list(parse("n = 3; x = 2\ny = x\nfor i in range(n):\n    y = y * x").nodes) == ["x", "y", "y_2", "y_3"]


@pytest.mark.parametrize(("numbers", "told"), [("[2.0, 2.0, 1.0]", True), ("[2.0, 3.0, 1.0]", False)])
def test_a_tie_that_torch_gives_to_one_alone_is_remarked_on(numbers: str, told: bool) -> None:
    found = read(
        f"import torch\nx = torch.tensor({numbers}, requires_grad=True)\ny = x.max(dim=0).values\ny.backward()"
    )
    assert any("in a tie the gradient is split evenly" in remark for remark in found.remarks) is told
