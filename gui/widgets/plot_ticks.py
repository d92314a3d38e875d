"""The numbers along the foot of a plot: each stands whole within it, and none over another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gui.look import measure

GAP = 8.0  # pixels between two numbers
Tick = tuple[float, str]  # the middle of a number in pixels, and what it says
Stand = tuple[float, float, str]  # its left and right end


def standing(ticks: Sequence[Tick], size: int, left: float, right: float) -> list[Stand]:
    """Where numbers stand between two ends: moved inwards where they would be cut; of too many every second, third …"""
    boxes = list[Stand]()
    for middle, said in ticks:
        wide = measure.width(said, size) + 1.0
        start = max(min(middle - wide / 2, right - wide), left)
        boxes.append((start, start + wide, said))
    for every in range(1, len(boxes) + 1):
        shown = boxes[::every]
        if all(one[1] + GAP <= other[0] for one, other in pairwise(shown)):
            return shown
    return []


def paint_foot_numbers(
    painter: QPainter, ticks: Sequence[Tick], size: int, ends: tuple[float, float], top: float, high: float
) -> None:
    """Numbers below an axis, in the painter's font, which has this size."""
    for left, right, said in standing(ticks, size, *ends):
        painter.drawText(QRectF(left - 1, top, right - left + 2, high), int(Qt.AlignmentFlag.AlignHCenter), said)
