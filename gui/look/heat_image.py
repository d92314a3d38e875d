"""Heat maps as pictures: grey for values, blue, white and orange about 0 for gradients, with a dash below 0.

One picture for the same levels, size and theme: it is painted once and kept.
"""

from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from engine.values.heat import ABSENT, FULL, Heat
from gui.look.theme import Theme, mixed

LEAST_GAP, LEAST_DASH = 4, 6  # pixels: smaller cells have no gap between them, and no dash
GAP_OF_SLICES = 3  # between two matrices of a batch, where a cell is six
PIXELS = QImage.Format.Format_ARGB32_Premultiplied
PALEST, INK = 0.06, 0.72  # how much of its colour the smallest and the largest value has


@lru_cache(maxsize=4096)
def level_color(level: int, is_signed: bool, theme: Theme) -> QColor:
    """The colour of a level."""
    if level == ABSENT:
        return theme.color("warn")
    share = abs(level) / FULL
    if is_signed:
        tone = theme.color("pos" if level > 0 else "neg")
        return mixed(theme.color("chip"), tone, share**0.75) if level else theme.color("chip")
    return mixed(theme.color("chip"), theme.color("text"), PALEST * (level != 0) + (INK - PALEST) * share)


def ink_on(color: QColor, theme: Theme) -> QColor:
    """The text or the ground of a theme: what is read better on a colour."""
    return _ink_on(color.rgba(), theme)


@lru_cache(maxsize=4096)
def _ink_on(rgba: int, theme: Theme) -> QColor:
    color = QColor.fromRgba(rgba)
    dark, light = sorted((theme.color("text"), theme.color("node")), key=_brightness)
    own = _brightness(color)
    return dark if (own + 0.05) / (_brightness(dark) + 0.05) > (_brightness(light) + 0.05) / (own + 0.05) else light


def _brightness(color: QColor) -> float:
    """The relative luminance, as WCAG defines it."""
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def row_top(row: int, high: int, cell: float, gap: float) -> float:
    """Where a row begins; `high`: of how many rows a slice is."""
    return row * cell + (row // high) * gap if high else row * cell


def map_size(heat: Heat, cell: float) -> tuple[float, float]:
    """How wide and high a heat map is."""
    last = cell_box(heat, cell, heat.rows - 1, heat.columns - 1)
    return last.right(), last.bottom()


def true_cell(cell: float, scale: float) -> float:
    """How wide a cell is drawn: as many whole pixels of the device as it has room for. `scale`: pixels a unit."""
    return max(int(cell * scale + 0.01), 1) / scale


def cell_at_place(heat: Heat, cell: float, x: float, y: float) -> tuple[int, int] | None:
    """The row and the column at a place of a heat map, from its corner."""
    column = int(x // cell)
    for row in range(heat.rows):
        top = row_top(row, heat.high, cell, GAP_OF_SLICES * cell / LEAST_DASH)
        if top <= y < top + cell and 0 <= column < heat.columns:
            return row, column
    return None


def cell_box(heat: Heat, cell: float, row: int, column: int) -> QRectF:
    """Where a cell is, from the corner of its map."""
    return QRectF(column * cell, row_top(row, heat.high, cell, GAP_OF_SLICES * cell / LEAST_DASH), cell, cell)


def paint_heat(painter: QPainter, heat: Heat, is_signed: bool, theme: Theme, at: QPointF, cell: float) -> None:
    """Paint a heat map from a corner on: on a screen as a picture that is kept, in a file as rectangles."""
    device = painter.device()
    if not isinstance(device, (QWidget, QPixmap, QImage)):
        painter.save()
        painter.translate(at)
        _paint_cells(painter, heat, is_signed, theme, cell, cell / 10)
        painter.restore()
        return
    scale = (abs(painter.transform().m11()) or 1.0) * device.devicePixelRatioF()
    pixels = round(true_cell(cell, scale) * scale)
    picture = heat_pixmap(heat, is_signed, theme, pixels)
    painter.drawPixmap(
        QRectF(at.x(), at.y(), picture.width() / scale, picture.height() / scale), picture, QRectF(picture.rect())
    )


@lru_cache(maxsize=1024)
def heat_pixmap(heat: Heat, is_signed: bool, theme: Theme, cell: int) -> QPixmap:
    """The picture of a heat map whose cells are so many device pixels wide and high."""
    if not heat.high:
        return QPixmap.fromImage(_image(heat, is_signed, theme, cell))
    wide, high = map_size(heat, cell)
    image = QImage(ceil(wide), ceil(high), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        _paint_cells(painter, heat, is_signed, theme, cell, 1 if cell >= LEAST_GAP else 0)  # with gaps between slices
    return QPixmap.fromImage(image)


def _image(heat: Heat, is_signed: bool, theme: Theme, cell: int) -> QImage:
    """The same as `_paint_cells` makes, all cells at once: while a number is dragged every map is another."""
    colors, inks = _palette(is_signed, theme)
    levels = heat.grid().astype(np.intp) - ABSENT
    pixels = colors[levels].repeat(cell, axis=0).repeat(cell, axis=1)
    inner = cell - 1 if cell >= LEAST_GAP else cell
    if cell >= LEAST_DASH:
        stamp, thick, inset = np.zeros((cell, cell), bool), max(round(cell / 8), 1), round(inner / 4)
        top = (inner - thick) // 2
        stamp[top : top + thick, inset : inner - inset] = True
        below = (levels > 0) & (levels < -ABSENT)
        dashed = below.repeat(cell, axis=0).repeat(cell, axis=1) & np.tile(stamp, levels.shape)
        pixels = np.where(dashed, inks[levels].repeat(cell, axis=0).repeat(cell, axis=1), pixels)
    if inner < cell:
        pixels[cell - 1 :: cell], pixels[:, cell - 1 :: cell] = 0, 0
    high, wide = pixels.shape
    return QImage(np.ascontiguousarray(pixels).tobytes(), wide, high, 4 * wide, PIXELS).copy()


@lru_cache(maxsize=8)
def _palette(is_signed: bool, theme: Theme) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The colour of every level from that of nan on, and what is read on it."""
    colors = [level_color(level, is_signed, theme) for level in range(ABSENT, FULL + 1)]
    inks = [ink_on(color, theme) for color in colors]
    return np.array([c.rgba() for c in colors], np.uint32), np.array([c.rgba() for c in inks], np.uint32)


def _paint_cells(painter: QPainter, heat: Heat, is_signed: bool, theme: Theme, cell: float, gap: float) -> None:
    for row, levels in enumerate(heat.grid().tolist()):
        for column, level in enumerate(levels):
            box = cell_box(heat, cell, row, column).adjusted(0, 0, -gap, -gap)
            color = level_color(level, is_signed, theme)
            painter.fillRect(box, color)
            if level < 0 and level != ABSENT and cell >= LEAST_DASH:
                thick, inset = max(round(cell / 8), 1), round(box.width() / 4)
                dash = QRectF(
                    box.left() + inset, box.top() + (box.height() - thick) // 2, box.width() - 2 * inset, thick
                )
                painter.fillRect(dash, ink_on(color, theme))
