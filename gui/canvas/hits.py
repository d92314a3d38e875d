"""What is under the mouse: a title before a port, a port before a card, a card before a note, that before an edge, an
edge before the border of a region, and that before the empty canvas."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import hypot, inf
from operator import itemgetter
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from engine.graph.records import EdgeKey
from gui.canvas.model import geometry
from gui.canvas.model.aside_parts import AsidePart, handle_at, note_at, rim_at, title_at
from gui.canvas.node_item import NodeItem
from gui.canvas.paint.edge import visible_edges
from gui.canvas.paint.labels import is_labelled, label_boxes, labelled_edges
from gui.canvas.paint.node import COARSE, input_point, output_point
from gui.canvas.paint.nodes import plated_nodes, visible_nodes
from gui.canvas.paint.plates import is_blank
from gui.canvas.scene import GraphScene
from gui.document.selection import AsideKey

PORT_REACH = 14.0  # pixels on screen, outside the card
PORT_INSIDE = 9.0  # and inside it, where one also wants to take hold of the node
AFAR, AFAR_INSIDE = 9.0, 3.0  # the same where ports are not drawn any more: about the sides of the plate
EDGE_REACH = 8.0
BESIDE, LEAST_BESIDE = 6.0, 2.0  # a number is hit so far beside it: in the scene, and on screen from far away
FARTHEST = 28.0  # no hit area is larger than this in the scene, however far one has zoomed out

Kind = Literal[
    "canvas", "edge", "node", "name", "value", "slider", "input", "output", "title", "fold", "rim", "size", "note"
]


@dataclass(frozen=True)
class Hit:
    """What was hit. `port` is of an input or an output; `edge` and `t` say which, and at which share of its length.

    `aside`: the region, note or open group; `sides`: those of it that one takes hold of to resize it.
    """

    kind: Kind = "canvas"
    id: str = ""
    port: int = 0
    edge: EdgeKey | None = None
    t: float = 0.0
    aside: AsideKey | None = None
    sides: str = ""

    @property
    def on_node(self) -> bool:
        return self.kind in ("node", "name", "value")


def find_hit(scene: GraphScene, at: QPointF, zoom: float) -> Hit:
    """What is at a place of the scene, seen at `zoom`."""
    asides, place = scene.asides, at.toTuple()
    titled = title_at(asides, place, zoom)
    if titled is not None:  # but for the corner on which a title stands
        titled = handle_at(asides, place, zoom, scene.selected_asides) or titled
    return _on_aside(titled) or _below_titles(scene, at, zoom)


def _on_aside(found: AsidePart | None) -> Hit | None:
    return None if found is None else Hit(found.part, aside=found.key, sides=found.sides)


def _below_titles(scene: GraphScene, at: QPointF, zoom: float) -> Hit:
    items = list(items_near(scene, at, FARTHEST))
    top = next((item for item in items if item.card().contains(at)), None)
    if zoom < COARSE:
        top = top or _plated_at(scene, at, zoom)
        port = None if is_blank(zoom) else _port_afar([top] if top else _plates_near(scene, at, AFAR / zoom), at, zoom)
        if port is not None:
            return port
    else:
        reach = (PORT_INSIDE if top else PORT_REACH) / zoom
        port = nearest_port([top] if top else items, at, min(reach, FARTHEST))
        if port is not None:
            return port
        slid = next((item for item in items if item.slider_rect(zoom).contains(at)), None)
        if slid is not None and top in (None, slid):
            return Hit("slider", slid.id)
    if top is not None:
        return _on_card(top, at, zoom)
    place, asides = at.toTuple(), scene.asides
    if found := handle_at(asides, place, zoom, scene.selected_asides) or note_at(asides, place):
        return Hit(found.part, aside=found.key, sides=found.sides)
    near = edge_at(scene, at, EDGE_REACH / zoom)
    near = near if near.edge is not None else label_at(scene, at, zoom)
    return near if near.edge is not None else _on_aside(rim_at(asides, place, zoom)) or near


def _plated_at(scene: GraphScene, at: QPointF, zoom: float) -> NodeItem | None:
    """The node whose plate, which is larger than its card from afar, is at a place."""
    for id in plated_nodes(scene.stage, QRectF(at, at)):
        item = scene.node_items[id]
        if item.outline(zoom).contains(at):
            return item
    return None


def _plates_near(scene: GraphScene, at: QPointF, reach: float) -> Iterator[NodeItem]:
    """The nodes that have plates about here."""
    area = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
    return (scene.node_items[id] for id in plated_nodes(scene.stage, area))


def _port_afar(items: Iterable[NodeItem], at: QPointF, zoom: float) -> Hit | None:
    """The port whose place on the side of a plate is nearest: outside it as a rule, for inside one takes hold of it."""
    near: list[tuple[float, Hit]] = []
    for item in items:
        plate = item.outline(zoom)
        reach = (AFAR_INSIDE if plate.contains(at) else AFAR) / zoom
        for kind, port, place in ports_of(item):
            across = at.x() - (plate.left() if kind == "input" else plate.right())
            away = hypot(across, at.y() - place.y())
            if away <= min(reach, FARTHEST):
                near.append((away, Hit(kind, item.id, port)))
    return min(near, key=itemgetter(0), default=(inf, None))[1]


def label_at(scene: GraphScene, at: QPointF, zoom: float) -> Hit:
    """The edge whose label is at a place; else the canvas."""
    stage = scene.stage
    near = labelled_edges(stage, QRectF(at, at), zoom) if is_labelled(stage, zoom) else []
    key = next((key for key in near if any(box.contains(at) for box in label_boxes(stage, key, zoom))), None)
    return Hit() if key is None else Hit("edge", edge=key, t=0.5)


def node_at(scene: GraphScene, at: QPointF) -> str | None:
    """The topmost node whose card is at a place."""
    return next((item.id for item in items_near(scene, at, 0) if item.card().contains(at)), None)


def items_near(scene: GraphScene, at: QPointF, reach: float) -> Iterator[NodeItem]:
    """The nodes that are about here, topmost first."""
    area = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
    return (scene.node_items[id] for id in reversed(visible_nodes(scene.stage, area)))


def ports_of(item: NodeItem) -> Iterator[tuple[Literal["input", "output"], int, QPointF]]:
    """All ports of a node with their places in the scene."""
    for port in range(item.picture.ports):
        yield "input", port, item.pos() + input_point(item.picture, port)
    for output in range(item.picture.outputs):
        yield "output", output, item.pos() + output_point(item.picture, output)


def nearest_port(items: Iterable[NodeItem], at: QPointF, reach: float, wanted: str = "") -> Hit | None:
    """The port nearest to a place, if one is within `reach`; `wanted`: of inputs or of outputs only."""
    ports = [(place - at, Hit(kind, item.id, port)) for item in items for kind, port, place in ports_of(item)]
    near = [(hypot(way.x(), way.y()), hit) for way, hit in ports if wanted in ("", hit.kind)]
    away, hit = min(near, key=itemgetter(0), default=(inf, None))
    return hit if away <= reach else None


def _on_card(item: NodeItem, at: QPointF, zoom: float) -> Hit:
    if item.picture.op.holds_value and _beside(item.value_rect(zoom), zoom).contains(at):
        return Hit("value", item.id)
    return Hit("name" if item.name_rect().contains(at) else "node", item.id)


def _beside(number: QRectF, zoom: float) -> QRectF:
    """A number, and a little beside it; as little on screen from far away."""
    pad = BESIDE if zoom >= COARSE else LEAST_BESIDE / zoom
    return number.adjusted(-pad, 0, pad, 0) if not number.isEmpty() else number


def edges_crossing(scene: GraphScene, start: QPointF, end: QPointF) -> list[EdgeKey]:
    """The edges whose curves a straight line from one place to another goes across."""
    stage = scene.stage
    return [stage.keys[row] for row in stage.routes.crossed((start.x(), start.y()), (end.x(), end.y()))]


def edge_at(scene: GraphScene, at: QPointF, reach: float) -> Hit:
    """The edge nearest to a place, if it is within `reach`; else the canvas."""
    stage = scene.stage
    near = visible_edges(stage, QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach))
    if not near:
        return Hit()
    routes = [stage.route(key) for key in near]
    piece, distance, t = geometry.nearest(np.concatenate(routes), at.x(), at.y())
    if distance > min(reach, FARTHEST):
        return Hit()
    for key, route in zip(near, routes, strict=True):
        if piece < len(route):
            return Hit("edge", edge=key, t=geometry.share(route, piece + t))
        piece -= len(route)
    raise AssertionError("the nearest piece is of one of them")
