"""Draws what moves during a pass: the forward sweep, the seed, the pulses, what is added where, and the reason.

It is painted over everything that rests. `sharp` draws outlines instead of sprites: for files.
"""

from collections.abc import Iterator
from math import ceil, pi, sin

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from engine.graph.records import Edge
from engine.layout.layout import NODE_WIDTH
from engine.passes.trace import ContributionStep, SeedStep, step_node
from engine.show.equation import rule_text, sum_text
from engine.show.frame import Frame, Merge, Pulse
from engine.values.values import MINUS, bracketed, value_text
from gui.canvas.model.geometry import RADIUS
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import compact_text, label_text, line_width, tone
from gui.canvas.paint import style
from gui.canvas.paint.node import FULL, STUB, paint_ports
from gui.canvas.paint.sprites import HALF, NOSE, capsule_sprite, capsule_width, paint_capsule
from gui.look import measure
from gui.look.theme import NAME, Theme

SMALLEST = 0.75  # capsules stay readable when zoomed out
ARRIVED = 0.35  # the part of a merge in which only what arrives is shown
NOTE = 12  # font size of the note under the sending node
SEED_WAY = STUB + 40  # how far right of the target's output the seed begins
BUMP = 0.45  # when in its step a stopped pulse hits the closed gate


def is_moving(frame: Frame) -> bool:
    """Whether there is anything for this layer to draw: a pass is under way or has been halted on the way."""
    return frame.position > 0 and not frame.at_end


def ease_out(t: float) -> float:
    """Fast at first, then gently to rest: 1 − (1 − t)²."""
    return 1 - (1 - t) ** 2


def _readable(zoom: float) -> float:
    """How much larger a number is drawn than all else, so that it can be read from afar."""
    return max(1.0, SMALLEST / zoom)


def paint_motion(painter: QPainter, stage: Stage, theme: Theme, zoom: float, sharp: bool = False) -> None:
    """Draw all that moves at the stage's frame, in scene coordinates."""
    frame = stage.frame
    if not is_moving(frame):
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_sweep(painter, stage, theme)
    _paint_active(painter, stage, theme, zoom)
    _paint_lit(painter, stage, theme)
    _paint_seed(painter, stage, theme, zoom, sharp)
    for pulse in frame.pulses:
        _paint_pulse(painter, stage, pulse, theme, zoom, sharp)
    paint_merge(painter, stage, theme, zoom)


# --- forward


def _paint_sweep(painter: QPainter, stage: Stage, theme: Theme) -> None:
    """A soft highlight in ink runs along the edges on which a value just appears."""
    sweep = stage.frame.sweeping
    if sweep is None or sweep[1] >= 1:
        return
    id, t = sweep
    head = ease_out(t)
    painter.setPen(style.pen(theme.value, 3, False, round(0.75 * sin(pi * t), 2)))
    for edge in stage.graph.out_of(id):
        painter.drawPath(style.route_path(stage.stretch(edge.key, max(0.0, head - 0.5), head)))


def _paint_active(painter: QPainter, stage: Stage, theme: Theme, zoom: float) -> None:
    """A ring round the node whose turn it is, and under it the reason for what it sends."""
    step = stage.frame.step
    if step is None:
        return
    id = step_node(step)
    left, top, right, bottom = stage.box(id)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(style.pen(theme.focus, round(max(2.0, 1.5 / zoom), 1)))
    painter.drawRoundedRect(QRectF(left, top, right - left, bottom - top), RADIUS, RADIUS)
    _paint_ports(painter, stage, id, theme)
    if zoom < FULL:
        _paint_current_number(painter, stage, id, theme, zoom)
    elif isinstance(step, ContributionStep):
        _paint_plate(painter, _note_place(stage, id), note(stage, step), False, theme, "soft")


def _paint_current_number(painter: QPainter, stage: Stage, id: str, theme: Theme, zoom: float) -> None:
    """From afar, where a number in a node is too small to be read: that of the current node, below it."""
    picture, at = stage.nodes[id], _note_place(stage, id)
    text, shade = picture.value, picture.value_tone
    if stage.frame.backward:
        text, shade = picture.gradient, picture.gradient_tone
    size = _readable(zoom)
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


def _paint_lit(painter: QPainter, stage: Stage, theme: Theme) -> None:
    """The edges behind the pulses are lit, from their end to where the pulse is."""
    frame = stage.frame
    steps = frame.trace.steps
    painter.setBrush(Qt.BrushStyle.NoBrush)  # the plate of the note has left one: it would fill the curves
    for step in steps[frame.done : frame.done + ceil(frame.trace.flight) + 2]:
        if isinstance(step, ContributionStep) and not _stopped(stage, step.edge):
            covered = frame.lit(step.edge.key)
            if covered > 0:
                shade = tone(step.contribution)
                width = line_width(step.contribution)
                painter.setPen(style.pen(getattr(theme, shade), width, shade == "zero"))
                painter.drawPath(style.route_path(stage.stretch(step.edge.key, 1 - ease_out(covered), 1.0)))
                _paint_ports(painter, stage, step.edge.source, theme)
                _paint_ports(painter, stage, step.edge.dest, theme)


