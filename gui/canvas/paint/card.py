"""Draws the parts of a card: its shape, its lines of text, the small picture of what its op does. Pure painting.

Every function draws at the node's own origin, its top left corner.
"""

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF

from engine.layout.layout import NODE_WIDTH
from engine.ops.kernel import bind
from engine.ops.op import Op
from gui.canvas.model.geometry import RADIUS, STRIPE
from gui.canvas.model.texts import CURVE_REACH, NodePicture
from gui.canvas.paint import style
from gui.canvas.paint.card_forms import SKETCH, SKETCHES, CardLine, fade, has_sketch
from gui.look.theme import Theme


@lru_cache(maxsize=64)
def card_path(height: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, NODE_WIDTH, height), RADIUS, RADIUS)
    return path


@lru_cache(maxsize=64)
def shadow_path(height: float) -> QPainterPath:
    """Only what the card does not cover."""
    return card_path(height).translated(0, 3).subtracted(card_path(height))


@lru_cache(maxsize=64)
def stripe_path(height: float) -> QPainterPath:
    band = QPainterPath()
    band.addRect(QRectF(0, 0, STRIPE, height))
    return card_path(height).intersected(band)


def put_line(painter: QPainter, line: CardLine, theme: Theme) -> None:
    """Write a line, as large as it says."""
    color, before = getattr(theme, line.tone), painter.opacity()
    if line.opacity != 1:
        painter.setOpacity(before * line.opacity)
    if line.scale == 1:
        style.put_text(painter, line.x, line.baseline, line.text, line.size, line.bold, color, line.align)
    else:
        painter.save()  # by hand: there are three lines a card
        painter.translate(line.x, line.baseline)
        painter.scale(line.scale, line.scale)
        style.put_text(painter, 0, 0, line.text, line.size, line.bold, color, line.align)
        painter.restore()
    if line.opacity != 1:
        painter.setOpacity(before)


def paint_sketch(painter: QPainter, picture: NodePicture, theme: Theme, zoom: float) -> None:
    """A gate, or the curve of an activation; from far away neither."""
    before, seen = painter.opacity(), fade(zoom, SKETCHES)
    if not seen:
        return
    painter.setOpacity(before * seen)
    if picture.op.gate:
        _paint_gate(painter, picture.gate, theme)
    elif has_sketch(picture):
        _paint_curve(painter, picture.op, theme)
    painter.setOpacity(before)


def paint_dot(painter: QPainter, picture: NodePicture, theme: Theme, zoom: float) -> None:
    """Where on its curve an activation is."""
    seen = fade(zoom, SKETCHES)
    if picture.dot is None or picture.op.gate or not seen or not has_sketch(picture):
        return
    before = painter.opacity()
    painter.setOpacity(before * seen)
    _, low, high = _sampled(picture.op)
    y = float(np.asarray(bind(picture.op, 1).forward(np.float64(picture.dot))))
    painter.setPen(style.pen(theme.node, 1))
    painter.setBrush(style.brush(theme.activation))
    painter.drawEllipse(_place(picture.dot, y, low, high), 3.5, 3.5)
    painter.setOpacity(before)


def _paint_gate(painter: QPainter, is_open: bool | None, theme: Theme) -> None:
    """Two posts and a bar: across the way when shut, swung up when open."""
    left, right, y = SKETCH.left() + 4, SKETCH.right() - 2, SKETCH.center().y() + 3
    color = theme.faint if is_open is None else theme.activation if is_open else theme.zero
    painter.setPen(style.pen(color, 2))
    painter.drawLine(QPointF(left, y - 5), QPointF(left, y + 6))
    painter.drawLine(QPointF(right, y - 2), QPointF(right, y + 6))
    end = QPointF(left + 15, y - 12) if is_open else QPointF(right, y)
    painter.setPen(style.pen(color, 3, is_open is None))
    painter.drawLine(QPointF(left, y), end)
    if is_open is False:
        painter.setPen(style.pen(color, 2))
        for x in (left + 8, left + 16):
            painter.drawLine(QPointF(x, y - 3.5), QPointF(x, y + 3.5))


@lru_cache(maxsize=64)
def _sampled(op: Op) -> tuple[QPolygonF, float, float]:
    """An activation from −4 to 4, fitted into the sketch; with its lowest and highest value."""
    xs = np.linspace(-CURVE_REACH, CURVE_REACH, 41)
    ys = np.asarray(bind(op, 1).forward(xs), dtype=float)
    low, high = float(ys.min()), float(ys.max())
    return QPolygonF([_place(x, y, low, high) for x, y in zip(xs, ys, strict=True)]), low, high


def _place(x: float, y: float, low: float, high: float) -> QPointF:
    across = (x + CURVE_REACH) / (2 * CURVE_REACH)
    up = (y - low) / ((high - low) or 1)
    return QPointF(SKETCH.left() + across * SKETCH.width(), SKETCH.bottom() - up * SKETCH.height())


def _paint_curve(painter: QPainter, op: Op, theme: Theme) -> None:
    line, _, _ = _sampled(op)
    painter.setPen(style.pen(theme.line, 1))
    painter.drawLine(SKETCH.bottomLeft(), SKETCH.bottomRight())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(style.pen(theme.activation, 1.5))
    painter.drawPolyline(line)
