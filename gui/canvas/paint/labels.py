"""Draws the numbers beside the edges. One function says where they are, for the painter and for tests."""

from collections.abc import Iterable, Iterator
from math import inf
from time import perf_counter
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from engine.graph.records import EdgeKey
from engine.show.beside import OVER
from gui.canvas.model.geometry import Array, around, inside, shared_areas
from gui.canvas.model.label_search import Place
from gui.canvas.model.labels import Placed
from gui.canvas.model.levels import LABEL_LINE, least_zoom, level_of, type_at
from gui.canvas.model.stacked import BEHIND, GAP, Stacked, label_size, stacked
from gui.canvas.model.stage import Stage
from gui.canvas.paint import style
from gui.canvas.paint.card_forms import LOW
from gui.canvas.paint.node import seed_line
from gui.canvas.paint.nodes import end_plate, sides
from gui.canvas.paint.plates import is_blank
from gui.look import measure
from gui.look.theme import BODY, Theme

LABEL_WIDE, LABEL_HIGH = 200.0, 90.0  # how far from its curve a label may reach at most, on screen
FEW, NEAR = 90, 0.4  # of more edges than this none is labelled below that zoom, for nobody could tell whose it is
LEAST_SHOWN = 0.2  # the zoom below which none is labelled at all
Bounds = tuple[float, float, float, float]  # left, top, right, bottom in the scene
GENTLY = 14.0  # pixels on screen in which a label gives way to what comes over it
AT_ONCE = 30  # edges of a graph whose labels are all placed in one frame
A_SLICE = 0.005  # seconds of a frame in which labels are placed: more would be seen to take time
DOT, HALO_ENDS = 2.2, 0.8  # the radius of a leader's end on screen; how far the gap in what it crosses reaches along it
BAR = 1.0  # pixels: of a fraction
BASELINE = 0.35  # of the size of a text, from its middle down to its baseline


class Label(NamedTuple):
    """One number beside an edge."""

    text: str
    tone: str
    centre: Place
    anchor: Place | None  # a line leads there
    size: int
    scale: float
    on_curve: bool = False  # its edge is interrupted there

    def box(self) -> QRectF:
        """What it covers."""
        wide, high = label_size(self.text, self.size)
        return style.box(self.centre, (wide * self.scale, high * self.scale))


def is_labelled(stage: Stage, zoom: float) -> bool:
    """Whether edges show their numbers at a zoom."""
    return zoom >= (NEAR if len(stage.keys) > FEW else LEAST_SHOWN)


def labelled_edges(stage: Stage, rect: QRectF, zoom: float) -> list[EdgeKey]:
    """The edges whose labels may be seen in a rectangle."""
    wide, high = LABEL_WIDE / min(zoom, 1.0), LABEL_HIGH / min(zoom, 1.0)
    area = rect.adjusted(-wide, -high, wide, high)
    rows = stage.routes.near(area.left(), area.top(), area.right(), area.bottom())
    return [stage.keys[row] for row in rows]


def place_labels(
    stage: Stage, keys: Iterable[EdgeKey], zoom: float, seconds: float | None = None
) -> tuple[list[QRectF], bool]:
    """Find the places of the labels of edges at a zoom, of as many as can be found in `seconds`.

    Gives the rectangles of those that have been found now and of those that gave way, and whether some are to come.
    """
    level, keys = level_of(zoom), list(keys)
    missing = stage.unplaced(keys, level)
    if not missing or (seconds is not None and seconds <= 0):
        return [], bool(missing)
    cards, until = cards_at(stage, level, keys), perf_counter() + (inf if seconds is None else seconds)
    wider = set(widen_labels(stage, missing, zoom, cards, seconds))
    missing = [key for key in missing if key not in wider]
    missing.sort(key=lambda key: key != stage.labels.begun(level))  # what was begun goes on first
    done, left = list[EdgeKey](), dict[EdgeKey, Placed]()
    for some in [missing] if seconds is None else [[key] for key in missing]:
        if done and perf_counter() >= until:
            break
        now, gone = stage.place_labels(some, level, cards, until - perf_counter())
        done, left = [*done, *now], gone | left
        if len(now) < len(some):
            break
    found = [*labels_extents(stage, [*wider, *done, *left], zoom), *map(_extent, left.values())]
    return [rect for rect in found if not rect.isNull()], len(done) < len(missing)


