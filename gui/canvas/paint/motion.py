"""Draws what moves during a pass: the capsules of values and gradients, what is added where, and the reason.

It is painted over everything that rests. `sharp` draws outlines instead of sprites: for files.
"""

from collections.abc import Iterator
from math import ceil

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath

from engine.layout.layout import NODE_WIDTH
from engine.passes.trace import ContributionStep, ForwardStep, SeedStep, Step, step_node
from engine.show.equation import rule_text, sum_text
from engine.show.frame import Frame, Merge
from engine.values.values import MINUS, bracketed, value_text
from gui.canvas.model.flight import (
    HALF,
    NOSE,
    SEED_WAY,
    Capsule,
    capsule_width,
    ease_out,
    in_flight,
    is_stopped,
    readable,
)
from gui.canvas.model.geometry import RADIUS
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import SWEPT, compact_text, label_text, line_width, tone
from gui.canvas.paint import style
from gui.canvas.paint.card_forms import LOW
from gui.canvas.paint.labels import paint_pushed
from gui.canvas.paint.node import FULL, paint_ports
from gui.canvas.paint.nodes import form_of
from gui.canvas.paint.sprites import capsule_sprite, paint_capsule
from gui.look import measure
from gui.look.theme import BODY, NAME, Theme

GLOW = ((4.0, 0.36), (8.0, 0.18), (12.0, 0.10))  # how far a band reaches, and how strong it is
LEAST_GLOW = 0.6  # the zoom below which it has the same width on the screen
ARRIVED = 0.35  # the part of a merge in which only what arrives is shown
NOTE = 12  # font size of the note under the sending node


def is_moving(frame: Frame) -> bool:
    """Whether there is anything for this layer to draw: a pass is under way or has been halted on the way."""
    return frame.position > 0 and not frame.at_end


def paint_motion(painter: QPainter, stage: Stage, theme: Theme, zoom: float, sharp: bool = False) -> None:
    """Draw all that moves at the stage's frame, in scene coordinates."""
    frame = stage.frame
    if not is_moving(frame):
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_sweep(painter, stage, theme)
    _paint_active(painter, stage, theme, zoom)
    _paint_lit(painter, stage, theme, zoom)
    _paint_gates(painter, stage, theme)
    flying = list(in_flight(stage, zoom))
    covered = [*(capsule.box(zoom) for capsule in flying), *_merge_boxes(stage, zoom)]
    paint_pushed(painter, stage, theme, zoom, np.array(covered).reshape(-1, 4))
    for capsule in flying:
        _paint_flying(painter, capsule, theme, zoom, sharp)
    _paint_merge(painter, stage, theme, zoom)


# --- forward


def _paint_sweep(painter: QPainter, stage: Stage, theme: Theme) -> None:
    """Behind the capsules of a value its edges are in ink, which fades when they have arrived."""
    sweep = stage.frame.sweeping
    if sweep is None or sweep[1] >= 1:
        return
    id, t = sweep
    head, fading = ease_out(min(t / SWEPT, 1.0)), 1 - max(t - SWEPT, 0.0) / (1 - SWEPT)
    painter.setPen(style.pen(theme.value, 3, False, round(0.6 * fading, 2)))
    for edge in stage.graph.out_of(id):
        painter.drawPath(style.route_path(stage.stretch(edge.key, 0.0, head)))


def _paint_active(painter: QPainter, stage: Stage, theme: Theme, zoom: float) -> None:
    """A glow round the node whose turn it is, and under it the reason for what it sends."""
    step = stage.frame.step
    if step is None:
        return
    id = step_node(step)
    form = form_of(stage, id, zoom)
    _paint_glow(painter, form.plate.translated(*stage.pos(id)), getattr(theme, active_tone(step)), zoom)
    _paint_ports(painter, stage, id, theme, zoom)
    if form.bar or not form.lines:
        _paint_current_number(painter, stage, id, theme, zoom)
    elif zoom >= FULL and isinstance(step, ContributionStep):
        size, at = readable(zoom, NOTE), _note_place(stage, id)
        at.setY(at.y() - 20 + 20 * size)
        plate = _plate(QPointF(), note(stage, step), False)
        sides = (plate.left() * size, plate.top() * size, plate.right() * size, plate.bottom() * size)
        paint_pushed(painter, stage, theme, zoom, np.add([sides], [at.x(), at.y(), at.x(), at.y()]))
        with style.placed(painter, at.x(), at.y(), size):
            _paint_plate(painter, QPointF(), note(stage, step), False, theme, "soft")


