"""Graphs that every export is tried on: each op in each of its settings, odd names and labels, the shipped examples."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from typing import Any

import numpy as np

from engine.graph.graph import Graph
from engine.graph.grouping import Group
from engine.graph.records import Edge, Node
from engine.ops.op import OPS, Op
from engine.passes.run import run
from engine.passes.trace import Trace
from engine.values.values import as_value
from tests.building import graph_of
from tests.networks import network, scalar_network

# What goes into an op that is not elementwise; the others are tried with numbers and with a matrix and a row.
SHAPES: dict[str, list[tuple[tuple[int, ...], ...]]] = {
    "matmul": [((2, 3), (3, 2)), ((2, 3), (3,)), ((3,), (3, 2)), ((3,), (3,)), ((2, 2, 3), (3, 2))],
    "linear": [((4, 3), (2, 3), (2,)), ((3,), (2, 3), (2,))],
    "one_hot": [((2,), (2, 3))],
    "cross_entropy": [((4, 3), (4,)), ((4, 3), (4, 3)), ((3,), ())],
    "transpose": [((2, 3),), ((3,),), ((2, 3, 2),)],
    "reshape": [((2, 3),)],
    "sum": [((2, 3),), ((),)],
    "mean": [((2, 3),), ((),)],
    "softmax": [((2, 3),)],
    "log_softmax": [((2, 3),)],
    "concat": [((2, 3), (2, 3)), ((2, 3), (2, 3), (2, 3))],
    "dot": [((3,), (3,)), ((2, 3), (3, 2)), ((2, 3), (3,)), ((), (2, 3)), ((2, 3), (2, 3, 2)), ((3,), (3, 2))],
    "vecdot": [((2, 3), (2, 3)), ((3,), (3,))],
    "outer": [((2,), (3,)), ((2, 3), (2,)), ((), (3,))],
    "einsum": [((2, 3), (3, 2)), ((2, 3), (3,)), ((3,), (3,)), ((2, 3),), ((3,),)],
    "where": [((), (), ()), ((2, 3), (3,), (2, 3)), ((3, 1), (3, 2), ())],
    "amax": [((2, 3),), ((),)],
    "amin": [((2, 3),), ((),)],
    "prod": [((2, 3),), ((),), ((2, 3, 2),)],
    "var": [((2, 3),), ((),)],
    "std": [((2, 3),)],
    "norm": [((2, 3),), ((),)],
    "logsumexp": [((2, 3),), ((),)],
    "index": [((2, 3),), ((3,),), ((),)],
    "swapaxes": [((2, 3),), ((2, 3, 2),)],
    "flatten": [((2, 3),), ((2, 3, 2),), ((),)],
    "squeeze": [((1, 3),), ((3, 1),), ((1, 1),), ((3,),)],
    "unsqueeze": [((2, 3),), ((),)],
    "stack": [((2, 3), (2, 3)), ((2, 3), (2, 3), (2, 3)), ((), ())],
    "conv2d": [((2, 2, 5, 4), (4, 2, 3, 2)), ((1, 1, 3, 3), (1, 1, 2, 2))],
    "embedding": [((2,), (3, 2)), ((2, 2), (4, 3)), ((), (3, 2))],
    "causal_mask": [((3, 3),), ((2, 3, 2),)],
    "layer_norm": [((2, 3), (3,), (3,)), ((3,), (3,), ()), ((2, 2, 3), (3,), (2, 3))],
    "dropout": [((2, 3),), ((4,),)],
    "max_pool2d": [((2, 2, 5, 4),)],
    "avg_pool2d": [((2, 2, 5, 4),)],
}
# Settings to try that are no usual choices.
MORE: dict[tuple[str, str], tuple[Any, ...]] = {
    ("clip", "low"): (0.0, None, -0.5),
    ("clip", "high"): (1.0, None, 0.25),
    ("transpose", "axes"): ("all", "last", (1, 0), (2, 0, 1)),
    ("index", "at"): ("0", "-1", ":, 1", "1:, ::2", "..., newaxis", "[0, 0]", ":, [1, -1]", "newaxis, ..., 0"),
}
USUAL = [((),), ((2, 3),), ((), ()), ((2, 3), (3,)), ((3, 1), (3, 2))]
CLASS_IDS = {"one_hot": 0, "embedding": 0, "cross_entropy": 1}  # the port that takes class ids


def regression() -> Graph:
    return graph_of(
        ("x", "input", [[1, 2], [3, 4], [5, 6]]), ("t", "input", [[1], [2], [3]]),
        ("w", "parameter", [[0.1, -0.2]]), ("b", "parameter", [0.3]),
        ("o", "linear", ["x", "w", "b"]), ("L", "mse", ["o", "t"]), target="L",
    )  # fmt: skip


def op_graphs() -> Iterator[tuple[str, Graph]]:
    """(name, graph) for each op, each choice of its settings and each set of shapes that can be run."""
    for op in OPS.values():
        if not op.is_leaf and op.known:
            for chosen in _choices(op):
                yield from _graphs_of(op, chosen)


def _choices(op: Op) -> Iterator[dict[str, Any]]:
    def values(default: Any, choices: tuple[Any, ...]) -> tuple[Any, ...]:
        return choices or ((True, False) if isinstance(default, bool) else (default,))

    names = [setting.name for setting in op.settings]
    for chosen in product(*(MORE.get((op.name, s.name)) or values(s.default, s.choices) for s in op.settings)):
        yield dict(zip(names, chosen, strict=True))


def _graphs_of(op: Op, settings: dict[str, Any]) -> Iterator[tuple[str, Graph]]:
    count = 0
    for shapes in SHAPES.get(op.name, USUAL):
        fits = len(shapes) == len(op.ports) or (op.repeats and len(shapes) > len(op.ports))
        graph = fits and _op_graph(op, shapes, settings)
        if graph:
            count += 1
            yield f"{op.name} {shapes} {settings or ''}", graph
    if not count and not settings:
        raise AssertionError(f"{op.name} is tried by no export: give it shapes")


def _op_graph(op: Op, shapes: tuple[tuple[int, ...], ...], settings: dict[str, Any]) -> Graph | None:
    """The op over random inputs in its domain, times a constant, so that every element has a gradient of its own."""
    random = np.random.default_rng(len(op.name))
    nodes, edges = [], []
    for i, shape in enumerate(shapes):
        value = random.uniform(*op.domain, shape)
        if CLASS_IDS.get(op.name) == i and len(shape) < 2:
            value = random.integers(0, 3, shape)
        learns = i == (1 if CLASS_IDS.get(op.name) == 0 else 0)
        nodes.append(Node(f"in{i}", "parameter" if learns else "input", as_value(value)))
        edges.append(Edge(f"in{i}", "y", i))
    nodes.append(Node("y", op.name, settings=tuple(sorted(settings.items()))))
    y = run_or_none(Graph.of(nodes, edges, target="y"))
    if y is None:
        return None
    nodes += [Node("k", "constant", as_value(random.uniform(0.5, 2, y.value("y").shape))), Node("f", "mul")]
    return Graph.of(nodes, [*edges, Edge("y", "f", 0), Edge("k", "f", 1)], target="f", title=op.title)


def run_or_none(graph: Graph) -> Trace | None:
    """The graph's run; None where the shapes do not fit."""
    from engine.errors import RunError

    try:
        return run(graph)
    except RunError:
        return None


