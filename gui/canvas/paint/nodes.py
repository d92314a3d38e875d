"""Many nodes at once: which of them come into a rectangle, the form of each, and how far what is painted reaches."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from engine.graph.topology import Topology
from engine.ops.op import Op
from gui.canvas.model.geometry import inside
from gui.canvas.model.levels import least_zoom, level_of
from gui.canvas.model.room import FARTHEST_X, Room
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import NodePicture
from gui.canvas.paint.card_forms import LOW, CardForm, near_form, new_numbers, pattern, retold
from gui.canvas.paint.node import node_extent
from gui.canvas.paint.plates import PlateChoice, choose, is_blank, plate_form, retold_choice

RIM = 60.0  # how near to the rim of all cards a plate may reach out of it
FAR_OUT = 200.0  # no port name, seed or ring reaches farther out of its card


class _Kept(NamedTuple):
    """What was found for a card, and for what."""

    picture: NodePicture
    room: Room | None
    seen: tuple[int, bool, bool]  # the level, whether it is near enough for the card itself, or too far for anything
    zoom: float
    chosen: PlateChoice | None
    form: CardForm


def sides(rect: QRectF) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    return rect.left(), rect.top(), rect.right(), rect.bottom()


class _Extent(NamedTuple):
    """How far a node reaches from its corner, and of which op, topology and target that is so."""

    op: Op
    topology: Topology
    is_target: bool
    rect: QRectF


def extent_in(stage: Stage, id: str) -> QRectF:
    """All that may be painted for a node, where it stands: found once, for it is asked with every frame."""
    graph = stage.graph
    op, is_target = graph.nodes[id].op, graph.target == id
    kept: _Extent | None = stage.extents.get(id)
    if kept is None or (kept.op, kept.topology, kept.is_target) != (op, graph.topology, is_target):
        kept = stage.extents[id] = _Extent(op, graph.topology, is_target, node_extent(graph, id))
    return kept.rect.translated(*stage.pos(id))


def form_of(stage: Stage, id: str, zoom: float, lifted: bool = False) -> CardForm:
    """What a node says at a zoom, found once; `lifted`: over all others, so that it needs no room about it."""
    picture, level = stage.nodes[id], level_of(zoom)
    blank = is_blank(zoom) and not lifted  # nothing is said, so no room is looked for
    room = _room_now(stage, id, level) if zoom < LOW and not lifted and not blank else None
    seen = (level, zoom >= LOW, blank)
    kept: _Kept | None = stage.forms.get((id, lifted))
    if kept is not None and kept.picture is not picture and kept.room is room and kept.seen == seen:
        is_kept = id in stage.unsure and not lifted and _says_the_same_name(kept, picture)
        kept = stage.forms[id, lifted] = kept._replace(picture=picture) if is_kept else _renumbered(kept, picture)
    if kept is None or kept.picture is not picture or kept.room is not room or kept.seen != seen:
        chosen = None if zoom >= LOW or blank else _chosen(stage, id, picture, level, room)
    elif kept.zoom == zoom:
        return kept.form
    else:
        chosen = kept.chosen
    form = near_form(picture, zoom) if zoom >= LOW else plate_form(picture, zoom, chosen)
    stage.forms[id, lifted] = _Kept(picture, room, seen, zoom, chosen, form)
    mark = stage.silent.add if zoom < LOW and not lifted and says_no_number(form) else stage.silent.discard
    mark(id)
    return form


def look_closer(stage: Stage, id: str, zoom: float) -> bool:
    """Choose the plate of a node for the numbers of now. Gives whether another is to be seen."""
    kept: _Kept | None = stage.forms.pop((id, False), None)
    if kept is None or id not in stage.graph.nodes or kept.seen[0] != level_of(zoom):
        return False
    return form_of(stage, id, zoom) != kept.form


def says_no_number(form: CardForm) -> bool:
    """Whether nothing is written but a name."""
    return all(line.tone == "text" for line in form.lines)


def _says_the_same_name(kept: _Kept, now: NodePicture) -> bool:
    """Whether a plate that said but its name says it of another picture as well."""
    was = kept.picture
    is_same = (was.op, was.name, was.ports, was.unfinished) == (now.op, now.name, now.ports, now.unfinished)
    return is_same and says_no_number(kept.form)


class _AtEnd(NamedTuple):
    """The plate that a node has at the end of the pass, for what it was found, and the room that it leaves before."""

    picture: NodePicture
    room: Room
    level: int
    chosen: PlateChoice | None
    plate: QRectF
    within: Room

    def fits(self, picture: NodePicture, room: Room, level: int) -> bool:
        """Whether it was found for these."""
        return self.picture is picture and self.room is room and self.level == level


def _room_now(stage: Stage, id: str, level: int) -> Room:
    """How far a plate may grow: during a pass no farther than at its end, for the labels stand clear of that."""
    return stage.room(id, level) if stage.frame.at_end else _at_end(stage, id, level).within


def _at_end(stage: Stage, id: str, level: int) -> _AtEnd:
    picture, room = stage.ended[id], stage.room(id, level)
    kept: _AtEnd | None = stage.end_forms.get(id)
    if kept is None or not kept.fits(picture, room, level):
        zoom = least_zoom(level)
        chosen = choose(picture, zoom, room)
        plate = plate_form(picture, zoom, chosen).plate
        kept = stage.end_forms[id] = _AtEnd(picture, room, level, chosen, plate, room.within(*sides(plate)))
    return kept


def _chosen(stage: Stage, id: str, picture: NodePicture, level: int, room: Room | None) -> PlateChoice | None:
    """Found anew, unless it is what the node has at the end of the pass, and that is known."""
    ended: _AtEnd | None = stage.end_forms.get(id)
    if ended is not None and room is not None and ended.fits(picture, room, level):
        return ended.chosen
    return choose(picture, least_zoom(level), room)


def end_plate(stage: Stage, id: str, zoom: float) -> QRectF:
    """The most that a node's card or plate takes in the course of a pass, on the level of a zoom."""
    if zoom >= LOW or is_blank(zoom):  # then it is the card, whatever is written on it: that is not asked for
        left, top, right, bottom = stage.box(id)
        return QRectF(0, 0, right - left, bottom - top)
    if stage.frame.at_end:
        return form_of(stage, id, zoom).plate
    return _at_end(stage, id, level_of(zoom)).plate


