"""The caption under a picture: one sentence about the step, the same in numbers, and which step it is."""

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
    numbers: str
    place: str


def caption_of(graph: Graph, frame: Frame, wording: Wording) -> Caption:
    """What is said at a frame; where nothing can be computed, why not."""
    steps, index = len(frame.trace), frame.index
    if frame.step is not None and index is not None:
        said = explain(graph, frame.trace, frame.step, wording)
        return Caption(said.caption, said.numbers, f"{index + 1} / {steps}")
    sentence = no_step_sentence(graph, frame.trace, [] if steps else find_problems(graph, frame.trace))
    return Caption(worded(sentence, wording), "", f"0 / {steps}" if steps else "")


def caption_height(said: Caption, wide: float) -> float:
    """How high a caption is on a page so wide."""
    lines = len(_lines(said, wide)) + bool(said.numbers)
    return 2 * ABOVE + lines * LINE


def paint_caption(painter: QPainter, said: Caption, room: QSizeF, theme: Theme, transparent: bool) -> None:
    """Paint it into a rectangle at the painter's origin."""
    if not transparent:
        painter.fillRect(QRectF(QPointF(0, 0), room), theme.color("panel"))
        painter.fillRect(QRectF(0, 0, room.width(), 1), theme.color("line"))
    y = ABOVE + 15
    for line in _lines(said, room.width()):
        style.put_text(painter, SIDE, y, line, NAME, False, theme.text)
        y += LINE
    wide = room.width() - 2 * SIDE
    style.put_text(painter, SIDE, y, measure.elided(said.numbers, BODY, False, wide), BODY, False, theme.soft)
    style.put_text(painter, room.width() - SIDE, ABOVE + 15, said.place, BODY, False, theme.faint, 1)


def _lines(said: Caption, wide: float) -> list[str]:
    """The sentence in lines that fit, beside the number of the step."""
    room = wide - 2 * SIDE - measure.width(said.place, BODY) - SIDE
    lines = [""]
    for word in said.sentence.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure.width(longer, NAME) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > MOST_LINES:
        lines[MOST_LINES - 1 :] = [" ".join(lines[MOST_LINES - 1 :])]
    return [measure.elided(line, NAME, False, room) for line in lines]
