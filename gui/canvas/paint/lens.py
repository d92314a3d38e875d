"""What a push would do, written beside the nodes on its way: old → new, and the verdict under the target."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTransform

from engine.show.push import Push
from gui.canvas.model.stage import Stage
from gui.canvas.paint import style
from gui.canvas.paint.sums import freest_place
from gui.look.theme import BODY, CAPTION, Theme, font

LINE, BESIDE, BELOW, EDGE = 15.0, 8.0, 5.0, 4.0  # pixels of the window
VEIL = 0.5
LEAST_CARD = 34.0  # of height on screen: of smaller cards only the target's verdict is written


def paint_push(painter: QPainter, stage: Stage, push: Push, transform: QTransform, theme: Theme) -> None:
    """Draw it in viewport coordinates: as large from afar as from near by."""
    if push.lines:  # what is there steps back behind what would be
        painter.fillRect(painter.viewport(), style.color(theme.canvas, VEIL))
    if push.banner:
        _paint_banner(painter, push.banner, theme)
    painter.setFont(font(CAPTION, bold=True))
    metrics = QFontMetricsF(painter.font())
    for spot, lines in _plates(stage, push, transform):
        wide = max(metrics.horizontalAdvance(line) for line in lines) + 2 * BESIDE
        plate = _free_plate(painter, stage, push, transform, spot, (wide, LINE * len(lines) + 4))
        painter.setPen(style.pen(theme.focus, 1.5))
        painter.setBrush(style.brush(theme.panel))
        painter.drawRoundedRect(plate, 7, 7)
        painter.setPen(style.color(theme.text))
        for number, line in enumerate(lines):
            row = QRectF(plate.left(), plate.top() + 2 + LINE * number, plate.width(), LINE)
            painter.drawText(row, int(Qt.AlignmentFlag.AlignCenter), line)


def _free_plate(
    painter: QPainter, stage: Stage, push: Push, transform: QTransform, spot: QPointF, size: tuple[float, float]
) -> QRectF:
    """Below a spot, and in the window; one that stands alone over a picture that is still read covers no other card."""
    (wide, high), zoom = size, transform.m11()
    middle = spot + QPointF(0, BELOW + high / 2)
    if not push.lines:
        middle = transform.map(QPointF(*freest_place(stage, push.target, (wide / zoom, high / zoom), zoom)))
    plate, window = QRectF(middle.x() - wide / 2, middle.y() - high / 2, wide, high), QRectF(painter.viewport())
    if not window.intersects(QRectF(spot.x() - wide, spot.y() - wide, 2 * wide, 2 * wide)):
        return plate  # its card is far out of sight
    plate.moveLeft(max(min(plate.left(), window.right() - wide - EDGE), window.left() + EDGE))
    plate.moveTop(max(min(plate.top(), window.bottom() - high - EDGE), window.top() + EDGE))
    return plate


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
