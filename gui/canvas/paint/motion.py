"""Draws what moves during a pass: the capsules of values and gradients, what is added where, and the reason.

It is painted over everything that rests. `sharp` draws outlines instead of sprites: for files.
"""

from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QRegion

from engine.graph.records import Edge, Pos
from engine.layout.layout import NODE_WIDTH
from engine.passes.trace import ContributionStep, DropStep, ForwardStep, SeedStep, Step, UpdateStep, step_node
from engine.show.equation import rule_text
from engine.show.frame import Merge
from engine.values.values import MINUS, change_text, value_text
from gui.canvas.model.aside_boxes import Box
from gui.canvas.model.flight import (
    HALF,
    NOSE,
    SEED_WAY,
    Capsule,
    PlateOf,
    capsule_width,
    ease_out,
    in_flight,
    is_stopped,
    readable,
)
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import SWEPT, label_text, line_width, tone
from gui.canvas.paint import style
from gui.canvas.paint.card_forms import LOW
from gui.canvas.paint.labels import paint_lifted, paint_on_curve, paint_pushed
from gui.canvas.paint.node import FULL, paint_ports, seed_line
from gui.canvas.paint.nodes import end_plate, form_of, says_no_number, sides
from gui.canvas.paint.sprites import (
    capsule_sprite,
    glow_reach,
    glow_sprite,
    paint_capsule,
    paint_travelling,
    put_glow,
)
from gui.canvas.paint.sums import NOTE, freest_place, merge_text, paint_plate, paint_sum, plate_box, sum_boxes
from gui.look.theme import BODY, NAME, Theme


def is_moving(stage: Stage) -> bool:
    """Whether there is anything for this layer to draw: a pass is under way or has been halted on the way."""
    frame = stage.frame
    return frame.position > 0 and not frame.at_end and not (frame.backward and stage.lens.is_forward(frame.trace))


def paint_motion(
    painter: QPainter, stage: Stage, theme: Theme, zoom: float, sharp: bool = False, seen: Box | None = None
) -> None:
    """Draw all that moves at the stage's frame, in scene coordinates; what says something whole in what is `seen`."""
    frame = stage.frame
    if not is_moving(stage):
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_sweep(painter, stage, theme, zoom)
    _paint_active(painter, stage, theme, zoom, sharp)
    _paint_lit(painter, stage, theme, zoom)
    _paint_gates(painter, stage, theme)
    flying, reasons = list(in_flight(stage, zoom, _plates(stage, zoom), seen)), list(_reasons(stage, zoom, seen))
    standing = [*(reason.box() for reason in reasons), *sum_boxes(stage, zoom, seen)]
    paint_pushed(painter, stage, theme, zoom, [capsule.box(zoom) for capsule in flying], standing)
    for reason in reasons:
        _paint_reason(painter, reason, theme)
    if isinstance(frame.step, ContributionStep) and frame.step.edge not in [pulse.edge for pulse in frame.pulses]:
        paint_lifted(painter, stage, theme, zoom, frame.step.edge.key, beside_cards=True)
    if flying and isinstance(frame.step, SeedStep):
        _hide_seed(painter, stage, theme, zoom, frame.step.node)
    for capsule in flying:
        _paint_flying(painter, capsule, theme, zoom, sharp)
    paint_sum(painter, stage, theme, zoom, seen)


# --- forward


def _paint_sweep(painter: QPainter, stage: Stage, theme: Theme, zoom: float) -> None:
    """Behind the capsules of a value its edges are in ink, which fades when they have arrived."""
    sweep = stage.frame.sweeping
    if sweep is None or sweep[1] >= 1:
        return
    id, t = sweep
    head, fading = ease_out(min(t / SWEPT, 1.0)), 1 - max(t - SWEPT, 0.0) / (1 - SWEPT)
    painter.setPen(style.pen(theme.value, 3, False, round(0.6 * fading, 2)))
    for edge in stage.graph.out_of(id):
        _paint_stretch(painter, stage, edge, zoom, 0.0, head)
    for edge in stage.graph.out_of(id):
        paint_on_curve(painter, stage, theme, zoom, edge.key)


def _paint_active(painter: QPainter, stage: Stage, theme: Theme, zoom: float, sharp: bool) -> None:
    """A glow round the node whose turn it is."""
    step = stage.frame.step
    if step is None:
        return
    id = step_node(step)
    plate = form_of(stage, id, zoom).plate
    _paint_glow(painter, plate.translated(*stage.pos(id)), getattr(theme, active_tone(step)), zoom, sharp)
    _paint_ports(painter, stage, id, theme, zoom)