def widen_labels(
    stage: Stage, keys: Iterable[EdgeKey], zoom: float, cards: Array | None = None, seconds: float | None = None
) -> list[EdgeKey]:
    """Let labels that have outgrown their places take more room where they stand, as many as `seconds` are enough for.

    Gives the edges of those for which there is room: that takes much less time than looking for another place.
    """
    keys = stage.wishes.outgrown(keys)
    if not keys:
        return []
    level = level_of(zoom)
    cards = cards_at(stage, level, keys) if cards is None else cards
    return stage.widen_labels(keys, level, cards, inf if seconds is None else seconds)


def cards_at(stage: Stage, level: int, keys: Iterable[EdgeKey]) -> Array:
    """The boxes of all cards, of those about some edges as large as they are drawn at a level; and of what else would
    hide a label: the seed, notes, and titles of regions and groups."""
    zoom = least_zoom(level)
    return np.concatenate([_drawn_cards(stage, level, keys), seed_boxes(stage, zoom), stage.beside(zoom)])


def seed_boxes(stage: Stage, zoom: float) -> Array:
    """Where the seed is written, as a row of left, top, right, bottom; none far away, where it is not."""
    target = stage.graph.target
    if zoom < LOW or target not in stage.graph.nodes:
        return np.empty((0, 4))
    return np.array([sides(seed_line(stage.nodes[target], zoom).box().translated(*stage.pos(target)))])


def _drawn_cards(stage: Stage, level: int, keys: Iterable[EdgeKey]) -> Array:
    zoom, boxes = least_zoom(level), stage.node_boxes
    if zoom >= LOW or is_blank(zoom) or not len(boxes):
        return boxes
    boxes = boxes.copy()
    areas = stage.routes.boxes[[stage.rows[key] for key in keys]]
    reach = np.array([LABEL_WIDE, LABEL_HIGH]) / zoom
    area = (*(areas[:, :2].min(axis=0) - reach), *(areas[:, 2:].max(axis=0) + reach))
    for row in np.flatnonzero(inside(boxes, *area)):
        plate = end_plate(stage, stage.ids[row], zoom)
        left, top = boxes[row, :2]
        boxes[row] = (left + plate.left(), top + plate.top(), left + plate.right(), top + plate.bottom())
    return boxes


def labels_of(stage: Stage, key: EdgeKey, zoom: float) -> Iterator[Label]:
    """An edge's labels as far as they have been placed at the level of a zoom and are shown."""
    placed = stage.labels.get(key, level_of(zoom))
    if placed is None or key in stage.wishes.cramped:
        return
    look = stage.edges[key]
    size, scale = type_at(BODY, zoom)
    for spot, text, tone in zip(placed.spots, look.said(), ("value", look.sent or look.tone), strict=True):
        if spot is not None and text:
            fitting = stage.wishes.fitting(key, text, size, scale)
            yield Label(fitting, tone, spot.centre, spot.anchor, size, scale, spot.on_curve)


def label_boxes(stage: Stage, key: EdgeKey, zoom: float = 1.0) -> list[QRectF]:
    """Where an edge's labels are."""
    return [label.box() for label in labels_of(stage, key, zoom)]


def labels_extents(stage: Stage, keys: Iterable[EdgeKey], zoom: float) -> list[QRectF]:
    """The room kept for the labels of each of some edges at a zoom, with the lines that lead to them."""
    return [_extent(placed) for placed in stage.labels.all_of(keys, level_of(zoom))]


