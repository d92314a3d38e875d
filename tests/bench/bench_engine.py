"""The engine against other libraries, W1 to W4.

What is counted: micrograd, autograd and PyTorch build their graph in every pass: theirs is build + forward + backward.
Ours is drawn once: the stepper's time is forward + backward with a record of every step, the compiled function's is
forward + backward with the gradients of all leaves; what compiling costs stands beside it, a node. Double precision,
one thread.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from engine.edits.nodes import set_value
from engine.files.disk import load, save
from engine.graph.graph import Graph
from engine.passes.compile import Compiled
from engine.passes.leaves import leaf_values
from engine.passes.plan import Plan, make_plan
from engine.passes.run import trace_of
from engine.session import Session
from tests.bench import peers, wires
from tests.bench.drawn import Network, chain_recipe, network_recipe, random_recipe
from tests.bench.timing import Row, in_turns, middle, ratio, seconds_text

KINDS = {"wide": None, "deep": 8}


def rows() -> Iterator[Row]:
    """The whole table, line by line."""
    sys.setrecursionlimit(1_000_000)  # micrograd walks its graph recursively
    with np.errstate(all="ignore"):
        for kind, reach in KINDS.items():
            yield from _scalar_rows(kind, reach)
        yield from _other_peers()
        yield from _flatness()
        yield from _drawn_network()
        yield from _networks()
        yield from _chain()
        yield from _slider()
        yield from _files()
        yield from wires.rows()
        yield from _memory()


# --- ours


def _compiled(graph: Graph, wanted: list[str] | None = None) -> tuple[Callable[[], Any], float, int]:
    """Its function, ready to be called; how long compiling took; how many nodes it has."""
    names = [id for id, node in graph.nodes.items() if node.op_name == "parameter"] if wanted is None else wanted
    plan = make_plan(graph)
    start = time.perf_counter()
    compiled = Compiled(plan, names, seed=graph.seed)
    held = compiled.arguments(leaf_values(graph))
    program = compiled.program(held)
    took = time.perf_counter() - start
    given = [float(x) for x in held] if program.floats else held
    return lambda: program.call(given), took, len(graph.nodes)


def _stepper(graph: Graph) -> Callable[[], Any]:
    plan, values = make_plan(graph), leaf_values(graph)
    return lambda: trace_of(plan, values, graph.seed)


# --- W1: random graphs of scalars


def _scalar_rows(kind: str, reach: int | None) -> Iterator[Row]:
    for size in (100, 1_000, 10_000):
        recipe = random_recipe(size, reach)
        graph = recipe.graph()
        compiled, took, count = _compiled(graph)
        works = [compiled, _stepper(graph)]
        micrograd = peers.micrograd_pass(recipe)
        times = in_turns([*works, micrograd] if micrograd else works)
        name = f"W1 {kind} {size:,}"
        peer = "micrograd " + middle(times[2]) if micrograd else "micrograd is missing"
        fast, slow = (ratio(times[2], ours) if micrograd else None for ours in times[:2])
        yield Row(name, "compiled", middle(times[0]), peer, fast, "≥ 15")
        yield Row(name, "stepper, every record", middle(times[1]), peer, slow, "≥ 0.5")
        yield Row(name, "compiling, a node", seconds_text(took / count))


def _other_peers() -> Iterator[Row]:
    recipe = random_recipe(1_000, None)
    compiled, _, _ = _compiled(recipe.graph())
    for name, make in (("PyTorch", peers.torch_pass), ("autograd", peers.autograd_pass)):
        work = make(recipe)
        if work is not None:
            ours, theirs = in_turns([compiled, work], rounds=5)
            yield Row("W1 wide 1,000", "compiled", middle(ours), f"{name} {middle(theirs)}", ratio(theirs, ours))


def _flatness() -> Iterator[Row]:
    """What a node costs in a graph of 100,000 against one of 1,000."""
    for kind, reach in KINDS.items():
        small, large = random_recipe(1_000, reach).graph(), random_recipe(100_000, reach).graph()
        few, _, count_few = _compiled(small)
        many, took, count_many = _compiled(large)
        for what, works in (("compiled", [few, many]), ("stepper", [_stepper(small), _stepper(large)])):
            one, other = in_turns(works, rounds=5)
            growth = ratio(other, one) * count_few / count_many
            cost = f"{middle(one, count_few)} → {middle(other, count_many)}"
            yield Row(f"W1 {kind} 1,000 → 100,000", f"{what}, a node", cost, "", growth, "≤ 2")
        yield Row(f"W1 {kind} 100,000", "compiling, a node", seconds_text(took / count_many))


# --- W2: a network drawn node by node, a batch in each


def _drawn_network() -> Iterator[Row]:
    recipe, inputs = network_recipe([2, 16, 16, 1])
    batch = np.random.default_rng(0).normal(size=(100, 2))
    graph = recipe.graph({at: batch[:, i] for i, at in enumerate(inputs)})
    weights = [f"n{i}" for i in range(len(inputs), len(recipe.leaves))]
    compiled, took, count = _compiled(graph, weights)
    works = [compiled, _stepper(graph)]
    micrograd = peers.micrograd_batch(recipe, inputs, batch)
    times = in_turns([*works, micrograd] if micrograd else works, seconds=0.2)
    name = f"W2 2-16-16-1, {count:,} nodes × 100"
    peer = "micrograd " + middle(times[2]) if micrograd else "micrograd is missing"
    for what, ours, target in (("compiled", times[0], "≥ 110"), ("stepper, every record", times[1], "≥ 18")):
        yield Row(name, what, middle(ours), peer, ratio(times[2], ours) if micrograd else None, target)
    yield Row(name, "compiling, a node", seconds_text(took / count))


# --- W3: networks of matrices


def _networks() -> Iterator[Row]:
    for name, sizes, count, target in (
        ("W3 Iris 4-16-3, 150 rows", [4, 16, 3], 150, "≤ 0.6"),
        ("W3 784-256-128-10, 128 rows", [784, 256, 128, 10], 128, "≤ 1.05"),
    ):
        network = Network.random(sizes, count)
        compiled, _, _ = _compiled(network.graph(), network.parameters)
        torch = peers.torch_network(network)
        times = in_turns([compiled, torch] if torch else [compiled], rounds=11)
        if torch:
            _check_equal(compiled(), torch())
        peer = "PyTorch " + middle(times[1]) if torch else "PyTorch is missing"
        yield Row(name, "compiled", middle(times[0]), peer, ratio(times[0], times[1]) if torch else None, target)


def _check_equal(ours: Any, theirs: Any) -> None:
    """A race between different results would be none."""
    loss, gradients, _ = ours
    np.testing.assert_allclose(loss, theirs[0], rtol=1e-9)
    for mine, other in zip(gradients, theirs[1], strict=True):
        np.testing.assert_allclose(mine, other, rtol=1e-7, atol=1e-10)


# --- W4: long, live, kept


def _chain() -> Iterator[Row]:
    graph = chain_recipe(10_000).graph()
    compiled, took, count = _compiled(graph)
    one, other = in_turns([compiled, _stepper(graph)])
    yield Row("W4 chain of 10,000", "compiled", middle(one))
    yield Row("W4 chain of 10,000", "stepper, every record", middle(other))
    yield Row("W4 chain of 10,000", "compiling, a node", seconds_text(took / count))


def _slider() -> Iterator[Row]:
    """A leaf is changed as its slider does it: the edit, the document, both passes, every number current."""
    for size in (1_000, 10_000):
        session = Session(random_recipe(size, None).graph())
        values = iter(np.linspace(0, 1, 100_000))

        def tick(session: Session = session, values: Iterator[float] = values) -> None:
            value = next(values)
            session.edit(lambda graph: set_value(graph, "n0", value), gesture="slider")

        (times,) = in_turns([tick])
        yield Row(f"W4 slider, {size:,} nodes", "a tick, all numbers current", middle(times))


def _files() -> Iterator[Row]:
    graph = random_recipe(5_000, None).graph()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.gradloom"
        saving, loading = in_turns([lambda: save(graph, path), lambda: load(path)])
    yield Row("W4 5,000 nodes", "save", middle(saving))
    yield Row("W4 5,000 nodes", "load", middle(loading))


def _memory() -> Iterator[Row]:
    recipe = random_recipe(10_000, None)
    parts: list[tuple[str, Callable[[], object]]] = []
    graph = recipe.graph()
    plan = make_plan(graph)
    parts.append(("graph", recipe.graph))
    parts.append(("plan", lambda: make_plan(graph)))
    parts.append(("trace, every record", lambda: trace_of(plan, leaf_values(graph))))
    parts.append(("compiled", lambda: _program(plan, graph)))
    for what, make in parts:
        yield Row("W4 memory, 10,000 nodes", f"{what}, a node", f"{_bytes_of(make) / recipe.size:,.0f} bytes")


def _program(plan: Plan, graph: Graph) -> object:
    compiled = Compiled(plan, [id for id, node in graph.nodes.items() if node.op_name == "parameter"])
    return compiled, compiled.program(compiled.arguments(leaf_values(graph)))


def _bytes_of(make: Callable[[], object]) -> float:
    """What is still held once the thing is made."""
    held = []
    for _ in range(3):
        tracemalloc.start()
        made = make()
        held.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        del made
    return statistics.median(held)
