"""What a push would do, written beside the nodes on its way: old → new, and the verdict under the target."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTransform

from engine.show.push import Push
from gui.canvas.model.stage import Stage
from gui.canvas.paint import style
from gui.look.theme import BODY, CAPTION, Theme, font

LINE, BESIDE, BELOW = 15.0, 8.0, 5.0  # pixels of the window
VEIL = 0.5
LEAST_CARD = 34.0  # of height on screen: of smaller cards only the target's verdict is written


def paint_push(painter: QPainter, stage: Stage, push: Push, transform: QTransform, theme: Theme) -> None:
    """Draw it in viewport coordinates: as large from afar as from near by."""
    if push.banner:
        _paint_banner(painter, push.banner, theme)
    if push.lines:  # what is there steps back behind what would be
        painter.fillRect(painter.viewport(), style.color(theme.canvas, VEIL))
    painter.setFont(font(CAPTION, bold=True))
    metrics = QFontMetricsF(painter.font())
    for spot, lines in _plates(stage, push, transform):
        wide = max(metrics.horizontalAdvance(line) for line in lines) + 2 * BESIDE
        plate = QRectF(spot.x() - wide / 2, spot.y() + BELOW, wide, LINE * len(lines) + 4)
        painter.setPen(style.pen(theme.focus, 1.5))
        painter.setBrush(style.brush(theme.panel))
        painter.drawRoundedRect(plate, 7, 7)
        painter.setPen(style.color(theme.text))
        for number, line in enumerate(lines):
            row = QRectF(plate.left(), plate.top() + 2 + LINE * number, wide, LINE)
            painter.drawText(row, int(Qt.AlignmentFlag.AlignCenter), line)


def _paint_banner(painter: QPainter, text: str, theme: Theme) -> None:
    """At the top of the window, in the middle."""
    painter.setFont(font(BODY, bold=True))
    wide = QFontMetricsF(painter.font()).horizontalAdvance(text) + 32
    plate = QRectF((painter.viewport().width() - wide) / 2, 10, wide, 30)
    painter.setPen(style.pen(theme.warn, 2))
    painter.setBrush(style.brush(theme.panel))
    painter.drawRoundedRect(plate, 15, 15)
    painter.setPen(style.color(theme.warn))
    painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), text)


def _plates(stage: Stage, push: Push, transform: QTransform) -> Iterator[tuple[QPointF, list[str]]]:
    """The middle of each card's lower edge, and what is written below it; the target's comes last, over the others."""
    ids = [id for id in push.lines if id in stage.graph.nodes and id != push.target]
    for id in [*ids, *([push.target] if push.target in stage.graph.nodes else [])]:
        left, top, right, bottom = stage.box(id)
        spot = transform.map(QPointF((left + right) / 2, bottom))
        high = spot.y() - transform.map(QPointF(left, top)).y()
        lines = [push.lines[id]] if id in push.lines and high >= LEAST_CARD else []
        lines += push.verdict if id == push.target else []
        if lines:
            yield spot, lines