def active_tone(step: Step) -> str:
    """The colour of the node whose turn it is: ink while values are computed, then that of its gradient."""
    if isinstance(step, ForwardStep):
        return "value"
    return tone(step.gradient if isinstance(step, SeedStep) else step.upstream)


def _paint_glow(painter: QPainter, card: QRectF, color: str, zoom: float) -> None:
    """Bands of colour round a card, the faintest farthest out: what is selected has a thin ring in another colour."""
    painter.setPen(Qt.PenStyle.NoPen)
    for reach, alpha in GLOW:
        far = reach * max(1.0, LEAST_GLOW / zoom)
        band = QPainterPath()  # of two outlines: what is between them is filled
        band.addRoundedRect(card, RADIUS, RADIUS)
        band.addRoundedRect(card.adjusted(-far, -far, far, far), RADIUS + far, RADIUS + far)
        painter.setBrush(style.brush(color, alpha))
        painter.drawPath(band)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_current_number(painter: QPainter, stage: Stage, id: str, theme: Theme, zoom: float) -> None:
    """From afar, where there is no room for a number in a node: that of the current node, below it."""
    picture, at = stage.nodes[id], _note_place(stage, id)
    text, shade = picture.value, picture.value_tone
    if stage.frame.backward:
        text, shade = picture.gradient, picture.gradient_tone
    size = readable(zoom, NAME)
    with style.placed(painter, at.x(), at.y() - 20 + 20 * size, size):
        _paint_plate(painter, QPointF(), text, True, theme, shade)


def _note_place(stage: Stage, id: str) -> QPointF:
    left, _, right, bottom = stage.box(id)
    return QPointF((left + right) / 2, bottom + 20)


def note(stage: Stage, step: ContributionStep) -> str:
    """Why a node sends what it sends: its local derivative."""
    op = stage.graph.nodes[step.edge.dest].op
    summed = ", summed over its copies" if step.axes else ""
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


def _paint_lit(painter: QPainter, stage: Stage, theme: Theme, zoom: float) -> None:
    """The edges behind the pulses are lit, from their end to where the pulse is."""
    frame = stage.frame
    steps = frame.trace.steps
    painter.setBrush(Qt.BrushStyle.NoBrush)  # the plate of the note has left one: it would fill the curves
    for step in steps[frame.done : frame.done + ceil(frame.trace.flight) + 2]:
        if isinstance(step, ContributionStep) and not is_stopped(stage, step.edge):
            covered = frame.lit(step.edge.key)
            if covered > 0:
                shade = tone(step.contribution)
                width = line_width(step.contribution)
                painter.setPen(style.pen(getattr(theme, shade), width, shade == "zero"))
                painter.drawPath(style.route_path(stage.stretch(step.edge.key, 1 - ease_out(covered), 1.0)))
                _paint_ports(painter, stage, step.edge.source, theme, zoom)
                _paint_ports(painter, stage, step.edge.dest, theme, zoom)


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
    if sharp:
        with style.placed(painter, at.x(), at.y(), size):
            paint_capsule(painter, capsule.text, fill, ink, capsule.forward)
    else:
        ratio = painter.device().devicePixelRatioF()
        sprite = capsule_sprite(capsule.text, fill, ink, capsule.forward, round(zoom * size, 3), ratio)
        transform = painter.transform()
        place = transform.map(at)
        painter.resetTransform()
        painter.drawPixmap(place - QPointF(sprite.width() / ratio / 2, sprite.height() / ratio / 2), sprite)
        painter.setTransform(transform)
    painter.setOpacity(1.0)


# --- where it arrives


