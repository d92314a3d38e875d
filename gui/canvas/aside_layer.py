"""Regions, notes and rims of open groups as items of the scene: what is below the edges, above them, and over all."""

from typing import Literal

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.edge_layer import EVERYWHERE, seen
from gui.canvas.model.aside_boxes import Aside
from gui.canvas.model.asides import Asides
from gui.canvas.model.blocks import NEAR
from gui.canvas.model.geometry import Array, inside
from gui.canvas.model.titles import title_extent
from gui.canvas.paint.asides import HANDLE, paint_grounds, paint_notes, paint_titles, rect_of
from gui.canvas.paint.nodes import sides
from gui.document.selection import AsideKey
from gui.look.guard import guarded
from gui.look.theme import theme

Height = Literal["ground", "notes", "titles"]
_DEPTH = {"ground": -2.0, "notes": -0.5, "titles": 1.0}  # edges are at −1, nodes at 0


class AsideMarks:
    """What the user's hand adds to them, and the zoom at which they were seen last: one for all layers."""

    def __init__(self) -> None:
        self.selected: frozenset[AsideKey] = frozenset()
        self.hovered: AsideKey | None = None
        self.zoom = 1.0
        self._boxes: tuple[object, float, Array] | None = None  # of which asides, at which zoom

    def boxes(self, asides: Asides) -> Array:
        """All that may be painted for each at the zoom: with its ring and handles. Found once."""
        if self._boxes is None or self._boxes[0] is not asides.shown or self._boxes[1] != self.zoom:
            out = HANDLE / self.zoom
            self._boxes = asides.shown, self.zoom, asides.boxes(self.zoom) + np.array([-out, -out, out, out])
        return self._boxes[2]


class AsideLayer(QGraphicsItem):
    """One item for each height. Only the scene changes it."""

    def __init__(self, asides: Asides, marks: AsideMarks, height: Height) -> None:
        super().__init__()
        self._asides, self._marks, self._height = asides, marks, height
        self.setZValue(_DEPTH[height])
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:
        return EVERYWHERE

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not self._asides.shown:
            return
        zoom, rect = seen(painter, option)
        marks, colors = self._marks, theme()
        marks.zoom = zoom
        shown = list(self._asides.shown.values())
        if self._height == "titles":
            titles = [each for each in self._asides.titles(zoom) if zoom >= NEAR or each[0].kind == "region"]
            paint_titles(painter, titles, shown, colors, zoom, marks.selected, marks.hovered)
            return
        some = [shown[row] for row in np.flatnonzero(inside(marks.boxes(self._asides), *sides(rect)))]
        paint = paint_grounds if self._height == "ground" else paint_notes
        paint(painter, some, colors, zoom, marks.selected)


def painted_box(aside: Aside, zoom: float) -> QRectF:
    """All that may be painted for one at a zoom: with its ring and handles."""
    out = HANDLE / zoom
    return rect_of(title_extent(aside, zoom)).adjusted(-out, -out, out, out)
