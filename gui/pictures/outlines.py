"""A painter whose letters are outlines: a file drawn with it looks the same wherever its fonts are missing."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QStaticText


class OutlinePainter(QPainter):
    """QPainter, but for the two calls with which the canvas and the captions write."""

    def drawStaticText(self, *place: Any) -> None:
        """As Qt's: at a QPointF, the top left corner."""
        at, text = place
        assert isinstance(at, QPointF) and isinstance(text, QStaticText)
        self._draw(at.x(), at.y() + QFontMetricsF(self.font()).ascent(), text.text())

    def _draw(self, x: float, baseline: float, text: str) -> None:
        path = QPainterPath()
        path.addText(x, baseline, self.font(), text)
        path.setFillRule(Qt.FillRule.WindingFill)
        self.fillPath(path, self.pen().brush())
