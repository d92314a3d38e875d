"""A node in the scene: tells Qt where it is, and has it painted with the detail that the zoom allows."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.model.texts import NodePicture
from gui.canvas.paint.node import PLAIN, Marks, name_box, node_extent, node_rect, paint_node, value_box
from gui.document.guard import guarded
from gui.look.theme import theme


class NodeItem(QGraphicsItem):
    """One node. Only the scene changes it: `show_picture`, `mark`, `setPos`."""

    def __init__(self, id: str, picture: NodePicture) -> None:
        super().__init__()
        self.id = id
        self.picture = picture
        self.marks = PLAIN
        self._extent = node_extent(picture)

    def show_picture(self, picture: NodePicture) -> None:
        """Show other numbers, or another op."""
        extent = node_extent(picture)
        if extent != self._extent:
            self.prepareGeometryChange()
            self._extent = extent
        self.picture = picture
        self.update()

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
        return node_rect(self.picture).translated(self.pos())

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