def with_plates(stage: Stage, rect: QRectF, zoom: float) -> QRectF:
    """The rectangle round all cards, grown by the plates at its rim that reach out of it at a zoom."""
    if zoom >= LOW or is_blank(zoom):
        return rect
    left, top, right, bottom = sides(rect.adjusted(RIM, RIM, -RIM, -RIM))
    boxes, grown = stage.node_boxes, QRectF(rect)
    at_rim = (boxes[:, 0] < left) | (boxes[:, 1] < top) | (boxes[:, 2] > right) | (boxes[:, 3] > bottom)
    for row in np.flatnonzero(at_rim):
        x, y = boxes[row, :2]
        grown |= end_plate(stage, stage.ids[row], zoom).translated(x, y)
    return grown


def _renumbered(kept: _Kept, picture: NodePicture) -> _Kept:
    """The same card with other numbers, where they take the same room: at every tick of a slider there are many."""
    like = pattern(picture)
    if like is None or like != pattern(kept.picture):
        return kept
    numbers = new_numbers(kept.picture, picture)
    chosen = None if kept.chosen is None else retold_choice(kept.chosen, numbers)
    return kept._replace(picture=picture, chosen=chosen, form=retold(kept.form, numbers))


def plated_nodes(stage: Stage, rect: QRectF) -> list[str]:
    """The nodes of which something may be seen in a rectangle from far away: as plates, larger than cards."""
    return [stage.ids[row] for row in plated_rows(stage, rect).tolist()]


def plated_rows(stage: Stage, rect: QRectF) -> NDArray[np.intp]:
    near = rect.adjusted(-FARTHEST_X, -FARTHEST_X, FARTHEST_X, FARTHEST_X)
    return np.flatnonzero(inside(stage.node_boxes, *sides(near)))


def visible_nodes(stage: Stage, rect: QRectF) -> list[str]:
    """The nodes of which something may be seen in a rectangle, in the order in which they are painted."""
    near = np.flatnonzero(inside(stage.node_boxes, *sides(rect.adjusted(-FAR_OUT, -FAR_OUT, FAR_OUT, FAR_OUT))))
    sure = inside(stage.node_boxes[near], *sides(rect))
    found = zip((stage.ids[row] for row in near), sure, strict=True)
    return [id for id, is_in in found if is_in or extent_in(stage, id).intersects(rect)]
