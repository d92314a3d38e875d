"""Draws one node: its card, its words and numbers, its ports. Pure painting: for the screen and for files alike.

Every function draws at the node's own origin, its top left corner.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from engine.graph.graph import Graph
from engine.layout.layout import NODE_WIDTH, node_height
from engine.ops.kernel import bind
from engine.ops.op import Op
from engine.values.values import MINUS
from gui.canvas.model.geometry import PORT, RADIUS, STRIPE, port_offset
from gui.canvas.model.texts import CURVE_REACH, NodePicture
from gui.canvas.paint import style
from gui.look import measure
from gui.look.theme import BODY, CAPTION, NAME, Theme

FULL, COARSE = 0.6, 0.35  # level of detail: below the first the essentials, below the second only shape and colour
FAR_NUMBERS, FAINTEST = 40 / NODE_WIDTH, 0.2  # below the first no number can be read, below the second nothing at all
SMALLER = (18, 16, 14, 12)  # for tensors that do not fit in the larger ones
NEARER = 0.5  # below it names and numbers are written larger than their rows would have them
LEFT, RIGHT = 16.0, NODE_WIDTH - 14.0
NAME_LINE, VALUE_LINE, GRADIENT_LINE = 27.0, 50.0, 70.0
FAR_TITLE, FAR_VALUE, FAR_ALONE = 28, 32, 40  # sizes of what is read from far away
STUB = 52.0  # how long the line at the target's output is
SKETCH = QRectF(NODE_WIDTH - 46, 9, 32, 22)  # the small picture of a gate or a curve
PORT_NAME_GAP = PORT + 6.0  # from the card to the name of an open port
MARGIN = 12.0  # what is drawn outside the card: ports, rings, the shadow


@dataclass(frozen=True, slots=True)
class Marks:
    """What the user's hand adds to a node: rings and ports that light up."""

    selected: bool = False
    hovered: bool = False
    lit_ports: frozenset[int] = frozenset()  # input ports that would accept
    lit_output: bool = False
    dimmed: bool = False  # while wiring: nothing here would accept


PLAIN, SELECTED = Marks(), Marks(selected=True)


def node_rect(picture: NodePicture) -> QRectF:
    """The card."""
    return QRectF(0, 0, NODE_WIDTH, node_height(picture.ports))


def node_extent(graph: Graph, id: str) -> QRectF:
    """All that may be painted for a node, whatever its numbers are."""
    op, ports = graph.nodes[id].op, graph.port_count(id)
    right = MARGIN + (STUB + 8 if graph.target == id else 0)
    names = [op.port_name(port) for port in graph.open_ports(id)]
    named = max((measure.width(name, CAPTION, True) for name in names), default=0.0)
    left = max(MARGIN, PORT_NAME_GAP + named + 2 if named else 0.0)
    return QRectF(0, 0, NODE_WIDTH, node_height(ports)).adjusted(-left, -MARGIN, right, MARGIN)


def open_port_names(picture: NodePicture) -> dict[int, str]:
    """The names that stand beside the ports which are waited for: the sentences about them speak of these."""
    return {port: picture.op.port_name(port) for port in sorted(picture.open_ports)}


def value_box(picture: NodePicture) -> QRectF:
    """Where the value stands: a click there edits a leaf's."""
    wide = max(measure.width(picture.value, BODY, True), 24.0)
    return QRectF(RIGHT - wide, VALUE_LINE - 16, wide, 20)


def caption_box(picture: NodePicture) -> QRectF:
    """Where it stands what the value is called."""
    return QRectF(LEFT, VALUE_LINE - 16, measure.width(picture.value_caption, CAPTION), 20)


def name_box(picture: NodePicture) -> QRectF:
    """Where the name stands: a double click there renames."""
    left = _name_left(picture.op)
    return QRectF(left, 8, _name_right(picture) - left, 24)


def input_point(picture: NodePicture, port: int) -> QPointF:
    return QPointF(0, port_offset(port, picture.ports, node_height(picture.ports)))


def output_point(picture: NodePicture, output: int = 0) -> QPointF:
    return QPointF(NODE_WIDTH, port_offset(output, picture.outputs, node_height(picture.ports)))


def paint_node(painter: QPainter, picture: NodePicture, theme: Theme, zoom: float, marks: Marks = PLAIN) -> None:
    """Draw a node with as much detail as can be seen at `zoom`."""
    if marks.dimmed:
        painter.setOpacity(painter.opacity() * 0.5)
    if zoom < COARSE:
        _paint_coarse(painter, picture, theme, zoom, marks)
        return
    _paint_card(painter, picture, theme, marks)
    if zoom < FULL:
        _paint_essentials(painter, picture, theme, zoom)
    else:
        _paint_words(painter, picture, theme)
        _paint_sketch(painter, picture, theme)
    _paint_seed(painter, picture, theme, zoom)
    paint_ports(painter, picture, theme, marks)
    if zoom >= FULL:
        _paint_port_names(painter, picture, theme)


