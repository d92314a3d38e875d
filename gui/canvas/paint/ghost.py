"""The ghost of a number while it is being changed: what it was, faint and small, over its card."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.canvas.paint import style
from gui.look import measure
from gui.look.theme import CAPTION, Theme

HEIGHT, PAD, GAP = 18.0, 6.0, 4.0  # no smaller on screen, however far away


def paint_ghost(painter: QPainter, card: QRectF, was: str, theme: Theme, zoom: float) -> None:
    """Write what a number was above the right end of its card, in scene coordinates."""
    text = f"was {was}"  # a line through it would read as one more minus
    wide = measure.width(text, CAPTION, False)
    with style.placed(painter, card.right(), card.top(), max(1 / zoom, 1.0)):
        plate = QRectF(-wide - 2 * PAD, -HEIGHT - GAP, wide + 2 * PAD, HEIGHT)
        painter.setPen(style.pen(theme.line))
        painter.setBrush(style.brush(theme.panel))
        painter.drawRoundedRect(plate, 6, 6)
        style.put_text(painter, -PAD, plate.bottom() - 5.0, text, CAPTION, False, theme.faint, 1)
