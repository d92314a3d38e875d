"""All edges as one item of the scene: it paints those that can be seen, and nothing else."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.graph.records import EdgeKey
from gui.canvas.model.stage import Stage
from gui.canvas.paint.edge import paint_edges
from gui.document.guard import guarded
from gui.look.theme import theme

EVERYWHERE = QRectF(-1e8, -1e8, 2e8, 2e8)  # at the highest zoom still whole numbers of pixels for Qt


def seen(painter: QPainter, option: QStyleOptionGraphicsItem) -> tuple[float, QRectF]:
    """The zoom, and the part of the scene that must be painted."""
    rect: QRectF = option.exposedRect  # type: ignore[attr-defined]
    if painter.hasClipping():  # when a view renders a part of itself, Qt calls everything exposed
        rect &= painter.clipBoundingRect()
    return option.levelOfDetailFromTransform(painter.worldTransform()), rect


class EdgeLayer(QGraphicsItem):
    """One item below the nodes. Only the scene changes it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.stage = stage
        self.selected: frozenset[EdgeKey] = frozenset()
        self.hovered: EdgeKey | None = None
        self.hidden: EdgeKey | None = None
        self.setZValue(-1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # it wants the exposed part

    def boundingRect(self) -> QRectF:
        return EVERYWHERE

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom, rect = seen(painter, option)
        paint_edges(painter, self.stage, theme(), zoom, rect, self.selected, self.hovered, self.hidden)
