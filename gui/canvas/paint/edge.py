"""Draws the curves of edges. Pure painting."""

from collections.abc import Collection, Iterable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from engine.graph.records import EdgeKey
from gui.canvas.model.geometry import Array
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import WIDEST_LINE, EdgeLine
from gui.canvas.paint import style
from gui.canvas.paint.labels import is_labelled
from gui.canvas.paint.plates import is_blank
from gui.look.theme import Theme

SIDE = 12.0  # half the widest line, and more
HAIRLINE = 1.3  # device pixels: below it a line of one pixel is drawn
CROWD = 3000  # lines of one pixel: nobody could tell whether they are smooth, and that would take twice as long
FEW_SIGNED = 600  # edges of a graph: among more nobody could tell one pattern from another
TURN = 88.0  # how far a loose curve that runs back reaches out at its ends
MOST_HEAVY = 1000  # edges of a graph whose paths keep what Qt adds to them when it draws them


def visible_edges(stage: Stage, rect: QRectF) -> list[EdgeKey]:
    """The edges whose curves come into a rectangle, or within a few pixels of it."""
    return _near(stage, rect.adjusted(-SIDE, -SIDE, SIDE, SIDE))


def _near(stage: Stage, rect: QRectF) -> list[EdgeKey]:
    rows = stage.routes.near(rect.left(), rect.top(), rect.right(), rect.bottom())
    return [stage.keys[row] for row in rows]


def paint_edges(
    painter: QPainter,
    stage: Stage,
    theme: Theme,
    zoom: float,
    rect: QRectF,
    selected: Collection[EdgeKey] = (),
    hovered: EdgeKey | None = None,
    hidden: EdgeKey | None = None,
) -> None:
    """Draw what is visible in `rect`. `hidden` is an edge whose end is in the user's hand."""
    stage.look_from(WIDEST_LINE * zoom < HAIRLINE)
    keys = [key for key in visible_edges(stage, rect) if key != hidden]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    smooth = painter.renderHints() & QPainter.RenderHint.Antialiasing
    if len(keys) > CROWD and is_blank(zoom):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    _paint_halos(painter, stage, theme, [key for key in keys if key in selected], 1.0)
    _paint_halos(painter, stage, theme, [key for key in keys if key == hovered and key not in selected], 0.35)
    _paint_curves(painter, stage, theme, zoom, keys, len(stage.keys) <= FEW_SIGNED and not is_labelled(stage, zoom))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, bool(smooth))


def _paint_halos(painter: QPainter, stage: Stage, theme: Theme, keys: Iterable[EdgeKey], alpha: float) -> None:
    """What shows beside the curves that are chosen or pointed at."""
    width = None
    for key in keys:
        if (wide := stage.lines[key].width + 4) != width:
            painter.setPen(style.pen(theme.focus, wide, False, alpha))
            width = wide
        painter.drawPath(path_of(stage, key))


def path_of(stage: Stage, key: EdgeKey) -> QPainterPath:
    """An edge's curve for a painter, made once."""
    path: QPainterPath | None = stage.drawn.get(key)
    if path is None:
        path = stage.drawn[key] = style.route_path(stage.route(key))
    return path


def _paint_curves(
    painter: QPainter, stage: Stage, theme: Theme, zoom: float, keys: Iterable[EdgeKey], signed: bool
) -> None:
    """Path by path: one long path of many curves takes Qt five times as long. Those with a colour lie on top. `signed`:
    no number says the sign, and so the line does, beside its colour: that of a negative contribution is broken."""
    lines = {key: stage.lines[key] for key in keys}
    pens = {
        line: _pen(line, theme, zoom, line.tone == "neg" and (signed or line.unsaid)) for line in set(lines.values())
    }
    plain = [key for key, line in lines.items() if line.tone == "edge"]
    used, are_many = None, len(stage.keys) > MOST_HEAVY
    for key in (*plain, *(key for key, line in lines.items() if line.tone != "edge")):
        pen = pens[lines[key]]
        if pen is not used:
            painter.setPen(pen)
            used = pen
        path = path_of(stage, key)
        painter.drawPath(path)
        if are_many:
            _lighten(path)


def _lighten(path: QPainterPath) -> None:
    """Qt keeps 3 kB with each path that it has drawn until that changes, for the next time, which is no quicker."""
    first = path.elementAt(0)
    path.setElementPositionAt(0, first.x, first.y)


def _pen(line: EdgeLine, theme: Theme, zoom: float, broken: bool) -> QPen:
    """From far away hairlines are enough."""
    color = getattr(theme, line.tone)
    thin = line.width * zoom < HAIRLINE
    if broken:
        return style.broken_pen(color, 1.0 if thin else line.width, thin)
    return style.hairline(color, line.dashed) if thin else style.pen(color, line.width, line.dashed)


def edge_extents(stage: Stage, keys: Iterable[EdgeKey]) -> list[QRectF]:
    """All that may be painted for each of some edges but its labels."""
    boxes = stage.routes.boxes[[stage.rows[key] for key in keys]] + np.array([-SIDE, -SIDE, SIDE, SIDE])
    return [QRectF(QPointF(left, top), QPointF(right, bottom)) for left, top, right, bottom in boxes.tolist()]


def paint_loose_curve(painter: QPainter, shape: Array, theme: Theme, refused: bool) -> None:
    """A curve whose end is in the user's hand: in the focus colour where it may end, dashed where it may not."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(style.pen(theme.warn if refused else theme.focus, 2.5, refused))
    painter.drawPath(_turned_path(shape) if shape[3, 0] < shape[0, 0] - TURN / 2 else style.route_path(shape[None]))


def _turned_path(shape: Array) -> QPainterPath:
    """A way back to the left: it leaves and arrives horizontally, with a wide bend at each end, and over what is
    between them if they are at one height."""
    (x0, y0), (x1, y1) = shape[0].tolist(), shape[3].tolist()
    between = (y0 + y1) / 2 if abs(y1 - y0) > 2 * TURN else min(y0, y1) - TURN
    path = QPainterPath(QPointF(x0, y0))
    path.cubicTo(x0 + TURN, y0, x0 + TURN, between, (x0 + x1) / 2, between)
    path.cubicTo(x1 - TURN, between, x1 - TURN, y1, x1, y1)
    return path
