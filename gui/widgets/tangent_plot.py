"""A curve with the tangent at one point: L against x, and its slope, which is the gradient."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.values.values import number_text
from gui.look.theme import CAPTION, font, theme

HEIGHT, HEAD, FOOT, SIDE = 176, 28, 26, 14
LARGEST = float(np.finfo(np.float64).max)


class TangentPlot(QWidget):
    """Draws y over x, a point on it, and the tangent there in the colour of its sign."""

    def __init__(self) -> None:
        super().__init__()
        self._title = ""
        self._xs: NDArray[np.float64] = np.zeros(0)
        self._ys: NDArray[np.float64] = np.zeros(0)
        self._at, self._value, self._slope = 0.0, 0.0, 0.0
        self._span = (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_curve(
        self, title: str, xs: NDArray[np.float64], ys: NDArray[np.float64], at: float, value: float, slope: float
    ) -> None:
        """Another curve, with the point (at, value) and the slope there."""
        self._title, self._xs, self._ys = title, xs, ys
        self._at, self._value, self._slope = at, value, slope
        self._span = self._heights()
        self.setAccessibleName(f"{title}: {self.slope_text()} at {number_text(at)}")
        self.setToolTip(f"At {number_text(at)} it is {number_text(value)}, with slope {number_text(slope)}.")
        self.update()

    def slope_text(self) -> str:
        """What stands at the tangent."""
        return f"slope {number_text(self._slope)}"

    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    # --- from numbers to pixels

    def _area(self) -> QRectF:
        return QRectF(SIDE, HEAD, self.width() - 2 * SIDE, self.height() - HEAD - FOOT)

    def _heights(self) -> tuple[float, float]:
        """The heights to show: of the curve without its wildest tenth, and of the point."""
        finite = self._ys[np.isfinite(self._ys)]
        ends = np.percentile(finite, [5, 95], method="nearest") if finite.size else (0.0, 1.0)
        low, high = (float(end) for end in ends)
        slack = max(0.12 * high - 0.12 * low, 1.2e-10 * max(1.0, abs(self._value)))
        low, high = max(min(low, self._value) - slack, -LARGEST), min(max(high, self._value) + slack, LARGEST)
        return (low, high) if high > low else (low - 1, high + 1)

    def _point(self, x: float, y: float) -> QPointF:
        """Where a point is; halves, because the difference of the largest two floats is infinite."""
        area, (low, high) = self._area(), self._span
        left, right = float(self._xs[0]), float(self._xs[-1])
        across = (x / 2 - left / 2) / (right / 2 - left / 2)
        up = (y / 2 - low / 2) / (high / 2 - low / 2)
        return QPointF(area.left() + area.width() * across, area.bottom() - area.height() * min(max(up, -9.0), 9.0))

    # --- the picture

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("chip"))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setFont(font(CAPTION, bold=True))
        painter.setPen(look.color("faint"))
        painter.drawText(QPointF(SIDE, 19), self._title)
        if self._xs.size and np.isfinite(self._value):
            self._paint_axes(painter)
            painter.save()
            painter.setClipRect(self._area().adjusted(0, -4, 0, 4))
            self._paint_curve(painter)
            self._paint_tangent(painter)
            painter.restore()
            self._paint_point(painter)
        painter.end()

    def _paint_axes(self, painter: QPainter) -> None:
        area, look = self._area(), theme()
        painter.setPen(QPen(look.color("edge"), 1))
        painter.drawLine(QLineF(area.left(), area.bottom() + 4, area.right(), area.bottom() + 4))
        painter.setFont(font(CAPTION))
        painter.setPen(look.color("faint"))
        foot = QRectF(area.left(), area.bottom() + 6, area.width(), FOOT - 8)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft), number_text(float(self._xs[0]), 3))
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), number_text(float(self._xs[-1]), 3))
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignHCenter), number_text(self._at, 3))

    def _paint_curve(self, painter: QPainter) -> None:
        path, pen_down = QPainterPath(), False
        for x, y in zip(self._xs, self._ys, strict=True):
            if not np.isfinite(y):
                pen_down = False
                continue
            point = self._point(float(x), float(y))
            path.lineTo(point) if pen_down else path.moveTo(point)
            pen_down = True
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().color("soft"), 1.75))
        painter.drawPath(path)

    def _paint_tangent(self, painter: QPainter) -> None:
        if not np.isfinite(self._slope):
            return
        half = float(self._xs[-1]) / 4 - float(self._xs[0]) / 4
        ends = (self._point(self._at + s * half, self._value + s * half * self._slope) for s in (-1.0, 1.0))
        painter.setPen(QPen(theme().sign(self._slope), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(*ends)

    def _paint_point(self, painter: QPainter) -> None:
        look, point = theme(), self._point(self._at, self._value)
        painter.setPen(QPen(look.sign(self._slope), 2.5))
        painter.setBrush(look.color("panel"))
        painter.drawEllipse(point, 5.5, 5.5)
        painter.setFont(font(12, bold=True))
        width = QFontMetricsF(painter.font()).horizontalAdvance(self.slope_text())
        painter.setPen(look.sign(self._slope))
        painter.drawText(QPointF(self.width() - SIDE - width, 19), self.slope_text())
