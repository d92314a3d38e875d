"""All nodes as one item of the scene, over the edges: it paints those that can be seen, and nothing else."""

from collections.abc import Callable, Collection, Mapping
from time import perf_counter

import numpy as np
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.edge_layer import EVERYWHERE, seen
from gui.canvas.model.aside_boxes import Aside
from gui.canvas.model.blocks import NEAR, FarBlocks
from gui.canvas.model.geometry import inside
from gui.canvas.model.stage import Stage
from gui.canvas.model.titles import Title
from gui.canvas.paint.blank_cards import BlankCards
from gui.canvas.paint.blocks import label_rect, paint_blocks
from gui.canvas.paint.card_forms import LOW, CardForm
from gui.canvas.paint.far import paint_far
from gui.canvas.paint.front import paint_in_front
from gui.canvas.paint.node import PLAIN, Marks, paint_node
from gui.canvas.paint.nodes import extent_in, form_of, look_closer, plated_nodes, plated_rows, sides, visible_nodes
from gui.canvas.paint.plates import is_blank
from gui.look.guard import guarded
from gui.look.theme import theme

MOST_LIFTED = 24  # more plates over the others would hide too much
MOST_PIECES, MOST_PLATES = 2000, 60  # what a plate needs is found out when it is painted
RING = 3.0  # pixels on screen round a plate
EDGE = 2.0  # pixels: what is painted in pieces is cut at whole ones


