"""Draws blocks over cards on which nothing can be written: a rim, and a label with a name and the gradient flow.

The label keeps its size on the screen and its place in the block. When one comes nearer that of an open group goes to
where its title stands, and becomes it: nothing jumps from one zoom to the next. Pure painting.
"""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from gui.canvas.model.aside_boxes import Aside
from gui.canvas.model.blocks import FAR, HIGH, LAYERS, NEAR, WIDE, FarBlock, FarBlocks
from gui.canvas.model.titles import BARE_PAD, BUTTON, TITLE_PAD, Title
from gui.canvas.paint import style
from gui.canvas.paint.asides import paint_fold_button, paint_title, rect_of
from gui.look import measure
from gui.look.theme import BODY, CAPTION, Theme

NAME_LINE, FLOW_LINE, LABEL_PAD, LABEL_HIGH = 13.0, 27.0, 6.0, 33.0  # pixels on screen
LEAST_LABEL = 72.0  # wide enough for ‖∂‖ 0.000123
SIGN = "‖∂‖"  # before the size of a gradient
ROUND = 5.0


def label_rect(block: FarBlock, zoom: float, title: Title | None = None) -> QRectF:
    """Where the label of a block is at a zoom: so far away as it is seen from, it is on its way to the title."""
    wide, high = _wanted(block) / zoom, LABEL_HIGH / zoom
    x, top = block.label_at(HIGH / zoom)
    far = QRectF(x - wide / 2, top, wide, high)
    return far if title is None else _between(rect_of(title.box), far, shown_share(zoom))


def _between(near: QRectF, far: QRectF, share: float) -> QRectF:
    corners = zip(near.getCoords(), far.getCoords(), strict=True)  # type: ignore[call-overload]  # as Qt's stubs say
    left, top, right, bottom = (a + (b - a) * share for a, b in corners)
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def _wanted(block: FarBlock) -> float:
    """How wide its label is on the screen: a long name is cut in its middle."""
    return min(max(measure.width(block.title, CAPTION, True) + 2 * LABEL_PAD, LEAST_LABEL), WIDE - 4)


def label_name(block: FarBlock, wide: float) -> str:
    """What of its title a label says that is so wide on the screen: of layers above all their numbers, whole."""
    room = wide - LABEL_PAD
    is_whole = bool(block.group) or measure.width(block.title, CAPTION, True) <= room
    return measure.middle_elided(block.title if is_whole else block.title.removeprefix(LAYERS), CAPTION, True, room)


def shown_share(zoom: float) -> float:
    """How much is seen of blocks at a zoom."""
    return min(max((NEAR - zoom) / (NEAR - FAR), 0.0), 1.0)


def paint_blocks(
    painter: QPainter, blocks: FarBlocks, titles: Iterable[tuple[Aside, Title]], theme: Theme, zoom: float, area: QRectF
) -> None:
    """Draw those that come into an area, and the titles of open groups as far as they are seen already."""
    whole, share = painter.opacity(), shown_share(zoom)
    named = {aside.key[1]: (aside, title) for aside, title in titles if aside.kind == "group"}
    there = blocks.at(zoom)
    found = [block for block in there if _rect(block).intersects(area)]
    painter.setOpacity(whole * share)
    for block in found:
        _paint_rim(painter, block, theme, zoom)
    painter.setOpacity(whole * (1 - share if there else 1))
    for aside, title in named.values():
        if aside.key[1] not in {block.group for block in there}:
            paint_title(painter, aside, title, theme)
    for block in there:
        _, name = named.get(block.group, (None, None))
        if label_rect(block, zoom, name).intersects(area):
            painter.setOpacity(whole * (share if name is None else 1))
            _paint_label(painter, block, blocks.flow(block), theme, zoom, name)
    painter.setOpacity(whole)


def _rect(block: FarBlock) -> QRectF:
    left, top, right, bottom = block.box
    return QRectF(left, top, right - left, bottom - top)


def _paint_rim(painter: QPainter, block: FarBlock, theme: Theme, zoom: float) -> None:
    painter.setPen(style.hairline(theme.soft, False))
    painter.setBrush(style.brush(theme.panel, 0.35))
    painter.drawRoundedRect(_rect(block), ROUND / zoom, ROUND / zoom)


def _paint_label(painter: QPainter, block: FarBlock, flow: str, theme: Theme, zoom: float, title: Title | None) -> None:
    """In pixels of the screen: what is the label of a block alone fades, what is a title's alone appears."""
    rect, share = label_rect(block, zoom, title), shown_share(zoom) if title is not None else 1.0
    wide, high, seen = rect.width() * zoom, rect.height() * zoom, painter.opacity()
    name = label_name(block, wide)
    is_bare = title is None or title.button is None
    near = (BARE_PAD if is_bare else BUTTON + TITLE_PAD) * CAPTION / BODY
    with style.placed(painter, rect.left(), rect.top(), 1 / zoom):
        painter.setPen(style.pen(theme.line, 1.0, alpha=round(share, 2)))
        painter.setBrush(style.mixed(theme.panel, theme.canvas, share))
        painter.drawRoundedRect(QRectF(0, 0, wide, high), ROUND, ROUND)
        if title is not None and title.text and share < 1:
            name = title.text if title.text == block.title or share < 0.5 else name
        start = near + ((wide - measure.width(name, CAPTION, True)) / 2 - near) * share
        line = (high / 2 + 0.35 * CAPTION) * (1 - share) + NAME_LINE * share
        style.put_text(painter, start, line, name, CAPTION, True, theme.text)
        painter.setOpacity(seen * share)
        style.put_text(
            painter, wide / 2, line + FLOW_LINE - NAME_LINE, f"{SIGN} {flow}", CAPTION, False, theme.soft, 0.5
        )
        painter.setOpacity(seen * (1 - share))
        painter.scale(CAPTION / BODY, CAPTION / BODY)
        if not is_bare:
            paint_fold_button(painter, theme, high * BODY / CAPTION)
        painter.setOpacity(seen)
