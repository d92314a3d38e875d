"""The error of a central difference against its step size, on two logarithmic axes: a valley between two slopes."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.truth.differences import SweepPoint
from engine.values.values import number_text
from gui.look.theme import CAPTION, font, mixed, theme

HEIGHT, HEAD, FOOT, LEFT, RIGHT = 188, 30, 34, 52, 16
LOWEST, HIGHEST = -16, 1  # decades of the error that are drawn: what is below the first counts as it
DECADES = (-13, 0)  # of the step size


class SweepPlot(QWidget):
    """Shows the points it is given; the lowest one is the step size at which the difference is most exact."""

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._points: list[SweepPoint] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_points(self, title: str, points: Sequence[SweepPoint]) -> None:
        """Another sweep, or the same one with more points."""
        self._title = title
        self._points = [point for point in points if np.isfinite(point.error)]
        self.setAccessibleName(f"{title}: {self.best_text()}")
        self.update()

    @property
    def best(self) -> SweepPoint | None:
        """The point with the smallest error."""
        return min(self._points, key=lambda point: point.error, default=None)

    def best_text(self) -> str:
        """Where the valley's floor is."""
        best = self.best
        return "" if best is None else f"smallest error {number_text(best.error, 2)} at h = {number_text(best.h, 2)}"

    def sizeHint(self) -> QSize:
        return QSize(360, HEIGHT)

    # --- from numbers to pixels

    def _area(self) -> QRectF:
        return QRectF(LEFT, HEAD, self.width() - LEFT - RIGHT, self.height() - HEAD - FOOT)

    def _x(self, decade: float) -> float:
        area, (first, last) = self._area(), DECADES
        return area.left() + area.width() * (decade - first) / (last - first)

    def _y(self, decade: float) -> float:
        area, clipped = self._area(), min(max(decade, LOWEST), HIGHEST)
        return area.bottom() - area.height() * (clipped - LOWEST) / (HIGHEST - LOWEST)

    def _point(self, point: SweepPoint) -> QPointF:
        return QPointF(self._x(log10(point.h)), self._y(log10(max(point.error, 1e-300))))

    # --- the picture

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("chip"))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        self._paint_head(painter)
        self._paint_axes(painter)
        self._paint_sides(painter)
        if self._points:
            self._paint_points(painter)
        painter.end()

    def _paint_head(self, painter: QPainter) -> None:
        look = theme()
        painter.setFont(font(12, bold=True))
        painter.setPen(look.color("text"))
        found = self.best_text()
        wide = QFontMetricsF(painter.font()).horizontalAdvance(found)
        painter.drawText(QPointF(self.width() - RIGHT - wide, 19), found)
        painter.setFont(font(CAPTION, bold=True))
        painter.setPen(look.color("faint"))
        room = self.width() - wide - 3 * RIGHT
        painter.drawText(
            QPointF(RIGHT, 19),
            QFontMetricsF(painter.font()).elidedText(self._title, Qt.TextElideMode.ElideRight, room),
        )

    def _paint_axes(self, painter: QPainter) -> None:
        area, look = self._area(), theme()
        painter.setFont(font(CAPTION))
        for decade in (0, -4, -8, -12, -16):
            y = self._y(decade)
            painter.setPen(QPen(mixed(look.color("chip"), look.color("edge"), 0.3), 1))
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
            painter.setPen(look.color("faint"))
            box = QRectF(0, y - 8, LEFT - 8, 16)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), _power(decade))
        for decade in (-12, -8, -4, 0):
            box = QRectF(self._x(decade) - 30, area.bottom() + 3, 60, 14)
            side = Qt.AlignmentFlag.AlignHCenter
            if decade == DECADES[1]:
                box.moveRight(area.right())
                side = Qt.AlignmentFlag.AlignRight
            painter.drawText(box, int(side), _power(decade))

    def _paint_sides(self, painter: QPainter) -> None:
        """What is wrong on either side of the valley."""
        area = self._area()
        painter.setFont(font(CAPTION))
        painter.setPen(theme().color("soft"))
        foot = QRectF(area.left(), area.bottom() + 16, area.width(), 16)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft), "◂ round-off: h too small")
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignHCenter), "step size h")
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), "truncation: h too large ▸")

    def _paint_points(self, painter: QPainter) -> None:
        look, path = theme(), QPainterPath()
        painter.save()
        painter.setClipRect(self._area().adjusted(-4, -6, 4, 6))
        for number, point in enumerate(self._points):
            path.lineTo(self._point(point)) if number else path.moveTo(self._point(point))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.color("soft"), 1.5))
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("soft"))
        for point in self._points:
            painter.drawEllipse(self._point(point), 2, 2)
        if self.best is not None:
            painter.setBrush(look.color("panel"))
            painter.setPen(QPen(look.color("focus"), 2.5))
            painter.drawEllipse(self._point(self.best), 5, 5)
        painter.restore()


def _power(decade: int) -> str:
    return "1" if decade == 0 else "10" + str(decade).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
