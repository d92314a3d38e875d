"""The one plot: curves over two axes, a legend with a read-out under the mouse, a marked point with its tangent."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look import measure
from gui.look.guard import guarded
from gui.look.text_size import scaled
from gui.look.theme import CAPTION, font, mixed, theme
from gui.widgets.labels import sign_role
from gui.widgets.plot_axes import Axis, Numbers, near_text, short_text
from gui.widgets.plot_ends import MOST_IN_LEGEND, apart, line_pen, uncrowded
from gui.widgets.plot_ticks import paint_foot_numbers

HEAD, SIDE, LEFT, ROW, BESIDE = 30, 14, 52, 16, 16  # LEFT: for numbers beside the axis, ROW: for a line below it
LOW = 128  # of height: in a lower one the curves need all of it
CLIP = (-7, -7, 7, 7)  # a point at the rim is seen whole, the ring of a mark too
BARS = 0.45  # of the height
Align = Qt.AlignmentFlag


@dataclass(frozen=True)
class Curve:
    """y over x, in a colour of the theme. One with a name stands in the legend; a `faint` one stands behind."""

    name: str
    colour: str
    xs: Numbers
    ys: Numbers
    dashed: bool = False
    faint: bool = False
    dotted: bool = False  # a dot at each point

    def at(self, x: float) -> float:
        """The number of the last point up to x."""
        return float(self.ys[max(0, int(np.searchsorted(self.xs, x, "right")) - 1)])


@dataclass(frozen=True)
class Mark:
    """A point on a curve; with a slope, also the tangent there, in the colour of its sign."""

    x: float
    y: float
    slope: float | None = None

    @property
    def colour(self) -> QColor:
        return theme().color("focus" if self.slope is None else sign_role(self.slope))


@dataclass(frozen=True)
class Bars:
    """How many fall between each edge and the next: behind the curves, the highest over `BARS` of the height."""

    edges: Numbers
    counts: Numbers


@dataclass(frozen=True)
class Figure:
    """All that a plot shows. `said` stands where the legend would; `unit` is what x counts, `text` writes a y."""

    title: str
    x: Axis
    y: Axis
    curves: tuple[Curve, ...] = ()
    foot: tuple[str, str, str] = ("", "", "")
    said: str = ""
    mark: Mark | None = None
    bars: Bars | None = None
    unit: str = ""
    text: Callable[[float], str] = short_text
    hint: str = ""  # why nothing is drawn
    warned: float | None = None  # the x from which something is wrong

    @property
    def legend(self) -> list[Curve]:
        return [curve for curve in self.curves if curve.name]


class Plot(QWidget):
    """Draws the figure that it is given; a click tells the x of the point that is read out."""

    picked = Signal(float)

    def __init__(self, title: str, hint: QSize, grows: bool = False, named_above: bool = False) -> None:
        super().__init__()
        self._named_above = named_above  # what it shows is chosen just above it, and not said a second time
        self.figure = Figure(title, Axis(0, 1), Axis(0, 1))
        self._size = hint
        self._hover: float | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(180, 110)
        down = QSizePolicy.Policy.Expanding if grows else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Expanding, down)
        self.setAccessibleName(title)

    def show_figure(self, figure: Figure) -> None:
        """Another figure, or the same with more points."""
        self.figure = figure
        if not figure.legend:
            self._hover = None  # there is nothing to read out
        self._say()

    def reading(self) -> str:
        """What stands above it: the numbers under the mouse, or the last ones."""
        numbers = ", ".join(f"{curve.name} {self._number(curve)}" for curve in self.figure.legend)
        said = numbers or self.figure.said
        return f"{self._heading()}: {said}" if said else self.figure.title

    def picture(self) -> QPixmap:
        """As it is seen, with its heading, for elsewhere nothing above it says what it shows."""
        kept, self._named_above = self._named_above, False
        try:
            return self.grab()
        finally:
            self._named_above = kept

    def sizeHint(self) -> QSize:
        return self._size

    def _number(self, curve: Curve) -> str:
        return self.figure.text(float(curve.ys[-1]) if self._hover is None else curve.at(self._hover))

    def _heading(self) -> str:
        return self.figure.title if self._hover is None else f"{self.figure.title} at {self._place(self._hover)}"

    def _place(self, x: float) -> str:
        axis = self.figure.x
        said = short_text(x) if axis.log else near_text(x, axis.low, axis.high)
        return f"{self.figure.unit} {said}".strip()

    def _say(self) -> None:
        self.setAccessibleDescription(self.reading())
        self.update()

    # --- from numbers to pixels

    def _area(self) -> QRectF:
        left = self._left if self.figure.y.ticks else SIDE
        foot = 8 + scaled(ROW) * (1 + bool(self.figure.x.ticks))
        head = scaled(HEAD) + self._lower
        return QRectF(left, head, self.width() - left - SIDE - self._ends_room, self.height() - head - foot)

    @property
    def _lower(self) -> int:
        """How far the legend stands below the heading where both have no room in one line; 0: beside it."""
        if not self.figure.legend or self._names_at_ends or self._named_above or self.height() < scaled(LOW):
            return 0
        heading = measure.width(self.figure.title, scaled(CAPTION), bold=True)
        return scaled(ROW) if heading + 2 * SIDE + BESIDE + self._legend_width() > self.width() else 0

    @property
    def _names_at_ends(self) -> bool:
        count, room = len(self.figure.legend), self.width() - 2 * SIDE
        return count > MOST_IN_LEGEND or (self._named_above and count > 1 and self._legend_width(numbers=False) > room)

    @property
    def _ends_room(self) -> float:
        """Right of the curves, for their names; at most half of the width."""
        widest = max((measure.width(curve.name, scaled(CAPTION)) for curve in self.figure.legend), default=0.0)
        return min(widest + 6.0, self.width() / 2) if self._names_at_ends else 0.0

    @property
    def _left(self) -> int:
        """The room for the numbers beside the axis: more where they have many digits in common."""
        widest = max((measure.width(said, scaled(CAPTION)) for _, said in self.figure.y.ticks), default=0.0)
        return max(scaled(LEFT), round(widest) + 16)

    def _points(self, xs: Numbers, ys: Numbers) -> list[QPointF | None]:
        """Where points are; None for those that are nowhere."""
        area, figure = self._area(), self.figure
        across = area.left() + area.width() * figure.x.place(xs)
        down = area.bottom() - area.height() * figure.y.place(ys)
        return [QPointF(x, y) if isfinite(y) else None for x, y in zip(across.tolist(), down.tolist(), strict=True)]

    def _point(self, x: float, y: float) -> QPointF | None:
        area, figure = self._area(), self.figure
        down = area.bottom() - area.height() * figure.y.spot(y)
        return QPointF(area.left() + area.width() * figure.x.spot(x), down) if isfinite(down) else None

    # --- the mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The read-out is of the point of the first curve that is nearest."""
        area, x = self._area(), event.position().x()
        self._hover = None
        if area.left() - 4 <= x <= area.right() + 4 and self.figure.legend:
            xs = self.figure.legend[0].xs
            places = area.left() + area.width() * self.figure.x.place(xs)
            self._hover = float(xs[int(np.argmin(np.abs(places - x)))])
        self._say()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)
        if self._hover is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self._hover)

    def leaveEvent(self, event: object) -> None:
        self._hover = None
        self._say()

    # --- the picture

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        figure = self.figure
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("chip"))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
            self._paint_head(painter)
            if figure.hint:
                painter.setFont(font(scaled(CAPTION)))
                inside = QRectF(self.rect()).adjusted(SIDE, scaled(HEAD), -SIDE, -8)
                painter.drawText(inside, int(Align.AlignCenter) | int(Qt.TextFlag.TextWordWrap), figure.hint)
                return
            self._paint_heights(painter)
            self._paint_foot(painter)
            painter.save()
            painter.setClipRect(self._area().adjusted(*CLIP))
            if figure.bars is not None:
                self._paint_bars(painter, figure.bars)
            for curve in sorted(figure.curves, key=lambda curve: not curve.faint):
                self._paint_curve(painter, curve)
            if figure.warned:
                self._paint_warned(painter, figure.warned)
            if figure.mark is not None:
                self._paint_mark(painter, figure.mark)
            painter.restore()
            if self._names_at_ends:
                self._paint_ends(painter)
            if self._hover is not None:
                self._paint_hover(painter, self._hover)

    def _paint_head(self, painter: QPainter) -> None:
        """What is said or the legend on the right, the heading in what room is left."""
        in_line = self.figure.legend and not self._names_at_ends
        right = self._paint_legend(painter) if in_line else self._paint_said(painter)
        painter.setFont(font(scaled(CAPTION), bold=True))
        painter.setPen(theme().color("faint"))
        metrics, heading = QFontMetricsF(painter.font()), self._heading()
        if self._named_above:
            ways = ("",) if self._hover is None else (self._place(self._hover), short_text(self._hover))
            heading = next((way for way in ways if metrics.horizontalAdvance(way) <= right - SIDE), ways[-1])
        room = (self.width() - SIDE if self._lower else right) - SIDE
        fitting = metrics.elidedText(heading, Qt.TextElideMode.ElideRight, room)
        if len(fitting) > 2 or fitting == heading:
            painter.drawText(QPointF(SIDE, scaled(19)), fitting)

    def _paint_said(self, painter: QPainter) -> float:
        figure = self.figure
        painter.setFont(font(scaled(12), bold=True))
        sloping = figure.mark is not None and figure.mark.slope is not None
        painter.setPen(figure.mark.colour if figure.mark and sloping else theme().color("text"))
        left = self.width() - SIDE - QFontMetricsF(painter.font()).horizontalAdvance(figure.said)
        painter.drawText(QPointF(left, scaled(19)), figure.said)
        return left - SIDE

    def _paint_legend(self, painter: QPainter) -> float:
        """Each curve's line, name and number; of the two what there is room for in all; the left end of it all."""
        right = float(self.width() - SIDE)
        named, numbered, base = self._legend_width() <= right - SIDE, True, scaled(19) + self._lower
        if not named and self._legend_width(numbers=False) <= right - SIDE and self._hover is None:
            named, numbered = True, False
        for curve in reversed(self.figure.legend):
            number, name = self._number(curve) if numbered else "", curve.name if named else ""
            for said, role, bold in ((number, "text", True), (name, "soft", False)):
                painter.setFont(font(scaled(CAPTION), bold=bold))
                right -= QFontMetricsF(painter.font()).horizontalAdvance(said)
                painter.setPen(theme().color(role))
                painter.drawText(QPointF(right, base), said)
                right -= 6 * bool(said)
            painter.setPen(self._pen(curve))
            painter.drawLine(QLineF(right - 20, base - scaled(4), right, base - scaled(4)))
            right -= 20 + BESIDE
        return right

    def _legend_width(self, names: bool = True, numbers: bool = True) -> float:
        legend, size = self.figure.legend, scaled(CAPTION)
        texts = sum(measure.width(self._number(curve), size, bold=True) for curve in legend) if numbers else 0.0
        texts += sum(measure.width(curve.name, size) for curve in legend) if names else 0.0
        return texts + (32 + BESIDE) * len(legend) - BESIDE

    def _paint_heights(self, painter: QPainter) -> None:
        """A line and its number for each height; without any, a line at the bottom."""
        area, look = self._area(), theme()
        line, faint = QPen(mixed(look.color("chip"), look.color("edge"), 0.25), 1), look.color("faint")
        painter.setFont(font(scaled(CAPTION)))
        for at, said in self.figure.y.ticks:
            y = area.bottom() - area.height() * self.figure.y.part(at)
            painter.setPen(line)
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
            painter.setPen(faint)
            painter.drawText(
                QRectF(0, y - scaled(8), area.left() - 8, scaled(16)), int(Align.AlignRight | Align.AlignVCenter), said
            )
        if not self.figure.y.ticks:
            painter.setPen(QPen(look.color("edge"), 1))
            painter.drawLine(QLineF(area.left(), area.bottom() + 4, area.right(), area.bottom() + 4))

    def _paint_foot(self, painter: QPainter) -> None:
        """The numbers along x, and under them what stands at its ends and in its middle."""
        area, figure = self._area(), self.figure
        painter.setFont(font(scaled(CAPTION)))
        painter.setPen(theme().color("faint"))
        foot = QRectF(area.left(), area.bottom() + 6, area.width(), scaled(ROW))
        ticks = [(float(area.left() + area.width() * figure.x.part(at)), said) for at, said in figure.x.ticks]
        paint_foot_numbers(painter, ticks, scaled(CAPTION), (6.0, self.width() - 6.0), foot.top(), scaled(ROW))
        foot.translate(0, scaled(ROW) * bool(figure.x.ticks))
        below = uncrowded(figure.foot, area.width())
        for side, said in zip((Align.AlignLeft, Align.AlignHCenter, Align.AlignRight), below, strict=True):
            painter.drawText(foot, int(side), said)

    def _paint_bars(self, painter: QPainter, bars: Bars) -> None:
        area, axis, look = self._area(), self.figure.x, theme()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mixed(look.color("chip"), look.color("focus"), 0.35))
        highest = float(np.max(bars.counts, initial=1.0))
        for left, right, count in zip(bars.edges[:-1], bars.edges[1:], bars.counts, strict=True):
            start, end = (area.left() + area.width() * axis.part(float(x)) for x in (left, right))
            high = area.height() * BARS * float(count) / highest
            painter.drawRect(QRectF(start + 0.5, area.bottom() - high, max(end - start - 1, 1.0), high))

    def _paint_curve(self, painter: QPainter, curve: Curve) -> None:
        points = self._points(curve.xs, curve.ys)
        painter.setPen(self._pen(curve))
        line: list[QPointF] = []
        for point in [*points, None]:
            if point is not None:
                line.append(point)
            elif line:
                painter.drawPolyline(line)
                line = []
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(curve.colour))
        for dot in (point for point in points if point is not None and curve.dotted):
            painter.drawEllipse(dot, 2, 2)
        if curve.name and points and points[-1] is not None:
            painter.drawEllipse(points[-1], 3, 3)

    def _pen(self, curve: Curve) -> QPen:
        return line_pen(theme().color(curve.colour), bool(curve.name), curve.dashed, curve.faint)

    def _paint_ends(self, painter: QPainter) -> None:
        """Beside its end the name of each curve; under the mouse, its number there."""
        area, look = self._area(), theme()
        ends = [(curve, self._points(curve.xs[-1:], curve.ys[-1:])[0]) for curve in self.figure.legend]
        seen = [(curve, point.y()) for curve, point in ends if point is not None]
        line = float(scaled(CAPTION) + 2)
        places = apart([y for _, y in seen], line, area.top() - line / 2, area.bottom() + line / 2)
        painter.setFont(font(scaled(CAPTION)))
        room = self._ends_room + SIDE - 8
        for (curve, _), y in zip(seen, places, strict=True):
            said = curve.name if self._hover is None else self._number(curve)
            painter.setPen(look.color(curve.colour))
            fitting = QFontMetricsF(painter.font()).elidedText(said, Qt.TextElideMode.ElideMiddle, room)
            box = QRectF(area.right() + 6, y - line / 2, room, line)
            painter.drawText(box, int(Align.AlignLeft | Align.AlignVCenter), fitting)

    def _paint_mark(self, painter: QPainter, mark: Mark) -> None:
        if mark.slope is not None and np.isfinite(mark.slope):
            half = self.figure.x.high / 4 - self.figure.x.low / 4
            ends = [self._point(mark.x + s * half, mark.y + s * half * mark.slope) for s in (-1.0, 1.0)]
            if ends[0] is not None and ends[1] is not None:
                painter.setPen(QPen(mark.colour, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawLine(ends[0], ends[1])
        if (point := self._point(mark.x, mark.y)) is not None:
            painter.setPen(QPen(mark.colour, 2.5))
            painter.setBrush(theme().color("panel"))
            painter.drawEllipse(point, 5, 5)

    def _paint_warned(self, painter: QPainter, x: float) -> None:
        area = self._area()
        at = area.left() + area.width() * self.figure.x.part(x)
        painter.setPen(QPen(theme().color("warn"), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(at, area.top(), at, area.bottom()))
        painter.setFont(font(scaled(CAPTION), bold=True))
        painter.drawText(QPointF(at + 4, area.top() + scaled(CAPTION)), "!")

    def _paint_hover(self, painter: QPainter, x: float) -> None:
        area, look = self._area(), theme()
        for number, curve in enumerate(self.figure.legend):
            point = self._point(x, curve.at(x))
            if point is None:
                continue
            if not number:
                painter.setPen(QPen(look.color("soft"), 1))
                painter.drawLine(QLineF(point.x(), area.top(), point.x(), area.bottom()))
            painter.setPen(QPen(look.color(curve.colour), 2))
            painter.setBrush(look.color("panel"))
            painter.drawEllipse(point, 4, 4)
