"""What is drawn once and then copied looks as if it had been drawn where it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from gui.canvas.paint.sprites import glow_reach, glow_sprite, paint_glow


@pytest.mark.parametrize(("zoom", "ratio"), [(1.0, 1.0), (0.25, 1.0), (1.0, 2.0)])
def test_the_glow_round_a_card_is_the_same_as_a_picture(qapp, zoom: float, ratio: float) -> None:
    wide, high, color = 160.0, 60.0, "#d03010"
    sprite = glow_sprite(wide, high, color, zoom, ratio).toImage()
    drawn = QImage(sprite.size(), QImage.Format.Format_ARGB32_Premultiplied)
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    with QPainter(drawn) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(zoom, zoom)
        reach = glow_reach(zoom)
        paint_glow(painter, QRectF(reach, reach, wide, high), color, zoom)
    strong = drawn.pixelColor(drawn.width() // 2, int(reach * zoom * ratio - 1.5)).alpha()
    assert strong > 80, "the band next to the card"
    assert drawn.pixelColor(drawn.width() // 2, drawn.height() // 2).alpha() == 0, "the card itself is left free"
    assert drawn.pixelColor(0, 0).alpha() == 0
    assert sprite.convertToFormat(drawn.format()) == drawn
