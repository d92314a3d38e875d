"""A sentence beside the cursor: why a port refuses, what will be replaced."""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from gui.canvas.paint import style
from gui.look import measure
from gui.look.text_size import scaled
from gui.look.theme import BODY, Theme, font

WIDEST = 320
OFFSET = QPoint(18, 18)


def paint_bubble(painter: QPainter, spot: QPoint, text: str, refused: bool, theme: Theme, window: QRect) -> None:
    """Draw it in viewport coordinates, wholly inside the window."""
    flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
    room = measure.metrics(scaled(BODY)).boundingRect(QRectF(0, 0, scaled(WIDEST), 400), flags, text)
    plate = QRectF(0, 0, room.width() + 22, room.height() + 12)
    plate.moveTopLeft(spot + OFFSET)
    plate.moveRight(min(plate.right(), window.right() - 4.0))
    if plate.bottom() > window.bottom() - 4:
        plate.moveBottom(spot.y() - OFFSET.y())
    painter.setPen(style.pen(theme.warn if refused else theme.focus, 1.5))
    painter.setBrush(style.brush(theme.panel))
    painter.drawRoundedRect(plate, 6, 6)
    painter.setFont(font(scaled(BODY)))
    painter.setPen(style.color(theme.warn if refused else theme.text))
    painter.drawText(plate.adjusted(11, 6, -9, -6), flags, text)
