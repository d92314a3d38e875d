"""What is done with the nodes and edges that are selected, by name: keys, menus and the window ask for it here."""

from collections.abc import Callable

from engine import edits
from engine.edits.align import Line, Way
from engine.edits.regions import Carried
from engine.files import codec
from engine.graph.change import Change
from engine.graph.graph import Graph
from gui.canvas.desk import Desk
from gui.canvas.gathering import Gathering
from gui.canvas.load import load_of
from gui.canvas.paint.asides import rect_of
from gui.canvas.walker import Walker


class Selected:
    """Everything here makes at most one edit."""

    def __init__(self, desk: Desk, walker: Walker, gathering: Gathering) -> None:
        self._desk, self._selection, self._walker, self._gathering = desk, desk.selection, walker, gathering

    @property
    def _only(self) -> str | None:
        """The one node that is selected."""
        nodes = self._selection.nodes
        return next(iter(nodes)) if len(nodes) == 1 else None

    # --- going there

    def show(self) -> None:
        """Zoom to what is selected: nodes, regions, notes, and the ends of edges."""
        edges = (self._desk.graph.edges[key] for key in self._selection.edges)
        ids = {*self._selection.nodes, *(id for edge in edges for id in (edge.source, edge.dest))}
        room, shown = self._desk.scene.room_of(ids), self._desk.scene.asides.shown
        for key in self._selection.asides:
            room |= rect_of(shown[key].box)
        if not room.isEmpty():
            self._desk.camera.fit(room)

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
        """Take away what is selected, in one step: of a region its box alone."""
        (nodes, edges, asides), stop = self._selection.chosen, self._desk.stop
        if (nodes or edges or asides) and not self._walker.keeps_from_deleting():
            ordered = [id for id in self._desk.graph.nodes if id in nodes]
            regions, notes = (tuple(sorted(id for kind, id in asides if kind == of)) for of in ("region", "note"))
            things = Carried(tuple(ordered), (), regions, notes)
            self._desk.bridge.steps.edit(
                "Deleting",
                lambda graph: edits.delete_all(graph, things, edges),
                len(ordered) + len(edges),
                lambda change: self._walker.after_deleting(stop),
            )

    def nudge(self, dx: float, dy: float) -> None:
        """Move what is selected by pixels of the scene; nudges in a row are one undo step."""
        load = load_of(self._desk.shown, self._desk.picked, self._selection.asides)
        if any(load.things):
            self._desk.edit_document(lambda graph: load.move(graph, (dx, dy)), gesture="nudge")

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
        if self._only is not None and self._only in self._desk.document.nodes:
            self._desk.editor.type_name(self._only)
        elif not self._gathering.rename() and self._desk.graph.nodes:
            self._desk.tell("Select one node, group, region or note to rename it.")

    # --- copying

    def text(self) -> str:
        """What is selected, with the edges between the nodes, as a document; empty if nothing is selected.

        Regions and notes are those that are selected; where none are, those that the nodes are all round.
        """
        nodes, asides = self._desk.picked, self._selection.asides
        if not (nodes or asides):
            return ""
        said = [[id for kind, id in asides if kind == of] if asides else None for of in ("region", "note")]
        return codec.encode(edits.cut_out(self._desk.document, nodes, *said))
