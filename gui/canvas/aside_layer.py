"""Regions, notes and rims of open groups as items of the scene: what is below the edges, above them, and over all."""

from typing import Literal

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.edge_layer import EVERYWHERE, seen
from gui.canvas.model.asides import Aside, Asides, extent
from gui.canvas.paint.asides import HANDLE, paint_grounds, paint_notes, paint_titles, rect_of
from gui.document.selection import AsideKey
from gui.look.theme import theme
from gui.widgets.guard import guarded

Height = Literal["ground", "notes", "titles"]
_DEPTH = {"ground": -2.0, "notes": -0.5, "titles": 1.0}  # edges are at −1, nodes at 0


class AsideMarks:
    """What the user's hand adds to them, and the zoom at which they were seen last: one for all layers."""

    def __init__(self) -> None:
        self.selected: frozenset[AsideKey] = frozenset()
        self.hovered: AsideKey | None = None
        self.zoom = 1.0


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
        some = [aside for aside in self._asides.shown.values() if painted_box(aside, zoom).intersects(rect)]
        if self._height == "ground":
            paint_grounds(painter, some, colors, zoom, marks.selected)
        elif self._height == "notes":
            paint_notes(painter, some, colors, zoom, marks.selected)
        else:
            paint_titles(painter, self._asides.shown.values(), colors, zoom, marks.selected, marks.hovered)


def painted_box(aside: Aside, zoom: float) -> QRectF:
    """All that may be painted for one at a zoom: with its ring and handles."""
    out = HANDLE / zoom
    return rect_of(extent(aside, zoom)).adjusted(-out, -out, out, out)
