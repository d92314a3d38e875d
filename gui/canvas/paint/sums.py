"""Draws what arrives at a node: a sum on a small plate beside its card, where it covers no other card.

Boxes are left, top, right, bottom in scene pixels.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from engine.graph.records import Pos
from engine.passes.trace import Trace
from engine.show.equation import sum_text
from engine.show.frame import Merge
from engine.values.values import MINUS, bracketed
from gui.canvas.model.aside_boxes import Box
from gui.canvas.model.flight import TINY, ease_out, kept_in, readable
from gui.canvas.model.geometry import Array, inside, shared_areas
from gui.canvas.model.label_search import through
from gui.canvas.model.room import FARTHEST_X, FARTHEST_Y
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import compact_text, tone
from gui.canvas.paint import style
from gui.canvas.paint.labels import paint_pushed
from gui.canvas.paint.nodes import end_plate, sides
from gui.look import measure
from gui.look.theme import NAME, Theme

ARRIVED = 0.35  # the part of a merge in which only what arrives is shown
NOTE = 12  # font size of the note under the sending node
GAP, HALF = 9.0, 11.0  # between the card and the plate; half the height of that, at 100 %
RISE = 6.0  # how far it comes up
MOST_SPOTS = 16  # places that are kept
MOST_PLATES = 200  # cards about a place that are measured one by one


def merge_text(merge: Merge) -> str:
    """`+10` while it arrives; `10 + 15 = 25` where something was there before."""
    return _arriving(merge) if merge.before is None or merge.t < ARRIVED else _added(merge)


def _arriving(merge: Merge) -> str:
    text = compact_text(merge.contribution)
    return text if text.startswith(MINUS) else f"+{text}"


def _added(merge: Merge) -> str:
    if merge.before is None:
        return _arriving(merge)
    if not merge.total.ndim:
        return sum_text(merge.before, merge.contribution, merge.total)
    return f"{compact_text(merge.before)} + {bracketed(compact_text(merge.contribution))} = {compact_text(merge.total)}"


def paint_last_merge(painter: QPainter, stage: Stage, theme: Theme, zoom: float, seen: Box | None = None) -> None:
    """Draw the sum of the last step over the canvas at rest, whose labels give way to it."""
    paint_pushed(painter, stage, theme, zoom, (), sum_boxes(stage, zoom, seen))
    paint_sum(painter, stage, theme, zoom, seen)


def sum_boxes(stage: Stage, zoom: float, seen: Box | None = None) -> Iterator[Box]:
    """What the sum covers, and as much of the card beside it: so that a label gives way from the card, not onto it."""
    merge = stage.frame.merge
    if merge is not None:
        (x, y), size = sum_place(stage, merge, zoom, seen), readable(zoom, NAME)
        plate = plate_box(QPointF(), merge_text(merge), True)
        card = end_plate(stage, merge.node, zoom).translated(*stage.pos(merge.node))
        high = HALF * size
        above = y + high + high if y + high <= card.top() else y + high
        below = y - high - high if y - high >= card.bottom() else y - high
        yield x + plate.left() * size, below, x + plate.right() * size, above


def sum_place(stage: Stage, merge: Merge, zoom: float, seen: Box | None = None) -> Pos:
    """The middle of the sum's plate: above its card, or where that covers least of other cards; `seen` whole."""
    size = readable(zoom, NAME)
    wide = max(plate_box(QPointF(), text, True).width() for text in (_arriving(merge), _added(merge))) * size
    room = None if seen is None else (*seen[:3], seen[3] - RISE * size)
    return freest_place(stage, merge.node, (wide, 2 * HALF * size), zoom, True, room)


def freest_place(
    stage: Stage, id: str, plate: tuple[float, float], zoom: float, over: bool = False, seen: Box | None = None
) -> Pos:
    """The middle of a plate of a size beside a card, under it or `over` it; or where it covers least of other cards.

    Whole in what is `seen`, if its card is. Under it, where there is more to be covered, it interrupts as few edges as
    it can, too. It is found once, for as
    long as what is about the card stays as it is: every frame of a step asks for it, and more than once.
    """
    card = end_plate(stage, id, zoom).translated(*stage.pos(id))
    about = card.adjusted(-plate[0], -3 * plate[1], plate[0], 3 * plate[1])
    chains = np.empty((0, 2, 2)) if over or zoom < TINY else stage.routes.about(*sides(about))[0]
    near = _near(stage, about)
    asked = (card.getRect(), plate, zoom, stage.node_boxes[near].tobytes(), chains.tobytes(), seen)
    kept: _Spot | None = stage.spots.get((id, over))
    if kept is None or kept.asked != asked or kept.trace is not stage.frame.trace:
        spots = _spots(card, *plate, GAP * readable(zoom, NAME), over)
        curves = np.concatenate([chains[:, :-1], chains[:, 1:]], axis=-1)
        place = _freest(list(spots), plate, _cards_about(stage, id, near, zoom), curves, seen)
        across, down = kept_in(sides(style.box(place, plate)), seen)
        kept = _Spot(asked, stage.frame.trace, (place[0] + across, place[1] + down))
        if len(stage.spots) > MOST_SPOTS:
            stage.spots.clear()
        stage.spots[id, over] = kept
    return kept.place


