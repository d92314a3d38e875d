"""Draws regions, notes and the rims of open groups: boxes below the edges, notes above them, titles over everything.

Pure painting, shared by the screen, pictures and films.
"""

from collections.abc import Collection, Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from gui.canvas.model.aside_boxes import Aside, Box
from gui.canvas.model.aside_parts import handles
from gui.canvas.model.asides import written
from gui.canvas.model.titles import BARE_PAD, BUTTON, TITLE_PAD, Title
from gui.canvas.paint import style
from gui.document.selection import AsideKey
from gui.look.region_colours import region_colour
from gui.look.theme import BODY, Theme

RADIUS, CURVE, TIP = 8.0, 14.0, 5.0  # of the corners of a region, of a group's rim, of a title
FILL, TITLE_FILL, QUIET = 0.07, 0.18, 0.035  # how much of its colour a region shows: inside, behind its title; a group
BORDER, RING, HANDLE = 1.5, 2.0, 8.0  # pixels; the last of what a selected one is resized by
ACCENT = 3.0  # the bar at the left of a note
LEAST_CURVE = 0.5  # pixels on screen: less is a corner
LEAST_LETTER = 3.0  # pixels on screen: smaller letters are bars
NOBODY: frozenset[AsideKey] = frozenset()
NO_PEN, NO_BRUSH = QPen(Qt.PenStyle.NoPen), QBrush(Qt.BrushStyle.NoBrush)


def rect_of(box: Box) -> QRectF:
    return QRectF(QPointF(box[0], box[1]), QPointF(box[2], box[3]))


def aside_colour(aside: Aside, theme: Theme) -> str:
    """What its border is drawn in."""
    return region_colour(aside.colour, theme) if aside.kind == "region" else theme.edge


def _border(zoom: float) -> float:
    return round(max(BORDER, BORDER / zoom), 2)


def paint_grounds(
    painter: QPainter, asides: Iterable[Aside], theme: Theme, zoom: float, selected: Collection[AsideKey] = NOBODY
) -> None:
    """Draw the boxes of regions and the rims of open groups."""
    for aside in asides:
        if aside.kind == "note":
            continue
        tone, radius = aside_colour(aside, theme), RADIUS if aside.kind == "region" else CURVE
        ground = style.brush(tone, FILL) if aside.kind == "region" else style.brush(theme.text, QUIET)
        for pen, brush in ((NO_PEN, ground), (style.pen(tone, _border(zoom)), NO_BRUSH)):  # both at once take longer
            painter.setPen(pen)
            painter.setBrush(brush)
            if radius * zoom >= LEAST_CURVE:
                painter.drawRoundedRect(rect_of(aside.box), radius, radius)
            else:  # as it is seen, and many times as quick
                painter.drawRect(rect_of(aside.box))
        if aside.key in selected:
            _paint_ring(painter, rect_of(aside.box), theme, zoom, radius)


def paint_notes(
    painter: QPainter, asides: Iterable[Aside], theme: Theme, zoom: float, selected: Collection[AsideKey] = NOBODY
) -> None:
    """Draw notes: plain text on a slip."""
    for aside in asides:
        if aside.kind != "note":
            continue
        slip = rect_of(aside.box)
        painter.setPen(style.pen(theme.line, 1.0))
        painter.setBrush(style.brush(theme.panel))
        painter.drawRoundedRect(slip, 4, 4)
        painter.fillRect(QRectF(slip.left(), slip.top() + 2, ACCENT, slip.height() - 4), style.color(theme.edge))
        note = written(aside, zoom)
        first = slip.center().y() + (0.72 - len(note.lines) / 2) * note.pitch
        for number, line in enumerate(note.lines):
            with style.placed(painter, slip.left() + note.pad, first + number * note.pitch, note.scale):
                _paint_line(painter, line, note.size, theme, zoom * note.scale)
        if aside.key in selected:
            _paint_ring(painter, slip, theme, zoom, 4)


def _paint_line(painter: QPainter, line: str, size: int, theme: Theme, zoom: float) -> None:
    """A line of a note, from the painter's origin; from very far away a bar as long as it."""
    if size * zoom >= LEAST_LETTER:
        style.put_text(painter, 0, 0, line, size, False, theme.text)
    elif line.strip():
        painter.fillRect(QRectF(0, -8, 6.5 * len(line), 6), style.color(theme.edge))


def _paint_ring(painter: QPainter, box: QRectF, theme: Theme, zoom: float, radius: float) -> None:
    inside = box.adjusted(radius, radius, -radius, -radius)
    if painter.hasClipping() and inside.contains(painter.clipBoundingRect()):
        return  # it goes round all that is painted
    painter.setPen(style.pen(theme.focus, round(RING / zoom, 2)))
    painter.setBrush(style.brush(theme.focus, 0.0))
    out = 1.5 * RING / zoom
    painter.drawRoundedRect(box.adjusted(-out, -out, out, out), radius + out, radius + out)


def paint_titles(
    painter: QPainter, titles: Iterable[tuple[Aside, Title]], asides: Iterable[Aside], theme: Theme, zoom: float,
    selected: Collection[AsideKey] = NOBODY, hovered: AsideKey | None = None, buttons: bool = True,
) -> None:  # fmt: skip
    """Draw the titles of regions and open groups; `buttons`: with those that fold groups, as far as a hand is near."""
    for aside, title in titles:
        paint_title(painter, aside, title, theme, hovered == aside.key, buttons)
    for aside in asides:
        if aside.key in selected:
            _paint_handles(painter, aside, theme, zoom)


def paint_title(
    painter: QPainter, aside: Aside, title: Title, theme: Theme, hovered: bool = False, buttons: bool = True
) -> None:
    """Draw one of them."""
    left, top, right, bottom = title.box
    with style.placed(painter, left, top, title.scale):
        wide, high = (right - left) / title.scale, (bottom - top) / title.scale
        tone = aside_colour(aside, theme)
        behind = style.mixed(tone, theme.canvas, TITLE_FILL) if aside.kind == "region" else style.color(theme.canvas)
        painter.setPen(style.pen(theme.focus, 1.0) if hovered else Qt.PenStyle.NoPen)
        painter.setBrush(behind)
        painter.drawRoundedRect(QRectF(0, 0, wide, high), TIP, TIP)
        start = BUTTON + TITLE_PAD if title.button is not None else TITLE_PAD if aside.kind == "region" else BARE_PAD
        if title.button is not None and buttons:
            paint_fold_button(painter, theme, high)
        style.put_text(painter, start, high / 2 + 0.35 * BODY, title.text, BODY, True, theme.text)


def paint_fold_button(painter: QPainter, theme: Theme, high: float) -> None:
    """At the left of a title so high: a small square with a minus: what is open is folded by it."""
    square = style.box((BUTTON / 2 + 3, high / 2), (13, 13))
    painter.setPen(style.pen(theme.soft, 1.25))
    painter.setBrush(style.brush(theme.node))
    painter.drawRoundedRect(square, 3, 3)
    centre = square.center()
    painter.drawLine(QPointF(centre.x() - 3, centre.y()), QPointF(centre.x() + 3, centre.y()))


def _paint_handles(painter: QPainter, aside: Aside, theme: Theme, zoom: float) -> None:
    """What a selected one is resized by: squares at the corners and sides of a region, at the right of a note."""
    painter.setPen(style.pen(theme.focus, round(1.5 / zoom, 2)))
    painter.setBrush(style.brush(theme.canvas))
    for x, y in handles(aside).values():
        painter.drawRect(style.box((x, y), (HANDLE / zoom, HANDLE / zoom)))
