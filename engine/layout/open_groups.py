"""Where nodes stand when groups are open: each group is a block of its own, laid out by itself and then placed as one.

A block is a card of the drawing round it, as high and as wide as its frame. A group that feeds itself by way of others
would close a circle as a block: its nodes stand among those of the drawing round it.

    path    of what is shown: the open groups that it is in, from the outermost to the innermost
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from engine.graph.graph import Graph
from engine.graph.grouping import Grouping
from engine.graph.records import Edge, Node, Pos
from engine.graph.topology import nx
from engine.layout.broken_columns import broken
from engine.layout.group_cards import MARK, CardOp
from engine.layout.layout import GRID, NODE_HEIGHT, NODE_WIDTH, arrange, node_height
from engine.layout.sheet import Box

_BREAKS = (1.5, 2, 3, 4, 5, 6, 8, 11, 16)  # into how many parts the highest column may be broken
WORTH_BREAKING = 1.2  # so much larger all must be seen then
PAD, TITLE = 36.0, 8.0  # round the nodes of an open group, as where it is opened in its place; and for its title
_ENTRY, _EXIT = f"{MARK} in", f"{MARK} out"  # no id of a group begins with a space
Paths = Mapping[str, tuple[str, ...]]


def arrange_open(
    graph: Graph, grouping: Grouping, aspect: float | None = None, within: str | None = None
) -> dict[str, Pos]:
    """A place for each node of a shown graph, `within` a group that is looked into: open groups are kept together."""
    base = len(grouping.chain_of(within)) if within in grouping.groups else 0  # it may have gone meanwhile
    paths = {id: _chain(grouping, id)[base:] for id in graph.nodes}
    if not any(paths.values()):
        return arrange(graph, aspect)
    drawing = OpenDrawing(graph, paths, aspect)
    return {id: (box[0], box[1]) for id, box in drawing.best().items()}


def _chain(grouping: Grouping, id: str) -> tuple[str, ...]:
    if not id.startswith(MARK):
        return grouping.chain(id)
    group = id.removeprefix(MARK)
    return grouping.chain_of(group)[:-1] if group in grouping.groups else ()


@dataclass(frozen=True, slots=True, eq=False)
class OpenBlock(Node):
    """An open group as a node of the drawing round it: `settings` say how many ports it has, and how high it is."""

    def __post_init__(self) -> None:
        facts = dict(self.settings)
        names = tuple(f"in{port}" for port in range(facts["ports"]))
        op = CardOp("group", "", names, "", "Group", "arithmetic", "", high=facts["high"])
        object.__setattr__(self, "op", op)


class OpenDrawing:
    """Of a shown graph, whose nodes are in groups by these paths. `aspect` is that of the room in which it is seen."""

    def __init__(self, graph: Graph, paths: Paths, aspect: float | None) -> None:
        self._graph, self._aspect = graph, aspect
        self._tallest = inf  # column of open groups: a higher one is broken into several, side by side
        self._levels = dict(_levels(graph, paths))
        self._arranged: dict[tuple[object, ...], tuple[dict[str, Pos], dict[str, float]]] = {}  # and heights

    def best(self) -> dict[str, Box]:
        """The boxes of all nodes, the first at 0, 0: columns of open groups are broken so that all is seen large."""
        found = self._of()
        aspect = self._aspect
        if aspect is None:
            return found
        best, whole = _largeness(found, aspect), _size(found)[1]
        for parts in _BREAKS:
            self._tallest = whole / parts
            other = self._of()
            if (large := _largeness(other, aspect)) > best * WORTH_BREAKING:
                found, best = other, large
        return found

    def _of(self, within: str = "") -> dict[str, Box]:
        """The boxes of what is in a group, or of all. What is in one and is fed from outside stands at its left, side
        by side."""
        level = self._levels[within]
        blocks = {MARK + group: self._of(group) for group in level.groups}
        around = self._around(within, level, {id: _size(drawing) for id, drawing in blocks.items()})
        found: dict[str, Box] = {}
        for id, (left, top, right, bottom) in around.items():
            if id in blocks:
                found |= {each: _moved(box, left + PAD, top + PAD + TITLE) for each, box in blocks[id].items()}
            else:
                found[id] = (left, top, right, bottom)
        left, top = min(box[0] for box in found.values()), min(box[1] for box in found.values())
        return {id: _moved(box, -left, -top) for id, box in found.items()}

    def _around(self, within: str, level: _Level, sizes: Mapping[str, tuple[float, float]]) -> dict[str, Box]:
        """The boxes of the drawing in which each outermost group is one card of its size."""
        key = (within, *sizes.items())
        if key not in self._arranged:
            nodes, wired = _as_cards(self._graph, level.paths, level.edges, sizes)
            target = self._graph.target if self._graph.target in nodes else None
            places = arrange(Graph(nodes, {edge.key: edge for edge in wired}, {"target": target} if target else {}))
            high = {id: float(dict(nodes[id].settings)["high"]) for id in places}
            self._arranged[key] = {id: pos for id, pos in places.items() if id not in (_ENTRY, _EXIT)}, high
        places, high = self._arranged[key]
        wide = {id: sizes[id][0] if id in sizes else float(NODE_WIDTH) for id in places}
        return broken(places, wide, high, sizes.keys(), self._tallest)


class _Level(NamedTuple):
    """What is in a group, or all there is, whatever the sizes are: what is in it by the groups that it is in there,
    these groups, and who feeds whom."""

    paths: Paths
    groups: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]


def _levels(graph: Graph, paths: Paths, within: str = "") -> Iterator[tuple[str, _Level]]:
    """All of them, by the group."""
    paths = _without_circles(graph, paths)
    inner: dict[str, dict[str, tuple[str, ...]]] = {}
    for id, path in paths.items():
        if path:
            inner.setdefault(path[0], {})[id] = path[1:]
    edges = [*_edges(graph, paths), *(_ways_in_and_out(graph, paths) if within else ())]
    yield within, _Level(paths, tuple(inner), tuple(edges))
    for group, some in inner.items():
        yield from _levels(graph, some, group)


def _without_circles(graph: Graph, paths: Paths) -> Paths:
    """The paths without the outermost groups that would be fed by themselves."""
    while True:
        web = nx().DiGraph()
        web.add_edges_from(_edges(graph, paths))
        circles = [part for part in nx().strongly_connected_components(web) if len(part) > 1]
        gone = {id.removeprefix(MARK) for part in circles for id in part if id not in paths}
        if not gone:
            return paths
        paths = {id: path[1:] if path[:1] and path[0] in gone else path for id, path in paths.items()}


def _edges(graph: Graph, paths: Paths) -> dict[tuple[str, str], None]:
    """Who feeds whom, blocks as one, each pair once and in the order of the graph."""
    found: dict[tuple[str, str], None] = {}
    for edge in graph.edges.values():
        if edge.source in paths and edge.dest in paths:
            source, dest = (MARK + paths[id][0] if paths[id] else id for id in (edge.source, edge.dest))
            if source != dest:
                found[source, dest] = None
    return found


def _ways_in_and_out(graph: Graph, paths: Paths) -> list[tuple[str, str]]:
    """As if all that comes in came from one node, and all that goes out went to one."""
    found: dict[tuple[str, str], None] = {}
    for edge in graph.edges.values():
        if (edge.source in paths) != (edge.dest in paths):
            inner = edge.source if edge.source in paths else edge.dest
            item = MARK + paths[inner][0] if paths[inner] else inner
            found[(item, _EXIT) if inner == edge.source else (_ENTRY, item)] = None
    return list(found)


def _as_cards(
    graph: Graph, paths: Paths, edges: Sequence[tuple[str, str]], sizes: Mapping[str, tuple[float, float]]
) -> tuple[dict[str, Node], list[Edge]]:
    """The nodes and edges of the graph in which each outermost group is one card of its size."""
    fed: dict[str, int] = {}
    wired = []
    for source, dest in edges:
        wired.append(Edge(source, dest, port := fed.get(dest, 0)))
        fed[dest] = port + 1
    nodes: dict[str, Node] = {}
    for id, path in paths.items():
        block = MARK + path[0] if path else id
        if not path:
            nodes[id] = _card(id, max(fed.get(id, 0), 1), node_height(graph.port_count(id)))
        elif block not in nodes:
            nodes[block] = _card(block, max(fed.get(block, 0), 1), sizes[block][1])
    for id in dict.fromkeys(id for edge in edges for id in edge if id in (_ENTRY, _EXIT)):
        nodes[id] = _card(id, max(fed.get(id, 0), 1), NODE_HEIGHT)
    return nodes, wired


def _card(id: str, ports: int, high: float) -> Node:
    return OpenBlock(id, "group", settings=(("ports", ports), ("high", int(-(-high // GRID) * GRID))))


def _size(drawing: Mapping[str, Box]) -> tuple[float, float]:
    """Of the frame round a drawing that begins at 0, 0."""
    return max(box[2] for box in drawing.values()) + 2 * PAD, max(box[3] for box in drawing.values()) + 2 * PAD + TITLE


def _largeness(drawing: Mapping[str, Box], aspect: float) -> float:
    """How large a drawing is seen in a room of so many times its height in width."""
    wide, high = _size(drawing)
    return min(aspect / wide, 1 / high)


def _moved(box: Box, x: float, y: float) -> Box:
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y