def active_tone(step: Step) -> str:
    """The colour of the node whose turn it is: ink while values are computed, then that of its gradient."""
    if isinstance(step, ForwardStep | UpdateStep | DropStep):
        return "value"
    return tone(step.gradient if isinstance(step, SeedStep) else step.upstream)


def _paint_glow(painter: QPainter, card: QRectF, color: str, zoom: float, sharp: bool) -> None:
    if sharp:
        put_glow(painter, card, color, zoom)
        return
    reach, ratio = glow_reach(zoom), painter.device().devicePixelRatioF()
    corner = painter.transform().map(card.topLeft() - QPointF(reach, reach)) * ratio
    sprite = glow_sprite(round(card.width(), 2), round(card.height(), 2), color, zoom, ratio)
    with style.on_screen(painter):
        painter.drawPixmap(QPointF(round(corner.x()), round(corner.y())) / ratio, sprite)


def _plates(stage: Stage, zoom: float) -> PlateOf:
    """How large each node is seen."""
    return lambda id: sides(end_plate(stage, id, zoom).translated(*stage.pos(id)))


class _Reason(NamedTuple):
    """What is said at the node whose turn it is: why it sends what it sends, or from afar its number."""

    text: str
    bold: bool
    shade: str
    at: Pos  # the middle of its plate
    size: float  # how much it is enlarged

    def box(self) -> tuple[float, float, float, float]:
        plate, (x, y) = plate_box(QPointF(), self.text, self.bold), self.at
        wide, high = plate.width() / 2 * self.size, plate.height() / 2 * self.size
        return x - wide, y - high, x + wide, y + high


def _reasons(stage: Stage, zoom: float, seen: Box | None) -> Iterator[_Reason]:
    """The one that is said now, if any: under its node, or over it where there is more room."""
    step = stage.frame.step
    if step is None:
        return
    id = step_node(step)
    form, picture = form_of(stage, id, zoom), stage.nodes[id]
    if not form.lines or (form.bar and (stage.frame.backward or says_no_number(form))):
        text, shade = picture.value, picture.value_tone
        if stage.frame.backward:
            text, shade = picture.gradient, picture.gradient_tone
        bold, size = True, readable(zoom, NAME)
    elif zoom >= FULL and isinstance(step, ContributionStep):
        text, shade, bold, size = note(stage, step), "soft", False, readable(zoom, NOTE)
    elif zoom >= FULL and isinstance(step, UpdateStep) and step.after.ndim == 0:
        text, shade, bold, size = change_text(step.before, step.after), "value", True, readable(zoom, NOTE)
    else:
        return
    plate = plate_box(QPointF(), text, bold)
    place = freest_place(stage, id, (plate.width() * size, plate.height() * size), zoom, seen=seen)
    yield _Reason(text, bold, shade, place, size)


def _paint_reason(painter: QPainter, reason: _Reason, theme: Theme) -> None:
    with style.placed(painter, *reason.at, reason.size):
        paint_plate(painter, QPointF(), reason.text, reason.bold, theme, reason.shade)


def _note_place(stage: Stage, id: str) -> QPointF:
    left, _, right, bottom = stage.box(id)
    return QPointF((left + right) / 2, bottom + 20)


def note(stage: Stage, step: ContributionStep) -> str:
    """Why a node sends what it sends: its local derivative."""
    op = stage.graph.nodes[step.edge.dest].op
    summed = ", summed over its copies" if step.axes else ""
    if not (op.local or op.vjp):  # the card of a group: which rules were followed is told inside it
        return f"through {stage.graph.nodes[step.edge.dest].name}{summed}"
    if step.local is None:
        return f"{op.symbol}: {rule_text(stage.graph, stage.frame.trace, step)}"
    local = value_text(step.local, 4, 3)
    if step.local.ndim:
        return f"{op.symbol} × {local}, element by element{summed}"
    if step.local == 1:
        return f"{op.symbol} passes it on: × 1{summed}"
    if step.local == 0:
        return f"{op.symbol} {'is closed' if op.gate else 'stops it'}: × 0"
    if step.local == -1:
        return f"{op.symbol} flips the sign: × {MINUS}1{summed}"
    return f"{op.symbol} scales it: × {local}{summed}"


# --- backward


def _hide_seed(painter: QPainter, stage: Stage, theme: Theme, zoom: float, id: str) -> None:
    """While the seed is on its way its capsule says the number, on the place where it is written otherwise."""
    if zoom >= LOW:
        said = seed_line(stage.nodes[id], zoom).box().translated(*stage.pos(id))
        painter.fillRect(said.adjusted(-1, -1, 1, 1), style.color(theme.canvas))


