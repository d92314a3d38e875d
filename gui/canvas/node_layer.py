"""All nodes as one item of the scene, over the edges: it paints those that can be seen, and nothing else."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.edge_layer import EVERYWHERE, seen
from gui.canvas.model.stage import Stage
from gui.canvas.paint.node import PLAIN, Marks, paint_node
from gui.canvas.paint.nodes import visible_nodes
from gui.document.guard import guarded
from gui.look.theme import theme


class NodeLayer(QGraphicsItem):
    """One item above the edges. Only the scene changes it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self.marked: Mapping[str, Marks] = {}  # what the user's hand adds; to all others nothing
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # it wants the exposed part

    def boundingRect(self) -> QRectF:
        return EVERYWHERE

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom, rect = seen(painter, option)
        for id in visible_nodes(self._stage, rect):
            painter.save()
            painter.translate(*self._stage.pos(id))
            self._paint_node(painter, id, zoom)
            painter.restore()

    @guarded
    def _paint_node(self, painter: QPainter, id: str, zoom: float) -> None:
        """A fault in one leaves the others seen."""
        paint_node(painter, self._stage.nodes[id], theme(), zoom, self.marked.get(id, PLAIN))
