"""Submissions for the tests of grading: the same graph under other names, and with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from engine import edits
from engine.errors import GradloomError
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.ops.op import OPS, Op
from engine.passes.run import run
from tests.attack.graphs import random_graph

Planted = tuple[Graph, str]  # the graph, and the node that a sentence must name


def a_reference(random: Random) -> Graph | None:
    """A graph that runs, small or middling; None where this one does not."""
    graph = random_graph(random, size=random.choice((4, 8, 15)), tame=True)
    graph = Graph(
        graph.nodes, graph.edges, {name: graph.facts[name] for name in ("target", "seed") if name in graph.facts}
    )
    try:
        run(graph)
    except GradloomError:
        return None
    return graph


def under_other_names(graph: Graph, random: Random) -> tuple[Graph, dict[str, str]]:
    """The same graph with other ids, labels, places and orders; and who is called what."""
    new = [f"k{i}" for i in range(len(graph.nodes))]
    random.shuffle(new)
    names = dict(zip(graph.nodes, new, strict=True))
    nodes = [replace(node, id=names[node.id], label="", pos=(random.random(), 1.0)) for node in graph.nodes.values()]
    edges = [Edge(names[e.source], names[e.dest], e.port, e.output) for e in graph.edges.values()]
    random.shuffle(nodes)
    random.shuffle(edges)
    target = None if graph.target is None else names[graph.target]
    return Graph.of(nodes, edges, target=target, seed=graph.seed), names


def _with(graph: Graph, node: Node) -> Graph:
    return replace(graph, nodes={**graph.nodes, node.id: node})


def _another_value(graph: Graph, random: Random) -> Planted:
    node = random.choice([node for node in graph.nodes.values() if node.value is not None])
    assert node.value is not None
    return _with(graph, replace(node, value=node.value + 0.37)), node.id


def _another_leaf(graph: Graph, random: Random) -> Planted:
    node = random.choice([node for node in graph.nodes.values() if node.value is not None])
    return _with(graph, replace(node, op_name="input" if node.op_name != "input" else "parameter")), node.id


def _another_op(graph: Graph, random: Random) -> Planted:
    def plain(op: Op) -> bool:
        return op.elementwise and not op.repeats and not op.settings

    pairs = [
        (node, op) for node in graph.nodes.values() for op in OPS.values()
        if plain(op) and plain(node.op) and len(op.ports) == len(node.op.ports) and op is not node.op
    ]  # fmt: skip
    node, op = random.choice(pairs)
    return _with(graph, replace(node, op_name=op.name)), node.id


def _another_source(graph: Graph, random: Random) -> Planted:
    place = {id: i for i, id in enumerate(graph.nodes)}
    edge = random.choice(list(graph.edges.values()))
    source = random.choice([id for id in graph.nodes if place[id] < place[edge.dest] and id != edge.source])
    return replace(graph, edges={**graph.edges, edge.key: replace(edge, source=source, output=0)}), edge.dest


def _an_edge_less(graph: Graph, random: Random) -> Planted:
    edge = random.choice(list(graph.edges.values()))
    return graph.apply(edits.delete(graph, edges=[edge.key])), edge.dest


def _a_node_more(graph: Graph, random: Random) -> Planted:
    changed = graph.apply(edits.add_node(graph, "tanh", (0, 0)))
    return changed, next(id for id in changed.nodes if id not in graph.nodes)


def _another_target(graph: Graph, random: Random) -> Planted:
    other = random.choice([node.id for node in graph.nodes.values() if node.op.ports and node.id != graph.target])
    return replace(graph, facts={**graph.facts, "target": other}), other


DEFECTS: list[Callable[[Graph, Random], Planted]] = [
    _another_value, _another_leaf, _another_op, _another_source, _an_edge_less, _a_node_more, _another_target,
]  # fmt: skip
