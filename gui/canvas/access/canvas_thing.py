"""The canvas as a whole: its nodes, edges, and what stands beside them, as they are shown; and what is told unasked."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAccessible

from engine.graph.graph import Graph
from engine.show.now import Now
from gui.canvas.access.asides import AsideThing
from gui.canvas.access.edges import EdgeThing
from gui.canvas.access.hands import Hands
from gui.canvas.access.nodes import NodeThing
from gui.canvas.desk import Desk
from gui.canvas.folds import Folds
from gui.widgets.accessible import tell_focus, tell_parts
from gui.widgets.things import FOCUS, MENU, Deed, Thing


class CanvasThing(Thing):
    """A node, or the card of a group, goes by its id, all others by their keys."""

    role = QAccessible.Role.Canvas

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._listed: tuple[Graph | None, tuple[Hashable, ...]] = (None, ())

    def keys(self) -> Sequence[Hashable]:
        stage = self._hands.stage
        if self._listed[0] is not stage.graph:
            self._listed = (stage.graph, (*stage.ids, *stage.keys, *self._hands.asides))
        return self._listed[1]

    def part(self, key: Hashable) -> Thing:
        if isinstance(key, str):
            return NodeThing(self._hands, key)
        assert isinstance(key, tuple)
        return AsideThing(self._hands, key) if isinstance(key[1], str) else EdgeThing(self._hands, key)

    def at(self, spot: QPoint) -> Hashable | None:
        view = self._hands.desk.camera.view
        inside = view.viewport().mapFromGlobal(spot)
        if view.viewport().childAt(inside) is not None:
            return None  # a field or a list lies over it
        hit = self._hands.desk.hit(view.mapToScene(inside))
        return hit.edge or hit.id or None

    def focused(self) -> Hashable | None:
        stop, asides = self._hands.desk.stop, self._hands.desk.selection.asides
        if stop is None and len(asides) == 1:
            return next(iter(asides))
        if stop is None or not stop.is_in(self._hands.graph):
            return None
        return stop.edge if stop.place == "edge" else stop.id

    def deeds(self) -> Sequence[Deed]:
        view, desk = self._hands.desk.camera.view, self._hands.desk
        deeds = [
            Deed(FOCUS, "Take the keys here", view.setFocus),
            Deed("Add", "Search for an operation, a number or an expression to add", desk.quick_add, "Tab"),
            Deed(MENU, "Open the menu of what is selected", self._hands.open_menu, "Shift+F10"),
        ]
        if self._hands.is_within:
            deeds.append(Deed("Go back", "Show what is round this group again", self._hands.go_back))
        if self._hands.draws_edge:
            deeds.append(Deed("Stop", "Drop the edge that is being drawn", self._hands.stop_edge, "Esc"))
        return deeds


class CanvasTeller(QObject):
    """Tells those who listen when nodes and edges come and go, and where the keys are."""

    def __init__(self, desk: Desk, folds: Folds) -> None:
        super().__init__(desk)
        folds.looked.connect(self._tell_parts)
        self._view = desk.camera.view
        desk.bridge.told.connect(self._on_told)
        desk.walked.connect(self._on_walk)
        desk.selection.changed.connect(self._on_walk)

    def _on_told(self, now: Now) -> None:
        if now.loaded or now.change:
            self._tell_parts()

    def _tell_parts(self) -> None:
        tell_parts(self._view)

    def _on_walk(self) -> None:
        tell_focus(self._view)
