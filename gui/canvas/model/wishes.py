"""What room the labels of edges ask for: as much as they need at the end of the pass, so that none grows out of it."""

from collections.abc import Collection, Iterable
from typing import Protocol

from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.show.frame import Frame
from gui.canvas.model.edge_lens import EdgeLens
from gui.canvas.model.geometry import Array
from gui.canvas.model.label_search import Size
from gui.canvas.model.labels import Wish, outgrows
from gui.canvas.model.levels import type_at
from gui.canvas.model.stacked import room_for
from gui.canvas.model.texts import EdgePicture
from gui.look import measure
from gui.look.theme import BODY

LABEL_MARGIN, LEAST_LABEL = 10.0, 40.0


class Ways(Protocol):
    """A graph at a frame, and the routes of its edges."""

    graph: Graph
    frame: Frame
    lens: EdgeLens

    def route(self, key: EdgeKey) -> Array: ...


class Wishes:
    """What each edge's labels say when they are longest, and what room they asked for last."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self._full: dict[EdgeKey, EdgePicture] = {}  # at the end of the passes: the longest
        self._sizes: dict[EdgeKey, tuple[Size, Size]] = {}
        self.cramped: set[EdgeKey] = set()  # whose labels say more than there is room for where they stand: not shown

    def forget(self) -> None:
        """The edges are others."""
        self._full.clear()
        self._sizes.clear()
        self.cramped.clear()

    def renew(self, keys: Collection[EdgeKey] | None = None) -> None:
        """Some edges say something else at the end of the passes; None: all may."""
        for key in self._full.keys() & keys if keys is not None else [*self._full]:
            del self._full[key]

    def outgrown(self, keys: Iterable[EdgeKey]) -> list[EdgeKey]:
        """Those of some edges that say more than there is room for in what they asked for."""
        keys = [key for key in keys if key in self._sizes]
        for key in [key for key in keys if key not in self._full]:
            mark = self.cramped.add if outgrows(self._room(key, 1.0), self._sizes[key]) else self.cramped.discard
            mark(key)
        return [key for key in keys if key in self.cramped]

    def says_as_much(self, key: EdgeKey) -> bool:
        """Whether an edge has as many labels as when it asked for room."""
        sizes = zip(self._room(key, 1.0), self._sizes[key], strict=True)
        return all(bool(now[0]) == bool(before[0]) for now, before in sizes)

    def grant(self, key: EdgeKey) -> None:
        """An edge has what room it asks for now."""
        self._sizes[key] = self._room(key, 1.0)
        self.cramped.discard(key)

    def granted(self, key: EdgeKey, zoom: float) -> Wish:
        """What an edge's labels ask for at a zoom, and get."""
        self.grant(key)
        return self.wish(key, zoom)

    def wish(self, key: EdgeKey, zoom: float) -> Wish:
        """What an edge's labels ask for at a zoom."""
        graph = self._ways.graph
        edge = graph.edges[key]
        beside = sorted(each.port for each in graph.into(edge.dest) if each.source == edge.source)
        if len(beside) > 1 and edge.port in (beside[0], beside[-1]):  # whose it is must be seen
            side = -1.0 if edge.port == beside[0] else 1.0
            return Wish(self._room(key, zoom), (side, side))
        return Wish(self._room(key, zoom))

    def fitting(self, key: EdgeKey, text: str, size: int = BODY, scale: float = 1.0) -> str:
        """A label, a vector's shortened to the elements that have room between two nodes; a number never is cut."""
        if "[" not in text:
            return text
        route = self._ways.route(key)
        room = max(abs(float(route[-1, 3, 0] - route[0, 0, 0])) - 2 * LABEL_MARGIN, LEAST_LABEL) / scale
        return measure.beginning(text, size, True, max(room, LEAST_LABEL))

    def _room(self, key: EdgeKey, zoom: float) -> tuple[Size, Size]:
        """The room for value and contribution in the scene, at the end of the pass."""
        graph = self._ways.graph
        if key not in self._full:
            self._full[key] = self._ways.lens.full(graph, self._ways.frame.trace, graph.edges[key])
        size, scale = type_at(BODY, zoom)
        value, contribution = (self.fitting(key, text, size, scale) for text in self._full[key].said())
        return room_for(value, size, scale), room_for(contribution, size, scale)
