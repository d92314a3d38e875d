"""All nodes as one item of the scene, over the edges: it paints those that can be seen, and nothing else."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.edge_layer import EVERYWHERE, seen
from gui.canvas.model.stage import Stage
from gui.canvas.paint.card_forms import LOW
from gui.canvas.paint.node import PLAIN, Marks, paint_node
from gui.canvas.paint.nodes import extent_in, form_of, plated_nodes, visible_nodes
from gui.document.guard import guarded
from gui.look.theme import theme

MOST_LIFTED = 24  # more plates over the others would hide too much
RING = 3.0  # pixels on screen round a plate


class NodeLayer(QGraphicsItem):
    """One item above the edges. Only the scene changes it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self.marked: Mapping[str, Marks] = {}  # what the user's hand adds; to all others nothing
        self._zoom = 1.0  # at which all was seen last
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # it wants the exposed part

    def boundingRect(self) -> QRectF:
        return EVERYWHERE

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom, rect = seen(painter, option)
        self._zoom = zoom
        ids = visible_nodes(self._stage, rect) if zoom >= LOW else plated_nodes(self._stage, rect)
        lifted = self._lifted() if zoom < LOW else frozenset()
        for id in (*(id for id in ids if id not in lifted), *(id for id in ids if id in lifted)):
            painter.save()
            painter.translate(*self._stage.pos(id))
            self._paint_node(painter, id, zoom, id in lifted)
            painter.restore()

    @guarded
    def _paint_node(self, painter: QPainter, id: str, zoom: float, lifted: bool) -> None:
        """A fault in one leaves the others seen."""
        shown = form_of(self._stage, id, zoom, lifted)
        paint_node(painter, self._stage.nodes[id], theme(), zoom, self.marked.get(id, PLAIN), shown)

    def _lifted(self) -> frozenset[str]:
        """What is read from far away as well: the target, and what is marked if it is not too much."""
        marked = {id for id, marks in self.marked.items() if marks.selected or marks.hovered}
        chosen = marked if len(marked) <= MOST_LIFTED else {id for id in marked if self.marked[id].hovered}
        target = self._stage.graph.target
        return frozenset({*chosen, target} if target else chosen) & self._stage.graph.nodes.keys()

    def extent(self, id: str) -> QRectF:
        """All that may be painted for a node at the zoom at which it was seen last, before and after it is marked."""
        rect = extent_in(self._stage, id)
        if self._zoom >= LOW:
            return rect
        pos = self._stage.pos(id)
        for lifted in (False, True):
            rect |= form_of(self._stage, id, self._zoom, lifted).plate.translated(*pos)
        ring = RING / self._zoom
        return rect.adjusted(-ring, -ring, ring, ring)
