"""An op as a small card: a row of the palette, and what hangs beside the pointer while it is dragged."""

from typing import Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap

from gui.look.measure import elided, fitting, metrics
from gui.look.text_size import scaled
from gui.look.theme import BODY, CAPTION, HEADING, NAME, font, mixed, theme

OP_MIME = "application/x-gradloom-op"  # what a drag of it carries: the name of the op, UTF-8
BLOCK_MIME = "application/x-gradloom-block"  # what a drag of a block carries: its name, UTF-8


class ListCard(Protocol):
    """What is shown as one: an op, or a block of the library."""

    @property
    def symbol(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def family(self) -> str: ...


def paint_op(painter: QPainter, box: QRectF, op: ListCard, hovered: bool = False, picked: bool = False) -> None:
    """One op as a small card."""
    look = theme()
    colour, outline = look.color(op.family), QPainterPath()
    outline.addRoundedRect(box, 6, 6)
    painter.fillPath(outline, mixed(look.color("node"), look.color("text"), 0.05 if hovered else 0.0))
    edge = QPen(look.color("focus"), 2) if picked else QPen(look.color("edge" if hovered else "line"), 1)
    painter.strokePath(outline, edge)
    painter.save()
    painter.setClipPath(outline)
    painter.fillRect(QRectF(box.left() - 1, box.top() - 1, 5, box.height() + 2), colour)
    painter.restore()
    painter.setPen(colour)
    painter.setFont(fitting(op.symbol, scaled(34), *map(scaled, (NAME, BODY, CAPTION, 9))))
    symbol = QRectF(box.left() + 8, box.top(), scaled(34), box.height())
    painter.drawText(symbol, int(Qt.AlignmentFlag.AlignCenter), op.symbol)
    painter.setFont(font(scaled(BODY)))
    painter.setPen(look.color("text"))
    room = box.adjusted(scaled(40) + 8, 0, -6, 0)
    title = elided(op.title, scaled(BODY), False, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), title)


SYMBOL = 24  # the height of a tile's first line
WRAPPED = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)


def tile_height(op: ListCard, width: int) -> int:
    """How high a tile is: a long name takes more than one line."""
    words = metrics(scaled(CAPTION)).boundingRect(QRectF(0, 0, width, 999), WRAPPED, op.title)
    return scaled(SYMBOL) + words.toRect().height() + 6


def paint_tile(painter: QPainter, box: QRectF, op: ListCard, hovered: bool = False, picked: bool = False) -> None:
    """One op where there is little width: its symbol in the colour of its group, and its name below it."""
    look = theme()
    if hovered or picked:
        outline = QPainterPath()
        outline.addRoundedRect(box, 6, 6)
        painter.fillPath(outline, look.color("chip"))
        if picked:
            painter.strokePath(outline, QPen(look.color("focus"), 2))
    painter.setPen(look.color(op.family))
    painter.setFont(fitting(op.symbol, box.width() - 12, *map(scaled, (HEADING, NAME, BODY, CAPTION))))
    symbol = QRectF(box.left(), box.top() + 2, box.width(), scaled(SYMBOL) - 2)
    painter.drawText(symbol, int(Qt.AlignmentFlag.AlignCenter), op.symbol)
    painter.setFont(font(scaled(CAPTION)))
    painter.setPen(look.color("text"))
    painter.drawText(box.adjusted(-2, scaled(SYMBOL), 2, 0), WRAPPED, op.title)


def drag_picture(op: ListCard, dpr: float) -> QPixmap:
    """The op in the hand: small and faint, for the canvas shows where the node will be."""
    width, height = scaled(120), scaled(30)
    picture = QPixmap(round(width * dpr), round(height * dpr))
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.75)
        paint_op(painter, QRectF(1, 1, width - 2, height - 2), op, picked=True)
    return picture
