"""All edges as one item of the scene: it paints those that can be seen, and nothing else."""

from collections.abc import Callable, Collection, Sequence

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
    widen_labels,
)
from gui.look.guard import guarded
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
        # Told where labels are to be painted that were not yet, and whether some that may be seen have no place yet:
        self.late: Callable[[Sequence[QRectF], bool], None] = lambda rects, more: None
        self.is_stirred: Callable[[], bool] = lambda: False  # whether view or nodes move: labels are looked for at rest
        self.is_drifting = False  # all is on its way elsewhere, for a moment
        self.zoom = 1.0  # at which all was seen last
        self._lifted: EdgeKey | None = None  # whose labels were shown on a plate
        self.setZValue(-1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)  # it wants the exposed part

    def make_room(self, keys: Collection[EdgeKey]) -> list[EdgeKey]:
        """Edges say something else: labels that do not fit where they stand get more room there, if there is some.

        Before they are painted, or half of a number would be seen. Gives the edges of those that have got it.
        """
        if not is_labelled(self.stage, self.zoom) or self.is_drifting:
            return []
        seconds = None if len(self.stage.keys) <= AT_ONCE else A_SLICE
        return widen_labels(self.stage, keys, self.zoom, seconds=seconds)

    def boundingRect(self) -> QRectF:
        return EVERYWHERE

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        zoom, rect = seen(painter, option)
        self.zoom = zoom
        paint_edges(painter, self.stage, theme(), zoom, rect, self.selected, self.hovered, self.hidden)
        if is_labelled(self.stage, zoom) and not self.is_drifting:  # no place is found within a frame
            self._paint_labels(painter, zoom, rect)
        else:
            self.stage.edges.keep(())

    def _paint_labels(self, painter: QPainter, zoom: float, rect: QRectF) -> None:
        """Those that have places: of a large graph others come with the frames that follow, each of them whole."""
        keys = self._labelled(zoom, rect)
        found, more = place_labels(self.stage, keys, zoom, None if len(self.stage.keys) <= AT_ONCE else 0.0)
        paint_labels(painter, self.stage, theme(), zoom, keys, rect)
        self._lifted = self.hovered
        if self.hovered in self.stage.edges and self.hovered is not None:
            paint_lifted(painter, self.stage, theme(), zoom, self.hovered)
        missed = [label for label in found if not rect.contains(label)]
        if more or missed:
            self.late(missed, more)

    def look_for_labels(self, rect: QRectF, seconds: float) -> tuple[list[QRectF], bool]:
        """Find places for labels in a part of the scene, as many as there is time for.

        Gives where there is something to be painted, and whether more are to come.
        """
        if not is_labelled(self.stage, self.zoom) or self.is_drifting:
            return [], False
        return place_labels(self.stage, self._labelled(self.zoom, rect), self.zoom, seconds)

    def _labelled(self, zoom: float, rect: QRectF) -> list[EdgeKey]:
        """The edges whose labels may be seen in a part of the scene."""
        return [key for key in labelled_edges(self.stage, rect, zoom) if key != self.hidden]

    def extents(self, keys: Collection[EdgeKey]) -> list[QRectF]:
        """All that may be painted for each of some edges, as they were seen last."""
        rects = edge_extents(self.stage, keys)
        if not is_labelled(self.stage, self.zoom):
            return rects
        rects += [rect for rect in labels_extents(self.stage, keys, self.zoom) if not rect.isNull()]
        on_plates = {self.hovered, self._lifted}
        size = LABEL_WIDE / self.zoom, LABEL_HIGH / self.zoom
        rects += [style.box(self.stage.at(key, 0.5), size) for key in keys if key in on_plates]
        return rects
