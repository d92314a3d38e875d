"""What is found in a graph: a kind, a title, the nodes directly in it, and what is found in it; and what finders ask.

fed      the nodes that feed a node, by port
users    how many edges start at a node
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from engine.graph.graph import Graph
from engine.graph.records import Node

Kind = Literal["neuron", "layer", "loss", "softmax", "classifier", "residual"]


@dataclass(frozen=True)
class Finding:
    """A group that is not made yet. `rows` are its nodes in columns, from left to right, as they are drawn best."""

    kind: Kind
    title: str
    rows: tuple[tuple[str, ...], ...] = ()
    parts: tuple[Finding, ...] = ()
    end: str = ""  # the node through which it speaks to the others

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes directly in it."""
        return tuple(id for row in self.rows for id in row)

    @cached_property
    def within(self) -> frozenset[str]:
        """All nodes in it."""
        return frozenset(self.nodes).union(*(part.within for part in self.parts))


@dataclass(frozen=True)
class Scene:
    """A graph as a finder sees it, and which of its nodes are still free."""

    graph: Graph
    free: set[str]
    taken: dict[str, str] = field(default_factory=dict)  # nodes that were found, with the end of what they are in

    @cached_property
    def order(self) -> dict[str, int]:
        return {id: at for at, id in enumerate(self.graph.order)}

    def node(self, id: str) -> Node:
        return self.graph.nodes[id]

    def op(self, id: str) -> str:
        return self.graph.nodes[id].op_name

    def fed(self, id: str) -> tuple[str, ...]:
        """The nodes that feed a node; none if any edge comes from a further output, or a port is open."""
        edges = self.graph.into(id)
        whole = len(edges) >= self.graph.nodes[id].op.fewest and not any(edge.output for edge in edges)
        return tuple(edge.source for edge in edges) if whole else ()

    def users(self, id: str) -> int:
        return len(self.graph.out_of(id))

    def is_inner(self, id: str) -> bool:
        """Whether a node can vanish in a group: it is free, and one edge at most leads on from it; no target."""
        return id in self.free and self.users(id) == 1 and id != self.graph.target

    def is_leaf(self, id: str) -> bool:
        return self.graph.nodes[id].op.holds_value

    def is_own_leaf(self, id: str) -> bool:
        """Whether a leaf serves one node only."""
        return self.is_leaf(id) and self.is_inner(id)

    def number(self, id: str) -> float | None:
        """The number that a constant, or any leaf of one node, holds."""
        value = self.graph.nodes[id].value
        return float(value) if self.op(id) == "constant" and value is not None and not value.ndim else None

    def take(self, found: Finding) -> None:
        """Its nodes are free no more."""
        for id in found.within:
            self.free.discard(id)
            self.taken[id] = found.end

    def by_order(self, ids: Iterable[str]) -> list[str]:
        return sorted(ids, key=self.order.__getitem__)

    def each(self, *ops: str) -> Iterator[str]:
        """The free nodes of some ops, in order."""
        wanted = set(ops)
        return (id for id in self.order if id in self.free and self.op(id) in wanted)


def scene_of(graph: Graph, within: str | None = None) -> Scene:
    """A graph to be looked at: the nodes directly in a group are free; None: those in no group."""
    home = graph.grouping.home
    return Scene(graph, {id for id in graph.nodes if home.get(id) == within})
