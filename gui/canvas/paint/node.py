"""Draws one node: its card, its words and numbers, its ports. Pure painting: for the screen and for files alike.

Every function draws at the node's own origin, its top left corner.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from engine.graph.graph import Graph
from engine.layout.layout import NODE_WIDTH, node_height
from engine.values.values import MINUS
from gui.canvas.model.geometry import PORT, RADIUS, port_offset
from gui.canvas.model.texts import NodePicture
from gui.canvas.paint import style
from gui.canvas.paint.card import card_path, paint_dot, paint_sketch, put_line, shadow_path, stripe_path
from gui.canvas.paint.card_forms import (
    LEFT,
    LOW,
    RIGHT,
    SKETCH,
    VALUE_LINE,
    CardForm,
    CardLine,
    CardPen,
    has_maps,
    has_sketch,
    kind_tone,
    near_form,
)
from gui.canvas.paint.heat_card import paint_maps, value_map_box
from gui.canvas.paint.plates import choose, plate_form
from gui.canvas.paint.slider import paint_slider
from gui.look import measure
from gui.look.theme import BODY, CAPTION, NAME, Theme

FULL, COARSE = 0.6, LOW  # level of detail: below the first no port is named, below the second none is seen
STUB = 52.0  # how long the line at the target's output is
PORT_NAME_GAP = PORT + 6.0  # from the card to the name of an open port
STACK = 5.0  # how far the card below one that stands for several nodes is seen
BAND = 5.0  # how wide the ring is round what a panel or a lesson speaks of
MARGIN = 12.0  # what is drawn outside the card: ports, rings, the shadow
LEAST_PORT = 1.5
LEAST_STRIPE, LEAST_BAR, LEAST_RING = 3.0, 2.0, 2.0  # pixels on screen
BARRED = ("pos", "neg", "soft")  # the tones of gradients that are shown as a bar where they are not written
TINT = 0.35  # how much of the colour of its kind a card has on which nothing is written


@dataclass(frozen=True, slots=True)
class Marks:
    """What the user's hand adds to a node: rings and ports that light up."""

    selected: bool = False
    hovered: bool = False
    pointed: bool = False  # a panel or a lesson speaks of it
    lit_ports: frozenset[int] = frozenset()  # input ports that would accept
    lit_outputs: frozenset[int] = frozenset()
    dimmed: bool = False  # while wiring: nothing here would accept


PLAIN, SELECTED = Marks(), Marks(selected=True)
BlankCard = Callable[[QPainter, NodePicture, Theme, float, Marks], None]


def node_rect(picture: NodePicture) -> QRectF:
    """The card."""
    return QRectF(0, 0, NODE_WIDTH, node_height(picture.ports))


def node_extent(graph: Graph, id: str) -> QRectF:
    """All that may be painted for a node, whatever its numbers are."""
    op, ports = graph.nodes[id].op, graph.port_count(id)
    right = MARGIN + (STUB + 8 if graph.target == id else 0)
    names = [op.port_name(port) for port in graph.open_ports(id)]
    named = max((measure.width(name, CAPTION, True) / FULL for name in names), default=0.0)
    left = max(MARGIN, PORT_NAME_GAP + named + 2 if named else 0.0)
    return QRectF(0, 0, NODE_WIDTH, node_height(ports)).adjusted(-left, -MARGIN, right, MARGIN)


def open_port_names(picture: NodePicture) -> dict[int, str]:
    """The names that stand beside the ports which are waited for: the sentences about them speak of these."""
    return {port: picture.op.port_name(port) for port in sorted(picture.open_ports)}


def value_box(picture: NodePicture, zoom: float = 1.0) -> QRectF:
    """Where the value stands on the card at a zoom: a click there edits a leaf's, a drag changes it."""
    if has_maps(picture, zoom):
        return value_map_box(picture, zoom)
    wide = max(measure.width(picture.value, BODY, True), 24.0)
    near = QRectF(RIGHT - wide, VALUE_LINE - 16, wide, 20)
    if zoom >= 1 or zoom < LOW:
        return near
    lines = (line.box() for line in near_form(picture, zoom).lines if line.tone == picture.value_tone)
    box = next(lines, near)
    return box.adjusted(0, -0.25 * box.height(), 0, 0.25 * box.height())


def caption_box(picture: NodePicture) -> QRectF:
    """Where it stands what the value is called."""
    if picture.value_heat is not None:
        return QRectF(LEFT, node_height(picture.ports) - 18, measure.width(picture.value_caption, CAPTION), 16)
    return QRectF(LEFT, VALUE_LINE - 16, measure.width(picture.value_caption, CAPTION), 20)