def _paint_lit(painter: QPainter, stage: Stage, theme: Theme, zoom: float) -> None:
    """The edges behind the pulses are lit, from their end to where the pulse is; over all of them the ports again."""
    frame, ends = stage.frame, dict[str, None]()
    steps = frame.trace.steps
    painter.setBrush(Qt.BrushStyle.NoBrush)  # the plate of the note has left one: it would fill the curves
    for step in steps[frame.done : frame.done + ceil(frame.trace.flight) + 2]:
        if isinstance(step, ContributionStep) and not is_stopped(stage, step.edge):
            covered = frame.lit(step.edge.key)
            if covered > 0:
                shade = tone(step.contribution)
                width = line_width(step.contribution)
                painter.setPen(style.pen(getattr(theme, shade), width, shade == "zero"))
                _paint_stretch(painter, stage, step.edge, zoom, 1 - ease_out(covered), 1.0)
                paint_on_curve(painter, stage, theme, zoom, step.edge.key)
                ends |= {step.edge.source: None, step.edge.dest: None}
    for id in ends:  # once each: of a sum of hundreds every edge ends at the same card
        _paint_ports(painter, stage, id, theme, zoom)


def _paint_stretch(painter: QPainter, stage: Stage, edge: Edge, zoom: float, first: float, last: float) -> None:
    """A part of an edge, on top of the picture; not over the plates that its ends lie under."""
    path = style.route_path(stage.stretch(edge.key, first, last))
    if zoom >= LOW:
        painter.drawPath(path)
        return
    free = QRegion(path.boundingRect().toAlignedRect().adjusted(-8, -8, 8, 8))
    for id in (edge.source, edge.dest):
        free -= QRegion(form_of(stage, id, zoom).plate.translated(*stage.pos(id)).toRect())
    painter.save()
    painter.setClipRegion(free, Qt.ClipOperation.IntersectClip)
    painter.drawPath(path)
    painter.restore()


def _paint_ports(painter: QPainter, stage: Stage, id: str, theme: Theme, zoom: float) -> None:
    """The ports again, over the lit edges that end in them; a plate has none."""
    if zoom < LOW:
        return
    with style.placed(painter, *stage.pos(id)):
        paint_ports(painter, stage.nodes[id], theme)


def _paint_gates(painter: QPainter, stage: Stage, theme: Theme) -> None:
    """The closed gates that something is running against."""
    for pulse in stage.frame.pulses:
        if is_stopped(stage, pulse.edge):
            x, y = stage.input_place(pulse.edge.dest, pulse.edge.port)
            painter.setPen(style.pen(theme.zero, 4))
            painter.drawLine(QPointF(x + 10, y - 20), QPointF(x + 10, y + 20))


def _paint_flying(painter: QPainter, capsule: Capsule, theme: Theme, zoom: float, sharp: bool) -> None:
    """A capsule with its number at its place."""
    fill, ink, at = getattr(theme, capsule.shade), theme.on_color, QPointF(*capsule.at)
    size = readable(zoom, BODY)
    painter.setOpacity(capsule.opacity)
    if capsule.heat is not None:
        with style.placed(painter, at.x(), at.y(), size):
            paint_travelling(painter, capsule, capsule.heat, theme)
    elif sharp:
        with style.placed(painter, at.x(), at.y(), size):
            paint_capsule(painter, capsule.text, fill, ink, capsule.forward)
    else:
        ratio = painter.device().devicePixelRatioF()
        sprite = capsule_sprite(capsule.text, fill, ink, capsule.forward, round(zoom * size, 3), ratio)
        place = painter.transform().map(at)
        with style.on_screen(painter):
            painter.drawPixmap(place - QPointF(sprite.width() / ratio / 2, sprite.height() / ratio / 2), sprite)
    painter.setOpacity(1.0)


# --- all of it


def motion_boxes(stage: Stage) -> Iterator[QRectF]:
    """The scene rectangles of what is drawn beyond the nodes in the course of the whole pass: seed, notes, sums."""
    for step in stage.frame.trace.steps:
        if isinstance(step, ContributionStep):
            merge = Merge(step.edge.source, step.edge, step.before, step.contribution, step.total, 1.0)
            left, top, _, _ = stage.box(merge.node)
            yield plate_box(_note_place(stage, step.edge.dest), note(stage, step), False)
            yield plate_box(QPointF(left + NODE_WIDTH / 2, top - 20), merge_text(merge), True)
        elif isinstance(step, SeedStep):
            x, y = stage.output_place(step.node)
            wide = capsule_width(label_text(step.gradient))
            yield style.box((x + SEED_WAY, y), (wide, 2 * HALF)).adjusted(-NOSE, 0, 0, 0)
