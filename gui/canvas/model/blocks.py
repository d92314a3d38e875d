"""What is seen from so far away that nothing can be written on cards: blocks, each with its name and its gradient flow.

A block is an open group; where there is none, some layers: columns of cards, as many together as a label needs room.
Boxes are left, top, right, bottom in scene pixels. No block changes its place when one comes nearer, and none comes
instead of another: the label of a group becomes its title.

    flow    the size of the gradient through a block: √Σ g² over all that leaves it
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.graph.graph import Graph
from engine.layout.group_cards import card_id
from engine.layout.layout import NODE_WIDTH
from engine.passes.trace import Trace
from engine.show.frame import Frame
from engine.values.values import number_text
from gui.canvas.model.aside_boxes import Box
from gui.canvas.model.levels import least_zoom, level_of
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import NONE, WAITING

MOST, FEWEST = 30, 24  # blocks at once; nodes: fewer need none
LAYERS = "Layers "  # before the numbers of more than one; it goes where there is no room for both
WIDE, HIGH = 84.0, 34.0  # pixels on screen that the label of a block needs
WIDER = 1.25  # how much more each gets where there would be too many
BAND_GAP = 48.0  # between rows of columns
LEAST_WIDE, LEAST_OUTER = 60.0, 3.0  # of a group; where groups are most of it all, whose labels may reach out of them
NEAR, FAR = 0.125, 0.09  # the zoom from which on blocks are gone, and up to which they are wholly there
PAD = 14.0
MOST_KEPT = 1000  # blocks, of all that there were on the way of what is dragged


@dataclass(frozen=True, eq=False)
class FarBlock:
    """Some cards that are seen as one thing.

    `leaving`: the nodes whose output leaves it; `down`: by how many labels its own stands lower, because of others.
    """

    title: str
    box: Box
    size: int
    leaving: tuple[str, ...]
    down: int = 0
    group: str = ""

    def label_at(self, high: float) -> tuple[float, float]:
        """The middle of the upper side of its label of a height in the scene: a quarter down it, where no plate of the
        target in its middle is."""
        left, top, right, bottom = self.box
        return (left + right) / 2, top + max((bottom - top) / 4 - high / 2, 0.0) + self.down * high


class FarBlocks:
    """The blocks of a stage at a zoom, found once for a topology, a place and a level."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._asked: tuple[object, ...] = ()
        self._found: list[FarBlock] = []
        self._leaving = _Leaving(stage)
        self._flows: dict[tuple[str, ...], _Flow] = {}  # by what leaves a block: wherever that stands
        self._trace: Trace | None = None

    def at(self, zoom: float) -> list[FarBlock]:
        """What there is at a zoom; nothing near by, or where there are few nodes."""
        stage, graph = self._stage, self._stage.graph
        if zoom >= NEAR or len(graph.nodes) < FEWEST:
            return []
        place = float(stage.node_boxes.sum())
        level = min(level_of(zoom), level_of(FAR))  # nearer none comes any more
        asked = (graph.topology, graph.fact("groups"), place, level)
        if len(self._asked) != len(asked) or any(
            a is not b and a != b for a, b in zip(self._asked, asked, strict=True)
        ):
            self._asked = asked
            self._found = list(_blocks(stage, least_zoom(level), self._leaving))
        return self._found

    def flow(self, block: FarBlock) -> str:
        """The size of the gradient through a block; … as long as some of it is on its way."""
        frame = self._stage.frame
        if frame.trace is not self._trace:
            self._trace, self._flows = frame.trace, {}
        if block.leaving not in self._flows:
            self._flows[block.leaving] = _flow(frame.trace, block)
        return self._flows[block.leaving].text(frame)


@dataclass(frozen=True)
class _Flow:
    """When the last of the gradient of a block has arrived, and how large it is then."""

    last: int  # −1: none comes
    size: float

    def text(self, frame: Frame) -> str:
        if self.last < 0:
            return NONE
        return number_text(self.size, 3) if self.last < frame.done else WAITING


def _flow(trace: Trace, block: FarBlock) -> _Flow:
    last, total = -1, 0.0
    for id in block.leaving:
        arrived = trace.arrivals.get(id)
        gradient = trace.gradient(id) if arrived else None
        if arrived and gradient is not None:
            last = max(last, arrived[-1])
            total += float(np.sum(np.square(gradient)))
    return _Flow(last, float(np.sqrt(total)))


# --- which blocks there are


def _blocks(stage: Stage, zoom: float, leaving: _Leaving) -> Iterator[FarBlock]:
    graph = stage.graph
    opened = [id for id, group in graph.groups.items() if not group.folded and graph.grouping.is_seen(id)]
    groups = list(_of_groups(stage, opened, zoom, leaving)) if opened else []
    if groups:
        yield from _apart(groups[:MOST], zoom)
        return
    wide = WIDE
    found = list(_of_layers(stage, wide / zoom, HIGH / zoom, leaving))
    while len(found) > MOST:
        wide *= WIDER
        found = list(_of_layers(stage, wide / zoom, wide / WIDE * HIGH / zoom, leaving))
    yield from found


def _apart(blocks: Iterable[FarBlock], zoom: float) -> Iterator[FarBlock]:
    """The same, where labels would lie on one another each lower than the one before."""
    taken: list[tuple[float, float]] = []
    for block in sorted(blocks, key=lambda block: block.box):
        while any(_meets(block.label_at(HIGH / zoom), other, zoom) for other in taken):
            block = replace(block, down=block.down + 1)
        taken.append(block.label_at(HIGH / zoom))
        yield block


