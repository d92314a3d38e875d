"""Text in an SVG file as outlines, each letter defined once: it looks the same where its fonts are missing.

Qt would write either text that needs the fonts, or every letter in full. So the painter leaves a mark where a text is
to be, a line of no length far out whose y is the text's number, and `with_letters` puts the letters in its place.
"""

import re
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QRawFont, QStaticText, QTextLayout

FAR = 77777  # the x of a mark
_MARK = re.compile(rf'<path [^>]*?d="M{FAR},(\d+) L[^"]*"\s*/>')
_FONT = re.compile(r'\s*font-family="[^"]*" font-size="[^"]*" font-weight="[^"]*" font-style="[^"]*"\s*')
_EMPTY = re.compile(r"<g [^>]*>\s*</g>\s*")
_LETTER = '<path id="g{}" stroke="none" fill-rule="nonzero" d="{}"/>\n'
_COMMANDS = {QPainterPath.ElementType.MoveToElement: "M", QPainterPath.ElementType.LineToElement: "L"}


class OutlinePainter(QPainter):
    """QPainter, but for the call with which the canvas and the captions write."""

    def __init__(self, device: Any) -> None:
        super().__init__(device)
        self.letters: dict[tuple[str, float, int], int] = {}  # (font, its size, glyph) → the letter's number
        self.shapes: list[str] = []  # by the letter's number, as SVG path data
        self.texts: list[list[tuple[int, float, float]]] = []  # by the text's number: its letters and their places
        self._known: dict[tuple[str, str], int] = {}

    def drawStaticText(self, *place: Any) -> None:
        """As Qt's: at a QPointF, the top left corner."""
        at, text = place
        assert isinstance(at, QPointF) and isinstance(text, QStaticText)
        mark = QPainterPath(QPointF(FAR, self._number(text.text())))
        mark.lineTo(mark.currentPosition() + QPointF(1e-3, 0))
        self.save()
        self.translate(at)
        self.setBrush(self.pen().brush())
        self.setPen(Qt.PenStyle.NoPen)
        self.drawPath(mark)
        self.restore()

    def _number(self, text: str) -> int:
        key = (text, self.font().key())
        if key not in self._known:
            self._known[key] = len(self.texts)
            self.texts.append(self._laid_out(text))
        return self._known[key]

    def _laid_out(self, text: str) -> list[tuple[int, float, float]]:
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        return [
            (self._letter(run.rawFont(), glyph), place.x(), place.y())
            for run in layout.glyphRuns()
            for glyph, place in zip(run.glyphIndexes(), run.positions(), strict=True)
        ]

    def _letter(self, font: QRawFont, glyph: int) -> int:
        key = (f"{font.familyName()} {font.weight()} {font.styleName()}", font.pixelSize(), glyph)
        if key not in self.letters:
            self.letters[key] = len(self.shapes)
            self.shapes.append(_path_data(font.pathForGlyph(glyph)))
        return self.letters[key]


def with_letters(svg: str, painter: OutlinePainter) -> str:
    """The drawing with the letters in place of the marks, and without what Qt writes for nothing."""
    shapes = "".join(_LETTER.format(i, data) for i, data in enumerate(painter.shapes) if data)
    use = '<use xlink:href="#g{}" x="{:.5g}" y="{:.5g}"/>'
    texts = ["".join(use.format(*place) for place in text if painter.shapes[place[0]]) for text in painter.texts]
    svg = _EMPTY.sub("", _FONT.sub("", svg))
    svg = _MARK.sub(lambda mark: texts[int(mark[1])], svg)
    return svg.replace("<defs>", f"<defs>\n{shapes}", 1)


def _path_data(path: QPainterPath) -> str:
    """A path as SVG writes it; the second and third points of a curve follow it as elements of their own."""
    parts = []
    for i in range(path.elementCount()):
        element = path.elementAt(i)
        letter = "C" if element.type == QPainterPath.ElementType.CurveToElement else _COMMANDS.get(element.type, " ")
        parts.append(f"{letter}{element.x:.4g},{element.y:.4g}")
    return "".join(parts)
