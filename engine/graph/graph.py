"""The graph: frozen nodes and edges, and the questions one asks of its topology.

A Graph never changes; `Graph.apply(change)` gives the next one. Nodes stand in the order in which they were made
(`Node.rank`), and everything that goes through nodes goes in that order, so that a run is the same to the last bit
every time. An edge is known by where it ends, `(dest, port)`: so x·x has two edges.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from engine.graph.change import Change, difference
from engine.graph.grouping import Crossing, Group, Grouping, Note, Region
from engine.graph.records import Edge, EdgeKey, Node
from engine.graph.topology import Topology
from engine.values.exact import same
from engine.values.notebook import InNotebook
from engine.values.values import counted

# What a document carries beside nodes and edges, with what it is when nothing was said.
FACTS: Mapping[str, Any] = MappingProxyType({
    "title": "", "example": None, "target": None, "seed": 1.0, "groups": (), "regions": (), "notes": (),
    "exercise": None, "training": None, "view": None,
})  # fmt: skip


@dataclass(frozen=True, eq=False)
class Graph(InNotebook):
    """Nodes by id, edges by (dest, port), and the facts of the document (title, target, seed …)."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[EdgeKey, Edge] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    sound: bool = field(default=False, init=False, compare=False, repr=False)  # `sound.flaw_of` has found nothing

    @classmethod
    def of(cls, nodes: Iterable[Node], edges: Iterable[Edge] = (), **facts: Any) -> Graph:
        """A graph of these nodes, ranked in the order given. Facts that say nothing new are left out."""
        placed = enumerate(nodes)
        ranked = {node.id: node if node.rank == rank else replace(node, rank=rank) for rank, node in placed}
        said = {name: fact for name, fact in facts.items() if fact != FACTS[name]}
        return cls(ranked, {edge.key: edge for edge in edges}, said)

    def __eq__(self, other: object) -> bool:  # and so it has no hash: it holds tables
        if not isinstance(other, Graph):
            return NotImplemented
        return self.nodes == other.nodes and self.edges == other.edges and same(self.facts, other.facts)

    def __repr__(self) -> str:
        title = f" {self.title!r}" if self.title else ""
        said = [counted(len(self.nodes), "node"), counted(len(self.edges), "edge")]
        said += [] if self.target is None else [f"target {self.target}"]
        return f"<Graph{title}: {', '.join(said)}>"

    def vouch(self) -> None:
        """Say that this graph may be: it was looked at, or is one that was there before."""
        object.__setattr__(self, "sound", True)

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
        """Who feeds whom. It asks networkx."""
        return Topology(self.nodes.values(), self.edges.values())

    @property
    def order(self) -> tuple[str, ...]:
        """All nodes, each after everything that feeds it; the same order every time."""
        return self.topology.order if self.nodes else ()  # an empty window needs no networkx

    @cached_property
    def grouping(self) -> Grouping:
        """Which node is in which group."""
        return Grouping(self.fact("groups"))

    @property
    def groups(self) -> dict[str, Group]:
        """The groups by id: not to be written to."""
        return self.grouping.groups

    @cached_property
    def regions(self) -> dict[str, Region]:
        """The regions by id, the one at the bottom first."""
        return {region.id: region for region in self.fact("regions")}

    @cached_property
    def notes(self) -> dict[str, Note]:
        """The notes by id."""
        return {note.id: note for note in self.fact("notes")}

    def crossing(self, group: str) -> Crossing:
        """The edges that lead into a group and out of it."""
        if group not in self._crossings:
            within = self.grouping.within(group)
            ids = sorted(within, key=lambda id: self.nodes[id].rank)
            into = [edge for id in ids for edge in self.into(id) if edge.source not in within]
            out_of = [edge for id in ids for edge in self.out_of(id) if edge.dest not in within]
            self._crossings[group] = Crossing(tuple(into), tuple(out_of))
        return self._crossings[group]

    @cached_property
    def _crossings(self) -> dict[str, Crossing]:
        return {}

    @cached_property
    def name_counts(self) -> Counter[str]:
        """How many nodes the eye reads this name at: a label may stand on several."""
        return Counter(node.name for node in self.nodes.values())

    @property
    def next_rank(self) -> int:
        return self.nodes[next(reversed(self.nodes))].rank + 1 if self.nodes else 0

    def into(self, node: str) -> tuple[Edge, ...]:
        """The edges that end at `node`, by port."""
        return self.topology.into(node)

    def out_of(self, node: str) -> tuple[Edge, ...]:
        """The edges that start at `node`, by the rank of the node where they end, then by port."""
        return self.topology.out_of(node)

    def port_count(self, node: str) -> int:
        """How many input ports are shown: those of the op, and where they repeat always one that is free."""
        op = self.nodes[node].op
        if not op.known:
            return max((e.port for e in self.into(node)), default=-1) + 1
        return max(op.fewest, len(self.into(node)) + 1) if op.repeats else op.fewest

    def output_count(self, node: str) -> int:
        """How many outputs are shown: those of the op; of an unknown one, as many as have edges."""
        op = self.nodes[node].op
        return len(op.outputs) if op.known else max((e.output for e in self.out_of(node)), default=0) + 1

    def open_ports(self, node: str) -> Iterator[int]:
        """The ports that must still be connected before the node can be computed."""
        taken = {edge.port for edge in self.into(node)}
        return (port for port in range(self.nodes[node].op.fewest) if port not in taken)

    def ordered_edges(self) -> list[Edge]:
        """All edges, by the rank of the node where they end, then by port. It does not ask networkx."""
        place = {id: number for number, id in enumerate(self.nodes)}
        ending = (edge for edge in self.edges.values() if edge.dest in place)
        return sorted(ending, key=lambda edge: (place[edge.dest], edge.port))

    def apply(self, change: Change) -> Graph:
        """The graph after `change`. Raises ValueError if the change was made for another state of the graph."""
        nodes = _patched(self.nodes, change.nodes)
        if change.placed:
            nodes = dict(sorted(nodes.items(), key=lambda item: item[1].rank))
        graph = Graph(nodes, _patched(self.edges, change.edges), _patched(self.facts, change.facts))
        self._hand_on(change, graph)
        if not change.moves_topology:
            graph.__dict__["topology"] = self.topology
            if "name_counts" in self.__dict__ and all(was.label == now.label for was, now in change.altered):
                graph.__dict__["name_counts"] = self.name_counts
        elif not change.is_large:
            graph.__dict__["topology"] = self.topology.after(change)
        return graph  # after a large change it has a topology of its own, made when it is asked: that is quicker

    def _hand_on(self, change: Change, after: Graph) -> None:
        """Give the graph after a change the answers about groups that still hold."""
        if "groups" not in change.facts:
            kept = ("grouping",) if change.moves_topology else ("grouping", "_crossings")
            after.__dict__.update({name: self.__dict__[name] for name in kept if name in self.__dict__})

    def change_to(self, other: Graph, text: str = "") -> Change:
        """The change that leads from this graph to another."""
        nodes, edges = difference(self.nodes, other.nodes), difference(self.edges, other.edges)
        return Change(nodes, edges, difference(self.facts, other.facts), text)


def _patched(records: dict[Any, Any], diff: Mapping[Any, tuple[Any, Any]]) -> dict[Any, Any]:
    if not diff:
        return records
    result = dict(records)
    for key, (before, after) in diff.items():
        if not same(result.get(key), before):
            raise ValueError(f"the change expects {key!r} to be {before!r}")
        if after is None:
            result.pop(key, None)
        else:
            result[key] = after
    return result