def _meets(one: tuple[float, float], other: tuple[float, float], zoom: float) -> bool:
    return abs(one[0] - other[0]) * zoom < WIDE and abs(one[1] - other[1]) * zoom < HIGH - 1


def _of_groups(stage: Stage, opened: Sequence[str], zoom: float, leaving: _Leaving) -> Iterator[FarBlock]:
    """The outermost open groups; in place of one those in it, where all of these can be read."""
    graph, rows = stage.graph, {id: row for row, id in enumerate(stage.ids)}
    outer = [id for id in opened if graph.groups[id].parent not in opened]
    grouped = sum(len(graph.grouping.within(id)) for id in outer)
    least = LEAST_OUTER if 2 * grouped >= len(graph.nodes) else LEAST_WIDE
    for id in outer:
        inner = [child for child in graph.grouping.children.get(id, ()) if child in opened]
        parts = [block for child in inner if (block := _of_group(stage, child, rows, leaving)) is not None]
        legible = bool(parts) and all(_is_legible(block.box, zoom, LEAST_WIDE) for block in parts)
        whole = _of_group(stage, id, rows, leaving)
        if legible and len(outer) + len(parts) <= MOST:
            yield from parts
        elif whole is not None and _is_legible(whole.box, zoom, least):
            yield whole


def _is_legible(box: Box, zoom: float, wide: float) -> bool:
    return (box[2] - box[0]) * zoom >= wide and (box[3] - box[1]) * zoom >= HIGH


def _of_group(stage: Stage, id: str, rows: dict[str, int], leaving: _Leaving) -> FarBlock | None:
    graph = stage.graph
    cards = (card_id(each) for each in graph.grouping.subgroups(id))
    ids = [each for each in (*graph.grouping.within(id), *cards) if each in rows]
    if not ids:
        return None
    block = _block(stage, graph.groups[id].name, np.array([rows[each] for each in ids]), leaving)
    return replace(block, group=id)


def _of_layers(stage: Stage, wide: float, high: float, leaving: _Leaving) -> Iterator[FarBlock]:
    """Columns of cards, band by band, in groups that are wide enough to be named."""
    number = 1
    for band in _bands(stage.node_boxes, high):
        columns = _columns(stage.node_boxes, band)
        start = 0
        while start < len(columns):
            end = start + 1
            while end < len(columns) and _width(stage.node_boxes, columns[start:end]) < wide:
                end += 1
            if end < len(columns) and _width(stage.node_boxes, columns[end:]) < wide:
                end = len(columns)  # what is left would be too narrow
            first, last = number + start, number + end - 1
            title = f"Layer {first}" if first == last else f"{LAYERS}{first}–{last}"
            yield _block(stage, title, np.concatenate(columns[start:end]), leaving)
            start = end
        number += len(columns)


def _bands(boxes: NDArray[np.float64], high: float) -> list[NDArray[np.intp]]:
    """Rows of cards between which nothing stands, each at least so high."""
    order = np.argsort(boxes[:, 1], kind="stable")
    bottoms = np.maximum.accumulate(boxes[order, 3])
    cuts = np.flatnonzero(boxes[order[1:], 1] - bottoms[:-1] >= BAND_GAP) + 1
    ends = [0]
    for at in cuts.tolist():
        if bottoms[at - 1] - boxes[order[ends[-1]], 1] >= high:
            ends.append(at)
    return [order[first:last] for first, last in pairwise([*ends, len(order)])]


def _columns(boxes: NDArray[np.float64], rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """The cards that stand about below each other, from left to right."""
    order = rows[np.argsort(boxes[rows, 0], kind="stable")]
    starts, begin = [0], boxes[order[0], 0]
    for at, left in enumerate(boxes[order, 0].tolist()):
        if left - begin > NODE_WIDTH:
            starts.append(at)
            begin = left
    return [order[first:last] for first, last in pairwise([*starts, len(order)])]


def _width(boxes: NDArray[np.float64], columns: Sequence[NDArray[np.intp]]) -> float:
    rows = np.concatenate(columns)
    return float(boxes[rows, 2].max() - boxes[rows, 0].min())


def _block(stage: Stage, title: str, rows: NDArray[np.intp], leaving: _Leaving) -> FarBlock:
    boxes = stage.node_boxes[rows]
    (left, top), (right, bottom) = boxes[:, :2].min(axis=0) - PAD, boxes[:, 2:].max(axis=0) + PAD
    box = (float(left), float(top), float(right), float(bottom))
    return FarBlock(title, box, len(rows), leaving.of(rows))


class _Leaving:
    """The nodes whose output leaves a block, or ends there: found once for a topology, however nodes are moved."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._topology: object = None
        self._kept: dict[bytes, tuple[str, ...]] = {}

    def of(self, rows: NDArray[np.intp]) -> tuple[str, ...]:
        graph, rows = self._stage.graph, np.sort(rows)
        if graph.topology is not self._topology or len(self._kept) > MOST_KEPT:
            self._topology, self._kept = graph.topology, {}
        key = rows.tobytes()
        if key not in self._kept:
            self._kept[key] = tuple(_leaving(graph, [self._stage.ids[row] for row in rows.tolist()]))
        return self._kept[key]


def _leaving(graph: Graph, ids: Sequence[str]) -> Iterator[str]:
    inside = frozenset(ids)
    for id in ids:
        out = graph.out_of(id)
        if graph.into(id) and (not out or any(edge.dest not in inside for edge in out)):
            yield id
