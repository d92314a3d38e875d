"""Random graphs for hypothesis: any op of the table, any value, labels, settings, whole or half-wired."""

from __future__ import annotations

from keyword import iskeyword
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.op import OPS, Op
from engine.ops.setting import Setting, pair
from engine.values.plain import text_flaw
from engine.values.values import as_value
from tests.boxes import boxed

numbers = st.floats(allow_nan=False) | st.just(np.nan)  # one nan: its sign and payload are nobody's
values = st.one_of(numbers, arrays(np.float64, array_shapes(max_dims=3, max_side=3), elements=numbers)).map(as_value)
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,7}", fullmatch=True).filter(lambda name: not iskeyword(name))
lines = st.characters(codec="utf-8").filter(lambda c: not text_flaw(c))
labels = st.one_of(st.just(""), st.text(lines, max_size=12))
places = st.tuples(*[st.floats(-1e6, 1e6).map(lambda x: round(x, 2) + 0.0)] * 2)


def settings_of(op: Op) -> st.SearchStrategy[tuple[tuple[str, Any], ...]]:
    chosen = {setting.name: _choice(setting) for setting in op.settings if not setting.is_path}
    return st.fixed_dictionaries({}, optional=chosen).map(lambda given: tuple(sorted(given.items())))


def _choice(setting: Setting) -> st.SearchStrategy[Any]:
    if setting.choices:
        return st.sampled_from(setting.choices)
    if setting.kind is pair:
        return st.tuples(st.integers(0, 4), st.integers(0, 4))
    kinds: dict[type, st.SearchStrategy[Any]] = {
        bool: st.booleans(),
        int: st.integers(-5, 5),
        float: st.floats(-5, 5) | st.floats(0, 1),
        str: st.text(lines, max_size=5),
        tuple: st.lists(st.integers(-1, 4), min_size=1, max_size=3).map(tuple),
    }
    return kinds[type(setting.default)].filter(lambda value: _is_taken(setting, value))


def _is_taken(setting: Setting, value: Any) -> bool:
    """A kind may want more than a value of the default's type: a share, a count."""
    try:
        setting.checked(value)
    except ValueError:
        return False
    return True


@st.composite
def graphs(draw: st.DrawFn, whole: bool = False) -> Graph:
    """A graph without loops; `whole` has every port connected."""
    ids = draw(st.lists(names, max_size=8, unique=True))
    nodes: list[Node] = []
    edges: list[Edge] = []
    for id in ids:
        sources = [(node.id, k) for node in nodes for k in range(len(node.op.outputs))]
        op = OPS[draw(st.sampled_from([op.name for op in OPS.values() if sources or op.is_leaf]))]
        value = draw(st.none() | values) if op.holds_value else None
        label = " ".join(draw(labels).split())
        nodes.append(Node(id, op.name, value, "" if label == id else label, draw(places), draw(settings_of(op))))
        ports = range(op.fewest + (draw(st.integers(0, 2)) if op.repeats else 0))
        if not whole and len(ports) == op.fewest:
            ports = draw(st.sets(st.sampled_from(ports))) if ports else ports
        for port in ports:
            source, output = draw(st.sampled_from(sources))
            edges.append(Edge(source, id, port, output))
    target = draw(st.sampled_from([None, *ids]))
    seed = draw(st.floats(-100, 100))
    graph = Graph.of(draw(st.permutations(nodes)), edges, target=target, seed=seed, title=draw(labels))
    return boxed(graph, draw(st.randoms(use_true_random=False))) if draw(st.booleans()) else graph