def _extent(placed: Placed | None) -> QRectF:
    rect = QRectF()
    for spot, (left, top, right, bottom) in zip(placed.spots, placed.boxes.tolist(), strict=True) if placed else ():
        if spot is not None:
            rect |= QRectF(left - 2, top - 2, right - left + 4, bottom - top + 4)
            if spot.anchor is not None:
                rect |= QRectF(spot.anchor[0] - 2, spot.anchor[1] - 2, 4, 4)
    return rect


def _label_extent(label: Label) -> QRectF:
    rect = label.box().adjusted(-2, -2, 2, 2)
    return rect | style.box(label.anchor, (4, 4)) if label.anchor else rect


def paint_labels(
    painter: QPainter, stage: Stage, theme: Theme, zoom: float, keys: Iterable[EdgeKey], rect: QRectF | None = None
) -> None:
    """Draw the labels of edges that have been placed; of those only that come into a rectangle."""
    for label in (label for key in keys for label in labels_of(stage, key, zoom)):
        if rect is None or rect.intersects(_label_extent(label)):
            paint_label(painter, label, theme)


def paint_on_curve(painter: QPainter, stage: Stage, theme: Theme, zoom: float, key: EdgeKey) -> None:
    """Draw the labels again that stand on the curve of an edge which has been drawn over them."""
    if is_labelled(stage, zoom):
        for label in labels_of(stage, key, zoom):
            if label.on_curve:
                paint_label(painter, label, theme)


def paint_pushed(
    painter: QPainter, stage: Stage, theme: Theme, zoom: float, moving: Iterable[Bounds], standing: Iterable[Bounds]
) -> None:
    """Push aside labels that something comes over, on top of a picture that shows them where they rest: gently while
    it moves, at once where it stands."""
    for label, moved in pushed_labels(stage, zoom, moving, standing):
        painter.fillRect(label.box(), style.color(theme.canvas))  # nothing else is there
        painter.fillRect(moved.box(), style.color(theme.canvas, 0.85))
        paint_label(painter, moved, theme)


def pushed_labels(
    stage: Stage, zoom: float, moving: Iterable[Bounds], standing: Iterable[Bounds]
) -> Iterator[tuple[Label, Label]]:
    """The labels that something comes over, as they rest and where they go."""
    capsules, plates = (np.array(list(boxes)).reshape(-1, 4) for boxes in (moving, standing))
    if not len(capsules) + len(plates) or not is_labelled(stage, zoom):
        return
    for key in stage.labels.touching(level_of(zoom), np.concatenate([capsules, plates])):
        for label in labels_of(stage, key, zoom):
            gently, at_once = pushed(label.box(), capsules, zoom), pushed(label.box(), plates, zoom, gently=False)
            across, down = 0.0, max(gently, at_once, key=abs)
            if at_once and down == at_once:
                cards = _drawn_cards(stage, level_of(zoom), [key])
                across, down = _way_out(label.box(), plates, np.concatenate([cards, plates, capsules]), down)
            if across or down:
                yield label, label._replace(centre=(label.centre[0] + across, label.centre[1] + down), anchor=None)


def _way_out(box: QRectF, plates: Array, others: Array, down: float) -> Place:
    """How a label goes from under what stands: up or down as far as it must, or another way where it would come upon
    a card there."""
    left, top, right, bottom = around(plates[inside(plates, *sides(box))])
    ways = [(0.0, down), (0.0, bottom - box.top()), (0.0, top - box.bottom())]
    ways += sorted([(right - box.left(), 0.0), (left - box.right(), 0.0)], key=lambda way: abs(way[0]))
    covered = shared_areas(np.array([sides(box.translated(*way)) for way in ways]), others).sum(axis=1)
    return ways[int(np.argmin(np.round(covered, 3)))]


def pushed(box: QRectF, capsules: Array, zoom: float, gently: bool = True) -> float:
    """How far down (or up, if negative) a label gives way to what comes over it; `gently` while it comes near."""
    away = 0.0
    for left, top, right, bottom in capsules.tolist():
        beside = min(right - box.left(), box.right() - left)
        if beside > 0 and top < box.bottom() and bottom > box.top():
            is_above = box.center().y() < (top + bottom) / 2
            way = top - box.bottom() if is_above else bottom - box.top()
            way *= min(beside * zoom / GENTLY, 1.0) if gently else 1.0
            away = way if abs(way) > abs(away) else away
    return away


