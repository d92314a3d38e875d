"""The ghost of a number while it is being changed: what it was, faint and small, over its card."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.canvas.paint import style
from gui.look import measure
from gui.look.theme import CAPTION, Theme

HEIGHT, PAD, GAP = 18.0, 6.0, 4.0  # no smaller on screen, however far away


def ghost_box(card: QRectF, was: str, zoom: float) -> QRectF:
    """Above the right end of the card, in scene coordinates."""
    scale, wide = max(1 / zoom, 1.0), measure.width(_text(was), CAPTION, False) + 2 * PAD
    return QRectF(card.right() - wide * scale, card.top() - (HEIGHT + GAP) * scale, wide * scale, HEIGHT * scale)


def paint_ghost(painter: QPainter, card: QRectF, was: str, theme: Theme, zoom: float) -> None:
    """Write what a number was, in its box."""
    box, scale = ghost_box(card, was, zoom), max(1 / zoom, 1.0)
    with style.placed(painter, box.right(), box.bottom(), scale):
        plate = QRectF(-box.width() / scale, -HEIGHT, box.width() / scale, HEIGHT)
        painter.setPen(style.pen(theme.line))
        painter.setBrush(style.brush(theme.panel))
        painter.drawRoundedRect(plate, 6, 6)
        style.put_text(painter, -PAD, -5.0, _text(was), CAPTION, False, theme.faint, 1)


def _text(was: str) -> str:
    return f"was {was}"  # a line through it would read as one more minus
