"""Programs as lectures, tutorials and notes write them, with what NumPy and PyTorch give."""

from __future__ import annotations

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
