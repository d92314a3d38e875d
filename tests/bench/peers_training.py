"""Steps of training by other libraries, from the same parameters and rows: PyTorch eagerly, and micrograd."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from tests.bench.peers import peer

Net = Callable[[Any, Any, Mapping[str, Any]], Any]  # torch.nn.functional, the rows, the parameters → the outputs


def torch_steps(
    net: Net, loss: str, parameters: Mapping[str, Any], rows: Any, targets: Any, rate: float
) -> tuple[Callable[[], Any], Mapping[str, Any]] | None:
    """A step of SGD over all rows, in double precision and on one thread as ours; and the parameters that it moves."""
    torch = peer("torch")
    if torch is None:
        return None
    torch.set_num_threads(1)
    functional = import_module("torch.nn.functional")
    moved = {name: torch.tensor(value, dtype=torch.float64).requires_grad_() for name, value in parameters.items()}
    optimiser = torch.optim.SGD(moved.values(), lr=rate)
    x, t, judge = torch.tensor(rows), torch.tensor(targets), getattr(functional, loss)

    def step() -> Any:
        optimiser.zero_grad()
        found = judge(net(functional, x, moved), t)
        found.backward()
        optimiser.step()
        return found.item()

    return step, moved


def mlp(functional: Any, x: Any, p: Mapping[str, Any]) -> Any:
    """x W0ᵀ + b0, ReLU, and so on."""
    last = len(p) // 2 - 1
    for i in range(last):
        x = functional.relu(functional.linear(x, p[f"W{i}"], p[f"b{i}"]))
    return functional.linear(x, p[f"W{last}"], p[f"b{last}"])


def conv(functional: Any, x: Any, p: Mapping[str, Any]) -> Any:
    """One layer of kernels with ReLU, the largest of each 2×2 window, one linear layer."""
    maps = functional.relu(functional.conv2d(x.reshape(-1, 1, 8, 8), p["K"], padding=1) + p["b1"])
    return functional.linear(functional.max_pool2d(maps, 2).flatten(1), p["W2"], p["b2"])


def micrograd_xor(
    parameters: Sequence[float], rows: Sequence[Sequence[float]], targets: Sequence[float], rate: float
) -> tuple[Callable[[], float], list[Any]] | None:
    """A step of a 2-2-1 net of tanh units, as one writes it in micrograd: build, backward, and move each number.

    The parameters are those of the two hidden units (two weights and a bias each), then two weights and a bias.
    """
    engine = peer("micrograd.engine")
    if engine is None:
        return None
    p = [engine.Value(float(value)) for value in parameters]

    def tanh(x: Any) -> Any:  # which micrograd lacks: added in its own way
        y = math.tanh(x.data)
        out = engine.Value(y, (x,), "tanh")

        def back() -> None:
            x.grad += (1 - y * y) * out.grad

        out._backward = back
        return out

    def step() -> float:
        total = engine.Value(0.0)
        for (x1, x2), t in zip(rows, targets, strict=True):
            hidden = [tanh(p[i] * x1 + p[i + 1] * x2 + p[i + 2]) for i in (0, 3)]
            out = p[6] * hidden[0] + p[7] * hidden[1] + p[8]
            total = total + (out - t) ** 2
        loss = total * (1 / len(rows))
        for number in p:
            number.grad = 0.0
        loss.backward()
        for number in p:
            number.data -= rate * number.grad
        return float(loss.data)

    return step, p
