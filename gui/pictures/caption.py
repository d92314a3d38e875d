"""The caption under a picture: what the step does, its equations, the reason for it, and which step it is."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from engine.graph.graph import Graph
from engine.show.absent import no_step_sentence
from engine.show.explain import explain
from engine.show.frame import Frame
from engine.show.wording import Wording, worded
from engine.truth.unfinished import find_problems
from gui.canvas.paint import style
from gui.look import measure
from gui.look.math_view import Sides
from gui.look.theme import BODY, NAME, Theme
from gui.pictures.typeset import Typeset, paint_typeset, typeset

SIDE, ABOVE, LINE, GAP = 20.0, 14.0, 20.0, 2.0
FORMULA, HIGHEST = 17, 120.0  # of type; of all equations of a step
MOST_LINES = 4  # a longer sentence ends in …


@dataclass(frozen=True)
class Caption:
    """What is said under a picture. `place` is `8 / 10`, or empty."""

    sentence: str
    reason: str
    place: str
    heading: str = ""  # in place of the sentence, where equations tell its numbers
    equations: tuple[Sides, ...] = ()  # in LaTeX


def caption_of(graph: Graph, frame: Frame, wording: Wording) -> Caption:
    """What is said at a frame; where nothing can be computed, why not."""
    steps, index = len(frame.trace), frame.index
    if frame.step is not None and index is not None:
        said = explain(graph, frame.trace, frame.step, wording)
        place = f"{index + 1} / {steps}"
        if said.why == said.caption:  # a leaf holds its number
            return Caption(said.caption, "", place)
        return Caption(said.caption, said.why, place, f"{said.heading}.", said.typeset)
    sentence = no_step_sentence(graph, frame.trace, [] if steps else find_problems(graph, frame.trace))
    return Caption(worded(sentence, wording), "", f"0 / {steps}" if steps else "")


def caption_height(said: Caption, wide: float) -> float:
    """How high a caption is on a page so wide."""
    sentence, reason = _lines(said, wide)
    return 2 * ABOVE + (len(sentence) + len(reason)) * LINE + _typeset_height(said, wide)


def paint_caption(painter: QPainter, said: Caption, room: QSizeF, theme: Theme, transparent: bool) -> None:
    """Paint it into a rectangle at the painter's origin."""
    if not transparent:
        painter.fillRect(QRectF(QPointF(0, 0), room), theme.color("panel"))
        painter.fillRect(QRectF(0, 0, room.width(), 1), theme.color("line"))
    y = ABOVE + 15
    sentence, reason = _lines(said, room.width())
    for line in sentence:
        style.put_text(painter, SIDE, y, line, NAME, False, theme.text)
        y += LINE
    if (formula := _formula(said, room.width())) is not None:
        paint_typeset(painter, formula, SIDE, y - 15 + GAP, theme.text)
        y += _typeset_height(said, room.width())
    for line in reason:
        style.put_text(painter, SIDE, y, line, BODY, False, theme.soft)
        y += LINE
    style.put_text(painter, room.width() - SIDE, ABOVE + 15, said.place, BODY, False, theme.faint, 1)


def _typeset_height(said: Caption, wide: float) -> float:
    formula = _formula(said, wide)
    return formula.high + 2 * GAP if formula is not None else 0.0


def _formula(said: Caption, wide: float) -> Typeset | None:
    """Its equations; None where there are none, or where they would take the room of the graph."""
    formula = typeset(said.equations, FORMULA, wide - 2 * SIDE) if said.equations else None
    return formula if formula is not None and formula.high <= HIGHEST else None


def _lines(said: Caption, wide: float) -> tuple[list[str], list[str]]:
    """The sentence in lines that fit beside the number of the step, and the reason in lines below it."""
    room = wide - 2 * SIDE
    beside = room - measure.width(said.place, BODY) - SIDE
    sentence = said.sentence if _formula(said, wide) is None else said.heading
    return _wrapped(sentence, NAME, beside), _wrapped(said.reason, BODY, room) if said.reason else []


def _wrapped(text: str, size: int, room: float) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure.width(longer, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > MOST_LINES:
        lines[MOST_LINES - 1 :] = [" ".join(lines[MOST_LINES - 1 :])]
    return [measure.elided(line, size, False, room) for line in lines]
