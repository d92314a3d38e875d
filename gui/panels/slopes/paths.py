"""Paths downhill as they are drawn: each optimiser has a colour, a kind of line and a mark of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from engine.learn.descent import Descent
from gui.look.theme import Theme

DOT = 2.6


@dataclass(frozen=True)
class Stroke:
    """How a path is told from the others, without its colour too."""

    colour: str
    line: Qt.PenStyle
    square: bool = False


STROKES = (
    Stroke("neg", Qt.PenStyle.SolidLine),
    Stroke("activation", Qt.PenStyle.DashLine, True),
    Stroke("leaf", Qt.PenStyle.DotLine),
)


@dataclass(frozen=True)
class Trail:
    """Where an optimiser goes, and how that is drawn."""

    descent: Descent
    stroke: Stroke


def paint_path(painter: QPainter, look: Theme, path: Trail, spot: Callable[[float, float], QPointF]) -> None:
    """A line through all places, and a mark at each."""
    stroke, places = path.stroke, path.descent.places
    finite = places[np.all(np.isfinite(places), axis=1)]
    spots = [spot(a, b) for a, b in np.clip(finite, -1e12, 1e12).tolist()]
    spots = [QPointF(min(max(s.x(), -1e5), 1e5), min(max(s.y(), -1e5), 1e5)) for s in spots]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(look.color(stroke.colour), 1.6, stroke.line))
    painter.drawPolyline(QPolygonF(spots))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color(stroke.colour))
    for at in spots[1:]:
        box = QRectF(at.x() - DOT, at.y() - DOT, 2 * DOT, 2 * DOT)
        painter.drawRect(box) if stroke.square else painter.drawEllipse(box)


def paint_sample(painter: QPainter, look: Theme, stroke: Stroke, area: QRectF) -> None:
    """A short piece of such a path, for a legend."""
    middle = area.center().y()
    painter.setPen(QPen(look.color(stroke.colour), 1.6, stroke.line))
    painter.drawLine(QPointF(area.left(), middle), QPointF(area.right(), middle))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color(stroke.colour))
    box = QRectF(area.center().x() - DOT, middle - DOT, 2 * DOT, 2 * DOT)
    painter.drawRect(box) if stroke.square else painter.drawEllipse(box)
