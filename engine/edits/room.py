"""The edit that makes room for a node between two others, and what gives way with nodes: regions and notes."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from math import ceil, hypot, isfinite

from engine.edits.checks import known_node, replaced
from engine.edits.document import set_fact
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.grouping import Note, Region
from engine.graph.records import Node, Pos
from engine.graph.sound_facts import FARTHEST
from engine.layout.layout import GRID, NODE_WIDTH, node_height
from engine.layout.sheet import Box

GAP = 60  # pixels that an edge needs between two nodes, for its numbers to be read
NARROWEST = 40.0  # pixels along a side of a region
LINE, LETTER, PAD = 18.0, 7.0, 8.0  # of a note, about: from line to line, of a letter, round the text


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
    change = replaced(graph, moved, f"Make room for {node.name}")
    return change.then(asides_along(graph, moved.keys() - {id}, step))


def asides_along(graph: Graph, moved: Collection[str], by: float, grown: Collection[str] = ()) -> Change:
    """Regions and notes move to the right by as much as the nodes do that they stand beside.

    A region moves if all nodes in it do; if some do, or some of the `grown`, from whose place they move, it is wider by
    as much. A note, and a region with no node in it, goes with the nearest node.
    """
    boxes = {node.id: _node_box(graph, node) for node in graph.nodes.values()}
    if not (by and moved and boxes and (graph.regions or graph.notes)):
        return NOTHING

    def put(region: Region) -> Box:
        left, top, right, bottom = region_box(region)
        held = {id for id, box in boxes.items() if region.holds(*_corner_and_size(box))}
        if (held or {_nearest(boxes, region)}) <= set(moved):
            return left + by, top, right + by, bottom
        wider = by if not held.isdisjoint([*moved, *grown]) else 0.0
        return left, top, max(right + wider, left + NARROWEST), bottom

    def put_note(note: Note) -> Pos:
        return note.pos[0] + by * (_nearest(boxes, note) in moved), note.pos[1]

    return asides_elsewhere(graph, put, put_note)


def _nearest(boxes: Mapping[str, Box], aside: Region | Note) -> str:
    """The node from whose card it is least far to a region or a note; of several the first."""
    left, top, right, bottom = region_box(aside) if isinstance(aside, Region) else note_box(aside)

    def away(id: str) -> float:
        box = boxes[id]
        return hypot(max(box[0] - right, left - box[2], 0.0), max(box[1] - bottom, top - box[3], 0.0))

    return min(boxes, key=away)


def _node_box(graph: Graph, node: Node) -> Box:
    x, y = node.pos
    return x, y, x + NODE_WIDTH, y + node_height(graph.port_count(node.id))


def _corner_and_size(box: Box) -> tuple[Pos, Pos]:
    return (box[0], box[1]), (box[2] - box[0], box[3] - box[1])


def asides_elsewhere(graph: Graph, regions: Callable[[Region], Box], notes: Callable[[Note], Pos]) -> Change:
    """Every region gets another box, and every note another place; what would be too far away stays."""
    change = NOTHING
    if graph.regions:
        boxes = ((region, regions(region)) for region in graph.regions.values())
        kept = tuple(_boxed(region, box) if _is_near(box) else region for region, box in boxes)
        change = set_fact(graph, "regions", kept)
    if graph.notes:
        places = ((note, notes(note)) for note in graph.notes.values())
        put = tuple(replace(note, pos=_tidy(pos)) if _is_near(pos) else note for note, pos in places)
        change = change.then(set_fact(graph, "notes", put))
    return change


def region_box(region: Region) -> Box:
    (x, y), (wide, high) = region.pos, region.size
    return x, y, x + wide, y + high


def note_box(note: Note) -> Box:
    """About the box of a note: how its lines are broken is known where it is drawn."""
    (x, y), letters = note.pos, max((note.width - 2 * PAD) / LETTER, 1.0)
    lines = sum(max(ceil(len(line) / letters), 1) for line in note.text.split("\n"))
    return x, y, x + note.width, y + 2 * PAD + LINE * lines


def _boxed(region: Region, box: Box) -> Region:
    left, top, right, bottom = box
    there = box == region_box(region)
    return region if there else replace(region, pos=_tidy((left, top)), size=_tidy((right - left, bottom - top)))


def _is_near(numbers: Iterable[float]) -> bool:
    return all(abs(number) <= FARTHEST for number in numbers)


def _tidy(pos: Pos) -> Pos:
    return round(pos[0], 2) + 0.0, round(pos[1], 2) + 0.0


def _moved(node: Node, x: float) -> Node:
    return replace(node, pos=(round(x, 2) + 0.0, node.pos[1]))


def moved_by(change: Change) -> dict[str, Pos]:
    """Where a change puts nodes that stood elsewhere."""
    ends = ((before, after) for before, after in change.nodes.values() if before is not None and after is not None)
    return {after.id: after.pos for before, after in ends if before.pos != after.pos}
