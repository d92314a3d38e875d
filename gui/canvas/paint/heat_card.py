"""The tensors of a card: its value and its gradient as small heat maps beside each other, and which cell is where.

Lengths are pixels of the scene from the card's top left corner.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from engine.truth.cells import Cell, cell_at
from engine.values.heat import Heat
from engine.values.values import Value
from gui.canvas.model.texts import NodePicture
from gui.canvas.paint import style
from gui.canvas.paint.card_forms import HEAT_LEFT, HEAT_MIDDLE, HEAT_TOP, has_maps, largest_cell
from gui.look.heat_image import cell_at_place, cell_box, map_size, paint_heat, true_cell
from gui.look.theme import Theme

MapKind = Literal["value", "gradient"]


class CardMap(NamedTuple):
    """A heat map on a card: what of, where its corner is, and how large its cells may be."""

    kind: MapKind
    heat: Heat
    corner: QPointF
    cell: float


def card_maps(picture: NodePicture, zoom: float) -> Iterator[CardMap]:
    """The heat maps of a card at a zoom: value and gradient have cells of one size."""
    kinds: tuple[tuple[MapKind, Heat | None, float], ...] = (
        ("value", picture.value_heat, HEAT_LEFT), ("gradient", picture.gradient_heat, HEAT_MIDDLE),
    )  # fmt: skip
    for kind, heat, x in kinds:
        if heat is not None:
            yield CardMap(kind, heat, QPointF(x, HEAT_TOP), largest_cell(picture, heat, zoom))


def value_map_box(picture: NodePicture, zoom: float) -> QRectF:
    """Where the value's map is: a click there edits a leaf's."""
    return next((_box(each) for each in card_maps(picture, zoom) if each.kind == "value"), QRectF())


def _box(shown: CardMap) -> QRectF:
    return QRectF(shown.corner.x(), shown.corner.y(), *map_size(shown.heat, shown.cell))


def paint_maps(painter: QPainter, picture: NodePicture, theme: Theme, zoom: float) -> None:
    """Draw them at the node's own origin."""
    if has_maps(picture, zoom):
        for shown in card_maps(picture, zoom):
            paint_heat(painter, shown.heat, shown.kind == "gradient", theme, shown.corner, shown.cell)


def cell_under(
    picture: NodePicture, value: Value | None, gradient: Value | None, at: QPointF, zoom: float, ratio: float
) -> tuple[MapKind, Cell, Heat] | None:
    """The cell of a value or of a gradient at a place of the card; of a pooled one the first of its block."""
    for shown in card_maps(picture, zoom):
        array = value if shown.kind == "value" else gradient
        place = at - shown.corner
        found = cell_at_place(shown.heat, true_cell(shown.cell, zoom * ratio), place.x(), place.y())
        if found is not None and array is not None:
            return shown.kind, strongest(array, shown.heat, *found), shown.heat
    return None


def strongest(array: Value, heat: Heat, row: int, column: int) -> Cell:
    """The cell that a square shows: of several that of the largest magnitude."""
    columns = array.shape[-1] if array.ndim else 1
    flat = array.reshape(-1, columns)
    down, across = heat.pooled
    block = abs(flat[row * down : (row + 1) * down, column * across : (column + 1) * across])
    r, c = divmod(int(block.argmax()), block.shape[1])
    return cell_at((row * down + r) * columns + column * across + c, array.shape)


def ring_boxes(
    picture: NodePicture, kind: str, shape: tuple[int, ...], cells: list[Cell], zoom: float, ratio: float
) -> list[QRectF]:
    """Where cells of a value or a gradient are on their card."""
    shown = next((each for each in card_maps(picture, zoom) if each.kind == kind), None)
    if shown is None:
        return []
    down, across = shown.heat.pooled
    squares = set[tuple[int, int]]()
    for cell in cells:
        row = 0
        for index, length in zip(cell[:-1], shape[:-1], strict=False):
            row = row * length + index
        squares.add((row // down, (cell[-1] if cell else 0) // across))
    cell_size = true_cell(shown.cell, zoom * ratio)
    inside = ((r, c) for r, c in squares if r < shown.heat.rows and c < shown.heat.columns)
    return [cell_box(shown.heat, cell_size, r, c).translated(shown.corner) for r, c in inside]


def paint_rings(painter: QPainter, boxes: list[QRectF], theme: Theme, zoom: float) -> None:
    """Mark cells."""
    painter.setPen(style.pen(theme.focus, 1.6 / zoom))
    for box in boxes:
        painter.drawRect(box.adjusted(0, 0, -0.5 / zoom, -0.5 / zoom))
