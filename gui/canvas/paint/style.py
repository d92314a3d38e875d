"""The pens, brushes and laid-out texts that the canvas paints with, each made once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from math import pi
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen, QStaticText, QTransform

from gui.canvas.model.geometry import PORT, Array
from gui.look import measure
from gui.look.theme import font

DASH = (4.0, 3.0)
BROKEN = (9.0, 2.5, 1.5, 2.5)


@lru_cache(maxsize=512)
def color(hex_name: str, alpha: float = 1.0) -> QColor:
    result = QColor(hex_name)
    result.setAlphaF(alpha)
    return result


@lru_cache(maxsize=64)
def mixed(hex_name: str, over: str, share: float) -> QColor:
    """A colour that lets through what it lies over, as one that does not."""
    one, other, rest = QColor(hex_name), QColor(over), 1 - share
    return QColor.fromRgbF(
        one.redF() * share + other.redF() * rest,
        one.greenF() * share + other.greenF() * rest,
        one.blueF() * share + other.blueF() * rest,
    )


@lru_cache(maxsize=512)
def brush(hex_name: str, alpha: float = 1.0) -> QBrush:
    return QBrush(color(hex_name, alpha))


@lru_cache(maxsize=1024)
def pen(hex_name: str, width: float = 1.0, dashed: bool = False, alpha: float = 1.0) -> QPen:
    """A pen with round ends; a dashed one has flat ones, so that its gaps stay open."""
    cap = Qt.PenCapStyle.FlatCap if dashed else Qt.PenCapStyle.RoundCap
    result = QPen(brush(hex_name, alpha), width, Qt.PenStyle.SolidLine, cap, Qt.PenJoinStyle.RoundJoin)
    if dashed:
        result.setDashPattern(DASH)
    return result


@lru_cache(maxsize=64)
def ring_pen(hex_name: str) -> QPen:
    """A dashed pen for an open port: six dashes fit round its circle."""
    result = QPen(brush(hex_name), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    result.setDashPattern((1.8, pi * PORT / 6 - 1.8))
    return result


@lru_cache(maxsize=64)
def hairline(hex_name: str, dashed: bool) -> QPen:
    """A pen of one pixel at any zoom: Qt draws it much faster than any other."""
    result = QPen(pen(hex_name, 1.0, dashed))
    result.setCosmetic(True)
    return result


@lru_cache(maxsize=64)
def broken_pen(hex_name: str, width: float, thin: bool) -> QPen:
    """A pen of dashes and dots, not to be taken for the even dashes of what is zero; `thin`: the same at any zoom."""
    result = QPen(pen(hex_name, width, True))
    result.setDashPattern(BROKEN)
    result.setCosmetic(thin)
    return result


@lru_cache(maxsize=64)
def dot_pen(hex_name: str, width: float) -> QPen:
    """A pen for the dots of the grid: square ones are plain rectangles for Qt, round ones take it 100 times as long."""
    return QPen(brush(hex_name), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap)


class _LaidOut(NamedTuple):
    """A text with all that is needed to write it."""

    static: QStaticText
    font: QFont
    wide: float
    ascent: float


@lru_cache(maxsize=4096)
def _laid_out(text: str, size: int, bold: bool) -> _LaidOut:
    """Found together, for hundreds are written in a frame."""
    static, face = QStaticText(text), font(size, bold)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    static.prepare(font=face)
    return _LaidOut(static, face, measure.width(text, size, bold), measure.metrics(size, bold).ascent())


def put_text(
    painter: QPainter, x: float, baseline: float, text: str, size: int, bold: bool, hex_name: str, align: float = 0.0
) -> None:
    """Write a line: `align` 0 begins at x, 0.5 is centred on it, 1 ends there."""
    static, face, wide, ascent = _laid_out(text, size, bold)
    painter.setFont(face)
    painter.setPen(color(hex_name))
    painter.drawStaticText(QPointF(x - align * wide, baseline - ascent), static)


@contextmanager
def placed(painter: QPainter, x: float, y: float, scale: float = 1.0) -> Iterator[None]:
    """As long as it lasts, the painter's origin is at a place, and all is drawn larger or smaller there."""
    painter.save()
    painter.translate(x, y)
    painter.scale(scale, scale)
    yield
    painter.restore()


@contextmanager
def scene_of(painter: QPainter, seen: QTransform) -> Iterator[None]:
    """As long as it lasts, places are those of the scene that is `seen` so; whatever goes wrong, it ends."""
    painter.save()
    painter.setTransform(seen)
    try:
        yield
    finally:
        painter.restore()


@contextmanager
def on_screen(painter: QPainter) -> Iterator[None]:
    """As long as it lasts, places are pixels of the widget that is painted, not of the scene."""
    transform = painter.transform()
    painter.resetTransform()
    yield
    painter.setTransform(transform)


def route_path(route: Array) -> QPainterPath:
    """A chain of cubics (m, 4, 2) as a path."""
    path = QPainterPath(QPointF(*route[0, 0].tolist()))
    for _, (x1, y1), (x2, y2), (x3, y3) in route.tolist():
        path.cubicTo(x1, y1, x2, y2, x3, y3)
    return path


def box(centre: tuple[float, float], size: tuple[float, float]) -> QRectF:
    """A rectangle by its centre."""
    return QRectF(centre[0] - size[0] / 2, centre[1] - size[1] / 2, size[0], size[1])
