"""Cards without what is written on them, as pictures for a screen: their shapes are drawn once, then only copied.

Sixty times a second numbers move on many cards, and what they stand on is the same each time; most cards of a graph
share a picture. Words are none of it: on a picture that lets something through they would be smoothed otherwise.
"""

from collections import OrderedDict
from math import ceil, floor
from typing import NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap

from engine.layout.layout import NODE_WIDTH, node_height
from gui.canvas.model.texts import NodePicture
from gui.canvas.paint.card_forms import has_sketch, kind_tone
from gui.canvas.paint.node import MARGIN, PLAIN, Marks, paint_blank
from gui.look.theme import Theme

PARTS = 8  # of a pixel: so exactly a picture keeps its place
LARGEST = 2.5  # device pixels a pixel of the scene: there are few cards on a screen that shows more
MOST_PIXELS = 3_000_000  # logical ones, of all pictures that are kept: 12 MB
A_HAIR = 1e-3  # of a part: so that what lies between two of them does not once go to the one, once to the other


class BlankLook(NamedTuple):
    """All that decides how such a card looks."""

    shape: tuple[int, int, int, int | None, bool]  # height, ports, outputs, the spare port, on others
    tone: str
    known: bool
    sketch: tuple[str, bool | None] | None
    theme: str
    scale: tuple[float, float]  # the zoom, and device pixels of a logical one
    phase: tuple[float, float]  # of its corner between two pixels


class BlankCards:
    """The pictures of one canvas. A card always looks as its picture: painted in pieces, it fits what is round it."""

    def __init__(self) -> None:
        self._made: OrderedDict[BlankLook, QPixmap] = OrderedDict()
        self._pixels = 0

    def paint(self, painter: QPainter, picture: NodePicture, theme: Theme, zoom: float, marks: Marks) -> None:
        """As `paint_blank`, at the painter's origin."""
        ratio = painter.device().devicePixelRatioF()
        if marks != PLAIN or picture.unfinished or picture.open_ports or zoom * ratio > LARGEST:
            paint_blank(painter, picture, theme, zoom, marks)
            return
        transform = painter.transform()
        x, y = (round(at * ratio * PARTS + A_HAIR) / PARTS for at in (transform.dx(), transform.dy()))
        left, top = floor(x), floor(y)
        look = _look(picture, theme, (zoom, ratio), (x - left, y - top))
        around = _around(zoom * ratio)
        painter.resetTransform()  # by hand: there are many cards
        painter.drawPixmap(
            QPointF((left - around) / ratio, (top - around) / ratio), self._picture(look, picture, theme)
        )
        painter.setTransform(transform)

    def _picture(self, look: BlankLook, picture: NodePicture, theme: Theme) -> QPixmap:
        """One that has been made, or is made now."""
        if look in self._made:
            self._made.move_to_end(look)
            return self._made[look]
        made = self._made[look] = _drawn(look, picture, theme)
        self._pixels += made.width() * made.height()
        while self._pixels > MOST_PIXELS * look.scale[1] ** 2 and len(self._made) > 1:
            _, old = self._made.popitem(last=False)
            self._pixels -= old.width() * old.height()
        return made


def _look(picture: NodePicture, theme: Theme, scale: tuple[float, float], phase: tuple[float, float]) -> BlankLook:
    op = picture.op
    sketch = (op.name, picture.gate) if has_sketch(picture) else None
    return BlankLook(
        (node_height(picture.ports), picture.ports, picture.outputs, picture.spare, picture.stacked),
        kind_tone(op), op.known, sketch, theme.name, scale, phase,
    )  # fmt: skip


def _around(scale: float) -> int:
    """Device pixels round a card in which ports and shadow are."""
    return ceil(MARGIN * scale) + 1


def _drawn(look: BlankLook, picture: NodePicture, theme: Theme) -> QPixmap:
    zoom, ratio = look.scale
    scale, around = zoom * ratio, _around(zoom * ratio)
    wide, high = ceil(NODE_WIDTH * scale) + 2 * around + 1, ceil(node_height(picture.ports) * scale) + 2 * around + 1
    pixmap = QPixmap(wide, high)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate((around + look.phase[0]) / ratio, (around + look.phase[1]) / ratio)
        painter.scale(zoom, zoom)
        paint_blank(painter, picture, theme, zoom, PLAIN)
    return pixmap
