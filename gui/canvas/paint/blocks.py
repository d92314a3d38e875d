"""Draws blocks over cards on which nothing can be written: a rim, and a label with a name and the gradient flow.

The label keeps its size on the screen and its place in the block. Pure painting.
"""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.canvas.model.blocks import FAR, HIGH, NEAR, WIDE, FarBlock, FarBlocks
from gui.canvas.paint import style
from gui.look import measure
from gui.look.theme import CAPTION, Theme

NAME_LINE, FLOW_LINE, LABEL_PAD, LABEL_HIGH = 13.0, 27.0, 6.0, 33.0  # pixels on screen
LEAST_LABEL = 72.0  # wide enough for ‖∂‖ 0.000123
SIGN = "‖∂‖"  # before the size of a gradient
ROUND = 5.0


def label_rect(block: FarBlock, zoom: float) -> QRectF:
    """Where the label of a block is at a zoom."""
    wide, high = _wanted(block) / zoom, LABEL_HIGH / zoom
    x, top = block.label_at(HIGH / zoom)
    return QRectF(x - wide / 2, top, wide, high)


def _wanted(block: FarBlock) -> float:
    """How wide its label is on the screen: a long name is cut in its middle."""
    return min(max(measure.width(block.title, CAPTION, True) + 2 * LABEL_PAD, LEAST_LABEL), WIDE - 4)


def shown_share(zoom: float) -> float:
    """How much is seen of blocks at a zoom."""
    return min(max((NEAR - zoom) / (NEAR - FAR), 0.0), 1.0)


def paint_blocks(painter: QPainter, blocks: FarBlocks, theme: Theme, zoom: float, area: QRectF) -> None:
    """Draw those that come into an area."""
    found = [block for block in blocks.at(zoom) if _rect(block).intersects(area)]
    before = painter.opacity()
    painter.setOpacity(before * shown_share(zoom))
    for block in found:
        _paint_rim(painter, block, theme, zoom)
    for block in found:
        _paint_label(painter, block, blocks.flow(block), theme, zoom)
    painter.setOpacity(before)


def _rect(block: FarBlock) -> QRectF:
    left, top, right, bottom = block.box
    return QRectF(left, top, right - left, bottom - top)


def _paint_rim(painter: QPainter, block: FarBlock, theme: Theme, zoom: float) -> None:
    painter.setPen(style.hairline(theme.soft, False))
    painter.setBrush(style.brush(theme.panel, 0.35))
    painter.drawRoundedRect(_rect(block), ROUND / zoom, ROUND / zoom)


def _paint_label(painter: QPainter, block: FarBlock, flow: str, theme: Theme, zoom: float) -> None:
    rect = label_rect(block, zoom)
    painter.setPen(style.hairline(theme.line, False))
    painter.setBrush(style.brush(theme.panel))
    painter.drawRoundedRect(rect, ROUND / zoom, ROUND / zoom)
    room = rect.width() * zoom - LABEL_PAD
    name = measure.middle_elided(block.title, CAPTION, True, room)
    with style.placed(painter, rect.center().x(), rect.top(), 1 / zoom):
        style.put_text(painter, 0, NAME_LINE, name, CAPTION, True, theme.text, 0.5)
        style.put_text(painter, 0, FLOW_LINE, f"{SIGN} {flow}", CAPTION, False, theme.soft, 0.5)
