"""Heat maps as pictures: grey for values, blue, white and orange about 0 for gradients, with a dash below 0.

One picture for the same levels, size and theme: it is painted once and kept.
"""

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from engine.values.heat import ABSENT, FULL, Heat
from gui.look.theme import DARK, LIGHT, Theme, mixed

LEAST_GAP, LEAST_DASH = 4, 6  # pixels: smaller cells have no gap between them, and no dash
GAP_OF_SLICES = 3  # pixels between two matrices of a batch
PALEST, INK = 0.06, 0.72  # how much of its colour the smallest and the largest value has
THEMES = {LIGHT.name: LIGHT, DARK.name: DARK}


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


def row_top(row: int, high: int, cell: float, gap: float = GAP_OF_SLICES) -> float:
    """Where a row begins; `high`: of how many rows a slice is."""
    return row * cell + (row // high) * gap if high else row * cell


def map_size(heat: Heat, cell: float, gap: float = GAP_OF_SLICES) -> tuple[float, float]:
    """How wide and high a heat map is."""
    return heat.columns * cell, row_top(heat.rows - 1, heat.high, cell, gap) + cell


@lru_cache(maxsize=1024)
def heat_pixmap(heat: Heat, is_signed: bool, theme: Theme, cell: int) -> QPixmap:
    """The picture of a heat map whose cells are so many device pixels wide and high."""
    return QPixmap.fromImage(_heat_image(heat, is_signed, theme, cell))


def _heat_image(heat: Heat, is_signed: bool, theme: Theme, cell: int) -> QImage:
    wide, high = map_size(heat, cell)
    image = QImage(int(wide), int(high), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter, gap = QPainter(image), 1 if cell >= LEAST_GAP else 0
    for row, levels in enumerate(heat.grid().tolist()):
        top = int(row_top(row, heat.high, cell))
        for column, level in enumerate(levels):
            color, left = level_color(level, is_signed, theme), column * cell
            painter.fillRect(left, top, cell - gap, cell - gap, color)
            if level < 0 and level != ABSENT and cell >= LEAST_DASH:
                _paint_dash(painter, left, top, cell - gap, color, theme)
    painter.end()
    return image


def _paint_dash(painter: QPainter, left: int, top: int, size: int, color: QColor, theme: Theme) -> None:
    """The sign, for those who do not see the colour."""
    thick = max(size // 8, 1)
    painter.fillRect(left + size // 4, top + (size - thick) // 2, size - 2 * (size // 4), thick, ink_on(color, theme))


def paint_heat(painter: QPainter, heat: Heat, is_signed: bool, theme: Theme, at: QRectF, cell: float) -> None:
    """Paint a heat map from the corner of a rectangle on, its cells `cell` units of the painter wide."""
    scale = abs(painter.transform().m11()) or 1.0
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    pixels = max(round(cell * scale * ratio), 1)
    picture = heat_pixmap(heat, is_signed, theme, min(pixels, 64))
    wide, high = map_size(heat, cell, GAP_OF_SLICES * cell / min(pixels, 64))
    painter.drawPixmap(QRectF(at.left(), at.top(), wide, high), picture, QRectF(picture.rect()))
