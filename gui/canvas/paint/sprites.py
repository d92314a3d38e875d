"""Capsules: the moving values and gradients, drawn once per text, colour and scale, then only copied."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPixmap, QTransform

from gui.canvas.model.flight import HALF, NOSE, capsule_width
from gui.canvas.paint import style
from gui.look.theme import BODY


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