def merge_text(merge: Merge) -> str:
    """`+10` while it arrives; `10 + 15 = 25` where something was there before."""
    arriving = compact_text(merge.contribution)
    if merge.before is None or merge.t < ARRIVED:
        return arriving if arriving.startswith(MINUS) else f"+{arriving}"
    if not merge.total.ndim:
        return sum_text(merge.before, merge.contribution, merge.total)
    return f"{compact_text(merge.before)} + {bracketed(arriving)} = {compact_text(merge.total)}"


def paint_last_merge(painter: QPainter, stage: Stage, theme: Theme, zoom: float) -> None:
    """Draw the sum of the last step over the canvas at rest, whose labels give way to it."""
    paint_pushed(painter, stage, theme, zoom, np.array(list(_merge_boxes(stage, zoom))).reshape(-1, 4))
    _paint_merge(painter, stage, theme, zoom)


def _merge_boxes(stage: Stage, zoom: float) -> Iterator[tuple[float, float, float, float]]:
    """What the sum covers, and as much of the card below it: so that a label gives way upwards, not onto the card."""
    merge = stage.frame.merge
    if merge is not None:
        size, (x, top) = readable(zoom, NAME), _merge_place(stage, merge, zoom)
        plate = _plate(QPointF(0, -20), merge_text(merge), True)
        yield x + plate.left() * size, top + plate.top() * size, x + plate.right() * size, top + plate.height() * size


def _merge_place(stage: Stage, merge: Merge, zoom: float) -> tuple[float, float]:
    """The middle of the top of the card over which the sum stands."""
    x, y = stage.pos(merge.node)
    return x + NODE_WIDTH / 2, y + form_of(stage, merge.node, zoom).plate.top()


def _paint_merge(painter: QPainter, stage: Stage, theme: Theme, zoom: float) -> None:
    """Draw the sum that the step just done has made, in scene coordinates."""
    merge = stage.frame.merge
    if merge is None:
        return
    x, top = _merge_place(stage, merge, zoom)
    rise = 6 * (1 - ease_out(min(merge.t / ARRIVED, 1.0)))
    size = readable(zoom, NAME)
    shown = merge.total if merge.t >= ARRIVED else merge.contribution
    with style.placed(painter, x, top - (20 - rise) * size, size):
        _paint_plate(painter, QPointF(), merge_text(merge), True, theme, tone(shown))


def _plate(centre: QPointF, text: str, bold: bool) -> QRectF:
    width = measure.width(text, NAME if bold else NOTE, bold) + 16
    return style.box((centre.x(), centre.y()), (width, 22.0 if bold else 18.0))


def _paint_plate(painter: QPainter, centre: QPointF, text: str, bold: bool, theme: Theme, shade: str) -> None:
    """A line of text on a small plate, so that it can be read over anything: a number is `bold`, a note is not."""
    plate, size = _plate(centre, text, bold), NAME if bold else NOTE
    painter.setPen(style.pen(theme.line, 1) if bold else Qt.PenStyle.NoPen)
    painter.setBrush(style.brush(theme.panel if bold else theme.canvas, 0.95))
    painter.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2)
    style.put_text(painter, centre.x(), centre.y() + size * 0.36, text, size, bold, getattr(theme, shade), 0.5)


# --- all of it


def motion_boxes(stage: Stage) -> Iterator[QRectF]:
    """The scene rectangles of what is drawn beyond the nodes in the course of the whole pass: seed, notes, sums."""
    for step in stage.frame.trace.steps:
        if isinstance(step, ContributionStep):
            merge = Merge(step.edge.source, step.edge, step.before, step.contribution, step.total, 1.0)
            left, top, _, _ = stage.box(merge.node)
            yield _plate(_note_place(stage, step.edge.dest), note(stage, step), False)
            yield _plate(QPointF(left + NODE_WIDTH / 2, top - 20), merge_text(merge), True)
        elif isinstance(step, SeedStep):
            x, y = stage.output_place(step.node)
            wide = capsule_width(label_text(step.gradient))
            yield style.box((x + SEED_WAY, y), (wide, 2 * HALF)).adjusted(-NOSE, 0, 0, 0)
