"""Regions, notes and groups made, named, coloured and folded: keys, menus and the window ask for it here."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF

from engine import edits
from engine.graph.change import NOTHING, Change
from engine.graph.graph import Graph
from engine.graph.grouping import NOTE_WIDTH, Region
from gui.canvas.desk import Desk
from gui.canvas.gestures.asides import RegionTool
from gui.canvas.gestures.state import Hand
from gui.canvas.model.aside_boxes import Box
from gui.canvas.model.free_space import clear_shift
from gui.canvas.model.geometry import snapped
from gui.canvas.paint.asides import rect_of
from gui.canvas.tools import Tools
from gui.document.selection import AsideKey

NEW_REGION, NEW_NOTE = "Region", "a note"
NOTE_GAP, NOTE_HIGH = 24.0, 60.0  # from what stands there to a new note, and how much room that has at least


class Gathering(QObject):
    """Each is one undo step, with the name that is typed for it at once."""

    def __init__(self, desk: Desk, tools: Tools) -> None:
        super().__init__(desk)
        self._desk, self._tools, self._made = desk, tools, 0
        desk.region_asked.connect(self.region_in)

    # --- regions and notes

    def make_region(self) -> None:
        """Round what is selected; where nothing is, the next drag draws one."""
        graph, chosen = self._desk.document, self._desk.picked
        if not chosen:
            self._tools.cancel()
            view = self._desk.camera.view
            self._tools.begin(RegionTool(self._desk), Hand(view.mapToScene(QPoint()), QPoint()))
            self._desk.tell("Drag a rectangle: it becomes a region. Esc leaves.")
            return
        cards = {card for id in chosen if (card := graph.grouping.shown_as(id)) is not None}
        nodes = [id for id in graph.nodes if id in chosen and graph.grouping.shown_as(id) is None]
        self._make(lambda graph: edits.surround(graph, nodes, sorted(cards), self._region_title(graph)), "region")

    def region_in(self, box: Box) -> None:
        """In a box of the scene."""
        left, top, right, bottom = box
        size = (right - left, bottom - top)
        self._make(lambda graph: edits.make_region(graph, (left, top), size, self._region_title(graph)), "region")

    def _region_title(self, graph: Graph) -> str:
        taken = {region.title for region in graph.regions.values()}
        return next(name for number in range(1, len(taken) + 2) if (name := f"{NEW_REGION} {number}") not in taken)

    def _make(self, make: Callable[[Graph], Change], kind: str) -> None:
        """Make the edit, and let the title of what it has added be typed, as a part of the same step."""
        self._made += 1
        gesture = f"new {kind} {self._made}"
        before = {*self._desk.document.regions, *self._desk.document.groups}
        if self._desk.edit_document(make, gesture) is None:
            return
        graph = self._desk.document
        new = next((id for id in (*graph.regions, *graph.groups) if id not in before), None)
        if new is None:
            return
        key: AsideKey = ("region", new) if new in graph.regions else ("group", new)
        self._desk.aside_editor.type_into(key, gesture)

    def make_note(self, spot: QPointF | None = None) -> None:
        """At a place of the scene; else beside what is selected, or in the middle of what is seen."""
        at = spot or self._free_spot()
        self._desk.aside_editor.type_note(snapped(at.x(), at.y()))

    def add_note(self, text: str, spot: QPointF | None = None) -> str:
        """A note of a text. Gives the sentence why it cannot be; empty: it is there, and selected."""
        at, before = spot or self._free_spot(), set(self._desk.document.notes)
        pos = snapped(at.x(), at.y())
        why = self._desk.bridge.real.try_edit(lambda graph: edits.make_note(graph, text, pos))
        self._desk.selection.select(asides=[("note", id) for id in self._desk.document.notes if id not in before])
        return why

    def _free_spot(self) -> QPointF:
        """Below what is selected, or in the middle of what is seen; above or below what stands there."""
        scene, seen = self._desk.scene, self._desk.camera.visible_scene()
        chosen = scene.nodes_rect(self._desk.selection.nodes)
        at = QPointF(chosen.left(), chosen.bottom() + NOTE_GAP)
        if chosen.isEmpty() or not seen.contains(at):
            at = seen.center() - QPointF(NOTE_WIDTH / 2, NOTE_GAP)
        box = (at.x(), at.y(), at.x() + NOTE_WIDTH, at.y() + NOTE_HIGH)
        notes = [aside.box for aside in scene.asides.shown.values() if aside.kind == "note"]
        return at + QPointF(0, clear_shift(box, [*map(tuple, scene.stage.node_boxes.tolist()), *notes], NOTE_GAP))

    def recolour(self, colour: str) -> None:
        """Give the selected regions a colour."""
        chosen = self.regions()
        self._desk.edit_document(lambda graph: _joined(graph, chosen, colour))

    def regions(self) -> list[Region]:
        """The selected ones."""
        graph = self._desk.document
        return [graph.regions[id] for kind, id in sorted(self._desk.selection.asides) if kind == "region"]

    @property
    def can_rename(self) -> bool:
        """Whether one node, region or note, or one open group is selected."""
        nodes, _, asides = self._desk.selection.chosen
        return len(nodes) + len(asides) == 1 or self.whole_group() is not None

    def rename(self) -> bool:
        """Type the title or text of the one region, note or group that is selected. Gives whether there is one."""
        selection = self._desk.selection
        if not selection.nodes and len(selection.asides) == 1:
            self._desk.aside_editor.type_into(next(iter(selection.asides)))
            return True
        group = self.whole_group()
        if group is None:
            return False
        self._desk.aside_editor.type_into(("group", group))
        return True

    def show(self, key: AsideKey) -> None:
        """Select a region or note, or what is in a group, and go there unless it is seen."""
        desk = self._desk
        if key[0] == "group":
            desk.pick(desk.document.grouping.within(key[1]))
        else:
            desk.selection.select(asides=[key])
        box: QRectF = rect_of(desk.scene.asides.shown[key].box)
        if not desk.camera.visible_scene().contains(box):
            desk.camera.look_at(desk.camera.zoom, box.center())

    def go_on(self, way: int) -> None:
        """To the next region, note or open group, or to the one before, in reading order."""
        desk = self._desk
        shown = sorted(desk.scene.asides.shown.values(), key=lambda aside: (aside.box[0], aside.box[1], aside.key))
        if not shown:
            desk.tell("There is no region, note or open group to go to.")
            return
        here = next((at for at, aside in enumerate(shown) if self._is_at(aside.key)), -1 if way > 0 else 0)
        aside = shown[(here + way) % len(shown)]
        self.show(aside.key)
        kind = {"region": "Region", "note": "Note", "group": "Group"}[aside.kind]
        desk.tell(f"{kind} “{aside.title.partition(chr(10))[0]}”: F2 types, Alt with an arrow key moves it.")

    def _is_at(self, key: AsideKey) -> bool:
        selection = self._desk.selection
        if key[0] == "group":
            return self.whole_group() == key[1]
        return selection.asides == {key} and not selection.nodes

    # --- groups

    def whole_group(self) -> str | None:
        """The group whose nodes are exactly those that are selected, if there is one: the innermost."""
        graph, chosen = self._desk.document, self._desk.picked
        if not chosen or not graph.groups:
            return None
        chain = graph.grouping.chain(next(iter(chosen)))
        return next((id for id in reversed(chain) if graph.grouping.within(id) == chosen), None)

    def whole_groups(self) -> list[str]:
        """The outermost groups all of whose nodes are selected."""
        graph, chosen = self._desk.document, self._desk.picked
        whole = [id for id in graph.groups if graph.grouping.within(id) <= chosen]
        return [id for id in whole if graph.groups[id].parent not in whole]

    def group(self) -> None:
        """Make a group of the selected nodes, and let its name be typed."""
        chosen = [id for id in self._desk.document.nodes if id in self._desk.picked]
        self._make(lambda graph: edits.make_group(graph, chosen), "group")

    def ungroup(self) -> None:
        """Take the selected groups apart; what is in them stays, and is selected."""
        ids = self.whole_groups()
        self._desk.edit_document(lambda graph: edits.ungroup(graph, ids))


def _joined(graph: Graph, regions: Iterable[Region], colour: str) -> Change:
    """All of these regions in one colour, in one step."""
    change = NOTHING
    for region in regions:
        change = change.then(edits.recolour_region(graph.apply(change), region.id, colour))
    return change
