"""The edit that makes room for a node between two others."""

from dataclasses import replace
from math import ceil, isfinite

from engine.edits.checks import known_node, replaced
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.records import Node, Pos
from engine.graph.sound_facts import FARTHEST
from engine.layout.layout import GRID, NODE_WIDTH

GAP = 60  # pixels that an edge needs between two nodes, for its numbers to be read


def make_room(graph: Graph, left: str, id: str, right: str) -> Change:
    """Let a node stand between two others, a gap from each: what is too near at its right moves on, with all beyond.

    Nothing moves where there is room, or where `right` does not stand to the right of `left`.
    """
    before, node, after = (known_node(graph, each) for each in (left, id, right))
    if after.pos[0] < before.pos[0] + NODE_WIDTH:
        return NOTHING
    x = max(node.pos[0], before.pos[0] + NODE_WIDTH + GAP)
    missing = x + NODE_WIDTH + GAP - after.pos[0]
    if not isfinite(missing):
        return NOTHING
    step = ceil(max(missing, 0) / GRID) * GRID
    others = (other for other in graph.nodes.values() if step and other.id != id and other.pos[0] >= after.pos[0])
    moved = {other.id: _moved(other, other.pos[0] + step) for other in others} | {id: _moved(node, x)}
    if any(abs(other.pos[0]) > FARTHEST for other in moved.values()):
        return NOTHING
    return replaced(graph, moved, f"Make room for {node.name}")


def _moved(node: Node, x: float) -> Node:
    return replace(node, pos=(round(x, 2) + 0.0, node.pos[1]))


def moved_by(change: Change) -> dict[str, Pos]:
    """Where a change puts nodes that stood elsewhere."""
    ends = ((before, after) for before, after in change.nodes.values() if before is not None and after is not None)
    return {after.id: after.pos for before, after in ends if before.pos != after.pos}
