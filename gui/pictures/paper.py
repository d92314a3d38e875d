"""Paper: blocks of words, formulas and pictures put on the pages of a PDF, so that no page break goes through one.

Lengths are 1/96 inch. A block is what no page break goes through: a step with its blank, a heading with what follows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from engine.graph.graph import Graph
from engine.passes.trace import Trace
from engine.show.beside import USUAL, OnEdges
from gui.look.formula_image import Picture, formula_picture
from gui.look.line_breaks import TexPiece, flowed, pieces
from gui.look.theme import LIGHT, font
from gui.pictures.options import KINDS, PictureOptions
from gui.pictures.sheet import Sheet

DPI = 96
WIDE, HIGH = 794.0, 1123.0  # an A4 page
SIDE, TOP, FOOT = 64.0, 56.0, 64.0
ROOM = WIDE - 2 * SIDE
SIZE, SHARPNESS = 17.0, 4.0  # of formulas: pixels an em, and dots a pixel
GAP = 6.0  # round a sign
MOST_GRAPH = 360.0  # how high the picture of a graph may be
INK = "#111111"
PaperPaint = Callable[[QPainter, float], None]


@dataclass(frozen=True)
class PaperBlock:
    """So much of a page, painted from its upper edge on. `keeps`: it does not stand last on a page."""

    high: float
    paint: PaperPaint
    keeps: bool = False


@dataclass(frozen=True)
class PaperPages:
    """A PDF, and how many pages it has."""

    data: bytes
    count: int


def paper_pdf(title: str, foot: str, blocks: Sequence[PaperBlock]) -> PaperPages:
    """The blocks as a PDF; below each page stand the foot and its number."""
    pages = on_pages(blocks)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI * 4)  # finer than a pixel: letters stand where they belong
    page = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setTitle(title)
    writer.setCreator("Gradloom")
    with QPainter(writer) as painter:
        for number, some in enumerate(pages):
            if number:
                writer.newPage()
            painter.save()
            painter.scale(painter.viewport().width() / WIDE, painter.viewport().height() / HIGH)
            paint_page(painter, some, f"{foot} · {number + 1} / {len(pages)}")
            painter.restore()
    return PaperPages(bytes(buffer.data().data()), len(pages))


def graph_block(graph: Graph, trace: Trace, position: float, on_edges: OnEdges = USUAL) -> PaperBlock:
    """A graph at a moment of its pass, as wide as there is room."""
    options = PictureOptions(captions=False, transparent=True, on_edges=on_edges)
    sheet = Sheet(graph, trace, KINDS["pdf"], options)
    wide, high = sheet.pixels.width(), sheet.pixels.height()
    scale = min(ROOM / wide, MOST_GRAPH / high, 1.0)

    def paint(painter: QPainter, top: float) -> None:
        painter.save()
        painter.translate(SIDE + (ROOM - wide * scale) / 2, top + 8)
        painter.scale(scale, scale)
        sheet.paint(painter, position)
        painter.restore()

    return PaperBlock(high * scale + 16, paint)


def heading_block(title: str) -> PaperBlock:
    """A heading over a line, which does not stand last on a page."""

    def paint(painter: QPainter, top: float) -> None:
        paper_words(painter, SIDE, top + 30, title, 15, bold=True)
        paper_rule(painter, SIDE, top + 38, ROOM, 0.7)

    return PaperBlock(48, paint, keeps=True)


def on_pages(blocks: Sequence[PaperBlock]) -> list[list[PaperBlock]]:
    """The blocks on pages: what keeps with the next goes to the next page with it, as far as a page holds it."""
    pages: list[list[PaperBlock]] = [[]]
    page = left = HIGH - TOP - FOOT
    for i, block in enumerate(blocks):
        needed, at = block.high, i
        while blocks[at].keeps and at + 1 < len(blocks) and needed + blocks[at + 1].high <= page:
            at += 1
            needed += blocks[at].high
        if needed > left and pages[-1]:
            pages.append([])
            left = page
        pages[-1].append(block)
        left -= block.high
    return pages


def paint_page(painter: QPainter, blocks: Sequence[PaperBlock], foot: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    top = TOP
    for block in blocks:
        block.paint(painter, top)
        top += block.high
    paper_words(painter, SIDE, HIGH - FOOT / 2, cut_to(foot, ROOM, 11), 11, LIGHT.soft)


class PaperFormula:
    """An equation in lines that fit: pictures, each at its place. An empty last side leaves the = before a blank."""

    def __init__(self, sides: Sequence[str], room: float) -> None:
        asks = len(sides) > 1 and not sides[-1]
        parts = pieces(sides[:-1] if asks else sides)
        self._pictures: dict[str, Picture] = {}
        widths = {part: self._advance(part) for part in parts}
        self._placed: list[tuple[Picture, float, float, float]] = []
        self.high = self.wide = self.end = self.base = self.last_base = 0.0
        for number, line in enumerate(flowed(parts, widths, room - 24)):
            self._lay(line, 24.0 if number else 0.0, room)
        if asks:
            equals = self._picture("=")
            self._placed.append((equals, self.end + GAP, self.last_base - equals.base, _wide(equals)))
            self.end += 2 * GAP + _wide(equals)

    def _picture(self, tex: str) -> Picture:
        if tex not in self._pictures:
            self._pictures[tex] = formula_picture(tex, SIZE, INK, SHARPNESS)
        return self._pictures[tex]

    def _advance(self, part: TexPiece) -> float:
        return sum(_wide(self._picture(tex)) + GAP for tex in part if tex and tex != r"\quad") + 12 * (
            part.sign == r"\quad"
        )

    def _lay(self, line: Sequence[TexPiece], left: float, room: float) -> None:
        """Put a line of pieces on one base line, below what is there."""
        found: list[tuple[Picture, float, float]] = []
        for tex in (tex for part in line for tex in part if tex):
            if tex == r"\quad":
                left += 12
                continue
            picture = self._picture(tex)
            shrunk = min(1.0, room / max(_wide(picture), 1.0))
            found.append((picture, min(left, max(room - _wide(picture) * shrunk, 0.0)), shrunk))
            left += _wide(picture) * shrunk + GAP
        top = self.high + (8 if self._placed else 0)
        base = top + max(picture.base * shrunk for picture, _, shrunk in found)
        for picture, x, shrunk in found:
            self._placed.append((picture, x, base - picture.base * shrunk, _wide(picture) * shrunk))
            self.high = max(self.high, base + (_high(picture) - picture.base) * shrunk)
        self.base, self.last_base = self.base or base, base
        self.end = left - GAP
        self.wide = max(self.wide, self.end)

    def paint(self, painter: QPainter, left: float, top: float) -> None:
        for picture, x, y, wide in self._placed:
            high = _high(picture) * wide / max(_wide(picture), 1.0)
            painter.drawImage(QRectF(left + x, top + y, wide, high), picture.image)


def _wide(picture: Picture) -> float:
    return picture.image.width() / picture.image.devicePixelRatio()


def _high(picture: Picture) -> float:
    return picture.image.height() / picture.image.devicePixelRatio()


def paper_words(
    painter: QPainter, left: float, base: float, text: str, size: int, color: str = INK, bold: bool = False
) -> None:
    painter.setFont(font(size, bold))
    painter.setPen(QColor(color))
    painter.drawText(QPointF(left, base), text)


def paper_rule(painter: QPainter, left: float, y: float, wide: float, thick: float = 0.9) -> None:
    painter.setPen(QPen(QColor(INK), thick))
    painter.drawLine(QPointF(left, y), QPointF(left + wide, y))


def cut_to(text: str, room: float, size: int) -> str:
    return QFontMetricsF(font(size)).elidedText(text, Qt.TextElideMode.ElideRight, room)


def wrap_flags(text: str, metrics: QFontMetricsF, room: float) -> int:
    """How lines are broken: between words, and within them only where one alone is too wide."""
    widest = max(map(metrics.horizontalAdvance, text.split()), default=0.0)
    return int(Qt.TextFlag.TextWordWrap if widest <= room else Qt.TextFlag.TextWrapAnywhere)


def text_block(text: str, size: int, bold: bool = False) -> PaperBlock:
    """A text in as many lines as it needs."""
    metrics = QFontMetricsF(font(size, bold))
    flags = wrap_flags(text, metrics, ROOM)
    high = metrics.boundingRect(QRectF(0, 0, ROOM, 1e5), flags, text).height()

    def paint(painter: QPainter, top: float) -> None:
        painter.setFont(font(size, bold))
        painter.setPen(QColor(INK))
        painter.drawText(QRectF(QPointF(SIDE, top), QSizeF(ROOM, high + 4)), flags, text)

    return PaperBlock(high + 8, paint)
