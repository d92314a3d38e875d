"""A frozen picture of everything that rests, so that what moves over it costs nothing else.

It lives as long as something moves; what changes in it is painted again, all pieces in one go, and any scroll, zoom
or resize drops it.
"""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPixmap, QRegion
from PySide6.QtWidgets import QGraphicsView

MOST_PIECES = 120


class Backdrop:
    """The view without what moves, as a pixmap in device pixels."""

    def __init__(self, view: QGraphicsView) -> None:
        self._view = view
        self._pixmap: QPixmap | None = None
        self._stale: list[QRectF] = []
        self._seen = QRectF()  # the part of the scene that is on it

    def drop(self) -> None:
        self._pixmap = None
        self._stale.clear()

    def mark(self, rect: QRectF) -> None:
        """A rectangle of the scene looks different now."""
        if self._pixmap is not None and self._seen.intersects(rect):
            self._stale.append(rect)
            if len(self._stale) > MOST_PIECES:
                self.drop()

    def draw(self, painter: QPainter, area: QRect) -> None:
        """Draw a part of the viewport, brought up to date."""
        ratio = self._view.viewport().devicePixelRatioF()
        size = self._view.viewport().size()
        if self._pixmap is None or self._pixmap.devicePixelRatio() != ratio:
            self._pixmap = QPixmap(size * ratio)
            self._pixmap.setDevicePixelRatio(ratio)
            self._stale = []
            self._seen = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
            self._render(QRegion(0, 0, size.width(), size.height()))
        elif self._stale:
            self._render(self._pieces())
        source = QRectF(area.x() * ratio, area.y() * ratio, area.width() * ratio, area.height() * ratio)
        painter.drawPixmap(QRectF(area), self._pixmap, source)

    def _pieces(self) -> QRegion:
        region = QRegion()
        for rect in self._stale:
            region |= self._view.mapFromScene(rect).boundingRect().adjusted(-2, -2, 2, 2)
        self._stale.clear()
        return region & self._view.viewport().rect()

    def _render(self, region: QRegion) -> None:
        """Paint a part of it: once, however many pieces it has, for many edges run through all of them."""
        if region.isEmpty():
            return
        assert self._pixmap is not None
        area = region.boundingRect()
        with QPainter(self._pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)  # the view's own hints do not count here
            painter.setClipRegion(region)
            self._view.render(painter, QRectF(area), area)