def name_box(picture: NodePicture) -> QRectF:
    """Where the name stands, and as much beside it as is free: a double click there renames."""
    name = next(line for line in near_form(picture, 1.0).lines if line.size == NAME and line.tone == "text")
    others = [line.box().left() for line in near_form(picture, 1.0).lines if line.baseline < VALUE_LINE - 16]
    right = min([left - 6 for left in others if left > name.x] + [SKETCH.left() - 6 if has_sketch(picture) else RIGHT])
    return QRectF(name.x, 8, right - name.x, 24)


def input_point(picture: NodePicture, port: int) -> QPointF:
    return QPointF(0, port_offset(port, picture.ports, node_height(picture.ports)))


def output_point(picture: NodePicture, output: int = 0) -> QPointF:
    return QPointF(NODE_WIDTH, port_offset(output, picture.outputs, node_height(picture.ports)))


def paint_node(
    painter: QPainter,
    picture: NodePicture,
    theme: Theme,
    zoom: float,
    marks: Marks = PLAIN,
    shown: CardForm | None = None,
    blank: BlankCard | None = None,
) -> None:
    """Draw a node with as much detail as can be seen at `zoom`; `shown`: in a form that has been found already.

    `blank` draws all of a card but what is written on it, where that is quicker than `paint_blank`."""
    shown = shown or (
        near_form(picture, zoom) if zoom >= LOW else plate_form(picture, zoom, choose(picture, zoom, None))
    )
    if marks.dimmed:
        painter.setOpacity(painter.opacity() * 0.5)
    if zoom < LOW:
        _paint_plate(painter, picture, theme, zoom, marks, shown)
        return
    _paint_seed(painter, picture, theme, zoom)
    (blank or paint_blank)(painter, picture, theme, zoom, marks)
    for line in shown.lines:
        put_line(painter, line, theme)
    paint_maps(painter, picture, theme, zoom)
    paint_dot(painter, picture, theme, zoom)
    paint_slider(painter, picture, theme, zoom)
    if zoom >= FULL:
        _paint_port_names(painter, picture, theme, zoom)


# --- the card


def paint_blank(painter: QPainter, picture: NodePicture, theme: Theme, zoom: float, marks: Marks) -> None:
    """All of a card that is no number and no word."""
    _paint_card(painter, picture, theme, marks)
    paint_sketch(painter, picture, theme, zoom)
    paint_ports(painter, picture, theme, marks)


def _paint_card(painter: QPainter, picture: NodePicture, theme: Theme, marks: Marks) -> None:
    height = node_height(picture.ports)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.brush("#000000", theme.shadow))
    painter.drawPath(shadow_path(height))
    if picture.stacked:
        _paint_below(painter, height, theme)
    painter.setBrush(style.brush(theme.node if picture.op.known else theme.chip))
    painter.drawPath(card_path(height))
    painter.setBrush(style.brush(getattr(theme, kind_tone(picture.op))))
    painter.drawPath(stripe_path(height))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_outline(picture, theme, marks))
    painter.drawPath(card_path(height))
    if marks.pointed:
        painter.setPen(style.pen(theme.focus, BAND, False, 0.45))
        painter.drawRoundedRect(node_rect(picture).adjusted(-3, -3, 3, 3), RADIUS + 3, RADIUS + 3)
    if marks.selected and picture.unfinished:
        painter.setPen(style.pen(theme.focus, 2))
        painter.drawRoundedRect(node_rect(picture).adjusted(-3, -3, 3, 3), RADIUS + 3, RADIUS + 3)


def _paint_below(painter: QPainter, height: float, theme: Theme) -> None:
    """The edge of the card below: there are several nodes in it."""
    painter.setBrush(style.brush(theme.chip))
    painter.setPen(style.pen(theme.line, 1))
    painter.drawPath(card_path(height).translated(STACK, STACK))
    painter.setPen(Qt.PenStyle.NoPen)


def _outline(picture: NodePicture, theme: Theme, marks: Marks) -> QPen:
    if picture.unfinished:
        return style.pen(theme.warn, 1.5, True)
    if marks.selected or marks.pointed:
        return style.pen(theme.focus, 2)
    if marks.hovered:
        return style.pen(theme.focus, 2, False, 0.5)
    return style.pen(theme.line, 1)


def bar_of(card: QRectF, high: float, tone: str) -> QRectF:
    """Where the bar of a gradient lies that is not written: of a positive one along the top, else along the foot. The
    colour is not the only sign."""
    return QRectF(card.left(), card.top() if tone == "pos" else card.bottom() - high, card.width(), high)


