"""All edges as one item of the scene: it paints those that can be seen, and nothing else."""

from collections.abc import Callable, Collection
from time import perf_counter

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.graph.records import EdgeKey
from gui.canvas.model.stage import Stage
from gui.canvas.paint import style
from gui.canvas.paint.edge import edge_extents, paint_edges
from gui.canvas.paint.labels import (
    A_SLICE,
    AT_ONCE,
    LABEL_HIGH,
    LABEL_WIDE,
    is_labelled,
    labelled_edges,
    labels_extents,
    paint_labels,
    paint_lifted,
    place_labels,
)
from gui.document.guard import guarded
from gui.look.theme import theme

EVERYWHERE = QRectF(-1e8, -1e8, 2e8, 2e8)  # at the highest zoom still whole numbers of pixels for Qt


def seen(painter: QPainter, option: QStyleOptionGraphicsItem) -> tuple[float, QRectF]:
    """The zoom, and the part of the scene that must be painted."""
    rect: QRectF = option.exposedRect
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
        self.late: Callable[[QRectF], None] = lambda rect: None  # told where labels are to be painted that were not yet
        self.is_stirred: Callable[[], bool] = lambda: False  # whether view or nodes move: labels are looked for at rest
        self.is_drifting = False  # all is on its way elsewhere, for a moment
        self._zoom = 1.0  # at which all was seen last
        self._patience = A_SLICE  # seconds in which labels may still be placed
        self._lifted: EdgeKey | None = None  # whose labels were shown on a plate
        self.setZValue(-1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # it wants the exposed part

    def begin_frame(self) -> None:
        """However many parts of the canvas are painted in one frame, labels are placed in one slice of it."""
        self._patience = A_SLICE

    def boundingRect(self) -> QRectF:
        return EVERYWHERE

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom, rect = seen(painter, option)
        self._zoom = zoom
        paint_edges(painter, self.stage, theme(), zoom, rect, self.selected, self.hovered, self.hidden)
        if is_labelled(self.stage, zoom) and not self.is_drifting:  # no place is found within a frame
            self._paint_labels(painter, zoom, rect)
        else:
            self.stage.edges.keep(())

    def _paint_labels(self, painter: QPainter, zoom: float, rect: QRectF) -> None:
        """A few are placed with every frame: those still to come, or found elsewhere, are painted with the next."""
        keys = [key for key in labelled_edges(self.stage, rect, zoom) if key != self.hidden]
        begun = perf_counter()
        patience = 0.0 if self.is_stirred() else self._patience
        found, more = place_labels(self.stage, keys, zoom, patience if len(self.stage.keys) > AT_ONCE else None)
        self._patience -= perf_counter() - begun
        paint_labels(painter, self.stage, theme(), zoom, keys, rect)
        self._lifted = self.hovered
        if self.hovered in self.stage.edges and self.hovered is not None:
            paint_lifted(painter, self.stage, theme(), zoom, self.hovered)
        if more or not (found.isNull() or rect.contains(found)):
            self.late(found | rect if more else found)

    def extents(self, keys: Collection[EdgeKey]) -> list[QRectF]:
        """All that may be painted for each of some edges, as they were seen last."""
        rects = edge_extents(self.stage, keys)
        if not is_labelled(self.stage, self._zoom):
            return rects
        rects += [rect for rect in labels_extents(self.stage, keys, self._zoom) if not rect.isNull()]
        on_plates = {self.hovered, self._lifted}
        size = LABEL_WIDE / self._zoom, LABEL_HIGH / self._zoom
        rects += [style.box(self.stage.at(key, 0.5), size) for key in keys if key in on_plates]
        return rects
