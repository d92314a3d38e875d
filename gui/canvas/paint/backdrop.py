"""A picture of everything that rests, so that what moves over it, and moving the view itself, costs nothing else.

What changes in it is painted again, all pieces in one go, before it is shown: no number on it is ever an old one. A pan
shifts it. At another zoom it is shown enlarged at once. When the hand has come to rest it is painted sharply from the
middle outwards, as much in each frame as there is time for; then labels that no place is known for are looked for.
"""

from collections.abc import Callable, Sequence
from math import hypot
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, QTimer
from PySide6.QtGui import QPainter, QPixmap, QRegion, QTransform
from PySide6.QtWidgets import QGraphicsView

from gui.canvas.paint.grid import paint_grid
from gui.look.theme import theme

SQUARE = 16  # pixels: what looks different is painted in squares
MOST_SHARE = 0.6  # of a rectangle: where more is to be painted, all of it is
FRAME = 0.010  # seconds of a frame that painting may take when the zoom is another
BESIDE_MOTION = 0.0025  # of it for what is left to do, where a pass moves over the picture
PAUSE = 12  # milliseconds to the next frame
REST = 0.06  # seconds after a step in which the hand may go on moving: on a wheel it is no quicker
TILE = 120  # pixels: a piece that is painted sharply in one go
FEW = 60  # pieces of a graph that are always painted at once: that takes no time