class NodeLayer(QGraphicsItem):
    """One item above the edges. Only the scene changes it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._marked: Mapping[str, Marks] = {}
        self._chosen: frozenset[str] = frozenset()  # those of them that are lifted
        self._zoom = 1.0  # at which all was seen last
        self._lifted_last: frozenset[str] = frozenset()
        self._blank_cards = BlankCards()
        self._plates: dict[str, QRectF] = {}  # as they were painted last, in the scene
        self.blocks = FarBlocks(stage)
        self._flows: dict[int, str] = {}  # of blocks, as they were painted last
        self.titles: Callable[[float], list[tuple[Aside, Title]]] = lambda zoom: []  # of open groups, at a zoom
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # it wants the exposed part

    @property
    def marked(self) -> Mapping[str, Marks]:
        """What the user's hand adds; to all others nothing."""
        return self._marked

    @marked.setter
    def marked(self, marks: Mapping[str, Marks]) -> None:
        self._marked = marks
        chosen = {id for id, each in marks.items() if each.selected or each.hovered}
        if len(chosen) > MOST_LIFTED:
            chosen = {id for id in chosen if marks[id].hovered}
        self._chosen = frozenset(chosen)

    def boundingRect(self) -> QRectF:
        return EVERYWHERE

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom, rect = seen(painter, option)
        self._zoom = zoom
        lifted = self._lifted_last = self._lifted() if zoom < LOW else frozenset()
        if is_blank(zoom):
            ids = self._paint_far(painter, rect, zoom, lifted)
        else:
            ids = visible_nodes(self._stage, rect) if zoom >= LOW else self._plates_in(rect, zoom, lifted)
        for id in (*(id for id in ids if id not in lifted), *(id for id in ids if id in lifted)):
            painter.save()
            painter.translate(*self._stage.pos(id))
            self._paint_node(painter, id, zoom, id in lifted)
            painter.restore()
        paint_in_front(painter, self._stage, theme(), rect)
        self._paint_blocks(painter, zoom, rect)

    def _paint_blocks(self, painter: QPainter, zoom: float, rect: QRectF) -> None:
        """From far away, where cards say nothing."""
        self._flows = {id(block): self.blocks.flow(block) for block in self.blocks.at(zoom)}
        paint_blocks(painter, self.blocks, self.titles(zoom) if zoom < NEAR else [], theme(), zoom, rect)

    def other_flows(self) -> list[QRectF]:
        """Where blocks say something else than when they were painted last."""
        if not self._flows:
            return []
        zoom, flow = self._zoom, self.blocks.flow
        titles = {aside.key[1]: title for aside, title in self.titles(zoom)}
        others = (each for each in self.blocks.at(zoom) if self._flows.get(id(each)) != flow(each))
        return [label_rect(each, zoom, titles.get(each.group)) for each in others]

    def _plates_in(self, rect: QRectF, zoom: float, lifted: Collection[str]) -> list[str]:
        """The nodes whose plates come into a rectangle; of most it is enough to know where their cards are."""
        stage, area, rows = self._stage, rect.toAlignedRect(), plated_rows(self._stage, rect)
        sure = inside(stage.node_boxes[rows], *sides(rect)).tolist()
        found = zip((stage.ids[row] for row in rows.tolist()), sure, strict=True)
        return [id for id, is_in in found if is_in or id in lifted or area.intersects(self._reach(id, zoom, False))]

    def _reach(self, id: str, zoom: float, lifted: bool) -> QRect:
        """All that is painted of a node, and a little more."""
        if zoom >= LOW:
            return extent_in(self._stage, id).adjusted(-EDGE, -EDGE, EDGE, EDGE).toAlignedRect()
        around = (RING + EDGE) / zoom
        plate = form_of(self._stage, id, zoom, lifted).plate.translated(*self._stage.pos(id))
        return plate.adjusted(-around, -around, around, around).toAlignedRect()

    @guarded
    def _paint_node(self, painter: QPainter, id: str, zoom: float, lifted: bool) -> None:
        """A fault in one leaves the others seen."""
        shown = form_of(self._stage, id, zoom, lifted)
        if zoom < LOW:
            self._plates[id] = shown.plate.translated(*self._stage.pos(id))
            self._stage.looks[id]  # by which it is told later that its bar has another colour
        blank = self._blank_cards.paint
        paint_node(painter, self._stage.nodes[id], theme(), zoom, self.marked.get(id, PLAIN), shown, blank)

    def _paint_far(self, painter: QPainter, rect: QRectF, zoom: float, lifted: frozenset[str]) -> list[str]:
        """All cards that can be seen, but those that are lifted; gives these."""
        stage, ring = self._stage, 2 * RING / zoom
        near = inside(stage.node_boxes, *sides(rect.adjusted(-ring, -ring, ring, ring)))
        rows = np.flatnonzero(near)
        low = (row for row in rows.tolist() if stage.ids[row] not in lifted)
        paint_far(painter, stage, low, theme(), zoom, self.marked)
        stage.nodes.keep(lifted)
        return [id for id in plated_nodes(stage, rect) if id in lifted]

    def seen_in(self, rect: QRectF) -> list[str]:
        """The nodes of which anything may be painted in a rectangle, as they were seen last."""
        around = (2 * RING + EDGE) / self._zoom
        rect = rect.adjusted(-around, -around, around, around)
        return visible_nodes(self._stage, rect) if self._zoom >= LOW else plated_nodes(self._stage, rect)

    def written(self, ids: Collection[str]) -> Collection[str]:
        """Those of some nodes on which anything is written, as they were seen last."""
        return [id for id in ids if id in self._lifted_last] if is_blank(self._zoom) else ids

    def look_closer(self, until: float) -> list[str]:
        """Look, until then, whether plates that said no number have room for one now. Gives those that have."""
        unsure, found = self._stage.unsure, list[str]()
        while unsure and perf_counter() < until:
            id = unsure.pop()
            if look_closer(self._stage, id, self._zoom):
                found.append(id)
        return found

    def form(self, id: str, zoom: float) -> CardForm:
        """What is seen of a node at a zoom, as it was marked when it was painted last."""
        return form_of(self._stage, id, zoom, zoom < LOW and id in self._lifted_last)

    def _lifted(self) -> frozenset[str]:
        """What is read from far away as well: the target, what the hand holds, and what is marked if it is not too
        much. In an open group the target keeps to its place, as long as it can be read there."""
        held = self._stage.held & self._stage.previewed.keys()
        chosen = self._chosen | held if len(held) <= MOST_LIFTED else self._chosen
        target = self._stage.graph.target
        is_framed = not is_blank(self._zoom) and target in self._stage.graph.grouping.home
        return frozenset({*chosen, target} if target and not is_framed else chosen) & self._stage.graph.nodes.keys()

    def extents(self, ids: Collection[str]) -> list[QRectF]:
        """All that may be painted for each of some nodes, and all that was when they were seen last."""
        if self._zoom >= LOW:
            return [extent_in(self._stage, id) for id in ids]
        ring, lifted = RING / self._zoom, self._lifted()
        rects = [self._plate_extent(id, id in lifted) for id in ids]
        return [rect.adjusted(-ring, -ring, ring, ring) for rect in rects]

    @property
    def most_pieces(self) -> int:
        """Of more nodes it takes longer to say where they are painted than to paint everything again."""
        return MOST_PLATES if self.has_plates else MOST_PIECES

    @property
    def has_plates(self) -> bool:
        """Whether cards are seen as plates, whose size depends on what is about them."""
        return self._zoom < LOW and not is_blank(self._zoom)

    def _plate_extent(self, id: str, lifted: bool) -> QRectF:
        left, top, right, bottom = self._stage.box(id)
        rect = QRectF(left, top, right - left, bottom - top)
        if lifted or not is_blank(self._zoom):
            rect |= form_of(self._stage, id, self._zoom, lifted).plate.translated(left, top)
        return rect | self._plates[id] if id in self._plates else rect
