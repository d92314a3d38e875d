"""The scene: a layer of edges and one of nodes. It applies a Change and a Frame; nothing else changes what is seen."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import get_args

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtWidgets import QGraphicsScene

from engine import edits
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey, Pos
from engine.show.beside import OnEdges
from engine.show.frame import Frame
from engine.show.shown_run import shown_frame
from engine.show.wording import Wording
from gui.canvas.aside_layer import AsideLayer, AsideMarks, Height, painted_box
from gui.canvas.edge_layer import EdgeLayer
from gui.canvas.leading import Leading
from gui.canvas.model.aside_boxes import Box, around_all
from gui.canvas.model.asides import Asides
from gui.canvas.model.drift import Drift
from gui.canvas.model.geometry import inside
from gui.canvas.model.levels import level_of
from gui.canvas.model.room import FARTHEST_X
from gui.canvas.model.showing import Showing
from gui.canvas.model.stage import SEED_ROOM, Different, Shape, Stage
from gui.canvas.model.touched import is_same
from gui.canvas.node_item import NodeItems
from gui.canvas.node_layer import NodeLayer
from gui.canvas.paint.asides import rect_of
from gui.canvas.paint.labels import seed_boxes
from gui.canvas.paint.node import MARGIN, PLAIN, Marks, node_extent
from gui.canvas.paint.nodes import sides, with_plates
from gui.document.selection import AsideKey
from gui.look.guard import guarded

WORLD = QRectF(-200_000, -200_000, 400_000, 400_000)  # as long as no node is beyond it
ROUND_FAR = 20_000.0  # of more sheet round a node beyond
RIM = 2.0  # pixels: so far from the rim of the canvas a number keeps at least where all is seen
SIGHT = 260.0  # pixels: nothing is painted farther from its node or edge, in the scene and on screen
REST_MS, A_SLICE = 80, 0.004  # after the last of a row of edits a look is taken again, so many seconds at a time
BESIDE = {"regions", "notes"}  # facts that no node or edge looks different for
MOST_WHOLE = 200  # nodes whose ports are looked at one by one
MOST_PIECES = 2000  # where more edges look different, it is quicker to paint everything again


class GraphScene(QGraphicsScene):
    """The items of a graph. `dirtied` is called with the scene rectangles that look different from now on."""

    def __init__(self, graph: Graph, frame: Frame) -> None:
        super().__init__()
        self._sheet = WORLD
        self.is_new = True  # much of it has never been painted
        self.setSceneRect(WORLD)
        self.showing = Showing(graph)
        self.shown = self.showing.of(graph)
        self.stage = Stage(self.shown.graph, shown_frame(frame, self.shown))
        self._drift: Drift | None = None
        self._gone = 0.0  # so much of its way
        self.edge_layer, self.node_layer = EdgeLayer(self.stage), NodeLayer(self.stage)
        self.node_items = NodeItems(self.stage, self.node_layer)
        self.dirtied: Callable[[list[QRectF]], object] = lambda rects: None
        self.bettered: Callable[[list[QRectF]], object] = self.dirtied  # where what is painted will do for a moment
        self.stirred: Callable[[], object] = lambda: None  # told when a hand moves nodes, or a number
        self.sight: Callable[[], QRectF] = self.sceneRect  # the part of it that is seen
        self.stage.bending = self._bending  # where they are no longer looks different as well
        self.addItem(self.edge_layer)
        self.addItem(self.node_layer)
        self.asides, self._aside_marks = Asides(self.stage), AsideMarks()
        self.node_layer.titles = self.asides.titles
        for height in get_args(Height):
            self.addItem(AsideLayer(self.asides, self._aside_marks, height))
        self._leading = Leading(self, self.stage, self.edge_layer, self.node_layer, self._bettered)
        self._closer = QTimer(self, singleShot=True)
        self._closer.timeout.connect(self._look_closer)
        self._stretch()

    # --- where it is

    def nodes_rect(self, ids: Iterable[str]) -> QRectF:
        """The rectangle round the cards of nodes."""
        boxes = self.stage.boxes_of(ids)
        return (
            QRectF(QPointF(*boxes[:, :2].min(axis=0)), QPointF(*boxes[:, 2:].max(axis=0))) if len(boxes) else QRectF()
        )

    def room_of(self, ids: Collection[str]) -> QRectF:
        """The same, with the seed beside the target."""
        rect, target = self.nodes_rect(ids), self.stage.graph.target
        return rect | self.nodes_rect([target]).adjusted(0, 0, SEED_ROOM, 0) if target and target in ids else rect

    def whole_of(self, ids: Collection[str]) -> QRectF:
        """The same with the ports too, and the names of those that are open."""
        rect, graph = self.nodes_rect(ids), self.stage.graph
        if len(ids) > MOST_WHOLE:
            return rect.adjusted(-MARGIN, -MARGIN, SEED_ROOM, MARGIN)
        for id in ids:
            if id in graph.nodes:
                rect |= node_extent(graph, id).translated(*self.stage.pos(id))
        return rect

    def nodes_in(self, rect: QRectF) -> frozenset[str]:
        """The nodes whose cards come into a rectangle."""
        if rect.isEmpty():
            return frozenset()
        return frozenset(self.stage.ids[row] for row in np.flatnonzero(inside(self.stage.node_boxes, *sides(rect))))

    def extent(self) -> QRectF | None:
        """The rectangle round everything that rests; None if there is nothing."""
        boxes = [box for box in (self.stage.extent(), self.asides.extent()) if box is not None]
        extent = around_all(boxes)
        return None if extent is None else rect_of(extent)

    def extent_at(self, zoom: float) -> QRectF | None:
        """The same with the plates and titles of a zoom, which are larger than cards and titles near by."""
        extent, titles = self.extent(), self.asides.extent(zoom)
        if extent is None:
            return None
        return with_plates(self.stage, extent, zoom) | (rect_of(titles) if titles is not None else QRectF())

    def show_whole(self, zoom: float = 1.0, seen: QRectF | None = None) -> None:
        """All is seen, and this much of the scene, at a zoom: numbers keep within it. None: one looks elsewhere."""
        rim = RIM / zoom
        sheet = None if seen is None else sides(seen.adjusted(rim, rim, -rim, -rim))
        self._edges_dirty(self.stage.labels.keep_on(sheet, level_of(zoom)))

    # --- the graph and its numbers

    def apply(self, change: Change, graph: Graph, frame: Frame) -> None:
        """Show the document's graph after a change of it."""
        before, self.shown = self.shown, self.showing.of(graph)
        self._apply(edits.shown_change(change, before, self.shown), self.shown.graph, shown_frame(frame, self.shown))

    def look_into(self, group: str | None, frame: Frame) -> None:
        """Show what is in a group alone, or the whole document again."""
        self.showing.look_into(group)
        self.apply(NOTHING, self.shown.real, frame)

    def _apply(self, change: Change, graph: Graph, frame: Frame) -> None:
        self.settle()
        if change.only_values:
            self._keep_in_sight()
        if change.only_places and is_same(self.stage.frame, frame):
            self._move_nodes(change, graph, frame)
        elif change.facts and not (change.nodes or change.edges) and change.facts.keys() <= BESIDE:
            self.stage.graph, self.stage.frame = graph, frame
        else:
            different = self.stage.take(graph, frame, change)
            self.is_new = different is None
            self._stretch()
            self._show_different(different)
            if {"target", "seed"} & change.facts.keys() and len(change.nodes) < len(graph.nodes):  # else nothing is old
                self.stage.labels.forget_under(seed_boxes(self.stage, self.edge_layer.zoom), np.empty((0, 4)))
        self._show_asides()

    def _keep_in_sight(self) -> None:
        """A hand may go on changing a number: only what is in sight is looked at, and closely when it rests."""
        self.stirred()
        zoom, rect = self.edge_layer.zoom, self.sight()
        far = SIGHT / min(zoom, 1.0) + SIGHT
        seen, stage = rect.adjusted(-far, -far, far, far), self.stage
        ids = self.node_layer.seen_in(rect)
        keys = [stage.keys[row] for row in np.flatnonzero(inside(stage.routes.boxes, *sides(seen)))]
        stage.nodes.keep(self.node_layer.written(ids), 0)
        stage.looks.keep(ids, 0)
        stage.edges.keep(keys, 0)
        stage.lines.keep(keys, 0)

    @guarded
    def _look_closer(self) -> None:
        """The hand rests: piece by piece, what was left as it was is shown as it would be at first sight."""
        self._nodes_dirty(self.node_layer.look_closer(perf_counter() + A_SLICE))
        if self.stage.unsure:
            self._closer.start(0)

    def _move_nodes(self, change: Change, graph: Graph, frame: Frame) -> None:
        """Nodes stand elsewhere, and say what they said. Where the hand has put them they are shown already."""
        moved = [id for id in change.nodes if self.stage.pos(id) != graph.nodes[id].pos]
        self._move(moved, lambda: self.stage.take(graph, frame, change))

    def show_frame(self, frame: Frame, wording: Wording) -> None:
        """Show another position of the same run."""
        self._leading.pause()
        self._show_different(self.stage.show(shown_frame(frame, self.shown), wording))

    def show_on_edges(self, on_edges: OnEdges) -> None:
        """Let something else stand beside the edges."""
        stage = self.stage
        if stage.lens.choose(on_edges):
            for pictures in (stage.nodes, stage.looks, stage.edges, stage.lines, stage.ended):
                pictures.forget()
            stage.wishes.forget()
            stage.labels.forget()
            self._all_dirty()

    def _show_different(self, different: Different) -> None:
        if rects := self.node_layer.other_flows():
            self.dirtied(rects)
        if different is None:
            self._all_dirty()
            return
        ids, keys = different
        self._nodes_dirty(ids)
        self._edges_dirty(keys)
        self._edges_dirty(self.edge_layer.make_room(keys))

    def preview(self, positions: Mapping[str, Pos]) -> None:
        """Show nodes elsewhere than the graph says, as long as a gesture lasts; an empty mapping ends it."""
        self.settle()
        if positions:
            self.stirred()
        moved = {*positions, *self.stage.previewed}  # those that go back leave a place as well
        self._move(moved, lambda: self.stage.preview(positions))
        self._show_asides()

    def preview_asides(self, boxes: Mapping[AsideKey, Box]) -> None:
        """Show regions and notes elsewhere than the graph says; an empty mapping ends it."""
        self.asides.moved = dict(boxes)
        self.stirred()
        self._show_asides()

    def _show_asides(self) -> None:
        """Regions, notes and groups may be elsewhere, or others: where they were and are looks different."""
        if different := self.asides.refresh():
            self._free_labels([rect_of(aside.box) for aside in different])
            out = FARTHEST_X if self.node_layer.has_plates else 0.0  # plates beside a frame have other room now
            boxes = (painted_box(aside, self._aside_marks.zoom) for aside in different)
            self.dirtied([box.adjusted(-out, -out, out, out) for box in boxes])

    def drift_from(self, shape: Shape) -> None:
        """Nodes are to be shown on their way from where they were to where the graph says, until `settle` is called."""
        self._leading.rest()
        self._drift, self.edge_layer.is_drifting = Drift(self.stage, shape), True
        self._gone = 0.0

    def drift(self, share: float) -> None:
        """Show so much of their way, from 0 to 1."""
        if self._drift:
            self._gone = share
            self._drift.show(share)
            self.asides.refresh()
            self._all_dirty()

    @contextmanager
    def arrived(self) -> Iterator[None]:
        """Meanwhile all that is on its way stands where it goes to, for whoever measures where to look; unseen."""
        drift = self._drift
        if drift:
            drift.end()
            self.asides.refresh()
        try:
            yield
        finally:
            if drift:
                drift.show(self._gone)
                self.asides.refresh()

    def settle(self) -> None:
        """All nodes are where the graph says."""
        if self._drift:
            self._drift.end()
            self._drift, self.edge_layer.is_drifting = None, False
            self.is_new = True
            self._stretch()
            self.asides.refresh()
            self._all_dirty()

    def _move(self, ids: Collection[str], move: Callable[[], object]) -> None:
        """Nodes go elsewhere: where their edges were looks different, and where they come to be."""
        if len(ids) > self.node_layer.most_pieces:
            move()
            self.is_new = True
            self._stretch()
            self._all_dirty()
            return
        self._nodes_dirty(ids)
        move()
        self._stretch()
        self._nodes_dirty({*ids, *self.stage.freed} if self.node_layer.has_plates else ids)
        self._edges_dirty(self.stage.bent)

    def wake(self) -> None:
        """Somebody looks: lead what waits, and look closer at what was left as it was."""
        if not self._drift:
            self._leading.wake()
        if self.stage.unsure:
            self._closer.start(REST_MS)

    def rest(self) -> None:
        """Nobody looks any more."""
        self._leading.rest()
        self._closer.stop()

    def _bending(self, keys: Collection[EdgeKey]) -> None:
        """These edges are about to be led another way."""
        (self._leading.bend if self._leading.is_leading else self._edges_dirty)(keys)

    def _stretch(self) -> None:
        """Every node can be gone to, however far it is; and there may be edges to lead yet."""
        self.wake()
        if len(self.stage.node_boxes):
            first, last = self.stage.node_boxes[:, :2].min(axis=0), self.stage.node_boxes[:, :2].max(axis=0)
            places = QRectF(QPointF(*first), QPointF(*last))
            if not self._sheet.contains(places.topLeft()) or not self._sheet.contains(places.bottomRight()):
                self._sheet |= places.adjusted(-ROUND_FAR, -ROUND_FAR, ROUND_FAR, ROUND_FAR)
                self.setSceneRect(self._sheet)

    # --- what the user's hand adds

    def mark_nodes(self, marks: Mapping[str, Marks]) -> None:
        """Show these marks, and none at all other nodes: only those are painted again that look different."""
        before, self.node_layer.marked = self.node_layer.marked, marks
        self._nodes_dirty([id for id in before.keys() | marks.keys() if before.get(id, PLAIN) != marks.get(id, PLAIN)])

    def mark_edges(self, selected: frozenset[EdgeKey], hovered: EdgeKey | None, hidden: EdgeKey | None) -> None:
        """Show edges as selected, under the mouse, or not at all."""
        layer = self.edge_layer
        others = (layer.hovered, layer.hidden, hovered, hidden)
        if (layer.selected, layer.hovered, layer.hidden) != (selected, hovered, hidden):
            different = (layer.selected ^ selected) | {key for key in others if key is not None}
            layer.selected, layer.hovered, layer.hidden = selected, hovered, hidden
            self._edges_dirty(different)

    @property
    def selected_asides(self) -> frozenset[AsideKey]:
        """Those that show the handles by which they are resized."""
        return self._aside_marks.selected

    def _free_labels(self, rects: list[QRectF]) -> None:
        """Labels under notes and titles look for other places, when the hand lets go of what moves."""
        if self.asides.moved or self.stage.previewed:
            return
        boxes = np.array([sides(rect) for rect in rects])
        self._edges_dirty(self.stage.labels.touching(level_of(self.edge_layer.zoom), boxes))
        self.stage.labels.forget_under(boxes, np.empty((0, 4)))

    def mark_asides(self, selected: frozenset[AsideKey], hovered: AsideKey | None) -> None:
        """Show regions, notes and groups as selected, or as under the mouse."""
        marks = self._aside_marks
        other = (marks.selected ^ selected) | ({marks.hovered, hovered} if marks.hovered != hovered else set())
        marks.selected, marks.hovered = selected, hovered
        shown = self.asides.shown
        if found := [shown[key] for key in other if key in shown]:
            self.dirtied([painted_box(aside, marks.zoom) for aside in found])

    # --- what must be painted again

    def repaint(self) -> None:
        """Everything looks different: another theme."""
        self._all_dirty()

    def _bettered(self, rects: list[QRectF]) -> None:
        self.bettered(rects)

    def _all_dirty(self) -> None:
        self.dirtied([self._sheet])

    def _edges_dirty(self, keys: Collection[EdgeKey]) -> None:
        if len(keys) > MOST_PIECES:
            self._all_dirty()
            return
        shown = self.stage.graph.edges
        if there := [key for key in keys if key in shown]:
            self.dirtied(self.edge_layer.extents(there))

    def _nodes_dirty(self, ids: Collection[str]) -> None:
        if not ids:
            return
        if len(ids) > self.node_layer.most_pieces:
            self._all_dirty()
            return
        if there := [id for id in ids if id in self.stage.graph.nodes]:
            self.dirtied(self.node_layer.extents(there))