HOSTILE = 'a "quote" \\ {brace} $x_1^2$ %d #e & ~ [b] <i> `c` \n new line \u2028 \x00 """ \'\'\' ]] -- ü λ 中 |end;'


def odd_graphs() -> Iterator[tuple[str, Graph]]:
    """Names that are words of other languages, labels with everything in them, fan-outs, kinks, no target."""
    yield "keywords", graph_of(
        ("lambda", "parameter", 2), ("np", "input", 3), ("torch", "input", [1, 2]), ("__debug__", "constant", 0.5),
        ("_", "mul", ["lambda", "np"]), ("exp", "exp", ["_"]), ("print", "mul", ["exp", "torch"]),
        ("forward", "mul", ["print", "__debug__"]), ("train", "parameter", -1), ("self", "mul", ["forward", "train"]),
        ("dexp", "mul", ["self", "exp"]), ("end", "add", ["dexp", "lambda"]), target="end",
    )  # fmt: skip
    yield (
        "fan-out",
        graph_of(("x", "parameter", 3), ("y", "mul", ["x", "x"]), ("z", "add", ["y", "x", "x"]), target="z"),
    )
    yield (
        "kinks",
        graph_of(
            ("x", "parameter", 0), ("r", "relu", ["x"]), ("m", "max", ["x", "r"]), ("a", "add", ["m", "r"]), target="a"
        ),
    )
    yield "no target", graph_of(("x", "input", 1), ("y", "exp", ["x"]))
    yield "seed 10", graph_of(("a", "input", 3), ("b", "input", 5), ("y", "mul", ["a", "b"]), target="y", seed=10.0)
    yield "detached", graph_of(("w", "parameter", [1, 2]), ("x", "parameter", 2), ("y", "square", ["x"]), target="y")
    yield "leaf target", graph_of(("w", "parameter", 1.5), target="w")
    yield "constants alone", graph_of(("c", "constant", 2), ("y", "square", ["c"]), target="y")
    labelled = graph_of(("x", "parameter", -2), ("y", "square", ["x"]), ("u", "add", ["x"]), target="y")
    nodes = [Node(n.id, n.op_name, n.value, HOSTILE + n.id) for n in labelled.nodes.values()]
    yield "labels", Graph.of(nodes, labelled.edges.values(), target="y", title=HOSTILE)
    rows: list[Any] = [("w", "parameter", 1.01), ("x", "input", 1)]
    rows += [(f"n{i}", "mul", [f"n{i - 1}" if i else "x", "w"]) for i in range(300)]
    many: list[Any] = [(f"x{i}", "parameter", i / 7) for i in range(300)]
    yield "sum of 300", graph_of(*many, ("s", "add", [row[0] for row in many]), target="s")
    yield "chain of 300", graph_of(*rows, target="n299")


