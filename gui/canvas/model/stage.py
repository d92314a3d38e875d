"""What is where and what it shows: the data that the scene on screen and the pictures in files are painted from.

Boxes are rows of left, top, right, bottom in scene pixels; a route is a chain of cubics (m, 4, 2).
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import Edge, EdgeKey, Pos
from engine.layout.layout import NODE_WIDTH, node_height
from engine.show.frame import Frame
from engine.show.wording import Wording
from gui.canvas.model.card_texts import look_of, picture_of
from gui.canvas.model.edge_lens import EdgeLens
from gui.canvas.model.fronts import stretches_over
from gui.canvas.model.geometry import Array, along, around, inside, lines, part, port_offset
from gui.canvas.model.labels import Ground, Labels, Placed
from gui.canvas.model.levels import least_zoom
from gui.canvas.model.pictures import Pictures
from gui.canvas.model.room import REACH, Room
from gui.canvas.model.rooms import Rooms
from gui.canvas.model.router import Router, spread
from gui.canvas.model.routes import Routes, each_once
from gui.canvas.model.straight import cards, ends, has_grown_a_little, has_other_ports, many, stands_otherwise, straight
from gui.canvas.model.texts import EdgeLine, EdgePicture, NodeLook, NodePicture
from gui.canvas.model.touched import Different, Touched, after_change, between, is_same, look_again, look_at_all
from gui.canvas.model.wishes import Wishes

NOTHING_BESIDE: Array = np.empty((0, 4))
EVERYWHERE = (-inf, -inf, inf, inf)
SEED_ROOM = 56.0  # right of the target
Shape = tuple[Array, Routes, Rooms]  # the cards of all nodes, the routes of all edges, the rooms about cards


class Stage:
    """A graph laid out and its numbers at a frame. `preview` moves nodes without moving them in the graph."""

    def __init__(self, graph: Graph, frame: Frame, wording: Wording = "gradient") -> None:
        self.labels, self.wishes, self.lens = Labels(), Wishes(self), EdgeLens()
        self.wording: Wording = wording
        self.previewed: dict[str, Pos] = {}
        self.held: frozenset[str] = frozenset()  # what the hand moves
        self.graph, self.frame = graph, frame
        self.nodes: Pictures[str, NodePicture] = Pictures(lambda: self.graph.nodes, self._node_picture)
        self.looks: Pictures[str, NodeLook] = Pictures(lambda: self.graph.nodes, self._node_look)
        self.edges: Pictures[EdgeKey, EdgePicture] = Pictures(lambda: self.graph.edges, self._edge_picture)
        self.lines: Pictures[EdgeKey, EdgeLine] = Pictures(lambda: self.graph.edges, self._edge_line)
        self.ended: Pictures[str, NodePicture] = Pictures(lambda: self.graph.nodes, self._ended_picture)
        self.bent: list[EdgeKey] = []  # the edges that the last move led another way, or whose labels it displaced
        self.freed: list[str] = []  # the nodes about which there is other room since the last move
        self.bending: Callable[[Collection[EdgeKey]], None] = lambda keys: None  # told of them before that
        self.beside: Callable[[float], Array] = lambda zoom: NOTHING_BESIDE  # where labels would be hidden, at a zoom
        self.borders: Callable[[], Array] = lambda: NOTHING_BESIDE  # straight pieces on which no label lies
        self.fenced: Callable[[str, int, Room], Room] = lambda id, level, room: room  # what open groups leave of it
        self.node_boxes: Array
        self.is_far = self.widths_are_old = False  # whether no edge's width is seen, and those kept are none of now
        self._lay_out()

    def _ended_picture(self, id: str) -> NodePicture:
        """What a node shows at the end of the pass."""
        return self.nodes[id] if self.frame.at_end else self._node_picture(id, self.frame.at(len(self.frame.trace)))

    def _node_picture(self, id: str, at: Frame | None = None) -> NodePicture:
        if at is None and self.frame.at_end and (kept := self.ended.kept(id)) is not None:
            return kept
        frame = at or self.frame
        return self.lens.node(self.graph, frame, id, picture_of(self.graph, frame, id, self.wording))

    def _node_look(self, id: str) -> NodeLook:
        return self.lens.look(self.frame, id, look_of(self.graph, self.frame, id))

    def _edge_picture(self, key: EdgeKey) -> EdgePicture:
        return self.lens.edge(self.graph, self.frame, self.graph.edges[key])

    def _edge_line(self, key: EdgeKey) -> EdgeLine:
        return self.lens.line(self.frame, self.graph.edges[key])

    # --- what there is

    def take(self, graph: Graph, frame: Frame, change: Change) -> Different:
        """Take over the graph after a change. Gives what looks different now; None: everything may."""
        before, was, self.graph, self.frame = self.graph, self.frame, graph, frame
        if change.moves_topology:
            self.previewed = {id: pos for id, pos in self.previewed.items() if id in graph.nodes}
            self._grow(change) if has_grown_a_little(before, graph, change) else self._lay_out()
            return self._renew(None)
        moved = [id for id, (before, after) in change.nodes.items() if stands_otherwise(before, after)]
        moved += [id for id in self.previewed if id in change.nodes and id not in moved]
        self.previewed = {id: pos for id, pos in self.previewed.items() if id not in change.nodes}
        self._reshape(moved if has_other_ports(change) else self._elsewhere(moved))
        if change.only_places and is_same(was, frame):
            return None
        more = bool(moved) or self.lens.says_more(was, frame) or self.lens.names_more(change)
        touched = None if more else after_change(graph, change, was, frame, self.is_far)
        if touched and not touched.most_do:
            self.wishes.renew(touched.keys)
        return self._renew_most(touched) if touched and touched.most_do else self._renew(touched)

    def show(self, frame: Frame, wording: Wording = "gradient") -> Different:
        """Show another frame of the same graph. Gives what looks different now; None: everything may."""
        before, self.frame = self.frame, frame
        is_same_run = frame.trace is before.trace and wording == self.wording
        as_told = wording == self.wording and not self.lens.says_more(before, frame)
        self.wording = wording
        return self._renew(between(self.graph, before, frame) if as_told else None, is_same_run)

    def _renew(self, touched: Touched | None, is_same_run: bool = False) -> Different:
        if touched is None and not is_same_run:
            self.wishes.renew()
            self.ended.forget()
        elif touched and not is_same_run:
            self.ended.drop(touched.ids)
        return look_again(touched, (self.nodes, self.looks), (self.edges, self.lines))

    def _renew_most(self, touched: Touched) -> Different:
        """Numbers have moved almost everywhere. Plates that say none stay as they are until somebody looks closer."""
        self.wishes.renew()
        self.ended.forget()
        silent = self.silent.intersection(self.nodes.seen()) if self.frame.at_end else set[str]()
        self.unsure |= silent
        self.widths_are_old = self.is_far
        return look_at_all(touched, (self.nodes, self.looks), (self.edges, self.lines), silent)

    def look_from(self, is_far: bool) -> None:
        """Edges are seen from so far away that all are equally thin, or from nearer."""
        self.is_far = is_far
        if self.widths_are_old and not is_far:
            self.lines.forget()
            self.widths_are_old = False

    # --- where it is

    def pos(self, id: str) -> Pos:
        """A node's top left corner."""
        return self.previewed.get(id) or self.graph.nodes[id].pos

    def height(self, id: str) -> float:
        return node_height(self._ports[id])

    def box(self, id: str) -> tuple[float, float, float, float]:
        """A node's card: left, top, right, bottom."""
        x, y = self.pos(id)
        return (x, y, x + NODE_WIDTH, y + self.height(id))

    def boxes_of(self, ids: Iterable[str]) -> Array:
        """The cards of those nodes that there are: (n, 4)."""
        rows = [self._node_rows[id] for id in ids if id in self._node_rows]
        return self.node_boxes[rows]

    def start(self, edge: Edge) -> Pos:
        return self.output_place(edge.source, edge.output)

    def end(self, edge: Edge) -> Pos:
        return self.input_place(edge.dest, edge.port)

    def input_place(self, id: str, port: int) -> Pos:
        (x, y), ports = self.pos(id), self._ports[id]
        return (x, y + port_offset(port, ports, node_height(ports)))

    def output_place(self, id: str, output: int = 0) -> Pos:
        x, y = self.pos(id)
        return (x + NODE_WIDTH, y + port_offset(output, self.graph.output_count(id), self.height(id)))

    def route(self, key: EdgeKey) -> Array:
        """The way of an edge: a chain of cubics (m, 4, 2), smooth where they meet; it leaves and arrives level."""
        return self.routes[self.rows[key]]

    def along(self, key: EdgeKey, shares: Array | float) -> Array:
        """The points at shares of the length of an edge, 0 at its source and 1 at its end: (len(shares), 2)."""
        return along(self.route(key), shares)

    def at(self, key: EdgeKey, share: float) -> Pos:
        """The point at a share of the length of an edge."""
        x, y = self.along(key, share)[0].tolist()
        return x, y

    def stretch(self, key: EdgeKey, first: float, last: float) -> Array:
        """The route of what lies between two shares of the length of an edge: (m, 4, 2)."""
        route = self.route(key)
        return route if first <= 0 and last >= 1 else part(route, first, last)

    def extent(self) -> tuple[float, float, float, float] | None:
        """The box round everything that rests; None if there is nothing."""
        if not self.graph.nodes:
            return None
        boxes = self.node_boxes + 0.0
        if self.graph.target in self._node_rows:  # room for the seed
            boxes[self._node_rows[self.graph.target], 2] += SEED_ROOM
        return around(np.concatenate([boxes, self.routes.boxes]))

    def fronts(self) -> list[EdgeKey]:
        """The edges that cannot go round every card."""
        return [self.keys[row] for row in sorted(self._router.over)]

    def front(self, key: EdgeKey) -> Array:
        """The pieces (k, 4, 2) of an edge that run over cards that are not its own, for there is no other way."""
        row = self.rows[key]
        if row not in self._router.over:
            return np.empty((0, 4, 2))
        near = inside(self.node_boxes, *self.routes.boxes[row])
        near[ends([self.graph.edges[key]], self._node_rows)] = False
        return stretches_over(self.route(key), self.node_boxes[near])

    # --- moving

    def preview(self, positions: Mapping[str, Pos]) -> None:
        """Show nodes elsewhere, all others where the graph says."""
        moved = {*self.previewed, *positions}
        self.previewed, self.held = dict(positions), frozenset(positions)
        self._reshape(self._elsewhere(moved))

    def shape(self) -> Shape:
        """What is where now, however it moves later."""
        return self.node_boxes + 0.0, self.routes.copy(), self._rooms.copy()

    def show_shape(self, shape: Shape, positions: Mapping[str, Pos]) -> None:
        """Show nodes elsewhere for a moment, with all that is about them: nothing is led anew."""
        self.previewed = dict(positions)
        self.node_boxes, self.routes, self._rooms = shape
        self.drawn.clear()
        self.labels.forget()

    def edges_at(self, ids: Iterable[str]) -> dict[EdgeKey, Edge]:
        """The edges that begin or end at nodes."""
        return {edge.key: edge for id in ids for edge in (*self.graph.into(id), *self.graph.out_of(id))}

    def _elsewhere(self, ids: Collection[str]) -> Collection[str]:
        """Those of some nodes that are to stand elsewhere than they did; where there are very many, all."""
        if not ids or many(len(ids), len(self.ids)):
            return ids
        return [id for id, box in zip(ids, self.boxes_of(ids).tolist(), strict=True) if tuple(box) != self.box(id)]

    def _reshape(self, ids: Collection[str]) -> None:
        """Nodes have moved: lead the edges at them and about them, and find new places for their labels."""
        self.bent, self.freed = [], []
        if not ids:
            self._free_rooms()
            return
        if many(len(ids), len(self.ids)):
            self._lay_out()
            return
        moved = self.edges_at(ids)
        nodes = [self._node_rows[id] for id in ids]
        places = self.node_boxes[nodes]
        for id in ids:
            self._ports[id] = self.graph.port_count(id)
            self.node_boxes[self._node_rows[id]] = self.box(id)
        rows = np.array([self.rows[key] for key in moved], dtype=int)
        if moved:
            self._straight[rows] = straight(self.graph, list(moved.values()), self.node_boxes, self._node_rows)
        places = np.concatenate([places, self.node_boxes[nodes]])
        crossed = [self.routes.near(*box) for box in places]
        rows = each_once([rows, self._router.about(places, self._straight), *crossed], len(self.keys))
        before = self.routes.boxes + 0.0
        self._lead(rows)
        self.labels.forget_under(self.boxes_of(ids), lines(self.route(key) for key in self.bent))
        self._forget_rooms(before, places)

    @property
    def is_waiting(self) -> bool:
        """Whether there are edges that go past no node yet, for want of time."""
        return self._router.is_waiting

    def lead_more(self, seconds: float = inf, seen: Sequence[float] = EVERYWHERE) -> bool:
        """Find the routes of some of them for so long, first in a rectangle; with all of them the edges look as if
        there had always been time. Gives whether some in the rectangle still wait."""
        self.bent = []  # what bent before may be gone
        if self.is_waiting:
            before = self.routes.boxes + 0.0
            self._take(self._router.lead_more(self._straight, self.node_boxes, seconds, seen))
            self.labels.forget_under(np.empty((0, 4)), lines(self.route(key) for key in self.bent))
            self._forget_rooms(before, np.empty((0, 4)))
        return self._router.is_seen_waiting

    def _forget_rooms(self, before: Array, places: Array) -> None:
        """The bent routes are in other boxes than before, and something has moved in some places (n, 4): elsewhere the
        room about a card is as it was."""
        rows = [self.rows[key] for key in self.bent]
        about = np.concatenate([places, before[rows], self.routes.boxes[rows]])
        self._rooms.cramp(about + 2 * REACH, self.node_boxes)
        self._free_rooms()

    def _free_rooms(self) -> None:
        """Plates keep their sizes as long as the hand holds what moves."""
        if not self.previewed:
            self.freed = [self.ids[row] for row in self._rooms.free()]

    def _lead(self, rows: NDArray[np.intp]) -> None:
        """Find the routes of some edges anew: whatever comes out otherwise is bent."""
        self._take(self._router.lead(rows, self._straight, self.node_boxes))

    def _take(self, routes: Mapping[int, Array]) -> None:
        """Some rows may have other routes now: those that have are bent."""
        other = {row: route for row, route in routes.items() if not np.array_equal(route, self.routes[row])}
        self.bent = [self.keys[row] for row in other]
        self.bending(self.bent)
        self.routes.put(other)
        for row in other:
            self.drawn.pop(self.keys[row], None)
        self.labels.forget(self.bent)

    def room(self, id: str, level: int = 0) -> Room:
        """How far the plate of a node may grow that is seen from far away, at a zoom level."""
        row = self._node_rows[id]
        if (found := self._rooms.known(row)) is None:
            own = [self.rows[key] for key in self.edges_at([id])]
            found = self._rooms.about(row, own, self.node_boxes, self.routes)
        return self.fenced(id, level, found)

    def _lay_out(self) -> None:
        edges = list(self.graph.edges.values())
        self.keys: list[EdgeKey] = list(self.graph.edges)
        self.rows: dict[EdgeKey, int] = {key: row for row, key in enumerate(self.keys)}
        self.ids = list(self.graph.nodes)
        self._node_rows = {id: row for row, id in enumerate(self.ids)}
        self._ports = {id: self.graph.port_count(id) for id in self.ids}
        places = [self.previewed.get(id) or node.pos for id, node in self.graph.nodes.items()]
        self.node_boxes = cards(places, self._ports.values())
        self._straight: Array = straight(self.graph, edges, self.node_boxes, self._node_rows)
        self.routes = Routes(self._straight + 0.0, np.arange(len(edges)))
        self.drawn: dict[EdgeKey, Any] = {}  # what a painter keeps of a curve, until it bends
        self._router = Router(ends(edges, self._node_rows), spread(edges, self.rows))
        self.routes.put(self._router.begin(self._straight, self.node_boxes))
        self._rooms = Rooms()
        self.forms: dict[tuple[str, bool], Any] = {}  # what a painter keeps of a card, of a lifted one too
        self.silent: set[str] = set()  # the nodes whose plates say no number
        self.unsure: set[str] = set()  # those of them that were chosen for other numbers: there may be room for these
        self.end_forms: dict[str, Any] = {}  # and of what it is at the end of the pass
        self.extents: dict[str, Any] = {}  # and how far each reaches
        self.spots: dict[Any, Any] = {}  # and where there is the most room beside it
        self.labels.forget()
        self.wishes.forget()

    def _grow(self, change: Change) -> None:
        """There are more nodes and edges: lead these, and the edges at and about what is new or elsewhere."""
        edges, count, nodes = self.graph.edges, len(self.keys), len(self.ids)
        old_boxes, old_straight = self.node_boxes + 0.0, self._straight + 0.0
        ids = {id for key in change.edges for id in (edges[key].source, edges[key].dest)} | change.nodes.keys()
        self.keys, self.ids = list(edges), list(self.graph.nodes)
        self.rows |= {key: row for row, key in enumerate(self.keys[count:], count)}
        self._node_rows |= {id: row for row, id in enumerate(self.ids[nodes:], nodes)}
        self._ports |= {id: self.graph.port_count(id) for id in ids}
        self.node_boxes = np.concatenate([old_boxes, np.empty((len(self.ids) - nodes, 4))])
        for id in ids:
            self.node_boxes[self._node_rows[id]] = self.box(id)
        self._straight = np.concatenate([old_straight, np.empty((len(edges) - count, 4, 2))])
        near = list(self.edges_at(ids).values())
        rows = [self.rows[edge.key] for edge in near]
        self._straight[rows] = straight(self.graph, near, self.node_boxes, self._node_rows)
        self.routes.add(self._straight[count:])
        new = [edges[key] for key in self.keys[count:]]
        among = self._router.grow(ends(new, self._node_rows), spread(edges.values(), self.rows))
        elsewhere = np.flatnonzero((self.node_boxes[:nodes] != old_boxes).any(axis=1))
        places = np.concatenate([old_boxes[elsewhere], self.node_boxes[elsewhere], self.node_boxes[nodes:]])
        bent = np.flatnonzero((self._straight[:count] != old_straight).any(axis=(1, 2)))
        about = [self._router.about(places, self._straight), *(self.routes.near(*box) for box in places)]
        self._lead(each_once([np.array(among, int), np.arange(count, len(edges)), bent, *about], len(edges)))
        self._rooms.forget()
        self.forms.clear()
        self.labels.forget()

    # --- labels

    def unplaced(self, keys: Iterable[EdgeKey], level: int) -> list[EdgeKey]:
        """Those of the edges whose labels have no places at a zoom level yet, or too little room in them."""
        keys = list(keys)
        cramped = set(self.wishes.outgrown(keys))
        return [key for key in keys if key in cramped or self.labels.get(key, level) is None]

    def place_labels(
        self, keys: Iterable[EdgeKey], level: int, cards: Array, seconds: float = inf
    ) -> tuple[list[EdgeKey], dict[EdgeKey, Placed]]:
        """Find the places of these edges' labels at a zoom level, clear of cards (n, 4) as they are drawn there.

        Gives those of the edges for which there was time, and where those labels stood that have made room for others.
        """
        keys = list(keys)
        self.labels.forget(self.wishes.outgrown(keys))
        wish = partial(self.wishes.granted, zoom=least_zoom(level))
        return self.labels.place(level, keys, wish, self._ground(level, cards), seconds)

    def widen_labels(self, keys: Iterable[EdgeKey], level: int, cards: Array, seconds: float) -> list[EdgeKey]:
        """Let labels at a zoom level that have outgrown their places take more room there. Gives whose there is."""
        some = [key for key in keys if self.wishes.says_as_much(key)]
        wish = partial(self.wishes.wish, zoom=least_zoom(level))
        wider = self.labels.widen(level, some, wish, self._ground(level, cards), seconds)
        for key in wider:
            self.wishes.grant(key)
        return wider

    def _ground(self, level: int, cards: Array) -> Ground:
        whole = around(np.concatenate([self.node_boxes, self.routes.boxes]))
        return Ground(self.rows, self.routes, cards, 1 / least_zoom(level), self.borders(), whole)
