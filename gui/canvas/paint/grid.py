"""The sheet under the graph: a grid of dots, all drawn in one call."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from gui.canvas.paint import style
from gui.look.theme import Theme

DOT_SPACING = 24.0
LEAST_APART = 14  # pixels on screen: from farther away every second, fourth … dot is drawn


def paint_grid(painter: QPainter, rect: QRectF, theme: Theme, zoom: float) -> None:
    """Cover a rectangle of the scene."""
    painter.fillRect(rect, style.color(theme.canvas))
    spacing = DOT_SPACING
    while spacing * zoom < LEAST_APART:
        spacing *= 2
    left, top = rect.left() // spacing * spacing, rect.top() // spacing * spacing
    painter.setPen(style.dot_pen(theme.dot, 2 / zoom))
    painter.translate(left, top)
    painter.drawPoints(_dots(spacing, int(rect.width() / spacing) + 2, int(rect.height() / spacing) + 2))
    painter.translate(-left, -top)


@lru_cache(maxsize=4)
def _dots(spacing: float, columns: int, rows: int) -> QPolygonF:
    """A block of dots, kept as long as the view is as large and as near."""
    across = [i * spacing for i in range(columns)]
    return QPolygonF([QPointF(x, j * spacing) for j in range(rows) for x in across])
