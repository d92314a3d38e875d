"""What is done with the nodes and edges that are selected, by name: keys, menus and the window ask for it here."""

from collections.abc import Callable

from engine import edits
from engine.edits.align import Line, Way
from engine.files import codec
from engine.graph.change import Change
from engine.graph.graph import Graph
from gui.canvas.desk import Desk


class Selected:
    """Everything here makes at most one edit."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._selection = desk, desk.selection

    @property
    def _only(self) -> str | None:
        """The one node that is selected."""
        nodes = self._selection.nodes
        return next(iter(nodes)) if len(nodes) == 1 else None

    # --- going there

    def walk(self, dx: int, dy: int) -> None:
        """Select the neighbour along the graph: right to what it feeds, left to its first input, else the next above
        or below."""
        graph, stage = self._desk.graph, self._desk.scene.stage
        if not graph.nodes:
            return
        here = next((id for id in graph.nodes if id in self._selection.nodes), None)
        if here is None:
            goal = min(graph.nodes, key=stage.pos)
        elif dx:
            edges = graph.out_of(here) if dx > 0 else graph.into(here)
            goal = next((edge.dest if dx > 0 else edge.source for edge in edges), here)
        else:
            x, y = stage.pos(here)
            beyond = [id for id in graph.nodes if (stage.pos(id)[1] - y) * dy > 0]
            goal = min(beyond, key=lambda id: 2 * abs(stage.pos(id)[0] - x) + abs(stage.pos(id)[1] - y), default=here)
        self._selection.select([goal])
        self._desk.camera.show_nodes([goal])

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
        nodes, edges = self._selection.nodes, self._selection.edges
        if nodes or edges:
            ordered = [id for id in self._desk.graph.nodes if id in nodes]
            size = len(ordered) + len(edges)
            self._desk.bridge.steps.edit("Deleting", lambda graph: edits.delete(graph, ordered, edges), size)

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

    def type_value(self) -> None:
        """Type another value for the one leaf that is selected."""
        if self._only is not None:
            self._desk.editor.type_value(self._only)

    # --- copying

    def text(self) -> str:
        """The selected nodes and the edges between them, as a document; empty if nothing is selected."""
        nodes = self._selection.nodes
        return codec.encode(edits.cut_out(self._desk.graph, nodes)) if nodes else ""