def _paint_ports(painter: QPainter, stage: Stage, id: str, theme: Theme) -> None:
    """The ports again, over the lit edges that end in them."""
    with style.placed(painter, *stage.pos(id)):
        paint_ports(painter, stage.nodes[id], theme)


def _stopped(stage: Stage, edge: Edge) -> bool:
    """Whether a closed gate stops what would travel along an edge."""
    step = stage.frame.trace.contribution(edge.key)
    gate = stage.graph.nodes[edge.dest].op.gate
    return gate and step is not None and step.local is not None and not np.any(step.local)


def _paint_seed(painter: QPainter, stage: Stage, theme: Theme, zoom: float, sharp: bool) -> None:
    step, t = stage.frame.step, stage.frame.fraction
    if not isinstance(step, SeedStep) or t == 0:
        return
    x, y = stage.output_place(step.node)
    at = QPointF(x + SEED_WAY * (1 - ease_out(min(t / 0.8, 1.0))), y)
    painter.setOpacity(min(1.0, (1 - t) * 5))
    _paint_number(painter, at, label_text(step.gradient), tone(step.gradient), theme, zoom, sharp)
    painter.setOpacity(1.0)


def _paint_pulse(painter: QPainter, stage: Stage, pulse: Pulse, theme: Theme, zoom: float, sharp: bool) -> None:
    if _stopped(stage, pulse.edge):
        _paint_bump(painter, stage, pulse, theme, zoom, sharp)
        return
    shade, text = tone(pulse.contribution), label_text(pulse.contribution)
    ends = stage.along(pulse.edge.key, np.array([0.0, 1.0]))
    length = float(np.hypot(*(ends[1] - ends[0]))) or 1.0
    room = (capsule_width(text) / 2 + NOSE) * _readable(zoom) / length
    first, last = 1 - min(room, 0.5), min(room, 0.5)  # it leaves beside one node and stops beside the other
    x, y = stage.at(pulse.edge.key, first + (last - first) * ease_out(pulse.t))
    _paint_number(painter, QPointF(x, y), text, shade, theme, zoom, sharp)


def _paint_bump(painter: QPainter, stage: Stage, pulse: Pulse, theme: Theme, zoom: float, sharp: bool) -> None:
    """What comes to a closed gate: it runs against it, falls back a little, and fades."""
    step = stage.frame.trace.contribution(pulse.edge.key)
    assert step is not None
    end_x, end_y = stage.input_place(pulse.edge.dest, pulse.edge.port)
    start_x, start_y = stage.output_place(pulse.edge.dest)
    gate, t = end_x + 40.0, pulse.t
    if t < BUMP:
        share = (t / BUMP) ** 2
        x, y = start_x + (gate - start_x) * share, start_y + (end_y - start_y) * share
    else:
        x, y = gate + 16 * sin(min((t - BUMP) / 0.25, 1.0) * pi / 2), end_y
    painter.setPen(style.pen(theme.zero, 4))
    painter.drawLine(QPointF(end_x + 10, end_y - 20), QPointF(end_x + 10, end_y + 20))
    painter.setOpacity(1.0 if t < BUMP else max(0.0, 1 - (t - BUMP) / (1 - BUMP)))
    shade = tone(step.upstream) if t < BUMP else "zero"
    _paint_number(painter, QPointF(x, y), label_text(step.upstream), shade, theme, zoom, sharp)
    painter.setOpacity(1.0)


def _paint_number(
    painter: QPainter, at: QPointF, text: str, shade: str, theme: Theme, zoom: float, sharp: bool
) -> None:
    """A capsule with its number at a place."""
    fill, ink = getattr(theme, shade), theme.on_color
    size = _readable(zoom)
    if sharp:
        with style.placed(painter, at.x(), at.y(), size):
            paint_capsule(painter, text, fill, ink)
        return
    ratio = painter.device().devicePixelRatioF()
    sprite = capsule_sprite(text, fill, ink, round(zoom * size, 3), ratio)
    transform = painter.transform()
    place = transform.map(at)
    painter.resetTransform()
    painter.drawPixmap(place - QPointF(sprite.width() / ratio / 2, sprite.height() / ratio / 2), sprite)
    painter.setTransform(transform)


# --- where it arrives


def merge_text(merge: Merge) -> str:
    """`+10` while it arrives; `10 + 15 = 25` where something was there before."""
    arriving = compact_text(merge.contribution)
    if merge.before is None or merge.t < ARRIVED:
        return arriving if arriving.startswith(MINUS) else f"+{arriving}"
    if not merge.total.ndim:
        return sum_text(merge.before, merge.contribution, merge.total)
    return f"{compact_text(merge.before)} + {bracketed(arriving)} = {compact_text(merge.total)}"


def paint_merge(painter: QPainter, stage: Stage, theme: Theme, zoom: float) -> None:
    """Draw the sum that the step just done has made, in scene coordinates."""
    merge = stage.frame.merge
    if merge is None:
        return
    left, top, _, _ = stage.box(merge.node)
    rise = 6 * (1 - ease_out(min(merge.t / ARRIVED, 1.0)))
    size = _readable(zoom)
    shown = merge.total if merge.t >= ARRIVED else merge.contribution
    with style.placed(painter, left + NODE_WIDTH / 2, top - (20 - rise) * size, size):
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
