"""What a hand on the canvas works with: the document, what is selected, where it is seen, and the field for typing."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, QPointF, Signal

from engine.edits.quick import Around
from engine.graph.change import Change
from engine.graph.graph import Graph
from engine.graph.records import EdgeKey
from engine.layout.shown import Shown
from engine.show.now import Now
from engine.show.shown_run import shown_frame
from engine.values.heat import Heat
from gui.canvas.aside_editor import AsideEditor
from gui.canvas.camera import Camera
from gui.canvas.door import Door
from gui.canvas.editor import ValueEditor
from gui.canvas.hits import Hit, find_hit
from gui.canvas.model.walk import Stop
from gui.canvas.mouse_place import MousePlace
from gui.canvas.scene import GraphScene
from gui.canvas.shown_selection import ShownSelection
from gui.document.bridge import Bridge
from gui.document.lit_cells import LitCell
from gui.document.selection import AsideKey, Selection


class Desk(QObject):
    """All that tools, keys and menus share, and nothing of the view that shows it."""

    lighted = Signal()  # other nodes are lit up, for they have been found
    walked = Signal()  # the keys are at another place of the graph
    told = Signal(str)  # a sentence for the status bar; empty: nothing more to say
    looked_up = Signal(str)  # an op, by its name: somebody wants to read about it
    quick_asked = Signal(object, object, str)  # what `quick_add` was told
    region_asked = Signal(object)  # a box of the scene that is to be a region
    fold_asked = Signal(str)  # the group whose button was pressed

    def __init__(self, bridge: Bridge, selection: Selection, scene: GraphScene, camera: Camera) -> None:
        super().__init__(camera)
        self.scene, self.camera, self.showing = scene, camera, scene.showing
        self.bridge = Door(bridge, self.showing)
        self.selection = ShownSelection(selection, lambda: self.shown)
        self.editor = ValueEditor(bridge, selection, scene, camera)
        self.editor.refused.connect(self.tell)
        self.aside_editor = AsideEditor(bridge, selection, scene, camera)
        self.aside_editor.refused.connect(self.tell)
        self.aside_editor.told.connect(self.tell)
        self.mouse = MousePlace(self)
        self.selection.changed.connect(self.mouse.rest)
        self._hover = Hit()
        self._told = ""
        self._stop: Stop | None = None
        self.found: tuple[str, ...] = ()

    @property
    def graph(self) -> Graph:
        """What is shown of the document."""
        return self.shown.graph

    @property
    def shown(self) -> Shown:
        """The document, and what of it is shown."""
        graph, last = self.bridge.real.now.graph, self.showing.last  # asked all the time: mostly it is known
        known = last.real is graph and last.cover.within == self.showing.within
        return last if known else self.showing.of(graph)

    @property
    def document(self) -> Graph:
        """The whole document's graph, with all that groups hide."""
        return self.bridge.now.graph

    @property
    def picked(self) -> frozenset[str]:
        """The selected nodes of the document, those that groups hide too."""
        return self.selection.real.nodes

    def edit_document(self, make: Callable[[Graph], Change], gesture: str | None = None) -> Change | None:
        """Make an edit of the whole document's graph."""
        return self.bridge.real.edit(make, gesture)

    def pick(self, nodes: Iterable[str] = (), asides: Iterable[AsideKey] = ()) -> None:
        """Select exactly these nodes of the document, and these regions and notes."""
        self.selection.real.select(nodes, (), asides)

    @property
    def now(self) -> Now:
        """What holds of the whole document."""
        return self.bridge.now

    @property
    def seen(self) -> Now:
        """What holds of what is shown; its problems and its story are the document's."""
        now, shown = self.bridge.now, self.shown
        if shown.cover.is_plain:
            return now
        frame = shown_frame(now.frame, shown)
        return replace(now, graph=shown.graph, trace=frame.trace, frame=frame, found=[])

    @property
    def hover(self) -> Hit:
        """What is under the mouse while it does nothing; nothing if another graph is there by now."""
        id, edge, aside = self._hover.id, self._hover.edge, self._hover.aside
        is_gone = (id and id not in self.graph.nodes) or (edge is not None and edge not in self.graph.edges)
        is_gone = is_gone or (aside is not None and aside not in self.scene.asides.shown)
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

    @property
    def pointed_at(self) -> QPoint | None:
        """The place of the viewport that the mouse shows for something new. None: it is elsewhere, or on a node, or has
        rested since what is selected was selected, beside which one goes on."""
        spot = self.mouse.here
        if spot is None or not any(self.selection.chosen):
            return spot
        return spot if self.mouse.leads and not self.hit(self.camera.view.mapToScene(spot)).id else None

    def cell_at(self, at: QPointF, hit: Hit) -> tuple[LitCell, Heat] | None:
        """The cell of a tensor at a place of the scene, where a card was hit."""
        if not hit.on_node:
            return None
        ratio = self.camera.view.viewport().devicePixelRatioF()
        return self.scene.node_items[hit.id].cell_at(at, self.camera.zoom, ratio)

    def take_new(self, change: Change | None) -> None:
        """Select what an edit has added, and let all of it be seen, with its ports; if it was refused, nothing."""
        self.selection.select_new(change)
        if change is not None:
            self.camera.make_room(self.selection.nodes)

    def select_again(self, nodes: Iterable[str], edges: Iterable[EdgeKey], asides: Iterable[AsideKey]) -> None:
        """Select what was selected before, as far as it is still there."""
        self.selection.select(nodes, edges, asides)

    def quick_add(self, spot: QPoint | None = None, around: Around | None = None, text: str = "") -> None:
        """Search for what is to be added, at a spot of the viewport, or where it will stand.

        It goes on from what `around` says, or else from what is selected. `text`: what is typed already.
        """
        self.quick_asked.emit(spot, around, text)

    def look_up(self) -> bool:
        """Ask for the reference of the op of the one node that is selected. False: it is not one."""
        if len(self.selection.nodes) != 1:
            return False
        self.looked_up.emit(self.graph.nodes[next(iter(self.selection.nodes))].op_name)
        return True

    def light(self, ids: Iterable[str]) -> None:
        """Light nodes up, because they have been found, and no others."""
        self.found = tuple(ids)
        self.lighted.emit()

    def tell(self, text: str) -> None:
        """Say something in the status bar; the same twice is said once."""
        if text != self._told:
            self._told = text
            self.told.emit(text)
