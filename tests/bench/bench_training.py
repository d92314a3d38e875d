"""Training against other libraries: a whole step, both passes and the update, from the same parameters and rows.

Ours is what the training panel runs: `Trainer`, with its history and its watch over the loss. Theirs is the plain loop
of their tutorials. Before a race both take a few steps, and must then have the same parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.data.tables import load_dataset
from engine.files.disk import load
from engine.files.examples import find_example
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from engine.ops.op import OPS
from tests.bench import peers_training as peers
from tests.bench.drawn import Network
from tests.bench.timing import Row, in_turns, middle, ratio
from tests.building import graph_of

RATE = 1e-3  # small: no loss is to reach 0 while it is timed
FIRST = 3  # steps after which both must agree
XOR = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
AT_ONCE = 20  # steps a call: the clock is looked at between them, as the panel does
AT_ONCE_IN_LOOP = 500  # the same where a step takes microseconds


@dataclass(frozen=True)
class Race:
    """A model, and the same for PyTorch."""

    name: str
    graph: Graph
    net: peers.Net
    rows: Any
    targets: Any
    target: str


def rows() -> Iterator[Row]:
    """The whole table, line by line."""
    yield _xor()
    for race in races():
        yield _against_torch(race)
    yield _memory()


def _trainer(graph: Graph) -> Trainer:
    return Trainer(graph, TrainingConfig(optimizer="sgd", lr=RATE, batch=0, epochs=0, steps=10**9))


def _xor() -> Row:
    trainer, xs, ts = _trainer(_numbers()), *XOR
    names = ("w11", "w12", "b1", "w21", "w22", "b2", "u1", "u2", "c")
    start = [float(trainer.parameters[name]) for name in names]
    found = peers.micrograd_xor(start, xs.tolist(), ts.tolist(), RATE)
    ours = _ours(trainer, AT_ONCE_IN_LOOP)
    if found is None:
        (times,) = in_turns([ours])
        return Row("XOR 2-2-1, number by number", "a step", middle(times, AT_ONCE_IN_LOOP), "micrograd is missing")
    step, numbers = found
    _agree(trainer, step, lambda: dict(zip(names, (number.data for number in numbers), strict=True)))
    ours()  # the loop is written at the first call: no part of a step
    times, theirs = in_turns([ours, step], rounds=11)
    slower = ratio(theirs, times) * AT_ONCE_IN_LOOP
    mine, theirs_said = middle(times, AT_ONCE_IN_LOOP), f"micrograd {middle(theirs)}"
    return Row("XOR 2-2-1, number by number", "a step", mine, theirs_said, slower, "≥ 100")


def _against_torch(race: Race) -> Row:
    trainer = _trainer(race.graph)
    found = peers.torch_steps(race.net, "cross_entropy", trainer.parameters, race.rows, race.targets, RATE)
    ours = _ours(trainer)
    if found is None:
        (times,) = in_turns([ours])
        return Row(race.name, "a step", middle(times, AT_ONCE), "PyTorch is missing")
    step, moved = found
    _agree(trainer, step, lambda: {name: value.detach().numpy() for name, value in moved.items()})
    times, theirs = in_turns([ours, step], rounds=11)
    return Row(
        race.name, "a step", middle(times, AT_ONCE), f"PyTorch {middle(theirs)}", ratio(times, theirs) / AT_ONCE,
        race.target,
    )  # fmt: skip


def _ours(trainer: Trainer, steps: int = AT_ONCE) -> Callable[[], None]:
    return lambda: trainer.run(steps)


def _agree(trainer: Trainer, step: Callable[[], Any], theirs: Callable[[], Mapping[str, Any]]) -> None:
    """A race between different results would be none."""
    trainer.run(FIRST)
    for _ in range(FIRST):
        step()
    for name, value in theirs().items():
        np.testing.assert_allclose(trainer.parameters[name], value, rtol=1e-9, atol=1e-12)


def _memory() -> Row:
    """What a thousand epochs more hold: two numbers a step of history."""
    import tracemalloc

    example = find_example("train-xor")
    assert example is not None
    trainer = _trainer(load(example.path))
    trainer.run(1000)
    tracemalloc.start()
    trainer.run(10_000)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return Row("XOR 2-4-1, 10 000 epochs", "held more, an epoch", f"{held / 10_000:.0f} bytes", reached=held < 10**6)


# --- the models


def races() -> Iterator[Race]:
    """Those that PyTorch runs as well: at most 64 rows of digits, all rows of Iris."""
    iris, digits = dataset("iris", held_out=0.0), dataset("digits", standardise=False)
    xs, ts = iris.rows(iris.training)
    yield _mlp("Iris 4-16-3, 150 rows", [4, 16, 3], xs, ts, "≤ 0.35")
    xs, ts = (part[:64] for part in digits.rows(digits.training))
    yield _mlp("digits 64-32-10, 64 rows", [64, 32, 10], xs / 16, ts, "≤ 0.7")
    yield Race("digits, 8 kernels of 3×3, 64 rows", _conv(xs / 16, ts), peers.conv, xs / 16, ts, "≤ 1.5")
    wide = Network.random([784, 256, 128, 10], 128)
    yield _mlp("784-256-128-10, 128 rows", [784, 256, 128, 10], wide.x, wide.targets, "≤ 0.9")


def _mlp(name: str, sizes: list[int], xs: Any, ts: Any, target: str) -> Race:
    network = Network(xs, ts, Network.random(sizes, 1).layers)
    return Race(name, network.graph(), peers.mlp, xs, ts, target)


def _conv(xs: Any, ts: Any) -> Graph:
    rng = np.random.default_rng(0)
    kernels, weights = rng.normal(size=(8, 1, 3, 3)) / 3, rng.normal(size=(10, 128)) / 128**0.5
    start = {"K": kernels, "b1": np.zeros((8, 1, 1)), "W2": weights, "b2": np.zeros(10)}
    leaves = [(id, "parameter", value) for id, value in start.items()]
    return graph_of(
        *leaves, ("x", "input", xs), ("t", "input", ts),
        ("image", "reshape", ["x"]), ("maps", "conv2d", ["image", "K"]),
        ("z1", "add", ["maps", "b1"]), ("h1", "relu", ["z1"]), ("pool", "max_pool2d", ["h1"]),
        ("flat", "flatten", ["pool"]), ("z2", "linear", ["flat", "W2", "b2"]), ("loss", "cross_entropy", ["z2", "t"]),
        target="loss",
        settings={"image": {"shape": (-1, 1, 8, 8)}, "maps": {"padding": (1, 1)}, "flat": {"start": 1}},
    )  # fmt: skip


def _numbers() -> Graph:
    """A 2-2-1 net of tanh units of which every weight is a node of its own, over the four rows of XOR at once."""
    xs, ts = XOR
    start = {"w11": 0.9, "w12": -0.8, "b1": 0.1, "w21": 0.7, "w22": 1.1, "b2": -0.1, "u1": 0.6, "u2": -0.9, "c": 0.0}
    return graph_of(
        ("x1", "input", xs[:, 0]), ("x2", "input", xs[:, 1]), ("t", "input", ts),
        *((name, "parameter", value) for name, value in start.items()),
        ("p11", "mul", ["w11", "x1"]), ("p12", "mul", ["w12", "x2"]), ("z1", "add", ["p11", "p12", "b1"]),
        ("p21", "mul", ["w21", "x1"]), ("p22", "mul", ["w22", "x2"]), ("z2", "add", ["p21", "p22", "b2"]),
        ("h1", "tanh", ["z1"]), ("h2", "tanh", ["z2"]), ("q1", "mul", ["u1", "h1"]), ("q2", "mul", ["u2", "h2"]),
        ("out", "add", ["q1", "q2", "c"]), ("loss", "mse", ["out", "t"]),
        target="loss",
    )  # fmt: skip


def dataset(name: str, **settings: Any) -> Any:
    return load_dataset(OPS["dataset"].defaults | {"name": name} | settings)
