"""Every export, run by the program it is for, finds our values and gradients: examples, ops, corners, at random."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest

from engine.errors import ExportError
from engine.export import export_graph, trace_for
from engine.graph.graph import Graph
from engine.ops.op import OPS
from tests.building import Row, graph_of
from tests.engine import export_cases as cases
from tests.engine.broadcasts import broadcast_graphs
from tests.engine.smooth_graphs import random_graph
from tests.interop.consumers import CONSUMERS, Answer, of_trace, over_all_rows
from tests.interop.kinks import convention_graphs, kink_graphs

ZERO_LOG_ZERO = "PyTorch counts the slope of 0 · log 0 by its first factor as 0, not as the logarithm"
EXPONENT = "JAX counts log 0 as 0 in the slope of an exponent"
# Where the other program has another convention, and the export cannot say ours: (program, graph) → why.
DIFFERS: dict[tuple[str, str], str] = {
    **{("torch", f"bce at its ends{which}"): ZERO_LOG_ZERO for which in ("", " (0, 0)", " (1, 1)")},
    **{("torch", f"bce(a, b) at {place}"): ZERO_LOG_ZERO for place in ("0.0, 0.0", "1.0, 1.0")},
    **{("jax", f"a ** b at {place}"): EXPONENT for place in ("0.0, -1.0", "-0.0, -1.0")},
}
RANDOM_OPS = sorted(op.name for op in OPS.values() if not op.is_leaf and op.name != "one_hot")
NUMBER_OPS = ["add", "sub", "mul", "neg", "square", "max", "min", "relu", "leaky_relu", "abs", "mse", "mae", "hinge"]
SEEDS = {"jax": 60}  # how many random graphs; JAX compiles each operation for each shape
USUAL_SEEDS, PORTION = 240, 20


def groups() -> dict[str, dict[str, Graph]]:
    """All graphs but the random ones, the ops' and the corners' by what they are about."""
    found: dict[str, dict[str, Graph]] = defaultdict(dict)
    for name, graph in cases.example_graphs():
        found[name][name] = graph
    for name, graph in cases.op_graphs():
        found[f"{name.split()[0]} in all its settings"][name] = graph
    for name, graph in [*cases.odd_graphs(), *cases.non_finite_graphs()]:
        found["odd"][name] = graph
    for name, graph in broadcast_graphs():
        if graph.nodes["y"].op.group == "loss":  # arithmetic is broadcast by the random graphs
            found[f"broadcasts of {graph.nodes['y'].op_name}"][name] = graph
    for name, graph in convention_graphs():
        found["conventions"][name] = graph
    for name, graph in kink_graphs():
        found["corners of " + name.split(" (")[0]][name] = graph
    return found


GROUPS = groups()


def random_graphs(first: int) -> dict[str, Graph]:
    seeds = range(first, first + PORTION)
    return {f"seed {seed}": random_graph(seed, 1 + seed % 18, RANDOM_OPS) for seed in seeds}


def number_graph(seed: int) -> Graph:
    """A random program of single numbers, in the ops that micrograd has or can be told."""
    random = np.random.default_rng(seed)
    rows: list[Row] = [
        (f"x{i}", str(random.choice(["input", "parameter", "constant"])), random.uniform(-2, 2)) for i in range(3)
    ]
    for i in range(int(random.integers(1, 12))):
        op = str(random.choice(NUMBER_OPS))
        rows.append((f"n{i}", op, [str(random.choice([row[0] for row in rows])) for _ in OPS[op].ports]))
    return graph_of(*rows, target=rows[-1][0], seed=2.0)


def is_exported(graph: Graph, consumer: str) -> bool:
    """micrograd refuses tensors and most ops; nobody else refuses anything."""
    try:
        export_graph(graph, consumer)
    except ExportError:
        return consumer != "micrograd"
    return True


def differences(consumer: str, graphs: dict[str, Graph]) -> dict[str, str]:
    """The graphs for which the other program does not find what we find, and in what."""
    found = {}
    for name, graph in graphs.items():
        ours = of_trace(graph, over_all_rows(graph) if consumer == "torch" else trace_for(graph))
        try:
            theirs = CONSUMERS[consumer](graph)
        except Exception as error:  # whatever another library raises
            found[name] = f"{type(error).__name__}: {error}"
            continue
        if wrong := what_differs(ours, theirs, consumer):
            found[name] = wrong
    return found


def what_differs(ours: Answer, theirs: Answer, consumer: str) -> str:
    pairs: dict[str, tuple[Any, Any]] = {"value": (ours.value, theirs.value)}
    if consumer != "onnx":  # ONNX has no backward pass
        assert ours.gradients.keys() == theirs.gradients.keys()
        pairs |= {f"gradient of {id}": (ours.gradients[id], theirs.gradients[id]) for id in ours.gradients}
    return "; ".join(f"{what}: {b}, not {a}" for what, (a, b) in pairs.items() if not close(a, b))


def close(ours: Any, theirs: Any) -> bool:
    """To nine digits, and to what rounding leaves of sums that cancel."""
    a, b = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    scale = max(1.0, float(np.abs(a[np.isfinite(a)]).max(initial=0)))
    return a.shape == b.shape and bool(np.allclose(b, a, 1e-9, 1e-11 * scale, equal_nan=True))


CASES = [
    (consumer, group)
    for consumer in CONSUMERS
    for group, graphs in GROUPS.items()
    if any(is_exported(graph, consumer) for graph in graphs.values())
]


@pytest.mark.parametrize(("consumer", "group"), CASES)
def test_it_finds_our_values_and_gradients(consumer: str, group: str) -> None:
    graphs = {name: graph for name, graph in GROUPS[group].items() if is_exported(graph, consumer)}
    listed = {name for program, name in DIFFERS if program == consumer and name in graphs}
    found = differences(consumer, graphs)
    assert found.keys() == listed, {name: said for name, said in found.items() if name not in listed}


@pytest.mark.parametrize(
    ("consumer", "first"),
    [
        (consumer, first)
        for consumer in CONSUMERS
        if consumer != "micrograd"  # which has no tensors
        for first in range(0, SEEDS.get(consumer, USUAL_SEEDS), PORTION)
    ],
)
def test_random_graphs_of_all_ops(consumer: str, first: int) -> None:
    assert differences(consumer, random_graphs(first)) == {}


@pytest.mark.parametrize("first", range(0, 100, PORTION))
def test_random_graphs_of_single_numbers_in_micrograd(first: int) -> None:
    graphs = {f"seed {seed}": number_graph(seed) for seed in range(first, first + PORTION)}
    assert differences("micrograd", graphs) == {}


def test_micrograd_takes_what_it_can_say() -> None:
    graphs = [graph for group in GROUPS.values() for graph in group.values() if is_exported(graph, "micrograd")]
    taken = {node.op_name for graph in graphs for node in graph.nodes.values()}
    assert {"add", "sub", "mul", "div", "neg", "square", "pow", "max", "relu", "leaky_relu", "mse", "hinge"} <= taken


def test_what_is_listed_is_tried() -> None:
    tried = {name for graphs in GROUPS.values() for name in graphs}
    assert {name for _, name in DIFFERS} <= tried
