"""A handout as a PDF: the graph, every step with its formula and a blank to write in; or with the numbers, to mark by.

Lengths are 1/96 inch. A block is what no page break goes through: a step with its blank, a heading with what follows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from engine.export.handout import HandoutRow, HandoutText, handout_text
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from gui.look.formula_image import Picture, formula_picture
from gui.look.line_breaks import TexPiece, flowed, pieces
from gui.look.theme import LIGHT, font
from gui.pictures.options import KINDS, PictureOptions
from gui.pictures.sheet import Sheet

DPI = 96
WIDE, HIGH = 794.0, 1123.0  # an A4 page
SIDE, TOP, FOOT = 64.0, 56.0, 64.0
ROOM = WIDE - 2 * SIDE
NUMBERS = 34.0  # the column with the numbers of the steps
SIZE, SHARPNESS = 17.0, 4.0  # of formulas: pixels an em, and dots a pixel
GAP, LINE = 6.0, 26.0  # round a sign; between two lines to write on
SHORTEST_BLANK, STEP_HIGH = 200.0, 50.0
MOST_GRAPH = 360.0  # how high the picture of the graph may be
MOST_TOGETHER = 20  # rows of a table that are not torn apart
_INK = "#111111"
_Paint = Callable[[QPainter, float], None]


@dataclass(frozen=True)
class _Block:
    """So much of a page, painted from its upper edge on. `keeps`: it does not stand last on a page."""

    high: float
    paint: _Paint
    keeps: bool = False


@dataclass(frozen=True)
class HandoutPages:
    """A PDF, and how many pages it has."""

    data: bytes
    count: int


def handout_pdf(graph: Graph, trace: Trace, solved: bool) -> HandoutPages:
    """The handout of a graph that has run; `solved`: with all numbers. Raises ExportError."""
    text = handout_text(graph, trace)
    pages = _pages(_blocks(graph, trace, text, solved))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI * 4)  # finer than a pixel: letters stand where they belong
    page = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setTitle(text.title)
    writer.setCreator("Gradloom")
    with QPainter(writer) as painter:
        for number, blocks in enumerate(pages):
            if number:
                writer.newPage()
            painter.save()
            painter.scale(painter.viewport().width() / WIDE, painter.viewport().height() / HIGH)
            _paint_page(painter, blocks, _foot(text, solved, number, len(pages)))
            painter.restore()
    return HandoutPages(bytes(buffer.data().data()), len(pages))


def _foot(text: HandoutText, solved: bool, number: int, count: int) -> str:
    student = "" if text.student is None else f" · student {text.student}"
    return f"{text.title}{' · solution' if solved else ''}{student} · {number + 1} / {count}"


def _pages(blocks: Sequence[_Block]) -> list[list[_Block]]:
    """The blocks on pages: what keeps with the next goes to the next page with it."""
    pages: list[list[_Block]] = [[]]
    left = HIGH - TOP - FOOT
    for i, block in enumerate(blocks):
        needed, at = block.high, i
        while blocks[at].keeps and at + 1 < len(blocks):
            at += 1
            needed += blocks[at].high
        if needed > left and pages[-1]:
            pages.append([])
            left = HIGH - TOP - FOOT
        pages[-1].append(block)
        left -= block.high
    return pages


def _paint_page(painter: QPainter, blocks: Sequence[_Block], foot: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    top = TOP
    for block in blocks:
        block.paint(painter, top)
        top += block.high
    _words(painter, SIDE, HIGH - FOOT / 2, _cut(foot, ROOM, 11), 11, LIGHT.soft)


# --- what stands on the pages


def _blocks(graph: Graph, trace: Trace, text: HandoutText, solved: bool) -> list[_Block]:
    backward = "Backward: from the target to the left, the gradient of each node"
    rows = [*_head(text, solved), _picture(graph, trace, solved)]
    rows += [_heading("Given"), *_given(text.given)]
    rows += [_heading("Forward: from left to right, the value of each node"), *_steps(text.forward, 1, solved)]
    if text.backward:
        rows += [_heading(backward), *_steps(text.backward, 1 + len(text.forward), solved)]
    return [*rows, *(_results(text) if solved and text.results else [])]


def _head(text: HandoutText, solved: bool) -> list[_Block]:
    title = f"{text.title}: solution" if solved else text.title
    found = [_lines(title, 20, bold=True)]
    student = "" if text.student is None else f"Numbers of student {text.student}"
    if not solved:
        found.append(_Block(40, lambda painter, top: _name_line(painter, top, student)))
    elif student:
        found.append(_lines(student, 13))
    return [*found, *(_lines(line, 14) for line in text.question.splitlines() if line and not solved)]


def _name_line(painter: QPainter, top: float, student: str) -> None:
    _words(painter, SIDE, top + 26, "Name:", 14)
    _rule(painter, SIDE + 52, top + 29, 300)
    _words(painter, SIDE + 380, top + 26, student, 14)


def _picture(graph: Graph, trace: Trace, solved: bool) -> _Block:
    """The graph: at its beginning, where only leaves have numbers, or at its end with all of them."""
    sheet = Sheet(graph, trace, KINDS["pdf"], PictureOptions(captions=False, transparent=True))
    wide, high = sheet.pixels.width(), sheet.pixels.height()
    scale = min(ROOM / wide, MOST_GRAPH / high, 1.0)

    def paint(painter: QPainter, top: float) -> None:
        painter.save()
        painter.translate(SIDE + (ROOM - wide * scale) / 2, top + 8)
        painter.scale(scale, scale)
        sheet.paint(painter, float(len(trace)) if solved else 0.0)
        painter.restore()

    return _Block(high * scale + 16, paint)


def _heading(title: str) -> _Block:
    def paint(painter: QPainter, top: float) -> None:
        _words(painter, SIDE, top + 30, title, 15, bold=True)
        _rule(painter, SIDE, top + 38, ROOM, 0.7)

    return _Block(48, paint, keeps=True)


def _given(rows: Sequence[HandoutRow]) -> list[_Block]:
    """The leaves, as many in a line as it holds."""
    lines: list[list[_Formula]] = [[]]
    for row in rows:
        formula = _Formula(row.solved, ROOM)
        if lines[-1] and sum(each.wide + 40 for each in lines[-1]) + formula.wide > ROOM:
            lines.append([])
        lines[-1].append(formula)
    return [_side_by_side(line) for line in lines if line]


def _side_by_side(formulas: Sequence["_Formula"]) -> _Block:
    base = max(formula.base for formula in formulas)
    high = max(base - formula.base + formula.high for formula in formulas) + 12

    def paint(painter: QPainter, top: float) -> None:
        left = SIDE
        for formula in formulas:
            formula.paint(painter, left, top + 6 + base - formula.base)
            left += formula.wide + 40

    return _Block(high, paint)


def _steps(rows: Sequence[HandoutRow], first: int, solved: bool) -> list[_Block]:
    return [(_solved if solved else _asked)(row, number) for number, row in enumerate(rows, first)]


def _solved(row: HandoutRow, number: int) -> _Block:
    formula = _Formula(row.solved, ROOM - NUMBERS)

    def paint(painter: QPainter, top: float) -> None:
        _words(painter, SIDE, top + 4 + formula.base, f"{number}.", 13, LIGHT.soft)
        formula.paint(painter, SIDE + NUMBERS, top + 4)

    return _Block(formula.high + 14, paint)


def _asked(row: HandoutRow, number: int) -> _Block:
    """A formula and its blank: behind it where there is room, else below; for an array a frame of its size."""
    formula = _Formula((*row.asked, ""), ROOM - NUMBERS)
    beside = ROOM - NUMBERS - formula.end - GAP
    frame = _frame_of(row)
    below = frame is not None or beside < SHORTEST_BLANK
    extra = (frame[1] + 8 if frame else LINE + 10) if below else 0.0
    high = max(formula.high + 20, STEP_HIGH) + extra

    def paint(painter: QPainter, top: float) -> None:
        start = top + max(4.0, (STEP_HIGH - formula.high) / 2)
        _words(painter, SIDE, start + formula.base, f"{number}.", 13, LIGHT.soft)
        formula.paint(painter, SIDE + NUMBERS, start)
        under = start + formula.high + 8
        if frame is not None:
            painter.setPen(QPen(QColor(_INK), 0.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(SIDE + NUMBERS, under, *frame))
        elif below:
            _rule(painter, SIDE + NUMBERS, under + LINE, ROOM - NUMBERS)
        else:
            _rule(painter, SIDE + NUMBERS + formula.end + GAP, start + formula.last_base + 4, beside)

    return _Block(high, paint)


def _frame_of(row: HandoutRow) -> tuple[float, float] | None:
    """How large a frame an array is written into: a line for each row, as far as a page goes."""
    shape = np.asarray(row.number).shape
    if not shape:
        return None
    rows = int(np.prod(shape[:-1])) if len(shape) > 1 else 1
    return min(ROOM - NUMBERS, 60.0 + 74.0 * shape[-1]), min(18 + LINE * rows, 500.0)


def _results(text: HandoutText) -> list[_Block]:
    """All values and gradients, to mark by."""
    rows = [("node", "value", "gradient"), *text.results]
    together = len(rows) <= MOST_TOGETHER
    last = len(rows) - 1
    found = (_table_row(row, not at, (together and at < last) or not at) for at, row in enumerate(rows))
    return [_heading("All numbers"), *found]


def _table_row(row: tuple[str, str, str], is_head: bool, keeps: bool) -> _Block:
    def paint(painter: QPainter, top: float) -> None:
        for text, left in zip(row, (0.0, 260.0, 440.0), strict=True):
            _words(painter, SIDE + left, top + 15, _cut(text, 170 if left else 240, 13), 13, bold=is_head)

    return _Block(21, paint, keeps)


# --- formulas and words


class _Formula:
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
            self._pictures[tex] = formula_picture(tex, SIZE, _INK, SHARPNESS)
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


def _words(
    painter: QPainter, left: float, base: float, text: str, size: int, color: str = _INK, bold: bool = False
) -> None:
    painter.setFont(font(size, bold))
    painter.setPen(QColor(color))
    painter.drawText(QPointF(left, base), text)


def _rule(painter: QPainter, left: float, y: float, wide: float, thick: float = 0.9) -> None:
    painter.setPen(QPen(QColor(_INK), thick))
    painter.drawLine(QPointF(left, y), QPointF(left + wide, y))


def _cut(text: str, room: float, size: int) -> str:
    return QFontMetricsF(font(size)).elidedText(text, Qt.TextElideMode.ElideRight, room)


def _lines(text: str, size: int, bold: bool = False) -> _Block:
    """A text in as many lines as it needs."""
    metrics = QFontMetricsF(font(size, bold))
    flags = int(Qt.TextFlag.TextWrapAnywhere | Qt.TextFlag.TextWordWrap)
    high = metrics.boundingRect(QRectF(0, 0, ROOM, 1e5), flags, text).height()

    def paint(painter: QPainter, top: float) -> None:
        painter.setFont(font(size, bold))
        painter.setPen(QColor(_INK))
        painter.drawText(QRectF(QPointF(SIDE, top), QSizeF(ROOM, high + 4)), flags, text)

    return _Block(high + 8, paint)