def _paint_plate(
    painter: QPainter, picture: NodePicture, theme: Theme, zoom: float, marks: Marks, shown: CardForm
) -> None:
    """From far away: a plate with what there is room for; where that is nothing, a card in the colour of its kind."""
    plate, kind = shown.plate, getattr(theme, kind_tone(picture.op))
    painter.fillRect(plate, style.color(theme.node if picture.op.known else theme.chip))
    if shown.lines:
        painter.fillRect(QRectF(plate.topLeft(), QSizeF(LEAST_STRIPE / zoom, plate.height())), style.color(kind))
    else:
        painter.fillRect(plate, style.color(kind, TINT))
    if shown.bar and picture.gradient_tone in BARRED:
        bar = max(14.0, LEAST_BAR / zoom) if not shown.lines else LEAST_BAR / zoom
        color = style.color(getattr(theme, picture.gradient_tone))
        painter.fillRect(bar_of(plate, bar, picture.gradient_tone), color)
    for line in shown.lines:
        put_line(painter, line, theme)
    _paint_frame(painter, picture, theme, zoom, marks, shown)


def _paint_frame(
    painter: QPainter, picture: NodePicture, theme: Theme, zoom: float, marks: Marks, shown: CardForm
) -> None:
    """The outline of a plate."""
    ring = max(6.0, LEAST_RING / zoom)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if picture.unfinished:
        painter.setPen(style.pen(theme.warn, ring))
        painter.drawRect(shown.plate)
    elif shown.lines and not marks.selected:
        painter.setPen(style.hairline(theme.focus if marks.hovered or marks.pointed else theme.edge, False))
        painter.drawRect(shown.plate)
    if marks.selected or marks.pointed:
        painter.setPen(style.pen(theme.focus, ring))
        painter.drawRect(shown.plate.adjusted(-ring, -ring, ring, ring) if picture.unfinished else shown.plate)


# --- ports and the seed


def _paint_seed(painter: QPainter, picture: NodePicture, theme: Theme, zoom: float) -> None:
    """The target's output leads nowhere: the seed comes in there."""
    if not picture.seed:
        return
    start = output_point(picture)
    painter.setPen(style.pen(theme.edge, 1.5))
    painter.drawLine(start, start + QPointF(STUB, 0))
    put_line(painter, seed_line(picture, zoom), theme)


def seed_line(picture: NodePicture, zoom: float) -> CardLine:
    """What is said of the seed, beside the card."""
    start, tone = output_point(picture), "neg" if MINUS in picture.seed else "pos"
    return CardPen(zoom).line(picture.seed, start.x() + PORT + 4, start.y() - 9, CAPTION, True, tone)


def paint_ports(painter: QPainter, picture: NodePicture, theme: Theme, marks: Marks = PLAIN) -> None:
    """The circles where edges end and begin; those that would accept one are larger."""
    radius = port_radius(picture, picture.ports)
    for port in range(picture.ports):
        lit = port in marks.lit_ports
        if port == picture.spare and not lit:
            _paint_spare(painter, input_point(picture, port), theme)
        else:
            _paint_port(painter, input_point(picture, port), theme, lit, port in picture.open_ports, radius)
    radius = port_radius(picture, picture.outputs)
    for output in range(picture.outputs):
        _paint_port(painter, output_point(picture, output), theme, output in marks.lit_outputs, False, radius)


def port_radius(picture: NodePicture, count: int) -> float:
    """Smaller where many stand close together."""
    return min(PORT, max(0.42 * node_height(picture.ports) / (count + 1), LEAST_PORT)) if picture.stacked else PORT


def _paint_port_names(painter: QPainter, picture: NodePicture, theme: Theme, zoom: float) -> None:
    for port, name in open_port_names(picture).items():
        at = input_point(picture, port)
        put_line(painter, CardPen(zoom).line(name, -PORT_NAME_GAP, at.y() + 4, CAPTION, True, "warn", 1), theme)


def _paint_port(painter: QPainter, at: QPointF, theme: Theme, lit: bool, is_open: bool, radius: float = PORT) -> None:
    if lit:
        painter.setPen(style.pen(theme.focus, 2))
        painter.setBrush(style.brush(theme.focus, 0.35))
        painter.drawEllipse(at, radius + 3, radius + 3)
        return
    painter.setPen(style.ring_pen(theme.warn) if is_open else style.pen(theme.edge, min(2.0, radius / 2)))
    painter.setBrush(style.brush(theme.canvas if is_open else theme.node))
    painter.drawEllipse(at, radius, radius)


def _paint_spare(painter: QPainter, at: QPointF, theme: Theme) -> None:
    """The free port of an op whose ports repeat: small and faint, with a +."""
    painter.setPen(style.pen(theme.edge, 1, False, 0.8))
    painter.setBrush(style.brush(theme.node))
    painter.drawEllipse(at, 5, 5)
    painter.drawLine(at - QPointF(2.5, 0), at + QPointF(2.5, 0))
    painter.drawLine(at - QPointF(0, 2.5), at + QPointF(0, 2.5))
