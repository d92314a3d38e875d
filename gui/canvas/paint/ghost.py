"""The ghost of a number while it is being changed: what it was, faint and small, over its card."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from gui.canvas.paint import style
from gui.look import measure
from gui.look.theme import BODY, Theme

HEIGHT, PAD, GAP = 20.0, 7.0, 4.0  # pixels on screen, whatever the zoom


def paint_ghost(painter: QPainter, card: QRectF, was: str, theme: Theme, zoom: float) -> None:
    """Write what a number was above the right end of its card, in scene coordinates, struck through."""
    wide = measure.width(was, BODY, True)
    with style.placed(painter, card.right(), card.top(), 1 / zoom):
        plate = QRectF(-wide - 2 * PAD, -HEIGHT - GAP, wide + 2 * PAD, HEIGHT)
        painter.setPen(style.pen(theme.line))
        painter.setBrush(style.brush(theme.panel))
        painter.drawRoundedRect(plate, 6, 6)
        style.put_text(painter, -PAD, plate.bottom() - 5.5, was, BODY, True, theme.faint, 1)
        painter.setPen(style.pen(theme.faint, 1.2))
        painter.drawLine(QPointF(-wide - PAD - 1, plate.center().y() + 0.5), QPointF(1 - PAD, plate.center().y() + 0.5))
