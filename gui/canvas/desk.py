"""What a hand on the canvas works with: the document, what is selected, where it is seen, and the field for typing."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, QPoint, QPointF, Signal

from engine.edits.quick import Around
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.show.now import Now
from engine.values.heat import Heat
from gui.canvas.camera import Camera
from gui.canvas.editor import ValueEditor
from gui.canvas.hits import Hit, find_hit
from gui.canvas.model.walk import Stop
from gui.canvas.scene import GraphScene
from gui.document.bridge import Bridge
from gui.document.lit_cells import LitCell
from gui.document.selection import Selection


class Desk(QObject):
    """All that tools, keys and menus share, and nothing of the view that shows it."""

    lighted = Signal()  # other nodes are lit up, for they have been found
    walked = Signal()  # the keys are at another place of the graph
    told = Signal(str)  # a sentence for the status bar; empty: nothing more to say
    quick_asked = Signal(object, object, str)  # what `quick_add` was told

    def __init__(self, bridge: Bridge, selection: Selection, scene: GraphScene, camera: Camera) -> None:
        super().__init__(camera)
        self.bridge, self.selection, self.scene, self.camera = bridge, selection, scene, camera
        self.editor = ValueEditor(bridge, selection, scene, camera)
        self.editor.refused.connect(self.tell)
        self._hover = Hit()
        self._told = ""
        self._stop: Stop | None = None
        self.found: tuple[str, ...] = ()

    @property
    def graph(self) -> Graph:
        return self.bridge.now.graph

    @property
    def now(self) -> Now:
        return self.bridge.now

    @property
    def hover(self) -> Hit:
        """What is under the mouse while it does nothing; nothing if another graph is there by now."""
        id, edge = self._hover.id, self._hover.edge
        is_gone = (id and id not in self.graph.nodes) or (edge is not None and edge not in self.graph.edges)
        return Hit() if is_gone else self._hover

    @hover.setter
    def hover(self, hit: Hit) -> None:
        self._hover = hit

    @property
    def stop(self) -> Stop | None:
        """Where the keys are: where they went, or else at the one node or edge that is selected."""
        nodes, edges = self.selection.nodes, self.selection.edges
        if self._stop is not None and self._stop.is_in(self.graph) and self._at(self._stop) == (nodes, edges):
            return self._stop
        if len(nodes) + len(edges) != 1:
            return None
        for id in nodes:
            return Stop("node", id)
        (edge,) = (self.graph.edges[key] for key in edges)
        return Stop("edge", edge.source, edge.output, edge.key)

    def _at(self, stop: Stop) -> tuple[frozenset[str], frozenset[EdgeKey]]:
        """What is selected at a stop: the edge that one is at, or else the node."""
        edge = stop.taken(self.graph)
        return (frozenset([stop.id]), frozenset()) if edge is None else (frozenset(), frozenset([edge]))

    def stand(self, stop: Stop | None) -> None:
        """Let the keys be at a place of the graph, and select what is there; None: at nothing but what is selected."""
        before, self._stop = self._stop, stop
        if stop is not None:
            self.selection.select(*self._at(stop))
        if stop != before:
            self.walked.emit()

    def hit(self, at: QPointF) -> Hit:
        """What is at a place of the scene."""
        return find_hit(self.scene, at, self.camera.zoom)

    def cell_at(self, at: QPointF, hit: Hit) -> tuple[LitCell, Heat] | None:
        """The cell of a tensor at a place of the scene, where a card was hit."""
        if not hit.on_node:
            return None
        ratio = self.camera.view.viewport().devicePixelRatioF()
        return self.scene.node_items[hit.id].cell_at(at, self.camera.zoom, ratio)

    def select_again(self, nodes: Iterable[str], edges: Iterable[EdgeKey]) -> None:
        """Select what was selected before, as far as it is still there."""
        graph = self.graph
        self.selection.select((id for id in nodes if id in graph.nodes), (key for key in edges if key in graph.edges))

    def quick_add(self, spot: QPoint | None = None, around: Around | None = None, text: str = "") -> None:
        """Search for what is to be added, at a spot of the viewport, or where it will stand.

        It goes on from what `around` says, or else from what is selected. `text`: what is typed already.
        """
        self.quick_asked.emit(spot, around, text)

    def light(self, ids: Iterable[str]) -> None:
        """Light nodes up, because they have been found, and no others."""
        self.found = tuple(ids)
        self.lighted.emit()

    def tell(self, text: str) -> None:
        """Say something in the status bar; the same twice is said once."""
        if text != self._told:
            self._told = text
            self.told.emit(text)
