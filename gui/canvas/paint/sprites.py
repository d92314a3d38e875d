"""Capsules: the moving gradients with their numbers, drawn once per text, colour and scale, then only copied."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPixmap

from gui.canvas.paint import style
from gui.look import measure
from gui.look.theme import BODY

HALF = 13.0  # half the height of a capsule
NOSE = 11.0  # how far its point reaches out to the left


@lru_cache(maxsize=256)
def capsule_path(text: str) -> QPainterPath:
    """The outline of a capsule round the origin, pointing left."""
    half = capsule_width(text) / 2
    path = QPainterPath(QPointF(-half - NOSE, 0))
    path.lineTo(-half, -HALF)
    path.lineTo(half - HALF, -HALF)
    path.arcTo(QRectF(half - 2 * HALF, -HALF, 2 * HALF, 2 * HALF), 90, -180)
    path.lineTo(-half, HALF)
    path.closeSubpath()
    return path


def capsule_width(text: str) -> float:
    """The width of a capsule without its nose."""
    return max(measure.width(text, BODY, True) + 22, 2 * HALF + 4)


def paint_capsule(painter: QPainter, text: str, fill: str, ink: str) -> None:
    """Draw a capsule at the painter's origin, as outlines."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.brush(fill))
    painter.drawPath(capsule_path(text))
    style.put_text(painter, 0, 4.5, text, BODY, True, ink, 0.5)


@lru_cache(maxsize=512)
def capsule_sprite(text: str, fill: str, ink: str, scale: float, ratio: float) -> QPixmap:
    """The same as a picture for a screen: `scale` is the zoom, `ratio` the device pixels of a logical one."""
    wide, high = capsule_width(text) + 2 * NOSE + 4, 2 * HALF + 4
    pixmap = QPixmap(round(wide * scale * ratio), round(high * scale * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.translate(wide / 2, high / 2)
        paint_capsule(painter, text, fill, ink)
    return pixmap
