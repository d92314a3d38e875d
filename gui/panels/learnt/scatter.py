"""The rows of a dataset as points: over the plane of two features, or over one with the curve of the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
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
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.learn.decisions import Ids, Numbers
from gui.look.guard import guarded
from gui.look.measure import elided
from gui.look.text_size import keep_scaled, scaled
from gui.look.theme import CAPTION, Theme, font, theme, themes
from gui.panels.learnt.colours import class_colour, shaded
from gui.widgets.plot_axes import ticked

LEFT, HEAD, FOOT, SIDE = 40, 26, 34, 10
NEAR = 9.0  # pixels: so near to a point the mouse is on it
RADIUS, BATCH, CHOSEN = 4.0, 5.6, 8.0
USUAL_HEIGHT, MOST_SCALE = 300.0, 1.8  # pixels of what is drawn, from which on marks grow, and how much
SIZE, LOWEST = QSize(280, 240), 150
NARROWEST, WIDEST = 180, 16_777_215  # the latter is Qt's own


@dataclass(frozen=True)
class Points:
    """Where the rows are; of each its class (or, where `parts` are given, its shade), and whether it is held out."""

    xs: Numbers
    ys: Numbers
    classes: Ids
    held: Ids
    parts: Numbers | None = None


@dataclass(frozen=True)
class PointScene:
    """All that is shown: the ends of both axes, their names, what lies behind the points, and the points."""

    ends: tuple[float, float, float, float]  # left, right, low, high
    names: tuple[str, str]
    points: Points
    ground: QImage | None = None
    curve: tuple[Numbers, Numbers] | None = None


class Scatter(QWidget):
    """Draws a scene; a click on a point, or ↑ ↓ and Enter, choose a row, counted from 0."""

    chosen = Signal(int)
    wanted_large = Signal()  # or small again: a double click beside the points
    pointed = Signal(int)  # the row under the mouse or the keys; −1: none
    own_keys = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter})

    def __init__(self) -> None:
        super().__init__()
        self.scene: PointScene | None = None
        self.row = self.near = -1
        self.batch: Ids = np.zeros(0, np.intp)  # the rows of the last step of a training
        self.said = ""
        self._places = np.zeros((0, 2))
        self._front: QPixmap | None = None  # the points and the axes as they were drawn last
        themes.changed.connect(self._draw_anew)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.be_wide(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._most = 0  # pixels of height that it may have; 0: it is not known yet
        keep_scaled(self, self._be_square)
        self.setToolTip(
            "Click a point: its own pass plays on the canvas. Keys: ↑ ↓ and Enter\n"
            "Double click beside the points: large, over the canvas, or small again"
        )
        self.setAccessibleName("What it has learnt")

    def sizeHint(self) -> QSize:
        return QSize(scaled(SIZE.width()), scaled(SIZE.height()))

    def be_seen_in(self, most: int) -> None:
        """So many pixels of height are seen of it at once: it is as high as it is wide, if that is no more."""
        self._most = most
        self._be_square()

    def be_wide(self, wide: int) -> None:
        """So many pixels of width, no more and no less; 0: as many as there are."""
        self.setMinimumWidth(wide or NARROWEST)
        self.setMaximumWidth(wide or WIDEST)

    def _be_square(self) -> None:
        wide = self.width() - scaled(LEFT) - SIDE
        high = min(wide + scaled(HEAD) + scaled(FOOT), self._most) if self._most else scaled(SIZE.height())
        self.setFixedHeight(max(high, scaled(LOWEST)))

    def show_scene(self, scene: PointScene, row: int, said: str) -> None:
        """Another picture; `row` is the one whose pass is on the canvas, −1: none; `said` is its heading."""
        self.scene, self.row, self.said = scene, row, said
        if self.near >= len(scene.points.xs):
            self.near = -1
        self.setAccessibleDescription(said)
        self._draw_anew()

    def show_ground(self, scene: PointScene) -> None:
        """Other answers behind the points, of which `scene` has the places."""
        was = self.scene
        same = was is not None and was.ends == scene.ends and np.array_equal(was.points.ys, scene.points.ys)
        self.scene = replace(scene, points=was.points) if was is not None and same else scene
        if not same:
            self._front = None
        self.update()

    def _draw_anew(self) -> None:
        self._front = None
        self.update()

    def mark_batch(self, rows: Ids) -> None:
        """These stand out: the last step of a training saw them."""
        self.batch = rows
        self.update()

    def say(self, said: str) -> None:
        """Another heading."""
        self.said = said
        self.setAccessibleDescription(said)
        self.update()

    def spot(self, row: int) -> QPointF:
        """Where a row is on the widget."""
        x, y = self._all_places()[row]
        return QPointF(x, y)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._be_square()

    # --- the hand

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._row_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.chosen.emit(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._row_at(event.position()) < 0:
            self.wanted_large.emit()

    def leaveEvent(self, event: object) -> None:
        self._point_at(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        count = 0 if self.scene is None else len(self.scene.points.xs)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and count:
            at = self.near if self.near >= 0 else self.row if self.row >= 0 else (-1 if step > 0 else 0)
            self._point_at((at + step) % count)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.near >= 0:
            self.chosen.emit(self.near)
        else:
            event.ignore()

    def _point_at(self, row: int) -> None:
        if row != self.near:
            self.near = row
            self.setCursor(Qt.CursorShape.PointingHandCursor if row >= 0 else Qt.CursorShape.ArrowCursor)
            self.pointed.emit(row)
            self.update()

    def _row_at(self, spot: QPointF) -> int:
        places = self._all_places()
        if not len(places):
            return -1
        apart = np.hypot(places[:, 0] - spot.x(), places[:, 1] - spot.y())
        apart = np.where(np.isfinite(apart), apart, np.inf)
        at = int(np.argmin(apart))
        return at if apart[at] <= NEAR * self.mark_scale else -1

    # --- from numbers to pixels

    def _area(self) -> QRectF:
        left, head = scaled(LEFT), scaled(HEAD)
        return QRectF(left, head, self.width() - left - SIDE, self.height() - head - scaled(FOOT))

    def _across(self, xs: Numbers) -> Numbers:
        assert self.scene is not None
        area, (left, right, _, _) = self._area(), self.scene.ends
        return np.asarray(area.left() + (xs - left) / (right - left) * area.width())

    def _down(self, ys: Numbers) -> Numbers:
        assert self.scene is not None
        area, (_, _, low, high) = self._area(), self.scene.ends
        return np.asarray(area.bottom() - (ys - low) / (high - low) * area.height())

    def _all_places(self) -> Numbers:
        if self.scene is None:
            return np.zeros((0, 2))
        points = self.scene.points
        return np.stack([self._across(points.xs), self._down(points.ys)], axis=1)

    # --- the picture

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("chip"))
            painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
            painter.setFont(font(scaled(CAPTION), bold=True))
            painter.setPen(look.color("text"))
            head = elided(self.said, scaled(CAPTION), True, self.width() - 2.0 * SIDE)
            painter.drawText(QPointF(SIDE, scaled(17)), head)
            if self.scene is None:
                return
            painter.setClipRect(self._area())
            self._paint_ground(painter, look, self.scene)
            painter.setClipping(False)
            if self._front is None or self._front.size() != self.size() * self.devicePixelRatioF():
                self._front = self._drawn_front(look, self.scene)
            painter.drawPixmap(0, 0, self._front)
            self._paint_rings(painter, look)

    def _drawn_front(self, look: Theme, scene: PointScene) -> QPixmap:
        """The points and the axes, which stay while the ground changes."""
        ratio = self.devicePixelRatioF()
        front = QPixmap(self.size() * ratio)
        front.setDevicePixelRatio(ratio)
        front.fill(Qt.GlobalColor.transparent)
        with QPainter(front) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_axes(painter, look, scene)
            self._paint_points(painter, look, scene.points)
        return front

    def _paint_axes(self, painter: QPainter, look: Theme, scene: PointScene) -> None:
        area, (left, right, low, high) = self._area(), scene.ends
        painter.setFont(font(scaled(CAPTION)))
        painter.setPen(look.color("faint"))
        beside, middle = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignHCenter
        for at, said in ticked(left, right).ticks:
            x = float(self._across(np.array(at)))
            painter.drawText(QRectF(x - scaled(30), area.bottom() + 2, scaled(60), scaled(14)), int(middle), said)
        for at, said in ticked(low, high).ticks:
            y = float(self._down(np.array(at)))
            painter.drawText(QRectF(0, y - scaled(8), scaled(LEFT) - 5, scaled(16)), int(beside), said)
        painter.setFont(font(scaled(CAPTION), bold=True))
        painter.setPen(look.color("soft"))
        foot = QRectF(area.left(), area.bottom() + scaled(16), area.width(), scaled(15))
        half = area.width() / 2
        for said, side in ((f"↑ {scene.names[1]}", Qt.AlignmentFlag.AlignLeft), (f"{scene.names[0]} →", beside)):
            painter.drawText(foot, int(side), elided(said, scaled(CAPTION), True, half - 4))

    def _paint_ground(self, painter: QPainter, look: Theme, scene: PointScene) -> None:
        area = self._area()
        painter.fillRect(area, look.color("panel"))
        if scene.ground is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, scene.ground)
        if scene.curve is not None:
            xs, ys = self._across(scene.curve[0]), self._down(scene.curve[1])
            line = [QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True) if abs(y) < 1e6]
            painter.setPen(QPen(look.color("focus"), 2.4))
            painter.drawPolyline(line)

    def _paint_points(self, painter: QPainter, look: Theme, points: Points) -> None:
        places, held = self._all_places().tolist(), set(points.held.tolist())
        area = self._area().adjusted(-6, -6, 6, 6)
        for row, ((x, y), number) in enumerate(zip(places, points.classes.tolist(), strict=True)):
            if not area.contains(x, y):  # also what is no number
                continue
            colour = class_colour(look, number) if points.parts is None else shaded(look, float(points.parts[row]))
            _paint_mark(painter, look, QPointF(x, y), (colour, number, row in held), self.mark_scale)

    @property
    def mark_scale(self) -> float:
        """How large the marks of the points are: larger in a large picture, which is seen from farther away."""
        return min(max(self._area().height() / USUAL_HEIGHT, 1.0), MOST_SCALE)

    def _paint_rings(self, painter: QPainter, look: Theme) -> None:
        """Round the rows of the last step, the one whose pass is on the canvas, and the one under the mouse."""
        places, area = self._all_places(), self._area().adjusted(-6, -6, 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rings = [(row, BATCH, 1.2) for row in self.batch.tolist()]
        for row, radius, width in (*rings, (self.row, CHOSEN, 2.6), (self.near, CHOSEN, 1.4)):
            if 0 <= row < len(places) and area.contains(*places[row]):
                painter.setPen(QPen(look.color("text"), width))
                painter.drawEllipse(QPointF(*places[row]), radius * self.mark_scale, radius * self.mark_scale)


def _paint_mark(painter: QPainter, look: Theme, at: QPointF, how: tuple[QColor, int, bool], scale: float) -> None:
    """A mark of its class, within a rim by which it stands out from ground of the same colour; hollow if held out."""
    colour, number, hollow = how
    painter.setPen(QPen(colour if hollow else look.color("panel"), 1.7 if hollow else 0.9))
    painter.setBrush(look.color("panel") if hollow else colour)
    painter.save()
    painter.translate(at)
    painter.scale(scale, scale)
    shape = _SHAPES[number % len(_SHAPES)]
    if shape is None:
        painter.drawEllipse(QPointF(), RADIUS, RADIUS)
    else:
        painter.drawPolygon(shape)
    painter.restore()


def _polygon(*corners: tuple[float, float]) -> QPolygonF:
    return QPolygonF([QPointF(x * RADIUS, y * RADIUS) for x, y in corners])


# One for each mark of `colours.MARKS`: None is a disc.
_SHAPES: tuple[QPolygonF | None, ...] = (
    None,
    _polygon((0, -1.3), (1.2, 0.9), (-1.2, 0.9)),
    _polygon((-0.95, -0.95), (0.95, -0.95), (0.95, 0.95), (-0.95, 0.95)),
    _polygon((0, -1.35), (1.2, 0), (0, 1.35), (-1.2, 0)),
    _polygon((0, 1.3), (1.2, -0.9), (-1.2, -0.9)),
    _polygon(
        (-0.4, -1.2), (0.4, -1.2), (0.4, -0.4), (1.2, -0.4), (1.2, 0.4), (0.4, 0.4),
        (0.4, 1.2), (-0.4, 1.2), (-0.4, 0.4), (-1.2, 0.4), (-1.2, -0.4), (-0.4, -0.4),
    ),
)  # fmt: skip