# --- the card


@lru_cache(maxsize=64)
def _card(height: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, NODE_WIDTH, height), RADIUS, RADIUS)
    return path


@lru_cache(maxsize=64)
def _shadow(height: float) -> QPainterPath:
    """Only what the card does not cover."""
    return _card(height).translated(0, 3).subtracted(_card(height))


@lru_cache(maxsize=64)
def _stripe(height: float) -> QPainterPath:
    band = QPainterPath()
    band.addRect(QRectF(0, 0, STRIPE, height))
    return _card(height).intersected(band)


def _kind_color(op: Op, theme: Theme) -> str:
    color: str = getattr(theme, op.family) if op.known else theme.faint
    return color


def _paint_card(painter: QPainter, picture: NodePicture, theme: Theme, marks: Marks) -> None:
    height = node_height(picture.ports)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.brush("#000000", theme.shadow))
    painter.drawPath(_shadow(height))
    painter.setBrush(style.brush(theme.node if picture.op.known else theme.chip))
    painter.drawPath(_card(height))
    painter.setBrush(style.brush(_kind_color(picture.op, theme)))
    painter.drawPath(_stripe(height))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_outline(picture, theme, marks))
    painter.drawPath(_card(height))
    if marks.selected and picture.unfinished:
        painter.setPen(style.pen(theme.focus, 2))
        painter.drawRoundedRect(node_rect(picture).adjusted(-3, -3, 3, 3), RADIUS + 3, RADIUS + 3)


def _outline(picture: NodePicture, theme: Theme, marks: Marks) -> QPen:
    if picture.unfinished:
        return style.pen(theme.warn, 1.5, True)
    if marks.selected:
        return style.pen(theme.focus, 2)
    if marks.hovered:
        return style.pen(theme.focus, 2, False, 0.5)
    return style.pen(theme.line, 1)


