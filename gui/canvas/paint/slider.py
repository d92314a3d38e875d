"""The slider of a leaf: a track along the lower edge of its card, and a knob where its number lies.

It covers no text at any zoom, for it lies on the edge itself. A number beyond an end is an arrow at that end.
"""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from engine.layout.layout import NODE_WIDTH, node_height
from engine.values.values import number_text
from gui.canvas.model.texts import NodePicture
from gui.canvas.paint import style
from gui.look import measure
from gui.look.theme import BODY, Theme

FIRST, LENGTH = 20.0, NODE_WIDTH - 40.0  # of the track, from the left edge of the card
TRACK, KNOB = 4.0, 6.5
LEAST_KNOB, LEAST_REACH = 5.5, 8.0  # pixels on screen
LARGEST = 11.0  # no knob is larger on the scene


def knob_place(picture: NodePicture) -> QPointF:
    """The middle of the knob."""
    share = picture.slider.share if picture.slider else 0.0
    return QPointF(FIRST + share * LENGTH, node_height(picture.ports))


def knob_size(zoom: float) -> float:
    """Its radius."""
    return min(max(KNOB, LEAST_KNOB / zoom), LARGEST)


def slider_band(picture: NodePicture, zoom: float) -> QRectF:
    """Where a press takes hold of the slider."""
    reach = min(max(LEAST_REACH, LEAST_REACH / zoom), 2 * LEAST_REACH)
    return QRectF(FIRST - 8, node_height(picture.ports) - reach, LENGTH + 16, 2 * reach)


def paint_slider(painter: QPainter, picture: NodePicture, theme: Theme, zoom: float) -> None:
    """Draw it at the node's own origin."""
    slider = picture.slider
    if slider is None:
        return
    at, radius = knob_place(picture), knob_size(zoom)
    painter.setPen(style.pen(theme.node, 1))
    track = QRectF(FIRST, at.y() - TRACK / 2, LENGTH, TRACK)
    for brush in (style.brush(theme.node), style.brush(theme.edge, 0.5)):  # the ring of what is selected is under it
        painter.setBrush(brush)
        painter.drawRoundedRect(track, TRACK / 2, TRACK / 2)
    if slider.beyond:
        _paint_arrow(painter, at, radius, slider.beyond, theme)
        return
    painter.setPen(style.pen(theme.leaf, TRACK))
    painter.drawLine(QPointF(FIRST, at.y()), at)
    painter.setPen(style.pen(theme.node, 1.5))
    painter.setBrush(style.brush(theme.leaf))
    painter.drawEllipse(at, radius, radius)


def paint_old_place(painter: QPainter, card: QRectF, share: float, theme: Theme, zoom: float) -> None:
    """While it is dragged: a mark on the track where its number was, in scene coordinates."""
    at, radius = card.bottomLeft() + QPointF(FIRST + share * LENGTH, 0), knob_size(zoom)
    painter.setPen(style.pen(theme.node, 5))
    painter.drawLine(at - QPointF(0, radius), at + QPointF(0, radius))
    painter.setPen(style.pen(theme.soft, 2))
    painter.drawLine(at - QPointF(0, radius), at + QPointF(0, radius))


def _paint_arrow(painter: QPainter, at: QPointF, radius: float, way: int, theme: Theme) -> None:
    """Outwards, hollow: the number lies beyond this end."""
    tip, back = QPointF(way * radius * 1.3, 0), -way * radius * 0.7
    corners = QPolygonF([at + tip, at + QPointF(back, radius), at + QPointF(back, -radius)])
    painter.setPen(style.pen(theme.warn, 2))
    painter.setBrush(style.brush(theme.node))
    painter.drawPolygon(corners)


def paint_ends(painter: QPainter, card: QRectF, ends: tuple[float, float], theme: Theme, zoom: float) -> None:
    """While it is dragged: what its ends are, under them, in scene coordinates."""
    for x, number in zip((FIRST, FIRST + LENGTH), ends, strict=True):
        with style.placed(painter, card.left() + x, card.bottom(), 1 / zoom):
            text = number_text(number)
            wide = measure.width(text, BODY, True) + 10
            painter.setPen(style.pen(theme.line))
            painter.setBrush(style.brush(theme.panel))
            painter.drawRoundedRect(QRectF(-wide / 2, 10, wide, 20), 6, 6)
            style.put_text(painter, 0, 24.5, text, BODY, True, theme.soft, 0.5)
