"""The equations of a caption, typeset: which piece stands where, and how they are drawn, sharp in every size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from gui.canvas.paint import style
from gui.look import measure
from gui.look.formula_image import formula_drawing
from gui.look.formula_text import plain
from gui.look.line_breaks import TexPiece, flowed, pieces
from gui.look.math_view import QUAD, Sides, in_one_line

SPACE, INDENT, BETWEEN = 5.0, 16.0, 4.0  # round a sign; before a line that goes on; between two lines
LEAST = 4.0  # of type: what is wider yet runs out of the page


class _Box(NamedTuple):
    """How large a piece is in a size, and how far from its top its base line is."""

    wide: float
    high: float
    base: float
    size: float


class SetPiece(NamedTuple):
    """A piece at its place: its picture, or plain text where that cannot be set."""

    tex: str
    left: float
    base: float  # of its line, from the top of all
    size: float


class Typeset(NamedTuple):
    """Equations in lines; `high` is all of it."""

    typed: tuple[SetPiece, ...]
    high: float


@lru_cache(maxsize=512)
def typeset(equations: tuple[Sides, ...], size: int, room: float) -> Typeset:
    """Set equations side by side in lines of this width."""
    parts = pieces(in_one_line(equations))
    texts = {tex for part in parts for tex in part if tex and tex != QUAD}
    boxes = {tex: _fitted(tex, size, room - INDENT) for tex in texts}
    lines = flowed(parts, {part: _advance(part, boxes) for part in parts}, room - INDENT)
    typed: list[SetPiece] = []
    top = 0.0
    for number, line in enumerate(lines):
        shown = [boxes[tex] for piece in line for tex in piece if tex in boxes]
        above = max((box.base for box in shown), default=0.0)
        typed += _placed(line, INDENT if number else 0.0, top + above, boxes)
        top += above + max((box.high - box.base for box in shown), default=0.0) + BETWEEN
    return Typeset(tuple(typed), top)


def _placed(line: Sequence[TexPiece], left: float, base: float, boxes: Mapping[str, _Box]) -> list[SetPiece]:
    typed = []
    for number, piece in enumerate(line):
        for tex in piece:
            if tex in boxes:
                typed.append(SetPiece(tex, left, base, boxes[tex].size))
                left += boxes[tex].wide + SPACE
            elif tex and number:
                left += 2 * SPACE
    return typed


def paint_typeset(painter: QPainter, what: Typeset, left: float, top: float, color: str) -> None:
    """Draw it with its upper left corner at a place."""
    for tex, x, base, size in what.typed:
        drawing = formula_drawing(tex, size, QColor(color).name())
        if drawing is None:
            style.put_text(painter, left + x, top + base, plain(tex), round(size), False, color)
        else:
            box = QRectF(QPointF(left + x, top + base - drawing.base), drawing.renderer.viewBoxF().size())
            drawing.renderer.render(painter, box)


def _fitted(tex: str, size: float, room: float) -> _Box:
    """A piece in this size; smaller where no line holds it."""
    box = _box(tex, size)
    return box if box.wide <= room else _box(tex, max(size * room / box.wide, LEAST))


def _box(tex: str, size: float) -> _Box:
    drawing = formula_drawing(tex, size, "#000000")
    if drawing is None:
        return _Box(measure.width(plain(tex), round(size)), size * 1.3, size, size)
    box = drawing.renderer.viewBoxF()
    return _Box(box.width(), box.height(), drawing.base, size)


def _advance(piece: TexPiece, boxes: Mapping[str, _Box]) -> float:
    """How much of a line a piece needs, with its sign."""
    return sum(2 * SPACE if tex == QUAD else boxes[tex].wide + SPACE for tex in piece if tex)
