"""What is done with the nodes and edges that are selected, by name: keys, menus and the window ask for it here."""

from collections.abc import Callable

from engine import edits
from engine.edits.align import Line, Way
from engine.files import codec
from engine.graph.change import Change
from engine.graph.graph import Graph
from gui.canvas.desk import Desk
from gui.canvas.walker import Walker


class Selected:
    """Everything here makes at most one edit."""

    def __init__(self, desk: Desk, walker: Walker) -> None:
        self._desk, self._selection, self._walker = desk, desk.selection, walker

    @property
    def _only(self) -> str | None:
        """The one node that is selected."""
        nodes = self._selection.nodes
        return next(iter(nodes)) if len(nodes) == 1 else None

    # --- going there

    def show(self) -> None:
        """Zoom to what is selected: nodes, and the ends of edges."""
        edges = (self._desk.graph.edges[key] for key in self._selection.edges)
        ids = {*self._selection.nodes, *(id for edge in edges for id in (edge.source, edge.dest))}
        if ids:
            self._desk.camera.fit(self._desk.scene.room_of(ids))

    def show_effect(self, change: Change) -> None:
        """After an undo or redo: go where the change is if none of it is seen; never stay where nothing is."""
        nodes, camera = self._desk.graph.nodes, self._desk.camera
        camera.rest()
        touched = [id for id in {*change.nodes, *(id for id, _ in change.edges)} if id in nodes]
        if touched and not camera.sees_any(touched):
            camera.center_on_nodes(touched)
        elif change and not camera.sees_any(nodes):
            camera.center_on_nodes(self._selection.nodes or nodes)

    # --- editing

    def delete(self) -> None:
        """Take away what is selected, nodes and edges, in one step."""
        nodes, edges, stop = self._selection.nodes, self._selection.edges, self._desk.stop
        if (nodes or edges) and not self._walker.keeps_from_deleting():
            ordered = [id for id in self._desk.graph.nodes if id in nodes]
            self._desk.bridge.steps.edit(
                "Deleting",
                lambda graph: edits.delete(graph, ordered, edges),
                len(ordered) + len(edges),
                lambda change: self._walker.after_deleting(stop),
            )

    def nudge(self, dx: float, dy: float) -> None:
        """Move what is selected by pixels of the scene; nudges in a row are one undo step."""
        nodes = [self._desk.graph.nodes[id] for id in self._selection.nodes]
        if nodes:
            places = {node.id: (node.pos[0] + dx, node.pos[1] + dy) for node in nodes}
            self._desk.bridge.edit(lambda graph: edits.move_nodes(graph, places), gesture="nudge")

    def align(self, line: Line) -> None:
        """Put the selected nodes in a line."""
        self._place(lambda graph, ids: edits.align_nodes(graph, ids, line))

    def distribute(self, way: Way) -> None:
        """Put the selected nodes at equal distances."""
        self._place(lambda graph, ids: edits.distribute_nodes(graph, ids, way))

    def _place(self, make: Callable[[Graph, list[str]], Change]) -> None:
        ids = [id for id in self._desk.graph.nodes if id in self._selection.nodes]
        self._desk.bridge.steps.edit("Moving nodes", lambda graph: make(graph, ids), len(ids))

    def rename(self) -> None:
        """Type another name for the one node that is selected."""
        if self._only is not None:
            self._desk.editor.type_name(self._only)
        elif self._desk.graph.nodes:
            self._desk.tell("Select one node to rename it.")

    # --- copying

    def text(self) -> str:
        """The selected nodes and the edges between them, as a document; empty if nothing is selected."""
        nodes = self._selection.nodes
        return codec.encode(edits.cut_out(self._desk.graph, nodes)) if nodes else ""