def paint_label(painter: QPainter, label: Label, theme: Theme) -> None:
    color = getattr(theme, label.tone)
    if label.on_curve:
        painter.fillRect(label.box(), style.color(theme.canvas))
    if label.anchor:
        _paint_leader(painter, label, theme)
    parts = stacked(label.text, label.size)
    baseline = BASELINE * label.size
    x, y = label.centre
    if label.scale == 1 and parts is None:
        style.put_text(painter, x, y + baseline, label.text, label.size, True, color, 0.5)
        return
    with style.placed(painter, x, y, label.scale):
        if parts is None:
            style.put_text(painter, 0, baseline, label.text, label.size, True, color, 0.5)
        else:
            _paint_stacked(painter, parts, label, color)


def _paint_stacked(painter: QPainter, parts: Stacked, label: Label, color: str) -> None:
    """A fraction in the middle of the height, and what follows it on the height of its bar."""
    left, high = -label.box().width() / label.scale / 2, LABEL_LINE * parts.size
    middle = left + parts.bar / 2
    for text, y in ((parts.above, -(high + GAP) / 2), (parts.below, (high + GAP) / 2)):
        style.put_text(painter, middle, y + BASELINE * parts.size, text, parts.size, True, color, 0.5)
    painter.fillRect(QRectF(left, -BAR / 2, parts.bar, BAR), style.color(color))
    style.put_text(painter, left + parts.bar + BEHIND, BASELINE * label.size, parts.rest, label.size, True, color)


def _paint_leader(painter: QPainter, label: Label, theme: Theme) -> None:
    """A thin line that goes over whatever it crosses, and ends in a dot on the edge that it leads to."""
    assert label.anchor is not None
    rim, anchor, color = _rim(label), QPointF(*label.anchor), theme.faint
    pixel = label.scale
    painter.setPen(style.pen(theme.canvas, 3 * pixel))
    painter.drawLine(rim, rim + (anchor - rim) * HALO_ENDS)
    painter.setPen(style.hairline(color, False))
    painter.drawLine(rim, anchor)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.brush(color))
    painter.drawEllipse(anchor, DOT * pixel, DOT * pixel)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _rim(label: Label) -> QPointF:
    """Where the line to a label's anchor leaves its box."""
    assert label.anchor is not None
    box, centre = label.box(), QPointF(*label.centre)
    way = QPointF(*label.anchor) - centre
    shares = [half / abs(part) for half, part in ((box.width() / 2, way.x()), (box.height() / 2, way.y())) if part]
    return centre + way * min([*shares, 1.0])


def paint_lifted(
    painter: QPainter, stage: Stage, theme: Theme, zoom: float, key: EdgeKey, beside_cards: bool = False
) -> None:
    """What an edge says that is pointed at, or whose turn it is, where its labels have no room: over all others.

    `beside_cards`: not if it would lie on a card.
    """
    shown = [label.text for label in labels_of(stage, key, zoom)]
    texts = [text for text in stage.edges[key].said() if text]
    if len(shown) == len(texts):
        return
    size, scale = type_at(BODY, zoom)
    text = "   ".join(texts).replace(OVER, "/")
    x, y = stage.at(key, 0.5)
    wide = measure.width(text, size, True) + 12
    box = style.box((x, y), (wide * scale, 20 * scale))
    if beside_cards and inside(cards_at(stage, level_of(zoom), [key]), *sides(box)).any():
        return
    with style.placed(painter, x, y, scale):
        painter.setPen(style.pen(theme.line, 1))
        painter.setBrush(style.brush(theme.panel, 0.95))
        painter.drawRoundedRect(style.box((0, 0), (wide, 20)), 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        style.put_text(painter, 0, BASELINE * size, text, size, True, theme.text, 0.5)
