"""The graph: frozen nodes and edges, and the questions one asks of its topology.

A Graph never changes; `Graph.apply(change)` gives the next one. Nodes stand in the order in which they were made
(`Node.rank`), and everything that goes through nodes goes in that order, so that a run is the same to the last bit
every time. An edge is known by where it ends, `(dest, port)`: so x·x has two edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from engine.graph.change import Change
from engine.graph.records import Edge, EdgeKey, Node

# What a document carries beside nodes and edges, with what it is when nothing was said.
FACTS: Mapping[str, Any] = MappingProxyType(
    {"title": "", "example": None, "target": None, "seed": 1.0, "regions": (), "training": None, "view": None}
)


class Topology:
    """Who feeds whom. Shared by all graphs that differ only in values, positions and names to show."""

    def __init__(self, nodes: Iterable[str], edges: Iterable[Edge]) -> None:
        self.into: dict[str, list[Edge]] = {node: [] for node in nodes}
        self.out_of: dict[str, list[Edge]] = {node: [] for node in self.into}
        for edge in edges:
            self.into[edge.dest].append(edge)
        for ending in self.into.values():
            ending.sort(key=lambda edge: edge.port)
            for edge in ending:  # not in the order in which they were drawn: a saved graph runs to the same bits
                self.out_of[edge.source].append(edge)

    @cached_property
    def nx(self) -> Any:
        """The same as a networkx graph, its edges keyed by input port; made when first asked for."""
        import networkx as nx

        graph = nx.MultiDiGraph()
        graph.add_nodes_from(self.into)
        graph.add_edges_from((e.source, e.dest, e.port) for ending in self.into.values() for e in ending)
        return graph

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All nodes, each after everything that feeds it; the same order every time. Kahn's algorithm (1962).

        A graph that has a cycle gives fewer nodes than it has.
        """
        waiting = {node: len(edges) for node, edges in self.into.items()}
        ready = [node for node, count in waiting.items() if not count]
        for node in ready:
            for edge in self.out_of[node]:
                waiting[edge.dest] -= 1
                if not waiting[edge.dest]:
                    ready.append(edge.dest)
        return tuple(ready)

    def reaches(self, start: str, goal: str) -> bool:
        """Whether a path of edges leads from `start` to `goal` (a node reaches itself)."""
        return start == goal or goal in self.descendants(start)

    def path(self, start: str, goal: str) -> list[str]:
        """The shortest path from `start` to `goal`."""
        import networkx as nx

        return list(nx.shortest_path(self.nx, start, goal))

    def ancestors(self, node: str) -> set[str]:
        """Everything that feeds `node`, directly or not."""
        return self._walk(node, lambda n: (e.source for e in self.into[n]))

    def descendants(self, node: str) -> set[str]:
        """Everything that `node` feeds, directly or not."""
        return self._walk(node, lambda n: (e.dest for e in self.out_of[n]))

    @staticmethod
    def _walk(start: str, neighbours: Any) -> set[str]:
        seen: set[str] = set()
        todo = [start]
        while todo:
            for node in neighbours(todo.pop()):
                if node not in seen:
                    seen.add(node)
                    todo.append(node)
        return seen


@dataclass(frozen=True)
class Graph:
    """Nodes by id, edges by (dest, port), and the facts of the document (title, target, seed …)."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[EdgeKey, Edge] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, nodes: Iterable[Node], edges: Iterable[Edge] = (), **facts: Any) -> Graph:
        """A graph of these nodes, ranked in the order given. Facts that say nothing new are left out."""
        ranked = {node.id: replace(node, rank=rank) for rank, node in enumerate(nodes)}
        said = {name: fact for name, fact in facts.items() if fact != FACTS[name]}
        return cls(ranked, {edge.key: edge for edge in edges}, said)

    def fact(self, name: str) -> Any:
        return self.facts.get(name, FACTS[name])

    @property
    def title(self) -> str:
        return str(self.fact("title"))

    @property
    def target(self) -> str | None:
        target: str | None = self.fact("target")
        return target

    @property
    def seed(self) -> float:
        return float(self.fact("seed"))

    @cached_property
    def topology(self) -> Topology:
        return Topology(self.nodes, self.edges.values())

    @property
    def next_rank(self) -> int:
        return self.nodes[next(reversed(self.nodes))].rank + 1 if self.nodes else 0

    def into(self, node: str) -> list[Edge]:
        """The edges that end at `node`, by port."""
        return self.topology.into[node]

    def out_of(self, node: str) -> list[Edge]:
        """The edges that start at `node`."""
        return self.topology.out_of[node]

    def port_count(self, node: str) -> int:
        """How many input ports are shown: those of the op, and where they repeat always one that is free."""
        op = self.nodes[node].op
        if not op.known:
            return max((e.port for e in self.into(node)), default=-1) + 1
        used = len(self.into(node))
        return max(op.fewest, used + 1) if op.repeats else op.fewest

    def open_ports(self, node: str) -> Iterator[int]:
        """The ports that must still be connected before the node can be computed."""
        taken = {edge.port for edge in self.into(node)}
        return (port for port in range(self.nodes[node].op.fewest) if port not in taken)

    def ordered_edges(self) -> list[Edge]:
        """All edges, by the rank of the node where they end, then by port."""
        return [edge for node in self.nodes for edge in self.into(node)]

    def apply(self, change: Change) -> Graph:
        """The graph after `change`. Raises ValueError if the change was made for another state of the graph."""
        nodes = _patched(self.nodes, change.nodes)
        if any(before is None for before, _ in change.nodes.values()):
            nodes = dict(sorted(nodes.items(), key=lambda item: item[1].rank))
        graph = Graph(nodes, _patched(self.edges, change.edges), _patched(self.facts, change.facts))
        if not change.moves_topology and "topology" in self.__dict__:
            graph.__dict__["topology"] = self.topology
        return graph

    def change_to(self, other: Graph, text: str = "") -> Change:
        """What leads from this graph to another."""
        nodes, edges = _diff(self.nodes, other.nodes), _diff(self.edges, other.edges)
        return Change(nodes, edges, _diff(self.facts, other.facts), text)


def _diff(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> dict[Any, tuple[Any, Any]]:
    keys = dict.fromkeys((*old, *new))
    return {key: (old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)}


def _patched(records: dict[Any, Any], diff: Mapping[Any, tuple[Any, Any]]) -> dict[Any, Any]:
    if not diff:
        return records
    result = dict(records)
    for key, (before, after) in diff.items():
        if result.get(key) != before:
            raise ValueError(f"the change expects {key!r} to be {before!r}")
        if after is None:
            result.pop(key, None)
        else:
            result[key] = after
    return result
