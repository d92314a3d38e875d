"""LaTeX as a picture: rendered once a formula, size, colour and pixel ratio."""

import re
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from gui.look import measure
from gui.look.formula_text import plain
from gui.look.theme import font


class Picture(NamedTuple):
    """A formula as a picture, and how far from its top its base line is, in pixels."""

    image: QImage
    base: float


class FormulaDrawing(NamedTuple):
    """A formula as lines and curves, and how far from its top its base line is."""

    renderer: QSvgRenderer
    base: float


KEPT = 2048  # pictures, those asked for last
LONGEST = 600  # characters of LaTeX: a longer piece fills no line, and to typeset it would take a tenth of a second


def formula_picture(tex: str, size: float, color: str, dpr: float = 1.0) -> Picture:
    """A formula as a picture, `size` pixels an em, in `color` (`#rrggbb`). Never raises: plain text at worst."""
    _rendered.pop(tex, None)
    _rendered[tex] = None  # behind all others: whatever has a picture is among the last
    while len(_rendered) > KEPT:
        del _rendered[next(iter(_rendered))]
    return _picture(tex, size, color, dpr)


@lru_cache(maxsize=KEPT)
def _picture(tex: str, size: float, color: str, dpr: float) -> Picture:
    drawing = _drawn(tex, size, color)
    if drawing is None:
        return text_picture(tex, size, color, dpr)
    box = drawing.renderer.viewBoxF()
    image = _blank(box.width(), box.height(), dpr)
    with QPainter(image) as painter:
        drawing.renderer.render(painter, QRectF(0, 0, box.width(), box.height()))
    return Picture(image, drawing.base)


@lru_cache(maxsize=KEPT)
def formula_drawing(tex: str, size: float, color: str) -> FormulaDrawing | None:
    """A formula that is sharp however much it is enlarged; None where it cannot be set: its text can be shown."""
    return _drawn(tex, size, color, _UNSEEN)


# QSvgRenderer begins with a pen without a brush: the screen sees nothing of it, but SVG and PDF make it a line a pixel
# wide. With a brush it is one that nobody sees there either, for which the screen would have to work.
_UNSEEN = 'stroke="transparent"'


def _drawn(tex: str, size: float, color: str, stroke: str = "") -> FormulaDrawing | None:
    if len(tex) > LONGEST:
        return None
    try:
        svg = _svg(tex, size, color)
    except Exception:  # whatever a formula makes the renderer stumble over
        return None
    renderer = QSvgRenderer(QByteArray(svg.replace("<svg ", f"<svg {stroke} ", 1).encode()))
    box = renderer.viewBoxF()
    return FormulaDrawing(renderer, -box.y()) if renderer.isValid() and not box.isEmpty() else None


_rendered: dict[str, None] = {}  # what was asked for, the last one last


def was_rendered(tex: str) -> bool:
    """Whether a formula comes quickly, for it has been rendered not long before, in whatever colour."""
    return tex in _rendered


# The minus of (−2) and of max(x, −1): after a bracket or a comma ziamath sets it as if it stood between two things.
_SIGN = re.compile(r"(?<=[(,])(\s*)-(?=[\d\\a-zA-Z])")
# A name in letters: ziamath sets an underscore in \mathrm as an operator, with wide space around it.
_NAME = re.compile(r"\\mathrm\{((?:[A-Za-z0-9~]|\\_)+)\}")
# A Σ with something below it: between \left and \right ziamath makes brackets of 2,000 pixels, unless it is told where.
_BELOW = re.compile(r"\\(sum|prod)(?=[_^])")


_INK = "#010203"  # stands for the colour in what is kept


def _svg(tex: str, size: float, color: str) -> str:
    return _typeset(tex, size).replace(_INK, color)


@lru_cache(maxsize=512)
def _typeset(tex: str, size: float) -> str:
    """A formula is set in black to be measured, and in the colour of the theme to be shown: the work is done once."""
    from ziamath.config import config  # 0.3 s: only when the first formula is shown
    from ziamath.zmath import Latex

    config.svg2 = False  # QtSvg clips SVG 2's nested symbols to fragments
    tex = _BELOW.sub(r"\\\1\\limits", _SIGN.sub(r"\1{-}", tex))
    close = _NAME.sub(lambda name: rf"\text{{{name[1].replace(chr(92), '').replace('~', ' ')}}}", tex)
    formula = Latex(close, size=size, color=_INK)
    if not all(char.isascii() or formula.font.glyphindex(char) for char in close):
        raise ValueError("a letter would be an empty box")  # as text it is found in another font
    return str(formula.svg())


def formula_svg(tex: str, size: float) -> str:
    """A formula as SVG in the colour of the text round it; empty where it cannot be set."""
    try:
        return _svg(tex, size, "currentColor")
    except Exception:  # whatever a formula makes the renderer stumble over, its text can be shown
        return ""


@lru_cache(maxsize=512)
def text_picture(tex: str, size: float, color: str, dpr: float, room: float = 1e6) -> Picture:
    """A formula written as one line of plain text: quickly made, and kept, for steps have many pieces in common.

    It ends in … where it is wider than `room`.
    """
    metrics, text = measure.metrics(round(size)), plain(tex)
    wide = metrics.horizontalAdvance(text)
    if wide > room - 2:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room - 2, 1.0))
        wide = metrics.horizontalAdvance(text)
    image = _blank(wide + 2, metrics.height() + 2, dpr)
    with QPainter(image) as painter:
        painter.setFont(font(round(size)))
        painter.setPen(QColor(color))
        painter.drawText(QPointF(1, 1 + metrics.ascent()), text)
    return Picture(image, metrics.ascent() + 1)


def _blank(width: float, height: float, dpr: float) -> QImage:
    image = QImage(
        max(1, round(width * dpr + 0.5)), max(1, round(height * dpr + 0.5)), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    return image
