"""Draws nodes seen from so far away that nothing is written on them: cards in the colours of their kinds.

There may be thousands, so each is a few plain rectangles, one inside the other, and no picture of its numbers is taken.
"""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import NodeLook
from gui.canvas.paint import style
from gui.canvas.paint.card_forms import kind_tone
from gui.canvas.paint.node import BARRED, LEAST_BAR, LEAST_RING, PLAIN, TINT, Marks, bar_of
from gui.look.theme import Theme

BAR, RING = 14.0, 6.0  # in the scene, where that is more than the least on screen


def paint_far(
    painter: QPainter, stage: Stage, rows: Iterable[int], theme: Theme, zoom: float, marked: Mapping[str, Marks]
) -> None:
    """Draw some nodes, by their rows, in this order. `marked`: what the user's hand adds; to all others nothing."""
    bar, ring = max(BAR, LEAST_BAR / zoom), max(RING, LEAST_RING / zoom)
    rows, opacity, fills = list(rows), painter.opacity(), dict[tuple[int, str], tuple[QColor, QColor | None]]()
    for row, (left, top, right, bottom) in zip(rows, stage.node_boxes[rows].tolist(), strict=True):
        look, marks = stage.looks[stage.ids[row]], marked.get(stage.ids[row], PLAIN)
        card = QRectF(left, top, right - left, bottom - top)
        if marks.dimmed:
            painter.setOpacity(opacity * 0.5)
        if look.unfinished or marks.selected or marks.pointed:
            card = _paint_rings(painter, card, look, theme, ring, marks)
        key = id(look.op), look.gradient_tone
        if (fill := fills.get(key)) is None:
            fill = fills[key] = _fills(look, theme)
        painter.fillRect(card, fill[0])
        if fill[1] is not None:
            high = min(bar - (bottom - card.bottom()), card.height())
            painter.fillRect(bar_of(card, high, look.gradient_tone), fill[1])
        if marks.dimmed:
            painter.setOpacity(opacity)


def _fills(look: NodeLook, theme: Theme) -> tuple[QColor, QColor | None]:
    """The colours of a card and of its bar, if it has one."""
    below, kind = theme.node if look.op.known else theme.chip, getattr(theme, kind_tone(look.op))
    bar = style.color(getattr(theme, look.gradient_tone)) if look.gradient_tone in BARRED else None
    return style.mixed(kind, below, TINT), bar


def _paint_rings(painter: QPainter, card: QRectF, look: NodeLook, theme: Theme, ring: float, marks: Marks) -> QRectF:
    """What lies round a card: a ring where it is unfinished, and round that one where it is selected. Gives what they
    leave of it."""
    half = ring / 2
    if marks.selected or marks.pointed:
        out = 3 * half if look.unfinished else half
        painter.fillRect(card.adjusted(-out, -out, out, out), style.color(theme.focus))
    if look.unfinished:
        painter.fillRect(card.adjusted(-half, -half, half, half), style.color(theme.warn))
    return card.adjusted(half, half, -half, -half)
