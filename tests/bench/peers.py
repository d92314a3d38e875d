"""The libraries that the engine is measured against, each running a plain recipe or network; missing ones are said."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from tests.bench.drawn import Network, Recipe

missing: list[str] = []


def peer(name: str) -> ModuleType | None:
    """The library, or None, which is noted in `missing`."""
    try:
        return import_module(name)
    except ImportError:
        if name not in missing:
            missing.append(name)
        return None


def micrograd_pass(recipe: Recipe) -> Callable[[], Any] | None:
    """Build, forward and backward, as micrograd does all three in every pass. It has no tanh: added in its own way."""
    engine = peer("micrograd.engine")
    if engine is None:
        return None
    Value = engine.Value

    def tanh(x: Any) -> Any:
        y = math.tanh(x.data)
        out = Value(y, (x,), "tanh")

        def back() -> None:
            x.grad += (1 - y * y) * out.grad

        out._backward = back
        return out

    words = {
        "add": lambda a, b: a + b,
        "mul": lambda a, b: a * b,
        "relu": lambda a, b: a.relu(),
        "tanh": lambda a, b: tanh(a),
    }

    def work() -> Any:
        made = [Value(x) for x in recipe.leaves]
        for op, a, b in recipe.steps:
            made.append(words[op](made[a], made[b]))
        made[-1].backward()
        return made

    return work


def micrograd_batch(recipe: Recipe, inputs: list[int], rows: Any) -> Callable[[], Any] | None:
    """The same for every row of a batch, one after the other: micrograd knows no arrays."""
    work = micrograd_pass(recipe)
    if work is None:
        return None

    def batch() -> None:
        for row in rows:
            for at, x in zip(inputs, row, strict=True):
                recipe.leaves[at] = float(x)
            work()

    return batch


def torch_pass(recipe: Recipe) -> Callable[[], Any] | None:
    """PyTorch, eagerly, on scalar tensors."""
    torch = peer("torch")
    if torch is None:
        return None
    words = {
        "add": lambda a, b: a + b,
        "mul": lambda a, b: a * b,
        "relu": lambda a, b: torch.relu(a),
        "tanh": lambda a, b: torch.tanh(a),
    }
    leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in recipe.leaves]

    def work() -> None:
        made = list(leaves)
        for op, a, b in recipe.steps:
            made.append(words[op](made[a], made[b]))
        for leaf in leaves:
            leaf.grad = None
        made[-1].backward()

    return work


def autograd_pass(recipe: Recipe) -> Callable[[], Any] | None:
    """autograd, by its gradient function."""
    autograd = peer("autograd")
    if autograd is None:
        return None
    anp = import_module("autograd.numpy")
    words = {
        "add": lambda a, b: a + b,
        "mul": lambda a, b: a * b,
        "relu": lambda a, b: anp.maximum(a, 0.0),
        "tanh": lambda a, b: anp.tanh(a),
    }

    def last(leaves: list[float]) -> Any:
        made = list(leaves)
        for op, a, b in recipe.steps:
            made.append(words[op](made[a], made[b]))
        return made[-1]

    gradient = autograd.grad(last)
    return lambda: gradient(list(recipe.leaves))


def torch_network(network: Network) -> Callable[[], Any] | None:
    """PyTorch, eagerly, in double precision as we are, on one thread as we are: forward and backward."""
    torch = peer("torch")
    if torch is None:
        return None
    torch.set_num_threads(1)
    functional = import_module("torch.nn.functional")
    x, classes = torch.tensor(network.x), torch.tensor(np.argmax(network.targets, axis=1))
    layers = [(torch.tensor(w).requires_grad_(), torch.tensor(b).requires_grad_()) for w, b in network.layers]
    parameters = [p for layer in layers for p in layer]

    def work() -> Any:
        h = x
        for i, (w, b) in enumerate(layers):
            h = functional.linear(h, w, b)
            h = torch.relu(h) if i < len(layers) - 1 else h
        loss = functional.cross_entropy(h, classes)
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        return loss.detach().item(), [p.grad.numpy() for p in parameters]

    return work
