"""A frozen picture of everything that rests, so that what moves over it costs nothing else.

It lives as long as something moves; what changes in it is painted again piece by piece, and any scroll, zoom or
resize drops it.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QGraphicsView

MOST_PIECES = 40


class Backdrop:
    """The view without what moves, as a pixmap in device pixels."""

    def __init__(self, view: QGraphicsView) -> None:
        self._view = view
        self._pixmap: QPixmap | None = None
        self._stale: list[QRectF] = []

    def drop(self) -> None:
        self._pixmap = None
        self._stale.clear()

    def mark(self, rect: QRectF) -> None:
        """A rectangle of the scene looks different now."""
        if self._pixmap is not None:
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
            self._render(QRect(0, 0, size.width(), size.height()))
        for rect in self._pieces():
            self._render(rect)
        source = QRectF(area.x() * ratio, area.y() * ratio, area.width() * ratio, area.height() * ratio)
        painter.drawPixmap(QRectF(area), self._pixmap, source)

    def _pieces(self) -> list[QRect]:
        whole = self._view.viewport().rect()
        mapped = [self._view.mapFromScene(rect).boundingRect().adjusted(-2, -2, 2, 2) & whole for rect in self._stale]
        self._stale.clear()
        return [rect for rect in mapped if not rect.isEmpty()]

    def _render(self, area: QRect) -> None:
        assert self._pixmap is not None
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)  # the view's own hints do not count here
        painter.setClipRect(area)
        self._view.render(painter, QRectF(area), area)
        painter.end()
