"""Where the parts of what was found in a graph stand: its nodes in columns, its inner groups below each other.

folded   a group takes the room of its card, and what is in it stands behind that, round the same middle
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.graph.finding.found import Finding
from engine.graph.graph import Graph
from engine.graph.records import Pos
from engine.layout.layout import COLUMN_GAP, GRID, NODE_WIDTH, ROW_GAP, node_height


@dataclass
class Places:
    """Where nodes stand, and the cards of groups by what they are made of: top left corners."""

    nodes: dict[str, Pos] = field(default_factory=dict)
    cards: dict[Finding, Pos] = field(default_factory=dict)

    def moved(self, by: Pos) -> Places:
        nodes = {id: _off(pos, by) for id, pos in self.nodes.items()}
        return Places(nodes, {found: _off(pos, by) for found, pos in self.cards.items()})

    def add(self, other: Places) -> None:
        self.nodes |= other.nodes
        self.cards |= other.cards


def placed(graph: Graph, found: Finding, heights: Mapping[Finding, int]) -> Places:
    """The places of all that is in a group, its own card round the middle at (0, 0)."""
    columns = [_node_column(graph, row) for row in found.rows]
    if found.parts:
        columns.insert(0, _part_column(graph, found, heights))
    width = len(columns) * NODE_WIDTH + (len(columns) - 1) * COLUMN_GAP
    whole = Places()
    for at, column in enumerate(columns):
        left = _on_grid(at * (NODE_WIDTH + COLUMN_GAP) - width / 2)
        whole.add(column.moved((left, 0.0)))
    whole.cards[found] = (_on_grid(-NODE_WIDTH / 2), _on_grid(-heights[found] / 2))
    return whole


def _node_column(graph: Graph, ids: tuple[str, ...]) -> Places:
    heights = [node_height(graph.port_count(id)) for id in ids]
    return Places(dict(zip(ids, _stacked(heights), strict=True)))


def _part_column(graph: Graph, found: Finding, heights: Mapping[Finding, int]) -> Places:
    tops = _stacked([heights[part] for part in found.parts])
    column = Places()
    for part, (_, top) in zip(found.parts, tops, strict=True):
        middle = (NODE_WIDTH / 2, top + heights[part] / 2)
        column.add(placed(graph, part, heights).moved(middle))
    return column


def _stacked(heights: list[int]) -> list[Pos]:
    """The top left corners of things below each other, their middle at 0."""
    top = -(sum(heights) + ROW_GAP * (len(heights) - 1)) / 2
    places = []
    for height in heights:
        places.append((0.0, _on_grid(top)))
        top += height + ROW_GAP
    return places


def _on_grid(number: float) -> float:
    return round(number / GRID) * GRID + 0.0


def _off(pos: Pos, by: Pos) -> Pos:
    return (pos[0] + by[0], pos[1] + by[1])
