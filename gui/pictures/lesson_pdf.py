"""A lesson as a PDF: each step with its formulas, its graph and its task with a blank; the answers at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from engine.show.beside import EDGES_SHOWN, OnEdges
from engine.teach.answer import Answer
from engine.teach.lessons.article import ArticleStep, ArticleTask, article_of
from engine.teach.lessons.lesson import Kind
from engine.teach.lessons.reading import ReadLesson
from gui.look.theme import LIGHT, font
from gui.pictures.paper import (
    INK,
    ROOM,
    SIDE,
    PaperBlock,
    PaperFormula,
    PaperPages,
    graph_block,
    heading_block,
    paper_pdf,
    paper_rule,
    paper_words,
    text_block,
    wrap_flags,
)

BODY, SMALL, CODE = 14, 12, 12
INSET, BLANK = 14.0, 34.0  # of a task in its box; the height of a line to write on
LETTERS = "ABCDEFGHIJ"


def lesson_pdf(found: ReadLesson) -> PaperPages:
    """The lesson on pages. Raises ExportError for one that is not sound."""
    lesson, steps = article_of(found)
    minutes = f"{lesson.minutes} minutes. " if lesson.minutes else ""
    blocks = [text_block(lesson.title, 22, bold=True), text_block(f"{minutes}{lesson.about}", BODY)]
    for number, step in enumerate(steps, 1):
        blocks += _step(number, step)
    return paper_pdf(lesson.title, lesson.title, [*blocks, *_answers(steps)])


def _step(number: int, step: ArticleStep) -> Iterator[PaperBlock]:
    """What leads to a formula, to code or to the graph stands on one page with it, and the graph with its task."""
    yield heading_block(f"{number}. {step.title}")
    kinds = [kind for kind, _ in step.pieces]
    for (kind, text), after in zip(step.pieces, [*kinds[1:], "graph"], strict=False):
        block = _piece(kind, text)
        yield replace(block, keeps=after == "graph" or (kind == "paragraph" and after in ("formula", "code", "item")))
    shown = next(each for each in EDGES_SHOWN if each == step.beside)
    graph = graph_block(step.graph, step.trace, float(step.position), OnEdges(shown))
    yield replace(graph, keeps=bool(step.task or step.opens))
    if step.opens:
        opens = _small(f"In Gradloom, this step opens {step.opens} below the canvas.")
        yield replace(opens, keeps=step.task is not None)
    if step.task is not None:
        yield _task(step.task)


def _piece(kind: Kind, text: str) -> PaperBlock:
    if kind == "formula":
        formula = PaperFormula(tuple(side.strip() for side in text.split(" = ")), ROOM)
        return PaperBlock(formula.high + 16, lambda painter, top: formula.paint(painter, SIDE, top + 8))
    if kind == "code":
        return _code(text)
    return text_block(f"•  {text}" if kind == "item" else text, BODY)


def _code(text: str) -> PaperBlock:
    shown = QFont("DejaVu Sans Mono")
    shown.setStyleHint(QFont.StyleHint.Monospace)
    shown.setPixelSize(CODE)
    lines = text.split("\n")
    line = QFontMetricsF(shown).height()

    def paint(painter: QPainter, top: float) -> None:
        painter.fillRect(QRectF(SIDE, top, ROOM, line * len(lines) + 16), QColor(LIGHT.chip))
        painter.setFont(shown)
        painter.setPen(QColor(INK))
        for at, each in enumerate(lines):
            painter.drawText(QPointF(SIDE + 12, top + 8 + line * at + line * 0.8), each)

    return PaperBlock(line * len(lines) + 26, paint)


def _small(text: str) -> PaperBlock:
    def paint(painter: QPainter, top: float) -> None:
        paper_words(painter, SIDE, top + 14, text, SMALL, LIGHT.soft)

    return PaperBlock(24, paint)


def _task(task: ArticleTask) -> PaperBlock:
    """What is asked, in a box, with its answers to choose from or a line to write on."""
    texts = [task.words, *(f"{LETTERS[at]}   {option.words}" for at, option in enumerate(task.options))]
    texts += [f"Hint: {task.hint}"] if task.hint else []
    highs = [_high(text) for text in texts]
    blank = BLANK if isinstance(task.right, Answer) else 0.0
    high = 26 + sum(highs) + blank + 14

    def paint(painter: QPainter, top: float) -> None:
        painter.fillRect(QRectF(SIDE, top + 4, ROOM, high - 8), QColor(LIGHT.chip))
        paper_words(painter, SIDE + INSET, top + 22, "Your turn", SMALL, LIGHT.focus, bold=True)
        left, y = SIDE + INSET, top + 30
        for at, (text, tall) in enumerate(zip(texts, highs, strict=True)):
            painter.setFont(font(BODY))
            painter.setPen(QColor(LIGHT.soft if text.startswith("Hint: ") and at else INK))
            painter.drawText(QRectF(QPointF(left, y), QSizeF(ROOM - 2 * INSET, tall)), _flags(text), text)
            y += tall
            if at == 0 and blank:
                paper_rule(painter, left, y + BLANK - 10, 220)
                y += blank

    return PaperBlock(high + 6, paint)


def _high(text: str) -> float:
    box = QFontMetricsF(font(BODY)).boundingRect(QRectF(0, 0, ROOM - 2 * INSET, 1e5), _flags(text), text)
    return float(box.height()) + 6


def _flags(text: str) -> int:
    return wrap_flags(text, QFontMetricsF(font(BODY)), ROOM - 2 * INSET)


def _answers(steps: Sequence[ArticleStep]) -> Iterator[PaperBlock]:
    """Behind everything, so that whoever reads is not told too soon."""
    yield heading_block("Answers")
    for number, step in enumerate(steps, 1):
        task = step.task
        if task is None:
            continue
        right = task.right.text if isinstance(task.right, Answer) else task.right
        parts = task.told if any(right and each.startswith(right) for each in task.told[:1]) else (right, *task.told)
        told = [part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part]
        yield text_block(f"{number}. {' '.join(told)}" if task.kind != "build" else f"{number}. {right}", BODY)
