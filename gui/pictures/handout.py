"""A handout as a PDF: the graph, every step with its formula and a blank to write in; or with the numbers, to mark by.

Lengths are 1/96 inch.
"""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.export.handout import HandoutRow, HandoutText, handout_text
from engine.graph.graph import Graph
from engine.passes.trace import Trace
from gui.look.theme import LIGHT
from gui.pictures.paper import (
    GAP,
    INK,
    ROOM,
    SIDE,
    PaperBlock,
    PaperFormula,
    PaperPages,
    cut_to,
    graph_block,
    heading_block,
    paper_pdf,
    paper_rule,
    paper_words,
    text_block,
)

NUMBERS = 34.0  # the column with the numbers of the steps
LINE = 26.0  # between two lines to write on
SHORTEST_BLANK, STEP_HIGH = 200.0, 50.0
MOST_TOGETHER = 20  # rows of a table that are not torn apart


def handout_pdf(graph: Graph, trace: Trace, solved: bool) -> PaperPages:
    """The handout of a graph that has run; `solved`: with all numbers. Raises ExportError."""
    text = handout_text(graph, trace)
    student = "" if text.student is None else f" · student {text.student}"
    foot = f"{text.title}{' · solution' if solved else ''}{student}"
    return paper_pdf(text.title, foot, _blocks(graph, trace, text, solved))


# --- what stands on the pages


def _blocks(graph: Graph, trace: Trace, text: HandoutText, solved: bool) -> list[PaperBlock]:
    backward = "Backward: from the target to the left, the gradient of each node"
    rows = [*_head(text, solved), graph_block(graph, trace, float(len(trace)) if solved else 0.0)]
    rows += [heading_block("Given"), *_given(text.given)]
    rows += [heading_block("Forward: from left to right, the value of each node"), *_steps(text.forward, 1, solved)]
    if text.backward:
        rows += [heading_block(backward), *_steps(text.backward, 1 + len(text.forward), solved)]
    return [*rows, *(_results(text) if solved and text.results else [])]


def _head(text: HandoutText, solved: bool) -> list[PaperBlock]:
    title = f"{text.title}: solution" if solved else text.title
    found = [text_block(title, 20, bold=True)]
    student = "" if text.student is None else f"Numbers of student {text.student}"
    if not solved:
        found.append(PaperBlock(40, lambda painter, top: _name_line(painter, top, student)))
    elif student:
        found.append(text_block(student, 13))
    return [*found, *(text_block(line, 14) for line in text.question.splitlines() if line and not solved)]


def _name_line(painter: QPainter, top: float, student: str) -> None:
    paper_words(painter, SIDE, top + 26, "Name:", 14)
    paper_rule(painter, SIDE + 52, top + 29, 300)
    paper_words(painter, SIDE + 380, top + 26, student, 14)


def _given(rows: Sequence[HandoutRow]) -> list[PaperBlock]:
    """The leaves, as many in a line as it holds."""
    lines: list[list[PaperFormula]] = [[]]
    for row in rows:
        formula = PaperFormula(row.solved, ROOM)
        if lines[-1] and sum(each.wide + 40 for each in lines[-1]) + formula.wide > ROOM:
            lines.append([])
        lines[-1].append(formula)
    return [_side_by_side(line) for line in lines if line]


def _side_by_side(formulas: Sequence["PaperFormula"]) -> PaperBlock:
    base = max(formula.base for formula in formulas)
    high = max(base - formula.base + formula.high for formula in formulas) + 12

    def paint(painter: QPainter, top: float) -> None:
        left = SIDE
        for formula in formulas:
            formula.paint(painter, left, top + 6 + base - formula.base)
            left += formula.wide + 40

    return PaperBlock(high, paint)


def _steps(rows: Sequence[HandoutRow], first: int, solved: bool) -> list[PaperBlock]:
    return [(_solved if solved else _asked)(row, number) for number, row in enumerate(rows, first)]


def _solved(row: HandoutRow, number: int) -> PaperBlock:
    formula = PaperFormula(row.solved, ROOM - NUMBERS)

    def paint(painter: QPainter, top: float) -> None:
        paper_words(painter, SIDE, top + 4 + formula.base, f"{number}.", 13, LIGHT.soft)
        formula.paint(painter, SIDE + NUMBERS, top + 4)

    return PaperBlock(formula.high + 14, paint)


def _asked(row: HandoutRow, number: int) -> PaperBlock:
    """A formula and its blank: behind it where there is room, else below; for an array a frame of its size."""
    formula = PaperFormula((*row.asked, ""), ROOM - NUMBERS)
    beside = ROOM - NUMBERS - formula.end - GAP
    frame = _frame_of(row)
    below = frame is not None or beside < SHORTEST_BLANK
    extra = (frame[1] + 8 if frame else LINE + 10) if below else 0.0
    high = max(formula.high + 20, STEP_HIGH) + extra

    def paint(painter: QPainter, top: float) -> None:
        start = top + max(4.0, (STEP_HIGH - formula.high) / 2)
        paper_words(painter, SIDE, start + formula.base, f"{number}.", 13, LIGHT.soft)
        formula.paint(painter, SIDE + NUMBERS, start)
        under = start + formula.high + 8
        if frame is not None:
            painter.setPen(QPen(QColor(INK), 0.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(SIDE + NUMBERS, under, *frame))
        elif below:
            paper_rule(painter, SIDE + NUMBERS, under + LINE, ROOM - NUMBERS)
        else:
            paper_rule(painter, SIDE + NUMBERS + formula.end + GAP, start + formula.last_base + 4, beside)

    return PaperBlock(high, paint)


def _frame_of(row: HandoutRow) -> tuple[float, float] | None:
    """How large a frame an array is written into: a line for each row, as far as a page goes."""
    shape = np.asarray(row.number).shape
    if not shape:
        return None
    rows = int(np.prod(shape[:-1])) if len(shape) > 1 else 1
    return min(ROOM - NUMBERS, 60.0 + 74.0 * shape[-1]), min(18 + LINE * rows, 500.0)


def _results(text: HandoutText) -> list[PaperBlock]:
    """All values and gradients, to mark by."""
    rows = [("node", "value", "gradient"), *text.results]
    together = len(rows) <= MOST_TOGETHER
    last = len(rows) - 1
    found = (_table_row(row, not at, (together and at < last) or not at) for at, row in enumerate(rows))
    return [heading_block("All numbers"), *found]


def _table_row(row: tuple[str, str, str], is_head: bool, keeps: bool) -> PaperBlock:
    def paint(painter: QPainter, top: float) -> None:
        for text, left in zip(row, (0.0, 260.0, 440.0), strict=True):
            paper_words(painter, SIDE + left, top + 15, cut_to(text, 170 if left else 240, 13), 13, bold=is_head)

    return PaperBlock(21, paint, keeps)
