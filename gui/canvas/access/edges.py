"""An edge as a thing: from where to where it goes, what it carries, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QAccessible

from engine.graph.records import EdgeKey
from gui.canvas.access import words
from gui.canvas.access.hands import Hands
from gui.canvas.model.walk import Stop
from gui.widgets.things import Amount, Deed, Thing


class EdgeThing(Thing):
    """Its number is the contribution that it has carried back, or else the value that it carries."""

    role = QAccessible.Role.Link

    def __init__(self, hands: Hands, key: EdgeKey) -> None:
        self._hands, self.key, self._edge = hands, key, key

    @property
    def is_there(self) -> bool:
        return self._edge in self._hands.graph.edges

    @property
    def _stop(self) -> Stop:
        edge = self._hands.graph.edges[self._edge]
        return Stop("edge", edge.source, edge.output, self._edge)

    def name(self) -> str:
        return f"edge from {words.edge_name(self._hands.desk.seen, self._edge)}"

    def value(self) -> str:
        return self.description()

    def description(self) -> str:
        return words.edge_words(self._hands.desk.seen, self._edge)

    def amount(self) -> Amount | None:
        frame, edge = self._hands.desk.seen.frame, self._hands.graph.edges[self._edge]
        contribution = frame.contribution(self._edge)
        number = words.number_of(frame.value(edge.source, edge.output) if contribution is None else contribution)
        return None if number is None else Amount(number)

    def box(self) -> QRect:
        route = self._hands.stage.route(self._edge).reshape(-1, 2)
        return self._hands.box(*route.min(axis=0).tolist(), *route.max(axis=0).tolist())

    def mark(self, state: QAccessible.State) -> None:
        self._hands.mark(state, self._stop, self.box())
        state.readOnly = 1

    def deeds(self) -> Sequence[Deed]:
        hands, stop, goal = self._hands, self._stop, self._edge[0]
        return (
            *hands.standing(stop, "Select this edge"),
            Deed("Go to source", "Go to the node that it comes from", lambda: hands.go(Stop("node", stop.id))),
            Deed("Go to goal", "Go to the node that it feeds", lambda: hands.go(Stop("node", goal))),
            Deed("Delete", "Delete this edge", lambda: hands.delete(stop), "Del"),
        )