class _Spot(NamedTuple):
    """A place that was found, and for what."""

    asked: tuple[object, ...]
    trace: Trace
    place: Pos


def _near(stage: Stage, area: QRectF) -> NDArray[np.intp]:
    """The cards that may come into an area, as plates too."""
    return np.flatnonzero(
        inside(stage.node_boxes, *sides(area.adjusted(-FARTHEST_X, -FARTHEST_Y, FARTHEST_X, FARTHEST_Y)))
    )


def _freest(spots: list[Pos], plate: tuple[float, float], others: Array, curves: Array, seen: Box | None) -> Pos:
    """The first that covers least of other cards (n, 4) and is `seen` most, and of these the first that fewest curves
    (m, k, 4) cross."""
    boxes = np.array([sides(style.box(spot, plate)) for spot in spots])
    across = through(boxes, curves.reshape(-1, 4)).reshape(len(spots), *curves.shape[:2]).any(axis=2).sum(axis=1)
    hidden = np.round(shared_areas(boxes, others).sum(axis=1), 3)
    if seen is not None:
        hidden -= np.round(shared_areas(boxes, np.array([seen])).sum(axis=1), 3)
    return spots[min(range(len(spots)), key=lambda at: (hidden[at], across[at]))]


def _spots(card: QRectF, wide: float, high: float, gap: float, over: bool) -> Iterator[Pos]:
    """Over a card or under it, beside its corners, before it and behind it: the first are the best."""
    middle = card.center()
    aside = card.width() / 2 + wide / 2 + gap
    rows = (card.top() - gap - high / 2, card.bottom() + gap + high / 2)[:: 1 if over else -1]
    for down in rows:
        yield middle.x(), down
    for down in (*rows, middle.y()):
        for across in (-aside, aside):
            yield middle.x() + across, down


def _cards_about(stage: Stage, id: str, near: NDArray[np.intp], zoom: float) -> Array:
    """The other cards of some rows, as large as they are drawn, or if they are very many as they stand: (n, 4)."""
    if len(near) > MOST_PLATES:
        return stage.node_boxes[near[near != stage.ids.index(id)]]
    others = [other for other in (stage.ids[row] for row in near.tolist()) if other != id]
    plates = [sides(end_plate(stage, other, zoom)) for other in others]
    corners = np.array([stage.pos(other) for other in others]).reshape(-1, 2)
    return np.array(plates).reshape(-1, 4) + np.tile(corners, 2)


def paint_sum(painter: QPainter, stage: Stage, theme: Theme, zoom: float, seen: Box | None = None) -> None:
    """Draw the sum that the step just done has made, in scene coordinates; whole in what is `seen`."""
    merge = stage.frame.merge
    if merge is None:
        return
    x, y = sum_place(stage, merge, zoom, seen)
    rise = RISE * (1 - ease_out(min(merge.t / ARRIVED, 1.0)))
    size = readable(zoom, NAME)
    shown = merge.total if merge.t >= ARRIVED else merge.contribution
    with style.placed(painter, x, y + rise * size, size):
        paint_plate(painter, QPointF(), merge_text(merge), True, theme, tone(shown))


def plate_box(centre: QPointF, text: str, bold: bool) -> QRectF:
    """What a line of text on a plate covers."""
    width = measure.width(text, NAME if bold else NOTE, bold) + 16
    return style.box((centre.x(), centre.y()), (width, 2 * HALF if bold else 18.0))


def paint_plate(painter: QPainter, centre: QPointF, text: str, bold: bool, theme: Theme, shade: str) -> None:
    """A line of text on a small plate, so that it can be read over anything: a number is `bold`, a note is not."""
    plate, size = plate_box(centre, text, bold), NAME if bold else NOTE
    painter.setPen(style.pen(theme.line, 1) if bold else Qt.PenStyle.NoPen)
    painter.setBrush(style.brush(theme.panel if bold else theme.canvas, 0.95))
    painter.drawRoundedRect(plate, plate.height() / 2, plate.height() / 2)
    style.put_text(painter, centre.x(), centre.y() + size * 0.36, text, size, bold, getattr(theme, shade), 0.5)
