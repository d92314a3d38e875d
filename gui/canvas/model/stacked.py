"""Labels in which a fraction stands: ∂z⁄∂w = 1 is set as it is written by hand, one part over the other."""

from math import ceil
from typing import NamedTuple

from engine.show.beside import AFTER_NAME, OVER
from gui.canvas.model.levels import LABEL_LINE, SMALLEST
from gui.look import measure

LABEL_STEP = 10.0  # pixels
SMALLER, GAP, BEHIND = 2, 3.0, 4.0  # points; pixels between the two parts, and to what follows


class Stacked(NamedTuple):
    """A fraction and what follows it, with the size in which its two parts are written."""

    above: str
    below: str
    rest: str
    size: int

    @property
    def bar(self) -> float:
        """How wide the bar is, in pixels."""
        return max(measure.width(part, self.size, True) for part in (self.above, self.below))


def stacked(text: str, size: int) -> Stacked | None:
    """A text of that size, taken apart at its fraction; None if there is none in it."""
    above, over, behind = text.partition(OVER)
    if not over:
        return None
    ends = [at for sign in AFTER_NAME if (at := behind.find(sign)) >= 0]
    end = min(ends, default=len(behind))
    return Stacked(above, behind[:end], behind[end:].strip(), max(size - SMALLER, SMALLEST))


def label_size(text: str, size: int) -> tuple[float, float]:
    """Width and height of a label of that size, in pixels."""
    parts = stacked(text, size)
    if parts is None:
        return measure.width(text, size, True), LABEL_LINE * size
    behind = measure.width(parts.rest, size, True) + BEHIND if parts.rest else 0.0
    return parts.bar + behind, 2 * LABEL_LINE * parts.size + GAP


def room_for(text: str, size: int, scale: float) -> tuple[float, float]:
    """Width and height of a label in the scene, in steps, so that a digit more or less moves nothing."""
    if not text:
        return (0.0, 0.0)
    wide, high = label_size(text, size)
    return (ceil(wide / LABEL_STEP) * LABEL_STEP * scale, high * scale)