def _paint_coarse(painter: QPainter, picture: NodePicture, theme: Theme, zoom: float, marks: Marks) -> None:
    """From far away: a card in the colour of its kind with what it is, and a bar in the colour of its gradient."""
    rect, op = node_rect(picture), picture.op
    painter.fillRect(rect, style.color(theme.node))
    painter.fillRect(rect, style.color(_kind_color(op, theme), 0.35))
    if picture.gradient_tone in ("pos", "neg", "soft"):
        painter.fillRect(rect.adjusted(0, rect.height() - 14, 0, 0), style.color(getattr(theme, picture.gradient_tone)))
    title, room, middle = picture.name if op.is_leaf else op.symbol, NODE_WIDTH - 8, NODE_WIDTH / 2
    with_value = not picture.unfinished and measure.width(picture.value, FAR_VALUE, True) <= room
    if zoom >= FAR_NUMBERS and with_value:
        shown = measure.elided(title, FAR_TITLE, False, room)
        style.put_text(painter, middle, 30, shown, FAR_TITLE, False, theme.text, 0.5)
        style.put_text(painter, middle, 64, picture.value, FAR_VALUE, True, getattr(theme, picture.value_tone), 0.5)
    elif zoom >= FAINTEST:
        shown = measure.elided(title, FAR_ALONE, True, room)
        style.put_text(painter, middle, rect.center().y() + 8, shown, FAR_ALONE, True, theme.text, 0.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if picture.unfinished:
        painter.setPen(style.pen(theme.warn, 6))
        painter.drawRect(rect)
    if marks.selected:
        painter.setPen(style.pen(theme.focus, 6))
        painter.drawRect(rect.adjusted(-6, -6, 6, 6) if picture.unfinished else rect)


# --- words and numbers


def _symbol_size(op: Op) -> int:
    return 17 if len(op.symbol) <= 2 else 13


def _name_left(op: Op) -> float:
    if op.is_leaf:
        return LEFT
    return max(44.0, LEFT + measure.width(op.symbol, _symbol_size(op), True) + 8)


def _name_right(picture: NodePicture) -> float:
    if picture.op.is_leaf:
        return RIGHT - measure.width(_kind_word(picture), CAPTION, True) - 6
    return SKETCH.left() - 6 if _shows_sketch(picture) else RIGHT


def _kind_word(picture: NodePicture) -> str:
    """What a leaf is: in a word, where its name needs the room in a shorter one, or by its symbol."""
    word = picture.word or picture.op.title.lower()
    room = RIGHT - LEFT - 6 - measure.width(picture.name, NAME, True)
    shorter = (word, f"{word[:5]}.", picture.op.symbol)
    return next((text for text in shorter if measure.width(text, CAPTION, True) <= room), picture.op.symbol)


def _says_its_symbol(picture: NodePicture) -> bool:
    """Whether the name alone is enough: it is the symbol, or a small picture stands beside it and room is short."""
    if picture.name.casefold() == picture.op.symbol.casefold():
        return True
    room = _name_right(picture) - _name_left(picture.op)
    return _shows_sketch(picture) and measure.width(picture.name, NAME, True) > room


def _paint_title(painter: QPainter, picture: NodePicture, theme: Theme) -> None:
    op, color = picture.op, _kind_color(picture.op, theme)
    left, right = _name_left(op), _name_right(picture)
    if op.is_leaf:
        style.put_text(painter, RIGHT, NAME_LINE - 1, _kind_word(picture), CAPTION, True, color, 1)
    elif _says_its_symbol(picture):
        left = LEFT
    elif len(op.symbol) == 1:
        style.put_text(painter, 26, NAME_LINE, op.symbol, _symbol_size(op), True, color, 0.5)
    else:
        style.put_text(painter, LEFT, NAME_LINE - 1, op.symbol, _symbol_size(op), True, color)
    name = measure.elided(picture.name, NAME, True, right - left)
    style.put_text(painter, left, NAME_LINE - 1, name, NAME, True, theme.text)


def _paint_words(painter: QPainter, picture: NodePicture, theme: Theme) -> None:
    _paint_title(painter, picture, theme)
    if picture.unfinished:
        text = measure.elided(picture.value, BODY, True, RIGHT - LEFT)
        style.put_text(painter, LEFT, VALUE_LINE + 1, text, BODY, True, theme.warn)
    else:
        _paint_row(painter, VALUE_LINE, picture.value_caption, picture.value, picture.value_tone, theme)
    _paint_row(painter, GRADIENT_LINE, picture.gradient_caption, picture.gradient, picture.gradient_tone, theme)


def _paint_row(painter: QPainter, line: float, caption: str, text: str, tone: str, theme: Theme) -> None:
    """A caption and its number. Where there is no room for both, the caption is shortened: never a number."""
    shown = measure.elided(text, BODY, True, RIGHT - LEFT)
    room = RIGHT - LEFT - measure.width(shown, BODY, True) - 6
    short = next((text for text in (caption, f"{caption[:4]}.") if measure.width(text, CAPTION) <= room), "")
    style.put_text(painter, LEFT, line, short, CAPTION, False, theme.faint)
    style.put_text(painter, RIGHT, line, shown, BODY, True, getattr(theme, tone), 1)


def _paint_essentials(painter: QPainter, picture: NodePicture, theme: Theme, zoom: float) -> None:
    """From afar: name, value and gradient, larger and without captions."""
    op = picture.op
    title = picture.name if op.is_leaf else f"{op.symbol} {picture.name}"
    big, number = (20, 18) if zoom >= NEARER else (22, 24)
    rows = [(title, big, theme.text), (picture.value, number, getattr(theme, picture.value_tone))]
    if not picture.unfinished:
        rows.append((picture.gradient, number, getattr(theme, picture.gradient_tone)))
    room = RIGHT - LEFT + 8
    for line, (text, size, color) in zip((28, 52, 74) if zoom >= NEARER else (26, 51, 77), rows, strict=False):
        if "[" in text:  # half a number would say nothing, or another one
            size = measure.fitting(text, room, size, *SMALLER).pixelSize()
        style.put_text(painter, LEFT, line, measure.clipped(text, size, True, room), size, True, color)


# --- the small picture of what an op does


def _shows_sketch(picture: NodePicture) -> bool:
    """A gate, always; the curve of an activation, but it gives way to a long name."""
    op, room = picture.op, SKETCH.left() - 6 - LEFT
    has_curve = op.group == "activation" and len(op.ports) == 1 and bool(op.local)
    return op.gate or (has_curve and measure.width(picture.name, NAME, True) <= room)


def _paint_sketch(painter: QPainter, picture: NodePicture, theme: Theme) -> None:
    if picture.op.gate:
        _paint_gate(painter, picture.gate, theme)
    elif _shows_sketch(picture):
        _paint_curve(painter, picture, theme)


def _paint_gate(painter: QPainter, is_open: bool | None, theme: Theme) -> None:
    """Two posts and a bar: across the way when shut, swung up when open."""
    left, right, y = SKETCH.left() + 4, SKETCH.right() - 2, SKETCH.center().y() + 3
    color = theme.faint if is_open is None else theme.activation if is_open else theme.zero
    painter.setPen(style.pen(color, 2))
    painter.drawLine(QPointF(left, y - 5), QPointF(left, y + 6))
    painter.drawLine(QPointF(right, y - 2), QPointF(right, y + 6))
    end = QPointF(left + 15, y - 12) if is_open else QPointF(right, y)
    painter.setPen(style.pen(color, 3, is_open is None))
    painter.drawLine(QPointF(left, y), end)
    if is_open is False:
        painter.setPen(style.pen(color, 2))
        for x in (left + 8, left + 16):
            painter.drawLine(QPointF(x, y - 3.5), QPointF(x, y + 3.5))


@lru_cache(maxsize=64)
def _sampled(op: Op) -> tuple[QPolygonF, float, float]:
    """An activation from −4 to 4, fitted into the sketch; with its lowest and highest value."""
    xs = np.linspace(-CURVE_REACH, CURVE_REACH, 41)
    ys = np.asarray(bind(op, 1).forward(xs), dtype=float)
    low, high = float(ys.min()), float(ys.max())
    return QPolygonF([_place(x, y, low, high) for x, y in zip(xs, ys, strict=True)]), low, high


def _place(x: float, y: float, low: float, high: float) -> QPointF:
    across = (x + CURVE_REACH) / (2 * CURVE_REACH)
    up = (y - low) / ((high - low) or 1)
    return QPointF(SKETCH.left() + across * SKETCH.width(), SKETCH.bottom() - up * SKETCH.height())


def _paint_curve(painter: QPainter, picture: NodePicture, theme: Theme) -> None:
    line, low, high = _sampled(picture.op)
    painter.setPen(style.pen(theme.line, 1))
    painter.drawLine(SKETCH.bottomLeft(), SKETCH.bottomRight())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(style.pen(theme.activation, 1.5))
    painter.drawPolyline(line)
    if picture.dot is not None:
        y = float(np.asarray(bind(picture.op, 1).forward(np.float64(picture.dot))))
        painter.setPen(style.pen(theme.node, 1))
        painter.setBrush(style.brush(theme.activation))
        painter.drawEllipse(_place(picture.dot, y, low, high), 3.5, 3.5)


# --- ports and the seed


def _paint_seed(painter: QPainter, picture: NodePicture, theme: Theme, zoom: float) -> None:
    """The target's output leads nowhere: the seed comes in there."""
    if not picture.seed:
        return
    start = output_point(picture)
    painter.setPen(style.pen(theme.edge, 1.5))
    painter.drawLine(start, start + QPointF(STUB, 0))
    if zoom >= FULL:
        middle = start.x() + PORT + (STUB - PORT) / 2 + 2
        color = theme.neg if MINUS in picture.seed else theme.pos
        style.put_text(painter, middle, start.y() - 9, picture.seed, CAPTION, True, color, 0.5)


def paint_ports(painter: QPainter, picture: NodePicture, theme: Theme, marks: Marks = PLAIN) -> None:
    """The circles where edges end and begin; those that would accept one are larger."""
    for port in range(picture.ports):
        lit = port in marks.lit_ports
        if port == picture.spare and not lit:
            _paint_spare(painter, input_point(picture, port), theme)
        else:
            _paint_port(painter, input_point(picture, port), theme, lit, port in picture.open_ports)
    for output in range(picture.outputs):
        _paint_port(painter, output_point(picture, output), theme, marks.lit_output, False)


def _paint_port_names(painter: QPainter, picture: NodePicture, theme: Theme) -> None:
    for port, name in open_port_names(picture).items():
        at = input_point(picture, port)
        style.put_text(painter, -PORT_NAME_GAP, at.y() + 4, name, CAPTION, True, theme.warn, 1)


def _paint_port(painter: QPainter, at: QPointF, theme: Theme, lit: bool, is_open: bool) -> None:
    if lit:
        painter.setPen(style.pen(theme.focus, 2))
        painter.setBrush(style.brush(theme.focus, 0.35))
        painter.drawEllipse(at, PORT + 3, PORT + 3)
        return
    painter.setPen(style.ring_pen(theme.warn) if is_open else style.pen(theme.edge, 2))
    painter.setBrush(style.brush(theme.canvas if is_open else theme.node))
    painter.drawEllipse(at, PORT, PORT)


def _paint_spare(painter: QPainter, at: QPointF, theme: Theme) -> None:
    """The free port of an op whose ports repeat: small and faint, with a +."""
    painter.setPen(style.pen(theme.edge, 1, False, 0.8))
    painter.setBrush(style.brush(theme.node))
    painter.drawEllipse(at, 5, 5)
    painter.drawLine(at - QPointF(2.5, 0), at + QPointF(2.5, 0))
    painter.drawLine(at - QPointF(0, 2.5), at + QPointF(0, 2.5))
