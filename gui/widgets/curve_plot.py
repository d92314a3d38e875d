"""Curves that grow from left to right: a legend with the last numbers, a read-out under the mouse, a log axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.values.values import number_text
from gui.look.theme import CAPTION, font, mixed, theme

HEAD, FOOT, LEFT, RIGHT, SIDE = 30, 22, 52, 16, 14
TICKS = 4  # about as many lines across
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """y over x, in a colour of the theme. Told apart by dashes, too; a `faint` one stands behind, without a legend."""

    name: str
    colour: str
    xs: Numbers
    ys: Numbers
    dashed: bool = False
    faint: bool = False

    def at(self, x: float) -> float:
        """The number of the last point up to x."""
        return float(self.ys[max(0, int(np.searchsorted(self.xs, x, "right")) - 1)])


def short_text(number: float) -> str:
    return number_text(number, 3)


class CurvePlot(QWidget):
    """Draws what it is given. `text` writes a number; `most`, where there is one, is the top of the axis."""

    def __init__(self, title: str, text: Callable[[float], str] = short_text, most: float | None = None) -> None:
        super().__init__()
        self._title, self._text, self._most = title, text, most
        self._curves: tuple[Curve, ...] = ()
        self._end, self._unit = 1.0, ""
        self._log = False
        self._span = (0.0, 1.0)
        self._hover: float | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(180, 110)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(title)

    def show_curves(self, curves: Sequence[Curve], end: float, unit: str) -> None:
        """Other curves, or the same with more points; x goes from 0 to `end` and is counted in `unit`s."""
        self._curves = tuple(curve for curve in curves if len(curve.xs))
        self._end, self._unit = max(end, 1e-9), unit
        self._measure()

    def show_log(self, log: bool) -> None:
        """Whether y is on a logarithmic axis; what is not above 0 is not drawn there."""
        self._log = log
        self._measure()

    def reading(self) -> str:
        """What the legend says: the numbers under the mouse, or the last ones."""
        said = ", ".join(f"{curve.name} {self._text(self._number(curve))}" for curve in self._legend)
        return f"{self._heading()}: {said}" if said else self._title

    def sizeHint(self) -> QSize:
        return QSize(420, 150)

    # --- what is to be said

    @property
    def _legend(self) -> list[Curve]:
        return [curve for curve in self._curves if not curve.faint]

    def _number(self, curve: Curve) -> float:
        return float(curve.ys[-1]) if self._hover is None else curve.at(self._hover)

    def _heading(self) -> str:
        return self._title if self._hover is None else f"{self._title} at {self._unit} {number_text(self._hover, 3)}"

    def _measure(self) -> None:
        self._span = self._heights()
        self.setAccessibleDescription(self.reading())
        self.update()

    # --- from numbers to pixels

    def _area(self) -> QRectF:
        return QRectF(LEFT, HEAD, self.width() - LEFT - RIGHT, self.height() - HEAD - FOOT)

    def _heights(self) -> tuple[float, float]:
        """The lowest and highest y to be seen, as they stand on the axis; of a faint curve not its wildest points."""
        if self._most is not None:
            return 0.0, self._most
        ends = [end for curve in self._curves for end in self._ends(curve)]
        if not ends:
            return (-1.0, 0.0) if self._log else (0.0, 1.0)
        low, high = min(ends), max(ends)
        if not self._log:
            low = min(low, 0.0)
        slack = max((high - low) * 0.06, 1e-12 * max(1.0, abs(high)))
        return low if low == 0 and not self._log else low - slack, high + slack

    def _ends(self, curve: Curve) -> tuple[float, ...]:
        heights = self._on_axis(curve.ys)
        heights = heights[np.isfinite(heights)]
        if not heights.size:
            return ()
        if curve.faint:
            low, high = np.percentile(heights, [2, 98])
            return float(low), float(high)
        return float(heights.min()), float(heights.max())

    def _on_axis(self, ys: Numbers) -> Numbers:
        if not self._log:
            return ys
        with np.errstate(all="ignore"):
            return np.where(ys > 0, np.log10(ys), np.nan)

    def _x(self, x: float) -> float:
        area = self._area()
        return area.left() + area.width() * min(x / self._end, 1.0)

    def _y(self, height: float) -> float:
        area, (low, high) = self._area(), self._span
        return area.bottom() - area.height() * (height - low) / (high - low)

    # --- the mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area, x = self._area(), event.position().x()
        inside = area.left() - 4 <= x <= area.right() + 4 and bool(self._legend)
        self._hover = min(max((x - area.left()) / area.width(), 0.0), 1.0) * self._end if inside else None
        self._snap()
        self._measure()

    def _snap(self) -> None:
        """To the nearest point of the first curve, so that the read-out is of a real point."""
        if self._hover is not None:
            xs = self._legend[0].xs
            self._hover = float(xs[int(np.argmin(np.abs(xs - self._hover)))])

    def leaveEvent(self, event: object) -> None:
        self._hover = None
        self._measure()

    # --- the picture

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("chip"))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        self._paint_head(painter)
        self._paint_axes(painter)
        painter.save()
        painter.setClipRect(self._area().adjusted(-2, -4, 4, 4))
        for curve in sorted(self._curves, key=lambda curve: not curve.faint):
            self._paint_curve(painter, curve)
        painter.restore()
        if self._hover is not None:
            self._paint_hover(painter, self._hover)
        painter.end()

    def _paint_head(self, painter: QPainter) -> None:
        """The legend from the right, its names where there is room for them, the heading in what room is left."""
        look, right = theme(), float(self.width() - RIGHT)
        named = self._legend_width() <= right - SIDE
        for curve in reversed(self._legend):
            number = self._text(self._number(curve))
            for said, role, bold in ((number, "text", True), (curve.name if named else "", "soft", False)):
                painter.setFont(font(CAPTION, bold=bold))
                right -= QFontMetricsF(painter.font()).horizontalAdvance(said)
                painter.setPen(look.color(role))
                painter.drawText(QPointF(right, 19), said)
                right -= 6
            painter.setPen(_pen(curve))
            painter.drawLine(QLineF(right - 20, 15, right, 15))
            right -= 36
        painter.setFont(font(CAPTION, bold=True))
        painter.setPen(look.color("faint"))
        fitting = QFontMetricsF(painter.font()).elidedText(self._heading(), Qt.TextElideMode.ElideRight, right - SIDE)
        if len(fitting) > 2:
            painter.drawText(QPointF(SIDE, 19), fitting)

    def _legend_width(self) -> float:
        plain, bold = QFontMetricsF(font(CAPTION)), QFontMetricsF(font(CAPTION, bold=True))
        numbers = [self._text(self._number(curve)) for curve in self._legend]
        texts = sum(map(bold.horizontalAdvance, numbers))
        names = sum(plain.horizontalAdvance(curve.name) for curve in self._legend)
        return texts + names + 48 * len(numbers) - 16

    def _paint_axes(self, painter: QPainter) -> None:
        area, look = self._area(), theme()
        painter.setFont(font(CAPTION))
        for height in self._ticks():
            y = self._y(height)
            painter.setPen(QPen(mixed(look.color("chip"), look.color("edge"), 0.25), 1))
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
            painter.setPen(look.color("faint"))
            said = self._text(10**height if self._log else height)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 8, LEFT - 8, 16), int(side), said)
        painter.setPen(look.color("faint"))
        if hint := self._hint():
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), hint)
            return
        foot = QRectF(area.left(), area.bottom() + 4, area.width(), 16)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft), "0")
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignHCenter), self._unit)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight), number_text(self._end))

    def _hint(self) -> str:
        """Why nothing is drawn."""
        if not self._curves:
            return "The curve is drawn here, step by step."
        if self._log and not any(self._ends(curve) for curve in self._curves):
            return "Nothing is above 0, so there is no logarithm to draw."
        return ""

    def _ticks(self) -> list[float]:
        """Round numbers inside the span: on a log axis powers of ten, if there are two of them."""
        if self._hint():
            return []
        low, high = self._span
        if self._log:
            powers = list(range(ceil(low), floor(high) + 1))
            if len(powers) >= 2:
                return [float(power) for power in powers[:: ceil(len(powers) / (TICKS + 1))]]
            inside = _round_numbers(10**low, 10**high)
            return [log10(number) for number in inside if number > 0]
        return _round_numbers(low, high)

    def _paint_curve(self, painter: QPainter, curve: Curve) -> None:
        heights = self._on_axis(curve.ys)
        painter.setPen(_pen(curve))
        line: list[QPointF] = []
        for x, height in zip(curve.xs.tolist(), heights.tolist(), strict=True):
            if np.isfinite(height):
                line.append(QPointF(self._x(x), self._y(height)))
            elif line:
                painter.drawPolyline(line)
                line = []
        painter.drawPolyline(line)
        if not curve.faint and line:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(curve.colour))
            painter.drawEllipse(line[-1], 3, 3)

    def _paint_hover(self, painter: QPainter, x: float) -> None:
        area, look = self._area(), theme()
        painter.setPen(QPen(look.color("soft"), 1))
        painter.drawLine(QLineF(self._x(x), area.top(), self._x(x), area.bottom()))
        for curve in self._legend:
            height = float(self._on_axis(np.array([curve.at(x)]))[0])
            if np.isfinite(height):
                painter.setPen(QPen(look.color(curve.colour), 2))
                painter.setBrush(look.color("panel"))
                painter.drawEllipse(QPointF(self._x(x), self._y(height)), 4, 4)


def _pen(curve: Curve) -> QPen:
    if curve.faint:
        return QPen(mixed(theme().color("chip"), theme().color(curve.colour), 0.55), 1)
    pen = QPen(theme().color(curve.colour), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    if curve.dashed:
        pen.setDashPattern([3, 1.6])
    return pen


def _round_numbers(low: float, high: float) -> list[float]:
    """About four of 1, 2 or 5 times a power of ten, evenly between low and high."""
    rough = (high - low) / TICKS
    power = 10.0 ** floor(log10(rough))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough * 0.999)
    return [step * number + 0.0 for number in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]
