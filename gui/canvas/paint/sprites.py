"""What moves, drawn once per text, colour and scale, then only copied: the capsules of values and gradients, and the
glow round a card."""

from functools import lru_cache
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPaintEngine, QPainter, QPainterPath, QPixmap, QTransform

from engine.values.heat import Heat
from gui.canvas.model.flight import HALF, MAP_MARGIN, NOSE, Capsule, capsule_width, map_cell
from gui.canvas.model.geometry import RADIUS
from gui.canvas.paint import style
from gui.look import measure
from gui.look.heat_image import map_size, paint_heat
from gui.look.theme import BODY, CAPTION, Theme

GLOW = ((4.0, 0.36), (8.0, 0.18), (12.0, 0.10))  # how far a band reaches, and how strong it is
LEAST_GLOW = 0.6  # the zoom below which it has the same width on the screen


@lru_cache(maxsize=256)
def capsule_path(text: str, forward: bool) -> QPainterPath:
    """The outline of a capsule round the origin: it points right if it goes forward, else left."""
    half = capsule_width(text) / 2
    path = QPainterPath(QPointF(-half - NOSE, 0))
    path.lineTo(-half, -HALF)
    path.lineTo(half - HALF, -HALF)
    path.arcTo(QRectF(half - 2 * HALF, -HALF, 2 * HALF, 2 * HALF), 90, -180)
    path.lineTo(-half, HALF)
    path.closeSubpath()
    return QTransform.fromScale(-1, 1).map(path) if forward else path


def paint_capsule(painter: QPainter, text: str, fill: str, ink: str, forward: bool) -> None:
    """Draw a capsule at the painter's origin, as outlines."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.brush(fill))
    painter.drawPath(capsule_path(text, forward))
    style.put_text(painter, 0, 4.5, text, BODY, True, ink, 0.5)


def paint_travelling(painter: QPainter, capsule: Capsule, heat: Heat, theme: Theme) -> None:
    """A tensor on its way, at the painter's origin: its heat map on a plate that points left, its shape above."""
    shade, cell = getattr(theme, capsule.shade), map_cell(heat)
    wide, high = map_size(heat, cell)
    half = QRectF(-wide / 2, -high / 2, wide, high).adjusted(-MAP_MARGIN, -MAP_MARGIN, MAP_MARGIN, MAP_MARGIN)
    nose = QPainterPath(QPointF(half.left() - NOSE + 3, 0))
    nose.lineTo(half.left() + 1, -7)
    nose.lineTo(half.left() + 1, 7)
    nose.closeSubpath()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.brush(shade))
    painter.drawPath(nose)
    painter.setPen(style.pen(shade, 2))
    painter.setBrush(style.brush(theme.node))
    painter.drawRoundedRect(half, 5, 5)
    paint_heat(painter, heat, True, theme, QPointF(-wide / 2, -high / 2), cell)
    text_wide = measure.width(capsule.text, CAPTION, True) + 6
    painter.fillRect(
        QRectF(-text_wide / 2, half.top() - CAPTION - 4, text_wide, CAPTION + 3), style.brush(theme.canvas, 0.85)
    )
    style.put_text(painter, 0, half.top() - 4, capsule.text, CAPTION, True, shade, 0.5)


@lru_cache(maxsize=512)
def capsule_sprite(text: str, fill: str, ink: str, forward: bool, scale: float, ratio: float) -> QPixmap:
    """The same as a picture for a screen: `scale` is the zoom, `ratio` the device pixels of a logical one."""
    wide, high = capsule_width(text) + 2 * NOSE + 4, 2 * HALF + 4
    pixmap = QPixmap(round(wide * scale * ratio), round(high * scale * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.translate(wide / 2, high / 2)
        paint_capsule(painter, text, fill, ink, forward)
    return pixmap


def paint_glow(painter: QPainter, card: QRectF, color: str, zoom: float) -> None:
    """Bands of colour round a card, the faintest farthest out: what is selected has a thin ring in another colour."""
    painter.setPen(Qt.PenStyle.NoPen)
    for reach, alpha in GLOW:
        far = reach * max(1.0, LEAST_GLOW / zoom)
        band = QPainterPath()  # of two outlines: what is between them is filled
        band.addRoundedRect(card, RADIUS, RADIUS)
        band.addRoundedRect(card.adjusted(-far, -far, far, far), RADIUS + far, RADIUS + far)
        painter.setBrush(style.brush(color, alpha))
        painter.drawPath(band)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def put_glow(painter: QPainter, card: QRectF, color: str, zoom: float) -> None:
    """The same in a picture or a film, of which many frames have the same: kept, with its part of a pixel."""
    engine, placed = painter.paintEngine(), painter.transform()
    upright = placed.m12() == placed.m21() == 0 and placed.m11() == placed.m22() > 0
    if engine is None or engine.type() != QPaintEngine.Type.Raster or not upright:
        paint_glow(painter, card, color, zoom)
        return
    reach = glow_reach(zoom)
    corner = placed.map(card.topLeft() - QPointF(reach, reach))
    left, top = floor(corner.x()), floor(corner.y())
    size = round(card.width(), 3), round(card.height(), 3)
    glow = _glow_at(*size, color, zoom, placed.m11(), round(corner.x() - left, 3), round(corner.y() - top, 3))
    with style.on_screen(painter):
        painter.drawImage(left, top, glow)


@lru_cache(maxsize=16)
def _glow_at(wide: float, high: float, color: str, zoom: float, scale: float, left: float, top: float) -> QImage:
    around = 2 * glow_reach(zoom)
    image = QImage(
        ceil((wide + around) * scale) + 2, ceil((high + around) * scale) + 2, QImage.Format.Format_ARGB32_Premultiplied
    )
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(left, top)
        painter.scale(scale, scale)
        painter.translate(around / 2, around / 2)
        paint_glow(painter, QRectF(0, 0, wide, high), color, zoom)
    return image


def glow_reach(zoom: float) -> float:
    """How far out of its card a glow is seen, in the scene."""
    return GLOW[-1][0] * max(1.0, LEAST_GLOW / zoom) + 1 / zoom


@lru_cache(maxsize=64)
def glow_sprite(wide: float, high: float, color: str, zoom: float, ratio: float) -> QPixmap:
    """The glow round a card of a size as a picture for a screen, the card in its middle."""
    around = 2 * glow_reach(zoom)
    pixmap = QPixmap(ceil((wide + around) * zoom * ratio), ceil((high + around) * zoom * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(zoom, zoom)
        painter.translate(around / 2, around / 2)
        paint_glow(painter, QRectF(0, 0, wide, high), color, zoom)
    return pixmap
