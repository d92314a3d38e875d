"""What stands at ends: how curves are told apart there, and below them what the axis begins, counts and ends with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from gui.look import measure
from gui.look.text_size import scaled
from gui.look.theme import CAPTION, mixed, theme

MOST_IN_LEGEND = 3
BETWEEN = 6  # pixels between what stands below


def apart(heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Heights as near to these as may be, in the same order, at least a gap from each other, between two ends."""
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    placed: list[float] = []
    for at in order:
        placed.append(max(heights[at], placed[-1] + gap if placed else low))
    floor = high
    for number in reversed(range(len(placed))):
        placed[number] = min(placed[number], floor)
        floor = placed[number] - gap
    found = dict(zip(order, placed, strict=True))
    return [found[at] for at in range(len(heights))]


def uncrowded(foot: tuple[str, str, str], room: float) -> tuple[str, str, str]:
    """What stands below a plot at its left, in its middle and at its right; the middle gives way."""
    first, middle, last = (measure.width(said, scaled(CAPTION)) for said in foot)
    return foot if middle + 2 * (max(first, last) + BETWEEN) <= room else (foot[0], "", foot[2])


def line_pen(colour: QColor, named: bool, dashed: bool, faint: bool) -> QPen:
    """One that has a name is thicker; a faint one stands behind the others."""
    if faint:
        return QPen(mixed(theme().color("chip"), colour, 0.55), 1)
    pen = QPen(colour, 2 if named else 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
    if dashed:
        pen.setDashPattern([3, 1.6])
    return pen
