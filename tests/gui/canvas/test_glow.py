"""The glow of a film is kept from frame to frame: it looks as if it were painted each time."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from gui.canvas.paint.sprites import paint_glow, put_glow

pytestmark = pytest.mark.usefixtures("qapp")


def painted(paint, scale: float, left: float, top: float) -> np.ndarray:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(0xFFF4F5F7)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(left, top)
        painter.scale(scale, scale)
        paint(painter, QRectF(20.5, 30.25, 120, 80), "#d55e00", 1.0)
        assert painter.transform().m11() == scale
    return np.frombuffer(image.constBits(), np.uint8).reshape(300, 400, 4)[..., :3].astype(int)


@pytest.mark.parametrize("scale", [1.0, 1.618, 2.0])
def test_what_is_kept_looks_as_what_is_painted(scale) -> None:
    for left, top in ((30.0, 20.0), (30.37, 19.81), (-10.5, 7.25)):
        kept, fresh = painted(put_glow, scale, left, top), painted(paint_glow, scale, left, top)
        assert np.abs(kept - fresh).max() <= 3 and np.ptp(kept) > 50
