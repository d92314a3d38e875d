"""Draws edges in front of cards that they cannot go round: a card lies on the port, or all round it. Pure painting."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.canvas.model.geometry import PORT, Array
from gui.canvas.model.stage import Stage
from gui.canvas.paint import style
from gui.canvas.paint.edge import visible_edges
from gui.look.theme import Theme

RING = 2.0  # pixels: of a port
HALO = 7.0  # pixels wider than the line: so it is seen to lie over the card, and to be none of its own


def paint_in_front(painter: QPainter, stage: Stage, theme: Theme, rect: QRectF) -> None:
    """Draw what of visible edges runs over cards that are not theirs, with the ports that lie under one."""
    fronts = stage.fronts()
    seen = set(visible_edges(stage, rect)) if fronts else set()
    pieces = {key: stage.front(key) for key in fronts if key in seen}
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for key, shapes in pieces.items():  # all of them first: none lies over another's line
        halo = style.pen(theme.canvas, stage.lines[key].width + HALO)
        halo.setCapStyle(Qt.PenCapStyle.FlatCap)
        _draw(painter, shapes, halo)
    for key, shapes in pieces.items():
        line = stage.lines[key]
        _draw(painter, shapes, style.pen(getattr(theme, line.tone), line.width))
    painter.setBrush(style.brush(theme.canvas))
    for key, shapes in pieces.items():
        edge = stage.graph.edges[key]
        painter.setPen(style.pen(getattr(theme, stage.lines[key].tone), RING))
        for port, place in ((stage.start(edge), shapes[:1, 0]), (stage.end(edge), shapes[-1:, 3])):
            if (abs(place - port) < 1).all(axis=1).any():
                painter.drawEllipse(QPointF(*port), PORT, PORT)


def _draw(painter: QPainter, shapes: Array, pen: QPen) -> None:
    painter.setPen(pen)
    for shape in shapes:
        painter.drawPath(style.route_path(shape[None]))