class Backdrop:
    """The view without what moves, as a pixmap in device pixels."""

    def __init__(self, view: QGraphicsView) -> None:
        self._view = view
        self._pixmap: QPixmap | None = None
        self._at = QTransform()  # from the scene to it
        self._stale: list[QRectF] = []  # parts of the scene that look different
        self._blurred = QRegion()  # parts of the view that are only enlarged, or in which a label is missing
        self._late = QRegion()  # those of them that were found while painting
        self._is_wanting = False  # whether there may be labels without a place
        self.look_for_labels: Callable[[QRectF, float], tuple[list[QRectF], bool]] = lambda rect, seconds: ([], False)
        self._pace = 0.0  # seconds that painting a pixel has taken lately
        self._stirred_at = -REST  # when the view, or what it shows, was seen to move last
        self._is_moved = False  # since it was painted last
        self.is_small = False  # whether the whole graph is painted in no time
        self._timer = QTimer(view, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(view.viewport().update)

    def drop(self) -> None:
        """Everything looks different."""
        self._pixmap = None
        self._stale.clear()
        self._blurred = QRegion()

    def mark(self, rects: Sequence[QRectF]) -> None:
        """Rectangles of the scene look different now."""
        if self._pixmap is not None:
            self._stale += rects
        if rects:
            self._view.viewport().update()

    def mark_late(self, rects: Sequence[QRectF], more: bool) -> None:
        """More is to be seen in rectangles of the scene than was painted, or some labels have no place yet: nothing

        that is painted is wrong."""
        for rect in rects:
            self._late |= self._seen(rect)
        self._is_wanting |= more

    def soften(self, rects: Sequence[QRectF]) -> None:
        """What is in rectangles of the scene is to be painted anew, when there is time for it."""
        if self._pixmap is not None:
            for rect in rects:
                self._blurred |= self._seen(rect)
            self._view.viewport().update()

    def draw(self, painter: QPainter, area: QRect, in_motion: bool = False) -> None:
        """Draw a part of the viewport, brought up to date. `in_motion`: more is painted over it in this frame.

        Where in a pass another step has come all that it says is painted: what is left to do waits for the next frame.
        """
        begun = perf_counter()
        self._follow()
        assert self._pixmap is not None
        is_full = in_motion and bool(self._stale)
        if self._stale:
            self._render(self._pieces())
        if not (is_full or self.is_stirred) and perf_counter() < begun + FRAME:
            self._finish(min(begun + FRAME, perf_counter() + BESIDE_MOTION) if in_motion else begun + FRAME)
        if self._is_wanting or not self._blurred.isEmpty():
            self._timer.start(round(REST * 1000) if self.is_stirred else PAUSE)
        if self._is_moved:  # on a busy machine it takes a while until that is seen
            self._stirred_at, self._is_moved = perf_counter(), False
        ratio = self._pixmap.devicePixelRatio()
        source = QRectF(area.x() * ratio, area.y() * ratio, area.width() * ratio, area.height() * ratio)
        painter.drawPixmap(QRectF(area), self._pixmap, source)

    def stir(self) -> None:
        """Something moves under the hand, and may go on moving."""
        self._stirred_at, self._is_moved = perf_counter(), True

    @property
    def is_stirred(self) -> bool:
        """Whether the view is panned or zoomed just now, or nodes are moved in it."""
        return self._is_moved or perf_counter() - self._stirred_at < REST

    # --- where the view has gone

    def _follow(self) -> None:
        """Make the picture one of what the view shows now, sharp or not."""
        surface, now = self._view.viewport(), self._view.viewportTransform()
        size, ratio, before, was = surface.size(), surface.devicePixelRatioF(), self._pixmap, self._at
        if before is not None and before.size() == size * ratio and before.devicePixelRatio() == ratio:
            if now == was:
                return
            self.stir()
            if now.m11() == was.m11() and self._shift(now, ratio):
                return
        self._at = now
        self._pixmap = QPixmap(size * ratio)
        self._pixmap.setDevicePixelRatio(ratio)
        if before is None or self.is_small:
            self._stale.clear()
            self._blurred = QRegion()
            self._render(QRegion(surface.rect()))
            return
        self._enlarge(before, was)

    def _shift(self, now: QTransform, ratio: float) -> bool:
        """Move the picture by whole pixels, and paint what comes in; gives whether it can be."""
        dx, dy = now.dx() - self._at.dx(), now.dy() - self._at.dy()
        across, down = round(dx * ratio), round(dy * ratio)
        window = self._view.viewport().rect()
        if abs(across - dx * ratio) > 1e-6 or abs(down - dy * ratio) > 1e-6 or not _is_within(dx, dy, window):
            return False
        assert self._pixmap is not None
        self._at = now
        self._pixmap.scroll(across, down, self._pixmap.rect())
        kept = QRegion(window.translated(round(dx), round(dy))) & window
        self._blurred = self._blurred.translated(round(dx), round(dy)) & window
        for strip in _rects(QRegion(window) - kept):  # one by one: a rectangle round both is the whole window
            self._render(QRegion(strip.adjusted(-1, -1, 1, 1)) & window)
        return True

    def _enlarge(self, before: QPixmap, was: QTransform) -> None:
        """The picture of another zoom, as large as it is seen now."""
        assert self._pixmap is not None
        window, there = self._view.viewport().rect(), was.inverted()[0] * self._at
        with QPainter(self._pixmap) as painter:
            if not there.mapRect(QRectF(window)).contains(QRectF(window)):
                painter.setTransform(self._at)
                paint_grid(painter, self._at.inverted()[0].mapRect(QRectF(window)), theme(), self._at.m11())
            painter.setTransform(there)
            painter.drawPixmap(QPointF(), before)
        self._blurred = QRegion(window)

    # --- painting

    def _finish(self, until: float) -> None:
        """Do some of what is left to do: first all becomes sharp, then labels come, each of them whole."""
        if not self._blurred.isEmpty():
            self._sharpen(until)
        elif self._is_wanting:
            window = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
            self._stale, self._is_wanting = self.look_for_labels(window, until - perf_counter())
            self._render(self._pieces())

    def _sharpen(self, until: float) -> None:
        """Paint what is only enlarged: all of it if there is time, else from the middle outwards; then come again."""
        middle = self._view.viewport().rect().center()
        tiles = sorted(_tiles(self._blurred), key=lambda tile: hypot(*(tile.center() - middle).toTuple()))
        if self._pace * _area(self._blurred) < until - perf_counter():
            tiles = [self._blurred.boundingRect()]
        for tile in tiles:
            self._render(QRegion(tile))
            if perf_counter() + self._pace * TILE * TILE > until:
                break

    def _pieces(self) -> QRegion:
        """What is stale, in squares: however many pieces there are, they make a region of few."""
        window, seen = self._view.viewport().rect(), self._view.viewportTransform()
        is_stale = np.zeros((window.height() // SQUARE + 1, window.width() // SQUARE + 1), bool)
        for rect in map(seen.mapRect, self._stale):
            left, top, right, bottom = (rect.left() - 2, rect.top() - 2, rect.right() + 2, rect.bottom() + 2)
            if right >= 0 and bottom >= 0:
                down = slice(max(int(top) // SQUARE, 0), int(bottom) // SQUARE + 1)
                is_stale[down, max(int(left) // SQUARE, 0) : int(right) // SQUARE + 1] = True
        self._stale.clear()
        return _region(is_stale) & window

    def _seen(self, rect: QRectF) -> QRect:
        """Where a rectangle of the scene is in the view, as far as it is."""
        around = self._view.mapFromScene(rect).boundingRect().adjusted(-2, -2, 2, 2)
        return around & self._view.viewport().rect()

    def _render(self, region: QRegion) -> None:
        """Paint a part of it: once, however many pieces it has, for many edges run through all of them."""
        if region.isEmpty():
            return
        assert self._pixmap is not None
        begun, area = perf_counter(), region.boundingRect()
        with QPainter(self._pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)  # the view's own hints do not count here
            painter.setClipRegion(region)
            self._view.render(painter, QRectF(area), area)
        self._blurred = self._blurred - region | self._late
        self._late = QRegion()
        if (size := _area(region)) >= TILE * TILE // 2:
            self._pace = (perf_counter() - begun) / size


def _region(squares: NDArray[np.bool_]) -> QRegion:
    """The squares that are set; the rectangle round them where they are most of it."""
    rows, columns = np.flatnonzero(squares.any(axis=1)), np.flatnonzero(squares.any(axis=0))
    if not len(rows):
        return QRegion()
    top, bottom, left, right = (int(at) for at in (rows[0], rows[-1] + 1, columns[0], columns[-1] + 1))
    if squares.sum() > MOST_SHARE * (bottom - top) * (right - left):
        return QRegion(left * SQUARE, top * SQUARE, (right - left) * SQUARE, (bottom - top) * SQUARE)
    region = QRegion()
    framed = np.zeros((bottom - top, squares.shape[1] + 2), bool)
    framed[:, 1:-1] = squares[top:bottom]
    at, ends = np.nonzero(framed[:, 1:] != framed[:, :-1])  # where a row of them begins, and where it ends
    for row, first, last in zip(at[::2].tolist(), ends[::2].tolist(), ends[1::2].tolist(), strict=True):
        region += QRect(first * SQUARE, (top + row) * SQUARE, (last - first) * SQUARE, SQUARE)
    return region


def _tiles(region: QRegion) -> list[QRect]:
    """A region in pieces of the size of a tile, at most."""
    around = region.boundingRect()
    corners = (
        (x, y) for x in range(around.left(), around.right() + 1, TILE)
        for y in range(around.top(), around.bottom() + 1, TILE)
    )  # fmt: skip
    return [rect for x, y in corners for rect in _rects(region & QRect(x, y, TILE, TILE))]


def _rects(region: QRegion) -> list[QRect]:
    return list(region)  # type: ignore[call-overload]  # a region can be iterated: Qt's stubs do not say so


def _area(region: QRegion) -> int:
    return sum(rect.width() * rect.height() for rect in _rects(region))


def _is_within(dx: float, dy: float, window: QRect) -> bool:
    return abs(dx) < window.width() and abs(dy) < window.height()
