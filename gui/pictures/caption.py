"""The caption under a picture: what the step does, in words and numbers, the reason for it, and which step it is."""

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
from gui.look.theme import BODY, NAME, Theme

SIDE, ABOVE, LINE = 20.0, 14.0, 20.0
MOST_LINES = 4  # a longer sentence ends in …


@dataclass(frozen=True)
class Caption:
    """What is said under a picture. `place` is `8 / 10`, or empty."""

    sentence: str
    reason: str
    place: str


def caption_of(graph: Graph, frame: Frame, wording: Wording) -> Caption:
    """What is said at a frame; where nothing can be computed, why not."""
    steps, index = len(frame.trace), frame.index
    if frame.step is not None and index is not None:
        said = explain(graph, frame.trace, frame.step, wording)
        return Caption(said.caption, "" if said.why == said.caption else said.why, f"{index + 1} / {steps}")
    sentence = no_step_sentence(graph, frame.trace, [] if steps else find_problems(graph, frame.trace))
    return Caption(worded(sentence, wording), "", f"0 / {steps}" if steps else "")


def caption_height(said: Caption, wide: float) -> float:
    """How high a caption is on a page so wide."""
    sentence, reason = _lines(said, wide)
    return 2 * ABOVE + (len(sentence) + len(reason)) * LINE


def paint_caption(painter: QPainter, said: Caption, room: QSizeF, theme: Theme, transparent: bool) -> None:
    """Paint it into a rectangle at the painter's origin."""
    if not transparent:
        painter.fillRect(QRectF(QPointF(0, 0), room), theme.color("panel"))
        painter.fillRect(QRectF(0, 0, room.width(), 1), theme.color("line"))
    y = ABOVE + 15
    for lines, size, color in zip(_lines(said, room.width()), (NAME, BODY), (theme.text, theme.soft), strict=True):
        for line in lines:
            style.put_text(painter, SIDE, y, line, size, False, color)
            y += LINE
    style.put_text(painter, room.width() - SIDE, ABOVE + 15, said.place, BODY, False, theme.faint, 1)


def _lines(said: Caption, wide: float) -> tuple[list[str], list[str]]:
    """The sentence in lines that fit beside the number of the step, and the reason in lines below it."""
    room = wide - 2 * SIDE
    beside = room - measure.width(said.place, BODY) - SIDE
    return _wrapped(said.sentence, NAME, beside), _wrapped(said.reason, BODY, room) if said.reason else []


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
