"""A walk through the graph by keys: from a node to its ports and edges, and along an edge to the next node.

→ goes on to what a node feeds: at once where that is one node, else by way of its branches, where ↑ and ↓ choose.
← goes to the input ports of a node, where ↑ and ↓ choose, and from a port to what feeds it.
At a node ↑ and ↓ go along its column, and from its end to the next: so what hangs together with nothing is reached.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.layout.layout import NODE_WIDTH
from gui.canvas.model.stage import Stage

Place = Literal["node", "edge", "input", "output"]


@dataclass(frozen=True)
class Stop:
    """Where the keys are: at a node; at an edge that leaves `id`; at an input port of it; at an output of it."""

    place: Place
    id: str
    port: int = 0
    edge: EdgeKey | None = None

    def is_in(self, graph: Graph) -> bool:
        """Whether it is there still."""
        if self.id not in graph.nodes:
            return False
        if self.place == "edge":
            return self.edge in graph.edges and graph.edges[self.edge].source == self.id
        return self.place != "input" or self.port < graph.port_count(self.id)

    def taken(self, graph: Graph) -> EdgeKey | None:
        """The edge that one is at: it leads on from here, or ends at this port."""
        if self.place == "input" and (self.id, self.port) in graph.edges:
            return self.id, self.port
        return self.edge


def leaving(stage: Stage, id: str) -> list[Stop]:
    """The edges that leave a node, from top to bottom, and its outputs."""
    edges = sorted(stage.graph.out_of(id), key=lambda edge: stage.end(edge)[::-1])
    outputs = [Stop("output", id, output) for output in range(stage.graph.output_count(id))]
    return [*(Stop("edge", id, edge.output, edge.key) for edge in edges), *outputs]


def arriving(stage: Stage, id: str) -> list[Stop]:
    """The input ports of a node."""
    return [Stop("input", id, port) for port in range(stage.graph.port_count(id))]


def beside(stage: Stage, stop: Stop) -> list[Stop]:
    """All stops among which ↑ and ↓ choose here; none at a node."""
    if stop.place == "node":
        return []
    return arriving(stage, stop.id) if stop.place == "input" else leaving(stage, stop.id)


def next_stop(stage: Stage, here: Stop, dx: int, dy: int) -> Stop:
    """Where one comes to from here: `dx` 1 goes on, −1 back; `dy` 1 down, −1 up. Here, if it leads nowhere."""
    if dy:
        return _across(stage, here, dy)
    return _on(stage, here) if dx > 0 else _back(stage, here)


def first_leaf(stage: Stage) -> str | None:
    """The leaf that stands most to the left, and of these the highest; without leaves any node."""
    graph = stage.graph
    return min((id for id in graph.nodes if not graph.into(id)), key=stage.pos, default=next(iter(graph.nodes), None))


def nearest(stage: Stage, place: Sequence[float]) -> str | None:
    """The node nearest to a place."""

    def way(id: str) -> float:
        x, y = stage.pos(id)
        return abs(x - place[0]) + abs(y - place[1])

    return min(stage.graph.nodes, key=way, default=None)


def _on(stage: Stage, here: Stop) -> Stop:
    if here.place == "output":
        return here
    if here.place == "input":
        return Stop("node", here.id)
    if here.edge is not None:
        return Stop("node", here.edge[0])
    ways = leaving(stage, here.id)
    only = ways[0].edge if len(ways) == 2 else None
    return Stop("node", only[0]) if only else ways[0]


def _back(stage: Stage, here: Stop) -> Stop:
    if here.place == "node":
        return next(iter(arriving(stage, here.id)), here)
    if here.place == "input":
        fed = stage.graph.edges.get((here.id, here.port))
        return here if fed is None else Stop("node", fed.source)
    return Stop("node", here.id)


def _across(stage: Stage, here: Stop, way: int) -> Stop:
    others = beside(stage, here)
    if others:
        return others[(others.index(here) + way) % len(others)]
    order = by_columns(stage)
    return Stop("node", order[(order.index(here.id) + way) % len(order)])


def by_columns(stage: Stage) -> list[str]:
    """All nodes, from the left column to the right one, each column from top to bottom."""
    columns: list[list[str]] = []
    start = -inf
    for id in sorted(stage.graph.nodes, key=stage.pos):
        x = stage.pos(id)[0]
        if x - start > NODE_WIDTH:
            start = x
            columns.append([])
        columns[-1].append(id)
    return [id for column in columns for id in sorted(column, key=lambda id: stage.pos(id)[::-1])]
