"""L over two numbers, to be touched: ground in grey, lines of equal height, the point, both arrows, and paths downhill.

Symbols: L the target, or seed · target; a, b the two numbers, across and up; g the gradient over both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.truth.along import Numbers
from engine.values.values import number_text
from gui.look.guard import guarded
from gui.look.measure import elided, width
from gui.look.text_size import scaled
from gui.look.theme import CAPTION, Theme, font, mixed, theme
from gui.panels.slopes.grid import Ends, Landscape
from gui.panels.slopes.paths import Trail, paint_path
from gui.widgets.labels import sign_role
from gui.widgets.plot_axes import near_text, ticked
from gui.widgets.plot_ticks import paint_foot_numbers

LEFT, HEAD, FOOT, SIDE = 48, 30, 38, 12
GRASP, ARROW, HEAD_LENGTH = 12.0, 44.0, 8.0  # pixels; an arrow is as long, whatever the gradient: its number is said
NARROWER = 0.8
DARKEST = 0.62  # of the way from the panel's colour to an edge's: lines and paths stay legible on it
SIZE = QSize(360, 190)


class LandscapePlot(QWidget):
    """Draws what it is given. Tells what the hand does; whoever hears it changes the graph."""

    grasped = Signal()
    moved = Signal(float, float)  # where both numbers are to be
    let_go = Signal()
    taken_back = Signal()
    zoomed = Signal(float)
    own_keys = frozenset({Qt.Key.Key_Plus, Qt.Key.Key_Minus})  # see gui.keys

    def __init__(self) -> None:
        super().__init__()
        self.landscape: Landscape | None = None
        self.ends = Ends(-1, 1, -1, 1)
        self.point = self.slopes = (0.0, 0.0)
        self.paths: tuple[Trail, ...] = ()
        self.names = self.title = ("", "")
        self.hint = ""
        self._ground: QImage | None = None
        self._ground_of: tuple[Landscape | None, str] = (None, "")
        self._ground_picture: tuple[object, QPixmap] | None = None  # of which ground, ends, size and theme
        self._lines: list[tuple[float, list[Numbers]]] = []
        self._room: tuple[object, float] = None, 0.0  # between which ends, and how wide their numbers are
        self._held, self._under_mouse = False, ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(180, 110)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setToolTip("Drag the point: the graph follows. Wheel: zoom")

    def sizeHint(self) -> QSize:
        return SIZE

    def show_ground(self, landscape: Landscape | None) -> None:
        """Other ground; None: there is none yet."""
        if landscape is None and self.landscape is None:
            return
        self.landscape = landscape
        self._lines = landscape.lines() if landscape is not None else []
        self.update()

    def show_place(self, point: tuple[float, float], slopes: tuple[float, float]) -> None:
        """Where both numbers are, and the gradient there. Paths from another place are gone."""
        self.point, self.slopes, self.paths = point, slopes, ()
        self.update()

    def show_paths(self, paths: Sequence[Trail]) -> None:
        """Where steps downhill lead."""
        self.paths = tuple(paths)
        self.update()

    def spot(self, a: float, b: float) -> QPointF:
        """Where a place is on the widget."""
        area, ends = self._area(), self.ends
        across = (a - ends.left) / (ends.right - ends.left)
        up = (b - ends.low) / (ends.high - ends.low)
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    def place(self, spot: QPointF) -> tuple[float, float]:
        """The two numbers that a point of the widget stands for, within what is seen."""
        area, ends = self._area(), self.ends
        across = min(max((spot.x() - area.left()) / max(area.width(), 1.0), 0.0), 1.0)
        up = min(max((area.bottom() - spot.y()) / max(area.height(), 1.0), 0.0), 1.0)
        return ends.left + across * (ends.right - ends.left), ends.low + up * (ends.high - ends.low)

    def _area(self) -> QRectF:
        left, head = self._left(), scaled(HEAD)
        return QRectF(left, head, self.width() - left - SIDE, self.height() - head - scaled(FOOT))

    def _left(self) -> float:
        """The room for the numbers up the side: they stand there whole."""
        if self._room[0] != (self.ends.low, self.ends.high, scaled(CAPTION)):
            ticks = ticked(self.ends.low, self.ends.high).ticks
            widest = max((width(said, scaled(CAPTION)) for _, said in ticks), default=0.0)
            self._room = (self.ends.low, self.ends.high, scaled(CAPTION)), max(scaled(LEFT), round(widest) + 12)
        return self._room[1]

    # --- the hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        near = (event.position() - self.spot(*self.point)).manhattanLength() <= GRASP
        if event.button() == Qt.MouseButton.LeftButton and near and not self.hint:
            self._held = True
            self.grasped.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._held:
            self.moved.emit(*self.place(at))
            return
        near = (at - self.spot(*self.point)).manhattanLength() <= GRASP
        self.setCursor(Qt.CursorShape.SizeAllCursor if near else Qt.CursorShape.CrossCursor)
        self._read(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held = False
            self.let_go.emit()

    def leaveEvent(self, event: object) -> None:
        self._under_mouse = ""
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if notches := event.angleDelta().y() / 120:
            self.zoomed.emit(NARROWER**notches)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and − zoom; Esc takes a drag back."""
        key = event.key()
        if key == Qt.Key.Key_Escape and self._held:
            self._held = False
            self.taken_back.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            self.zoomed.emit(NARROWER**2 if key == Qt.Key.Key_Plus else NARROWER**-2)
        else:
            event.ignore()

    def _read(self, at: QPointF) -> None:
        """The height under the mouse, of the place of the grid that is nearest."""
        ground, said = self.landscape, ""
        if ground is not None and self._area().contains(at):
            a, b = self.place(at)
            column, row = int(np.abs(ground.across - a).argmin()), int(np.abs(ground.up - b).argmin())
            near = (ground.across[column], ground.up[row], ground.heights[row, column])
            x = near_text(float(near[0]), self.ends.left, self.ends.right)
            y = near_text(float(near[1]), self.ends.low, self.ends.high)
            heights = ground.heights[np.isfinite(ground.heights)]
            height = near_text(float(near[2]), float(heights.min()), float(heights.max())) if heights.size else "none"
            said = f"{self.names[0]} {x}, {self.names[1]} {y}: {self.title[0]} {height}"
        if said != self._under_mouse:
            self._under_mouse = said
            self.update()

    # --- the picture

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("chip"))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
            says_slopes = not self._under_mouse and not self.hint
            right = self._paint_slopes(painter, look) if says_slopes else float(self.width() - SIDE)
            self._paint_title(painter, look, right)
            if self.hint:
                painter.setFont(font(scaled(CAPTION)))
                painter.drawText(self._area(), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.hint)
                return
            self._paint_axes(painter, look)
            painter.setClipRect(self._area())
            self._paint_ground(painter, look)
            for path in self.paths:
                paint_path(painter, look, path, self.spot)
            self._paint_arrows(painter, look)

    def _paint_title(self, painter: QPainter, look: Theme, right: float) -> None:
        """What it shows, or what is under the mouse, as far as there is room."""
        said = elided(self._under_mouse or self.title[1], scaled(CAPTION), True, right - SIDE)
        painter.setFont(font(scaled(CAPTION), bold=True))
        painter.setPen(look.color("faint"))
        if len(said) > 2:
            painter.drawText(QPointF(SIDE, scaled(19)), said)

    def _paint_slopes(self, painter: QPainter, look: Theme) -> float:
        """Both partial slopes, at the right of the heading. Gives where they begin."""
        right = float(self.width() - SIDE)
        painter.setFont(font(scaled(12), bold=True))
        for name, slope in reversed(tuple(zip(self.names, self.slopes, strict=True))):
            said = f"∂{self.title[0]}/∂{name} {number_text(slope, 3)}"
            right -= painter.fontMetrics().horizontalAdvance(said)
            painter.setPen(look.color(sign_role(slope)))
            painter.drawText(QPointF(right, scaled(19)), said)
            right -= 14
        return right

    def _paint_axes(self, painter: QPainter, look: Theme) -> None:
        area, ends = self._area(), self.ends
        painter.setFont(font(scaled(CAPTION)))
        painter.setPen(look.color("faint"))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        below = [(self.spot(at, ends.low).x(), said) for at, said in ticked(ends.left, ends.right).ticks]
        room = 6.0, self.width() - 6.0
        paint_foot_numbers(painter, below, scaled(CAPTION), room, area.bottom() + 4, scaled(15))
        for at, said in ticked(ends.low, ends.high).ticks:
            y = self.spot(ends.left, at).y()
            painter.drawText(QRectF(0, y - scaled(8), area.left() - 6, scaled(16)), int(right), said)
        painter.setFont(font(scaled(CAPTION), bold=True))
        painter.setPen(look.color("soft"))
        painter.drawText(
            QRectF(area.left(), area.bottom() + scaled(19), area.width(), scaled(16)), int(right), f"{self.names[0]} →"
        )
        painter.drawText(QPointF(2, area.bottom() + scaled(31)), f"↑ {self.names[1]}")

    def _paint_ground(self, painter: QPainter, look: Theme) -> None:
        """As a picture that is kept: the point moves over it, and it stays."""
        ratio = self.devicePixelRatioF()
        of = (self.landscape, look.name, self.ends, self.size(), ratio)
        if self._ground_picture is None or self._ground_picture[0] != of:
            picture = QPixmap(self.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            with QPainter(picture) as own:
                own.setRenderHint(QPainter.RenderHint.Antialiasing)
                own.setClipRect(self._area())
                self._draw_ground(own, look)
            self._ground_picture = of, picture
        painter.drawPixmap(0, 0, self._ground_picture[1])

    def _draw_ground(self, painter: QPainter, look: Theme) -> None:
        area = self._area()
        painter.fillRect(area, look.color("panel"))
        if self.landscape is None:
            return
        ends = self.landscape.ends
        box = QRectF(self.spot(ends.left, ends.high), self.spot(ends.right, ends.low))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(box, self._grey(look))
        painter.setPen(QPen(mixed(look.color("panel"), look.color("text"), 0.38), 1))
        for _, pieces in self._lines:
            for piece in pieces:
                painter.drawPolyline(QPolygonF([self.spot(a, b) for a, b in piece.tolist()]))

    def _grey(self, look: Theme) -> QImage:
        """The heights as a picture, the lowest as light as the panel; where there is no height, hatched by nothing."""
        if self._ground is None or self._ground_of != (self.landscape, look.name):
            assert self.landscape is not None
            shades = self.landscape.shades()[::-1]
            low, high = look.color("panel"), mixed(look.color("panel"), look.color("edge"), DARKEST)
            share = np.nan_to_num(shades)[..., None]
            pixels = np.ascontiguousarray(_rgb(low) * (1 - share) + _rgb(high) * share, np.uint8)
            pixels[np.isnan(shades)] = _rgb(look.color("canvas"))
            rows, columns = shades.shape
            self._ground = QImage(pixels.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
            self._ground_of = (self.landscape, look.name)
        return self._ground

    def _paint_arrows(self, painter: QPainter, look: Theme) -> None:
        """Uphill along the gradient, downhill against it; the point last."""
        at, area, ends = self.spot(*self.point), self._area(), self.ends
        across = self.slopes[0] * area.width() / (ends.right - ends.left)
        up = self.slopes[1] * area.height() / (ends.high - ends.low)
        length = float(np.hypot(across, up))
        if np.isfinite(length) and length > 0:
            way = QPointF(across / length, -up / length)
            _paint_arrow(painter, at, at + way * ARROW, look.color("pos"), Qt.PenStyle.SolidLine)
            _paint_arrow(painter, at, at - way * ARROW, look.color("neg"), Qt.PenStyle.DashLine)
        painter.setPen(QPen(look.color("panel"), 2))
        painter.setBrush(look.color("focus"))
        painter.drawEllipse(at, 7, 7)


def _rgb(colour: QColor) -> Numbers:
    return np.array([colour.red(), colour.green(), colour.blue()], np.float64)


def _paint_arrow(painter: QPainter, start: QPointF, end: QPointF, colour: QColor, style: Qt.PenStyle) -> None:
    painter.setPen(QPen(colour, 2.4, style))
    painter.drawLine(QLineF(start, end))
    back = QLineF(end, start)
    back.setLength(HEAD_LENGTH)
    wings = []
    for angle in (-28, 28):
        wing = QLineF(back)
        wing.setAngle(back.angle() + angle)
        wings.append(wing.p2())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([end, *wings]))
