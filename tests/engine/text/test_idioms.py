"""Programs as lectures, tutorials and notes write them: the values and gradients that NumPy and PyTorch give."""

from __future__ import annotations

from textwrap import dedent

import numpy as np
import pytest

from engine.errors import TextError
from engine.passes.run import run
from engine.text.read import parse, read

# ruff: noqa: E501 - the programs stand as they are written
# A title, the program, what its target holds, and the gradients of its leaves, as PyTorch 2 and NumPy 2 reckon them.
IDIOMS = [
    (
        'tuples and semicolons',
        """
        import torch
        a, b = torch.tensor(2., requires_grad=True), torch.tensor(3., requires_grad=True); c = a * b
        y = c + a
        y.backward()
        """,
        8.0,
        {'a': 4.0, 'b': 2.0},
    ),
    (
        'a list of names is stacked and summed',
        """
        import torch
        a, b = torch.tensor(2., requires_grad=True), torch.tensor(3., requires_grad=True)
        z = torch.stack([a, b]).pow(2).sum() * sum([a, b])
        z.backward()
        """,
        65.0,
        {'a': 33.0, 'b': 43.0},
    ),
    (
        'double, requires_grad_ and a seed that changes nothing',
        """
        import torch
        torch.manual_seed(0)
        x = torch.tensor([1, 2, 3]).double().requires_grad_()
        y = (x * x).mean()
        y.backward()
        """,
        4.666666666667,
        {'x': [0.666666666667, 1.333333333333, 2.0]},
    ),
    (
        'prompts with their answers',
        """
        >>> import torch
        >>> x = torch.tensor(3., requires_grad=True)
        >>> y = x**2
        >>> y
        tensor(9., grad_fn=<PowBackward0>)
        >>> y.backward()
        >>> x.grad
        tensor(6.)
        """,
        9.0,
        {'x': 6.0},
    ),
    (
        'docstrings, annotations, assertions, prints',
        """
        '''A parabola.'''
        import torch
        x: torch.Tensor = torch.tensor(3., requires_grad=True)  # here
        y: torch.Tensor = x**2 + 1
        assert y > 0, "never"
        print(f"{y:.3f}", x.grad)
        y.backward()
        """,
        10.0,
        {'x': 6.0},
    ),
    (
        'functions of the text, with defaults and keywords',
        """
        import torch
        def power(x, n=2):
            '''x to the n.'''
            return x ** n
        def f(x, scale):
            h = power(x) + power(x, n=3)
            return scale * h
        x = torch.tensor(1.5, requires_grad=True)
        y = f(x, scale=2)
        y.backward()
        """,
        11.25,
        {'x': 19.5},
    ),
    (
        'a loop over a range',
        """
        import torch
        x = torch.tensor(1.0, requires_grad=True)
        y = x
        for _ in range(3):
            y = torch.sin(y) + x
        y.backward()
        """,
        1.923843052442,
        {'x': 0.774872366509},
    ),
    (
        'comprehensions, zip and enumerate',
        """
        import torch
        w = torch.tensor([0.1, 0.2, 0.3], requires_grad=True)
        xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5]]
        ys = [1.0, -1.0]
        predicted = [sum(wi * xi for wi, xi in zip(w, row)) for row in xs]
        loss = sum((p - t) ** 2 * (i + 1) for i, (p, t) in enumerate(zip(predicted, ys)))
        loss.backward()
        """,
        3.375,
        {'w': [13.0, -8.0, 3.5]},
    ),
    (
        'a list that grows',
        """
        import torch
        x = torch.tensor([2., 3.], requires_grad=True)
        parts = []
        for i in range(len(x)):
            parts.append(x[i] ** (i + 2))
        y = torch.stack(parts).sum()
        y.backward()
        """,
        31.0,
        {'x': [4.0, 27.0]},
    ),
    (
        'a class of modules',
        """
        import torch
        class Net(torch.nn.Module):
            def __init__(self, scale):
                super().__init__()
                self.w = torch.nn.Parameter(torch.tensor([[1., -2.]]))
                self.scale = scale
            def forward(self, x):
                return self.scale * torch.relu(x @ self.w.T)
        net = Net(3.0)
        x = torch.tensor([[3., 1.]], requires_grad=True)
        loss = net(x).mean()
        loss.backward()
        """,
        3.0,
        {'x': [[3.0, -6.0]]},
    ),
    (
        'losses as modules, and their reductions',
        """
        import torch
        import torch.nn as nn
        import torch.nn.functional as F
        x = torch.tensor([[0.5, -1.0], [2.0, 0.3]], requires_grad=True)
        t = torch.tensor([[0.1, 0.2], [0.3, -4.]])
        loss = nn.MSELoss()(x, t) + F.mse_loss(x, t, reduction='sum') + nn.CrossEntropyLoss()(x, torch.tensor([1, 0])) + F.l1_loss(x, t, reduction='none').sum()
        loss.backward()
        """,
        37.259599653684,
        {'x': [[2.408787238097, -4.408787238097], [5.172767367458, 11.827232632542]]},
    ),
    (
        'reductions with and without axes',
        """
        import torch
        x = torch.tensor([[1., 2., 5.], [3., 4., 0.]], requires_grad=True)
        y = x.std() + x.var(0).sum() + x.max(1).values.sum() + torch.max(x, dim=0)[0].prod() + x.norm() + x.mean(dim=(0, 1)) + torch.logsumexp(x, 1).sum() + x.amax()
        y.backward()
        """,
        111.679473725508,
        {'x': [[-1.841702280443, -1.570493014153, 21.044367322919], [22.890026761299, 19.587782486059, -5.087381688292]]},
    ),
    (
        'values and indices of the largest',
        """
        import torch
        p = torch.tensor([1., 5., 2.], requires_grad=True)
        y, where_it_is = torch.max(p * 2, dim=0)
        y.backward()
        """,
        10.0,
        {'p': [0.0, 2.0, 0.0]},
    ),
    (
        'indexing, slices, shapes',
        """
        import torch
        x = torch.tensor([[1., 2.], [3., 4.], [5., 7.]], requires_grad=True)
        y = (x[1:, 0] * x[-1]).sum() + x.permute(1, 0).reshape(-1)[1:3].unsqueeze(0).squeeze().sum() + x[:, None, 1].mean() + x.transpose(0, 1)[1].prod()
        y.backward()
        """,
        118.333333333333,
        {'x': [[0.0, 28.333333333333], [6.0, 14.333333333333], [11.0, 13.333333333333]]},
    ),
    (
        'comparisons, where, clamp, a choice',
        """
        import torch
        x = torch.tensor([0.5, 2., 3.], requires_grad=True)
        s = (x > 1).double() * x
        y = s.sum() + torch.where((x > 1) & (x < 3), x ** 2, -x).sum() + x.clamp(max=2.5).sum() + (x[0] if x[0] > 0 else -x[0])
        y.backward()
        """,
        11.0,
        {'x': [1.0, 6.0, 0.0]},
    ),
    (
        'attention',
        """
        import torch
        q = torch.tensor([[1., 0.], [0., 1.]], requires_grad=True)
        k = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True)
        v = torch.tensor([[5., 6.], [7., 9.]])
        d = q.shape[-1]
        y = (torch.softmax(q @ k.transpose(-2, -1) / d ** 0.5, dim=-1) @ v).sum()
        y.backward()
        """,
        30.04429682507,
        {'q': [[1.112438549555, 1.112438549555], [1.112438549555, 1.112438549555]], 'k': [[-0.556219274777, -0.556219274777], [0.556219274777, 0.556219274777]]},
    ),
    (
        'layer norm written out, and as a function',
        """
        import torch
        x = torch.tensor([[1., 2., 3.], [4., 5., 7.]], requires_grad=True)
        mu = x.mean(dim=-1, keepdim=True)
        var = x.var(dim=-1, keepdim=True, unbiased=False)
        h = (x - mu) / torch.sqrt(var + 1e-5)
        y = (h * torch.tensor([1., 2., 3.])).sum() + (torch.nn.functional.layer_norm(x, (3,)) ** 3).sum()
        y.backward()
        """,
        6.000209095171,
        {'x': [[1.837057601963, -3.674151945446, 1.837094343483], [1.210833913577, -1.81626964658, 0.605435733002]]},
    ),
    (
        'a seed for the target',
        """
        import torch
        a = torch.tensor([2., 3.], requires_grad=True)
        b = torch.tensor([6., 4.], requires_grad=True)
        z = 3 * a**3 - b**2
        z.backward(gradient=torch.tensor([2., 2.]))
        """,
        [-12.0, 65.0],
        {'a': [72.0, 162.0], 'b': [-24.0, -16.0]},
    ),
    (
        'gradients set to zero between two passes',
        """
        import torch
        x = torch.tensor(2.0, requires_grad=True)
        z = x**2
        z.backward()
        x.grad.zero_()
        y = x**3
        y.backward()
        """,
        8.0,
        {'x': 12.0},
    ),
    (
        "NumPy's words",
        """
        import numpy as np
        A = np.arange(24.).reshape(2, 3, 4) / 10
        y = A.T.sum(axis=(0, 2)) @ np.array([1., 2., 3.]) + np.max(A, axis=(1, 2)).sum() + A.std() + np.dot(A[0], A[1].T).sum() + np.concatenate([A, A]).mean() + np.linalg.norm(A[0], axis=1).sum() + np.ptp(A)
        """,
        107.651994256924,
        {},
    ),
    (
        'CS231n, a classifier',
        """
        import numpy as np
        num_examples = 3
        X = np.array([[1., 2.], [0.5, -1.], [2., 2.]])
        y = np.array([0, 1, 1])
        W = np.array([[0.1, -0.2], [0.3, 0.4]])
        b = np.zeros((1, 2))
        exp_scores = np.exp(np.dot(X, W) + b)
        probs = exp_scores / np.sum(exp_scores, axis=1, keepdims=True)
        correct_logprobs = -np.log(probs[range(num_examples), y])
        loss = np.sum(correct_logprobs) / num_examples + 0.5 * 1e-3 * np.sum(W * W)
        """,
        0.794600444117,
        {},
    ),
    (
        'the numbers that NumPy makes from a seed',
        """
        import numpy as np
        np.random.seed(0)
        W = np.random.randn(3, 2) * 0.5
        X = np.random.rand(4, 3)
        loss = np.mean(np.maximum(0, X @ W) ** 2)
        """,
        1.04544188624,
        {},
    ),
]  # fmt: skip


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
    shapes = [node.value.shape for node in found.graph.nodes.values() if node.op_name == "parameter"]  # type: ignore[union-attr]
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