def non_finite_graphs() -> Iterator[tuple[str, Graph]]:
    """IEEE results: infinities and nan on the way."""
    yield "division by 0", graph_of(("x", "input", 1), ("z", "input", 0), ("y", "div", ["x", "z"]), target="y")
    yield "log of 0", graph_of(("x", "input", [0, -1, 2]), ("y", "log", ["x"]), target="y")
    yield "leaf nan", graph_of(("x", "parameter", [float("nan"), float("-inf")]), ("y", "relu", ["x"]), target="y")
    yield "far sigmoid", graph_of(("x", "parameter", -1000), ("y", "sigmoid", ["x"]), target="y")


def example_graphs() -> Iterator[tuple[str, Graph]]:
    """The examples that are shipped."""
    from engine.files.disk import load

    folder = files("assets") / "examples"
    for path in sorted(item.name for item in folder.iterdir() if item.name.endswith(".gradloom")):
        yield path, load(str(folder / path))


def grouped_graphs() -> Iterator[tuple[str, Graph]]:
    """Graphs with groups: in each other, with hostile titles, with leaves that others read, round a hole."""
    from engine.edits import find_groups, make_group

    net = scalar_network((2, 3, 2, 1), "relu", chained=True)
    yield "groups: net", net.apply(find_groups(net))
    tensors = network((2, 4, 1), "relu", bias=0.1)
    yield "groups: tensors", tensors.apply(find_groups(tensors))
    rows: list[Any] = [("x", "input", 2), ("w", "parameter", 3), ("k", "constant", 0.5)]
    rows += [
        ("a", "mul", ["x", "w"]),
        ("b", "mul", ["a", "w"]),
        ("c", "add", ["b", "k", "a"]),
        ("d", "mul", ["c", "k"]),
    ]
    plain = graph_of(*rows, target="d")
    titled = " ".join(HOSTILE.replace("\x00", "").split())
    inner = plain.apply(make_group(plain, ["a", "w"], title=titled))
    yield "groups: titles", inner.apply(make_group(inner, ["a", "w", "x", "k"], title="self"))
    everything = plain.apply(make_group(plain, plain.nodes, title="Model"))
    yield "groups: the whole", everything
    crossed = Graph(plain.nodes, plain.edges, plain.facts | {"groups": (Group("g1", "Open", ("a", "c")),)})
    yield "groups: across", crossed


def all_graphs() -> Iterator[tuple[str, Graph]]:
    """Everything that is finite."""
    yield from odd_graphs()
    yield from grouped_graphs()
    yield from op_graphs()
