"""A node in the scene: tells Qt where it is, and has it painted with the detail that the zoom allows."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.layout.layout import NODE_WIDTH
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import NodePicture
from gui.canvas.paint.node import PLAIN, Marks, name_box, node_extent, paint_node, value_box
from gui.document.guard import guarded
from gui.look.theme import theme


class NodeItem(QGraphicsItem):
    """One node of a stage. Only the scene changes it: `reshape`, `mark`, `setPos`."""

    def __init__(self, stage: Stage, id: str) -> None:
        super().__init__()
        self.id = id
        self.marks = PLAIN
        self._stage = stage
        self._extent = node_extent(stage.graph, id)

    @property
    def picture(self) -> NodePicture:
        """What it shows."""
        return self._stage.nodes[self.id]

    def reshape(self) -> None:
        """It may have other ports now, or the seed."""
        extent = node_extent(self._stage.graph, self.id)
        if extent != self._extent:
            self.prepareGeometryChange()
            self._extent = extent

    def mark(self, marks: Marks) -> bool:
        """Show what the user's hand adds. Gives whether that is anything new."""
        if marks == self.marks:
            return False
        self.marks = marks
        self.update()
        return True

    def boundingRect(self) -> QRectF:
        return self._extent

    def card(self) -> QRectF:
        """The card, in scene coordinates."""
        return QRectF(0, 0, NODE_WIDTH, self._stage.height(self.id)).translated(self.pos())

    def value_rect(self) -> QRectF:
        """Where the value stands, in scene coordinates."""
        return value_box(self.picture).translated(self.pos())

    def name_rect(self) -> QRectF:
        """Where the name stands, in scene coordinates."""
        return name_box(self.picture).translated(self.pos())

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom = option.levelOfDetailFromTransform(painter.worldTransform())
        paint_node(painter, self.picture, theme(), zoom, self.marks)
